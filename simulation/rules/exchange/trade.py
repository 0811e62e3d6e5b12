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


class Pairs(NamedTuple):
    """Every two actors (P of them) with every two issues (Q of them), in order."""

    first: Index  # (P, 1)
    second: Index  # (P, 1)
    one: Index  # (Q,)
    other: Index  # (Q,)


class Offers(NamedTuple):
    """What each pair of actors could exchange over each pair of issues, whatever the room; all (R, P, Q)."""

    gives_first: Index  # the issue on which the first of the two gives way
    gives_second: Index
    worth: Array  # gain of each for a unit of exchange; 0 where the two are not opposed, or weigh the issues alike
    moves_first: Array  # points by which a unit moves the outcome on the first's issue
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
    """The mean by weight on each issue, (R, K); the plain mean where nobody has weight."""
    weighty = np.max(share, axis=1, keepdims=True) > 0
    mean = _total(np.where(weighty, share, 1.0 / vote.shape[1]) * vote)
    return np.clip(mean, vote.min(axis=1), vote.max(axis=1))


def every_pair(n: int, issues: int) -> Pairs:
    """All pairs of n actors and of the issues."""
    actors = np.array([*combinations(range(n), 2)], dtype=np.intp).reshape(-1, 2)
    topics = np.array([*combinations(range(issues), 2)], dtype=np.intp).reshape(-1, 2)
    return Pairs(actors[:, :1], actors[:, 1:], topics[:, 0], topics[:, 1])


def offers(given: Terms, pairs: Pairs) -> Offers:
    """Which exchanges would be worth while, and at which rate.

    Where i weighs issue b more than issue a, and j the other way about, i gives way on a and j on b. With the outcome
    moved by t_a and t_b, i gains s_ib t_b - s_ia t_a and j gains s_ja t_a - s_jb t_b. Both are the same for

        t_a = u (s_ib + s_jb),   t_b = u (s_ia + s_ja),   gain = u (s_ib s_ja - s_ia s_jb)
    """
    first, second, one, other = pairs
    care, side = given.salience, given.side
    cares = [care[:, who, what] for who in (first, second) for what in (one, other)]
    first_one, first_other, second_one, second_other = cares
    for_one, for_other = first_one * second_other, first_other * second_one
    prefers_one = for_one > for_other
    opposed = (side[:, first, one] * side[:, second, one] < 0) & (side[:, first, other] * side[:, second, other] < 0)
    unlike = np.abs(for_one - for_other) > ROUNDING * (for_one + for_other)
    on_one, on_other = first_one + second_one, first_other + second_other
    return Offers(
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
    pairs = every_pair(n, issues)
    offered = offers(given, pairs)
    if not offered.worth.any():
        return vote, made
    gives = offered.gives_first, offered.gives_second
    room_at = [
        ((who * n + partner) * issues + what).reshape(runs, -1)
        for who, partner, what in ((pairs.first, pairs.second, gives[0]), (pairs.second, pairs.first, gives[1]))
    ]
    bought = np.zeros_like(vote)
    free = np.ones(vote.shape, dtype=bool)
    run = np.arange(runs)
    while True:
        open_to = room(given, vote, bought, free).reshape(runs, -1)
        units = [
            np.take_along_axis(open_to, at, axis=1).reshape(offered.worth.shape) / np.where(moves > 0, moves, np.inf)
            for at, moves in zip(room_at, (offered.moves_first, offered.moves_second), strict=True)
        ]
        unit = np.minimum(*units).reshape(runs, -1)
        gain = unit * offered.worth.reshape(runs, -1)
        most = gain.max(axis=1)
        going = most > given.speck
        if not going.any():
            return vote, made
        best = np.argmax(gain >= (most - given.speck)[:, None], axis=1)
        pair, topic = np.divmod(best, len(pairs.one))
        actor = np.concatenate([pairs.first[pair], pairs.second[pair]], axis=1)
        issue = np.stack([table.reshape(runs, -1)[run, best] for table in gives], axis=1)
        moves = np.stack([table[run, pair, topic] for table in (offered.moves_first, offered.moves_second)], axis=1)
        shift = unit[run, best][:, None] * moves
        row, partner = run[:, None], actor[:, ::-1]
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
