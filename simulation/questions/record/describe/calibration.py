"""What the observed answers say of the coefficients, and whether calibration finds those that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.describe.known import known_then
from simulation.questions.record.scores import brier, log_score, too_few
from simulation.runs.results.wording import TOO_FEW, counted, fixed

if TYPE_CHECKING:
    import xarray as xr


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
        *known_then(posterior.attrs),
        table,
    ]
    words += [
        f"{pair['one']} and {pair['other']} stand in for each other: r = {fixed(pair['correlation'], '+.2f')}"
        for pair in summary["alike"][:3]
    ]
    for name, scores in summary["scores"].items():
        parts = "; ".join(
            f"{part} ({_how_many(found)}) Brier {fixed(found['brier'], '.3f')}, log {fixed(found['log'], '.3f')}"
            for part, found in scores.items()
        )
        words.append(f"{name}: {parts}")
    rows = pd.DataFrame([{"coefficient": key} | row for key, row in summary["coefficients"].items()])
    for other in also:
        summary["recovery"] = other.summary
        words += other.words[1:]
    return Finding(result=posterior, rows=rows, summary=summary, words=tuple(words), also=also)


def _correlation(value: float | None) -> str:
    """A correlation with its sign, where there is one."""
    return fixed(value, "+.2f")


def _how_many(found: dict[str, float]) -> str:
    """How many answers a score is the mean of, and whether they are too few to tell."""
    offers = int(found["offers"])
    said = f"{counted(int(found['answers']), 'answer')} to {counted(offers, 'offer')}"
    return f"{said}, too few to tell" if too_few(offers) else said


def _coefficient(key: str, row: dict[str, Any]) -> tuple[str, ...]:
    cells = (
        key.removeprefix("coefficients."),
        f"{row['default']:.3g}",
        f"{row['mean']:.2g} ({row['low']:.2g}–{row['high']:.2g})",
        f"{100 * max(row['told_apart'], 0):.0f} %",
    )
    return (*cells, f"{100 * row['covered']:.0f} %", _correlation(row["found"])) if "covered" in row else cells


def _calibration_summary(posterior: xr.Dataset, known: xr.Dataset | None) -> dict[str, Any]:
    rows: dict[str, dict[str, Any]] = {}
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
        rows[key] = {name: plain(number, 5) for name, number in row.items()}
    grade, used = posterior.grade.values, posterior.used.values.astype(bool)
    offers = np.array([str(name).rpartition(".")[0] for name in posterior.answer.values])
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
                    "answers": int(chosen.sum()),
                    "offers": np.unique(offers[chosen]).size,
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
    value, low, high = (plain(number, 4) for number in known.covered_all)
    histories = int(known.attrs["histories"])
    summary = {
        "histories": histories,
        "covered": {"value": value, "low": low, "high": high},
        "effective_median": round(float(known.effective.median()), 1),
        "effective_least": round(float(known.effective.min()), 1),
    }
    covered = known.covered.to_dataset(dim="bound").rename({"value": "covered"})
    rows = covered.assign(found=known.found).to_dataframe().reset_index()
    span = TOO_FEW.replace("runs", "histories") if low is None or high is None else f"{100 * low:.0f}–{100 * high:.0f}"
    words = (
        str(known.attrs["title"]),
        f"{histories} simulated histories: {100 * (value or 0):.0f} % of the 90 % intervals hold the truth ({span}).",
    )
    return Finding(result=known, rows=rows, summary=summary, words=words)
