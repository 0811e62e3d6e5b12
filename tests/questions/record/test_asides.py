"""What is not known by the day of an offer is kept from every forecast of its answers."""

import numpy as np
import pytest

from simulation.questions.record.asides import asides
from simulation.questions.record.baselines import last_answer, mean_stance
from simulation.questions.record.hindcast import answers_on_record, hindcast
from simulation.scenario.files import load_text

WAR = """
schema = 1
title = "Two offers in eight days"
start = 2021-01-01
steps = 6
step_days = 5
coefficients.opinion.noise = 0
coefficients.truces.declared_days = 0.5
coefficients.truces.shape = 1

[actors.North]
roles = ["party"]
stance = 50
salience = 100
influence = 50
assumed = "made up"

[actors.South]
roles = ["party"]
stance = 50
salience = 100
influence = 50
assumed = "made up"

[[events]]
on = 2021-01-02
offer = { id = "first", sponsors = ["North"] }

[[events]]
on = 2021-01-12
offer = { id = "second", sponsors = ["North"], to = ["South"] }

[[events]]
on = LATER
IDset = { "actors.South.stance" = 95 }

[[record]]
offer = "first"
party = "North"
answer = 1

[[record]]
offer = "first"
party = "South"
answer = FIRST
on = GIVEN

[[record]]
offer = "second"
party = "South"
answer = 1
"""


def war(first=1, given="2021-01-03", later="2021-01-20", name=""):
    return load_text(
        WAR.replace("FIRST", str(first)).replace("GIVEN", given).replace("LATER", later).replace("ID", name), "war.toml"
    )


@pytest.mark.parametrize(("given", "known"), [("2021-01-11", True), ("2021-01-12", False), ("2021-01-14", False)])
def test_a_run_is_told_only_what_was_answered_before_the_day_of_the_offer(given, known):
    """A truce that surely breaks sows distrust, so that the second answer hangs on the first, where that is known."""
    yes, no = (hindcast(war(first, given), 64, seed=2) for first in (1, 0))
    assert np.array_equal(yes[:, 2], no[:, 2]) is not known


def test_what_is_not_known_is_answered_by_the_run_itself():
    """With no answer told at all, and that of North told, which is a yes by itself in about half of the runs."""
    late = hindcast(war(0, "2021-01-14"), 4000)[:, 2].mean()
    yes, no = (hindcast(war(first), 4000)[:, 2].mean() for first in (1, 0))
    assert min(yes, no) < late < max(yes, no)


@pytest.mark.parametrize("name", ["", 'id = "turn"\n'])
@pytest.mark.parametrize("later", ["2021-01-13", "2021-01-15"])
def test_an_event_of_the_same_step_but_a_later_day_changes_no_forecast(later, name):
    """Steps of five days begin on the 11th and the 16th; the offer is of the 12th."""
    never = hindcast(war(later="2021-01-20"), 64)
    np.testing.assert_array_equal(hindcast(war(later=later, name=name), 64), never)
    np.testing.assert_array_equal(
        mean_stance(war(later=later, name=name), answers_on_record(war())), mean_stance(war(), answers_on_record(war()))
    )


def test_an_event_of_the_day_itself_is_known():
    on_the_day = war(later="2021-01-12")
    assert hindcast(on_the_day, 64)[:, 2].mean() > hindcast(war(), 64)[:, 2].mean() + 0.2
    assert asides(on_the_day, answers_on_record(on_the_day), {("first", "South")}) == []


@pytest.mark.parametrize(("given", "last"), [("2021-01-11", 0.3), ("2021-01-12", 0.5)])
def test_the_last_answer_is_one_given_before_the_day(given, last):
    asked = answers_on_record(war(0.3, given))
    np.testing.assert_array_equal(last_answer(asked, np.ones(3, dtype=bool)), [0.5, 0.5, last])
