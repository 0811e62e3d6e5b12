"""Packages of terms: what each puts forward on each issue, who would accept it, and the frontier between two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from simulation.dynamics.state import Array
from simulation.questions.bargain.describe import offer_words, package_words
from simulation.runs.results import scenario_of
from simulation.scenario.labels import issue_labels
from simulation.scenario.offers import Issue
from simulation.scenario.schema import Scenario
from simulation.show.plots.fans import tidy
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import HALO, SIZE, Box, beside, extent, fitted, folded, width
from simulation.show.plots.page import head, small_print
from simulation.show.plots.palette import FAINT, GREY, Look, looks, short
from simulation.show.plots.whiskers import whisker

LEFT, RIGHT, BETWEEN, CHANCES = 1.6, 0.25, 0.14, 2.3
TITLE, TITLES, ROW, ENDS, FOOT = 0.62, 0.55, 0.3, 1.25, 0.5
"""Inches: margins, gaps, the panel of chances; the page's title, titles of issues, a row, words at the ends, foot."""

ISSUES, NARROW, WIDE = 7.2, 0.92, 1.6
"""Inches that panels of issues take together, and the bounds of one."""

INK, BEST = "#222222", "#009E73"
"""Of a package, and of the one that all would likeliest accept."""

SYMBOLS = {"tabled": "D", "now": "X", "best": "o", "party": "^", "model": "s"}
"""Marks of packages by kind."""

STITCHES = 40
"""Points of each stretch of the frontier that words keep clear of."""


def listed(result: xr.Dataset) -> xr.Dataset:
    """The packages that stand in a row of their own: neither those of the frontier nor of one issue alone."""
    return result.isel(package=np.flatnonzero(np.isin(result.kind.values, [*SYMBOLS])))


def plot_package_terms(result: xr.Dataset, ax: Axes, issue: str) -> Axes:
    """Draw what packages put forward on one issue, a row each, with what holds now and where each party would have it.

    Parameters
    ----------
    result : of ``simulation.bargain``
    """
    shown, look = listed(result).sel(issue=issue), looks(scenario_of(result))
    ax.axvline(float(shown.now), color=GREY, linewidth=1.0, linestyle=(0, (1.2, 1.4)), zorder=1)
    for party in map(str, result.party.values):
        weight = float(shown.weight.sel(party=party))
        if weight > 0:
            line = 0.8 + 4 * weight
            ax.axvline(
                float(shown.want.sel(party=party)), color=look[party].colour, linewidth=line, alpha=0.75, zorder=2
            )
    for y, (point, kind) in enumerate(zip(shown.points.values, shown.kind.values, strict=True)):
        ax.plot([0, 100], [y, y], color="#E4E4E4", linewidth=0.8, zorder=0)
        silent = bool(np.isnan(point))
        ax.plot(
            [float(shown.now) if silent else point],
            [y],
            marker=SYMBOLS[str(kind)],
            markersize=5.5,
            markerfacecolor="white" if silent else _colour(str(kind)),
            markeredgecolor=GREY if silent else _colour(str(kind)),
            markeredgewidth=0.9,
            clip_on=False,
            zorder=4,
        )
    ax.set_xlim(-4, 104)
    ax.set_ylim(shown.sizes["package"] - 0.5, -0.5)
    ax.set_xticks([0, 50, 100])
    ax.set_yticks([])
    tidy(ax, ("bottom",))
    ax.tick_params(axis="x", labelsize=7)
    return ax


