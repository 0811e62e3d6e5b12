"""How far numbers and what-ifs hang on structure and coding: ranges, with the interval of chance alone beside them."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.dynamics.state import Array
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import scale
from simulation.show.plots.compare import AXIS as DIFFERENCES
from simulation.show.plots.compare import strongest
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import folded, width
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, ink
from simulation.show.plots.words import measure_words

WIDTH, LEFT, RIGHT = 9.0, 2.95, 0.75
TITLE, FOOT, BETWEEN, ROW = 0.66, 0.62, 0.72, 0.42
"""Inches: the page, its margins, and the height of a measure."""

MOST = 24
"""Measures of one unit that are drawn at most."""

STRUCTURES, CODINGS, BOTH, LUCK = "#4A3B7C", "#44AA99", "#BBBBBB", "#D55E00"
INNER = (0.05, 0.95)

VALUES = {"chance": "chance (%)", "share": "share (%)", "stance points": "stance (points)"}
"""What the axis says of units that are not shown as they are called."""


def plot_robust(result: xr.Dataset, ax: Axes, unit: str = "chance", other: str | None = None) -> Axes:
    """Draw the ranges of the measures of one unit, or of their differences to the first scenario.

    Thick bars hold nine tenths of the structures or codings, thin lines all of them, small dots are structures. The
    large dot with the short bar is the scenario as it is, with the 95 % interval of chance alone. Beside a difference
    stands the share of structures in which it keeps its sign.

    Parameters
    ----------
    result : of ``simulation.robust``
    unit : such as ``chance`` or ``days``; one of ``result.unit``
    other : a what-if, whose differences are drawn; the values of the first scenario if left out
    """
    some = result.sel(measure=shown(result, unit, other))
    times = scale(unit)
    if other is None:
        here = some.isel(scenario=0)
        tables, low, high = (here.value, here.value_coding, here.value_both), here.low.values, here.high.values
    else:
        here = some.sel(other=other)
        tables = (here.difference, here.difference_coding, here.difference_both)
        low, high = here.difference_low.values[0], here.difference_high.values[0]
        ax.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    for place in range(some.sizes["measure"]):
        structures, codings, both = (times * table.values[:, place] for table in tables)
        _range(ax, place - 0.24, structures, STRUCTURES)
        _dots(ax, place - 0.24, structures)
        _range(ax, place + 0.02, codings, CODINGS)
        _range(ax, place + 0.2, both, BOTH)
        y = place - 0.24
        ax.hlines(y, times * low[place], times * high[place], color=LUCK, linewidth=2.2, zorder=5)
        ax.plot(structures[:1], [y], "o", color=LUCK, markersize=5, markeredgecolor="white", zorder=6)
        if other is not None:
            _sign(ax, y, structures)
        if place:
            ax.axhline(place - 0.5, color="#EEEEEE", linewidth=0.6, zorder=0)
    scenario = scenario_of(result)
    words = [measure_words(scenario, str(name)) for name in some.measure.values]
    names = [folded(text, (LEFT - 0.3) * 72, 3, 8) for text in words]
    ax.set_yticks(range(len(names)), names)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_xlabel(
        VALUES.get(unit, unit) if other is None else DIFFERENCES.get(unit, f"difference in {unit}"), fontsize=8
    )
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def shown(result: xr.Dataset, unit: str, other: str | None) -> list[str]:
    """The measures of a unit that are drawn: where there are many, the ``MOST`` that hang most on the structure."""
    some = result.measure.values[result.unit.values == unit]
    table = result.value_both.isel(scenario=0) if other is None else result.difference_both.sel(other=other)
    values = table.sel(measure=some).transpose("measure", ...).values.reshape(len(some), -1)
    known = [row[~np.isnan(row)] for row in values]
    wide = np.array([np.ptp(np.quantile(row, INNER)) if row.size else 0.0 for row in known])
    return [str(name) for name in strongest(some, wide, MOST)]


def _range(ax: Axes, y: float, values: Array, colour: str) -> None:
    """All of them as a line, nine tenths as a bar."""
    known = values[~np.isnan(values)]
    if known.size:
        ax.hlines(y, known.min(), known.max(), color=colour, linewidth=0.8, zorder=2)
        ax.hlines(y, *np.quantile(known, INNER), color=colour, linewidth=4.5, alpha=0.55, zorder=3)


def _dots(ax: Axes, y: float, values: Array) -> None:
    ax.plot(
        values, np.full(values.size, y), "|", color=STRUCTURES, markersize=4.5, markeredgewidth=0.5, alpha=0.6, zorder=4
    )


def _sign(ax: Axes, y: float, values: Array) -> None:
    """Beside the axis, in how many structures the sign of the difference as it is holds."""
    known = values[~np.isnan(values)]
    if known.size and np.sign(values[0]):
        held = np.mean(np.sign(known) == np.sign(values[0]))
        ax.annotate(
            f"{100 * held:.0f} %",
            (1.0, y),
            xycoords=("axes fraction", "data"),
            xytext=(6, 0),
            textcoords="offset points",
            fontsize=8,
            color=STRUCTURES,
            verticalalignment="center",
            annotation_clip=False,
        )


def figure_robust(result: xr.Dataset, other: str | None = None) -> Figure:
    """The ranges of all measures, or of what a what-if changes in them, a panel for each unit."""
    units = list(dict.fromkeys(map(str, result.unit.values)))
    heights = [ROW * len(shown(result, unit, other)) for unit in units]
    above = TITLE + 0.24
    high = above + sum(heights) + BETWEEN * (len(units) - 1) + FOOT + 0.5
    figure = Figure(figsize=(WIDTH, high))
    what = "the numbers as they are" if other is None else f"what changes with {other}"
    head(figure, scenario_of(result), f"How far to trust: {what}")
    _key(figure, result)
    top = high - above
    for unit, height in zip(units, heights, strict=True):
        ax = figure.add_axes((LEFT / WIDTH, (top - height) / high, (WIDTH - LEFT - RIGHT) / WIDTH, height / high))
        plot_robust(result, ax, unit, other)
        top -= height + BETWEEN
    tried = f"{result.sizes['structure']} structures and {result.sizes['coding']} codings"
    note = f"of each of {tried}; bars hold nine tenths, lines all"
    if other is not None:
        note += "; at the right, the share of structures in which the sign holds"
    for unit in units:
        drawn, there = len(shown(result, unit, other)), int((result.unit.values == unit).sum())
        note += f"; of {there} measures in {unit} the {drawn} with the widest range" if drawn < there else ""
    small_print(figure, result, note)
    return figure


def _key(figure: Figure, result: xr.Dataset) -> None:
    """Say under the title which mark is what."""
    wide, high = figure.get_size_inches()
    parts = [("as it is, with 95 % interval of chance alone", LUCK), ("structures", STRUCTURES)]
    parts += [("codings", CODINGS), ("both", BOTH)] if result.sizes["coding"] else []
    x = 0.15
    for words, colour in parts:
        text = f"■ {words}"
        figure.text(
            x / wide, 1 - (TITLE + 0.06) / high, text, fontsize=8.5, color=ink(colour), verticalalignment="baseline"
        )
        x += width(text, 8.5) / 72 + 0.2


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name: the values, and one for every what-if."""
    drawn = {"robust": figure_robust(result)}
    for number, other in enumerate(map(str, result.other.values), 1):
        drawn[f"robust-{number}" if result.sizes["other"] > 1 else "robust-what-if"] = figure_robust(result, other)
    return drawn
