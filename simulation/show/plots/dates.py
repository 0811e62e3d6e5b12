"""The axis of dates, or of the rounds of a negotiation, and what happens on it: offers and events."""

from __future__ import annotations

from datetime import date as Date
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import DAILY, MONTHLY, AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.ticker import MaxNLocator

from simulation.dynamics.state import Array
from simulation.scenario.keys import occasions
from simulation.scenario.schema import Scenario
from simulation.show.plots.fonts import legible
from simulation.show.plots.labels import extent, width
from simulation.show.plots.palette import FAINT, GREY

ROW = 10.5
"""Height of a row of labels, in points."""

TICK = 36.0
"""Points that a date below the axis needs, so that it does not touch the next one."""

MOST_ROWS = 16
CROWD = 30
"""Offers beyond which each is marked faintly."""

SIZE = 7.5


FORMATS = ["%Y", "%b %Y", "%d %b", "%d %b %H:%M", "%d %b %H:%M", "%H:%M:%S"]
"""How years, months, days, hours, minutes and seconds are written."""


KNOWN = "known up to here"
"""What is written at the day as of which a scenario is known."""


class Mark(NamedTuple):
    """Something that happens at a date."""

    day: float  # as matplotlib counts days
    text: str  # empty where it is drawn without words
    offer: bool


def days_of(result: xr.Dataset) -> Array:
    """Where the steps stand on the axis, shape (steps + 1,): dates as matplotlib counts days; rounds by number."""
    if not result.sizes["party"]:
        return np.asarray(result["step"].values, dtype=np.float64)
    return np.asarray(date2num(result["date"].values), dtype=np.float64)  # type: ignore[no-untyped-call]


