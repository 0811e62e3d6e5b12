"""One question, asked under every structure and coding with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.compare import common
from simulation.questions.compare_rules import under
from simulation.questions.finding import Finding
from simulation.questions.paired import apart, interval
from simulation.questions.robust.crossing import Levels, crossed, main_effects
from simulation.questions.robust.describe import describe
from simulation.runs.ensemble import read_points
from simulation.runs.provenance import provenance
from simulation.runs.results import wilson
from simulation.runs.sampling import sampled
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import Measure, headlines, parse, unit_of
from simulation.scenario.schema import Scenario
from simulation.scenario.structures import Alternative, switches

if TYPE_CHECKING:
    import xarray as xr

ALWAYS = "coefficients.answers.threshold"
"""Given at every point as it is: a design has at least one key, also where structures differ in their rule alone."""

UNCHANGED = "as it is"
"""What a switch is called that stands as the scenario has it."""


@of_kind
def robust(
    scenario: Scenario,
    what_ifs: Mapping[str, Scenario] | None = None,
    measures: Sequence[str] | None = None,
    *,
    variants: int = 128,
    codings: int = 32,
    runs: int = 256,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Ask how far the measures of a scenario, and what what-ifs change in them, depend on structure and coding.

    The scenario is run as it is, under other structures of the model (``simulation.scenario.structures``), with its
    uncertain numbers drawn anew, and with both, always with common random numbers. Every structure is crossed with one
    coding.

    Parameters
    ----------
    what_ifs : other scenarios by name, each compared with the first under the same structure and coding
    measures : names as in ``simulation.scenario.measures``; if left out the headlines that all have, but no stances
        where parties fight
    variants : how many structures, the scenario's own among them; 1 tries no other
    codings : how many draws of all numbers with a low and a high; 0 draws none
    runs : of each structure and coding
    progress : called with the number of runs done so far

    Returns
    -------
    a finding, whose dataset has ``value`` (scenario, structure, measure), ``value_coding`` (scenario, coding, measure)
    and ``value_both`` (scenario, structure, measure), with ``low`` and ``high`` (scenario, measure), the 95 % interval
    of chance alone of the value as it is, which is that of structure 0; ``difference`` to the first scenario with
    ``difference_low`` and ``difference_high`` (other, structure, measure), ``difference_coding`` and
    ``difference_both``; ``level`` (structure, switch), and ``effect`` (scenario, alternative, measure) and
    ``difference_effect`` (other, alternative, measure), what an alternative does on average over the structures.

    Raises
    ------
    ScenarioError
        for unknown measures, numbers that will not do, or where there is nothing to vary
    """
    versions = _versions(scenario, what_ifs or {})
    if variants < 1 or codings < 0 or runs < 2:
        raise ScenarioError(
            f"{variants} `variants`, {codings} `codings` of {runs} `runs`: at least 1, 0 and 2 would do."
        )
    names = _measures(versions, measures)
    choices = switches(scenario)
    levels = crossed(choices, variants)
    drawn = {name: sampled(version, seed, 0, codings) for name, version in versions.items()} if codings else {}
    codings = codings if any(drawn.values()) else 0
    if len(levels) < 2 and not codings:
        raise ScenarioError(
            "nothing to vary: one structure of the model, and no coding of the numbers; raise `variants`, or give the "
            "scenario numbers with low and high."
        )
    plan = _plan(len(levels), codings)
    found, done = {}, 0
    for name, version in versions.items():
        advance = None if progress is None else (lambda so_far, before=done: progress(before + so_far))
        values = _Values(version, list(choices.values()), levels, drawn.get(name, {}), plan)
        found[name] = values.read(names, runs, seed, advance)
        done += len(plan) * runs
    return describe(_dataset(versions, names, choices, levels, codings, found, runs, seed))


def points_of(scenario: Scenario, variants: int, codings: int) -> int:
    """How many structures and codings of one scenario there are to run."""
    some = codings if any(item.spread for item in scenario.inputs.values()) else 0
    return len(_plan(len(crossed(switches(scenario), variants)), some))


def _versions(scenario: Scenario, what_ifs: Mapping[str, Scenario]) -> dict[str, Scenario]:
    for name, other in what_ifs.items():
        if not isinstance(other, Scenario):
            raise ScenarioError(f"what_ifs[{name!r}]: not a scenario. load_scenario(...) makes one.")
        if name == UNCHANGED:
            raise ScenarioError(f"what_ifs: '{name}' is what the scenario itself is called; give another name.")
    return {UNCHANGED: scenario, **what_ifs}


