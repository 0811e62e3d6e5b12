"""The frontier of cost against chance around a target, checked with fresh random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from simulation.dynamics.randomness import generator
from simulation.questions.finding import Finding, Table, plain
from simulation.questions.paired import Version, interval, read_versions, reading
from simulation.questions.path.search import (
    NEAR,
    Lever,
    Point,
    Search,
    Trial,
    bounded,
    courses,
    inside,
    named,
    scale_of,
)
from simulation.runs.provenance import provenance
from simulation.runs.results import scenario_of, wilson
from simulation.runs.results.wording import estimate
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import words_of
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FRESH = 4
"""Runs with fresh random numbers for each run that the search is made on."""

POINTS = 5
"""Points of the frontier beside the target."""


@of_kind
def path(
    scenario: Scenario,
    measure: str,
    chance: float,
    levers: Sequence[Lever] | Mapping[str, Sequence[float]],
    runs: int = 512,
    seed: int = 1,
    *,
    points: int = POINTS,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Least-cost change: the cheapest of some numbers that brings a chance to a target, and the frontier around it.

    The cost of a change is  sum_k weight_k |new_k - old_k| / scale_k,  the scale being the number's whole range, or 100
    where that is longer. Each lever is moved in the direction that helps more by itself. The search runs on one set of
    random numbers, on which a chance is read as smoothly as can be (``simulation.questions.paired.reading``). Each
    lever alone and greedy combinations are starts, from which COBYQA (Ragonneau & Zhang 2023) descends under
    logit(chance) >= logit(target). What it finds is read again with fresh random numbers; where that falls short beyond
    doubt, the search aims higher, twice at most. It is a search for a local minimum from several starts: a cheaper
    change may exist.

    Parameters
    ----------
    measure : a chance, such as ``truce.starts.2020-01-31`` or ``answer.berlin.LNA``
    chance : the target, between 0 and 1
    levers : what may be changed: key to its bounds and what a change over its whole scale costs, such as
        ``{"actors.Russia.stance": (50, 90, 1.0)}``; the cost is 1 if left out, the bounds those of the coder
    runs : for each change tried; four times as many with fresh random numbers
    points : of the frontier, spread between the chance as it stands and the best within the bounds
    progress : called with the number of changes tried so far

    Returns
    -------
    a finding, whose dataset is over ``point``, by target, and ``lever``: ``target``, ``cost``, ``chance`` on the random
    numbers of the search, ``fresh`` with ``fresh_low`` and ``fresh_high`` (95 %) with fresh ones, ``reached``;
    ``value`` (point, lever) with ``old``, ``low``, ``high``, ``weight`` and ``scale``. ``asked`` marks the target that
    was asked for; where it lies beyond the bounds, ``reached`` is False there and its values are those of the best
    chance found. The first point is the scenario as it stands.

    Raises
    ------
    ScenarioError
        for a target outside 0 … 1, a measure that is no chance, no levers, unknown keys, or empty bounds
    """
    if not 0 < chance < 1:
        raise ScenarioError(f"chance = {chance:g}: a target between 0 and 1, without the ends, would do.")
    read = reading(measure, scenario)
    if read.measure.unit != "chance":
        raise ScenarioError(f"{measure}: not a chance; an answer or a truce (truce.starts.DATE, …) can be a target.")
    chosen = [bounded(scenario, lever) for lever in named(levers)]
    if not chosen:
        raise ScenarioError("no lever: name what may be changed; 'ceasefire levers' finds out what counts.")
    if len({lever.key for lever in chosen}) < len(chosen):
        raise ScenarioError("a lever is named twice.")
    tried = Trial(scenario, measure, runs, seed, progress)
    search = Search(tried, courses(scenario, chosen, tried))
    fresh_seed = int(generator(seed, "luck", "fresh", 0).integers(2**62))
    found = search.cheapest(chance)
    for _ in range(2):
        sure = _again(scenario, measure, search, [found], runs, fresh_seed)[0]
        if not found.reached or sure[2] >= chance or not chance < (aim := 2 * chance - sure[0]) < search.best:
            break
        found = replace(search.cheapest(aim), target=chance)
    start, end = search.base, max(search.best, search.base)
    inner = expit(np.linspace(logit(inside(start)), logit(inside(end)), points + 2)[1:]) if points else np.array([])
    aims = [min(float(target), end) for target in inner]
    frontier = [search.cheapest(target) for target in aims if target > start and abs(target - chance) > NEAR]
    nothing = Point(start, np.zeros(len(search.courses)), 0.0, start, True)
    ordered = sorted([nothing, found, *frontier], key=lambda point: (point.target, point is not nothing))
    ordered = _no_dearer(ordered)
    again = _again(scenario, measure, search, ordered, runs, fresh_seed)
    asked = [point.target == chance and point is not nothing for point in ordered]
    return describe(_dataset(scenario, measure, chance, chosen, search, ordered, asked, again, runs, seed))


def _no_dearer(points: list[Point]) -> list[Point]:
    """A lower target costs no more than a higher one: what reaches the higher reaches it too."""
    kept = list(points)
    for place in range(len(kept) - 2, -1, -1):
        here, above = kept[place], kept[place + 1]
        if above.reached and above.cost < here.cost:
            kept[place] = replace(above, target=here.target)
    return kept


def _again(
    scenario: Scenario, measure: str, search: Search, points: Sequence[Point], runs: int, seed: int
) -> list[tuple[float, float, float]]:
    """The chance at each point with fresh random numbers, with its 95 % interval."""
    versions = [Version(scenario, search.moves(point.shares)) for point in points]
    values = read_versions(versions, measure, FRESH * runs, seed)
    counted = reading(measure, scenario).counted
    intervals = []
    for row in values:
        arisen = row[~np.isnan(row)]
        intervals.append(wilson(float(arisen.sum()), arisen.size) if counted or not arisen.size else interval(arisen))
    return intervals