def day_number(day: Date) -> float:
    """A date as matplotlib counts days."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def place_of(scenario: Scenario, day: Date) -> float:
    """Where a date stands on the axis."""
    if not scenario.parties:
        return (day - scenario.start).days / scenario.step_days
    return day_number(day)


def marks_of(scenario: Scenario, offers_only: bool = False) -> list[Mark]:
    """The offers, and the events that have a label, by date. A standing offer is named once and marked every time.

    Of a scenario as of a day, the day too.
    """
    found = [] if scenario.told is None else [Mark(place_of(scenario, scenario.told), KNOWN, False)]
    for event in scenario.events:
        if event.offer is not None:
            name = legible(event.label or event.offer.id)
            if event.offer.every is not None:
                name += f", every {event.offer.every:g} days"
            for number, (_, step) in enumerate(occasions(scenario, event)):
                day = event.on if event.offer.every is None else scenario.date_of(step)
                found.append(Mark(place_of(scenario, day), "" if number else name, True))
        elif event.label and not offers_only:
            found.append(Mark(place_of(scenario, event.on), legible(event.label), False))
    return sorted(found, key=lambda mark: mark.day)


def date_axis(ax: Axes, days: Array, scenario: Scenario, offers_only: bool = False) -> None:
    """Put the dates or rounds of the scenario along the axis, with a thin line at every offer and labelled event."""
    ax.set_xlim(days[0], days[-1])
    if scenario.parties:
        _dated(ax, scenario)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(9, integer=True))
        ax.set_xlabel("round", fontsize=8)
    if scenario.told is not None:
        ax.axvline(place_of(scenario, scenario.told), color=GREY, linewidth=1.2, linestyle=(0, (5, 2)), zorder=0.6)
    marks = [mark for mark in marks_of(scenario, offers_only) if mark.text != KNOWN]
    for mark in marks:
        ax.axvline(
            mark.day,
            color=GREY if mark.offer else FAINT,
            linewidth=0.8 if mark.offer else 0.6,
            linestyle="solid" if mark.offer else (0, (1, 2)),
            alpha=0.6 if len(marks) <= CROWD else 0.2,
            zorder=0.5,
        )


def _dated(ax: Axes, scenario: Scenario) -> None:
    most = int(min(max(extent(ax)[0] // TICK, 5), 9))
    locator = AutoDateLocator(minticks=3, maxticks=most)  # type: ignore[no-untyped-call]
    locator.intervald |= {DAILY: [1, 2, 3, 7, 14, 31], MONTHLY: [1, 2, 3, 6, 12]}  # few ticks need wide intervals
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=FORMATS, zero_formats=FORMATS, show_offset=False)  # type: ignore[no-untyped-call]
    )
    first, last = scenario.start.year, scenario.date_of(scenario.steps).year
    ax.set_xlabel(f"date ({first})" if first == last else f"date ({first} to {last})", fontsize=8)


class Spot(NamedTuple):
    """Where a label stands above the axis."""

    row: int  # 0 is the lowest
    left: float  # points from the left end of the axis


def spots(marks: list[Mark], days: Array, across: float, beyond: float) -> list[Spot | None]:
    """Where each label stands; None for those without words, or without room.

    A label stands right of the line that leads down to its date, or left of it where that saves rows and no other
    date lies there. No label covers another, nor is it crossed by another's line. Where not all have room, offers go
    before other events.

    Parameters
    ----------
    across : width of the axis, in points
    beyond : how far a label may run past its ends, in points
    """
    worded = [place for place in reversed(range(len(marks))) if marks[place].text]
    found = _stand(marks, worded, worded, days, across, beyond)
    if any(found[place] is None for place in worded):
        offers = [place for place in worded if marks[place].offer]
        others = [place for place in worded if not marks[place].offer]
        found = _stand(marks, [*offers, *others], offers, days, across, beyond)
    return found


def _stand(
    marks: list[Mark], order: list[int], clear: list[int], days: Array, across: float, beyond: float
) -> list[Spot | None]:
    """Place labels in an order; none stands left over the dates of those that have to stay clear."""
    found: list[Spot | None] = [None] * len(marks)
    placed: list[tuple[int, float, float, float]] = []  # row, left, right, where its line stands
    lines = [_x(marks[place].day, days, across) for place in clear]
    for place in order:
        mark = marks[place]
        at, long = _x(mark.day, days, across), width(mark.text, SIZE, mark.offer)
        options = []
        for worse, left in ((0, at + 3), (2, at - 3 - long)):
            covers = left < at and any(left - 2 <= line < at for line in lines)
            if -beyond <= left <= across + beyond - long and not covers:
                row = next((row for row in range(MOST_ROWS) if _free(row, left - 1, left + long + 5, at, placed)), None)
                if row is not None:
                    options.append((row + worse, Spot(row, left)))
        if options:
            _, spot = min(options)
            found[place] = spot
            placed.append((spot.row, spot.left - 1, spot.left + long + 5, at))
    return found


def _free(row: int, left: float, right: float, at: float, placed: list[tuple[int, float, float, float]]) -> bool:
    """Whether words from left to right in a row, led to from ``at``, neither cover nor cross those placed before."""
    return all(
        not (other == row and left < end and begin < right)  # words on words
        and not (other > row and left <= line <= right)  # a line through these words
        and not (row > other and begin <= at <= end)  # our line through those
        for other, begin, end, line in placed
    )


def _x(day: float, days: Array, across: float) -> float:
    return float((day - days[0]) / (days[-1] - days[0]) * across)


def strip(ax: Axes, scenario: Scenario, days: Array, beyond: float, offers_only: bool = False) -> None:
    """Name what happens along a strip above the panels, ROW points high for each row that ``spots`` needs."""
    across, up = extent(ax)
    marks = marks_of(scenario, offers_only)
    ax.set_xlim(days[0], days[-1])
    ax.set_ylim(0, up)
    ax.axis("off")
    for mark, spot in zip(marks, spots(marks, days, across, beyond), strict=True):
        colour = "#222222" if mark.offer else GREY
        if mark.offer:
            ax.plot([mark.day], [0], marker="D", markersize=3.4, color=colour, clip_on=False, zorder=3)
        if spot is None:
            continue
        base = 5 + spot.row * ROW
        ax.plot([mark.day, mark.day], [0, base + 7], color=colour, linewidth=0.6, clip_on=False)
        ax.text(
            spot.left / across,
            base / up,
            mark.text,
            transform=ax.transAxes,
            fontsize=SIZE,
            fontweight="bold" if mark.offer else "normal",
            color=colour,
            verticalalignment="baseline",
            parse_math=False,
        )
