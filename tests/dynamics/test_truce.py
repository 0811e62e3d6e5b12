"""How truces start, hold and collapse: hazards by hand, median lives by simulation, distrust by whom."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binomtest

from simulation.dynamics.randomness import draw
from simulation.dynamics.simulate import among_all, spread
from simulation.dynamics.step import advance
from simulation.dynamics.truce import begin, betrayed, cumulative_hazard, hazard, hold
from simulation.runs.ensemble import run_ensemble
from simulation.runs.results import history_of
from simulation.runs.setup import open_scenario
from simulation.scenario.readings import first_truce

BOTH, NOBODY = np.array([True, True]), np.array([False, False])
UNPRESSED = np.zeros(2)
A_WEEK = np.log(2) / 7  # the daily hazard of a median life of seven days, 0.0990210


@pytest.fixture(scope="module")
def opened(two):
    world, state = open_scenario(two)
    return world, replace(state, stance=np.array([50.0, 50.0, 0.0, 100.0]))


def agreed(opened, made, accepted=BOTH, pressed=UNPRESSED):
    world, state = opened
    return begin(state, made, accepted, pressed, world)


def daily(opened, made, pressed=UNPRESSED):
    return hazard(agreed(opened, made, BOTH, pressed), opened[0])[0]


def test_a_truce_starts_when_everybody_who_was_asked_accepts(opened, offer):
    for accepted, starts in (([True, True], True), ([True, False], False), ([False, True], False)):
        assert agreed(opened, offer(), np.array(accepted)).truce == [starts]
    # South alone is asked; what North would have said does not count
    assert agreed(opened, offer(to=[False, True]), np.array([False, True])).truce == [True]
    assert agreed(opened, offer(to=[False, True]), NOBODY).truce == [False]


def test_where_nobody_fights_no_truce_is_in_force():
    found = among_all(np.zeros((3, 0), dtype=bool))
    assert (found.dtype, found.tolist()) == (bool, [False] * 3)


def test_at_middling_stances_the_hazard_is_that_of_the_stated_median_life(opened, offer):
    assert daily(opened, offer()) == pytest.approx(A_WEEK)
    assert daily(opened, offer(signed=True)) == pytest.approx(np.log(2) / 117)


def aged(opened, made, shape, age):
    """The cumulative hazard of a day, of a truce that is so many days old."""
    world, state = opened
    ageing = replace(world, truces=world.truces.model_copy(update={"shape": shape}))
    truce = replace(agreed((ageing, state), made), age=np.array([float(age)]))
    return cumulative_hazard(truce, ageing)[0]


def test_a_day_weighs_less_the_older_the_truce_where_the_shape_is_below_one(opened, offer):
    # ln 2 / sqrt(7) = 0.2619850 times sqrt(1) - sqrt(0) = 1, and sqrt(49) - sqrt(48) = 0.0717968
    assert aged(opened, offer(), 0.5, 0) == pytest.approx(0.2619850, abs=1e-7)
    assert aged(opened, offer(), 0.5, 48) == pytest.approx(0.0188097, abs=1e-7)
    # with 2 the older are the more at risk: ln 2 / 49 = 0.0141459 times 1, and 100 - 81 = 19
    assert aged(opened, offer(), 2, 0) == pytest.approx(0.0141459, abs=1e-7)
    assert aged(opened, offer(), 2, 9) == pytest.approx(0.2687712, abs=1e-6)


def test_with_a_shape_of_one_age_counts_for_nothing(opened, offer):
    assert {aged(opened, offer(), 1.0, age) for age in (0, 0.1, 7, 1e9)} == {
        hazard(agreed(opened, offer()), opened[0])[0]
    }


def test_the_days_of_a_truce_add_up_to_its_median_life_whatever_the_shape(opened, offer):
    for shape in (0.3, 0.5, 1, 2):
        week = sum(aged(opened, offer(), shape, age) for age in range(7))
        assert week == pytest.approx(np.log(2)), shape  # so that half of them hold for the seven days


def test_a_truce_grows_older_while_it_holds_and_a_new_one_starts_young(opened, offer):
    world, _ = opened
    lucky, unlucky = np.array([1.0]), np.array([0.0])
    truce = hold(agreed(opened, offer()), np.array([False]), lucky, world)
    assert truce.age == [0]  # agreed in this very step
    truce = hold(hold(truce, truce.truce, lucky, world), truce.truce, lucky, world)
    assert truce.age == [2]
    assert begin(truce, offer(signed=True), BOTH, UNPRESSED, world).age == [2]  # renewed, it is as old as it was
    assert hold(truce, truce.truce, unlucky, world).age == [0]


def test_monitoring_lengthens_a_truce_and_imposing_it_shortens_it(opened, offer):
    # e^-0.5 = 0.6065307; the most that any party was pressed by counts, and 40 points are e^0.4 = 1.4918247
    assert daily(opened, offer(monitoring=0.5)) == pytest.approx(A_WEEK * 0.6065307)
    assert daily(opened, offer(), np.array([40.0, 10.0])) == pytest.approx(A_WEEK * 1.4918247)
    assert daily(opened, offer(), np.array([10.0, 40.0])) == pytest.approx(A_WEEK * 1.4918247)


def test_pressure_counts_from_none_to_a_hundred_points_and_on_the_asked_alone(opened, offer):
    assert daily(opened, offer(), np.array([-30.0, -10.0])) == pytest.approx(A_WEEK)
    assert daily(opened, offer(), np.array([250.0, 0.0])) == pytest.approx(A_WEEK * np.e)
    world, state = opened
    state = begin(state, offer(to=[False, True]), BOTH, np.array([40.0, 0.0]), world)
    assert hazard(state, world)[0] == pytest.approx(A_WEEK)


def test_the_least_willing_party_sets_the_hazard_and_no_backer_does(opened, offer):
    world, state = opened
    truce = begin(state, offer(), BOTH, UNPRESSED, world)
    for stances, factor in (([0, 90, 50, 50], np.e), ([90, 0, 50, 50], np.e), ([100, 100, 0, 0], 1 / np.e)):
        got = hazard(replace(truce, stance=np.array(stances, dtype=float)), world)
        assert got[0] == pytest.approx(A_WEEK * factor)


def test_a_renewal_keeps_whichever_terms_hold_better(opened, offer):
    world, state = opened
    signed, declared = offer(signed=True), offer()
    weak = begin(state, declared, BOTH, UNPRESSED, world)
    strong = begin(state, signed, BOTH, UNPRESSED, world)
    assert begin(weak, signed, BOTH, UNPRESSED, world).strain == strong.strain
    assert begin(strong, declared, BOTH, UNPRESSED, world).strain == strong.strain


def test_a_renewal_that_fails_leaves_the_truce_as_it_was(opened, offer):
    world, state = opened
    truce = begin(state, offer(), BOTH, UNPRESSED, world)
    after = begin(truce, offer(signed=True), np.array([True, False]), UNPRESSED, world)
    assert after.truce == [True]
    assert after.strain == truce.strain


def test_the_terms_of_a_truce_that_is_over_do_not_come_back(opened, offer):
    world, state = opened
    truce = begin(state, offer(signed=True), BOTH, UNPRESSED, world)
    broken = hold(truce, truce.truce, np.array([0.0]), world)
    assert (broken.truce, broken.strain) == ([False], [0.0])
    assert hazard(begin(broken, offer(), BOTH, UNPRESSED, world), world)[0] == pytest.approx(A_WEEK)


def test_a_truce_breaks_where_luck_is_below_the_chance_of_the_step(opened, offer):
    world, state = opened
    week = replace(world, step_days=7.0)  # half of the truces of seven days break in a step
    truce = begin(state, offer(), BOTH, UNPRESSED, week)
    assert hold(truce, truce.truce, np.array([0.4999999]), week).truce == [False]
    assert hold(truce, truce.truce, np.array([0.5000001]), week).truce == [True]


def test_a_truce_without_hazard_holds_even_with_the_worst_of_luck(opened, offer):
    world, state = opened
    safe = replace(begin(state, offer(), BOTH, UNPRESSED, world), strain=np.array([-np.inf]))
    assert hold(safe, safe.truce, np.array([0.0]), world).truce == [True]


def test_a_truce_of_this_very_step_is_not_yet_at_hazard(opened, offer):
    world, state = opened
    truce = begin(state, offer(), BOTH, UNPRESSED, world)
    after = hold(truce, state.truce, np.array([0.0]), world)
    assert after.truce == [True]
    assert after.strain == truce.strain


@pytest.mark.parametrize(("luck", "left"), [(0.0, np.inf), (1.0, 1.0)])
def test_of_a_truce_that_broke_or_lapsed_nothing_is_left(opened, offer, luck, left):
    world, state = opened
    truce = replace(agreed(opened, offer(scope=0.5)), balance=np.array([0.7]), left=np.array([left]))
    after = hold(truce, truce.truce, np.array([luck]), world)
    never = {"truce": False, "strain": 0.0, "age": 0.0, "scope": 0.0, "left": np.inf, "balance": 0.0}
    for name, value in never.items():
        found = getattr(after, name)
        assert (found.dtype, found.tolist()) == (getattr(state, name).dtype, [value]), name


def collapse(opened, stances, distrust=(0.0, 0.0), luck=0.0, days=1.0):
    world, state = opened
    parties = len(distrust)
    stance = state.stance.copy()
    stance[world.party_index] = stances
    pairs = len(world.pairs)
    in_force = np.ones(pairs, dtype=bool)
    state = replace(
        state,
        stance=stance,
        distrust=np.array(distrust),
        truce=in_force,
        strain=np.full(pairs, np.log(A_WEEK)),
        scope=np.ones(pairs),
    )
    assert parties == len(world.parties)
    return hold(state, in_force, np.full(pairs, luck), replace(world, step_days=days)).distrust


def test_whoever_wanted_the_truce_less_broke_it_and_is_distrusted_by_the_other(opened):
    np.testing.assert_allclose(collapse(opened, [20, 60]), [0, 10])
    np.testing.assert_allclose(collapse(opened, [60, 20]), [10, 0])


def test_where_both_wanted_it_as_little_each_blames_the_other(opened):
    np.testing.assert_allclose(collapse(opened, [30, 30]), [10, 10])


def test_among_three_all_but_the_breaker_grow_distrustful_and_ties_distrust_each_other(three):
    opened = open_scenario(three)
    np.testing.assert_allclose(collapse(opened, [20, 60, 40], (0, 0, 0)), [0, 10, 10])
    np.testing.assert_allclose(collapse(opened, [60, 40, 20], (0, 0, 0)), [10, 10, 0])
    np.testing.assert_allclose(collapse(opened, [20, 60, 20], (0, 0, 0)), [10, 10, 10])


def test_distrust_fades_by_half_in_its_half_life_and_a_breach_adds_to_what_is_left(opened):
    np.testing.assert_allclose(collapse(opened, [20, 60], (8.0, 4.0), luck=1.0, days=90), [4, 2])
    np.testing.assert_allclose(collapse(opened, [20, 60], (8.0, 4.0), luck=0.0, days=90), [4, 12])


def test_distrust_ends_where_its_scale_ends(opened):
    np.testing.assert_allclose(collapse(opened, [20, 60], (0.0, 99.9)), [0, 100])


ACCEPTED = """
[[events]]
on = 2020-01-01
[events.offer]
id = "truce"
sponsors = ["North"]
form = "{form}"
monitoring = {monitoring}
"""


@pytest.mark.parametrize(
    ("form", "monitoring", "step_days", "within", "expected", "shape"),
    [
        ("declared", 0, 1, 7, 0.5, 1),
        ("declared", 0, 3.5, 7, 0.5, 1),
        ("signed", 0, 13, 117, 0.5, 1),
        # three quarters are over by twice the median life
        ("declared", 0, 1, 14, 0.75, 1),
        # full monitoring takes the hazard to 1/e of it: 1 - 2^(-1/e) of the truces are over by day 7
        ("declared", 1, 1, 7, 1 - 2 ** (-1 / np.e), 1),
        # of those that age with the root of time, half are over by day 7 too; by day 1, 1 - 2^(-sqrt(1/7)) are
        ("declared", 0, 1, 7, 0.5, 0.5),
        ("declared", 0, 3.5, 7, 0.5, 0.5),
        ("declared", 0, 1, 1, 1 - 2 ** -np.sqrt(1 / 7), 0.5),
    ],
)
def test_truces_last_as_long_as_stated(tell, quiet, form, monitoring, step_days, within, expected, shape):
    # Both parties want 50 whatever happens, so that only the terms count.
    unmoved = {
        "actors.North.stance": 50,
        "actors.South.stance": 50,
        "rule.openness": 0,
        "coefficients.appraisal.gain": 0,
        "coefficients.appraisal.weariness": 0,
        "coefficients.appraisal.stalemate": 0,
        "steps": 20,
        "step_days": step_days,
        "coefficients.truces.shape": shape,
        "coefficients.answers.threshold": 0,  # five hundred times the temperature below: both are sure to accept
        "coefficients.answers.temperature": 0.1,
    }
    story = tell("two", ACCEPTED.format(form=form, monitoring=monitoring), quiet | unmoved)
    history = history_of(run_ensemble(story, runs=3000, seed=11))
    assert (history.stance[:, :, :2] == 50).all()
    begun, held = first_truce(history.truce)
    assert (begun == 1).all()
    over = int((held <= within / step_days).sum())
    assert binomtest(over, 3000, expected).pvalue > 0.001


def test_a_truce_that_is_bettered_today_was_at_the_hazard_of_its_old_terms(two):
    world, state = open_scenario(two)
    # old terms: ln 2 a day, so that it breaks by the evening in half of all runs; new ones: hardly ever
    state = replace(
        state, truce=np.array([True]), strain=np.array([-20.0]), age=np.array([0.0]), left=np.array([np.inf])
    )
    middling = replace(state, stance=np.full_like(state.stance, 50.0))
    stood, old = np.array([True]), np.array([np.log(np.log(2))])
    for luck, holds in ((0.49, False), (0.51, True)):
        assert hold(middling, stood, np.array([luck]), world, old).truce == [holds]
        assert hold(middling, stood, np.array([luck]), world).truce == [True]


def test_an_offer_that_betters_a_truce_today_does_not_save_it_from_today(tell, quiet):
    """In a whole step: old terms of ln 2 a day let half of the truces break by the evening, whatever is agreed."""
    better = """
