"""What drives an outcome, as bars with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.sensitivity.methods import LUCK
from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import folded
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY
from simulation.show.plots.words import input_words, measure_words

COLOUR = "#4A3B7C"
"""No party's colour."""

MOST = 15
"""Inputs that are shown; the rest have less to do with the outcome."""

ROW = 0.265
"""Inches for each."""

ROOM = 150.0
"""Points that the name of an input has beside its bar."""

AXIS = {
    "sobol": "share of variance (Sobol')",
    "morris": "mean size of the change over its range (Morris' μ*)",
    "pawn": "distance between distributions (PAWN, median)",
}


def figure_sensitivity(result: xr.Dataset) -> Figure:
    """One panel of bars for each measure that varies, up to three."""
    shown = [name for name in result.measure.values if bool(result["index"].sel(measure=name).notnull().all())][:3]
    rows = max(min(MOST, result.sizes["input"] - 1), 1) + 1
    left, across, apart = 2.35, 2.6, 2.5
    wide = left + across * max(len(shown), 1) + apart * max(len(shown) - 1, 0) + 0.3
    high = ROW * rows + 2.0
    figure = Figure(figsize=(wide, high))
    scenario = scenario_of(result)
    for place, name in enumerate(shown):
        start = left + place * (across + apart)
        ax = figure.add_axes((start / wide, 1.05 / high, across / wide, ROW * rows / high))
        plot_sensitivity(result, ax, str(name))
        title = folded(measure_words(scenario, str(name)), 72 * (across + apart) - 150, 2, 8.5, True)
        ax.set_title(title, loc="left", fontsize=8.5, fontweight="bold", pad=5, parse_math=False)
    head(figure, scenario, f"Sensitivity: what drives {'each outcome' if len(shown) > 1 else 'the outcome'}")
    method = str(result.attrs["method"])
    parts = {
        "sobol": "pale bar: total order, dark bar: first order",
        "morris": "bar: mean size of the effect",
        "pawn": "bar: median distance",
    }
    small_print(
        figure,
        result,
        f"{int(result.attrs['points']):,} rows of {result.attrs['runs_a_point']} runs; {parts[method]}; "
        "lines: 95 % intervals; dashed: what other random numbers alone do, below which chance may pass for an effect",
    )
    return figure


def plot_sensitivity(result: xr.Dataset, ax: Axes, measure: str, most: int = MOST) -> Axes:
    """The inputs with the largest index, the largest on top, and random variation at the bottom.

    Parameters
    ----------
    most : how many inputs are shown besides random variation
    """
    here = result.sel(measure=measure)
    inputs = [str(name) for name in here.input.values]
    order = [place for place in np.argsort(-here["index"].values, kind="stable") if inputs[place] != LUCK][:most]
    order.append(inputs.index(LUCK))
    height = -np.arange(len(order), dtype=float)
    index, low, high = (here[name].values[order] for name in ("index", "low", "high"))
    colours: list[Any] = ["#B9B0D6"] * (len(order) - 1) + [FAINT]
    first = "first" in here
    ax.barh(height, np.maximum(index, 0), 0.72, color=colours, linewidth=0)
    ax.hlines(height + (0.14 if first else 0), np.maximum(low, 0), high, color="#222222", linewidth=0.9)
    if first:
        own, own_low, own_high = (here[name].values[order] for name in ("first", "first_low", "first_high"))
        ax.barh(height - 0.16, np.maximum(own, 0), 0.3, color=[COLOUR] * (len(order) - 1) + [GREY], linewidth=0)
        ax.hlines(height - 0.16, np.maximum(own_low, 0), np.maximum(own_high, 0), color="#222222", linewidth=0.6)
    ax.axvline(index[-1], color=GREY, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0)
    scenario = scenario_of(result)
    labels = ["random variation" if inputs[place] == LUCK else input_words(scenario, inputs[place]) for place in order]
    ax.set_yticks(height, [folded(label, ROOM, 2, 7) for label in labels], linespacing=1.05)
    ax.set_ylim(height[-1] - 0.6, 0.6)
    ax.set_xlim(left=0)
    ax.set_xlabel(AXIS[str(result.attrs["method"])], fontsize=8)
    tidy(ax, ("bottom",))
    ax.tick_params(axis="y", length=0, labelsize=7)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name; none where no measure varies."""
    varies = bool(result["index"].notnull().all("input").any())
    return {"sensitivity": figure_sensitivity(result)} if varies else {}
