"""How much worse the forecasts are without each part of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.record.describe.known import known_then
from simulation.questions.record.scores import too_few
from simulation.runs.results import FEWEST
from simulation.runs.results.wording import counted, ends, fixed

if TYPE_CHECKING:
    import xarray as xr


def describe_ablation(result: xr.Dataset) -> Finding:
    """How much worse the forecasts are without each part of the model."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for name in result.without.values:
        for fit in result.fit.values:
            for period in result.period.values:
                for score in result.score.values:
                    here = result.sel(without=name, fit=fit, period=period, score=score)
                    value, low, high = (plain(number) for number in here.cost)
                    if value is not None:
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
        cells.append((str(name), *(_cost(*map(float, cost)) for cost in costs)))
    attrs = result.attrs
    summary = {"scenario": attrs["title"], "runs": int(attrs["runs"]), "seed": int(attrs["seed"])}
    summary |= {
        "split": attrs["split"],
        "parts": [{key: _rounded(cell) for key, cell in row.items()} for row in table.to_dict(orient="records")],
    }
    words: list[str | Table] = [
        str(attrs["title"]),
        f"{summary['runs']:,} runs, seed {summary['seed']}; split {attrs['split']}; Brier score\n",
        *known_then(attrs),
        Table(
            ("without", *(f"{fit},\n{period}" for fit, period in periods)),
            cells,
            "how much worse without it (95 % over offers); above 0 it earns its place",
        ),
    ]
    for period in dict.fromkeys(period for _, period in periods):
        offers = int(result.offers.sel(period=period))
        if too_few(offers):
            words.append(
                f"Too few answers to tell which parts earn their place {period} {attrs['split']}: they are to "
                f"{counted(offers, 'offer')}, and at least {FEWEST} are needed."
            )
    return Finding(result=result, rows=table, summary=summary, words=tuple(words))


def _cost(value: float, low: float, high: float) -> str:
    """A cost over its interval, where there is one."""
    return fixed(value, "+.3f", f"\n{ends(low, high, '.2f', ' to ')}" if np.isfinite(low) else "")


def _rounded(cell: Any) -> Any:
    """A cell for the summary: numbers to four digits, None where there is none."""
    return plain(cell, 4) if isinstance(cell, float) else cell
