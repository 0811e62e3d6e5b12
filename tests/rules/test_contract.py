"""What every stance rule must do, checked on every rule that a scenario may name."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.randomness import draw
from simulation.dynamics.simulate import spread
from simulation.rules import RULES
from simulation.runs.setup import open_scenario
from simulation.scenario.files import load_text

RUNS = 5

every_rule = pytest.mark.parametrize("name", RULES)


def conflict(name, stances=(12, 71, 38, 64, 90, 55), influences=(75, 50, 85, 65, 30, 60), order=None, rule=""):
    """Two parties and four others, all leaning on each other a little, each by its own amount."""
    names = [f"A{number}" for number in range(len(stances))]
    order = list(range(len(names))) if order is None else order
    text = f'schema = 1\ntitle = "t"\nstart = 2020-01-01\nsteps = 4\nrule = {{ name = "{name}"{rule} }}\n'
    for place in order:
        role = "party" if place < 2 else "backer"
        text += (
            f'[actors.{names[place]}]\nroles = ["{role}"]\nstance = {stances[place]}\nsalience = {95 - 7 * place}\n'
            f'influence = {influences[place]}\nassumed = "made up"\n'
        )
    for source in order:
        for target in order:
            if source != target:
                leverage = 0.1 + 0.13 * ((3 * source + target) % 6)
                text += (
                    f'[[ties]]\nfrom = "{names[source]}"\nto = "{names[target]}"\n'
                    f'leverage = {leverage:.2f}\nassumed = "made up"\n'
                )
    return load_text(text, name)


def played(scenario, runs=RUNS, stance=None, seed=3):
    """One move of the rule in several runs that start from different stances; the stances before and after."""
    world, state = open_scenario(scenario)
    luck = draw(world, seed, 0)
    state = spread(state, runs)
    if stance is None:
        rng = np.random.default_rng(8)
        stance = np.round(rng.uniform(0, 100, state.stance.shape), 2)
        stance[0] = world.opening
    state = replace(state, stance=np.array(np.broadcast_to(stance, state.stance.shape)))
    ideal = np.clip(state.ideal + np.linspace(-30, 30, state.ideal.shape[-1]), 0, 100)
    draws = luck.of(slice(0, runs)).at(1)
    return world, state, ideal, draws, world.rule.move(state, ideal, world, draws)


@every_rule
@pytest.mark.parametrize("whole", ["", ", whole_moves = true"])
def test_stances_stay_on_the_scale(name, whole):
    rng = np.random.default_rng(4)
    stance = np.where(rng.random((40, 6)) < 0.5, rng.choice([0.0, 100.0], (40, 6)), rng.uniform(0, 100, (40, 6)))
    *_, moved = played(conflict(name, rule=whole), runs=40, stance=stance)
    assert moved.shape == (40, 6)
    assert ((moved >= 0) & (moved <= 100)).all()


@every_rule
@pytest.mark.parametrize("where", [0.0, 100 / 3, 100.0])
def test_those_who_agree_and_want_nothing_else_go_on_agreeing(name, where):
    world, state = open_scenario(conflict(name))
    agreed = np.full(6, where)
    state = replace(state, stance=agreed, ideal=agreed)
    moved = world.rule.move(state, agreed, world, draw(world, 1, 0).of(0).at(0))
    np.testing.assert_allclose(moved, agreed, rtol=1e-13)


@every_rule
def test_listing_the_actors_in_another_order_changes_nothing_but_the_order(name):
    order = [3, 1, 5, 0, 2, 4]
    rng = np.random.default_rng(5)
    stance = np.round(rng.uniform(0, 100, (RUNS, 6)), 2)
    # the ideals of `played` go by place, so they are put in order by hand here
    results = []
    for places in (list(range(6)), order):
        world, state = open_scenario(conflict(name, order=places))
        state = replace(spread(state, RUNS), stance=stance[:, places], ideal=stance[:, places])
        ideal = np.clip(state.ideal + np.linspace(-20, 20, 6)[places], 0, 100)
        results.append(world.rule.move(state, ideal, world, draw(world, 2, 0).of(slice(0, RUNS)).at(0)))
    np.testing.assert_allclose(results[1], results[0][:, order], atol=1e-9)


@every_rule
def test_what_a_rule_is_given_it_leaves_alone(name):
    world, state = open_scenario(conflict(name))
    state, luck = spread(state, RUNS), draw(world, 1, 0).of(slice(0, RUNS)).at(0)
    ideal = state.ideal + 0.0
    before = {key: np.copy(getattr(state, key)) for key in state.__dataclass_fields__}
    drawn = {key: np.copy(value) for key, value in luck.rule.items()}
    world.rule.move(state, ideal, world, luck)
    for key, value in before.items():
        np.testing.assert_array_equal(getattr(state, key), value, err_msg=key)
    for key, value in drawn.items():
        np.testing.assert_array_equal(luck.rule[key], value, err_msg=key)
    np.testing.assert_array_equal(ideal, before["ideal"])


@every_rule
def test_runs_do_not_touch_each_other(name):
    scenario = conflict(name)
    world, state, ideal, draws, moved = played(scenario)
    changed = state.stance.copy()
    changed[2] = 100 - changed[2]
    again = world.rule.move(replace(state, stance=changed), ideal, world, draws)
    others = [0, 1, 3, 4]
    np.testing.assert_array_equal(again[others], moved[others])


@every_rule
@pytest.mark.parametrize("whole", ["", ", whole_moves = true"])
def test_one_run_by_itself_is_that_run_among_many_bit_for_bit(name, whole):
    scenario = conflict(name, rule=whole)
    world, state, ideal, _, moved = played(scenario)
    luck = draw(world, 3, 0)
    for run in range(RUNS):
        alone = replace(
            state,
            **{key: getattr(state, key)[run] for key in ("stance", "base", "ideal", "control", "exhaustion")},
        )
        one = world.rule.move(alone, ideal[run], world, luck.of(run).at(1))
        assert one.shape == (6,)
        np.testing.assert_array_equal(one, moved[run])


@every_rule
def test_numbers_that_differ_from_run_to_run_give_each_run_what_it_would_get_alone(name):
    """Salience, influence and leverage with a run axis of their own, as --uncertain makes them."""
    scenario = conflict(name)
    keys = ("actors.A2.salience", "actors.A3.influence", "ties.A4.A0.leverage")
    values = {key: np.linspace(0.2, 0.9, RUNS) * (1 if "leverage" in key else 80) for key in keys}
    together = sim.run_ensemble(scenario, runs=RUNS, seed=1, values=values)
    for run in range(RUNS):
        alone = sim.run_ensemble(scenario.replace({key: float(values[key][run]) for key in keys}), runs=RUNS, seed=1)
        np.testing.assert_array_equal(alone.stance[run], together.stance[run])


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.several_issues])
def test_over_several_issues_runs_may_share_their_stances_and_differ_in_influence(name):
    """What is the same in all runs may leave their axis out."""
    influence = np.array([[50.0, 40.0, 10.0], [10.0, 90.0, 60.0]])
    common = {
        "stance": np.array([0.0, 100.0, 30.0]),
        "further": np.array([[0.0], [100.0], [70.0]]),
        "salience": np.array([60.0, 30.0, 50.0]),
        "further_salience": np.array([[30.0], [60.0], [40.0]]),
    }
    rule = RULES[name]()
    first, further = rule.move_all(SimpleNamespace(**common, influence=influence), None, None)
    assert (first.shape, further.shape) == ((2, 3), (2, 3, 1))
    for run in range(2):
        alone = rule.move_all(SimpleNamespace(**common, influence=influence[run]), None, None)
        np.testing.assert_array_equal(first[run], alone[0])
        np.testing.assert_array_equal(further[run], alone[1])
    assert (first[0] != first[1]).any()


@every_rule
def test_every_number_of_the_rule_can_differ_from_run_to_run(name):
    """Sweeps and sensitivity analyses vary the coefficients of a rule like any others."""
    scenario = conflict(name)
    if name == "expected-utility":
        scenario = scenario.replace({"rule": {"name": name, "q": 0.5, "t": 0.5}})
    keys = {key: item for key, item in scenario.inputs.items() if key.startswith("rule.")}
    assert "rule.speed" in keys
    for key, item in keys.items():
        low = max(item.low, 0.01)
        chosen = np.linspace(low, min(item.high, 100 * low), 3)
        together = sim.run_ensemble(scenario, runs=3, seed=1, values={key: chosen})
        for run in range(3):
            alone = sim.run_ensemble(scenario.replace({key: float(chosen[run])}), runs=3, seed=1)
            np.testing.assert_allclose(alone.stance[run], together.stance[run], rtol=1e-12, err_msg=key)


@every_rule
@pytest.mark.parametrize("influences", [(0, 0, 80, 60, 30, 60), (75, 50, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)])
def test_actors_without_influence_are_no_trouble(name, influences):
    *_, moved = played(conflict(name, influences=influences))
    assert np.isfinite(moved).all()
    assert ((moved >= 0) & (moved <= 100)).all()


@every_rule
def test_a_single_actor_stays_with_what_it_wants(name):
    text = f"""
