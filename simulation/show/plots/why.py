"""Why an actor moved: the parts of its move, and who drew it."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.why.describe import parts_of
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import fixed
from simulation.scenario.labels import moment
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.page import head
from simulation.show.plots.palette import GREY, short

UP, DOWN = "#0072B2", "#D55E00"
"""Towards a truce, and away from it."""

MOST = 8
"""Other actors that are drawn, those with the strongest pull."""

WIDTH, LEFT, RIGHT = 8.0, 2.4, 0.6
TITLE, FOOT, ROW, BETWEEN = 0.95, 0.6, 0.29, 0.75
"""Inches: the page, its margins, the height of a row, and what is between two panels."""


def plot_why(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the parts of one actor's move, in stance points.

    Parameters
    ----------
    result : of ``why(..., actor)``, one actor's
    """
    parts = parts_of(result)
    return _bars(ax, list(parts.values()), [float(result[part]) for part in parts], "points of the step's move")


def plot_pulls(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw how far each other actor drew it in the step, the strongest first, where the rule averages."""
    pull = float(result.pace) * result.pull.values
    order = [place for place in np.argsort(-np.abs(pull), kind="stable") if pull[place] != 0][:MOST]
    scenario = scenario_of(result)
    names = [short(scenario, str(result.other.values[place])) for place in order]
    return _bars(ax, names, [float(pull[place]) for place in order], "points of the rule's part that it drew")


def _bars(ax: Axes, names: list[str], values: list[float], words: str) -> Axes:
    ax.barh(range(len(values)), values, height=0.7, color=[UP if value >= 0 else DOWN for value in values], linewidth=0)
    ax.axvline(0, color=GREY, linewidth=0.8)
    for row, value in enumerate(values):
        ax.annotate(
            fixed(value, "+.2f"),
            (max(value, 0.0), row),
            xytext=(4, 0),
            textcoords="offset points",
            fontsize=8,
            verticalalignment="center_baseline",
        )
    ax.set_ylim(len(values) - 0.4, -0.6)
    ax.set_yticks(range(len(names)), [fitted(name, 72 * LEFT - 14) for name in names], parse_math=False)
    ax.set_xlabel(words, fontsize=8)
    ax.margins(x=0.15)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name; none where everybody's move was asked for."""
    if "actor" in result.dims:
        return {}
    pulls = "pull" in result and bool(np.any(result.pull.values))
    rows = [len(parts_of(result)), *([min(int(np.count_nonzero(result.pull.values)), MOST)] if pulls else [])]
    high = TITLE + FOOT + sum(rows) * ROW + BETWEEN * (len(rows) - 1)
    figure = Figure(figsize=(WIDTH, high))
    scenario, before, after = scenario_of(result), float(result.stance_before), float(result.stance_after)
    when = f"on {result.attrs['date']}" if scenario.parties else f"in {moment(scenario, int(result.attrs['step']))}"
    what = f"{'stance' if scenario.parties else 'position'} {before:.1f} to {after:.1f}"
    head(figure, scenario, f"{short(scenario, str(result.actor.item()))} {when}, run {result.attrs['run']}: {what}")
    top = high - TITLE
    for draw, count in zip((plot_why, plot_pulls), rows, strict=False):
        size = count * ROW
        room = ((LEFT) / WIDTH, (top - size) / high, (WIDTH - LEFT - RIGHT) / WIDTH, size / high)
        draw(result, figure.add_axes(room))
        top -= size + BETWEEN
    return {"why": figure}
