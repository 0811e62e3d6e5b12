"""The pictures of the page, drawn quickly: small, few, and as lines rather than pixels where that stays light."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import rc_context
from numpy.typing import NDArray

from simulation.runs.results import quantiles_of
from simulation.show.dashboard import markup
from simulation.show.dashboard.comparison import Outcome
from simulation.show.plots.answers import plot_answers
from simulation.show.plots.dates import days_of
from simulation.show.plots.figure import Figure
from simulation.show.plots.palette import looks
from simulation.show.plots.stances import plot_stances

WIDE, HIGH = 7.2, 3.5
"""Inches of a chart, at a size of letters that can be read in half a window."""


def chart_answers(outcome: Outcome) -> str:
    """The chances of acceptance along time, as HTML."""
    figure, ax = _chart()
    plot_answers(outcome.digest, ax)
    return svg(figure, "The chance that each party accepts each offer, along time")


def chart_stances(outcome: Outcome, actors: Sequence[str], before: Outcome | None = None) -> str:
    """The stances of some actors along time, as HTML.

    Parameters
    ----------
    before : whose medians are dotted in, where that is something else
    """
    figure, ax = _chart()
    plot_stances(outcome.digest, ax, actors=actors)
    if before is not None and before is not outcome:
        look, days = looks(outcome.scenario), days_of(before.digest)
        for name in actors:
            median = quantiles_of(before.digest, "stance").sel(actor=name, quantile=0.5)
            ax.plot(days, median, color=look[name].colour, linestyle=":", linewidth=1.2, zorder=2.5)
    return svg(figure, f"The stances of {', '.join(outcome.scenario.labels[name] for name in actors)} along time")


def _chart() -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDE, HIGH))
    return figure, figure.add_axes((0.15, 0.125, 0.66, 0.845))


def svg(figure: Figure, says: str) -> str:
    """A figure as an image in the page; letters are drawn as lines, so that it looks the same everywhere."""
    text = io.BytesIO()
    with rc_context({"svg.fonttype": "path", "svg.hashsalt": "ceasefire"}):
        figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None})
    return markup.image("svg+xml", base64.b64encode(text.getvalue()).decode(), says)


def png(pixels: NDArray[np.uint8], says: str) -> str:
    """Pixels (height, width, 4) as an image in the page."""
    from PIL.Image import fromarray

    file = io.BytesIO()
    fromarray(pixels).convert("RGB").save(file, format="PNG", compress_level=1)
    return markup.image("png", base64.b64encode(file.getvalue()).decode(), says)
