"""Who holds the ground, and what holding it costs: one step worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.dynamics.battle import Battle, fight, strengths, success
from simulation.parameters import entries
from simulation.runs.setup import open_scenario

CALM = Battle(decisiveness=2, mobility=0.02, noise=0, residual=0.1, hurt=0.008, heal=0.01, momentum_half_life=21)
LUCKLESS = np.zeros(2)


@pytest.fixture(scope="module")
def start(two):
    return open_scenario(two)[1]


def step(state, battle=CALM, luck=LUCKLESS, days=1.0, held=None):
    return fight(state, state.control if held is None else held, luck, battle, days)


def test_the_share_of_the_stronger_is_the_published_contest_success():
    # 3 to 1: 9 / (9 + 1) with an exponent of 2, 3 / 4 with 1, 27 / 28 with 3
    np.testing.assert_allclose(success(np.array([3.0, 1.0]), 2.0), [0.9, 0.1], rtol=1e-15)
    np.testing.assert_allclose(success(np.array([3.0, 1.0]), 1.0), [0.75, 0.25], rtol=1e-15)
    np.testing.assert_allclose(success(np.array([3.0, 1.0]), 3.0), [27 / 28, 1 / 28], rtol=1e-15)


def test_three_sides_share_success_in_proportion_to_their_powers():
    # squares 4 : 1 : 1
    np.testing.assert_allclose(success(np.array([40.0, 20.0, 20.0]), 2.0), [2 / 3, 1 / 6, 1 / 6], rtol=1e-15)


def test_a_contest_without_strength_or_of_equals_is_even():
    np.testing.assert_array_equal(success(np.zeros(2), 2.0), [0.5, 0.5])
    np.testing.assert_array_equal(success(np.full(4, 17.0), 2.0), np.full(4, 0.25))


def test_who_has_no_strength_at_all_loses_all_of_it():
    np.testing.assert_array_equal(success(np.array([[5.0, 0.0], [0.0, 0.0]]), 2.0), [[1.0, 0.0], [0.5, 0.5]])


def test_only_ratios_of_strength_count_however_large_or_small():
    for unit in (1e-300, 1e-10, 1.0, 1e300):
        np.testing.assert_allclose(success(np.array([3.0, 1.0]) * unit, 2.0), [0.9, 0.1], rtol=1e-12)


def test_strength_is_a_partys_own_and_what_its_backers_put_behind_it(start):
    # North 30 + 0.6 * 50, South 10 + 0.25 * 40
    np.testing.assert_allclose(strengths(start), [60, 20], rtol=1e-15)


def test_what_is_expected_counts_the_pledges_too(start):
    # South may hope for another 0.5 * 40
    np.testing.assert_allclose(strengths(start, expected=True), [60, 40], rtol=1e-15)


def test_control_goes_over_to_the_balance_of_power_at_the_stated_rate(start):
    # 60 to 20 is a share of 0.9; at 2 % a day a gap of 0.4 shrinks to 0.4 * exp(-0.02) = 0.3920795
    after = step(start)
    np.testing.assert_allclose(after.control, [0.9 - 0.3920795, 0.1 + 0.3920795], atol=1e-7)


def test_half_of_the_gap_is_closed_in_the_time_that_halves_it(start):
    # at a rate of ln 2 per ten days, ten days bring the 0.5 of the opening half-way to 0.9
    battle = CALM.model_copy(update={"mobility": np.log(2) / 10})
    np.testing.assert_allclose(step(start, battle, days=10).control, [0.7, 0.3], rtol=1e-12)


def test_two_half_steps_move_as_much_ground_as_a_whole_one(start):
    halves = step(step(start, days=3.5), days=3.5)
    np.testing.assert_allclose(halves.control, step(start, days=7).control, rtol=1e-14)


def test_what_fortune_gives_to_one_it_takes_from_the_other(start):
    still = CALM.model_copy(update={"mobility": 0.0, "noise": 0.01})
    # e = (1, 0): half the difference either way, times sqrt(2) so that each side's change keeps the stated spread
    after = step(start, still, np.array([1.0, 0.0]))
    np.testing.assert_allclose(after.control, [0.5 + 0.00707107, 0.5 - 0.00707107], atol=1e-8)
    # over four days the spread doubles
    after = step(start, still, np.array([1.0, 0.0]), days=4)
    np.testing.assert_allclose(after.control, [0.5 + 0.01414214, 0.5 - 0.01414214], atol=1e-8)


def test_fortune_among_three_parties(three):
    state = open_scenario(three)[1]
    still = CALM.model_copy(update={"mobility": 0.0, "noise": 0.01})
    # e = (3, 0, 0) less its mean 1 is (2, -1, -1), times sqrt(3/2)
    after = step(state, still, np.array([3.0, 0.0, 0.0]))
    np.testing.assert_allclose(after.control, [0.5244949, 0.2377526, 0.2377526], atol=1e-7)


def test_the_spread_of_a_days_change_is_the_stated_one(three):
    state = open_scenario(three)[1]
    still = CALM.model_copy(update={"mobility": 0.0, "noise": 0.01})
    luck = np.random.default_rng(7).standard_normal((20000, 3))
    change = step(state, still, luck).control - state.control
    # the standard error of a spread over 20,000 draws is 0.5 %: four of them
    np.testing.assert_allclose(change.std(axis=0), 0.01, rtol=0.02)


def test_under_a_truce_a_tenth_of_the_war_goes_on(start):
    truce = replace(start, truce=np.array([True]), scope=np.ones(1))
    # the gap of 0.4 shrinks by exp(-0.002) only
    np.testing.assert_allclose(step(truce).control, [0.9 - 0.3992008, 0.1 + 0.3992008], atol=1e-7)
    still = CALM.model_copy(update={"mobility": 0.0, "noise": 0.01})
    after = step(truce, still, np.array([1.0, 0.0]))
    np.testing.assert_allclose(after.control, [0.500707107, 0.499292893], atol=1e-9)


def test_fighting_against_the_odds_tires_and_rest_heals(start):
    # North: 0.008 * 0.1 - 0.01 * 0.2 = -0.0012; South: 0.008 * 0.9 - 0.01 * 0.1 = 0.0062
    np.testing.assert_allclose(step(start).exhaustion, [0.1988, 0.1062], rtol=1e-12)
    # five days at once: five times as much
    np.testing.assert_allclose(step(start, days=5).exhaustion, [0.194, 0.131], rtol=1e-12)


def test_a_truce_tires_a_tenth_as_much_and_heals_as_ever(start):
    truce = replace(start, truce=np.array([True]), scope=np.ones(1))
    # North: 0.00008 - 0.002; South: 0.00072 - 0.001
    np.testing.assert_allclose(step(truce).exhaustion, [0.19808, 0.09972], rtol=1e-12)


def test_what_squeezes_from_outside_does_so_in_war_and_truce_alike(start):
    for state in (start, replace(start, truce=np.array([True]), scope=np.ones(1))):
        squeezed = replace(state, squeeze=np.array([0.0, 0.003]))
        np.testing.assert_allclose(
            step(squeezed, days=2).exhaustion - step(state, days=2).exhaustion, [0, 0.006], atol=1e-15
        )


def test_nobody_is_more_than_spent_or_fresher_than_fresh(start):
    drained = replace(start, exhaustion=np.array([0.99, 0.0]), squeeze=np.array([1.0, 0.0]))
    won = replace(drained, support=np.zeros((2, 4)), strength=np.array([0.0, 50.0]))
    np.testing.assert_array_equal(step(won).exhaustion, [1.0, 0.0])


def test_momentum_remembers_half_of_what_it_was_and_half_of_what_is_new(start):
    # one half-life of ten days; a tenth of the ground was taken since, by an event: 0.01 a day
    battle = CALM.model_copy(update={"mobility": 0.0, "momentum_half_life": 10.0})
    before = replace(start, momentum=np.array([0.002, -0.002]))
    after = step(before, battle, days=10, held=np.array([0.4, 0.6]))
    np.testing.assert_allclose(after.momentum, [0.006, -0.006], rtol=1e-12)


def test_momentum_fades_by_half_in_its_half_life_where_nothing_moves(start):
    battle = CALM.model_copy(update={"mobility": 0.0})
    state = replace(start, momentum=np.array([0.008, -0.008]))
    for _ in range(21):
        state = step(state, battle)
    np.testing.assert_allclose(state.momentum, [0.004, -0.004], rtol=1e-12)


def test_momentum_is_the_change_a_day_whatever_the_step(start):
    # a steady gain of 0.01 a day, remembered for long enough, is a momentum of 0.01
    battle = CALM.model_copy(update={"mobility": 0.0, "momentum_half_life": 2.0})
    for days in (0.5, 1.0, 7.0):
        state = start
        for _ in range(int(60 / days)):
            state = step(state, battle, days=days, held=state.control - np.array([0.01, -0.01]) * days)
        np.testing.assert_allclose(state.momentum, [0.01, -0.01], rtol=1e-6)


def test_where_nobody_fights_nothing_happens(talks):
    state = open_scenario(talks)[1]
    assert fight(state, state.control, np.zeros(0), CALM, 1.0) is state


def test_a_party_alone_holds_everything(tell):
    lone = tell("talks", changes={"actors.Left.roles": ["party"]})
    state = open_scenario(lone)[1]
    after = fight(state, state.control, np.array([3.0]), CALM.model_copy(update={"noise": 0.1}), 1.0)
    np.testing.assert_array_equal(after.control, [1.0])
    np.testing.assert_array_equal(after.momentum, [0.0])


bounded = st.builds(Battle, **{entry.name: st.floats(entry.low, entry.high) for entry in entries(Battle)})


@given(
    battle=bounded,
    weights=arrays(np.float64, (3, 3), elements=st.floats(0.001, 1)),
    own=arrays(np.float64, 3, elements=st.floats(0, 100)),
    tired=arrays(np.float64, 3, elements=st.floats(0, 1)),
    luck=arrays(np.float64, (3, 3), elements=st.floats(-6, 6)),
    truce=st.booleans(),
    scope=arrays(np.float64, (3, 3), elements=st.floats(0, 1)),
    days=st.floats(0.1, 30),
)
def test_control_stays_on_the_simplex_and_runs_do_not_touch_each_other(
    three, battle, weights, own, tired, luck, truce, scope, days
):
    control = weights / weights.sum(axis=-1, keepdims=True)
    state = replace(
        open_scenario(three)[1],
        control=control,
        strength=own,
        exhaustion=tired,
        truce=np.full((3, 3), truce),
        scope=scope,
        momentum=np.zeros((3, 3)),
    )
    after = fight(state, control, luck, battle, days)
    assert np.array_equal(state.control, control)
    np.testing.assert_allclose(after.control.sum(axis=-1), 1, rtol=1e-12)
    for array in (after.control, after.exhaustion):
        assert array.min() >= 0
        assert array.max() <= 1
    assert np.isfinite(after.momentum).all()
    for run in range(3):
        own_run = replace(state, control=control[run], truce=state.truce[run], scope=scope[run], momentum=np.zeros(3))
        alone = fight(own_run, control[run], luck[run], battle, days)
        for name in ("control", "momentum", "exhaustion"):
            assert np.array_equal(getattr(alone, name), getattr(after, name)[run])


def test_where_a_truce_binds_some_runs_fight_each_with_its_own_strength_and_mobility(three):
    """As numbers that are drawn run by run have it."""
    state = open_scenario(three)[1]
    strength, mobility = np.array([[30.0, 10.0, 20.0], [10.0, 40.0, 5.0]]), np.array([[0.02], [0.05]])
    by_run = replace(
        state,
        control=np.array([[0.5, 0.25, 0.25], [0.2, 0.3, 0.5]]),
        strength=strength,
        truce=np.array([[True, False, False], [False, False, True]]),
        scope=np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 0.5]]),
        exhaustion=np.zeros((2, 3)),
        momentum=np.zeros((2, 3)),
    )
    together = fight(by_run, by_run.control, np.zeros((2, 3)), CALM.model_copy(update={"mobility": mobility}), 3.0)
    for run in range(2):
        names = ("control", "strength", "truce", "scope", "exhaustion", "momentum")
        own_run = replace(by_run, **{name: getattr(by_run, name)[run] for name in names})
        battle = CALM.model_copy(update={"mobility": float(mobility[run, 0])})
        alone = fight(own_run, own_run.control, np.zeros(3), battle, 3.0)
        assert np.abs(alone.control - own_run.control).max() > 0.003
        np.testing.assert_allclose(together.control[run], alone.control, rtol=1e-13)
        np.testing.assert_allclose(together.exhaustion[run], alone.exhaustion, rtol=1e-13)
