"""A sweep from its design to its store."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding
from simulation.questions.sweep.block import Job, run_block, write_block
from simulation.questions.sweep.cluster import Call, by_dask
from simulation.questions.sweep.describe import describe
from simulation.questions.sweep.design import Design, Values, fit, numeric, plan
from simulation.questions.sweep.manifest import MOST_PARTS, Manifest
from simulation.questions.sweep.probe import probe
from simulation.questions.sweep.store import INSTALL, Store, create
from simulation.questions.sweep.summary import Sums, Totals, fits
from simulation.runs.ensemble import MOST_RUNS
from simulation.runs.memory import check_memory
from simulation.runs.workers import Workers, workers_for
from simulation.scenario.arguments import of_kind, out_of_memory
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import headlines, parse
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml, fingerprint
from simulation.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

ROWS = 2048
"""Runs that a part has at least, unless the sweep has fewer: more make the last worker late, fewer cost 5 % or more."""


@of_kind
def sweep(
    scenario: Scenario,
    vary: Values | Design | pd.DataFrame,
    folder: str | Path,
    *,
    sampling: str = "grid",
    points: int | None = None,
    runs: int = 100,
    seed: int = 1,
    measures: Sequence[str] | None = None,
    workers: int | None = None,
    dask: str | None = None,
    resume: bool = False,
    force: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Run a scenario at every point of a design, into a store on disk.

    Every point has the same luck: run k of one is paired with run k of any other. What the store holds depends
    neither on the number of workers nor on the order in which they finish, and a sweep that was killed and resumed
    holds, byte for byte, what an undisturbed one does.

    Parameters
    ----------
    vary : keys and the values they are to have, such as ``{"ties.UAE.LNA.support": np.linspace(0, 1, 11), "rule":
        ["degroot", "spatial"]}``; a table of points, a key a column; or a ``Design``
    folder : where the store is, or is to be
    sampling : ``grid`` takes every combination of the values; ``latin`` and ``sobol`` take ``points`` of them, numbers
        from the range between the least and the greatest
    runs : how many at each point
    measures : names as in ``simulation.scenario.measures``; the headlines if left out
    workers : processes; all cores if left out, but one where the sweep is too small to gain by more
    dask : the address of a dask scheduler; ``local`` is no cluster, but ``workers`` processes of this machine, since
        a cluster would listen on ports that every user of the machine can reach
    resume : go on with the sweep that the folder holds, or begin it where there is none
    force : take away a sweep that the folder holds, and begin anew
    progress : called with the number of runs done so far, of points × runs

    Returns
    -------
    a finding, whose dataset is what ``summarise`` makes of the store: dimensions point and measure.
    ``open_store(folder)`` has every run, and answers SQL.

    Raises
    ------
    ScenarioError
        if the design does not fit the scenario, the folder holds another sweep, or the work has to stop: then what is
        done is safe, and can be resumed
    """
    dask = None if dask == "local" else dask
    design = vary if isinstance(vary, Design) else plan(vary, sampling, points, seed)
    try:
        import pyarrow as pa
    except ImportError:
        raise ScenarioError(f"a sweep needs pyarrow: {INSTALL}") from None
    if not 1 <= runs <= MOST_RUNS // design.points:
        raise ScenarioError(
            f"{design.points:,} points × {runs:,} runs: between 1 and {MOST_RUNS:,} runs in all would do."
        )
    names = list(dict.fromkeys(measures or headlines(scenario)))
    for name in names:
        parse(name, scenario)
    fit(design, scenario)
    size = max(1, max(ROWS, design.points * runs // MOST_PARTS) // runs)
    many = workers or workers_for(scenario, design.points * runs)
    many = 1 if dask else min(many, -(-design.points // size))
    check_memory(scenario, size * runs, numbers=2 * len(names) + 4, processes=many)
    with Workers(write_block, many) as pool:
        import xarray  # noqa: F401  for the summary at the end, while the workers import what they need

        manifest = Manifest(
            title=scenario.heading,
            scenario_sha256=fingerprint(scenario),
            seed=seed,
            runs=runs,
            points=design.points,
            points_per_part=size,
            keys=list(design.columns),
            design=design.how,
            design_sha256=design.sha256,
            measures=names,
            versions={
                "ceasefire-simulation": VERSION,
                "numpy": importlib.metadata.version("numpy"),
                "pyarrow": pa.__version__,
            },
            probe=probe(scenario, names, seed),
            scenario=as_toml(scenario),
        )
        job = Job(manifest.scenario, tuple(names), runs, seed, tuple(numeric(design, scenario)))
        try:
            with create(Path(folder), manifest, resume=resume, force=force) as store:
                done = set(store.done())
                calls = (
                    (block, _call(store, job, design, block)) for block in range(store.blocks) if block not in done
                )
                return describe(store, _sum(store, done, _written(pool, store, calls, dask), progress))
        except OSError as error:
            raise ScenarioError(f"{error.filename or folder}: {error.strerror or error}.") from None


def _call(store: Store, job: Job, design: Design, block: int) -> tuple[Any, ...]:
    """What the work of a block takes."""
    first, last = store.span(block)
    return job, first, design.part(first, last)


def _written(
    pool: Workers, store: Store, calls: Iterable[Call], dask: str | None
) -> Generator[tuple[int, Sums | None], None, None]:
    """Do the work of each block and see it written; give back its number once it is, and its sums if they are known."""
    if dask is None:
        yield from pool.results((store, block, *call) for block, call in calls)
        return
    with closing(by_dask(run_block, calls, dask)) as parts:  # of other machines, perhaps, with other disks
        for block, content in parts:
            store.write(block, content)
            yield block, None


def _sum(
    store: Store,
    done: set[int],
    blocks: Generator[tuple[int, Sums | None], None, None],
    progress: Callable[[int], None] | None,
) -> Totals | None:
    """Wait for the blocks that are not there yet, say how many runs are, and add up what they come to."""
    measures = len(store.manifest.measures)
    totals = Totals(store.points, store.keys, measures) if fits(store, measures) else None
    finished, points = len(done), sum(last - first for first, last in map(store.span, done))
    if progress:
        progress(points * store.runs)
    try:
        with closing(blocks):
            for block, sums in blocks:
                finished += 1
                first, last = store.span(block)
                if totals is not None and sums is not None:
                    totals.add(block, (first, last), sums)
                points += last - first
                if progress:
                    progress(points * store.runs)
    except OSError as error:
        said = f"{error.filename or store.folder}: {error.strerror or error}."
        raise ScenarioError(f"{said}\n{_safe(store, finished)}") from None
    except (ScenarioError, MemoryError) as error:
        said = out_of_memory(error) if isinstance(error, MemoryError) else str(error)
        raise ScenarioError(f"{said}\n{_safe(store, finished)}") from None
    return totals


def _safe(store: Store, finished: int) -> str:
    return (
        f"Nothing is lost: {finished} of {store.blocks} parts are in {store.folder}; the same again with `resume` "
        "goes on from there."
    )