def plot_package_chances(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw each party's chance of a yes to each package, and the chance that all accept, with 95 % intervals.

    Parameters
    ----------
    result : of ``simulation.bargain``
    """
    shown, look = listed(result), looks(scenario_of(result))
    rows = np.arange(shown.sizes["package"], dtype=float)
    for y in rows:
        ax.plot([0, 100], [y, y], color="#E4E4E4", linewidth=0.8, zorder=0)
    for party in map(str, result.party.values):
        here = shown.sel(party=party)
        _dots(ax, here, "chance", rows, look[party].colour, look[party].marker, 4.5)
    if result.sizes["party"] > 1:
        _dots(ax, shown, "all", rows, INK, "o", 7.5, filled=False)
    for y, value, kind in zip(rows, shown["all"].values, shown.kind.values, strict=True):
        ax.text(
            104,
            float(y),
            f"{100 * value:.0f} %",
            fontsize=SIZE,
            fontweight="bold" if kind == "best" else "normal",
            verticalalignment="center_baseline",
        )
    ax.set_xlim(-2, 122)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xticks([0, 50, 100])
    ax.set_yticks([])
    tidy(ax, ("bottom",))
    ax.spines["bottom"].set_bounds(0, 100)
    ax.tick_params(axis="x", labelsize=7)
    return ax


def _dots(
    ax: Axes, shown: xr.Dataset, name: str, rows: Array, colour: str, marker: str, size: float, filled: bool = True
) -> None:
    value, low, high = (100 * shown[f"{name}{end}"].values for end in ("", "_low", "_high"))
    low, high = whisker(value, low, high)
    ax.hlines(rows, low, high, color=colour, linewidth=1.2, zorder=2)
    face = colour if filled else "none"
    ax.plot(value, rows, marker, markersize=size, color=colour, markerfacecolor=face, clip_on=False, zorder=3)


def _colour(kind: str) -> str:
    return BEST if kind == "best" else INK


def plot_bargain_frontier(result: xr.Dataset, ax: Axes) -> Axes:
    """Draw the chance of one party against that of the other: the frontier, and where every package lies.

    Parameters
    ----------
    result : of ``simulation.bargain``, of an offer to two parties
    """
    scenario = scenario_of(result)
    x, y = (100 * result.chance.isel(party=place).values for place in (0, 1))
    kinds = result.kind.values
    beaten = (x > x[:, None]) & (y > y[:, None])
    edge = np.flatnonzero(~beaten.any(axis=1))
    edge = edge[np.argsort(x[edge], kind="stable")]
    ax.plot(x[edge], y[edge], color=BEST, linewidth=1.4, zorder=2)
    ax.plot(*(values[kinds == "frontier"] for values in (x, y)), "o", markersize=3, color=BEST, zorder=3)
    named = np.flatnonzero(np.isin(kinds, [*SYMBOLS]))
    for place in named.tolist():
        kind = str(kinds[place])
        size = 8 if kind == "best" else 6
        ax.plot(x[place], y[place], SYMBOLS[kind], markersize=size, color=_colour(kind), clip_on=False, zorder=4)
    ax.set_xlim(*_room(x))
    ax.set_ylim(*_room(y))
    ax.set_xlabel(f"{short(scenario, str(result.party.values[0]))} accepts (%)", fontsize=8.5)
    ax.set_ylabel(f"{short(scenario, str(result.party.values[1]))} accepts (%)", fontsize=8.5)
    ax.grid(color="#EEEEEE", linewidth=0.7, zorder=0)
    ax.set_axisbelow(True)
    tidy(ax)
    _names(result, ax, x, y, named.tolist(), edge.tolist())
    return ax


def _room(values: Array) -> tuple[float, float]:
    """Ends of an axis with room for words."""
    pad = max(0.12 * float(np.ptp(values)), 2.0)
    return max(float(values.min()) - pad, 0.0), min(float(values.max()) + pad, 100.0)


def _names(result: xr.Dataset, ax: Axes, x: Array, y: Array, named: Sequence[int], edge: Sequence[int]) -> None:
    """Write what each package is, and how likely all accept it, beside its mark, off the line if there is room."""
    across, up = extent(ax)
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    places = [
        ((a - left) / (right - left) * across, (b - bottom) / (top - bottom) * up) for a, b in zip(x, y, strict=True)
    ]
    taken = [Box(a - 4, b - 4, a + 4, b + 4) for a, b in places]
    line = [
        Box(a - 1, b - 1, a + 1, b + 1)
        for one, other in pairwise(edge)
        for a, b in np.linspace(places[one], places[other], STITCHES)
    ]
    importance = ["best", "tabled", "model", "party", "now"]
    for place in sorted(named, key=lambda place: importance.index(str(result.kind.values[place]))):
        kind = str(result.kind.values[place])
        text = f"{package_words(result, str(result.package.values[place]))}: {100 * float(result['all'][place]):.0f} %"
        size = (width(text, SIZE, kind == "best"), 1.2 * SIZE)
        others = [box for other, box in enumerate(taken) if other != place]
        page = Box(0, 0, across, up)
        spot = beside(places[place], size, 6, page, others + line) or beside(places[place], size, 6, page, others)
        if spot is None:
            continue
        box = spot[0]
        taken.append(box)
        ax.text(
            (box.left + box.right) / 2 / across,
            (box.bottom + box.top) / 2 / up,
            text,
            transform=ax.transAxes,
            fontsize=SIZE,
            fontweight="bold" if kind == "best" else "normal",
            color=_colour(kind),
            horizontalalignment="center",
            verticalalignment="center_baseline",
            parse_math=False,
            bbox=HALO,
            zorder=5,
        )


def figure_packages(result: xr.Dataset) -> Figure:
    """A panel for each issue, and one for the chances; a row for each package."""
    scenario, shown = scenario_of(result), listed(result)
    counts = (result.weight.values > 0).any(axis=0) | ~np.isnan(shown.points.values).all(axis=0)
    issues = [str(issue) for issue in result.issue.values[counts]]
    panel = float(np.clip(ISSUES / len(issues) - BETWEEN, NARROW, WIDE))
    wide = LEFT + len(issues) * (panel + BETWEEN) + CHANCES + RIGHT
    rows = ROW * shown.sizes["package"]
    high = TITLE + TITLES + rows + ENDS + FOOT
    figure = Figure(figsize=(wide, high))
    head(figure, scenario, f"Terms that all would accept: {offer_words(scenario, str(result.attrs['offer']))}")
    bottom = (FOOT + ENDS) / high
    titles = issue_labels(scenario)
    for place, issue in enumerate(issues):
        left = LEFT + place * (panel + BETWEEN)
        ax = figure.add_axes((left / wide, bottom, panel / wide, rows / high))
        plot_package_terms(result, ax, issue)
        _over(ax, folded(titles[issue], 0.9 * (panel + BETWEEN) * 72, 3, 8), bool(result.moves.sel(issue=issue)))
        _ends(ax, scenario, issue, panel * 72)
        if place == 0:
            for y, name in enumerate(shown.package.values):
                ax.text(
                    -0.08,
                    y,
                    fitted(package_words(result, str(name)), (LEFT - 0.2) * 72, 8.5),
                    transform=ax.get_yaxis_transform(),
                    fontsize=8.5,
                    horizontalalignment="right",
                    verticalalignment="center_baseline",
                    fontweight="bold" if str(shown.kind.values[y]) == "best" else "normal",
                    parse_math=False,
                )
    left = LEFT + len(issues) * (panel + BETWEEN) + 0.1
    ax = figure.add_axes((left / wide, bottom, (wide - RIGHT - left) / wide, rows / high))
    plot_package_chances(result, ax)
    _over(ax, "chance of a yes (%)", True)
    _legend(figure, result, looks(scenario))
    small_print(
        figure,
        result,
        "coloured lines: where each party would have the issue, the wider the more it counts for it; dotted: what "
        "holds now; hollow: nothing put forward; numbers at the right: the chance that all accept; bars: 95 %",
    )
    return figure


def _over(ax: Axes, text: str, moves: bool) -> None:
    """A title over a panel, fainter where the issue may not move."""
    ax.text(
        0.5,
        1.02,
        text,
        transform=ax.transAxes,
        fontsize=8,
        fontweight="bold" if moves else "normal",
        color=INK if moves else GREY,
        horizontalalignment="center",
        verticalalignment="bottom",
        parse_math=False,
    )


def _ends(ax: Axes, scenario: Scenario, issue: str, room: float) -> None:
    """What 0 and 100 mean, under a panel."""
    found = scenario.issues[issue] if isinstance(scenario.issues, dict) else Issue()
    lines = [folded(f"{end} {words}", room, 5, 6.5) for end, words in (("0", found.low), ("100", found.high)) if words]
    ax.annotate(
        "\n".join(lines),
        (0, 0),
        xycoords="axes fraction",
        xytext=(0, -20),
        textcoords="offset points",
        fontsize=6.5,
        color=GREY,
        verticalalignment="top",
        linespacing=1.15,
        parse_math=False,
    )


def _legend(figure: Figure, result: xr.Dataset, look: dict[str, Look]) -> None:
    """Who has which colour, under the panel of chances."""
    scenario = scenario_of(result)
    marks = [
        Line2D(
            [], [], color=look[party].colour, marker=look[party].marker, markersize=4.5, label=short(scenario, party)
        )
        for party in map(str, result.party.values)
    ]
    if len(marks) > 1:
        marks.append(Line2D([], [], color=INK, marker="o", markerfacecolor="none", markersize=7.5, label="all accept"))
    wide, high = figure.get_size_inches()
    figure.legend(
        handles=marks,
        loc="upper right",
        bbox_to_anchor=((wide - RIGHT) / wide, (FOOT + ENDS - 0.28) / high),
        fontsize=8,
        frameon=False,
        edgecolor=FAINT,
    )


def figure_frontier(result: xr.Dataset) -> Figure:
    """The chances of two parties against each other."""
    wide, high = 7.6, 6.2
    figure = Figure(figsize=(wide, high))
    scenario = scenario_of(result)
    head(figure, scenario, f"Between the parties: {offer_words(scenario, str(result.attrs['offer']))}")
    ax = figure.add_axes((0.75 / wide, 1.1 / high, (wide - 1.05) / wide, (high - 1.9) / high))
    plot_bargain_frontier(result, ax)
    small_print(
        figure,
        result,
        "line and dots: packages than which none is better for both; numbers: the chance that both accept; the 95 % "
        "intervals of the chances are in the table",
    )
    return figure


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """The pictures of this question, by name."""
    made = {"bargain": figure_packages(result)}
    if result.sizes["party"] == 2:
        made["bargain-frontier"] = figure_frontier(result)
    return made
