"""Accept or refuse: the willingness and the chance worked out by hand, and what pressure can and cannot do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.dynamics.answers import Answers, acceptance, pressure
from simulation.runs.ensemble import run_ensemble
from simulation.runs.setup import open_scenario

NORTH, SOUTH, PATRON, FRIEND = range(4)


@pytest.fixture(scope="module")
def opened(two):
    return open_scenario(two)


def chance(state, offer, world):
    return acceptance(state, offer, pressure(state, offer, world), world)


def standing(state, *stances):
    return replace(state, stance=np.array(stances, dtype=float))


def test_at_the_threshold_yes_and_no_are_equally_likely(opened, offer):
    world, state = opened
    np.testing.assert_array_equal(chance(standing(state, 50, 50, 0, 0), offer(), world), [0.5, 0.5])


def test_ten_points_of_willingness_make_yes_e_times_likelier(opened, offer):
    world, state = opened
    # 1 / (1 + 1/e) = 0.7310586; 30 points below the threshold 1 / (1 + e^3) = 0.0474259
    np.testing.assert_allclose(chance(standing(state, 60, 20, 0, 0), offer(), world), [0.7310586, 0.0474259], atol=1e-7)


def test_a_steadier_hand_and_another_threshold(opened, offer):
    world, state = opened
    world = replace(world, answers=Answers(threshold=40, temperature=5))
    # 10 points over 40, at 5 points: 1 / (1 + e^-2)
    np.testing.assert_allclose(chance(standing(state, 50, 40, 0, 0), offer(), world), [0.8807971, 0.5], atol=1e-7)


def test_a_sponsor_pulls_by_leverage_salience_and_the_gap_to_its_own_stance(opened, offer):
    world, state = opened
    # Patron on North: 0.5 * 80/100 * (40 - 20) = 8 points; it has no tie to South
    np.testing.assert_allclose(pressure(state, offer(), world), [8, 0])
    # 28 against 50: 1 / (1 + e^2.2) = 0.0997505
    assert chance(state, offer(), world)[0] == pytest.approx(0.0997505, abs=1e-7)


def test_a_sponsor_never_pulls_a_party_away_from_a_truce(opened, offer):
    world, state = opened
    np.testing.assert_array_equal(pressure(standing(state, 45, 60, 40, 75), offer(), world), [0, 0])


def with_friend_on_north(state, leverage):
    changed = state.leverage.copy()
    changed[FRIEND, NORTH] = leverage
    return replace(state, leverage=changed)


def test_sponsors_speak_in_turn_and_the_keenest_has_the_last_word(opened, offer):
    world, state = opened
    state = with_friend_on_north(state, 0.2)
    # Patron brings North from 20 to 28; Friend, 0.2 * 0.6 of the way on to 75: 28 + 0.12 * 47 = 33.64
    # Friend alone brings South 0.5 * 0.6 * (75 - 60) = 4.5; Patron has no tie to it
    for order in ([PATRON, FRIEND], [FRIEND, PATRON]):
        np.testing.assert_allclose(pressure(state, offer(order), world), [13.64, 4.5])


def test_two_of_one_mind_leave_what_both_leave(opened, offer):
    world, state = opened
    state = with_friend_on_north(replace(state, stance=np.array([20.0, 60.0, 70.0, 70.0])), 0.5)
    # of a gap of 50 Patron leaves 0.6 and Friend 0.7: 21 points
    np.testing.assert_allclose(pressure(state, offer([PATRON, FRIEND]), world), [29, 3])


def test_however_strong_the_pull_nobody_is_talked_beyond_the_keenest_sponsor(opened, offer):
    world, state = opened
    world = replace(world, answers=world.answers.model_copy(update={"pull": 3.0}))
    state = with_friend_on_north(state, 1.0)
    # 3 * 0.4 of Patron's way is all of it, to 40; 3 * 0.6 of Friend's too, to 75
    np.testing.assert_allclose(pressure(state, offer([PATRON, FRIEND]), world), [55, 13.5])


@given(
    stances=st.lists(st.floats(0, 100), min_size=4, max_size=4),
    ties=st.lists(st.floats(0, 1), min_size=4, max_size=4),
    keener=st.floats(0, 50),
    pull=st.floats(0, 3),
)
def test_another_sponsor_or_a_keener_one_never_lowers_the_pressure(opened, offer, stances, ties, keener, pull):
    world, state = opened
    world = replace(world, answers=world.answers.model_copy(update={"pull": pull}))
    leverage = np.zeros((4, 4))
    leverage[2:, :2] = np.reshape(ties, (2, 2))
    state = replace(state, stance=np.array(stances), leverage=leverage)
    one, both = pressure(state, offer([PATRON]), world), pressure(state, offer([PATRON, FRIEND]), world)
    assert (both >= one - 1e-9).all()
    turned = replace(state, stance=np.minimum(state.stance + np.array([0, 0, 0, keener]), 100))
    assert (pressure(turned, offer([PATRON, FRIEND]), world) >= both - 1e-9).all()
    # within the span of party and sponsors
    assert (both >= 0).all()
    assert (state.stance[:2] + both <= max(stances) + 1e-9).all()


def test_a_sponsor_with_full_leverage_brings_a_party_to_its_own_stance(opened, offer):
    world, state = opened
    leverage = state.leverage.copy()
    leverage[PATRON, NORTH] = 1.0
    state = replace(state, leverage=leverage, salience=np.full(4, 100.0))
    # willing as Patron at 40: 1 / (1 + e)
    assert chance(state, offer(), world)[0] == pytest.approx(0.2689414, abs=1e-7)


def test_a_sponsor_without_leverage_counts_for_exactly_nothing(opened, offer):
    world, state = opened
    loud = standing(state, 20, 60, 100, 100)
    np.testing.assert_array_equal(chance(loud, offer([PATRON]), world)[SOUTH], chance(loud, offer([]), world)[SOUTH])
    np.testing.assert_array_equal(chance(loud, offer([FRIEND]), world)[NORTH], chance(loud, offer([]), world)[NORTH])


def test_an_opponent_takes_away_the_same_wherever_it_stands(opened, offer):
    world, state = opened
    for stance in (0, 40, 100):
        urged = standing(state, 20, 60, stance, 75)
        # 0.5 * 80/100 * 20 points of objection
        np.testing.assert_allclose(pressure(urged, offer([], [PATRON]), world), [-8, 0])


def test_sponsors_and_opponents_are_weighed_against_each_other(opened, offer):
    world, state = opened
    leverage = state.leverage.copy()
    leverage[FRIEND, NORTH] = 0.5
    state = replace(state, leverage=leverage)
    # Patron for it: 8; Friend against it: 0.5 * 0.6 * 20 = 6
    np.testing.assert_allclose(pressure(state, offer([PATRON], [FRIEND]), world), [2, -6])


def test_monitoring_adds_the_guarantee_and_signing_takes_the_bar(opened, offer):
    world, state = opened
    level = standing(state, 50, 50, 0, 0)
    # 50 + 0.4 * 15 = 56; 50 - 8 = 42; both 48: 1 / (1 + e^-0.6), 1 / (1 + e^0.8), 1 / (1 + e^0.2)
    assert chance(level, offer(monitoring=0.4), world)[0] == pytest.approx(0.6456563, abs=1e-7)
    assert chance(level, offer(signed=True), world)[0] == pytest.approx(0.3100255, abs=1e-7)
    assert chance(level, offer(signed=True, monitoring=0.4), world)[0] == pytest.approx(0.4501660, abs=1e-7)


def test_a_declaration_has_a_bar_of_its_own(opened, offer):
    world, state = opened
    world = replace(world, answers=world.answers.model_copy(update={"bar_call": 10.0}))
    assert chance(standing(state, 50, 50, 0, 0), offer(), world)[0] == pytest.approx(0.2689414, abs=1e-7)


def test_terms_and_distrust_count_point_for_point_with_their_own_party(opened, offer):
    world, state = opened
    level = replace(standing(state, 50, 50, 0, 0), distrust=np.array([0.0, 5.0]))
    # North + 10, South - 10 - 5
    np.testing.assert_allclose(chance(level, offer(terms=[10, -10]), world), [0.7310586, 0.1824255], atol=1e-7)


def test_a_party_that_sponsors_its_own_offer_does_not_lean_on_itself(opened, offer):
    world, state = opened
    np.testing.assert_array_equal(pressure(state, offer([NORTH]), world), [0, 0])


def test_the_parties_are_found_wherever_they_stand_in_the_list(three, offer):
    world, state = open_scenario(three)  # Red, Green, Envoy, Blue
    made = offer([2], to=[True, True, True])
    # Envoy on Red: 0.4 * 0.5 * (90 - 30) = 12
    np.testing.assert_allclose(pressure(state, made, world), [12, 0, 0])
    # 42, 50 and 70
    np.testing.assert_allclose(chance(state, made, world), [0.3100255, 0.5, 0.8807971], atol=1e-7)


def test_many_runs_answer_as_each_alone_with_numbers_of_their_own(opened, offer):
    world, state = opened
    rng = np.random.default_rng(2)
    many = replace(state, stance=rng.uniform(0, 100, (6, 4)), leverage=rng.random((6, 4, 4)))
    watched = rng.random((6, 1))
    together = chance(many, offer([PATRON, FRIEND], monitoring=watched), world)
    for run in range(6):
        alone = replace(state, stance=many.stance[run], leverage=many.leverage[run])
        made = offer([PATRON, FRIEND], monitoring=watched[run])
        assert np.array_equal(chance(alone, made, world), together[run])


CALL = """
[[events]]
on = 2020-01-04
offer = { id = "call", sponsors = ["Patron", "Friend"] }
"""


@settings(max_examples=40)
@given(low=st.floats(0, 1), high=st.floats(0, 1), stance=st.floats(20, 100))
def test_more_leverage_of_a_sponsor_for_the_truce_never_lowers_a_chance(tell, low, high, stance):
    # Patron is the only one whom North hears, and wants more of a truce than North does.
    low, high = sorted((low, high))
    story = tell("two", CALL, {"actors.Patron.stance": stance, "actors.North.base": 0, "coefficients.opinion.noise": 0})
    one, other = (
        run_ensemble(story.replace({"ties.Patron.North.leverage": leverage}), runs=20, seed=3)
        for leverage in (low, high)
    )
    assert (one.chance.sel(party="North") <= other.chance.sel(party="North") + 1e-12).all()
    assert np.array_equal(one.chance.sel(party="South"), other.chance.sel(party="South"))
    assert (one.answer.sel(party="North") <= other.answer.sel(party="North")).all()


def test_a_sponsor_whose_leverage_is_zero_might_as_well_not_be_there(tell):
    unheard = tell("two", CALL, {"ties.Patron.North.leverage": 0, "ties.Friend.South.leverage": 0})
    without = tell("two", CALL.replace('"Patron", "Friend"', '"North"'), {"ties.Patron.North.leverage": 0})
    without = without.replace(
        {"ties.Friend.South.leverage": 0, "actors.Patron.stance": 99, "actors.Friend.salience": 1}
    )
    one, other = (run_ensemble(story, runs=50) for story in (unheard, without))
    assert np.array_equal(one.chance, other.chance)
    assert np.array_equal(one.answer, other.answer)
    assert np.array_equal(one.truce, other.truce)


ASK = """
[[events]]
on = 2020-01-03
offer = {{ id = "standing", sponsors = ["Bystander"], to = ["Red"], every = {every}, until = 2020-02-01 }}
"""


@pytest.mark.parametrize(("half_life", "twice", "daily"), [(0, 0.4816, 0.9999), (3650, 0.30, 0.33)])
def test_asking_daily_rather_than_twice_moves_a_yes_little_where_moods_last(still, half_life, twice, daily):
    """Red says yes with 28 % each time it is asked: ln(0.28 / 0.72) = -0.9444616, 9.4 points below the threshold."""
    red = {"actors.Red.stance": 50 - 9.444616, "actors.Red.base": 50 - 9.444616, "steps": 32}
    mood = {"coefficients.answers.mood_half_life": half_life}
    for every, expected in ((15, twice), (1, daily)):
        story = still(ASK.format(every=every), red | mood)
        answers = run_ensemble(story, runs=4000).answer.sel(party="Red")
        asked = answers.sel(offer=[name for name in answers.offer.values if name.startswith("standing")])
        assert (abs(asked.mean("run") - 0.28) < 0.03).all()  # each answer by itself: four standard errors
        some = float((asked == 1).any("offer").mean())
        assert abs(some - expected) < 0.03
