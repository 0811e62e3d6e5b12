"""How likely the answers of each war are, and what is expected of a war that nothing is known of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import expit

from simulation.dynamics.state import Array
from simulation.questions.record.pooled.forecasts import Wars
from simulation.questions.record.pooled.priors import SPREAD
from simulation.questions.record.scores import log_score

NODES = 7
"""Points of the Gauss-Hermite quadrature over what a war has of its own."""

NEARLY = 1e-9
"""A chance this close to 0 or 1 has log odds that are cut off."""


def split(grade: Array) -> Array:
    """A grade as an answer of at least a conditional yes and as a full yes, shape (..., 2): their mean is the grade.

    Refused is (0, 0), with conditions (1, 0), accepted (1, 1); what lies between is shared out.
    """
    return np.stack([np.minimum(2 * grade, 1.0), np.maximum(2 * grade - 1, 0.0)], axis=-1)


def losses(wars: Wars, chance: Array, shift: Array | None = None, *, alike: bool = False) -> Array:
    """Minus the log-likelihood of each war's answers to others' offers, shape (draws, wars).

    Of each answer it is the mean of the log scores of both of its chances, of at least a conditional yes and of a full
    one. Where the model leaves no room for conditions both are the same, and this is the log score of the grade.

    Where wars differ, a war has an intercept of its own, normal about 0, which is integrated out:

        L_w = integral N(u; 0, 1) prod_i L_i(logit p_i + shift u) du

    Parameters
    ----------
    chance : (draws, answers, 2)
    shift : (draws,) the standard deviation of the intercept, in log odds; none if left out
    alike : whether every war counts as much as the mean one, however many answers it has
    """
    used = ~wars.own
    given = split(wars.grade)[used]
    member = wars.war[used][:, None] == np.arange(len(wars.cases))
    weight = member * 1.0
    if alike:
        count = np.maximum(member.sum(axis=0), 1)
        weight = member * (member.sum() / (count > 0).sum() / count)
    here = chance[:, used]

    def lost(chances: Array) -> Array:
        points = np.nan_to_num(log_score(chances, given).mean(axis=-1))  # an offer that is never made tells nothing
        return np.asarray(points @ weight)

    if shift is None:
        return lost(here)
    at, share = _quadrature()
    odds = odds_of(here)
    each = np.stack([lost(expit(odds + node * shift[:, None, None])) for node in at])
    return np.asarray(-np.logaddexp.reduce(np.log(share)[:, None, None] - each, axis=0))


def of_an_unknown_war(chance: Array, shift: Array | None) -> Array:
    """The chances with a war's own intercept integrated out, shape (draws, answers, 2)."""
    if shift is None:
        return chance
    at, share = _quadrature()
    odds = odds_of(chance)
    return np.asarray(
        sum(part * expit(odds + node * shift[:, None, None]) for node, part in zip(at, share, strict=True))
    )


def shift_of(wars: Wars, values: Mapping[str, Array]) -> Array | None:
    """The standard deviation of a war's own intercept in log odds, shape (draws,); None where wars do not differ."""
    if SPREAD not in values:
        return None
    own = wars.cases[0].scenario.coefficients.answers.temperature
    return np.asarray(values[SPREAD] / values.get("coefficients.answers.temperature", own))


def _quadrature() -> tuple[Array, Array]:
    """Nodes in standard deviations, and weights that sum to 1."""
    at, share = np.polynomial.hermite_e.hermegauss(NODES)
    return at, share / share.sum()


def odds_of(chance: Array) -> Array:
    """The log odds of a chance."""
    kept = np.clip(chance, NEARLY, 1 - NEARLY)
    return np.asarray(np.log(kept / (1 - kept)))
