"""Refuse, accept with conditions, accept: willingness and chances by hand, and what pressure can and cannot do."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.dynamics.answers import KINDS, acceptance, told, willingness
from simulation.dynamics.truce import spurn
from simulation.runs.ensemble import run_ensemble
from simulation.runs.setup import open_scenario

NORTH, SOUTH, PATRON, FRIEND = range(4)


@pytest.fixture(scope="module")
def opened(two):
    return open_scenario(two)


def pressure(state, offer, world):
    return willingness(state, offer, world).pressure


def chance(state, offer, world):
    return acceptance(willingness(state, offer, world).total, world).yes


def with_answers(world, **coefficients):
    return replace(world, answers=world.answers.model_copy(update=coefficients))


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
    world = with_answers(world, threshold=40, temperature=5)
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


def test_what_two_opponents_take_away_adds_up(opened, offer):
    world, state = opened
    state = with_friend_on_north(state, 0.2)
    # of 20 points North hears 0.5 * 0.8 of Patron and 0.2 * 0.6 of Friend; South hears 0.5 * 0.6 of Friend
    for order in ([PATRON, FRIEND], [FRIEND, PATRON]):
        np.testing.assert_allclose(pressure(state, offer([], order), world), [-10.4, -6])
    np.testing.assert_allclose(willingness(state, offer([], [PATRON, FRIEND]), world).objections, [[-8, 0], [-2.4, -6]])


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


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_offer_has_a_bar_of_its_own_and_signing_comes_on_top(opened, offer, kind):
    world, state = opened
    level = standing(state, 50, 50, 0, 0)
    for other in KINDS:
        barred = with_answers(world, **{f"bar_{other}": 10.0})
        # 40 against 50 is 1 / (1 + e); signed, 32: 1 / (1 + e^1.8). Another kind's bar: one half, and 1 / (1 + e^0.8)
        declared, signed = (0.2689414, 0.1418511) if other == kind else (0.5, 0.3100255)
        assert chance(level, offer(kind=kind), barred)[0] == pytest.approx(declared, abs=1e-7)
        assert chance(level, offer(kind=kind, signed=True), barred)[0] == pytest.approx(signed, abs=1e-7)


def test_a_bar_below_zero_speaks_for_a_yes(opened, offer):
    world, state = opened
    world = with_answers(world, bar_mediated=-10.0, bar_signed=-8.0)
    level = standing(state, 50, 50, 0, 0)
    # 60, and signed 68: 1 / (1 + e^-1.0), 1 / (1 + e^-1.8)
    assert chance(level, offer(kind="mediated"), world)[0] == pytest.approx(0.7310586, abs=1e-7)
    assert chance(level, offer(kind="mediated", signed=True), world)[0] == pytest.approx(0.8581489, abs=1e-7)


def test_distrust_counts_point_for_point_with_its_own_party(opened, offer):
    world, state = opened
    level = replace(standing(state, 50, 50, 0, 0), distrust=np.array([0.0, 5.0]))
    # 50 and 45: 1 / (1 + e^0.5)
    np.testing.assert_allclose(chance(level, offer(), world), [0.5, 0.3775407], atol=1e-7)


ISSUES = """
[issues.line]
low = "all to South"
high = "all to North"
now = 40

[issues.oil]
now = "control.North"

[[wants]]
party = "North"
issue = "line"
want = 100
weight = 0.75
assumed = "made up"

[[wants]]
party = "North"
issue = "oil"
want = 80
weight = 0.25
assumed = "made up"

[[wants]]
party = "South"
issue = "line"
want = 20
weight = 0.5
assumed = "made up"

