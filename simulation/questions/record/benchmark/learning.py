"""Forecasts that are learnt from the other wars, each of which counts as much as any other."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.questions.record.scores import SUREST, brier
from simulation.scenario.errors import ScenarioError

PENALTIES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse strengths of the ridge that are tried; the best on the wars that are learnt from, one left out at a time."""


def by_the_other_wars(grade: Array, war: Array, learn: Flags) -> Array:
    """The mean grade of the other wars, each with the same weight, shape (answers,)."""
    means = {name: grade[(war == name) & learn].mean() for name in np.unique(war[learn])}
    return np.array([np.mean([mean for name, mean in means.items() if name != own]) for own in war])


def logistic(table: Array, grade: Array, war: Array, penalties: Sequence[float], learn: Flags) -> Array:
    """The chance of a yes by a logistic regression on the other wars, one war left out at a time, shape (answers,).

    A graded answer is a yes by its grade and a no by the rest. Columns are standardised; what is not coded is put at
    the mean. Of several penalties that is taken which forecasts best, leaving one war out among those learnt from.

    Parameters
    ----------
    table : (answers, columns), nan where nothing is coded
    grade : (answers,) 0 … 1
    war : (answers,) names
    penalties : inverse strengths of the ridge; infinity is none
    learn : (answers,) which answers may be learnt from

    References
    ----------
    le Cessie & van Houwelingen (1992), Applied Statistics 41, 191-201.
    """
    chance = np.empty(len(grade))
    for own in np.unique(war):
        out, rest = war == own, (war != own) & learn
        best = penalties[0]
        if len(penalties) > 1 and len(np.unique(war[rest])) > 1:
            losses = [_left_out(table[rest], grade[rest], war[rest], penalty) for penalty in penalties]
            best = penalties[int(np.argmin(losses))]
        chance[out] = _fitted(table[rest], grade[rest], war[rest], best, table[out])
    return chance


def _left_out(table: Array, grade: Array, war: Array, penalty: float) -> float:
    """The mean over wars of the Brier score where each is forecast from the others."""
    losses = []
    for own in np.unique(war):
        out = war == own
        chance = _fitted(table[~out], grade[~out], war[~out], penalty, table[out])
        losses.append(brier(chance, grade[out]).mean())
    return float(np.mean(losses))


def _fitted(table: Array, grade: Array, war: Array, penalty: float, ask: Array) -> Array:
    """The chance for other rows, learnt from these."""
    known = ~np.isnan(table)
    count = np.maximum(known.sum(axis=0), 1)
    centre = np.where(known, table, 0.0).sum(axis=0) / count
    scale = np.sqrt((np.where(known, table - centre, 0.0) ** 2).sum(axis=0) / count)
    scale = np.where(scale > 0, scale, 1.0)

    def standard(rows: Array) -> Array:
        return np.asarray(np.nan_to_num((rows - centre) / scale), dtype=float)

    if grade.min() == grade.max() and grade[0] in (0.0, 1.0):  # only one answer was ever given
        return np.full(len(ask), grade[0])
    model = regression(standard(table), grade, weights(war), penalty)
    return np.asarray(model.predict_proba(standard(ask))[:, 1])


def weights(war: Array) -> Array:
    """The weight of each answer, such that wars count alike; 1 in the mean."""
    _, place, count = np.unique(war, return_inverse=True, return_counts=True)
    share = 1 / count[place]
    return np.asarray(share / share.mean())


def learner() -> Any:
    """The logistic regression of scikit-learn.

    Raises
    ------
    ScenarioError
        where scikit-learn is not there
    """
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError:
        raise ScenarioError(
            'forecasts that are learnt need scikit-learn: pip install "ceasefire-simulation[experiments]"'
        ) from None
    return LogisticRegression


def regression(table: Array, grade: Array, weight: Array, penalty: float = np.inf):  # type: ignore[no-untyped-def]
    """A logistic regression on graded answers: each row once as a yes and once as a no, by its grade."""
    rows = np.vstack([table, table])
    yes = np.repeat([1, 0], len(grade))
    share = np.concatenate([weight * grade, weight * (1 - grade)])
    fresh = learner()(C=penalty, max_iter=1000, tol=1e-6)
    with warnings.catch_warnings(), _threads().limit(limits=1):
        warnings.simplefilter("ignore")  # of penalties that are named differently from version to version
        return fresh.fit(rows[share > 0], yes[share > 0], sample_weight=share[share > 0])


@cache
def _threads() -> Any:
    """What holds the libraries of linear algebra to one thread: on tables this small, several wait for each other."""
    from threadpoolctl import ThreadpoolController  # comes with scikit-learn

    return ThreadpoolController()


def logit(chance: Array) -> Array:
    """The log odds of a chance, kept within 0.02 … 0.98."""
    kept = np.clip(chance, SUREST, 1 - SUREST)
    return np.asarray(np.log(kept / (1 - kept)))
