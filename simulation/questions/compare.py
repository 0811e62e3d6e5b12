"""Does it matter? Differences between scenarios, with intervals from the luck they share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.finding import Finding, Table, plain
from simulation.questions.paired import apart, interval
from simulation.runs.ensemble import read_runs
from simulation.runs.provenance import provenance
from simulation.runs.results import FEWEST, Z95, scenario_of, wilson
from simulation.runs.results.wording import amount, difference
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.labels import stance_word
from simulation.scenario.measures import Measure, headlines, parse, unit_of, words_of
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml

if TYPE_CHECKING:
    import xarray as xr


@of_kind
def compare(
    scenarios: Mapping[str, Scenario],
    measures: Sequence[str] | None = None,
    runs: int = 1000,
    seed: int = 1,
    *,
    uncertain: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Run scenarios on the same luck, and set each against the first.

    Parameters
    ----------
    scenarios : two or more by name; the first is what the others are compared with
    measures : what to compare; by default the headline measures that all have. Where the scenarios end at different
        dates, what can be taken at a date is taken at the earliest end, and the rest left out.
    uncertain : draw uncertain inputs anew in each run, the same for all scenarios as far as they share them
    progress : called with the number of runs done so far, of scenarios × runs

    Returns
    -------
    a finding, whose dataset has dimensions ``scenario``, ``other`` (all but the first) and ``measure``: ``value`` with
    ``low`` and ``high`` (scenario, measure); ``difference`` to the first with ``difference_low`` and
    ``difference_high`` (other, measure) from paired runs; ``unpaired_low`` and ``unpaired_high``, what the interval
    would be had each scenario had luck of its own; ``gain``, how many times wider that is. All intervals are of 95 %.
    ``left_out`` in the attributes says which measures not all have.

    Raises
    ------
    ScenarioError
        for fewer than two scenarios, or a measure that one of them does not have
    """
    import xarray as xr

    if len(scenarios) < 2:
        raise ScenarioError("nothing to compare with: two or more scenarios, variants or rules are needed.")
    names = list(scenarios)
    shared, left_out = common(scenarios) if measures is None else (_asked(scenarios, measures), [])
    if not shared:
        raise ScenarioError(f"the scenarios have no headline measure in common: {', '.join(names)}.")
    found = {}
    for place, (name, scenario) in enumerate(scenarios.items()):
        advance = None if progress is None else (lambda done, before=place * runs: progress(before + done))
        found[name] = read_runs(scenario, shared, runs, seed, uncertain=uncertain, progress=advance)
    kinds = {measure: parse(measure, scenarios[names[0]]) for measure in shared}
    values = [[_value(found[name][measure], kinds[measure]) for measure in shared] for name in names]
    pairs = [(names[0], other) for other in names[1:]]
    paired, alone = (
        [[how(found[other][key], found[first][key], kinds[key]) for key in shared] for first, other in pairs]
        for how in (_paired, _unpaired)
    )
    value, difference, unpaired = (np.array(table, dtype=float) for table in (values, paired, alone))
    with np.errstate(invalid="ignore", divide="ignore"):
        gain = (unpaired[..., 2] - unpaired[..., 1]) / (difference[..., 2] - difference[..., 1])
    gain[~np.isfinite(gain)] = np.nan  # no run differs, in what is not counted
    each, against = ("scenario", "measure"), ("other", "measure")
    point = {"units": "units of the measure"}
    result = xr.Dataset(
        {
            "value": (each, value[..., 0], {**point, "long_name": "mean over the runs in which the question arises"}),
            "low": (each, value[..., 1], {**point, "long_name": "lower end of its 95 % interval"}),
            "high": (each, value[..., 2], {**point, "long_name": "upper end of its 95 % interval"}),
            "difference": (
                against,
                difference[..., 0],
                {**point, "long_name": "value less the first scenario's"},
            ),
            "difference_low": (against, difference[..., 1], {**point, "long_name": "lower end, from paired runs"}),
            "difference_high": (against, difference[..., 2], {**point, "long_name": "upper end, from paired runs"}),
            "unpaired_low": (against, unpaired[..., 1], {**point, "long_name": "lower end, were the luck not shared"}),
            "unpaired_high": (against, unpaired[..., 2], {**point, "long_name": "upper end, were the luck not shared"}),
            "gain": (against, gain, {"units": "1", "long_name": "width of the unpaired interval over the paired one"}),
        },
        coords={
            "scenario": np.array(names, dtype=object),
            "other": np.array(names[1:], dtype=object),
            "measure": np.array(shared, dtype=object),
            "unit": ("measure", np.array([unit_of(measure) for measure in shared], dtype=object)),
            "text": ("scenario", np.array([as_toml(scenario) for scenario in scenarios.values()], dtype=object)),
        },
        attrs={
            **provenance(scenarios[names[0]], runs, seed, uncertain, ()),
            "finding": "compare",
            "left_out": "\n".join(left_out),
        },
    )
    return describe(result)


def common(scenarios: Mapping[str, Scenario]) -> tuple[list[str], list[str]]:
    """The headline measures that all scenarios have, and a sentence for each one left out."""
    ends = {name: scenario.date_of(scenario.steps) for name, scenario in scenarios.items()}
    end, start = min(ends.values()), max(scenario.start for scenario in scenarios.values())
    if end <= start:
        raise ScenarioError(f"the scenarios have no time in common: one ends on {end}, another starts on {start}.")
    offered = {name: {key: parse(key, scenario) for key in headlines(scenario)} for name, scenario in scenarios.items()}
    shared, left_out = [], []
    for measure, about in {key: one for found in offered.values() for key, one in found.items()}.items():
        missing = [name for name, keys in offered.items() if measure not in keys]
        if missing:
            left_out.append(f"{measure}: not in {', '.join(missing)}.")
        elif len(set(ends.values())) == 1 or about.lasting:
            shared.append(measure)
        elif about.dated:
            shared.append(f"{measure}.{end}")
        else:
            left_out.append(f"{measure}: depends on the end, which is not the same for all.")
    return shared, left_out


