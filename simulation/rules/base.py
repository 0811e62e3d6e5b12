"""What a stance rule is: a frozen table of coefficients with one verb, ``move``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.parameters import Parameters

if TYPE_CHECKING:
    from simulation.randomness import Draws
    from simulation.state import State, World

Array = NDArray[np.float64]


class Rule(Parameters, ABC):
    """How stances move, given what each actor wants by itself and who leans on whom.

    A concrete rule says where the actors are heading in ``target``; ``move`` closes the share of that way that one
    step has time for. Rules never draw random numbers: the streams named in ``draws`` are handed to them.
    """

    anchored: ClassVar[bool] = False
    """Whether ``target`` itself pulls an actor back to its ideal. Where not, a change of the ideal shifts the stance."""

    draws: ClassVar[tuple[str, ...]] = ()
    """Named streams of uniform numbers, one a step and actor, that the rule is handed in ``luck.rule``."""

    name: str
    speed: float = Field(0.1, gt=0, le=10, title="per day", description="share of the way to the target closed in a day")
    whole_moves: bool = Field(
        False, description="one step is one full round, as the rule was published, whatever the step's length"
    )

    @abstractmethod
    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        """Where everybody would go, shape (..., n), if a round were played from ``stance`` to its end."""

    def move(self, state: State, ideal: Array, world: World, luck: Draws) -> Array:
        """The stances after one step, shape (..., n), 0 fight on … 100 stop now."""
        stance = state.stance
        if not self.anchored:
            stance = np.clip(stance + (ideal - state.ideal), 0.0, 100.0)
        target = self.target(stance, ideal, state, world, luck)
        if self.whole_moves:
            return target
        moved: Array = stance + -np.expm1(-self.speed * world.step_days) * (target - stance)
        return moved
