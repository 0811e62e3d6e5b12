"""How far a number or a what-if can be trusted, in rows, plain numbers and words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.finding import Finding, Table, plain
from simulation.runs.results.wording import MISSING, amount, clearly, difference, ends, estimate, fixed, missing, scale
from simulation.scenario.measures import words_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

INNER = (0.05, 0.95)
"""Quantiles between which nine tenths of structures or codings lie."""

SPREADS = ("structures", "codings", "both")
"""What a number is spread over."""


def describe(result: xr.Dataset) -> Finding:
    """What structure and coding do to every measure, and to every difference."""
    import pandas as pd

    table = rows(result)
    values = [row for row in table if row["kind"] == "value"]
    own = [row for row in values if row["scenario"] == str(result.scenario.values[0])]
    words: list[str | Table] = [_headline(result, table, own), *_made_of(result)]
    words.append(_table(own, "As it is"))
    for other in map(str, result.other.values):
        some = [row for row in table if row["kind"] == "difference" and row["scenario"] == other]
        words.append(_table(some, f"What is different with: {other}"))
    words += _notes(result)
    summary = {
        "scenario": str(result.attrs["title"]),
        "structures": int(result.sizes["structure"]),
        "codings": int(result.sizes["coding"]),
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "measures": table,
    }
    return Finding(
        result=result,
        rows=pd.DataFrame(table),
        summary=summary,
        words=tuple(words),
        sheets={"structures": _structures(result), "effects": _effects(result)},
    )


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """A row for every measure of every scenario, and for every difference to the first, as plain numbers."""
    table = [_value_row(result, scenario, measure) for scenario, measure in _pairs(result, "scenario")]
    return table + [_difference_row(result, other, measure) for other, measure in _pairs(result, "other")]


def _pairs(result: xr.Dataset, who: str) -> Iterator[tuple[str, str]]:
    return ((str(name), str(measure)) for name in result[who].values for measure in result.measure.values)


def _value_row(result: xr.Dataset, scenario: str, measure: str) -> dict[str, Any]:
    here = result.sel(scenario=scenario, measure=measure)
    row: dict[str, Any] = {"kind": "value", "scenario": scenario, "measure": measure, "unit": str(here.unit.values)}
    row |= {"value": plain(here.value[0]), "low": plain(here.low), "high": plain(here.high)}
    tables = zip(SPREADS, (here.value, here.value_coding, here.value_both), strict=True)
    row |= {key: number for name, some in tables for key, number in _spread(name, some.values).items()}
    row |= dict.fromkeys(("sign_holds", "surely", "surely_not"))
    return row | _most(result, here.effect.values)


def _difference_row(result: xr.Dataset, other: str, measure: str) -> dict[str, Any]:
    here = result.sel(other=other, measure=measure)
    row: dict[str, Any] = {"kind": "difference", "scenario": other, "measure": measure, "unit": str(here.unit.values)}
    low, high = here.difference_low.values, here.difference_high.values
    row |= {"value": plain(here.difference[0]), "low": plain(low[0]), "high": plain(high[0])}
    tables = zip(SPREADS, (here.difference, here.difference_coding, here.difference_both), strict=True)
    row |= {key: number for name, some in tables for key, number in _spread(name, some.values).items()}
    row |= signs(here.difference.values, low, high)
    return row | _most(result, here.difference_effect.values)


def _spread(name: str, values: Array) -> dict[str, float | None]:
    """The least, the most and the inner nine tenths of what was found."""
    known = values[~np.isnan(values)]
    cells = (known.min(), *np.quantile(known, INNER), known.max()) if known.size else (np.nan,) * 4
    return {f"{name}_{end}": plain(cell) for end, cell in zip(("least", "low", "high", "most"), cells, strict=True)}


def signs(values: Array, low: Array, high: Array, sign: float | None = None) -> dict[str, float | None]:
    """The share of structures in which a difference has the sign that it has as things are, and for how many surely.

    None where there is no difference as things are.

    Parameters
    ----------
    values, low, high : (structures,) the first of which is the scenario's own
    sign : the sign to hold, above or below 0; that of the first if left out
    """
    wanted = np.sign(values[0] if sign is None else sign)
    known = ~np.isnan(values)
    if not known.any() or not wanted:
        return dict.fromkeys(("sign_holds", "surely", "surely_not"))
    near, far = np.where(wanted > 0, low, -high)[known], np.where(wanted > 0, high, -low)[known]
    return {
        "sign_holds": float(np.mean(np.sign(values[known]) == wanted)),
        "surely": float(np.mean(near > 0)),
        "surely_not": float(np.mean(far < 0)),
    }


def _most(result: xr.Dataset, effects: Array) -> dict[str, Any]:
    """The alternative that moves a number most, on average over the structures."""
    if not effects.size or np.isnan(effects).all():
        return {"moved_most_by": None, "effect": None}
    place = int(np.nanargmax(np.abs(effects)))
    return {"moved_most_by": str(result.alternative.values[place]), "effect": plain(effects[place])}


def _headline(result: xr.Dataset, table: list[dict[str, Any]], own: list[dict[str, Any]]) -> str:
    """The sentence that matters most: of the what-ifs how many signs hold, or else which number is least sure."""
    count = result.sizes["structure"]
    tried = f"{count} structures of the model" if count > 1 else f"{result.sizes['coding']} codings"
    told = [row for row in table if row["sign_holds"] is not None and clearly(row["low"], row["high"])]
    if result.sizes["other"] and count > 1:
        if not told:
            return f"What these what-ifs do cannot be told from chance, so that there is no sign to hold in {tried}."
        firm = sum(row["sign_holds"] >= INNER[1] for row in told)
        return (
            f"Of {len(told)} differences that chance does not explain, {firm} keep their sign in at least "
            f"{100 * INNER[1]:.0f} % of {tried}."
        )
    name = "structures" if count > 1 else "codings"
    chances = [row for row in own if row["unit"] == "chance"] or own
    known = [row for row in chances if row[f"{name}_low"] is not None and row["value"] is not None]
    if not known:
        return f"Nothing that was asked for arises in {tried}."
    widest = max(known, key=lambda row: row[f"{name}_high"] - row[f"{name}_low"])
    unit = widest["unit"]
    as_it_is = estimate(widest["value"], widest["low"], widest["high"], unit)
    least_to_most = _between(widest[f"{name}_low"], widest[f"{name}_high"], unit)
    end = " %" if scale(unit) == 100 else f" {unit}"
    return f"{words_of(widest['measure'])}: {as_it_is}; in nine tenths of {tried} {least_to_most}{end}."


def _made_of(result: xr.Dataset) -> list[str | Table]:
    """What was crossed with what."""
    structures, codings, runs = result.sizes["structure"], result.sizes["coding"], int(result.attrs["runs"])
    crossing = int(result.attrs["crossing"])
    if structures == crossing:
        how = "all there are"
    else:
        how = f"of {crossing:,}: as it is, each alternative by itself where there is room, the rest drawn evenly"
    coded = f"{codings} codings drawn from the numbers' low and high" if codings else "numbers as coded"
    return [
        f"{structures} structures ({how}), {coded}; {runs:,} runs of each, seed {result.attrs['seed']}, common random "
        f"numbers\n"
    ]


def _table(some: list[dict[str, Any]], title: str) -> Table:
    heads = ["measure", "as it is (chance)", "structures", "codings", "both"]
    differing = some[0]["kind"] == "difference"
    heads += ["sign holds", "surely"] if differing else []
    cells = []
    for row in some:
        unit = row["unit"]
        if differing:
            told = difference(row["value"], row["low"], row["high"], unit)
        else:
            told = estimate(row["value"], row["low"], row["high"], unit)
        line = [words_of(row["measure"]), told]
        line += [_between(row[f"{name}_low"], row[f"{name}_high"], unit, differing) for name in SPREADS]
        line += [share_of(row["sign_holds"]), share_of(row["surely"])] if differing else []
        effect = row["effect"]
        most = MISSING if missing(effect) else f"{row['moved_most_by']} {amount(effect, unit, signed=True)}"
        cells.append([*line, most])
    if all(row["effect"] is None for row in some):  # too few structures to tell one switch from another
        return Table(heads, [row[:-1] for row in cells], title)
    return Table([*heads, "moved most by"], cells, title)


def _between(low: float | None, high: float | None, unit: str, differing: bool = False) -> str:
    if low is None or high is None or missing(low) or missing(high):
        return MISSING
    form = ".0f" if scale(unit) == 100 and not differing else ".1f"
    return ends(scale(unit) * low, scale(unit) * high, form, " to " if differing else "–")


def share_of(value: float | None) -> str:
    """A share of structures in per cent."""
    return fixed(None if value is None else 100 * value, ".0f", " %")


def _notes(result: xr.Dataset) -> list[str | Table]:
    """How to read the columns."""
    notes: list[str | Table] = [
        "In brackets the 95 % interval of chance alone; other ranges hold nine tenths. Chances in per cent."
    ]
    if result.sizes["other"]:
        notes.append(
            "Sign holds: in how many structures the difference has the sign that it has as it is; surely: by more than "
            "chance explains."
        )
    if result.effect.notnull().any():
        notes.append("Moved most by: what this alternative does on average over all structures.")
    return notes


def _structures(result: xr.Dataset) -> pd.DataFrame:
    """A row for every structure: how each switch stands, and every value and difference."""
    import pandas as pd

    columns: dict[str, Any] = {"structure": result.structure.values}
    columns |= {str(name): result.level.sel(switch=name).values for name in result.switch.values}
    for scenario, measure in _pairs(result, "scenario"):
        columns[f"{scenario}: {measure}"] = result.value.sel(scenario=scenario, measure=measure).values
    for other, measure in _pairs(result, "other"):
        columns[f"{other}, difference: {measure}"] = result.difference.sel(other=other, measure=measure).values
    return pd.DataFrame(columns)


def _effects(result: xr.Dataset) -> pd.DataFrame:
    """A row for every alternative: why it is tried, and what it does on average to every value and difference."""
    import pandas as pd

    columns: dict[str, Any] = {"alternative": result.alternative.values, "why": result.why.values}
    for scenario, measure in _pairs(result, "scenario"):
        columns[f"{scenario}: {measure}"] = result.effect.sel(scenario=scenario, measure=measure).values
    for other, measure in _pairs(result, "other"):
        columns[f"{other}, difference: {measure}"] = result.difference_effect.sel(other=other, measure=measure).values
    return pd.DataFrame(columns)
