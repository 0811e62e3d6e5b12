"""Simple forecasts of the same answers, which a model has to beat to be worth its trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simulation.dynamics.events import put
from simulation.dynamics.state import Array, Flags
from simulation.questions.record.hindcast import Asked
from simulation.rules.compromise import weighted_mean
from simulation.runs.setup import open_scenario
from simulation.scenario.schema import Scenario

Known = Flags
"""Which answers a forecaster may learn from, shape (answers,). Never the one that is being forecast."""


def base_rate(asked: Sequence[Asked], known: Known) -> Array:
    """The mean of the known answers, the one forecast left out; one half where none is left."""
    grade = np.array([item.grade for item in asked])
    count = known.sum() - known
    return np.where(count > 0, (np.sum(grade * known) - grade * known) / np.maximum(count, 1), 0.5)


def last_answer(asked: Sequence[Asked], known: Known) -> Array:
    """What the party answered last time, whether before or after the split; one half the first time."""
    last: dict[str, float] = {}
    found = []
    for item in asked:
        found.append(last.get(item.party, 0.5))
        last[item.party] = item.grade
    return np.array(found)


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
    world, state = open_scenario(scenario)
    chance = np.full(len(world.offers), np.nan)
    for step in range(world.steps):
        for event in world.events.get(step, ()):
            for change in event.changes:
                state = put(state, change)
        mean = float(weighted_mean(state.stance, state.salience, state.influence))
        answers = world.answers
        now = 1 / (1 + np.exp((answers.threshold - mean) / answers.temperature))
        for event in world.events.get(step, ()):
            chance[list(event.offers)] = now
    return chance[[item.place[0] for item in asked]]
