"""Truces of two parties among several, with scope, term, delay and conditions: worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.linalg import expm

import simulation as sim
from simulation.dynamics.battle import Battle, exponential, fight
from simulation.dynamics.truce import ALONE, ENDINGS, balance_of, begin, cumulative_hazard, hazard, hold
from simulation.runs.setup import open_scenario

CALM = Battle(decisiveness=2, mobility=0.02, noise=0, residual=0, hurt=0.008, heal=0.01, momentum_half_life=21)
RED_GREEN, RED_BLUE, GREEN_BLUE = np.eye(3)
"""The pairs of Red, Green and Blue, in the order of the state."""

LUCKY = np.ones(3)
UNPRESSED = np.zeros(3)
ALL = [True, True, True]
A_WEEK = np.log(2) / 7
BROKEN, LAPSED, REPLACED = 1, 2, 3


@pytest.fixture(scope="module")
def opened(three):
    """Red, Green and Blue at 2 to 1 to 1 in strength and ground, all of middling stance."""
    world, state = open_scenario(three)
    return world, replace(state, stance=np.full(4, 50.0))


@pytest.fixture(scope="module")
def duel(two):
    world, state = open_scenario(two)
    return world, replace(state, stance=np.array([50.0, 50.0, 0.0, 100.0]))


def under(state, scope):
    return replace(state, truce=np.asarray(scope) > 0, scope=np.asarray(scope, dtype=float))


def step(state, battle=CALM, luck=UNPRESSED, days=1.0):
    return fight(state, state.control, luck, battle, days)


def sign(opened, offer, answers, pressed=None, state=None):
    world, start = opened
    answers = np.array(answers, dtype=float)
    return begin(state or start, offer, answers, np.zeros(len(answers)) if pressed is None else pressed, world)


def live(opened, state, steps, luck=None):
    """The states of so many steps of holding, all of them lucky unless told otherwise."""
    world, _ = opened
    luck = np.ones(len(world.pairs)) if luck is None else luck
    states = [state]
    for number in range(steps):
        before = states[-1]
        before = replace(before, ending=np.zeros_like(before.ending)) if number else before
        stood = before.truce if number else np.zeros_like(before.truce)  # the first is the step of the agreement
        states.append(hold(before, stood, luck, world))
    return states[1:]


# The battle


def test_where_two_keep_a_truce_ground_changes_hands_with_the_third_alone(opened):
    # shares 2/3, 1/6, 1/6 and ground 1/2, 1/4, 1/4; Red and Blue: 0.02 (2/3 * 1/4 - 1/6 * 1/2) = 0.0016667 a day;
    # Green and Blue are even
    after = step(under(opened[1], RED_GREEN), days=1e-4)
    change = (after.control - opened[1].control) / 1e-4
    np.testing.assert_allclose(change, [0.02 / 12, 0, -0.02 / 12], atol=1e-7)


def test_a_truce_of_two_leaves_the_ground_and_the_hurt_of_the_third_as_they_were(opened):
    war, truce = step(opened[1], days=1e-4), step(under(opened[1], RED_GREEN), days=1e-4)
    np.testing.assert_allclose(truce.control[2] - 0.25, war.control[2] - 0.25, rtol=1e-4)
    assert truce.exhaustion[2] == pytest.approx(war.exhaustion[2], rel=1e-12)


def test_a_party_is_hurt_by_those_it_fights(opened):
    # Red is threatened by Blue's sixth alone, Green by the same, Blue by two thirds and a sixth
    after = step(under(opened[1], RED_GREEN))
    np.testing.assert_allclose(after.exhaustion, [0.008 / 6, 0.008 / 6, 0.008 * 5 / 6], rtol=1e-12)


def test_a_party_at_peace_with_everybody_is_hurt_by_what_goes_on_under_a_truce(opened):
    battle = CALM.model_copy(update={"residual": 0.1})
    after = step(under(opened[1], RED_GREEN + RED_BLUE), battle)
    np.testing.assert_allclose(after.exhaustion, [0.0008 / 3, 0.008 / 6 + 0.0008 * 2 / 3, 0.008 / 6 + 0.0008 * 2 / 3])


@pytest.mark.parametrize("scope", [(0, 0, 0), (1, 0, 0), (0, 1, 0), (0.5, 0.2, 0), (0.9, 0.9, 0.9)])
def test_ground_comes_to_rest_at_the_shares_of_power_whoever_keeps_a_truce_with_whom(opened, scope):
    state = under(opened[1], scope)
    for _ in range(200):
        state = step(state, days=100)
    np.testing.assert_allclose(state.control, [2 / 3, 1 / 6, 1 / 6], atol=1e-9)


def test_in_open_war_three_fight_the_contest_of_all(opened):
    # a gap of 2/3 - 1/2 = 1/6 shrinks by exp(-0.02)
    np.testing.assert_allclose(step(opened[1]).control[0], 2 / 3 - np.exp(-0.02) / 6, rtol=1e-12)


def test_a_party_without_strength_or_ground_changes_nothing_between_the_others(opened):
    _, state = opened
    state = replace(state, strength=np.array([40.0, 20.0, 0.0]), control=np.array([0.5, 0.5, 0.0]))
    for scope in (np.zeros(3), RED_GREEN / 2):
        # 4 to 1 is a share of 0.8; with half of the fighting stilled at half of the pace
        pace = 0.02 * (1 - scope[0])
        after = step(under(state, scope))
        np.testing.assert_allclose(after.control, [0.8 - 0.3 * np.exp(-pace), 0.2 + 0.3 * np.exp(-pace), 0], rtol=1e-9)


def test_half_a_truce_stills_half_of_what_a_whole_one_would(duel):
    battle = CALM.model_copy(update={"residual": 0.1})
    half = fight(under(duel[1], [0.5]), duel[1].control, np.zeros(2), battle, 1.0)
    # intensity 1 - 0.9 / 2 = 0.55
    assert half.control[0] == pytest.approx(0.9 - 0.4 * np.exp(-0.02 * 0.55), rel=1e-12)
    assert half.exhaustion[1] == pytest.approx(0.1 + 0.008 * 0.55 * 0.9 - 0.01 * 0.1, rel=1e-12)


def test_fortune_passes_between_those_who_fight(opened):
    still = CALM.model_copy(update={"mobility": 0.0, "noise": 0.01})
    # e = (3, 0, 0): Red and Blue differ by 3, over sqrt(6); nothing passes between Red and Green
    after = step(under(opened[1], RED_GREEN), still, np.array([3.0, 0.0, 0.0]))
    np.testing.assert_allclose(after.control, [0.5 + 0.0122474, 0.25, 0.25 - 0.0122474], atol=1e-7)


def test_the_exponential_is_that_of_the_library_for_slow_and_for_fast_flows():
    for size in (1e-6, 0.02, 1.0, 15.0, 180.0):
        flows = size * np.array([[0, 0.5, 0.1], [0.2, 0, 0.0], [0.3, 0.4, 0]])
        expected = expm(flows - np.diag(flows.sum(axis=0)))
        np.testing.assert_allclose(exponential(flows), expected, atol=1e-8)
        assert np.array_equal(exponential(np.stack([flows, flows]))[1], exponential(flows))


# Who is bound


def test_an_offer_to_two_of_three_binds_that_pair_alone(opened, offer):
    made = offer(to=[True, True, False])
    assert list(sign(opened, made, [1, 1, np.nan]).truce) == [True, False, False]
    assert not sign(opened, made, [1, 0, np.nan]).truce.any()


def test_an_offer_to_all_binds_every_pair_that_says_yes(opened, offer):
    made = offer(to=ALL)
    for answers, bound in (
        ([1, 1, 1], [1, 1, 1]),
        ([1, 1, 0], [1, 0, 0]),
        ([0, 1, 1], [0, 0, 1]),
        ([0, 1, 0], [0] * 3),
    ):
        assert list(sign(opened, made, answers).truce) == [bool(one) for one in bound]


def test_an_offer_that_asks_one_is_with_those_that_make_it_and_else_with_all(opened, offer):
    # the actors are Red, Green, Envoy and Blue
    assert list(sign(opened, offer([3], to=[True, False, False]), [1, np.nan, np.nan]).truce) == [False, True, False]
    assert list(sign(opened, offer([2], to=[True, False, False]), [1, np.nan, np.nan]).truce) == [True, True, False]


def test_whoever_broke_a_truce_is_distrusted_by_the_other_of_the_two_and_by_no_third(opened):
    world, state = opened
    state = replace(under(state, RED_GREEN + GREEN_BLUE), stance=np.array([20.0, 60.0, 0.0, 70.0]))
    after = hold(state, state.truce, np.array([0.0, 0.0, 1.0]), world)  # Red breaks with Green; Blue's truce holds
    np.testing.assert_array_equal(after.distrust, [0, 10, 0])
    np.testing.assert_array_equal(after.truce, [False, False, True])
    np.testing.assert_array_equal(after.ending, [BROKEN, 0, 0])
    assert ENDINGS[BROKEN - 1] == "broken"


def test_the_hazard_of_a_pair_is_that_of_the_less_willing_of_its_two(opened, offer):
    world, _ = opened
    state = replace(sign(opened, offer(to=ALL), [1, 1, 1]), stance=np.array([0.0, 50.0, 9.0, 100.0]))
    np.testing.assert_allclose(hazard(state, world), A_WEEK * np.array([np.e, np.e, 1.0]))


def test_pressure_on_a_third_party_does_not_shorten_the_truce_of_two(opened, offer):
    state = sign(opened, offer(to=ALL), [1, 1, 1], np.array([0.0, 0.0, 100.0]))
    np.testing.assert_allclose(hazard(state, opened[0]), A_WEEK * np.array([1.0, np.e, np.e]))


# Scope, term, delay


def test_a_truce_stills_what_its_scope_says(duel, offer):
    assert sign(duel, offer(scope=0.4), [1, 1]).scope == [0.4]
    assert sign(duel, offer(), [1, 1]).scope == [1.0]


@pytest.mark.parametrize(
    ("term", "step_days", "steps"), [(14, 1, 14), (14, 7, 2), (10, 7, 1), (11, 7, 2), (3, 7, 1), (0.2, 1, 1)]
)
def test_a_truce_lapses_at_its_term_to_the_nearest_step_and_nobody_is_blamed(duel, offer, term, step_days, steps):
    world = replace(duel[0], step_days=float(step_days))
    state = begin(duel[1], offer(days=float(term)), np.ones(2), np.zeros(2), world)
    states = live((world, None), state, steps + 2)
    # it is agreed in the first of them, in force in so many more, and over in the last of these
    assert [bool(one.truce[0]) for one in states] == [True] * steps + [False] * 2
    assert [int(one.ending[0]) for one in states] == [0] * steps + [LAPSED, 0]
    assert not states[-1].distrust.any()
    assert (states[-1].scope, states[-1].left, states[-1].age) == ([0], [np.inf], [0])


def test_an_open_truce_never_lapses(duel, offer):
    assert live(duel, sign(duel, offer(), [1, 1]), 500)[-1].truce == [True]


def test_a_truce_broken_on_its_last_day_was_broken(duel, offer):
    [_, *states] = live(duel, sign(duel, offer(days=1.0), [1, 1]), 2, luck=np.zeros(1))
    assert states[0].ending == [BROKEN]
    assert states[0].distrust.sum() == 20  # both stand alike, and blame each other


def test_a_truce_that_is_to_begin_later_stills_nothing_until_then(duel, offer):
    state = sign(duel, offer(delay=3.0, days=2.0), [1, 1])
    assert not state.truce.any()
    states = live(duel, state, 7)
    assert [bool(one.truce[0]) for one in states] == [False, False, False, True, True, False, False]
    assert [float(one.age[0]) for one in states[:5]] == [-3, -2, -1, 0, 1]
    war = fight(states[1], states[1].control, np.zeros(2), CALM, 1.0)
    assert war.control[0] == pytest.approx(0.9 - 0.4 * np.exp(-0.02))


def test_a_truce_that_is_yet_to_begin_cannot_break(duel, offer):
    states = live(duel, sign(duel, offer(delay=3.0), [1, 1]), 4, luck=np.zeros(1))
    assert states[-1].truce == [True]
    assert not states[-1].distrust.any()


def test_a_delay_shorter_than_half_a_step_is_none(duel, offer):
    assert sign(duel, offer(delay=0.4), [1, 1]).truce == [True]


# Renewal


@pytest.mark.parametrize(
    ("delay", "step_days", "waits"), [(0, 2, 0), (1, 2, 1), (1, 3, 0), (2, 3, 1), (1, 1, 1), (7, 7, 1)]
)
def test_a_delay_is_kept_to_the_nearest_step_and_of_half_a_step_to_the_later(duel, offer, delay, step_days, waits):
    world, state = duel
    world = replace(world, step_days=float(step_days))
    agreed = sign((world, state), offer(delay=float(delay)), [1, 1])
    assert agreed.truce == [waits == 0]
    stands = [bool(after.truce[0]) for after in live((world, state), agreed, 3)]
    assert stands == [waits == 0, True, True]


def test_an_offer_accepted_at_once_takes_the_place_of_one_that_was_yet_to_begin(duel, offer):
    later = sign(duel, offer(delay=5.0), [1, 1])
    assert (later.truce, later.age) == ([False], [-6])
    now = sign(duel, offer(), [1, 1], state=later)
    assert (now.truce, now.age) == ([True], [0])
    assert now.ending.dtype == np.int8


def test_an_offer_accepted_under_a_truce_replaces_it_on_whichever_terms_hold_better(duel, offer):
    first = live(duel, sign(duel, offer(scope=0.5, days=5.0), [1, 1]), 3)[-1]
    assert first.left == [3]
    again = sign(duel, offer(scope=0.2, days=30.0, signed=True), [1, 1], state=first)
    assert again.ending == [REPLACED]
    assert (again.truce, again.age, again.scope) == ([True], [2], [0.5])
    assert hazard(again, duel[0]) == pytest.approx(np.log(2) / 117)
    assert live(duel, again, 1)[-1].left == [30]
    worse = sign(duel, offer(days=1.0), [1, 1], state=again)
    assert worse.left == again.left
    assert worse.strain == again.strain


def test_a_truce_that_is_replaced_costs_no_trust(duel, offer):
    first = live(duel, sign(duel, offer(days=5.0), [1, 1]), 3)[-1]
    assert not sign(duel, offer(days=30.0), [1, 1], state=first).distrust.any()


# One side alone


def test_who_makes_a_unilateral_offer_halts_its_own_attacks_until_its_patience_ends(duel, offer):
    # North makes it and asks South alone
    made = offer([0], to=[False, True], kind="unilateral")
    state = sign(duel, made, [np.nan, 0])
    assert (state.truce, state.scope) == ([False], [ALONE])
    states = live(duel, state, 12, luck=np.zeros(1))
    assert [float(one.scope[0]) for one in states] == [0.5] * 10 + [0] * 2  # ten days of patience, to the tenth
    assert not any(one.ending.any() or one.distrust.any() for one in states)


def test_its_term_may_end_before_its_patience_does(duel, offer):
    made = offer([0], to=[False, True], kind="unilateral", days=4.0)
    states = live(duel, sign(duel, made, [np.nan, 0]), 6)
    assert [float(one.scope[0]) for one in states] == [0.5] * 4 + [0] * 2


def test_answered_with_yes_it_is_a_truce_like_any(duel, offer):
    made = offer([0], to=[False, True], kind="unilateral")
    state = sign(duel, made, [np.nan, 1])
    assert (state.truce, state.scope) == ([True], [1.0])


def test_who_is_asked_of_its_own_unilateral_offer_halts_only_where_it_says_yes(duel, offer):
    made = offer([0], kind="unilateral")
    assert sign(duel, made, [1, 0]).scope == [ALONE]
    assert sign(duel, made, [0, 1]).scope == [0]


def test_nobody_halts_alone_without_patience_or_in_an_offer_of_another_kind(duel, offer):
    world, state = duel
    hasty = replace(world, truces=world.truces.model_copy(update={"patience": 0.0}))
    made = offer([0], to=[False, True], kind="unilateral")
    assert begin(state, made, np.array([np.nan, 0.0]), np.zeros(2), hasty).scope == [0]
    assert sign(duel, replace(made, kind="bilateral"), [np.nan, 0]).scope == [0]
    assert sign(duel, offer([2], kind="unilateral"), [1, 0]).scope == [0]  # an outsider has nothing to halt


def test_a_unilateral_offer_to_two_is_between_its_maker_and_each(opened, offer):
    made = offer([0], to=[False, True, True], kind="unilateral")
    state = sign(opened, made, [np.nan, 1, 0])
    np.testing.assert_array_equal(state.truce, [True, False, False])
    np.testing.assert_array_equal(state.scope, [1, 0.5, 0])


def test_a_unilateral_offer_to_one_of_two_is_between_its_maker_and_that_one(opened, offer):
    red, green = 0, 1  # actors; Red halts towards Green, and Blue has no part in it
    for maker, asked, pair in ((red, green, RED_GREEN), (green, red, RED_GREEN), (red, 2, RED_BLUE)):
        to = [party == asked for party in range(3)]
        made = offer([maker], kind="unilateral", to=to)
        assert sign(opened, made, np.where(to, 1.0, np.nan)).truce.tolist() == (pair == 1).tolist()


def test_an_offer_that_a_party_makes_to_all_binds_the_others_among_themselves_too(opened, offer):
    assert sign(opened, offer([0], kind="bilateral", to=ALL), [1, 1, 1]).truce.all()


@pytest.mark.parametrize("patience", [0.5, 1.0])
def test_who_halts_alone_for_part_of_the_fighting_stills_half_of_that(opened, offer, patience):
    world, state = opened
    world = replace(world, truces=world.truces.model_copy(update={"patience": patience}))
    truce = replace(state, truce=GREEN_BLUE > 0, scope=GREEN_BLUE, left=np.array([np.inf, np.inf, 30.0]))
    made = offer([0], kind="unilateral", to=[False, True, False], scope=0.4)
    halted = sign((world, truce), made, [np.nan, 0, np.nan])
    np.testing.assert_allclose(halted.scope, [0.2, 0, 1])
    np.testing.assert_allclose(halted.left, [2, np.inf, 30])  # a step at the least, and the step of the offer


def test_where_the_offer_is_not_made_nobody_halts(duel, offer):
    world, state = duel
    made = offer([0], to=[False, True], kind="unilateral")
    both = begin(state, made, np.array([[np.nan, 0.0], [np.nan, np.nan]]), np.zeros((2, 2)), world)
    np.testing.assert_array_equal(both.scope, [[0.5], [0.0]])


# A yes with conditions


def test_a_yes_with_conditions_starts_a_truce_of_smaller_scope_and_shorter_life(duel, offer):
    world, _ = duel
    full, half = sign(duel, offer(scope=0.5), [1, 1]), sign(duel, offer(scope=0.5), [1, 0.5])
    assert half.scope == pytest.approx([0.5 * 0.6])
    assert hazard(half, world) / hazard(full, world) == pytest.approx(np.exp(0.7))


def test_conditions_of_one_party_bear_on_its_own_truces_alone(opened, offer):
    state = sign(opened, offer(to=ALL), [1, 1, 0.5])
    np.testing.assert_allclose(state.scope, [1, 0.6, 0.6])


def test_conditions_can_be_switched_off(duel, offer):
    world, state = duel
    off = replace(world, truces=world.truces.model_copy(update={"partial_scope": 1.0, "conditional": 0.0}))
    full, half = (begin(state, offer(), np.array(said), np.zeros(2), off) for said in ([1.0, 1.0], [0.5, 1.0]))
    assert (half.scope, half.strain) == (full.scope, full.strain)


# Power that shifts


def test_power_that_has_moved_since_they_agreed_raises_the_hazard(duel, offer):
    world, state = duel
    wary = replace(world, truces=world.truces.model_copy(update={"shift": 2.0}))
    # North 60, South 20 and 20 pledged: squares 9 to 4, a share of 9/13; without the pledge 9 to 1, of 9/10
    agreed = begin(state, offer(), np.ones(2), np.zeros(2), wary)
    assert agreed.balance == pytest.approx([9 / 13])
    assert hazard(agreed, wary) == pytest.approx(A_WEEK)
    alone = replace(agreed, pledge=np.zeros_like(agreed.pledge))
    assert hazard(alone, wary) == pytest.approx(A_WEEK * np.exp(2 * (0.9 - 9 / 13)))


def test_the_balance_of_a_pair_is_that_of_the_two_whatever_the_third_has(opened):
    world, state = opened
    # 2 to 1 to 1 in strength is 4 to 1 to 1 in success
    np.testing.assert_allclose(balance_of(state, world), [0.8, 0.8, 0.5])
    # of two without any strength neither has more
    helpless = replace(state, strength=np.array([40.0, 0.0, 0.0]))
    np.testing.assert_allclose(balance_of(helpless, world), [1, 1, 0.5])


def test_with_a_shift_of_nothing_power_may_move_as_it_likes(duel, offer):
    world, state = duel
    off = replace(world, truces=world.truces.model_copy(update={"shift": 0.0}))
    agreed = begin(state, offer(), np.ones(2), np.zeros(2), off)
    alone = replace(agreed, pledge=np.zeros_like(agreed.pledge))
    assert hazard(alone, off) == hazard(agreed, off) == pytest.approx(A_WEEK)


# Whole runs

THREE_AT_TABLE = """
[[events]]
on = 2020-01-02
offer = { id = "pause", sponsors = ["Envoy"], to = ["Red", "Green"], days = 3 }
"""

WILLING = {"coefficients.answers.threshold": 0.0, "coefficients.answers.temperature": 0.1}


def test_a_result_tells_pairs_and_endings_apart(tell, quiet):
    safe = {"coefficients.truces.declared_days": 3650.0}
    result = sim.run_ensemble(tell("three", THREE_AT_TABLE, quiet | WILLING | safe), runs=20)
    assert list(result.pair.values) == ["Red+Green", "Red+Blue", "Green+Blue"]
    assert result.pair_truce.dims == result.ending.dims == ("run", "step", "pair")
    unbroken = result.sel(run=~(result.ending == BROKEN).any(("step", "pair")))
    assert unbroken.sizes["run"] > 15
    # agreed on the second day, in force from the third to the fifth
    in_force = unbroken.pair_truce.sel(pair="Red+Green").isel(run=0).values
    assert list(np.flatnonzero(in_force)) == [2, 3, 4]
    assert list(np.flatnonzero(unbroken.ending.sel(pair="Red+Green").isel(run=0))) == [5]
    assert not result.pair_truce.sel(pair=["Red+Blue", "Green+Blue"]).any()
    assert not result.truce.any()  # not among all


def test_a_run_of_a_war_of_three_alone_is_that_run_among_many(tell):
    story = tell("three", THREE_AT_TABLE, WILLING | {"coefficients.truces.shape": 0.5})
    result = sim.run_ensemble(story, runs=5)
    for run in (0, 4):
        model = sim.ConflictModel(story, run=run)
        for number in range(story.steps + 1):
            here = result.sel(run=run, step=number)
            np.testing.assert_array_equal(model.state.truce, here.pair_truce)
            np.testing.assert_array_equal(model.state.ending, here.ending)
            for name in ("control", "exhaustion", "stance"):
                np.testing.assert_array_equal(getattr(model.state, name), here[name])
            if model.running:
                model.step()


def test_age_counts_from_when_the_truce_began_whatever_was_waited_for(duel, offer):
    world, state = duel
    ageing = replace(world, truces=world.truces.model_copy(update={"shape": 0.5}))
    waiting = begin(state, offer(delay=5.0), np.ones(2), np.zeros(2), ageing)
    begun = begin(state, offer(), np.ones(2), np.zeros(2), ageing)
    assert cumulative_hazard(waiting, ageing) == cumulative_hazard(begun, ageing)
