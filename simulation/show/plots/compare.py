"""How far scenarios lie apart: differences to the first, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simulation.dynamics.state import Array
from simulation.questions.compare.reactions import REACT
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import scale
from simulation.scenario.labels import stance_word
from simulation.scenario.schema import Scenario
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.fonts import legible
from simulation.show.plots.labels import shortened, width
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, MARKERS, OTHERS, ink
from simulation.show.plots.whiskers import whisker
from simulation.show.plots.words import measure_words

WIDTH, LEFT, RIGHT = 8.8, 3.15, 0.25
TITLE, FOOT, BETWEEN = 0.62, 0.62, 0.62
"""Inches: the page and its margins."""

LEAST = 0.5
"""Stance points below which an actor is not drawn where there are many."""

AXIS: dict[str, str] = {
    "chance": "difference in chance (percentage points)",
    "share": "difference in share (percentage points)",
    "stance points": "difference in stance (points)",
}
"""What the axis says of units that are not shown as they are called."""


MOST = 30
"""Measures of one unit that are drawn at most: those that differ most, in their order."""


def plot_compare(result: xr.Dataset, ax: Axes, unit: str = "chance") -> Axes:
    """Draw the differences to the first scenario in the measures of one unit.

    Dots with a thick bar: difference and its 95 % interval on common random numbers. The thin bar behind it is what the
    interval would be had each scenario random numbers of its own. Where backers react as well, that is a hollow mark
    below the filled one, and there are no thin bars.

    Parameters
    ----------
    result : of ``simulation.questions.compare.compare``
    unit : such as ``chance``, ``days``, ``stance points``; one of ``result.unit``
    """
    times, words = scale(unit), AXIS.get(unit, f"difference in {unit}")
    words = words.replace("stance", stance_word(scenario_of(result)))
    some = result.sel(measure=shown(result, unit))
    others, scenario = [str(name) for name in some.other.values], scenario_of(result)
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    ways = _ways(result)
    bars = (("unpaired", 0.8, 0.55), ("difference", 2.6, 1.0)) if len(ways) == 1 else (("difference", 1.6, 1.0),)
    marks = [(place, way) for place in range(len(others)) for way in range(len(ways))]
    for row, (place, way) in enumerate(marks):
        name, colour = others[place], OTHERS[place % len(OTHERS)]
        y = np.arange(some.sizes["measure"]) + (row - (len(marks) - 1) / 2) * 0.8 / len(marks)
        here = some.sel({"other": name, **ways[way]})
        for kind, thick, alpha in bars:
            low, high = whisker(here.difference, here[f"{kind}_low"], here[f"{kind}_high"])
            ax.hlines(y, times * low, times * high, color=colour, linewidth=thick, alpha=alpha)
        ax.plot(
            times * here.difference,
            y,
            linestyle="none",
            marker=MARKERS[place % len(MARKERS)],
            markersize=4.5,
            zorder=4,
            label=", ".join([name, *(f"backers {each}" for each in ways[way].values())]),
            **_face(colour, hollow=way > 0),
        )
    for place in range(1, some.sizes["measure"]):
        ax.axhline(place - 0.5, color="#EEEEEE", linewidth=0.6, zorder=0)
    ax.set_yticks(range(some.sizes["measure"]), [label(str(name), scenario) for name in some.measure.values])
    ax.set_ylim(some.sizes["measure"] - 0.5, -0.5)
    ax.set_xlabel(words, fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def _ways(result: xr.Dataset) -> list[dict[str, str]]:
    """What is drawn of each scenario: its one difference, or that for each thing that backers may do."""
    return [{"backers": str(way)} for way in result.backers.values] if "backers" in result.dims else [{}]


def _face(colour: str, hollow: bool) -> dict[str, Any]:
    """How a mark is filled."""
    if hollow:
        return {"markerfacecolor": "white", "markeredgecolor": colour, "markeredgewidth": 1.1}
    return {"markerfacecolor": colour, "markeredgecolor": "white", "markeredgewidth": 0.5}


def shown(result: xr.Dataset, unit: str) -> list[str]:
    """The measures of a unit that are drawn: of stances only those that differ by half a point or more, and of any
    unit the ``MOST`` that differ most.
    """
    some = result.measure.values[result.unit.values == unit]
    differences = np.abs(result.difference.sel(measure=some))
    most = differences.max([name for name in differences.dims if name != "measure"]).values
    if unit == "stance points" and len(some) > 3:
        some, most = some[most >= LEAST], most[most >= LEAST]
        some = some if len(some) else result.measure.values[result.unit.values == unit][:1]
    return [str(name) for name in strongest(some, most, MOST)]


def strongest(names: Array, strength: Array, most: int) -> Array:
    """As many measures as are wanted, all of the truces and the strongest others, in the order in which they stand."""
    if len(names) <= most:
        return names
    truces = np.array([str(name).startswith("truce.") for name in names])
    kept: Array = names[np.sort(np.lexsort((-np.nan_to_num(strength), ~truces))[:most])]
    return kept


def label(measure: str, scenario: Scenario) -> str:
    """A measure in a few words that fit beside a panel."""
    return shortened(measure_words(scenario, measure), (LEFT - 0.3) * 72, 8)


def figure_compare(result: xr.Dataset) -> Figure:
    """All differences, a panel for each unit."""
    units = list(dict.fromkeys(str(unit) for unit in result.unit.values))
    others = [str(name) for name in result.other.values]
    ways = _ways(result)
    step = max(0.17, 0.07 + 0.075 * len(others) * len(ways))
    heights = [step * len(shown(result, unit)) + 0.05 for unit in units]
    keys = _key_rows(others)
    above = TITLE + 0.2 * (len(keys) + len(ways) - 1) + 0.08
    high = above + sum(heights) + BETWEEN * (len(units) - 1) + FOOT + 0.3
    figure = Figure(figsize=(WIDTH, high))
    first = str(result.scenario.values[0])
    head(figure, scenario_of(result), f"What differs from: {first}")
    top = high - above
    for unit, height in zip(units, heights, strict=True):
        ax = figure.add_axes((LEFT / WIDTH, (top - height) / high, (WIDTH - LEFT - RIGHT) / WIDTH, height / high))
        plot_compare(result, ax, unit)
        top -= height + BETWEEN
    _key(figure, keys, others)
    if len(ways) > 1:
        _key_of_ways(figure, len(keys), ways)
        note = f"bars: 95 % intervals, common random numbers; where backers {REACT}: {result.attrs['reactions']}"
    else:
        note = (
            "thick bars: 95 % intervals on common random numbers; "
            "thin bars: what they would be had each scenario random numbers of its own"
        )
    for unit in units:
        drawn, there = len(shown(result, unit)), int((result.unit.values == unit).sum())
        if drawn < there and (unit != "stance points" or drawn == MOST):
            note += f"; of {there} measures in {unit} the {drawn} that differ most"
    stances = result.unit.values == "stance points"
    if stances.any() and len(shown(result, "stance points")) < min(stances.sum(), MOST):
        note += f"; actors whose {stance_word(scenario_of(result))} differs by less than {LEAST:g} points are left out"
    small_print(figure, result, note)
    return figure


def _key_rows(others: list[str]) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    used = 0.0
    for name in others:
        room = width(name, 8.5) + 30
        if rows[-1] and used + room > (WIDTH - 0.3) * 72:
            rows.append([])
            used = 0.0
        rows[-1].append(name)
        used += room
    return rows


def _key(figure: Figure, rows: list[list[str]], others: list[str]) -> None:
    """Say under the title which mark is which scenario."""
    wide, high = figure.get_size_inches() * 72
    for line, names in enumerate(rows):
        x, y = 14.0, high - TITLE * 72 - 8 - 14.4 * line
        for name in names:
            place = others.index(name)
            colour = OTHERS[place % len(OTHERS)]
            figure.add_artist(
                _mark(x / wide, y / high, MARKERS[place % len(MARKERS)], colour),
            )
            figure.text(
                (x + 8) / wide,
                y / high,
                legible(name),
                fontsize=8.5,
                color=ink(colour),
                verticalalignment="center_baseline",
                parse_math=False,
            )
            x += width(name, 8.5) + 30


def _key_of_ways(figure: Figure, line: int, ways: list[dict[str, str]]) -> None:
    """Say below the scenarios which marks are of backers that react."""
    wide, high = figure.get_size_inches() * 72
    x, y = 14.0, high - TITLE * 72 - 8 - 14.4 * line
    for place, way in enumerate(ways):
        text = f"backers {way['backers']}"
        figure.add_artist(_mark(x / wide, y / high, "o", GREY, hollow=place > 0))
        figure.text((x + 8) / wide, y / high, text, fontsize=8.5, color=GREY, verticalalignment="center_baseline")
        x += width(text, 8.5) + 30


def _mark(x: float, y: float, marker: str, colour: str, hollow: bool = False) -> Line2D:
    return Line2D([x], [y], marker=marker, color=colour, markersize=5.5, linestyle="none", **_face(colour, hollow))


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"compare": figure_compare(result)}
