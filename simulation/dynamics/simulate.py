"""Many steps in a row: the histories of runs, and what is recorded of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.battle import stilled
from simulation.dynamics.finite import refuse_infinite
from simulation.dynamics.randomness import Luck
from simulation.dynamics.state import Array, Flags, State, World
from simulation.dynamics.step import advance, answer, before_answers
from simulation.dynamics.variables import VARIABLES, recorded
from simulation.rules.compromise import centres

CENTRES = ("mean", "median")
"""The outcomes of a negotiation."""


@dataclass(frozen=True, slots=True)
class History:
    """What some runs left behind: the recorded variables of the states, by their names in a result, and the answers.

    Each is read by its name: ``history.stance`` has shape (steps + 1, R, n), ``history.chance`` (R, offers, m). A
    negotiation without parties has its ``outcome`` besides, (steps + 1, R, 2), the weighted mean and median.
    """

    by_step: Mapping[str, NDArray[Any]]  # at the start of every step and at the end, (steps + 1, R, ...)
    at_end: Mapping[str, Array]  # (R, ...)

    def __getattr__(self, name: str) -> Array:
        for tables in (self.by_step, self.at_end):
            if name in tables:
                return tables[name]
        raise AttributeError(f"no '{name}' is recorded of these runs")

    @property
    def truce(self) -> Flags:
        """Whether a truce among all parties is in force, (steps + 1, R)."""
        return self.by_step["truce"]

    @property
    def ending(self) -> NDArray[np.int8]:
        """How a truce of each pair ended in the step before, by ``truce.ENDINGS``; 0 not at all, (steps + 1, R, P)."""
        return self.by_step["ending"]

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.at_end["answer"])

    def of(self, rows: slice) -> History:
        """The history of some of the runs."""
        return History(
            {name: table[:, rows] for name, table in self.by_step.items()},
            {name: table[rows] for name, table in self.at_end.items()},
        )


def empty_history(world: World, state: State, runs: int) -> History:
    """The tables for so many runs from a state at the start, with nothing in them yet."""
    by_step: dict[str, NDArray[Any]] = {}
    at_end: dict[str, Array] = {}
    for variable in recorded():
        seen = getattr(state, variable.name)
        inner = seen.shape[seen.ndim - variable.rank :]
        if variable.of == "answer":
            at_end[variable.name] = np.empty((runs, *inner))
        else:
            by_step[variable.result_name] = np.empty((world.steps + 1, runs, *inner), dtype=seen.dtype)
    by_step["stilled"] = np.empty((world.steps + 1, runs, len(world.pairs)))
    if not world.parties:
        by_step["outcome"] = np.empty((world.steps + 1, runs, len(CENTRES)))
    by_step["truce"] = np.empty((world.steps + 1, runs), dtype=bool)
    return History(by_step, at_end)


def simulate(world: World, state: State, luck: Luck, into: History | None = None) -> History:
    """The histories of as many runs as there are random numbers for, from a state at the start.

    Parameters
    ----------
    into : tables to write them in, from ``empty_history``; tables of their own if left out

    Raises
    ------
    NotFiniteError
        where a number of a run is not finite
    """
    count, steps = len(luck.stance[0]), world.steps
    state = spread(state, count)
    history = empty_history(world, state, count) if into is None else into
    for name, table in history.at_end.items():
        table[...] = getattr(state, name)
    state = state.but(**history.at_end)  # so that answers are written straight into the history
    kept = history.by_step
    by_step = [variable for variable in recorded() if variable.of != "answer"]
    for t in range(steps + 1):
        for variable in by_step:
            kept[variable.result_name][t] = getattr(state, variable.name)
        kept["stilled"][t] = stilled(state)
        if not world.parties:
            kept["outcome"][t] = centres(state.stance, state.salience, state.influence)
        if t < steps:
            state = advance(state, t, world, luck, in_place=True)
    refuse_infinite(world, state, kept)
    kept["truce"][...] = among_all(kept["pair_truce"])
    return history


def among_all(truce: Flags) -> Flags:
    """Whether a truce is in force among all parties, shape (...), of its pairs, shape (..., P)."""
    match truce.shape[-1]:
        case 0:  # nobody, or one alone: there is no war to end
            return np.zeros(truce.shape[:-1], dtype=bool)
        case 1:
            return truce[..., 0]
    return np.asarray(truce.all(axis=-1))


def spread(state: State, runs: int) -> State:
    """The state with a run axis of the given length on everything that will differ from run to run anyway."""
    grown = {}
    for variable in VARIABLES.values():
        array = getattr(state, variable.name)
        if variable.moves and array.ndim == variable.rank:
            grown[variable.name] = np.array(np.broadcast_to(array, (runs, *array.shape)), order="C")
    return state.but(**grown)


def before_offer(
    world: World, state: State, luck: Luck, number: int, step: int, since: int = 0
) -> tuple[State, Flags | None]:
    """The state right before an offer is answered, and the runs in which it is made: None where that is all of them.

    Parameters
    ----------
    state : at the start of step ``since``
    number : place of the offer in ``world.offers``
    step : in which it is made
    """
    for t in range(since, step):
        state = advance(state, t, world, luck)
    draws = luck.at(step)
    state, made = before_answers(state, step, world, draws)
    for other, where in made:
        if other == number:
            return state, where
        state = answer(state, other, where, draws, world)
    raise ValueError(f"offer {number} is not made in step {step}")
