"""A seat at the table on the page, asked for by its address: what it says, and what it refuses."""

import asyncio
import json
import re

import pytest

import simulation as sim

pytest.importorskip("starlette", reason="the page needs starlette, of the extra 'dashboard'")
pytest.importorskip("httpx", reason="the page is asked by httpx, of the extra 'dev'")

import httpx

from simulation.show.dashboard import seat as words
from simulation.show.dashboard.routes import Pages
from simulation.show.dashboard.settings import Settings
from simulation.show.dashboard.views import Library

OFFER = {"step": 8, "offer": {"sponsors": ["UN", "Germany"], "kind": "mediated", "monitoring": 0.5}}


def asking(library):
    """What gets an answer of the page, by path and query, and the loop in which it does."""
    loop = asyncio.new_event_loop()
    client = httpx.AsyncClient(transport=httpx.ASGITransport(Pages(library).app()), base_url="http://page", timeout=60)

    def ask(path, **query):
        if "moves" in query and not isinstance(query["moves"], str):
            query["moves"] = json.dumps(query["moves"])
        return loop.run_until_complete(client.get(path, params=query))

    return ask, loop


@pytest.fixture(scope="module")
def ask():
    """``ask(path, **query)`` gets an answer of the page about run 54 of January 2020."""
    asked, loop = asking(Library("libya-2020-01"))
    yield lambda path, **query: asked(path, **{"scenario": "libya-2020-01", "run": 54, **query})
    loop.close()


@pytest.fixture(scope="module")
def hand():
    """The same seat in Python, after the offer."""
    return sim.Seat.replay("libya-2020-01", [OFFER], run=54)


def test_the_page_has_a_seat_for_each_party_and_a_form_for_every_part_of_an_offer(ask):
    html = ask("/seat").text
    assert re.findall(r'<option value="(\w*)">(?:the mediator|LNA|GNA)', html) == ["", "LNA", "GNA"]
    for issue in ("line", "militias", "turks", "hired", "sirte", "oil", "command"):
        assert f'id="p-{issue}"' in html
    assert html.count('name="sponsors"') == html.count('name="opponents"') == 22
    assert {*re.findall(r'<option value="(\w+)"', html)} >= {"call", "mediated", "resolution", "declared", "signed"}


def test_where_a_seat_is_says_what_the_seat_in_python_has(ask, hand):
    told = ask("/seat/state", step=8, moves=[OFFER]).json()
    assert (told["step"], told["last"], told["moves"]) == (8, 55, [OFFER])
    assert told["next"] == 14  # Berlin is on the 19th, step 13: after it the answers are there
    assert "14 January 2020, step 8 of 55. No truce is in force." in told["said"]
    said = ", ".join(
        f"{party} {'refuses' if grade == 0 else 'accepts'} (chance of a yes {100 * chance:.0f} %)"
        for (party, grade), chance in zip(
            hand.answers["by hand 1"].items(), hand.why("by hand 1").chances.values(), strict=True
        )
    )
    assert said in told["html"]
    html = told["html"]
    assert html.index("Your offer 1") < html.index("Moscow text") < html.index("The call again")  # the latest first


def test_an_offer_of_the_evening_before_stands_below_what_came_after_it(ask):
    html = ask("/seat/state", step=14, moves=[OFFER]).json()["html"]
    assert html.index("Berlin conference") < html.index("Your offer 1") < html.index("Moscow text")


def test_why_shows_the_parts_of_each_partys_willingness(ask, hand):
    html = ask("/seat/why", step=8, moves=[OFFER], offer_answered="by hand 1").json()["html"]
    pull = hand.why("by hand 1").reasons["LNA"]["sponsor.UN"]
    assert "pull of UN" in html
    assert f">+{pull:.1f}<" in html
    assert "was not answered so far" in ask("/seat/why", offer_answered="berlin").json()["wrong"][0]


