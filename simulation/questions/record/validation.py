"""The model compared with the observed answers: forecasts, scores, baselines, in sample and out of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date as Date
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.questions.finding import Finding
from simulation.questions.record.baselines import BASELINES, mean_stance
from simulation.questions.record.benchmark.cases import Case
from simulation.questions.record.benchmark.truces import score_truces
from simulation.questions.record.calibration import calibrate, until_day
from simulation.questions.record.describe import PARTS, describe_validation
from simulation.questions.record.fighting import fighting_by_month, recorded_by_month, truce_spells
from simulation.questions.record.hindcast import MODEL, Asked, answers_on_record, as_known, hindcast, split_of
from simulation.questions.record.posterior import quantiles
from simulation.questions.record.scores import SCORES, bootstrap_mean
from simulation.rules import RULES
from simulation.runs.ensemble import run_ensemble
from simulation.runs.provenance import provenance
from simulation.runs.results import history_of
from simulation.runs.results.survival import of_spells
from simulation.scenario.arguments import of_kind
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FITTED = "model, fitted before the split"
UNTOLD = "model, told no answers"
UNCERTAIN = "model, codings drawn from their intervals"
NULL = "weighted mean of stances (null model)"
FLOOR = "the grade itself (least possible)"
NEEDED = 8
"""Answers before the split below which no coefficient is fitted."""

Forecast = tuple[Array, Array, Array]
"""Chance of a yes for every answer, and the 5th and 95th percentile over runs (nan where there are none)."""


@of_kind
def validate(
    scenario: Scenario,
    until: Date | None = None,
    *,
    as_of: Date | str | None = None,
    runs: int = 1000,
    draws: int = 4000,
    rounds: int = 4,
    seed: int = 1,
    rules: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Finding:
    """Forecast every observed answer by the model and by simpler means, and score all of them.

    Whatever is fitted or learnt is so from answers before the split alone; scores after it are out of sample. The model
    is told the answers to earlier offers, as the baselines are; it is also scored when told none.

    Parameters
    ----------
    until : the split, by default the first of the month after half of the answers were given
    as_of : a split beyond which nothing is known, in the place of ``until``: answers before it are told and learnt
        from; those after it are forecast as they would have been that day, given that the offers would be made, without
        any later event, answer or fortune in battle
    runs : for each forecast with given coefficients
    draws, rounds : of the calibration; no draws, no fit
    rules : further stance rules, with their default options and fitted as well
    progress : called with a word on what is being done

    Returns
    -------
    a finding, whose dataset has dimensions forecast, answer, score, part, baseline, bound (value, low, high):
    ``chance`` with ``low`` and ``high`` (5 to 95 % of runs), ``mean_score``, ``lead`` (score of the baseline less that
    of the forecast: above 0 the forecast is better), both with 95 % intervals over offers, which have no end where a
    part has fewer than eight; ``count`` and ``offers``, how many answers and offers a part has; ``grade``,
    ``fortune``, and the course of the war by month, form and answer. Where the scenario keeps truces of history,
    ``truce_chance`` and ``truce_score`` of what became of them after 14, 30 and 90 days, each forecast from the day it
    began, beside the world's life table.

    Raises
    ------
    ScenarioError
        where no answers were observed
    """
    tell = progress or (lambda words: None)
    scenario, until = split_of(scenario, until, as_of)
    asked = answers_on_record(scenario)
    day = until_day(asked, until)
    before = np.array([item.given < day for item in asked])
    grade = np.array([item.grade for item in asked])
    fit = draws > 0 and NEEDED <= before.sum() < len(asked)
    forecasts: dict[str, Forecast] = {}

    def add(label: str, way: Scenario, fitted: str) -> None:
        tell(label)
        forecasts[label] = _of_runs(hindcast(way, runs, seed))
        if fit:
            tell(fitted)
            found = calibrate(way, Date.fromisoformat(day), draws=draws, rounds=rounds, seed=seed).result
            low, high = quantiles(found.chance.values, found.weight.values, (0.05, 0.95)).T
            forecasts[fitted] = (found.chance_posterior.values, low, high)

    add(MODEL, scenario, FITTED)
    forecasts[UNCERTAIN] = _of_runs(hindcast(scenario, runs, seed, uncertain=True))
    forecasts[UNTOLD] = _of_runs(hindcast(scenario, runs, seed, told=False))
    for rule in rules:
        if rule != scenario.rule.name:
            add(f"rule {rule}", scenario.replace({"rule": rule}), f"rule {rule}, fitted before the split")
    none = np.full(len(asked), np.nan)
    known, learnt = as_known(scenario, asked, before), before if fit or scenario.told else np.ones_like(before)
    for label, forecast in BASELINES.items():
        forecasts[label] = (forecast(known, learnt), none, none)
    forecasts[NULL] = (mean_stance(scenario, asked), none, none)
    forecasts[FLOOR] = (grade, none, none)
    tell("the course of the war")
    source = provenance(scenario, runs, seed, False, ())
    scored = _scored(forecasts, asked, before)
    course = _course(scenario, asked, runs, seed)
    if as_of is None and (truces := score_truces([Case("", "", scenario, tuple(asked))], runs, seed, tell)):
        course = course.merge(truces)
    result = scored.merge(course).assign_attrs(
        **source, finding="validate", split=day, fitted=int(fit), draws=draws * rounds if fit else 0
    )
    return describe_validation(result)


def every_rule() -> list[str]:
    """The names of all stance rules."""
    return list(RULES)


def _of_runs(chance: Array) -> Forecast:
    """Mean and percentiles over the runs in which the offer was made; it may hang on an event that may not happen."""
    return np.nanmean(chance, axis=0), *np.nanquantile(chance, (0.05, 0.95), axis=0)


def _scored(forecasts: dict[str, Forecast], asked: Sequence[Asked], before: Flags) -> xr.Dataset:
    import xarray as xr

    grade = np.array([item.grade for item in asked])
    own = np.array([item.own for item in asked])
    offers = np.array([item.offer for item in asked])
    chance, low, high = (np.stack(table) for table in zip(*forecasts.values(), strict=True))
    simple = [*BASELINES, NULL]
    against = [list(forecasts).index(label) for label in simple]
    parts = dict(zip(PARTS, (before, ~before, ~before & ~own, np.ones_like(before)), strict=True))
    mean = np.empty((len(forecasts), len(parts), len(SCORES), 3))
    lead = np.empty((len(forecasts), len(simple), len(parts), len(SCORES), 3))
    for column, score in enumerate(SCORES.values()):
        points = score(chance, grade)
        ahead = points[against] - points[:, None]
        for row, chosen in enumerate(parts.values()):
            mean[:, row, column] = bootstrap_mean(points[:, chosen], offers[chosen])
            lead[:, :, row, column] = bootstrap_mean(ahead[..., chosen], offers[chosen])
    of_answer = {
        "grade": ("answer", grade, {"long_name": "what was answered: 0 refused … 1 accepted"}),
        "fortune": ("answer", np.array([item.fortune for item in asked])),
        "own": ("answer", own, {"long_name": "whether the party made the offer itself"}),
        "before": ("answer", before, {"long_name": "whether it was given before the split"}),
    }
    chances = {"units": "probability", "long_name": "chance of a yes"}
    return xr.Dataset(
        {
            "chance": (("forecast", "answer"), chance, chances),
            "low": (("forecast", "answer"), low, {"long_name": "5th percentile of the chance over runs"}),
            "high": (("forecast", "answer"), high, {"long_name": "95th percentile of the chance over runs"}),
            **of_answer,
            "mean_score": (("forecast", "part", "score", "bound"), mean, {"long_name": "mean score; less is better"}),
            "lead": (
                ("forecast", "baseline", "part", "score", "bound"),
                lead,
                {"long_name": "score of the baseline less that of the forecast; above 0 the forecast is better"},
            ),
            "count": ("part", np.array([chosen.sum() for chosen in parts.values()])),
            "offers": ("part", np.array([np.unique(offers[chosen]).size for chosen in parts.values()])),
        },
        coords={
            "forecast": np.array(list(forecasts), dtype=object),
            "baseline": np.array(simple, dtype=object),
            "answer": np.array([item.name for item in asked], dtype=object),
            "offer": ("answer", offers.astype(object)),
            "party": ("answer", np.array([item.party for item in asked], dtype=object)),
            "day": ("answer", np.array([item.day for item in asked], dtype="datetime64[ns]")),
            "label": ("answer", np.array([item.label for item in asked], dtype=object)),
            "part": np.array(list(parts), dtype=object),
            "score": np.array(list(SCORES), dtype=object),
            "bound": np.array(["value", "low", "high"], dtype=object),
        },
    )


def _course(scenario: Scenario, asked: Sequence[Asked], runs: int, seed: int) -> xr.Dataset:
    """How the war went in runs that answer for themselves: by month, by form of truce, and at every answer."""
    import xarray as xr

    result = run_ensemble(scenario, runs=runs, seed=seed)
    history = history_of(result)
    by_month = fighting_by_month(result, scenario.coefficients.battle.residual)
    spells = truce_spells(scenario, history)
    median = np.array([of_spells(*spell).within(0.5) for spell in spells.values()])
    steps = [scenario.step_of(Date.fromisoformat(item.day)) for item in asked]
    momentum = [history.momentum[step, :, item.place[1]].mean() for step, item in zip(steps, asked, strict=True)]
    recorded = {}
    if scenario.series is not None:
        words = {"long_name": "fighting as recorded: mean of the series a day"}
        recorded["recorded"] = ("month", recorded_by_month(scenario, list(map(str, by_month.month.values))), words)
    return xr.Dataset(
        {
            **recorded,
            "intensity": ("month", by_month.intensity.values, {"long_name": "intensity of fighting; open war is 1"}),
            "control": (("month", "side"), by_month.control.values, {"units": "share"}),
            "momentum": ("answer", np.array(momentum), {"units": "share per day", "long_name": "simulated momentum"}),
            "truces": ("form", np.array([len(days) for days, _ in spells.values()]), {"units": "truces"}),
            "median_days": ("form", median, {"units": "days"}),
        },
        coords={
            "month": by_month.month.values.astype(object),
            "side": np.array(scenario.parties, dtype=object),
            "form": np.array(list(spells), dtype=object),
            "answer": np.array([item.name for item in asked], dtype=object),
        },
    )
