"""What of a scenario is known by a date, and which answers its runs are told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as Date
from datetime import datetime as DateTime
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from simulation.scenario.errors import ScenarioError, shown_as
from simulation.scenario.keys import occasions
from simulation.scenario.writing import as_tables

if TYPE_CHECKING:
    from simulation.scenario.offers import Event
    from simulation.scenario.record import Record
    from simulation.scenario.schema import Scenario

KEPT_DAYS = 14
"""Days after an answer until it is known whether the party kept to its word, as ``kept14`` says."""


def day_of(value: Date | str, name: str = "as_of") -> Date:
    """A date, or the text of one such as ``2020-01-10``.

    Raises
    ------
    ScenarioError
        for what is neither
    """
    if isinstance(value, DateTime):
        return value.date()
    if isinstance(value, Date):
        return value
    try:
        return Date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ScenarioError(f"`{name}`: {shown_as(value)} is not a date, such as 2020-01-10.") from None


def in_words(day: Date) -> str:
    """A date as a reader sees it, such as ``10 January 2020``."""
    return f"{day.day} {day:%B %Y}"


def offer_days(scenario: Scenario) -> dict[str, Date]:
    """The day of every occasion of an offer, by id."""
    return {
        name: event.on if event.offer is not None and event.offer.every is None else scenario.date_of(step)
        for event in scenario.events
        for name, step in occasions(scenario, event)
    }


def given_on(entry: Record, offers: Mapping[str, Date]) -> Date:
    """The day of an answer: its own where one is recorded, else that of the offer."""
    return entry.on or offers[entry.offer]


def told_answers(scenario: Scenario) -> dict[tuple[str, str], float]:
    """The answers that every run gives as history did (``Record.course``), by offer and party; none where not told."""
    if scenario.told is None:
        return {}
    offers = offer_days(scenario)
    return {
        (entry.offer, entry.party): entry.course for entry in scenario.record if given_on(entry, offers) < scenario.told
    }


def is_known(event: Event, day: Date) -> bool:
    """Whether an event has happened by the end of a day, or had been announced by then."""
    return min(event.on, event.announced or event.on) <= day


def known_by(scenario: Scenario, day: Date, ask_later: bool) -> tuple[dict[str, Any], dict[str, Date]]:
    """The raw tables of what is known of a scenario by a date; and by name, which events and offers came later.

    Parameters
    ----------
    ask_later : keep later offers, with what was answered, as questions: what else happened at their date goes

    Raises
    ------
    ScenarioError
        for a date outside the scenario, or after that by which it is known already
    """
    end = scenario.date_of(scenario.steps)
    if not scenario.start <= day <= end:
        raise ScenarioError(f"`as_of` {day} is outside the scenario, {scenario.start} to {end}.")
    if scenario.told is not None and day > scenario.told:
        raise ScenarioError(
            f"`as_of` {day} is after {scenario.told}, as of which this scenario was written: what came later is not "
            "in it."
        )
    raw, offers = as_tables(scenario), offer_days(scenario)
    later = {
        name: event.on
        for event in scenario.events
        if not is_known(event, day)
        for name in (event.id, event.offer and event.offer.id, *dict(occasions(scenario, event)))
        if name
    }
    events = []
    for event, table in zip(scenario.events, raw["events"], strict=True):
        if is_known(event, day):
            events.append(table)
        elif ask_later and event.offer is not None:
            events.append({**table, "set": {}, "add": {}})
    raw |= {"events": events, "told": day}
    raw["record"] = [
        table if ask_later else _without_outcome(table, given_on(entry, offers) + timedelta(days=KEPT_DAYS) > day)
        for entry, table in zip(scenario.record, raw["record"], strict=True)
        if ask_later or (given_on(entry, offers) < day and entry.offer not in later)
    ]
    if scenario.fortune is not None:
        raw["fortune"] = [
            table
            for row, table in zip(scenario.fortune, raw["fortune"], strict=True)
            if offers[row.offer] <= day and row.offer not in later
        ]
    if scenario.truces is not None:
        raw["truces"] = [
            table if truce.ended is None or truce.ended < day else _standing(table)
            for truce, table in zip(scenario.truces, raw["truces"], strict=True)
            if truce.began < day and truce.offer not in later
        ]
    if not ask_later:
        raw["expect"] = [
            table for table in raw["expect"] if not _names({table["measure"], table.get("exceeds")}, later)
        ]
    for story in ("about", "doubts"):
        raw.pop(story, None)  # they tell how it went on
    return raw, later


def _without_outcome(table: dict[str, Any], still_open: bool) -> dict[str, Any]:
    """A record without whether the word was kept, where that was still open."""
    if not still_open:
        return table
    less = {key: value for key, value in table.items() if key != "kept14"}
    if "codings" in less:
        less["codings"] = {
            coder: {key: value for key, value in cells.items() if key != "kept14"}
            for coder, cells in less["codings"].items()
        }
    return less


def _standing(table: dict[str, Any]) -> dict[str, Any]:
    """A past truce as long as nobody knows how it will end."""
    open_ended = {key: value for key, value in table.items() if key not in ("ended", "broken_by", "what", "codings")}
    return {**open_ended, "how": "held"}


def _names(measures: Iterable[str | None], later: Mapping[str, Date]) -> bool:
    """Whether one of some measures is about something that came later."""
    return any(word in later for measure in measures if measure for word in measure.split(".")[1:2])


def left_out(scenario: Scenario, known: Scenario) -> str:
    """What ``Scenario.as_of`` left out of a scenario, and what it tells, in a sentence or two."""
    assert known.told is not None
    offers = [event for event in scenario.events if event.offer is not None]
    known_offers = sum(event.offer is not None for event in known.events)
    gone = {
        ("event", "events"): len(scenario.events) - len(offers) - (len(known.events) - known_offers),
        ("offer", "offers"): len(offers) - known_offers,
    }
    words = [f"{count} later {one if count == 1 else many}" for (one, many), count in gone.items() if count]
    told = len(told_answers(known))
    answers = f"{told} earlier {'answer is' if told == 1 else 'answers are'} told"
    unknown = f"{' and '.join(words)} {'is' if words and sum(gone.values()) == 1 else 'are'} not known" if words else ""
    text = f"As of {in_words(known.told)}: {unknown or 'no event or offer is later'}; {answers}."
    announced = [event for event in known.events if event.on > known.told]
    if announced:
        names = ", ".join(f"{event.label or event.name} ({in_words(event.on)})" for event in announced)
        text += f" Announced by then, and so still to come: {names}."
    kept = {wish.that for wish in known.expect}
    dropped = [wish.that for wish in scenario.expect if wish.that not in kept]
    if dropped:
        what = "an expectation about a later offer" if len(dropped) == 1 else "expectations about later offers"
        text += f" Left out with them: {what}: {'; '.join(dropped)}."
    return text


def set_anew(scenario: Scenario, keys: Iterable[str]) -> list[str]:
    """A sentence on each of these keys to which an event of the scenario gives a value of its own, whatever it was."""
    known, said = set(keys), []
    for key in sorted(known):
        for event in scenario.events:
            own = f"events.{event.name}.set.{key}"
            if key in event.set and own not in known:
                rest = f"; for another value from then on, change {own} too" if event.name else ""
                said.append(
                    f"{key} counts up to {in_words(event.on)}: then “{event.label or event.name or 'an event'}” sets "
                    f"it to {event.set[key].best:g}, whatever it was{rest}."
                )
    return said


def refuse_later(key: str, later: Mapping[str, Date], told: Date | None) -> None:
    """Refuse a key such as ``events.airlift.set.ties.UAE.LNA.support`` that is about an event not yet known."""
    words = key.split(".")
    if words[0] == "events" and len(words) > 1 and words[1] in later:
        raise ScenarioError(f"{key}: the event '{words[1]}' is of {in_words(later[words[1]])}, after `as_of` {told}.")
