"""What a sensitivity analysis says, in rows, plain numbers and words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.sensitivity.methods import LUCK, MEANING
from simulation.runs.results import FEWEST, scenario_of
from simulation.runs.results.wording import fixed, number
from simulation.scenario.input_labels import input_label
from simulation.scenario.measures import words_of

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from simulation.scenario.schema import Scenario

SHOWN = 12
"""Inputs of each measure in the table that is shown; the rows have all."""


def describe(result: xr.Dataset) -> Finding:
    """What drives each measure, the largest index first."""
    measures = {str(name): _measure(result.sel(measure=name)) for name in result.measure.values}
    attrs = result.attrs
    summary: dict[str, Any] = {"scenario": attrs["title"], "method": attrs["method"]}
    summary |= {key: int(attrs[key]) for key in ("points", "runs_a_point", "runs", "seed")} | {"measures": measures}
    words: list[str | Table] = [
        str(summary["scenario"]),
        f"{summary['method']}: {summary['points']:,} rows of {summary['runs_a_point']} runs, seed {summary['seed']}; "
        f"{MEANING[summary['method']][1]}; ± 95 % interval\n",
    ]
    scenario = scenario_of(result)
    first = {name: max(found["inputs"].items(), key=_weight) for name, found in measures.items() if found["varies"]}
    words[1:1] = [
        f"{words_of(name, scenario)}: most by {input_label(key, scenario)}."
        if row["low"] is not None and row["low"] > measures[name]["inputs"][LUCK]["index"]
        else f"{words_of(name, scenario)}: no input clearly does more than chance alone."
        for name, (key, row) in first.items()
    ]
    for name, found in measures.items():
        words += _words(name, found, summary["method"] == "sobol", scenario_of(result))
    return Finding(result=result, rows=_rows(result), summary=summary, words=tuple(words))


def _weight(item: tuple[str, dict[str, Any]]) -> float:
    """How much an input does; chance alone is none."""
    key, row = item
    return -1.0 if key == LUCK else float(row["index"])


def _rows(result: xr.Dataset) -> pd.DataFrame:
    """A row for each measure and input, the largest index of a measure first."""
    table = result.drop_vars(["mean", "variance", "luck_share"]).to_dataframe().reset_index()
    table = table.sort_values(["measure", "index"], ascending=[True, False], kind="stable")
    ends = ["range_low", "range_high", "source"]
    return table[[*(name for name in table.columns if name not in ends), *ends]]


def _measure(here: xr.Dataset) -> dict[str, Any]:
    """One measure as plain numbers."""
    varies = bool(here["index"].notnull().all())
    table = here[[part for part in here.data_vars if "input" in here[part].dims]].to_dataframe()
    parts = [part for part in table.columns if part in here.data_vars]
    ranked = table.sort_values("index", ascending=False, kind="stable")
    inputs = {
        key: {part: plain(row[part], 5) for part in parts}
        | {"range": [plain(row["range_low"], 5), plain(row["range_high"], 5)], "source": row["source"]}
        for key, row in ranked.iterrows()
    }
    numbers = {name: plain(here[name], 5) for name in ("mean", "variance", "luck_share")}
    return {"varies": varies, **numbers, "inputs": inputs if varies else {}}


def _words(name: str, found: dict[str, Any], sobol: bool, scenario: Scenario) -> list[str | Table]:
    """One measure for a reader."""
    if not found["varies"]:
        return [f"{words_of(name, scenario)}: it varies too little to rank anything, or does not arise in some row.\n"]
    ranked = [item for item in found["inputs"].items() if item[0] != LUCK]
    cells = [
        (key, *_cells(row, sobol), f"{row['range'][0]:.4g} … {row['range'][1]:.4g}") for key, row in ranked[:SHOWN]
    ]
    luck = found["inputs"][LUCK]
    cells.append(("random variation", *_cells(luck, sobol), luck["source"]))
    heads = ("input", *(("total", "first order") if sobol else ("index",)), "moved")
    said: list[str | Table] = [
        Table(heads, cells, f"{words_of(name, scenario)} (mean {number(found['mean'])})", rule_above_last=True)
    ]
    if len(ranked) > SHOWN:
        said.append(f"… and {len(ranked) - SHOWN} inputs that do less.")
    if luck["high"] is None:
        said.append(f"Fewer than {FEWEST} base points or trajectories: too few for intervals.")
    share = found["luck_share"]
    luck_words = (
        "" if share is None else f"Replications say that random variation has {100 * share:.0f} % of the variance.\n"
    )
    return [*said, luck_words] if luck_words else said


def _cells(row: dict[str, Any], sobol: bool) -> list[str]:
    parts = [("index", "high")] + ([("first", "first_high")] if sobol else [])
    return [fixed(row[value], ".2f", _reach(row[value], row[high])) for value, high in parts]


def _reach(value: float, high: float | None) -> str:
    """Half the interval; nothing where there is none, or where no row differed at all."""
    if high is None or high == value:
        return ""
    return f" ± {high - value:.2f}" if high - value >= 0.005 else " ± <0.01"
