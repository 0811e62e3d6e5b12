"""Runs in handfuls that go through the steps together, with the random numbers and the inputs that are theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simulation.dynamics.randomness import BLOCK, Luck, draw
from simulation.dynamics.state import Array, World
from simulation.runs.sampling import sampled
from simulation.scenario.schema import Scenario

TOGETHER = 4
"""Blocks of 256 runs that go through a step together: enough to make little of Python's share, few enough for the
caches. Results do not depend on it."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some runs in a row of those with a seed; the first is the first of a block."""

    seed: int
    first: int
    count: int

    @property
    def rows(self) -> slice:
        """Where they stand among all runs."""
        return slice(self.first, self.first + self.count)

    def luck(self, world: World) -> Luck:
        """Their random numbers."""
        return draw(world, self.seed, self.first // BLOCK, -(-self.count // BLOCK)).of(slice(0, self.count))

    def inputs(
        self, scenario: Scenario, values: Mapping[str, Array] | None = None, *, uncertain: bool = False
    ) -> dict[str, Array]:
        """The numbers that differ from run to run, key to (count,): ``values`` of all runs, and what is drawn."""
        drawn = sampled(scenario, self.seed, self.first, self.count) if uncertain else {}
        return drawn | {key: array[self.rows] for key, array in (values or {}).items()}


def batches(runs: int, seed: int, begin: int = 0) -> Iterator[Batch]:
    """All runs, or those from the first of a block on, so many blocks of 256 at a time."""
    width = BLOCK * TOGETHER
    for first in range(begin, runs, width):
        yield Batch(seed, first, min(width, runs - first))
