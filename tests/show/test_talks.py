"""A negotiation is shown in its own words: its scale, its rounds, and nothing of war."""

import re

import numpy as np
import pytest
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.runs.results import condense, quantiles_of
from simulation.show.dashboard import markup, sliders
from simulation.show.dashboard.stepper import Stepper
from simulation.show.plots import figure_stances, figure_ties
from simulation.show.plots.network import called
from simulation.show.report import write_report

WAR = re.compile(r"fight|truce|cease|accept|stop now|\bwar\b|leverage|part(y|ies)", re.IGNORECASE)
DATE = re.compile(r"1991|\b\d{1,2} (January|Jan)\b")


@pytest.fixture(scope="module")
def standards():
    return sim.load_scenario("emission-standards")


@pytest.fixture(scope="module")
def digest(standards):
    return condense(sim.run_ensemble(standards, runs=5))


def everything_in(figure):
    figure.canvas.draw()
    found = [text.get_text() for text in figure.texts]
    for ax in figure.axes:
        for part in (ax, *ax.child_axes):
            ticks = [*part.get_xticklabels(), *part.get_yticklabels()]
            labels = [part.xaxis.label, part.yaxis.label, part.title, part._left_title]
            found += [text.get_text().replace("\n", " ") for text in (*part.texts, *ticks, *labels)]
    return [text for text in found if text]


def test_positions_are_drawn_on_the_scale_of_the_issue_along_rounds(digest):
    figure = figure_stances(digest)
    said = everything_in(figure)
    assert {"0 = 4 years", "100 = 10 years", "position (points)", "round"} <= set(said)
    assert "Where each actor stands on delay of the standard, 9 rounds" in said
    ax = next(ax for ax in figure.axes if ax.get_xlabel() == "round")
    assert ax.get_xlim() == (0, 9)
    said.remove("Emission standards for cars, European Community, 1991")
    assert not [text for text in said if WAR.search(text) or DATE.search(text)]


def test_without_ties_the_network_has_no_key_for_leverage_and_no_arrows(standards, talks):
    said = everything_in(figure_ties(standards))
    assert "Where each stands at the start, and with how much influence" in said
    assert not [text for text in said if WAR.search(text) or "rrow" in text]
    assert "leverage (0–1) on the target" in everything_in(figure_ties(talks))  # there is a tie


def test_words_that_a_negotiation_does_not_give_are_numbers_alone(talks):
    said = everything_in(figure_stances(sim.run_ensemble(talks, runs=2)))
    assert {"0", "100"} <= set(said)
    assert [text for text in said if WAR.search(text)] == ["A council without a war"]  # its title


def test_a_report_speaks_of_positions_and_rounds(standards, digest, tmp_path):
    page = write_report(digest, tmp_path, {}).read_text(encoding="utf-8")
    shown = re.sub(r"<pre>.*?</pre>|<style>.*?</style>", "", page, flags=re.DOTALL)
    shown = re.sub(r"<details><summary>coefficients.*?</details>", "", shown, flags=re.DOTALL)  # the war's too
    text = re.sub(r"<[^>]*>", "\n", shown).replace("Where this comes from", "")
    assert "Position on delay of the standard: 0 = 4 years … 100 = 10 years." in text
    assert "9 rounds" in text
    faults = [line for line in text.splitlines() if WAR.search(line)]
    assert not [line for line in faults if "ceasefire" not in line], faults
    assert not [line for line in text.splitlines() if DATE.search(line) and line != standards.title]


def test_a_command_speaks_of_positions_and_rounds(tmp_path):
    said = CliRunner().invoke(app, ["run", "emission-standards", "--runs", "5", "--out", str(tmp_path)])
    assert said.exit_code == 0, said.output
    table = said.output.partition("as expected")[0]
    assert "0 = 4 years" in table
    assert "points a round" in table
    assert not WAR.search(table)
    assert (tmp_path / "stances.csv").read_text().startswith("round,actor,mean")
    assert not (tmp_path / "answers.csv").exists()
    why = CliRunner().invoke(
        app, ["why", "emission-standards", "--step", "2", "--actor", "BE", "--out", str(tmp_path / "w")]
    )
    assert "Belgium, step 2 (round 3), run 0" in why.output
    assert "position on delay of the standard 93.51 to 99.37" in why.output
    assert not WAR.search(why.output)


def test_the_animation_and_the_page_count_rounds(standards):
    past = Stepper(standards, 1, 0).to(3)
    assert [called(standards, moment) for moment in past[::3]] == ["The opening", "Round 3"]
    assert markup.which(past[-1], standards) == "Round 3 of 9"
    slider = sliders.sliders_of(standards)["actors.NL.stance"]
    assert slider.item.meaning == "position on delay of the standard: 0 = 4 years … 100 = 10 years"


def test_of_runs_that_agree_the_mean_lies_in_its_own_band(standards, digest):
    """Counted in slices of a quarter point, 55.4165 would be 55.5 at all of its quantiles."""
    summary = sim.summarise(digest)
    for centre in ("mean", "median"):
        found = summary["outcome"][centre]
        assert found["runs_low"] == found["value"] == found["runs_high"]
    end = sim.run_ensemble(standards, runs=1).stance.isel(run=0, step=-1)
    for actor, stance in summary["stances"].items():
        assert stance["end_low"] == stance["end_median"] == stance["end_high"]
        assert stance["end_median"] == pytest.approx(float(end.sel(actor=actor)), abs=1e-4)
    drawn = {line.get_label(): line.get_ydata() for line in figure_stances(digest).axes[0].lines}
    np.testing.assert_allclose(drawn["BE"][-1], float(end.sel(actor="BE")), atol=1e-9)


def test_of_runs_that_differ_a_band_stays_as_it_was_counted(libya):
    digest = condense(sim.run_ensemble(libya, runs=60))
    apart = digest.stance_quantile.max("quantile") > digest.stance_quantile.min("quantile")
    np.testing.assert_array_equal(
        quantiles_of(digest, "stance").where(apart).values, digest.stance_quantile.where(apart).values
    )
    few = digest.assign(stance_mean=digest.stance_mean + 30)  # a few runs far off: not of one mind
    np.testing.assert_array_equal(quantiles_of(few, "stance").values, digest.stance_quantile.values)