[[events]]
on = 2020-01-01
offer = { id = "text", sponsors = ["South"], form = "signed" }
"""
    level = {f"actors.{name}.stance": 50 for name in ("North", "South")} | {"rule.openness": 0}
    level |= {f"coefficients.appraisal.{name}": 0 for name in ("weariness", "stalemate", "gain")}
    willing = {"coefficients.answers.threshold": 0, "coefficients.answers.temperature": 0.1}
    world, state = open_scenario(tell("two", better, quiet | level | willing))
    standing = {"truce": np.array([True]), "strain": np.array([np.log(np.log(2))]), "scope": np.ones(1)}
    state = spread(replace(state, **standing), 256)
    luck = draw(world, 1, 0)
    after = advance(state, 0, world, luck)
    np.testing.assert_array_equal(after.truce[:, 0], luck.truce[0, :, 0] >= 0.5)
    assert 100 < after.truce.sum() < 156


def test_the_one_of_two_that_wanted_the_truce_a_little_less_is_blamed(opened):
    world, state = opened
    nearly = replace(state, stance=np.array([50.0, 49.5, 0.0, 0.0]))
    np.testing.assert_array_equal(betrayed(nearly, np.array([True]), world), [True, False])
    turned = replace(state, stance=np.array([49.5, 50.0, 0.0, 0.0]))
    np.testing.assert_array_equal(betrayed(turned, np.array([True]), world), [False, True])
