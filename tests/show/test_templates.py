"""Whatever stands in a scenario file stays text: no template turns it into HTML."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import UndefinedError

import simulation as sim
from simulation.questions.finding import Table
from simulation.show import templates
from simulation.show.dashboard import answers, comparison, manual, markup, seat
from simulation.show.dashboard.settings import Settings
from simulation.show.dashboard.sliders import sliders_of
from simulation.show.dashboard.stepper import Stepper
from simulation.show.dashboard.views import Library
from simulation.show.report import write_report

SHOW = Path(templates.__file__).parent
TEMPLATES = sorted(file.relative_to(SHOW).as_posix() for file in SHOW.rglob("*.html"))

EVIL = '<i class="{}">&amp;\'"</i>'
"""Text with markup in it, told apart by where it was put."""

PLACES = ("title", "question", "name", "side", "assumed", "event", "offer")


class Reader(HTMLParser):
    """The tags of a page, and its text as somebody reads it."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.text, self.attributes = [], "", ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += " ".join(value or "" for _, value in attrs)

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def evil(tell):
    """North and South, where every text is markup; the parties' ids too."""
    offer = """
        [[events]]
        on = 2020-01-03
        label = '''LABEL'''
        offer = { id = "call", sponsors = ["Friend"] }
        assumed = '''ASSUMED'''
        """
    more = offer.replace("LABEL", EVIL.format("event")).replace("ASSUMED", EVIL.format("offer"))
    scenario = tell("two", more)
    north = scenario.actors["North"].model_copy(
        update={field: EVIL.format(field) for field in ("name", "side", "assumed")}
    )
    return scenario.model_copy(
        update={
            "title": EVIL.format("title"),
            "question": EVIL.format("question"),
            "actors": {**scenario.actors, "North": north},
        }
    )


def test_every_text_of_a_scenario_is_escaped_in_the_report(evil, tmp_path):
    result = sim.run_ensemble(evil, runs=5, seed=1)
    html = write_report(result, tmp_path, {}).read_text(encoding="utf-8")
    page = Reader(html)
    assert "i" not in page.tags
    for place in PLACES:
        assert EVIL.format(place) in page.text, place


def test_every_text_of_a_scenario_is_escaped_in_the_fragments_of_the_page(evil):
    shown = comparison.outcome_of(evil, 20, 1)
    sliders = sliders_of(evil)
    past = Stepper(evil, 1, 0).to(3)
    named = evil.model_copy(update={"labels": {**evil.labels, "North": EVIL.format("party")}})
    fragments = {
        "about": markup.strip([markup.Headline("", "", EVIL.format("about"))], "", ""),
        "before": markup.strip([], EVIL.format("before"), ""),
        "cell": markup.finding([Table(["head"], [[EVIL.format("cell")]])]),
        "why": markup.finding([EVIL.format("why")]),
        "event": markup.table_answers(shown, {}, changed=False),
        "verdict": markup.bullets([EVIL.format("verdict")]),
        "did": markup.differing([EVIL.format("did")]),
        "key": markup.table_changes(sliders, {EVIL.format("key"): "degroot"}, {}),
        "was": markup.table_changes(sliders, {"rule": "degroot"}, {"rule": EVIL.format("was")}),
        "party": markup.moment(past, named),
        "error": markup.paragraph(EVIL.format("error")),
        "hint": markup.hint(EVIL.format("hint")),
    }
    for place, html in fragments.items():
        page = Reader(html)
        assert "i" not in page.tags, place
        assert EVIL.format(place) in page.text, place
    assert EVIL.format("event") in Reader(markup.moment(past, evil)).text


def test_every_text_of_a_scenario_is_escaped_on_the_page_itself(evil, monkeypatch, texts, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "evil.toml").write_text(texts["two"])
    library = Library(None, tmp_path)
    monkeypatch.setattr(library, "start", lambda name, as_of=None: evil)
    monkeypatch.setattr(library, "_load", library.start)
    view, wrong = library.view(Settings(scenario="evil"))
    page = Reader(answers.page(library, view, [*wrong, EVIL.format("wrong")]))
    assert "i" not in page.tags
    for place in ("title", "question", "wrong"):
        assert EVIL.format(place) in page.text, place
    assert EVIL.format("assumed") in page.text  # what a number rests on
    later = replace(view, settings=replace(view.settings, step=3))
    table = Reader(seat.page(view, [EVIL.format("wrong")]) + seat.state(later, "", "[]")["html"])
    assert "i" not in table.tags
    for place in ("title", "wrong", "event"):
        assert EVIL.format(place) in table.text, place
    told = Reader(answers.unreadable(library, Settings(scenario=EVIL.format("name")), EVIL.format("error")))
    assert "i" not in told.tags
    assert EVIL.format("name") in told.text
    assert EVIL.format("error") in told.text


def test_the_manual_shows_equations_as_mathml_and_money_as_it_is():
    pytest.importorskip("latex2mathml", reason="of the extra 'dashboard'")
    text = "costs 5 $ or `$x$`, where $x_p$ is\n\n```math\na_i = \\frac{b}{c}\n```\n\n```python\n$y$\n```\n"
    tokens, parser = manual._parsed(text)
    made = parser.renderer.render(tokens, parser.options, {})
    assert made.count("<math") == 2
    assert 'display="inline"><mrow><msub><mi>x</mi><mi>p</mi></msub>' in made
    assert 'display="block"' in made
    assert "<mfrac>" in made
    assert "costs 5 $ or <code>$x$</code>, where" in made
    assert "$y$" in made


def test_the_manual_alone_is_called_safe_and_html_in_it_stays_text():
    pytest.importorskip("latex2mathml", reason="of the extra 'dashboard'")
    assert [name for name in TEMPLATES if "| safe" in (SHOW / name).read_text()] == ["dashboard/manual.html"]
    tokens, parser = manual._parsed("# A <i>head</i>\n\n<i>b</i> <!-- c -->\n\n[d](javascript:alert(1))")
    page = Reader(parser.renderer.render(tokens, parser.options, {}))
    assert page.tags == ["h1", "p", "p"]
    assert templates.environment().autoescape is True
    assert not any("autoescape" in (SHOW / name).read_text() for name in TEMPLATES)


def test_html_is_written_in_templates_alone():
    """What reads HTML, by a pattern, may be in the code."""
    for file in SHOW.rglob("*.py"):
        text = re.sub(r"re\.compile\(.*\)", "", file.read_text())
        assert not re.search(r"</\w+>|from html import escape", text), file.name


def test_a_value_that_a_template_misses_is_an_error_and_not_a_gap():
    with pytest.raises(UndefinedError, match="title"):
        templates.fill("report/page.html", verdict=[])
