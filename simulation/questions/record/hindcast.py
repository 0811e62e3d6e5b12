"""Runs of a war whose answers were observed, and the chances the model gave those answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date

import numpy as np

from simulation.dynamics.simulate import spread
from simulation.dynamics.state import Array, Flags
from simulation.dynamics.step import advance
from simulation.questions.record.asides import Aside, asides, chance_aside
from simulation.runs.batches import batches
from simulation.runs.ensemble import checked
from simulation.runs.setup import as_told, open_scenario
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids
from simulation.scenario.knowledge import given_on, offer_days, told_answers
from simulation.scenario.schema import Scenario

MODEL = "model"
"""What the forecast of the model as it stands is called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An observed answer."""

    offer: str
    party: str
    day: str  # ISO date of the offer
    given: str  # ISO date of the answer
    grade: float  # 0 refused … 1 accepted
    course: float  # the same as runs are told it, 0, one half or 1 where it was given in a word
    fortune: float  # how the party fared in battle, as coded; nan where nobody coded it
    own: bool  # whether the party sponsored the offer itself
    label: str
    place: tuple[int, int]  # row and column in the results

    @property
    def name(self) -> str:
        """Offer and party in one word, such as ``moscow-text.LNA``."""
        return f"{self.offer}.{self.party}"


def answers_on_record(scenario: Scenario) -> list[Asked]:
    """The observed answers in the order in which the offers were made.

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
    order, days = list(offer_ids(scenario)), offer_days(scenario)
    fared = {(row.offer, row.party): row.fortune for row in scenario.fortune or ()}
    found = [
        Asked(
            offer=entry.offer,
            party=entry.party,
            day=offers[entry.offer][0].isoformat(),
            given=given_on(entry, days).isoformat(),
            grade=entry.answer,
            course=entry.course,
            fortune=_number(fared.get((entry.offer, entry.party), entry.fortune)),
            own=entry.party in offers[entry.offer][1],
            label=entry.label or "",
            place=(order.index(entry.offer), scenario.parties.index(entry.party)),
        )
        for entry in scenario.record
        if entry.offer in offers
    ]
    if not found:
        raise ScenarioError(
            f"{scenario.title}: no observed answers; write each under [[record]], or in the table answers."
        )
    return sorted(found, key=lambda asked: asked.place)


def _number(value: float | None) -> float:
    return np.nan if value is None else value


def split_of(scenario: Scenario, until: Date | None, as_of: Date | str | None) -> tuple[Scenario, Date | None]:
    """The scenario whose answers are forecast, and the day that parts its record, None for the usual one.

    Parameters
    ----------
    until : the day before which answers are learnt from; everything else that happened is known
    as_of : the day by which the conflict is known: answers before it are told and learnt from, later ones are
        forecast without anything that happened from then on but the offers themselves

    Raises
    ------
    ScenarioError
        where both days are given, or the day will not do
    """
    if as_of is None:
        return scenario, until or scenario.told
    if until is not None:
        raise ScenarioError("`until` and `as_of` both say where the observed answers are split; give one of them.")
    known = scenario.as_of(as_of, ask_later=True)
    return known, known.told


def as_known(scenario: Scenario, asked: Sequence[Asked], before: Flags) -> list[Asked]:
    """The answers as simple forecasts may look at them: of a scenario as of a day, later ones and fortunes are unknown.

    In their place stands what the party answered last before the day, one half where nothing, and how it fared then.
    """
    if scenario.told is None:
        return list(asked)
    last: dict[str, Asked] = {}
    found = []
    for item, known in zip(asked, before, strict=True):
        if known:
            last[item.party] = item
            found.append(item)
        else:
            then = last.get(item.party)
            grade, fortune = (0.5, np.nan) if then is None else (then.grade, then.fortune)
            found.append(replace(item, grade=grade, fortune=fortune))
    return found


def hindcast(
    scenario: Scenario,
    runs: int,
    seed: int = 1,
    *,
    told: bool = True,
    uncertain: bool = False,
    values: Mapping[str, Array] | None = None,
    grades: Mapping[tuple[str, str], float] | None = None,
    graded: bool = False,
) -> Array:
    """The grade that the model expects of each observed answer, shape (runs, answers).

    That is the chance of a yes where there are no conditions; one with conditions counts one half.

    Parameters
    ----------
    told : whether every run takes the course that history took at each offer, so that a chance is that of the next
        answer given all that were given before the day of its offer; of a scenario as of a day, before that day too. A
        graded answer is a yes in that share of the runs. Otherwise the runs answer for themselves, from the first day
        on.
    uncertain, values : as for ``run_ensemble``
    grades : other answers than the observed ones, by offer and party, to be told instead
    graded : give the chances of a yes and of a yes in full instead, shape (runs, answers, 2)

    Returns
    -------
    in the order of ``answers_on_record``. Battles, random noise and the collapse of truces are drawn either way.
    """
    asked = answers_on_record(scenario)
    given = checked(scenario, runs, values)
    history = _history(scenario, asked, grades) if told else {}
    leaving: dict[int, list[Aside]] = {}
    for one in asides(scenario, asked, history):
        leaving.setdefault(one.first, []).append(one)
    rows, columns = (np.array(axis) for axis in zip(*(item.place for item in asked), strict=True))
    chances = np.empty((runs, len(asked), 2))
    for batch in batches(runs, seed):
        world, state = open_scenario(scenario, batch.inputs(scenario, given, uncertain=uncertain))
        luck = batch.luck(world)
        world = replace(world, told=as_told(history, world.parties))
        state = spread(state, batch.count)
        beside: dict[int, Array] = {}
        for t in range(world.steps):
            for aside in leaving.get(t, ()):
                beside[aside.row] = chance_aside(aside, state, world, luck, history)
            state = advance(state, t, world, luck)
        chance = np.stack([state.chance, state.full], axis=-1)
        for row, known in beside.items():
            chance[:, row] = known
        chances[batch.rows] = chance[:, rows, columns]
    return chances if graded else chances.mean(axis=-1)


def _history(
    scenario: Scenario, asked: Sequence[Asked], grades: Mapping[tuple[str, str], float] | None
) -> dict[tuple[str, str], float]:
    """What runs are told: every observed answer, but of a scenario as of a day none from then on."""
    history = {(item.offer, item.party): item.course for item in asked} if grades is None else dict(grades)
    if scenario.told is None:
        return history
    known = told_answers(scenario)
    return {key: history.get(key, grade) for key, grade in known.items()}
