"""What a benchmark of negotiations says, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results.wording import MISSING, fixed, with_interval

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

NEEDED = 8
"""Proposals below which nothing is said to be nearer than anything else."""

ALL_READINGS = 4
"""Forecasts of a rule: after one round and after the last, by mean and median."""

MOST_NAMED = 4
"""Forecasts that a sentence names before the rest are counted."""


def describe_negotiations(result: xr.Dataset) -> Finding:
    """Every forecast by its mean absolute error, the nearest first."""
    summary = _summary(result)
    cells = [
        (
            name + (" *" if found["simple"] else ""),
            fixed(found["error"], ".1f"),
            _span(found["low"], found["high"], ""),
            "" if name == summary["best_simple"] else fixed(found["lead"], "+.1f"),
            "" if name == summary["best_simple"] else _span(found["lead_low"], found["lead_high"], "+"),
        )
        for name, found in summary["forecasts"].items()
    ]
    counts = f"{_many(summary['issues'], 'issue')} of {_many(summary['proposals'], 'proposal')}"
    words: list[str | Table] = [
        str(result.attrs["title"]),
        f"{counts}; each rule played {_many(summary['rounds'], 'round')}; * plays nothing\n",
        *result.attrs["notes"].split("\n" if result.attrs["notes"] else "\0"),
        Table(
            ("forecast", "error", "95 %", "nearer by", "95 %"),
            cells,
            f"mean absolute error in points of 0 … 100; nearer than '{summary['best_simple']}' by",
        ),
        *summary["same"],
        *summary["verdict"],
    ]
    return Finding(
        result=result,
        rows=_rows(result),
        summary=summary,
        words=tuple(word for word in words if word),
        sheets={"negotiations-cases": _cases(result)},
    )


def _summary(result: xr.Dataset) -> dict[str, Any]:
    names = [str(name) for name in result.forecast.values]
    simple = int(result.attrs["simple"])
    forecasts = {}
    for place in np.argsort(result.mean_error.sel(bound="value").values, kind="stable"):
        error, lead = result.mean_error.isel(forecast=place), result.lead.isel(forecast=place)
        forecasts[names[place]] = {
            "simple": bool(place < simple),
            "error": plain(error.sel(bound="value"), 4),
            "low": plain(error.sel(bound="low"), 4),
            "high": plain(error.sel(bound="high"), 4),
            "lead": plain(lead.sel(bound="value"), 4),
            "lead_low": plain(lead.sel(bound="low"), 4),
            "lead_high": plain(lead.sel(bound="high"), 4),
        }
    proposals = len(set(result.proposal.values.tolist()))
    found: dict[str, Any] = {
        "title": result.attrs["title"],
        "issues": result.sizes["case"],
        "proposals": proposals,
        "rounds": int(result.attrs["rounds"]),
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "best_simple": result.attrs["best"],
        "forecasts": forecasts,
        "settled": {str(rule): plain(result.settled.sel(rule=rule), 4) for rule in result.rule.values},
        "same": _same(result),
    }
    found["verdict"] = _verdict(found)
    return found


def _same(result: xr.Dataset) -> list[str]:
    """Which forecasts are one, a sentence for each that has twins."""
    twins: dict[str, list[str]] = {}
    for line in result.attrs["same"].split("\n") if result.attrs["same"] else ():
        name, _, other = line.partition("\t")
        twins.setdefault(name, []).append(other)
    return [f"The same as '{name}' on every issue: {'; '.join(_in_short(others))}." for name, others in twins.items()]


def _in_short(names: list[str]) -> list[str]:
    """Forecasts by rule: the rule alone where all of its forecasts are meant, else which of them."""
    readings: dict[str, list[str]] = {}
    for name in names:
        rule, _, reading = name.partition(", ")
        readings.setdefault(rule, []).append(reading)
    return [rule if len(some) == ALL_READINGS else f"{rule} ({' and '.join(some)})" for rule, some in readings.items()]


def _verdict(found: dict[str, Any]) -> list[str]:
    """What may be said of rules against the nearest simple forecast."""
    best, forecasts, proposals = found["best_simple"], found["forecasts"], found["proposals"]
    ours = {name: each for name, each in forecasts.items() if not each["simple"]}
    words = [f"The nearest simple forecast is '{best}', off by {forecasts[best]['error']:.1f} points on average."]
    if proposals < NEEDED:
        words.append(f"{_many(proposals, 'proposal')}: too few to tell which forecast is nearer; {NEEDED} are needed.")
    elif ours:
        nearer = [name for name, each in ours.items() if each["lead_low"] is not None and each["lead_low"] > 0]
        farther = [name for name, each in ours.items() if each["lead_high"] is not None and each["lead_high"] < 0]
        first = next(iter(ours))
        lead = ours[first]
        apart = with_interval(lead["lead"], lead["lead_low"], lead["lead_high"], 1, " points nearer")
        words.append(f"The nearest rule is '{first}', off by {lead['error']:.1f}: {apart}.")
        words.append(
            f"Of {_many(len(ours), 'forecast')} by rules, {_listed(nearer)} surely nearer than it, "
            f"{_listed(farther)} surely farther off; of so many, the nearest is so partly by chance."
        )
    restless = {rule: share for rule, share in found["settled"].items() if share is not None and share < 0.995}
    if restless:
        each = ", ".join(f"{rule} {100 * share:.0f} %" for rule, share in restless.items())
        words.append(
            f"Not everywhere at rest after {_many(found['rounds'], 'round')}; share of issues that are: {each}."
        )
    return words


def _listed(names: list[str]) -> str:
    if not names:
        return "none is"
    rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    shown = ", ".join(f"'{name}'" for name in names[:MOST_NAMED])
    return f"{len(names)} ({shown}{rest}) {'is' if len(names) == 1 else 'are'}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _span(low: float | None, high: float | None, sign: str) -> str:
    return MISSING if low is None or high is None else f"{low:{sign}.1f} to {high:{sign}.1f}"


def _rows(result: xr.Dataset) -> pd.DataFrame:
    """A row a forecast."""
    import pandas as pd

    simple = int(result.attrs["simple"])
    columns: dict[str, Any] = {
        "forecast": result.forecast.values,
        "plays": ["nothing" if place < simple else "a rule" for place in range(result.sizes["forecast"])],
    }
    for kind in ("mean_error", "lead"):
        columns |= {
            kind if bound == "value" else f"{kind}_{bound}": result[kind].sel(bound=bound).values
            for bound in ("value", "low", "high")
        }
    return pd.DataFrame(columns).sort_values("mean_error", kind="stable", ignore_index=True)


def _cases(result: xr.Dataset) -> pd.DataFrame:
    """A row a case: what was agreed, and every forecast of it."""
    import pandas as pd

    columns: dict[str, Any] = {
        "case": result.case.values,
        "proposal": result.proposal.values,
        "issue": result.issue.values,
        "outcome": result.outcome.values,
    }
    columns |= {str(name): result.forecast_outcome.sel(forecast=name).values for name in result.forecast.values}
    return pd.DataFrame(columns)
