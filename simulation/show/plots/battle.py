"""Who holds the ground, and what the fighting costs."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from simulation.runs.results import condense, scenario_of
from simulation.scenario.errors import ScenarioError
from simulation.show.plots.dates import date_axis, days_of
from simulation.show.plots.fans import bands_of, plot_parties, tidy
from simulation.show.plots.page import Panel, sheet

RECORDED, SIMULATED = "#B9B3A6", "#4A3B7C"
"""What was counted, and what the runs say: no party's colours."""


def plot_control(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw each party's share of the contested ground along time, as a fan."""
    ax.set_ylim(0, 100)
    ax.set_ylabel("contested ground held (%)", fontsize=8)
    return plot_parties(result, ax, "control", 100.0, "{:.0f} %")


def plot_exhaustion(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw each party's exhaustion along time, as a fan."""
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 fresh", "0.25", "0.5", "0.75", "1 spent"])
    ax.set_ylabel("exhaustion (share)", fontsize=8)
    return plot_parties(result, ax, "exhaustion", 1.0, "{:.2f}")


def plot_fighting(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the recorded series of fighting as bars, added up by step, and over it the intensity of simulated fighting.

    Parameters
    ----------
    result : of ``run_ensemble``, of a scenario that has such a series
    """
    digest = condense(result)
    scenario, days = scenario_of(digest), days_of(digest)
    if scenario.series is None:
        raise ScenarioError("plot_fighting: the scenario has no series of fighting.")
    fighting = scenario.series.fighting
    date_axis(ax, days, scenario)
    totals = np.zeros(scenario.steps)
    for day, value in zip(fighting.dates, fighting.values, strict=True):
        if scenario.start <= day and (step := scenario.step_of(day)) < scenario.steps:
            totals[step] += value
    ax.fill_between(days, [*totals, totals[-1]], step="post", color=RECORDED, linewidth=0, label="_as recorded")
    ax.set_ylim(0, max(float(totals.max()) * 1.05, 1.0))
    ax.set_ylabel("recorded", fontsize=8)
    ax.yaxis.set_major_locator(MaxNLocator(3))
    tidy(ax)
    beside = ax.twinx()
    intensity = 1 - (1 - scenario.coefficients.battle.residual) * digest.in_force.values / int(digest.attrs["runs"])
    beside.plot(days, intensity, color=SIMULATED, linewidth=1.3, label="_simulated intensity")
    beside.set_ylim(0, 1.05)
    beside.set_yticks([0, 0.5, 1], ["0", "0.5", "1 open war"])
    tidy(beside, ("right",))
    return ax


def figure_battle(result: xr.Dataset) -> Figure:
    """Ground and exhaustion, one above the other."""
    digest = condense(result)
    scenario = scenario_of(digest)
    panels, note = [Panel("Ground", 2.2), Panel("Exhaustion", 2.2)], bands_of(digest)
    if scenario.series is not None:
        panels.append(Panel("Fighting: as recorded (bars), and its simulated intensity (line)", 1.0))
        note += "; bars: the recorded series added up by step; the line is 1 in open war"
    title = "Who holds the ground, and what the fighting costs"
    figure, (control, exhaustion, *fighting) = sheet(digest, title, panels, note)
    plot_control(digest, control)
    plot_exhaustion(digest, exhaustion)
    for ax in fighting:
        plot_fighting(digest, ax)
    return figure
