"""What pictures call measures and inputs: actors, offers and issues by the names that pictures give them."""

from __future__ import annotations

from collections import Counter

from simulation.questions.levers import lever_label
from simulation.scenario.input_labels import input_label
from simulation.scenario.keys import occasions
from simulation.scenario.labels import issue_labels
from simulation.scenario.measures import words_of
from simulation.scenario.schema import Scenario
from simulation.show.plots.palette import all_short


def measure_words(scenario: Scenario, measure: str) -> str:
    """A measure in a few words."""
    return words_of(measure, scenario, all_short(scenario), happenings(scenario))


def input_words(scenario: Scenario, key: str) -> str:
    """A number of the scenario in a few words."""
    return input_label(key, scenario, all_short(scenario))


def lever_words(scenario: Scenario, lever: str) -> str:
    """A lever in a few words, without whose it is."""
    return lever_label(lever, all_short(scenario), happenings(scenario), issue_labels(scenario))


def happenings(scenario: Scenario) -> dict[str, str]:
    """What to call each event and offer, by key: its label in quotation marks, where no other has the same."""
    times = Counter(event.label for event in scenario.events)
    called = {}
    for event in scenario.events:
        if event.label and times[event.label] == 1:
            called[str(event.name)] = f"“{event.label}”"
            for number, (offer, _) in enumerate(occasions(scenario, event), 1):
                again = event.offer is not None and event.offer.every is not None
                called[offer] = f"“{event.label}”, no. {number}" if again else f"“{event.label}”"
    return called
