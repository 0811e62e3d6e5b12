"""What a challenge is worth: chances of success, utilities, expected utilities, attitudes to risk.

Arrays of shape (..., n, n) have the row actor i first. In votes and chances the row is the challenger and the column
its target. In views the row is the *viewer* i and the column the other actor j: ``own`` is E^i(U_ij), what i expects
from challenging j, and ``theirs`` is E^i(U_ji), what j is taken to expect from challenging i. Utilities lie in -2 … 2.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from simulation.rules.base import Array

Variant = Literal["table-2", "as-printed"]

TIE = 1e-12
"""Utilities closer than this are equal: a decision must not hang on the order in which a sum was taken."""


class Terms(NamedTuple):
    """What is given in a round besides the positions. Arrays have the shape of the positions, (..., n)."""

    salience: Array  # 0 … 1
    weight: Array  # influence * salience, any scale
    scale: Array  # (..., 1) range of the initial positions; above 0
    variant: Variant
    q: float | Array  # chance that a target left alone stays where it is: one number, or (..., 1) one a run
    t: float | Array | None  # chance that its move would be for the better, likewise; None: judged pair by pair


def distances(position: Array, scale: Array) -> Array:
    """d_ij = |x_i - x_j| / D, shape (..., n, n). What lies further apart than D counts as D."""
    return np.minimum(np.abs(position[..., :, None] - position[..., None, :]) / scale[..., None], 1.0)


def raised(base: Array, exponent: Array | None) -> Array:
    """base ** exponent, an exponent of None being 1 (everybody neutral to risk)."""
    power: Array = base if exponent is None else base**exponent
    return power


def backing(distance: Array, weight: Array, exponent: Array | None) -> Array:
    """Votes cast for each actor's position over each other's, shape (..., n, n).

        backing_ij = sum_k max(0, v_k(i, j)),    v_k(i, j) = c_k s_k (d_kj^r_k - d_ki^r_k)

    Actor by actor, so that no array grows beyond (..., n, n).
    """
    stake = weight[..., :, None] * raised(distance, None if exponent is None else exponent[..., :, None])
    votes = np.zeros_like(distance)
    preference = np.empty_like(distance)
    for k in range(distance.shape[-1]):
        of_k = stake[..., k, :]
        np.subtract(of_k[..., None, :], of_k[..., :, None], out=preference)
        votes += np.maximum(preference, 0.0, out=preference)
    return votes


def chances(distance: Array, weight: Array, exponent: Array | None, variant: Variant) -> Array:
    """P_ij, the chance that challenger i beats target j, shape (..., n, n).

        table-2      P_ij = backing_ij / sum_k sum_(a, b) |v_k(a, b)|    over all ordered pairs of actors a, b
        as-printed   P_ij = backing_ij / (backing_ij + backing_ji)       with an exponent of None: only distances count

    Since v_k(b, a) = -v_k(a, b), the first denominator is twice the sum of all backing: the chances are tiny, and the
    target's salience decides most contests. 0 where nobody votes, as between actors at one position.
    """
    votes = backing(distance, weight, exponent)
    if variant == "table-2":
        n = votes.shape[-1]
        cast = 2.0 * votes.reshape(*votes.shape[:-2], n * n).sum(axis=-1)[..., None, None]
    else:
        cast = votes + np.swapaxes(votes, -1, -2)
    chance: Array = votes / np.where(cast > 0, cast, 1.0)
    return chance


def both_views(
    distance: Array, to_median: Array, chance: Array, exponent: Array | None, terms: Terms
) -> tuple[Array, Array]:
    """``own`` E^i(U_ij) and ``theirs`` E^i(U_ji), each (..., n, n) by viewer i and other j.

    In ``table-2`` the viewer's exponent stands in both. In ``as-printed`` the challenger's own does, so that what j is
    taken to expect is what j does expect.
    """
    own = expected_utility(distance, to_median[..., :, None], chance, terms.salience[..., None, :], exponent, terms)
    if terms.variant == "as-printed" or exponent is None:
        return own, np.ascontiguousarray(np.swapaxes(own, -1, -2))
    theirs = expected_utility(
        distance, to_median[..., None, :], np.swapaxes(chance, -1, -2), terms.salience[..., :, None], exponent, terms
    )
    return own, theirs


def expected_utility(
    distance: Array, to_median: Array, chance: Array, resistance: Array, exponent: Array | None, terms: Terms
) -> Array:
    """What a challenge is worth to the challenger, against leaving the target alone; shape (..., n, n).

        E = s (P U_s + (1 - P) U_f) + (1 - s) U_s - Q U_sq - (1 - Q) (T U_b + (1 - T) U_w)

        U_s = 2 - 4 (1/2 - d/2)^r        it succeeds       U_b = 2 - 4 (1/2 - (m + d)/4)^r    left alone, for the better
        U_f = 2 - 4 (1/2 + d/2)^r        it fails          U_w = 2 - 4 (1/2 + (m + d)/4)^r    left alone, for the worse
        U_sq = 2 - 4 (1/2)^r             nothing changes

    d is the distance between the two, m = ``to_median`` the challenger's from the median (both as shares of D), s the
    target's salience (``resistance``), P the challenger's ``chance``, r the rows' exponent.

    T, the chance that a target left alone would move for the better, is a number or, for None, follows from where it
    would go: towards the median, as m in U_b and U_w suggests. That is for the better (T = 1) if the median is nearer
    to the challenger than the target is, for the worse (T = 0) if it is further, and neither (T = 1/2) at the same
    distance. No published figure settles this reading: those reproduced here have Q = 1, where T plays no part.
    """
    rows = None if exponent is None else exponent[..., :, None]

    def utility(lot: Array) -> Array:
        return 2.0 - 4.0 * raised(lot, rows)

    success, failure = utility(0.5 - 0.5 * distance), utility(0.5 + 0.5 * distance)
    resisted = chance * success + (1.0 - chance) * failure
    q = np.asarray(terms.q)[..., None]
    alone = q * utility(np.full_like(distance[..., :1], 0.5))
    if (q < 1).any():
        shift = 0.25 * (to_median + distance)
        better = 0.5 + 0.5 * np.sign(distance - to_median) if terms.t is None else np.asarray(terms.t)[..., None]
        alone = alone + (1.0 - q) * (better * utility(0.5 - shift) + (1.0 - better) * utility(0.5 + shift))
    worth: Array = resistance * resisted + (1.0 - resistance) * success - alone
    return worth


def risk_exponents(theirs: Array) -> Array:
    """r_i from how endangered each actor is if everybody is neutral to risk, shape (..., n), within 1/2 … 2.

        Sec_i = sum_(j != i) E(U_ji),  R_i = (2 Sec_i - max Sec - min Sec) / (max Sec - min Sec),
        r_i = (1 - R_i / 3) / (1 + R_i / 3)

    The most endangered gets 1/2, the safest 2. Where all are equally endangered nobody departs from 1.
    """
    n = theirs.shape[-1]
    danger = np.where(np.eye(n, dtype=bool), 0.0, theirs).sum(axis=-1)
    most, least = danger.max(axis=-1, keepdims=True), danger.min(axis=-1, keepdims=True)
    spread = most - least
    differ = spread > n * TIE
    relative = np.where(differ, 2.0 * danger - most - least, 0.0) / np.where(differ, spread, 1.0)
    exponent: Array = (1.0 - relative / 3.0) / (1.0 + relative / 3.0)
    return exponent
