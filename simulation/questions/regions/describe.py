"""Under which inputs a measure comes out so, in a sentence, rows and plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results.wording import number, percent
from simulation.scenario.measures import unit_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr


FEW = 5
"""Points held out, in a region, below which they hardly judge it."""


def describe(result: xr.Dataset) -> Finding:
    """The chosen box, and others beside it, in rows, plain numbers and words."""
    import pandas as pd

    boxes = [_box(result, place) for place in range(result.sizes["box"])]
    interest, everywhere = of_interest(result), float(result.wanted.mean())
    first = boxes[0]
    said = "of the points there" if first["cases"] else "of the points there, none of which was held out"
    words: list[str | Table] = [
        f"{words_of(str(result.attrs['measure']))}: {interest} mostly where {in_words(result, 0)}.",
        f"It is so at {_percent(first, 'density')} {said}, and at {100 * everywhere:.0f} % of all; "
        f"the region holds {_percent(first, 'coverage')} of all such points.",
        f"{result.sizes['point']:,} points of {int(result.attrs['runs']):,} runs; found on "
        f"{int((~result.held_out).sum()):,}, judged on the {int(result.held_out.sum()):,} held out (95 % intervals).\n",
    ]
    cells = [
        [in_words(result, place), *(_percent(box, key) for key in ("coverage", "density")), str(box["cases"])]
        for place, box in enumerate(boxes)
    ]
    words.append(Table(("region", "coverage", "density", "points in it, held out"), cells))
    if len(boxes) > 1:
        words.append("Below the first: regions apart from it in which more points are of interest than not.")
    order = np.argsort(-result.telling.values, kind="stable")
    used = [place for place in order[:5] if result.telling.values[place] >= 0.005]
    telling = [f"{result.input.values[place]} {100 * float(result.telling[place]):.0f} %" for place in used]
    words.append(f"Most telling inputs, by their share of the tree's work: {', '.join(telling)}.")
    if (silent := _unsure(first)) is not None:
        words.append(silent)
    summary = {
        "scenario": str(result.attrs["title"]),
        "measure": str(result.attrs["measure"]),
        "of_interest": interest,
        "points": int(result.sizes["point"]),
        "points_of_interest": int(result.wanted.sum()),
        "points_held_out": int(result.held_out.sum()),
        "runs_a_point": int(result.attrs["runs"]),
        "regions": boxes,
        "telling": {str(key): plain(result.telling[place], 4) for place, key in enumerate(result.input.values)},
    }
    return Finding(result=result, rows=pd.DataFrame(_rows(result, boxes)), summary=summary, words=tuple(words))


def of_interest(result: xr.Dataset) -> str:
    """What is of interest, such as ``below 30 %``."""
    side = "below" if "below" in result.attrs else "above"
    bound, unit = float(result.attrs[side]), unit_of(str(result.attrs["measure"]))
    text = f"{100 * bound:g} %" if unit in ("chance", "share") else f"{bound:g} {unit}"
    return f"{side} {text}"


def in_words(result: xr.Dataset, box: int, called: Callable[[str], str] = str) -> str:
    """The limits of a box in words, such as ``ties.UAE.LNA.support is above 0.4 and rule is degroot``.

    Parameters
    ----------
    called : what to call an input, by key
    """
    here, parts = result.isel(box=box), []
    for place, key in enumerate(called(str(key)) for key in result.input.values):
        low, high = float(here.limit_low[place]), float(here.limit_high[place])
        if texts := str(here.texts[place].item()):
            parts.append(f"{key} is {' or '.join(texts.splitlines())}")
        elif np.isfinite(low) and np.isfinite(high):
            parts.append(f"{key} is between {number(low)} and {number(high)}")
        elif np.isfinite(low):
            parts.append(f"{key} is above {number(low)}")
        elif np.isfinite(high):
            parts.append(f"{key} is at most {number(high)}")
    return " and ".join(parts)


def _box(result: xr.Dataset, place: int) -> dict[str, Any]:
    """A box as plain numbers."""
    here = result.isel(box=place)
    limits: dict[str, Any] = {}
    for where, key in enumerate(map(str, result.input.values)):
        ends = {"above": plain(here.limit_low[where]), "at_most": plain(here.limit_high[where])}
        texts = str(here.texts[where].item())
        found = (
            {"one_of": texts.splitlines()}
            if texts
            else {end: value for end, value in ends.items() if value is not None}
        )
        if found:
            limits[key] = found
    keys = ("coverage", "coverage_low", "coverage_high", "density", "density_low", "density_high")
    box = {"limits": limits, **{key: plain(here[key]) for key in (*keys, "fitted_coverage", "fitted_density")}}
    return box | {"cases": int(here.cases)}


def _percent(box: dict[str, Any], key: str) -> str:
    return percent({"chance": box[key], "low": box[f"{key}_low"], "high": box[f"{key}_high"]})


def _unsure(box: dict[str, Any]) -> str | None:
    """A warning where too few points were held out to tell, or these say less than those on which the box was found."""
    if box["cases"] < FEW:
        points = "1 point" if box["cases"] == 1 else f"{box['cases']} points"
        return f"Of those held out {points} lie in it: too few to judge it by. A sweep of more points would tell."
    if box["density_high"] is not None and box["fitted_density"] > box["density_high"]:
        return (
            f"On the points on which it was found the density is {100 * box['fitted_density']:.0f} %: the region fits "
            "these better than it fits new ones. A sweep of more points would tell."
        )
    return None


def _rows(result: xr.Dataset, boxes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A row for every limit of every box."""
    keys = ("coverage", "coverage_low", "coverage_high", "density", "density_low", "density_high", "cases")
    return [
        {
            "region": place + 1,
            "input": key,
            "above": limit.get("above"),
            "at_most": limit.get("at_most"),
            "one_of": "; ".join(limit.get("one_of", ())),
            **{name: box[name] for name in keys},
        }
        for place, box in enumerate(boxes)
        for key, limit in box["limits"].items()
    ]
