"""How far coders agree: alpha of each variable, over all wars and war by war."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.agreement.describe import SAFE, TENTATIVE
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.palette import FAINT, GREY

WIDTH, LEFT, RIGHT = 7.6, 1.5, 0.5
TITLE, FOOT, ROW = 0.62, 0.95, 0.27
"""Inches: the page, its margins, and the height of a row."""

INK, WAR = "#0072B2", "#8A8A8A"

LEAST = -0.15
"""Alpha at the left edge; what lies below it is drawn there."""


def plot_agreement(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw alpha of each variable with its 95 % interval, and behind it that of each war as a grey ring.

    Lines mark from where one may rely on a variable, and from where conclusions are tentative.

    Parameters
    ----------
    result : of ``simulation.agreement``
    """
    whole, rows = result.isel(war=0), np.arange(result.sizes["variable"])
    for place, style in ((TENTATIVE, (0, (2, 2))), (SAFE, "solid")):
        ax.axvline(place, color=FAINT, linewidth=0.9, linestyle=style, zorder=0)
    ax.axvline(0, color=FAINT, linewidth=0.6, zorder=0)
    for war in range(1, result.sizes["war"]):
        values = np.maximum(result.alpha.isel(war=war).values, LEAST)
        ax.plot(values, rows, "o", markersize=4, markerfacecolor="none", markeredgecolor=WAR, linewidth=0)
    ax.hlines(rows, whole.low.values, whole.high.values, color=INK, linewidth=2.2, zorder=3)
    ax.plot(whole.alpha.values, rows, "o", markersize=6, color=INK, linewidth=0, zorder=4)
    for row, (value, units) in enumerate(zip(whole.alpha.values, whole.units.values, strict=True)):
        if np.isnan(value):
            text = f"{units} units" if units else "not coded by both"
            ax.text(0.02, row, text, fontsize=7.5, color=GREY, verticalalignment="center_baseline")
    ax.set_xlim(LEAST - 0.03, 1.03)
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(rows, [str(name) for name in result.variable.values], fontsize=9)
    ax.set_xlabel("Krippendorff's alpha", fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The picture of this question, by name."""
    count = result.sizes["variable"]
    high = TITLE + FOOT + count * ROW
    figure = Figure(figsize=(WIDTH, high))
    ax = figure.add_axes((LEFT / WIDTH, FOOT / high, (WIDTH - LEFT - RIGHT) / WIDTH, count * ROW / high))
    plot_agreement(result, ax)
    coders = " and ".join(str(coder) for coder in result.coder.values)
    several = result.sizes["war"] > 1
    across = (WIDTH - 0.3) * 72
    left = 0.15 / WIDTH
    subtitle = f"{result.attrs['title']}: coders {coders}, who worked apart"
    for text, size, down, weight, colour in (
        ("How far the coders agree", 12.0, 0.27, "bold", "#111111"),
        (subtitle, 9.0, 0.47, "normal", GREY),
    ):
        line = fitted(text, across, size, weight == "bold")
        figure.text(left, 1 - down / high, line, fontsize=size, fontweight=weight, color=colour, parse_math=False)
    rings = "; rings: each war" if several else ""
    notes = (
        f"Blue: {'all wars' if several else 'the war'}, with 95 % interval ({result.attrs['drawn']} drawn anew "
        f"{result.attrs['resamples']:,} times){rings}.",
        f"1 always agree, 0 as often as by chance; from {SAFE:g} (line) a variable may be relied on, from "
        f"{TENTATIVE:g} (dashes) tentatively.",
    )
    figure.text(left, 0.1 / high, "\n".join(notes), fontsize=7, color=GREY, verticalalignment="bottom", linespacing=1.3)
    return {"agreement": figure}
