"""How far forecasts were from the answers given: proper scores with intervals, and reliability."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.runs.results import FEWEST

SUREST = 0.02
"""A chance this close to 0 or 1 is scored as this far off: an answer called impossible would cost without end."""


def brier(chance: Array, grade: Array) -> Array:
    """Brier score of every forecast; 0 is perfect, 0.25 what a coin gets, 1 as wrong as can be.

        grade (1 - chance)^2 + (1 - grade) chance^2

    A graded answer counts as a yes with the chance of its grade: the score is the expected one. For an answer that is
    neither yes nor no the least possible is grade (1 - grade).

    References
    ----------
    Brier (1950), Monthly Weather Review 78, 1-3; Gneiting & Raftery (2007), JASA 102, 359-378.
    """
    return np.asarray(grade * (1 - chance) ** 2 + (1 - grade) * chance**2)


def log_score(chance: Array, grade: Array) -> Array:
    """Logarithmic score of every forecast in nats; 0 is perfect, 0.693 what a coin gets.

        -grade ln(chance) - (1 - grade) ln(1 - chance), with chance kept in 0.02 … 0.98

    References
    ----------
    Good (1952), Journal of the Royal Statistical Society B 14, 107-114.
    """
    kept = np.clip(chance, SUREST, 1 - SUREST)
    return np.asarray(-grade * np.log(kept) - (1 - grade) * np.log(1 - kept))


SCORES: dict[str, Callable[[Array, Array], Array]] = {"brier": brier, "log": log_score}


def bootstrap_mean(scores: Array, clusters: ArrayLike, seed: int = 1) -> Array:
    """The mean over answers and its 95 % interval, shape (..., 3): mean, low, high, by a bootstrap of clusters.

    Answers to one offer hang together, so that offers are drawn anew, each with all of its answers. The percentiles are
    those of Hesterberg's expanded interval, which few clusters need. Fewer than ``FEWEST`` clusters give an interval
    without end.

    Parameters
    ----------
    scores : (..., answers)
    clusters : (answers,) which answers hang together: the offer of each

    References
    ----------
    Efron & Tibshirani (1993), An introduction to the bootstrap. Field & Welsh (2007), Journal of the Royal Statistical
    Society B 69, 369-390: resampling whole clusters. Hesterberg (2015), The American Statistician 69, 371-386: expanded
    percentiles.
    """
    if scores.shape[-1] == 0:
        return np.full((*scores.shape[:-1], 3), np.nan)
    mean = scores.mean(axis=-1)
    of = np.unique(np.asarray(clusters, dtype=str), return_inverse=True)[1]
    count = np.bincount(of).astype(float)
    groups = count.size
    if groups < FEWEST:
        return np.stack([mean, np.full_like(mean, -np.inf), np.full_like(mean, np.inf)], axis=-1)
    from scipy.stats import bootstrap, norm, t

    total = scores @ (of[:, None] == np.arange(groups))
    tail = float(norm.cdf(np.sqrt(groups / (groups - 1)) * t.ppf(0.025, groups - 1)))
    found = bootstrap(
        (total, np.broadcast_to(count, total.shape)),
        lambda sums, sizes, axis: sums.sum(axis=axis) / sizes.sum(axis=axis),
        paired=True,
        vectorized=True,
        axis=-1,
        n_resamples=4000,
        batch=200,
        confidence_level=1 - 2 * tail,
        method="percentile",
        rng=generator(seed, "bootstrap", "", 0),
    )
    return np.stack([mean, found.confidence_interval.low, found.confidence_interval.high], axis=-1)


def too_few(offers: int) -> bool:
    """Whether answers to so many offers are too few to tell a better forecast from a worse one."""
    return offers < FEWEST


def reliability(chance: Array, grade: Array, bins: int = 5) -> list[tuple[float, float, int]]:
    """Mean chance, mean grade and number of answers in each of some equal slices of the chance that hold any."""
    slot = np.minimum((chance * bins).astype(int), bins - 1)
    return [
        (float(chance[slot == place].mean()), float(grade[slot == place].mean()), int((slot == place).sum()))
        for place in range(bins)
        if (slot == place).any()
    ]
