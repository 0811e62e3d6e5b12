"""The page as it is drawn, cell by cell and without a browser: what stands on it of this scenario and that."""

import re
from html import unescape
from types import SimpleNamespace

import pytest

pytest.importorskip("marimo", reason="the page needs marimo, of the extra 'dashboard'")

import simulation as sim
from simulation.show.dashboard import comparison
from simulation.show.dashboard.choices import AS_OF, ASKED
from simulation.show.dashboard.page import app

SEED = 1


@pytest.fixture
def made(monkeypatch, tmp_path):
    """``made(asked, **values)``: what the page shows and its variables, some of which are set by hand."""
    monkeypatch.chdir(tmp_path)

    def ran(asked=None, as_of=None, **values):
        for name, value in ((ASKED, asked), (AS_OF, as_of)):
            monkeypatch.setenv(name, str(value)) if value else monkeypatch.delenv(name, raising=False)
        return app.run(defs=values)

    return ran


@pytest.fixture
def drawn(made):
    """``drawn(asked, **values)``: the words of the page, tags taken out, and its HTML."""

    def words(*asked, **values):
        outputs, _ = made(*asked, **values)
        html = " ".join(output.text for output in outputs if hasattr(output, "text"))
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", html))), html

    return words


def test_it_opens_with_the_question_the_numbers_of_the_runs_and_the_command(drawn, libya):
    text, html = drawn()
    for said in (libya.title, libya.question, "What the runs say", "How likely each party is to accept each offer"):
        assert said in text
    runs = int(re.search(r"ceasefire run libya-2020-01 --runs (\d+) --seed 1", text).group(1))
    answer = sim.run_ensemble(libya, runs, SEED).answer.sel(offer="moscow-ankara-call", party="LNA")
    assert f"Moscow and Ankara call for a truce (8 January 2020) {100 * float((answer > 0).mean()):.0f} %" in text
    assert f"{runs} runs. In brackets" in text
    assert "Before step 0 (6 January 2020)" in text
    assert "None yet: move a slider on the left" in text
    assert html.count("data:image/svg+xml") == 2
    assert html.count("data:image/png") == 1


def test_what_is_moved_is_run_told_drawn_and_can_be_saved(drawn, libya):
    changes = {"rule": "compromise", "actors.LNA.stance": 90.0}
    text, html = drawn(changes=changes, scenario=comparison.changed(libya, changes))
    assert re.search(r"▲ \+\d+ points", text)
    assert "Changes are told from runs that share their luck" in text
    assert re.search(r"actors\.LNA\.stance\s+12\s+90", text)
    assert re.search(r"rule\s+friedkin-johnsen\s+compromise", text)
    assert "--rule compromise --set actors.LNA.stance=90" in text
    assert "libya-2020-01-changed.toml" in html


def test_sliders_are_found_by_their_words(drawn):
    button = SimpleNamespace(value=0, text="")
    text, html = drawn(wanted=SimpleNamespace(value="turkey gna support", text=""), reset=button)
    assert html.count("data-key='ties.Turkey.GNA.support'") + html.count('data-key="ties.Turkey.GNA.support"') == 1
    assert re.search(r"\d found", text)
    many, _ = drawn(wanted=SimpleNamespace(value="stance", text=""), reset=button)
    assert re.search(r"\d\d+ found, the first \d+ shown", many)
    nothing, _ = drawn(wanted=SimpleNamespace(value="no such words", text=""), reset=button)
    assert "0 found" in nothing


def test_talks_without_parties_have_rounds_and_no_answers(drawn, texts, tmp_path):
    file = tmp_path / "talks.toml"
    file.write_text(texts["talks"])
    text, html = drawn(file)
    assert "A council without a war" in text
    assert "Where everybody stands" in text
    assert "How likely each party" not in text
    assert html.count("data:image/svg+xml") == 1


def test_a_scenario_may_be_known_as_of_a_day(drawn):
    text, _ = drawn("libya-2020-01", "2020-01-10")
    assert "as of 10 January 2020" in text
    assert "--as-of 2020-01-10" in text


def test_nothing_is_run_of_what_cannot_be_read(drawn, tmp_path):
    file = tmp_path / "broken.toml"
    file.write_text("schema = 1\ntitle = 3\n")
    text, _ = drawn(file)
    assert "What the runs say" not in text


def test_numbers_that_do_not_go_together_are_said_in_the_place_of_what_they_give(drawn, monkeypatch):
    """Positions on several issues do not drift."""
    said = []
    monkeypatch.setattr("marimo.callout", lambda text, kind: said.append((text.text, kind)))
    moved = SimpleNamespace(value={"coefficients.opinion.noise": 2.0}, elements={})
    text, _ = drawn("ktab-seven-actors", moved_rule=moved, rule_sliders={})
    ((words, kind),) = said
    assert "These numbers do not go together." in words
    assert "set coefficients.opinion.noise = 0" in words
    assert kind == "warn"
    assert "KTAB's example of seven actors" in text
    assert "What the runs say" not in text


def test_buttons_go_through_a_run_and_stop_at_its_ends(made, libya):
    _, page = made()
    at = page["get_step"]

    def pressed(*names):
        for name in names:
            page[name]._update(1)
        return at()

    assert pressed("back") == 0
    assert pressed("forth", "forth") == 2
    assert pressed("back") == 1
    assert pressed("again") == 0
    page["day"]._update(libya.steps)
    assert pressed("forth") == libya.steps
    assert not page["get_playing"]()
    pressed("play")
    assert page["get_playing"]()
    page["reset"]._update(1)
    assert page["reset"].value == 1


def test_while_it_plays_time_goes_on_to_the_last_step_and_no_further(made, libya):
    at, playing = [libya.steps - 1], [True]

    def go(on):
        at[0] = on(at[0])

    _, page = made(
        get_step=lambda: at[0],
        set_step=go,
        get_playing=lambda: playing[0],
        set_playing=lambda on: playing.__setitem__(0, on),
        which=SimpleNamespace(value=0, text=""),
    )
    assert "pause" in page["play"].text
    page["ticker"]._update("0.6s")
    assert (at, playing) == ([libya.steps], [True])
    page["ticker"]._update("0.6s")
    assert (at, playing) == ([libya.steps], [False])
