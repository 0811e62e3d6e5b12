"""What comparing a model with the answers on record says, in rows, plain numbers and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.scores import brier, log_score

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MODEL = "model"

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
        ours = float(result.mean_score.sel(forecast=MODEL, part=part, score=score, bound="value"))
        for baseline in result.baseline.values:
            ahead, low, high = (
                float(x) for x in result.lead.sel(forecast=MODEL, baseline=baseline, part=part, score=score)
            )
            theirs = ours + ahead
            how = "beats" if low > 0 else "loses to" if high < 0 else "is ahead of" if ahead > 0 else "is behind"
            sure = "" if low > 0 or high < 0 else ", but not surely"
            words.append(
                f"On {PARTS[part]} the model {how} '{baseline}' by {unit} score{sure}: {ours:.3f} against "
                f"{theirs:.3f}, difference {ahead:+.3f} ({low:+.3f} to {high:+.3f})."
            )
    return words


def describe_validation(result: xr.Dataset) -> Finding:
    """Forecasts of every answer, and the scores of all of them."""
    summary = _validation_summary(result)
    parts = [part for part in ("before", "after") if summary["answers"][part]]
    counts = ", ".join(f"{summary['answers'][part]} {part}" for part in parts)
    scores = []
    for name, found in summary["scores"].items():
        cells = [_score(found[part][score], part == parts[-1]) for part in parts for score in ("brier", "log")]
        scores.append((name, *cells))
    words: list[str | Table] = [
        str(summary["scenario"]),
        f"{summary['runs']:,} runs, seed {summary['seed']}; split {summary['split']}; coded with hindsight\n",
        Table(
            ("offer", "party", "forecast", "fitted", "answer"),
            [_answer(result, place) for place in range(result.sizes["answer"])],
            "chance of a yes (5–95 % of runs), and the answer",
            texts=2,
        ),
        Table(
            ("forecast", *(f"{score}\n{part}" for part in parts for score in ("Brier", "log"))),
            scores,
            f"mean score, less is better (95 % over answers): {counts} {summary['split']}",
        ),
        *summary["verdict"],
    ]
    return Finding(result=result, rows=_validation_rows(result), summary=summary, words=tuple(words))


def _answer(result: xr.Dataset, place: int) -> tuple[str, ...]:
    """One answer and the model's forecasts of it."""
    here = result.isel(answer=place)
    ours = here.isel(forecast=0)
    chance, low, high = (100 * float(ours[name]) for name in ("chance", "low", "high"))
    fitted = f"{100 * float(here.chance.isel(forecast=1)):.0f} %" if int(result.attrs["fitted"]) else ""
    offer = f"{str(here.day.values)[:10]} {here.offer.values}"
    return offer, str(here.party.values), f"{chance:.0f} % ({low:.0f}–{high:.0f})", fitted, f"{float(here.grade):.2f}"


def _score(found: dict[str, float | None], with_interval: bool) -> str:
    if found["value"] is None:
        return ""
    interval = f"\n{found['low']:.2f}–{found['high']:.2f}" if with_interval and found["low"] is not None else ""
    return f"{found['value']:.3f}{interval}"


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


def _three(values: xr.DataArray) -> dict[str, float | None]:
    return {str(bound): plain(values.sel(bound=bound), 4) for bound in values.bound.values}


