"""The exchange model as a scenario's stance rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulation.rules.arrays import by_run
from simulation.rules.base import Array, Explained, Rule, beside, shares
from simulation.rules.exchange.rounds import votes
from simulation.rules.exchange.trade import Variant

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


class Exchange(Rule):
    """Pairs of actors trade issue against issue, each gaining as much as the other; over one issue nobody moves."""

    several_issues: ClassVar[bool] = True

    name: Literal["exchange"] = "exchange"
    variant: Variant = Field(
        "in-parts",
        title="reading",
        description="whether who has gone part of the way on an issue may go on in another exchange, or only 'once'",
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        """Over one issue there is nothing to give in return, so all stay: shape (..., n)."""
        return np.array(stance)

    def move_all(self, state: State, world: World, luck: Draws) -> tuple[Array, Array]:
        """What everybody votes for after one round of exchanges over K issues."""
        here = beside(state.stance, state.further)
        shape = (*np.broadcast_shapes(here.shape[:-1], state.influence.shape), here.shape[-1])
        after = votes(
            by_run(here, shape, 2),
            by_run(beside(state.salience, state.further_salience), shape, 2),
            by_run(state.influence[..., None], shape, 2),
            self.variant,
        ).reshape(shape)
        return np.ascontiguousarray(after[..., 0]), np.ascontiguousarray(after[..., 1:])

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        return shares(stance, np.eye(len(stance)))  # over one issue nobody draws anybody
