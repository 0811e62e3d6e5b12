"""How far coders agree, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.agreement.alpha import FEWEST_UNITS
from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results.wording import MISSING, fixed, missing

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

SAFE, TENTATIVE = 0.8, 0.667
"""From where Krippendorff would rely on a variable, and from where he would draw tentative conclusions from it."""

COUNTS = {
    "matched": "both",
    "one": "one alone",
    "disputed": "differ",
    "checked": "checked",
    "general": "general knowledge only",
}
"""Heads of the columns that count rows."""


def describe(result: xr.Dataset) -> Finding:
    """How far coders agree on each variable, war by war, and what the rows rest on."""
    rows = _rows(result)
    whole, several = result.isel(war=0), result.sizes["war"] > 1
    coders = [str(coder) for coder in result.coder.values]
    answers, offers = (int(whole.matched.sel(sort=sort)) for sort in ("answers", "offers"))
    words: list[str | Table] = [
        f"How far {' and '.join(coders)} agree, who coded apart: {result.attrs['title']}",
        f"{offers} offers and {answers} answers that {'both' if len(coders) == 2 else 'all'} coded.\n",
        Table(
            ("variable", "level", "units", "alpha", "95 %", *(("lowest war",) if several else ())),
            [_line(result, str(name), several) for name in result.variable.values],
            "Krippendorff's alpha: 1 always agree, 0 as often as by chance",
            texts=2,
        ),
        f"95 %: {result.attrs['drawn']} drawn anew {result.attrs['resamples']:,} times; none below {FEWEST_UNITS} "
        "units. yes or no: a conditional yes is a yes.\n",
        Table(
            ("rows", *coders, *COUNTS.values()),
            [_counts(whole, str(sort)) for sort in result.sort.values],
            "what was coded",
        ),
        _verdict(whole),
    ]
    if not missing(float(whole.ruled)):
        words.insert(-1, f"A third reader settled {int(whole.ruled)} answers.")
    return Finding(
        result=result,
        rows=rows,
        summary=_summary(result),
        words=tuple(words),
        sheets={"agreement-rows": _counted(result)},
    )


def _two(value: Any) -> str:
    return fixed(float(value), ".2f")


def _line(result: xr.Dataset, variable: str, several: bool) -> list[str]:
    here = result.sel(variable=variable)
    whole = here.isel(war=0)
    span = MISSING if missing(float(whole.low)) else f"{_two(whole.low)} to {_two(whole.high)}"
    cells = [variable, str(here.level.item()), str(int(whole.units)), _two(whole.alpha), span]
    if several:
        each = here.isel(war=slice(1, None))
        known = each.isel(war=np.isfinite(each.alpha.values))
        lowest = known.isel(war=int(np.argmin(known.alpha.values))) if known.sizes["war"] else None
        cells.append(MISSING if lowest is None else f"{_two(lowest.alpha)} {lowest.war.item()}")
    return cells


def _counts(whole: xr.Dataset, sort: str) -> list[str]:
    here = whole.sel(sort=sort)
    numbers = [*here.coded.values, *(float(here[key]) for key in COUNTS)]
    return [sort, *(MISSING if missing(float(value)) else f"{int(value):,}" for value in numbers)]


def _verdict(whole: xr.Dataset) -> str:
    """What one may rely on, so far as agreement goes."""
    known = {str(name): float(value) for name, value in zip(whole.variable.values, whole.alpha.values, strict=True)}
    known = {name: value for name, value in known.items() if np.isfinite(value)}
    weak = [name for name, value in known.items() if value < TENTATIVE]
    fair = [name for name, value in known.items() if TENTATIVE <= value < SAFE]
    said = [f"below {TENTATIVE:g}, too little to build on: {', '.join(weak)}"] if weak else []
    said += [f"below {SAFE:g}, for tentative conclusions only: {', '.join(fair)}"] if fair else []
    told = ". ".join(part[0].upper() + part[1:] for part in said) + "." if said else f"No variable lies below {SAFE:g}."
    return f"{told} Agreement bounds carelessness, not what coders share: sources, training, hindsight."


def _rows(result: xr.Dataset) -> pd.DataFrame:
    table = result[["alpha", "low", "high", "units"]].to_dataframe().reset_index()
    return table[["war", "variable", "level", "units", "alpha", "low", "high"]]


def _counted(result: xr.Dataset) -> pd.DataFrame:
    table = result[list(COUNTS)].to_dataframe().reset_index()
    for coder in result.coder.values:
        table[f"coded_{coder}"] = result.coded.sel(coder=coder).to_dataframe()["coded"].to_numpy()
    return table


def _summary(result: xr.Dataset) -> dict[str, Any]:
    def of(war: xr.Dataset) -> dict[str, Any]:
        found: dict[str, Any] = {
            "alpha": {
                str(name): {
                    **{key: plain(war[key].sel(variable=name), 4) for key in ("alpha", "low", "high")},
                    "units": int(war.units.sel(variable=name)),
                }
                for name in war.variable.values
            },
            "rows": {
                str(sort): {
                    "coded": {str(c): int(war.coded.sel(sort=sort, coder=c)) for c in war.coder.values},
                    **{key: plain(war[key].sel(sort=sort)) for key in COUNTS},
                }
                for sort in war.sort.values
            },
        }
        return {**found, "settled": plain(war.ruled)}

    return {
        "title": result.attrs["title"],
        "coders": [str(coder) for coder in result.coder.values],
        "seed": int(result.attrs["seed"]),
        "resamples": int(result.attrs["resamples"]),
        "drawn": result.attrs["drawn"],
        "wars": {str(name): of(result.sel(war=name)) for name in result.war.values},
    }
