"""What is no fault of a scenario, and may yet be meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from simulation.scenario.keys import occasions

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


def notes(scenario: Scenario) -> Iterator[str]:
    """A sentence on each thing that whoever wrote the scenario may want to look at again."""
    stances = [actor.stance.best for actor in scenario.actors.values()]
    if not scenario.parties and 0 < max(stances) <= 1:
        yield "all stances lie within 0 … 1, and are read as points of 0 … 100: are they shares?"
    events = [name for event in scenario.events for name in (event.id, *(key for key, _ in occasions(scenario, event)))]
    for kind, names in (
        ("actors", scenario.actors),
        ("issues", scenario.issues or ()),
        ("events and offers", dict.fromkeys(filter(None, events))),
        ("sources", scenario.sources or ()),
    ):
        first: dict[str, str] = {}
        for name in names:
            other = first.setdefault(name.casefold(), name)
            if other != name:
                yield f"{kind}: '{other}' and '{name}' differ in upper and lower case only: are they the same?"
    for event in scenario.events:
        changes = chain(event.set.items(), event.add.items())
        bare = [key for key, number in changes if not (number.claims or number.assumed)]
        if bare and not (event.claims or event.assumed):
            yield f"events[{event.name or event.on}]: says not what {', '.join(bare)} rests on."
