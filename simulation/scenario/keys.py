"""What names in a scenario stand for: the occasions of an offer, and the place of a number in the state."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

from simulation.dynamics.variables import VARIABLES, settable
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from datetime import date as Date

    from simulation.scenario.offers import Event
    from simulation.scenario.schema import Scenario

MOST_OCCASIONS = 1000
"""Times a standing offer may be made."""


def occasions(scenario: Scenario, event: Event) -> list[tuple[str, int]]:
    """The id and step of every time an event's offer is made: once, or again and again where it stands."""
    offer = event.offer
    if offer is None:
        return []
    if offer.every is None:
        return [(offer.id, scenario.step_of(event.on))]
    last = scenario.steps - 1 if offer.until is None else min(scenario.step_of(offer.until), scenario.steps - 1)
    since, found = (event.on - scenario.start).days, []
    for number in range(MOST_OCCASIONS + 1):
        step = scenario.step_after(since + number * offer.every)
        if step > last:
            break
        found.append((f"{offer.id}-{number + 1}", step))
    return found


def steps_until_begun(scenario: Scenario, event: Event, step: int) -> int:
    """How many steps after the usual one a truce begins on an offer that is made in this step."""
    if event.offer is None or event.offer.begins is None:
        return 0
    days = max((event.offer.begins - max(event.on, scenario.date_of(step))).days, 0)
    return math.floor(days / scenario.step_days + 0.5)


def named_events(scenario: Scenario) -> list[tuple[str, Event]]:
    """The events by date, then by the order of the file, each with the name that runs know it by."""
    ordered = sorted(scenario.events, key=lambda event: event.on)
    return [(event.name or f"event {number}", event) for number, event in enumerate(ordered)]


def offer_ids(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Every occasion of an offer, by id and in the order of the results, and which parties are asked."""
    return {
        name: event.offer.to or scenario.parties
        for event in sorted(scenario.events, key=lambda event: event.on)
        if event.offer is not None
        for name, _ in occasions(scenario, event)
    }


def pair_names(scenario: Scenario) -> tuple[str, ...]:
    """What every two parties are called together, in the order of the file: ``LNA+GNA``."""
    return tuple("+".join(pair) for pair in combinations(scenario.parties, 2))


def stakes_on(scenario: Scenario, day: Date) -> dict[str, float]:
    """What holds on each issue on a day, as far as it is written: at the start, and by the events up to that day.

    Of the share of the ground that a party holds, it is the share at the start: the war goes on from there.
    """
    found = dict(scenario.stakes)
    even = 1 / max(len(scenario.parties), 1)
    for name, issue in scenario.issues.items() if isinstance(scenario.issues, dict) else ():
        if name in found and issue.held_by in scenario.actors:
            control = scenario.actors[issue.held_by].control
            found[name] = round(100 * (even if control is None else control.best), 10)
    for event in sorted(scenario.events, key=lambda event: event.on):
        for how in ("set", "add") if event.on <= day and event.probability == 1 else ():
            for key, number in getattr(event, how).items():
                match key.split("."):
                    case ["issues", name, "now"] if name in found:
                        now = number.best + (found[name] if how == "add" else 0)
                        found[name] = min(max(now, 0.0), 100.0)
    return found


def target_of(scenario: Scenario, key: str) -> tuple[str, tuple[int, ...]]:
    """Which array of the state, and which place in it, a key such as ``ties.Turkey.GNA.support`` stands for."""
    names, parties = list(scenario.actors), scenario.parties
    match key.split("."):
        case ["actors", actor, field]:
            if actor not in names:
                raise ScenarioError(f"no actor '{actor}'.{nearest(actor, names)}")
            if field in settable("actor"):
                return field, (names.index(actor),)
            if field in settable("party") and actor in parties:
                return field, (parties.index(actor),)
            if field in settable("party"):
                raise ScenarioError(f"{field} is for parties only, and '{actor}' is none.")
            raise ScenarioError(f"'{field}' cannot be changed.{nearest(field, settable('actor', 'party'))}")
        case ["ties", source, target, field]:
            for name in (source, target):
                if name not in names:
                    raise ScenarioError(f"no actor '{name}'.{nearest(name, names)}")
            if field not in settable("tie", "backing"):
                raise ScenarioError(f"'{field}' cannot be changed.{nearest(field, settable('tie', 'backing'))}")
            if VARIABLES[field].of == "tie":
                return field, (names.index(source), names.index(target))
            if target not in parties:
                raise ScenarioError(f"'{target}' is not a party; only a party that fights can be backed.")
            return field, (parties.index(target), names.index(source))
        case ["issues", issue, "now"]:
            stakes = [*scenario.stakes]
            if issue not in stakes:
                raise ScenarioError(f"no issue '{issue}' with a `now`.{nearest(issue, stakes)}")
            return "now", (stakes.index(issue),)
        case ["wants", party, issue, ("want" | "weight") as field]:
            wants = [f"{want.party}.{want.issue}" for want in scenario.wants or () if want.issue in scenario.stakes]
            if f"{party}.{issue}" not in wants:
                raise ScenarioError(f"no want of {party} on '{issue}'.{nearest(f'{party}.{issue}', wants)}")
            return field, (parties.index(party), [*scenario.stakes].index(issue))
        case _:
            raise ScenarioError(
                "what can be changed is written actors.NAME.KEY or ties.FROM.TO.KEY, such as ties.Turkey.GNA.support; "
                "or issues.NAME.now, wants.PARTY.ISSUE.want and wants.PARTY.ISSUE.weight."
            )
