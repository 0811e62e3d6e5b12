"""How much worse the forecasts are without each part of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulation.questions.finding import Finding, Table
from simulation.questions.record.describe.known import known_then

if TYPE_CHECKING:
    import xarray as xr


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
    words: tuple[str | Table, ...] = (
        str(attrs["title"]),
        f"{summary['runs']:,} runs, seed {summary['seed']}; split {attrs['split']}; Brier score\n",
        *known_then(attrs),
        Table(
            ("without", *(f"{fit},\n{period}" for fit, period in periods)),
            cells,
            "how much worse without it (95 % over answers); above 0 it earns its place",
        ),
    )
    return Finding(result=result, rows=table, summary=summary, words=words)
