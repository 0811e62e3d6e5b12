"""The Shapley decomposition: from the story without any of the groups to the whole one."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.runs.results.wording import fixed
from simulation.scenario.schema import Scenario
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import extent, fitted, folded
from simulation.show.plots.levers import NARROWEST, scale_of
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, short
from simulation.show.plots.whiskers import whisker
from simulation.show.plots.words import measure_words

WIDTH, LEFT, RIGHT = 8.0, 2.4, 0.4
TITLE, FOOT, ROW = 0.7, 0.62, 0.29
"""Inches: the page, its margins, and the height of a row."""

UP, DOWN, END = "#0072B2", "#D55E00", "#888888"
"""What raises the measure, what lowers it, and where the story starts and ends."""


def plot_attribute(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the shares as steps from the measure without any group to the measure with all, the largest first.

    Parameters
    ----------
    result : of ``simulation.questions.attribute.attribute``
    """
    times, scenario = scale_of(result), scenario_of(result)
    order = np.argsort(-np.abs(result.share.values), kind="stable")
    start, end = times * float(result.without), times * float(result.full)
    names = [
        "without any of these",
        *(_group(scenario, str(result.group.values[k])) for k in order),
        "with all of these",
    ]
    here = start
    for row, place in enumerate(order, start=1):
        share, low, high = (times * float(result[key][place]) for key in ("share", "low", "high"))
        low, high = map(float, whisker(share, low, high))
        colour = UP if share >= 0 else DOWN
        ax.plot([here, here], [row - 1.35, row + 0.35], color=GREY, linewidth=0.6, zorder=1)
        ax.barh(row, share, left=here, height=0.7, color=colour, linewidth=0, zorder=2)
        ax.hlines(row, here + low, here + high, color="#222222", linewidth=1.1, zorder=3)
        right = max(here, here + share, here + high)
        text = fixed(share, "+.1f") if abs(share) >= 0.05 else "0"
        ax.annotate(
            text,
            (right, row),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=8,
            verticalalignment="center_baseline",
        )
        here += share
    last = len(order) + 1
    ax.plot([here, here], [last - 1.35, last - 0.35], color=GREY, linewidth=0.6, zorder=1)
    for row, value in ((0, start), (last, end)):
        ax.plot([value], [row], "D", markersize=6, color=END)
        ax.annotate(
            f"{value:.1f}",
            (value, row),
            xytext=(7, 0),
            textcoords="offset points",
            fontsize=8,
            fontweight="bold",
            verticalalignment="center_baseline",
        )
    ax.set_yticks(range(last + 1), [fitted(name, (LEFT - 0.25) * 72, 8) for name in names])
    ax.set_ylim(last + 0.6, -0.6)
    left, right = ax.dataLim.intervalx
    reach = max(right - left, NARROWEST)
    ax.set_xlim(left - 0.06 * reach, right + 0.14 * reach)
    percent = " (%; steps in percentage points)" if times == 100 else ""
    words = measure_words(scenario, str(result.attrs["measure"])) + percent
    ax.set_xlabel(folded(words, extent(ax)[0], 2, 8), fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def _group(scenario: Scenario, name: str) -> str:
    """What to call a group: an actor by its label, any other by its name."""
    return short(scenario, name) if name in scenario.actors else name


def figure_attribute(result: xr.Dataset) -> Figure:
    """How much of the outcome is owed to what."""
    rows = ROW * (result.sizes["group"] + 2)
    high = TITLE + rows + 0.45 + FOOT
    figure = Figure(figsize=(WIDTH, high))
    head(
        figure,
        scenario_of(result),
        f"Shapley decomposition: {measure_words(scenario_of(result), str(result.attrs['measure']))}",
    )
    box = (LEFT / WIDTH, (FOOT + 0.45) / high, (WIDTH - LEFT - RIGHT) / WIDTH, rows / high)
    plot_attribute(result, figure.add_axes(box))
    combinations = int(result.attrs["combinations"])
    how = "all" if result.attrs["exact"] else f"{int(result.attrs['permutations'])} orders,"
    note = f"Shapley values over {how} {combinations:,} combinations; black: 95 % intervals, common random numbers"
    small_print(figure, result, note)
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"attribute": figure_attribute(result)}
