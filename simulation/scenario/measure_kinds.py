"""Every kind of measure, each declared once: name, unit, words, meaning and how it is read off a history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from simulation.dynamics.simulate import CENTRES, History
from simulation.dynamics.state import Array, Flags
from simulation.dynamics.truce import ENDINGS
from simulation.scenario.keys import occasions, offer_ids, steps_until_begun
from simulation.scenario.knowledge import told_answers
from simulation.scenario.readings import agreement, camps, collapses, ends, held, settled

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario

Unit = Literal["chance", "days", "stance points", "share", "steps", "camps"]

NEAR: dict[Unit, float] = {"days": 7.0, "stance points": 10.0, "share": 0.1, "steps": 2.0, "camps": 0.5}
"""Means no further apart than this are near one another, for every unit but chances: these are, on the same side of
one half."""

TOP: dict[Unit, float] = {"chance": 1.0, "share": 1.0, "stance points": 100.0}
"""The most that a measure can come to, where there is a most; the least is 0."""


@dataclass(frozen=True)
class Place:
    """Where in a history to read: what the capitals in a pattern stand for, by number."""

    scenario: Scenario
    step: int  # at the date, or the last one
    offer: int = 0
    party: int = 0
    pair: int = 0
    actor: int = 0
    issue: int = 0
    days: int = 0
    n: int = 1

    @cached_property
    def asked(self) -> list[tuple[int, Flags]]:
        """The offers on which a truce would be in force by the step, by number, and which parties each asks."""
        scenario, offers = self.scenario, offer_ids(self.scenario)
        made = {
            key: step + steps_until_begun(scenario, event, step)
            for event in scenario.events
            for key, step in occasions(scenario, event)
        }
        return [
            (row, np.array([party in offers[offer] for party in scenario.parties], dtype=bool))
            for row, offer in enumerate(offers)
            if made[offer] < self.step
        ]

    def with_told(self, chance: Array) -> Array:
        """The chances of every answer, (R, offers, m), but of those that runs are told their grade."""
        told, order = told_answers(self.scenario), list(offer_ids(self.scenario))
        if not told:
            return chance
        known = chance.copy()
        for (offer, party), grade in told.items():
            place = (slice(None), order.index(offer), self.scenario.parties.index(party))
            known[place] = np.where(np.isnan(chance[place]), np.nan, min(2 * grade, 1.0))
        return known


Reader = Callable[[History, Place], Array]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """All there is to say about measures of one pattern."""

    pattern: str  # words in capitals stand for a name or a number
    unit: Unit
    words: str  # in a few words, with {offer}, {party}, … for what the capitals stand for
    meaning: str  # a line of the manual
    read: Reader
    on_date: str = ""  # what words go on with where it is taken at a date; empty where it cannot be
    tossed: bool = True  # of a chance: each run gives 0 or 1
    lasting: bool = False  # does not depend on when the scenario ends
    untold: Reader | None = None  # of a chance: itself, off runs in which no answer is let through
    untossed: str = ""  # of a chance: the pattern of the measure before the last toss of a coin
    headline: Literal["", "always", "war", "talks"] = ""  # reported unless told otherwise
    talks: bool = False  # of a negotiation only

    @property
    def patterns(self) -> list[str]:
        """The pattern, and where it can be taken at a date the pattern for that."""
        return [self.pattern, f"{self.pattern}.DATE"] if self.on_date else [self.pattern]


def _position(history: History, at: Place) -> Array:
    return history.further[-1, :, at.actor, at.issue - 1] if at.issue else history.stance[-1, :, at.actor]


KINDS = (
    Kind(
        pattern="answer.OFFER.PARTY",
        unit="chance",
        words="{party} accepts {offer}",
        meaning="1 where the party accepts the offer, with or without conditions, 0 where it refuses",
        read=lambda history, at: np.ceil(history.answer[:, at.offer, at.party]),
        untossed="chance.OFFER.PARTY",
        lasting=True,
        headline="always",
    ),
    Kind(
        pattern="chance.OFFER.PARTY",
        unit="chance",
        words="chance that {party} accepts {offer}",
        meaning="how likely it was to accept, with or without conditions, as things stood in the run: on average what "
        "`answer` is, without the last toss of the coin, and so with a narrower interval",
        read=lambda history, at: history.chance[:, at.offer, at.party],
        tossed=False,
        lasting=True,
    ),
    Kind(
        pattern="full.OFFER.PARTY",
        unit="chance",
        words="{party} accepts {offer} without conditions",
        meaning="1 where the party accepts the offer without conditions, 0 where it refuses or makes conditions",
        read=lambda history, at: np.floor(history.answer[:, at.offer, at.party]),
        untossed="full_chance.OFFER.PARTY",
        lasting=True,
    ),
    Kind(
        pattern="full_chance.OFFER.PARTY",
        unit="chance",
        words="chance that {party} accepts {offer} without conditions",
        meaning="how likely it was to accept without conditions as things stood in the run: on average what `full` is",
        read=lambda history, at: history.full[:, at.offer, at.party],
        tossed=False,
        lasting=True,
    ),
    Kind(
        pattern="truce.starts",
        unit="chance",
        words="a truce starts",
        meaning="1 where a truce starts by the end, or by the date",
        read=lambda history, at: history.truce[: at.step + 1].any(axis=0).astype(float),
        on_date=" by {date}",
        untold=lambda history, at: agreement(at.with_told(history.chance), at.asked),
        headline="war",
    ),
    Kind(
        pattern="truce.holds_to_end",
        unit="chance",
        words="a truce is in force at the end",
        meaning="1 where a truce is in force at the end",
        read=lambda history, at: history.truce[-1].astype(float),
        headline="war",
    ),
    Kind(
        pattern="truce.days",
        unit="days",
        words="days held within the window",
        meaning="days the first truce held within the window, up to its end; where none starts, the run does not count",
        read=lambda history, at: held(history.truce) * at.scenario.step_days,
        headline="war",
    ),
    Kind(
        pattern="truce.collapses.DAYS",
        unit="chance",
        words="it collapses within {days} days",
        meaning="1 where the first truce collapses within so many days; runs in which none starts, or too late to be "
        "watched for so long, do not count",
        read=lambda history, at: collapses(history, at.days / at.scenario.step_days),
    ),
    *(
        Kind(
            pattern=f"truce.{how}",
            unit="chance",
            words=f"the first truce is {how}" if how != "lapsed" else "the first truce lapses",
            meaning=f"1 where the first truce {said} by the end, a replaced one counting as over; runs in which none "
            "starts do not count",
            read=lambda history, at, place=place: ends(history, place),  # type: ignore[misc]
        )
        for place, (how, said) in enumerate(
            zip(ENDINGS, ("is broken", "lapses at its term", "is replaced by another one"), strict=True), 1
        )
    ),
    Kind(
        pattern="pair.PAIR.starts",
        unit="chance",
        words="a truce of {pair} starts",
        meaning="1 where a truce of these two parties, such as `LNA+GNA`, starts by the end, or by the date",
        read=lambda history, at: history.pair_truce[: at.step + 1, :, at.pair].any(axis=0).astype(float),
        on_date=" by {date}",
    ),
    Kind(
        pattern="pair.PAIR.holds_to_end",
        unit="chance",
        words="a truce of {pair} is in force at the end",
        meaning="1 where a truce of these two is in force at the end",
        read=lambda history, at: history.pair_truce[-1, :, at.pair].astype(float),
    ),
    Kind(
        pattern="pair.PAIR.days",
        unit="days",
        words="days that the first truce of {pair} holds",
        meaning="days for which the first truce of these two holds, up to the end; runs in which none starts do not "
        "count",
        read=lambda history, at: held(history.by_step["pair_truce"][..., at.pair]) * at.scenario.step_days,
    ),
    *(
        Kind(
            pattern=f"outcome.{centre}",
            unit="stance points",
            words=f"outcome, weighted {centre}",
            meaning=f"of a negotiation, a scenario without parties: the {centre} of the stances at the end, or at the "
            "date, weighted by influence and salience" + (" (the lower median)" if centre == "median" else ""),
            read=lambda history, at, place=place: history.outcome[at.step, :, place],  # type: ignore[misc]
            on_date=" on {date}",
            headline="talks",
            talks=True,
        )
        for place, centre in enumerate(CENTRES)
    ),
    Kind(
        pattern="stance.ACTOR",
        unit="stance points",
        words="{stance} of {actor}",
        meaning="stance at the end, or at the date",
        read=lambda history, at: history.stance[at.step, :, at.actor],
        on_date=" on {date}",
        headline="always",
    ),
    Kind(
        pattern="control.PARTY",
        unit="share",
        words="ground held by {party}",
        meaning="share of the contested ground that the party holds at the end, or at the date",
        read=lambda history, at: history.control[at.step, :, at.party],
        on_date=" on {date}",
    ),
    Kind(
        pattern="exhaustion.PARTY",
        unit="share",
        words="exhaustion of {party}",
        meaning="how exhausted the party is at the end, or at the date",
        read=lambda history, at: history.exhaustion[at.step, :, at.party],
        on_date=" on {date}",
    ),
    Kind(
        pattern="position.ACTOR.ISSUE",
        unit="stance points",
        words="{actor} on {issue}",
        meaning="of a negotiation over several issues: where the actor ends on that one",
        read=_position,
    ),
    Kind(
        pattern="outcome.settled",
        unit="steps",
        words="step from which on nobody moves",
        meaning="of a negotiation: the step from which on nobody moves by more than a tenth of a point a step; where "
        "somebody does in the last one, the run does not count",
        read=lambda history, at: settled(history),
        talks=True,
    ),
    Kind(
        pattern="outcome.camps",
        unit="camps",
        words="camps at the end",
        meaning="of a negotiation: groups at the end that stand more than a point apart",
        read=lambda history, at: camps(history.stance[-1]),
        talks=True,
    ),
    Kind(
        pattern="outcome.camps.N",
        unit="camps",
        words="camps of {n} or more at the end",
        meaning="those of them that have at least N actors",
        read=lambda history, at: camps(history.stance[-1], at.n),
        talks=True,
    ),
)
"""Every kind of measure, in the order in which headlines are reported. Adding a measure is adding an entry; a unit
of its own goes into ``Unit`` and ``NEAR`` too."""
