"""How long the first truce holds, and how it ends."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.dynamics.state import Array
from simulation.runs.results import condense, scenario_of, wilson
from simulation.runs.results.survival import Survival, incidence_of_first_truces, of_first_truces
from simulation.runs.results.wording import percent
from simulation.show.plots.endings import LOOKS
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import HALO, End, extent, label_ends, width
from simulation.show.plots.page import FOOT, LEFT, RIGHT, TITLE, WIDTH, head, small_print
from simulation.show.plots.palette import GREY, Look, ink

FEWEST = 10
"""Truces watched below which no curve is drawn on."""

COLOUR = "#4A3B7C"
"""No party's colour: a truce belongs to all of them."""


def plot_truce_survival(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw how many of the first truces still hold after so many days, with a 95 % band and the number at risk.

    The curve ends where fewer than ten are watched.
    """
    digest = condense(result)
    runs, started = int(digest.attrs["runs"]), int(digest.first_truce.sum())
    share, low, high = wilson(started, runs)
    ax.set_ylim(0, 100)
    ax.set_ylabel("first truces still in force (%)", fontsize=8)
    ax.set_xlabel("days since the truce began", fontsize=8)
    tidy(ax)
    if started == 0:
        ax.set_title(f"No truce starts in any of the {runs:,} runs", loc="left", fontsize=9.5, fontweight="bold")
        ax.set_xlim(0, float(digest.age[-1]))
        ax.text(
            0.5,
            0.5,
            f"no truce starts\n(95 % interval 0–{100 * high:.2g} % of runs)",
            transform=ax.transAxes,
            horizontalalignment="center",
            verticalalignment="center",
            color=GREY,
            fontsize=10,
        )
        return ax
    said = percent({"chance": share, "low": low, "high": high})
    ax.set_title(f"A truce starts in {said} of runs", loc="left", fontsize=9.5, fontweight="bold")
    table = of_first_truces(digest)
    seen = watched(table.at_risk)
    days = table.days[seen]
    ax.set_xlim(0, max(float(days[-1]), float(table.days[1])))
    ax.fill_between(
        days,
        100 * table.low[seen],
        100 * table.high[seen],
        step="post",
        color=COLOUR,
        alpha=0.2,
        linewidth=0,
        label="_95 % band",
    )
    ax.step(days, 100 * table.alive[seen], where="post", color=COLOUR, linewidth=2, label="first truces", clip_on=False)
    _median(ax, table, float(days[-1]))
    _numbers_at_risk(ax, table.days, table.at_risk)
    return ax


def watched(at_risk: Array) -> slice:
    """The ages at which ten truces or more are watched; where there are not even so many, one or more."""
    enough = FEWEST if at_risk[0] >= FEWEST else 1
    return slice(0, int(np.flatnonzero(at_risk >= enough)[-1]) + 1)


def plot_truce_endings(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw what share of the first truces was broken, lapsed or was replaced within so many days.

    The causes compete, so that the lines add up to what has ended. They end where fewer than ten truces are watched.
    """
    table = incidence_of_first_truces(result)
    ax.set_ylim(0, 100)
    ax.set_ylabel("ended (%)", fontsize=8)
    ax.set_xlabel("days since the truce began", fontsize=8)
    ax.set_title("How it ends", loc="left", fontsize=9.5, fontweight="bold")
    tidy(ax)
    seen = watched(table.at_risk)
    days = table.days[seen]
    ax.set_xlim(0, max(float(days[-1]), float(table.days[1])))
    ends = []
    for cause, share in zip(table.causes, 100 * table.share[:, seen], strict=True):
        if not share.any():
            continue
        colour, dashes = LOOKS[cause]
        look = Look(colour, ink(colour), dashes, "o", 1.8)
        ax.step(
            days, share, where="post", color=colour, linestyle=look.linestyle, linewidth=2, label=cause, clip_on=False
        )
        ends.append(End(cause, float(share[-1]), look, float(share[-1]), False))
    label_ends(ax, ends)
    _numbers_at_risk(ax, table.days, table.at_risk)
    return ax


def _median(ax: Axes, table: Survival, end: float) -> None:
    """Mark the age by which half of the truces are over, where it is reached before the curve ends."""
    day = table.within(0.5)
    if np.isnan(day) or day > end:
        ax.text(
            0.99,
            0.97,
            "more than half hold as long as they are watched",
            transform=ax.transAxes,
            horizontalalignment="right",
            verticalalignment="top",
            fontsize=8,
            color=COLOUR,
        )
        return
    ax.plot([0, day, day], [50, 50, 0], color=GREY, linewidth=0.8, linestyle=(0, (3, 2)), zorder=1)
    across, _ = extent(ax)
    text = f"half are over within {day:g} {'day' if day == 1 else 'days'}"
    right = day / ax.get_xlim()[1] * across + 8 + width(text, 8) < across
    ax.annotate(
        text,
        (day, 50),
        xytext=(8 if right else -8, 12),
        bbox=HALO,
        textcoords="offset points",
        horizontalalignment="left" if right else "right",
        fontsize=8,
        color=COLOUR,
    )


def _numbers_at_risk(ax: Axes, days: Array, at_risk: Array) -> None:
    """Write below the axis how many truces are at risk at each tick: in force so far, and watched."""
    _, up = extent(ax)
    end = ax.get_xlim()[1]
    ticks = [float(tick) for tick in ax.get_xticks() if 0 <= tick <= end]
    ax.set_xticks(ticks)
    ax.text(0, -40 / up, "number at risk", transform=ax.transAxes, fontsize=7.5, color=GREY, style="italic")
    for tick in ticks:
        place = int(np.searchsorted(days, tick, side="left"))
        number = int(at_risk[place]) if place < len(at_risk) else 0
        ax.text(
            tick / end,
            -51 / up,
            f"{number:,}",
            transform=ax.transAxes,
            fontsize=7.5,
            color=GREY,
            horizontalalignment="center",
        )


def figure_truces(result: xr.Dataset) -> Figure:
    """How long the first truce holds, and how it ends where it ends in more than one way, on a page of its own."""
    digest = condense(result)
    ways = int((digest.ended.sum("age").values[1:] > 0).sum())
    panels = [plot_truce_survival, *([plot_truce_endings] if ways > 1 or digest.ended[2:].any() else [])]
    wide, panel, foot = WIDTH, 3.2 if len(panels) == 1 else 2.6, 0.55 if len(panels) == 1 else 0.8
    row = 0.35 + panel + foot
    high = TITLE + len(panels) * row - 0.05 + FOOT
    figure = Figure(figsize=(wide, high))
    ended = " and how it ends" if len(panels) > 1 else ""
    head(figure, scenario_of(digest), f"How long the first truce holds{ended}")
    for number, draw in enumerate(reversed(panels)):
        bottom = FOOT + foot + number * row
        draw(digest, figure.add_axes((LEFT / wide, bottom / high, (wide - LEFT - RIGHT) / wide, panel / high)))
    note = (
        "Kaplan–Meier share of first truces, band: 95 % (Rothman 1978); those in force at the end count as far as they "
        "were watched; curves end where fewer than ten are watched"
    )
    if len(panels) > 1:
        note += "; endings: cumulative incidence (Aalen & Johansen 1978), a replaced truce being over"
    small_print(figure, digest, note)
    return figure
