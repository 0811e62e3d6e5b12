"""Who moved whom: one turn of one run, with everything that led to it, by name."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.rules.arrays import numbers
from simulation.rules.base import Array
from simulation.rules.spatial.bargain import places
from simulation.rules.spatial.challenge import TIE, every_contest
from simulation.rules.spatial.inputs import read
from simulation.rules.spatial.options import Choices, Options
from simulation.rules.spatial.turn import prevailing, turn
from simulation.rules.spatial.voting import Mask

SAME_PLACE = 1e-3
"""Positions (on 0 … 1) nearer to each other than this count as one when it is asked which will prevail."""


def explain(
    position: ArrayLike,
    salience: ArrayLike,
    influence: ArrayLike,
    *,
    ideal: ArrayLike | None = None,
    draws: ArrayLike | None = None,
    scale: float = 100.0,
    **options: Unpack[Choices],
) -> dict[str, NDArray[Any]]:
    """Play one turn of one run and say what happened; n actors, K dimensions, v views, q places in a queue.

    Parameters
    ----------
    position, salience : (n,) or (n, K)    as for ``play``
    influence : (n,)
    ideal : the shape of ``position``      what each actor measures positions by; None: its own position
    draws : (n,)                           uniform numbers for ``transition="stochastic"``
    scale, options                         as for ``play``

    Returns
    -------
    dict of arrays
        ``distance`` (n, n)           from what the row wants to where the column stands, 0 … 1
        ``neutral`` (n,)              probability that the actor's position wins if nobody feared or loved risk
        ``risk`` (n,)                 risk attitude
        ``risk_seen`` (n, n)          risk attitude the row ascribes to the column
        ``utility_seen`` (n, n, n)    [h, i, j]: what h thinks j's position is worth to i
        ``probability_seen`` (n, n)   [h, j]: how likely h thinks j's position to prevail over the other positions held
        ``probability`` (n,)          the same by the actors' true utilities
        per pair, row the challenger, column the target, in the challenger's view:
        ``success``, ``status_quo``, ``victory``, ``defeat``, ``challenge``, ``gain``; and in the target's view,
        ``target_success``, ``target_status_quo``, ...: utilities to the challenger of both positions together
        ``target`` (n,)               whom the actor challenges; -1 nobody
        ``offer_own``, ``offer_other`` (n, v, K)    where the actor and its target would meet; nan where none
        ``queue_from`` (n, q)         who proposed each bargain the actor could take, itself for its own; -1 none there
        ``queue_kind`` (n, q)         "status quo", "own bargain", "bargain" (proposed to it), "" none there
        ``queue_probability`` (n, q)  that the actors settle on it
        ``queue_position`` (n, q, K)  where it would leave the actor
        ``taken`` (n,)                place in the queue of what it took
        ``position``, ``move`` (n, K) where it stands after the turn, and how far it has come

    Raises
    ------
    ValueError
        as ``play``
    """
    chosen = Options(**options)
    places_given = numbers("position", position)
    if places_given.ndim > 2 or numbers("influence", influence).ndim != 1:
        raise ValueError("position, influence: one run is explained at a time, with positions (n,) or (n, K)")
    depth = None if places_given.ndim == 1 else places_given.shape[-1]
    case = read(places_given, salience, influence, scale, depth)
    if len(case.position) != 1:
        raise ValueError("salience: one run is explained at a time")
    _, n, dims = case.position.shape
    want = case.position
    if ideal is not None:
        want = read(ideal, salience, influence, scale, depth).position
    drawn = None
    if chosen.transition == "stochastic":
        if draws is None or np.shape(draws) != (n,):
            raise ValueError(f"draws: a stochastic turn needs uniform numbers of shape ({n},)")
        drawn = numbers("draws", draws)[None]

    played = turn(case.position, want, case.salience, case.influence, drawn, chosen)
    care = np.sum(case.salience, axis=-1)
    answered = every_contest(
        played.seen, case.influence * care, care, chosen.voting, chosen.commitment, viewer="target"
    )
    contests = {}
    for prefix, contest in (("", played.contest), ("target_", answered)):
        for name in ("status_quo", "victory", "defeat", "challenge", "gain"):
            contests[prefix + name] = getattr(contest, name)[0]
        contests[prefix + "success"] = contest.probability[0]

    first, standing = _held(case.position[0])
    prevails = Options(**{**chosen.model_dump(), "voting": "prop"})
    views = np.repeat(played.away, n, axis=0), played.view[0], np.repeat(case.influence, n, axis=0)
    seen_chance = prevailing(*views, np.repeat(standing[None], n, axis=0), prevails)
    chance = prevailing(played.away, played.risk, case.influence, standing[None], prevails)

    line = played.queues
    count = played.offered.for_initiator.shape[2]
    quiet, there = line.bargain[0] == n * count, line.present[0]
    proposer = np.where(quiet, np.arange(n)[:, None], line.bargain[0] // count)
    kind = np.where(quiet, "status quo", np.where(proposer == np.arange(n)[:, None], "own bargain", "bargain"))
    meets = played.challenges[0][:, None, None]
    stand = np.where(there[..., None], places(case.position, played.offered, line.bargain)[0] * scale, np.nan)
    here = places_given.reshape(n, dims)
    after = np.where(played.moved[0][:, None], played.position[0] * scale, here)
    return {
        "distance": played.away[0],
        "neutral": played.neutral[0],
        "risk": played.risk[0],
        "risk_seen": played.view[0],
        "utility_seen": np.swapaxes(played.seen[0], -1, -2),
        "probability_seen": seen_chance[:, first],
        "probability": chance[0, first],
        **contests,
        "target": np.where(played.challenges[0], played.target[0], -1),
        "offer_own": np.where(meets, played.offered.for_initiator[0] * scale, np.nan),
        "offer_other": np.where(meets, played.offered.for_target[0] * scale, np.nan),
        "queue_from": np.where(there, proposer, -1),
        "queue_kind": np.where(there, kind, ""),
        "queue_probability": line.probability[0],
        "queue_position": stand,
        "taken": line.taken[0],
        "position": after,
        "move": after - here,
    }


def _held(position: Array) -> tuple[NDArray[np.intp], Mask]:
    """For each actor, in order, who of those before it already holds its position; and who is the first to hold one.

    (n, K) to (n,), (n,). An actor is only compared with those who were first, so that a chain of near neighbours does
    not become one position.
    """
    gap = position[:, None, :] - position[None, :, :]
    near = np.sqrt(np.sum(gap * gap, axis=-1)) < SAME_PLACE - TIE
    holder = np.arange(len(position))
    for actor in range(len(position)):
        met = near[actor, :actor] & (holder[:actor] == np.arange(actor))
        if met.any():
            holder[actor] = np.argmax(met)
    return holder, holder == np.arange(len(position))
