"""How long the first truce holds."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.runs.results import condense, scenario_of, wilson
from simulation.runs.results.survival import Survival, of_first_truces
from simulation.show.plots.fans import tidy
from simulation.show.plots.labels import HALO, extent, width
from simulation.show.plots.page import FOOT, LEFT, RIGHT, TITLE, WIDTH, head, small_print
from simulation.show.plots.palette import GREY

COLOUR = "#4A3B7C"
"""No party's colour: a truce belongs to all of them."""


def plot_truce_survival(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw how many of the first truces still hold after so many days, with a 95 % band and the number watched."""
    digest = condense(result)
    runs, started = int(digest.attrs["runs"]), int(digest.first_truce.sum())
    share, low, high = (100 * number for number in wilson(started, runs))
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
            f"no truce starts\n(95 % interval 0–{high:.2g} % of runs)",
            transform=ax.transAxes,
            horizontalalignment="center",
            verticalalignment="center",
            color=GREY,
            fontsize=10,
        )
        return ax
    ax.set_title(
        f"A truce starts in {share:.0f} % of runs ({low:.0f}–{high:.0f} %)", loc="left", fontsize=9.5, fontweight="bold"
    )
    table = of_first_truces(digest)
    last = int(np.flatnonzero(table.at_risk > 0)[-1])
    seen = slice(0, last + 1)
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
    _median(ax, table)
    _numbers_at_risk(ax, table)
    return ax


def _median(ax: Axes, table: Survival) -> None:
    """Mark the age by which half of the truces have collapsed, where it is reached."""
    day = table.within(0.5)
    if np.isnan(day):
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
    text = f"half collapse within {day:g} {'day' if day == 1 else 'days'}"
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


def _numbers_at_risk(ax: Axes, table: Survival) -> None:
    """Write below the axis how many truces are watched at each tick."""
    _, up = extent(ax)
    end = ax.get_xlim()[1]
    ticks = [float(tick) for tick in ax.get_xticks() if 0 <= tick <= end]
    ax.set_xticks(ticks)
    ax.text(0, -40 / up, "truces watched", transform=ax.transAxes, fontsize=7.5, color=GREY, style="italic")
    for tick in ticks:
        place = int(np.searchsorted(table.days, tick, side="left"))
        number = int(table.at_risk[place]) if place < len(table.at_risk) else 0
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
    """How long the first truce holds, on a page of its own."""
    digest = condense(result)
    wide, panel = WIDTH, 3.2
    high = TITLE + 0.3 + panel + 0.55 + FOOT
    figure = Figure(figsize=(wide, high))
    head(figure, scenario_of(digest), "How long the first truce holds")
    ax = figure.add_axes((LEFT / wide, (FOOT + 0.55) / high, (wide - LEFT - RIGHT) / wide, panel / high))
    plot_truce_survival(digest, ax)
    note = (
        "Kaplan–Meier share of first truces, band: 95 % (Rothman 1978); those in force at the end count as far as they "
        "were watched"
    )
    small_print(figure, digest, note)
    return figure
