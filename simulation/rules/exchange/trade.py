"""Who could exchange what with whom, and one exchange after another, for runs side by side."""

from __future__ import annotations

from itertools import combinations
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.rules.base import Array

Variant = Literal["in-parts", "once"]
Index = NDArray[np.intp]

ROUNDING = 1e-13
"""Share of the positions' range, and of the greatest gain that it allows, below which a difference is rounding."""


class Terms(NamedTuple):
    """What stays as it is for a round; R runs, n actors, K issues."""

    position: Array  # (R, n, K) what everybody wants, and votes for before it exchanges anything
    salience: Array  # (R, n, K)
    share: Array  # (R, n, K) of the weight on an issue, influence times salience; sums to 1, or 0 where nobody has any
    expected: Array  # (R, K) the outcome if nobody exchanged
    side: Array  # (R, n, K) -1 below the expected outcome, 1 above, 0 at it
    speck: Array  # (R,) a gain that is none


class Trades(NamedTuple):
    """One exchange in each run, or none."""

    made: NDArray[np.bool_]  # (R,)
    actor: Index  # (R, 2)
    issue: Index  # (R, 2) on which each of the two gives way
    start: Array  # (R, 2) the position it voted for before
    vote: Array  # (R, 2) and after
    gain: Array  # (R,) of each of the two: salience times points of outcome


class Offers(NamedTuple):
    """What two actors could exchange over two issues, whatever the room: the C cases in which somebody could gain."""

    first: Index  # (C,) the one actor
    second: Index  # (C,) and the other
    gives_first: Index  # (R, C) the issue on which the first gives way
    gives_second: Index
    worth: Array  # (R, C) gain of each for a unit of exchange; 0 where the two are not opposed, or weigh them alike
    moves_first: Array  # (R, C) points by which a unit moves the outcome on the first's issue
    moves_second: Array


def terms(position: Array, salience: Array, influence: Array) -> Terms:
    """The terms of a round, for arrays (R, n, K) already checked."""
    weight = _relative(influence) * _relative(salience)
    total = _total(weight)
    share = weight / np.where(total > 0, total, 1.0)[:, None, :]
    expected = outcome(position, share)
    width = np.ptp(position, axis=1)
    off = position - expected[:, None, :]
    side = np.where(np.abs(off) > ROUNDING * width[:, None, :], np.sign(off), 0.0) * (share > 0)
    return Terms(
        position, salience, share, expected, side, ROUNDING * np.max(width * np.max(salience, axis=1), axis=-1)
    )


def outcome(vote: Array, share: Array) -> Array:
    """The mean by weight on each issue, (R, K); a number of no meaning within the votes where nobody has weight."""
    return np.clip(_total(share * vote), vote.min(axis=1), vote.max(axis=1))


def offers(given: Terms) -> Offers:
    """Which exchanges would be worth while, and at which rate, in the order of actors, then of issues.

    Where i weighs issue b more than issue a, and j the other way about, i gives way on a and j on b. With the outcome
    moved by t_a and t_b, i gains s_ib t_b - s_ia t_a and j gains s_ja t_a - s_jb t_b. Both are the same for

        t_a = u (s_ib + s_jb),   t_b = u (s_ia + s_ja),   gain = u (s_ib s_ja - s_ia s_jb)
    """
    n, issues = given.position.shape[1:]
    actors, topics = (np.array([*combinations(range(size), 2)], dtype=np.intp).reshape(-1, 2) for size in (n, issues))
    first, second = np.repeat(actors, len(topics), axis=0).T
    one, other = np.tile(topics, (len(actors), 1)).T
    care, side = given.salience, given.side
    opposed = (side[:, first, one] * side[:, second, one] < 0) & (side[:, first, other] * side[:, second, other] < 0)
    kept = np.flatnonzero(opposed.any(axis=0))
    opposed, first, second, one, other = opposed[:, kept], first[kept], second[kept], one[kept], other[kept]
    for_one, for_other = care[:, first, one] * care[:, second, other], care[:, first, other] * care[:, second, one]
    unlike = np.abs(for_one - for_other) > ROUNDING * (for_one + for_other)
    on_one, on_other = care[:, first, one] + care[:, second, one], care[:, first, other] + care[:, second, other]
    prefers_one = for_one > for_other
    return Offers(
        first,
        second,
        np.where(prefers_one, other, one),
        np.where(prefers_one, one, other),
        np.where(opposed & unlike, np.abs(for_one - for_other), 0.0),
        np.where(prefers_one, on_one, on_other),
        np.where(prefers_one, on_other, on_one),
    )


