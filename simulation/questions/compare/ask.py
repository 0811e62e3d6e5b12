"""Does it matter? Differences between scenarios, with intervals from common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.compare.describe import describe
from simulation.questions.compare.reactions import REACT, STEADY, strength, ways
from simulation.questions.finding import Finding
from simulation.questions.paired import apart, bearing, estimate, interval, pseudo
from simulation.runs.ensemble import read_runs
from simulation.runs.provenance import provenance
from simulation.runs.results import FEWEST, Z95, wilson
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import Measure, headlines, parse, unit_of
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
    with_reactions: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Run scenarios with common random numbers, and compare each with the first.

    Parameters
    ----------
    scenarios : two or more by name; the first is what the others are compared with
    measures : what to compare; by default the headline measures that all have. Where the scenarios end at different
        dates, what can be taken at a date is taken at the earliest end, and the rest left out.
    uncertain : draw uncertain inputs anew in each run, the same for all scenarios as far as they share them
    with_reactions : run every scenario twice with common random numbers, once with backers that do not react to a turn
        of the war and once with backers that do, as ``simulation.questions.compare.reactions.ways`` says
    progress : called with the number of runs done so far, of scenarios × runs, twice as many ``with_reactions``

    Returns
    -------
    a finding, whose dataset has dimensions ``scenario``, ``other`` (all but the first) and ``measure``: ``value`` with
    ``low`` and ``high`` (scenario, measure); ``difference`` to the first with ``difference_low`` and
    ``difference_high`` (other, measure) from paired runs; ``unpaired_low`` and ``unpaired_high``, what the interval
    would be had each scenario had random numbers of its own; ``gain``, how many times wider that is. All intervals are
    of 95 %. ``left_out`` in the attributes says which measures not all have. ``with_reactions`` these have a dimension
    ``backers`` in front, and ``shift`` with ``shift_low`` and ``shift_high`` (other, measure) is what reactions add to
    a difference.

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
    versions = ways(scenarios) if with_reactions else {STEADY: dict(scenarios)}
    found: dict[str, dict[str, Mapping[str, Array]]] = {way: {} for way in versions}
    done = 0
    for way, some in versions.items():
        for name, scenario in some.items():
            advance = None if progress is None else (lambda run, before=done: progress(before + run))
            found[way][name] = read_runs(scenario, shared, runs, seed, uncertain=uncertain, progress=advance)
            done += runs
    kinds = {measure: parse(measure, scenarios[names[0]]) for measure in shared}
    tables = [_differences(read, kinds) for read in found.values()]
    if with_reactions:
        result = xr.concat(tables, "backers").assign_coords(backers=np.array(list(versions), dtype=object))
        result = result.merge(_shifts(found[STEADY], found[REACT], kinds))
    else:
        result = tables[0]
    texts = [as_toml(scenario) for scenario in scenarios.values()]
    result = result.assign_coords(
        unit=("measure", np.array([unit_of(measure) for measure in shared], dtype=object)),
        text=("scenario", np.array(texts, dtype=object)),
    )
    first = next(iter(scenarios.values()))
    result.attrs = {
        **provenance(first, runs, seed, uncertain, ()),
        "finding": "compare",
        "left_out": "\n".join(left_out),
        **({"reactions": strength(scenarios)} if with_reactions else {}),
    }
    return describe(result)


Read = Mapping[str, Mapping[str, Array]]
"""What the runs of each scenario gave: its name, the measure, (runs,)."""

POINT = {"units": "units of the measure"}
AGAINST = ("other", "measure")


def _differences(found: Read, kinds: Mapping[str, Measure]) -> xr.Dataset:
    """Each scenario's values, and its differences to the first."""
    import xarray as xr

    names, shared = list(found), list(kinds)
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
    each = ("scenario", "measure")
    return xr.Dataset(
        {
            "value": (each, value[..., 0], {**POINT, "long_name": "mean over the runs in which the question arises"}),
            "low": (each, value[..., 1], {**POINT, "long_name": "lower end of its 95 % interval"}),
            "high": (each, value[..., 2], {**POINT, "long_name": "upper end of its 95 % interval"}),
            "difference": (AGAINST, difference[..., 0], {**POINT, "long_name": "value less the first scenario's"}),
            "difference_low": (AGAINST, difference[..., 1], {**POINT, "long_name": "lower end, from paired runs"}),
            "difference_high": (AGAINST, difference[..., 2], {**POINT, "long_name": "upper end, from paired runs"}),
            "unpaired_low": (
                AGAINST,
                unpaired[..., 1],
                {**POINT, "long_name": "lower end, without common random numbers"},
            ),
            "unpaired_high": (
                AGAINST,
                unpaired[..., 2],
                {**POINT, "long_name": "upper end, without common random numbers"},
            ),
            "gain": (AGAINST, gain, {"units": "1", "long_name": "width of the unpaired interval over the paired one"}),
        },
        coords={
            "scenario": np.array(names, dtype=object),
            "other": np.array(names[1:], dtype=object),
            "measure": np.array(shared, dtype=object),
        },
    )


def _shifts(steady: Read, react: Read, kinds: Mapping[str, Measure]) -> xr.Dataset:
    """What reactions add to each difference, from the same runs."""
    import xarray as xr

    first, *others = steady
    shift = np.array(
        [
            [_shift(*(read[name][key] for read in (steady, react) for name in (first, other))) for key in kinds]
            for other in others
        ],
        dtype=float,
    )
    return xr.Dataset(
        {
            "shift": (AGAINST, shift[..., 0], {**POINT, "long_name": "difference with reactions less that without"}),
            "shift_low": (AGAINST, shift[..., 1], {**POINT, "long_name": "lower end, from paired runs"}),
            "shift_high": (AGAINST, shift[..., 2], {**POINT, "long_name": "upper end, from paired runs"}),
        }
    )


def _shift(first: Array, other: Array, first_reacting: Array, other_reacting: Array) -> tuple[float, float, float]:
    """A difference of differences and its 95 % interval; nan where the question never arises in one of the four."""
    steps = (pseudo(other_reacting) - pseudo(first_reacting)) - (pseudo(other) - pseudo(first))
    if np.isnan(steps).any():
        return (np.nan, np.nan, np.nan)
    return estimate(steps, bearing(first, other, first_reacting, other_reacting), counted=False)


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
    """The difference and its 95 % interval had the two had random numbers of their own.

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
