"""How ceasefires of the world end: the share ended by each cause at each age, by form and term."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.show.plots.endings import LOOKS
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import End, extent, label_ends
from simulation.show.plots.page import filled
from simulation.show.plots.palette import GREY, Look, ink
from simulation.show.plots.truces import FEWEST
from simulation.show.plots.whiskers import whisker

TICKS = (1, 7, 30, 90, 365, 3650)
"""Days that are written at the axis, with how many truces are watched then."""

FIRST = 0.5
"""The day at which the axis starts: its scale is logarithmic."""

WIDE, HIGH, GAP = 3.3, 2.1, 0.95
LEFT, RIGHT, TITLE, FOOT = 0.75, 0.85, 0.75, 0.6
"""Inches: a panel, the room beneath it, and the margins of the page."""


def plot_incidence(result: xr.Dataset, ax: Axes, group: str) -> Axes:
    """Draw the share of a group that has ended by each cause at each age, with 95 % bands and the number at risk.

    Where some are in force when watching stops, lines end where fewer than ten are watched.

    Parameters
    ----------
    result : of ``simulation.truce_lives``
    group : one of ``result.group``
    """
    here = result.sel(group=group)
    if int(here.in_force):  # what becomes of those after they were watched is not known; that all have ended, is
        enough = min(FEWEST, int(here.at_risk[0]))
        here = here.isel(day=(here.day.values <= float(here.watched)) & (here.at_risk.values >= enough))
    days = np.maximum(here.day.values, FIRST)
    ax.set_xscale("log")
    ax.set_xlim(FIRST, float(result.day[-1]))
    ax.set_ylim(0, 100)
    ends = []
    for cause in map(str, here.cause.values[here.ended.values > 0]):
        colour, dashes = LOOKS[cause]
        look = Look(colour, ink(colour), dashes, "o", 1.8)
        share, low, high = (
            100 * here.incidence.sel(cause=cause, bound=bound).values for bound in ("value", "low", "high")
        )
        low, high = whisker(share, low, high)
        ax.fill_between(days, low, high, step="post", color=colour, alpha=0.16, linewidth=0, label=f"_{cause} band")
        ax.step(days, share, where="post", color=colour, linestyle=look.linestyle, linewidth=look.width, label=cause)
        ends.append(End(cause, float(share[-1]), look, float(share[-1]), False))
    label_ends(ax, ends)
    ax.set_title(f"{group} (n = {int(here.truces)})", loc="left", fontsize=9.5, fontweight="bold", pad=5)
    ax.set_ylabel("ended (%)", fontsize=8)
    ax.set_xticks(TICKS, [f"{day:,}" for day in TICKS])
    ax.set_xticks([], minor=True)
    ax.set_xlabel("days since it began", fontsize=8, labelpad=1)
    tidy(ax)
    _watched(ax, here)
    return ax


def _watched(ax: Axes, here: xr.Dataset) -> None:
    """Write below the axis how many truces are at risk at each tick."""
    _, up = extent(ax)
    ax.text(-0.01, -37 / up, "at risk", transform=ax.transAxes, fontsize=7, color=GREY, style="italic", ha="right")
    for day in TICKS:
        place = int(np.searchsorted(here.day.values, day))
        across = ax.transLimits.transform((np.log10(day), 0))[0]
        number = f"{int(here.at_risk[place]):,}" if place < here.sizes["day"] else "0"
        ax.text(across, -37 / up, number, transform=ax.transAxes, fontsize=7, color=GREY, ha="center")


def figure_lives(result: xr.Dataset) -> Figure:
    """A panel for each form and term that the file has, and what it rests on."""
    names = [str(name) for name in result.group.values if str(name).count(",") == 1] or ["all"]
    rows = -(-len(names) // 2)
    columns = min(len(names), 2)
    wide = columns * (LEFT + WIDE + RIGHT)
    high = TITLE + rows * (HIGH + GAP) + FOOT
    figure = Figure(figsize=(wide, high))
    figure.text(
        0.15 / wide, 1 - 0.27 / high, "How long ceasefires live, and how they end", fontsize=12, fontweight="bold"
    )
    figure.text(0.15 / wide, 1 - 0.47 / high, str(result.attrs["title"]), fontsize=9, color=GREY, parse_math=False)
    for place, name in enumerate(names):
        row, column = divmod(place, 2)
        left = column * (LEFT + WIDE + RIGHT) + LEFT
        bottom = high - TITLE - row * (HIGH + GAP) - 0.25 - HIGH
        plot_incidence(result, figure.add_axes((left / wide, bottom / high, WIDE / wide, HIGH / high)), name)
    used, read = int(result.truces.sel(group="all")), int(result.attrs["read"])
    why = f" (of most, {result.reason.values[result.left_out.values.argmax()]})" if used < read else ""
    note = (
        f"{used:,} of {read:,} ceasefires; the others are left out{why}. Cumulative "
        "incidence (Aalen & Johansen 1978): causes compete, so that the lines of a panel sum to what has ended; bands: "
        "95 %, conflicts drawn anew; at risk: truces in force at that age and watched"
    )
    figure.text(
        0.15 / wide,
        0.1 / high,
        filled(f"{note}.", wide),
        fontsize=7,
        color=GREY,
        verticalalignment="bottom",
        linespacing=1.3,
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"truces": figure_lives(result)}
