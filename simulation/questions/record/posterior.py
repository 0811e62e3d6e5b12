"""Weighing draws of numbers by how likely they make what was seen: adaptive importance sampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    without: Array  # (draws, groups) the weights when the likelihood of one group is left out; each column sums to 1


def sample_posterior(
    believed: Sequence[Prior],
    forecast: Callable[[Mapping[str, Array], int], Array],
    loss: Callable[[Array, Mapping[str, Array]], Array],
    *,
    draws: int,
    rounds: int,
    rng: np.random.Generator,
    guide: Callable[[Array, Array, Array], list[Any]] | None = None,
) -> Posterior:
    """Adaptive multiple importance sampling: prior first, then normal proposals fitted to what has weight so far.

    Draws of all rounds count, each weighted by prior * likelihood / mean density of all proposals. Every draw carries
    random numbers of its own, so the likelihood is averaged over these as well as over coefficients; the coins of the
    answers themselves are not tossed but integrated out.

    Where the likelihood comes in groups, the posteriors that leave one group out are sampled along: each has a normal
    proposal of its own, and the same draws are weighted anew.

    Parameters
    ----------
    forecast : values by key, each (draws,), and the number of the round, to chances (draws, answers)
    loss : chances and values to minus log-likelihood, (draws,), or (draws, groups) of which the total counts
    guide : makes the proposals of the next round of the draws so far, (draws, coefficients), their chances and log
        weights; normals with the moments of what has weight if left out

    References
    ----------
    Cornuet, Marin, Mira & Robert (2012), Adaptive multiple importance sampling, Scand. J. Statistics 39, 798-812.
    """
    size = len(believed)
    plain = normal(np.zeros(size), np.eye(size))
    proposals = [[plain]]
    zs, chances, losses, effective = [], [], [], []
    targets: list[Array] = []
    for number in range(rounds):
        z = rng.standard_normal((draws, size))
        if number > 0:
            own = rng.random(draws) >= KEPT
            z = np.where(own[:, None], _drawn(proposals[-1], draws, size, rng), z)
        values = {prior.key: prior.value(z[:, place]) for place, prior in enumerate(believed)}
        chance = forecast(values, number)
        zs.append(z)
        chances.append(chance)
        lost = loss(chance, values)
        losses.append(lost[:, None] if lost.ndim == 1 else lost)
        at, each = np.concatenate(zs), np.concatenate(losses)
        before = plain.logpdf(at)
        mixed = [before if some[0] is plain else _mixed(before, [one.logpdf(at) for one in some]) for some in proposals]
        log_weight = before - each.sum(axis=1) - np.logaddexp.reduce(mixed, axis=0)
        targets = [log_weight, *(log_weight + each[:, place] for place in range(each.shape[1]) if each.shape[1] > 1)]
        effective.append(effective_draws(_weights(log_weight)))
        if number < rounds - 1:
            known = np.concatenate(chances)
            proposals.append(guide(at, known, log_weight) if guide else [_fitted(target, at) for target in targets])
    weight = _weights(targets[0])
    without = np.stack([_weights(target) for target in targets[1:]] or [weight], axis=-1)
    return Posterior(np.concatenate(zs), weight, np.concatenate(chances), np.array(effective), without)


def effective_draws(weight: Array) -> Array:
    """The effective number of draws, by weights over the first axis that sum to 1 (Kong 1992)."""
    return np.asarray(1 / np.sum(weight**2, axis=0))


def _fitted(log_weight: Array, at: Array) -> Any:
    """The normal distribution of what has weight so far, a little wider."""
    size = at.shape[1]
    soft = tempered(log_weight, 5 * size)
    mean = soft @ at
    spread = (soft[:, None] * (at - mean)).T @ (at - mean)
    return normal(mean, 1.2 * spread + 0.05 * np.eye(size))


def normal(mean: Array, spread: Array) -> Any:
    """A normal distribution of many numbers."""
    from scipy.stats import multivariate_normal

    return multivariate_normal(mean, spread)


def _drawn(proposals: Sequence[Any], draws: int, size: int, rng: np.random.Generator) -> Array:
    """As many draws of each proposal as of any other, shape (draws, size)."""
    drawn = [
        one.rvs(len(range(place, draws, len(proposals))), random_state=rng).reshape(-1, size)
        for place, one in enumerate(proposals)
        if place < draws
    ]
    return np.concatenate(drawn)


def _mixed(before: Array, densities: Sequence[Array]) -> Array:
    """The log density of a round that draws from the prior and, evenly, from some proposals."""
    own = np.logaddexp.reduce(densities, axis=0) - np.log(len(densities))
    return np.asarray(np.logaddexp(np.log(KEPT) + before, np.log(1 - KEPT) + own))


def _weights(log_weight: Array) -> Array:
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def tempered(log_weight: Array, least: float) -> Array:
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
