"""One run, step by step, as something to look at: what happened in each step, and where everybody stood after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

from simulation.dynamics.state import Array
from simulation.scenario.keys import occasions
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    from simulation.runs.agents.model import ConflictModel


@dataclass(frozen=True, slots=True)
class Proposal:
    """An offer that was on the table in a step, and what was said to it."""

    id: str
    label: str
    sponsors: tuple[str, ...]
    opponents: tuple[str, ...]
    answers: dict[str, float]  # by party: 1 accepted, 0.5 with conditions, 0 refused
    chances: dict[str, float]  # by party: how likely it was to accept, with or without conditions


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where everybody stands after so many steps, and what the last of them brought."""

    step: int  # steps done, the last of which is number step - 1; 0 is the opening
    day: Date  # the day on which that last step began, or the first day
    stance: dict[str, float]  # by actor, 0 fight on … 100 stop now
    influence: dict[str, float]  # by actor, 0 … 100
    leverage: dict[tuple[str, str], float]  # by source and target, 0 … 1; only ties that there are
    control: dict[str, float]  # by party, shares of the contested ground
    exhaustion: dict[str, float]  # by party, 0 … 1
    truce: bool  # among all parties
    truce_before: bool  # whether one was in force before the step
    truces: tuple[str, ...]  # pairs of parties that have one, such as LNA+GNA
    ended: dict[str, str]  # whose truces ended in the step, and how: broken, lapsed or replaced
    news: tuple[str, ...]  # labels of what happened besides offers
    offers: tuple[Proposal, ...]


def snapshots(model: ConflictModel) -> Iterator[Snapshot]:
    """The snapshots of a run from where it is to its end. The model is stepped on the way."""
    yield snapshot_of(model)
    while model.running:
        before = model.truce
        model.step()
        yield snapshot_of(model, before)


def how_it_ended(snapshot: Snapshot) -> str:
    """What became of the truce among all in a step: ``collapses`` where a pair broke theirs, else ``lapses``."""
    return "collapses" if "broken" in snapshot.ended.values() else "lapses"


def snapshot_of(model: ConflictModel, truce_before: bool | None = None) -> Snapshot:
    """What there is to see of a model as it is now.

    Parameters
    ----------
    truce_before : whether a truce was in force before the last step; as now, if left out
    """
    scenario, state, happened = model.scenario, model.state, model.happened
    names, parties, step = model.world.actors, model.world.parties, len(happened)
    latest = happened[-1] if happened else ()
    labels = _labels(scenario)

    def by(who: tuple[str, ...], values: Array) -> dict[str, float]:
        return dict(zip(who, map(float, values), strict=True))

    return Snapshot(
        step=step,
        day=scenario.date_of(max(step - 1, 0)),
        stance=by(names, state.stance),
        influence=by(names, state.influence),
        leverage={
            (names[source], names[target]): float(state.leverage[source, target])
            for source in range(len(names))
            for target in range(len(names))
            if state.leverage[source, target] > 0
        },
        control=by(parties, state.control),
        exhaustion=by(parties, state.exhaustion),
        truce=model.truce,
        truce_before=model.truce if truce_before is None else truce_before,
        truces=tuple(pair for pair, truce in model.truces.items() if truce),
        ended=model.ended,
        news=tuple(labels[name] for name in latest if name in labels),
        offers=tuple(_proposals(model, step - 1)),
    )


def _labels(scenario: Scenario) -> dict[str, str]:
    """Labels of the events that bring no offer, by name."""
    ordered = enumerate(sorted(scenario.events, key=lambda event: event.on))
    return {
        event.name or f"event {number}": event.label
        for number, event in ordered
        if event.label is not None and event.offer is None
    }


def _proposals(model: ConflictModel, step: int) -> Iterator[Proposal]:
    """The offers answered in a step."""
    said = model.answers
    for event in model.scenario.events:
        for name, when in occasions(model.scenario, event):
            if event.offer is None or when != step or name not in said:
                continue
            row = next(place for place, offer in enumerate(model.world.offers) if offer.id == name)
            yield Proposal(
                id=name,
                label=event.label or name,
                sponsors=event.offer.sponsors,
                opponents=event.offer.opponents,
                answers=said[name],
                chances={
                    party: float(model.state.chance[row, model.world.parties.index(party)]) for party in said[name]
                },
            )
