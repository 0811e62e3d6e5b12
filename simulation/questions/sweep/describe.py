"""What a sweep found, in rows, plain numbers and words: where each measure is least and most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.sweep.store import Store
from simulation.questions.sweep.summary import Totals, fits, summarise
from simulation.runs.results.wording import counted, listed, number, percent, span

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MOST_ERRORS = 10
"""Kinds of failure that are told."""


def describe(store: Store, totals: Totals | None = None) -> Finding:
    """What is in the store of a sweep; met where no point failed.

    Of a sweep too large for one table the dataset is empty, and only points that failed are told: ask it by SQL.

    Parameters
    ----------
    totals : the sums of its parts, as far as they are known already; the other parts are read
    """
    import xarray as xr

    names = store.manifest.measures
    summary: dict[str, Any] = {
        "scenario": store.manifest.title,
        "points": store.points,
        "runs": store.runs,
        "seed": store.manifest.seed,
        "keys": store.keys,
        "measures": {},
    }
    if not fits(store, len(names)):
        keys = ", ".join(f'"{key}"' for key in store.keys)
        rows = store.query(f"select point, {keys}, error from sweep where error is not null order by point")
        result = xr.Dataset(
            attrs={"finding": "sweep", "scenario": store.manifest.scenario, "title": summary["scenario"]}
        )
    else:
        result = summarise(store, totals=totals)
        rows = _rows(result, store.keys)
        summary["measures"] = {name: _extremes(result, place, store.keys) for place, name in enumerate(names)}
    failed = rows[rows["error"].fillna("") != ""]
    summary |= {
        "failed": len(failed),
        "errors": [
            {
                "error": str(error),
                "points": len(alike),
                "first": {key: _plain(alike[key].iloc[0]) for key in store.keys},
            }
            for error, alike in failed.groupby("error", sort=False)
        ][:MOST_ERRORS],
    }
    return Finding(result=result, rows=rows, summary=summary, words=_words(summary), met=failed.empty)


def _plain(value: Any) -> Any:
    """A value as JSON takes it."""
    return value.item() if hasattr(value, "item") else value if isinstance(value, float | int) else str(value)


def _rows(result: xr.Dataset, keys: list[str]) -> pd.DataFrame:
    """A row for each point: its keys, then value, low and high of each measure, and why it failed."""
    import pandas as pd

    columns: dict[str, Any] = {"point": result.point.values} | {key: result[key].values for key in keys}
    value, low, high = (result[name].values.round(6) for name in ("value", "low", "high"))
    for place, name in enumerate(result.measure.values):
        columns |= {name: value[:, place], f"{name} low": low[:, place], f"{name} high": high[:, place]}
    return pd.DataFrame(columns | {"error": result.error.values})


def _extremes(result: xr.Dataset, place: int, keys: list[str]) -> dict[str, Any]:
    """Where the measure at a place is least and most."""
    value = result.value.values[:, place]
    found: dict[str, Any] = {"chance": bool(result.chance[place])}
    for word, where in (("least", np.nanargmin), ("most", np.nanargmax)):
        if np.isnan(value).all():
            return found | {"least": None, "most": None}
        point = int(where(value))
        found[word] = {
            **{name: plain(result[name].values[point, place], 4) for name in ("value", "low", "high")},
            "at": {key: result[key][point].item() for key in keys},
        }
    return found


def _words(summary: dict[str, Any]) -> tuple[str | Table, ...]:
    cells, level = [], []
    for name, found in summary["measures"].items():
        least, most = found["least"], found["most"]
        if least is None or least["high"] is None or most["low"] is None or least["high"] >= most["low"]:
            level.append(name)
            continue
        numbers = [_number(extreme, found["chance"]) for extreme in (least, most)]
        cells.append((name, _place(least), _place(most), *numbers))
    words: list[str | Table] = [
        str(summary["scenario"]),
        f"{summary['points']:,} points of {summary['runs']:,} runs, seed {summary['seed']}\n",
    ]
    if cells:
        heads = ("measure", "least at", "most at", "least", "most")
        words.append(Table(heads, cells, "least and most (95 % interval), and where", texts=3))
        words.append(f"at: {', '.join(summary['keys'])}")
    if level:
        several = "1 measure" if len(level) == 1 else f"{len(level)} measures"
        words.append(f"Of {several} least and most are within each other's interval: {listed(level)}")
    if summary["failed"]:
        words.append(f"{counted(summary['failed'], 'point')} failed, without numbers:")
        words += [_failure(found) for found in summary["errors"]]
    return tuple(words)


def _failure(found: dict[str, Any]) -> str:
    """At how many points something failed, the values of the first, and why."""
    at = ", ".join(
        f"{key} = {value:.6g}" if isinstance(value, float) else f"{key} = {value}"
        for key, value in found["first"].items()
    )
    where = at if found["points"] == 1 else f"{counted(found['points'], 'point')}, the first with {at}"
    said = str(found["error"]).replace("\n", "\n    ")
    return f"  {where}: {said}"


def _number(found: dict[str, Any], chance: bool) -> str:
    if chance:
        return percent({"chance": found["value"], "low": found["low"], "high": found["high"]})
    return f"{number(found['value'])} ({span(found)})"


def _place(found: dict[str, Any]) -> str:
    return ", ".join(f"{value:.4g}" if isinstance(value, float) else str(value) for value in found["at"].values())
