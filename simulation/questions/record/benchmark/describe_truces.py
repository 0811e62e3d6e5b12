"""What a benchmark says of truces, in words and a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Table, plain
from simulation.questions.record.hindcast import MODEL
from simulation.runs.results.wording import counted, ends, fixed

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def truce_verdict(result: xr.Dataset) -> list[str]:
    """What the scores of truces say, in sentences: the model against what it has to beat, horizon by horizon."""
    here = result.sel(coding=result.coding.values[0], truce_measure="fate")
    words = []
    for days in result.horizon.values:
        at = here.sel(horizon=days)
        count = int(result.truce_count.sel(coding=result.coding.values[0], horizon=days))
        ours = float(at.truce_score.sel(truce_forecast=MODEL, bound="value"))
        parts = []
        for name in map(str, result.truce_baseline.values):
            theirs = float(at.truce_score.sel(truce_forecast=name, bound="value"))
            lead = at.truce_lead.sel(truce_forecast=MODEL, truce_baseline=name)
            ahead, low, high = (float(lead.sel(bound=bound)) for bound in ("value", "low", "high"))
            if low == low:
                apart = f"{fixed(ahead, '+.3f')}, {ends(low, high, '.3f', ' to ')}"
                parts.append(f"{set_beside(low, high)} {name}, {theirs:.3f} ({apart})")
        few = f"too few {'wars' if result.sizes.get('war', 1) > 1 else 'offers'} to tell"
        told = f"the model {'; it '.join(parts)}" if parts else few
        words.append(f"After {days} days, {counted(count, 'truce')}, Brier score {ours:.3f}: {told}.")
    return words


def truce_table(result: xr.Dataset) -> Table:
    """The scores of every forecast of truces, in the first coding."""
    rows = []
    for name in map(str, result.truce_forecast.values):
        cells = []
        for measure in result.truce_measure.values:
            for days in result.horizon.values:
                here = result.truce_score.sel(
                    coding=result.coding.values[0], truce_forecast=name, horizon=days, truce_measure=measure
                )
                cells.append(cell(here.values))
        rows.append((name, *cells))
    heads = [f"{measure},\n{days} days" for measure in result.truce_measure.values for days in result.horizon.values]
    title = "truces: mean Brier score of what became of them (three fates), and of a breach alone"
    return Table(("forecast", *heads), rows, title, texts=1)


def truce_words(result: xr.Dataset) -> list[str | Table]:
    """The verdict and the table."""
    return [*truce_verdict(result), "", truce_table(result)]


def truce_rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each truce and horizon: what became of it, and the chances by every forecast."""
    import pandas as pd

    rows = []
    for place, truce in enumerate(result.truce.values):
        coding, war, offer, began = str(truce).split(":")
        for column, days in enumerate(result.horizon.values):
            fate = int(result.truce_fate.values[place, column])
            row: dict[str, Any] = {"coding": coding, "war": war, "offer": offer, "began": began, "days": int(days)}
            row["fate"] = str(result.fate.values[fate]) if fate >= 0 else None
            chances = result.truce_chance.isel(truce=place, horizon=column)
            row |= {
                f"{name}: {what}": float(chances.sel(truce_forecast=name, fate=what))
                for name in result.truce_forecast.values
                for what in result.fate.values
            }
            rows.append(row)
    return pd.DataFrame(rows)


def truce_summary(result: xr.Dataset) -> dict[str, Any]:
    """Verdict, counts and scores as plain numbers; nothing where no truce was observed."""
    if "truce_score" not in result:
        return {}
    codings = [str(name) for name in result.coding.values]
    return {
        "verdict": truce_verdict(result),
        "counts": {
            coding: {
                int(days): int(result.truce_count.sel(coding=coding, horizon=days)) for days in result.horizon.values
            }
            for coding in codings
        },
        "scores": {
            coding: {
                str(name): {
                    str(measure): {
                        int(days): three(
                            result.truce_score.sel(
                                coding=coding, truce_forecast=name, truce_measure=measure, horizon=days
                            )
                        )
                        for days in result.horizon.values
                    }
                    for measure in result.truce_measure.values
                }
                for name in result.truce_forecast.values
            }
            for coding in codings
        },
    }


def set_beside(low: float, high: float) -> str:
    """What an interval of a lead over a baseline says."""
    return "beats" if low > 0 else "loses to" if high < 0 else "is not surely better or worse than"


def cell(values: Iterable[float]) -> str:
    """A mean over its interval, where there is one."""
    value, low, high = values
    return "" if value != value else f"{value:.3f}" + (f"\n{low:.2f}–{high:.2f}" if low == low else "")


def three(values: xr.DataArray) -> dict[str, float | None]:
    """A value and its bounds as plain numbers."""
    return {str(bound): plain(values.sel(bound=bound), 4) for bound in values.bound.values}
