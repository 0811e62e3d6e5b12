"""Which numbers can be moved, each slider made from the number's own declaration."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulation.scenario.input_labels import field_label
from simulation.scenario.inputs import Input
from simulation.scenario.labels import issue_labels, moment
from simulation.scenario.offers import Event
from simulation.scenario.schema import Scenario
from simulation.show.plots.palette import short
from simulation.show.plots.stances import sides_of

FINE = 100
"""A scale has at least so many places; the greatest of 1, 2, 5 times a power of ten that leaves them is its step."""

SMALL = 0.02
"""A number above its lowest by less than this share of its scale gets places in even ratios instead."""

SEVERAL = {"stance": "positions", "salience": "saliences"}
"""What stands for several issues in the place of one number."""


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that can be moved."""

    item: Input
    group: str  # the heading it stands under
    section: str  # the heading over that
    label: str  # what it is called below the heading
    full: str  # what it is called by itself
    places: tuple[float, ...]  # where it can be put, its own value among them

    @property
    def key(self) -> str:
        """The key of the scenario."""
        return self.item.key

    @property
    def reach(self) -> float:
        """How far the slider goes on the page: to ten times a number that is small on its scale, to be halved."""
        rise = self.item.value - self.item.low
        return self.item.low + 10 * rise if 0 < rise < SMALL * (self.item.high - self.item.low) else self.item.high

    @property
    def step(self) -> float:
        """The step of the slider on the page: of 1, 2, 5 times a power of ten, a hundredth of its way or less."""
        return _round_step(self.reach - self.item.low)


def sliders_of(scenario: Scenario) -> dict[str, Slider]:
    """Every number that can be moved by itself, by key; in the order of the page."""
    sections = {name: heading for heading, names in sides_of(scenario).items() for name in names}
    alone = [item for key, item in scenario.inputs.items() if _by_itself(scenario, key)]
    found = [_slider(scenario, item, sections) for item in alone]
    order = list(dict.fromkeys([*sides_of(scenario), LEANING, HAGGLING, HAPPENING, WORKING]))
    found.sort(key=lambda slider: order.index(slider.section))
    return {slider.key: slider for slider in found}


def _by_itself(scenario: Scenario, key: str) -> bool:
    """Whether a number can be moved alone: not shares of the ground, weights (they add up to 1) or several issues."""
    match key.split("."):
        case ["actors", name, ("stance" | "salience") as field]:
            return getattr(scenario.actors[name], SEVERAL[field]) is None
        case [*_, field]:
            return field not in ("control", "weight")
    return True


LEANING, HAGGLING = "Who leans on whom, who backs whom", "What is fought and haggled over"
HAPPENING, WORKING = "What happens", "How the model works"

GROUPS = {
    "battle": "The war: who holds the ground, and what it costs",
    "appraisal": "What the war makes a party want",
    "opinion": "Random noise",
    "answers": "Accepting or refusing an offer",
    "truces": "How long a truce holds",
}
"""Headings of the coefficients."""


def _slider(scenario: Scenario, item: Input, sections: Mapping[str, str]) -> Slider:
    match item.key.split("."):
        case ["actors", name, field]:
            full = scenario.actors[name].name
            own = short(scenario, name)
            group = own if full in (None, own) else f"{own}: {full}"
            section, label = sections[name], field_label(field)
            alone = f"{own}: {label}"
        case ["ties", source, target, field]:
            section, group = LEANING, f"Towards {short(scenario, target)}"
            label = f"{short(scenario, source)}: {field_label(field)}"
            alone = f"{short(scenario, source)} to {short(scenario, target)}: {field_label(field)}"
        case ["issues", issue, field]:
            section, group, label = HAGGLING, issue_labels(scenario)[issue], field_label(field)
            alone = f"{group}: {label}"
        case ["wants", party, issue, field]:
            section, group = HAGGLING, issue_labels(scenario)[issue]
            label = f"{short(scenario, party)}: {field_label(field)}"
            alone = f"{group}, {label}"
        case ["events", name, *rest]:
            event = next(event for event in scenario.events if event.name == name)
            section, group = HAPPENING, f"{_when(scenario, event, ' %Y')}: {event.label or name}"
            label = ("change of " if rest[0] == "add" else "") + _put(scenario, rest)
            alone = f"{_when(scenario, event)}, {label}"
        case ["coefficients", table, field]:
            section, group, label = WORKING, GROUPS.get(table, table), field_label(field)
            alone = f"{table}: {label}"
        case _:
            section, group = WORKING, f"The rule of stances: {scenario.rule.name}"
            label = field_label(item.key.split(".")[-1])
            alone = f"rule: {label}"
    return Slider(item, group, section, label, alone, places_of(item))


