"""What backers send on top as the war turns against those they back: worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.dynamics.battle import strengths
from simulation.dynamics.reactions import react
from simulation.runs.ensemble import run_ensemble
from simulation.runs.setup import open_scenario

PATRON, FRIEND = 2, 3


@pytest.fixture(scope="module")
def opened(two):
    """North's prospect is 36/52 - 1/2 and South's as much below 0; Patron sends North 0.6, Friend South 0.25."""
    return open_scenario(two.replace({"coefficients.reactions.share": 0.5, "coefficients.reactions.most": 2}))


def weakened(state):
    """North has lost its own 30 points of strength: it expects 30 to 40, squared 9 to 16, a prospect of 9/25 - 1/2."""
    return replace(state, strength=np.array([0.0, 10.0]))


def test_a_backer_closes_its_share_of_the_gap_in_a_month_as_its_partys_prospects_worsen(opened):
    world, state = opened
    after = react(weakened(state), replace(world, step_days=30))
    # danger 2 (36/52 - 9/25) = 0.6646154; the gap 2 * 0.6 - 0.6 = 0.6, of which the half
    assert after.surge[0, PATRON] == pytest.approx(0.5 * 0.6646154 * 0.6, abs=1e-7)
    assert after.surge[1].tolist() == [0, 0, 0, 0]  # South is better off, so that nobody sends it more
    assert strengths(after)[0] == pytest.approx((0.6 + 0.1993846) * 50, abs=1e-5)
    np.testing.assert_array_equal(after.support, state.support)


def test_two_steps_of_a_fortnight_are_one_of_a_month(opened):
    """While the danger stays: it is kept here by strength that the backer does not add to."""
    world, state = opened
    world = replace(world, opening_prospect=np.array([9.0, -9.0]))  # danger in full
    month = react(weakened(state), replace(world, step_days=30))
    half = replace(world, step_days=15)
    np.testing.assert_allclose(react(react(weakened(state), half), half).surge, month.surge, rtol=1e-14)


def test_what_was_sent_on_top_is_taken_back_when_prospects_mend(opened):
    world, state = opened
    sent = react(weakened(state), replace(world, step_days=30))
    mended = react(replace(sent, strength=np.array([90.0, 10.0])), replace(world, step_days=30))
    assert mended.surge[0, PATRON] == pytest.approx(sent.surge[0, PATRON] / 2)


def test_a_backer_that_has_withdrawn_or_sends_more_already_adds_nothing(opened):
    world, state = opened
    world = replace(world, opening_prospect=np.array([9.0, -9.0]))  # North's danger in full, South's none
    for support, sent in ((0.6, True), (0.0, False), (1.5, False)):
        there = state.support.copy()
        there[0, PATRON] = support
        assert react(replace(state, support=there), world).surge.any() == sent


def test_nobody_sends_more_than_the_scale_allows(two):
    world, state = open_scenario(two.replace({"coefficients.reactions.share": 1, "coefficients.reactions.most": 5}))
    after = react(weakened(state), replace(world, opening_prospect=np.array([9.0, -9.0])))
    assert after.support[0, PATRON] + after.surge[0, PATRON] == pytest.approx(2.0)  # not 5 * 0.6


def test_with_a_share_of_nothing_not_one_bit_changes(two, libya):
    world, state = open_scenario(two)
    assert react(state, world) is state
    plain = run_ensemble(libya, runs=64)
    off = run_ensemble(libya, runs=64, values={"coefficients.reactions.share": np.zeros(64)})
    for name in plain.data_vars:
        np.testing.assert_array_equal(off[name], plain[name])


REACTING = {"ties.Patron.North.most": 1.5, "ties.Patron.North.reacts": 0.25}


def test_a_tie_closes_its_own_share_of_the_gap_to_its_own_most_and_a_tie_that_says_nothing_stays_out(two):
    world, state = open_scenario(two.replace(REACTING))
    world = replace(world, step_days=30, opening_prospect=np.array([9.0, 9.0]))  # danger in full for both
    after = react(state, world)
    assert after.surge[0, PATRON] == pytest.approx(0.25 * (1.5 - 0.6))
    assert after.surge.sum() == after.surge[0, PATRON]  # Friend sends South nothing on top
    for _ in range(100):
        after = react(after, world)
    assert after.surge[0, PATRON] == pytest.approx(0.9)  # 1.5 in all and no more
    safe = replace(world, opening_prospect=np.array([-9.0, -9.0]))
    assert react(after, safe).surge[0, PATRON] == pytest.approx(0.75 * 0.9)  # a quarter of it is taken back


def test_what_a_tie_says_goes_before_what_all_ties_do(two):
    everybody = {"coefficients.reactions.share": 0.5, "coefficients.reactions.most": 3}
    world, state = open_scenario(two.replace(everybody | {"ties.Patron.North.reacts": 0}))
    world = replace(world, step_days=30, opening_prospect=np.array([9.0, 9.0]))
    after = react(state, world)
    assert after.surge[0, PATRON] == 0
    assert after.surge[1, FRIEND] == pytest.approx(0.5 * (3 * 0.25 - 0.25))
    world, state = open_scenario(two.replace(everybody | {"ties.Patron.North.most": 0.8}))
    world = replace(world, step_days=30, opening_prospect=np.array([9.0, 9.0]))
    assert react(state, world).surge[0, PATRON] == pytest.approx(0.5 * (0.8 - 0.6))


def test_a_backer_may_come_in_that_reacts_to_what_it_sees_once_it_sends_anything(two):
    """With a most of 1 and nothing sent, Patron stays out; after its first shipment it goes on to its most."""
    world, state = open_scenario(two.replace(REACTING | {"ties.Patron.North.support": 0, "ties.Patron.North.most": 1}))
    world = replace(world, step_days=30, opening_prospect=np.array([9.0, 9.0]))
    assert not react(state, world).surge.any()
    support = state.support.copy()
    support[0, PATRON] = 0.2
    assert react(replace(state, support=support), world).surge[0, PATRON] == pytest.approx(0.25 * (1 - 0.2))


def test_an_event_has_a_backer_react_from_its_day(tell, quiet):
    turn = """
