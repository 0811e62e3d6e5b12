"""Weighing draws of numbers by how likely they make what was seen: adaptive importance sampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.dynamics.state import Array
from simulation.runs.sampling import pert

KEPT = 0.2
"""Share of each round that is drawn from the prior again, so that no part of it is lost from sight."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What was thought of a number before: PERT from low to high with its mode at best."""

    key: str
    low: float
    best: float
    high: float

    def value(self, z: Array) -> Array:
        """The number at so many standard deviations of a normal distribution with the same probabilities."""
        from scipy.special import ndtr

        return pert(ndtr(z), self.low, self.best, self.high)


@dataclass(frozen=True, slots=True)
class Posterior:
    """Weighted draws: where they lie (in standard deviations of the prior), what they are, and what they forecast."""

    z: Array  # (draws, coefficients)
    weight: Array  # (draws,) sums to 1
    chance: Array  # (draws, answers)
    effective: Array  # (rounds,) effective number of draws after each round


def sample_posterior(
    believed: Sequence[Prior],
    forecast: Callable[[Mapping[str, Array], int], Array],
    loss: Callable[[Array], Array],
    *,
    draws: int,
    rounds: int,
    rng: np.random.Generator,
) -> Posterior:
    """Adaptive multiple importance sampling: prior first, then a normal proposal fitted to what has weight so far.

    Draws of all rounds count, each weighted by prior * likelihood / mean density of all proposals. Every draw carries
    a luck of its own, so the likelihood is averaged over luck as well as over coefficients; the coins of the answers
    themselves are not tossed but integrated out.

    Parameters
    ----------
    forecast : values by key, each (draws,), and the number of the round, to chances (draws, answers)
    loss : chances to minus log-likelihood, (draws,)

    References
    ----------
    Cornuet, Marin, Mira & Robert (2012), Adaptive multiple importance sampling, Scand. J. Statistics 39, 798-812.
    """
    from scipy.stats import multivariate_normal

    size = len(believed)
    plain = multivariate_normal(np.zeros(size), np.eye(size))
    proposals = [plain]
    zs, chances, losses, effective = [], [], [], []
    weight = np.empty(0)
    for number in range(rounds):
        z = rng.standard_normal((draws, size))
        if number > 0:
            own = rng.random(draws) >= KEPT
            z = np.where(own[:, None], proposals[-1].rvs(draws, random_state=rng).reshape(draws, size), z)
        chance = forecast({prior.key: prior.value(z[:, place]) for place, prior in enumerate(believed)}, number)
        zs.append(z)
        chances.append(chance)
        losses.append(loss(chance))
        at = np.concatenate(zs)
        before = plain.logpdf(at)
        mixed = [
            before if other is plain else np.logaddexp(np.log(KEPT) + before, np.log(1 - KEPT) + other.logpdf(at))
            for other in proposals
        ]
        log_weight = before - np.concatenate(losses) - np.logaddexp.reduce(mixed, axis=0)
        weight = _weights(log_weight)
        effective.append(1 / np.sum(weight**2))
        soft = _tempered(log_weight, 5 * size)
        mean = soft @ at
        spread = (soft[:, None] * (at - mean)).T @ (at - mean)
        proposals.append(multivariate_normal(mean, 1.2 * spread + 0.05 * np.eye(size)))
    return Posterior(np.concatenate(zs), weight, np.concatenate(chances), np.array(effective))


def _weights(log_weight: Array) -> Array:
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def _tempered(log_weight: Array, least: float) -> Array:
    """Weights to a power of at most 1, so low that the effective number of draws is at least so many.

    A proposal fitted to a handful of heavy draws would be too narrow; one fitted to these still heads the right way.
    """
    power = 1.0
    while power > 0.01 and 1 / np.sum(_weights(power * log_weight) ** 2) < least:
        power *= 0.8
    return _weights(power * log_weight)


def moments(value: Array, weight: Array) -> tuple[Array, Array]:
    """Weighted mean and standard deviation over draws, shape (coefficients,)."""
    mean = weight @ value
    return mean, np.sqrt(weight @ (value - mean) ** 2)


def quantiles(value: Array, weight: Array, levels: Sequence[float]) -> Array:
    """Weighted quantiles over draws, shape (coefficients, levels)."""
    found: Array = np.quantile(value, levels, axis=0, weights=weight, method="inverted_cdf")
    return found.T
