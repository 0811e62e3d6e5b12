"""Who would win if one actor challenged another, what that is worth, and so whom each actor challenges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulation.rules.base import Array
from simulation.rules.spatial.options import Commitment, Voting
from simulation.rules.spatial.voting import vote

Index = NDArray[np.intp]

BARE = 1e-10
"""Strength of a side that not even its principal backs."""
WORTHWHILE = 1e-5
"""A challenge that gains no more than this is not made."""
TIE = 1e-14
"""Gains closer than this differ by rounding alone; the first actor in order is taken. A gain is made of ten doubles
of up to 2, each rounded by up to 2e-16: equal gains come out up to 2e-15 apart. Truly different ones may be as near as
2e-14, in the emission standards case under the cubic vote. The program itself has no margin."""


class Contest(NamedTuple):
    """One viewer's estimate of i challenging j; arrays (..., pairs)."""

    probability: Array  # that i prevails, phi
    status_quo: Array  # what both positions as they stand are worth to i
    victory: Array  # what both at i's position are worth to i
    defeat: Array  # what both at j's position are worth to i
    challenge: Array  # what the challenge is worth to i, resisted or not

    @property
    def gain(self) -> Array:
        """What i expects to gain over the status quo, delta."""
        return self.challenge - self.status_quo


def contest(
    at_i: Array,
    at_j: Array,
    at_own: Array,
    initiator: Index,
    target: Index,
    weight: Array,
    care: Array,
    voting: Voting,
    commitment: Commitment,
) -> Contest:
    """Estimate i's challenge of j, as the viewer sees the utilities.

    The principals open with what each of them would vote for its own side. Each third party m compares joining one
    side with joining the other, knowing only the principals and itself:

        pi_i = (A0 + max(z, 0)) / (A0 + B0 + |z|),   z = vote_m(u_mi, u_mj)

    ``semi`` stakes its own position with the side it joins: it moves if that side loses and stays if it wins, so that
    its vote is on pi_i (u_mm - u_mi) + (1 - pi_i) (u_mj - u_mm). Under ``full`` (it moves in any case) and ``no`` (it
    never moves) its lot is the same on either side, the difference is nought, and third parties stay out.

        phi = A / (A + B)
        delta = (1 - S_j) 2 u_ii + S_j [phi 2 u_ii + (1 - phi) 2 u_ij] - (u_ii + u_ij)

    as j resists with probability S_j, its salience over all dimensions.

    Parameters
    ----------
    at_i, at_j, at_own : (..., pairs, n)    what i's, j's and m's own position are worth to m, in the viewer's eyes
    initiator, target : (..., pairs)        i and j
    weight : (..., 1, n)                    influence times salience
    care : (..., pairs)                     S_j
    """
    gap = at_i - at_j
    backing = vote(gap, weight, voting)
    pair = [np.broadcast_to(who, backing.shape[:-1])[..., None] for who in (initiator, target)]
    of_i, of_j = (np.take_along_axis(backing, who, axis=-1)[..., 0] for who in pair)
    for_i = BARE + np.maximum(of_i, 0.0) + np.maximum(of_j, 0.0)
    for_j = BARE + np.maximum(-of_i, 0.0) + np.maximum(-of_j, 0.0)
    if commitment == "semi":
        near = for_i[..., None] + np.maximum(backing, 0.0)
        near /= (for_i + for_j)[..., None] + np.abs(backing)
        stake = near * (at_own - at_i) + (1.0 - near) * (at_j - at_own)
        backing = vote(stake, weight, voting)
        for who in pair:
            np.put_along_axis(backing, who, 0.0, axis=-1)
        for_i = for_i + np.sum(np.maximum(backing, 0.0), axis=-1)
        for_j = for_j + np.sum(np.maximum(-backing, 0.0), axis=-1)
    probability = for_i / (for_i + for_j)
    shape = gap.shape
    own = np.take_along_axis(np.broadcast_to(at_i, shape), pair[0], axis=-1)[..., 0]
    other = np.take_along_axis(np.broadcast_to(at_j, shape), pair[0], axis=-1)[..., 0]
    fought = probability * (2.0 * own) + (1.0 - probability) * (2.0 * other)
    challenge = (1.0 - care) * (2.0 * own) + care * fought
    return Contest(probability, own + other, 2.0 * own, 2.0 * other, challenge)


def every_contest(
    seen: Array, weight: Array, care: Array, voting: Voting, commitment: Commitment, viewer: str = "initiator"
) -> Contest:
    """Every actor's challenge of every other, as one of the two sees it: arrays (..., i, j).

    Parameters
    ----------
    seen : (..., h, j, m)     from ``utility_in_view``
    weight, care : (..., n)   influence times salience; salience
    viewer : "initiator" or "target"
    """
    n = seen.shape[-1]
    who = np.arange(n)
    own = np.ascontiguousarray(seen[..., :, who, who])
    if viewer == "initiator":
        at_i = np.ascontiguousarray(seen[..., who, who, :])[..., :, None, :]
        at_j, at_own = seen, own[..., :, None, :]
    else:
        at_i = np.ascontiguousarray(np.swapaxes(seen, -3, -2))
        at_j = np.ascontiguousarray(seen[..., who, who, :])[..., None, :, :]
        at_own = own[..., None, :, :]
    return contest(
        at_i, at_j, at_own, who[:, None], who, weight[..., None, None, :], care[..., None, :], voting, commitment
    )


def target_view(
    seen: Array, target: Index, weight: Array, care: Array, voting: Voting, commitment: Commitment
) -> Contest:
    """Each actor's challenge of its target, as the target sees it: arrays (..., i)."""
    n = seen.shape[-1]
    who = np.arange(n)
    own = np.ascontiguousarray(seen[..., :, who, who])
    mine = np.ascontiguousarray(seen[..., who, who, :])
    flat = np.reshape(seen, (*seen.shape[:-3], n * n, n))
    return contest(
        np.take_along_axis(flat, (target * n + who)[..., None], axis=-2),
        np.take_along_axis(mine, target[..., None], axis=-2),
        np.take_along_axis(own, target[..., None], axis=-2),
        who,
        target,
        weight[..., None, :],
        np.take_along_axis(care, target, axis=-1),
        voting,
        commitment,
    )


def best_target(gain: Array) -> tuple[Index, NDArray[np.bool_]]:
    """Whom each actor challenges: the one it gains most by, the first among equals; and whether it does so at all.

    Parameters
    ----------
    gain : (..., i, j)    what i expects by challenging j, in its own view
    """
    n = gain.shape[-1]
    gain = np.where(np.eye(n, dtype=bool), -np.inf, gain)
    best = np.max(gain, axis=-1, keepdims=True)
    target = np.argmax(gain >= best - TIE, axis=-1)
    return target, best[..., 0] > WORTHWHILE
