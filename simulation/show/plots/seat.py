"""What a seat at the table came to: its days of truce among those of the ensemble's runs."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.seat.reached import DAYS
from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import HALO
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT

MARKS = {
    "with_moves": ("with the moves", "#0072B2", "-"),
    "without_moves": ("the same run without", "#5A5A5A", "--"),
    "observed": ("observed", "#111111", ":"),
}

BARS = 40
"""The most bars that the runs are counted in."""

WIDTH, LEFT, RIGHT = 8.0, 0.75, 0.3
TITLE, FOOT, HIGH, ROW = 0.7, 0.8, 1.8, 0.2
"""Inches: the page, its margins, the height of the bars, and of a line of words above them."""


def plot_seat(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw how many runs of the ensemble have so many days with a truce, and where the seat, the run and history are.

    Parameters
    ----------
    result : of ``Seat.score``
    """
    days = result.sel(measure=DAYS)
    scenario = scenario_of(result)
    longest = scenario.steps * scenario.step_days
    width = scenario.step_days * max(np.ceil((scenario.steps + 1) / BARS), 1.0)
    edges = np.arange(-0.5 * scenario.step_days, longest + width, width)
    share = 100 * np.histogram(days.ensemble.values, edges)[0] / days.sizes["run"]
    ax.bar(edges[:-1], share, width=0.9 * width, align="edge", color=FAINT, linewidth=0, label="_runs")
    ax.set_xlim(edges[0], edges[-1])
    top = max(float(share.max()), 1.0) * 1.05
    ax.set_ylim(0, top * (HIGH + ROW * len(MARKS)) / HIGH)
    here = [(name, float(days[name])) for name in MARKS if not np.isnan(float(days[name]))]
    for row, (name, value) in enumerate(here):
        words, colour, style = MARKS[name]
        height = top * (1 + ROW * (len(MARKS) - row - 0.5) / HIGH)
        ax.vlines(value, 0, height, color=colour, linestyle=style, linewidth=1.6)
        right = value > edges[-1] / 2
        ax.annotate(
            f"{words}: {value:g}",
            (value, height),
            xytext=(-4 if right else 4, 0),
            textcoords="offset points",
            horizontalalignment="right" if right else "left",
            verticalalignment="center",
            fontsize=8.5,
            color=colour,
            fontweight="bold" if name == "with_moves" else "normal",
            bbox=HALO,
        )
    ax.set_yticks([tick for tick in ax.get_yticks() if tick <= top])
    ax.set_xlabel(str(days.words.item()), fontsize=8.5)
    ax.set_ylabel("runs (%)", fontsize=8.5)
    tidy(ax)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The picture of a score, by name."""
    high = TITLE + FOOT + HIGH + ROW * len(MARKS)
    figure = Figure(figsize=(WIDTH, high))
    head(figure, scenario_of(result), "What the moves came to: days with a truce")
    room = (LEFT / WIDTH, FOOT / high, (WIDTH - LEFT - RIGHT) / WIDTH, (high - TITLE - FOOT) / high)
    plot_seat(result, figure.add_axes(room))
    small_print(figure, result, f"grey: the runs of the ensemble; the moves were made in run {result.attrs['run']}")
    return {"seat": figure}
