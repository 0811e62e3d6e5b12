"""Why an offer was answered as it was: from a party's stance to its willingness, part by part, and what that took."""

from __future__ import annotations

from datetime import date as Date
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.reasons import part_label, shown_parts
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import fixed
from simulation.scenario.knowledge import in_words
from simulation.scenario.labels import ANSWERS
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import HALO, fitted
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, short

UP, DOWN, TOTAL = "#0072B2", "#D55E00", "#5A5A5A"
"""What adds to willingness, what takes from it, and what it starts from and comes to."""

BAND = "#E3C770"
"""Between refusing and accepting: a yes with conditions."""

WORDS = 10.0
"""Points of reserve whose band has room for words above it."""

MOOD = "its mood"
MOST = 40.0
"""Points that a mood is drawn to reach beyond all else; it may be worth hundreds where answers follow closely."""

WIDTH, LEFT, RIGHT = 8.0, 2.5, 0.75
TITLE, FOOT, ROW, HEADING, TICKS = 0.62, 0.42, 0.29, 0.5, 0.46
"""Inches: the page, its margins, the height of a row, and what is above and below the rows of a panel."""


class Bar(NamedTuple):
    """One row of the picture."""

    label: str
    start: float
    end: float
    points: float  # as it is told: what it adds, or a sum
    total: bool  # a sum, drawn from 0, rather than a part


def bars_of(answered: xr.Dataset) -> list[Bar]:
    """The rows of one party, from its stance to its willingness, and what its mood adds; means, of many runs.

    Parameters
    ----------
    answered : of one party
    """
    means = answered.mean("run") if "run" in answered.dims else answered
    rows: list[Bar] = []
    reached = 0.0
    for place in shown_parts(answered):
        points = float(means.points[place])
        rows.append(Bar(part_label(answered, place), reached, reached + points, points, not rows))
        reached += points
    reached = float(means.willingness)  # and what is too little to be shown
    rows.append(Bar("willingness", 0.0, reached, reached, True))
    if feeling := float(means.mood):
        rows.append(Bar(MOOD, reached, reached + feeling, feeling, False))
    return rows


