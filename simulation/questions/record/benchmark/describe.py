"""What a benchmark of wars says, in words and tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.benchmark.describe_truces import (
    cell,
    set_beside,
    three,
    truce_rows,
    truce_summary,
    truce_words,
)
from simulation.questions.record.benchmark.forecasts import ABOUT, COIN, FLOOR, RATE, RIDGE
from simulation.questions.record.hindcast import MODEL
from simulation.questions.record.scores import too_few
from simulation.runs.results.wording import counted, ends, fixed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

HEADLINE = "others' offers"
"""The part of the answers that verdicts are about."""

AGAINST = (COIN, RATE, RIDGE)
"""What the verdict names first."""


def verdict(result: xr.Dataset) -> list[str]:
    """What the scores say, in sentences: the model against a coin, the base rate, and the ridge to beat."""
    coding = str(result.coding.values[0])
    here = result.sel(coding=coding, part=HEADLINE)
    wars = int((here["count"] > 0).sum())
    count = int(here["count"].sum())
    ours = here.mean_score.sel(forecast=MODEL, score="brier")
    value, low, high = (float(ours.sel(bound=bound)) for bound in ("value", "low", "high"))
    offers = int(result.offers.sel(coding=coding, part=HEADLINE))
    if too_few(offers):
        spread = f"{counted(count, 'answer')} to {counted(offers, 'offer')} in {counted(wars, 'war')}"
        return [f"{spread}: the model's mean Brier score is {value:.3f}. Too few answers to tell how it forecasts."]
    span = f" ({low:.3f} to {high:.3f})" if low == low else ""
    asked = f"On {count} answers in {counted(wars, 'war')} to offers that the party had not made itself"
    words = [f"{asked}, the model's mean Brier score is {value:.3f}{span}."]
    words += [_against(here, name) for name in AGAINST if name in here.baseline.values]
    steep = [float(here.slope.sel(forecast=MODEL, bound=bound)) for bound in ("value", "low", "high")]
    if steep[0] == steep[0]:
        words.append(_calibrated(*steep))
    return words


def _against(here: xr.Dataset, name: str) -> str:
    ahead, low, high = (
        float(here.lead.sel(forecast=MODEL, baseline=name, score="brier", bound=bound))
        for bound in ("value", "low", "high")
    )
    theirs = float(here.mean_score.sel(forecast=name, score="brier", bound="value"))
    if low != low:
        few = "wars" if here.sizes["war"] > 1 else "offers"
        return f"Against '{name}', {theirs:.3f}: difference {fixed(ahead, '+.3f')}; too few {few} to tell."
    by = "by t over wars" if here.sizes["war"] > 1 else "over the offers of this war; of others it tells nothing"
    apart = f"{fixed(ahead, '+.3f')} ({ends(low, high, '.3f', ' to ')} {by})"
    return f"It {set_beside(low, high)} '{name}', {theirs:.3f}: difference {apart}."


def _calibrated(value: float, low: float, high: float) -> str:
    if low != low:
        return f"Its calibration slope is {value:.2f}, where 1 is calibrated: too few wars to tell."
    how = "too sure of itself" if high < 1 else "not sure enough" if low > 1 else "not surely off"
    return f"Its calibration slope is {value:.2f} ({low:.2f} to {high:.2f}), where 1 is calibrated: {how}."


def describe_benchmark(result: xr.Dataset) -> Finding:
    """The scores of every forecast, in every coding."""
    codings = [str(name) for name in result.coding.values]
    wars = [str(name) for name in result.war.values]
    summary = _summary(result)
    words: list[str | Table] = [
        str(result.attrs["title"]),
        f"{result.attrs['runs']:,} runs, seed {result.attrs['seed']}; coded with hindsight\n",
        *summary["verdict"],
        "",
        _scores(result, "brier", codings),
        "",
        _scores(result, "rps", codings),
        "",
        _each_war(result, codings[0], wars),
        "",
        _answers_table(result, codings),
    ]
    sheets = {"scores": _score_rows(result)}
    if "truce_score" in result:
        words += ["", *truce_words(result)]
        sheets["truces"] = truce_rows(result)
    return Finding(result=result, rows=_rows(result), summary=summary, words=tuple(words), sheets=sheets)


def _scores(result: xr.Dataset, score: str, codings: list[str]) -> Table:
    named = {"brier": "Brier", "log": "logarithmic", "rps": "ranked probability"}[score]
    here = result.sel(part=HEADLINE, score=score)
    brier, rows = score == "brier", []
    for name in map(str, result.forecast.values):
        if name == FLOOR and not brier:
            continue  # it is the least possible of that score alone
        cells = [cell(here.mean_score.sel(forecast=name, coding=coding).values) for coding in codings]
        if brier:
            steep = float(here.slope.sel(forecast=name, coding=codings[0], bound="value"))
            cells.append(f"{steep:.2f}" if steep == steep and name not in (FLOOR, RATE) else "")
        rows.append((name, *cells))
    heads = ("forecast", *codings, *(["slope"] if brier else []))
    return Table(heads, rows, f"mean {named} score over wars, less is better (95 % by t over wars)", texts=1)


def _each_war(result: xr.Dataset, coding: str, wars: list[str]) -> Table:
    here = result.sel(part=HEADLINE, score="brier", coding=coding)
    names = [name for name in map(str, result.forecast.values) if name in (MODEL, RATE, RIDGE, FLOOR)]
    rows = []
    for war in wars:
        cells = [cell(here.within.sel(forecast=name, war=war).values) for name in names]
        rows.append((war, str(int(here["count"].sel(war=war))), *cells))
    return Table(
        ("war", "answers", *names), rows, f"mean Brier score in each war, {coding} (95 % over offers)", texts=1
    )


def _answers_table(result: xr.Dataset, codings: list[str]) -> Table:
    rows = []
    for coding in codings:
        count = result["count"].sel(coding=coding).sum("war")
        rows.append((coding, *(str(int(count.sel(part=part))) for part in result.part.values)))
    return Table(("coding", *map(str, result.part.values)), rows, "answers", texts=1)


def _rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each answer, with the chance by every forecast; the settled ones come first."""
    import pandas as pd

    columns: dict[str, Any] = {
        "coding": result.coding_of.values,
        "war": result.war_of.values,
        "offer": result.offer.values,
        "party": result.party.values,
        "day": [str(day)[:10] for day in result.day.values],
        "own offer": result.own.values.astype(bool),
        "grade": result.grade.values,
        "answer": [("refused", "with conditions", "accepted")[int(place)] for place in result["category"].values],
    }
    columns |= {
        str(name): result.chance.sel(forecast=name).values for name in result.forecast.values if str(name) != FLOOR
    }
    if "full" in result:
        for name in result.forecast.values:
            here = result.sel(forecast=name)
            if not np.isnan(here["full"].values).all():
                columns |= {f"{name}, a yes": here["yes"].values, f"{name}, without conditions": here["full"].values}
    return pd.DataFrame(columns)


