"""Sliders in a notebook say what the scenario declares, and what is drawn is what they stand at."""

import base64
import sys

import pytest

pytest.importorskip("ipywidgets")

from simulation.scenario import ScenarioError, load_scenario
from simulation.show.dashboard.widgets import NOTHING, WhatIf, hint

KEYS = ["ties.Russia.LNA.leverage", "ties.UAE.LNA.support", "coefficients.answers.pull"]
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def panel(libya):
    """Three sliders over January 2020, put back after each use."""
    return WhatIf(libya, KEYS, runs=64)


@pytest.fixture(autouse=True)
def put_back(panel):
    yield
    panel.reset()


def test_a_slider_goes_from_the_lowest_to_the_highest_that_is_declared_and_starts_at_the_value(panel, libya):
    declared = libya.inputs
    for key, slider in panel.sliders.items():
        places = [place for _, place in slider.options]
        assert (places[0], places[-1], slider.value) == (declared[key].low, declared[key].high, declared[key].value)


def test_a_slider_tells_meaning_bounds_and_evidence(panel):
    words = hint(panel.known["ties.Russia.LNA.leverage"])
    assert "how much the target weighs what the source wants (0 … 1)" in words
    assert "L-RUS-LNA" in words


def test_nothing_has_changed_until_something_is_moved(panel, libya):
    assert panel.changes == {}
    assert panel.scenario is libya
    assert NOTHING in panel._words.value


def test_a_move_is_run_told_and_drawn(panel):
    before = panel._picture.value
    panel.sliders["ties.Russia.LNA.leverage"].value = 1.0
    assert panel.changes == {"ties.Russia.LNA.leverage": 1.0}
    assert panel.scenario.inputs["ties.Russia.LNA.leverage"].value == 1.0
    assert "LNA accepts" in panel._words.value
    assert "more often" in panel._words.value  # a patron that presses for the call, listened to without reserve
    assert bytes(panel._picture.value).startswith(PNG)
    assert panel._picture.value != before


def test_putting_back_puts_all_back(panel):
    before = panel._picture.value
    panel.sliders["ties.Russia.LNA.leverage"].value = 1.0
    panel.sliders["coefficients.answers.pull"].value = 0.0
    panel.reset()
    assert panel.changes == {}
    assert panel._picture.value == before


def test_where_nobody_can_move_it_the_picture_is_shown(panel):
    shown = panel._repr_mimebundle_()
    assert base64.b64decode(shown["image/png"]) == panel._picture.value
    assert shown["text/plain"] == "Run this cell to get the sliders."


def test_a_misspelt_key_is_named_with_the_nearest(libya):
    with pytest.raises(ScenarioError, match=r"Did you mean 'ties\.Russia\.LNA\.leverage'"):
        WhatIf(libya, ["ties.Russia.LNA.leverag"])


def test_numbers_that_do_not_go_together_are_said_and_the_picture_stays():
    """Positions on several issues do not drift."""
    panel = WhatIf(load_scenario("ktab-seven-actors"), ["coefficients.opinion.noise"], runs=8)
    before, picture = panel.now, panel._picture.value
    panel.sliders["coefficients.opinion.noise"].value = 2.0
    assert "These numbers do not go together." in panel._words.value
    assert "set coefficients.opinion.noise = 0" in panel._words.value
    assert (panel.now, panel._picture.value) == (before, picture)


def test_without_ipywidgets_is_said_how_to_have_it(libya, monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    with pytest.raises(ScenarioError, match=r"need ipywidgets: pip install \"ceasefire-simulation\[notebooks\]\""):
        WhatIf(libya, KEYS, runs=1)
