"""The chances that the model gives the observed answers of many wars, for many draws of shared coefficients."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.questions.record.benchmark.cases import Case, category
from simulation.questions.record.hindcast import hindcast
from simulation.runs.workers import Workers, cores
from simulation.scenario.schema import Scenario

WORTH_SHARING = 3_000_000
"""Steps of runs from which work is shared out among processes; below, starting them takes longer."""


@dataclass(frozen=True)
class Wars:
    """The wars of one coding, and their answers in a row."""

    coding: str
    cases: tuple[Case, ...]

    @cached_property
    def names(self) -> list[str]:
        """The wars, in order."""
        return [case.war for case in self.cases]

    @cached_property
    def war(self) -> Array:
        """Which war each answer is of, by place, shape (answers,)."""
        return np.repeat(np.arange(len(self.cases)), [len(case.asked) for case in self.cases])

    @cached_property
    def own(self) -> Flags:
        """Whether a party made the offer itself, shape (answers,)."""
        return np.array([item.own for case in self.cases for item in case.asked])

    @cached_property
    def grade(self) -> Array:
        """0 refused … 1 accepted, shape (answers,)."""
        return np.array([item.grade for case in self.cases for item in case.asked])

    @cached_property
    def category(self) -> Array:
        """0 refused, 1 with conditions, 2 accepted, shape (answers,)."""
        return np.array([category(record) for case in self.cases for record in case.records])


def forecast(wars: Wars, values: Mapping[str, Array], draws: int, lucks: int, seed: int) -> Array:
    """The chances of a yes and of a full yes to every answer, shape (draws, answers, 2): means over so many sets of
    random numbers.

    Each draw has random numbers of its own. A chance is nan where an offer is made in none of them.

    Parameters
    ----------
    values : key to (draws,)
    """
    steps = draws * lucks * sum(case.scenario.steps for case in wars.cases)
    calls = [(case.scenario, values, draws, lucks, seed) for case in wars.cases]
    if steps < WORTH_SHARING or cores() == 1:
        return np.concatenate([_of_a_war(*call) for call in calls], axis=1)
    order = sorted(range(len(calls)), key=lambda place: -wars.cases[place].scenario.steps)
    with Workers(_of_a_war, min(cores(), len(calls))) as pool:
        found = dict(zip(order, pool.results((calls[k] for k in order), in_order=True), strict=True))
    return np.concatenate([found[place] for place in range(len(calls))], axis=1)


def _of_a_war(scenario: Scenario, values: Mapping[str, Array], draws: int, lucks: int, seed: int) -> Array:
    repeated = {key: np.repeat(value, lucks) for key, value in values.items()}
    every = hindcast(scenario, draws * lucks, seed, values=repeated, graded=True)
    every = every.reshape(draws, lucks, *every.shape[1:])
    made = ~np.isnan(every)
    count = made.sum(axis=1)
    total = np.where(made, every, 0.0).sum(axis=1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
