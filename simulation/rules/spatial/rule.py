"""The Spatial Model of Politics as a scenario's stance rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from simulation.rules.arrays import by_run
from simulation.rules.base import Array, Explained, Rule, beside
from simulation.rules.spatial.explain import explain
from simulation.rules.spatial.options import Options
from simulation.rules.spatial.turn import turn_by_turn

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


class Spatial(Options, Rule):
    """Actors challenge whom it pays to challenge, propose bargains, and take the one that would carry most support."""

    several_issues: ClassVar[bool] = True
    divided_salience: ClassVar[bool] = True
    draws: ClassVar[tuple[str, ...]] = ("choice",)

    name: Literal["spatial"] = "spatial"
    following: float = Field(
        1.0,
        ge=0,
        le=1,
        title="share",
        description="weight of an actor's own stance against what it wants by itself when it judges positions (A)",
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        """Where one turn leaves everybody, (..., n) on 0 … 100.

        The published model starts with ideals at the positions and lets them follow through the matrix A = a I. In a
        scenario the ideal is what the war makes the actor want, and a is ``following``: at 1, the program's default,
        an actor judges by its stance alone; at 0 by its ideal alone.
        """
        stance, ideal, salience, influence = np.broadcast_arrays(stance, ideal, state.salience / 100.0, state.influence)
        shape = stance.shape
        choice = None
        if self.transition == "stochastic":
            choice = by_run(luck.rule["choice"], shape, 1)
        want = self.following * stance + (1.0 - self.following) * ideal  # at 1, the stance to the last digit
        after, moved = turn_by_turn(
            by_run(stance / 100.0, shape, 1)[..., None],
            by_run(want / 100.0, shape, 1)[..., None],
            by_run(salience, shape, 1)[..., None],
            by_run(influence, shape, 1),
            choice,
            self,
        )
        target: Array = np.where(moved, 100.0 * after[..., 0], by_run(stance, shape, 1)).reshape(shape)
        return target

    def move_all(self, state: State, world: World, luck: Draws) -> tuple[Array, Array]:
        """One turn over K issues. Actors judge by their stances, as with ``following`` 1."""
        here = beside(state.stance, state.further)
        lead = (*np.broadcast_shapes(here.shape[:-1], state.influence.shape), here.shape[-1])
        position = by_run(here, lead, 2)
        choice = by_run(luck.rule["choice"], lead[:-1], 1) if self.transition == "stochastic" else None
        after, moved = turn_by_turn(
            position / 100.0,
            position / 100.0,
            by_run(beside(state.salience, state.further_salience) / 100.0, lead, 2),
            by_run(state.influence, lead[:-1], 1),
            choice,
            self,
        )
        there = np.where(moved[..., None], 100.0 * after, position).reshape(lead)
        return np.ascontiguousarray(there[..., 0]), np.ascontiguousarray(there[..., 1:])

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        tables = explain(
            stance,
            state.salience / 100.0,
            state.influence,
            ideal=self.following * stance + (1.0 - self.following) * ideal,
            draws=luck.rule["choice"],
            **{name: getattr(self, name) for name in Options.model_fields},
        )
        return {
            "challenged" if name == "target" else name: Explained(
                axes,
                tables[name][:, :, 0] if name == "queue_position" else tables[name],
                meaning,
                places=name in ("target", "queue_from"),
            )
            for name, (axes, meaning) in MEANING.items()
        }


ONE, PAIR, QUEUE = ("actor",), ("actor", "other"), ("actor", "bargain")

MEANING: dict[str, tuple[tuple[str, ...], str]] = {
    "risk": (ONE, "attitude to risk"),
    "probability": (ONE, "probability that the actor's stance prevails"),
    "target": (ONE, "whom the actor challenges"),
    "success": (PAIR, "chance that the actor's challenge to the other succeeds, as the actor sees it"),
    "status_quo": (PAIR, "utility to the actor of leaving the other alone"),
    "victory": (PAIR, "utility to the actor of winning against the other"),
    "defeat": (PAIR, "utility to the actor of losing to the other"),
    "challenge": (PAIR, "expected utility to the actor of challenging the other"),
    "gain": (PAIR, "what the actor expects to gain by challenging the other"),
    "queue_from": (QUEUE, "who proposed the bargain, the actor itself for its own"),
    "queue_kind": (QUEUE, "status quo, own bargain, or bargain proposed by another"),
    "queue_probability": (QUEUE, "probability that the actors settle on the bargain"),
    "queue_position": (QUEUE, "where the bargain would put the actor"),
    "taken": (ONE, "place in the queue of the bargain the actor takes"),
}
