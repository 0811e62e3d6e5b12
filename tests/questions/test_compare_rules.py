"""Every rule on one scenario: the same numbers as running it alone, and honest verdicts."""

import json

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.stats import norm
from typer.testing import CliRunner

import simulation as sim
from simulation.cli import app
from simulation.questions.compare_rules import compare_rules, under, verdict
from simulation.rules import RULES
from simulation.runs.results import scenario_of, wilson
from simulation.scenario.measure_kinds import NEAR
from simulation.scenario.measures import unit_of
from simulation.show.plots.rules import figure_rules, plot_rule_answers

FEW = ("friedkin-johnsen", "compromise")


@pytest.fixture(scope="module")
def found(libya):
    return compare_rules(libya, runs=15, seed=3).result


def test_every_rule_is_run_and_each_as_it_would_be_alone(libya, found):
    assert list(found.rule.values) == list(RULES)
    alone = sim.run_ensemble(under(libya, "degroot"), runs=15, seed=3)
    accepted = int((alone.answer.sel(offer="berlin", party="LNA") > 0).sum())  # with conditions or without
    here = found.sel(measure="answer.berlin.LNA", rule="degroot")
    assert (float(here.value), float(here.low), float(here.high)) == wilson(accepted, 15)
    mean = float(alone.stance.sel(actor="LNA").isel(step=-1).mean())
    assert float(found.value.sel(measure="stance.LNA", rule="degroot")) == pytest.approx(mean, abs=1e-9)


def test_what_is_no_chance_has_the_interval_of_a_mean_under_each_rule(libya, found):
    alone = sim.run_ensemble(under(libya, "degroot"), runs=15, seed=3)
    ends = alone.stance.sel(actor="LNA").isel(step=-1).values
    expected = norm.interval(0.95, ends.mean(), ends.std(ddof=1) / np.sqrt(15))
    here = found.sel(measure="stance.LNA", rule="degroot")
    assert (float(here.low), float(here.high)) == pytest.approx(expected, rel=1e-6)


def test_the_scenario_s_own_rule_keeps_its_options_and_the_others_its_pace(libya):
    own = libya.replace({"rule": {"name": "friedkin-johnsen", "openness": 0.7, "speed": 0.3}})
    assert under(own, "friedkin-johnsen").rule.openness == 0.7
    assert (under(own, "spatial").rule.name, under(own, "spatial").rule.speed) == ("spatial", 0.3)


def test_one_run_under_each_rule_leaves_means_open(libya):
    found = compare_rules(libya, runs=1, rules=FEW, measures=["stance.LNA", "stance.Turkey"])
    assert set(found.result.verdict.values) == {"open"}
    assert "nan" not in str(found)
    assert "too few runs" in str(found)


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ([[0.7, 0.9], [0.6, 0.8], [0.8, 1.0]], "agree"),
        ([[0.2, 0.1], [0.1, 0.0], [0.4, 0.49]], "agree"),
        ([[0.2, 0.9], [0.1, 0.8], [0.4, 1.0]], "disagree"),
        ([[0.2, 0.45], [0.1, 0.3], [0.4, 0.6]], "open"),  # the second may lie on either side
        ([[0.2, np.nan], [0.1, np.nan], [0.4, np.nan]], "agree"),  # on the second no run bears
        ([[np.nan], [np.nan], [np.nan]], "open"),
    ],
)
def test_rules_agree_on_a_chance_if_all_intervals_lie_on_one_side_of_a_half(numbers, word):
    assert verdict(None, np.array(numbers)) == word


@pytest.mark.parametrize(
    ("numbers", "word"),
    [
        ([[40.0, 45.0], [39.0, 43.0], [41.0, 48.0]], "agree"),  # 39 … 48 spans 9
        ([[40.0, 49.0], [39.0, 48.0], [41.0, 50.0]], "open"),  # the values differ by 9, the intervals span 11
        ([[40.0, 51.0], [39.0, 50.0], [41.0, 52.0]], "disagree"),
        ([[40.0, 51.0], [30.0, 45.0], [50.0, 57.0]], "open"),  # both may be 47
    ],
)
def test_rules_agree_on_a_stance_if_the_intervals_span_no_more_than_ten_points(numbers, word):
    assert verdict(10.0, np.array(numbers)) == word