def _measures(versions: Mapping[str, Scenario], measures: Sequence[str] | None) -> list[str]:
    first = versions[UNCHANGED]
    if measures is None:
        every = common(versions)[0] if len(versions) > 1 else headlines(first)
        names = [name for name in every if not (first.parties and unit_of(name) == "stance points")]
        if not names:
            raise ScenarioError("no headline measure that all scenarios have; name some by `measures`.")
    else:
        names = list(dict.fromkeys(measures))
    for name, scenario in versions.items():
        for measure in names:
            try:
                parse(measure, scenario)
            except ScenarioError as error:
                raise error if name == UNCHANGED else ScenarioError(f"{name}: {error}") from None
    return names


Point = tuple[int, int]
"""A structure, and a coding; -1 is the numbers as the scenario has them."""


def _plan(structures: int, codings: int) -> list[Point]:
    """All that is run: structures by themselves, codings by themselves, and every structure with one coding."""
    alone = [(structure, -1) for structure in range(structures)]
    coded = [(0, coding) for coding in range(codings)]
    both = [(structure, structure % codings) for structure in range(structures)] if codings else []
    return [*alone, *coded, *both]


class _Values:
    """A scenario at every point of a plan."""

    def __init__(
        self,
        scenario: Scenario,
        choices: Sequence[Sequence[Alternative]],
        levels: Levels,
        drawn: Mapping[str, Array],
        plan: Sequence[Point],
    ) -> None:
        self.scenario, self.plan = scenario, plan
        chosen = [[some[level - 1] for some, level in zip(choices, row, strict=True) if level] for row in levels]
        changes = [{key: value for other in row for key, value in other.changes(scenario).items()} for row in chosen]
        rules = [next((other.rule for other in row if other.rule), scenario.rule.name) for row in chosen]
        self.rule = [rules[structure] for structure, _ in plan]
        keys = dict.fromkeys([ALWAYS, *(key for row in changes for key in row)])
        known = scenario.inputs
        self.values = {
            key: np.array([changes[structure].get(key, known[key].value) for structure, _ in plan]) for key in keys
        }
        for key, array in drawn.items():
            best = known[key].value
            self.values[key] = np.array([best if coding < 0 else array[coding] for _, coding in plan])

    def read(
        self, names: Sequence[str], runs: int, seed: int, progress: Callable[[int], None] | None
    ) -> dict[str, Array]:
        """The measures of every run at every point, name to (points, runs), answers as chances."""
        found = {name: np.empty((len(self.plan), runs)) for name in names}
        read = {name: parse(name, self.scenario).untossed or name for name in names}
        done = 0
        for rule in dict.fromkeys(self.rule):
            places = np.array([place for place, other in enumerate(self.rule) if other == rule], dtype=np.intp)
            version = under(self.scenario, rule)
            advance = None if progress is None else (lambda so_far, before=done: progress(before + so_far))
            values = {key: array[places] for key, array in self.values.items()}
            got = read_points(version, [*dict.fromkeys(read.values())], values, runs, seed, progress=advance)
            for name in names:
                found[name][places] = got[read[name]]
            done += len(places) * runs
        return found