def _asked(scenarios: Mapping[str, Scenario], measures: Sequence[str]) -> list[str]:
    for name, scenario in scenarios.items():
        for measure in measures:
            try:
                parse(measure, scenario)
            except ScenarioError as error:
                raise ScenarioError(f"{name}: {error}") from None
    return list(dict.fromkeys(measures))


def _value(values: Array, measure: Measure) -> tuple[float, float, float]:
    arisen = values[~np.isnan(values)]
    if measure.chance:
        return wilson(float(arisen.sum()), arisen.size)
    return interval(arisen) if arisen.size else (np.nan, np.nan, np.nan)


def _paired(one: Array, other: Array, measure: Measure) -> tuple[float, float, float]:
    return apart(one, other, measure.chance)


def _unpaired(one: Array, other: Array, measure: Measure) -> tuple[float, float, float]:
    """The difference and its 95 % interval had the two had luck of their own.

    Chances get a success and a failure each, as the paired interval gets a pseudo-run each way; the rest is by the
    normal approximation.

    References
    ----------
    Agresti & Caffo (2000), The American Statistician 54, 280-288.
    """
    mean, error = 0.0, 0.0
    centre = 0.0
    for values, sign in ((one, 1), (other, -1)):
        arisen = values[~np.isnan(values)]
        count = arisen.size
        if count < (2 if measure.chance else FEWEST):
            return (np.nan, np.nan, np.nan)
        mean += sign * float(arisen.mean())
        if measure.chance:
            share = (float(arisen.sum()) + 1) / (count + 2)
            centre += sign * share
            error += share * (1 - share) / (count + 2)
        else:
            centre += sign * float(arisen.mean())
            error += float(arisen.var(ddof=1)) / count
    half = Z95 * np.sqrt(error)
    return (mean, centre - half, centre + half)


MOST_LEFT_OUT = 8
"""Measures that are named one by one where not all have them."""

LEAST = 0.5
"""Stance points below which a difference is left out of tables and pictures of many actors."""


def describe(result: xr.Dataset) -> Finding:
    """What a comparison says, in rows, plain numbers and words."""
    import pandas as pd

    table = rows(result)
    left_out = [line for line in result.attrs["left_out"].split("\n") if line]
    runs, seed = int(result.attrs["runs"]), int(result.attrs["seed"])
    names = [str(name) for name in result.scenario.values]
    words: list[str | Table] = [
        f"What differs from {names[0]}",
        f"{runs:,} runs each, seed {seed}, on the same luck",
        "differences with 95 % intervals; last column: how much wider they would be without shared luck\n",
    ]
    for other in names[1:]:
        words += _differences(result, names[0], other)
    words += [f"Not compared: {line}" for line in left_out[:MOST_LEFT_OUT]]
    if len(left_out) > MOST_LEFT_OUT:
        words.append(f"… nor {len(left_out) - MOST_LEFT_OUT} more that not all have; the summary names them.")
    return Finding(
        result=result,
        rows=pd.DataFrame(table),
        summary={"scenarios": names, "runs": runs, "seed": seed, "left_out": left_out, "measures": table},
        words=tuple(words),
    )


def _differences(result: xr.Dataset, first: str, other: str) -> list[str | Table]:
    """The differences of one scenario as a table; of stances, those that differ by enough to be seen."""
    cells, hidden, scenario = [], 0, scenario_of(result)
    for measure in result.measure.values:
        here = result.sel(measure=measure, other=other)
        unit, gain = str(here.unit.values), float(here.gain)
        if unit == "stance points" and abs(float(here.difference)) < LEAST:
            hidden += 1
            continue
        value, low, high = (float(here[key]) for key in ("difference", "difference_low", "difference_high"))
        both = (amount(float(here.value.sel(scenario=name)), unit) for name in (first, other))
        wider = "" if np.isnan(gain) else f"{gain:.1f} ×"
        cells.append((words_of(str(measure), scenario), *both, difference(value, low, high, unit), wider))
    table = Table(("measure", "first", "this", "difference", "wider by"), cells, other)
    note = f"{hidden} {stance_word(scenario)}s that differ by less than {LEAST:g} points are left out here.\n"
    return [table, note] if hidden else [table]


def rows(result: xr.Dataset) -> list[dict[str, Any]]:
    """What a comparison says, a row for every measure and scenario, as plain numbers (None where there is none)."""
    first = str(result.scenario.values[0])
    table = []
    for measure in result.measure.values:
        for name in result.scenario.values:
            here = result.sel(measure=measure, scenario=name)
            row: dict[str, Any] = {"measure": str(measure), "unit": str(here.unit.values), "scenario": str(name)}
            row |= {key: plain(here[key]) for key in ("value", "low", "high")}
            keys = ("difference", "difference_low", "difference_high", "unpaired_low", "unpaired_high", "gain")
            against = None if str(name) == first else result.sel(measure=measure, other=name)
            row |= {key: None if against is None else plain(against[key]) for key in keys}
            table.append(row)
    return table
