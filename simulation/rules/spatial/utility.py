"""How far an actor is from a position, what that is worth to it, and what others think it is worth to it.

Positions here run from 0 to 1. Axes: runs first, then h the viewer, i whose utility, j whose position.
"""

from __future__ import annotations

import numpy as np

from simulation.rules.base import Array
from simulation.rules.spatial.options import RiskAdjust, RiskRange

SAME = 1e-10
"""Probabilities closer than this differ by rounding alone: then nobody is more at risk than anybody else."""

BLEND: dict[RiskAdjust, tuple[float, float, float]] = {
    "none": (1.0, 0.0, 1.0),
    "one-third": (2.0, 1.0, 3.0),
    "half": (1.0, 1.0, 2.0),
    "two-thirds": (1.0, 2.0, 3.0),
    "full": (0.0, 1.0, 1.0),
}
"""Weights of the viewer's own risk attitude and of the other's true one, and their sum."""


def distance(ideal: Array, salience: Array, position: Array) -> Array:
    """How far position j lies from what i wants, in the dimensions that i cares for.

        d_ij = sqrt(sum_k (s_ik (q_ik - x_jk))^2 / sum_k s_ik^2)

    An actor that cares for nothing is as near to one position as to another: its distances are 0.

    Parameters
    ----------
    ideal, salience : (..., n, K)
    position : (..., m, K)    m positions, 0 … 1

    Returns
    -------
    (..., n, m), 0 … 1
    """
    care = np.sum(salience * salience, axis=-1)[..., :, None]
    gap = salience[..., :, None, :] * (ideal[..., :, None, :] - position[..., None, :, :])
    square = np.sum(gap * gap, axis=-1)
    away: Array = np.sqrt(np.where(care > 0, square, 0.0) / np.where(care > 0, care, 1.0))
    return away


def utility(away: Array, risk: Array | float) -> Array:
    """What a position at a distance is worth, from 1 at the ideal to 0 at the far end.

    u(d, R) = (1 - d)(1 + d R), with d R held at R beyond d = 1; R > 0 fears loss, R < 0 gambles
    """
    worth: Array = (1.0 - away) * (1.0 + np.minimum(away, 1.0) * risk)
    return worth


def risk_attitude(probability: Array, span: RiskRange) -> Array:
    """An actor whose position is likely to win avoids risk; one that is bound to lose gambles.

        min  R_i = (p_i - lo) / (hi - lo)                        0 … 1
        mid  R_i = (3 p_i - (hi + 2 lo)) / (2 (hi - lo))      -1/2 … 1
        max  R_i = (2 p_i - (hi + lo)) / (hi - lo)              -1 … 1

    lo and hi being the least and greatest probability. Where all positions are as likely, R = 0.

    Parameters
    ----------
    probability : (..., n)    that the actor's position would win
    """
    lo = np.min(probability, axis=-1, keepdims=True)
    hi = np.max(probability, axis=-1, keepdims=True)
    told_apart = hi - lo > SAME
    width = np.where(told_apart, hi - lo, 1.0)
    if span == "min":
        risk = (probability - lo) / width
    elif span == "mid":
        risk = (3.0 * probability - (hi + 2.0 * lo)) / (2.0 * width)
    else:
        risk = (2.0 * probability - (hi + lo)) / width
    attitude: Array = np.where(told_apart, risk, 0.0)
    return attitude


def risk_in_view(risk: Array, adjust: RiskAdjust) -> Array:
    """The risk attitude that h ascribes to i: (..., n) to (..., n, n), row the viewer.

    A blend of h's own and i's true one: R_h (none), (2 R_h + R_i)/3 (one-third), (R_h + R_i)/2 (half),
    (R_h + 2 R_i)/3 (two-thirds), R_i (full).
    """
    own, other, total = BLEND[adjust]
    seen = (own * risk[..., :, None] + other * risk[..., None, :]) / total
    view: Array = np.where(np.eye(risk.shape[-1], dtype=bool), risk[..., None, :], seen)
    return view


def utility_in_view(away: Array, view: Array) -> Array:
    """What h thinks j's position is worth to i: (..., n, n) twice to (..., h, j, i).

    The actor whose utility it is stands last, because the sums to come run over it.
    """
    return utility(np.swapaxes(away, -1, -2)[..., None, :, :], view[..., :, None, :])
