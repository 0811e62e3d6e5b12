"""The pictures of the page, drawn quickly: small, few, and as lines rather than pixels, which is twice as quick."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context

from simulation.show.dashboard.comparison import Outcome
from simulation.show.plots.answers import plot_answers
from simulation.show.plots.figure import Figure
from simulation.show.plots.labels import width
from simulation.show.plots.palette import short
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
    was = None if before is None else before.digest
    if kind == "answers":
        plot_answers(now.digest, ax, before=was, most_words=MOST_WORDS[size], afar=False)
        ax.tick_params(axis="y", pad=8)  # the marks of the first date may stand left of the axis
    else:
        plot_stances(now.digest, ax, actors=actors, before=was)
    file = io.BytesIO()
    about: dict[str, Any] = {"metadata": {"Date": None, "Creator": None}} if form == "svg" else {"dpi": 200}
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "ceasefire"}):
        figure.savefig(file, format=form, **about)
    return file.getvalue()
