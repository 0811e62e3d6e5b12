"""Truces forecast from the day they began: what became of them, and nothing known of what came later."""

from datetime import date as Date

import numpy as np
import pytest

import simulation as sim
from simulation.questions.record.benchmark.cases import Case
from simulation.questions.record.benchmark.truces import (
    as_begun,
    at_age,
    by_the_world,
    fate_of,
    fates,
    fates_by_step,
    truces_of,
)
from simulation.questions.record.hindcast import answers_on_record
from simulation.scenario.files import load_text
from simulation.scenario.record import PastTruce

WAR = """
schema = 1
title = "t"
start = 2020-01-01
steps = 60
coefficients.truces.declared_days = 30
coefficients.truces.shape = 1
coefficients.truces.goodwill = 0
coefficients.truces.imposed = 0
coefficients.opinion.noise = 0

[actors.N]
roles = ["party"]
stance = 5
salience = 100
influence = 50
assumed = "made up"

[actors.S]
roles = ["party"]
stance = 5
salience = 100
influence = 50
assumed = "made up"

[[events]]
on = 2020-01-10
offer = { id = "halt", sponsors = ["S"], days = 20 }

[[events]]
on = 2020-01-20
id = "arms"
set = { "actors.N.strength" = 100 }

[[record]]
offer = "halt"
party = "N"
answer = 0.5

[[record]]
offer = "halt"
party = "S"
answer = 1

[[truces]]
offer = "halt"
began = 2020-01-11
ended = 2020-01-25
how = "broken"
"""


def begun(text=WAR):
    scenario = load_text(text, "t")
    (item,) = truces_of([Case("t", "settled", scenario, tuple(answers_on_record(scenario)))])
    return item


@pytest.mark.parametrize(
    ("ended", "how", "days", "fate"),
    [
        (Date(2020, 1, 11), "broken", 10, 1),
        (Date(2020, 1, 12), "broken", 10, 0),  # a day later
        (Date(2020, 1, 5), "lapsed", 10, 2),
        (Date(2020, 1, 5), "replaced", 10, 2),
        (None, "held", 10, 0),
        (None, "held", 40, -1),  # nobody looked so long
        (Date(2020, 3, 1), "broken", 40, 0),  # seen to end later, so it stood
    ],
)
def test_what_became_of_a_truce_is_read_off_the_record(ended, how, days, fate):
    truce = PastTruce(began=Date(2020, 1, 1), ended=ended, how=how)
    assert fate_of(truce, days, Date(2020, 1, 31)) == fate


def test_a_truce_that_began_is_told_accepted_and_nothing_later_is_known():
    scenario = as_begun(begun())
    assert [entry.answer for entry in scenario.record] == [1, 1]
    assert [event.name for event in scenario.events] == ["halt"]
    assert scenario.date_of(scenario.steps) >= Date(2020, 4, 11)  # ninety days on can be seen
    truce = sim.run(scenario, runs=50).truce
    assert bool(truce.sel(step=10).all())  # though both would have refused


def test_it_stands_as_long_as_its_median_life_says_and_is_over_at_its_term():
    """A constant hazard with a median of 30 days, and a term of 20: by then 1 - 2^(-20/30) are broken, and no more."""
    share = fates(begun(), 4000, seed=1)
    young, old = 2 ** (-14 / 30), 2 ** (-20 / 30)
    np.testing.assert_allclose(share, [[young, 1 - young, 0], [0, 1 - old, old], [0, 1 - old, old]], atol=0.03)


def test_one_without_a_term_stands_on():
    share = fates(begun(WAR.replace(", days = 20", "")), 4000, seed=1)
    np.testing.assert_allclose(share, [[s, 1 - s, 0] for s in (2 ** (-14 / 30), 0.5, 0.125)], atol=0.03)


@pytest.mark.parametrize("days", [9, 10, 11, 12, 13])
def test_it_does_so_in_steps_of_five_days_whatever_the_day_of_the_step(days):
    text = WAR.replace("steps = 60", "steps = 12\nstep_days = 5").replace("2020-01-10", f"2020-01-{days:02}")
    share = fates(begun(text.replace("2020-01-11", f"2020-01-{days:02}")), 4000, seed=1)
    young, old = 2 ** (-14 / 30), 2 ** (-20 / 30)
    np.testing.assert_allclose(share, [[young, 1 - young, 0], [0, 1 - old, old], [0, 1 - old, old]], atol=0.03)


def test_within_a_step_the_hazard_of_a_breach_is_constant_and_nothing_lapses():
    """Of all, a quarter after five days: half after two and a half; all at once; and what lapses does so at the end."""
    share = np.array([[1.0, 0, 0], [0.25, 0.75, 0], [0, 0.75, 0.25]])
    found = at_age(share, 5, np.array([2.5, 0.0, 5.0, 9.9, 10.0, 99.0]))
    expected = [[0.5, 0.5, 0], [1, 0, 0], [0.25, 0.75, 0], [0.25, 0.75, 0], [0, 0.75, 0.25], [0, 0.75, 0.25]]
    np.testing.assert_allclose(found, expected)


def test_what_ends_first_counts_and_only_where_all_had_begun():
    truce = np.ones((3, 4, 2), dtype=bool)
    truce[0, 3, 1] = False  # one of the two has not begun
    ending = np.zeros((3, 4, 2), dtype=np.int8)
    ending[0, 0] = 3  # before it began
    ending[1, 1, 0], ending[2, 1, 1] = 2, 1  # lapses, then the other breaks
    ending[1, 2] = [1, 3]  # one breaks on the day the other is replaced
    np.testing.assert_array_equal(fates_by_step(truce, ending), [[3, 0, 0], [1, 1, 1], [1, 1, 1]])


def test_the_worlds_truces_with_a_term_are_over_when_it_has_run_out():
    plain, stated = by_the_world(begun(), 30)
    assert plain.sum() == pytest.approx(1)
    assert stated[0] == 0  # the term of 20 days has run out
    assert stated.sum() == pytest.approx(1)
    _, before = by_the_world(begun(), 14)
    assert before[2] == 0  # nor has it before
    assert before[1] == pytest.approx(stated[1] * 14 / 20, abs=0.02)  # breaches come at an even pace, nearly


def test_a_truce_of_no_offer_is_not_forecast():
    scenario = load_text(WAR.replace('[[truces]]\noffer = "halt"\n', "[[truces]]\n"), "t")
    assert truces_of([Case("t", "settled", scenario, ())]) == []
