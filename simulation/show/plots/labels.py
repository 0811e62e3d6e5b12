"""Where words go so that they do not overprint: at the ends of lines, and beside points. Lengths are in points."""

from __future__ import annotations

import itertools
import math
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D

from simulation.dynamics.state import Array
from simulation.show.plots.fonts import legible
from simulation.show.plots.palette import Look

SIZE = 8.0
"""Size of labels."""


@lru_cache(maxsize=4096)
def width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """How wide the longest line of a text is."""
    font = FontProperties(size=size, weight="bold" if bold else "normal")
    ruler: Any = _ruler()
    lines = legible(text).split("\n")
    return float(max(ruler.get_text_width_height_descent(line or " ", font, False)[0] for line in lines))


@lru_cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, 72)  # type: ignore[no-untyped-call]


def fitted(text: str, room: float, size: float = SIZE, bold: bool = False) -> str:
    """The text, cut with an ellipsis where it is wider than the room there is; without letters that no font has."""
    text = legible(text)
    if width(text, size, bold) <= room:
        return text
    while text and width(text + "…", size, bold) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def shortened(text: str, room: float, size: float = SIZE) -> str:
    """The text, its middle cut with an ellipsis where it is wider than the room: what tells it apart is at its ends."""
    short = text = legible(text)
    kept = len(text)
    while kept > 2 and width(short, size) > room:
        kept -= 1
        short = f"{text[: -(-kept // 2)].rstrip()}…{text[-(kept // 2) :].lstrip()}"
    return short


def folded(text: str, room: float, most: int, size: float = SIZE, bold: bool = False) -> str:
    """The text on as many lines as it needs for the room there is, the last of ``most`` cut with an ellipsis."""
    text = legible(" ".join(text.split()))
    if width(text, size, bold) <= room:
        return text
    letters = max(int(0.95 * len(text) * room / width(text, size, bold)), 1)
    lines = textwrap.wrap(text, letters)
    while letters > 1 and any(width(line, size, bold) > room for line in lines):
        letters -= 1
        lines = textwrap.wrap(text, letters)
    if len(lines) > most:
        lines[most - 1 :] = [" ".join(lines[most - 1 :])]
    return "\n".join(fitted(line, room, size, bold) for line in lines)


def extent(ax: Axes) -> tuple[float, float]:
    """Width and height of an axis."""
    box = ax.get_position()
    size = ax.get_figure(root=True).get_size_inches()  # type: ignore[union-attr]
    return float(box.width * size[0] * 72), float(box.height * size[1] * 72)


def spread(wanted: Array, gap: float, low: float, high: float) -> Array:
    """Places as near as possible to those wanted, at least ``gap`` apart, between low and high.

    Least squares under an order is isotonic regression once the gaps are taken off (Barlow & others 1972). Places
    keep the order of ``wanted``; there has to be room: (n - 1) gap <= high - low.
    """
    if len(wanted) == 0:
        return wanted
    order = np.argsort(wanted, kind="stable")
    steps = gap * np.arange(len(wanted))
    moved = np.clip(ascending(wanted[order] - steps), low, high - steps[-1]) + steps
    placed: Array = np.empty_like(moved)
    placed[order] = moved
    return placed


