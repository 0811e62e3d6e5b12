"""Who accepts which offer, beside what happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation, Transform

from simulation.runs.results import condense, scenario_of, wilson
from simulation.scenario.keys import occasions
from simulation.scenario.schema import Scenario
from simulation.show.plots.dates import CROWD, date_axis, day_number, days_of
from simulation.show.plots.fans import tidy
from simulation.show.plots.fonts import legible
from simulation.show.plots.labels import Box, extent, fitted
from simulation.show.plots.mark_words import Word, point, write
from simulation.show.plots.page import Panel, sheet
from simulation.show.plots.palette import GREY, Look, in_full, looks, short

DODGE = 9.0
"""Points by which parties stand apart at one date; their data stay at the date.

Less where offers stand close: see ``apart``.
"""

MOST_PANELS = 6


def plot_answers(
    result: xr.Dataset,
    ax: Axes,
    parties: Sequence[str] | None = None,
    before: xr.Dataset | None = None,
    *,
    most_words: int = 1000,
    afar: bool = True,
) -> Axes:
    """Draw the chance that each party accepts each offer, with 95 % Wilson intervals, at the offer's date.

    Where answers may come with conditions, a bar below the mark is dark up to the share of runs in which the party
    accepts without, and light from there up to the mark: the share in which it accepts with conditions. Hollow stars
    show what happened, where the scenario has a ``record`` of it: 0 refused … 1 accepted.

    Parameters
    ----------
    result : of ``run_ensemble``
    parties : whom to draw; by default every party
    before : an earlier result, whose chances are hollow marks, "as it was", at the dates of the offers that both have
    most_words : words and numbers that may be written beside the marks; where there are more, the words on what
        happened are left out, and where that is not enough, all
    afar : whether a word that has no room beside its mark may stand further off, at the end of a thin line
    """
    digest = condense(result)
    scenario, look = scenario_of(digest), looks(scenario_of(digest))
    names = [name for name in scenario.parties if parties is None or name in parties]
    days = offer_days(scenario)
    date_axis(ax, days_of(digest), scenario, offers_only=True)
    ax.set_ylim(-8, 108)
    ax.set_yticks([0, 25, 50, 75, 100], ["0 refuses", "25", "50", "75", "100 accepts"])
    ax.set_ylabel("chance of acceptance (%)", fontsize=8)
    tidy(ax)
    words: list[Word] = []
    taken: list[Box] = []
    on_record = {name: _recorded(scenario, name, days) for name in names}
    was = None if before is None else condense(before)
    dodge = apart(ax, days, len(names))
    crowded = len(days) > CROWD
    for place, name in enumerate(names):
        shift = (place - (len(names) - 1) / 2) * dodge
        drawn = _chances(digest, ax, name, look[name], days, shift)
        taken += [_box(ax, x, low, high, shift) for x, _, low, high in drawn]
        if len(drawn) <= CROWD:
            words += [Word(x, value, shift, f"{value:.0f} %", look[name], True) for x, value, _, _ in drawn]
        if was is not None and name in was.party.values:
            taken += [_box(ax, x, value, value, shift) for x, value in _earlier(was, ax, name, look[name], days, shift)]
        for x, value, label in on_record[name]:
            ax.plot(
                [x],
                [value],
                marker="*",
                markersize=7 if crowded else 11,
                markerfacecolor=(1, 1, 1, 0.6),
                markeredgecolor=look[name].ink,
                markeredgewidth=1.0 if crowded else 1.2,
                linestyle="none",
                transform=_shifted(ax, shift),
                zorder=5,
                clip_on=False,
                label=f"_{name} in history",
            )
            taken.append(_box(ax, x, value, value, shift, 4.5))
            if label:
                words.append(Word(x, value, shift, label, look[name], False))
    across, up = extent(ax)
    rows = len(names) + any(on_record.values()) + 2 * conditions_in(digest) + (was is not None)
    taken.append(Box(across + 2, up - 13 * rows, across + 92, up + 6))  # the key
    if len(words) > most_words:
        words = [word for word in words if word.bold]
    if len(words) <= most_words:
        write(ax, words, taken, afar)
    _key(scenario, ax, names, look, any(on_record.values()), was is not None, conditions_in(digest))
    return ax


def apart(ax: Axes, days: dict[str, float], columns: int) -> float:
    """Points between the marks of one date: less than ``DODGE`` where the marks of the next date would be met.

    The median gap between dates decides, so that a few offers on days that follow each other change nothing.
    """
    if len(days) <= CROWD:
        return DODGE
    places = np.unique([point(ax, day, 0)[0] for day in days.values()])
    return min(DODGE, float(np.median(np.diff(places))) / columns) if len(places) > 1 else DODGE


def offer_days(scenario: Scenario) -> dict[str, float]:
    """The date of every offer, standing ones one by one, as matplotlib counts days."""
    found = {}
    for event in scenario.events:
        for name, step in occasions(scenario, event):
            standing = event.offer is not None and event.offer.every is not None
            found[name] = day_number(scenario.date_of(step) if standing else event.on)
    return found


def _chances(
    digest: xr.Dataset, ax: Axes, party: str, look: Look, days: dict[str, float], shift: float
) -> list[tuple[float, float, float, float]]:
    """Draw a party's chances; their dates, values and intervals in per cent."""
    accepted, asked = (digest[name].sel(party=party).values for name in ("accepted", "asked"))
    order = np.argsort([days[str(offer)] for offer in digest.offer.values], kind="stable")
    points = []
    for place in order:
        if asked[place] > 0:
            value, low, high = (100 * number for number in wilson(float(accepted[place]), int(asked[place])))
            points.append((days[str(digest.offer.values[place])], value, low, high))
    if not points:
        return points
    x, value, low, high = np.array(points).T
    aside = _shifted(ax, shift)
    if conditions_in(digest):
        in_full = digest["accepted_in_full"].sel(party=party).values[order] / np.maximum(asked[order], 1)
        top = 100 * in_full[asked[order] > 0]
        width = 5.0 if len(x) <= CROWD else 2.4
        for low_end, high_end, alpha in ((0 * top, top, 0.55), (top, value, 0.22)):
            ax.vlines(
                x, low_end, high_end, colors=look.colour, linewidth=width, alpha=alpha, transform=aside, zorder=1.5
            )
    bars = ax.errorbar(
        x,
        value,
        yerr=np.clip([value - low, high - value], 0, None),
        fmt=look.marker,
        color=look.colour,
        markersize=6 if len(x) <= CROWD else 3,
        elinewidth=1.6 if len(x) <= CROWD else 0.8,
        capsize=2.5 if len(x) <= CROWD else 0,
        transform=aside,
        zorder=4,
        clip_on=False,
    )
    bars.set_label(party)
    return points


