"""What a scenario file may say, and how it is read."""

from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import as_toml, bundled, fingerprint, load_scenario
from simulation.scenario.quantity import Quantity
from simulation.scenario.schema import Actor, Event, Expect, Offer, Record, Scenario, Tie, json_schema

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
