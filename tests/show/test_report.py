"""The report says what the numbers say, no more, and carries everything it needs in one file."""

import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

import simulation as sim
from simulation.runs.results.wording import percent
from simulation.show.plots import save_figures
from simulation.show.report import offer_names, verdict, write_report

OFFER = """
[[events]]
on = 2020-01-03
label = "The Friend's plan"
offer = { id = "plan", sponsors = ["Friend"] }
"""


def chance(value, low, high):
    return {"chance": value, "low": low, "high": high}


def summary(**changes):
    """A summary with one offer, written out by hand."""
    numbers = {
        "scenario": "By hand",
        "runs": 1000,
        "seed": 1,
        "rule": "friedkin-johnsen",
        "offers": {"call": {"LNA": chance(0.15, 0.13, 0.17), "GNA": chance(0.92, 0.9, 0.935)}},
        "truce": {
            "starts": chance(0.3, 0.27, 0.33),
            "holds_to_end": chance(0.1, 0.08, 0.12),
            "median_days": 4.0,
            "low_days": 1.0,
            "high_days": 18.0,
            "watched_days": 40.0,
            "held_when_watching_stopped": 0.05,
            "endings": {
                "standing": chance(0.05, 0.03, 0.07),
                "broken": chance(0.7, 0.67, 0.73),
                "lapsed": chance(0.25, 0.22, 0.28),
                "replaced": chance(0.0, 0.0, 0.01),
            },
        },
        "stances": {},
        "expect": [],
    }
    return numbers | changes


# In words


def test_a_verdict_names_chance_and_interval_of_every_answer():
    said = verdict(summary())
    assert said[0] == ("call: LNA accepts in 15 % (13–17) of runs; GNA accepts in 92 % (90–94) of runs.")
    assert said[1].startswith(
        "A truce starts in 30 % (27–33) of runs; where one does, the first holds in the median 4 days (1 to 18 in"
    )
    assert "it is broken in 70 %, lapsed in 25 %, standing in 5 %." in said[1]
    assert said[1].endswith("One is in force at the end in 10 % (8–12).")


def test_a_verdict_says_how_often_no_conditions_are_made_where_there_are_any():
    with_conditions = {"LNA": {**chance(0.5, 0.4, 0.6), "full": chance(0.2, 0.1, 0.3)}}
    said = verdict(summary(offers={"call": with_conditions}))[0]
    assert said == "call: LNA accepts in 50 % (40–60) of runs, without conditions in 20 %."


def test_a_truce_that_outlives_the_window_is_said_to_be_longer():
    truce = summary()["truce"] | {"median_days": None, "high_days": None, "held_when_watching_stopped": 0.83}
    assert (
        "the first holds in the median more than 40 days (1 to more than 40 in "
        "nine tenths of cases);" in verdict(summary(truce=truce))[1]
    )


def test_chances_near_the_ends_keep_a_decimal():
    assert percent(chance(0.002, 0.0005, 0.007)) == "0.2 % (0.1–0.7)"
    assert percent(chance(None, None, None)) == "–"


def test_no_truce_and_nobody_asked_are_said_plainly():
    never = {"starts": chance(0.0, 0.0, 0.004), "holds_to_end": chance(0.0, 0.0, 0.004), "median_days": None}
    said = verdict(summary(offers={"call": {"LNA": chance(None, None, None)}}, truce=never))
    assert said == [
        "call: LNA is not asked in any run.",
        "No truce starts in any of the 1,000 runs (0.0–0.4 %).",
    ]


def test_expectations_that_fail_or_are_too_close_are_named():
    good = {"that": "a", "met": True, "decided": True}
    close = {"that": "the LNA refuses", "met": False, "decided": False}
    wrong = {"that": "the GNA accepts", "met": False, "decided": True}
    assert verdict(summary(expect=[good, good]))[-1] == "All 2 expectations of the scenario are met."
    assert verdict(summary(expect=[good, close, wrong]))[-1] == (
        "2 of 3 expectations not met: the LNA refuses (too close to call); the GNA accepts."
    )


def test_many_offers_are_not_all_spelt_out():
    offers = {f"offer-{number}": {"LNA": chance(0.5, 0.4, 0.6)} for number in range(15)}
    said = verdict(summary(offers=offers))
    assert said[12] == "3 more offers are in the table."


def test_offers_go_by_label_and_date(libya):
    assert offer_names(libya)["moscow-ankara-call"] == "Moscow and Ankara call for a truce (8 January 2020)"
    assert verdict(summary(offers={"berlin": {"LNA": chance(0.5, 0.4, 0.6)}}), libya)[0].startswith(
        "Berlin conference (19 January 2020): LNA accepts in 50 % (40–60) of runs"
    )


def test_standing_offers_are_numbered(tell):
    standing = OFFER.replace('["Friend"]', '["Friend"], every = 4')
    names = offer_names(tell("two", standing))
    assert names == {
        "plan-1": "The Friend's plan, no. 1 (3 January 2020)",
        "plan-2": "The Friend's plan, no. 2 (7 January 2020)",
        "plan-3": "The Friend's plan, no. 3 (11 January 2020)",
    }


