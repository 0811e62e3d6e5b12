"""Where the actors stand in the picture of ties: parties apart, those on their side fanned around, the rest between."""

from __future__ import annotations

import itertools

import numpy as np

from simulation.dynamics.state import Array
from simulation.scenario.schema import Scenario

MOST_CROSSINGS = 150
"""Ties among which crossings are counted; beyond, only their length counts."""

MOST_SWAPS, MOST_WORK = 1500, 3_000_000
"""Swaps to try, and swaps times ties times actors, whichever is less."""

BEND = 0.16
"""How far ties are bent, as a share of their length."""

PAGE = ((-1.6, 1.6), (-0.93, 1.02))
"""Between which places seats may lie, across and up."""

CLOSE = 0.12
"""How near a tie passes an actor before it seems to end there."""


def layout(scenario: Scenario) -> dict[str, tuple[float, float]]:
    """A fixed place for every actor, about -1.6 … 1.6 across and -1 … 1 up.

    Each group has set seats; who sits where is chosen to make ties short and crossings few, by swapping within groups
    until no swap helps. Nothing is drawn at random: the same scenario gives the same picture.
    """
    names = list(scenario.actors)
    seats: dict[str, tuple[float, float]] = {}
    groups: list[list[str]] = []
    parties = list(scenario.parties)
    around: dict[str, list[str]] = {name: [] for name in parties}
    between: list[str] = []
    for name in names:
        side = scenario.actors[name].side
        home = next((party for party in parties if side is not None and scenario.actors[party].side == side), None)
        if name in around:
            continue
        (around[home] if home is not None else between).append(name)
    for (x, y, facing), party in zip(_homes(len(parties)), parties, strict=True):
        seats[party] = (x, y)
        seats.update(zip(around[party], _fan(x, y, facing, len(around[party]), len(parties)), strict=True))
        groups.append(around[party])
    seats.update(zip(between, _middle(len(between), len(parties)), strict=True))
    groups.append(between)
    return _settled(scenario, _on_the_page(seats), groups)


