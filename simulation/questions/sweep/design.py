"""Which points a sweep visits: a grid, a sample of ranges, or the rows of a file."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Sampling = Literal["grid", "latin", "sobol"]

STEPS = 5
"""Values that a grid takes from a range for which no number is given."""

MOST_POINTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Axis:
    """What one key may be: a range, or some choices."""

    key: str
    low: float = math.nan
    high: float = math.nan
    count: int | None = None  # how many values a grid takes from the range
    choices: tuple[Any, ...] = ()
    grid: tuple[float, ...] = ()  # the values that a grid takes, where they are given

    @property
    def size(self) -> int:
        """How many values a grid takes."""
        return len(self.choices or self.grid) or self.count or STEPS

    def on_grid(self) -> Sequence[Any]:
        """The values that a grid takes."""
        if self.choices or self.grid:
            return self.choices or self.grid
        return [float(value) for value in np.linspace(self.low, self.high, self.count or STEPS)]

    def at(self, share: Array) -> Sequence[Any]:
        """The values at shares 0 … 1 of the range, or of the list of choices."""
        if self.choices:
            places = np.minimum((share * len(self.choices)).astype(int), len(self.choices) - 1)
            return [self.choices[place] for place in places]
        return [float(value) for value in self.low + share * (self.high - self.low)]


@dataclass(frozen=True)
class Design:
    """Points to visit: for each key a column of as many values as there are points.

    A column of numbers is an array of floats; one that holds anything else is an array of objects.
    """

    columns: dict[str, NDArray[Any]]
    how: dict[str, Any]  # where it comes from, in words for the manifest

    @property
    def points(self) -> int:
        """How many points there are."""
        return len(next(iter(self.columns.values())))

    def part(self, first: int, last: int) -> dict[str, NDArray[Any]]:
        """The columns of some points in a row."""
        return {key: column[first:last] for key, column in self.columns.items()}

    @cached_property
    def sha256(self) -> str:
        """A fingerprint of every value of every point."""
        digest = hashlib.sha256()
        for key, column in self.columns.items():
            digest.update(key.encode())
            numbers = column.dtype == np.float64
            digest.update(column.tobytes() if numbers else json.dumps(column.tolist(), default=str).encode())
        return digest.hexdigest()


Values = Mapping[str, Sequence[Any] | NDArray[Any]]
"""Keys to the values they are to have: numbers, or texts such as the names of stance rules."""


def plan(
    vary: Values | Sequence[Axis] | pd.DataFrame,
    sampling: str = "grid",
    points: int | None = None,
    seed: int = 1,
) -> Design:
    """The points to visit.

    Parameters
    ----------
    vary : what each key may be. With ``grid`` every combination of the values is taken; with ``latin`` (a Latin
        hypercube) and ``sobol`` (a scrambled Sobol' sequence, best with a power of two) ``points`` of them, numbers
        from the range between the least and the greatest. A table of points, a key a column, is taken as it is.
    seed : keys the sampling

    Raises
    ------
    ScenarioError
        saying what will not do
    """
    if sampling not in get_args(Sampling):
        raise ScenarioError(f"`sampling` {sampling}: no such sampling.{nearest(sampling, get_args(Sampling))}")
    if not isinstance(vary, Sequence) and not isinstance(vary, Mapping):
        if sampling != "grid" or points is not None:
            raise ScenarioError("`design`: the table has the points already; leave `sampling` and `points` out.")
        return from_table(vary)
    if sampling == "grid" and points is not None:
        raise ScenarioError("`points`: a grid has as many points as its axes make; `sampling` latin or sobol takes it.")
    axes = [axis_of(key, values) for key, values in vary.items()] if isinstance(vary, Mapping) else list(vary)
    keys = [axis.key for axis in axes]
    if not keys:
        raise ScenarioError("`vary`: nothing is varied; name a key and the values it is to have.")
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise ScenarioError(f"`vary` {key}: given twice; write all its values together.")
    if sampling == "grid":
        return grid(axes)
    if points is None:
        raise ScenarioError(f"`sampling` {sampling}: `points` is missing; it says how many points to take.")
    return sample(axes, points, sampling, seed)


def axis_of(key: str, values: Sequence[Any] | NDArray[Any]) -> Axis:
    """The axis of a key that may have these values; numbers are also the ends of a range to sample from."""
    several = [values] if isinstance(values, str | int | float) else list(values)
    choices = tuple(value.item() if isinstance(value, np.generic) else value for value in several)
    if not choices:
        raise ScenarioError(f"`vary` {key}: no values.")
    for place, choice in enumerate(choices):
        if choice in choices[:place]:
            raise ScenarioError(f"`vary` {key}: {choice} is there twice.")
    numbers = [float(choice) for choice in choices if isinstance(choice, int | float) and not isinstance(choice, bool)]
    if len(numbers) < len(choices):
        return Axis(key, choices=choices)
    return Axis(key, min(numbers), max(numbers), grid=tuple(numbers))


def from_table(table: pd.DataFrame) -> Design:
    """The points that are the rows of a table, a key a column."""
    if not len(table) or not len(table.columns):
        raise ScenarioError("`design`: no points: a table of them has a key a column, and a point a row.")
    check_count(len(table))
    columns = {str(key): column_of(table[key].tolist()) for key in table.columns}
    return Design(columns, {"sampling": "table", "points": len(table)})


def grid(axes: Sequence[Axis]) -> Design:
    """Every combination; the last axis runs fastest."""
    check_count(math.prod(axis.size for axis in axes))
    steps = [axis.on_grid() for axis in axes]
    places = np.indices([len(values) for values in steps]).reshape(len(axes), -1)
    return Design(
        {axis.key: column_of(values)[place] for axis, values, place in zip(axes, steps, places, strict=True)},
        {"sampling": "grid", "vary": {axis.key: _words(axis) for axis in axes}},
    )


def sample(axes: Sequence[Axis], points: int, sampling: str, seed: int) -> Design:
    """So many points, spread evenly over the ranges and choices."""
    check_count(points)
    shares = unit_cube(len(axes), points, sampling, seed)
    return Design(
        {axis.key: column_of(axis.at(shares[:, place])) for place, axis in enumerate(axes)},
        {"sampling": sampling, "points": points, "seed": seed, "vary": {axis.key: _words(axis) for axis in axes}},
    )


def unit_cube(axes: int, points: int, sampling: str, seed: int) -> Array:
    """So many points of the unit cube, shape (points, axes)."""
    import warnings

    from scipy.stats import qmc

    rng = generator(seed, "design", sampling, 0)
    if sampling == "latin":
        return np.asarray(qmc.LatinHypercube(axes, rng=rng).random(points))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The balance properties of Sobol' points", UserWarning)  # said in the help
        return np.asarray(qmc.Sobol(axes, rng=rng).random(points))


def column_of(values: Sequence[Any]) -> NDArray[Any]:
    """A column of a design: floats where all are numbers, else objects."""
    if all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return np.array(values, dtype=float)
    column = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        column[place] = tuple(value) if isinstance(value, list) else value
    return column


def _words(axis: Axis) -> Any:
    if axis.choices:
        return [str(choice) if not isinstance(choice, int | float | list) else choice for choice in axis.choices]
    if axis.grid:
        return list(axis.grid)
    return {"low": axis.low, "high": axis.high} | ({"count": axis.count} if axis.count else {})


def check_count(points: int) -> None:
    """Refuse a design of no points, or of more than can be run."""
    if not 1 <= points <= MOST_POINTS:
        raise ScenarioError(f"{points:,} points: between 1 and {MOST_POINTS:,} would do.")


def numeric(design: Design, scenario: Scenario) -> list[str]:
    """The keys that are numbers of the scenario, and so can differ from run to run within one call of the model."""
    known = scenario.inputs
    return [key for key, column in design.columns.items() if column.dtype == np.float64 and key in known]


def fit(design: Design, scenario: Scenario) -> None:
    """Refuse a design that leaves the bounds of a number, or of which no point can be run because of its other keys.

    Raises
    ------
    ScenarioError
        naming the key, and what would do
    """
    known, numbers = scenario.inputs, numeric(design, scenario)
    for key in numbers:
        item, column = known[key], design.columns[key]
        for value in (float(np.min(column)), float(np.max(column))):
            if not item.low <= value <= item.high:
                raise ScenarioError(f"{key}: {value:g} is outside {item.low:g} … {item.high:g}.")
    others = [key for key in design.columns if key not in numbers]
    if not others:
        return
    first: ScenarioError | None = None
    tried = set()
    for point in range(design.points):
        changes = {key: design.columns[key][point] for key in others}
        if (mark := str(changes)) in tried:
            continue
        tried.add(mark)
        try:
            scenario.replace(plain(changes))
        except ScenarioError as error:
            first = first or error
        else:
            return
        if len(tried) == 100:
            break
    if first is not None:
        raise ScenarioError(f"no point of the design can be run. {first}")


def plain(changes: dict[str, Any]) -> dict[str, Any]:
    """Changes as ``Scenario.replace`` takes them."""
    return {key: list(value) if isinstance(value, tuple) else value for key, value in changes.items()}
