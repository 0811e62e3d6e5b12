"""Random variation or input uncertainty: which of the two has how much of each measure's variance."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import shortened
from simulation.show.plots.page import head, small_print
from simulation.show.plots.words import measure_words

MOST = 30
"""Measures that are drawn, the first of them."""

IGNORANCE, LUCK = "#0072B2", "#D9D9D9"

WIDTH, LEFT, RIGHT = 8.6, 3.15, 0.3
TITLE, FOOT, ROW = 0.7, 0.75, 0.22
"""Inches: the page, its margins, and the height of a row."""


def plot_variance(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the share of input uncertainty in each measure's variance, with its 95 % interval; the rest is chance."""
    some = result.isel(measure=np.flatnonzero(result.ignorance.notnull().values)[:MOST])
    rows = range(some.sizes["measure"])
    share, low, high = (
        100 * np.clip(some[key].values, 0, 1) for key in ("ignorance", "ignorance_low", "ignorance_high")
    )
    ax.barh(rows, 100.0, height=0.7, color=LUCK, linewidth=0, label="_luck")
    ax.barh(rows, share, height=0.7, color=IGNORANCE, linewidth=0, label="_ignorance")
    ax.hlines(rows, low, high, color="#222222", linewidth=1.1)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    scenario = scenario_of(result)
    names = [shortened(measure_words(scenario, str(name)), 72 * LEFT - 14) for name in some.measure.values]
    ax.set_yticks(rows, names, parse_math=False)
    ax.set_xlim(0, 100)
    ax.set_xlabel("share of the variance (%): blue input uncertainty, grey random variation", fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name; none where nothing varies."""
    varying = int(result.ignorance.notnull().sum())
    count = min(varying, MOST)
    if count == 0:
        return {}
    high = TITLE + FOOT + count * ROW
    figure = Figure(figsize=(WIDTH, high))
    head(figure, scenario_of(result), "How much is random variation, and how much input uncertainty")
    room = (LEFT / WIDTH, FOOT / high, (WIDTH - LEFT - RIGHT) / WIDTH, count * ROW / high)
    plot_variance(result, figure.add_axes(room))
    drawn = f"; the first {count} of {varying} measures" if count < varying else ""
    small_print(figure, result, f"black: 95 % intervals; the share is that of the variance over pairs of runs{drawn}")
    return {"variance": figure}
