"""Each war forecast by what the others taught, scored beside simpler forecasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.record.benchmark.forecasts import COIN, FLOOR, RATE, RIDGE, learnt_forecasts
from simulation.questions.record.benchmark.scoring import (
    by_war,
    grade_expected,
    over_wars,
    points_of,
    slope,
    three_of,
)
from simulation.questions.record.pooled.forecasts import Wars, forecast
from simulation.questions.record.pooled.likelihood import of_an_unknown_war

if TYPE_CHECKING:
    import xarray as xr

LEARNT = "model, learnt on the other wars"
MEDIANS = "model, at the medians of the other wars"
UNTAUGHT = "model, as it stands"

BASELINES = (RIDGE, RATE, COIN)

RUNS = 500
"""Runs of each war at one set of coefficients."""


def held_out(wars: Wars, chance: Array, without: Array, shift: Array | None) -> Array:
    """The chances of each war by the posterior of the others, shape (answers, 2).

    Parameters
    ----------
    chance : (draws, answers, 2)
    without : (draws, wars) the weights of the draws where a war is left out
    shift : (draws,) as for ``losses``
    """
    weight = without[:, wars.war]  # (draws, answers)
    expected = of_an_unknown_war(chance, shift)
    known = ~np.isnan(expected)
    total = np.where(known, expected, 0.0)
    share = weight[..., None] * known
    return np.asarray((share * total).sum(axis=0) / np.maximum(share.sum(axis=0), 1e-300))


def at_the_medians(wars: Wars, medians: Mapping[str, Array], seed: int) -> Array:
    """The chances of each war at one set of coefficients, shape (answers, 2).

    Parameters
    ----------
    medians : key to (wars,)
    """
    parts = []
    for place, case in enumerate(wars.cases):
        one = Wars(wars.coding, (case,))
        values = {key: value[place : place + 1] for key, value in medians.items()}
        parts.append(forecast(one, values, 1, RUNS, seed)[0])
    return np.concatenate(parts)


def baselines(wars: Wars) -> dict[str, Array]:
    """Simple forecasts of the same answers, (answers,) each: what the others taught, without the model."""
    names = np.array(wars.names)[wars.war]
    made = learnt_forecasts(wars.cases, np.full(len(wars.grade), 0.5), wars.grade, names, wars.own)
    return {RIDGE: made[RIDGE], RATE: made[RATE], COIN: np.full(len(wars.grade), 0.5), FLOOR: wars.grade}


def scored(wars: Wars, models: Mapping[str, Array], simple: Mapping[str, Array]) -> xr.Dataset:
    """Scores of the answers to others' offers: of each war, over wars, and how far ahead of simple forecasts.

    Parameters
    ----------
    models : chances of a yes and a full yes, (answers, 2), by name
    simple : one chance, (answers,), by name
    """
    import xarray as xr

    used = ~wars.own
    war = np.array(wars.names)[wars.war][used]
    present = np.array([name for name in wars.names if (war == name).any()])
    three = np.full((len(models) + len(simple), int(used.sum()), 3), np.nan)
    expected = []
    for place, both in enumerate(models.values()):
        words = three_of(*both.T)
        if np.allclose(words[:, 1], 0):  # it leaves no room for conditions
            expected.append(both.mean(axis=-1))
            continue
        three[place] = words[used]
        expected.append(grade_expected(words, wars.category, wars.grade, np.array(wars.names)[wars.war], ~wars.own))
    chance = np.stack([*expected, *simple.values()])[:, used]
    points = points_of(chance, wars.grade[used], wars.category[used], three)
    each = np.stack([by_war(table, war, present) for table in points.values()], axis=1)  # (forecasts, scores, wars)
    labels = [*models, *simple]
    against = [name for name in BASELINES if name in labels]
    lead = np.stack([over_wars(each[labels.index(name)] - each) for name in against], axis=1)
    steep = [name not in (RATE, COIN, FLOOR) for name in labels]  # these know nothing of an answer, or all
    slopes = np.full((len(labels), 3), np.nan)
    slopes[steep] = [slope(row, wars.grade[used], war) for row in chance[steep]]
    order = ("forecast", "score")
    return xr.Dataset(
        {
            "war_score": ((*order, "war"), each, {"long_name": "mean score in a war; less is better"}),
            "mean_score": ((*order, "bound"), over_wars(each), {"long_name": "mean over wars of the mean score"}),
            "lead": (
                ("forecast", "baseline", "score", "bound"),
                lead,
                {"long_name": "score of the baseline less that of the forecast; above 0 the forecast is better"},
            ),
            "slope": (("forecast", "bound"), slopes, {"long_name": "calibration slope; 1 is calibrated"}),
        },
        coords={
            "forecast": np.array(labels, dtype=object),
            "score": np.array(list(points), dtype=object),
            "baseline": np.array(against, dtype=object),
            "war": present.astype(object),
            "bound": np.array(["value", "low", "high"], dtype=object),
        },
    )


def names_of(some: Sequence[Wars]) -> list[str]:
    """The wars of all codings."""
    return list(dict.fromkeys(name for wars in some for name in wars.names))
