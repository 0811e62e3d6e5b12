"""The least-cost change: cost against chance, and the change that reaches the target."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import folded
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, looks
from simulation.show.plots.whiskers import whisker
from simulation.show.plots.words import input_words, measure_words

WIDTH, LEFT, RIGHT = 8.4, 0.75, 0.35
TITLE, FOOT, FRONTIER, BETWEEN, ROW = 0.66, 0.72, 2.7, 0.75, 0.36
"""Inches: the page, its margins, the height of the frontier and of a lever's row."""

COLOUR, SHORT = "#0072B2", "#D55E00"
"""Of what is reached, and of what is not."""


def plot_frontier(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the chance against the cost of the cheapest change found for it, with 95 % intervals.

    The chances come from fresh random numbers, not from those of the search.

    Parameters
    ----------
    result : of ``simulation.questions.path.path``
    """
    order = np.argsort(result.cost.values, kind="stable")
    cost, fresh, low, high = (
        result[key].values[order] * times
        for key, times in (("cost", 1), ("fresh", 100), ("fresh_low", 100), ("fresh_high", 100))
    )
    low, high = whisker(fresh, low, high)
    goal = 100 * float(result.attrs["asked_for"])
    ax.axhline(goal, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    ax.plot(cost, fresh, color=COLOUR, linewidth=1.2, zorder=2)
    ax.errorbar(
        cost, fresh, yerr=np.clip([fresh - low, high - fresh], 0, None), fmt="o", color=COLOUR, markersize=4, zorder=3
    )
    asked = result.isel(point=int(np.flatnonzero(result.asked.values)[0]))
    reached = bool(asked.reached)
    at = (float(asked.cost), 100 * float(asked.fresh))
    ax.plot(*at, marker="o", markersize=9, color=COLOUR if reached else SHORT, linestyle="none", zorder=4)
    words = f"cost {at[0]:.2f} for {at[1]:.0f} %" if reached else f"not within these bounds: {at[1]:.0f} % at best"
    left = at[0] > 0.6 * float(cost.max()) if cost.max() > 0 else False
    ax.annotate(
        words,
        at,
        xytext=(-8 if left else 8, -12),
        textcoords="offset points",
        horizontalalignment="right" if left else "left",
        fontsize=8.5,
        fontweight="bold",
        color=COLOUR if reached else SHORT,
        verticalalignment="top",
    )
    ax.text(
        0.995,
        goal + 0.8,
        f"target {goal:.3g} %",
        transform=ax.get_yaxis_transform(),
        fontsize=8,
        color=GREY,
        horizontalalignment="right",
        verticalalignment="bottom",
    )
    ax.set_xlim(left=-0.02 * max(float(cost.max()), 0.1))
    ends = [goal, *low, *high]  # nan where the question does not arise
    ax.set_ylim(np.nanmin(ends) - 3, min(np.nanmax(ends) + 6, 101))
    ax.set_xlabel("cost: sum of weight × change, in whole scales", fontsize=8)
    ax.set_ylabel("chance (%)", fontsize=8)
    tidy(ax)
    return ax


def plot_change(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw what is changed at the target that was asked for: each lever's bounds, where it stands and where it goes."""
    asked = result.isel(point=int(np.flatnonzero(result.asked.values)[0]))
    scenario = scenario_of(result)
    look = looks(scenario)
    names = [str(key) for key in result.lever.values]
    for y, key in enumerate(names):
        here = asked.sel(lever=key)
        low, room = float(here.low), float(here.high) - float(here.low)
        old, new = ((float(here[field]) - low) / room for field in ("old", "value"))
        colour = next((look[word].colour for word in key.split(".")[1:2] if word in look), COLOUR)
        ax.plot([0, 1], [y, y], color="#DDDDDD", linewidth=5, solid_capstyle="butt", zorder=1)
        ax.plot([old], [y], marker="|", markersize=11, markeredgewidth=1.6, color=GREY, zorder=3)
        if abs(new - old) > 1e-3:
            ax.plot([old, new], [y, y], color=colour, linewidth=3.2, solid_capstyle="butt", zorder=2)
            ax.plot([new], [y], marker="o", markersize=7, color=colour, zorder=4)
        value = f"{float(here.old):.3g} → {float(here.value):.3g}" if abs(new - old) > 1e-3 else "as it is"
        for x, text, where in ((-0.03, f"{low:g}", "right"), (1.03, f"{float(here.high):g}", "left")):
            ax.text(x, y, text, fontsize=7, color=GREY, horizontalalignment=where, verticalalignment="center_baseline")
        ax.text(1.1, y, value, fontsize=8.5, verticalalignment="center_baseline")
    ax.set_xlim(-0.1, 1.35)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), [folded(input_words(scenario, key), 2.4 * 72, 2, 8) for key in names])
    ax.set_xticks([])
    tidy(ax, ())
    ax.tick_params(axis="y", length=0)
    return ax


def figure_path(result: xr.Dataset) -> Figure:
    """The frontier, and below it the change."""
    rows = ROW * result.sizes["lever"]
    high = TITLE + FRONTIER + BETWEEN + rows + FOOT
    figure = Figure(figsize=(WIDTH, high))
    head(
        figure,
        scenario_of(result),
        f"Least-cost change: {measure_words(scenario_of(result), str(result.attrs['measure']))}",
    )
    top = high - TITLE - FRONTIER
    plot_frontier(result, figure.add_axes((LEFT / WIDTH, top / high, (WIDTH - LEFT - RIGHT) / WIDTH, FRONTIER / high)))
    ax = figure.add_axes((2.75 / WIDTH, FOOT / high, (WIDTH - 2.75 - RIGHT) / WIDTH, rows / high))
    plot_change(result, ax)
    note = (
        "the cheapest changes found by a search from several starts; chances and 95 % intervals from fresh random "
        "numbers, four times as many runs; bars: bounds of each lever, |: where it stands, dot: where it goes for the "
        "target"
    )
    small_print(figure, result, note)
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"path": figure_path(result)}
