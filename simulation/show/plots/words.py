"""What pictures call measures and inputs: actors by the names that pictures give them."""

from __future__ import annotations

from simulation.scenario.input_labels import input_label
from simulation.scenario.measures import words_of
from simulation.scenario.schema import Scenario
from simulation.show.plots.palette import all_short


def measure_words(scenario: Scenario, measure: str) -> str:
    """A measure in a few words."""
    return words_of(measure, scenario, all_short(scenario))


def input_words(scenario: Scenario, key: str) -> str:
    """A number of the scenario in a few words."""
    return input_label(key, scenario, all_short(scenario))
