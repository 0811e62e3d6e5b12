"""What a measure does over the points of a sweep."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.runs.results import scenario_of
from simulation.scenario.errors import ScenarioError
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import extent, fitted, folded
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY
from simulation.show.plots.whiskers import whisker
from simulation.show.plots.words import input_words, measure_words

COLOUR = "#4A3B7C"
"""No party's colour."""

FEW = 7
"""Values up to which each gets a line of its own."""

BINS = 10
"""Slices of a key's range over which sampled points are averaged."""

ACROSS = 3
"""Panels side by side."""


def figure_sweep(result: xr.Dataset, measure: str | None = None) -> Figure:
    """A measure over the varied keys: one panel for up to two keys, else a panel for each.

    Parameters
    ----------
    measure : the chance that a truce starts if it is there and nothing is said, else the first
    """
    names = [str(name) for name in result.measure.values]
    measure = measure or ("truce.starts" if "truce.starts" in names else names[0])
    if measure not in names:
        raise ScenarioError(f"{measure}: not in this sweep.{nearest(measure, names)}")
    keys = varied(result)
    panels = keys if len(keys) > 2 else keys[:1]
    rows, across = -(-len(panels) // ACROSS), min(len(panels), ACROSS)
    wide, high = (6.4, 4.4) if len(panels) == 1 else (3.2 * across + 0.6, 2.7 * rows + 1.3)
    figure = Figure(figsize=(wide, high))
    scenario = scenario_of(result)
    grid = figure.add_gridspec(
        rows,
        across,
        left=0.75 / wide,
        right=1 - (1.35 if len(panels) == 1 else 0.2) / wide,
        top=1 - 0.8 / high,
        bottom=1.0 / high,
        hspace=0.5,
        wspace=0.28,
    )
    first = None
    for place, key in enumerate(panels):
        ax = figure.add_subplot(grid[place // ACROSS, place % ACROSS], sharey=first)
        plot_sweep(result, ax, measure, key if len(panels) > 1 else None)
        if place % ACROSS:
            ax.set_ylabel("")
        first = first or ax
    over = " and ".join(input_words(scenario, key) for key in keys)
    head(figure, scenario, f"Sweep: {measure_words(scenario, measure)}, over {over}")
    failed = int(result.attrs.get("failed", 0))
    note = f"{result.sizes['point']:,} points with so many each, all on common random numbers" + (
        f"; {failed} points failed" if failed else ""
    )
    if len(panels) > 1:
        marks = "line or dot: mean over the other keys; band or bar: 5–95 % of points"
    elif len(keys) > 1 and len(set(result[keys[1]].values.tolist())) > FEW:
        marks = "random variation blurs the map by the interval that the table gives"
    else:
        marks = "band or bar: 95 % interval of chance alone"
    small_print(figure, result, f"{note}; {marks}")
    return figure


def varied(result: xr.Dataset) -> list[str]:
    """The keys that take more than one value, those of numbers first, with the most values first."""
    keys = [key for key in result.attrs["varied"].split(", ") if len(set(result[key].values.tolist())) > 1]
    keys = keys or result.attrs["varied"].split(", ")[:1]
    return sorted(keys, key=lambda key: (result[key].dtype.kind != "f", -len(set(result[key].values.tolist()))))


def plot_sweep(result: xr.Dataset, ax: Axes, measure: str, key: str | None = None) -> Axes:
    """A measure over one key, or over two.

    One key: a line with its interval. Two: a line for each value of the second if they are few, else a map.

    Parameters
    ----------
    key : the key to draw over, with the mean and spread over all others; the varied ones, up to two, if left out
    """
    here = result.sel(measure=measure)
    scale = 100.0 if bool(here.chance) else 1.0
    keys = varied(result)
    if key is not None:
        _over_others(here, ax, key, scale)
    elif len(keys) == 1:
        _line(here, ax, keys[0], scale, COLOUR, None)
    elif len(set(here[keys[1]].values.tolist())) <= FEW:
        values = sorted(set(here[keys[1]].values.tolist()))
        for value, shade in zip(values, np.linspace(0.0, 0.82, len(values)), strict=True):
            colour = mpl.colormaps["viridis"](shade)
            _line(here.isel(point=here[keys[1]].values == value), ax, keys[0], scale, colour, _text(value))
        handles, labels = ax.get_legend_handles_labels()
        title = folded(_named(result, keys[1]), 84, 4, 7.5)
        ax.legend(
            handles[::-1],
            labels[::-1],
            title=title,
            fontsize=7.5,
            title_fontsize=7.5,
            frameon=False,
            loc="center left",
            bbox_to_anchor=(1.0, 0.5),
            handlelength=1.4,
        )
    else:
        return _map(result, here, ax, measure, scale)
    across, up = extent(ax)
    ax.set_xlabel(folded(_named(result, key or keys[0]), across, 2, 8.5), fontsize=8.5)
    ax.set_ylabel(folded(_measured(result, measure, scale), up, 2, 8.5), fontsize=8.5)
    if scale > 1:
        low, high = ax.get_ylim()
        ax.set_ylim(max(low, -2), min(high, 102))
    ax.grid(axis="y", color="#EEEEEE", linewidth=0.6)
    ax.set_axisbelow(True)
    tidy(ax)
    return ax


def _named(result: xr.Dataset, key: str) -> str:
    """What was varied, in words."""
    return input_words(scenario_of(result), key)


def _measured(result: xr.Dataset, measure: str, scale: float) -> str:
    """What was measured, in words."""
    return measure_words(scenario_of(result), measure) + (" (%)" if scale > 1 else "")


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _line(here: xr.Dataset, ax: Axes, key: str, scale: float, colour: Any, label: str | None) -> None:
    x = here[key].values
    if x.dtype.kind != "f":
        names = sorted(set(map(str, x)))
        places = np.array([names.index(str(value)) for value in x])
        value, low, high = (scale * here[name].values for name in ("value", "low", "high"))
        low, high = whisker(value, low, high)
        ax.errorbar(places, value, [value - low, high - value], fmt="o", color=colour, capsize=3, label=label)
        ax.set_xticks(range(len(names)), names, fontsize=8)
        ax.set_xlim(-0.5, len(names) - 0.5)
        return
    order = np.argsort(x, kind="stable")
    value, low, high = (scale * here[name].values[order] for name in ("value", "low", "high"))
    low, high = whisker(value, low, high)
    ax.fill_between(x[order], low, high, color=colour, alpha=0.18, linewidth=0)
    ax.plot(x[order], value, color=colour, linewidth=1.6, marker="o", markersize=3, label=label)


def _over_others(here: xr.Dataset, ax: Axes, key: str, scale: float) -> None:
    x, value = here[key].values, scale * here.value.values
    kept = ~np.isnan(value)
    x, value = x[kept], value[kept]
    numbers = x.dtype.kind == "f"
    different = sorted(set(x.tolist()))
    if numbers and len(different) > 2 * BINS:
        edges = np.linspace(x.min(), x.max(), BINS + 1)
        slot = np.clip(np.digitize(x, edges) - 1, 0, BINS - 1)
        centres: Any = (edges[:-1] + edges[1:]) / 2
    else:
        slot = np.array([different.index(item) for item in x.tolist()])
        centres = np.array(different) if numbers else np.arange(len(different))
    there = np.unique(slot)
    low, mean, high = (np.array([measure(value[slot == one]) for one in there]) for measure in (_low, np.mean, _high))
    if numbers:
        ax.fill_between(centres[there], low, high, color=FAINT, alpha=0.5, linewidth=0)
        ax.plot(centres[there], mean, color=COLOUR, linewidth=1.8)
    else:
        ax.errorbar(centres[there], mean, [mean - low, high - mean], fmt="o", color=COLOUR, ecolor=GREY, capsize=3)
        ax.set_xticks(range(len(different)), [fitted(str(name), 80, 7.5) for name in different], fontsize=7.5)
        ax.set_xlim(-0.5, len(different) - 0.5)


def _low(values: Array) -> float:
    return float(np.quantile(values, 0.05))


def _high(values: Array) -> float:
    return float(np.quantile(values, 0.95))


def _map(result: xr.Dataset, here: xr.Dataset, ax: Axes, measure: str, scale: float) -> Axes:
    across, up = varied(result)[:2]
    wide, high = extent(ax)
    x, y, value = here[across].values, here[up].values, scale * here.value.values
    columns, rows, lines = np.unique(x), np.unique(y), None
    if len(columns) * len(rows) == len(value):
        table = np.full((len(rows), len(columns)), np.nan)
        table[np.searchsorted(rows, y), np.searchsorted(columns, x)] = value
        drawn: Any = ax.pcolormesh(columns, rows, table, cmap="viridis", shading="nearest", rasterized=True)
        if np.isfinite(table).all() and np.ptp(table) > 0 and min(table.shape) > 2:
            lines = ax.contour(columns, rows, table, colors="white", linewidths=0.7)
    else:
        drawn = ax.scatter(x, y, c=value, cmap="viridis", s=14, linewidths=0)
    bar = ax.figure.colorbar(drawn, ax=ax, pad=0.02)
    bar.set_label(folded(_measured(result, measure, scale), high, 2, 8.5), fontsize=8.5)
    bar.ax.tick_params(labelsize=8)
    if lines is not None:  # which line is which is told here: on steep ground there is no room for numbers
        bar.ax.hlines(
            np.asarray(lines.levels), 0, 1, colors="white", linewidth=0.7, transform=bar.ax.get_yaxis_transform()
        )
    ax.set_xlabel(folded(_named(result, across), 0.8 * wide, 2, 8.5), fontsize=8.5)
    ax.set_ylabel(folded(_named(result, up), high, 2, 8.5), fontsize=8.5)
    tidy(ax)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name; none where no point was run, or where there are too many."""
    drawable = "value" in result and bool(result.value.notnull().any())
    return {"sweep": figure_sweep(result)} if drawable else {}
