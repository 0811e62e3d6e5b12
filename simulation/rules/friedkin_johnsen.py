"""Friedkin and Johnsen: actors average those who influence them, held back by what they want themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule, shares

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


def friedkin_johnsen(stance: Array, ideal: Array, influence: Array, openness: float | Array) -> Array:
    """Average those who influence you, held back by what you want yourself.

        stance'_i = openness_i * sum_j influence_ij * stance_j + (1 - openness_i) * ideal_i

    Parameters
    ----------
    stance, ideal : (..., n)       0 fight on … 100 stop now
    influence : (..., n, n)        weight row i gives to column j; rows sum to 1
    openness : number or (..., n)  0 nobody listens, 1 is DeGroot's model

    References
    ----------
    Friedkin & Johnsen (1990), J. Math. Sociology 15, 193-206.
    """
    moved: Array = openness * np.matvec(influence, stance) + (1 - openness) * ideal
    return moved


def listening(leverage: Array, salience: Array, influence: Array) -> Array:
    """Whom each actor listens to: rows of weights that sum to 1.

        weight_ij = leverage_ji * salience_j * influence_j / (the sum of these over j)

    An actor on whom nobody leans listens to itself alone.

    Parameters
    ----------
    leverage : (..., n, n)           row source, column target, 0 … 1
    salience, influence : (..., n)   0 … 100

    Returns
    -------
    (..., n, n), row i the listener, column j the one listened to
    """
    weight = np.ascontiguousarray(np.swapaxes(leverage, -1, -2) * (salience * influence)[..., None, :])
    total = weight.sum(axis=-1, keepdims=True)
    alone = np.eye(weight.shape[-1])
    shares: Array = np.where(total > 0, weight / np.where(total > 0, total, 1.0), alone)
    return shares


def listening_of(state: State) -> Array:
    """``listening`` as the state has it; remembered, since it changes with events alone."""
    weights: Array = state.memory.of("listening", listening, state.leverage, state.salience, state.influence)
    return weights


class FriedkinJohnsen(Rule):
    """Averaging with an anchor: the pull of others against what the actor would want by itself."""

    anchored: ClassVar[bool] = True

    name: Literal["friedkin-johnsen"] = "friedkin-johnsen"
    openness: float = Field(
        0.2, ge=0, le=1, title="share", description="weight of others' stances against the actor's own ideal point"
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        weights = listening_of(state)
        return friedkin_johnsen(stance, ideal, weights, self.openness)

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        weights = self.openness * listening_of(state)
        wish = (1 - self.openness) * (ideal - stance)
        return {
            **shares(stance, weights),
            "wish": Explained(
                ("actor",), wish, "points by which its own ideal point draws the actor's target away from its stance"
            ),
        }
