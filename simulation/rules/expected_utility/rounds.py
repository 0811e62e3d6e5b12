"""Rounds of the expected-utility model: one for all runs side by side, many in a row, and one taken apart."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simulation.rules.base import Array
from simulation.rules.compromise import median
from simulation.rules.expected_utility.inputs import checked
from simulation.rules.expected_utility.offers import KINDS, NONE, Codes, Index, choose, offers
from simulation.rules.expected_utility.utility import Terms, Variant, both_views, chances, distances, risk_exponents

BLOCK_BYTES = 1 << 17
"""Size of one array of pairs, (runs of a block, n, n), of which about a dozen live at a time: small enough for a
processor's cache. No result depends on it."""


class Round(NamedTuple):
    """One round and how it came about: rows receive and columns propose, but in ``chance`` rows challenge."""

    chance: Array  # (..., n, n) success of the challenge
    exponent: Array  # (..., n) attitude to risk, 1/2 … 2
    own: Array  # (..., n, n) E^i(U_ij): what the row expects of challenging the column
    theirs: Array  # (..., n, n) E^i(U_ji): what the row takes the column to expect of challenging it
    kind: Codes  # (..., n, n) offer from column to row, see ``KINDS``
    asked: Array  # (..., n, n) where the offer would put the row
    taken: Index  # (..., n) whose offer was taken, -1 for none
    position: Array  # (..., n) afterwards


def one_round(position: Array, terms: Terms) -> Round:
    """Everybody looks at everybody, receives offers, takes one, and all move at once.

    With every exponent at 1, the expected utilities give the risk exponents; with these everything is computed again.
    """
    distance = distances(position, terms.scale)
    middle = median(position, terms.weight)[..., None]
    to_median = np.minimum(np.abs(position - middle) / terms.scale, 1.0)

    chance = chances(distance, terms.weight, None, terms.variant)
    _, theirs = both_views(distance, to_median, chance, None, terms)
    exponent = risk_exponents(theirs)

    if terms.variant == "table-2":  # as-printed, votes do not depend on the exponents
        chance = chances(distance, terms.weight, exponent, terms.variant)
    own, theirs = both_views(distance, to_median, chance, exponent, terms)
    kind, asked = offers(position, own, theirs, terms.variant)
    taken = choose(position, own, theirs, kind, asked, terms.scale, terms.variant)
    accepted = np.take_along_axis(asked, np.maximum(taken, 0)[..., None], axis=-1)[..., 0]
    lowest, highest = position.min(axis=-1, keepdims=True), position.max(axis=-1, keepdims=True)
    moved = np.clip(np.where(taken >= 0, accepted, position), lowest, highest)
    return Round(chance, exponent, own, theirs, kind, asked, taken, moved)


def play(
    position: ArrayLike,
    salience: ArrayLike,
    influence: ArrayLike,
    rounds: int,
    *,
    variant: Variant = "table-2",
    q: float = 1.0,
    t: float | None = None,
) -> Array:
    """The positions of every round, as published.

    Parameters
    ----------
    position : (..., n)    any scale, such as years 4 … 10 or stances 0 … 100
    salience : (..., n)    0 … 1, the chance that the actor resists a challenge
    influence : (..., n)   not negative, any scale; 0 is an actor that is moved but does not vote
    rounds                 how many to play
    variant                ``"table-2"`` or ``"as-printed"``, see the module's page
    q                      chance that an unchallenged target stays where it is; 1 in the published case
    t                      chance that, if it moves, it is for the better; None: judged pair by pair from the median

    Returns
    -------
    (rounds + 1, ..., n)
        row 0 the start. ``compromise.weighted_median`` and ``weighted_mean`` take it as it is, round by round.
        D, the range of the initial positions, is fixed for a run; where it is 0 nobody moves.

    Raises
    ------
    ValueError
        if an argument is out of its bounds, not finite, of a shape that does not fit, or nobody has any weight

    References
    ----------
    Scholz, Calbert & Smith (2011), doi 10.5220/0003121500180030.
    """
    if isinstance(rounds, bool) or not isinstance(rounds, int | np.integer) or rounds < 0:
        raise ValueError(f"rounds: {rounds!r} is not a whole number of 0 or more")
    position, salience, influence = checked(position, salience, influence, variant, q, t)
    scale = np.ptp(position, axis=-1, keepdims=True)

    history: Array = np.empty((rounds + 1, *position.shape))
    history[0] = position
    for moment in range(rounds):
        history[moment + 1] = after_one_round(history[moment], salience, influence, scale, variant, q, t)
    return history


