"""Who accepts a ceasefire, and does it hold: a simulation of the stances of conflict actors.

>>> import simulation as sim
>>> scenario = sim.load_scenario("libya-2020-01")
>>> result = sim.run_ensemble(scenario, runs=100, seed=1)
>>> sim.summarise(result)["runs"]
100
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.questions.compare_rules import compare_rules
    from simulation.questions.why import why
    from simulation.runs.agents.model import ConflictModel
    from simulation.runs.ensemble import run_ensemble
    from simulation.runs.results import condense, load, save, summarise
    from simulation.scenario import Scenario, ScenarioError, load_scenario

_HOME = {
    "Scenario": "simulation.scenario",
    "ScenarioError": "simulation.scenario",
    "load_scenario": "simulation.scenario",
    "run_ensemble": "simulation.runs.ensemble",
    "ConflictModel": "simulation.runs.agents.model",
    "condense": "simulation.runs.results",
    "summarise": "simulation.runs.results",
    "save": "simulation.runs.results",
    "load": "simulation.runs.results",
    "compare_rules": "simulation.questions.compare_rules",
    "why": "simulation.questions.why",
}
"""Where the public names live. They are imported when first used, so that ``import simulation`` is quick and brings in
neither Mesa nor matplotlib."""

__all__ = [
    "ConflictModel",
    "Scenario",
    "ScenarioError",
    "compare_rules",
    "condense",
    "load",
    "load_scenario",
    "run_ensemble",
    "save",
    "summarise",
    "why",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'simulation' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOME])
