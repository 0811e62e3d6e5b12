"""Competing risks: the share of truces that has ended by each cause, and how each cause's hazard changes with age."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array, Flags

LOSS = 1.9207
"""How far a log-likelihood lies below its top at the ends of a 95 % interval: half of chi-squared's 95th percentile."""


def cumulative_incidence(days: Array, cause: NDArray[Any], ages: Array, causes: int, weight: Array) -> Array:
    """The share of truces that has ended by each cause at each age (Aalen & Johansen).

        F_j(a) = sum over t <= a of S(t-) d_j(t) / n(t),    S = 1 - sum of all F_j

    with d_j ended by cause j at age t, and n in force before it. Truces still in force count as far as they were
    watched; one that has ended by one cause can no longer end by another, so that nothing is said of what would have
    been without it.

    Parameters
    ----------
    days : (truces,) how long each lived or was watched; each is among ``ages``
    cause : (truces,) number of the cause; -1 where it was still in force
    ages : (k,) ascending
    causes : how many there are
    weight : (..., truces) how often each truce is counted

    Returns
    -------
    (..., causes, k)

    References
    ----------
    Aalen & Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.
    """
    at = np.searchsorted(ages, days)
    here = at[:, None] == np.arange(len(ages))
    ended = np.stack([weight[..., cause == j] @ here[cause == j] for j in range(causes)], axis=-2)
    last = weight @ here
    in_force = last[..., ::-1].cumsum(axis=-1)[..., ::-1]
    hazard = ended / np.maximum(in_force, 1e-12)[..., None, :]
    stands = np.cumprod(1 - hazard.sum(axis=-2), axis=-1)
    before = np.concatenate([np.ones_like(stands[..., :1]), stands[..., :-1]], axis=-1)
    return np.asarray(np.cumsum(before[..., None, :] * hazard, axis=-1))


class Weibull(NamedTuple):
    """A daily hazard of shape / scale (age / scale)^(shape - 1): it falls with age where the shape is below 1."""

    shape: float
    low: float  # 95 % interval of the shape, by the likelihood
    high: float
    scale: float  # days


def weibull(days: Array, ended: Flags) -> Weibull:
    """The hazard of one cause, all other endings counted as far as they were watched; by maximum likelihood.

    The scale is worked out from the shape (scale^shape = sum of days^shape / endings), so that one number is sought.

    Parameters
    ----------
    days : (truces,) above 0
    ended : (truces,) whether it ended by the cause; two endings or more at different ages

    References
    ----------
    Kalbfleisch & Prentice (2002), The statistical analysis of failure time data, 2nd ed., sections 3.6 and 8.2.
    """
    from scipy.optimize import brentq

    count, log = int(ended.sum()), np.log(days)
    largest, total = float(log.max()), float(log[ended].sum())

    def log_sum(shape: float) -> float:  # of days^shape, kept from overflowing
        return shape * largest + float(np.log(np.exp(shape * (log - largest)).sum()))

    def likelihood(shape: float) -> float:
        return float(count * (np.log(shape) - log_sum(shape) + np.log(count) - 1) + (shape - 1) * total)

    def slope(shape: float) -> float:
        share = np.exp(shape * (log - largest))
        return count / shape + total - count * float(share @ log / share.sum())

    shape = float(brentq(slope, 1e-3, 1e3))
    top = likelihood(shape) - LOSS
    low, high = (float(brentq(lambda at: likelihood(at) - top, *ends)) for ends in ((1e-4, shape), (shape, 1e4)))
    return Weibull(shape, low, high, float(np.exp((log_sum(shape) - np.log(count)) / shape)))