def _validation_summary(result: xr.Dataset) -> dict[str, Any]:
    return {
        "scenario": result.attrs["title"],
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "split": result.attrs["split"],
        "answers": {str(part): int(result["count"].sel(part=part)) for part in result.part.values},
        "verdict": verdict(result),
        "scores": {
            str(name): {
                str(part): {
                    str(score): _three(result.mean_score.sel(forecast=name, part=part, score=score))
                    for score in result.score.values
                }
                for part in result.part.values
            }
            for name in result.forecast.values
        },
        "lead": {
            str(name): {
                str(baseline): {
                    str(score): _three(result.lead.sel(forecast=name, baseline=baseline, part="after", score=score))
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
        "intensity": {
            str(month): plain(value, 4)
            for month, value in zip(result.month.values, result.intensity.values, strict=True)
        },
    }


def describe_ablation(result: xr.Dataset) -> Finding:
    """How much worse the forecasts are without each part of the model."""
    import pandas as pd

    rows = []
    for name in result.without.values:
        for fit in result.fit.values:
            for period in result.period.values:
                for score in result.score.values:
                    here = result.sel(without=name, fit=fit, period=period, score=score)
                    value, low, high = (float(number) for number in here.cost)
                    if value == value:
                        mean = float(here.mean_score.sel(bound="value"))
                        rows.append((name, fit, period, score, mean, value, low, high))
    columns = ["without", "coefficients", "period", "score", "mean", "cost", "cost_low", "cost_high"]
    table = pd.DataFrame(rows, columns=columns)
    periods = [
        (str(fit), str(period))
        for fit in result.fit.values
        for period in result.period.values
        if not bool(result.cost.sel(fit=fit, period=period).isnull().all())
    ]
    cells = []
    for name in result.without.values[1:]:
        costs = (result.cost.sel(without=name, fit=fit, period=period, score="brier").values for fit, period in periods)
        cells.append((str(name), *("{:+.3f}\n{:+.2f} to {:+.2f}".format(*map(float, cost)) for cost in costs)))
    attrs = result.attrs
    summary = {"scenario": attrs["title"], "runs": int(attrs["runs"]), "seed": int(attrs["seed"])}
    summary |= {"split": attrs["split"], "parts": table.round(4).to_dict(orient="records")}
    words = (
        str(attrs["title"]),
        f"{summary['runs']:,} runs, seed {summary['seed']}; split {attrs['split']}; Brier score\n",
        Table(
            ("without", *(f"{fit},\n{period}" for fit, period in periods)),
            cells,
            "how much worse without it (95 % over answers); above 0 it earns its place",
        ),
    )
    return Finding(result=result, rows=table, summary=summary, words=words)


def describe_calibration(posterior: xr.Dataset, also: tuple[Finding, ...] = ()) -> Finding:
    """What the answers say of each coefficient, and of the forecasts."""
    import pandas as pd

    known = also[0].result if also else None
    summary = _calibration_summary(posterior, known)
    table = Table(
        ("coefficient", "default", "posterior", "learnt", *(("covered", "found") if also else ())),
        [
            _coefficient(key, row)
            for key, row in sorted(summary["coefficients"].items(), key=lambda item: -item[1]["told_apart"])
        ],
        "posterior mean (90 % interval)",
    )
    words: list[str | Table] = [
        str(summary["scenario"]),
        f"{summary['answers']} answers before {summary['until']}; {summary['draws']:,} draws, "
        f"{summary['effective']:,.0f} effective\n",
        table,
    ]
    words += [
        f"{pair['one']} and {pair['other']} stand in for each other: r = {pair['correlation']:+.2f}"
        for pair in summary["alike"][:3]
    ]
    for name, scores in summary["scores"].items():
        parts = "; ".join(
            f"{part} Brier {found['brier']:.3f}, log {found['log']:.3f}" for part, found in scores.items()
        )
        words.append(f"{name}: {parts}")
    rows = pd.DataFrame([{"coefficient": key} | row for key, row in summary["coefficients"].items()])
    for other in also:
        summary["recovery"] = other.summary
        words += other.words[1:]
    return Finding(result=posterior, rows=rows, summary=summary, words=tuple(words), also=also)


def _coefficient(key: str, row: dict[str, float]) -> tuple[str, ...]:
    cells = (
        key.removeprefix("coefficients."),
        f"{row['default']:.3g}",
        f"{row['mean']:.2g} ({row['low']:.2g}–{row['high']:.2g})",
        f"{100 * max(row['told_apart'], 0):.0f} %",
    )
    return (*cells, f"{100 * row['covered']:.0f} %", f"{row['found']:+.2f}") if "covered" in row else cells


def _calibration_summary(posterior: xr.Dataset, known: xr.Dataset | None) -> dict[str, Any]:
    rows: dict[str, dict[str, float]] = {}
    for key in map(str, posterior.coefficient.values):
        here = posterior.sel(coefficient=key)
        low, high = (float(number) for number in here.interval)
        row = {
            "default": float(here.default),
            "prior_mean": float(here.prior_mean),
            "prior_sd": float(here.prior_sd),
            "mean": float(here["mean"]),
            "sd": float(here.sd),
            "low": low,
            "high": high,
            "told_apart": float(here.told_apart),
        }
        if known is not None:
            there = known.sel(coefficient=key)
            covered = dict(zip(("covered", "covered_low", "covered_high"), map(float, there.covered), strict=True))
            row |= {**covered, "found": float(there.found)}
        rows[key] = {name: round(number, 5) for name, number in row.items()}
    grade, used = posterior.grade.values, posterior.used.values.astype(bool)
    forecasts = {"prior": posterior.chance_prior.values, "posterior": posterior.chance_posterior.values}
    return {
        "scenario": posterior.attrs["title"],
        "until": posterior.attrs["until"],
        "answers": int(used.sum()),
        "draws": int(posterior.attrs["runs"]),
        "effective": round(float(posterior.effective[-1]), 1),
        "seed": int(posterior.attrs["seed"]),
        "coefficients": rows,
        "alike": [
            {"one": one, "other": other, "correlation": round(value, 3)}
            for one, other, value in resemblances(posterior)
        ],
        "scores": {
            name: {
                part: {
                    "brier": round(float(brier(chance[chosen], grade[chosen]).mean()), 4),
                    "log": round(float(log_score(chance[chosen], grade[chosen]).mean()), 4),
                }
                for part, chosen in (("before", used), ("after", ~used))
                if chosen.any()
            }
            for name, chance in forecasts.items()
        },
    }


def resemblances(posterior: xr.Dataset, least: float = 0.2) -> list[tuple[str, str, float]]:
    """Pairs of coefficients that stand in for each other: those with a posterior correlation of at least so much."""
    keys = [str(key) for key in posterior.coefficient.values]
    table = posterior.correlation.values
    pairs = [
        (one, other, float(table[row, column]))
        for row, one in enumerate(keys)
        for column, other in enumerate(keys[:row])
        if abs(table[row, column]) >= least
    ]
    return sorted(pairs, key=lambda pair: -abs(pair[2]))


def describe_recovery(known: xr.Dataset) -> Finding:
    """Whether calibration finds coefficients that are known."""
    value, low, high = (round(float(number), 4) for number in known.covered_all)
    histories = int(known.attrs["histories"])
    summary = {
        "histories": histories,
        "covered": {"value": value, "low": low, "high": high},
        "effective_median": round(float(known.effective.median()), 1),
        "effective_least": round(float(known.effective.min()), 1),
    }
    covered = known.covered.to_dataset(dim="bound").rename({"value": "covered"})
    rows = covered.assign(found=known.found).to_dataframe().reset_index()
    words = (
        str(known.attrs["title"]),
        f"{histories} simulated histories: {100 * value:.0f} % of the 90 % intervals hold the truth "
        f"({100 * low:.0f}–{100 * high:.0f}).",
    )
    return Finding(result=known, rows=rows, summary=summary, words=words)