def after_one_round(
    position: Array,
    salience: Array,
    influence: Array,
    scale: Array,
    variant: Variant,
    q: float | Array,
    t: float | Array | None,
) -> Array:
    """Where one round leaves everybody, shape (..., n), block by block of runs, for inputs already checked.

    All arrays have the shape of ``position``, but for ``scale``, (..., 1), and ``q`` and ``t``, which are numbers or
    (..., 1).
    """
    n = position.shape[-1]
    lead = (*position.shape[:-1], 1)
    given_by_run = [position, salience, influence, scale, np.broadcast_to(q, lead)]
    if t is not None:
        given_by_run.append(np.broadcast_to(t, lead))
    by_run = [np.ascontiguousarray(array).reshape(-1, array.shape[-1]) for array in given_by_run]
    moved = np.empty_like(by_run[0])
    runs = max(1, BLOCK_BYTES // (8 * n * n))
    for start in range(0, len(moved), runs):
        positions, saliences, influences, scales, qs, *ts = (array[start : start + runs] for array in by_run)
        terms = given(saliences, influences, scales, variant, qs, ts[0] if ts else None)
        moved[start : start + runs] = one_round(positions, terms).position
    return moved.reshape(position.shape)


def given(
    salience: Array, influence: Array, scale: Array, variant: Variant, q: float | Array, t: float | Array | None
) -> Terms:
    """The terms of a round; influence is brought to a greatest of 1, and a range of 0 to 1 (all distances are 0)."""
    most = influence.max(axis=-1, keepdims=True)
    weight = influence / np.where(most > 0, most, 1.0) * salience
    return Terms(salience, weight, np.where(scale > 0, scale, 1.0), variant, q, t)


def explain(
    position: ArrayLike,
    salience: ArrayLike,
    influence: ArrayLike,
    *,
    variant: Variant = "table-2",
    q: float = 1.0,
    t: float | None = None,
    scale: float | None = None,
) -> dict[str, NDArray[Any]]:
    """One round of one run taken apart: who challenged whom, with what hopes, and who gave way.

    Parameters as for ``play``, shape (n,) each; ``scale`` is D, the range of the *initial* positions, which a later
    round must be told (default: the range of ``position``).

    Returns
    -------
    dict of arrays
        ``success`` (challenger, target), ``risk_exponent`` (actor), ``own`` and ``theirs`` (viewer, other: what the
        viewer expects of challenging the other, and the other of challenging it, as the viewer sees it), ``kind`` and
        ``offer`` (receiver, proposer; "none" and nan where there is no offer), ``taken`` (receiver: index of the
        proposer, -1 for none), ``position`` (afterwards), ``move``
    """
    start, salience, influence = checked(position, salience, influence, variant, q, t)
    if start.ndim != 1:
        raise ValueError(f"position: shape {start.shape} has more than one run; explain one, shape (n,)")
    if scale is not None and not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"scale: {scale!r} is not a range above 0")
    wide = np.ptp(start, keepdims=True) if scale is None else np.array([scale])
    return apart(start, one_round(start, given(salience, influence, wide, variant, q, t)))


def apart(start: Array, played: Round) -> dict[str, NDArray[Any]]:
    """A round of one run by name, as ``explain`` gives it."""
    return {
        "success": played.chance,
        "risk_exponent": played.exponent,
        "own": played.own,
        "theirs": played.theirs,
        "kind": np.array(KINDS)[played.kind],
        "offer": np.where(played.kind == NONE, np.nan, played.asked),
        "taken": played.taken,
        "position": played.position,
        "move": played.position - start,
    }