def _earlier(
    was: xr.Dataset, ax: Axes, party: str, look: Look, days: dict[str, float], shift: float
) -> list[tuple[float, float]]:
    """Mark a party's chances in an earlier result; their dates, and values in per cent."""
    accepted, asked = was.accepted.sel(party=party).values, was.asked.sel(party=party).values
    points = [
        (days[str(offer)], 100 * float(accepted[place]) / float(asked[place]))
        for place, offer in enumerate(was.offer.values)
        if str(offer) in days and asked[place] > 0
    ]
    if points:
        ax.plot(
            *zip(*points, strict=True),
            marker=look.marker,
            markersize=8 if len(points) <= CROWD else 4,
            markerfacecolor="none",
            markeredgecolor=look.ink,
            markeredgewidth=0.9,
            linestyle="none",
            transform=_shifted(ax, shift),
            zorder=3.2,
            clip_on=False,
            label=f"_{party} as it was",
        )
    return points


def conditions_in(digest: xr.Dataset) -> bool:
    """Whether any party accepts any offer with conditions in any run."""
    return bool((digest.accepted_in_full.values != digest.accepted.values).any())


def _recorded(scenario: Scenario, party: str, days: dict[str, float]) -> list[tuple[float, float, str]]:
    """Date, grade in per cent and label of what a party answered in history."""
    return [
        (days[entry.offer], 100 * entry.answer, legible(entry.label or ""))
        for entry in scenario.record
        if entry.party == party
    ]


