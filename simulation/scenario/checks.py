"""Whether the parts of a scenario hang together: every name known, every date inside, every number where it may be."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date as Date
from typing import TYPE_CHECKING

from simulation.dynamics.variables import VARIABLES, settable
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import MOST_OCCASIONS, occasions, offer_ids, target_of
from simulation.scenario.knowledge import is_known
from simulation.scenario.measure_kinds import TOP, Unit
from simulation.scenario.measures import parse

if TYPE_CHECKING:
    from simulation.scenario.quantity import Coded
    from simulation.scenario.schema import Event, Expect, Offer, Scenario

FIRST_DAY, LAST_DAY = Date(1678, 1, 1), Date(2261, 12, 31)
"""Days that the date axis of a result can hold."""


def faults(scenario: Scenario) -> Iterator[str]:
    """Everything that does not fit, a sentence each, with its place in the file."""
    end = scenario.start.toordinal() + scenario.steps * scenario.step_days
    if scenario.start < FIRST_DAY or end > LAST_DAY.toordinal():
        yield (
            f"start, steps: {scenario.steps} steps of {scenario.step_days:g} days from {scenario.start}; "
            f"a scenario has to lie between {FIRST_DAY} and {LAST_DAY}."
        )
        return  # no date can be worked out
    yield from _told(scenario)
    yield from _roles(scenario)
    yield from _control(scenario)
    yield from _issues(scenario)
    yield from _ties(scenario)
    seen: set[str] = set()
    for event in scenario.events:
        name = event.name
        place = f"events[{name or event.on}]"
        names = {text for text in (event.id, *(occasion for occasion, _ in occasions(scenario, event))) if text}
        for taken in sorted(names & seen):
            yield f"{place}: a second event or offer called '{taken}'; give it an id of its own."
        seen |= names
        yield from _event(scenario, event, place)
    yield from _record(scenario)
    yield from _history(scenario)
    yield from _wants(scenario)
    yield from _sources(scenario)
    for number, wish in enumerate(scenario.expect):
        yield from _expect(scenario, wish, f"expect[{number}]")


def _actor(scenario: Scenario, name: str, place: str) -> Iterator[str]:
    if name not in scenario.actors:
        yield f"{place}: no actor '{name}'.{nearest(name, scenario.actors)}"


def _party(scenario: Scenario, name: str, place: str) -> Iterator[str]:
    if name in scenario.actors and name not in scenario.parties:
        parties = ", ".join(scenario.parties) or "none"
        yield f"{place}: '{name}' is not a party, so it cannot answer. Parties: {parties}."
    else:
        yield from _actor(scenario, name, place)


def _once(names: Iterable[str], place: str) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{place}: '{name}' is named {'twice' if times == 2 else f'{times} times'}."


def _told(scenario: Scenario) -> Iterator[str]:
    """Nothing happens after what is known but offers, which are questions, and what was announced."""
    told, end = scenario.told, scenario.date_of(scenario.steps)
    if told is None:
        return
    if not scenario.start <= told <= end:
        yield f"told: {told} is outside the scenario, {scenario.start} to {end}."
    for event in scenario.events:
        if (event.set or event.add) and not is_known(event, told):
            yield (
                f"events[{event.name or event.on}].on: {event.on} is after told = {told}, so it is not known; leave "
                "told out and load the scenario as of that day (--as-of), or say when this was announced."
            )


def _roles(scenario: Scenario) -> Iterator[str]:
    """Where somebody fights, everybody has a role in the war."""
    for name, actor in scenario.actors.items() if scenario.parties else ():
        if "negotiator" in actor.roles:
            who = ", ".join(scenario.parties)
            yield f"actors.{name}.roles: missing: {who} fight, so say what {name} is: backer, mediator, proxy or ally."


def _control(scenario: Scenario) -> Iterator[str]:
    shares = {party: scenario.actors[party].control for party in scenario.parties}
    given = {party: share.best for party, share in shares.items() if share is not None}
    if given and len(given) < len(shares):
        missing = ", ".join(sorted(set(shares) - set(given)))
        yield f"actors: control is given for some parties but not for {missing}; give it for all, or for none."
    elif given and abs(sum(given.values()) - 1) > 1e-6:
        yield f"actors: the parties' control adds up to {sum(given.values()):g}; shares of the ground add up to 1."
    if not scenario.actors:
        yield "actors: nobody takes part."


def _issues(scenario: Scenario) -> Iterator[str]:
    """Several issues: only where nobody fights, and the rule can play them."""
    issues, rule = scenario.negotiated, scenario.rule
    yield from _once(tuple(scenario.issues or ()), "issues")
    if scenario.issues is not None and not isinstance(scenario.issues, dict):
        if scenario.parties:
            fighting = ", ".join(scenario.parties)
            yield (
                f"issues: {fighting} fight, so say what each issue means: [issues.NAME] with low and high, and who "
                "would have it where under [[wants]]."
            )
            return
        elif len(scenario.issues) < 2:
            yield "issues: a list needs two names or more; one issue is written [issues.NAME] with low and high."
            return
    if not issues:
        for name, actor in scenario.actors.items():
            if actor.positions is not None or actor.saliences is not None:
                yield f"actors.{name}: positions and saliences belong to a negotiation over several issues; name these."
        return
    if not rule.several_issues:
        yield f"issues: '{rule.name}' plays one; rule = {{ name = \"spatial\", whole_moves = true }} plays several."
    elif not rule.whole_moves:
        yield "issues: several are played in whole turns; set rule.whole_moves = true."
    if getattr(rule, "following", 1.0) != 1.0:
        yield "issues: over several actors judge by where they stand; leave out rule.following."
    if scenario.coefficients.opinion.noise > 0:
        yield "issues: several are played without noise; set coefficients.opinion.noise = 0."
    if scenario.events:
        yield "issues: several are played without events; leave out one or the other."
    for name, actor in scenario.actors.items():
        for several, one in (("positions", actor.stance), ("saliences", actor.salience)):
            found = getattr(actor, several)
            if found is None or len(found) != len(issues):
                given = "none" if found is None else str(len(found))
                yield f"actors.{name}.{several}: {len(issues)} numbers are needed, one an issue; there are {given}."
            elif found[0] != one.best:
                key = "stance" if several == "positions" else "salience"
                yield f"actors.{name}.{key}: {one.best:g} is not the first of {several}, {found[0]:g}; leave it out."
        total = sum(actor.saliences or ())
        if total > 100 * (1 + 1e-9):
            yield f"actors.{name}.saliences: {total:g} in all; over all issues they add up to at most 100."


def _ties(scenario: Scenario) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for tie in scenario.ties:
        place = f"ties[{tie.source} to {tie.target}]"
        yield from _actor(scenario, tie.source, f"{place}.from")
        yield from _actor(scenario, tie.target, f"{place}.to")
        if tie.source == tie.target:
            yield f"{place}: an actor needs no tie to itself."
        if (tie.source, tie.target) in seen:
            yield f"{place}: given twice; put both into one table."
        seen.add((tie.source, tie.target))
        if not any(tie.quantities()):
            yield f"{place}: an empty tie; leverage, support, pledge or follows is missing."
        for key in settable("backing"):
            if (
                getattr(tie, key, None) is not None
                and tie.target in scenario.actors
                and tie.target not in scenario.parties
            ):
                yield f"{place}.{key}: '{tie.target}' is not a party; only a party that fights can be backed."


def _event(scenario: Scenario, event: Event, place: str) -> Iterator[str]:
    end = scenario.date_of(scenario.steps)
    if event.on < scenario.start or scenario.step_of(event.on) >= scenario.steps:
        yield (
            f"{place}.on: {event.on} is outside the scenario, which runs from {scenario.start} up to, but not "
            f"including, {end} ({scenario.steps} steps of {scenario.step_days:g} days)."
        )
    for how in ("set", "add"):
        for key, number in getattr(event, how).items():
            where = f'{place}.{how}."{key}"'
            try:
                field, _ = target_of(scenario, key)
            except ScenarioError as error:
                yield f"{where}: {error}"
                continue
            low, high = VARIABLES[field].low, VARIABLES[field].high
            if how == "add":
                low, high = low - high, high - low
            for value in dict.fromkeys((number.best, number.low, number.high)):
                if value is not None and not low <= value <= high:
                    yield f"{where}: {value:g} is outside {low:g} … {high:g}."
    if event.offer is not None:
        yield from _offer(scenario, event, event.offer, f"{place}.offer")


def _offer(scenario: Scenario, event: Event, offer: Offer, place: str) -> Iterator[str]:
    if not scenario.parties:
        yield f'{place}: nobody can answer; no actor has roles = ["party"].'
    for key in ("sponsors", "opponents"):
        yield from _once(getattr(offer, key), f"{place}.{key}")
        for name in dict.fromkeys(getattr(offer, key)):
            yield from _actor(scenario, name, f"{place}.{key}")
    yield from _once(offer.to or (), f"{place}.to")
    for name in dict.fromkeys(offer.to or ()):
        yield from _party(scenario, name, f"{place}.to")
    if offer.to is not None and len(offer.to) == 0:
        yield f"{place}.to: nobody is asked; name a party, or leave it out to ask all."
    for name, points in offer.terms.items():
        if name in (scenario.issues or ()):
            if not 0 <= points.best <= 100:
                yield f"{place}.terms.{name}: {points.best:g} is outside 0 … 100, the scale of the issue."
            continue
        if scenario.issues and name not in scenario.actors:
            yield f"{place}.terms: no issue or party '{name}'.{nearest(name, [*scenario.issues, *scenario.parties])}"
            continue
        yield from _party(scenario, name, f"{place}.terms")
        if offer.to and name in scenario.parties and name not in offer.to:
            yield f"{place}.terms: '{name}' is not asked, so what the terms give it counts for nothing."
    if both := set(offer.sponsors) & set(offer.opponents):
        yield f"{place}: {', '.join(sorted(both))} cannot both sponsor and oppose it."
    if offer.until is not None and offer.until < event.on:
        yield f"{place}.until: {offer.until} is before {event.on}, when it is first made."
    if offer.every is not None:
        if offer.every < scenario.step_days:
            step = f"{scenario.step_days:g}"
            yield f"{place}.every: {offer.every:g} days is shorter than a step of {step}; one answer a step."
        elif len(occasions(scenario, event)) > MOST_OCCASIONS:
            yield f"{place}.every: more than {MOST_OCCASIONS} occasions."


def _record(scenario: Scenario) -> Iterator[str]:
    asked, seen = offer_ids(scenario), set()
    for number, entry in enumerate(scenario.record):
        place = f"record[{number}]"
        if entry.offer not in asked:
            yield f"{place}.offer: no offer '{entry.offer}'.{nearest(entry.offer, asked)}"
        elif entry.party not in asked[entry.offer]:
            parties = ", ".join(asked[entry.offer])
            yield f"{place}.party: '{entry.party}' is not asked by '{entry.offer}', only {parties}."
        if (entry.offer, entry.party) in seen:
            yield f"{place}: a second answer of {entry.party} to '{entry.offer}'."
        seen.add((entry.offer, entry.party))


def _history(scenario: Scenario) -> Iterator[str]:
    """Fortunes and truces: of offers and parties that are there, once each."""
    asked, seen = offer_ids(scenario), set()
    for number, row in enumerate(scenario.fortune or ()):
        place = f"fortune[{number}]"
        if row.offer not in asked:
            yield f"{place}.offer: no offer '{row.offer}'.{nearest(row.offer, asked)}"
        yield from _party(scenario, row.party, f"{place}.party")
        if (row.offer, row.party) in seen:
            yield f"{place}: a second fortune of {row.party} at '{row.offer}'."
        seen.add((row.offer, row.party))
    for entry in scenario.record:
        if entry.fortune is not None and (entry.offer, entry.party) in seen:
            yield f"fortune: that of {entry.party} at '{entry.offer}' is given under [[record]] too; keep one."
    for number, truce in enumerate(scenario.truces or ()):
        place = f"truces[{number}]"
        if truce.offer is not None and truce.offer not in asked:
            yield f"{place}.offer: no offer '{truce.offer}'.{nearest(truce.offer, asked)}"
        for name in truce.broken_by or ():
            yield from _actor(scenario, name, f"{place}.broken_by")


def _wants(scenario: Scenario) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    total: dict[str, float] = {}
    for number, want in enumerate(scenario.wants or ()):
        place = f"wants[{number}]"
        yield from _party(scenario, want.party, f"{place}.party")
        if want.issue not in (scenario.issues or ()):
            yield f"{place}.issue: no issue '{want.issue}'.{nearest(want.issue, scenario.issues or ())}"
        if (want.party, want.issue) in seen:
            yield f"{place}: a second want of {want.party} on '{want.issue}'."
        seen.add((want.party, want.issue))
        total[want.party] = total.get(want.party, 0.0) + want.weight.best
    for party, weight in total.items():
        if abs(weight - 1) > 0.011:  # two decimals an issue, as people write them
            yield f"wants: the weights of {party} add up to {weight:g}; over its issues they add up to 1."


def _sources(scenario: Scenario) -> Iterator[str]:
    """Short ids of sources that the scenario's own table has."""
    known = scenario.sources or {}
    parts: list[tuple[str, Coded]] = [(f"actors.{name}", actor) for name, actor in scenario.actors.items()]
    parts += [(f"ties[{tie.source} to {tie.target}]", tie) for tie in scenario.ties]
    for event in scenario.events:
        parts.append((f"events[{event.name or event.on}]", event))
        if event.offer is not None:
            parts.append((f"events[{event.name}].offer", event.offer))
    for key in ("wants", "record", "fortune", "truces"):
        parts += [(f"{key}[{number}]", part) for number, part in enumerate(getattr(scenario, key) or ())]
    for place, part in parts:
        for source in part.sources or ():
            if source not in known:
                hint = nearest(source, known)
                yield f"{place}.sources: no source '{source}' under [sources].{hint if 'mean' in hint else ''}"