@pytest.mark.parametrize(
    ("measure", "numbers", "word"),
    [
        ("outcome.camps", [[2.0, 9.0], [2.0, 9.0], [2.0, 9.0]], "disagree"),
        ("outcome.camps", [[2.1, 2.2], [2.0, 2.0], [2.2, 2.4]], "agree"),
        ("outcome.settled", [[3.0, 12.0], [3.0, 12.0], [3.0, 12.0]], "disagree"),
        ("outcome.settled", [[3.0, 4.0], [2.8, 3.5], [3.2, 4.5]], "agree"),  # 2.8 … 4.5 spans less than two steps
        ("position.Left.money", [[40.0, 45.0], [39.0, 43.0], [41.0, 48.0]], "agree"),
        ("control.North", [[0.4, 0.7], [0.4, 0.7], [0.4, 0.7]], "disagree"),
        ("truce.days", [[3.0, 9.0], [2.5, 8.0], [3.5, 9.0]], "agree"),
    ],
)
def test_how_near_is_near_depends_on_what_the_measure_is_counted_in(measure, numbers, word):
    assert verdict(NEAR[unit_of(measure)], np.array(numbers)) == word


def test_rules_are_compared_on_where_an_actor_ends_on_an_issue():
    seven = sim.load_scenario("ktab-seven-actors")
    table = compare_rules(seven, runs=2, rules=["spatial"], measures=["position.A00.first"]).result
    assert table.verdict.item() in ("agree", "open")


def test_rules_are_compared_on_the_chance_behind_an_answer(libya):
    table = compare_rules(libya, runs=20, rules=FEW, measures=["chance.berlin.GNA"]).result
    assert table.verdict.item() in ("agree", "open", "disagree")


def test_over_several_issues_the_rules_that_play_them_are_compared():
    table = compare_rules(sim.load_scenario("ktab-seven-actors"), runs=1, measures=["position.A00.first"]).result
    assert list(table.rule.values) == ["spatial", "exchange"]


def test_where_one_rule_alone_can_play_there_is_nothing_to_compare():
    seven = sim.load_scenario("ktab-seven-actors").replace({"rule": {"name": "exchange", "whole_moves": True}})
    loud = seven.replace({"actors.A00.saliences": [90, 80, 70], "actors.A00.salience": 90})
    with pytest.raises(sim.ScenarioError, match="nothing to compare: only 'exchange' plays these issues"):
        compare_rules(loud, runs=1)


def test_an_unknown_rule_is_refused_with_the_nearest_known(libya):
    with pytest.raises(sim.ScenarioError, match="Did you mean 'spatial'"):
        compare_rules(libya, runs=1, rules=["spacial"])


def test_the_picture_has_a_column_a_rule_and_marks_every_chance(found):
    figure = figure_rules(found)
    titles = [ax.get_title(loc="left") for ax in figure.axes if ax.get_title(loc="left")]
    assert titles == list(RULES)
    ax = Figure().add_subplot()
    assert plot_rule_answers(found, scenario_of(found), ax, "spatial") is ax
    drawn = {line.get_label(): line.get_xdata()[0] for line in ax.lines if line.get_label().startswith("_answer")}
    for measure, value in drawn.items():
        assert value == 100 * float(found.value.sel(measure=measure[1:], rule="spatial"))


def test_the_command_prints_one_table_and_writes_picture_and_numbers(tmp_path):
    said = CliRunner().invoke(
        app, ["rules", "libya-2020-01", "--runs", "20", *(f"--rule={name}" for name in FEW), "--out", str(tmp_path)]
    )
    assert said.exit_code == 0, said.output
    assert "LNA accepts moscow-text" in said.output
    assert "The rules agree on" in said.output
    written = json.loads((tmp_path / "rules.json").read_text())
    assert set(written["measures"]["truce.starts"]["rules"]) == set(FEW)
    assert (tmp_path / "rules.png").stat().st_size > 10_000


def test_a_negotiation_is_compared_by_its_outcome(talks):
    table = compare_rules(talks, runs=4, rules=FEW).result
    assert {"outcome.mean", "outcome.median"} <= set(table.measure.values)
    assert figure_rules(compare_rules(talks, runs=2, rules=FEW).result).axes
