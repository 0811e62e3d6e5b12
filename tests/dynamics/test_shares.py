"""Shares of ground: they add up to 1 whatever happens, and a number that is not finite is refused."""

from dataclasses import replace

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.events import Change, put
from simulation.dynamics.shares import shares
from simulation.dynamics.state import State
from simulation.rules.friedkin_johnsen import FriedkinJohnsen
from simulation.runs.ensemble import read_points
from simulation.runs.setup import open_scenario
from simulation.scenario.files import load_text

ALONE = """
schema = 1
title = "One who fights nobody"
start = 2020-01-01
step_days = 1
steps = 6

[coefficients.battle]
mobility = 0

[actors.Alone]
roles = ["party"]
stance = 20
salience = 80
influence = 50
assumed = "made up"

[[events]]
on = 2020-01-03
assumed = "made up"
set = { "actors.Alone.control" = 0 }
"""


def test_parts_are_divided_by_their_sum_and_evenly_where_there_is_none():
    np.testing.assert_array_equal(
        shares(np.array([[1.0, 3.0], [0.0, 0.0], [0.0, 2.0]])), [[0.25, 0.75], [0.5, 0.5], [0.0, 1.0]]
    )
    assert np.isnan(shares(np.array([np.nan, 1.0]))).all()  # what is no number is not made one


@pytest.mark.parametrize(
    ("held", "share", "left"),
    [
        ([0.5, 0.3, 0.2], 0.0, [0.0, 0.6, 0.4]),  # the others keep their proportions
        ([1.0, 0.0, 0.0], 0.4, [0.4, 0.3, 0.3]),  # who held everything gives to the others evenly
        ([np.nextafter(1.0, 0.0), 0.0, 0.0], 0.0, [0.0, 0.5, 0.5]),  # also where it did but for rounding
        ([1.0, 1e-20], 0.25, [0.25, 0.75]),
        ([1.0], 0.0, [1.0]),  # there is nobody to give ground to
    ],
)
def test_ground_set_by_an_event_is_taken_from_the_others_and_adds_up_to_1(held, share, left):
    state = alone_with(held)
    np.testing.assert_allclose(put(state, Change("control", (0,), share, shift=False)).control, left, rtol=1e-12)


def alone_with(held: list[float]) -> State:
    """A state with so much ground for each party."""
    _, state = open_scenario(load_text(ALONE, "alone.toml"))
    return replace(state, control=np.array(held))


def test_a_party_alone_holds_all_ground_though_nothing_moves_and_an_event_takes_it():
    result = sim.run_ensemble(load_text(ALONE, "alone.toml"), runs=3, seed=1)
    np.testing.assert_array_equal(result.control.values, 1.0)
    assert np.isfinite(result.stance.values).all()


def test_ground_that_starts_with_nobody_is_shared_evenly():
    scenario = sim.load_scenario("libya-2020-01")
    nothing = {f"actors.{party}.control": np.zeros(2) for party in ("LNA", "GNA")}
    result = sim.run_ensemble(scenario, runs=2, seed=1, values=nothing)
    np.testing.assert_array_equal(result.control.isel(step=0).values, 0.5)


@pytest.mark.parametrize("keep", ["trajectories", "summary"])
def test_a_number_that_is_none_is_refused_with_its_name_its_day_and_its_run(libya, monkeypatch, keep):
    right = FriedkinJohnsen.target

    def wrong(self, stance, *rest):
        target = right(self, stance, *rest)
        if stance.ndim > 1 and len(stance) > 2:
            target[2, 1] = np.nan
        return target

    monkeypatch.setattr(FriedkinJohnsen, "target", wrong)
    with pytest.raises(sim.ScenarioError, match=r"stance of GNA is nan on 2020-01-07 \(step 1\) in run 2"):
        sim.run_ensemble(libya, runs=4, seed=1, keep=keep)


def test_a_point_at_which_a_number_is_none_is_told_by_its_values(libya, monkeypatch):
    right = FriedkinJohnsen.target
    monkeypatch.setattr(
        FriedkinJohnsen,
        "target",
        lambda self, *given: np.where(given[2].support.max(axis=(-2, -1))[:, None] > 1.5, np.nan, right(self, *given)),
    )
    values = {"ties.UAE.LNA.support": np.array([0.5, 2.0])}
    with pytest.raises(sim.ScenarioError, match=r"ties\.UAE\.LNA\.support = 2:"):
        read_points(libya, ["stance.LNA"], values, runs=3, seed=1)
