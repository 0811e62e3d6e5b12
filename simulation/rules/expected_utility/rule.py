"""The expected-utility model as a scenario's stance rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from simulation.rules.base import Array, Rule
from simulation.rules.expected_utility.rounds import after_one_round
from simulation.rules.expected_utility.utility import Variant

if TYPE_CHECKING:
    from simulation.randomness import Draws
    from simulation.state import State, World


class ExpectedUtility(Rule):
    """Actors challenge each other where it pays; the challenged give way, compromise or capitulate."""

    name: Literal["expected-utility"] = "expected-utility"
    variant: Variant = Field(
        "table-2",
        title="reading",
        description="'table-2' gives the published figures, 'as-printed' follows the paper's formulas",
    )
    q: float = Field(
        1.0, ge=0, le=1, title="probability", description="chance that an actor left unchallenged stays where it is"
    )
    t: float | None = Field(
        None,
        ge=0,
        le=1,
        title="probability",
        description="chance that an unchallenged actor's move is for the better; without it, judged from the median",
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        """Where one round leaves everybody; D is the range of the opening stances (where they agreed, of today's)."""
        stance, salience, influence, opening = np.broadcast_arrays(
            stance, state.salience / 100.0, state.influence, world.opening
        )
        scale = np.ptp(opening, axis=-1, keepdims=True)
        scale = np.where(scale > 0, scale, np.ptp(stance, axis=-1, keepdims=True))
        return after_one_round(stance, salience, influence, scale, self.variant, self.q, self.t)