def _shifted(ax: Axes, shift: float) -> Transform:
    """The axis' own coordinates, so many points to the right."""
    figure = ax.get_figure(root=True)
    return ax.transData + ScaledTranslation(shift / 72, 0, figure.dpi_scale_trans)  # type: ignore[union-attr]


def _box(ax: Axes, x: float, low: float, high: float, shift: float, half: float = 3.5) -> Box:
    at, bottom = point(ax, x, low)
    _, top = point(ax, x, high)
    return Box(at + shift - half, bottom - half, at + shift + half, top + half)


def _key(
    scenario: Scenario,
    ax: Axes,
    names: Sequence[str],
    look: dict[str, Look],
    history: bool,
    earlier: bool,
    conditions: bool,
) -> None:
    """Say in the margin what each mark is."""
    across, up = extent(ax)
    figure = ax.get_figure(root=True)
    room = 72 * figure.get_figwidth() * (1 - ax.get_position().x1) - 20  # type: ignore[union-attr]
    rows = [(look[name].marker, look[name].colour, look[name].colour, look[name].ink) for name in names]
    texts = [short(scenario, name) if len(names) > 1 else "in the model" for name in names]
    if history:
        rows.append(("*", "white", GREY, GREY))
        texts.append("observed answer")
    if earlier:
        rows.append(("o", "none", GREY, GREY))
        texts.append("as it was")
    if conditions:
        shade = look[names[0]].colour if len(names) == 1 else GREY
        rows += [("s", _tint(shade, alpha), "none", GREY) for alpha in (0.55, 0.22)]
        texts += ["no conditions", "with conditions"]
    for place, ((marker, fill, rim, colour), text) in enumerate(zip(rows, texts, strict=True)):
        y = 1 - (6 + 13 * place) / up
        ax.plot(
            [1 + 10 / across],
            [y],
            marker=marker,
            markerfacecolor=fill,
            markeredgecolor=rim,
            markersize=10 if marker == "*" else 6,
            transform=ax.transAxes,
            clip_on=False,
        )
        ax.text(
            1 + 18 / across,
            y,
            fitted(text, room),
            transform=ax.transAxes,
            fontsize=8,
            color=colour,
            verticalalignment="center_baseline",
            parse_math=False,
        )


def _tint(colour: str, alpha: float) -> str:
    """A colour as it shows on white at that opacity."""
    red, green, blue = (1 - alpha * (1 - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


def figure_answers(result: xr.Dataset) -> Figure:
    """The answers to the offers: a panel a party, over one axis of dates."""
    digest = condense(result)
    scenario = scenario_of(digest)
    names = list(scenario.parties)
    groups = [[name] for name in names] if len(names) <= MOST_PANELS else [names]
    panels = [
        Panel(in_full(scenario, group[0]) if len(group) == 1 else "All parties", 2.6 if len(groups) > 1 else 3.2)
        for group in groups
    ]
    note = "marks: share of runs in which the party accepts, bars: 95 % Wilson intervals"
    if conditions_in(digest):
        note = "marks: share of runs in which the party accepts, with conditions or without, and 95 % Wilson interval"
    title = "How likely each party is to accept each offer"
    if scenario.record:
        title += ", and what it answered"
        note += "; stars: observed answers, graded from 0 refused to 100 accepted"
    figure, axes = sheet(digest, title, panels, note, offers_only=True)
    for ax, group in zip(axes, groups, strict=True):
        plot_answers(digest, ax, group)
    return figure
