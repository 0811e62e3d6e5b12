"""What happens at a date: the right number of the right actor, in the right runs, on the right day."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from scipy.stats import binomtest

import simulation as sim
from simulation.dynamics.events import Change, DueEvent, happens, put
from simulation.dynamics.state import State
from simulation.runs.ensemble import run_ensemble
from simulation.runs.setup import open_scenario

NORTH, SOUTH, PATRON, FRIEND = range(4)

EAGER = {"coefficients.answers.bar_call": -100, "coefficients.answers.temperature": 0.1}
"""Everybody says yes to every call."""


@pytest.fixture(scope="module")
def start(two_with_bases):
    return open_scenario(two_with_bases)[1]


def changed_fields(before: State, after: State) -> set[str]:
    return {
        name
        for name in State.__dataclass_fields__
        if not np.array_equal(
            getattr(before, name), getattr(after, name), equal_nan=name in ("chance", "full", "answer")
        )
    }


def test_a_number_is_put_to_a_value_and_nothing_else_moves(start):
    after = put(start, Change("salience", (PATRON,), 95.0, shift=False))
    np.testing.assert_array_equal(after.salience, [100, 100, 95, 60])
    assert changed_fields(start, after) == {"salience"}
    np.testing.assert_array_equal(start.salience, [100, 100, 80, 60])


def test_a_number_is_shifted_by_a_difference(start):
    after = put(start, Change("influence", (SOUTH,), -15.0, shift=True))
    np.testing.assert_array_equal(after.influence, [60, 25, 50, 40])


def test_a_tie_is_changed_in_its_own_cell(start):
    after = put(start, Change("leverage", (PATRON, NORTH), 0.9, shift=False))
    assert after.leverage[PATRON, NORTH] == 0.9
    assert after.leverage[NORTH, PATRON] == 0
    assert np.count_nonzero(after.leverage != start.leverage) == 1
    after = put(start, Change("support", (1, FRIEND), 0.5, shift=True))
    np.testing.assert_array_equal(after.support, [[0, 0, 0.6, 0], [0, 0, 0, 0.75]])


@pytest.mark.parametrize(
    ("field", "index", "value", "shift", "expected"),
    [
        ("salience", (0,), 50.0, True, 100.0),
        ("influence", (0,), -500.0, True, 0.0),
        ("exhaustion", (1,), 7.0, True, 1.0),
        ("support", (0, 2), 9.0, True, 2.0),
        ("leverage", (2, 0), -1.0, True, 0.0),
        ("base", (0,), -500.0, True, -100.0),
        ("distrust", (0,), -3.0, True, 0.0),
    ],
)
def test_no_change_leads_off_its_scale(start, field, index, value, shift, expected):
    assert getattr(put(start, Change(field, index, value, shift)), field)[index] == expected


def test_who_is_moved_by_an_event_wants_it_too_from_then_on(start):
    # South from 60 to 45: 15 less; what it wants by itself goes down by as much as well
    after = put(start, Change("stance", (SOUTH,), 45.0, shift=False))
    assert changed_fields(start, after) == {"stance", "base", "ideal"}
    assert (after.stance[SOUTH], after.base[SOUTH]) == (45, 45)
    assert after.ideal[SOUTH] == pytest.approx(start.ideal[SOUTH] - 15)
    # at the end of the scale a shift is as long as there is room: North, at 20, can go down by 20
    after = put(start, Change("stance", (NORTH,), -70.0, shift=True))
    assert (after.stance[NORTH], after.base[NORTH]) == (0, 0)


@pytest.mark.parametrize(("ideal", "shift", "expected"), [(95.0, 20.0, 100.0), (10.0, -15.0, 0.0), (40.0, 20.0, 60.0)])
def test_who_is_moved_by_an_event_wants_no_more_than_there_is(start, ideal, shift, expected):
    state = replace(start, ideal=np.full(4, ideal))  # South stands at 60, so there is room for all of the shift
    after = put(state, Change("stance", (SOUTH,), shift, shift=True))
    assert (after.stance[SOUTH], after.ideal[SOUTH], after.base[SOUTH]) == (60 + shift, expected, 60 + shift)


def test_a_change_of_base_moves_no_stance_by_itself(start):
    assert changed_fields(start, put(start, Change("base", (NORTH,), 10.0, shift=True))) == {"base"}


def test_ground_is_taken_from_the_others_in_proportion(three):
    state = open_scenario(three)[1]  # half, a quarter, a quarter
    np.testing.assert_allclose(put(state, Change("control", (0,), 0.8, False)).control, [0.8, 0.1, 0.1])
    # 0.05 more for Green: 0.7 left for the others, who stand at 2 to 1
    np.testing.assert_allclose(put(state, Change("control", (1,), 0.05, True)).control, [0.7 / 1.5, 0.3, 0.7 / 3])
    np.testing.assert_allclose(put(state, Change("control", (2,), 0.0, False)).control, [2 / 3, 1 / 3, 0])
    np.testing.assert_allclose(put(state, Change("control", (2,), 0.9, True)).control, [0, 0, 1])


def test_who_held_everything_gives_it_up_to_the_others_evenly(three):
    state = replace(open_scenario(three)[1], control=np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(put(state, Change("control", (0,), -0.4, True)).control, [0.6, 0.2, 0.2])


def test_of_two_who_held_everything_one_gives_it_up_to_the_other(start):
    state = replace(start, control=np.array([1.0, 0.0]))
    np.testing.assert_allclose(put(state, Change("control", (0,), -0.4, True)).control, [0.6, 0.4])


def test_in_each_run_ground_is_shared_by_what_is_held_in_that_run(three):
    held = np.array([[1.0, 0.0, 0.0], [0.5, 0.4, 0.1], [0.0, 0.5, 0.5]])
    after = put(replace(open_scenario(three)[1], control=held), Change("control", (0,), 0.1, False))
    # evenly where nobody else held any; else in proportion, as 0.4 to 0.1
    np.testing.assert_allclose(after.control, [[0.1, 0.45, 0.45], [0.1, 0.72, 0.18], [0.1, 0.45, 0.45]])


def test_one_tie_may_be_changed_after_another_in_other_runs(start):
    first, second = np.array([[True], [False], [False]]), np.array([[True], [True], [False]])
    after = put(
        put(start, Change("leverage", (PATRON, NORTH), 0.9, False), first),
        Change("leverage", (FRIEND, SOUTH), 0.1, False),
        second,
    )
    np.testing.assert_array_equal(after.leverage[:, PATRON, NORTH], [0.9, 0.5, 0.5])
    np.testing.assert_array_equal(after.leverage[:, FRIEND, SOUTH], [0.1, 0.1, 0.5])
    assert np.count_nonzero(after.leverage) == 6


def test_only_the_runs_in_which_it_happens_are_changed(start):
    where = np.array([[True], [False], [True]])
    after = put(start, Change("salience", (PATRON,), 95.0, False), where)
    np.testing.assert_array_equal(after.salience[:, PATRON], [95, 80, 95])
    np.testing.assert_array_equal(after.salience[:, [0, 1, 3]], np.tile([100, 100, 60], (3, 1)))
    after = put(start, Change("stance", (SOUTH,), 45.0, False), where)
    np.testing.assert_array_equal(after.base[:, SOUTH], [45, 60, 45])
    after = put(start, Change("control", (0,), 0.8, False), where)
    np.testing.assert_allclose(after.control, [[0.8, 0.2], [0.5, 0.5], [0.8, 0.2]])
    after = put(start, Change("leverage", (PATRON, NORTH), 0.9, False), where)
    np.testing.assert_array_equal(after.leverage[:, PATRON, NORTH], [0.9, 0.5, 0.9])


def test_each_run_may_be_changed_by_a_number_of_its_own(start):
    after = put(start, Change("support", (0, PATRON), np.array([0.1, 0.9]), False))
    np.testing.assert_array_equal(after.support[:, 0, PATRON], [0.1, 0.9])
    assert after.support.shape == (2, 2, 4)


def test_an_event_happens_where_luck_is_below_its_probability():
    event = DueEvent("storm", 0.5, (), ())
    luck = {"storm": np.array([[0.49], [0.5], [0.51]])}
    np.testing.assert_array_equal(happens(event, luck), [[True], [False], [False]])
    # what cannot happen does not happen even with the luckiest of numbers
    assert not happens(replace(event, chance=0.0), {"storm": np.array([0.0])})
    assert happens(replace(event, chance=None), {}) is None


def test_each_key_of_a_scenario_changes_its_own_actor(tell):
    story = tell(
        "three",
        """
