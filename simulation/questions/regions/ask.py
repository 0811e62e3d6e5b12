"""Which part of what was swept is of interest, found on some points and judged on the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Flags
from simulation.questions.finding import Finding
from simulation.questions.regions.boxes import Box, columns_of, coverage_and_density, grown, worth
from simulation.questions.regions.describe import describe
from simulation.questions.sweep.store import Store, known_measure, open_store
from simulation.questions.sweep.summary import summarise
from simulation.runs.results import wilson
from simulation.runs.results.wording import number
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import unit_of

if TYPE_CHECKING:
    import xarray as xr

FEWEST = 20
"""Points below which no region is looked for."""

FITTED = 2 / 3
"""Share of the points on which regions are found; the rest are held out, to judge them by."""


@of_kind
def regions(
    store: str | Path | Store,
    measure: str,
    *,
    below: float | None = None,
    above: float | None = None,
    depth: int = 3,
    seed: int = 1,
) -> Finding:
    """Find the region of a sweep in which a measure comes out below or above a value: scenario discovery.

    The cases are the points of the sweep, each with the mean of its runs. A shallow decision tree is grown on two
    thirds of them, weighted by the runs in which the question arises; each of its branches is a box, limits on a few
    inputs. The box is chosen that has the best harmonic mean of coverage (of the cases of interest, the share that lie
    in the box) and density (of the cases in the box, the share that are of interest). Both are then read anew on the
    third of the points that had no part in it.

    Parameters
    ----------
    store : the folder of a sweep
    measure : one that the sweep has kept
    below, above : what is of interest, a mean below the one or above the other; one of them has to be given
    depth : limits in a row, at most; 3 can still be said in a sentence
    seed : keys which points are held out

    Returns
    -------
    a finding, whose dataset has by point ``value``, ``wanted``, ``inside``, ``held_out`` and the inputs; by box, the
    chosen one first and then others with more cases of interest than not, ``coverage`` and ``density`` with
    ``density_low`` and ``density_high`` and so on, 95 % intervals on the points held out (Wilson), ``fitted_coverage``
    and ``fitted_density`` on the others, and ``cases``, held out and inside; ``limit_low`` and ``limit_high`` (box,
    input), infinite where there is none, and ``texts`` (box, input); ``telling`` (input), the share of the tree's work.

    Raises
    ------
    ScenarioError
        for an unknown measure, neither or both of below and above, a sweep that varied nothing, too few points, or
        nothing or everything of interest

    References
    ----------
    Bryant & Lempert (2010), Thinking inside the box, Technological Forecasting and Social Change 77, 34-49.
    """
    opened = store if isinstance(store, Store) else open_store(store)
    known_measure(measure, opened)
    if (below is None) == (above is None):
        raise ScenarioError(f"regions: say which values of {measure} are of interest, `below` one or `above` one.")
    if not 1 <= depth <= 6:
        raise ScenarioError(f"`depth` {depth}: between 1 and 6 would do.")
    points = summarise(opened, [measure])
    value, weight = points["value"].values[:, 0], points["bearing"].values[:, 0].astype(float)
    known = ~np.isnan(value)
    every = _inputs(points, opened.keys, np.flatnonzero(known))
    inputs = {key: values for key, values in every.items() if len(set(values.tolist())) > 1}
    value, weight = value[known], weight[known]
    if not inputs:
        raise ScenarioError(
            f"{opened.folder}: no input differs between the points, so that there is no region to find."
        )
    if len(value) < FEWEST:
        raise ScenarioError(
            f"{opened.folder}: {measure} has a value at {len(value)} points; at least {FEWEST} are needed to find a "
            "region on some and judge it on the others."
        )
    wanted = value < below if below is not None else value > (above or 0.0)
    if wanted.all() or not wanted.any():
        bound = f"below {below:g}" if below is not None else f"above {above:g}"
        raise ScenarioError(
            f"{measure} is {'nowhere' if not wanted.any() else 'everywhere'} {bound}: it goes from "
            f"{number(float(value.min()))} to {number(float(value.max()))} ({unit_of(measure)})."
        )
    held = _held_out(wanted, seed)
    if not (wanted[held].any() and wanted[~held].any() and not wanted[~held].all()):
        few = min(int(wanted.sum()), int((~wanted).sum()))
        raise ScenarioError(
            f"{measure}: {few} of {len(value)} points on one side of the value; too few to find a region on some and "
            "judge it on the others."
        )
    columns = columns_of({key: values[~held] for key, values in inputs.items()})
    boxes, telling = grown(columns, wanted[~held], weight[~held], depth)
    if not boxes:
        raise ScenarioError(f"{measure}: no input tells the points of interest from the others.")
    chosen = _chosen(boxes, {key: values[~held] for key, values in inputs.items()}, wanted[~held])
    return describe(
        _dataset(opened, points, known, inputs, value, wanted, held, chosen, telling, measure, below, above)
    )


def _inputs(points: xr.Dataset, keys: list[str], some: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
    """What was varied, by key: numbers, or texts."""
    found = {}
    for key in keys:
        values = points[key].values[some]
        if values.dtype == object:
            values = np.array([_text(value) for value in values], dtype=object)
        found[key] = values
    return found


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value.tolist() if isinstance(value, np.ndarray) else value, ensure_ascii=False, default=str)


def _held_out(wanted: Flags, seed: int) -> Flags:
    """Which points are held out: a third of those of interest, and of the others, drawn anew for every seed."""
    held = np.zeros(wanted.size, dtype=bool)
    for side, name in ((wanted, "wanted"), (~wanted, "other")):
        places = generator(seed, "held out", name, 0).permutation(np.flatnonzero(side))
        held[places[round(FITTED * places.size) :]] = True
    return held


def _chosen(boxes: list[Box], inputs: dict[str, NDArray[Any]], wanted: Flags) -> list[Box]:
    """The best box, and after it others, apart from it, that hold more cases of interest than not."""
    inside = [box.holds(inputs) for box in boxes]
    order = sorted(range(len(boxes)), key=lambda place: (-worth(inside[place], wanted), len(boxes[place].keys)))
    kept, covered = [order[0]], inside[order[0]].copy()
    for place in order[1:]:
        if coverage_and_density(inside[place], wanted)[1] > 0.5 and not (inside[place] & covered).any():
            kept.append(place)
            covered |= inside[place]
    return [boxes[place] for place in kept]


def _dataset(
    store: Store,
    points: xr.Dataset,
    known: Flags,
    inputs: dict[str, NDArray[Any]],
    value: NDArray[np.float64],
    wanted: Flags,
    held: Flags,
    chosen: list[Box],
    telling: dict[str, float],
    measure: str,
    below: float | None,
    above: float | None,
) -> xr.Dataset:
    import xarray as xr

    names, numbers = list(inputs), []
    for box in chosen:
        inside = box.holds(inputs)
        fitted = coverage_and_density(inside[~held], wanted[~held])
        both = int((inside & wanted & held).sum())
        coverage = wilson(both, int((wanted & held).sum()))
        density = wilson(both, int((inside & held).sum()))
        numbers.append([*coverage, *density, *fitted, int((inside & held).sum())])
    table = np.array(numbers, dtype=float).T
    limit = np.array([[box.limits.get(key, (-np.inf, np.inf)) for key in names] for box in chosen])
    texts = [["\n".join(sorted(box.texts.get(key, ()))) for key in names] for box in chosen]
    shares = ("coverage", "coverage_low", "coverage_high", "density", "density_low", "density_high")
    meanings = {
        "coverage": "share of the cases of interest that lie in the box, on points held out",
        "density": "share of the cases in the box that are of interest, on points held out",
        "fitted_coverage": "the same coverage on the points on which the box was found",
        "fitted_density": "the same density on the points on which the box was found",
    }
    one = {"units": "1"}
    bound = {"below": below} if below is not None else {"above": above}
    return xr.Dataset(
        {
            "value": ("point", value, {"units": unit_of(measure), "long_name": f"mean of {measure} over the runs"}),
            "wanted": ("point", wanted, {"long_name": "whether the case is of interest"}),
            "inside": ("point", chosen[0].holds(inputs), {"long_name": "whether it lies in the chosen box"}),
            "held_out": ("point", held, {"long_name": "whether it had no part in finding the box"}),
            **{
                name: ("box", column, {**one, "long_name": meanings.get(name, f"end of the 95 % interval of {name}")})
                for name, column in zip((*shares, "fitted_coverage", "fitted_density"), table, strict=False)
            },
            "cases": ("box", table[-1].astype(int), {"long_name": "points in the box that were held out"}),
            "limit_low": (("box", "input"), limit[..., 0], {"long_name": "the input is above this"}),
            "limit_high": (("box", "input"), limit[..., 1], {"long_name": "the input is at most this"}),
            "texts": (
                ("box", "input"),
                np.array(texts, dtype=object),
                {"long_name": "the input is one of these, a line each"},
            ),
            "telling": (
                "input",
                np.array([telling[key] for key in names]),
                {**one, "long_name": "share of the tree's work"},
            ),
        },
        coords={
            "point": points["point"].values[known],
            "box": np.arange(len(chosen)),
            "input": np.array(names, dtype=object),
            **{key: ("point", values) for key, values in inputs.items()},
        },
        attrs={**points.attrs, "finding": "regions", "measure": measure, **bound, "store": str(store.folder)},
    )
