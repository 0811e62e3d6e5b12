"""Whether every number of some runs is finite, and which one is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import State, World
from simulation.dynamics.variables import VARIABLES, Variable


class NotFiniteError(ArithmeticError):
    """A number of a run that is not finite, so that nothing that rests on it means anything."""

    def __init__(self, what: str, value: float, row: int, step: int) -> None:
        super().__init__(f"{what} is {value} in step {step}")
        self.what = what
        self.value = value
        self.row = row  # of the runs that went through the model together
        self.step = step


def refuse_infinite(world: World, end: State, by_step: Mapping[str, NDArray[Any]]) -> None:
    """Raise ``NotFiniteError`` for the earliest number of the runs that is not finite.

    What is not finite in some step is so at the end, or leaves a trace there: an event that sets a stance adds the
    difference to its base. So histories are searched only where the end, or an outcome, is at fault. Answers are nan
    where nobody was asked, and only together.

    Parameters
    ----------
    end : the state after the last step
    by_step : what was recorded of every step, (steps + 1, R, ...)
    """
    found: list[NotFiniteError] = []
    for variable in VARIABLES.values():
        array = getattr(end, variable.name)
        if variable.of == "answer":
            array = np.where(np.isnan(array) & np.isnan(end.answer), 0.0, array)
        elif variable.name == "left":  # of an open term
            array = np.where(array == math.inf, 0.0, array)
        found += _of(variable.name, variable, array[None], world, world.steps)
    for name, array in by_step.items() if found else [("outcome", by_step["outcome"])] if "outcome" in by_step else []:
        found += _of(name, VARIABLES.get(name), array, world, 0)
    if found:
        raise min(found, key=lambda error: error.step)


def _of(name: str, variable: Variable | None, array: NDArray[Any], world: World, first: int) -> list[NotFiniteError]:
    """What is not finite of one array, (steps, R, ...) or (steps, ...): the earliest, or nothing."""
    if array.dtype != np.float64 or math.isfinite(array.sum()):
        return []
    step, *place = (int(index) for index in np.argwhere(~np.isfinite(array))[0])
    rank = variable.rank if variable else array.ndim - 2
    inner = place[len(place) - rank :]
    axes = variable.axes if variable else ()
    names = [_named(axis, index, world) for axis, index in zip(axes, inner, strict=False)]
    what = f"{name} of {' and '.join(names)}" if names else name
    row = place[0] if len(place) > rank else 0
    return [NotFiniteError(what, float(array[step, *place]), row, first + step)]


def _named(axis: str, index: int, world: World) -> str:
    """A place on an axis by its name, where it has one."""
    match axis:
        case "actor" | "source" | "target" | "backer":
            return world.actors[index]
        case "party":
            return world.parties[index]
        case "pair":
            return " and ".join(world.parties[place] for place in world.pairs[index])
        case "offer":
            return world.offers[index].id
    return f"{axis} {index}"
