"""Names as pictures, tables and pages show them, in any script, and what is said where no font has the letters."""

import warnings

import pytest
from matplotlib import rcParams
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.scenario.files import load_text
from simulation.show.plots import figure_ties, fonts, plot_stances
from simulation.show.plots.fonts import drawable, legible, undrawn
from simulation.show.plots.palette import all_short
from simulation.show.report import write_report

CHINESE, ARABIC, CYRILLIC = "利比亚国民军", "الجيش الوطني", "Правительство"

TALKS = """
schema = 1
title = "停火: talks on the {} port"
start = 2020-01-01
steps = 3
coefficients.opinion.noise = 0.5
[issues.port]
title = "the port"
low = "海港 all to the coast, whatever the hills may say"
high = "$all$ to the hills"
"""
ACTOR = """
[actors.{key}]
name = "{name}"
roles = ["mediator"]
stance = 40
salience = 100
influence = 50
assumed = "made up"
"""


@pytest.fixture(scope="module")
def scripts():
    """Talks between actors whose names are in four scripts."""
    names = {"coast": CHINESE, "hills": ARABIC, "east": CYRILLIC, "west": "<b>$x$</b>&Co"}
    return load_text(TALKS + "".join(ACTOR.format(key=key, name=name) for key, name in names.items()), "t")


@pytest.fixture
def no_chinese(monkeypatch):
    """A machine without Chinese letters, whatever this one has."""
    monkeypatch.setitem(rcParams, "font.family", ["DejaVu Sans"])


def words(figure):
    return [text.get_text() for ax in figure.axes for text in ax.texts]


def test_a_name_that_no_font_can_write_gives_way_to_its_key(scripts, no_chinese):
    assert all_short(scripts) == {"coast": "coast", "hills": ARABIC, "east": CYRILLIC, "west": "<b>$x$</b>&Co"}
    assert not drawable(CHINESE)
    assert undrawn(scripts).startswith("No font of this machine has the letters of some names")
    assert f"such as coast ({CHINESE})." in undrawn(scripts)


def test_letters_without_a_font_are_left_out_of_other_words(no_chinese):
    assert legible("停火: talks") == "…: talks"
    assert legible("talks 停 火 now") == "talks … now"
    assert legible(f"{ARABIC}, {CYRILLIC}") == f"{ARABIC}, {CYRILLIC}"


def test_an_installed_font_for_another_script_is_used(monkeypatch):
    monkeypatch.setitem(rcParams, "font.family", ["DejaVu Sans"])
    monkeypatch.setattr(fonts, "OTHER_SCRIPTS", ("STIXGeneral", "Not Installed Here"))
    fonts.use_installed_fonts()
    fonts.use_installed_fonts()
    assert rcParams["font.family"] == ["DejaVu Sans", "STIXGeneral"]


def test_every_picture_is_drawn_without_a_warning_and_without_boxes(scripts, no_chinese, tmp_path):
    result = sim.run_ensemble(scripts, runs=3)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = {**sim.plot(result), **sim.plot(sim.compare_rules(scripts, runs=3, rules=["degroot", "compromise"]))}
        drawn |= sim.plot(sim.compare({"one": scripts, "二": scripts}, runs=3))
        drawn |= sim.plot(sim.levers(scripts, "outcome.mean", runs=4))
        for name, figure in drawn.items():
            figure.savefig(tmp_path / f"{name}.svg")
    for text in (text for figure in drawn.values() for text in words(figure)):
        assert drawable(text), text
    assert any(CYRILLIC in text for text in words(drawn["stances"]))


def test_names_stand_in_the_network_and_at_the_ends_of_lines():
    standards = sim.load_scenario("emission-standards")
    assert {"Netherlands", "United Kingdom"} <= set(words(figure_ties(standards)))
    figure = sim.plot(sim.run_ensemble(standards, runs=1))["stances"]
    assert any(text.startswith("Netherlands ") for text in words(figure))


def test_a_long_name_is_cut_at_the_end_of_its_line_and_its_number_stays(scripts, no_chinese):
    from matplotlib.figure import Figure

    long = scripts.replace({"actors.west.name": "Confederation of Mountain"})
    ax = Figure(figsize=(6, 4)).add_axes((0.1, 0.1, 0.7, 0.8))
    plot_stances(sim.run_ensemble(long, runs=1, seed=1), ax, actors=["west"])
    name, _, number = ax.texts[-1].get_text().rpartition(" ")
    assert name.startswith("Con")
    assert name.endswith("…")
    assert number.isdigit()


def test_a_report_gives_every_name_with_its_key(scripts, tmp_path):
    page = write_report(sim.run_ensemble(scripts, runs=2), tmp_path, {}).read_text(encoding="utf-8")
    assert f"{CHINESE} (coast)" in page
    assert "&lt;b&gt;$x$&lt;/b&gt;&amp;Co (west)" in page


def test_a_command_names_actors_in_its_table_and_says_once_what_it_could_not_draw(scripts, tmp_path, monkeypatch):
    monkeypatch.setitem(rcParams, "font.family", ["DejaVu Sans"])
    (tmp_path / "talks.toml").write_text(scripts.as_toml(), encoding="utf-8")
    said = CliRunner().invoke(app, ["run", str(tmp_path / "talks.toml"), "--runs", "5", "--out", str(tmp_path / "out")])
    assert said.exit_code == 0, said.output
    assert CHINESE in said.output
    assert CYRILLIC in said.output
    assert said.output.count("No font of this machine") == 1
    assert "Glyph" not in said.output


def test_tables_of_every_question_go_by_names(libya):
    outcome = sim.compare({"one": libya, "two": libya.replace({"actors.SaudiArabia.stance": 90})}, runs=4)
    assert "Saudi Arabia" in str(outcome)
    assert "SaudiArabia" not in str(outcome)
    assert "stance.SaudiArabia" in set(outcome.rows.measure)  # the key is what is reckoned with
    why = sim.why(libya, step=1)
    assert "United States" in str(why)
    assert "US" in set(why.rows.actor)
