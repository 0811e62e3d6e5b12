"""What an outcome is shared out among: groups of events, offers and ties, and a scenario without some of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from simulation.dynamics.variables import settable
from simulation.parameters import nearest
from simulation.scenario.edits import drop, put
from simulation.scenario.errors import ScenarioError
from simulation.scenario.knowledge import refuse_later
from simulation.scenario.measures import parse
from simulation.scenario.schema import Scenario, build
from simulation.scenario.values import read_value
from simulation.scenario.writing import as_tables

KINDS = ("events", "offers", "backers")
"""Ways to make the groups: every event without an offer, every offer, everybody who backs or presses a party."""


def groups_of(scenario: Scenario, kinds: Sequence[str], measure: str | None = None) -> dict[str, list[str]]:
    """Groups of one element or one actor each; without the offer that the measure asks about.

    Parameters
    ----------
    kinds : of ``KINDS``
    """
    for kind in kinds:
        if kind not in KINDS:
            raise ScenarioError(f"no way to make groups '{kind}'.{nearest(kind, KINDS)}")
    found: dict[str, list[str]] = {}
    for event in scenario.events:
        if event.name is not None and ("offers" if event.offer else "events") in kinds:
            key = f"events.{event.name}"
            if measure is None or _survives(scenario, measure, [key]):
                found[event.name] = [key]
    if "backers" in kinds:
        for tie in scenario.ties:
            if tie.target in scenario.parties and tie.source not in scenario.parties:
                found.setdefault(tie.source, []).append(f"ties.{tie.source}.{tie.target}")
    return found


def without(scenario: Scenario, elements: Sequence[str]) -> Scenario:
    """A scenario without some of its elements; what was expected goes too, and what was recorded and is not told.

    Raises
    ------
    ScenarioError
        for an element that is not there
    """
    raw = as_tables(scenario)
    raw["expect"] = []
    if scenario.told is None:
        raw["record"] = []
    name = scenario.title
    for element in elements:
        key, sign, text = element.partition("=")
        words = key.strip().split(".")
        refuse_later(key.strip(), scenario.later, scenario.told)
        if sign:
            put(raw, key.strip(), read_value(text, f"{name}: {key.strip()}"), "put there to attribute an outcome", name)
        elif words[0] == "events" and len(words) == 2:
            known = [event.name for event in scenario.events if event.name]
            if words[1] not in known:
                raise ScenarioError(f"{element}: no such event.{nearest(words[1], known)}")
            drop(raw, element, name)
        elif words[0] == "ties" and len(words) in (3, 4):
            _silence(raw, scenario, words)
        else:
            raise ScenarioError(f"{element}: written events.NAME, ties.FROM.TO, ties.FROM.TO.support or KEY=VALUE.")
    raw["events"] = [event for event in raw["events"] if event["set"] or event["add"] or event.get("offer")]
    return build(raw, name)


def _silence(raw: dict[str, Any], scenario: Scenario, words: list[str]) -> None:
    """Put a tie to 0, and keep events from giving it back."""
    _, source, target, *rest = words
    ties = [tie for tie in raw["ties"] if (tie["from"], tie["to"]) == (source, target)]
    if not ties:
        known = [f"{tie.source}.{tie.target}" for tie in scenario.ties]
        raise ScenarioError(f"{'.'.join(words)}: no such tie.{nearest(f'{source}.{target}', known)}")
    known_fields = settable("tie", "backing")
    if rest and rest[0] not in known_fields:
        raise ScenarioError(f"{'.'.join(words)}: no such key.{nearest(rest[0], known_fields)}")
    for field in rest or known_fields:
        if field in ties[0]:
            ties[0][field] = {"best": 0.0, "assumed": "left out to attribute an outcome"}
        for event in raw["events"]:
            for how in ("set", "add"):
                event[how].pop(f"ties.{source}.{target}.{field}", None)


def _survives(scenario: Scenario, measure: str, elements: Sequence[str]) -> bool:
    try:
        parse(measure, without(scenario, elements))
    except ScenarioError:
        return False
    return True


def check(scenario: Scenario, measure: str, groups: Mapping[str, Sequence[str]]) -> None:
    """Refuse groups that are empty or overlap, that name what is not there, or without which nothing can be asked."""
    if not groups:
        raise ScenarioError("nothing to attribute to: no groups.")
    named: dict[str, str] = {}
    for name, elements in groups.items():
        if not elements:
            raise ScenarioError(f"group '{name}' is empty.")
        for element in elements:
            key = element.partition("=")[0].strip()
            if key in named:
                raise ScenarioError(f"'{key}' is in two groups, '{named[key]}' and '{name}'.")
            named[key] = name
        less = without(scenario, elements)  # tells what is not there
        try:
            parse(measure, less)
        except ScenarioError:
            raise ScenarioError(f"{measure}: cannot be asked without '{name}'; leave that group out.") from None