def _when(scenario: Scenario, event: Event, year: str = "") -> str:
    """When an event is due, in brief."""
    if not scenario.parties:
        return moment(scenario, scenario.step_of(event.on))
    return f"{event.on.day} {event.on:%b}" + event.on.strftime(year)


def _put(scenario: Scenario, rest: list[str]) -> str:
    """What an event puts to a value, in words."""
    called, issues = scenario.labels, issue_labels(scenario)
    match rest:
        case ["set" | "add", "issues", issue, field]:
            return f"{issues[issue]}: {field_label(field)}"
        case ["set" | "add", "wants", party, issue, field]:
            return f"{issues[issue]}, {called[party]}: {field}"
        case ["offer", "terms", issue]:
            return f"terms on {issues[issue]}"
        case ["set" | "add", "actors", name, field]:
            return f"{called[name]}: {field_label(field)}"
        case ["set" | "add", "ties", source, target, field]:
            return f"{called[source]} to {called[target]}: {field_label(field)}"
        case ["offer", *last]:
            return " ".join(last)
    return " ".join(rest)


def places_of(item: Input) -> tuple[float, ...]:
    """Where a slider can stand: even steps, or even ratios where the number is small on its scale."""
    span = item.high - item.low
    if 0 < item.value - item.low < SMALL * span:
        low = (item.value - item.low) / 20
        grid = [item.low, *(item.low + float(f"{ratio:.2g}") for ratio in np.geomspace(low, span, FINE)), item.high]
    else:
        step = _round_step(span)
        digits = max(0, -math.floor(math.log10(step)))
        first, last = math.ceil(item.low / step - 1e-9), math.floor(item.high / step + 1e-9)
        grid = [item.low, *(round(place * step, digits) for place in range(first, last + 1)), item.high]
    kept = {place for place in grid if item.low <= place <= item.high and not math.isclose(place, item.value)}
    return tuple(float(place) for place in sorted({*kept, item.value}))


def _round_step(span: float) -> float:
    """The greatest of 1, 2, 5 times a power of ten that leaves a hundred steps or more."""
    power = 10.0 ** math.floor(math.log10(span / FINE))
    return float(f"{max(part * power for part in (1, 2, 5) if span / (part * power) >= FINE):.6g}")


def grouped(sliders: Mapping[str, Slider]) -> dict[str, dict[str, list[Slider]]]:
    """The sliders by section and group, in the order of the page."""
    found: dict[str, dict[str, list[Slider]]] = {}
    for slider in sliders.values():
        found.setdefault(slider.section, {}).setdefault(slider.group, []).append(slider)
    return found


def search(sliders: Mapping[str, Slider], words: str) -> list[Slider]:
    """The sliders whose key, headings or meaning contain every one of the words, best first: those named by the key."""
    wanted = words.lower().split()

    def text(slider: Slider) -> str:
        return f"{slider.key} {slider.section} {slider.group} {slider.label} {slider.item.meaning}".lower()

    found = [slider for slider in sliders.values() if all(word in text(slider) for word in wanted)]
    return sorted(found, key=lambda slider: not all(word in slider.key.lower() for word in wanted))


def changes_of(sliders: Mapping[str, Slider], values: Mapping[str, float]) -> dict[str, float]:
    """What was moved: key to where it stands now."""
    return {key: value for key, value in values.items() if key in sliders and value != sliders[key].item.value}
