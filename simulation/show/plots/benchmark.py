"""Many wars forecast: scores of every forecast, whether chances mean what they say, and how each war went."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.record.benchmark.describe import HEADLINE
from simulation.questions.record.benchmark.forecasts import COIN, FLOOR, RATE, RIDGE
from simulation.questions.record.hindcast import MODEL
from simulation.questions.record.scores import reliability
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.page import filled
from simulation.show.plots.palette import FAINT, GREY

OURS, THEIRS, ENTERED = "#4A3B7C", "#8A6D1B", "#0072B2"
"""Colours: the model, what it has to beat, and forecasts of others."""

MARKS = ("o", "^", "v", "D")
"""One a coding."""

TITLES = {"brier": "Brier", "log": "logarithmic", "rps": "ranked probability"}


def colour_of(name: str, known: set[str]) -> str:
    """The colour of a forecast."""
    if name.startswith(MODEL):
        return OURS
    return THEIRS if name in known else ENTERED


def plot_scores_over_wars(result: xr.Dataset, ax: Axes, score: str = "brier", part: str = HEADLINE) -> Axes:
    """Mean score over wars of every forecast with its 95 % interval, best on top, a mark for each coding.

    The broken line is the least possible with answers so graded, the full one what a coin gets.

    Parameters
    ----------
    result : of ``simulation.benchmark`` on wars
    """
    scores = result.mean_score.sel(score=score, part=part)
    first = scores.isel(coding=0)
    names = [str(name) for name in result.forecast.values if name != FLOOR]
    names.sort(key=lambda name: -float(first.sel(forecast=name, bound="value")))
    known = {str(name) for name in result.baseline.values}
    for place, name in enumerate(names):
        colour = colour_of(name, known)
        for number, coding in enumerate(result.coding.values):
            value, low, high = (float(x) for x in scores.sel(forecast=name, coding=coding))
            y = place + 0.22 * ((result.sizes["coding"] - 1) / 2 - number)
            main = number == 0
            ax.plot([low, high], [y, y], color=colour, linewidth=1.8 if main else 0.8, alpha=1 if main else 0.6)
            ax.plot(
                value, y, MARKS[number % 4], color=colour, markersize=5.5 if main else 3.5, alpha=1 if main else 0.7
            )
    for name, style in ((FLOOR, (0, (4, 2))), (COIN, "solid")):
        if name in result.forecast.values:
            ax.axvline(
                float(first.sel(forecast=name, bound="value")), color=FAINT, linewidth=1, linestyle=style, zorder=0
            )
    ax.set_yticks(range(len(names)), names, fontsize=8)
    ax.set_ylim(-0.6, len(names) - 0.4)
    ax.set_xlim(0, max(0.55, float(first.sel(bound="value").max()) + 0.1))
    ax.set_xlabel(f"mean {TITLES[score]} score over wars", fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x", color="#EEEEEE", linewidth=0.6)
    ax.set_axisbelow(True)
    tidy(ax)
    return ax


def plot_reliability_over_wars(result: xr.Dataset, ax: Axes, coding: str | None = None) -> Axes:
    """Mean answer against mean chance in ten slices of the chance; on the line where forecasts mean what they say."""
    coding = coding or str(result.coding.values[0])
    rows = (result.coding_of.values == coding) & ~result.own.values.astype(bool)
    grade = result.grade.values[rows]
    ax.plot([0, 1], [0, 1], color=FAINT, linewidth=1)
    for name, marker, colour in ((MODEL, "o", OURS), (RIDGE, "D", THEIRS)):
        if name in result.forecast.values:
            points = reliability(result.chance.sel(forecast=name).values[rows], grade, bins=10)
            x, y, count = (np.array(column) for column in zip(*points, strict=True))
            ax.plot(x, y, color=colour, linewidth=1, alpha=0.6)
            ax.scatter(x, y, s=6 + count, marker=marker, color=colour, alpha=0.85, label=name, linewidth=0, zorder=3)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02))
    ax.set_xlabel("mean chance forecast", fontsize=8)
    ax.set_ylabel("mean answer given", fontsize=8)
    ax.tick_params(labelsize=7.5)
    legend = ax.legend(fontsize=7.5, frameon=False, loc="lower left", bbox_to_anchor=(-0.12, 1.0), handletextpad=0.3)
    for handle in legend.legend_handles:
        handle.set_sizes([24])  # type: ignore[union-attr]
    tidy(ax)
    return ax


def plot_each_war(result: xr.Dataset, ax: Axes, score: str = "brier") -> Axes:
    """The mean score in each war: the model, the ridge to beat, the base rate, and the least possible."""
    here = result.war_score.isel(coding=0).sel(part=HEADLINE, score=score)
    order = np.argsort(here.sel(forecast=MODEL).values)[::-1]
    wars = result.war.values[order]
    looks = {
        FLOOR: ("|", GREY, "least possible"),
        RATE: ("s", "#BBBBBB", "base rate"),
        RIDGE: ("D", THEIRS, "ridge"),
        MODEL: ("o", OURS, MODEL),
    }
    shown = {name: look for name, look in looks.items() if name in result.forecast.values}
    values = np.array([here.sel(forecast=name).values[order] for name in shown])
    ax.hlines(range(len(wars)), values.min(axis=0), values.max(axis=0), color=FAINT, linewidth=1)
    for (marker, colour, label), row in zip(shown.values(), values, strict=True):
        ax.plot(row, range(len(wars)), marker, color=colour, markersize=6, linewidth=0, label=label)
    counts = result["count"].isel(coding=0).sel(part=HEADLINE).values[order]
    ax.set_yticks(range(len(wars)), [f"{war} ({n})" for war, n in zip(wars, counts, strict=True)], fontsize=8)
    ax.set_ylim(-0.6, len(wars) - 0.4)
    ax.set_xlabel(f"mean {TITLES[score]} score in the war (answers)", fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    ax.tick_params(axis="y", length=0)
    ax.legend(fontsize=7, frameon=False, loc="lower left", bbox_to_anchor=(-0.05, 1.0), ncols=2, handletextpad=0.3)
    tidy(ax)
    return ax


def figure_benchmark(result: xr.Dataset) -> Figure:
    """Scores over wars, reliability, and each war."""
    rows, wars = result.sizes["forecast"] - 1, result.sizes["war"]
    upper, lower = 0.36 * rows + 0.2, max(2.6, 0.26 * wars + 0.2)
    wide, high = 9.0, 0.75 + upper + 0.5 + 0.75 + lower + 1.1
    figure = Figure(figsize=(wide, high))
    ax = figure.add_axes((2.95 / wide, (high - 0.75 - upper) / high, (wide - 3.2) / wide, upper / high))
    plot_scores_over_wars(result, ax)
    bottom = 1.1
    left = figure.add_axes((2.15 / wide, bottom / high, 2.9 / wide, lower / high))
    plot_each_war(result, left)
    right = figure.add_axes((6.0 / wide, bottom / high, 2.7 / wide, min(lower, 2.7) / high))
    plot_reliability_over_wars(result, right)
    room = (wide - 0.3) * 72
    title = f"Who accepts which offer: forecasts of {result.attrs['title']}"
    figure.text(0.15 / wide, 1 - 0.27 / high, fitted(title, room, 12.0, True), fontsize=12, fontweight="bold")
    codings = ", ".join(f"{mark} {name}" for mark, name in zip("●▲▼◆", result.coding.values, strict=False))
    note = (
        f"{result.attrs['runs']:,} runs, seed {result.attrs['seed']}; answers to offers that the party had not made "
        f"itself; upper picture: bars are 95 % intervals by Student's t over wars, codings {codings}, full line what a "
        "coin gets, broken line the least possible; learnt forecasts are learnt on the other wars; sizes of marks on "
        "the right: answers in a slice."
    )
    figure.text(
        0.15 / wide,
        0.1 / high,
        filled(note, wide),
        fontsize=7,
        color=GREY,
        verticalalignment="bottom",
        linespacing=1.3,
        parse_math=False,
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"benchmark": figure_benchmark(result)}
