"""Many runs of one scenario, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import BLOCK, draw
from simulation.dynamics.simulate import History, empty_history
from simulation.dynamics.state import Array
from simulation.runs.batches import TOGETHER, Batch, batches, run_steps
from simulation.runs.memory import check_memory
from simulation.runs.provenance import provenance
from simulation.runs.results import Tally, as_dataset
from simulation.runs.setup import check, open_scenario
from simulation.runs.shares import read_points_by, read_runs_by, tally_runs
from simulation.runs.workers import workers_for
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import parse
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOST_RUNS = 100_000_000

COSTLY = ("expected-utility", "spatial")
"""Rules whose single run is costly."""

PIECE = 25
"""Runs of a costly rule that are made in one go, after which others may be told how far it is, or end it."""


@of_kind
def run_ensemble(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1,
    keep: Literal["trajectories", "summary"] = "trajectories",
    *,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    workers: int = 1,
    progress: Callable[[int], None] | None = None,
) -> xr.Dataset:
    """Run a scenario many times.

    Parameters
    ----------
    runs : how many; run k is the same run whatever their number
    seed : keys every stream of random numbers
    keep : ``trajectories`` keeps every step of every run; ``summary`` keeps counts and histograms only, in memory that
        does not grow with the runs
    uncertain : draw every number that has ``low`` and ``high`` anew in each run, as PERT, by Latin hypercube
    values : numbers that differ from run to run, key to array of shape (runs,), such as
        ``{"ties.UAE.LNA.support": np.linspace(0, 1, runs)}``
    workers : processes that share the work of a ``summary``, which is the same to the bit; each takes half a second to
        start. Trajectories are made in this process: to send them costs as much time as to make them.
    progress : called with the number of runs done so far

    Returns
    -------
    xarray.Dataset with dimensions run, step, actor, party, offer, and its provenance in ``attrs``. With ``summary``,
    what ``simulation.runs.results.condense`` makes of that.

    Raises
    ------
    ScenarioError
        for values that do not fit the scenario, or runs that take more memory than there is
    """
    given = checked(scenario, runs, values)
    check_memory(scenario, runs, kept=keep == "trajectories", counted=keep == "summary")
    source = provenance(scenario, runs, seed, uncertain, tuple(given))
    if keep == "summary" and (many := min(workers, -(-runs // BLOCK))) > 1:
        tally = tally_runs(blocks, many, scenario, runs, seed, uncertain=uncertain, values=given, progress=progress)
        return tally.digest(source)
    if keep == "summary":
        tally = Tally(scenario)
        for history in _counting(blocks(scenario, runs, seed, uncertain=uncertain, values=given), progress):
            tally.add(history)
        return tally.digest(source)
    if keep != "trajectories":
        raise ScenarioError(f"keep = {keep!r}: 'trajectories' or 'summary' would do.")
    history = all_runs(scenario, runs, seed, uncertain=uncertain, values=given, progress=progress)
    return as_dataset(scenario, history, source)


def all_runs(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    progress: Callable[[int], None] | None = None,
) -> History:
    """The histories of all runs as one."""
    history = empty_history(*open_scenario(scenario), runs)
    for _ in _counting(blocks(scenario, runs, seed, uncertain=uncertain, values=values, into=history), progress):
        pass
    return history


def blocks(
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    into: History | None = None,
    first: int = 0,
) -> Iterator[History]:
    """The histories of the runs, or of those from the first of a block on, so many blocks of 256 at a time.

    They are written into that of all runs where it is given.
    """
    opened = None if uncertain or values else open_scenario(scenario)
    for batch in batches(runs, seed, first):
        world, state = opened or open_scenario(scenario, batch.inputs(scenario, values, uncertain=uncertain))
        rows = None if into is None else into.of(batch.rows)
        yield run_steps(scenario, world, state, batch.luck(world), batch.called, into=rows)


def pieces(scenario: Scenario, runs: int, seed: int, *, uncertain: bool = False) -> Iterator[History]:
    """The same histories, fewer at a time where a run is costly, for somebody who may wait for them no longer."""
    if uncertain or scenario.rule.name not in COSTLY:
        yield from blocks(scenario, runs, seed, uncertain=uncertain)
        return
    world, state = open_scenario(scenario)
    for batch in batches(runs, seed):
        luck = batch.luck(world)
        for first in range(0, batch.count, PIECE):
            rows = slice(first, min(first + PIECE, batch.count))
            yield run_steps(scenario, world, state, luck.of(rows), partial(_called, batch, first))


def _called(batch: Batch, first: int, row: int) -> str:
    return batch.called(first + row)


def read_runs(
    scenario: Scenario,
    names: Sequence[str],
    runs: int,
    seed: int,
    *,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    first: int = 0,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Array]:
    """Some measures of every run, without keeping the runs: name to array of shape (runs - first,).

    What the questions asked of ensembles are built on. Parameters and errors as for ``run_ensemble``; names as in
    ``simulation.scenario.measures``.

    Parameters
    ----------
    first : the first run to read, which is the first of a block of 256
    workers : processes; if left out, all cores where the work is large enough to gain by them
    """
    given = checked(scenario, runs, values)
    measures = [parse(name, scenario) for name in names]
    check_memory(scenario, runs, numbers=len(measures))
    if (many := workers or workers_for(scenario, runs)) > 1 and not first:
        every = [measure.name for measure in measures]
        return read_runs_by(
            read_runs, many, scenario, every, runs, seed, uncertain=uncertain, values=given, progress=progress
        )
    found: dict[str, Array] = {measure.name: np.empty(runs - first) for measure in measures}
    done = 0
    histories = blocks(scenario, runs, seed, uncertain=uncertain, values=given, first=first)
    for history in _counting(histories, progress):
        for measure in measures:
            found[measure.name][done : done + history.runs] = measure.read(history)
        done += history.runs
    return found


def read_points(
    scenario: Scenario,
    names: Sequence[str],
    values: Mapping[str, Array],
    runs: int,
    seed: int,
    *,
    first: NDArray[np.intp] | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Array]:
    """Some measures of every run of every point of a design: name to array of shape (points, runs).

    Points use common random numbers: run k of one point is run k of every other and, bit for bit, that run of an
    ensemble with the point's values. Many points go through the model together, so that few runs a point cost no more
    than many.

    Parameters
    ----------
    values : the design, key to array of shape (points,); every array has the same length, which is at least 1
    runs : how many a point
    first : for each point, the run that its random numbers start with; 0 for all if left out. Points that are to have
        numbers of their own are given starts ``runs`` apart.
    workers : as for ``read_runs``
    progress : called with the number of runs done so far, of points × runs

    Raises
    ------
    ScenarioError
        for values that do not fit the scenario
    """
    given = {key: np.asarray(array, dtype=float) for key, array in values.items()}
    if len({array.shape for array in given.values()}) != 1 or any(array.ndim != 1 for array in given.values()):
        raise ScenarioError("a design needs at least one key, and as many values of one key as of any other.")
    points = len(next(iter(given.values())))
    if points < 1 or runs < 1 or points * runs > MOST_RUNS:
        raise ScenarioError(f"{points:,} points of {runs:,} runs: between 1 and {MOST_RUNS:,} runs in all would do.")
    check(scenario, given)
    measures = [parse(name, scenario) for name in names]
    check_memory(scenario, points * runs, numbers=len(measures) + 4)
    start = np.zeros(points, dtype=np.intp) if first is None else first
    if (many := workers or workers_for(scenario, points * runs)) > 1:
        every = [measure.name for measure in measures]
        return read_points_by(read_points, many, scenario, every, given, runs, seed, first=start, progress=progress)
    found = {measure.name: np.empty(points * runs) for measure in measures}
    point = np.repeat(np.arange(points), runs)
    block, row = np.divmod(np.ravel(start[:, None] + np.arange(runs)), BLOCK)
    fixed, _ = open_scenario(scenario)
    done, width = 0, BLOCK * TOGETHER
    for number in np.unique(block):
        luck, cells = draw(fixed, seed, int(number)), np.flatnonzero(block == number)
        for here in np.split(cells, range(width, len(cells), width)):
            world, state = open_scenario(scenario, {key: array[point[here]] for key, array in given.items()})

            def called(place: int, here: NDArray[np.intp] = here) -> str:
                cell = here[place]
                changed = ", ".join(f"{key} = {array[point[cell]]:g}" for key, array in given.items())
                return f"run {start[point[cell]] + cell % runs} with {changed}"

            history = run_steps(scenario, world, state, luck.of(row[here]), called)
            for measure in measures:
                found[measure.name][here] = measure.read(history)
            done += len(here)
            if progress:
                progress(done)
    return {name: array.reshape(points, runs) for name, array in found.items()}


def checked(scenario: Scenario, runs: int, values: Mapping[str, Array] | None) -> dict[str, Array]:
    """Values given per run, if they fit the scenario and the number of runs."""
    if not 1 <= runs <= MOST_RUNS:
        raise ScenarioError(f"runs = {runs}: between 1 and {MOST_RUNS:,} would do.")
    given = {key: np.asarray(array, dtype=float) for key, array in (values or {}).items()}
    for key, array in given.items():
        if array.shape != (runs,):
            raise ScenarioError(f"{key}: shape {array.shape}; one number a run, shape ({runs},), is needed.")
    check(scenario, given)
    return given


def _counting(histories: Iterator[History], progress: Callable[[int], None] | None) -> Iterator[History]:
    """The histories; ``progress`` is called after each with the number of runs so far."""
    done = 0
    for history in histories:
        yield history
        done += history.runs
        if progress:
            progress(done)