schema = 1
title = "alone"
start = 2020-01-01
steps = 3
rule = "{name}"
coefficients.opinion.noise = 0
[actors.Alone]
roles = ["mediator"]
stance = 40
salience = 50
influence = 50
assumed = "made up"
"""
    result = sim.run_ensemble(load_text(text, "alone"), runs=2)
    np.testing.assert_allclose(result.stance.values, 40.0, rtol=1e-13)


@every_rule
def test_two_actors_end_between_where_they_began(name):
    scenario = conflict(name, stances=(20, 80), influences=(50, 40)).replace({"coefficients.opinion.noise": 0.0})
    world, state = open_scenario(scenario)
    moved = world.rule.move(state, state.ideal, world, draw(world, 1, 0).of(0).at(0))
    low, high = np.minimum(state.ideal, world.opening).min(), np.maximum(state.ideal, world.opening).max()
    assert ((moved >= low - 1e-9) & (moved <= high + 1e-9)).all()


@every_rule
def test_what_the_war_does_to_a_wish_moves_the_stance(name):
    """Everybody stands and wants the same, then the war makes one want 10 more: it goes up, and nobody goes down."""
    world, state = open_scenario(conflict(name))
    agreed = np.full(6, 50.0)
    state = replace(state, stance=agreed, ideal=agreed)
    ideal = agreed + 10.0 * (np.arange(6) == 2)
    moved = world.rule.move(state, ideal, world, draw(world, 1, 0).of(0).at(0))
    assert moved[2] > 50.5
    assert (moved >= 50 - 1e-9).all()


@every_rule
def test_a_mesa_run_of_the_libya_scenario_is_that_run_of_the_ensemble(name):
    scenario = sim.load_scenario("libya-2020-01").replace({"rule": name, "steps": 56})
    result = sim.run_ensemble(scenario, runs=3, seed=7)
    model = sim.ConflictModel(scenario, seed=7, run=2)
    stances = [model.state.stance]
    for _ in range(20):
        model.step()
        stances.append(model.state.stance)
    np.testing.assert_array_equal(np.stack(stances), result.stance.sel(run=2)[:21])