def ascending(values: Array) -> Array:
    """The nearest values that nowhere fall, by least squares: isotonic regression.

    By its min-max formula (Barlow & others 1972), for few values: ``scipy.optimize`` has the same, and takes longer to
    be imported than a whole picture to be drawn.
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    first, last = np.indices((len(values), len(values)))
    means = np.where(first <= last, (sums[last + 1] - sums[first]) / np.maximum(last - first + 1, 1), np.inf)
    least = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
    found: Array = np.where(first <= last, least, -np.inf).max(axis=0)
    return found


class End(NamedTuple):
    """What is written at the end of a line."""

    text: str
    height: float  # where the line ends, in the units of the axis
    look: Look
    weight: float  # the heavier stays where not all fit
    bold: bool


def label_ends(ax: Axes, ends: Sequence[End], beyond: float | None = None) -> None:
    """Write at the right edge of the axis what each line is, spread so that no two collide; drop what has no room.

    Parameters
    ----------
    beyond : how far words may run past the edge, in points; to that of the figure, if left out
    """
    across, up = extent(ax)
    gap = 1.2 * SIZE
    room = max(int((up + 1.2 * SIZE) // gap), 1)
    if beyond is None:
        beyond = float(ax.get_figure(root=True).get_size_inches()[0] * 72 * (1 - ax.get_position().x1))  # type: ignore[union-attr]
    kept = sorted(ends, key=lambda end: -end.weight)[:room]
    bottom, top = ax.get_ylim()
    wanted = np.array([(end.height - bottom) / (top - bottom) * up for end in kept])
    for end, raw, place in zip(kept, wanted, spread(wanted, gap, -0.6 * SIZE, up + 0.6 * SIZE), strict=True):
        leader = Line2D(
            [1 + 2 / across, 1 + 5 / across, 1 + 11 / across, 1 + 13 / across],
            [raw / up, raw / up, place / up, place / up],
            transform=ax.transAxes,
            color=end.look.colour,
            linewidth=0.7,
            clip_on=False,
        )
        ax.add_line(leader)
        ax.text(
            1 + 15 / across,
            place / up,
            _trimmed(end, beyond - 20),
            transform=ax.transAxes,
            color=end.look.ink,
            fontsize=SIZE,
            fontweight="bold" if end.bold else "normal",
            verticalalignment="center_baseline",
            parse_math=False,
        )


def _trimmed(end: End, room: float) -> str:
    """What stands at the end of a line, in the room there is: a long name is cut, the number behind it stays."""
    name, number = re.fullmatch(r"(.*?)( [\d.,+-]+(?: %)?)?", end.text, re.DOTALL).groups("")  # type: ignore[union-attr]
    return fitted(name, room - width(number, SIZE, end.bold), SIZE, end.bold) + number


AROUND = tuple((x, y) for x, y in itertools.product((-1.0, -0.5, 0.0, 0.5, 1.0), repeat=2) if max(abs(x), abs(y)) == 1)
"""Where the middle of a text may stand around a point, in reaches across and up."""

HALO = {"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.4}
"""What lets a text stand over a line and be read; a stroke around the letters would make SVGs four times as large."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, from the lower left corner of an axis."""

    left: float
    bottom: float
    right: float
    top: float

    def meets(self, other: Box) -> bool:
        """Whether the two overlap."""
        return (
            self.left < other.right and other.left < self.right and self.bottom < other.top and other.bottom < self.top
        )

    def distance(self, point: tuple[float, float]) -> float:
        """How far a point is from its nearest edge; 0 inside."""
        across = max(self.left - point[0], 0.0, point[0] - self.right)
        return math.hypot(across, max(self.bottom - point[1], 0.0, point[1] - self.top))

    def within(self, other: Box) -> bool:
        """Whether this one lies inside the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


def beside(
    at: tuple[float, float],
    size: tuple[float, float],
    clear: float,
    page: Box,
    taken: Sequence[Box],
    away: tuple[float, float] = (1.0, 0.0),
    rivals: Sequence[tuple[float, float]] = (),
) -> tuple[Box, float] | None:
    """The best free place for a text next to a point, and how bad that is (0 best); None where nothing is free.

    Parameters
    ----------
    at : the point
    size : width and height of the text
    clear : distance that its edge keeps from the point
    page : what it has to stay within
    taken : what it must not overprint
    away : the direction to try first, of length 1; straight up, down, left and right go before aslant
    rivals : other points, none of which the text may be nearer to than to its own
    """
    across, up = size
    ranked = []
    for x, y in AROUND:
        turned = 1 - (x * away[0] + y * away[1]) / math.hypot(x, y)
        ranked.append((0.5 * turned + (0.45 if x and y else 0.0), x, y))
    for reach, worse in ((clear, 0.0), (clear + 7, 2.0)):
        for cost, x, y in sorted(ranked):
            middle = (at[0] + x * (reach + across / 2), at[1] + y * (reach + up / 2))
            box = Box(middle[0] - across / 2, middle[1] - up / 2, middle[0] + across / 2, middle[1] + up / 2)
            own = box.distance(at)
            clash = any(box.meets(other) for other in taken) or any(box.distance(rival) < own for rival in rivals)
            if box.within(page) and not clash:
                return box, cost + worse
    return None
