"""What each part of the model is worth: how much worse forecasts are without it."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.record.scores import too_few
from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY
from simulation.show.plots.whiskers import whisker

LOOKS = {"as given": ("o", "#4A3B7C"), "fitted": ("D", "#999933")}


def plot_costs(result: xr.Dataset, ax: Axes, period: str = "after", score: str = "brier") -> Axes:
    """By how much the score is worse without each part (right of the line), with 95 % intervals over offers."""
    cost = result.cost.sel(period=period, score=score).isel(without=slice(1, None))
    fits = [str(name) for name in result.fit.values]
    for shift, name in zip((0.13, -0.13), fits, strict=False):
        marker, colour = LOOKS[name]
        value, low, high = (cost.sel(fit=name, bound=bound).values for bound in ("value", "low", "high"))
        y = np.arange(len(value)) + (shift if len(fits) > 1 else 0)
        ax.hlines(y, *whisker(value, low, high), color=colour, linewidth=1.3)
        ax.plot(value, y, marker, color=colour, markersize=4.5, label=f"coefficients {name}")
    ax.axvline(0, color=GREY, linewidth=0.8)
    ax.set_yticks(range(cost.sizes["without"]), [str(name) for name in cost.without.values], fontsize=7.5)
    ax.tick_params(axis="x", labelsize=7.5)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.set_axisbelow(True)
    doubt = "\ntoo few answers to tell" if too_few(int(result.offers.sel(period=period))) else ""
    ax.set_xlabel(f"{score.capitalize()} score without it less with it, {period} the split{doubt}", fontsize=8)
    tidy(ax)
    return ax


def figure_ablation(result: xr.Dataset) -> Figure:
    """Every part that can be switched off, after the split and before it; what is worth most after it on top."""
    periods = ["after", "before"] if "fitted" in result.fit.values else ["before"]
    worth = result.cost.sel(fit="as given", period=periods[0], score="brier", bound="value").values[1:]
    ordered = result.isel(without=np.concatenate([[0], 1 + np.argsort(worth)]))
    wide, high = 9.0, 0.25 * result.sizes["without"] + 2.2
    figure = Figure(figsize=(wide, high))
    room = (wide - 2.6) / len(periods)
    for place, period in enumerate(periods):
        ax = figure.add_axes(((2.35 + place * room) / wide, 1.1 / high, (room - 0.3) / wide, (high - 2.0) / high))
        plot_costs(ordered, ax, period)
        if place:
            ax.set_yticks([])
        else:
            ax.legend(fontsize=7, frameon=False, loc="lower right")
    head(figure, scenario_of(result), "What each part of the model is worth")
    small_print(
        figure, result, "right of the line: forecasts are worse without the part; 95 % bootstrap intervals over offers"
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"ablate": figure_ablation(result)}
