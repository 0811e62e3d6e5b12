"""Bounded confidence: actors average those who already stand near enough to be taken seriously."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule, shares

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World

ROUNDING = 1e-9
"""Share of the bound by which a distance may pass it and still count as at the bound: 0.3 - 0.2 is within 0.1."""


def within(position: Array, confidence: float | Array) -> NDArray[np.bool_]:
    """Who stands near enough to whom, shape (..., n, n): at exactly the bound is near enough, and so is oneself.

    Parameters
    ----------
    position : (..., n)                 any scale
    confidence : number or (..., 1)     the bound, on that scale
    """
    apart = np.abs(position[..., :, None] - position[..., None, :])
    return np.asarray(apart <= np.asarray(confidence)[..., None] * (1 + ROUNDING))


def hegselmann_krause(position: Array, confidence: float | Array, weight: Array | None = None) -> Array:
    """Everybody moves, at once, to the mean of those within the bound of confidence, itself included.

        x'_i = sum_j w_j x_j / sum_j w_j    over all j with |x_i - x_j| <= confidence

    Order is kept and so is the symmetry of a symmetric start. Where the bound is below every distance nobody moves;
    at exactly the distance of two actors they count each other. An actor none of whose neighbours has weight stays.

    Parameters
    ----------
    position : (..., n)                 any scale
    confidence : number or (..., 1)     the bound, on that scale
    weight : (..., n)                   how much each counts for others, not negative; None: all alike, as published

    References
    ----------
    Hegselmann & Krause (2002), Journal of Artificial Societies and Social Simulation 5(3).
    """
    # Means of differences, not of positions: those who agree already then stay where they are to the last digit.
    gap = position[..., None, :] - position[..., :, None]
    moved: Array = position + (weights(position, confidence, weight) * gap).sum(axis=-1)
    return np.clip(moved, position.min(axis=-1, keepdims=True), position.max(axis=-1, keepdims=True))


def weights(position: Array, confidence: float | Array, weight: Array | None = None) -> Array:
    """The share of each other (column) in each actor's mean (row), (..., n, n); rows sum to 1, or 0 for who stays."""
    counts = within(position, confidence).astype(np.float64)
    if weight is not None:
        counts = counts * weight[..., None, :]
    total = counts.sum(axis=-1, keepdims=True)
    share: Array = counts / np.where(total > 0, total, 1.0)
    return share


class BoundedConfidence(Rule):
    """Actors heed only those who stand near; whoever is too far away might as well be silent (Hegselmann & Krause)."""

    name: Literal["bounded-confidence"] = "bounded-confidence"
    confidence: float = Field(
        25.0, ge=0, le=100, title="points", description="the largest distance at which another's stance is heeded"
    )
    by_influence: bool = Field(
        False, description="whether those within reach count by their influence, not one as much as the other"
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        return hegselmann_krause(stance, self.confidence, state.influence if self.by_influence else None)

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        return shares(stance, weights(stance, self.confidence, state.influence if self.by_influence else None))
