"""Where a result comes from: enough to make it again."""

from __future__ import annotations

import importlib.metadata
import sys

from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml, fingerprint
from simulation.version import VERSION


def provenance(
    scenario: Scenario, runs: int, seed: int, uncertain: bool, varied: tuple[str, ...]
) -> dict[str, str | int]:
    """Where a result comes from: enough to make it again."""
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "pydantic", "xarray")}
    return {
        "title": scenario.title,
        "question": scenario.question,
        "scenario": as_toml(scenario),
        "scenario_sha256": fingerprint(scenario),
        "runs": runs,
        "seed": seed,
        "uncertain": int(uncertain),
        "varied": ", ".join(varied),
        "rule": scenario.rule.name,
        "software": f"ceasefire-simulation {VERSION}, "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + f", Python {sys.version.split()[0]}",
    }
