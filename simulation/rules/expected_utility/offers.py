"""Who has to give way to whom, how far, and which offer an actor takes.

The octants of Scholz et al.'s Figure 6, for the actor i that receives an offer from j, with a = ``own`` and
b = ``theirs``:

    b > a > 0              confrontation lost       i goes to x_j
    b > 0 > a, b > |a|     compromise               i goes |a/b| of the way to x_j
    b > 0 > a, b < |a|     capitulation             i goes to x_j             (as-printed only)
    a > b > 0              confrontation won        no offer: j has to move
    a > 0 > b              compromise, compulsion   no offer: j has to move, part or all of the way
    a < 0, b < 0           stalemate (2 octants)    no offer

On the lines between octants: nobody loses a confrontation at a = b, nobody gives way where a or b is 0, and at
b = |a| the compromise and the capitulation are the same move, counted as the latter. In ``table-2`` capitulation never
happens: the program asks whether b < |b|.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.rules.base import Array
from simulation.rules.expected_utility.utility import TIE, Variant

NONE, CONFRONTATION, COMPROMISE, CAPITULATION = range(4)
KINDS = ("none", "confrontation", "compromise", "capitulation")

Codes = NDArray[np.int8]
Index = NDArray[np.intp]


def offers(position: Array, own: Array, theirs: Array, variant: Variant) -> tuple[Codes, Array]:
    """The offers each actor receives: their kind and the position asked for, (..., n, n) by receiver and proposer.

    Where there is no offer the kind is ``NONE`` and the position the receiver's own.
    """
    apart = position[..., None, :] - position[..., :, None]
    elsewhere = apart != 0
    confronted = elsewhere & (own > TIE) & (theirs - own > TIE)
    opposed = elsewhere & (own < -TIE) & (theirs > TIE)
    met = opposed & (theirs + own > TIE)
    kind = np.zeros(own.shape, dtype=np.int8)
    kind[confronted] = CONFRONTATION
    if variant == "as-printed":
        kind[opposed] = CAPITULATION
    kind[met] = COMPROMISE
    share = np.where(kind != NONE, 1.0, 0.0)
    np.divide(-own, theirs, out=share, where=met)
    asked: Array = np.where(share == 1.0, position[..., None, :], position[..., :, None] + share * apart)
    return kind, asked


def choose(
    position: Array, own: Array, theirs: Array, kind: Codes, asked: Array, scale: Array, variant: Variant
) -> Index:
    """Whose offer each actor takes, shape (..., n); -1 for none. Ties go to the first in the order of the actors.

    table-2      any confrontation: the one with the least move; else any compromise: the lowest
                 (|a| x_i + |b| x_j) / (|a| + |b|). That is the *numerically* lowest, which turns the scale's lower
                 end into a magnet. It looks like a slip, but the published table needs it.
    as-printed   the offer that asks for the least move, of whatever kind
    """
    cost = np.where(kind != NONE, np.abs(asked - position[..., :, None]), np.inf)
    if variant == "table-2":
        confronted = kind == CONFRONTATION
        concession = np.abs(theirs) / np.maximum(np.abs(own) + np.abs(theirs), TIE)
        middle = position[..., :, None] + concession * (position[..., None, :] - position[..., :, None])
        lowest = np.where(kind == COMPROMISE, middle, np.inf)
        cost = np.where(confronted.any(axis=-1, keepdims=True), np.where(confronted, cost, np.inf), lowest)
    least = cost.min(axis=-1, keepdims=True)
    first = np.argmax(cost <= least + TIE * scale[..., None], axis=-1)
    taken: Index = np.where((kind != NONE).any(axis=-1), first, -1)
    return taken