def _expect(scenario: Scenario, wish: Expect, place: str) -> Iterator[str]:
    """Measures that are known, bounds where the measure can lie, and differences of like with like."""
    if wish.by != 0 and wish.exceeds is None:
        yield f"{place}.by: needs exceeds, the measure that is exceeded by so much."
    units: list[Unit] = []
    for key in ("measure", "exceeds"):
        name = getattr(wish, key)
        if name is not None:
            try:
                units.append(parse(name, scenario).unit)
            except ScenarioError as error:
                yield f"{place}.{key}: {error}"
                return
    unit = units[0]
    if len(set(units)) > 1:
        both = f"{wish.exceeds} is counted in {units[1]}, {wish.measure} in {unit}"
        yield f"{place}.exceeds: {both}; compare like with like."
        return
    top = TOP.get(unit, math.inf)
    for key in ("above", "below"):
        yield from _bound(getattr(wish, key), 0.0, top, unit, f"{place}.{key}: {wish.measure}")
    if wish.exceeds is not None:
        yield from _bound(wish.by, -top, top, unit, f"{place}.by: {wish.measure} - {wish.exceeds}")


def _bound(value: float | None, low: float, high: float, unit: Unit, place: str) -> Iterator[str]:
    """A bound that lies outside of what a measure can come to; if it was written in per cent, what it should be."""
    if value is None or low <= value <= high:
        return
    room = f"between {low:g} and {high:g}" if high < math.inf else f"{low:g} or more"
    text = f"{place} is counted in {unit}, {room}; {value:g} is outside."
    if unit in ("chance", "share") and 1 < abs(value) <= 100:
        text += f" Did you mean {value / 100:g}?"
    yield text
