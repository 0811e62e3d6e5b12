"""Forecasts of the observed answers and their scores, against simple baselines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.benchmark.describe_truces import three, truce_rows, truce_summary, truce_words
from simulation.questions.record.describe.known import known_then
from simulation.questions.record.fighting import likeness
from simulation.questions.record.hindcast import MODEL
from simulation.questions.record.scores import too_few
from simulation.runs.results import FEWEST, scenario_of
from simulation.runs.results.wording import clearly, counted, fixed, percent, with_interval

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

PARTS = {
    "before": "answers before the split",
    "after": "answers after the split",
    "after, others' offers": "answers after the split, without those of a party to an offer of its own",
    "all": "all answers",
}


def verdict(result: xr.Dataset, scores: Sequence[str] = ("brier",)) -> list[str]:
    """What the scores say, in sentences: the model against every baseline, out of sample where there is such a part."""
    part = "after" if int(result["count"].sel(part="after")) else "all"
    words = []
    for score in scores:
        unit = {"brier": "Brier", "log": "logarithmic"}[score]
        if too_few(int(result.offers.sel(part=part))):
            words.append(_undecided(result, part, score, unit))
            continue
        ours = float(result.mean_score.sel(forecast=MODEL, part=part, score=score, bound="value"))
        for baseline in result.baseline.values:
            ahead, low, high = (
                float(x) for x in result.lead.sel(forecast=MODEL, baseline=baseline, part=part, score=score)
            )
            theirs = ours + ahead
            how = "beats" if low > 0 else "loses to" if high < 0 else "is ahead of" if ahead > 0 else "is behind"
            sure = "" if clearly(low, high) else ", but not surely"
            words.append(
                f"On {PARTS[part]} the model {how} '{baseline}' by {unit} score{sure}: {ours:.3f} against "
                f"{theirs:.3f}, difference {with_interval(ahead, low, high, 3)}."
            )
    return words


def _undecided(result: xr.Dataset, part: str, score: str, unit: str) -> str:
    """That there are too few answers to tell, and what the scores are all the same."""
    answers, offers = (int(result[name].sel(part=part)) for name in ("count", "offers"))
    scores = result.mean_score.sel(part=part, score=score, bound="value")
    ours = float(scores.sel(forecast=MODEL))
    theirs = {str(name): float(scores.sel(forecast=name)) for name in result.baseline.values}
    best, worst = (how(theirs, key=theirs.__getitem__) for how in (min, max))
    behind = sum(value < ours for value in theirs.values())
    return (
        f"Too few answers to tell: {counted(answers, 'answer')} to {counted(offers, 'offer')} "
        f"({PARTS[part]}), and at least {FEWEST} offers are needed. The model's mean {unit} score is "
        f"{fixed(ours, '.3f')}; "
        f"those of the {len(theirs)} baselines go from {fixed(theirs[best], '.3f')} ('{best}') to "
        f"{fixed(theirs[worst], '.3f')} "
        f"('{worst}'), and {behind} of them {'scores' if behind == 1 else 'score'} better."
    )


def describe_validation(result: xr.Dataset) -> Finding:
    """Forecasts of every answer, and the scores of all of them."""
    summary = _validation_summary(result)
    parts = [part for part in ("before", "after") if summary["answers"][part]]
    counts = ", ".join(
        f"{counted(summary['answers'][part], 'answer')} to {counted(summary['offers'][part], 'offer')} {part}"
        for part in parts
    )
    scores = []
    for name, found in summary["scores"].items():
        cells = [_score(found[part][score], part == parts[-1]) for part in parts for score in ("brier", "log")]
        scores.append((name, *cells))
    words: list[str | Table] = [
        str(summary["scenario"]),
        f"{summary['runs']:,} runs, seed {summary['seed']}; split {summary['split']}; coded with hindsight\n",
        *known_then(result.attrs),
        Table(
            ("offer", "party", "forecast", "fitted", "answer"),
            [_answer(result, place) for place in range(result.sizes["answer"])],
            "chance of a yes (5–95 % of runs), and the answer",
            texts=2,
        ),
        Table(
            ("forecast", *(f"{score}\n{part}" for part in parts for score in ("Brier", "log"))),
            scores,
            f"mean score, less is better (95 % over offers): {counts} {summary['split']}",
        ),
        *summary["verdict"],
    ]
    if "recorded" in result:
        words.append(likeness(result.recorded.values, result.intensity.values).words)
    sheets = {}
    if "truce_score" in result:
        words += ["", *truce_words(result)]
        summary["past_truces"] = truce_summary(result)
        sheets["truces"] = truce_rows(result)
    return Finding(result=result, rows=_validation_rows(result), summary=summary, words=tuple(words), sheets=sheets)


def _answer(result: xr.Dataset, place: int) -> tuple[str, ...]:
    """One answer and the model's forecasts of it."""
    here = result.isel(answer=place)
    ours = here.isel(forecast=0)
    chance = percent({name: float(ours[name]) for name in ("chance", "low", "high")})
    fitted = f"{100 * float(here.chance.isel(forecast=1)):.0f} %" if int(result.attrs["fitted"]) else ""
    offer = f"{str(here.day.values)[:10]} {here.offer.values}"
    party = scenario_of(result).labels[str(here.party.values)]
    return offer, party, chance, fitted, f"{float(here.grade):.2f}"


