"""The pictures of the page, drawn quickly: small, few, and as lines rather than pixels, which is twice as quick."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.transforms import ScaledTranslation

from simulation.runs.results import quantiles_of
from simulation.show.dashboard.comparison import Outcome
from simulation.show.plots.answers import apart, offer_days, plot_answers
from simulation.show.plots.dates import days_of
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import width
from simulation.show.plots.palette import looks, short
from simulation.show.plots.stances import plot_stances

KINDS = ("answers", "stances")
"""What is drawn: who accepts which offer, and where everybody stands along time."""

FORMS = {"svg": "image/svg+xml", "png": "image/png"}

SIZES = {"wide": (7.2, 3.5), "narrow": (4.7, 3.0)}
"""Inches of a chart, at a size of letters that can be read in half a window, or on a telephone."""

MOST_WORDS = {"wide": 40, "narrow": 16}
"""Words and numbers that may stand beside the marks of a chart of answers; more of them take long to place."""

LEFT, BOTTOM, TOP = 78.0, 32.0, 8.0
"""Points beside a chart, for what stands along its axes."""

MOST_BESIDE = 0.3
"""The part of a chart that names at the ends of its lines may take."""


def draw(
    kind: str, now: Outcome, before: Outcome | None, actors: Sequence[str], form: str = "svg", size: str = "wide"
) -> bytes:
    """A picture as the bytes of a file.

    Parameters
    ----------
    kind, form, size : one of ``KINDS``, ``FORMS`` and ``SIZES``
    before : what it is compared with, whose medians and chances are drawn in
    actors : whose stances
    """
    wide, high = SIZES[size]
    scenario = now.scenario
    names = scenario.parties if kind == "answers" else actors
    words = [f"{short(scenario, name)} 100" for name in names] + (["with conditions"] if kind == "answers" else [])
    beside = min(max(width(text, bold=True) for text in words) + 24, MOST_BESIDE * 72 * wide)
    figure = Figure(figsize=(wide, high))
    across = 1 - (LEFT + beside) / (72 * wide)
    ax = figure.add_axes((LEFT / (72 * wide), BOTTOM / (72 * high), across, 1 - (BOTTOM + TOP) / (72 * high)))
    if kind == "answers":
        plot_answers(now.digest, ax, most_words=MOST_WORDS[size])
        if before is not None:
            _chances_before(ax, now, before)
    else:
        plot_stances(now.digest, ax, actors=actors)
        if before is not None:
            _medians_before(ax, now, before, actors)
    file = io.BytesIO()
    about: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}} if form == "svg" else {"dpi": 200}
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "ceasefire"}):
        figure.savefig(file, format=form, **about)
    return file.getvalue()


def _chances_before(ax: Axes, now: Outcome, before: Outcome) -> None:
    """Hollow marks where the chances of acceptance were, beside where they are."""
    scenario, look, days = now.scenario, looks(now.scenario), offer_days(now.scenario)
    parties = list(scenario.parties)
    columns = len(parties) + any(entry.party in parties for entry in scenario.record)
    dodge = apart(ax, days, columns)
    shared = before.summary["offers"]
    for place, party in enumerate(parties):
        chances = {
            days[offer]: 100 * shared[offer][party]["chance"]
            for offer in days
            if shared.get(offer, {}).get(party, {}).get("chance") is not None
        }
        aside = ScaledTranslation(((place - (columns - 1) / 2) * dodge) / 72, 0, ax.figure.dpi_scale_trans)
        ax.plot(
            list(chances),
            list(chances.values()),
            linestyle="none",
            marker=look[party].marker,
            markersize=6,
            markerfacecolor="none",
            markeredgecolor=look[party].colour,
            markeredgewidth=1.1,
            transform=ax.transData + aside,
            zorder=3.6,
            clip_on=False,
        )


def _medians_before(ax: Axes, now: Outcome, before: Outcome, actors: Sequence[str]) -> None:
    """The medians as they were, dotted."""
    look, days = looks(now.scenario), days_of(before.digest)
    quantiles = quantiles_of(before.digest, "stance")
    for name in actors:
        if name in before.scenario.actors:
            median = quantiles.sel(actor=name, quantile=0.5)
            ax.plot(days, median, color=look[name].colour, linestyle=":", linewidth=1.2, zorder=2.5)
