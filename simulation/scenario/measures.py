"""What is read off a run: the headline measures, by name, one number a run.

================================  ==============================================================================
answer.OFFER.PARTY                1 where the party accepts the offer, 0 where it refuses
chance.OFFER.PARTY                how likely it was to accept as things stood in the run: on average what answer is,
                                  without the last toss of the coin, and so with a narrower interval
truce.starts, truce.starts.DATE   1 where a truce starts by the end, or by the date
truce.holds_to_end                1 where a truce is in force at the end
truce.days                        days the first truce held, up to the end; nan where none starts
truce.collapses.DAYS              1 where the first truce collapses within so many days; nan where none starts, or too
                                  late to be watched for so long
stance.ACTOR, stance.ACTOR.DATE   stance at the end, or at the date
control.PARTY, exhaustion.PARTY   likewise, of a party
outcome.mean, outcome.median      of a negotiation, a scenario without parties: mean and median of the stances at the
                                  end, weighted by influence and salience (the lower median; with .DATE, at the date);
                                  of several issues, on the first
position.ACTOR.ISSUE              of a negotiation over several issues: where the actor ends on that one
outcome.settled                   the step from which on nobody moves by more than a tenth of a point a step; nan where
                                  somebody does in the last one
outcome.camps, outcome.camps.N    groups at the end, of at least N actors, that stand more than a point apart
================================  ==============================================================================
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.simulate import CENTRES, History
from simulation.dynamics.state import Array, Flags
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a run; ``chance`` says that it is 0 or 1 (or nan, where the question does not arise)."""

    name: str
    chance: bool
    read: Callable[[History], Array]  # (R,)


def first_truce(truce: Flags) -> tuple[Array, Array]:
    """The step in which each run's first truce is in force (steps + 1 where none starts), and how many steps it holds.

    Parameters
    ----------
    truce : (steps + 1, R)
    """
    count = len(truce)
    begun = np.where(truce.any(axis=0), truce.argmax(axis=0), count)
    after = np.arange(count)[:, None] > begun
    over = ~truce & after
    ended = np.where(over.any(axis=0), over.argmax(axis=0), count)
    return begun, np.where(begun < count, ended - begun, 0)


DAYS = re.compile(r"[1-9][0-9]{0,6}", re.ASCII)
"""How a number is written in the name of a measure."""

QUIET = 0.1
"""Stance points a step: where nobody moves by more, a negotiation has settled."""

APART = 1.0
"""Stance points between neighbours from which they belong to different camps."""


def settled(history: History) -> Array:
    """The step from which on no stance moves by more than ``QUIET`` a step, shape (R,); nan where the last one does."""
    restless = np.asarray((np.abs(np.diff(history.stance, axis=0)) > QUIET).any(axis=-1))
    restless |= (np.abs(np.diff(history.further, axis=0)) > QUIET).any(axis=(-1, -2))
    last = np.where(restless.any(axis=0), len(restless) - np.argmax(restless[::-1], axis=0), 0)
    return np.where(last < len(restless), last, np.nan)


def camps(stance: Array, least: int = 1) -> Array:
    """How many groups of at least ``least`` actors stand more than ``APART`` from each other, shape (R,).

    Parameters
    ----------
    stance : (R, n)
    """
    runs, n = stance.shape
    edge = np.diff(np.sort(stance, axis=-1), axis=-1) > APART
    camp = np.concatenate([np.zeros((runs, 1), dtype=np.intp), np.cumsum(edge, axis=-1)], axis=-1)
    sizes = np.bincount((camp + n * np.arange(runs)[:, None]).ravel(), minlength=runs * n).reshape(runs, n)
    return np.asarray((sizes >= least).sum(axis=-1), dtype=np.float64)


