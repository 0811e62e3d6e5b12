"""How near forecasts of negotiations came to what was agreed."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY

OURS = "#4A3B7C"
"""The colour of rules: no party's."""

MOST_ROWS = 30
"""Forecasts that a picture has room for; where there are more, the nearest."""

LABELS, ROW = 3.0, 0.2
"""Inches: for the names of forecasts, and for each of them."""


def plot_errors(result: xr.Dataset, ax: Axes) -> Axes:
    """Mean absolute error of every forecast with its 95 % interval by proposal, the nearest on top.

    Squares in grey play nothing; dots are rules.
    """
    shown = _nearest(result)
    _draw(result, ax, result.mean_error, shown)
    ax.set_yticks(
        range(len(shown)), [fitted(str(name), 72 * LABELS - 14, 7.5) for name in result.forecast.values[shown]]
    )
    ax.tick_params(axis="y", labelsize=7.5)
    ax.set_xlim(left=0)
    ax.set_xlabel("mean absolute error, points of 0 … 100", fontsize=8)
    return ax


def plot_leads(result: xr.Dataset, ax: Axes) -> Axes:
    """By how many points every forecast is nearer than the nearest simple one (right of the line), 95 % by proposal."""
    shown = _nearest(result)
    ax.axvline(0, color=GREY, linewidth=0.8)
    _draw(result, ax, result.lead, shown)
    ax.set_yticks(range(len(shown)), [""] * len(shown))
    ax.set_xlabel(f"points nearer than '{result.attrs['best']}'", fontsize=8)
    return ax


def _nearest(result: xr.Dataset) -> np.ndarray[tuple[int, ...], np.dtype[np.intp]]:
    """The places of the forecasts that are shown, the nearest first."""
    order: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    order = np.argsort(result.mean_error.sel(bound="value").values, kind="stable")[:MOST_ROWS]
    return order


def _draw(result: xr.Dataset, ax: Axes, numbers: xr.DataArray, shown: np.ndarray) -> None:
    simple = int(result.attrs["simple"])
    for row, place in enumerate(shown):
        value, low, high = (float(number) for number in numbers.isel(forecast=place))
        marker, colour = ("s", GREY) if place < simple else ("o", OURS)
        if not (np.isnan(low) or low == high):
            ax.plot([low, high], [row, row], color=colour, linewidth=1.4)
        ax.plot([value], [row], marker, color=colour, markersize=4.5)
    ax.set_ylim(len(shown) - 0.4, -0.6)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.grid(axis="y", color=FAINT, linewidth=0.3, alpha=0.5)
    ax.set_axisbelow(True)
    ax.tick_params(axis="x", labelsize=7.5)
    tidy(ax)


def figure_negotiations(result: xr.Dataset) -> Figure:
    """The error of every forecast, and beside it how much nearer it is than the nearest simple one."""
    rows = len(_nearest(result))
    wide, high = 9.0, 0.6 + ROW * rows + 1.15
    figure = Figure(figsize=(wide, high))
    room = (wide - LABELS - 0.55) / 2
    for place, plot in enumerate((plot_errors, plot_leads)):
        left = LABELS + place * (room + 0.35)
        plot(result, figure.add_axes((left / wide, 1.0 / high, room / wide, ROW * rows / high)))
    titled = scenario_of(result).model_copy(update={"title": result.attrs["title"]})
    head(figure, titled, "How near forecasts came to what was agreed")
    proposals = len(set(result.proposal.values.tolist()))
    small_print(
        figure,
        result.assign_attrs(rule="as named"),
        f"{result.sizes['case']:,} issues of {proposals:,} proposals; squares play nothing; dots are rules, played "
        f"{result.attrs['rounds']} rounds; lines: 95 % bootstrap intervals over proposals; forecasts that are the same "
        "on every issue are one row",
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"negotiations": figure_negotiations(result)}
