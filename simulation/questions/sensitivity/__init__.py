"""What drives an outcome: Sobol' indices, Morris' effects or PAWN's distances, with chance as a row of its own.

>>> from simulation import load_scenario
>>> from simulation.questions.sensitivity import sensitivity
>>> finding = sensitivity(load_scenario("libya-2020-01"), ["stance.LNA"], inputs=["actors.LNA.*"], points=4, runs=4)
>>> finding.result["index"].dims
('measure', 'input')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.sensitivity.describe import describe
from simulation.questions.sensitivity.methods import (
    LUCK,
    MEANING,
    POINTS,
    Method,
    analyse,
    cube,
    luck_of,
    method_called,
    power_of_two,
)
from simulation.questions.sensitivity.ranges import Range, Share, ranges
from simulation.questions.variance import split_variance
from simulation.runs.ensemble import MOST_RUNS, read_points
from simulation.runs.provenance import provenance
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import headlines, parse
from simulation.scenario.schema import Scenario

MOVED, RUNS = 0.25, 16
"""How far coefficients are moved, and how many runs there are at each row, where nothing is said."""

CHUNK = 65_536
"""Runs that are held in memory at a time."""


@of_kind
def sensitivity(
    scenario: Scenario,
    measures: Sequence[str] | None = None,
    *,
    method: Method | Literal["variance"] = "sobol",
    inputs: Sequence[str] = (),
    coefficients: Share = MOVED,
    points: int | None = None,
    runs: int = RUNS,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Rank the numbers of a scenario by what they do to its measures.

    Each row of the design is run a few times and the mean taken. Chance is an input like any other: rows that the
    method compares for another input's sake use common random numbers, and the row ``luck`` of the result is what
    exchanging the random numbers alone does. It is the noise floor: an index whose interval lies above it is not
    chance. More runs a point lower it.

    Parameters
    ----------
    measures : names as in ``simulation.scenario.measures``; that a truce starts, and holds to the end, if left out
    method : ``sobol`` (shares of variance, first order and total), ``morris`` (mean size of effects, for many inputs)
        or ``pawn`` (distance between distributions); ``variance`` ranks nothing, but tells the share of chance in the
        spread of each measure from that of input uncertainty, by ``points`` pairs of runs (1000)
    inputs, coefficients : which numbers are moved and how far, as in ``ranges``
    points : base points (``sobol``, rounded up to a power of two), trajectories (``morris``) or points (``pawn``)
    runs : how many at each row
    progress : called with the number of runs done so far

    Returns
    -------
    a finding, whose dataset has dimensions measure and input: ``index``, ``low``, ``high``, for Sobol' also ``first``,
    ``first_low``, ``first_high``, for Morris ``slope`` and ``sigma``; by measure the ``mean`` and the ``variance`` over
    rows, and ``luck_share``, the share of that variance that replications say is chance; by input where it was moved.
    Indices are nan where the measure does not vary, for Sobol' over the base points, or does not arise in some row.

    Raises
    ------
    ScenarioError
        for unknown names, or more runs than can be done
    """
    import xarray as xr

    if method == "variance":
        if inputs or coefficients != MOVED:
            name = "inputs" if inputs else "coefficients"
            raise ScenarioError(f"`{name}`: the method variance moves all numbers that have a low and a high at once.")
        if runs != RUNS:
            raise ScenarioError("`runs`: the method variance runs each of its `points` twice; say how many of those.")
        return split_variance(scenario, measures, 1000 if points is None else points, seed, progress=progress)
    method = method_called(method)
    moved = ranges(scenario, inputs, coefficients)
    names = list(dict.fromkeys(measures or _usual(scenario)))
    for name in names:
        parse(name, scenario)
    asked = POINTS[method] if points is None else points
    if asked < 2 or runs < 1:
        raise ScenarioError("`points` has to be at least 2, and `runs` at least 1.")
    keys = [item.key for item in moved]
    if (total := rows_of(scenario, method, inputs, coefficients, points) * runs) > MOST_RUNS:
        raise ScenarioError(f"{total:,} runs are more than the {MOST_RUNS:,} that would do; lower `points` or `runs`.")
    design = cube(method, [*keys, LUCK], asked, seed)
    mean, spread = _means(scenario, moved, names, design, luck_of(method, design), runs, seed, progress)
    found = [analyse(method, [*keys, LUCK], design, mean[name], seed) for name in names]
    variance = np.array([np.var(mean[name]) for name in names])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.array([np.mean(spread[name]) for name in names]) / variance
    unit, meaning = MEANING[method]
    about = {"index": meaning, "first": "first-order Sobol' index: share of variance it explains by itself"}
    data = {
        part: (
            ("measure", "input"),
            np.stack([one[part] for one in found]),
            {"units": unit, "long_name": about.get(part, part)},
        )
        for part in found[0]
    }
    result = xr.Dataset(
        {
            **data,
            "mean": ("measure", np.array([np.mean(mean[name]) for name in names])),
            "variance": ("measure", variance),
            "luck_share": ("measure", share, {"long_name": "share of the variance that replications say is chance"}),
        },
        coords={
            "measure": np.array(names, dtype=object),
            "input": np.array([*keys, LUCK], dtype=object),
            "range_low": ("input", np.array([*(item.low for item in moved), np.nan])),
            "range_high": ("input", np.array([*(item.high for item in moved), np.nan])),
            "source": ("input", np.array([*(item.source for item in moved), f"{runs} runs a point"], dtype=object)),
        },
        attrs={
            **provenance(scenario, len(design) * runs, seed, False, tuple(keys)),
            "method": method,
            "points": len(design),
            "runs_a_point": runs,
            "finding": "sensitivity",
        },
    )
    return describe(result)


