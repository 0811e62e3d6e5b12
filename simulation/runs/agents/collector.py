"""What is kept of a run at every step: one table of the war, one of its actors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import mesa

from simulation.dynamics.variables import VARIABLES
from simulation.scenario.keys import offer_ids, pair_names
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulation.runs.agents.actors import Actor
    from simulation.runs.agents.model import ConflictModel

OF_ACTORS = ("stance", "salience", "influence")
"""The numbers that are kept of every actor, besides its name."""


class Collector(mesa.DataCollector):
    """Mesa's data collector, with a column for all there is to see of a war."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(
            model_reporters=_reporters(scenario),
            agent_reporters={name: attrgetter(name) for name in ("name", *OF_ACTORS)},
        )

    def _record_agents(self, model: ConflictModel) -> Iterable[tuple[Any, ...]]:
        """What Mesa asks of one actor after another, read off the state at once: a third of its time."""
        numbers = [getattr(model.state, name).tolist() for name in OF_ACTORS]
        actors: Iterable[Actor] = model.agents
        return [
            (model.steps, actor.unique_id, actor.name, *(column[actor.place] for column in numbers)) for actor in actors
        ]


def counted() -> list[str]:
    """What of a party is kept at every step, and shown."""
    return [variable.name for variable in VARIABLES.values() if variable.of == "party" and variable.counted]


def _reporters(scenario: Scenario) -> dict[str, Any]:
    """What is kept of the war, by column. A model is pickled with it: no lambdas."""
    columns: dict[str, Any] = {"date": "date", "truce": "truce"}
    if len(pairs := pair_names(scenario)) > 1:
        columns |= {f"truce.{pair}": partial(_at_peace, place) for place, pair in enumerate(pairs)}
    for place, party in enumerate(scenario.parties):
        columns |= {f"{field}.{party}": partial(_held, field, place) for field in counted()}
    for row, (offer, asked) in enumerate(offer_ids(scenario).items()):
        for party in asked:
            columns[f"answer.{offer}.{party}"] = partial(_answered, row, scenario.parties.index(party))
    return columns


def _at_peace(pair: int, model: ConflictModel) -> bool:
    """Whether two parties have a truce."""
    return bool(model.state.truce[pair])


def _held(field: str, party: int, model: ConflictModel) -> float:
    """A number of a party."""
    return float(getattr(model.state, field)[party])


def _answered(row: int, column: int, model: ConflictModel) -> float | None:
    """What a party answered to an offer: 0, 0.5 or 1; None while it has not been asked."""
    answer = float(model.state.answer[row, column])
    return None if math.isnan(answer) else answer
