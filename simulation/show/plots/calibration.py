"""What calibration learnt: priors and posteriors, pairs of coefficients, and what was recovered of known ones."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.questions.record.calibration import resampled
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import fixed
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted, folded
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY
from simulation.show.plots.words import input_words

LEARNT = "#4A3B7C"
MOST_PAIRS = 4
"""Coefficients in the picture of pairs: those of which the answers take most uncertainty away."""


def brief(key: str) -> str:
    """A coefficient's key without what every key has."""
    return key.removeprefix("coefficients.").removeprefix("actors.")


def plot_marginals(posterior: xr.Dataset, ax: Axes) -> Axes:
    """Prior (grey) and posterior (dark) of every coefficient as multiples of its default: mean and 90 % interval."""
    order = np.argsort(posterior.told_apart.values)
    for place, number in enumerate(order):
        here = posterior.isel(coefficient=number)
        unit = float(here.default)
        ax.plot(here.prior_interval.values / unit, [place, place], color=FAINT, linewidth=5, solid_capstyle="butt")
        ax.plot(here.interval.values / unit, [place, place], color=LEARNT, linewidth=1.6)
        ax.plot([float(here["mean"]) / unit], [place], marker="o", color=LEARNT, markersize=4)
        ax.text(
            1.01,
            place,
            f"{100 * max(float(here.told_apart), 0):.0f} %",
            transform=ax.get_yaxis_transform(),
            fontsize=7,
            color=GREY,
            verticalalignment="center",
        )
    ax.axvline(1, color=GREY, linewidth=0.8, linestyle=":")
    scenario = scenario_of(posterior)
    names = [input_words(scenario, str(posterior.coefficient.values[number])) for number in order]
    ax.set_yticks(range(len(names)), [fitted(name, 2.3 * 72, 7.5) for name in names], fontsize=7.5)
    ax.set_ylim(-0.7, len(names) - 0.3)
    ax.set_xlabel("multiples of the default", fontsize=8)
    ax.tick_params(axis="x", labelsize=7.5)
    tidy(ax)
    return ax


def plot_pair(posterior: xr.Dataset, ax: Axes, across: str, up: str, draws: int = 1500) -> Axes:
    """Draws from the posterior of two coefficients, with their correlation; a cross at the defaults."""
    values = resampled(posterior, draws)
    ax.scatter(values[across], values[up], s=3, color=LEARNT, alpha=0.2, linewidths=0, rasterized=True)
    defaults = [float(posterior.default.sel(coefficient=key)) for key in (across, up)]
    ax.plot(defaults[:1], defaults[1:], marker="+", color="black", markersize=9)
    together = float(posterior.correlation.sel(coefficient=across, other=up))
    ax.text(0.97, 0.95, f"r = {fixed(together, '+.2f')}", transform=ax.transAxes, fontsize=7, ha="right", va="top")
    ax.tick_params(labelsize=6.5)
    tidy(ax)
    return ax


def figure_calibration(posterior: xr.Dataset) -> Figure:
    """Marginals of every coefficient, those of which most was learnt on top."""
    rows = posterior.sizes["coefficient"]
    wide, high = 7.5, 0.19 * rows + 2.2
    figure = Figure(figsize=(wide, high))
    ax = figure.add_axes((2.5 / wide, 1.05 / high, (wide - 3.2) / wide, (high - 1.85) / high))
    plot_marginals(posterior, ax)
    head(figure, scenario_of(posterior), "What the answers say about the coefficients")
    small_print(
        figure,
        posterior,
        f"answers before {posterior.attrs['until']}; grey: prior, dark: posterior, mean and 90 % interval; right: "
        f"share of the prior's variance taken away; {float(posterior.effective[-1]):.0f} effective draws",
    )
    return figure


