"""A sweep from its design to its store."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding
from simulation.questions.sweep.block import Job, run_block
from simulation.questions.sweep.describe import describe
from simulation.questions.sweep.design import Design, Values, fit, numeric, plan
from simulation.questions.sweep.store import INSTALL, Store, create
from simulation.questions.sweep.workers import Call, cores, hand_out
from simulation.runs.ensemble import MOST_RUNS, read_runs
from simulation.runs.memory import check_memory
from simulation.scenario.arguments import of_kind, out_of_memory
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import headlines, parse
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml, fingerprint
from simulation.version import VERSION

if TYPE_CHECKING:
    import pandas as pd

ROWS = 4096
"""Runs that a part has at least, unless the sweep has fewer."""

MOST_PARTS = 1000
"""Parts that a sweep has at most; large sweeps have larger parts."""


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
    workers : processes; all cores if left out
    dask : the address of a dask scheduler, or ``local``
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
    here = 1 if dask is not None else workers or cores()
    check_memory(scenario, size * runs, numbers=2 * len(names) + 4, processes=min(here, -(-design.points // size)))
    manifest: dict[str, Any] = {
        "format": 1,
        "title": scenario.heading,
        "scenario_sha256": fingerprint(scenario),
        "seed": seed,
        "runs": runs,
        "points": design.points,
        "points_per_part": size,
        "keys": list(design.columns),
        "design": design.how,
        "design_sha256": design.sha256,
        "measures": names,
        "versions": {
            "ceasefire-simulation": VERSION,
            "numpy": importlib.metadata.version("numpy"),
            "pyarrow": pa.__version__,
        },
        "probe": probe(scenario, names, seed),
        "scenario": as_toml(scenario),
    }
    store = create(Path(folder), manifest, resume=resume, force=force)
    job = Job(manifest["scenario"], tuple(names), runs, seed, tuple(numeric(design, scenario)))
    done = set(store.done())

    def calls() -> Iterator[Call]:
        for block in range(store.blocks):
            if block not in done:
                first, last = store.span(block)
                yield block, (job, first, design.part(first, last))

    count = sum(last - first for first, last in map(store.span, done))
    if progress:
        progress(count * runs)
    finished = len(done)
    try:
        if finished < store.blocks:
            with closing(hand_out(run_block, calls(), workers, dask)) as results:
                for block, content in results:
                    store.write(block, content)
                    finished += 1
                    first, last = store.span(block)
                    count += last - first
                    if progress:
                        progress(count * runs)
    except OSError as error:
        said = f"{error.filename or store.folder}: {error.strerror or error}."
        raise ScenarioError(f"{said}\n{_safe(store, finished)}") from None
    except (ScenarioError, MemoryError) as error:
        said = out_of_memory(error) if isinstance(error, MemoryError) else str(error)
        raise ScenarioError(f"{said}\n{_safe(store, finished)}") from None
    store.tidy()
    return describe(store)


def _safe(store: Store, finished: int) -> str:
    return (
        f"Nothing is lost: {finished} of {store.blocks} parts are in {store.folder}; the same again with `resume` "
        "goes on from there."
    )


def probe(scenario: Scenario, measures: Sequence[str], seed: int) -> str:
    """A fingerprint of what the model makes of the scenario: changes when the program does."""
    found: dict[str, Any] = read_runs(scenario, measures, 16, seed)
    return hashlib.sha256(b"".join(found[name].tobytes() for name in measures)).hexdigest()
