"""The region of a sweep in which something comes out so: the points over two inputs, and the limits of the box."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from simulation.dynamics.state import Array
from simulation.questions.regions.describe import in_words, of_interest
from simulation.runs.results import scenario_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import extent, fitted, folded, width
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY, ink
from simulation.show.plots.words import input_words, measure_words

WIDTH, LEFT, RIGHT = 8.0, 1.65, 0.3
TITLE, FOOT, POINTS, BETWEEN, ROW = 0.95, 0.75, 3.6, 0.85, 0.3
"""Inches: the page, its margins, the height of the points, what is between the parts, and the height of an input."""

YES, NO, BOX = "#D55E00", "#56B4E9", "#4A3B7C"
"""Of interest, not of interest, and the region."""


def axes_of(result: xr.Dataset) -> tuple[str, str | None]:
    """The two most telling inputs, those that the region limits first; one alone where no other was varied."""
    inputs = [str(key) for key in result.input.values]
    limited = [np.isfinite(result.limit_low[0]) | np.isfinite(result.limit_high[0]) | (result.texts[0] != "")]
    order = np.lexsort((-result.telling.values, ~limited[0].values))
    chosen = [inputs[place] for place in order[:2]]
    return chosen[0], chosen[1] if len(chosen) > 1 else None


def plot_points(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the points over the two most telling inputs, and the region as a frame.

    Filled: of interest; hollow: not. Points that another input puts outside the region are faint. Where one input alone
    was varied, the measure itself is upwards.

    Parameters
    ----------
    result : of ``simulation.regions``
    """
    scenario = scenario_of(result)
    across, up = axes_of(result)
    x = _place(ax, result, across, "x")
    y = result.value.values if up is None else _place(ax, result, up, "y")
    wanted = result.wanted.values
    shown = [key for key in (across, up) if key is not None]
    faint = _outside(result, shown)
    for chosen, colour, face in ((~wanted, NO, "none"), (wanted, YES, YES)):
        for some, alpha in ((chosen & ~faint, 0.85), (chosen & faint, 0.25)):
            ax.scatter(
                x[some], y[some], s=15, facecolors=face, edgecolors=colour, linewidths=0.8, alpha=alpha, zorder=3
            )
    left, right = _ends(result, across, x)
    if up is None:
        ax.axvspan(left, right, color=BOX, alpha=0.12, zorder=1)
        bound = float(result.attrs.get("below", result.attrs.get("above", np.nan)))
        ax.axhline(bound, color=GREY, linewidth=0.9, linestyle=(0, (4, 2)))
        words = measure_words(scenario, str(result.attrs["measure"]))
        ax.set_ylabel(folded(words, POINTS * 72, 2, 8), fontsize=8)
    else:
        bottom, top = _ends(result, up, y)
        frame = Rectangle(
            (left, bottom), right - left, top - bottom, facecolor=BOX, edgecolor=BOX, alpha=0.12, zorder=1
        )
        ax.add_patch(frame)
        edge = Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=BOX, linewidth=1.6, zorder=4)
        ax.add_patch(edge)
        ax.set_ylabel(folded(input_words(scenario, up), POINTS * 72, 2, 8), fontsize=8)
    ax.set_xlabel(folded(input_words(scenario, across), extent(ax)[0], 2, 8), fontsize=8)
    tidy(ax)
    return ax


def _place(ax: Axes, result: xr.Dataset, key: str, axis: str) -> Array:
    """Where the points lie along an axis; texts are placed side by side, and their points a little apart."""
    values = result[key].values
    if values.dtype != object:
        places: Array = np.asarray(values, dtype=float)
        return places
    texts = sorted(set(values))
    ticks: Any = ax.set_xticks if axis == "x" else ax.set_yticks
    ticks(range(len(texts)), [fitted(text, 90, 8) for text in texts])
    spread = 0.5 * ((np.arange(values.size) * 0.6180339887) % 1 - 0.5)  # the golden ratio fills a line evenly
    apart: Array = np.array([texts.index(value) for value in values], dtype=float) + spread
    return apart


def _ends(result: xr.Dataset, key: str, places: Array) -> tuple[float, float]:
    """From where to where the region goes along an axis; to the ends of what was swept where it has no limit."""
    here = result.isel(box=0).sel(input=key)
    margin = 0.02 * float(np.ptp(places))
    if text := str(here.texts.item()):
        texts = sorted(set(result[key].values))
        inside = [texts.index(one) for one in text.splitlines() if one in texts]
        return min(inside) - 0.4, max(inside) + 0.4
    low, high = float(here.limit_low), float(here.limit_high)
    return (
        low if np.isfinite(low) else float(places.min()) - margin,
        high if np.isfinite(high) else float(places.max()) + margin,
    )


