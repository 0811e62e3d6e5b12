"""A comparison in words and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.compare.reactions import REACT, STEADY
from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import amount, counted, difference, points
from simulation.scenario.labels import stance_word
from simulation.scenario.measures import words_of

if TYPE_CHECKING:
    import xarray as xr

MOST_LEFT_OUT = 8
"""Measures that are named one by one where not all have them."""

LEAST = 0.5
"""Stance points below which a difference is left out of tables and pictures of many actors."""


def describe(result: xr.Dataset) -> Finding:
    """What a comparison says, in rows, plain numbers and words."""
    import pandas as pd

    table = rows(result)
    left_out = [line for line in result.attrs["left_out"].split("\n") if line]
    runs, seed = int(result.attrs["runs"]), int(result.attrs["seed"])
    names = [str(name) for name in result.scenario.values]
    both_ways = "backers" in result.dims
    words: list[str | Table] = [
        f"What differs from “{names[0]}”",
        f"{runs:,} runs each, seed {seed}, with common random numbers",
    ]
    words[1:1] = [_most(result, other) for other in names[1:]]
    if both_ways:
        words += [
            f"first with backers that {STEADY} to a turn of the war, then with backers that {REACT}: "
            + str(result.attrs["reactions"]),
            "differences with 95 % intervals; last column: what reactions add to the difference\n",
        ]
    else:
        words.append(
            f"first: {names[0]}; this: the scenario above the table; differences with 95 % intervals, of chances in "
            "percentage points; last column: how much wider they would be without common random numbers\n"
        )
    for other in names[1:]:
        words += _differences(result, names[0], other)
    words += [f"Not compared: {line}" for line in left_out[:MOST_LEFT_OUT]]
    if len(left_out) > MOST_LEFT_OUT:
        words.append(f"… nor {len(left_out) - MOST_LEFT_OUT} more that not all have; the summary names them.")
    summary: dict[str, Any] = {"scenarios": names, "runs": runs, "seed": seed, "left_out": left_out}
    if both_ways:
        summary["reactions"] = str(result.attrs["reactions"])
    return Finding(
        result=result,
        rows=pd.DataFrame(table),
        summary={**summary, "measures": table},
        words=tuple(words),
    )


def _most(result: xr.Dataset, other: str) -> str:
    """How many measures one scenario clearly changes, and which chance it changes most, in a sentence."""
    here = result.sel(other=other)
    here = here.sel(backers=STEADY) if "backers" in here.dims else here
    clear = (here.difference_low > 0) | (here.difference_high < 0)
    said = f"{other}: {int(clear.sum())} of {counted(clear.size, 'measure')} clearly differ"
    chances = here.isel(measure=np.flatnonzero((clear & (here.unit == "chance")).values))
    if not chances.sizes["measure"]:
        return f"{said}, none of them a chance."
    most = chances.isel(measure=int(np.abs(chances.difference.values).argmax()))
    value, low, high = (float(most[key]) for key in ("difference", "difference_low", "difference_high"))
    told = difference(value, low, high, "chance", points("chance"))
    return f"{said}; of the chances most: {words_of(str(most.measure.values), scenario_of(result))}, {told}."


def _differences(result: xr.Dataset, first: str, other: str) -> list[str | Table]:
    """The differences of one scenario as a table; of stances, those that differ by enough to be seen."""
    cells, hidden, scenario, both_ways = [], 0, scenario_of(result), "backers" in result.dims
    for measure in result.measure.values:
        here = result.sel(measure=measure, other=other)
        unit = str(here.unit.values)
        if unit == "stance points" and float(np.abs(here.difference).max()) < LEAST:
            hidden += 1
            continue
        steady = here.sel(backers=STEADY) if both_ways else here
        both = (amount(float(steady.value.sel(scenario=name)), unit) for name in (first, other))
        if both_ways:
            last: tuple[str, ...] = (_apart(here.sel(backers=REACT), "difference", unit), _apart(here, "shift", unit))
        else:
            gain = float(here.gain)
            last = ("" if np.isnan(gain) else f"{gain:.1f} ×",)
        cells.append((words_of(str(measure), scenario), *both, _apart(steady, "difference", unit), *last))
    rest = ("where backers react", "reactions add") if both_ways else ("wider by",)
    table = Table(("measure", "first", "this", "difference", *rest), cells, other)
    some = f"{counted(hidden, stance_word(scenario))} that {'differs' if hidden == 1 else 'differ'}"
    note = f"{some} by less than {LEAST:g} points {'is' if hidden == 1 else 'are'} left out here.\n"
    return [table, note] if hidden else [table]


def _apart(here: xr.Dataset, key: str, unit: str) -> str:
    """A difference with its interval."""
    return difference(float(here[key]), float(here[f"{key}_low"]), float(here[f"{key}_high"]), unit)


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """What a comparison says, a row for every measure and scenario, as plain numbers (None where there is none).

    Where backers react as well, there is a row for either way, and in that with reactions what these add.
    """
    if "backers" not in result.dims:
        return [row for measure in result.measure.values for row in _rows(result.sel(measure=measure))]
    return [
        {**row, **_shift(result.sel(measure=measure), str(way), row["scenario"])}
        for measure in result.measure.values
        for way in result.backers.values
        for row in _rows(result.sel(measure=measure, backers=way), backers=str(way))
    ]


def _rows(here: xr.Dataset, **also: str) -> list[dict[str, Any]]:
    """The rows of one measure."""
    first, table = str(here.scenario.values[0]), []
    for name in map(str, here.scenario.values):
        row: dict[str, Any] = {"measure": str(here.measure.values), "unit": str(here.unit.values), **also}
        row |= {"scenario": name} | {key: plain(here[key].sel(scenario=name)) for key in ("value", "low", "high")}
        keys = ("difference", "difference_low", "difference_high", "unpaired_low", "unpaired_high", "gain")
        row |= {key: None if name == first else plain(here[key].sel(other=name)) for key in keys}
        table.append(row)
    return table


def _shift(here: xr.Dataset, way: str, name: str) -> dict[str, float | None]:
    """What reactions add to the difference of a scenario, on the row that is with them."""
    there = way == REACT and name in here.other.values
    return {key: plain(here[key].sel(other=name)) if there else None for key in ("shift", "shift_low", "shift_high")}
