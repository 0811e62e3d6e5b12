"""What the answers of many wars say about the coefficients that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.describe.calibration import resemblances
from simulation.runs.results.wording import MISSING, counted, fixed

if TYPE_CHECKING:
    import xarray as xr

FEW = 100
"""Effective draws below which a posterior is not to be trusted."""


def describe_pooled(result: xr.Dataset) -> Finding:
    """The coefficients: default, prior, posterior, and which wars pull it; and scores by leaving one war out."""
    import pandas as pd

    rows = {str(key): _row(result.sel(coefficient=key)) for key in result.coefficient.values}
    table = Table(
        ("coefficient", "default", "prior (90 %)", "median (90 %)", "learnt", "pulled by"),
        [_cells(key, row) for key, row in sorted(rows.items(), key=lambda item: -(item[1]["told_apart"] or 0.0))],
        "posterior; pulled by: the war without which the mean moves most, in standard deviations of the prior",
    )
    codings = [str(name) for name in result.coding.values]
    effective = [float(result.effective.sel(coding=coding)[-1]) for coding in codings]
    words: list[str | Table] = [
        str(result.attrs["title"]),
        f"{', '.join(codings)}; {int(result.attrs['runs']):,} draws, each over "
        f"{counted(int(result.attrs['lucks']), 'set')} of random numbers, "
        f"{', '.join(f'{number:,.0f}' for number in effective)} effective\n",
        table,
    ]
    words += [
        f"{one} and {other} stand in for each other: r = {fixed(value, '+.2f')}"
        for one, other, value in resemblances(result)[:5]
    ]
    least = float(result.effective_without.min())
    if least < FEW:
        words.append(f"Only {least:.0f} effective draws where a war is left out: ask for more draws or rounds.")
    summary: dict[str, Any] = {
        "wars": [str(name) for name in result.left_out.values],
        "codings": codings,
        "draws": int(result.attrs["runs"]),
        "lucks": int(result.attrs["lucks"]),
        "seed": int(result.attrs["seed"]),
        "effective": {coding: round(number, 1) for coding, number in zip(codings, effective, strict=True)},
        "effective_least_without": round(least, 1),
        "coefficients": rows,
        "alike": [
            {"one": one, "other": other, "correlation": round(value, 3)} for one, other, value in resemblances(result)
        ],
    }
    sheets = {}
    if "mean_score" in result:
        words += ["", *(_scores(result, coding) for coding in codings)]
        summary["scores"] = {coding: _summary(result.sel(coding=coding)) for coding in codings}
        sheets["scores"] = result.mean_score.to_series().unstack("bound").reset_index()
    frame = pd.DataFrame([{"coefficient": key} | row for key, row in rows.items()])
    return Finding(result=result, rows=frame, summary=summary, words=tuple(words), sheets=sheets)


def _row(here: xr.Dataset) -> dict[str, Any]:
    low, median, high = (float(number) for number in here.interval)
    before = [float(number) for number in here.prior_interval]
    shifts = here["shift"].values
    row = {
        "default": float(here.default),
        "prior_low": before[0],
        "prior_median": before[1],
        "prior_high": before[2],
        "mean": float(here["mean"]),
        "sd": float(here.sd),
        "low": low,
        "median": median,
        "high": high,
        "told_apart": float(here.told_apart),
    }
    numbers: dict[str, Any] = {name: plain(number, 5) for name, number in row.items()}
    most = int(np.abs(shifts).argmax())
    return numbers | {"pulled_by": str(here.left_out.values[most]), "pull": plain(shifts[most], 3)}


def _cells(key: str, row: dict[str, Any]) -> tuple[str, ...]:
    return (
        key.removeprefix("coefficients."),
        f"{row['default']:.3g}",
        f"{row['prior_median']:.2g} ({row['prior_low']:.2g} to {row['prior_high']:.2g})",
        f"{row['median']:.3g} ({row['low']:.2g} to {row['high']:.2g})",
        f"{100 * max(row['told_apart'], 0):.0f} %",
        f"{row['pulled_by']} {fixed(row['pull'], '+.2f')}",
    )


def _three(values: Any, sign: str = "") -> str:
    value, low, high = (float(number) for number in values)
    if value != value:
        return MISSING
    return f"{value:{sign}.3f}" + (f" ({low:{sign}.3f} to {high:{sign}.3f})" if low == low else "")


def _scores(result: xr.Dataset, coding: str) -> Table:
    here = result.sel(coding=coding)
    rows = []
    for name in map(str, here.forecast.values):
        of = here.sel(forecast=name)
        ahead = of.lead.sel(score="brier")
        rows.append(
            (
                name,
                _three(of.mean_score.sel(score="brier")),
                _three(of.mean_score.sel(score="rps")),
                _three(of.slope),
                *(_three(ahead.sel(baseline=other), "+") for other in here.baseline.values[:2]),
            )
        )
    heads = ("forecast", "Brier", "ranked probability", "slope", *(f"ahead of {x}" for x in here.baseline.values[:2]))
    return Table(heads, rows, f"each war by what the others taught, {coding}; mean over wars (95 % by t over wars)")


def _summary(here: xr.Dataset) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in map(str, here.forecast.values):
        of = here.sel(forecast=name)
        found[name] = {
            score: dict(
                zip(("value", "low", "high"), (plain(x, 4) for x in of.mean_score.sel(score=score)), strict=True)
            )
            for score in map(str, here.score.values)
        }
        found[name]["slope"] = dict(zip(("value", "low", "high"), (plain(x, 3) for x in of.slope), strict=True))
        found[name]["lead"] = {
            str(other): dict(
                zip(
                    ("value", "low", "high"),
                    (plain(x, 4) for x in of.lead.sel(baseline=other, score="brier")),
                    strict=True,
                )
            )
            for other in here.baseline.values
        }
    return found