[[events]]
on = 2020-01-05
set = { "ties.Patron.North.reacts" = 0.5, "actors.North.strength" = 0 }
assumed = "made up"
"""
    after = run_ensemble(tell("two", turn, quiet), runs=2).control
    before = run_ensemble(tell("two", turn.replace("reacts", "follows"), quiet), runs=2).control
    moved = (after != before).any("party").any("run").values
    assert not moved[:5].any()
    assert moved[-1]


def test_ties_that_react_differ_by_run_as_any_number_may(two):
    """Run k of many, with its own number, is the run of a scenario that has that number."""
    swept = run_ensemble(
        two.replace(REACTING), runs=4, values={"ties.Patron.North.reacts": np.array([0, 0.25, 0.5, 1.0])}
    )
    for run, reacts in ((0, 0.0), (2, 0.5)):
        alone = run_ensemble(two.replace(REACTING | {"ties.Patron.North.reacts": reacts}), runs=4)
        np.testing.assert_array_equal(swept.control.sel(run=run), alone.control.sel(run=run))


def test_reactions_even_a_lost_war_out(tell, quiet):
    """North, the stronger by far, is left by its fortune; with a patron that reacts it holds more ground."""
    turn = """
[[events]]
on = 2020-01-02
set = { "actors.North.strength" = 0 }
assumed = "made up"
"""
    story = tell("two", turn, quiet | {"steps": 90})
    held = [
        float(run_ensemble(story.replace({"coefficients.reactions.share": share}), runs=1).control[0, -1, 0])
        for share in (0.0, 0.5, 1.0)
    ]
    assert held[0] < held[1] < held[2]
