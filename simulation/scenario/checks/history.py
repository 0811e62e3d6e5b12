"""What a scenario keeps of history: of offers, parties and sources that are there, once each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulation.parameters import nearest
from simulation.scenario.checks.names import no_actor, no_party
from simulation.scenario.keys import offer_ids

if TYPE_CHECKING:
    from simulation.scenario.quantity import Coded
    from simulation.scenario.schema import Scenario


def unfit_record(scenario: Scenario) -> Iterator[str]:
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


def unfit_history(scenario: Scenario) -> Iterator[str]:
    """Fortunes and truces: of offers and parties that are there, once each."""
    asked, seen = offer_ids(scenario), set()
    for number, row in enumerate(scenario.fortune or ()):
        place = f"fortune[{number}]"
        if row.offer not in asked:
            yield f"{place}.offer: no offer '{row.offer}'.{nearest(row.offer, asked)}"
        yield from no_party(scenario, row.party, f"{place}.party")
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
            yield from no_actor(scenario, name, f"{place}.broken_by")


def unfit_wants(scenario: Scenario) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    total: dict[str, float] = {}
    for number, want in enumerate(scenario.wants or ()):
        place = f"wants[{number}]"
        yield from no_party(scenario, want.party, f"{place}.party")
        if want.issue not in (scenario.issues or ()):
            yield f"{place}.issue: no issue '{want.issue}'.{nearest(want.issue, scenario.issues or ())}"
        if (want.party, want.issue) in seen:
            yield f"{place}: a second want of {want.party} on '{want.issue}'."
        seen.add((want.party, want.issue))
        total[want.party] = total.get(want.party, 0.0) + want.weight.best
    for party, weight in total.items():
        if abs(weight - 1) > 0.011:  # two decimals an issue, as people write them
            yield f"wants: the weights of {party} add up to {weight:g}; over its issues they add up to 1."


def unfit_series(scenario: Scenario) -> Iterator[str]:
    """A series of fighting: only of a war, and of its time."""
    if scenario.series is None:
        return
    dates, end = scenario.series.fighting.dates, scenario.date_of(scenario.steps)
    if not scenario.parties:
        yield 'series.fighting: nobody fights here; no actor has roles = ["party"].'
    elif dates[-1] < scenario.start or dates[0] >= end:
        yield f"series.fighting: {dates[0]} to {dates[-1]} is outside the scenario, {scenario.start} to {end}."


def unknown_sources(scenario: Scenario) -> Iterator[str]:
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
