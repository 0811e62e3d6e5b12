"""What bargaining models settle on for the same wants, weights and influence, issue by issue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from simulation.dynamics.state import Array
from simulation.rules import exchange, spatial
from simulation.rules.compromise import weighted_mean, weighted_median


def mean(want: Array, weight: Array, influence: Array) -> Array:
    """The compromise of all, weighted by influence and weight: on each issue its mean."""
    return weighted_mean(want.T, weight.T, influence)


def median(want: Array, weight: Array, influence: Array) -> Array:
    """On each issue what would beat every other point in a vote, weighted by influence and weight."""
    return weighted_median(want.T, weight.T, influence)


def spatial_model(want: Array, weight: Array, influence: Array) -> Array:
    """Where the Spatial Model of Politics comes to rest; the weighted mean where parties still differ."""
    share = weight / np.maximum(weight.sum(axis=-1, keepdims=True), 1.0)
    positions = spatial.play(want, share, influence, dimensions=want.shape[-1])
    return mean(positions[-1], weight, influence)


def exchange_model(want: Array, weight: Array, influence: Array) -> Array:
    """The outcome of a round of Stokman & Van Oosten's exchanges; on one issue alone there is nothing to exchange."""
    if want.shape[-1] < 2:
        return mean(want, weight, influence)
    return exchange.play(want, weight, influence).outcome


MODELS: Mapping[str, Callable[[Array, Array, Array], Array]] = {
    "weighted mean": mean,
    "weighted median": median,
    "exchange model": exchange_model,
    "spatial model": spatial_model,
}
"""What each settles on, of ``want`` and ``weight`` (parties, K) and ``influence`` (parties,): points, (K,)."""


def settlements(want: Array, weight: Array, influence: Array) -> dict[str, Array]:
    """What each model settles on, (K,) each; nan on issues that count for nobody who has any influence.

    Parameters
    ----------
    want, weight : (parties, K)
    influence : (parties,)
    """
    influence = influence if influence.any() else np.ones_like(influence)
    counts = (weight * influence[:, None]).any(axis=0)
    found = {}
    for name, model in MODELS.items():
        points = np.full(want.shape[-1], np.nan)
        if counts.any():
            points[counts] = model(want[:, counts], weight[:, counts], influence)
        found[name] = points
    return found
