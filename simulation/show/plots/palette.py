"""One look for every actor: the same colour, dashes and marker in every picture."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache

from simulation.scenario.schema import Scenario
from simulation.show.plots.fonts import drawable

PARTIES = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
"""Colours of the parties, in the order of the file: Okabe & Ito (2008), Color universal design."""

OTHERS = ("#332288", "#117733", "#882255", "#44AA99", "#CC6677", "#6699CC", "#999933", "#AA4499")
"""Colours of everybody else: Tol (2021), Colour schemes, "muted", without those too pale for a line on white."""

MARKERS = ("o", "s", "^", "D", "v", "P")
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 1.6), (1.2, 1.4), (6, 1.5, 1.2, 1.5))
"""Solid, dashed, dotted, dash and dot, in widths of the line: what tells two lines apart without colour."""

LONG: tuple[tuple[float, ...], ...] = ((), (8, 1.2), (5, 1, 1, 1), (2.5, 1), (8, 1, 1, 1, 1, 1), (1, 1))
"""The same for parties: longer strokes, for they are the thickest lines."""

GREY = "#666666"
FAINT = "#B5B5B5"


@dataclass(frozen=True, slots=True)
class Look:
    """How an actor is drawn."""

    colour: str
    ink: str  # the same colour, dark enough to be read as text on white
    dashes: tuple[float, ...]  # on and off in line widths; empty is solid
    marker: str
    width: float  # points

    @property
    def linestyle(self) -> str | tuple[int, tuple[float, ...]]:
        """What matplotlib calls a line style."""
        return (0, self.dashes) if self.dashes else "solid"


def looks(scenario: Scenario) -> dict[str, Look]:
    """The look of every actor.

    Parties take theirs by their order in the file. Everybody else's is keyed by the name, so that it stays the same
    when others come or go; only where two of one side would look alike does the later name, by alphabet, step aside.
    """
    found = {}
    for place, name in enumerate(scenario.parties):
        colour, turn = PARTIES[place % len(PARTIES)], place // len(PARTIES)
        dashes, marker = LONG[(place + turn) % len(LONG)], MARKERS[(place + turn) % len(MARKERS)]
        found[name] = Look(colour, ink(colour), dashes, marker, 2.2)
    taken: dict[str | None, set[tuple[int, int]]] = {}
    for name in sorted(set(scenario.actors) - set(found)):
        seen = taken.setdefault(scenario.actors[name].side, set())
        slot = _slot(name, seen)
        seen.add(slot)
        colour = OTHERS[slot[0]]
        found[name] = Look(colour, ink(colour), DASHES[slot[1]], MARKERS[zlib.crc32(name.encode()) % len(MARKERS)], 1.3)
    return {name: found[name] for name in scenario.actors}


def _slot(name: str, seen: set[tuple[int, int]]) -> tuple[int, int]:
    """A colour and dashes: those of the name's own number, else the next colour that nobody of its side has yet."""
    number = zlib.crc32(name.encode())
    colour, dash = number % len(OTHERS), number // len(OTHERS) % len(DASHES)
    used = [other for other, _ in seen]
    ranked = sorted(range(len(OTHERS)), key=lambda other: (used.count(other), (other - colour) % len(OTHERS)))
    for other in ranked:
        for turn in range(len(DASHES)):
            slot = (other, (dash + turn) % len(DASHES))
            if slot not in seen:
                return slot
    return colour, dash


@lru_cache
def ink(colour: str) -> str:
    """A colour darkened until it can be read as text on white: a contrast of 4.5, as WCAG 2.2 asks."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    while 1.05 / (luminance(red, green, blue) + 0.05) < 4.5:
        red, green, blue = (0.95 * part for part in (red, green, blue))
    return "#" + "".join(f"{round(255 * part):02X}" for part in (red, green, blue))


def luminance(red: float, green: float, blue: float) -> float:
    """Relative luminance of an sRGB colour, parts 0 … 1 (WCAG 2.2)."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def all_short(scenario: Scenario) -> dict[str, str]:
    """What a picture calls each actor, by key."""
    return {actor: short(scenario, actor) for actor in scenario.actors}


def short(scenario: Scenario, actor: str) -> str:
    """What a picture calls an actor: its label, or its key where no font has the letters of that."""
    label = scenario.labels[actor]
    return label if drawable(label) else actor


def in_full(scenario: Scenario, actor: str) -> str:
    """What a heading calls an actor: as pictures do, but its whole name where that was cut."""
    label, name = short(scenario, actor), " ".join((scenario.actors[actor].name or "").split())
    return name if label.endswith("…") and drawable(name) else label
