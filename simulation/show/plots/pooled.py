"""What many wars taught of the coefficients they share, which wars pull them, and how well each is foretold."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.record.benchmark.forecasts import FLOOR, RATE, RIDGE
from simulation.questions.record.pooled.left_out import LEARNT
from simulation.runs.results.wording import fixed
from simulation.show.plots.calibration import LEARNT as DARK
from simulation.show.plots.calibration import brief
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted
from simulation.show.plots.page import filled
from simulation.show.plots.palette import FAINT, GREY

OTHERS = "#CC6677"


def plot_shrinkage(result: xr.Dataset, ax: Axes) -> Axes:
    """Prior (grey) and posterior (dark) of every coefficient, in standard deviations of the prior about its mean.

    Median and 90 % interval; a cross is the default.
    """
    order = np.argsort(result.told_apart.values)
    for place, number in enumerate(order):
        here = result.isel(coefficient=number)
        centre, unit = float(here.prior_mean), float(here.prior_sd)
        low, _, high = (here.prior_interval.values - centre) / unit
        ax.plot([low, high], [place, place], color=FAINT, linewidth=5, solid_capstyle="butt")
        low, median, high = (here.interval.values - centre) / unit
        ax.plot([low, high], [place, place], color=DARK, linewidth=1.6)
        ax.plot([median], [place], marker="o", color=DARK, markersize=4)
        default = (float(here.default) - centre) / unit
        ax.plot([np.clip(default, -2.6, 2.6)], [place], marker="x", color="black", markersize=5)
        low, median, high = here.interval.values
        ax.text(
            1.01,
            place,
            f"{median:.3g} ({low:.2g} to {high:.2g})",
            transform=ax.get_yaxis_transform(),
            fontsize=7,
            color=GREY,
            verticalalignment="center",
        )
    ax.set_yticks(range(len(order)), [brief(str(result.coefficient.values[k])) for k in order], fontsize=7.5)
    ax.set_ylim(-0.7, len(order) - 0.3)
    ax.set_xlim(-2.8, 2.8)
    ax.set_xlabel("standard deviations of the prior", fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    tidy(ax)
    return ax


def plot_pulls(result: xr.Dataset, ax: Axes) -> Axes:
    """How far each war pulls each posterior mean, in standard deviations of the prior; red up, blue down."""
    order = np.argsort(result.told_apart.values)[::-1]
    table = result["shift"].values[order]
    most = max(float(np.abs(table).max()), 0.1)
    ax.imshow(table, cmap="RdBu_r", vmin=-most, vmax=most, aspect="auto")
    for row, column in np.ndindex(table.shape):
        strong = abs(table[row, column]) > 0.6 * most
        text = fixed(float(table[row, column]), "+.1f").removeprefix("0.0")
        ax.text(column, row, text, ha="center", va="center", fontsize=6.5, color="white" if strong else "black")
    ax.set_yticks(range(len(order)), [brief(str(result.coefficient.values[k])) for k in order], fontsize=7.5)
    names = [str(name) for name in result.left_out.values]
    ax.set_xticks(range(len(names)), names, fontsize=7, rotation=40, ha="right")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    return ax


def plot_left_out(result: xr.Dataset, ax: Axes, coding: str) -> Axes:
    """The mean Brier score of each war, forecast by what the others taught, beside simpler forecasts."""
    here = result.war_score.sel(coding=coding, score="brier")
    wars = np.array([name for name in result.war.values if not np.isnan(here.sel(war=name, forecast=LEARNT))])
    wars = wars[np.argsort(here.sel(forecast=LEARNT, war=wars).values)[::-1]]
    looks = {
        FLOOR: ("|", GREY, "least possible"),
        RATE: ("s", "#BBBBBB", "base rate"),
        RIDGE: ("D", OTHERS, "ridge"),
        LEARNT: ("o", DARK, "model"),
    }
    for name, (marker, colour, label) in looks.items():
        values = here.sel(forecast=name, war=wars).values
        ax.scatter(values, range(len(wars)), marker=marker, color=colour, s=22, label=label, zorder=3)
    ax.axvline(0.25, color=GREY, linewidth=0.8, linestyle=":")
    ax.set_yticks(range(len(wars)), list(wars), fontsize=7.5)
    ax.set_xlabel(f"mean Brier score, less is better; dotted: a coin ({coding})", fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    ax.legend(fontsize=7, frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=4, handletextpad=0.2)
    tidy(ax)
    return ax


def _page(result: xr.Dataset, wide: float, high: float, title: str, note: str) -> Figure:
    figure = Figure(figsize=(wide, high))
    lines = ((f"{title}: {result.attrs['title']}", 12.0, high - 0.27), (f"{_drawn(result)}; {note}.", 7.0, 0.12))
    for text, size, up in lines:
        said = fitted(text, (wide - 0.3) * 72, size, True) if size > 7 else filled(text, wide)
        weight, colour = ("bold", "#111111") if size > 7 else ("normal", GREY)
        figure.text(0.15 / wide, up / high, said, fontsize=size, fontweight=weight, color=colour, parse_math=False)
    return figure


def _drawn(result: xr.Dataset) -> str:
    """How many draws, on what."""
    codings = ", ".join(map(str, result.coding.values))
    return f"{int(result.attrs['runs']):,} draws, seed {result.attrs['seed']}, coding {codings}"


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    rows = result.sizes["coefficient"]
    effective = ", ".join(f"{float(number):.0f}" for number in result.effective[:, -1])
    wide, high = 8.6, 0.19 * rows + 2.2
    shrunk = _page(
        result,
        wide,
        high,
        "What many wars say about the coefficients",
        f"grey: prior, dark: posterior, median and 90 % interval; cross: the default; {effective} effective draws",
    )
    plot_shrinkage(result, shrunk.add_axes((2.3 / wide, 1.05 / high, (wide - 4.2) / wide, (high - 1.85) / high)))
    wide, high = 8.6, 0.19 * rows + 3.0
    pulls = _page(
        result,
        wide,
        high,
        "Which wars pull the coefficients",
        "how much higher the posterior mean is than without the war, in standard deviations of the prior",
    )
    plot_pulls(result, pulls.add_axes((2.3 / wide, 1.85 / high, (wide - 2.6) / wide, (high - 2.65) / high)))
    drawn = {"calibrate-wars": shrunk, "calibrate-wars-pulls": pulls}
    if "war_score" in result:
        codings = [str(name) for name in result.coding.values]
        each = 0.24 * result.sizes["war"] + 1.1
        wide, high = 7.5, each * len(codings) + 1.6
        left_out = _page(
            result,
            wide,
            high,
            "Each war by what the others taught",
            "answers to others' offers; nothing is learnt from the war that is forecast",
        )
        for place, coding in enumerate(codings):
            bottom = 0.95 + 0.5 + each * (len(codings) - 1 - place)
            ax = left_out.add_axes((1.9 / wide, bottom / high, (wide - 2.2) / wide, (each - 0.95) / high))
            plot_left_out(result, ax, coding)
        drawn["calibrate-wars-left-out"] = left_out
    return drawn