def figure_pairs(posterior: xr.Dataset) -> Figure:
    """Pairs of the coefficients of which most was learnt."""
    order = np.argsort(-posterior.told_apart.values)[:MOST_PAIRS]
    keys = [str(posterior.coefficient.values[number]) for number in order]
    names = [folded(input_words(scenario_of(posterior), key), 1.6 * 72, 2, 7) for key in keys]
    count = len(keys)
    side = 1.75
    wide, high = side * count + 0.9, side * count + 1.6
    figure = Figure(figsize=(wide, high))
    grid = figure.add_gridspec(
        count,
        count,
        left=0.75 / wide,
        right=1 - 0.15 / wide,
        bottom=0.95 / high,
        top=1 - 0.7 / high,
        hspace=0.15,
        wspace=0.15,
    )
    values = resampled(posterior, 4000)
    for row in range(count):
        for column in range(row + 1):
            ax = figure.add_subplot(grid[row, column])
            if row == column:
                ax.hist(values[keys[row]], bins=30, color=LEARNT, alpha=0.7)
                ax.set_yticks([])
                ax.tick_params(labelsize=6.5)
                tidy(ax, ("bottom",))
            else:
                plot_pair(posterior, ax, keys[column], keys[row])
            if row == count - 1:
                ax.set_xlabel(names[column], fontsize=7)
            else:
                ax.set_xticklabels([])
            if column == 0 and row > 0:
                ax.set_ylabel(names[row], fontsize=7)
            elif column > 0:
                ax.set_yticklabels([])
    head(figure, scenario_of(posterior), "Coefficients together")
    small_print(figure, posterior, "draws from the posterior; cross: the defaults")
    return figure


def plot_recovered(recovery: xr.Dataset, ax: Axes, coefficient: str) -> Axes:
    """Posterior mean and 90 % interval against the truth, a mark for each simulated history."""
    here = recovery.sel(coefficient=coefficient)
    truth, mean = here.truth.values, here["mean"].values
    low, high = here.interval.values.T
    ends = [min(truth.min(), low.min()), max(truth.max(), high.max())]
    ax.plot(ends, ends, color=GREY, linewidth=0.8)
    inside = (low <= truth) & (truth <= high)
    for chosen, colour in ((inside, LEARNT), (~inside, "#CC6677")):
        ax.vlines(truth[chosen], low[chosen], high[chosen], color=colour, alpha=0.35, linewidth=0.9)
        ax.plot(truth[chosen], mean[chosen], "o", color=colour, markersize=2.5)
    found = float(here.found)
    with_truth = "" if np.isnan(found) else f": r = {fixed(found, '+.2f')}"
    name = fitted(input_words(scenario_of(recovery), coefficient), 1.5 * 72, 7.5)
    ax.set_title(f"{name}{with_truth}", fontsize=7.5, loc="left")
    ax.tick_params(labelsize=6.5)
    tidy(ax)
    return ax


def figure_recovery(recovery: xr.Dataset) -> Figure:
    """The six coefficients found best and the three found worst, when they were known."""
    order = np.argsort(-np.nan_to_num(recovery.found.values, nan=-1.0))
    chosen = list(dict.fromkeys([*order[:6], *order[-3:]]))
    rows = -(-len(chosen) // 3)
    wide, high = 7.5, 1.9 * rows + 1.5
    figure = Figure(figsize=(wide, high))
    grid = figure.add_gridspec(
        rows,
        3,
        left=0.6 / wide,
        right=1 - 0.15 / wide,
        bottom=0.95 / high,
        top=1 - 0.95 / high,
        hspace=0.4,
        wspace=0.25,
    )
    for place, number in enumerate(chosen):
        ax = figure.add_subplot(grid[place // 3, place % 3])
        plot_recovered(recovery, ax, str(recovery.coefficient.values[number]))
        if place % 3 == 0:
            ax.set_ylabel("found", fontsize=7.5)
        if place // 3 == rows - 1:
            ax.set_xlabel("true", fontsize=7.5)
    head(figure, scenario_of(recovery), "Known coefficients, and what calibration found")
    share, low, above = (100 * float(number) for number in recovery.covered_all)
    span = f"{low:.0f}–{above:.0f}" if np.isfinite(low) else "too few histories for an interval"
    small_print(
        figure,
        recovery,
        f"{recovery.attrs['histories']} simulated histories; posterior means and 90 % intervals, red where the truth "
        f"is outside; over all coefficients {share:.0f} % inside ({span}); r: correlation of means and truth",
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"calibrate": figure_calibration(result), "calibrate-pairs": figure_pairs(result)}


def recovery_figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"recover": figure_recovery(result)}
