"""Designs and indices of Sobol', Morris and PAWN, by SALib."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.runs.results import FEWEST, Z95
from simulation.scenario.errors import ScenarioError

Method = Literal["sobol", "morris", "pawn"]

POINTS: dict[str, int] = {"sobol": 128, "morris": 40, "pawn": 1024}
"""Base points, trajectories and points that are taken unless told otherwise."""

LUCK = "luck"
"""What chance alone does, as an input: the last column of a design, and a row of the result."""

LEVELS = 4
"""Values that Morris' trajectories give each input."""

SLICES = 10
"""Slices of each input's range that PAWN compares with the whole."""

RESAMPLES = 200
"""Bootstrap samples behind the intervals of Sobol' and PAWN."""

MEANING = {
    "sobol": ("share of variance", "total-order Sobol' index: share of variance it has a part in"),
    "morris": ("change over its range", "Morris' mu*: mean size of the change that it makes"),
    "pawn": ("share", "PAWN: median Kolmogorov-Smirnov distance that knowing it makes"),
}
"""Unit and meaning of each method's index."""


def method_called(name: str) -> Method:
    """The method of that name."""
    for method in get_args(Method):
        if name == method:
            return method  # type: ignore[no-any-return]
    raise ScenarioError(f"`method` {name}: no such method.{nearest(name, [*get_args(Method), 'variance'])}")


def _problem(names: Sequence[str]) -> dict[str, Any]:
    """A fresh problem for SALib, which writes keys into the one it is given."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def cube(method: Method, names: Sequence[str], points: int, seed: int) -> Array:
    """The design: rows of the unit cube, shape (rows, names).

    Sobol' makes points × (names + 2) rows, points being rounded up to a power of two; Morris points × (names + 1);
    PAWN as many as points.
    """
    try:
        from SALib.sample import latin, morris, sobol
    except ImportError:
        raise ScenarioError(
            'sensitivity analysis needs SALib: pip install "ceasefire-simulation[experiments]"'
        ) from None
    problem, number = _problem(names), _number(seed, "sample")
    if method == "sobol":
        return np.asarray(sobol.sample(problem, power_of_two(points), calc_second_order=False, seed=number))
    if method == "morris":
        return np.asarray(morris.sample(problem, points, num_levels=LEVELS, seed=number))
    return np.asarray(latin.sample(problem, points, seed=number))


def power_of_two(points: int) -> int:
    """The least power of two that is not less."""
    return 1 << (points - 1).bit_length()


def luck_of(method: Method, design: Array) -> NDArray[np.intp]:
    """Which rows use common random numbers, shape (rows,): rows of one number do.

    The last column of the design is chance. Rows that differ in other columns only use common random numbers, so that
    what they differ by is the inputs' doing; where the last column differs, so do the random numbers.
    """
    if method != "morris":
        return np.asarray(np.unique(design[:, -1], return_inverse=True)[1].ravel(), dtype=np.intp)
    trajectory = np.arange(len(design)) // (design.shape[1] + 1)
    level = np.rint(design[:, -1] * (LEVELS - 1)).astype(np.intp)
    return np.asarray(np.unique(trajectory * LEVELS + level, return_inverse=True)[1].ravel(), dtype=np.intp)


def analyse(method: Method, names: Sequence[str], design: Array, outcome: Array, seed: int) -> dict[str, Array]:
    """The indices of every column of a design.

    Parameters
    ----------
    design : (rows, names), from ``cube``
    outcome : (rows,)   what came of each row

    Returns
    -------
    arrays of shape (names,): ``index``, ``low`` and ``high``, the index that ranks and its 95 % interval; for Sobol'
    also ``first``, ``first_low`` and ``first_high``, the first order; for Morris ``slope`` and ``sigma``, the mean and
    the standard deviation of the changes. All nan where the outcome does not vary, for Sobol' over the base points, or
    is nan somewhere; the ends of intervals where there are fewer than ``FEWEST`` base points, trajectories or points.
    """
    found = _analysed(method, names, design, outcome, seed)
    block = {"sobol": len(names) + 2, "morris": len(names) + 1}.get(method, 1)
    if len(outcome) < FEWEST * block:
        found |= {name: np.full(len(names), np.nan) for name in found if name.endswith(("low", "high"))}
    return found


def _analysed(method: Method, names: Sequence[str], design: Array, outcome: Array, seed: int) -> dict[str, Array]:
    from SALib.analyze import morris, pawn, sobol

    empty = [
        "index",
        "low",
        "high",
        *{"sobol": ["first", "first_low", "first_high"], "morris": ["slope", "sigma"]}.get(method, []),
    ]
    base = outcome
    if method == "sobol":  # shares are of the variance over the first and the last row of each block
        base = outcome.reshape(-1, len(names) + 2)[:, [0, -1]]
    if not np.isfinite(outcome).all() or np.ptp(base) == 0:
        return {name: np.full(len(names), np.nan) for name in empty}
    problem, number = _problem(names), _number(seed, "resample")
    if method == "sobol":
        found = sobol.analyze(problem, outcome, calc_second_order=False, num_resamples=RESAMPLES, seed=number)
        first, total = (np.asarray(found[name], dtype=float) for name in ("S1", "ST"))
        return {
            **_interval("index", total, np.asarray(found["ST_conf"], dtype=float)),
            **_interval("first", first, np.asarray(found["S1_conf"], dtype=float)),
        }
    if method == "morris":
        found = morris.analyze(problem, design, outcome, num_levels=LEVELS, num_resamples=RESAMPLES, seed=number)
        effect, reach = (np.ma.getdata(found[name]).astype(float) for name in ("mu_star", "mu_star_conf"))
        return {
            **_interval("index", effect, reach),
            "slope": np.ma.getdata(found["mu"]).astype(float),
            "sigma": np.asarray(found["sigma"], dtype=float),
        }

    def median(rows: Any) -> Array:
        # of what SALib works out, the distances alone are used: not the p-value that SciPy may give up on, nor the
        # coefficient of variation of distances that may all be 0
        with warnings.catch_warnings(), np.errstate(invalid="ignore"):
            warnings.filterwarnings("ignore", "ks_2samp: Exact calculation unsuccessful", RuntimeWarning)
            made = pawn.analyze(_problem(names), design[rows], outcome[rows], S=SLICES)
        return np.asarray(made["median"], dtype=float)

    rng = generator(seed, "sensitivity", "bootstrap", 0)
    drawn = [median(rng.integers(len(outcome), size=len(outcome))) for _ in range(RESAMPLES // 4)]
    return _interval("index", median(slice(None)), Z95 * np.std(drawn, axis=0, ddof=1))


def _interval(name: str, value: Array, reach: Array) -> dict[str, Array]:
    low, high = ("low", "high") if name == "index" else (f"{name}_low", f"{name}_high")
    return {name: value, low: value - reach, high: value + reach}


def _number(seed: int, what: str) -> int:
    """A seed for SALib, which takes 0 for none."""
    return 1 + int(generator(seed, "sensitivity", what, 0).integers(2**31 - 2))
