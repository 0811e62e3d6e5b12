"""One scenario under several stance rules, side by side."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.scenario.schema import Scenario
from simulation.show.plots.dates import days_of
from simulation.show.plots.fans import BANDS, tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import shortened, width
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, looks, short
from simulation.show.plots.stances import plot_stances

MOST_ROWS = 14
"""Answers that a panel has room for; where there are more, the first of them."""

WIDE, HIGH, LEFT, RIGHT, GAP = 1.75, 1.7, 1.0, 1.55, 0.5
"""Inches: a panel, what is beside it, and what is between the stances of a rule and its answers."""

ACROSS = 4
"""Rules side by side."""

NAMES = 3.0
"""Inches that the names of the answers have at the most."""

TITLE, HEADING, AXIS, FOOT = 0.62, 0.34, 0.5, 0.55
"""Inches: the title, the name of a rule, what stands under a panel, and the small print."""


def plot_rule_answers(table: xr.Dataset, scenario: Scenario, ax: Axes, rule: str) -> Axes:
    """Draw the chance of every answer under one rule, a row an offer and party, with its 95 % interval.

    Parameters
    ----------
    table : of ``compare_rules(...).result``
    scenario : which names the parties and their colours
    """
    rows, look = answers_in(table), looks(scenario)
    for row, name in enumerate(rows):
        cell = table.sel(measure=name, rule=rule)
        value, low, high = (100 * float(cell[key]) for key in ("value", "low", "high"))
        if np.isnan(value):
            continue
        own = look[name.rsplit(".", 1)[-1]]
        ax.plot([low, high], [row, row], color=own.colour, linewidth=1.4, solid_capstyle="butt")
        ax.plot([value], [row], marker=own.marker, color=own.colour, markersize=4, linestyle="none", label=f"_{name}")
    ax.axvline(50, color=GREY, linewidth=0.6, zorder=0.5)
    ax.set_xlim(0, 100)
    ax.set_xticks([0, 50, 100], ["0", "50", "100"])
    ax.set_ylim(len(rows) - 0.4, -0.6)
    ax.set_yticks(range(len(rows)), [""] * len(rows))
    ax.set_xlabel("chance of acceptance (%)", fontsize=8)
    tidy(ax)
    ax.tick_params(axis="y", length=0)
    return ax


def answers_in(table: xr.Dataset) -> list[str]:
    """The answers among the measures of a table, the first ``MOST_ROWS``."""
    return [str(name) for name in table.measure.values if str(name).startswith("answer.")][:MOST_ROWS]


def figure_rules(result: xr.Dataset) -> Figure:
    """A panel a rule: above, the stances of the parties (of everybody, if nobody fights); below, their answers."""
    scenario = scenario_of(result)
    digests = {str(rule): result.sel(rule=rule) for rule in result.rule.values}
    rows = answers_in(result)
    words = [_row(scenario, row) for row in rows]
    left = max(LEFT, min(NAMES, max((width(text, 7.5) for text in words), default=0) / 72 + 0.25))
    lower = 0.2 + 0.2 * len(rows) if rows else 0.0
    block = HEADING + HIGH + (GAP + lower if rows else 0.0) + AXIS
    across = min(len(digests), ACROSS)
    wide, high = left + across * (WIDE + RIGHT), TITLE + -(-len(digests) // across) * block + FOOT
    figure = Figure(figsize=(wide, high))
    head(figure, scenario, "The same scenario under each stance rule, on common random numbers")
    for place, (rule, digest) in enumerate(digests.items()):
        down, column = divmod(place, across)
        start, top = left + column * (WIDE + RIGHT), high - TITLE - down * block - HEADING

        def panel(bottom: float, height: float, start: float = start) -> Axes:
            return figure.add_axes((start / wide, bottom / high, WIDE / wide, height / high))

        ax = panel(top - HIGH, HIGH)
        _stances(digest, scenario, ax)
        ax.set_title(rule, loc="left", fontsize=9.5, fontweight="bold", pad=5)
        if column:
            ax.set_ylabel("")
            ax.set_yticklabels([])
        if rows:
            below = plot_rule_answers(result, scenario, panel(top - HIGH - GAP - lower, lower), rule)
            ax.set_xlabel("")
            if not column:
                below.set_yticks(range(len(rows)), [shortened(text, 72 * left - 14, 7.5) for text in words])
                below.tick_params(axis="y", labelsize=7.5)
    note = f"{BANDS}; whiskers: 95 % interval of the chance" if rows else BANDS
    answers = sum(str(name).startswith("answer.") for name in result.measure.values)
    note += f"; the first {len(rows)} of {answers} answers" if len(rows) < answers else ""
    small_print(figure, result.assign_attrs(rule="as named"), note)
    return figure


def _stances(digest: xr.Dataset, scenario: Scenario, ax: Axes) -> None:
    """Draw the stances under one rule, over the first and the last date: more have no room."""
    plot_stances(digest, ax, actors=list(scenario.parties) or list(scenario.actors), beyond=72 * RIGHT - 8)
    ends = days_of(digest)[[0, -1]]
    if scenario.parties:
        words = [f"{day.astype('datetime64[D]').item():%d %b}" for day in digest.date.values[[0, -1]]]
    else:
        words = [f"{step:g}" for step in ends]
    ax.set_xticks(ends, words)
    first, last = ax.get_xticklabels()
    first.set_horizontalalignment("left")
    last.set_horizontalalignment("right")


def _row(scenario: Scenario, measure: str) -> str:
    _, offer, party = measure.split(".")
    return f"{offer}: {short(scenario, party)}"


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"rules": figure_rules(result)}
