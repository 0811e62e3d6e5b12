"""Whether the parts of a scenario hang together: every name known, every date inside, every number where it may be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date as Date
from typing import TYPE_CHECKING

from simulation.dynamics.variables import BACKING, VARIABLES, settable
from simulation.parameters import nearest
from simulation.scenario.checks.expectations import unfit_expectation
from simulation.scenario.checks.history import (
    unfit_history,
    unfit_record,
    unfit_series,
    unfit_wants,
    unknown_sources,
)
from simulation.scenario.checks.names import more_than_once, no_actor, no_party
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import MOST_OCCASIONS, occasions, target_of
from simulation.scenario.knowledge import is_known

if TYPE_CHECKING:
    from simulation.scenario.actors import Tie
    from simulation.scenario.offers import Event, Offer
    from simulation.scenario.schema import Scenario

FIRST_DAY, LAST_DAY = Date(1678, 1, 1), Date(2261, 12, 31)
"""Days that the date axis of a result can hold."""


def faults(scenario: Scenario) -> Iterator[str]:
    """Everything that does not fit, a sentence each, with its place in the file."""
    end = scenario.start.toordinal() + scenario.steps * scenario.step_days
    if scenario.start < FIRST_DAY or end > LAST_DAY.toordinal():
        yield (
            f"start, steps: {_length(scenario)} from {scenario.start}; "
            f"a scenario has to lie between {FIRST_DAY} and {LAST_DAY}."
        )
        return  # no date can be worked out
    yield from _roles(scenario)
    yield from _told(scenario)
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
    yield from unfit_record(scenario)
    yield from unfit_history(scenario)
    yield from unfit_wants(scenario)
    yield from unfit_series(scenario)
    yield from unknown_sources(scenario)
    for number, wish in enumerate(scenario.expect):
        yield from unfit_expectation(scenario, wish, f"expect[{number}]")


def _roles(scenario: Scenario) -> Iterator[str]:
    """Where somebody fights, everybody has a role in the war."""
    for name, actor in scenario.actors.items() if scenario.parties else ():
        if "negotiator" in actor.roles:
            who = ", ".join(scenario.parties)
            yield f"actors.{name}.roles: missing: {who} fight, so say what {name} is: backer, mediator, proxy or ally."


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
    yield from more_than_once(tuple(scenario.issues or ()), "issues")
    if isinstance(scenario.issues, dict):
        for name, issue in scenario.issues.items():
            if issue.held_by is not None and issue.held_by not in scenario.parties:
                parties = ", ".join(scenario.parties)
                yield f"issues.{name}.now: '{issue.held_by}' is not a party, so it holds no ground. Parties: {parties}."
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
        yield (
            f"issues: '{rule.name}' plays one; rule = {{ name = \"spatial\", whole_moves = true }} plays several, "
            'and so does "exchange".'
        )
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
        if rule.divided_salience and total > 100 * (1 + 1e-9):
            yield f"actors.{name}.saliences: {total:g} in all; under '{rule.name}' they add up to at most 100."


def _ties(scenario: Scenario) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for tie in scenario.ties:
        place = f"ties[{tie.source} to {tie.target}]"
        yield from no_actor(scenario, tie.source, f"{place}.from")
        yield from no_actor(scenario, tie.target, f"{place}.to")
        if tie.source == tie.target:
            yield f"{place}: an actor needs no tie to itself."
        if (tie.source, tie.target) in seen:
            yield f"{place}: given twice; put both into one table."
        seen.add((tie.source, tie.target))
        if not any(tie.quantities()):
            yield f"{place}: an empty tie; `leverage`, `support`, `pledge` or `follows` is missing."
        for key in settable("backing"):
            if (
                getattr(tie, key, None) is not None
                and tie.target in scenario.actors
                and tie.target not in scenario.parties
            ):
                yield f"{place}.{key}: '{tie.target}' is not a party; only a party that fights can be backed."
        yield from _reaction(tie, place)


def _reaction(tie: Tie, place: str) -> Iterator[str]:
    """A backer that reacts says up to what; and there is something it may add to."""
    said = next((key for key in ("reacts", "most") if getattr(tie, key) is not None), None)
    if said and tie.support is None:
        yield f"{place}.{said}: a backer adds to its support; say what it sends at the start, support = 0 if nothing."
    if tie.reacts is not None and tie.reacts.best > 0 and tie.most is None:
        least = 0 if tie.support is None else tie.support.best
        yield (
            f"{place}.reacts: {tie.reacts.best:g} of what gap? Say what it would send at the most, an amount of "
            f"support from {least:g} to {BACKING.high:g}, such as most = {max(min(2 * least, BACKING.high), 0.1):g}."
        )


def _length(scenario: Scenario) -> str:
    """How many steps of how many days there are, in words."""
    steps, days = scenario.steps, scenario.step_days
    return f"{steps} {'step' if steps == 1 else 'steps'} of {days:g} {'day' if days == 1 else 'days'}"


def _event(scenario: Scenario, event: Event, place: str) -> Iterator[str]:
    end = scenario.date_of(scenario.steps)
    if event.on < scenario.start or scenario.step_of(event.on) >= scenario.steps:
        yield (
            f"{place}.on: {event.on} is outside the scenario, which runs from {scenario.start} up to, but not "
            f"including, {end} ({_length(scenario)})."
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
        yield from unfit_offer(scenario, event, event.offer, f"{place}.offer")


def _no_issue(scenario: Scenario, name: str) -> str:
    """What is wrong with terms on what is no issue."""
    if name in scenario.parties:
        return (
            f"'{name}' is a party; terms are points on issues. Say what is fought over under [issues.NAME], and where "
            f"{name} would have it under [[wants]]."
        )
    if not scenario.issues:
        return f"no issue '{name}'; say what is fought over under [issues.{name}]."
    return f"no issue '{name}'.{nearest(name, scenario.issues)}"


def unfit_offer(scenario: Scenario, event: Event, offer: Offer, place: str) -> Iterator[str]:
    """What does not fit in an offer: whom it names, what it puts forward, and when it is repeated."""
    if not scenario.parties:
        yield f'{place}: nobody can answer; no actor has roles = ["party"].'
    for key in ("sponsors", "opponents"):
        yield from more_than_once(getattr(offer, key), f"{place}.{key}")
        for name in dict.fromkeys(getattr(offer, key)):
            yield from no_actor(scenario, name, f"{place}.{key}")
    yield from more_than_once(offer.to or (), f"{place}.to")
    for name in dict.fromkeys(offer.to or ()):
        yield from no_party(scenario, name, f"{place}.to")
    if offer.to is not None and len(offer.to) == 0:
        yield f"{place}.to: nobody is asked; name a party, or leave it out to ask all."
    for name, points in offer.terms.items():
        if name not in (scenario.issues or ()):
            yield f"{place}.terms: {_no_issue(scenario, name)}"
        elif outside := [value for value in (points.best, points.low, points.high) if not 0 <= (value or 0) <= 100]:
            yield f"{place}.terms.{name}: {outside[0]:g} is outside 0 … 100, the scale of the issue."
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
