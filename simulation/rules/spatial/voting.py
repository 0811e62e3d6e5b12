"""How actors back one of two choices, and how likely each of many choices is to prevail."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulation.rules.base import Array
from simulation.rules.spatial.options import Condorcet, Victory, Voting

Mask = NDArray[np.bool_]

INDIFFERENT = 1e-8
"""A gain in utility as small as this brings out a full binary vote."""
NO_ONE = 1e-8
"""Strength of a coalition that nobody joins."""
DECISIVE = 1.0 / (1.0 + 1e-6)
"""Binary victory: chance of a side a tenth stronger or more."""
MAX_ROUNDS = 1000
DOUBLINGS: dict[Victory, int] = {"linear": 0, "square": 1, "quartic": 2, "octic": 3}


def vote(gain: Array, weight: Array, voting: Voting) -> Array:
    """The backing that a voter gives the first of two choices over the second; negative backs the second.

        binary      W clip(g / 1e-8, -1, 1)         prop-bin   0.8 prop + 0.2 binary
        prop        W g                             prop-cbc   W (g/2 + g^3/2)
        cubic       W g^3                           asym-prosp W g if g < 0, else 2/3 W g

    Parameters
    ----------
    gain : (...)      what the voter gains by the first over the second, g
    weight : (...)    what the voter can bring to bear, W
    """
    if voting == "prop":
        backing = gain
    elif voting == "binary":
        backing = np.clip(gain / INDIFFERENT, -1.0, 1.0)
    elif voting == "prop-bin":
        backing = 0.8 * gain + 0.2 * np.clip(gain / INDIFFERENT, -1.0, 1.0)
    elif voting == "prop-cbc":
        backing = 0.5 * gain + 0.5 * (gain * gain * gain)
    elif voting == "cubic":
        backing = gain * gain * gain
    else:
        backing = np.where(gain < 0.0, gain, 2.0 / 3.0 * gain)
    return weight * backing


def coalitions(worth: Array, influence: Array, voting: Voting) -> Array:
    """Strength C_xy of those who prefer choice x to choice y: (..., m, n) to (..., m, m).

        C_xy = 1e-8 + sum_k max(vote_k(x, y), 0),    C_xx = 1e-8

    Parameters
    ----------
    worth : (..., m, n)      what choice m is worth to voter n
    influence : (..., n)     what each voter can bring to bear

    For the even rules the strength of the losers' side is that of the mirrored vote. Under ``asym-prosp`` gains count
    two thirds of losses, so that it matters which choice is put first: see ``put_first``.
    """
    gain = worth[..., :, None, :] - worth[..., None, :, :]
    np.maximum(gain, 0.0, out=gain)
    even: Voting = "prop" if voting == "asym-prosp" else voting
    strength: Array = np.sum(vote(gain, influence[..., None, None, :], even), axis=-1)
    return strength


def put_first(strength: Array, voting: Voting) -> Array:
    """Add the coalition of nobody; under ``asym-prosp``, judge each pair of choices as the program puts it to voters.

    The later of two choices is put first: those who gain by it give 2/3 of a vote, those who lose by it give all.
    The order of the last two axes is the order of the choices.
    """
    if voting == "asym-prosp":
        strength = strength * np.where(np.tri(strength.shape[-1], k=-1, dtype=bool), 2.0 / 3.0, 1.0)
    total: Array = NO_ONE + strength
    return total


def victory_probability(strength: Array, victory: Victory) -> Array:
    """Chance that x beats y when the two stand alone: (..., m, m) to (..., m, m).

        pv_xy = C_xy^e / (C_xy^e + C_yx^e), e = 1, 2, 4, 8 for linear, square, quartic, octic; pv_xx = 1/2

    binary: 1/(1 + 1e-6) for a side a tenth stronger or more, (2.1 C_xy/(C_xy + C_yx) - 1)/0.1 between.
    """
    against = np.swapaxes(strength, -1, -2)
    if victory == "binary":
        share = strength / (strength + against)
        between = (2.1 * share - 1.0) / 0.1
        chance: Array = np.where(strength >= 1.1 * against, DECISIVE, between)
        chance = np.where(against >= 1.1 * strength, 1.0 - DECISIVE, chance)
    else:
        ratio = against / strength
        for _ in range(DOUBLINGS[victory]):
            ratio = ratio * ratio
        chance = 1.0 / (1.0 + ratio)
    return np.where(np.eye(strength.shape[-1], dtype=bool), 0.5, chance)


def condorcet(strength: Array, present: Mask, victory: Victory, pce: Condorcet) -> Array:
    """Probability that each of several choices prevails over all others (probabilistic Condorcet election).

        conditional       p_x = prod_y pv_xy, then made to sum to 1 (1/2, for y = x, included)
        markov-uniform    q_x = (1/m) sum_y pv_xy (p_x + p_y)
        markov-incentive  q_x = sum_y pv_xy (t_xy + t_yx), t_xy = p_x P_yx, P_xy = N_xy / sum_k N_ky,
                          N_xy = C_xy pv_xy, plus 1e-10 where x = y

    The Markov processes start from equal chances and go on with p <- (p + q)/2 until no chance differs from its q by
    more than 1e-6 (uniform) or 1e-8 (incentive); each election stops by itself.

    Parameters
    ----------
    strength : (..., m, m)   from ``put_first``
    present : (..., m)       which choices stand; the absent get 0 and touch nothing

    Returns
    -------
    (..., m), sums to 1. Sums run in order, so that absent choices at the end change no digit.
    """
    both = present[..., :, None] & present[..., None, :]
    chance = victory_probability(strength, victory)
    if pce == "conditional":
        product = np.multiply.accumulate(np.where(both, chance, 1.0), axis=-1)[..., -1]
        weight = np.where(present, product, 0.0)
        share: Array = weight / _total(weight)
        return share
    chance = np.where(both, chance, 0.0)
    if pce == "markov-uniform":
        count = np.sum(present, axis=-1)
        challenged = both / count[..., None, None]
        return _settle(chance, challenged, present, tolerance=1e-6)
    near = np.where(np.eye(strength.shape[-1], dtype=bool), 1e-10, 0.0)
    incentive = np.where(both, strength * chance + near, 0.0)
    column = np.add.accumulate(incentive, axis=-2)[..., -1:, :]
    challenger = incentive / np.where(column > 0.0, column, 1.0)
    return _settle(chance, np.ascontiguousarray(np.swapaxes(challenger, -1, -2)), present, tolerance=1e-8)


def _total(share: Array) -> Array:
    """Sum over the last axis, kept, added up in order."""
    total: Array = np.add.accumulate(share, axis=-1)[..., -1:]
    return total


def _settle(chance: Array, challenged: Array, present: Mask, tolerance: float) -> Array:
    """Follow the Markov process until it rests; ``challenged`` xy is how often x, when ahead, is challenged by y.

    q_x = sum_y pv_xy (p_x t_xy + p_y t_yx) = stays_x p_x + sum_y comes_yx p_y
    """
    size = present.shape[-1]
    stays = _total(chance * challenged)[..., 0].reshape(-1, size)
    comes = np.ascontiguousarray(np.swapaxes(chance, -1, -2) * challenged).reshape(-1, size, size)
    standing = present.reshape(-1, size)
    settled: Array = standing / np.sum(standing, axis=-1, keepdims=True)
    going = np.arange(len(settled))
    share = settled
    for _ in range(MAX_ROUNDS):
        flow = comes * share[:, :, None]
        onward = stays * share
        for origin in range(size):
            onward += flow[:, origin]
        settled[going] = (share + onward) / 2.0
        still = np.max(np.abs(onward - share), axis=-1) > tolerance
        if not still.any():
            break
        if not still.all():
            going, stays, comes = going[still], stays[still], comes[still]
        share = settled[going]
    return settled.reshape(present.shape)
