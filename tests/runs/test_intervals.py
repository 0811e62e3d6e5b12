"""Intervals of shares against published ones and scipy's."""

import math

import pytest
from scipy.stats import binomtest

from simulation.runs.results.intervals import wilson


@pytest.mark.parametrize(
    ("successes", "runs", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_newcombes_table(successes, runs, low, high):
    # Newcombe (1998), Statistics in Medicine 17, 857-872, Table I, method 3
    _, below, above = wilson(successes, runs)
    assert (round(below, 4), round(above, 4)) == (low, high)


@pytest.mark.parametrize("runs", [1, 2, 7, 300, 2000, 100_000])
def test_intervals_are_scipys_to_the_last_bit(runs):
    for successes in {0, 1, runs // 3, runs // 2, runs - 1, runs}:
        theirs = binomtest(successes, runs).proportion_ci(0.95, method="wilson")
        assert wilson(successes, runs) == (successes / runs, theirs.low, theirs.high)


def test_the_near_end_is_exact_where_all_or_none_succeed():
    assert wilson(0, 12)[1] == 0.0
    assert wilson(12, 12)[2] == 1.0
    assert all(math.isnan(number) for number in wilson(0, 0))
