"""What a stance rule is: a frozen table of coefficients with one verb, ``move``, and an account of it, ``explain``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.parameters import Parameters

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World

Array = NDArray[np.float64]


class Explained(NamedTuple):
    """One table of what a rule says of its move."""

    axes: tuple[str, ...]  # "actor" first; "other" for a second axis of actors; any further ones as the rule names them
    values: NDArray[Any]
    meaning: str
    places: bool = False  # whether the values are places of actors, -1 for nobody


class Rule(Parameters, ABC):
    """How stances move, given what each actor wants by itself and who leans on whom.

    A concrete rule says where the actors are heading in ``target``; ``move`` closes the share of that way that one
    step has time for. Rules never draw random numbers: the streams named in ``draws`` are handed to them.
    """

    anchored: ClassVar[bool] = False
    """Whether ``target`` itself pulls an actor to its ideal point. Where not, a change of that shifts the stance."""

    several_issues: ClassVar[bool] = False
    """Whether the rule can play a negotiation over several issues at once, by ``move_all``."""

    divided_salience: ClassVar[bool] = False
    """Whether an actor's saliences are shares of one whole, so that over several issues they add up to 100 at most."""

    draws: ClassVar[tuple[str, ...]] = ()
    """Named streams of uniform numbers, one a step and actor, that the rule is handed in ``luck.rule``."""

    name: str
    speed: float = Field(
        0.1, ge=0.001, le=10, title="per day", description="share of the way to the target closed in a day"
    )
    whole_moves: bool = Field(
        False, description="one step is one full round, as the rule was published, whatever the step's length"
    )

    @abstractmethod
    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        """Where everybody would go, shape (..., n), if a round were played from ``stance`` to its end."""

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        """How ``target`` came about, in one run: who moved whom, by name. ``simulation.questions.why`` labels it.

        Arguments as for ``target``, of one run, so of shape (n,) where those have (..., n). A rule that does not say
        more tells the target alone.
        """
        target = self.target(stance, ideal, state, world, luck)
        return {"target": Explained(("actor",), target, "where a round played to its end would take the actor")}

    def move_all(self, state: State, world: World, luck: Draws) -> tuple[Array, Array]:
        """The stances after one whole round over several issues: on the first (..., n), on the further (..., n, K - 1).

        Only of rules with ``several_issues``.
        """
        raise TypeError(f"{self.name} plays one issue; see several_issues")

    def departure(self, state: State, ideal: Array) -> Array:
        """The stances from which the rule acts, shape (..., n): shifted by what the war did to the ideal points."""
        if self.anchored:
            return state.stance
        return np.clip(state.stance + (ideal - state.ideal), 0.0, 100.0)

    def pace(self, world: World) -> float | Array:
        """The share of the way to the target that one step has time for."""
        share: float | Array = 1.0 if self.whole_moves else -np.expm1(-self.speed * world.step_days)
        return share

    def move(self, state: State, ideal: Array, world: World, luck: Draws) -> Array:
        """The stances after one step, shape (..., n), 0 fight on … 100 stop now."""
        stance = self.departure(state, ideal)
        target = self.target(stance, ideal, state, world, luck)
        if self.whole_moves:
            return target
        moved: Array = stance + self.pace(world) * (target - stance)
        return moved


def shares(stance: Array, weights: Array) -> dict[str, Explained]:
    """What a rule that averages says: whose stance counts how much, and how far each pulls; weights (n, n)."""
    pull = weights * (stance[None, :] - stance[:, None])
    return {
        "share": Explained(("actor", "other"), weights, "weight of the other's stance in where the actor is heading"),
        "pull": Explained(
            ("actor", "other"), pull, "points by which the other draws the actor's target away from its stance"
        ),
    }


def beside(first: Array, further: Array) -> Array:
    """The first issue and the further ones in one array, (..., n, K)."""
    runs = np.broadcast_shapes(first.shape, further.shape[:-1])
    first, further = np.broadcast_to(first, runs), np.broadcast_to(further, (*runs, further.shape[-1]))
    return np.concatenate([first[..., None], further], axis=-1)
