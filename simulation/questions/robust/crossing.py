"""Which structures of the model are tried: each alternative by itself, and crossings of them drawn evenly."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.scenario.structures import Alternative

Levels = NDArray[np.intp]
"""(structures, switches): 0 where a switch is as the scenario has it, else which alternative, counted from 1. The first
structure is the scenario's own."""


def crossed(choices: Mapping[str, Sequence[Alternative]], count: int) -> Levels:
    """The structures to try, at most ``count`` of them.

    All of the full crossing where it is no larger. Else the scenario's own, each alternative by itself, and the rest
    drawn from the crossing so that every level of a switch comes up as often as any other. Where there is no room for
    each alternative by itself, all but the first are drawn. The draw is the same whatever the scenario and the seed.
    """
    sizes = [1 + len(some) for some in choices.values()]
    if np.prod(sizes, dtype=float) <= count:
        every = list(itertools.product(*map(range, sizes)))
        return np.array(every, dtype=np.intp).reshape(len(every), len(sizes))
    alone = [
        [level if place == switch else 0 for place in range(len(sizes))]
        for switch, size in enumerate(sizes)
        for level in range(1, size)
    ]
    fixed = [[0] * len(sizes), *(alone if 1 + len(alone) <= count else [])]
    left = count - len(fixed)
    drawn = np.empty((left, len(sizes)), dtype=np.intp)
    for place, (name, size) in enumerate(zip(choices, sizes, strict=True)):
        even = np.resize(np.arange(size), left)
        drawn[:, place] = generator(0, "structures", name, 0).permutation(even)
    return np.concatenate([np.array(fixed, dtype=np.intp), drawn])


def main_effects(levels: Levels, sizes: Sequence[int], values: Array) -> Array:
    """What each alternative does on average over the structures, shape (alternatives,), in the order of the switches.

    By least squares: value = constant + the effects of the alternatives switched on. Nan where the structures are too
    few to tell the alternatives apart.

    Parameters
    ----------
    sizes : how many levels each switch has
    values : (structures,)   nan where the question does not arise
    """
    known = ~np.isnan(values)
    columns = [levels[:, switch] == level for switch, size in enumerate(sizes) for level in range(1, size)]
    design = np.column_stack([np.ones(len(levels)), *columns])[known]
    if np.linalg.matrix_rank(design) < design.shape[1]:
        return np.full(len(columns), np.nan)
    found: Array = np.linalg.lstsq(design, values[known])[0][1:]
    return found
