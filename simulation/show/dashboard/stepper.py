"""A single run, taken step by step, forwards and back."""

from __future__ import annotations

from simulation.runs.agents.model import ConflictModel
from simulation.runs.agents.snapshots import Snapshot, snapshots
from simulation.scenario.schema import Scenario


class Stepper:
    """One run of the ensemble as a Mesa model, stepped as far as somebody looks.

    Parameters
    ----------
    scenario, seed, run : as for ``ConflictModel``
    """

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        self.scenario = scenario
        self._coming = snapshots(ConflictModel(scenario, seed=seed, run=run))
        self._past: list[Snapshot] = []

    def to(self, step: int) -> list[Snapshot]:
        """The snapshots from the opening up to that step, or to the end if that comes first."""
        step = min(max(step, 0), self.scenario.steps)
        while len(self._past) <= step:
            self._past.append(next(self._coming))
        return self._past[: step + 1]
