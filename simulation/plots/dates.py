"""The axis of dates, and what happens on it: offers and events."""

from __future__ import annotations

from datetime import date as Date
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num

from simulation.plots.labels import extent, width
from simulation.plots.palette import FAINT, GREY
from simulation.scenario.checks import occasions
from simulation.scenario.schema import Scenario
from simulation.state import Array

ROW = 10.5
"""Height of a row of labels, in points."""

MOST_ROWS = 14
SIZE = 7.5


FORMATS = ["%Y", "%b %Y", "%d %b", "%d %b %H:%M", "%d %b %H:%M", "%H:%M:%S"]
"""How years, months, days, hours, minutes and seconds are written."""


class Mark(NamedTuple):
    """Something that happens at a date."""

    day: float  # as matplotlib counts days
    text: str  # empty where it is drawn without words
    offer: bool


def days_of(result: xr.Dataset) -> Array:
    """The dates of the steps as matplotlib counts days, shape (steps + 1,)."""
    return np.asarray(date2num(result["date"].values), dtype=np.float64)  # type: ignore[no-untyped-call]


def day_number(day: Date) -> float:
    """A date as matplotlib counts days."""
    return float(date2num(day))  # type: ignore[no-untyped-call]


def marks_of(scenario: Scenario, offers_only: bool = False) -> list[Mark]:
    """The offers, and the events that have a label, by date. A standing offer is named once and marked every time."""
    found = []
    for event in scenario.events:
        if event.offer is not None:
            name = event.label or event.offer.id
            if event.offer.every is not None:
                name += f", every {event.offer.every:g} days"
            for number, (_, step) in enumerate(occasions(scenario, event)):
                day = event.on if event.offer.every is None else scenario.date_of(step)
                found.append(Mark(day_number(day), "" if number else name, True))
        elif event.label and not offers_only:
            found.append(Mark(day_number(event.on), event.label, False))
    return sorted(found, key=lambda mark: mark.day)


def date_axis(ax: Axes, days: Array, scenario: Scenario, offers_only: bool = False) -> None:
    """Put the dates of the scenario along the axis, with a thin line at every offer and labelled event."""
    ax.set_xlim(days[0], days[-1])
    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, formats=FORMATS, zero_formats=FORMATS, show_offset=False)  # type: ignore[no-untyped-call]
    )
    first, last = scenario.start.year, scenario.date_of(scenario.steps).year
    ax.set_xlabel(f"date ({first})" if first == last else f"date ({first} to {last})", fontsize=8)
    for mark in marks_of(scenario, offers_only):
        ax.axvline(
            mark.day,
            color=GREY if mark.offer else FAINT,
            linewidth=0.8 if mark.offer else 0.6,
            linestyle="solid" if mark.offer else (0, (1, 2)),
            alpha=0.6,
            zorder=0.5,
        )


def rows_of(marks: list[Mark], days: Array, across: float, beyond: float) -> list[int | None]:
    """In which row above the axis each label stands, 0 being the lowest; None for those without words or room.

    A label starts at its date. The earlier stand higher, so that no label is crossed by the line that leads from a
    label down to its date.

    Parameters
    ----------
    across : width of the axis, in points
    beyond : how far a label may run past its right end, in points
    """
    rows: list[int | None] = [None] * len(marks)
    placed: list[tuple[float, float, float, int]] = []  # left, right, date, row
    for place in reversed(range(len(marks))):
        mark = marks[place]
        if not mark.text:
            continue
        at, long = _x(mark.day, days, across), width(mark.text, SIZE, mark.offer) + 8
        left = min(at - 1, across + beyond - long)
        for row in range(MOST_ROWS):
            free = all(
                not (other == row and left < right and begin < left + long)  # words on words
                and not (other > row and left <= date <= left + long)  # a line through these words
                and not (row > other and begin <= at <= right)  # our line through those
                for begin, right, date, other in placed
            )
            if free:
                rows[place] = row
                placed.append((left, left + long, at, row))
                break
    return rows


def _x(day: float, days: Array, across: float) -> float:
    return float((day - days[0]) / (days[-1] - days[0]) * across)


def strip(ax: Axes, scenario: Scenario, days: Array, beyond: float, offers_only: bool = False) -> None:
    """Name what happens along a strip above the panels, ROW points high for each row that ``rows_of`` needs."""
    across, up = extent(ax)
    marks = marks_of(scenario, offers_only)
    ax.set_xlim(days[0], days[-1])
    ax.set_ylim(0, up)
    ax.axis("off")
    for mark, row in zip(marks, rows_of(marks, days, across, beyond), strict=True):
        colour = "#222222" if mark.offer else GREY
        if mark.offer:
            ax.plot([mark.day], [0], marker="D", markersize=3.4, color=colour, clip_on=False, zorder=3)
        if row is None:
            continue
        base = 5 + row * ROW
        ax.plot([mark.day, mark.day], [0, base + 7], color=colour, linewidth=0.6, clip_on=False)
        room = across + beyond - width(mark.text, SIZE, mark.offer) - 8
        at = min(_x(mark.day, days, across) + 3, room)
        ax.text(
            at / across,
            base / up,
            mark.text,
            transform=ax.transAxes,
            fontsize=SIZE,
            fontweight="bold" if mark.offer else "normal",
            color=colour,
            verticalalignment="baseline",
            parse_math=False,
        )
