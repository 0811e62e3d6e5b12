"""Every number a result rests on, with the claims or the assumption behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from simulation.scenario.evidence import Evidence
from simulation.scenario.inputs import Input
from simulation.scenario.keys import occasions, offer_ids
from simulation.scenario.labels import moment
from simulation.scenario.offers import Event
from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Ground:
    """What a number rests on: a claim with its source, or what was assumed."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as the report prints it."""

    key: str
    meaning: str
    value: str
    range: str
    rests_on: list[Ground]


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one actor, of the ties, of the events or of the coefficients."""

    title: str
    numbers: list[Number] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Happening:
    """What an event brings on its day."""

    on: str
    what: str
    rests_on: list[Ground]


def numbers_of(scenario: Scenario, claims: Mapping[str, Evidence]) -> list[Group]:
    """Every number of the scenario by group, in the order of the file."""
    groups: dict[str, Group] = {}
    for key, item in scenario.inputs.items():
        if item.silent:
            continue
        start = _start(key)
        title = _title(start.removeprefix("actors."), scenario)
        number = Number(
            key=item.key.removeprefix(f"{start}."),
            meaning=item.meaning,
            value=f"{item.value:g}",
            range=_range(item),
            rests_on=_grounds(item.claims, item.assumed, claims),
        )
        groups.setdefault(start, Group(title)).numbers.append(number)
    return list(groups.values())


def happenings_of(scenario: Scenario, claims: Mapping[str, Evidence]) -> list[Happening]:
    """Every event in words."""
    return [
        Happening(_when(event, scenario), _what(event, scenario), _grounds(event.claims, event.assumed, claims))
        for event in scenario.events
    ]


def _title(start: str, scenario: Scenario) -> str:
    """What a group is called: an actor by its label and key."""
    label = scenario.labels.get(start, start)
    return start if label == start else f"{label} ({start})"


def _start(key: str) -> str:
    """The start of a key that its group shares."""
    words = key.split(".")
    if words[0] in ("ties", "events"):
        return words[0]
    return "coefficients" if words[0] in ("coefficients", "rule") else ".".join(words[:2])


def _range(item: Input) -> str:
    span = f"{item.spread[0]:g}–{item.spread[1]:g}" if item.spread else ""
    return f"{span} {item.unit}".strip()


def _when(event: Event, scenario: Scenario) -> str:
    """When an event is due: a date, or the round of a negotiation."""
    return str(event.on) if scenario.parties else moment(scenario, scenario.step_of(event.on))


def _what(event: Event, scenario: Scenario) -> str:
    said = [event.label or event.id or (event.offer.id if event.offer else "")]
    if event.offer is not None:
        to = offer_ids(scenario)[occasions(scenario, event)[0][0]] if occasions(scenario, event) else ()
        said.append(f"{event.offer.form} offer of {_listed(event.offer.sponsors, scenario)} to {_listed(to, scenario)}")
        if event.offer.opponents:
            said.append(f"against it: {_listed(event.offer.opponents, scenario)}")
    said += [f"{key} = {number.best:g}" for key, number in event.set.items()]
    said += [f"{key} {number.best:+g}" for key, number in event.add.items()]
    if event.probability < 1:
        said.append(f"happens with probability {event.probability:g}")
    return "; ".join(said)


def _listed(names: Iterable[str], scenario: Scenario) -> str:
    return ", ".join(scenario.labels[name] for name in names)


def _grounds(ids: Iterable[str], assumed: str | None, claims: Mapping[str, Evidence]) -> list[Ground]:
    """Claims in full, with their source, where they are known; and what was assumed."""
    found = []
    for name in ids:
        claim = claims.get(name)
        if claim is None:
            found.append(Ground(name))
        else:
            source = ", ".join(part for part in (claim.date, claim.check, claim.source) if part)
            found.append(Ground(f"{name}: {claim.text}", source))
    return [*found, Ground(f"assumed: {assumed}")] if assumed else found
