"""Calibration finds what is known in problems that can be worked out, and says where it cannot."""

import numpy as np
import pytest

import simulation as sim
from simulation.dynamics.randomness import generator
from simulation.questions.record.calibration import FIXED, priors, resampled, until_day
from simulation.questions.record.calibration import calibrate as ask
from simulation.questions.record.describe import resemblances
from simulation.questions.record.hindcast import answers_on_record
from simulation.questions.record.posterior import Prior, moments, quantiles, sample_posterior
from simulation.questions.record.recovery import recover as ask_recover


def calibrate(*given, **options):
    """The dataset of the answer."""
    return ask(*given, **options).result


def recover(*given, **options):
    """The dataset of the answer."""
    return ask_recover(*given, **options).result


NORMAL = Prior("mean", -10.0, 0.0, 10.0)
"""PERT over -10 … 10, even about 0: a Beta(3, 3), of variance 400 * 9 / (36 * 7) = 14.29."""


def test_weighted_moments_and_quantiles_by_hand():
    value, weight = np.array([[0.0], [10.0], [20.0]]), np.array([0.25, 0.5, 0.25])
    mean, sd = moments(value, weight)
    np.testing.assert_allclose(mean, [10.0])
    np.testing.assert_allclose(sd, [np.sqrt(50.0)])
    np.testing.assert_allclose(quantiles(value, weight, (0.2, 0.5, 0.9)), [[0.0, 10.0, 20.0]])


def test_the_sampler_finds_the_posterior_that_quadrature_finds():
    """One number with a Beta(3, 3) prior over -10 … 10, seen once as 4 with a spread of 1: summed on a fine grid."""
    grid = np.linspace(-10, 10, 200_001)
    density = ((grid + 10) * (10 - grid)) ** 2 * np.exp(-((grid - 4) ** 2) / 2)
    mean = np.sum(grid * density) / density.sum()
    sd = np.sqrt(np.sum((grid - mean) ** 2 * density) / density.sum())

    found = sample_posterior(
        [NORMAL],
        lambda values, number: values["mean"][:, None],
        lambda seen, _: (seen[:, 0] - 4) ** 2 / 2,
        draws=2000,
        rounds=3,
        rng=generator(1, "test", "", 0),
    )
    at, spread = moments(NORMAL.value(found.z), found.weight)
    np.testing.assert_allclose(at, [mean], atol=0.06)
    np.testing.assert_allclose(spread, [sd], atol=0.06)
    assert found.weight.sum() == pytest.approx(1.0)
    assert found.effective[-1] > found.effective[0]  # later rounds look where the weight is


def test_without_evidence_the_posterior_is_the_prior():
    found = sample_posterior(
        [NORMAL],
        lambda values, number: values["mean"][:, None],
        lambda seen, _: np.zeros(len(seen)),
        draws=4000,
        rounds=2,
        rng=generator(2, "test", "", 0),
    )
    mean, sd = moments(NORMAL.value(found.z), found.weight)
    np.testing.assert_allclose(mean, [0.0], atol=0.2)
    np.testing.assert_allclose(sd, [np.sqrt(400 * 9 / (36 * 7))], rtol=0.05)


def test_a_very_sharp_likelihood_leaves_proposals_wide_enough_to_go_on():
    """Six numbers seen to a fortieth of their range: in the first round a draw or two have nearly all the weight."""
    believed = [Prior(f"n{place}", -10.0, 0.0, 10.0) for place in range(6)]
    found = sample_posterior(
        believed,
        lambda values, number: np.column_stack(list(values.values())),
        lambda seen, _: ((seen - 3) ** 2).sum(axis=1) / (2 * 0.5**2),
        draws=1500,
        rounds=7,
        rng=generator(3, "test", "", 0),
    )
    mean, _ = moments(
        np.column_stack([prior.value(column) for prior, column in zip(believed, found.z.T, strict=True)]), found.weight
    )
    np.testing.assert_allclose(mean, 3.0, atol=0.15)
    assert found.effective[0] < 20
    assert found.effective[-1] > 100


