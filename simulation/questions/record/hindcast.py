"""Runs of a war whose answers are on record, and the chances the model gave those answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from simulation.dynamics.randomness import Luck
from simulation.dynamics.simulate import spread
from simulation.dynamics.state import Array
from simulation.dynamics.step import advance
from simulation.runs.batches import batches
from simulation.runs.ensemble import checked
from simulation.runs.setup import open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids
from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer on record."""

    offer: str
    party: str
    day: str  # ISO date of the offer
    grade: float  # 0 refused … 1 accepted
    fortune: float  # how the party fared in battle, as coded; nan where nobody coded it
    own: bool  # whether the party sponsored the offer itself
    label: str
    place: tuple[int, int]  # row and column in the results

    @property
    def name(self) -> str:
        """Offer and party in one word, such as ``moscow-text.LNA``."""
        return f"{self.offer}.{self.party}"


def answers_on_record(scenario: Scenario) -> list[Asked]:
    """The recorded answers in the order in which the offers were made.

    Raises
    ------
    ScenarioError
        where the scenario records none
    """
    offers = {
        event.offer.id: (event.on, event.offer.sponsors)
        for event in scenario.events
        if event.offer is not None and event.offer.every is None
    }
    order = list(offer_ids(scenario))
    fared = {(row.offer, row.party): row.fortune for row in scenario.fortune or ()}
    found = [
        Asked(
            offer=entry.offer,
            party=entry.party,
            day=offers[entry.offer][0].isoformat(),
            grade=entry.answer,
            fortune=_number(fared.get((entry.offer, entry.party), entry.fortune)),
            own=entry.party in offers[entry.offer][1],
            label=entry.label or "",
            place=(order.index(entry.offer), scenario.parties.index(entry.party)),
        )
        for entry in scenario.record
        if entry.offer in offers
    ]
    if not found:
        raise ScenarioError(f"{scenario.title}: no answers on record; write each under [[record]].")
    return sorted(found, key=lambda asked: asked.place)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def hindcast(
    scenario: Scenario,
    runs: int,
    seed: int = 1,
    *,
    told: bool = True,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    grades: Mapping[tuple[str, str], float] | None = None,
) -> Array:
    """The chance that the model gives each recorded answer of being a yes, shape (runs, answers).

    Parameters
    ----------
    told : whether every run takes the course that history took at each offer, so that a chance is that of the next
        answer given all earlier ones. A graded answer is a yes in that share of the runs. Otherwise the runs answer for
        themselves, from the first day on.
    uncertain, values : as for ``run_ensemble``
    grades : other answers than those on record, by offer and party, to be told instead

    Returns
    -------
    in the order of ``answers_on_record``. Battles, wavering and the collapse of truces are drawn either way.
    """
    asked = answers_on_record(scenario)
    given = checked(scenario, runs, values)
    history = {(item.offer, item.party): item.grade for item in asked} if grades is None else dict(grades)
    rows, columns = (np.array(axis) for axis in zip(*(item.place for item in asked), strict=True))
    chances = np.empty((runs, len(asked)))
    for batch in batches(runs, seed):
        world, state = open_scenario(scenario, batch.inputs(scenario, given, uncertain=uncertain))
        luck = batch.luck(world)
        if told:
            luck = _foretold(luck, history, scenario.parties)
        state = spread(state, batch.count)
        for t in range(world.steps):
            state = advance(state, t, world, luck)
        chances[batch.rows] = state.chance[:, rows, columns]
    return chances


def _foretold(luck: Luck, history: Mapping[tuple[str, str], float], parties: tuple[str, ...]) -> Luck:
    """The luck with the coin of every recorded answer loaded: it falls as history has it, whatever the chance."""
    answers = dict(luck.answers)
    for (offer, party), grade in history.items():
        column = parties.index(party)
        coins = answers[offer].copy()
        coins[:, column] = np.where(coins[:, column] < grade, -1.0, 2.0)
        answers[offer] = coins
    return replace(luck, answers=answers)
