"""Does a conclusion depend on the stance rule? One scenario under every published rule, with common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from simulation.parameters import nearest
from simulation.questions.finding import Finding, Table, plain
from simulation.rules import RULES
from simulation.runs.ensemble import blocks
from simulation.runs.provenance import provenance
from simulation.runs.results import Tally, mean_interval, scenario_of, wilson
from simulation.runs.results.wording import estimate
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measure_kinds import NEAR
from simulation.scenario.measures import headlines, parse, unit_of, words_of
from simulation.scenario.schema import Scenario
from simulation.scenario.structures import playable

if TYPE_CHECKING:
    import xarray as xr


@of_kind
def compare_rules(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1,
    *,
    rules: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Run a scenario under every rule with the same random numbers, and say on which measures the rules agree.

    The rule that the scenario names keeps its options; the others have their defaults, but move at the same ``speed``,
    and in whole rounds if it does.

    Rules agree on a chance if all their intervals lie on the same side of one half, and disagree if one lies above
    and another below. They agree on a mean if all intervals fit into the span that its unit calls near, and
    disagree if the values themselves do not, and no number lies in all intervals. Anything else is open: more runs may
    tell.

    Parameters
    ----------
    rules : their names; all of ``simulation.rules.RULES`` if left out
    measures : names as in ``simulation.scenario.measures``; the headlines if left out
    progress : called with the number of runs done so far, of all rules

    Returns
    -------
    a finding, whose dataset has ``value``, ``low``, ``high`` (measure, rule): a chance with its 95 % Wilson interval,
    or a mean with its 95 % interval, nan where no run bears on it; ``chance`` (measure): which of the two; ``verdict``
    (measure): "agree", "disagree" or "open"; and by ``rule`` what ``run(..., keep="summary")`` gives.

    Raises
    ------
    ScenarioError
        for an unknown rule or measure
    """
    import pandas as pd
    import xarray as xr

    if runs < 1:
        raise ScenarioError(f"runs = {runs}: at least 1 is needed.")
    able = [name for name in RULES if playable(name, scenario)]
    chosen = able if rules is None else list(dict.fromkeys(rules))
    if rules is None and len(able) < 2:
        raise ScenarioError(f"nothing to compare: only '{able[0]}' plays these issues; `rules` names it alone.")
    for name in chosen:
        if name not in RULES:
            raise ScenarioError(f"no rule called {name!r}.{nearest(name, RULES)}")
    wanted = [parse(name, scenario) for name in (headlines(scenario) if measures is None else measures)]
    numbers = np.full((3, len(wanted), len(chosen)), np.nan)
    digests, done = {}, 0
    for column, name in enumerate(chosen):
        version = under(scenario, name)
        tally, found = Tally(version), []
        for history in blocks(version, runs, seed):
            tally.add(history)
            found.append(np.stack([measure.read(history) for measure in wanted]))
            done += history.answer.shape[0]
            if progress:
                progress(done)
        digests[name] = tally.digest(provenance(version, runs, seed, False, ()))
        for row, values in enumerate(np.concatenate(found, axis=-1)):
            bearing = values[~np.isnan(values)]
            if wanted[row].chance:
                numbers[:, row, column] = wilson(float(bearing.sum()), bearing.size)
            else:
                numbers[:, row, column] = mean_interval(float(bearing.sum()), float((bearing**2).sum()), bearing.size)
    value, low, high = (("measure", "rule"), numbers[0]), (("measure", "rule"), numbers[1]), numbers[2]
    verdicts = [verdict(measure.near, numbers[:, row]) for row, measure in enumerate(wanted)]
    table = xr.Dataset(
        {
            "value": value,
            "low": low,
            "high": (("measure", "rule"), high),
            "chance": ("measure", np.array([measure.chance for measure in wanted], dtype=bool)),
            "verdict": ("measure", np.array(verdicts, dtype=object)),
        },
        coords={"measure": np.array([measure.name for measure in wanted], dtype=object), "rule": chosen},
    )
    digests_by_rule = xr.concat(list(digests.values()), pd.Index(chosen, name="rule"), combine_attrs="drop")
    source = {**provenance(scenario, runs, seed, False, ()), "finding": "rules"}
    return describe(table.merge(digests_by_rule).assign_attrs(source))