def _score_rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each coding, forecast, part and score."""
    table: pd.DataFrame = result.mean_score.to_series().unstack("bound").reset_index()
    table["about"] = [ABOUT.get(str(name), "entered") for name in table["forecast"]]
    return table


def _summary(result: xr.Dataset) -> dict[str, Any]:
    here = result.sel(part=HEADLINE)
    codings, names = ([str(name) for name in result[axis].values] for axis in ("coding", "forecast"))
    return {
        "title": str(result.attrs["title"]),
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "verdict": verdict(result),
        "answers": {
            coding: {str(part): int(result["count"].sel(coding=coding, part=part).sum()) for part in result.part.values}
            for coding in codings
        },
        "scores": {
            coding: {
                name: {
                    str(score): three(here.mean_score.sel(coding=coding, forecast=name, score=score))
                    for score in result.score.values
                }
                | {"slope": three(here.slope.sel(coding=coding, forecast=name))}
                for name in names
            }
            for coding in codings
        },
        "lead": {
            coding: {
                str(name): three(here.lead.sel(coding=coding, forecast=MODEL, baseline=name, score="brier"))
                for name in result.baseline.values
            }
            for coding in codings
        },
        "wars": {
            str(war): {
                name: plain(here.war_score.sel(coding=codings[0], forecast=name, score="brier", war=war), 4)
                for name in names
            }
            for war in result.war.values
        },
        "truces": truce_summary(result),
    }
