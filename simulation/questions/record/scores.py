"""How far forecasts were from the answers given: proper scores with intervals, and reliability."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array

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


def bootstrap_mean(scores: Array, seed: int = 1) -> Array:
    """The mean over answers and its 95 % interval, shape (..., 3): mean, low, high (percentile bootstrap).

    Answers to one offer, and answers in a row, are not independent of each other; the interval is too narrow for that.

    Parameters
    ----------
    scores : (..., answers)
    """
    if scores.shape[-1] == 0:
        return np.full((*scores.shape[:-1], 3), np.nan)
    mean = scores.mean(axis=-1)
    if scores.shape[-1] == 1:
        return np.stack([mean, np.full_like(mean, -np.inf), np.full_like(mean, np.inf)], axis=-1)
    from scipy.stats import bootstrap

    rng = generator(seed, "bootstrap", "", 0)
    found = bootstrap((scores,), np.mean, axis=-1, n_resamples=4000, batch=200, method="percentile", rng=rng)
    return np.stack([mean, found.confidence_interval.low, found.confidence_interval.high], axis=-1)


def reliability(chance: Array, grade: Array, bins: int = 5) -> list[tuple[float, float, int]]:
    """Mean chance, mean grade and number of answers in each of some equal slices of the chance that hold any."""
    slot = np.minimum((chance * bins).astype(int), bins - 1)
    return [
        (float(chance[slot == place].mean()), float(grade[slot == place].mean()), int((slot == place).sum()))
        for place in range(bins)
        if (slot == place).any()
    ]
