"""Every number of a scenario by its key: what it is, what bounds it, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulation.dynamics.variables import VARIABLES
from simulation.parameters import Parameters, entries
from simulation.rules import FriedkinJohnsen
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.keys import stakes_on, target_of
from simulation.scenario.labels import issue_labels, scale_of, standing
from simulation.scenario.quantity import Quantity, Sourced

if TYPE_CHECKING:
    from simulation.scenario.offers import Event
    from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Input:
    """One number that a run takes in."""

    key: str
    value: float
    low: float  # the least it may be
    high: float  # the most it may be
    spread: tuple[float, float] | None  # an expert's interval, to be sampled
    unit: str
    meaning: str
    claims: tuple[str, ...]
    assumed: str | None
    selection: bool = False  # tells which cases come about: good for a forecast, no lever
    idle: bool = False  # bears on nothing as things are: a switch that is off, or what counts only while one is on
    silent: bool = False  # an issue of which an offer says nothing: moved, the offer speaks of it


def inputs_of(scenario: Scenario) -> dict[str, Input]:
    """All numbers of a scenario, in the order of the file, coefficients last."""
    return {item.key: item for item in _inputs(scenario)}


def _inputs(scenario: Scenario) -> Iterator[Input]:
    for name, actor in scenario.actors.items():
        for item in _sourced(f"actors.{name}", actor):
            if actor.positions is not None and item.key.endswith((".stance", ".salience")):
                continue  # there, firsts of a list
            if not scenario.parties and item.key == f"actors.{name}.stance":
                item = replace(item, meaning=f"{standing(scenario)}: {scale_of(scenario)}")
            yield item
    for tie in scenario.ties:
        yield from _sourced(f"ties.{tie.source}.{tie.target}", tie)
    for name, now in scenario.stakes.items():
        issue = scenario.issues[name] if isinstance(scenario.issues, dict) else None
        if issue is not None and issue.held_by is None:
            yield Input(
                f"issues.{name}.now",
                now,
                0,
                100,
                None,
                "",
                f"{issue.title or name}: what holds if nothing is agreed",
                issue.claims,
                issue.assumed,
            )
    for want in scenario.wants or ():
        if want.issue in scenario.stakes:
            yield from _sourced(f"wants.{want.party}.{want.issue}", want)
    for event in scenario.events:
        if event.name is None:
            continue  # nothing can refer to it
        where, source = f"events.{event.name}", (event.claims, event.assumed)
        if event.id is not None and event.probability < 1:
            yield Input(f"{where}.probability", event.probability, 0, 1, None, "chance", "that it happens", *source)
        for how in ("set", "add"):
            for key, number in getattr(event, how).items():
                field, _ = target_of(scenario, key)
                bounds = (VARIABLES[field].low, VARIABLES[field].high)
                if how == "add":
                    bounds = (bounds[0] - bounds[1], bounds[1] - bounds[0])
                yield _quantity(f"{where}.{how}.{key}", number, *bounds, f"{how}s {key}", *source)
        if event.offer is not None:
            monitoring = event.offer.monitoring
            yield _quantity(f"{where}.offer.monitoring", monitoring, 0, 1, "how closely the truce is watched", *source)
            if event.offer.scope is not None:
                meaning = "the share of the fighting that it would still"
                yield _quantity(f"{where}.offer.scope", event.offer.scope, 0, 1, meaning, *source)
            yield from _terms(scenario, event, f"{where}.offer.terms")
    yield from coefficients(scenario)


def _terms(scenario: Scenario, event: Event, where: str) -> Iterator[Input]:
    """What an event's offer puts forward on each issue; where it says nothing, what holds on that day."""
    called, terms = issue_labels(scenario), event.offer.terms if event.offer else {}
    for name, now in stakes_on(scenario, event.on).items():
        meaning = f"what it puts forward: {called[name]}"
        if name in terms:
            yield _quantity(f"{where}.{name}", terms[name], 0, 100, meaning, event.claims, event.assumed)
        else:
            assumed = "the offer says nothing of it, and all stays as it is"
            yield Input(f"{where}.{name}", now, 0, 100, None, "", meaning, (), assumed, silent=True)


def coefficients(scenario: Scenario | None = None) -> Iterator[Input]:
    """The coefficients of a scenario, or the package's defaults."""
    groups = scenario.coefficients if scenario else Coefficients()
    for group in Coefficients.model_fields:
        yield from _coefficients(f"coefficients.{group}", getattr(groups, group))
    yield from _coefficients("rule", scenario.rule if scenario else FriedkinJohnsen())


def _sourced(where: str, table: Sourced) -> Iterator[Input]:
    for key, number in table.quantities():
        meaning = type(table).model_fields[key].description or ""
        yield _quantity(f"{where}.{key}", number, number.lowest, number.highest, meaning, table.claims, table.assumed)


def _quantity(
    key: str,
    number: Quantity,
    low: float,
    high: float,
    meaning: str,
    claims: tuple[str, ...],
    assumed: str | None,
) -> Input:
    own = bool(number.claims or number.assumed)
    return Input(
        key=key,
        value=number.best,
        low=low,
        high=high,
        spread=number.spread,
        unit="",
        meaning=meaning,
        claims=number.claims if own else claims,
        assumed=number.assumed if own else assumed,
    )


def _coefficients(where: str, table: Parameters) -> Iterator[Input]:
    for entry in entries(type(table)):
        value = getattr(table, entry.name)
        if entry.low is None or entry.high is None or isinstance(value, bool) or not isinstance(value, int | float):
            continue  # an option, not a number that varies
        yield Input(
            key=f"{where}.{entry.name}",
            value=value,
            low=entry.low,
            high=entry.high,
            spread=None,
            unit=entry.unit,
            meaning=entry.meaning,
            claims=(),
            assumed="default of the package" if value == entry.default else "set by the scenario",
            selection=entry.name in table.SELECTION,
            idle=entry.name in table.idle,
        )
