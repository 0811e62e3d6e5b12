"""What was thought of the coefficients before any answer was looked at: ``seeds/priors.toml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.questions.record.posterior import Prior
from simulation.scenario.errors import ScenarioError
from simulation.scenario.evidence import find_seeds, load_evidence
from simulation.scenario.schema import Scenario

SPREAD = "wars.spread"
"""How far wars differ in willingness for reasons that the model does not know: the standard deviation, in points."""


def written_priors() -> dict[str, Mapping[str, Any]]:
    """The rows of the package's table of priors by key: id, low, best, high, reason, source."""
    folder = find_seeds(Path(__file__).parent)
    rows = load_evidence(folder).values() if folder else ()
    return {str(row.data["key"]): row.data for row in rows if row.kind == "prior"}


def shared_priors(
    scenarios: Sequence[Scenario],
    keys: Sequence[str] | None = None,
    own: Mapping[str, tuple[float, float, float]] | None = None,
    *,
    spread: bool = False,
) -> list[Prior]:
    """The priors of the coefficients that several wars share.

    Parameters
    ----------
    keys : all that have a row in the table of priors and bear on something, if left out
    own : low, best and high by key, in place of the rows of the table
    spread : whether wars differ, too

    Raises
    ------
    ScenarioError
        for a key without a prior, or one that is no coefficient of every scenario, or a prior beyond its bounds
    """
    rows = {key: (row["low"], row["best"], row["high"]) for key, row in written_priors().items()} | dict(own or {})
    if keys is None:
        idle = {key for scenario in scenarios for key, item in scenario.inputs.items() if item.idle}
        there = set.intersection(*(set(scenario.inputs) for scenario in scenarios))
        keys = [key for key in rows if key in there and (key not in idle or key in (own or {}))]
    chosen = list(dict.fromkeys(key for key in keys if key != SPREAD))
    found = []
    for key in chosen:
        for scenario in scenarios:
            if key not in scenario.inputs:
                hint = nearest(key, scenario.inputs)
                raise ScenarioError(f"{key}: no number of {scenario.title}.{hint}")
        if key not in rows:
            raise ScenarioError(f"{key}: has no row in seeds/priors.toml.{nearest(key, rows)}")
        low, best, high = map(float, rows[key])
        least, most = (getattr(scenarios[0].inputs[key], side) for side in ("low", "high"))
        if not least <= low <= best <= high <= most or not low < high:
            raise ScenarioError(
                f"{key}: a prior of {low:g} to {high:g}, most likely {best:g}, will not do: low below high, best "
                f"between them, all within {least:g} … {most:g}."
            )
        found.append(Prior(key, low, best, high))
    if spread or SPREAD in keys:
        found.append(Prior(SPREAD, *map(float, rows[SPREAD])))
    if not found:
        raise ScenarioError("nothing to calibrate: no key is named, and none of the scenarios' has a prior.")
    return found
