"""The expected-utility model as a scenario's stance rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule
from simulation.rules.expected_utility.rounds import after_one_round, apart, given, one_round
from simulation.rules.expected_utility.utility import Variant

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


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
        stance, salience, influence = np.broadcast_arrays(stance, state.salience / 100.0, state.influence)
        scale = np.broadcast_to(_range(stance, world), (*stance.shape[:-1], 1))
        return after_one_round(stance, salience, influence, scale, self.variant, self.q, self.t)

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        terms = given(state.salience / 100.0, state.influence, _range(stance, world), self.variant, self.q, self.t)
        tables = apart(stance, one_round(stance, terms))
        return {
            name: Explained(("actor", "other")[: tables[name].ndim], tables[name], meaning, places=name == "taken")
            for name, meaning in MEANING.items()
        }


def _range(stance: Array, world: World) -> Array:
    """D, shape (..., 1): the range of the opening stances, or where these agreed, of today's."""
    opening = np.ptp(world.opening, axis=-1, keepdims=True)
    found: Array = np.where(opening > 0, opening, np.ptp(stance, axis=-1, keepdims=True))
    return found


MEANING = {
    "success": "chance that the actor's challenge to the other succeeds",
    "risk_exponent": "attitude to risk: 1/2 the most endangered … 2 the safest",
    "own": "expected utility to the actor of challenging the other",
    "theirs": "expected utility to the other of challenging the actor, as the actor sees it",
    "kind": "what the other's challenge asks of the actor: none, confrontation, compromise or capitulation",
    "offer": "the stance that the other's challenge asks of the actor",
    "taken": "whose offer the actor takes",
}
