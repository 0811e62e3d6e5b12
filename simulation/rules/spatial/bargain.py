"""Where two actors would meet, which bargains each actor is party to, and which of them it takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.rules.base import Array
from simulation.rules.spatial.challenge import TIE, Index
from simulation.rules.spatial.options import Interpolation, Options
from simulation.rules.spatial.utility import distance, utility
from simulation.rules.spatial.voting import Mask, coalitions, condorcet, put_first

LEAST = 1e-6
"""Weight that keeps an actor without salience where it is."""


def interpolate(
    of_i: Array, of_j: Array, salience_i: Array, salience_j: Array, probability: Array, model: Interpolation
) -> tuple[Array, Array]:
    """Where i and j would meet if i won with the given probability: one place for each, nearly the same.

    Per dimension, with e = 1 (s1p1) or 2 (s2p2), w_i = (s_i phi)^e, w_j = (s_j (1 - phi))^e, rounded to four decimals:

        b_i = ((w_i + 1e-6) x_i + w_j x_j) / (w_i + 1e-6 + w_j),    b_j = (w_i x_i + (1e-6 + w_j) x_j) / (same)

    s2pmax: d_i = max(0, 1 - 2 phi), b_i = x_i + (x_j - x_i) d_i s_j^2 / (d_i s_j^2 + 1e-6 + (1 - d_i) s_i^2);
    b_j mirrored; unrounded. Only the weaker of the two gives way.

    Parameters
    ----------
    of_i, of_j, salience_i, salience_j : (..., n, K)    positions 0 … 1
    probability : (..., n)
    """
    phi = probability[..., None]
    if model == "s2pmax":
        weak_i, weak_j = np.maximum(0.0, 1.0 - 2.0 * phi), np.maximum(0.0, 2.0 * phi - 1.0)
        care_i, care_j = salience_i * salience_i, salience_j * salience_j
        step_i = weak_i * care_j / _weights(weak_i * care_j + LEAST + (1.0 - weak_i) * care_i)
        step_j = weak_j * care_i / _weights(weak_j * care_i + LEAST + (1.0 - weak_j) * care_j)
        return of_i + (of_j - of_i) * step_i, of_j + (of_i - of_j) * step_j
    pull_i, pull_j = salience_i * phi, salience_j * (1.0 - phi)
    if model == "s2p2":
        pull_i, pull_j = pull_i * pull_i, pull_j * pull_j
    total = _weights(pull_i + LEAST + pull_j)
    return (
        _four_decimals(((pull_i + LEAST) * of_i + pull_j * of_j) / total),
        _four_decimals((pull_i * of_i + (LEAST + pull_j) * of_j) / total),
    )


def _weights(total: Array) -> Array:
    """A sum of weights to divide by; nought can only come of a "probability" outside 0 … 1 (``as-programmed``)."""
    return np.where(total == 0.0, LEAST, total)


def _four_decimals(number: Array) -> Array:
    rounded: Array = np.trunc(0.5 + number * 10000.0) / 10000.0
    return rounded


class Bargains(NamedTuple):
    """What is proposed when each actor meets its target: arrays (..., n, views, K), the first axis the initiator.

    ``views`` is 2 under ``init-rcvr`` (the initiator's proposal, then the receiver's), 1 otherwise.
    """

    for_initiator: Array
    for_target: Array


def bargains(
    position: Array,
    salience: Array,
    influence: Array,
    target: Index,
    probability: Array,
    receiver: Array | None,
    options: Options,
) -> Bargains:
    """What each actor and its target would agree on.

    Parameters
    ----------
    position, salience : (..., n, K)    positions 0 … 1
    influence : (..., n)
    target : (..., n)
    probability : (..., n)    that the initiator prevails, in its own view
    receiver : (..., n)       the same in the target's view; None under ``init-only``

    ``pw-comp`` averages the two views with weights c_i S_i and c_j S_j (equal ones where both are 0). Under
    ``as-programmed`` the second is c_i S_j, and ``receiver`` is what the target thinks the initiator gains, which the
    program passes where the probability belongs; what then falls off the scale is put back on its end.
    """
    other = target[..., None]
    of_j, salience_j = np.take_along_axis(position, other, axis=-2), np.take_along_axis(salience, other, axis=-2)
    ends = (position, of_j, salience, salience_j)
    first = interpolate(*ends, probability, options.interpolation)
    if receiver is None:
        return Bargains(first[0][..., None, :], first[1][..., None, :])
    second = [np.clip(end, 0.0, 1.0) for end in interpolate(*ends, receiver, options.interpolation)]
    if options.receipt == "init-rcvr":
        return Bargains(np.stack((first[0], second[0]), axis=-2), np.stack((first[1], second[1]), axis=-2))
    power_j = influence if options.variant == "as-programmed" else np.take_along_axis(influence, target, axis=-1)
    weight_i = influence * np.sum(salience, axis=-1)
    weight_j = power_j * np.sum(salience_j, axis=-1)
    powerless = weight_i + weight_j <= 0.0
    weight_i, weight_j = (np.where(powerless, 1.0, weight)[..., None] for weight in (weight_i, weight_j))
    for_i, for_j = ((weight_i * a + weight_j * b) / (weight_i + weight_j) for a, b in zip(first, second, strict=True))
    return Bargains(for_i[..., None, :], for_j[..., None, :])


def worth_of_bargains(
    offered: Bargains, target: Index, away: Array, risk: Array, ideal: Array, salience: Array
) -> Array:
    """What the state after each bargain is worth to each actor: (..., n * views + 1, n), the status quo last.

    The mean, over the positions that would result, of the actor's own utility of them.

    Parameters
    ----------
    offered, target : from ``bargains``
    away : (..., n, n)    distances from ``distance``; row whose
    risk : (..., n)       true risk attitudes
    ideal, salience : (..., n, K)
    """
    n = risk.shape[-1]
    worth = np.ascontiguousarray(np.swapaxes(utility(away, risk[..., :, None]), -1, -2))
    total = np.sum(np.swapaxes(worth, -1, -2).copy(), axis=-1)[..., None, :]
    given_up = worth + np.take_along_axis(worth, target[..., None], axis=-2)
    views = offered.for_initiator.shape[-2]
    after = total - np.repeat(given_up, views, axis=-2)
    for side in offered:
        places = side.reshape(*side.shape[:-3], n * views, side.shape[-1])
        worth_there = utility(distance(ideal, salience, places), risk[..., :, None])
        after = after + np.swapaxes(worth_there, -1, -2)
    everything: Array = np.concatenate((after, total), axis=-2) / n
    return np.ascontiguousarray(everything)


class Queues(NamedTuple):
    """The bargains each actor has before it, in order, and what it makes of them; arrays (R, n, slots)."""

    bargain: Index  # initiator * views + view; n * views is the status quo
    present: Mask
    probability: Array  # that the actors settle on it
    taken: Index  # (R, n) slot


def queues(
    target: Index, challenges: Mask, worth: Array, influence: Array, choice: Array | None, options: Options
) -> Queues:
    """Line up each actor's bargains and let it take one of them.

    In the order of the initiators; its status quo stands just before the bargains it proposes itself. All actors vote
    on the bargains of one queue with their influence alone.

    Parameters
    ----------
    target, challenges : (R, n)    from ``best_target``
    worth : (R, n * views + 1, n)  from ``worth_of_bargains``
    influence : (R, n)
    choice : (R, n)                uniform numbers for ``stochastic``: the first bargain is taken at which the summed
                                   probability exceeds the number. None: the likeliest is taken, the first of equals.
    """
    runs, n = target.shape
    views = (worth.shape[-2] - 1) // n
    who = np.arange(n)
    party = challenges[:, None, :] & ((target[:, None, :] == who[:, None]) | np.eye(n, dtype=bool))
    party = np.concatenate((np.repeat(party, views, axis=-1), np.ones((runs, n, 1), dtype=bool)), axis=-1)
    rank = np.broadcast_to(np.arange(n * views + 1.0), (n, n * views + 1)).copy()
    rank[:, -1] = who * views - 0.5
    length = np.sum(party, axis=-1)
    order = np.argsort(np.where(party, rank, np.inf), axis=-1, kind="stable")[..., : np.max(length)]
    present = np.arange(order.shape[-1]) < length[..., None]
    strength = coalitions(worth, influence, options.voting)
    run = np.arange(runs)[:, None, None, None]
    faced = put_first(strength[run, order[..., :, None], order[..., None, :]], options.voting)
    probability = condorcet(faced, present, options.victory, options.pce)
    if choice is None:
        likeliest = np.max(probability, axis=-1, keepdims=True)
        taken = np.argmax(probability >= likeliest - TIE, axis=-1)
    else:
        passed = np.sum(np.add.accumulate(probability, axis=-1) <= choice[..., None], axis=-1)
        taken = np.minimum(passed, length - 1)
    return Queues(order, present, probability, taken)


def places(position: Array, offered: Bargains, bargain: Index) -> Array:
    """Where each actor would stand after bargains it is party to: (R, n, slots) to (R, n, slots, K)."""
    runs, n, views, _ = offered.for_initiator.shape
    status_quo = bargain == n * views
    initiator, view = np.divmod(np.where(status_quo, 0, bargain), views)
    run, who = np.arange(runs)[:, None, None], np.arange(n)[:, None]
    mine = offered.for_initiator[run, initiator, view]
    theirs = offered.for_target[run, initiator, view]
    stand: Array = np.where((initiator == who)[..., None], mine, theirs)
    return np.where(status_quo[..., None], position[:, :, None, :], stand)
