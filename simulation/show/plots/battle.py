"""Who holds the ground, and what the fighting costs."""

from __future__ import annotations

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.runs.results import condense
from simulation.show.plots.fans import bands_of, plot_parties
from simulation.show.plots.page import Panel, sheet


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


def figure_battle(result: xr.Dataset) -> Figure:
    """Ground and exhaustion, one above the other."""
    digest = condense(result)
    panels = [Panel("Ground", 2.2), Panel("Exhaustion", 2.2)]
    title = "Who holds the ground, and what the fighting costs"
    figure, (control, exhaustion) = sheet(digest, title, panels, bands_of(digest))
    plot_control(digest, control)
    plot_exhaustion(digest, exhaustion)
    return figure
