"""Runs of an ensemble in spans that worker processes share out; every result is, to the bit, that of one process.

What one process does is handed in by the module that has it: ``blocks``, ``read_runs``, ``read_points``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import BLOCK
from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array
from simulation.runs.results import Tally
from simulation.runs.workers import Workers
from simulation.scenario.schema import Scenario

SPAN = 8192
"""Runs that a worker does at a time: enough to make little of what it gives back, few enough to share out evenly. A
worker's counts of so many runs fit into 16 bits."""

Progress = Callable[[int], None]


def spans(runs: int) -> Iterator[tuple[int, int]]:
    """The first run of each span, and the first that is not in it any more."""
    return ((first, min(first + SPAN, runs)) for first in range(0, runs, SPAN))


def tally_runs(
    blocks: Callable[..., Iterator[History]],
    workers: int,
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    uncertain: bool,
    values: Mapping[str, Array],
    progress: Progress | None,
) -> Tally:
    """The counts of all runs."""
    tally = Tally(scenario)
    numbers = tally.numbers()
    calls = ((blocks, scenario, *span, seed, uncertain, _of(values, *span)) for span in spans(runs))
    with Workers(_tally_span, workers) as pool:
        results = pool.results(calls, in_order=True)
        for (_, last), (counts, sums) in zip(spans(runs), results, strict=True):
            for table in (counts, *sums):
                for place, number in table.items():
                    numbers[place] += number
            if progress:
                progress(last)
    return tally


def _tally_span(
    blocks: Callable[..., Iterator[History]],
    scenario: Scenario,
    first: int,
    last: int,
    seed: int,
    uncertain: bool,
    values: Mapping[str, Array],
) -> tuple[dict[Any, NDArray[Any]], list[dict[Any, NDArray[Any]]]]:
    """The counts of some runs; and their sums block by block, which must be added in that order to come to the same."""
    tally, sums = Tally(scenario), []
    numbers = tally.numbers()
    real = [place for place, number in numbers.items() if number.dtype.kind == "f"]
    for history in blocks(scenario, last, seed, uncertain=uncertain, values=_placed(values, first), first=first):
        for start in range(0, history.runs, BLOCK):
            tally.add(history.of(slice(start, start + BLOCK)))
            sums.append({place: numbers[place].copy() for place in real})
            for place in real:
                numbers[place][...] = 0
    return {place: table.astype(np.uint16) for place, table in numbers.items() if place not in real}, sums


def read_runs_by(
    read_runs: Callable[..., dict[str, Array]],
    workers: int,
    scenario: Scenario,
    names: Sequence[str],
    runs: int,
    seed: int,
    *,
    uncertain: bool,
    values: Mapping[str, Array],
    progress: Progress | None,
) -> dict[str, Array]:
    """What ``read_runs`` gives."""
    found: dict[str, Array] = {name: np.empty(runs) for name in names}
    calls = ((read_runs, scenario, names, *span, seed, uncertain, _of(values, *span)) for span in spans(runs))
    with Workers(_read_span, workers) as pool:
        for (first, last), read in zip(spans(runs), pool.results(calls, in_order=True), strict=True):
            for name, array in read.items():
                found[name][first:last] = array
            if progress:
                progress(last)
    return found


def _read_span(
    read_runs: Callable[..., dict[str, Array]],
    scenario: Scenario,
    names: Sequence[str],
    first: int,
    last: int,
    seed: int,
    uncertain: bool,
    values: Mapping[str, Array],
) -> dict[str, Array]:
    return read_runs(
        scenario, names, last, seed, uncertain=uncertain, values=_placed(values, first), first=first, workers=1
    )


def read_points_by(
    read_points: Callable[..., dict[str, Array]],
    workers: int,
    scenario: Scenario,
    names: Sequence[str],
    values: Mapping[str, Array],
    runs: int,
    seed: int,
    *,
    first: NDArray[np.intp],
    progress: Progress | None,
) -> dict[str, Array]:
    """What ``read_points`` gives."""
    points, size = len(first), max(1, SPAN // runs)
    rows = [slice(start, min(start + size, points)) for start in range(0, points, size)]
    found: dict[str, Array] = {name: np.empty((points, runs)) for name in names}
    calls = ((read_points, scenario, names, _of(values, row.start, row.stop), runs, seed, first[row]) for row in rows)
    with Workers(_read_points, min(workers, len(rows))) as pool:
        for row, read in zip(rows, pool.results(calls, in_order=True), strict=True):
            for name, array in read.items():
                found[name][row] = array
            if progress:
                progress(row.stop * runs)
    return found


def _read_points(
    read_points: Callable[..., dict[str, Array]],
    scenario: Scenario,
    names: Sequence[str],
    values: Mapping[str, Array],
    runs: int,
    seed: int,
    first: NDArray[np.intp],
) -> dict[str, Array]:
    return read_points(scenario, names, values, runs, seed, first=first, workers=1)


def _of(values: Mapping[str, Array], first: int, last: int) -> dict[str, Array]:
    return {key: array[first:last] for key, array in values.items()}


def _placed(values: Mapping[str, Array], first: int) -> dict[str, Array]:
    """Values of the runs from one on, where they stand among all; those before are not read, only allowed."""
    return {key: np.concatenate([np.full(first, array[0]), array]) for key, array in values.items()}
