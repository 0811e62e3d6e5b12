"""Single runs, looked at one beside the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes

from simulation.show.plots.dates import date_axis, place_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.labels import End, label_ends
from simulation.show.plots.palette import GREY, looks, short
from simulation.show.plots.stances import scale_axis

if TYPE_CHECKING:
    from simulation.runs.agents.model import ConflictModel

LINES = ("-", (0, (2, 1.5)), (0, (0.6, 1.2)))
"""How the first, the second and the third run are drawn."""


def plot_runs(models: Mapping[str, ConflictModel], ax: Axes, actors: Sequence[str]) -> Axes:
    """Draw the stances of some actors in single runs, the first as full lines, up to two more as broken ones.

    Parameters
    ----------
    models : up to three runs of one conflict, as far as they have been stepped, by what they are to be called
    actors : whom to draw, each named at the end of its line in the first run
    """
    first = next(iter(models.values()))
    scenario, look = first.scenario, looks(first.scenario)
    start, step = place_of(scenario, scenario.start), scenario.step_days if scenario.parties else 1.0
    whole = start + np.arange(scenario.steps + 1, dtype=np.float64) * step
    date_axis(ax, whole, scenario)
    scale_axis(ax, scenario)
    ends = []
    for place, (model, line) in enumerate(zip(models.values(), LINES, strict=False)):
        table = model.datacollector.get_agent_vars_dataframe()
        for name in actors:
            stance = table.stance[table.name == name].to_numpy()
            label = f"{name}, {list(models)[place]}"
            days = whole[: len(stance)]
            ax.plot(days, stance, color=look[name].colour, linestyle=line, linewidth=1.5, label=f"_{label}")
            if place == 0:
                heavy = name in scenario.parties
                ends.append(End(f"{short(scenario, name)} {stance[-1]:.0f}", stance[-1], look[name], heavy, heavy))
    for name, line in zip(models, LINES, strict=False):
        ax.plot([], [], color=GREY, linestyle=line, linewidth=1.5, label=name)
    ax.legend(fontsize=8, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    tidy(ax)
    label_ends(ax, ends)
    return ax
