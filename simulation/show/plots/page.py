"""A page of panels over one axis of dates: title, strip of events, panels, small print."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date as Date
from typing import NamedTuple

import xarray as xr
from matplotlib.axes import Axes

from simulation.runs.results import scenario_of
from simulation.runs.results.wording import unbroken
from simulation.scenario.knowledge import in_words
from simulation.scenario.schema import Scenario
from simulation.show.plots.dates import ROW, days_of, marks_of, spots, strip
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import fitted, folded, width
from simulation.show.plots.palette import GREY

WIDTH = 9.2
LEFT, RIGHT = 1.15, 1.5
TITLE, FOOT, HEADING = 0.62, 0.9, 0.34
"""Inches: the page and its margins."""


class Panel(NamedTuple):
    """One panel of a page."""

    heading: str
    height: float  # inches


def sheet(
    digest: xr.Dataset, title: str, panels: Sequence[Panel], note: str, offers_only: bool = False
) -> tuple[Figure, list[Axes]]:
    """A page with empty panels, one above the other, that share the dates.

    Parameters
    ----------
    note : what the small print says of the drawing
    offers_only : leave the other events out of the strip
    """
    scenario, days = scenario_of(digest), days_of(digest)
    across = (WIDTH - LEFT - RIGHT) * 72
    beyond = (min(LEFT, RIGHT) - 0.1) * 72
    marks = marks_of(scenario, offers_only)
    found = spots(marks, days, across, beyond)
    rows = [spot.row for spot in found if spot is not None]
    above = ((max(rows) + 1) * ROW + 6) / 72 if rows else 0.0
    height = TITLE + above + sum(panel.height + HEADING for panel in panels) + FOOT
    figure = Figure(figsize=(WIDTH, height))
    head(figure, scenario, title)
    top = height - TITLE
    if rows:
        ax = _axis(figure, top - above, above)
        strip(ax, scenario, days, beyond, offers_only)
        top -= above
    axes: list[Axes] = []
    for panel in panels:
        top -= HEADING
        ax = _axis(figure, top - panel.height, panel.height)
        text = fitted(panel.heading, across, 9.5, True)
        ax.set_title(text, loc="left", fontsize=9.5, fontweight="bold", pad=5, parse_math=False)
        axes.append(ax)
        top -= panel.height
    for ax in axes[:-1]:
        ax.tick_params(labelbottom=False)
        ax.xaxis.label.set_visible(False)
    offers = [spot for mark, spot in zip(marks, found, strict=True) if mark.offer and mark.text]
    unnamed = offers.count(None)
    small_print(
        figure,
        digest,
        note + (f"; diamonds: offers, {unnamed} of {len(offers)} without room for a name" if unnamed else ""),
    )
    return figure, axes


def _axis(figure: Figure, bottom: float, height: float) -> Axes:
    wide, high = figure.get_size_inches()
    return figure.add_axes((LEFT / wide, bottom / high, (wide - LEFT - RIGHT) / wide, height / high))


def head(figure: Figure, scenario: Scenario, title: str) -> None:
    """Write the title, a sentence that says what is shown, and below it the scenario.

    A title that is too long for its line stands on two, in smaller letters, and takes no more room.
    """
    wide, high = figure.get_size_inches()
    room = (wide - 0.3) * 72
    title, heading = (" ".join(text.split()) for text in (title, scenario.heading))
    lines = [title]
    if long := width(title, 12.0, True) > room:
        lines = folded(title, room, 2, 9.5, True).split("\n")
    rows = [(line, 9.5 if long else 12.0, True, "#111111") for line in lines]
    rows.append((fitted(heading, room, 9.0), 9.0, False, GREY))
    downs = (0.17, 0.32, 0.49) if len(lines) > 1 else (0.27, 0.47)
    for (text, size, bold, colour), down in zip(rows, downs, strict=True):
        figure.text(
            0.15 / wide,
            1 - down / high,
            text,
            fontsize=size,
            fontweight="bold" if bold else "normal",
            color=colour,
            verticalalignment="baseline",
            parse_math=False,
        )


def filled(text: str, wide: float) -> str:
    """Small print on lines that fit on a page so many inches wide; none ends within a number and its interval."""
    return textwrap.fill(unbroken(text), int(wide * 17.5)).replace("\u00a0", " ")


def small_print(figure: Figure, digest: xr.Dataset, note: str) -> None:
    """Write under the picture how many runs it rests on, and what its marks mean."""
    wide, high = figure.get_size_inches()
    text = filled(f"{runs_of(digest)}; {note}.", wide)
    figure.text(
        0.15 / wide,
        0.1 / high,
        text,
        fontsize=7,
        color=GREY,
        verticalalignment="bottom",
        linespacing=1.3,
        parse_math=False,
    )


def runs_of(digest: xr.Dataset) -> str:
    """Runs, seed and rule in words."""
    runs, drawn = int(digest.attrs["runs"]), bool(digest.attrs.get("uncertain", 0))
    text = f"{runs:,} {'run' if runs == 1 else 'runs'}, seed {digest.attrs['seed']}, rule {digest.attrs['rule']}"
    text += ", inputs drawn from their ranges" if drawn else ""
    return text + (f", answers before {_day(digest.attrs['as_of'])} as they were" if "as_of" in digest.attrs else "")


def _day(date: str) -> str:
    return in_words(Date.fromisoformat(date))
