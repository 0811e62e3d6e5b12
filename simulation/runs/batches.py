"""Runs in handfuls that go through the steps together, with the random numbers and the inputs that are theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from simulation.dynamics.finite import NotFiniteError
from simulation.dynamics.randomness import BLOCK, Luck, draw
from simulation.dynamics.simulate import History, simulate
from simulation.dynamics.state import Array, State, World
from simulation.runs.sampling import sampled
from simulation.scenario.errors import ScenarioError
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

    def called(self, row: int) -> str:
        """What the run in a row is called."""
        return f"run {self.first + row}"

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


def run_steps(
    scenario: Scenario,
    world: World,
    state: State,
    luck: Luck,
    called: Callable[[int], str],
    into: History | None = None,
) -> History:
    """The histories of some runs of a scenario, from a state at the start.

    Parameters
    ----------
    called : what the run in a row is called in an error, such as ``run 13``
    into : tables to write them in; tables of their own if left out

    Raises
    ------
    ScenarioError
        where a number of a run is not finite
    """
    try:
        return simulate(world, state, luck, into)
    except NotFiniteError as error:
        day = scenario.date_of(error.step)
        raise ScenarioError(
            f"{error.what} is {error.value} on {day} (step {error.step}) in {called(error.row)}: no number, so that "
            "nothing that rests on it would mean anything. Look at what was changed last, such as a rule of your own."
        ) from None