def exchanges(given: Terms, variant: Variant) -> tuple[Array, list[Trades]]:
    """All exchanges of a round, the greatest gain first: the votes after them, (R, n, K), and the list."""
    runs, n, issues = given.position.shape
    vote = given.position.copy()
    made: list[Trades] = []
    offered = offers(given)
    first, second = offered.first, offered.second
    if not first.size:
        return vote, made
    at_first = (first * n + second) * issues + offered.gives_first
    at_second = (second * n + first) * issues + offered.gives_second
    bought = np.zeros_like(vote)
    free = np.ones(vote.shape, dtype=bool)
    run = np.arange(runs)
    row = run[:, None]
    while True:
        left = room(given, vote, bought, free).reshape(runs, -1)
        unit = np.minimum(
            left[row, at_first] / np.where(offered.moves_first > 0, offered.moves_first, np.inf),
            left[row, at_second] / np.where(offered.moves_second > 0, offered.moves_second, np.inf),
        )
        gain = unit * offered.worth
        most = gain.max(axis=1)
        going = most > given.speck
        if not going.any():
            return vote, made
        best = np.argmax(gain >= (most - given.speck)[:, None], axis=1)
        actor = np.stack([first[best], second[best]], axis=1)
        issue = np.stack([offered.gives_first[run, best], offered.gives_second[run, best]], axis=1)
        moves = np.stack([offered.moves_first[run, best], offered.moves_second[run, best]], axis=1)
        shift, partner = unit[run, best][:, None] * moves, actor[:, ::-1]
        start, end = vote[row, actor, issue], given.position[row, partner, issue]
        stride = shift / np.where(going[:, None], given.share[row, actor, issue], 1.0)
        whole = np.abs(end - start) <= stride + ROUNDING * np.abs(end - given.position[row, actor, issue])
        after = np.where(whole, end, np.where(end > start, start + stride, start - stride))
        now = run[going][:, None]
        vote[now, actor[going], issue[going]] = after[going]
        bought[now, partner[going], issue[going]] += shift[going]
        if variant == "once":
            for topics in (issue, issue[:, ::-1]):
                free[now, actor[going], topics[going]] = False
        made.append(Trades(going, actor, issue, start, after, gain[run, best]))


def room(given: Terms, vote: Array, bought: Array, free: NDArray[np.bool_]) -> Array:
    """Points by which the actor s could still move the outcome on k for its partner d: (R, s, d, k).

    It may vote for d's position at most, and d buys no more than would bring the expected outcome to that position.
    """
    wanted = given.position[:, None, :, :]
    way = np.sign(wanted - given.position[:, :, None, :])
    left = np.maximum(way * (wanted - vote[:, :, None, :]), 0.0) * given.share[:, :, None, :]
    due = np.maximum(np.abs(given.position - given.expected[:, None, :]) - bought, 0.0)
    found: Array = np.minimum(left, due[:, None, :, :]) * (free[:, :, None, :] & free[:, None, :, :])
    return found


def _relative(amount: Array) -> Array:
    """Amounts brought to a greatest value of 1 on each issue, so that no scale over- or underflows."""
    most = amount.max(axis=1, keepdims=True)
    relative: Array = amount / np.where(most > 0, most, 1.0)
    return relative


def _total(table: Array) -> Array:
    """The sum over actors, (R, n, K) to (R, K), added up in the same order however many runs there are."""
    total: Array = np.ascontiguousarray(np.swapaxes(table, 1, 2)).sum(axis=-1)
    return total
