"""Friedkin and Johnsen's rule by hand, in its limits, and in the long run they worked out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.rules.friedkin_johnsen import FriedkinJohnsen, friedkin_johnsen, listening
from simulation.runs.setup import open_scenario

points = st.floats(0, 100, allow_subnormal=False)
share = st.floats(0, 1, allow_subnormal=False)


def test_a_party_alone_keeps_to_what_it_wants():
    moved = friedkin_johnsen(np.array([20.0]), np.array([12.0]), np.eye(1), openness=0.25)
    np.testing.assert_allclose(moved, [14.0])  # a quarter of 20, three quarters of 12


def test_the_closed_go_their_own_way_and_the_open_follow_their_neighbours():
    stance, ideal = np.array([10.0, 50.0, 90.0]), np.array([0.0, 40.0, 100.0])
    weights = np.array([[0.0, 0.25, 0.75], [0.5, 0.0, 0.5], [1.0, 0.0, 0.0]])
    np.testing.assert_array_equal(friedkin_johnsen(stance, ideal, weights, 0.0), ideal)
    # DeGroot: 50/4 + 90 * 3/4, (10 + 90)/2, 10
    np.testing.assert_allclose(friedkin_johnsen(stance, ideal, weights, 1.0), [80, 50, 10])
    # half and half, each actor with an openness of its own
    np.testing.assert_allclose(friedkin_johnsen(stance, ideal, weights, np.array([0.5, 1.0, 0.0])), [40, 50, 100])


def test_one_listens_by_leverage_salience_and_influence():
    leverage = np.zeros((3, 3))
    leverage[1, 0], leverage[2, 0], leverage[0, 2] = 0.5, 0.25, 0.1
    weights = listening(leverage, np.array([10.0, 80.0, 40.0]), np.array([99.0, 50.0, 50.0]))
    # on the first: 0.5 * 80 * 50 = 2000 against 0.25 * 40 * 50 = 500; on the third only the first, be it ever so little
    np.testing.assert_allclose(weights, [[0, 0.8, 0.2], [0, 1, 0], [1, 0, 0]])


def test_leverage_runs_from_the_row_to_the_column():
    leverage = np.array([[0.0, 1.0], [0.0, 0.0]])  # the first leans on the second
    np.testing.assert_array_equal(listening(leverage, np.ones(2), np.ones(2)), [[1, 0], [1, 0]])


def test_who_does_not_care_or_has_no_influence_is_not_heard():
    leverage = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.5, 0.0, 0.0]])
    for salience, influence in (([100, 0, 100], [100, 100, 100]), ([100, 100, 100], [100, 0, 100])):
        weights = listening(leverage, np.array(salience, float), np.array(influence, float))
        np.testing.assert_array_equal(weights[0], [0, 0, 1])


def test_many_runs_listen_as_each_alone():
    rng = np.random.default_rng(1)
    leverage, salience = rng.random((4, 5, 5)), rng.uniform(0, 100, (4, 5))
    weights = listening(leverage, salience, np.full(5, 30.0))
    for run in range(4):
        assert np.array_equal(listening(leverage[run], salience[run], np.full(5, 30.0)), weights[run])
    # leverage the same in all runs, salience not
    shared = listening(leverage[0], salience, np.full(5, 30.0))
    assert np.array_equal(shared[2], listening(leverage[0], salience[2], np.full(5, 30.0)))


@given(leverage=arrays(np.float64, (4, 4), elements=share), weight=arrays(np.float64, 4, elements=points))
def test_weights_are_shares(leverage, weight):
    weights = listening(leverage, np.full(4, 100.0), weight)
    assert weights.min() >= 0
    np.testing.assert_allclose(weights.sum(axis=-1), 1)


@given(
    stance=arrays(np.float64, (2, 4), elements=points),
    ideal=arrays(np.float64, (2, 4), elements=points),
    openness=share,
)
def test_nobody_leaves_the_span_of_stances_and_wishes(stance, ideal, openness):
    weights = np.full((4, 4), 0.25)
    moved = friedkin_johnsen(stance, ideal, weights, openness)
    low = np.minimum(stance.min(axis=-1, keepdims=True), ideal.min(axis=-1, keepdims=True))
    high = np.maximum(stance.max(axis=-1, keepdims=True), ideal.max(axis=-1, keepdims=True))
    assert (moved >= low - 1e-9).all()
    assert (moved <= high + 1e-9).all()


@pytest.fixture
def opened(two):
    return open_scenario(two)


def moved(rule, opened, stance, ideal, days=1.0):
    world, state = opened
    return rule.move(replace(state, stance=stance), ideal, replace(world, step_days=days), None)


def test_a_step_closes_the_share_of_the_way_that_its_days_allow(opened):
    # North listens to Patron alone, South to Friend; the backers to themselves
    stance, ideal = np.array([20.0, 60.0, 40.0, 75.0]), np.array([0.0, 80.0, 40.0, 75.0])
    rule = FriedkinJohnsen(openness=0.5, speed=np.log(2) / 10)
    # targets: (40 + 0)/2 = 20, (75 + 80)/2 = 77.5; ten days are half of the way, twenty three quarters
    np.testing.assert_allclose(moved(rule, opened, stance, ideal, 10), [20, 68.75, 40, 75])
    np.testing.assert_allclose(moved(rule, opened, stance, ideal, 20), [20, 73.125, 40, 75])


def test_as_published_a_step_goes_all_the_way(opened):
    stance, ideal = np.array([20.0, 60.0, 40.0, 75.0]), np.array([0.0, 80.0, 40.0, 75.0])
    rule = FriedkinJohnsen(openness=0.5, whole_moves=True)
    np.testing.assert_allclose(moved(rule, opened, stance, ideal), [20, 77.5, 40, 75])


def test_in_the_long_run_stances_are_where_friedkin_and_johnsen_say(opened):
    # Friedkin & Johnsen (1990): the fixed point is (I - L W)^-1 (I - L) ideal, L the diagonal matrix of openness
    world, state = opened
    rng = np.random.default_rng(5)
    leverage = rng.random((4, 4)) * (1 - np.eye(4))
    state = replace(state, leverage=leverage)
    ideal = np.array([5.0, 90.0, 40.0, 60.0])
    rule = FriedkinJohnsen(openness=0.6, speed=0.3)
    drawn = leverage.T * (state.salience * state.influence)
    weights = drawn / drawn.sum(axis=1, keepdims=True)
    expected = np.linalg.solve(np.eye(4) - 0.6 * weights, 0.4 * ideal)
    for start in (np.zeros(4), np.full(4, 100.0)):
        stance = start
        for _ in range(300):
            stance = moved(rule, (world, state), stance, ideal)
        np.testing.assert_allclose(stance, expected, atol=1e-9)


def test_without_an_anchor_the_talks_end_in_agreement_with_the_one_who_listens_to_nobody(talks):
    world, state = open_scenario(talks)
    rule = FriedkinJohnsen(openness=1.0, speed=0.5)
    stance = state.stance
    for _ in range(100):
        stance = rule.move(replace(state, stance=stance), state.stance, world, None)
    # Right leans on Left; nobody on Centre or Right
    np.testing.assert_allclose(stance, [90, 50, 90], atol=1e-9)


def test_agreement_lasts(opened):
    agreed = np.full(4, 37.5)
    np.testing.assert_allclose(moved(FriedkinJohnsen(openness=0.3), opened, agreed, agreed), agreed, rtol=1e-15)


def test_a_rule_leaves_what_it_is_given_alone(opened):
    world, state = opened
    stance, ideal = state.stance.copy(), state.ideal.copy()
    FriedkinJohnsen().move(state, state.ideal, world, None)
    assert np.array_equal(state.stance, stance)
    assert np.array_equal(state.ideal, ideal)
