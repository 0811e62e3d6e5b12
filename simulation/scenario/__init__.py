"""What a scenario file may say, and how it is read."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.scenario.actors import Actor, Tie
    from simulation.scenario.catalogue import bundled
    from simulation.scenario.editor_schema import json_schema
    from simulation.scenario.errors import ScenarioError
    from simulation.scenario.files import load_scenario
    from simulation.scenario.offers import Event, Offer
    from simulation.scenario.quantity import Quantity
    from simulation.scenario.record import Record
    from simulation.scenario.schema import Expect, Scenario
    from simulation.scenario.writing import as_toml, fingerprint

_HOME = {
    "Actor": "actors",
    "Event": "offers",
    "Expect": "schema",
    "Offer": "offers",
    "Quantity": "quantity",
    "Record": "record",
    "Scenario": "schema",
    "ScenarioError": "errors",
    "Tie": "actors",
    "as_toml": "writing",
    "bundled": "catalogue",
    "fingerprint": "writing",
    "json_schema": "editor_schema",
    "load_scenario": "files",
}
"""The module of each name. It is imported when first used, so that ``ceasefire --help`` need not wait for numpy."""

__all__ = [
    "Actor",
    "Event",
    "Expect",
    "Offer",
    "Quantity",
    "Record",
    "Scenario",
    "ScenarioError",
    "Tie",
    "as_toml",
    "bundled",
    "fingerprint",
    "json_schema",
    "load_scenario",
]


if not TYPE_CHECKING:  # a type checker that saw this would take every misspelt name for something

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'simulation.scenario' has no attribute '{name}'")
        return getattr(importlib.import_module(f"simulation.scenario.{_HOME[name]}"), name)
