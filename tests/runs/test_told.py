"""Runs as of a day take the course that history took up to it, in the ensemble, one by one, in designs and in pairs."""

import pickle

import numpy as np
import pytest

import simulation as sim
from simulation.questions.paired import Version, read_versions, reading
from simulation.runs.ensemble import read_points, read_runs
from simulation.scenario.files import load_text

PARTY = """
[actors.{name}]
roles = ["party"]
stance = {{ best = {stance}, low = {low}, high = {high} }}
salience = 100
influence = 50
assumed = "made up"
"""

WAR = """
schema = 1
title = "Two offers"
start = 2021-01-01
steps = 30
coefficients.answers.temperature = 10
coefficients.answers.reserve = 0
coefficients.answers.bar_call = 0
coefficients.truces.declared_days = 3650
coefficients.truces.shape = 1

{parties}
[actors.Envoy]
roles = ["mediator"]
stance = 90
salience = 50
influence = 20
assumed = "made up"

[[events]]
on = 2021-01-05
offer = {{ id = "first", sponsors = ["Envoy"] }}

[[events]]
on = 2021-01-20
announced = 2021-01-09
offer = {{ id = "second", sponsors = ["Envoy"] }}

[[record]]
offer = "first"
party = "North"
answer = {north}

[[record]]
offer = "first"
party = "South"
answer = {south}

[[record]]
offer = "second"
party = "South"
answer = 0
"""


def war(stance, north, south):
    parties = "".join(
        PARTY.format(name=name, stance=stance, low=stance - 5, high=stance + 5) for name in ("North", "South")
    )
    return load_text(WAR.format(parties=parties, north=north, south=south), "war.toml").as_of("2021-01-10")


def test_both_are_told_to_accept_and_there_is_a_truce_in_every_run():
    """By themselves parties that stand at 10 hardly ever accept: a truce starts on the day they did in history."""
    result = sim.run(war(10, 1, 1), runs=300)
    assert (result.answer.sel(offer="first") == 1).all()
    assert not result.truce.isel(step=slice(0, 5)).any()
    assert result.truce.sel(step=5).all()
    assert float(result.chance.sel(offer="first").mean()) < 0.2  # as likely as ever it was


def test_one_is_told_to_refuse_and_there_is_none_until_they_are_asked_again():
    """By themselves parties that stand at 90 nearly always accept, and so they do once nothing more is told."""
    result = sim.run(war(90, 1, 0), runs=300)
    assert (result.answer.sel(offer="first", party="North") == 1).all()
    assert (result.answer.sel(offer="first", party="South") == 0).all()
    assert not result.truce.isel(step=slice(0, 20)).any()
    assert float(result.answer.sel(offer="second", party="South").mean()) > 0.9  # the refusal of the 20th is not told


@pytest.mark.parametrize(("grade", "conditional", "accepted"), [(0.3, 0.6, 0.0), (0.5, 1.0, 0.0), (0.8, 0.4, 0.6)])
def test_a_graded_answer_is_of_its_grade_on_average(grade, conditional, accepted):
    answered = sim.run(war(10, 1, grade), runs=4000).answer.sel(offer="first", party="South")
    assert float((answered == 0.5).mean()) == pytest.approx(conditional, abs=0.03)  # four standard errors
    assert float((answered == 1).mean()) == pytest.approx(accepted, abs=0.03)
    assert float(answered.mean()) == pytest.approx(grade, abs=0.03)


def test_both_are_told_to_accept_with_conditions_and_there_is_a_truce_in_every_run():
    assert sim.run(war(10, 0.5, 0.5), runs=50).truce.sel(step=5).all()


@pytest.mark.parametrize("uncertain", [False, True])
@pytest.mark.parametrize("run", [0, 13, 255, 256, 299])
def test_a_mesa_run_is_that_run_of_the_ensemble_bit_for_bit(run, uncertain):
    scenario = sim.load_scenario("libya-2020-01", as_of="2020-01-12")
    result = sim.run(scenario, runs=300, seed=7, uncertain=uncertain)
    model = sim.ConflictModel(scenario, seed=7, run=run, uncertain=uncertain)
    while model.running:
        model.step()
    for field in ("stance", "control", "exhaustion", "distrust"):
        np.testing.assert_array_equal(getattr(model.state, field), result[field].sel(run=run).values[-1])
    np.testing.assert_array_equal(model.state.chance, result.chance.sel(run=run).values)
    np.testing.assert_array_equal(model.state.answer, result.answer.sel(run=run).values)


def test_points_of_a_design_are_told_the_same_as_runs_of_the_ensemble():
    scenario, names = war(40, 1, 0.5), ["answer.first.South", "answer.second.South", "truce.days"]
    values = {"actors.South.influence": np.array([50.0, 80.0])}
    found = read_points(scenario, names, values, 20, 1)
    for point, influence in enumerate((50.0, 80.0)):
        alone = read_runs(scenario, names, 20, 1, values={"actors.South.influence": np.full(20, influence)})
        for name in names:
            np.testing.assert_array_equal(found[name][point], alone[name])


def test_a_scenario_that_is_pickled_or_stored_in_a_result_is_told_the_same():
    scenario = war(10, 1, 1)
    result = sim.run(scenario, runs=20)
    stored = load_text(result.attrs["scenario"], "the scenario in the result")
    assert result.attrs["as_of"] == "2021-01-10"
    assert result.attrs["title"] == "Two offers, as of 10 January 2021"
    for other in (pickle.loads(pickle.dumps(scenario)), stored):
        assert sim.run(other, runs=20).equals(result)


def test_whether_a_truce_starts_is_read_off_paired_runs_with_the_answers_that_are_told():
    """Told that both accept, it starts for certain; told that one refuses, only if both accept the second offer."""
    for scenario, low, high in ((war(10, 1, 1), 1, 1), (war(50, 1, 0), 0.05, 0.9), (war(50, 0.25, 1), 0.5, 0.95)):
        found = read_versions([Version(scenario)], "truce.starts", 2000, 1)[0]
        counted = read_runs(scenario, ["truce.starts"], 2000, 1)["truce.starts"]
        assert low <= found.mean() <= high
        assert found.mean() == pytest.approx(counted.mean(), abs=0.04)


def test_an_answer_that_is_told_is_read_as_it_was_and_not_as_its_chance():
    scenario = war(10, 1, 1)
    known = reading("answer.first.North", scenario)
    assert known.measure.untossed is None
    assert reading("answer.second.North", scenario).measure.untossed == "chance.second.North"
    found = sim.levers(scenario, "answer.first.North", 16, steps={"stance": [10]})
    assert not found.result.effect.any()  # nothing moves what is past


def test_what_is_attributed_still_happened_as_it_did():
    """Left out is the second offer; the first was accepted by both, so a truce starts all the same."""
    found = sim.attribute(war(10, 1, 1), "truce.starts", {"second": ["events.second"]}, runs=32)
    assert float(found.result.without) == 1.0
