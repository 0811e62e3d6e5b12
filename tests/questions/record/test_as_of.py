"""Forecasts as of a day, scored on the answers that came after it: what they may rest on, and what they may not."""

from datetime import date

import numpy as np
import pytest

import simulation as sim
from simulation.questions.record.baselines import base_rate, last_answer, loser_accepts
from simulation.questions.record.hindcast import answers_on_record, as_known, hindcast, split_of
from simulation.scenario.files import load_text
from simulation.scenario.writing import as_tables

WAR = """
schema = 1
title = "Three offers"
start = 2021-01-01
steps = 40
coefficients.opinion.noise = 0
coefficients.answers = { threshold = 50, temperature = 10, reserve = 0, bar_call = 0, mood_half_life = 0 }

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
on = 2021-01-05
offer = { id = "first", sponsors = ["North"], to = ["South"] }

[[events]]
on = 2021-01-15
id = "turn"
set = { "actors.South.stance" = 95 }

[[events]]
on = 2021-01-20
offer = { id = "second", sponsors = ["North"], to = ["South"] }

[[events]]
on = 2021-01-30
set = { "actors.South.stance" = 5 }
offer = { id = "third", sponsors = ["North"], to = ["South"] }

[[record]]
offer = "first"
party = "South"
answer = 0.25
fortune = 1

[[record]]
offer = "second"
party = "South"
answer = 1
fortune = -3

[[record]]
offer = "third"
party = "South"
answer = 0
fortune = -3
"""


@pytest.fixture(scope="module")
def war():
    return load_text(WAR, "war.toml")


def test_later_offers_are_forecast_without_the_events_that_led_to_them(war):
    """South turns to peace on the 15th and to war on the 30th; who stands on the 10th knows of neither."""
    then, _ = split_of(war, None, "2021-01-10")
    chance = hindcast(then, 64).mean(axis=0)
    whole = hindcast(war, 64).mean(axis=0)
    assert chance[0] == whole[0]
    assert whole[1] > 0.9 > chance[1]
    assert whole[2] < 0.1 < chance[2]


def test_an_answer_is_told_only_if_it_was_given_before_the_day(war):
    """By history South accepts the second offer, and a truce changes the third answer; as of the 10th it may refuse."""
    then, _ = split_of(war, None, date(2021, 1, 10))
    raw = as_tables(then)
    raw["record"][1]["answer"] = raw["record"][2]["answer"] = 0.5
    other = sim.Scenario.model_validate(raw)
    np.testing.assert_array_equal(hindcast(then, 64, seed=3), hindcast(other, 64, seed=3))
    np.testing.assert_array_equal(hindcast(then, 64)[:, 0], hindcast(war, 64)[:, 0])


def test_simple_forecasts_know_no_more_than_the_model(war):
    """South answered 0.25 while it was winning: that is its last answer, the base rate and its fortune from then on."""
    then, _ = split_of(war, None, "2021-01-10")
    asked = answers_on_record(then)
    before = np.array([True, False, False])
    known = as_known(then, asked, before)
    np.testing.assert_array_equal(last_answer(known, before), [0.5, 0.25, 0.25])
    np.testing.assert_array_equal(base_rate(known, before), [0.5, 0.25, 0.25])
    np.testing.assert_array_equal(loser_accepts(known, before), [0, 0, 0])
    np.testing.assert_array_equal(last_answer(as_known(war, answers_on_record(war), before), before), [0.5, 0.25, 1])


def test_it_is_scored_on_the_answers_that_came_after(war):
    found = sim.validate(war, as_of="2021-01-10", runs=32, draws=0)
    assert found.summary["answers"] == {"before": 1, "after": 2, "after, others' offers": 2, "all": 3}
    assert found.summary["split"] == "2021-01-10"
    np.testing.assert_array_equal(found.result.grade, [0.25, 1, 0])
    assert found.result.chance.sel(forecast="last answer again").values.tolist() == [0.5, 0.25, 0.25]
    assert "as of 10 January 2021" in str(found)
    assert "no other event, answer or fortune from then on is known" in str(found)
    assert "as of" not in str(sim.validate(war, date(2021, 1, 10), runs=32, draws=0))


def test_an_answer_given_after_the_day_is_learnt_from_by_nobody():
    """The offer of the 5th was answered on the 12th: as of the 10th there is nothing to learn from."""
    late = load_text(
        WAR.replace('party = "South"\nanswer = 0.25', 'party = "South"\non = 2021-01-12\nanswer = 0.25'), "w"
    )
    assert not sim.validate(late, as_of="2021-01-10", runs=8, draws=0).result.before.any()
    with pytest.raises(sim.ScenarioError, match="`as_of` 2021-01-10: no observed answer before it"):
        sim.calibrate(late, as_of="2021-01-10", draws=8, rounds=1)


def test_what_is_calibrated_or_switched_off_is_so_as_of_the_day(war):
    fitted = sim.calibrate(war, as_of="2021-01-10", keys=["coefficients.answers.temperature"], draws=16, rounds=1)
    assert fitted.result.used.values.tolist() == [True, False, False]
    assert fitted.result.attrs["until"] == "2021-01-10"
    ablated = sim.ablate(war, as_of="2021-01-10", runs=8, draws=0)
    assert ablated.result.attrs["split"] == ablated.result.attrs["as_of"] == "2021-01-10"


def test_one_day_parts_the_record(war):
    with pytest.raises(sim.ScenarioError, match="give one of them"):
        sim.validate(war, date(2021, 1, 10), as_of="2021-01-10")
