"""Stances along time, by actor and side."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulation.parameters import nearest
from simulation.runs.results import condense, quantiles_of, scenario_of
from simulation.scenario.errors import ScenarioError
from simulation.scenario.labels import marks_of_ends, span, standing
from simulation.scenario.schema import Scenario
from simulation.show.plots.dates import date_axis, days_of
from simulation.show.plots.fans import bands_of, draw_fan, luck_of, tidy
from simulation.show.plots.labels import End, folded, label_ends, width
from simulation.show.plots.page import Panel, sheet
from simulation.show.plots.palette import Look, in_full, looks, short

MOST_FANS = 12
"""Fans in one panel; where there are more actors, the less influential are lines only."""

MOST_SIDES = 5

TICKS = 56.0
"""Points that the words for an end of the scale have beside the axis."""


def plot_stances(
    result: xr.Dataset,
    ax: Axes,
    actors: Sequence[str] | None = None,
    side: str | None = None,
    beyond: float | None = None,
    before: xr.Dataset | None = None,
) -> Axes:
    """Draw the stances of some actors along time as fans, each named at the end of its line with its median there.

    Parameters
    ----------
    result : of ``run_ensemble``
    actors : whom to draw; by default everybody
    side : draw those of this side only
    beyond : how far names may run past the right edge, in points; to that of the figure, if left out
    before : an earlier result, whose medians are dotted in, "as it was", of the actors that both have

    Raises
    ------
    ScenarioError
        for an actor or a side that the scenario does not have
    """
    digest = condense(result)
    scenario, days = scenario_of(digest), days_of(digest)
    names = _chosen(scenario, actors, side)
    look = looks(scenario)
    weight = {name: scenario.actors[name].influence.best + 1000 * (name in scenario.parties) for name in names}
    fans = set(sorted(names, key=lambda name: -weight[name])[:MOST_FANS])
    date_axis(ax, days, scenario)
    scale_axis(ax, scenario)
    ax.axhline(50, color="#DDDDDD", linewidth=0.6, zorder=0.4)
    ends, table = [], quantiles_of(digest, "stance")
    for name in sorted(names, key=lambda name: weight[name]):  # the weightiest on top
        quantiles = table.sel(actor=name).values
        draw_fan(ax, days, quantiles, look[name], name, name in fans, luck_of(digest, "stance", actor=name))
        last = float(quantiles[2, -1])
        text = f"{short(scenario, name)} {last:.0f}"
        ends.append(End(text, last, look[name], weight[name], name in scenario.parties))
    if before is not None:
        _earlier(ax, condense(before), [(name, look[name]) for name in names])
    tidy(ax)
    label_ends(ax, ends, beyond)
    return ax


def _earlier(ax: Axes, was: xr.Dataset, lines: Sequence[tuple[str, Look]]) -> None:
    """Dot in the medians of an earlier result."""
    days, medians = days_of(was), quantiles_of(was, "stance").sel(quantile=0.5)
    for name, look in lines:
        if name in was.actor.values:
            label = f"_{name} as it was"
            ax.plot(
                days, medians.sel(actor=name), color=look.ink, linestyle=":", linewidth=1.3, zorder=3.1, label=label
            )


def scale_axis(ax: Axes, scenario: Scenario) -> None:
    """Put the scale on which everybody stands along the upright axis, with words for its ends."""
    low, high = (_tick(text) for text in marks_of_ends(scenario))
    ax.set_ylim(0, 100)
    ax.set_yticks([0, 25, 50, 75, 100], [low, "25", "50", "75", high])
    for tick in ax.get_yticklabels():
        tick.set_parse_math(False)
    ax.set_ylabel("stance (points)" if scenario.parties else "position (points)", fontsize=8)


def _tick(text: str) -> str:
    """The words for an end of the scale, the number on a line of its own where not all fit on one."""
    number, joint, words = text.partition(" = ")
    if not joint or width(text) <= TICKS:
        return folded(text, TICKS, 3)
    return f"{number} =\n{folded(words, TICKS, 2)}"


def _chosen(scenario: Scenario, actors: Sequence[str] | None, side: str | None) -> list[str]:
    for name in actors or ():
        if name not in scenario.actors:
            raise ScenarioError(f"no actor '{name}'.{nearest(name, scenario.actors)}")
    sides = {actor.side for actor in scenario.actors.values() if actor.side is not None}
    if side is not None and side not in sides:
        raise ScenarioError(f"no side '{side}'.{nearest(side, sides)}")
    chosen = list(scenario.actors) if actors is None else list(actors)
    return [name for name in chosen if side is None or scenario.actors[name].side == side]


def sides_of(scenario: Scenario) -> dict[str, list[str]]:
    """The actors by side, each under a heading: the parties' sides first, those beyond ``MOST_SIDES`` together."""
    groups: dict[str | None, list[str]] = {scenario.actors[name].side: [] for name in scenario.parties}
    for name, actor in scenario.actors.items():
        groups.setdefault(actor.side, []).append(name)
    if set(groups) == {None}:
        return {"All actors": groups[None]}
    headings: dict[str, list[str]] = {}
    for side, names in groups.items():
        if side is None:
            heading = "Without a side"
        elif side in scenario.parties:
            heading = f"{in_full(scenario, side)} and those on its side" if len(names) > 1 else in_full(scenario, side)
        else:
            heading = short(scenario, side) if side in scenario.actors else side[:1].upper() + side[1:]
        if len(headings) >= MOST_SIDES - 1 and len(groups) > MOST_SIDES:
            heading = "Others"
        headings.setdefault(heading, []).extend(names)
    return headings


def figure_stances(result: xr.Dataset) -> Figure:
    """Everybody's stance along time: a panel a side, over one axis of dates."""
    digest = condense(result)
    scenario = scenario_of(digest)
    groups = sides_of(scenario)
    panels = [Panel(heading, min(max(1.55, 0.4 + 0.135 * len(names)), 5.0)) for heading, names in groups.items()]
    asked = "How ready each actor is to stop fighting"
    if not scenario.parties:
        asked = f"Where each actor stands{standing(scenario).removeprefix('position')}"
    title = f"{asked}, {span(scenario)}"
    figure, axes = sheet(digest, title, panels, bands_of(digest))
    for ax, names in zip(axes, groups.values(), strict=True):
        plot_stances(digest, ax, actors=names)
    return figure