def _dataset(
    versions: Mapping[str, Scenario],
    names: list[str],
    choices: Mapping[str, Sequence[Alternative]],
    levels: Levels,
    codings: int,
    found: Mapping[str, Mapping[str, Array]],
    runs: int,
    seed: int,
) -> xr.Dataset:
    import xarray as xr

    structures, scenarios, others = len(levels), list(versions), list(versions)[1:]
    kinds = [parse(name, versions[UNCHANGED]) for name in names]
    means = np.array([[_means(found[scenario][name]) for name in names] for scenario in scenarios])
    means = np.moveaxis(means, 1, -1)  # (scenario, point, measure)
    first = found[UNCHANGED]
    gaps = np.array(
        [
            [
                [
                    apart(found[other][kind.name][place], first[kind.name][place], _counted(kind, found, place))
                    for kind in kinds
                ]
                for place in range(structures)
            ]
            for other in others
        ]
    ).reshape(len(others), structures, len(names), 3)
    shift = means[1:] - means[:1]
    shift[:, :structures] = gaps[..., 0]
    luck = np.array([[_luck(found[scenario][kind.name][0], kind) for kind in kinds] for scenario in scenarios])
    sizes = [1 + len(some) for some in choices.values()]
    labels = [(switch, other) for switch, some in choices.items() for other in some]
    words = [[UNCHANGED, *(other.name for other in some)] for some in choices.values()]

    def effects(table: Array) -> Array:
        if not len(table):
            return np.empty((0, len(labels), len(names)))
        return np.array(
            [np.stack([main_effects(levels, sizes, column) for column in part.T], axis=-1) for part in table]
        )

    alone, coded, both = slice(structures), slice(structures, structures + codings), slice(structures + codings, None)
    by_structure, by_coding, one = ("structure", "measure"), ("coding", "measure"), {"units": "units of the measure"}
    nothing = np.full((structures, len(names)), np.nan)

    def joined(table: Array) -> Array:
        return table[:, both] if codings else np.broadcast_to(nothing, (len(table), *nothing.shape))

    variables: dict[str, Any] = {
        "value": (("scenario", *by_structure), means[:, alone], "mean under the structure, numbers as coded"),
        "low": (("scenario", "measure"), luck[..., 0], "lower end of the 95 % interval of chance alone, as it is"),
        "high": (("scenario", "measure"), luck[..., 1], "upper end of it"),
        "value_coding": (("scenario", *by_coding), means[:, coded], "mean under the coding, the model as it is"),
        "value_both": (("scenario", *by_structure), joined(means), "mean under the structure and one coding"),
        "difference": (("other", *by_structure), gaps[..., 0], "value less the first scenario's"),
        "difference_low": (("other", *by_structure), gaps[..., 1], "lower end of its 95 % interval, from paired runs"),
        "difference_high": (("other", *by_structure), gaps[..., 2], "upper end of it"),
        "difference_coding": (("other", *by_coding), shift[:, coded], "difference under the coding"),
        "difference_both": (("other", *by_structure), joined(shift), "difference under the structure and one coding"),
        "effect": (("scenario", "alternative", "measure"), effects(means[:, alone]), "mean effect of the alternative"),
        "difference_effect": (("other", "alternative", "measure"), effects(gaps[..., 0]), "its mean effect on it"),
    }
    level = [[words[switch][row[switch]] for switch in range(len(words))] for row in levels]
    return xr.Dataset(
        {name: (dims, array, {**one, "long_name": meaning}) for name, (dims, array, meaning) in variables.items()},
        coords={
            "scenario": np.array(scenarios, dtype=object),
            "other": np.array(others, dtype=object),
            "measure": np.array(names, dtype=object),
            "unit": ("measure", np.array([kind.unit for kind in kinds], dtype=object)),
            "structure": np.arange(structures),
            "coding": np.arange(codings),
            "switch": np.array(list(choices), dtype=object),
            "level": (("structure", "switch"), np.array(level, dtype=object).reshape(structures, len(choices))),
            "alternative": np.array([f"{switch}: {other.name}" for switch, other in labels], dtype=object),
            "why": ("alternative", np.array([other.why for _, other in labels], dtype=object)),
        },
        attrs={
            **provenance(versions[UNCHANGED], runs, seed, False, ()),
            "finding": "robust",
            "crossing": int(np.prod([1 + len(some) for some in choices.values()], dtype=np.int64)),
        },
    )


def _counted(kind: Measure, found: Mapping[str, Mapping[str, Array]], place: int) -> bool:
    """Whether every run gave 0 or 1 there: an answer gives its chance."""
    return kind.chance and all(bool(np.isin(runs[kind.name][place], (0, 1)).all()) for runs in found.values())


def _means(table: Array) -> Array:
    """The mean over the runs in which the question arises, (points,)."""
    known = ~np.isnan(table)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Array = np.where(known, table, 0.0).sum(axis=-1) / known.sum(axis=-1)
    return mean


def _luck(values: Array, kind: Measure) -> tuple[float, float]:
    """The 95 % interval of chance alone."""
    arisen = values[~np.isnan(values)]
    if not arisen.size:
        return (np.nan, np.nan)
    if kind.chance and np.isin(arisen, (0, 1)).all():
        return wilson(float(arisen.sum()), arisen.size)[1:]
    return interval(arisen)[1:]
