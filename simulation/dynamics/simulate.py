"""Many steps in a row: the histories of runs, and what is recorded of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulation.dynamics.randomness import Luck
from simulation.dynamics.state import Array, Flags, State, World
from simulation.dynamics.step import advance
from simulation.rules.compromise import centres

CENTRES = ("mean", "median")
"""The outcomes of a negotiation."""


@dataclass(frozen=True, slots=True)
class History:
    """What some runs left behind: the states at the start of every step and at the end, and the answers."""

    stance: Array  # (steps + 1, R, n)
    control: Array  # (steps + 1, R, m)
    momentum: Array  # (steps + 1, R, m)
    exhaustion: Array  # (steps + 1, R, m)
    distrust: Array  # (steps + 1, R, m)
    truce: Flags  # (steps + 1, R)
    further: Array  # (steps + 1, R, n, K - 1) stances on the further of K issues
    outcome: Array  # (steps + 1, R, 2) weighted mean and median of a negotiation; with parties, (steps + 1, R, 0)
    chance: Array  # (R, offers, m)
    answer: Array  # (R, offers, m)

    def of(self, rows: slice) -> History:
        """The history of some of the runs."""
        last = {name: getattr(self, name)[rows] for name in ("chance", "answer")}
        rest = {name: getattr(self, name)[:, rows] for name in self.__slots__ if name not in last}
        return History(**rest, **last)


def simulate(world: World, state: State, luck: Luck) -> History:
    """The histories of as many runs as there is luck for, from a state at the start."""
    count, steps = len(luck.truce[0]), world.steps
    state = spread(state, count)
    recorded = ("stance", "control", "momentum", "exhaustion", "distrust", "further")
    kept = {name: np.empty((steps + 1, *getattr(state, name).shape)) for name in recorded}
    truce = np.empty((steps + 1, count), dtype=bool)
    outcome = np.empty((steps + 1, count, 0 if world.parties else len(CENTRES)))
    for t in range(steps + 1):
        for name in recorded:
            kept[name][t] = getattr(state, name)
        truce[t] = state.truce[..., 0]
        if not world.parties:
            outcome[t] = centres(state.stance, state.salience, state.influence)
        if t < steps:
            state = advance(state, t, world, luck)
    return History(**kept, truce=truce, outcome=outcome, chance=state.chance, answer=state.answer)


def spread(state: State, runs: int) -> State:
    """The state with a run axis of the given length on everything that will differ from run to run anyway."""
    inner = {"truce": 1, "strain": 1, "chance": 2, "answer": 2, "further": 2}
    grown = {}
    for field in ("stance", "base", "ideal", "control", "momentum", "exhaustion", "distrust", *inner):
        array = getattr(state, field)
        if array.ndim == inner.get(field, 1):
            grown[field] = np.array(np.broadcast_to(array, (runs, *array.shape)))
    return replace(state, **grown)