def rows_of(scenario: Scenario, method: Method, inputs: Sequence[str], coefficients: Share, points: int | None) -> int:
    """How many rows a design has, without making it."""
    asked, moved = POINTS[method] if points is None else points, len(ranges(scenario, inputs, coefficients)) + 1
    return {"sobol": power_of_two(asked) * (moved + 2), "morris": asked * (moved + 1), "pawn": asked}[method]


def _usual(scenario: Scenario) -> list[str]:
    """The chances among the headlines that are not of a single answer; of a negotiation its first headline."""
    named = headlines(scenario)
    chances = [name for name in named if (measure := parse(name, scenario)).chance and not measure.untossed]
    return chances or named[:1]


def _means(
    scenario: Scenario,
    moved: Sequence[Range],
    names: Sequence[str],
    design: Array,
    luck: NDArray[np.intp],
    runs: int,
    seed: int,
    progress: Callable[[int], None] | None,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """The mean of each measure in every row of the design, and the variance of that mean by chance; both (rows,).

    A mean is over the runs in which the question arises; nan where it arises in none.
    """
    import warnings

    values = {item.key: item.at(design[:, place]) for place, item in enumerate(moved)}
    mean = {name: np.empty(len(design)) for name in names}
    spread = {name: np.empty(len(design)) for name in names}
    order = np.argsort(luck, kind="stable")  # rows with common random numbers go together
    done, width = 0, max(1, CHUNK // runs)
    for rows in np.split(order, range(width, len(order), width)):
        here = {key: array[rows] for key, array in values.items()}
        read = read_points(scenario, names, here, runs, seed, first=luck[rows] * runs)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
            warnings.filterwarnings("ignore", "Degrees of freedom", RuntimeWarning)
            for name, array in read.items():
                mean[name][rows] = np.nanmean(array, axis=1)
                bearing = np.sum(~np.isnan(array), axis=1)
                spread[name][rows] = np.nanvar(array, axis=1, ddof=1) / np.maximum(bearing, 1)
        done += len(rows) * runs
        if progress:
            progress(done)
    return mean, spread