def parse(name: str, scenario: Scenario) -> Measure:
    """The measure of that name.

    Raises
    ------
    ScenarioError
        saying which part of the name is not known, and what is
    """
    step_days, last = scenario.step_days, scenario.steps
    match name.split("."):
        case [("answer" | "chance") as what, offer, party]:
            asked = offer_ids(scenario)
            if offer not in asked:
                raise ScenarioError(f"{name}: no offer '{offer}'.{nearest(offer, asked)}")
            if party not in asked[offer]:
                raise ScenarioError(f"{name}: '{offer}' does not ask '{party}'.{nearest(party, asked[offer])}")
            row, column = list(asked).index(offer), scenario.parties.index(party)
            return Measure(name, what == "answer", lambda history: getattr(history, what)[:, row, column])
        case ["truce", "starts", *rest] if len(rest) <= 1:
            until = _step(rest[0], scenario, name) if rest else last
            return Measure(name, True, lambda history: history.truce[: until + 1].any(axis=0).astype(float))
        case ["truce", "holds_to_end"]:
            return Measure(name, True, lambda history: history.truce[-1].astype(float))
        case ["truce", "days"]:

            def days(history: History) -> Array:
                begun, held = first_truce(history.truce)
                return np.where(begun <= last, held * step_days, np.nan)

            return Measure(name, False, days)
        case ["truce", "collapses", within] if DAYS.fullmatch(within):
            steps = int(within) / step_days
            if steps > last:
                raise ScenarioError(f"{name}: {within} days are longer than the scenario.")

            def collapses(history: History) -> Array:
                begun, held = first_truce(history.truce)
                return np.where(begun + steps <= last, (held <= steps).astype(float), np.nan)

            return Measure(name, True, collapses)
        case [("stance" | "control" | "exhaustion") as what, who, *rest] if len(rest) <= 1:
            names = list(scenario.actors) if what == "stance" else list(scenario.parties)
            if who not in names:
                raise ScenarioError(
                    f"{name}: no {'actor' if what == 'stance' else 'party'} '{who}'.{nearest(who, names)}"
                )
            step, place = _step(rest[0], scenario, name) if rest else last, names.index(who)
            return Measure(name, False, lambda history: getattr(history, what)[step, :, place])
        case ["outcome", *_] if scenario.parties:
            fighting = ", ".join(scenario.parties)
            raise ScenarioError(
                f"{name}: outcomes are those of a negotiation; here {fighting} fight, and answer offers."
            )
        case ["outcome", ("mean" | "median") as what, *rest] if len(rest) <= 1:
            step, place = _step(rest[0], scenario, name) if rest else last, CENTRES.index(what)
            return Measure(name, False, lambda history: history.outcome[step, :, place])
        case ["position", who, issue]:
            issues = scenario.issues or ()
            if who not in scenario.actors:
                raise ScenarioError(f"{name}: no actor '{who}'.{nearest(who, scenario.actors)}")
            if issue not in issues:
                raise ScenarioError(f"{name}: no issue '{issue}'.{nearest(issue, issues)}")
            place, number = list(scenario.actors).index(who), issues.index(issue)
            if number == 0:
                return Measure(name, False, lambda history: history.stance[-1, :, place])
            return Measure(name, False, lambda history: history.further[-1, :, place, number - 1])
        case ["outcome", "settled"]:
            return Measure(name, False, settled)
        case ["outcome", "camps", *rest] if not rest or (len(rest) == 1 and DAYS.fullmatch(rest[0])):
            least = int(rest[0]) if rest else 1
            return Measure(name, False, lambda history: camps(history.stance[-1], least))
    raise ScenarioError(
        f"{name}: no such measure. Measures are answer.OFFER.PARTY, chance.OFFER.PARTY, truce.starts, "
        "truce.starts.DATE, truce.holds_to_end, truce.days, truce.collapses.DAYS, stance.ACTOR, control.PARTY, "
        "exhaustion.PARTY (the last three also with .DATE); without parties also outcome.mean, outcome.median, "
        "outcome.settled, outcome.camps, outcome.camps.N, and over several issues position.ACTOR.ISSUE."
    )


def _step(text: str, scenario: Scenario, name: str) -> int:
    try:
        day = Date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"{name}: '{text}' is not a date, such as 2020-01-31.") from None
    end = scenario.date_of(scenario.steps)
    if not scenario.start <= day <= end:
        raise ScenarioError(f"{name}: {day} is outside the scenario, {scenario.start} to {end}.")
    return scenario.step_of(day)


def headlines(scenario: Scenario) -> list[str]:
    """The names of the measures that every comparison and sweep reports unless told otherwise."""
    answers = [f"answer.{offer}.{party}" for offer, asked in offer_ids(scenario).items() for party in asked]
    truces = ["truce.starts", "truce.holds_to_end", "truce.days"] if scenario.parties else []
    outcomes = [] if scenario.parties else [f"outcome.{what}" for what in CENTRES]
    return [*answers, *truces, *outcomes, *(f"stance.{actor}" for actor in scenario.actors)]
