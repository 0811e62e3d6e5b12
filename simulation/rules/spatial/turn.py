"""One turn of the model, with everything on the way to it; one text for one run and for many."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.rules.base import Array
from simulation.rules.spatial.bargain import Bargains, Queues, bargains, places, queues, worth_of_bargains
from simulation.rules.spatial.challenge import Contest, Index, best_target, every_contest, target_view
from simulation.rules.spatial.options import Options
from simulation.rules.spatial.utility import distance, risk_attitude, risk_in_view, utility, utility_in_view
from simulation.rules.spatial.voting import Mask, coalitions, condorcet, put_first

BUDGET = 1_000_000
"""Bytes that one table over (viewer, position, voter) may take: the runs of a block are chosen by it."""


class Turn(NamedTuple):
    """What happened in one turn, run by run; positions 0 … 1."""

    position: Array  # (R, n, K) at its end
    moved: Mask  # (R, n) whether a bargain was taken, not the status quo
    away: Array  # (R, n, n) distances; row whose
    neutral: Array  # (R, n) probability that the actor's position wins, were nobody to fear or love risk
    risk: Array  # (R, n) risk attitudes
    view: Array  # (R, n, n) risk attitude that the row ascribes to the column
    seen: Array  # (R, n, n, n) utilities: viewer, whose position, to whom
    contest: Contest  # (R, n, n) row initiator, column target, in the initiator's view
    target: Index  # (R, n) whom each actor gains most by challenging
    challenges: Mask  # (R, n) whether it does challenge it
    offered: Bargains  # (R, n, views, K)
    queues: Queues  # (R, n, slots)


def turn(
    position: Array, ideal: Array, salience: Array, influence: Array, choice: Array | None, options: Options
) -> Turn:
    """Play one turn: risk attitudes, challenges, bargains, choice. All actors move at once.

    Parameters
    ----------
    position, ideal, salience : (R, n, K)    positions 0 … 1; saliences of an actor sum to at most 1
    influence : (R, n)
    choice : (R, n)                          uniform numbers, read under ``stochastic``
    """
    away = distance(ideal, salience, position)
    neutral = prevailing(away, np.zeros_like(influence), influence, None, options)
    risk = risk_attitude(neutral, options.risk_range)
    view = risk_in_view(risk, options.risk_adjust)
    seen = utility_in_view(away, view)

    care = np.sum(salience, axis=-1)
    weight = influence * care
    clash = every_contest(seen, weight, care, options.voting, options.commitment)
    target, challenges = best_target(clash.gain)

    probability = _pick(clash.probability, target)
    receiver = None
    if options.receipt != "init-only":
        received = target_view(seen, target, weight, care, options.voting, options.commitment)
        receiver = received.gain if options.variant == "as-programmed" else received.probability
    offered = bargains(position, salience, influence, target, probability, receiver, options)
    worth = worth_of_bargains(offered, target, away, risk, ideal, salience)
    drawn = choice if options.transition == "stochastic" else None
    lined = queues(target, challenges, worth, influence, drawn, options)
    taken = np.take_along_axis(lined.bargain, lined.taken[..., None], axis=-1)
    moved = taken[..., 0] < worth.shape[-2] - 1
    stand = places(position, offered, taken)[..., 0, :]
    return Turn(stand, moved, away, neutral, risk, view, seen, clash, target, challenges, offered, lined)


def prevailing(away: Array, risk: Array, influence: Array, standing: Mask | None, options: Options) -> Array:
    """Probability that each position prevails when all vote with their influence: (..., n).

    Parameters
    ----------
    away : (..., n, n)          distances; row whose
    risk, influence : (..., n)
    standing : (..., n)         which positions stand for election; None for all
    """
    worth = np.ascontiguousarray(np.swapaxes(utility(away, risk[..., :, None]), -1, -2))
    strength = put_first(coalitions(worth, influence, options.voting), options.voting)
    if standing is None:
        standing = np.ones(influence.shape, dtype=bool)
    return condorcet(strength, standing, options.victory, options.pce)


def turn_by_turn(
    position: Array, ideal: Array, salience: Array, influence: Array, choice: Array | None, options: Options
) -> tuple[Array, Mask]:
    """Where everybody stands after one turn, (R, n, K), and who moved, (R, n); worked in blocks of runs.

    Memory stays within a few dozen times ``BUDGET`` however many runs there are; the blocks change no digit.
    """
    runs, n, depth = position.shape
    views = 1 if options.receipt == "init-only" else 2
    block = max(1, BUDGET // (8 * max(n, depth) * (views * n + 1) ** 2))
    after, moved = np.empty_like(position), np.empty((runs, n), dtype=bool)
    for start in range(0, runs, block):
        some = slice(start, start + block)
        drawn = None if choice is None else choice[some]
        played = turn(position[some], ideal[some], salience[some], influence[some], drawn, options)
        after[some], moved[some] = played.position, played.moved
    return after, moved


def _pick(table: Array, target: Index) -> Array:
    """The entry of each row under its target."""
    return np.take_along_axis(table, target[..., None], axis=-1)[..., 0]
