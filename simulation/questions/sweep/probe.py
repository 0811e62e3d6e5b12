"""What the model makes of a scenario, in a few numbers, by which a sweep knows the program that began it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from simulation.dynamics.randomness import BLOCK
from simulation.runs.ensemble import read_runs
from simulation.scenario.schema import Scenario

Probe = dict[str, float | None]

TOLERANCE = 1e-6
"""Share of a number (of 1, if it is smaller) by which processors may differ; they were seen to differ by 1e-11."""


def probe(scenario: Scenario, measures: Sequence[str], seed: int) -> Probe:
    """The mean over the first 256 runs of each measure and of every actor's last stance; None where none has any.

    Numbers and not their checksum: the last digits depend on the processor, and however coarsely a number is rounded,
    some lie so close to an edge that they are rounded to either side.
    """
    names = dict.fromkeys([*measures, *(f"stance.{actor}" for actor in scenario.actors)])
    found = read_runs(scenario, list(names), BLOCK, seed)
    known = {name: values[np.isfinite(values)] for name, values in found.items()}
    return {name: float(values.mean()) if values.size else None for name, values in known.items()}


def alike(one: Mapping[str, float | None], other: Mapping[str, float | None]) -> bool:
    """Whether two probes are of the same model, on whatever processors."""
    if one.keys() != other.keys():
        return False
    left, right = ([np.nan if probe[name] is None else probe[name] for name in one] for probe in (one, other))
    return np.allclose(np.array(left, float), np.array(right, float), TOLERANCE, TOLERANCE, equal_nan=True)
