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
    world, state = open_scenario(two)
    return replace(world, reactions=world.reactions.model_copy(update={"share": 0.5, "most": 2.0})), state


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


def test_nobody_sends_more_than_the_scale_allows(opened):
    world, state = opened
    world = replace(world, reactions=world.reactions.model_copy(update={"share": 1.0, "most": 5.0}))
    after = react(weakened(state), replace(world, opening_prospect=np.array([9.0, -9.0])))
    assert after.support[0, PATRON] + after.surge[0, PATRON] == pytest.approx(2.0)  # not 5 * 0.6


def test_with_a_share_of_nothing_not_one_bit_changes(two, libya):
    world, state = open_scenario(two)
    assert react(state, world) is state
    plain = run_ensemble(libya, runs=64)
    off = run_ensemble(libya, runs=64, values={"coefficients.reactions.share": np.zeros(64)})
    for name in plain.data_vars:
        np.testing.assert_array_equal(off[name], plain[name])


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
