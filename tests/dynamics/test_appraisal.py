"""What the war makes each actor want by itself: stalemate, prospects and wishes worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.dynamics.appraisal import at_rest, prospect, stalemate, wishes
from simulation.runs.setup import open_scenario

# In the conflict of two: expected strengths 60 and 40, so expected shares 36/52 and 16/52.
NORTHS_HOPE = 36 / 52 - 0.5  # 0.1923077
WITHOUT_PLEDGE = 0.9 - 0.5


@pytest.fixture(scope="module")
def opened(two_with_bases):
    return open_scenario(two_with_bases)


def test_the_prospect_of_gain_is_the_expected_share_over_an_even_one(opened):
    world, state = opened
    np.testing.assert_allclose(prospect(state, world), [NORTHS_HOPE, -NORTHS_HOPE], rtol=1e-14)


def test_a_pledge_of_support_deters_before_a_soldier_has_moved(opened):
    world, state = opened
    unpledged = replace(state, pledge=np.zeros_like(state.pledge))
    np.testing.assert_allclose(prospect(unpledged, world), [WITHOUT_PLEDGE, -WITHOUT_PLEDGE], rtol=1e-14)
    # North wants a truce more by 120 * (0.4 - 0.1923077) points, and South less by as many
    middling = np.array([60.0, 30.0, 40.0, 75.0])
    ideal, without = wishes(replace(state, base=middling), world), wishes(replace(unpledged, base=middling), world)
    np.testing.assert_allclose((ideal - without)[:2], [24.9230769, -24.9230769], atol=1e-7)


def test_swift_gains_count_as_a_prospect_and_no_gain_counts_for_more_than_the_weight(opened):
    world, state = opened
    # tanh(1) = 0.7615942, of a weight of 0.2
    swift = replace(state, momentum=np.array([0.002, -0.002]))
    assert prospect(swift, world)[0] - NORTHS_HOPE == pytest.approx(0.1523188, abs=1e-7)
    rout = replace(state, momentum=np.array([5.0, -5.0]))
    np.testing.assert_allclose(prospect(rout, world), [NORTHS_HOPE + 0.2, -NORTHS_HOPE - 0.2], rtol=1e-12)


def test_among_three_an_even_share_is_a_third(three):
    world, state = open_scenario(three)
    # 2 to 1 to 1, squared: 2/3, 1/6, 1/6
    np.testing.assert_allclose(prospect(state, world), [1 / 3, -1 / 6, -1 / 6], rtol=1e-14)


def test_a_stalemate_hurts_in_full_when_nobody_moves_and_everybody_is_tired(opened):
    world, state = opened
    still = replace(state, momentum=np.zeros(2))
    for tired, hurting in (([0.3, 0.9], 1.0), ([0.15, 0.9], 0.5), ([0.9, 0.15], 0.5), ([0.0, 1.0], 0.0)):
        got = stalemate(replace(still, exhaustion=np.array(tired)), world.appraisal)
        np.testing.assert_allclose(got, [hurting, hurting], rtol=1e-14)


def test_it_is_no_stalemate_while_anybody_moves_either_way(opened):
    world, state = opened
    spent = replace(state, exhaustion=np.ones(2))
    for momentum in ([0.002, 0.0], [0.0, -0.002], [-0.002, 0.001]):
        got = stalemate(replace(spent, momentum=np.array(momentum)), world.appraisal)
        np.testing.assert_allclose(got, [np.exp(-1), np.exp(-1)], rtol=1e-14)


def test_a_one_sided_stalemate_ends_only_for_the_party_that_gains(opened):
    world, state = opened
    spent = replace(state, exhaustion=np.ones(2), momentum=np.array([0.002, -0.002]))
    # 0: e^-1 = 0.3678794 for both; 1: the same for North, which gains, and 1 for South; 0.25: three parts to one
    for share, expected in ((0, [0.3678794, 0.3678794]), (1, [0.3678794, 1.0]), (0.25, [0.3678794, 0.5259096])):
        got = stalemate(spent, world.appraisal.model_copy(update={"one_sided": share}))
        np.testing.assert_allclose(got, expected, atol=1e-7)


def test_what_a_party_wants_adds_up_weariness_stalemate_and_hope(opened):
    world, state = opened
    # exhaustion from 0.2 to 0.3 and from 0.1 to 0.15; the stalemate is half as bad as it can be
    later = replace(state, exhaustion=np.array([0.3, 0.15]), base=np.array([50.0, 40.0, 40.0, 75.0]))
    ideal = wishes(later, world)
    # 50 + 40 * 0.1 + 40 * 0.5 - 120 * 0.1923077, and 40 + 40 * 0.05 + 20 + 23.0769231
    np.testing.assert_allclose(ideal[:2], [50.9230769, 85.0769231], atol=1e-7)


def test_a_backer_that_follows_is_for_a_truce_while_its_client_loses(opened):
    world, state = opened
    # Friend wants 75 by itself; its client's prospect is -0.1923077, which it follows by 0.3
    assert wishes(state, world)[3] == pytest.approx(75 + 120 * 0.3 * NORTHS_HOPE)
    winning = replace(state, strength=np.array([0.0, 90.0]))
    # 30 against 90 + 10 + 20 = 120: shares 1/17 and 16/17
    assert wishes(winning, world)[3] == pytest.approx(75 - 120 * 0.3 * (16 / 17 - 0.5))


def test_a_backer_of_two_clients_follows_both(opened):
    world, state = opened
    both = replace(state, follows=np.array([[0.0, 0.0, 0.0, 0.1], [0.0, 0.0, 0.0, 0.3]]))
    # what it wins by the one it loses by the other: 0.1 - 0.3 times North's hope
    assert wishes(both, world)[3] == pytest.approx(75 + 120 * 0.2 * NORTHS_HOPE)


def test_who_follows_nobody_wants_what_it_always_wanted(opened):
    world, state = opened
    assert wishes(state, world)[2] == 40


def test_wishes_end_where_the_scale_ends_though_the_base_may_lie_beyond(opened):
    world, state = opened
    far = replace(state, base=np.array([-100.0, 200.0, -5.0, 150.0]))
    np.testing.assert_array_equal(wishes(far, world), [0.0, 100.0, 0.0, 100.0])


def test_in_talks_without_a_war_everybody_wants_what_it_wanted(talks):
    world, state = open_scenario(talks)
    np.testing.assert_array_equal(wishes(state, world), [10, 50, 90])


def test_many_runs_appraise_as_each_alone(opened):
    world, state = opened
    rng = np.random.default_rng(3)
    many = replace(
        state,
        exhaustion=rng.random((5, 2)),
        momentum=rng.normal(0, 0.002, (5, 2)),
        base=rng.uniform(-50, 150, (5, 4)),
    )
    together = wishes(many, world)
    for run in range(5):
        own = {name: getattr(many, name)[run] for name in ("exhaustion", "momentum", "base")}
        assert np.array_equal(wishes(replace(state, **own), world), together[run])


def test_a_base_left_out_is_such_that_all_want_at_the_opening_what_they_stand_for(two):
    world, state = open_scenario(two)
    np.testing.assert_allclose(state.ideal, state.stance, rtol=1e-14)
    # exhaustion 0.2 and 0.1 at the opening: a stalemate a third as bad as it can be, 13.3333 points; North hopes for
    # 23.0769, which Friend, who follows South by 0.3, sees from the other side
    np.testing.assert_allclose(state.base, [29.7435897, 23.5897436, 40.0, 68.0769231], atol=1e-7)
    np.testing.assert_array_equal(at_rest(state, world), state.base)


def test_a_base_that_is_stated_stays_and_the_others_follow_the_coefficients_of_each_run(two):
    scenario = two.replace({"actors.South.base": 55.0})
    _, state = open_scenario(scenario, {"coefficients.appraisal.gain": np.array([0.0, 120.0])})
    np.testing.assert_allclose(state.base[..., 1], [55.0, 55.0])
    # North: 20 - 13.3333, and 23.0769 more where there is a gain to hope for
    np.testing.assert_allclose(state.base[..., 0], [6.6666667, 29.7435897], atol=1e-7)