def _score(found: dict[str, float | None], with_interval: bool) -> str:
    if found["value"] is None:
        return ""
    interval = f"\n{found['low']:.2f}–{found['high']:.2f}" if with_interval and found["low"] is not None else ""
    return fixed(found["value"], ".3f", interval)


def _validation_rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each answer: what was given, and the chance by every forecast."""
    import pandas as pd

    columns: dict[str, Any] = {
        "day": [str(day)[:10] for day in result.day.values],
        "offer": result.offer.values,
        "party": result.party.values,
        "answer": result.grade.values,
        "words": result.label.values,
        "fortune": result.fortune.values,
        "before split": result.before.values,
    }
    names = [str(name) for name in result.forecast.values]
    columns |= {name: result.chance.sel(forecast=name).values for name in names[:-1]}
    columns |= {
        f"{name}, {bound}": result[bound].sel(forecast=name).values for name in names[:1] for bound in ("low", "high")
    }
    return pd.DataFrame(columns)


def _fighting(result: xr.Dataset) -> dict[str, float | None]:
    """How recorded fighting goes with simulated, as plain numbers."""
    found = likeness(result.recorded.values, result.intensity.values)
    numbers = {"rank_correlation": found.value, "low": found.low, "high": found.high, "effective": found.effective}
    return {"months": found.months, **{key: plain(value, 4) for key, value in numbers.items()}}


def _validation_summary(result: xr.Dataset) -> dict[str, Any]:
    return {
        "scenario": result.attrs["title"],
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "split": result.attrs["split"],
        "answers": {str(part): int(result["count"].sel(part=part)) for part in result.part.values},
        "offers": {str(part): int(result.offers.sel(part=part)) for part in result.part.values},
        "verdict": verdict(result),
        "scores": {
            str(name): {
                str(part): {
                    str(score): three(result.mean_score.sel(forecast=name, part=part, score=score))
                    for score in result.score.values
                }
                for part in result.part.values
            }
            for name in result.forecast.values
        },
        "lead": {
            str(name): {
                str(baseline): {
                    str(score): three(result.lead.sel(forecast=name, baseline=baseline, part="after", score=score))
                    for score in result.score.values
                }
                for baseline in result.baseline.values
            }
            for name in result.forecast.values
            if str(name).startswith(("model", "rule"))
        },
        "truces": {
            str(form): {
                "begun": int(result.truces.sel(form=form)),
                "median_days": plain(result.median_days.sel(form=form), 4),
            }
            for form in result.form.values
        },
        **({"fighting": _fighting(result)} if "recorded" in result else {}),
        "intensity": {
            str(month): plain(value, 4)
            for month, value in zip(result.month.values, result.intensity.values, strict=True)
        },
    }
