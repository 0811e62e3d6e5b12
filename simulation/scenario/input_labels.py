"""What to call each number of a scenario in pictures: ``UAE to LNA: support``, not ``ties.UAE.LNA.support``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulation.dynamics.variables import VARIABLES
from simulation.scenario.labels import issue_labels

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario

FIELDS = {name: VARIABLES[name].meaning.partition(":")[0] for name in ("base", "squeeze", "pledge", "follows")} | {
    "noise": "random noise",
    "now": "as it stands",
    "probability": "chance that it happens",
}
"""What a field is called where that is not its key: by the standard term, with which its meaning begins."""


def input_label(key: str, scenario: Scenario, called: Mapping[str, str] | None = None) -> str:
    """A number of a scenario in a few words; of what is none, such as the name of a rule, the key.

    Parameters
    ----------
    called : what to call the actors, where that is not by their labels
    """
    actors, issues = called or scenario.labels, issue_labels(scenario)

    def actor(name: str) -> str:
        return actors.get(name, name)

    match key.split("."):
        case ["actors", name, field]:
            return f"{actor(name)}: {field_label(field)}"
        case ["ties", source, target, field]:
            return f"{actor(source)} to {actor(target)}: {field_label(field)}"
        case ["issues", issue, field]:
            return f"{issues.get(issue, issue)}: {field_label(field)}"
        case ["wants", party, issue, field]:
            return f"{actor(party)} on {issues.get(issue, issue)}: {field_label(field)}"
        case ["events", name, "set", *target]:
            return f"{_event(name, scenario)} sets {input_label('.'.join(target), scenario, called)}"
        case ["events", name, "add", *target]:
            return f"{_event(name, scenario)} adds to {input_label('.'.join(target), scenario, called)}"
        case ["events", name, "offer", "terms", issue]:
            return f"{_event(name, scenario)}: terms on {issues.get(issue, issue)}"
        case ["events", name, *_, field]:
            return f"{_event(name, scenario)}: {field_label(field)}"
        case ["coefficients", group, field]:
            return f"{group}: {field_label(field)}"
        case ["rule", field]:
            return f"rule: {field_label(field)}"
    return key


def field_label(field: str) -> str:
    """What a field of the scenario is called: the standard term, or its key."""
    return FIELDS.get(field, field.replace("_", " "))


def _event(name: str, scenario: Scenario) -> str:
    """An event by its label, else by its name."""
    return next((event.label for event in scenario.events if event.name == name and event.label), name)
