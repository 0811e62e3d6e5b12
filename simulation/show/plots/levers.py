"""Who matters: what moving each lever does, actor by actor."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.runs.results.wording import scale
from simulation.scenario.measures import unit_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import shortened
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import GREY, looks, short
from simulation.show.plots.whiskers import whisker
from simulation.show.plots.words import lever_words, measure_words

WIDTH, LEFT, RIGHT = 8.4, 3.0, 0.3
TITLE, FOOT, ROW = 0.66, 0.5, 0.2
"""Inches: the page, its margins, and the height of a row."""

MOST_ACTORS, MOST_LEVERS = 10, 4
"""Actors that are drawn, the strongest first, and levers of each."""


NARROWEST = 1.0
"""How far the axis reaches at least, in the units shown, so that effects of next to nothing look like it."""

LEAST = 0.02
"""Share of the strongest effect below which a lever is not drawn."""


def plot_levers(result: xr.Dataset, ax: Axes, actors: int = MOST_ACTORS, each: int = MOST_LEVERS) -> Axes:
    """Draw the effect of the strongest levers, grouped by the actor who would have to move, in the actor's colour.

    A bar reaches to the effect of the furthest step each way, with its 95 % interval, and says which value was tried;
    bars are faint where that lies outside what the expert thought possible.

    Parameters
    ----------
    result : of ``simulation.questions.levers.levers``
    actors, each : how many actors to draw, and how many levers of each
    """
    scenario, times = scenario_of(result), scale_of(result)
    look = looks(scenario)
    y, ticks, names = 0.0, [], []
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=3)
    reach = max(float(np.nanmax(np.abs(result.effect.values))) * times, NARROWEST)
    ax.set_xlim(-1.3 * reach, 1.3 * reach)
    for actor, levers in ranked(result, actors, each).items():
        colour = look[actor].colour
        ax.text(
            -0.02,
            y,
            short(scenario, actor),
            transform=ax.get_yaxis_transform(),
            horizontalalignment="right",
            verticalalignment="center_baseline",
            fontsize=8.5,
            fontweight="bold",
            color=look[actor].ink,
            parse_math=False,
        )
        for lever in levers:
            y += 1
            ticks.append(y)
            names.append(shortened(lever_words(scenario, lever), (LEFT - 0.25) * 72, 8))
            some = result.isel(move=result.lever.values == lever)
            steps = some.step.values
            furthest = [int(steps.argmin())] * bool(steps.min() < 0) + [int(steps.argmax())] * bool(steps.max() > 0)
            for place in furthest:
                _bar(ax, some.isel(move=place), y, times, colour)
        y += 1.35
    ax.set_ylim(y - 0.6, -0.7)
    ax.set_yticks(ticks, names)
    ax.set_xlabel(_axis_words(result), fontsize=8)
    tidy(ax, ("bottom",))
    ax.tick_params(axis="y", length=0)
    return ax


def _bar(ax: Axes, here: Any, y: float, times: float, colour: str) -> None:
    effect, low, high = (times * float(here[key]) for key in ("effect", "low", "high"))
    if np.isnan(effect):
        return
    low, high = map(float, whisker(effect, low, high))
    ax.barh(y, effect, height=0.72, color=colour, alpha=0.85 if bool(here.expected) else 0.4, linewidth=0, zorder=2)
    ax.hlines(y, low, high, color="#222222", linewidth=1.0, zorder=4)
    left = effect < 0 or (effect == 0 and float(here.step) < 0)
    ax.annotate(
        value_label(here),
        (min(low, effect) if left else max(high, effect), y),
        xytext=(-3 if left else 3, 0),
        textcoords="offset points",
        horizontalalignment="right" if left else "left",
        verticalalignment="center_baseline",
        fontsize=6.5,
        color=GREY,
    )


def value_label(here: Any) -> str:
    """Which value was tried: ``0.55 → 0.3``, or that a sponsor joins or leaves."""
    if str(here.kind.values) == "sponsor":
        return "joins" if float(here.step) > 0 else "leaves"
    return f"{float(here.new):g}" if float(here.new) == round(float(here.new), 3) else f"{float(here.new):.2g}"


def ranked(result: xr.Dataset, actors: int = MOST_ACTORS, each: int = MOST_LEVERS) -> dict[str, list[str]]:
    """The strongest levers by actor, the strongest actor first."""
    found: dict[str, list[str]] = {}
    least = LEAST * float(np.nanmax(np.abs(result.effect.values)))
    kept = {str(lever) for lever in result.lever.values[np.abs(result.effect.values) > least]}
    for lever, actor in zip(result.lever.values, result.actor.values, strict=True):
        if str(lever) not in kept:
            continue
        mine = found.setdefault(str(actor), [])
        if str(lever) not in mine and len(mine) < each:
            mine.append(str(lever))
    return dict(list(found.items())[:actors])


def scale_of(result: xr.Dataset) -> float:
    """What an effect is multiplied by to be shown: chances are shown in percentage points."""
    return scale(unit_of(str(result.attrs["measure"])))


def _axis_words(result: xr.Dataset) -> str:
    kind = unit_of(str(result.attrs["measure"]))
    words = {"chance": "chance (percentage points)", "share": "share (percentage points)"}.get(kind, kind)
    base = float(result.base) * scale_of(result)
    return f"change in {words}; as it stands: {base:.0f}{' %' if kind in ('chance', 'share') else ''}"


def figure_levers(result: xr.Dataset) -> Figure:
    """Whose change of mind would count most."""
    rows = sum(len(levers) + 1.35 for levers in ranked(result).values())
    high = TITLE + ROW * rows + FOOT + 0.4
    figure = Figure(figsize=(WIDTH, high))
    head(
        figure,
        scenario_of(result),
        f"One-at-a-time effects: {measure_words(scenario_of(result), str(result.attrs['measure']))}",
    )
    box = (LEFT / WIDTH, (FOOT + 0.4) / high, (WIDTH - LEFT - RIGHT) / WIDTH, ROW * rows / high)
    plot_levers(result, figure.add_axes(box))
    note = (
        "each lever moved by itself, the others as they are; bars: effect of the furthest step each way, numbers: the "
        "value tried, faint: outside what the expert thought possible; black: 95 % intervals, common random numbers"
    )
    small_print(figure, result, note)
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    return {"levers": figure_levers(result)}