[[events]]
on = 2020-01-01
set = { "actors.Blue.exhaustion" = 0.7, "actors.Envoy.stance" = 15, "ties.Envoy.Red.leverage" = 0.9 }
add = { "actors.Green.distrust" = 4, "actors.Blue.salience" = -30 }
""",
    )
    world, before = open_scenario(story)
    after = before
    [event] = world.events[0]
    for change in event.changes:
        after = put(after, change)
    np.testing.assert_array_equal(after.exhaustion, [0, 0, 0.7])  # Red, Green, Blue
    np.testing.assert_array_equal(after.distrust, [0, 4, 0])
    np.testing.assert_array_equal(after.stance, [30, 50, 15, 70])  # Red, Green, Envoy, Blue
    np.testing.assert_array_equal(after.salience, [100, 100, 50, 70])
    assert after.leverage[2, 0] == 0.9
    assert changed_fields(before, after) == {
        "exhaustion",
        "stance",
        "base",
        "ideal",
        "leverage",
        "distrust",
        "salience",
    }


def test_an_offer_is_made_as_the_file_says(tell):
    story = tell(
        "three",
        """
[issues.border]
now = 10

[issues.port]
now = 90

[issues.flag]
title = "of which nobody knows what holds"

[[events]]
on = 2020-01-01
[events.offer]
id = "pact"
sponsors = ["Blue", "Envoy"]
opponents = ["Green"]
to = ["Green", "Blue"]
form = "signed"
kind = "mediated"
monitoring = 0.25
terms = { port = 40, flag = 5 }
scope = { best = 0.5, assumed = "one front" }
days = 30
begins = 2020-01-05
""",
    )
    [pact] = open_scenario(story)[0].offers
    # actors: Red, Green, Envoy, Blue; parties: Red, Green, Blue
    np.testing.assert_array_equal(pact.sponsors, [3, 2])
    np.testing.assert_array_equal(pact.opponents, [1])
    np.testing.assert_array_equal(pact.addressed, [False, True, True])
    np.testing.assert_array_equal(pact.points, [np.nan, 40])  # border is not spoken of, flag does not count
    assert (pact.id, pact.kind, pact.signed, pact.monitoring) == ("pact", "mediated", True, 0.25)
    assert (pact.scope, pact.days, pact.delay) == (0.5, 30, 4)


def test_what_an_offer_does_not_say_is_a_call_for_all_of_the_fighting_at_once_and_for_good(tell):
    [made] = open_scenario(tell("two", '[[events]]\non = 2020-01-03\noffer = { id = "call", sponsors = ["Patron"] }'))[
        0
    ].offers
    assert (made.kind, made.signed, made.monitoring) == ("call", False, 0.0)
    assert (made.scope, made.days, made.delay) == (1.0, np.inf, 0.0)
    assert made.points.shape == (0,)


def tired(result, party="South"):
    return result.exhaustion.sel(party=party).isel(run=0).values


STRIKE = """
[[events]]
on = {on}
id = "strike"
set = {{ "actors.South.exhaustion" = 0.9 }}
"""


@pytest.mark.parametrize(
    ("on", "step_days", "due"),
    [
        ("2020-01-01", 1, 0),
        ("2020-01-02", 1, 1),
        ("2020-01-12", 1, 11),
        ("2020-01-07", 7, 0),
        ("2020-01-08", 7, 1),
        ("2020-01-14", 7, 1),
        ("2020-01-03", 0.5, 4),
    ],
)
def test_an_event_tells_from_the_step_in_which_its_date_falls(tell, on, step_days, due):
    # The record of step t + 1 is the first that can show what happened in step t.
    result = run_ensemble(tell("two", STRIKE.format(on=on), step_days=step_days), runs=1)
    jump = np.diff(tired(result))
    assert jump.argmax() == due
    assert jump[due] > 0.5


def test_a_date_on_the_boundary_of_steps_belongs_to_the_later_one(two):
    short = two.replace({"step_days": 0.1, "steps": 100})
    assert [short.step_of(short.start.replace(day=day)) for day in (1, 2, 3, 4, 8)] == [0, 10, 20, 30, 70]


@pytest.mark.parametrize(
    ("step_days", "last", "after"), [(1, "2020-01-12", "2020-01-13"), (7, "2020-03-24", "2020-03-25")]
)
def test_an_event_may_fall_on_the_last_day_and_no_later(tell, step_days, last, after):
    # twelve days are over with the 12th, twelve weeks with the 24th of March
    result = run_ensemble(tell("two", STRIKE.format(on=last), step_days=step_days), runs=1)
    assert tired(result)[-1] > 0.5 > tired(result)[-2]
    with pytest.raises(sim.ScenarioError, match=f"{after} is outside the scenario"):
        tell("two", STRIKE.format(on=after), step_days=step_days)


def test_an_offer_of_the_last_day_is_answered_and_its_truce_in_force_at_the_end(tell):
    story = tell("two", '[[events]]\non = 2020-01-12\noffer = { id = "late", sponsors = ["Patron"] }\n', EAGER)
    result = run_ensemble(story, runs=5)
    assert (result.answer == 1).all()
    assert result.truce.values.sum(axis=1).tolist() == [1] * 5
    assert result.truce.isel(step=-1).all()


@pytest.mark.parametrize(
    ("step_days", "day", "step"),
    [(1.1, 33, 30), (1.1, 32, 29), (1.1, 34, 30), (2.7, 81, 30), (4.9, 147, 30), (5.9, 177, 30)],
)
def test_whole_days_at_odd_lengths_of_a_step_fall_into_the_later_of_two(two, step_days, day, step):
    # thirty steps of 1.1 days are 33 days, though 33 / 1.1 comes out a little below 30
    odd = two.replace({"step_days": step_days, "steps": 40})
    assert odd.step_of(odd.start + timedelta(days=day)) == step


def test_what_may_happen_happens_in_its_share_of_the_runs(tell):
    story = tell("two", STRIKE.format(on="2020-01-03") + "probability = 0.3\n")
    result = run_ensemble(story, runs=2000, seed=5)
    struck = result.exhaustion.sel(party="South").isel(step=3).values > 0.5
    assert binomtest(int(struck.sum()), 2000, 0.3).pvalue > 0.001
    sure, never = (run_ensemble(story.replace({"events.strike.probability": p}), runs=300) for p in (1, 0))
    assert (sure.exhaustion.sel(party="South").isel(step=3) > 0.5).all()
    assert (never.exhaustion.sel(party="South").isel(step=3) < 0.5).all()


def test_a_likelier_event_happens_wherever_the_less_likely_one_did(tell):
    story = tell("two", STRIKE.format(on="2020-01-03") + "probability = 0.3\n")
    runs = [
        run_ensemble(story.replace({"events.strike.probability": p}), runs=500).exhaustion.isel(step=3, party=1) > 0.5
        for p in (0.3, 0.6)
    ]
    assert (runs[1] >= runs[0]).all()
    assert (runs[1] > runs[0]).any()


def test_an_offer_that_is_not_made_is_not_answered(tell):
    story = tell(
        "two",
        """
