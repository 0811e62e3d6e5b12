"""Does a conclusion depend on the stance rule? One scenario under every published rule, on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.parameters import nearest
from simulation.rules import RULES
from simulation.runs.ensemble import blocks
from simulation.runs.provenance import provenance
from simulation.runs.results import Tally, mean_interval, wilson
from simulation.scenario.errors import ScenarioError
from simulation.scenario.measures import headlines, parse
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr


class Comparison(NamedTuple):
    """One scenario under several rules."""

    table: xr.Dataset
    """``value``, ``low``, ``high`` (measure, rule): a chance with its 95 % Wilson interval, or a mean with its 95 %
    interval, nan where no run bears on it; ``chance`` (measure): which of the two; ``verdict`` (measure): "agree",
    "disagree" or "open"."""

    digests: dict[str, xr.Dataset]
    """The result under each rule, as ``run_ensemble(..., keep="summary")`` gives it."""


def compare_rules(
    scenario: Scenario,
    runs: int = 1000,
    seed: int = 1,
    *,
    rules: Sequence[str] | None = None,
    measures: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Comparison:
    """Run a scenario under every rule with the same random numbers, and say on which measures the rules agree.

    The rule that the scenario names keeps its options; the others have their defaults, but move at the same ``speed``,
    and in whole rounds if it does.

    Rules agree on a chance if all their intervals lie on the same side of one half, and disagree if one lies above
    and another below. They agree on a mean if all intervals fit into the span that its unit calls near, and
    disagree if the values themselves do not. Anything else is open: more runs may tell.

    Parameters
    ----------
    rules : their names; all of ``simulation.rules.RULES`` if left out
    measures : names as in ``simulation.scenario.measures``; the headlines if left out
    progress : called with the number of runs done so far, of all rules

    Raises
    ------
    ScenarioError
        for an unknown rule or measure
    """
    import xarray as xr

    if runs < 1:
        raise ScenarioError(f"runs = {runs}: at least 1 is needed.")
    chosen = list(RULES) if rules is None else list(dict.fromkeys(rules))
    for name in chosen:
        if name not in RULES:
            raise ScenarioError(f"no rule called {name!r}.{nearest(name, RULES)}")
    wanted = [parse(name, scenario) for name in (headlines(scenario) if measures is None else measures)]
    numbers = np.full((3, len(wanted), len(chosen)), np.nan)
    digests, done = {}, 0
    for column, name in enumerate(chosen):
        told = under(scenario, name)
        tally, found = Tally(told), []
        for history in blocks(told, runs, seed):
            tally.add(history)
            found.append(np.stack([measure.read(history) for measure in wanted]))
            done += history.answer.shape[0]
            if progress:
                progress(done)
        digests[name] = tally.digest(provenance(told, runs, seed, False, ()))
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
        attrs={"title": scenario.title, "runs": runs, "seed": seed},
    )
    return Comparison(table, digests)


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
    return "disagree" if value.max() - value.min() > near else "open"
