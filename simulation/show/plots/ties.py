"""Who leans on whom: the actors as a network."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_hex
from matplotlib.patches import FancyArrowPatch, Polygon
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from simulation.dynamics.state import Array
from simulation.runs.results import scenario_of
from simulation.scenario.labels import marks_of_ends, standing
from simulation.scenario.schema import Scenario
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import HALO, Box, beside, extent, fitted, folded, width
from simulation.show.plots.network_layout import BEND, layout
from simulation.show.plots.page import head
from simulation.show.plots.palette import GREY, Look, ink, looks, luminance, short

COLOURS = colormaps["cividis"]
"""From dark for fight on to bright for stop now, in grey and to the colour-blind as well (Nuñez & others 2018)."""

SIZE = 8.0
DARK = "#3C4654"
MOST_TIES = 120
X, Y = (-1.72, 1.72), (-1.0, 1.12)


def plot_ties(source: xr.Dataset | Scenario, ax: Axes, weakest: float = 0.0) -> Axes:
    """Draw who leans on whom at the start: an arrow from source to target, as wide as its leverage.

    The area of a disc is the actor's influence, its filling the opening stance, its rim the colour of the party on
    whose side it is. Parties stand apart, those on a party's side around them, the others between.

    Parameters
    ----------
    source : a result of ``run_ensemble``, or a scenario
    weakest : leave out ties with less leverage
    """
    scenario = source if isinstance(source, Scenario) else scenario_of(source)
    ax.set_xlim(*X)
    ax.set_ylim(*Y)
    ax.axis("off")
    where, look = layout(scenario), looks(scenario)
    across, up = extent(ax)
    crowd = min(1.0, (30 / max(len(where), 1)) ** 0.5)
    radius = {name: crowd * _radius(scenario.actors[name].influence.best) for name in where}
    at = {
        name: ((x - X[0]) / (X[1] - X[0]) * across, (y - Y[0]) / (Y[1] - Y[0]) * up) for name, (x, y) in where.items()
    }
    heads = _arrows(scenario, ax, at, radius, weakest)
    rims = _rims(scenario, look)
    for name, (x, y) in where.items():
        stance = scenario.actors[name].stance.best
        ax.plot(
            [x],
            [y],
            marker="o",
            markersize=2 * radius[name],
            markerfacecolor=to_hex(COLOURS(stance / 100)),
            markeredgecolor=rims[name],
            markeredgewidth=2.6 if name in scenario.parties else 1.6,
            linestyle="none",
            zorder=4,
            label=name,
            clip_on=False,
        )
    _names(scenario, ax, at, radius, heads)
    _keys(scenario, ax, across, up, crowd)
    return ax


def leaning(scenario: Scenario) -> bool:
    """Whether anybody has leverage on anybody."""
    return any(tie.leverage is not None and tie.leverage.best > 0 for tie in scenario.ties)


def _radius(influence: float) -> float:
    """Points; the area grows with influence, and the least still shows."""
    return float(3.0 + 13.0 * np.sqrt(influence / 100))


def _arrows(
    scenario: Scenario,
    ax: Axes,
    at: dict[str, tuple[float, float]],
    radius: dict[str, float],
    weakest: float,
) -> list[Box]:
    """Draw the ties under the discs, and their heads over all discs and beside all names; where the heads are."""
    across, up = extent(ax)
    points, heads = Affine2D().scale(1 / across, 1 / up) + ax.transAxes, []
    leaning = [(tie.leverage.best, tie) for tie in scenario.ties if tie.leverage is not None and tie.leverage.best > 0]
    for leverage, tie in sorted(leaning, key=lambda pair: pair[0]):  # the strongest on top
        if leverage < weakest:
            continue
        curve = _curve(np.array(at[tie.source]), np.array(at[tie.target]))
        reach = np.hypot(*(curve - at[tie.target]).T)
        tip = int(np.argmax(reach <= radius[tie.target] + 2.0))
        long, half = 15 * (0.16 + 0.22 * leverage), 15 * (0.09 + 0.14 * leverage)
        foot = int(np.argmax(np.hypot(*(curve - curve[tip]).T) <= long))
        along = (curve[tip] - curve[foot]) / max(float(np.hypot(*(curve[tip] - curve[foot]))), 1e-9)
        side = half * np.array([-along[1], along[0]])
        corners = np.array([curve[tip], curve[foot] + side, curve[foot] - side])
        begin = int(np.argmax(np.hypot(*(curve - at[tie.source]).T) >= radius[tie.source] + 1))
        alpha, label = 0.14 + 0.66 * leverage, f"_{tie.source} on {tie.target}"
        shaft = FancyArrowPatch(
            path=Path(curve[begin : max(foot, begin + 1) + 1]),
            arrowstyle="-",
            linewidth=0.4 + 3.2 * leverage,
            color=DARK,
            alpha=alpha,
            zorder=2 + leverage,
            label=label,
            capstyle="butt",
            joinstyle="miter",
            transform=points,
        )
        ax.add_patch(shaft)
        ax.add_patch(Polygon(corners, color=DARK, alpha=alpha, linewidth=0, zorder=5 + leverage, transform=points))
        heads.append(Box(*corners.min(axis=0), *corners.max(axis=0)))
    return heads


def _curve(start: Array, stop: Array) -> Array:
    """Points along a tie, bent as matplotlib's arc3 is, shape (200, 2), from the middle of one disc to the other's."""
    share, along = np.linspace(0, 1, 200)[:, None], stop - start
    middle = (start + stop) / 2 + BEND * np.array([along[1], -along[0]])
    curve: Array = (1 - share) ** 2 * start + 2 * share * (1 - share) * middle + share**2 * stop
    return curve


def _rims(scenario: Scenario, look: dict[str, Look]) -> dict[str, str]:
    """The rim of every disc: the colour of the party whose side it is on, grey for those on nobody's.

    There are fewer colours than actors: one for each of them would tell nobody apart.
    """
    parties = {scenario.actors[name].side: look[name].colour for name in reversed(scenario.parties)}
    parties.pop(None, None)
    own = {name: look[name].colour for name in scenario.parties}
    return {name: own.get(name, parties.get(actor.side, GREY)) for name, actor in scenario.actors.items()}


def _names(
    scenario: Scenario,
    ax: Axes,
    at: dict[str, tuple[float, float]],
    radius: dict[str, float],
    heads: list[Box],
) -> None:
    """Write each name in its disc where it fits, else beside it where there is room; the most influential first.

    No name stands over the head of an arrow, unless there is no other room.
    """
    across, up = extent(ax)
    taken = [Box(x - r, y - r, x + r, y + r) for name, (x, y) in at.items() for r in (radius[name] + 1,)]
    page = Box(-20, -10, across + 20, up + 10)
    heavy = sorted(at, key=lambda name: (name not in scenario.parties, -scenario.actors[name].influence.best))
    for name in heavy:
        text, bold, (x, y) = short(scenario, name), name in scenario.parties, at[name]
        wide = width(text, SIZE, bold)
        fill = to_hex(COLOURS(scenario.actors[name].stance.best / 100))
        inside = wide < 1.75 * radius[name]
        if inside:
            bright = luminance(*(int(fill[place : place + 2], 16) / 255 for place in (1, 3, 5))) > 0.18
            across_at, middle, side, colour = x, y, "center", "#111111" if bright else "white"
        else:
            away = _away(scenario, name, at)
            tried = (
                beside((x, y), (wide, SIZE), radius[name] + 2.5, page, full, away) for full in (taken + heads, taken)
            )
            place = next((found for found in tried if found is not None), None)
            if place is None:
                continue
            box = place[0]
            taken.append(box)
            side = "left" if box.left >= x else "right" if box.right <= x else "center"  # the end at the disc is sure
            across_at = {"left": box.left, "right": box.right, "center": (box.left + box.right) / 2}[side]
            middle, colour = (box.bottom + box.top) / 2, "#111111"
        ax.text(
            across_at / across,
            middle / up,
            text,
            transform=ax.transAxes,
            fontsize=SIZE,
            fontweight="bold" if bold else "normal",
            color=colour,
            horizontalalignment=side,
            verticalalignment="center_baseline",
            bbox=None if inside else HALO,
            zorder=6,
            clip_on=False,
            parse_math=False,
        )


def _away(scenario: Scenario, name: str, at: dict[str, tuple[float, float]]) -> tuple[float, float]:
    """The direction in which an actor has fewest ties: away from the middle of those it is tied to."""
    tied = [(tie.source, tie.target) for tie in scenario.ties if name in (tie.source, tie.target)]
    others = [at[target if source == name else source] for source, target in tied] or list(at.values())
    apart = np.array(at[name]) - np.mean(others, axis=0)
    length = float(np.hypot(*apart))
    return (float(apart[0]) / length, float(apart[1]) / length) if length > 0 else (1.0, 0.0)


def _keys(scenario: Scenario, ax: Axes, across: float, up: float, crowd: float) -> None:
    """Say what colour, size and width mean, along the bottom."""
    bar = ax.inset_axes((0.04, -36 / up, 0.26, 8 / up))
    figure = ax.get_figure(root=True)
    scale = figure.colorbar(ScalarMappable(Normalize(0, 100), COLOURS), cax=bar, orientation="horizontal")  # type: ignore[union-attr]
    low, high = (folded(text, 65, 2, 7) for text in marks_of_ends(scenario))
    scale.set_ticks([0, 50, 100], labels=[low, "50", high])
    if not scenario.parties:  # longer words, which stay within the ends of the bar
        for text, where in zip(scale.ax.get_xticklabels(), ("left", "center", "right"), strict=True):
            text.set(horizontalalignment=where, parse_math=False)
    scale.ax.tick_params(labelsize=7, length=2, pad=1.5)
    scale.outline.set_linewidth(0.4)
    middle = -30 / up
    what = fitted(standing(scenario), 130, 7)
    ax.text(0.04, -16 / up, f"opening {what} (points)", transform=ax.transAxes, fontsize=7, color=GREY)
    x = 0.44 * across
    ax.text(x / across, -16 / up, "influence (0–100)", transform=ax.transAxes, fontsize=7, color=GREY)
    for influence in (10, 40, 90):
        r = crowd * _radius(influence)
        x += r + 2
        ax.plot(
            [x / across],
            [middle - 9 / up],
            marker="o",
            markersize=2 * r,
            markerfacecolor="white",
            markeredgecolor=GREY,
            transform=ax.transAxes,
            clip_on=False,
            linestyle="none",
        )
        ax.text(
            x / across,
            middle - 9 / up,
            str(influence),
            transform=ax.transAxes,
            fontsize=6.5,
            color=ink(GREY),
            horizontalalignment="center",
            verticalalignment="center_baseline",
        )
        x += r + 4
    if not leaning(scenario):
        return
    x = 0.74 * across
    ax.text(x / across, -16 / up, "leverage (0–1) on the target", transform=ax.transAxes, fontsize=7, color=GREY)
    for leverage in (0.1, 0.5, 0.9):
        ax.add_patch(
            FancyArrowPatch(
                (x / across, middle - 1 / up),
                ((x + 30) / across, middle - 1 / up),
                arrowstyle=f"-|>,head_length={0.16 + 0.22 * leverage:.3f},head_width={0.09 + 0.14 * leverage:.3f}",
                mutation_scale=15,
                shrinkA=0,
                shrinkB=0,
                linewidth=0.4 + 3.2 * leverage,
                color=DARK,
                alpha=0.14 + 0.66 * leverage,
                transform=ax.transAxes,
                clip_on=False,
            )
        )
        ax.text(
            (x + 12) / across,
            middle - 13 / up,
            f"{leverage:g}",
            transform=ax.transAxes,
            fontsize=6.5,
            color=ink(GREY),
            horizontalalignment="center",
        )
        x += 42


def _title(scenario: Scenario) -> str:
    if scenario.parties:
        return "Who leans on whom at the start, and who wants to stop"
    if leaning(scenario):
        return "Who leans on whom at the start, and where each stands"
    return "Where each stands at the start, and with how much influence"


def figure_ties(source: xr.Dataset | Scenario) -> Figure:
    """Who leans on whom, on a page of its own."""
    scenario = source if isinstance(source, Scenario) else scenario_of(source)
    wide, high = 9.0, 7.3
    figure = Figure(figsize=(wide, high))
    head(figure, scenario, _title(scenario))
    ax = figure.add_axes((0.3 / wide, 1.0 / high, (wide - 0.6) / wide, (high - 1.75) / high))
    strengths = sorted((tie.leverage.best for tie in scenario.ties if tie.leverage is not None), reverse=True)
    weakest = strengths[MOST_TIES - 1] if len(strengths) > MOST_TIES else 0.0
    plot_ties(scenario, ax, weakest)
    left_out = f" Ties with a leverage below {weakest:g} are left out." if weakest else ""
    arrows = "Arrows from source to target; " if leaning(scenario) else ""
    rims = "rims: the colour of the party that it is on the side of, grey for nobody's. " if scenario.parties else ""
    stances = "Stances" if scenario.parties else "Positions"
    inputs = f"{stances}, influence and leverage" if leaning(scenario) else f"{stances} and influence"
    words = f"{arrows}{rims}{inputs} are the scenario's inputs."
    figure.text(
        0.15 / wide,
        0.1 / high,
        words[:1].upper() + words[1:] + left_out,
        fontsize=7,
        color=GREY,
        verticalalignment="bottom",
    )
    return figure