def _outside(result: xr.Dataset, shown: list[str]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which points an input that is not shown puts outside the region."""
    outside = np.zeros(result.sizes["point"], dtype=bool)
    for key in map(str, result.input.values):
        if key in shown:
            continue
        here, values = result.isel(box=0).sel(input=key), result[key].values
        if text := str(here.texts.item()):
            outside |= ~np.isin(values.astype(str), text.splitlines())
        elif values.dtype != object:
            outside |= (values <= float(here.limit_low)) | (values > float(here.limit_high))
    return outside


def plot_limits(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the range of every input, the most telling first, and over it what the region leaves of it."""
    order = np.argsort(-result.telling.values, kind="stable")[:12]
    keys = [str(result.input.values[place]) for place in order]
    for row, key in enumerate(keys):
        here, values = result.isel(box=0).sel(input=key), result[key].values
        if values.dtype == object:
            texts = sorted(set(values))
            chosen = str(here.texts.item()).splitlines() or texts
            words = " · ".join(text.upper() if text in chosen and len(chosen) < len(texts) else text for text in texts)
            ax.text(0.5, row, fitted(words, 300, 7.5), fontsize=7.5, ha="center", va="center", parse_math=False)
            continue
        low, high = float(values.min()), float(values.max())
        digits = 2 - math.floor(math.log10(high - low))
        ends = np.clip([float(here.limit_low), float(here.limit_high)], low, high)
        start, end = (ends - low) / (high - low)
        ax.hlines(row, 0, 1, color=FAINT, linewidth=1.2)
        limited = start > 0 or end < 1
        ax.hlines(row, start, end, color=BOX if limited else FAINT, linewidth=6 if limited else 1.2)
        for x, value, side in ((-0.01, low, "right"), (1.01, high, "left")):
            ax.text(x, row, f"{round(value, digits):g}", fontsize=7, color=GREY, ha=side, va="center")
        for x, value in ((start, ends[0]), (end, ends[1])):
            if 0 < x < 1:
                ax.text(x, row - 0.18, f"{value:.3g}", fontsize=7, color=BOX, ha="center", va="bottom")
    scenario = scenario_of(result)
    names = [input_words(scenario, key) for key in keys]
    ax.set_yticks(range(len(keys)), [folded(name, 2.2 * 72, 2, 7.5) for name in names], fontsize=7.5)
    ax.set_ylim(len(keys) - 0.4, -0.75)
    ax.set_xlim(-0.13, 1.13)
    ax.set_xticks([])
    tidy(ax, ())
    ax.tick_params(axis="y", length=0)
    return ax


def figure_regions(result: xr.Dataset) -> Figure:
    """The points with the region, and below it the limits of the region on every input."""
    rows = min(result.sizes["input"], 12)
    below = ROW * rows + 0.2 if rows > 1 else 0.0
    high = TITLE + POINTS + (BETWEEN + below if below else 0.35) + FOOT
    figure = Figure(figsize=(WIDTH, high))
    scenario = scenario_of(result)
    what = measure_words(scenario, str(result.attrs["measure"]))
    head(figure, scenario, f"Scenario discovery: {what}, where it is {of_interest(result)}")
    x = 0.15
    for text, colour in (
        (f"● {of_interest(result)}", YES),
        ("○ not", NO),
        (f"■ the region: {in_words(result, 0, lambda key: input_words(scenario, key))}", BOX),
    ):
        words = fitted(text, (WIDTH - x - 0.15) * 72, 8.5)
        figure.text(
            x / WIDTH,
            1 - 0.75 / high,
            words,
            fontsize=8.5,
            color=ink(colour),
            verticalalignment="baseline",
            parse_math=False,
        )
        x += width(words, 8.5) / 72 + 0.25
    bottom = high - TITLE - POINTS
    plot_points(result, figure.add_axes((LEFT / WIDTH, bottom / high, (WIDTH - LEFT - RIGHT) / WIDTH, POINTS / high)))
    if below:
        box = (2.5 / WIDTH, FOOT / high, (WIDTH - 2.5 - RIGHT) / WIDTH, below / high)
        plot_limits(result, figure.add_axes(box))
    first = result.isel(box=0)
    told = {key: 100 * float(first[key]) for key in ("coverage", "density", "density_low", "density_high")}
    note = (
        f"{result.sizes['point']:,} points; on points held out, coverage {told['coverage']:.0f} % and density "
        f"{told['density']:.0f} % ({told['density_low']:.0f}–{told['density_high']:.0f})"
    )
    if _outside(result, [key for key in axes_of(result) if key is not None]).any():
        note += "; faint points lie outside the region by an input that is not on the axes"
    small_print(figure, result, note)
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"regions": figure_regions(result)}
