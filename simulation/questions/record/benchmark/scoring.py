"""Scores of forecasts over many wars, with inference by war."""

from __future__ import annotations

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.questions.record.benchmark.learning import logit, regression, weights
from simulation.questions.record.scores import SCORES, bootstrap_mean

FEWEST_WARS = 3
"""Wars below which no interval is given: two have one degree of freedom between them."""

SURE = 0.95


def spread_over_categories(chance: Array) -> Array:
    """The chances of a refusal, an answer with conditions and a full yes that go with one chance, shape (..., 3).

    As if a yes came of two halves, each given with this chance: (1 - p)^2, 2 p (1 - p), p^2. The mean, in halves, is
    the chance itself. Forecasts that say one chance are all treated alike by it.
    """
    return np.stack([(1 - chance) ** 2, 2 * chance * (1 - chance), chance**2], axis=-1)


def three_of(yes: Array, full: Array) -> Array:
    """The chances of a refusal, an answer with conditions and a full yes, shape (..., 3)."""
    return np.stack([1 - yes, yes - full, full], axis=-1)


WORTH = (0.0, 0.5, 1.0)
"""The grade of an answer in a word, where nothing is known of how coders grade."""


def grade_expected(three: Array, category: Array, grade: Array, war: Array, learn: Flags) -> Array:
    """The grade that is expected of each answer, (answers,), from the chances of the words in which it may be given.

    Coders seldom grade a yes 1 or a refusal 0. So a word is worth the mean grade that it has in the other wars, each
    answer counting alike; no answer of the war itself has a part in it.

    Parameters
    ----------
    three : (answers, 3)
    category : (answers,) 0, 1 or 2
    learn : (answers,) which answers may be learnt from
    """
    expected = np.empty(len(grade))
    for name in np.unique(war):
        rest = [(war != name) & learn & (category == place) for place in range(3)]
        worth = [grade[rows].mean() if rows.any() else fixed for rows, fixed in zip(rest, WORTH, strict=True)]
        expected[war == name] = three[war == name] @ worth
    return expected


def ranked_probability_score(chances: Array, category: Array) -> Array:
    """The ranked probability score of each forecast; 0 is perfect, 1 as wrong as can be.

        1/2 sum_k (sum_{j <= k} p_j - [answer <= k])^2, over refused | with conditions | accepted

    Parameters
    ----------
    chances : (..., answers, 3)
    category : (answers,) 0, 1 or 2

    References
    ----------
    Epstein (1969), Journal of Applied Meteorology 8, 985-987.
    """
    reached = chances.cumsum(axis=-1)[..., :2]
    happened = category[:, None] <= np.arange(2)
    return np.asarray(((reached - happened) ** 2).sum(axis=-1) / 2)


def points_of(chance: Array, grade: Array, category: Array, three: Array | None = None) -> dict[str, Array]:
    """The scores of each forecast of each answer, by name of the score; each has the shape of ``chance``.

    Parameters
    ----------
    chance : (..., answers) the grade that is expected
    three : (..., answers, 3) the chances of a refusal, of conditions and of a full yes, by forecasts that tell them
        apart; nan elsewhere
    """
    scored = {name: score(chance, grade) for name, score in SCORES.items()}
    chances = spread_over_categories(chance)
    if three is not None:
        chances = np.where(np.isnan(three), chances, three)
    return {**scored, "rps": ranked_probability_score(chances, category)}


def by_war(points: Array, war: Array, names: Array) -> Array:
    """The mean score in each war, shape (..., wars); nan where a war has no answer.

    Parameters
    ----------
    points : (..., answers)
    """
    means = [
        points[..., war == name].mean(axis=-1) if (war == name).any() else np.full(points.shape[:-1], np.nan)
        for name in names
    ]
    return np.stack(means, axis=-1)


def over_wars(means: Array) -> Array:
    """The mean over wars and its 95 % interval by Student's t, shape (..., 3): mean, low, high.

    Parameters
    ----------
    means : (..., wars), nan where a war has none
    """
    from scipy.stats import t

    count = (~np.isnan(means)).sum(axis=-1)
    known = np.maximum(count, 1)
    mean = np.where(count > 0, np.nansum(means, axis=-1) / known, np.nan)
    spread = np.nansum((means - mean[..., None]) ** 2, axis=-1) / np.maximum(count - 1, 1)
    half = t.ppf((1 + SURE) / 2, np.maximum(count - 1, 1)) * np.sqrt(spread / known)
    half = np.where(count >= FEWEST_WARS, half, np.nan)
    return np.stack([mean, mean - half, mean + half], axis=-1)


def within_a_war(points: Array, offer: Array) -> Array:
    """The mean over the answers of one war and its 95 % interval by a bootstrap of offers, shape (..., 3).

    nan for bounds where there are fewer than eight offers.

    Parameters
    ----------
    points : (..., answers)
    offer : (answers,) which answers are to one offer
    """
    found = bootstrap_mean(points, offer)
    return np.where(np.isfinite(found), found, np.nan)


def slope(chance: Array, grade: Array, war: Array) -> Array:
    """The calibration slope and its 95 % interval, shape (3,): 1 is calibrated, less is too sure, 0 knows nothing.

    The slope of the answers on the log odds of the forecast, by logistic regression in which wars count alike; the
    interval is by jackknife over wars. nan where all forecasts are alike, or all answers a plain yes or a plain no.

    References
    ----------
    Cox (1958), Biometrika 45, 562-565.
    """
    from scipy.stats import t

    odds = logit(chance)[:, None]

    def fitted(rows: Flags) -> float:
        if np.ptp(odds[rows]) < 1e-9 or (np.ptp(grade[rows]) == 0 and grade[rows][0] in (0.0, 1.0)):
            return np.nan
        return float(regression(odds[rows], grade[rows], weights(war[rows])).coef_[0, 0])

    value = fitted(np.ones(len(grade), dtype=bool))
    names = np.unique(war)
    if len(names) < FEWEST_WARS or np.isnan(value):
        return np.array([value, np.nan, np.nan])
    left_out = np.array([fitted(war != name) for name in names])
    error = np.sqrt((len(names) - 1) * np.mean((left_out - left_out.mean()) ** 2))
    half = t.ppf((1 + SURE) / 2, len(names) - 1) * error
    return np.array([value, value - half, value + half])