def _on_the_page(seats: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """The seats, drawn together along an axis on which some lie beyond the page."""
    if not seats:
        return seats
    where = np.array([*seats.values()])
    for axis, (low, high) in enumerate(PAGE):
        least, most = where[:, axis].min(), where[:, axis].max()
        if least < low - 0.02 or most > high + 0.02:
            where[:, axis] = np.interp(where[:, axis], (least, most), (max(least, low), min(most, high)))
    return {name: (float(x), float(y)) for name, (x, y) in zip(seats, where, strict=True)}


def _homes(parties: int) -> list[tuple[float, float, float]]:
    """Where each party stands and which way (radians) its side fans out."""
    if parties < 2:
        return [(0.0, 0.0, np.pi / 2)][:parties]
    if parties == 2:
        return [(-0.78, -0.05, np.pi), (0.78, -0.05, 0.0)]
    angles = np.pi / 2 + np.pi / parties + 2 * np.pi * np.arange(parties) / parties
    return [(0.85 * np.cos(angle), 0.6 * np.sin(angle), float(angle)) for angle in angles]


def _fan(x: float, y: float, facing: float, count: int, parties: int) -> list[tuple[float, float]]:
    """Seats on arcs around a party, on the side it faces away from the others."""
    if count == 0:
        return []
    open_to = {1: 2 * np.pi * (1 - 1 / max(count, 2)), 2: 1.36 * np.pi}.get(parties, 0.9 * np.pi)
    rings = 1 if count <= 12 else 2 if count <= 30 else 3
    found = []
    for ring in range(rings):
        own = count // rings + (ring >= rings - count % rings)
        reach = 0.74 if rings == 1 else 0.42 + 0.46 * (ring + 1) / rings
        angles = facing + (np.linspace(-open_to / 2, open_to / 2, own) if own > 1 else np.zeros(1))
        found += [(x + 0.95 * reach * np.cos(angle), y + 1.12 * reach * np.sin(angle)) for angle in angles]
    return found


def _middle(count: int, parties: int) -> list[tuple[float, float]]:
    """Seats for those on nobody's side: an arc above two parties, an ellipse without any, a ring around one or many."""
    if count == 0:
        return []
    if parties == 0:
        angles = np.pi / 2 - 2 * np.pi * np.arange(count) / count
        found = []
        rings = 1 if count <= 24 else 2 if count <= 60 else 3
        for place, angle in enumerate(angles):
            reach = 1.0 - 0.3 * (place % rings)
            found.append((1.35 * reach * np.cos(angle), 0.92 * reach * np.sin(angle)))
        return found
    if parties == 2:
        found = []
        for row, (own, end) in enumerate(_rows(count)):
            across = np.linspace(-end, end, own) if own > 1 else np.zeros(1)
            found += [(float(x), 1.0 - 0.32 * x * x - 0.2 * row) for x in across]
        return found
    if parties == 1:
        across = np.linspace(-1.2, 1.2, count) if count > 1 else np.zeros(1)
        return [(float(x), -0.95 + 0.15 * x * x) for x in across]
    angles = 2 * np.pi * (np.arange(count) + 0.5) / count
    reach = 0.28 if count < 9 else 0.34
    return [(1.3 * reach * np.cos(angle), reach * np.sin(angle)) for angle in angles]


def _rows(count: int) -> list[tuple[int, float]]:
    """How many sit in each row between two parties, and how far from the middle the row ends.

    Six of the largest discs have room in one row; a second one is short, to stay clear of those around the parties.
    """
    if 6 < count <= 12:
        first = -(-3 * count // 5)
        return [(first, 0.52), (count - first, 0.26)]
    rows = -(-count // 9)
    return [(count // rows + (row < count % rows), 0.52) for row in range(rows)]


def _settled(
    scenario: Scenario, seats: dict[str, tuple[float, float]], groups: list[list[str]]
) -> dict[str, tuple[float, float]]:
    """Swap seats within groups while that lowers the cost."""
    names = list(scenario.actors)
    index = {name: place for place, name in enumerate(names)}
    where = np.array([seats[name] for name in names])
    ties = [(index[tie.source], index[tie.target]) for tie in scenario.ties if tie.leverage is not None]
    weight = np.array([tie.leverage.best for tie in scenario.ties if tie.leverage is not None])
    if ties:
        ends = np.array(ties)
        best, tried = _cost(where, ends, weight), 0
        pairs = [(index[one], index[other]) for group in groups for one, other in itertools.combinations(group, 2)]
        better, most = True, min(MOST_SWAPS, MOST_WORK // (len(ties) * len(names)))
        while better and tried < most:
            better = False
            for one, other in pairs:
                where[[one, other]] = where[[other, one]]
                cost, tried = _cost(where, ends, weight), tried + 1
                if cost < best - 1e-9:
                    best, better = cost, True
                else:
                    where[[one, other]] = where[[other, one]]
                if tried >= most:
                    break
    return {name: (float(x), float(y)) for name, (x, y) in zip(names, where, strict=True)}


def _cost(where: Array, ends: Array, weight: Array) -> float:
    """Weighted length of the ties, 0.3 for every crossing, and up to 0.8 for every tie that runs through an actor."""
    start, stop = where[ends[:, 0]], where[ends[:, 1]]
    along = stop - start
    length = float((weight * np.hypot(along[:, 0], along[:, 1])).sum())
    if len(ends) > MOST_CROSSINGS:
        return length
    from_start, to_stop = _turn(start, along, start), _turn(start, along, stop)
    apart = from_start * to_stop < -1e-12
    return length + 0.3 * float((apart & apart.T).sum() / 2) + 0.8 * _run_over(where, ends)


def _run_over(where: Array, ends: Array) -> float:
    """How many actors lie on ties that are not theirs, 1 in the middle of the line … 0 from CLOSE away."""
    start, stop = where[ends[:, 0], None], where[ends[:, 1], None]
    along = stop - start
    bow = BEND * np.stack([along[..., 1], -along[..., 0]], axis=-1)  # matplotlib's arc3: the middle, pulled aside
    share = np.linspace(0.15, 0.85, 8)[:, None]
    curve = start + share * along + 2 * share * (1 - share) * bow
    apart = np.linalg.norm(curve[:, :, None, :] - where[None, None], axis=-1).min(axis=1)
    apart[np.arange(len(ends))[:, None], ends] = np.inf
    return float(np.clip(1 - apart / CLOSE, 0, None).sum())


def _turn(start: Array, along: Array, point: Array) -> Array:
    """On which side of each tie (rows) each point (columns) lies: the sign of the cross product."""
    away = point[None, :, :] - start[:, None, :]
    side: Array = along[:, None, 0] * away[..., 1] - along[:, None, 1] * away[..., 0]
    return side
