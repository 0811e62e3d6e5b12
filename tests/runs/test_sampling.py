"""Numbers drawn from the intervals that experts gave: PERT by its published moments, Latin hypercubes by counting."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, qmc

from simulation.dynamics.randomness import BLOCK
from simulation.runs.ensemble import run_ensemble
from simulation.runs.sampling import hypercube, pert, pert_by_table, sampled

SHARES = (np.arange(20000) + 0.5) / 20000
INTERVALS = {
    "actors.Patron.stance": {"best": 40, "low": 20, "high": 80, "assumed": "made up"},
    "ties.Patron.North.support": {"best": 0.6, "low": 0.6, "high": 1.2, "assumed": "made up"},
}


@pytest.mark.parametrize(("low", "best", "high"), [(0, 50, 100), (5, 12, 25), (0.3, 0.5, 0.7), (-10, -10, 30)])
def test_pert_has_the_mean_and_spread_it_was_made_for(low, best, high):
    # Malcolm and others: mean (low + 4 best + high) / 6; variance (mean - low)(high - mean) / 7
    drawn = pert(SHARES, low, best, high)
    mean = (low + 4 * best + high) / 6
    assert drawn.mean() == pytest.approx(mean, abs=1e-4 * (high - low))
    assert drawn.var() == pytest.approx((mean - low) * (high - mean) / 7, rel=1e-3)


def test_quantiles_of_pert_where_they_have_a_closed_form():
    # best = low is Beta(1, 5): 1 - (1 - p)^(1/5); best = high is Beta(5, 1): p^(1/5); both stretched to 10 ... 30
    share = np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(pert(share, 10, 10, 30), 10 + 20 * (1 - (1 - share) ** 0.2), rtol=1e-12)
    np.testing.assert_allclose(pert(share, 10, 30, 30), 10 + 20 * share**0.2, rtol=1e-12)
    # in the middle it is symmetric, and its median is the best guess
    assert pert(np.array([0.5]), 0, 50, 100) == pytest.approx(50)
    np.testing.assert_allclose(pert(share, 0, 50, 100) + pert(share[::-1], 0, 50, 100), 100)


@pytest.mark.parametrize("mode", [0.0, 0.001, 0.02, 0.025, 0.3, 0.5, 0.98, 1.0])
def test_quantiles_off_the_table_are_those_of_the_beta_to_a_5_000th_of_the_interval(mode):
    theirs = beta.ppf(SHARES, 1 + 4 * mode, 5 - 4 * mode)
    np.testing.assert_allclose(pert_by_table(SHARES, 10, 10 + 20 * mode, 30), 10 + 20 * theirs, atol=20 / 5_000)


def test_far_out_the_table_is_right_to_its_slice():
    share = np.logspace(-15, -5, 50)
    for mode in (0.0, 0.02, 0.5, 1.0):
        theirs = beta.ppf(share, 1 + 4 * mode, 5 - 4 * mode)
        np.testing.assert_allclose(pert_by_table(share, 0, mode, 1), theirs, atol=1 / 1024)
    assert pert_by_table(np.array([0.0, 1.0]), 3, 4, 5).tolist() == [3, 5]


def test_most_of_pert_is_near_the_best_guess():
    counts, edges = np.histogram(pert(SHARES, 0, 20, 100), bins=20)
    top = counts.argmax()
    assert edges[top] <= 20 <= edges[top + 1]


@given(
    bounds=st.tuples(st.floats(-100, 100), st.floats(-100, 100), st.floats(-100, 100)).map(sorted),
    share=st.just(0.0) | st.floats(2.0**-61, 1),  # the least above zero that a hypercube of 256 slices can draw
)
def test_no_draw_leaves_its_interval(bounds, share):
    low, best, high = bounds
    if high - low > 1e-6:
        for quantile in (pert, pert_by_table):
            assert low <= quantile(np.array([share]), low, best, high)[0] <= high


def test_slices_are_those_of_a_latin_hypercube_as_scipy_draws_it():
    theirs = qmc.LatinHypercube(d=1, rng=np.random.default_rng(3)).random(BLOCK)[:, 0]
    np.testing.assert_array_equal(hypercube(np.random.default_rng(3)), theirs)
    np.testing.assert_array_equal(np.sort(np.floor(theirs * BLOCK)), np.arange(BLOCK))


def test_only_numbers_with_an_interval_are_drawn(tell):
    story = tell("two", changes=INTERVALS)
    assert set(sampled(story, 1, 0, BLOCK)) == set(INTERVALS)
    assert sampled(tell("two"), 1, 0, BLOCK) == {}
    point = tell("two", changes={"actors.Patron.stance": {"best": 40, "low": 40, "high": 40, "assumed": "sure"}})
    assert sampled(point, 1, 0, BLOCK) == {}


def test_every_slice_of_the_interval_is_used_once_in_a_block(tell):
    drawn = sampled(tell("two", changes=INTERVALS), 1, 0, BLOCK)
    # mode at 1/3 of the width is Beta(1 + 4/3, 1 + 8/3); mode at the lower end is Beta(1, 5)
    stance = beta.cdf((drawn["actors.Patron.stance"] - 20) / 60, 1 + 4 / 3, 1 + 8 / 3)
    support = beta.cdf((drawn["ties.Patron.North.support"] - 0.6) / 0.6, 1, 5)
    for shares in (stance, support):
        np.testing.assert_array_equal(np.sort((shares * BLOCK).astype(int)), np.arange(BLOCK))
    # and not in step with one another
    assert abs(np.corrcoef(stance, support)[0, 1]) < 0.25


def test_another_uncertain_number_leaves_the_draws_of_the_rest_as_they_were(tell):
    some = dict(list(INTERVALS.items())[:1])
    key = next(iter(some))
    few, many = sampled(tell("two", changes=some), 1, 0, BLOCK), sampled(tell("two", changes=INTERVALS), 1, 0, BLOCK)
    np.testing.assert_array_equal(few[key], many[key])


def test_draws_depend_on_the_seed_and_the_block(tell):
    story = tell("two", changes=INTERVALS)
    first = sampled(story, 1, 0, BLOCK)["actors.Patron.stance"]
    for seed, block in ((2, 0), (1, 1)):
        assert not (sampled(story, seed, block * BLOCK, BLOCK)["actors.Patron.stance"] == first).any()
    np.testing.assert_array_equal(sampled(story, 1, 0, BLOCK)["actors.Patron.stance"], first)


@pytest.mark.parametrize(("first", "count"), [(0, 1), (255, 2), (13, 600), (512, 256)])
def test_any_range_of_runs_has_the_numbers_of_those_runs(tell, first, count):
    story = tell("two", changes=INTERVALS)
    every, some = sampled(story, 3, 0, 1024), sampled(story, 3, first, count)
    assert list(some) == list(every)
    for key, drawn in some.items():
        np.testing.assert_array_equal(drawn, every[key][first : first + count])


def test_an_uncertain_run_is_the_run_with_the_numbers_that_were_drawn(tell):
    story = tell("two", changes=INTERVALS)
    drawn = sampled(story, 4, 0, BLOCK)
    result = run_ensemble(story, runs=5, seed=4, uncertain=True)
    np.testing.assert_array_equal(result.stance.sel(actor="Patron").isel(step=0), drawn["actors.Patron.stance"][:5])
    for run in range(5):
        fixed = story.replace({key: float(array[run]) for key, array in drawn.items()})
        alone = run_ensemble(fixed, runs=5, seed=4).isel(run=run)
        for name in ("stance", "control", "truce"):
            assert np.array_equal(alone[name], result[name].isel(run=run)), name


def test_uncertain_runs_stay_the_same_however_many_there_are(tell):
    story = tell("two", changes=INTERVALS)
    few, many = (run_ensemble(story, runs=runs, uncertain=True) for runs in (300, 1100))
    assert np.array_equal(few.stance, many.stance.isel(run=slice(300)))


def test_a_number_given_by_hand_is_not_drawn(tell):
    story = tell("two", changes=INTERVALS)
    given = {"actors.Patron.stance": np.full(10, 33.0)}
    result = run_ensemble(story, runs=10, uncertain=True, values=given)
    assert (result.stance.sel(actor="Patron").isel(step=0) == 33).all()
    assert np.unique(result.control.isel(step=-1, party=0)).size == 10


def test_a_story_without_intervals_has_nothing_to_draw(two):
    certain, uncertain = (run_ensemble(two, runs=20, uncertain=flag) for flag in (False, True))
    assert np.array_equal(certain.stance, uncertain.stance)


def test_every_interval_of_the_libyan_scenario_can_be_drawn(libya):
    result = run_ensemble(libya, runs=30, uncertain=True, keep="summary")
    assert np.isfinite(result.stance_mean).all()
