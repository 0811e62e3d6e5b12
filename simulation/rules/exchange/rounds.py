"""The exchange model as it was published: one round, from what everybody wants to the outcomes."""

from __future__ import annotations

from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.base import Array
from simulation.rules.exchange.inputs import read
from simulation.rules.exchange.trade import Index, Trades, Variant, exchanges, outcome, terms

BLOCK_BYTES = 1 << 17
"""Size of one array of pairs of actors and issues, (runs of a block, P, Q), of which about a dozen live at a time:
small enough for a processor's cache. No result depends on it."""


class Deal(NamedTuple):
    """One exchange: two actors, by place, each giving way on one issue."""

    actor: tuple[int, int]
    issue: tuple[int, int]  # on which each of the two gives way
    start: tuple[float, float]  # the position it voted for before
    vote: tuple[float, float]  # and after
    gain: float  # of each of the two: salience times points of outcome


class Played(NamedTuple):
    """A round of exchanges; the last axis of lists of two is the pair. Places beyond ``made`` hold -1 or nan."""

    expected: Array  # (..., K) outcomes if nobody exchanged: means by influence and salience
    outcome: Array  # (..., K) outcomes of the votes
    vote: Array  # (..., n, K) what everybody votes for after all exchanges
    made: Index  # (...) how many exchanges each run made, M at most
    actor: Index  # (M, ..., 2) who, in the order of the exchanges
    issue: Index  # (M, ..., 2) on which each of the two gives way
    moved: Array  # (M, ..., 2, 2) for each of the two, the position it voted for before and after
    gain: Array  # (M, ...) of each of the two

    def deals(self, *run: int) -> list[Deal]:
        """The exchanges of one run, named by its place on each axis of runs; none for a single case."""
        found = []
        for place in range(int(self.made[run])):
            actor, issue = self.actor[(place, *run)], self.issue[(place, *run)]
            start, vote = self.moved[(place, *run)].T
            found.append(
                Deal(
                    (int(actor[0]), int(actor[1])),
                    (int(issue[0]), int(issue[1])),
                    (float(start[0]), float(start[1])),
                    (float(vote[0]), float(vote[1])),
                    float(self.gain[(place, *run)]),
                )
            )
        return found


def play(position: ArrayLike, salience: ArrayLike, influence: ArrayLike, *, variant: Variant = "in-parts") -> Played:
    """Play one round of Stokman & Van Oosten's exchange model.

        expected_k = sum_i c_i s_ik x_ik / sum_i c_i s_ik,   utility_i = - sum_k s_ik |x_ik - outcome_k|

    Parameters
    ----------
    position : (..., n, K)     what n actors want on K >= 2 issues; any scale, 0 … 100 in the published cases
    salience : (..., n, K)     not negative, any scale, 0 … 1 in the published cases; 0 for an actor that has no
                               position on the issue
    influence : (..., n)       not negative, any scale; or (..., n, K), as many axes as ``position``, by issue
    variant                    ``"in-parts"`` or ``"once"``, see the module's page

    Returns
    -------
    Played
        the outcomes before and after, everybody's vote, and the exchanges in their order

    Raises
    ------
    ValueError
        for one issue alone, or if an argument is out of its bounds, not finite, of a shape that does not fit, or
        nobody has any weight on an issue

    References
    ----------
    Stokman & Van Oosten (1994), in Bueno de Mesquita & Stokman (eds), European Community Decision Making, 105-127.
    """
    if variant not in get_args(Variant):
        raise ValueError(f"variant: {variant!r} is unknown; choose 'in-parts' or 'once'")
    case = read(position, salience, influence)
    found = [_round(block, variant) for block in _blocks(case.position, case.salience, case.influence)]
    expected, end, vote = (np.concatenate([block[place] for block in found]) for place in range(3))
    return _gathered(expected, end, vote, [made for *_, made in found], case.lead)


def votes(position: Array, salience: Array, influence: Array, variant: Variant) -> Array:
    """What everybody votes for after a round, shape (R, n, K), for arrays of that shape already checked."""
    return np.concatenate([_round(block, variant)[2] for block in _blocks(position, salience, influence)])


def _blocks(*tables: Array) -> list[tuple[Array, ...]]:
    """The runs cut into blocks."""
    runs, n, issues = tables[0].shape
    size = max(1, BLOCK_BYTES // (2 * n * n * issues * issues))  # n²/2 pairs of actors, K²/2 of issues, 8 bytes each
    return [tuple(table[start : start + size] for table in tables) for start in range(0, runs, size)]


def _round(block: tuple[Array, ...], variant: Variant) -> tuple[Array, Array, Array, list[Trades]]:
    """The outcomes before and after, the votes, and the exchanges of a block of runs."""
    given = terms(*block)
    vote, made = exchanges(given, variant)
    return given.expected, outcome(vote, given.share), vote, made


def _gathered(expected: Array, end: Array, vote: Array, blocks: list[list[Trades]], lead: tuple[int, ...]) -> Played:
    """All blocks in one, with the caller's axes of runs."""
    runs, most = len(vote), max(map(len, blocks))
    actor = np.full((most, runs, 2), -1, dtype=np.intp)
    issue, moved, gain = actor.copy(), np.full((most, runs, 2, 2), np.nan), np.full((most, runs), np.nan)
    count = np.zeros(runs, dtype=np.intp)
    first = 0
    for size, block in zip((len(block) for (block,) in _blocks(vote)), blocks, strict=True):
        for place, trades in enumerate(block):
            here = first + np.flatnonzero(trades.made)
            actor[place, here], issue[place, here] = trades.actor[trades.made], trades.issue[trades.made]
            moved[place, here] = np.stack([trades.start, trades.vote], axis=-1)[trades.made]
            gain[place, here] = trades.gain[trades.made]
            count[here] += 1
        first += size
    return Played(
        expected.reshape(*lead, -1),
        end.reshape(*lead, -1),
        vote.reshape(*lead, *vote.shape[1:]),
        count.reshape(lead),
        actor.reshape(most, *lead, 2),
        issue.reshape(most, *lead, 2),
        moved.reshape(most, *lead, 2, 2),
        gain.reshape(most, *lead),
    )
