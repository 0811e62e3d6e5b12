"""What a sweep found at each point: the mean of every measure with its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array
from simulation.questions.sweep.store import Store, known_measure
from simulation.runs.provenance import provenance
from simulation.runs.results import wilson
from simulation.runs.results.intervals import FEWEST, Z95
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import parse

if TYPE_CHECKING:
    import pyarrow as pa
    import xarray as xr

MOST_NUMBERS = 5_000_000
"""Points × measures that are put in one dataset; beyond, ask the store by SQL."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What the runs of some points in a row come to."""

    keys: Mapping[str, NDArray[Any]]  # key to (points,)
    errors: Sequence[str]  # of each point, empty where it did not fail
    total: Array  # (points, measures), over the runs in which the question arises
    squares: Array
    bearing: NDArray[np.int64]  # how many those are


def sums_of(part: pa.Table, first: int, last: int, keys: Sequence[str], measures: Sequence[str]) -> Sums:
    """The sums of a part, which holds the points from the first to the one before the last."""
    point = part["point"].to_numpy() - first
    heads = np.searchsorted(point, np.arange(last - first))
    shape = (last - first, len(measures))
    total, squares, bearing = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.int64)
    for place, name in enumerate(measures):
        column = part[name].to_numpy(zero_copy_only=False).astype(float)
        there = ~np.isnan(column)
        known = np.where(there, column, 0.0)
        for into, weights in ((total, known), (squares, known**2), (bearing, there)):
            into[:, place] = np.bincount(point, weights=weights, minlength=last - first)
    errors = [text or "" for text in part["error"].take(heads).to_pylist()]
    return Sums({key: part[key].take(heads).to_numpy() for key in keys}, errors, total, squares, bearing)


class Totals:
    """The sums of all points of a sweep, as far as they are there."""

    def __init__(self, points: int, keys: Sequence[str], measures: int) -> None:
        shape = (points, measures)
        self.blocks: set[int] = set()
        self.total, self.squares, self.bearing = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.int64)
        self.keys: dict[str, Any] = {key: np.full(points, None, dtype=object) for key in keys}
        self.errors = np.full(points, "", dtype=object)

    def add(self, block: int, span: tuple[int, int], sums: Sums) -> None:
        """Put the sums of a block where they belong."""
        here = slice(*span)
        self.blocks.add(block)
        for key, column in sums.keys.items():
            self.keys[key][here] = column
        self.errors[here] = sums.errors
        self.total[here], self.squares[here], self.bearing[here] = sums.total, sums.squares, sums.bearing


def fits(store: Store, measures: int) -> bool:
    """Whether the sums of so many measures are few enough to be kept."""
    return store.points * measures <= MOST_NUMBERS


def summarise(store: Store, measures: Sequence[str] | None = None, totals: Totals | None = None) -> xr.Dataset:
    """The mean of each measure at each point, with its 95 % interval.

    Parameters
    ----------
    totals : of all the sweep's measures, as far as they are known already; the other parts are read

    Returns
    -------
    xarray.Dataset with dimensions point and measure: ``value``, ``low``, ``high`` (Wilson's interval for a chance) and
    ``bearing``, the number of runs in which the question arises; the varied keys and ``error`` are coordinates of
    point. Points that are not there yet, or failed, are nan.

    Raises
    ------
    ScenarioError
        for a measure that the sweep does not have, more numbers than fit in memory, or a part that is spoilt
    """
    import xarray as xr

    scenario = store.scenario
    names = [known_measure(name, store) for name in measures or store.manifest.measures]
    chance = [parse(name, scenario).chance for name in names]
    shape = (store.points, len(names))
    if not fits(store, len(names)):
        raise ScenarioError(f"{store.points:,} points × {len(names)} measures: too many for one table; ask by SQL.")
    totals = totals or Totals(store.points, store.keys, len(names))
    for block in store.sound():
        if block not in totals.blocks:
            part = store.read(block, ["point", *store.keys, *names, "error"])
            totals.add(block, store.span(block), sums_of(part, *store.span(block), store.keys, names))
    found = {name: np.full(shape, np.nan) for name in ("value", "low", "high")}
    for place, is_chance in enumerate(chance):
        sums = (totals.total[:, place], totals.squares[:, place], totals.bearing[:, place].astype(float))
        estimates = (_chances if is_chance else _means)(*sums)
        for name, column in zip(found, estimates, strict=True):
            found[name][:, place] = column
    meaning = {"value": "mean over runs", "low": "lower end of the 95 % interval", "high": "upper end of it"}
    columns = {
        key: ("point", column.astype(float) if all(isinstance(value, float) for value in column) else column)
        for key, column in totals.keys.items()
    }
    return xr.Dataset(
        {
            **{name: (("point", "measure"), found[name], {"long_name": meaning[name]}) for name in found},
            "bearing": (("point", "measure"), totals.bearing, {"long_name": "runs in which the question arises"}),
        },
        coords={
            "point": np.arange(store.points),
            "measure": np.array(names, dtype=object),
            "chance": ("measure", np.array(chance)),
            **columns,
            "error": ("point", totals.errors),
        },
        attrs={
            **provenance(scenario, store.runs, store.manifest.seed, False, tuple(store.keys)),
            "finding": "sweep",
            "points": store.points,
            "failed": int(np.sum(totals.errors != "")),
        },
    )


def _chances(total: Array, _: Array, count: Array) -> Array:
    """Shares and their Wilson intervals, shape (3, points). Points that agree are worked out once."""
    cases, where = np.unique(np.stack([total, count]), axis=1, return_inverse=True)
    made = np.array([wilson(successes, int(runs)) for successes, runs in cases.T])
    return np.asarray(made[where.ravel()].T)


def _means(total: Array, squares: Array, count: Array) -> Array:
    """Means and their intervals, shape (3, points), as ``mean_interval`` has them of one."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = total / count
        error = Z95 * np.sqrt(np.maximum(squares / count - mean**2, 0.0) / (count - 1))
    return np.stack([mean, *(np.where(count < FEWEST, side * np.inf, mean + side * error) for side in (-1, 1))])