def describe(result: xr.Dataset) -> Finding:
    """On what the rules agree, in rows, plain numbers and words."""
    import pandas as pd

    scenario = scenario_of(result)
    rules = [str(rule) for rule in result.rule.values]
    measures: dict[str, Any] = {}
    rows, cells, units, hidden = [], [], set(), 0
    parties = [str(party) for party in result.party.values]
    groups: dict[str, list[str]] = {"agree": [], "disagree": [], "open": []}
    for name in map(str, result.measure.values):
        word = str(result.verdict.sel(measure=name).item())
        groups[word].append(name)
        by_rule: dict[str, dict[str, float | None]] = {}
        for rule in rules:
            here = result.sel(measure=name, rule=rule)
            by_rule[rule] = {key: plain(here[key], 4) for key in ("value", "low", "high")}
            rows.append({"measure": name, "rule": rule, **{key: plain(here[key]) for key in by_rule[rule]}})
        measures[name] = {"verdict": word, "rules": by_rule}
        unit = unit_of(name)
        units.add(unit)
        if parties and unit == "stance points" and name.split(".")[-1] not in parties:
            hidden += 1
            continue
        cells.append(
            (words_of(name, scenario), VERDICTS[word], *(_cell(numbers, unit) for numbers in by_rule.values()))
        )
    runs, seed = int(result.attrs["runs"]), int(result.attrs["seed"])
    spans = ["chances on the same side of one half"] if "chance" in units else []
    spans += [f"means within {near:g} {unit}" for unit, near in NEAR.items() if unit in units]
    words: list[str | Table] = [
        str(result.attrs["title"]),
        f"The rules agree on {len(groups['agree'])} of {len(measures)} measures: {'; '.join(spans)}.",
        f"{runs:,} runs under each rule, seed {seed}, with common random numbers; 95 % intervals\n",
        Table(("measure", "the rules", *(rule.replace("-", "-\n", 1) for rule in rules)), cells, texts=2),
    ]
    if hidden:
        words.append(f"The stances of {hidden} actors that do not fight are in the rows and files.")
    for word, title in (("disagree", "They disagree on"), ("open", "These runs leave open")):
        if groups[word]:
            words.append(f"{title}: {', '.join(words_of(name, scenario) for name in groups[word])}.")
    summary = {"scenario": result.attrs["title"], "runs": runs, "seed": seed, "measures": measures}
    return Finding(result=result, rows=pd.DataFrame(rows), summary=summary, words=tuple(words))


VERDICTS = {"agree": "agree", "disagree": "DISAGREE", "open": "open"}
"""How a verdict is shown."""


def _cell(numbers: dict[str, float | None], unit: str) -> str:
    """A value over its interval."""
    said = estimate(numbers["value"], numbers["low"], numbers["high"], unit)
    return said.replace(" (", "\n", 1).removesuffix(")")


def under(scenario: Scenario, rule: str) -> Scenario:
    """The scenario under another rule, at the same pace; under its own, as it is."""
    if rule == scenario.rule.name:
        return scenario
    pace = {"speed": scenario.rule.speed, "whole_moves": scenario.rule.whole_moves}
    return scenario.replace({"rule": {"name": rule, **pace}})


def verdict(near: float | None, numbers: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """Whether the rules agree on a measure, given value, low and high.

    Parameters
    ----------
    near : how far apart means may be, as in ``Measure.near``; None for a chance
    numbers : (3, rules)
    """
    value, low, high = numbers[:, ~np.isnan(numbers[0])]
    if value.size == 0:
        return "open"
    if near is None:
        above, below = low > 0.5, high < 0.5
        if above.all() or below.all():
            return "agree"
        return "disagree" if above.any() and below.any() else "open"
    if high.max() - low.min() <= near:
        return "agree"
    if low.max() <= high.min():  # all of them may be the same
        return "open"
    return "disagree" if value.max() - value.min() > near else "open"