def test_priors_are_those_of_experts_or_a_third_to_three_times_the_default():
    scenario = sim.load_scenario("libya-2019-2020")
    found = {prior.key: prior for prior in priors(scenario)}
    temperature = found["coefficients.answers.temperature"]
    assert (temperature.low, temperature.high) == pytest.approx((temperature.best / 3, temperature.best * 3))
    base = found["actors.GNA.base"]
    assert (base.low, base.best, base.high) == (10.0, 21.0, 45.0)  # as the file has it
    assert not FIXED.keys() & found.keys()


def test_a_key_that_cannot_be_calibrated_is_refused_with_the_nearest():
    scenario = sim.load_scenario("libya-2019-2020")
    with pytest.raises(sim.ScenarioError, match=r"Did you mean 'coefficients\.answers\.pull'"):
        priors(scenario, ["coefficients.answers.pul"])
    with pytest.raises(sim.ScenarioError, match="nothing to vary"):
        priors(scenario.replace({"coefficients.answers.bar_call": 0}), ["coefficients.answers.bar_call"])


def test_the_split_is_the_first_of_the_month_after_half_of_the_answers():
    asked = answers_on_record(sim.load_scenario("libya-2019-2020"))
    assert until_day(asked, None) == "2020-03-01"  # the seventeenth of 34 was given on 8 February 2020


def test_scores_say_how_many_answers_they_are_of():
    found = ask(sim.load_scenario("libya-2020-01"), keys=["coefficients.answers.pull"], draws=60, rounds=1)
    assert "before (8 answers to 4 offers, too few to tell) Brier" in str(found)
    assert "after (4 answers to 2 offers, too few to tell) Brier" in str(found)


def test_a_few_histories_do_not_say_how_often_the_truth_is_held():
    """Coefficients of one history hang together: three histories are three, not eighty-four."""
    found = ask_recover(sim.load_scenario("libya-2020-01"), 3, draws=50, rounds=1)
    assert found.summary["covered"]["low"] is None
    assert "(too few histories)" in str(found)
    assert np.isnan(found.result.found).all()


def test_too_early_a_date_leaves_nothing_to_learn_from():
    from datetime import date

    with pytest.raises(sim.ScenarioError, match="no observed answer before it"):
        calibrate(sim.load_scenario("libya-2019-2020"), date(2019, 4, 1), draws=50, rounds=1)


def test_calibration_improves_what_it_is_fitted_to_and_repeats_itself():
    scenario = sim.load_scenario("libya-2019-2020")
    keys = ["coefficients.answers.temperature", "coefficients.answers.pull"]
    found, again = (calibrate(scenario, keys=keys, draws=200, rounds=2) for _ in range(2))
    np.testing.assert_array_equal(found.value, again.value)
    np.testing.assert_array_equal(found.weight, again.weight)
    used = found.used.values.astype(bool)
    error = [
        np.mean((found[name].values - found.grade.values)[used] ** 2) for name in ("chance_posterior", "chance_prior")
    ]
    assert error[0] < error[1]
    assert found.chance_posterior.values == pytest.approx(found.weight.values @ found.chance.values)
    values = resampled(found, 500)
    assert values.keys() == set(keys)
    for place, key in enumerate(keys):
        assert values[key].mean() == pytest.approx(float(found["mean"][place]), rel=0.05)
    assert all(abs(value) >= 0.2 for *_, value in resemblances(found))


def test_known_coefficients_are_recovered_as_often_as_the_intervals_claim():
    """One coefficient that the answers do tell of: nine tenths of the intervals hold it, and its rank is found.

    Of 20 intervals, 15 or fewer would hold the truth by chance in 4 of 100 cases.
    """
    scenario = sim.load_scenario("libya-2019-2020")
    found = recover(scenario, 20, ["coefficients.answers.temperature"], draws=120, rounds=2)
    assert found.covered.sel(bound="value").item() > 0.75
    assert found.found.item() > 0.3
    assert (found.told_apart.mean("history") > 0.1).all()
