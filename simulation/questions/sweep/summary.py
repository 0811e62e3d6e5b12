"""What a sweep found at each point: the mean of every measure with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.sweep.store import Store, known_measure
from simulation.runs.provenance import provenance
from simulation.runs.results import mean_interval, wilson
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import parse

if TYPE_CHECKING:
    import xarray as xr

MOST_NUMBERS = 5_000_000
"""Points × measures that are put in one dataset; beyond, ask the store by SQL."""


def summarise(store: Store, measures: Sequence[str] | None = None) -> xr.Dataset:
    """The mean of each measure at each point, with its 95 % interval.

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
    if shape[0] * shape[1] > MOST_NUMBERS:
        raise ScenarioError(f"{store.points:,} points × {len(names)} measures: too many for one table; ask by SQL.")
    total, squares, bearing = np.zeros(shape), np.zeros(shape), np.zeros(shape, dtype=np.int64)
    keys: dict[str, Any] = {key: np.full(store.points, None, dtype=object) for key in store.keys}
    errors = np.full(store.points, "", dtype=object)
    for block in store.sound():
        first, last = store.span(block)
        part = store.read(block, ["point", *store.keys, *names, "error"])
        point = part["point"].to_numpy() - first
        heads = np.searchsorted(point, np.arange(last - first))
        for key in store.keys:
            keys[key][first:last] = part[key].take(heads).to_numpy()
        errors[first:last] = [text or "" for text in part["error"].take(heads).to_pylist()]
        for place, name in enumerate(names):
            column = part[name].to_numpy(zero_copy_only=False).astype(float)
            there = ~np.isnan(column)
            known = np.where(there, column, 0.0)
            for into, weights in ((total, known), (squares, known**2), (bearing, there)):
                into[first:last, place] = np.bincount(point, weights=weights, minlength=last - first)
    found = {name: np.full(shape, np.nan) for name in ("value", "low", "high")}
    for place, is_chance in enumerate(chance):
        estimates = _intervals(total[:, place], squares[:, place], bearing[:, place].astype(float), is_chance)
        for name, column in zip(found, estimates, strict=True):
            found[name][:, place] = column
    meaning = {"value": "mean over runs", "low": "lower end of the 95 % interval", "high": "upper end of it"}
    columns = {
        key: ("point", column.astype(float) if all(isinstance(value, float) for value in column) else column)
        for key, column in keys.items()
    }
    return xr.Dataset(
        {
            **{name: (("point", "measure"), found[name], {"long_name": meaning[name]}) for name in found},
            "bearing": (("point", "measure"), bearing, {"long_name": "runs in which the question arises"}),
        },
        coords={
            "point": np.arange(store.points),
            "measure": np.array(names, dtype=object),
            "chance": ("measure", np.array(chance)),
            **columns,
            "error": ("point", errors),
        },
        attrs={
            **provenance(scenario, store.runs, store.manifest.seed, False, tuple(store.keys)),
            "finding": "sweep",
            "points": store.points,
            "failed": int(np.sum(errors != "")),
        },
    )


def _intervals(total: Array, squares: Array, count: Array, chance: bool) -> Array:
    """Means and their intervals, shape (3, points). Points that agree are worked out once."""
    cases, where = np.unique(np.stack([total, squares, count]), axis=1, return_inverse=True)
    made = np.array(
        [
            wilson(successes, int(runs)) if chance else mean_interval(successes, square, int(runs))
            for successes, square, runs in cases.T
        ]
    )
    return np.asarray(made[where.ravel()].T)
