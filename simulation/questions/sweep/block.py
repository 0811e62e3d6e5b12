"""One block of a sweep, from its points to the bytes of its part: what workers do."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array
from simulation.questions.sweep.design import plain
from simulation.questions.sweep.summary import Sums, fits, sums_of
from simulation.runs.ensemble import read_points, read_runs
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_text
from simulation.scenario.measures import parse

if TYPE_CHECKING:
    import pyarrow as pa

    from simulation.questions.sweep.store import Store
    from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Job:
    """What is the same for every block."""

    scenario: str  # the text of the file
    measures: tuple[str, ...]
    runs: int  # a point
    seed: int
    numbers: tuple[str, ...]  # keys that differ from run to run within one call of the model; the others one by one

    def read_scenario(self) -> Scenario:
        """The scenario that is varied; read once in each process."""
        return load_text(self.scenario, "the scenario of the sweep")


def run_block(job: Job, first: int, columns: Mapping[str, NDArray[Any]]) -> bytes:
    """The part of some points in a row, as the bytes of a Parquet file.

    The same points give the same bytes wherever and whenever they are run.
    """
    return _file_of(make_part(job, first, columns))


def make_part(job: Job, first: int, columns: Mapping[str, NDArray[Any]]) -> pa.Table:
    """The part of some points in a row. A point that fails has one row, with neither run nor measures, that says why.

    Parameters
    ----------
    first : the number of the first point
    columns : the design of these points, key to array
    """
    import pyarrow as pa

    found, errors = run_points(job, columns)
    count = len(errors)
    good = np.array([error is None for error in errors])
    repeats = np.where(good, job.runs, 1)
    point = np.repeat(np.arange(first, first + count), repeats)
    runs = np.concatenate([np.arange(job.runs) if fine else [0] for fine in good])
    failed = np.repeat(~good, repeats)
    table: dict[str, pa.Array] = {
        "point": pa.array(point, pa.int32()),
        "run": pa.array(runs, pa.int32(), mask=failed),
    }
    for key, column in columns.items():
        numbers = column.dtype == np.float64
        table[key] = pa.array(np.repeat(column if numbers else [words(value) for value in column], repeats))
    scenario = job.read_scenario()
    for name in job.measures:
        table[name] = _packed(np.concatenate(found[name]), parse(name, scenario).chance)
    why = [None if error is None else error for error in errors]
    table["error"] = pa.array(np.repeat(np.array(why, dtype=object), repeats), pa.string())
    return pa.table(table).replace_schema_metadata({"points": f"{first}-{first + count}"})


def _file_of(part: pa.Table) -> bytes:
    from pyarrow import parquet

    buffer = io.BytesIO()
    parquet.write_table(part, buffer, version="2.6", compression="zstd", compression_level=3, row_group_size=1 << 20)
    return buffer.getvalue()


def write_block(
    store: Store, block: int, job: Job, first: int, columns: Mapping[str, NDArray[Any]]
) -> tuple[int, Sums | None]:
    """Make a block's part and write it into the store; gives back the number of the block, and its sums if they fit."""
    part = make_part(job, first, columns)
    store.write(block, _file_of(part))
    return block, sums_of(part, *store.span(block), store.keys, job.measures) if fits(
        store, len(job.measures)
    ) else None


def _packed(values: Array, chance: bool) -> pa.Array:
    """Chances as whole numbers, others in single precision (seven digits); null where the question does not arise."""
    import pyarrow as pa

    absent = np.isnan(values)
    kind = np.int8 if chance else np.float32
    return pa.array(np.where(absent, 0, values).astype(kind), mask=absent)


def words(value: Any) -> str:
    """A choice as it stands in the store."""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def run_points(job: Job, columns: Mapping[str, NDArray[Any]]) -> tuple[dict[str, list[Array]], list[str | None]]:
    """The measures of each point, (runs,) or (1,) of nan where it fails; and why it fails, or None."""
    count = len(next(iter(columns.values())))
    others = [key for key in columns if key not in job.numbers]
    found: dict[str, list[Array]] = {name: [np.full(1, np.nan)] * count for name in job.measures}
    errors: list[str | None] = [None] * count
    alike: dict[str, list[int]] = {}
    for point in range(count):
        alike.setdefault(str([columns[key][point] for key in others]), []).append(point)
    for points in alike.values():
        for point, (read, error) in zip(points, _run_group(job, columns, others, points), strict=True):
            errors[point] = error
            for name, array in read.items():
                found[name][point] = array
    return found, errors


def _run_group(
    job: Job, columns: Mapping[str, NDArray[Any]], others: Sequence[str], points: Sequence[int]
) -> list[tuple[dict[str, Array], str | None]]:
    """Points that differ in numbers only, in one call; one by one if that fails, to find the one at fault."""
    try:
        scenario = job.read_scenario()
        if others:
            scenario = scenario.replace(plain({key: columns[key][points[0]] for key in others}))
        values = {key: columns[key][points] for key in job.numbers}
        if values:
            read = read_points(scenario, job.measures, values, job.runs, job.seed, workers=1)
        else:
            alone = read_runs(scenario, job.measures, job.runs, job.seed, workers=1)
            read = {name: np.tile(array, (len(points), 1)) for name, array in alone.items()}
    except MemoryError:
        raise
    except Exception as error:  # whatever is wrong with a point, the others go on
        if len(points) > 1:
            return [result for point in points for result in _run_group(job, columns, others, [point])]
        return [({}, str(error) if isinstance(error, ScenarioError) else f"{type(error).__name__}: {error}")]
    return [({name: array[place] for name, array in read.items()}, None) for place in range(len(points))]
