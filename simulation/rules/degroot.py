"""DeGroot: actors average themselves and those who influence them, and nothing holds them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule, shares
from simulation.rules.friedkin_johnsen import listening_of

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


def degroot(stance: Array, influence: Array) -> Array:
    """Average those who influence you.

        stance'_i = sum_j influence_ij * stance_j

    Where everybody is influenced, directly or not, by one common actor who also listens to itself, all end at one
    stance: the mean of the opening stances weighted by pi, the shares for which pi influence = pi.

    Parameters
    ----------
    stance : (..., n)         any scale
    influence : (..., n, n)   weight row i gives to column j, itself included; rows sum to 1

    References
    ----------
    DeGroot (1974), Journal of the American Statistical Association 69, 118-121.
    """
    moved: Array = np.matvec(influence, stance)
    return np.clip(moved, stance.min(axis=-1, keepdims=True), stance.max(axis=-1, keepdims=True))


def _with_oneself(others: Array, own: float | Array) -> Array:
    """Weights of others and of oneself, (..., n, n)."""
    own = np.asarray(own)[..., None]
    weights: Array = (1 - own) * others + own * np.eye(others.shape[-1])
    return weights


class DeGroot(Rule):
    """Averaging without an anchor: everybody whom others can reach drifts towards one stance."""

    name: Literal["degroot"] = "degroot"
    own: float = Field(
        0.5, ge=0, le=1, title="share", description="weight of an actor's own stance against those of all it listens to"
    )

    def weights(self, state: State) -> Array:
        """Whom each actor listens to, itself included; (..., n, n), rows sum to 1."""
        weights: Array = state.memory.of("listening with oneself", _with_oneself, listening_of(state), self.own)
        return weights

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        return degroot(stance, self.weights(state))

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        return shares(stance, self.weights(state))
