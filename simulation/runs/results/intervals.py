"""95 % intervals of shares, means and differences."""

from __future__ import annotations

import math

import numpy as np

Z95 = 1.959963984540054
"""Standard errors to either side in a 95 % interval: the 97.5th percentile of a normal distribution."""


FEWEST = 8
"""Runs, answers' offers or other units below which a mean gets no interval: so few tell too little of how they vary."""


def wilson(successes: float, runs: int) -> tuple[float, float, float]:
    """A share and its 95 % Wilson score interval; nan where there are no runs.

        (2 n p + z^2 -+ z sqrt(4 n p (1 - p) + z^2)) / (2 (n + z^2))

    with p the share of whole successes among the n runs. At p of 0 and 1 the near end is 0 and 1 exactly.

    References
    ----------
    Wilson (1927), Journal of the American Statistical Association 22, 209-212; Newcombe (1998), Statistics in Medicine
    17, 857-872, whose form this is.
    """
    if runs == 0:
        return (np.nan, np.nan, np.nan)
    whole, count = round(successes), int(runs)
    share, twice = whole / count, 2 * (count + Z95**2)
    centre = (2 * count * share + Z95**2) / twice
    half = Z95 / twice * math.sqrt(4 * count * share * (1 - share) + Z95**2)
    low = 0.0 if whole == 0 else centre - half
    high = 1.0 if whole == count else centre + half
    return (successes / runs, low, high)


def mean_interval(total: float, squares: float, runs: int) -> tuple[float, float, float]:
    """A mean and its 95 % interval, by the normal approximation; without end for fewer than ``FEWEST`` runs."""
    if runs < FEWEST:
        return (total / runs if runs else np.nan, -np.inf, np.inf)
    return _normal(total, squares, runs)


def _normal(total: float, squares: float, runs: int) -> tuple[float, float, float]:
    mean = total / runs
    error = Z95 * np.sqrt(max(squares / runs - mean**2, 0.0) / (runs - 1))
    return (mean, mean - error, mean + error)


def paired_difference(total: float, squares: float, runs: int) -> tuple[float, float, float]:
    """The difference of two chances in the same runs and its 95 % interval.

    A run differs by -1, 0 or 1, or, where the difference is a mean of such, by something between. Two pseudo-runs, half
    a one in each of the four cells, keep the interval honest where no run differs.

    References
    ----------
    Agresti & Min (2005), Statistics in Medicine 24, 729-740.
    """
    if runs == 0:
        return (np.nan, np.nan, np.nan)
    _, low, high = _normal(total, squares + 1.0, runs + 2)
    return (total / runs, max(low, -1.0), min(high, 1.0))
