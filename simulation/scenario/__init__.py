"""What a scenario file may say, and how it is read."""

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
