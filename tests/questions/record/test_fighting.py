"""Fighting as recorded against fighting as simulated."""

from datetime import date, timedelta

import numpy as np
import pytest

import simulation as sim
from simulation.questions.record.fighting import likeness, of_digest, recorded_by_month
from simulation.runs.results import condense


def with_series(scenario, dates, values):
    return scenario.replace({"series": {"fighting": {"dates": dates, "values": values}}})


def test_the_rank_correlation_by_hand_allows_for_months_that_are_like_the_one_before():
    # neighbours swapped: the squares of the differences add up to 8, so 1 - 6 * 8 / (8 * 63) = 0.9048. Each rank's
    # correlation with the one before is 26.25 / 42 and 20.25 / 42: eight months are worth 8 * 0.6987 / 1.3013 = 4.295.
    # z = 1.498, its standard error sqrt(1.4093 / 1.295) = 1.0432, so z lies between -0.547 and 3.543
    found = likeness(np.array([1.0, 2, 3, 4, 5, 6, 7, 8]), np.array([0.2, 0.1, 0.4, 0.3, 0.6, 0.5, 0.8, 0.7]))
    assert (found.months, found.value) == (8, pytest.approx(0.90476, abs=1e-5))
    assert found.effective == pytest.approx(4.295, abs=1e-3)
    assert (found.low, found.high) == (pytest.approx(-0.498, abs=2e-3), pytest.approx(0.998, abs=1e-3))
    assert "This does not tell them from unrelated." in found.words


def test_a_perfect_agreement_still_has_an_interval():
    order = np.array([2.0, 0, 6, 8, 7, 1, 5, 4, 9, 3])  # each month almost unlike the one before
    found = likeness(order, 10 * order)
    assert found.value == pytest.approx(1)
    assert 0.9 < found.low < found.high < 1


def test_too_few_months_and_months_without_change_give_no_number():
    assert "7 months in common, too few to tell" in likeness(np.arange(7.0), np.arange(7.0)).words
    gaps = np.where(np.arange(10) < 3, np.nan, np.arange(10.0))
    assert likeness(gaps, np.arange(10.0)).months == 7
    assert "does not vary" in likeness(np.ones(9), np.arange(9.0)).words


def test_recorded_fighting_is_a_mean_a_day_over_the_days_that_are_covered(two):
    start = date(2020, 1, 1)
    assert (two.start, two.step_days) == (start, 1)
    longer = two.replace({"steps": 100})
    dates = [start + timedelta(days=day) for day in (10, 40, 60)]  # 11 January, 10 February, 1 March
    told = with_series(longer, dates, [21, 29, 5])
    months = ["2020-01", "2020-02", "2020-03"]
    # 21 over the 21 days from the 11th on; 29 over all of a February of 29 days; one day of March is too little
    np.testing.assert_allclose(recorded_by_month(told, months), [1, 1, np.nan])
    assert np.isnan(recorded_by_month(longer, months)).all()


@pytest.fixture(scope="module")
def long_war():
    """The long war of Libya with made-up deaths: many while no truce was agreed in most runs, few otherwise."""
    scenario = sim.load_scenario("libya-2019-2020")
    dates = [scenario.start + timedelta(days=day) for day in range(0, scenario.steps * int(scenario.step_days), 3)]
    calm = date(2020, 1, 12)
    return with_series(scenario, dates, [2 + day.day % 3 if day >= calm else 8 + day.day % 5 for day in dates])


def test_validation_says_how_recorded_fighting_goes_with_simulated(long_war):
    finding = sim.validate(long_war, runs=40, draws=0)
    assert "Fighting as recorded against its simulated intensity: rank correlation" in finding.words[-1]
    said = finding.summary["fighting"]
    assert said["low"] < said["rank_correlation"] < said["high"]
    assert said["rank_correlation"] > 0.3  # it was made up to be so
    assert finding.result.recorded.dims == ("month",)


def test_a_report_scores_the_fighting_as_validation_does(long_war):
    digest = condense(sim.run_ensemble(long_war, runs=40, seed=1))
    said = sim.validate(long_war, runs=40, draws=0).summary["fighting"]
    assert of_digest(digest).value == pytest.approx(said["rank_correlation"], abs=1e-4)
    assert of_digest(condense(sim.run_ensemble(sim.load_scenario("libya-2020-01"), runs=2))) is None


def test_the_battle_has_a_panel_for_what_was_recorded(long_war):
    result = sim.run_ensemble(long_war, runs=5)
    figure = sim.plot(result)["battle"]
    headings = [ax.get_title(loc="left") for ax in figure.axes]
    assert any(heading.startswith("Fighting: as recorded") for heading in headings)
    bars = next(ax for ax in figure.axes if ax.get_ylabel() == "recorded")
    drawn = bars.collections[0].get_paths()[0].vertices[:, 1].max()
    by_step = {}
    for day, value in zip(long_war.series.fighting.dates, long_war.series.fighting.values, strict=True):
        by_step[long_war.step_of(day)] = by_step.get(long_war.step_of(day), 0) + value
    assert drawn == max(by_step.values())
    bare = sim.plot(sim.run_ensemble(sim.load_scenario("libya-2020-01"), runs=2))["battle"]
    assert "recorded" not in [ax.get_ylabel() for ax in bare.axes]
