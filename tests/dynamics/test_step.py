"""The order of a step, one whole step worked out by hand, and what holds for every story."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.dynamics.events import Change, DueEvent
from simulation.dynamics.randomness import Luck
from simulation.dynamics.state import State
from simulation.dynamics.step import Opinion, advance
from simulation.runs.setup import open_scenario


def plain_luck(world, **tables) -> Luck:
    """No noise, the middle of every uniform number."""
    steps, actors, parties = world.steps, len(world.actors), len(world.parties)
    luck = Luck(
        stance=np.zeros((steps, actors)),
        battle=np.zeros((steps, parties)),
        truce=np.full((steps, 1), 0.5),
        answers={made.id: np.full(parties, 0.5) for made in world.offers},
        events={event.id: np.array([0.5]) for due in world.events.values() for event in due},
        rule={},
    )
    return replace(luck, **tables)


def story(tell, more="", changes=None):
    return open_scenario(tell("two", more, changes))


CALL = """
[[events]]
on = 2020-01-01
offer = { id = "call", sponsors = ["Patron"] }
"""


def test_a_whole_step_by_hand(tell):
    """North and South on their first day, with a call by Patron.

    Battle. Strengths 60 and 20, shares 0.9 and 0.1: control 0.5 -> 0.9 - 0.4 exp(-0.02) = 0.50792053. Momentum is
    1 - 2^(-1/21) = 0.03246822 of the 0.00792053 a day: 0.00025717. Exhaustion as in test_battle: 0.1988, 0.1062.
    Appraisal. Shares to be expected 36/52 and 16/52, and 0.2 tanh(0.00025717 / 0.002) = 0.02557576 for swift gains:
    hope 0.19230769 + 0.02557576 = 0.21788345 and the opposite. Stalemate exp(-0.12858278) * 0.1062 / 0.3 =
    0.31128663, 12.45147 points.
      North 20 + 40 (-0.0012) + 12.45147 - 120 * 0.21788345 = 6.25745
      South 60 + 40 * 0.0062 + 12.45147 + 26.14601 = 98.84548
      Friend 75 + 120 * 0.3 * 0.21788345 = 82.84380; Patron 40
    Influence. Each hears one voice: targets 0.2 * 40 + 0.8 * 6.25745 = 13.00596, 0.2 * 75 + 0.8 * 98.84548 = 94.07638,
    40, and Friend, alone, 0.2 * 75 + 0.8 * 82.84380 = 81.27504. A day closes 1 - exp(-0.1) = 0.09516258 of the way.
      North 20 - 0.66557 = 19.33443, South 60 + 3.24280 = 63.24280, Friend 75 + 0.59715 = 75.59715
    Answers. Patron draws North by 0.5 * 0.8 * (40 - 19.33443) = 8.26623 to 27.60066: 1 / (1 + exp(2.239934)).
    """
    bases = {"actors.North.base": 20.0, "actors.South.base": 60.0, "actors.Friend.base": 75.0}
    world, state = story(tell, CALL, bases)
    after = advance(state, 0, world, plain_luck(world))
    np.testing.assert_allclose(after.control, [0.50792053, 0.49207947], atol=1e-8)
    np.testing.assert_allclose(after.momentum, [0.00025717, -0.00025717], atol=1e-8)
    np.testing.assert_allclose(after.exhaustion, [0.1988, 0.1062], rtol=1e-12)
    np.testing.assert_allclose(after.ideal, [6.25745, 98.84548, 40, 82.84380], atol=1e-5)
    np.testing.assert_allclose(after.stance, [19.33443, 63.24280, 40, 75.59715], atol=1e-5)
    np.testing.assert_allclose(after.chance, [[0.09622, 0.78989]], atol=1e-5)
    np.testing.assert_array_equal(after.answer, [[0, 1]])  # at a luck of 0.5
    assert after.truce == [False]


def test_noise_is_added_after_influence_point_for_point_and_grows_with_the_root_of_time(tell):
    world, state = story(tell)
    drawn = np.zeros((12, 4))
    drawn[0] = [1, -1, 0.5, 2]
    still = advance(state, 0, world, plain_luck(world))
    noisy = advance(state, 0, world, plain_luck(world, stance=drawn))
    np.testing.assert_allclose(noisy.stance - still.stance, [1, -1, 0.5, 2], rtol=1e-12)
    quarter = replace(world, step_days=0.25, opinion=Opinion(noise=3))
    apart = advance(state, 0, quarter, plain_luck(world, stance=drawn)).stance
    apart = apart - advance(state, 0, quarter, plain_luck(world)).stance
    np.testing.assert_allclose(apart, [1.5, -1.5, 0.75, 3], rtol=1e-12)


def test_no_stance_leaves_its_scale(tell):
    world, state = story(tell)
    for far, end in ((-500.0, 0.0), (500.0, 100.0)):
        after = advance(state, 0, world, plain_luck(world, stance=np.full((12, 4), far)))
        np.testing.assert_array_equal(after.stance, np.full(4, end))


def test_the_luck_of_a_step_is_used_in_that_step(tell):
    world, state = story(tell)
    drawn = np.zeros((12, 4))
    drawn[3] = 5.0
    luck = plain_luck(world, stance=drawn)
    for t in range(12):
        still = advance(state, t, world, plain_luck(world))
        state = advance(state, t, world, luck)
        np.testing.assert_allclose(state.stance - still.stance, 5.0 if t == 3 else 0.0, atol=1e-12)


def test_what_happens_in_a_step_is_fought_appraised_and_answered_in_that_step(tell):
    # The offer stands before the change in the file, and both are of one day: the change comes first all the same.
    later = (
        CALL + '[[events]]\non = 2020-01-01\nset = { "actors.North.distrust" = 20, "ties.Patron.North.support" = 0 }\n'
    )
    world, state = story(tell, later)
    plain, before = story(tell, CALL)
    changed = advance(state, 0, world, plain_luck(world))
    unchanged = advance(before, 0, plain, plain_luck(plain))

    def willing(chance):
        return 50 + 10 * np.log(chance / (1 - chance))

    # North without Patron has 30 against 20, which tells on the ground the same day
    assert changed.control[0] < unchanged.control[0]
    assert changed.ideal[0] > unchanged.ideal[0]
    # its stance came nearer to a truce, of which 0.6 is left after the pull by 0.4 of the gap; distrust takes 20
    apart = willing(changed.chance[0, 0]) - willing(unchanged.chance[0, 0])
    assert apart == pytest.approx(0.6 * (changed.stance[0] - unchanged.stance[0]) - 20)


def test_a_town_that_changes_hands_counts_as_momentum(tell):
    text = '[[events]]\non = 2020-01-01\nadd = { "actors.North.control" = 0.1 }\n'
    world, state = story(tell, text, {"coefficients.battle.mobility": 0})
    after = advance(state, 0, world, plain_luck(world))
    # 0.03246822 of 0.1 a day
    np.testing.assert_allclose(after.momentum, [0.003246822, -0.003246822], atol=1e-9)


def test_a_party_answers_with_the_stance_of_the_day_not_of_the_eve(tell):
    world, state = story(tell, CALL, {"ties.Patron.North.leverage": 0})
    after = advance(state, 0, world, plain_luck(world))
    odds = after.chance[0] / (1 - after.chance[0])
    np.testing.assert_allclose(50 + 10 * np.log(odds), after.stance[:2])


def test_luck_equal_to_the_chance_is_a_refusal(tell):
    # With a chance of exactly a half, half of all numbers from 0 up to, but not including, 1 have to lie below it.
    world, state = story(
        tell, CALL, {"rule.openness": 0, "coefficients.appraisal.gain": 0, "coefficients.appraisal.weariness": 0}
    )
    world = replace(world, appraisal=world.appraisal.model_copy(update={"stalemate": 0.0}))
    state = replace(state, stance=np.full(4, 50.0), base=np.full(4, 50.0), ideal=np.full(4, 50.0))
    for drawn, said in ((0.5, 0), (np.nextafter(0.5, 0), 1)):
        after = advance(state, 0, world, plain_luck(world, answers={"call": np.full(2, drawn)}))
        np.testing.assert_array_equal(after.chance, [[0.5, 0.5]])
        np.testing.assert_array_equal(after.answer, [[said, said]])


def test_a_truce_is_kept_to_from_the_step_after_it_was_agreed(tell):
    world, state = story(tell, CALL)
    state = replace(state, stance=np.full(4, 100.0), base=np.full(4, 200.0))
    # the worst of luck breaks any truce, but not on the day it is agreed
    luck = plain_luck(world, truce=np.zeros((12, 1)))
    agreed = advance(state, 0, world, luck)
    assert agreed.truce == [True]
    assert agreed.control[0] == pytest.approx(0.9 - 0.4 * np.exp(-0.02))  # the day was one of war
    broken = advance(agreed, 1, world, luck)
    assert broken.truce == [False]
    assert 0.9 - broken.control[0] == pytest.approx((0.9 - agreed.control[0]) * np.exp(-0.002))  # this one was not
    again = advance(broken, 2, world, luck)
    assert 0.9 - again.control[0] == pytest.approx((0.9 - broken.control[0]) * np.exp(-0.02))


def test_events_of_a_day_come_in_the_order_of_the_file_and_events_of_a_week_by_date(tell):
    first = '[[events]]\non = {}\nset = {{ "actors.Patron.salience" = 10 }}\n'
    then = '[[events]]\non = {}\nadd = {{ "actors.Patron.salience" = 5 }}\n'
    for dates, text, expected in (
        (("2020-01-02", "2020-01-02"), first + then, 15),
        (("2020-01-02", "2020-01-02"), then + first, 10),
        (("2020-01-05", "2020-01-03"), then + first, 15),
        (("2020-01-05", "2020-01-03"), first + then, 10),
    ):
        world, state = story(tell, text.format(*dates), {"step_days": 7})
        assert advance(state, 0, world, plain_luck(world)).salience[2] == expected


def test_two_offers_of_a_day_are_both_answered(tell):
    world, state = story(tell, CALL + CALL.replace('"call"', '"echo"'))
    after = advance(state, 0, world, plain_luck(world))
    assert not np.isnan(after.chance).any()
    np.testing.assert_array_equal(after.chance[0], after.chance[1])


def test_an_answer_stays_on_record(tell):
    world, state = story(tell, CALL)
    luck = plain_luck(world)
    answered = advance(state, 0, world, luck)
    later = advance(advance(answered, 1, world, luck), 2, world, luck)
    np.testing.assert_array_equal(later.chance, answered.chance)
    np.testing.assert_array_equal(later.answer, answered.answer)


def test_a_step_leaves_the_state_it_started_from_alone(tell):
    text = CALL + '[[events]]\non = 2020-01-01\nadd = { "actors.North.control" = 0.1, "actors.South.stance" = 5 }\n'
    world, state = story(tell, text)
    kept = {name: getattr(state, name).copy() for name in State.__dataclass_fields__}
    advance(state, 0, world, plain_luck(world))
    for name, array in kept.items():
        assert np.array_equal(getattr(state, name), array, equal_nan=True), name


def test_where_nothing_pulls_and_nothing_is_fought_over_nothing_moves(tell):
    world, state = open_scenario(tell("talks", changes={"ties.Right.Left.leverage": 0}))
    for t in range(world.steps):
        state = advance(state, t, world, plain_luck(world))
    np.testing.assert_allclose(state.stance, [10, 50, 90], rtol=1e-12)


def test_talks_go_on_without_parties_events_included(tell):
    text = '[[events]]\non = 2020-01-01\nset = { "actors.Left.stance" = 30 }\n'
    world, state = open_scenario(tell("talks", text))
    after = advance(state, 0, world, plain_luck(world))
    # from 30, and wanting 30; a day closes 0.09516258 of the way to 0.2 * 90 + 0.8 * 30 = 42
    np.testing.assert_allclose(after.stance, [31.1419510, 50, 90], atol=1e-7)


def test_an_event_in_some_runs_leaves_the_truce_of_the_others_alone(tell):
    # In the second run no offer is made; the truce in force there keeps its own terms.
    world, state = story(tell, CALL)
    [event] = world.events[0]
    world = replace(world, events={0: (replace(event, id="maybe", chance=0.5),)})
    state = replace(
        state,
        stance=np.full((2, 4), 100.0),
        base=np.full((2, 4), 200.0),
        truce=np.array([[True], [True]]),
        strain=np.array([[1.5], [-8.0]]),
        **{name: np.tile(getattr(state, name), (2, 1)) for name in ("age", "scope", "left", "balance", "ending")},
        **{name: np.tile(getattr(state, name), (2, 1)) for name in ("ideal", "control", "momentum", "exhaustion")},
        **{name: np.tile(getattr(state, name), (2, 1, 1)) for name in ("chance", "full", "answer")},
        distrust=np.zeros((2, 2)),
    )
    luck = Luck(
        stance=np.zeros((12, 2, 4)),
        battle=np.zeros((12, 2, 2)),
        truce=np.ones((12, 2, 1)),
        answers={"call": np.zeros((2, 2))},
        events={"maybe": np.array([[0.1], [0.9]])},
        rule={},
    )
    after = advance(state, 0, world, luck)
    np.testing.assert_array_equal(after.truce, [[True], [True]])
    assert after.strain[0, 0] == pytest.approx(np.log(np.log(2) / 7))  # renewed on better terms
    assert after.strain[1, 0] == -8.0
    assert np.isnan(after.answer[1]).all()


def test_a_change_by_hand_is_an_event_like_any_other(tell):
    world, state = story(tell)
    event = DueEvent("by hand", None, (Change("stance", (3,), 10.0, shift=False),), ())
    after = advance(state, 0, replace(world, events={0: (event,)}), plain_luck(world))
    assert after.stance[3] < 12
