"""Simple forecasts of the same answers, which a model has to beat to be worth its trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from simulation.dynamics.events import DueEvent, put
from simulation.dynamics.state import Array, Flags, State
from simulation.questions.record.hindcast import Asked
from simulation.rules.compromise import weighted_mean
from simulation.runs.setup import open_scenario
from simulation.scenario.keys import named_events
from simulation.scenario.knowledge import offer_days
from simulation.scenario.schema import Scenario

Known = Flags
"""Which answers a forecaster may learn from, shape (answers,). Never the one that is being forecast."""


def base_rate(asked: Sequence[Asked], known: Known) -> Array:
    """The mean of the known answers, the one forecast left out; one half where none is left."""
    grade = np.array([item.grade for item in asked])
    count = known.sum() - known
    return np.where(count > 0, (np.sum(grade * known) - grade * known) / np.maximum(count, 1), 0.5)


def last_answer(asked: Sequence[Asked], known: Known) -> Array:
    """What the party answered last before the day of the offer, whatever the split; one half where it never had."""
    earlier = [answered_before(asked, item) for item in asked]
    return np.array([past[-1].grade if past else 0.5 for past in earlier])


def answered_before(asked: Sequence[Asked], item: Asked) -> list[Asked]:
    """The answers that the same party had given before the day of an offer, the last at the end."""
    past = [other for other in asked if other.party == item.party and other.given < item.day]
    return sorted(past, key=lambda other: (other.given, other.place))


def loser_accepts(asked: Sequence[Asked], known: Known) -> Array:
    """The losing side accepts, the winning side refuses; even fortunes, or none coded, are one half."""
    fortune = np.array([item.fortune for item in asked])
    return np.where(fortune < 0, 1.0, np.where(fortune > 0, 0.0, 0.5))


def loser_accepts_more(asked: Sequence[Asked], known: Known) -> Array:
    """The share of known answers that were a yes among losing, even and winning parties; the one forecast left out.

    One yes and one no more are counted in each group, so that a group seen but once is not held to be certain.
    """
    grade = np.array([item.grade for item in asked])
    group = np.sign(np.nan_to_num([item.fortune for item in asked]))
    same = (group[:, None] == group) & known & ~np.eye(len(asked), dtype=bool)
    return np.asarray((same @ grade + 1) / (same.sum(axis=1) + 2))


BASELINES: dict[str, Callable[[Sequence[Asked], Known], Array]] = {
    "the loser accepts, the winner refuses": loser_accepts,
    "the same, with shares learnt": loser_accepts_more,
    "base rate": base_rate,
    "last answer again": last_answer,
}


def mean_stance(scenario: Scenario, asked: Sequence[Asked]) -> Array:
    """The null model of bargaining: everybody's stance as coded, weighted by influence and salience, answers for all.

    Stances, salience and influence change by events only; nobody fights and nobody leans on anybody. The chance is the
    logistic of the weighted mean, with the threshold and temperature of the scenario.
    """
    answers = open_scenario(scenario)[0].answers
    chance = {}
    for offer, state in states_at_offers(scenario):
        mean = float(weighted_mean(state.stance, state.salience, state.influence))
        chance[offer] = 1 / (1 + np.exp((answers.threshold - mean) / answers.temperature))
    return np.array([chance[item.offer] for item in asked])


def states_at_offers(scenario: Scenario) -> Iterator[tuple[str, State]]:
    """The state as coded on the day of each offer: the opening, and what events changed; nobody moves by itself."""
    world, state = open_scenario(scenario)
    days, happened = offer_days(scenario), {name: event.on for name, event in named_events(scenario)}
    for step in range(world.steps):
        due = world.events.get(step, ())
        for offer in (world.offers[number].id for event in due for number in event.offers):
            known = [event for event in due if happened[event.id] <= days[offer]]
            yield offer, _changed(state, known)
        state = _changed(state, due)


def _changed(state: State, due: Iterable[DueEvent]) -> State:
    for event in due:
        for change in event.changes:
            state = put(state, change)
    return state