[[wants]]
party = "South"
issue = "oil"
want = 0
weight = 0.5
assumed = "made up"
"""


@pytest.fixture(scope="module")
def haggled(tell):
    """Two issues: a line, now at 40, and the oil, of which North holds as much as of the ground, here 60 %."""
    world, state = open_scenario(tell("two", ISSUES))
    return with_answers(world, content=20.0), replace(state, control=np.array([0.6, 0.4]))


def test_terms_are_worth_by_how_much_nearer_they_come_to_what_a_party_wants(haggled, offer):
    world, state = haggled
    made = offer(points=[70, 90])
    # North: the line from 60 off to 30 off, 0.75 * 0.30; the oil from 20 off to 10 off, 0.25 * 0.10
    # South: the line from 20 off to 50 off, 0.5 * -0.30; the oil from 60 off to 90 off, 0.5 * -0.30; 20 points each
    np.testing.assert_allclose(willingness(state, made, world).content, [[4.5, 0.5], [-3, -3]])
    # North at 50 + 5, South at 50 - 6
    np.testing.assert_allclose(chance(standing(state, 50, 50, 0, 0), made, world), [0.6224593, 0.3543437], atol=1e-7)


def test_an_issue_that_an_offer_does_not_name_stays_as_it_is(haggled, offer):
    world, state = haggled
    np.testing.assert_allclose(
        willingness(state, offer(points=[70, np.nan]), world).content, [[4.5, 0], [-3, 0]], atol=1e-12
    )
    np.testing.assert_array_equal(willingness(state, offer(points=[np.nan, np.nan]), world).content, np.zeros((2, 2)))


def test_offering_what_is_is_worth_nothing_and_all_one_wants_the_most(haggled, offer):
    world, state = haggled
    np.testing.assert_allclose(willingness(state, offer(points=[40, 60]), world).content, np.zeros((2, 2)), atol=1e-12)
    # North has all it wants: 20 * (0.75 * 0.60 + 0.25 * 0.20)
    assert willingness(state, offer(points=[100, 80]), world).content[0].sum() == pytest.approx(10)


def test_what_holds_may_be_a_partys_share_of_the_ground(haggled, offer):
    world, state = haggled
    # North has lost ground since, to 30 %: the oil at 60 would now bring it from 50 off to 20 off: 0.25 * 0.30 * 20
    lost = replace(state, control=np.array([0.3, 0.7]), now=np.array([40.0, 99.0]))
    made = offer(points=[np.nan, 60])
    assert willingness(lost, made, world).content[0, 1] == pytest.approx(1.5)
    assert willingness(state, made, world).content[0, 1] == pytest.approx(0)


def test_a_content_of_nothing_leaves_terms_out(haggled, offer):
    world, state = haggled
    plain = with_answers(world, content=0.0)
    assert np.array_equal(
        chance(state, offer(points=[70, 90]), plain), chance(state, offer(points=[np.nan] * 2), plain)
    )


def test_the_parts_of_willingness_add_up_to_it(haggled, offer):
    world, state = haggled
    state = with_friend_on_north(replace(state, distrust=np.array([3.0, 0.0])), 0.5)
    made = offer([PATRON], [FRIEND], points=[70, np.nan], signed=True, monitoring=0.4)
    parts = willingness(state, made, world)
    np.testing.assert_allclose(parts.pulls, [[8, 0]])  # Patron on North: 0.5 * 0.8 * (40 - 20)
    np.testing.assert_allclose(parts.objections, [[-6, -6]])  # Friend on both: 0.5 * 0.6 * 20
    assert (parts.monitoring, parts.bar, parts.signing) == (6, 0, -8)
    # 20 + 8 - 6 + 6 + 4.5 - 3 - 8, and 60 - 6 + 6 - 3 - 8
    np.testing.assert_allclose(parts.total, [21.5, 49])


def test_a_reserve_leaves_room_for_a_yes_with_conditions(opened):
    world, _ = opened
    world = with_answers(world, reserve=5.0)
    chances = acceptance(np.array([50.0, 62.0]), world)
    # 50: 5 points to spare for any yes and 5 short of one in full: 1 / (1 + e^-0.5), 1 / (1 + e^0.5)
    # 62: 17 to spare, 7 to spare: 1 / (1 + e^-1.7), 1 / (1 + e^-0.7)
    np.testing.assert_allclose(chances.yes, [0.6224593, 0.8455347], atol=1e-7)
    np.testing.assert_allclose(chances.full, [0.3775407, 0.6681878], atol=1e-7)


def test_without_a_reserve_every_yes_is_one_in_full(opened):
    world, _ = opened
    chances = acceptance(np.array([50.0, 62.0]), world)
    assert np.array_equal(chances.yes, chances.full)


def test_answers_come_in_their_shares_and_a_yes_in_full_wherever_luck_was_best(tell):
    """At the threshold, with 10 points of reserve and a temperature of 10: P(yes) = 1 / (1 + 1/e), P(full) the rest."""
    level = {f"actors.{name}.{field}": 50 for name in ("North", "South") for field in ("stance", "base")}
    still = {"coefficients.appraisal.weariness": 0, "coefficients.appraisal.gain": 0, "rule.openness": 0}
    still |= {"coefficients.appraisal.stalemate": 0, "coefficients.opinion.noise": 0}
    story = tell("two", CALL.replace('"Patron", "Friend"', '"South"'), level | still)
    answer = run_ensemble(story.replace({"coefficients.answers.reserve": 10}), runs=4000).answer
    plain = run_ensemble(story, runs=4000).answer
    for said, share in ((0, 0.2689), (0.5, 0.4621), (1, 0.2689)):
        assert float((answer == said).mean()) == pytest.approx(share, abs=0.03)
    assert set(np.unique(plain)) == {0, 1}
    assert (answer.values[plain.values == 1] >= 0.5).all()
    assert (answer.values[plain.values == 0] <= 0.5).all()


@pytest.mark.parametrize(
    ("grade", "refused", "conditional", "accepted"),
    [(0, 1, 0, 0), (0.3, 0.4, 0.6, 0), (0.5, 0, 1, 0), (0.7, 0, 0.6, 0.4), (1, 0, 0, 1)],
)
def test_an_answer_that_is_told_comes_in_the_shares_of_its_grade(grade, refused, conditional, accepted):
    coins = (np.arange(1000) + 0.5)[:, None] / 1000
    given = told(np.array([grade]), coins)
    for said, share in ((0, refused), (0.5, conditional), (1, accepted)):
        assert float((given == said).mean()) == pytest.approx(share)
    assert given.mean() == pytest.approx(grade)


@pytest.mark.parametrize("grade", [0.0, 0.5, 1.0])
def test_a_whole_grade_is_told_as_it_is_even_by_the_best_of_coins(grade):
    assert told(np.array([grade]), np.array([0.0])) == [grade]


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


def test_whoever_said_yes_to_what_another_refused_trusts_less(opened):
    world, state = opened
    world = with_answers(world, spurned=6.0)
    state = replace(state, distrust=np.array([1.0, 97.0]))
    for answers, distrust in (
        ([1, 0], [7, 97]),
        ([0.5, 0], [7, 97]),
        ([0, 1], [1, 100]),  # no more than there is room for
        ([1, 0.5], [1, 97]),
        ([0, 0], [1, 97]),
        ([1, np.nan], [1, 97]),  # the other was not asked
    ):
        np.testing.assert_array_equal(spurn(state, np.array(answers), world).distrust, distrust)


def test_where_spurning_costs_nothing_a_refusal_leaves_trust_as_it_is(opened):
    world, state = opened
    state = replace(state, distrust=np.array([1.0, 97.0]))
    off = with_answers(world, spurned=0.0)
    np.testing.assert_array_equal(spurn(state, np.array([1.0, 0.0]), off).distrust, [1, 97])


def test_in_each_run_the_refusals_of_that_run_count(opened):
    world, state = opened
    world = with_answers(world, spurned=6.0)
    state = replace(state, distrust=np.array([0.0, 50.0]))
    spurned = spurn(state, np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 0.5], [0.0, 0.0]]), world)
    np.testing.assert_array_equal(spurned.distrust, [[6, 50], [0, 50], [0, 56], [0, 50]])


SURE = {"coefficients.answers.temperature": 0.1, "actors.North.stance": 90, "actors.South.stance": 10}


def test_a_refusal_sows_distrust_in_the_step_in_which_it_is_given(tell, quiet):
    # North is sure to accept and South to refuse; distrust fades by half in 90 days
    spurning = tell("two", CALL, quiet | SURE | {"coefficients.answers.spurned": 8, "rule.openness": 0})
    distrust = run_ensemble(spurning, runs=1).distrust.isel(run=0)
    assert (distrust[:4] == 0).all()  # the call is of the fourth day
    np.testing.assert_allclose(distrust[4], [8 * 2 ** (-1 / 90), 0])


def test_of_two_parties_asked_one_may_be_told_and_the_other_answer_by_its_luck(still):
    told_of_red = still('[[record]]\noffer = "first"\nparty = "Red"\nanswer = 0\n').as_of("2020-01-04")
    for half_life in (0, 3):  # with a mood that lasts, and without
        answer = run_ensemble(
            told_of_red.replace({"coefficients.answers.mood_half_life": half_life}), runs=400
        ).answer.sel(offer="first")
        assert (answer.sel(party="Red") == 0).all()
        assert 150 < int((answer.sel(party="Blue") == 1).sum()) < 250
