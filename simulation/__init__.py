"""Who accepts a ceasefire, and does it hold: a simulation of the stances of conflict actors.

>>> import simulation as sim
>>> scenario = sim.load_scenario("libya-2020-01")
>>> result = sim.run(scenario, runs=100, seed=1)
>>> sim.summarise(result)["runs"]
100
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.questions.agreement import agreement
    from simulation.questions.attribute import attribute
    from simulation.questions.bargain import bargain
    from simulation.questions.benchmark import benchmark
    from simulation.questions.calibrate import calibrate
    from simulation.questions.compare import compare
    from simulation.questions.compare_rules import compare_rules
    from simulation.questions.levers import levers
    from simulation.questions.path import path
    from simulation.questions.record.ablation import ablate
    from simulation.questions.record.validation import validate
    from simulation.questions.regions import regions
    from simulation.questions.robust import robust
    from simulation.questions.seat import Seat
    from simulation.questions.sensitivity import sensitivity
    from simulation.questions.sweep import sweep
    from simulation.questions.truces import truce_lives
    from simulation.questions.why import why
    from simulation.runs.agents.model import ConflictModel
    from simulation.runs.ensemble import run_ensemble as run
    from simulation.runs.ensemble import run_ensemble as run_ensemble
    from simulation.runs.results import condense, load, save, summarise
    from simulation.scenario import Scenario, ScenarioError, load_scenario
    from simulation.scenario.imports import import_table
    from simulation.show.animation import animate
    from simulation.show.drawing import plot
    from simulation.show.expect import expect
    from simulation.show.plots.saving import save_figures
    from simulation.version import VERSION as __version__  # noqa: N811

_HOME = {
    "Scenario": "simulation.scenario",
    "ScenarioError": "simulation.scenario",
    "load_scenario": "simulation.scenario",
    "import_table": "simulation.scenario.imports",
    "run": "simulation.runs.ensemble:run_ensemble",
    "run_ensemble": "simulation.runs.ensemble",
    "ConflictModel": "simulation.runs.agents.model",
    "condense": "simulation.runs.results",
    "summarise": "simulation.runs.results",
    "save": "simulation.runs.results",
    "load": "simulation.runs.results",
    "Seat": "simulation.questions.seat",
    "compare": "simulation.questions.compare",
    "compare_rules": "simulation.questions.compare_rules",
    "why": "simulation.questions.why",
    "levers": "simulation.questions.levers",
    "path": "simulation.questions.path",
    "bargain": "simulation.questions.bargain",
    "attribute": "simulation.questions.attribute",
    "sensitivity": "simulation.questions.sensitivity",
    "robust": "simulation.questions.robust",
    "sweep": "simulation.questions.sweep",
    "regions": "simulation.questions.regions",
    "validate": "simulation.questions.record.validation",
    "calibrate": "simulation.questions.calibrate",
    "ablate": "simulation.questions.record.ablation",
    "benchmark": "simulation.questions.benchmark",
    "agreement": "simulation.questions.agreement",
    "truce_lives": "simulation.questions.truces",
    "plot": "simulation.show.drawing",
    "save_figures": "simulation.show.plots.saving",
    "animate": "simulation.show.animation",
    "expect": "simulation.show.expect",
    "__version__": "simulation.version:VERSION",
}
"""Where the public names live: a module, and after a colon what it calls them. They are imported when first used, so
that ``import simulation`` is quick and brings in neither Mesa nor matplotlib."""

__all__ = [
    "ConflictModel",
    "Scenario",
    "ScenarioError",
    "Seat",
    "__version__",
    "ablate",
    "agreement",
    "animate",
    "attribute",
    "bargain",
    "benchmark",
    "calibrate",
    "compare",
    "compare_rules",
    "condense",
    "expect",
    "import_table",
    "levers",
    "load",
    "load_scenario",
    "path",
    "plot",
    "regions",
    "robust",
    "run",
    "save",
    "save_figures",
    "sensitivity",
    "summarise",
    "sweep",
    "truce_lives",
    "validate",
    "why",
]


if not TYPE_CHECKING:  # a type checker that saw this would take every misspelt name for something

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'simulation' has no attribute '{name}'")
        module, _, own = _HOME[name].partition(":")
        return getattr(importlib.import_module(module), own or name)


def __dir__() -> list[str]:
    return sorted(__all__)
