"""Offers that are forecast aside from the course of a run, which by their day knows more than anybody did."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.randomness import Luck
from simulation.dynamics.state import Array, State, World
from simulation.dynamics.step import advance
from simulation.runs.setup import as_told
from simulation.scenario.keys import named_events
from simulation.scenario.knowledge import offer_days

if TYPE_CHECKING:
    from simulation.questions.record.hindcast import Asked
    from simulation.scenario.schema import Scenario

Key = tuple[str, str]
"""Offer and party of an answer."""


@dataclass(frozen=True, slots=True)
class Aside:
    """An offer, and what of its run's course was not known by its day."""

    row: int  # in ``State.chance``
    first: int  # the step at whose start it leaves the course
    step: int  # in which the offer is made
    answers: frozenset[Key]  # to earlier offers, given on its day or later
    events: frozenset[str]  # of the same step, on later days


def asides(scenario: Scenario, asked: Sequence[Asked], told: Collection[Key]) -> list[Aside]:
    """The recorded offers that are to be forecast aside.

    A run gives the answers it is told when their offer is made, and all events of a step come before its offers. So an
    offer made before an earlier one was answered, or in one step with a later event, would be forecast from what nobody
    knew. Known by its day are answers given before it, and events up to it.

    Parameters
    ----------
    told : the answers that runs are told
    """
    days = offer_days(scenario)
    changes = [(name, event.on) for name, event in named_events(scenario) if event.set or event.add]
    found = []
    for offer, row in {item.offer: item.place[0] for item in asked}.items():
        day = days[offer]
        step = scenario.step_of(day)
        late = [
            item
            for item in asked
            if item.place[0] < row and item.given >= day.isoformat() and (item.offer, item.party) in told
        ]
        events = {name for name, on in changes if on > day and scenario.step_of(on) == step}
        if late or events:
            first = min([step, *(scenario.step_of(days[item.offer]) for item in late)])
            answers = frozenset((item.offer, item.party) for item in late)
            found.append(Aside(row, first, step, answers, frozenset(events)))
    return found


def chance_aside(aside: Aside, state: State, world: World, luck: Luck, told: Mapping[Key, float]) -> Array:
    """The chances that each party accepts the offer, at least with conditions and in full, shape (R, m, 2).

    The runs answer for themselves what is not known.

    Parameters
    ----------
    state : at the start of the step ``aside.first``
    luck : the random numbers of the runs
    told : the answers that runs are told
    """
    kept = {key: grade for key, grade in told.items() if key not in aside.answers}
    due = tuple(event for event in world.events.get(aside.step, ()) if event.id not in aside.events)
    world = replace(world, told=as_told(kept, world.parties), events={**world.events, aside.step: due})
    for t in range(aside.first, aside.step + 1):
        state = advance(state, t, world, luck)
    return np.stack([state.chance[:, aside.row], state.full[:, aside.row]], axis=-1)
