"""Words beside marks: each where it covers nothing, or at the end of a thin line, or not at all."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes

from simulation.show.plots.labels import HALO, Box, beside, extent, width
from simulation.show.plots.palette import Look

SIZE = 7.5
"""Of the letters, in points."""

ROUNDS = 8
"""How often the words are placed anew, to keep the best."""


class Word(NamedTuple):
    """Something to write beside a point."""

    x: float
    y: float
    shift: float  # points to the right
    text: str
    look: Look
    bold: bool


def point(ax: Axes, x: float, y: float) -> tuple[float, float]:
    """A place in an axis in points from its lower left corner."""
    (left, right), (bottom, top), (across, up) = ax.get_xlim(), ax.get_ylim(), extent(ax)
    return (x - left) / (right - left) * across, (y - bottom) / (top - bottom) * up


def write(ax: Axes, words: list[Word], taken: list[Box], afar: bool) -> None:
    """Write beside the points what has room, wrapped if need be.

    Whatever was placed badly goes first the next time, and the best of the rounds is kept ("squeaky wheel": Joslin &
    Clements 1999, Journal of Artificial Intelligence Research 10, 353-373).
    """
    across, up = extent(ax)
    order = sorted(words, key=lambda word: word.x)
    trouble = dict.fromkeys(order, 0.0)
    best, placed = math.inf, []
    for _ in range(ROUNDS):
        costs, found = _placed(ax, order, taken, afar)
        if sum(costs.values()) < best:
            best, placed = sum(costs.values()), found
        for word, cost in costs.items():
            trouble[word] += cost
        order.sort(key=lambda word: -trouble[word])
    for word, text, box in placed:
        x, y = point(ax, word.x, word.y)
        x += word.shift
        if box.distance((x, y)) > 15:
            end = (min(max(x, box.left), box.right), min(max(y, box.bottom), box.top))
            line = ([x / across, end[0] / across], [y / up, end[1] / up])
            ax.plot(*line, transform=ax.transAxes, color=word.look.ink, linewidth=0.6, zorder=3.4, label="_leader")
        ax.text(
            box.left / across,
            (box.bottom + box.top) / 2 / up,
            text,
            transform=ax.transAxes,
            fontsize=SIZE,
            fontweight="bold" if word.bold else "normal",
            fontstyle="normal" if word.bold else "italic",
            color=word.look.ink,
            verticalalignment="center" if "\n" in text else "center_baseline",
            linespacing=1.05,
            bbox=HALO,
            parse_math=False,
            zorder=3.5,
        )


def _placed(
    ax: Axes, words: Sequence[Word], taken: Sequence[Box], afar: bool
) -> tuple[dict[Word, float], list[tuple[Word, str, Box]]]:
    """How bad the place of each word is if they are placed in this order (8: left out), and where it goes."""
    across, up = extent(ax)
    page, full = Box(2.5, 3, across + 50, up + 4), list(taken)
    marks = [((box.left + box.right) / 2, (box.bottom + box.top) / 2) for box in taken]
    costs: dict[Word, float] = {}
    found = []
    for word in words:
        x, y = point(ax, word.x, word.y)
        away = (-1.0, 0.0) if word.shift < 0 else (1.0, 0.0)
        options = []
        own = (x + word.shift, y)
        rivals = [mark for mark in marks if math.dist(mark, own) > 2]
        for worse, text in enumerate(
            dict.fromkeys((word.text, *(textwrap.fill(word.text, long) for long in (18, 11))))
        ):
            size = (width(text, SIZE, word.bold) + 1, (text.count("\n") + 1) * SIZE * 1.15)
            place = beside(own, size, 5.5, page, full, away, rivals)
            if place is not None:
                options.append((place[1] + 0.3 * worse, text, place[0]))
        if not options and afar:  # far off, then, at the end of a thin line
            text = textwrap.fill(word.text, 18)
            size = (width(text, SIZE, word.bold) + 1, (text.count("\n") + 1) * SIZE * 1.15)
            inwards = (0.0, -1.0 if y > up / 2 else 1.0)
            far = [beside(own, size, reach, page, full, inwards) for reach in (18, 30, 44)]
            options = [(4.0 + place[1], text, place[0]) for place in far if place is not None][:1]
        if not options:
            costs[word] = 8.0
            continue
        costs[word], text, box = min(options, key=lambda option: option[0])
        full.append(box)
        found.append((word, text, box))
    return costs, found
