"""The score of a seat in rows, plain numbers and words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.questions.finding import Finding, Table, plain
from simulation.questions.seat.reached import AGREED, AT_END, CONCEDED, DAYS
from simulation.runs.results import scenario_of, wilson
from simulation.runs.results.wording import MISSING, counted, percent
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

SINGLE = ("with_moves", "without_moves", "observed")


def describe(result: xr.Dataset) -> Finding:
    """What a seat came to."""
    import pandas as pd

    table = [_row(result.sel(measure=name)) for name in result.measure.values]
    heads = ("measure", "with the moves", "without", "observed", "runs: median (5th–95th)", "runs with less")
    attrs, moves = result.attrs, json.loads(result.attrs["moves"])
    names = ("title", "rule", "seed", "run", "party", "runs")
    return Finding(
        result=result,
        rows=pd.DataFrame(table),
        summary={**{name: attrs[name] for name in names}, "moves": moves, "measures": table},
        words=(
            _headline(result, table[0], len(moves)),
            f"{attrs['title']}, rule {attrs['rule']}, run {attrs['run']} of seed {attrs['seed']}, "
            f"{attrs['runs']:,} runs beside it\n",
            Table(heads, [(row["words"], *_cells(row)) for row in table]),
            *_notes(scenario_of(result), table),
        ),
    )


def _row(here: xr.Dataset) -> dict[str, Any]:
    """One measure, with every digit."""
    counts = here.ensemble.values[~np.isnan(here.ensemble.values)]
    mine = float(here.with_moves)
    low, middle, high = np.quantile(counts, (0.05, 0.5, 0.95), method="inverted_cdf") if counts.size else (np.nan,) * 3
    name = str(here.measure.item())
    if name == AT_END:  # a share, and how sure it is
        middle, low, high = wilson(counts.sum(), counts.size)
    below = (np.nan,) * 3 if np.isnan(mine) or name == AT_END else wilson((counts < mine).sum(), counts.size)
    return {
        "measure": name,
        "words": str(here.words.item()),
        "unit": str(here.unit.item()),
        **{kind: plain(here[kind]) for kind in SINGLE},
        "runs_middle": plain(middle),
        "runs_low": plain(low),
        "runs_high": plain(high),
        "of_runs": int(counts.size),
        **{f"below_{end}": plain(value) for end, value in zip(("share", "low", "high"), below, strict=True)},
    }


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    if row["measure"] == AT_END:
        words = [MISSING if row[kind] is None else "yes" if row[kind] else "no" for kind in SINGLE]
        share = {"chance": row["runs_middle"], "low": row["runs_low"], "high": row["runs_high"]}
        return (*words, f"in {percent(share)}", MISSING)
    form = "{:.0f}" if row["measure"].startswith(CONCEDED) else "{:g}"
    middle, low, high, *single = (
        MISSING if row[key] is None else form.format(row[key])
        for key in ("runs_middle", "runs_low", "runs_high", *SINGLE)
    )
    below = {"chance": row["below_share"], "low": row["below_low"], "high": row["below_high"]}
    return (*single, middle if middle == MISSING else f"{middle} ({low}–{high})", percent(below))


def _headline(result: xr.Dataset, days: dict[str, Any], moves: int) -> str:
    scenario = scenario_of(result)
    of = f"{days['with_moves']:g} of {scenario.steps * scenario.step_days:g} days end with a truce in force"
    if not moves:
        return f"Without any move {of}."
    apart = days["with_moves"] - days["without_moves"]
    change = f"{abs(apart):g} {'more' if apart > 0 else 'fewer'} than" if apart else "as many as"
    return f"With {counted(moves, 'move')} {of}, {change} in the same run without."


def _notes(scenario: Scenario, table: list[dict[str, Any]]) -> list[str]:
    """What the numbers are, and why some are not there."""
    rows = {row["measure"]: row for row in table}
    notes = ["From here the run went on by itself. Runs are those of the ensemble, in which nobody moves."]
    if not scenario.record:
        notes.append("The scenario has no observed answers.")
    if rows[DAYS]["observed"] is None:
        notes.append("The scenario has no observed truces.")
    conceded = [row for row in table if row["measure"].startswith(CONCEDED)]
    if not scenario.stakes:
        notes.append("Nothing was conceded in terms: this scenario has no issue on which terms count.")
        return notes
    notes.append(
        "Conceded: how far the terms agreed last lie from where the party would have the issues that they name, by its "
        "weights, 0 all it wants … 100."
    )
    if all(row["with_moves"] is None for row in conceded):
        none = "no offer was agreed on" if not rows[AGREED]["with_moves"] else "no offer agreed on has terms"
        notes.append(f"With the moves {none}, so that nothing was conceded in terms.")
    if not any(row["of_runs"] for row in conceded):
        notes.append("In none of the runs was an offer with terms agreed on.")
    return notes