def test_talks_are_told_by_their_outcome(talks):
    said = verdict(sim.summarise(sim.run_ensemble(talks, runs=10, seed=1)), talks)
    assert any(sentence.startswith("The talks end at ") for sentence in said)
    assert not any("truce" in sentence for sentence in said)


def test_the_verdict_is_cheap_to_import():
    code = "import simulation.show.report, sys; print({'matplotlib', 'mesa', 'jinja2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# As a page


class Page(HTMLParser):
    """Tags, their attributes, and the text of a page; checks that tags close in order."""

    empty = {"meta", "img", "br"}  # noqa: RUF012

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.words += [] if tag == "span" else [" "]
        if tag not in self.empty:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.words += [] if tag == "span" else [" "]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join("".join(self.words).split())


@pytest.fixture(scope="module")
def january(libya):
    return sim.condense(sim.run_ensemble(libya, runs=100, seed=1))


@pytest.fixture(scope="module")
def report(january, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    file = write_report(january, folder, save_figures(january, folder))
    assert file.name == "report.html"
    assert not list(folder.glob("*.partial"))
    return file.read_text(encoding="utf-8")


def test_one_file_that_asks_nothing_of_the_network(report):
    page = Page(report)
    addresses = [attrs[key] for _, attrs in page.tags for key in ("src", "href") if key in attrs]
    assert addresses
    assert all(address.startswith("data:image/") for address in addresses)
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "iframe")]
    assert "@import" not in report
    assert "url(" not in report
    assert len(report.encode()) < 3_000_000


def test_all_pictures_are_inside_with_words_for_those_who_do_not_see_them(report):
    pictures = [attrs for tag, attrs in Page(report).tags if tag == "img"]
    assert len(pictures) == 5
    assert all(len(attrs["alt"]) > 20 for attrs in pictures)


def test_the_table_has_chances_and_what_happened(report, january):
    accepted = int(january.accepted.sel(offer="moscow-text", party="GNA"))
    rows = [row for row in re.findall(r"<tr>.*?</tr>", report, re.DOTALL) if "Moscow text (13 January" in row]
    ours, theirs = rows[:2]
    assert "left unsigned (0.1)" in ours
    assert f"{accepted} % (" in theirs  # of 100 runs
    assert "signed (1)" in theirs


def test_it_opens_with_the_verdict(report, january, libya):
    text = Page(report).text
    for sentence in verdict(sim.summarise(january), libya):
        assert sentence in text


def test_every_number_is_there_with_its_claims_spelt_out(report, libya):

    text = Page(report).text
    assert "C01: Haftar turned down the truce that Ankara and Moscow asked for together." in text
    assert "assumed: nine months of war in its capital" in text
    rows = report.count("<code>")
    assert rows >= len([key for key, item in libya.inputs.items() if not item.silent])
    assert "moscow-text.offer.terms" not in report  # of what an offer is silent on there is no number
    for fold in ("what happens when (12)", "LNA (", "ties (", "coefficients ("):
        assert f"<summary>{fold}" in report


def test_it_says_what_its_intervals_leave_out_and_where_it_comes_from(report, january):
    text = Page(report).text
    assert "how much of a number is chance in this many runs" in text
    assert "with hindsight" in text
    assert january.attrs["scenario_sha256"] in text
    assert "ceasefire run scenario.toml --runs 100 --seed 1" in text
    assert "schema = 1" in text  # the scenario itself, to run it again


def test_text_from_a_scenario_cannot_become_code(tell, tmp_path):
    evil = '<script>alert(1)</script>" onload="x'
    scenario = tell("two", OFFER.replace("The Friend's plan", evil.replace('"', '\\"')))
    scenario = scenario.model_copy(update={"title": evil, "question": evil})
    actor = scenario.actors["North"].model_copy(update={"name": evil, "side": evil, "assumed": evil})
    scenario = scenario.model_copy(update={"actors": {**scenario.actors, "North": actor}})
    result = sim.run_ensemble(scenario, runs=5, seed=1)
    html = write_report(result, tmp_path, save_figures(result, tmp_path)).read_text(encoding="utf-8")
    page = Page(html)
    assert not [tag for tag, attrs in page.tags if tag == "script" or "onload" in attrs]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_without_seeds_claims_go_by_their_ids(january, tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "claims.toml").write_text("not = [toml")
    html = write_report(january, tmp_path, {}, seeds=tmp_path / "broken").read_text(encoding="utf-8")
    assert "C01" in html
    assert "Haftar turned down" not in Page(html).text
    assert "No folder seeds/ was found" in html


def test_pictures_are_drawn_where_none_are_given(talks, tmp_path):
    html = write_report(sim.run_ensemble(talks, runs=5, seed=1), tmp_path).read_text(encoding="utf-8")
    assert len([tag for tag, _ in Page(html).tags if tag == "img"]) == 2  # stances and ties: nobody fights
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]
    assert "Who accepts what" not in html
