"""How likely the answers of each war are, and what is expected of a war that nothing is known of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.special import expit

from simulation.dynamics.state import Array
from simulation.questions.record.benchmark.cases import ACCEPTED, HALF, REFUSED
from simulation.questions.record.pooled.forecasts import Wars
from simulation.questions.record.pooled.priors import SPREAD
from simulation.questions.record.scores import SUREST, log_score

NODES = 7
"""Points of the Gauss-Hermite quadrature over what a war has of its own."""

NEARLY = 1e-9
"""A chance this close to 0 or 1 has log odds that are cut off."""


def losses(wars: Wars, chance: Array, shift: Array | None = None, *, alike: bool = False) -> Array:
    """Minus the log-likelihood of each war's answers to others' offers, shape (draws, wars).

    Of each answer it is the log of the chance of the word in which it was given: refused, with conditions, accepted;
    kept from 0 by ``SUREST``. Where the model leaves no room for conditions it is the mean of the log scores of a yes
    at least with conditions and of a full one, which for an answer with conditions is that of one half.

    Where wars differ, a war has an intercept of its own, normal about 0, which is integrated out:

        L_w = integral N(u; 0, 1) prod_i L_i(logit p_i + shift u) du

    Parameters
    ----------
    chance : (draws, answers, 2)
    shift : (draws,) the standard deviation of the intercept, in log odds; none if left out
    alike : whether every war counts as much as the mean one, however many answers it has
    """
    used = ~wars.own
    said = wars.category[used]
    given = np.stack([said >= HALF, said == ACCEPTED], axis=-1).astype(float)
    member = wars.war[used][:, None] == np.arange(len(wars.cases))
    weight = member * 1.0
    if alike:
        count = np.maximum(member.sum(axis=0), 1)
        weight = member * (member.sum() / (count > 0).sum() / count)
    here = chance[:, used]

    def lost(chances: Array) -> Array:
        yes, full = chances[..., 0], chances[..., 1]
        if np.array_equal(yes, full, equal_nan=True):
            points = log_score(chances, given).mean(axis=-1)
        else:
            word = np.where(said == REFUSED, 1 - yes, np.where(said == HALF, yes - full, full))
            points = -np.log(np.clip(word, SUREST, 1 - SUREST))
        return np.asarray(np.nan_to_num(points) @ weight)  # an offer that is never made tells nothing

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