[[events]]
on = 2020-01-03
id = "summit"
probability = 0.5
offer = { id = "text", sponsors = ["Patron"] }
""",
        EAGER,
    )
    result = run_ensemble(story, runs=400)
    made = ~np.isnan(result.answer.sel(offer="text", party="North").values)
    assert 150 < made.sum() < 250
    for name in ("answer", "chance"):
        assert np.array_equal(np.isnan(result[name].sel(offer="text").values), np.repeat(~made[:, None], 2, axis=1))
    # where it is made everybody takes it, and a truce is in force from the next step on; elsewhere none ever is
    truce = result.truce.values
    assert not truce[:, :3].any()
    assert np.array_equal(truce[:, 3], made)
    assert not truce[~made].any()


def test_an_offer_to_one_party_leaves_the_other_unasked(tell):
    story = tell(
        "two",
        """
[[events]]
on = 2020-01-03
offer = { id = "appeal", sponsors = ["Friend"], to = ["South"] }
""",
    )
    result = run_ensemble(story, runs=50)
    assert np.isnan(result.answer.sel(party="North")).all()
    assert np.isin(result.answer.sel(party="South"), [0, 1]).all()


OFFICES = """
[[events]]
on = 2020-01-03
id = "good-offices"
offer = { id = "visit", sponsors = ["Friend"], every = 4, until = 2020-01-11, to = ["South"] }
"""


def test_a_standing_offer_is_made_again_and_again_until_its_last_day(tell):
    # on the 3rd, 7th and 11th; steps 2, 6 and 10
    world, _ = open_scenario(tell("two", OFFICES))
    assert [made.id for made in world.offers] == ["visit-1", "visit-2", "visit-3"]
    assert {step: [event.offers for event in due] for step, due in world.events.items()} == {
        2: [(0,)],
        6: [(1,)],
        10: [(2,)],
    }
    # the 10th is too early for the third visit; without an end it stands until the scenario's
    until = tell("two", OFFICES.replace("until = 2020-01-11", "until = 2020-01-10"))
    assert len(open_scenario(until)[0].offers) == 2
    forever = tell("two", OFFICES.replace("until = 2020-01-11, ", ""), {"steps": 40})
    assert len(open_scenario(forever)[0].offers) == 10  # days 2, 6, ..., 38


def test_a_standing_offer_in_weekly_steps_keeps_to_its_days(tell):
    # every 10 days from day 2: days 2, 12, 22, 32 fall in weeks 0, 1, 3, 4
    story = tell(
        "two", OFFICES.replace("every = 4, until = 2020-01-11, ", "every = 10, "), {"step_days": 7, "steps": 5}
    )
    assert sorted(open_scenario(story)[0].events) == [0, 1, 3, 4]


def test_the_changes_of_a_standing_event_happen_once(tell):
    story = tell("two", OFFICES + 'add = { "actors.South.distrust" = 5 }\n')
    world, _ = open_scenario(story)
    assert [len(due[0].changes) for _, due in sorted(world.events.items())] == [1, 0, 0]


def test_each_visit_of_a_standing_offer_is_answered_by_luck_of_its_own(tell):
    result = run_ensemble(tell("two", OFFICES, {"coefficients.answers.bar_call": 10}), runs=2000)
    answers = result.answer.sel(party="South").values
    assert (answers == 1).any(axis=0).all()
    # the same party, nearly the same chance: answers agree as often as chance has it, not always
    agree = (answers[:, 0] == answers[:, 1]).mean()
    assert 0.4 < agree < 0.9


def test_offers_are_told_in_the_order_of_their_dates_whatever_the_order_of_the_file(tell):
    late = '[[events]]\non = 2020-01-09\noffer = { id = "late", sponsors = ["Patron"], to = ["North"] }\n'
    early = '[[events]]\non = 2020-01-02\noffer = { id = "early", sponsors = ["Friend"], to = ["South"] }\n'
    for text in (late + early, early + late):
        result = run_ensemble(tell("two", text), runs=20)
        assert list(result.offer.values) == ["early", "late"]
        assert np.isnan(result.answer.sel(offer="early", party="North")).all()
        assert not np.isnan(result.answer.sel(offer="early", party="South")).any()
        assert not np.isnan(result.answer.sel(offer="late", party="North")).any()