def _dataset(
    scenario: Scenario,
    measure: str,
    chance: float,
    levers: Sequence[Lever],
    search: Search,
    points: Sequence[Point],
    asked: Sequence[bool],
    again: Sequence[tuple[float, float, float]],
    runs: int,
    seed: int,
) -> xr.Dataset:
    import xarray as xr

    known = scenario.inputs
    fresh = np.array(again)
    rooms = np.array([course.room for course in search.courses])
    old = np.array([course.old for course in search.courses])
    value = old + np.array([point.shares for point in points]) * rooms
    probability, own = {"units": "probability"}, {"units": "units of the lever"}

    def of_point(field: str, words: str, units: str) -> tuple[str, Any, dict[str, str]]:
        return "point", np.array([getattr(point, field) for point in points]), {"units": units, "long_name": words}

    return xr.Dataset(
        {
            "target": of_point("target", "chance aimed at", "probability"),
            "cost": of_point("cost", "sum of weight |change| / scale", "1"),
            "chance": of_point("chance", "chance reached in the runs of the search", "probability"),
            "fresh": ("point", fresh[:, 0], {**probability, "long_name": "chance reached in fresh runs"}),
            "fresh_low": ("point", fresh[:, 1], {**probability, "long_name": "lower end of its 95 % interval"}),
            "fresh_high": ("point", fresh[:, 2], {**probability, "long_name": "upper end of its 95 % interval"}),
            "reached": ("point", np.array([point.reached for point in points])),
            "asked": ("point", np.array(asked), {"long_name": "whether this is the target that was asked for"}),
            "value": (("point", "lever"), value, {**own, "long_name": "what the number is changed to"}),
            "old": ("lever", old, {**own, "long_name": "what it is"}),
            "low": ("lever", np.array([lever.low for lever in levers], dtype=float), own),
            "high": ("lever", np.array([lever.high for lever in levers], dtype=float), own),
            "weight": ("lever", np.array([lever.weight for lever in levers])),
            "scale": ("lever", np.array([scale_of(known[lever.key].low, known[lever.key].high) for lever in levers])),
        },
        coords={"lever": np.array([lever.key for lever in levers], dtype=object)},
        attrs={
            **provenance(scenario, runs, seed, False, ()),
            "finding": "path",
            "measure": measure,
            "asked_for": chance,
            "tried": len(search.tried.known),
        },
    )


def describe(result: xr.Dataset) -> Finding:
    """What it would take, in rows, plain numbers and words; met where the target was reached."""
    import pandas as pd

    table, measure, chance = rows(result), str(result.attrs["measure"]), float(result.attrs["asked_for"])
    reached = all(row["reached"] for row in table if row["asked"])
    summary = {"scenario": result.attrs["title"], "measure": measure, "chance": chance, "reached": reached}
    summary |= {key: int(result.attrs[key]) for key in ("runs", "seed")}
    summary |= {"levers": list(map(str, result.lever.values)), "frontier": table}
    return Finding(result=result, rows=pd.DataFrame(table), summary=summary, words=_words(result), met=reached)


def _words(result: xr.Dataset) -> tuple[str | Table, ...]:
    """The change for the target, and the frontier."""
    asked = result.isel(point=int(np.flatnonzero(result.asked.values)[0]))
    cost, fresh = float(asked.cost), _fresh(asked)
    if not bool(asked.reached):
        said = f"Not within these bounds. The best found is {fresh} in fresh runs, at a cost of {cost:.3g}:\n"
    elif cost == 0:
        said = f"Nothing: it stands at {fresh} already.\n"
    else:
        said = f"The cheapest change found costs {cost:.3g}, and gives {fresh} in fresh runs:\n"
    changes = []
    for key in result.lever.values:
        here = asked.sel(lever=key)
        old, new, low, high = (float(here[field]) for field in ("old", "value", "low", "high"))
        same = abs(new - old) < 1e-3 * (high - low)
        changes.append((str(key), f"{old:g}", "as it is" if same else f"{new:.3g}", f"{low:g} … {high:g}"))
    inputs = scenario_of(result).inputs
    chosen = [str(key) for key in result.lever.values if inputs[str(key)].selection]
    caution = [f"{key} tells which offers come to be accepted, not what would be if it were moved." for key in chosen]
    points = [result.isel(point=place) for place in range(result.sizes["point"])]
    frontier = [(f"{float(here.cost):.2f}", _fresh(here)) for here in points]
    goal = f"{100 * float(result.attrs['asked_for']):g} %"
    return (
        f"Least-cost change: {words_of(str(result.attrs['measure']), scenario_of(result))} in {goal} of runs",
        said,
        Table(("lever", "from", "to", "bounds"), changes),
        *caution,
        Table(("cost", "chance in fresh runs (95 %)"), frontier, "cost against chance", texts=0),
        f"{int(result.attrs['tried'])} changes were tried. A search from several starts: a cheaper one may exist.",
    )


def _fresh(here: xr.Dataset) -> str:
    return estimate(float(here.fresh), float(here.fresh_low), float(here.fresh_high), "chance")


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """The frontier, a row a point, with every lever's value, as plain numbers."""
    table: list[dict[str, Any]] = []
    for place in range(result.sizes["point"]):
        here = result.isel(point=place)
        row: dict[str, Any] = {"asked": bool(here.asked), "reached": bool(here.reached)}
        row |= {key: plain(here[key]) for key in ("target", "cost", "chance", "fresh", "fresh_low", "fresh_high")}
        table.append(row | {str(key): float(here.value.sel(lever=key)) for key in here.lever.values})
    return table
