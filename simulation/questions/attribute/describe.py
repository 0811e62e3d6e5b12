"""To what an outcome is owed, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import amount, clearly, difference, points
from simulation.scenario.measures import unit_of, words_of

if TYPE_CHECKING:
    import xarray as xr


def describe(result: xr.Dataset) -> Finding:
    """To what it is owed, in rows, plain numbers and words."""
    import pandas as pd

    table, measure = rows(result), str(result.attrs["measure"])
    kind, scenario = unit_of(measure), scenario_of(result)
    start, end = (amount(float(result[key]), kind) for key in ("without", "full"))
    value, low, high = (float(result[key]) for key in ("difference", "difference_low", "difference_high"))
    change = difference(value, low, high, kind)
    cells = []
    for row in table:
        share = difference(row["share"], row["low"], row["high"], kind)
        alone, last = (amount(row[key], kind, signed=True) for key in ("alone", "last"))
        cells.append((scenario.labels.get(row["group"], row["group"]), share, alone, last))
    words: list[str | Table] = [
        f"Shapley decomposition: {words_of(measure, scenario)}",
        f"without any of these {start}, with all {end}; difference: {change}\n",
        Table(("group", "share (95 %)", "alone", "last"), cells),
        "alone: what it adds without any of the others; last: what it adds to all of them",
    ]
    if table and clearly(table[0]["low"], table[0]["high"]):
        told = difference(table[0]["share"], table[0]["low"], table[0]["high"], kind, points(kind))
        words.insert(1, f"The largest share is that of {cells[0][0]}: {told}.")
    if not result.attrs["exact"]:
        words.append(
            f"{int(result.attrs['permutations'])} orders were followed; the shares sum to the difference, and the "
            "intervals allow for both."
        )
    summary = {"scenario": result.attrs["title"], "measure": measure}
    summary |= {key: int(result.attrs[key]) for key in ("runs", "seed")}
    summary |= {key: float(result[key]) for key in ("without", "full", "difference")}
    summary |= {"exact": bool(result.attrs["exact"]), "groups": table}
    return Finding(result=result, rows=pd.DataFrame(table), summary=summary, words=tuple(words))


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """The shares, the largest first, as plain numbers."""
    order = np.argsort(-np.abs(result.share.values), kind="stable")
    table: list[dict[str, Any]] = []
    for place in order:
        here = result.isel(group=int(place))
        row: dict[str, Any] = {"group": str(here.group.values), "elements": str(here.elements.values)}
        table.append(row | {key: plain(here[key]) for key in ("share", "low", "high", "alone", "last")})
    return table