def test_in_a_chair_the_run_stops_where_the_party_is_asked(ask):
    told = ask("/seat/state", step=55, seat="LNA").json()
    assert (told["step"], told["asked"]) == (2, "moscow-ankara-call")
    assert "You are asked: Moscow and Ankara call for a truce" in told["html"]
    assert 'data-answer="with conditions"' in told["html"]
    answer = {"step": 2, "to": "moscow-ankara-call", "answer": "accept"}
    told = ask("/seat/state", step=2, seat="LNA", moves=[answer]).json()
    assert told["asked"] == ""
    assert "you answer 'moscow-ankara-call': accept" in told["html"].replace("&#39;", "'")
    assert ask("/seat/state", step=55, seat="LNA", moves=[answer]).json()["step"] == 5


def test_what_it_comes_to_is_the_score_in_words_and_as_a_picture_with_its_words(ask, hand):
    told = ask("/seat/score", step=8, runs=50, moves=[OFFER]).json()
    finding = hand.score(runs=50)
    assert told["said"] == finding.words[0]
    assert told["svg"].lstrip().startswith("<?xml")
    days = finding.summary["measures"][0]
    assert f"With the moves {days['with_moves']:g}, without them {days['without_moves']:g}." in told["alt"]


def test_moves_in_words_leave_nothing_out():
    view, _ = Library("libya-2020-01").view(Settings(scenario="libya-2020-01", run=54))
    whole = {
        **OFFER["offer"],
        "to": ["LNA"],
        "form": "signed",
        "terms": {"oil": 40},
        "days": 30,
        "scope": 0.5,
        "opponents": ["UAE"],
    }
    html = words.state(view, "", json.dumps([{"step": 0, "offer": whole}]))["html"]
    for said in (
        "UN, Germany offer: mediated, worked out with the parties; signed; monitoring 0.5; oil ports and income 40; "
        "for 30 days; stills 50 % of the fighting; to LNA alone; UAE against it.",
        "step 0 (6 January 2020)",
    ):
        assert said in html


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"moves": "[{"}, "moves: this is no list"),
        ({"moves": "[" * 5000}, "moves: this is no list"),
        ({"moves": "7" * 5000}, "moves: this is no list"),
        ({"moves": {"step": 1}}, "`moves`: a list"),
        ({"moves": [OFFER] * 101}, "moves: 101; at most 100 would do"),
        ({"moves": [{"step": 1, "offer": {"sponsors": ["Umm"]}}]}, "move 1: .*no actor 'Umm'"),
        ({"moves": '[{"step": 1, "offer": {"sponsors": ["UN"], "monitoring": NaN}}]'}, "move 1: .*monitoring"),
        ({"moves": '[{"step": 1, "offer": {"sponsors": ["UN"], "days": {"a": []}}}]'}, "move 1: .*days"),
        ({"moves": '[{"step": 1, "offer": {"sponsors": {"UN": 1}, "terms": {"oil": "x"}}}]'}, "move 1: "),
        ({"seat": "LNB"}, "`party`: 'LNB' is no party. Did you mean 'LNA'"),
        ({"seat": "LNA", "moves": [{"step": 9, "to": "x", "answer": "accept"}]}, "move 1: .*asks LNA on 8 January"),
        ({"step": 99}, "step: 99 is more than the 55"),
        ({"mover": "1"}, "mover: no such setting"),
    ],
)
@pytest.mark.parametrize("path", ["/seat/state", "/seat/score"])
def test_what_will_not_do_is_told_and_nothing_falls_over(ask, path, query, message):
    response = ask(path, **query)
    assert response.status_code == 400
    assert re.search(message, " ".join(response.json()["wrong"]))


def test_the_page_itself_opens_whatever_stands_in_its_address(ask):
    response = ask("/seat", seat="LNB", moves="[{", step=99, mover=1)
    assert response.status_code == 200
    assert "step: 99 is more than the 55" in response.text
    assert 'id="offer"' in response.text


def test_where_nobody_fights_there_is_no_table(tmp_path, texts):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "council.toml").write_text(texts["talks"])
    library = Library(None, tmp_path)
    name = next(name for name in library.menu if "council" in name)
    asked, loop = asking(library)
    assert "there is no table to sit at" in asked("/seat", scenario=name).text
    assert "nobody fights" in asked("/seat/state", scenario=name).json()["wrong"][0]
    loop.close()
