"""Names of actors and parties: known, and not given twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from simulation.parameters import nearest

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


def no_actor(scenario: Scenario, name: str, place: str) -> Iterator[str]:
    if name not in scenario.actors:
        yield f"{place}: no actor '{name}'.{nearest(name, scenario.actors)}"


def no_party(scenario: Scenario, name: str, place: str) -> Iterator[str]:
    if name in scenario.actors and name not in scenario.parties:
        parties = ", ".join(scenario.parties) or "none"
        yield f"{place}: '{name}' is not a party, so it cannot answer. Parties: {parties}."
    else:
        yield from no_actor(scenario, name, place)


def more_than_once(names: Iterable[str], place: str) -> Iterator[str]:
    for name, times in Counter(names).items():
        if times > 1:
            yield f"{place}: '{name}' is named {'twice' if times == 2 else f'{times} times'}."