def plot_why_answer(answered: xr.Dataset, ax: Axes) -> Axes:
    """Draw one party's way from its stance to its willingness, beside the threshold, in stance points.

    Parameters
    ----------
    answered : of ``why(..., offer, party)``, one party's
    """
    bars = bars_of(answered)
    threshold, reserve = (float(np.mean(answered[name])) for name in ("threshold", "reserve"))
    ends = [end for bar in bars for end in (bar.start, bar.end) if bar.label != MOOD]
    ends.append(float(np.clip(bars[-1].end, min(ends) - MOST, max(ends) + MOST)))
    left, right = min(0.0, *ends), max(100.0, threshold + reserve, *ends)
    if reserve:
        ax.axvspan(threshold - reserve, threshold + reserve, color=BAND, alpha=0.35, linewidth=0, zorder=0)
    ax.axvline(threshold, color="#333333", linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)
    for row, bar in enumerate(bars):
        rise = bar.end - bar.start
        colour = TOTAL if bar.total else UP if rise >= 0 else DOWN
        ax.barh(row, rise, left=bar.start, height=0.66, color=colour, alpha=0.9, linewidth=0, zorder=2)
        if row and not bar.total:  # what it goes on from
            ax.plot([bar.start] * 2, [row - 1 + 0.33, row - 0.33], color=GREY, linewidth=0.7, zorder=1.5)
        end, beyond = max(bar.start, bar.end), max(bar.start, bar.end) > right
        ax.annotate(
            fixed(bar.points, ".1f" if bar.total else "+.1f"),
            (right + 8 if beyond else end, row),
            xytext=(-4 if beyond else 4, 0),
            horizontalalignment="right" if beyond else "left",
            textcoords="offset points",
            fontsize=8,
            fontweight="bold" if bar.total else "normal",
            verticalalignment="center_baseline",
            zorder=4,
            bbox=HALO,
        )
    if "run" in answered.dims:
        row = next(place for place, bar in enumerate(bars) if bar.label == "willingness")
        low, high = np.quantile(answered.willingness.values, [0.05, 0.95])
        ax.plot([low, high], [row + 0.42] * 2, color="#111111", linewidth=1.3, solid_capstyle="butt", zorder=3)
    ax.set_xlim(left - (3 if left < 0 else 0), right + 8)
    ax.set_ylim(len(bars) - 0.4, -0.6)
    names = [fitted(bar.label, 72 * LEFT - 14) for bar in bars]
    ax.set_yticks(range(len(bars)), names, parse_math=False)
    for label, bar in zip(ax.get_yticklabels(), bars, strict=True):
        label.set_fontweight("bold" if bar.label == "willingness" else "normal")
    for x, word, side in _zones(threshold, reserve):
        ax.annotate(
            word,
            (x, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, 3),
            textcoords="offset points",
            fontsize=7.5,
            color=GREY,
            horizontalalignment=side,
        )
    ax.set_xlabel("stance points", fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def _zones(threshold: float, reserve: float) -> list[tuple[float, str, str]]:
    """Words above the panel: where, what, and on which side of there they stand."""
    if not reserve:
        return [(threshold - 1, "← likelier no", "right"), (threshold + 1, "likelier yes →", "left")]
    middle = [(threshold, "with conditions", "center")] if reserve >= WORDS else []
    return [(threshold - reserve - 1, "no", "right"), *middle, (threshold + reserve + 1, "yes", "left")]


def _said(answered: xr.Dataset) -> str:
    """The chance of one party, and what came of it."""
    chance = float(np.mean(answered.chance))
    said = f"chance of a yes {100 * chance:.1f} %"
    if bool((answered.reserve > 0).any()):
        said += f", of a full yes {100 * float(np.mean(answered.full)):.1f} %"
    if "run" in answered.dims:
        return f"{said} on average"
    grade = ANSWERS[float(answered.answer)]
    if bool(answered.told):
        return f"{said}; in history it {grade}"
    return f"{said}, coin {float(answered.coin):.3f}: {grade}"


def figures(answered: xr.Dataset) -> dict[str, Figure]:
    """The picture of this question: a panel for each party."""
    scenario, attrs = scenario_of(answered), answered.attrs
    parties = [answered.sel(party=party) for party in answered.party.values]
    sizes = [len(bars_of(one)) * ROW for one in parties]
    high = TITLE + FOOT + sum(sizes) + len(parties) * (HEADING + TICKS)
    figure = Figure(figsize=(WIDTH, high))
    which = f"run {attrs['run']}" if "run" in attrs else f"mean of {answered.sizes['run']:,} runs"
    head(figure, scenario, f"{attrs['label']}, {in_words(Date.fromisoformat(attrs['date']))}, {which}")
    top = high - TITLE
    for one, size in zip(parties, sizes, strict=True):
        top -= HEADING
        name = short(scenario, str(one.party.item()))
        figure.text(
            0.15 / WIDTH,
            (top + 0.24) / high,
            fitted(f"{name}: {_said(one)}", (WIDTH - 0.3) * 72, 9.5, True),
            fontsize=9.5,
            fontweight="bold",
            parse_math=False,
        )
        room = (LEFT / WIDTH, (top - size) / high, (WIDTH - LEFT - RIGHT) / WIDTH, size / high)
        ax = plot_why_answer(one, figure.add_axes(room))
        if one is not parties[-1]:
            ax.set_xlabel("")
        top -= size + TICKS
    note = "dashed: the willingness at which yes and no are equally likely"
    if bool((answered.reserve > 0).any()):
        note = "dashed: the threshold; shaded: the reserve to either side of it, where a yes comes with conditions"
    if "run" in answered.dims:
        note += "; line under the willingness: 5–95 % of runs"
    small_print(figure, answered, note)
    return {"why-answer": figure}
