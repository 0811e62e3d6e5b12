"""A table of positions as it was read, before anything is put to scale."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from simulation.scenario.errors import ScenarioError


class Answer(NamedTuple):
    """What an actor says on an issue, and with what weight; None where a cell is blank."""

    position: float | None
    salience: float | None
    influence: float | None
    place: str  # the row, for messages


@dataclass(frozen=True)
class Question:
    """An issue, on the scale of the table."""

    title: str
    answers: dict[str, Answer]  # by actor
    proposal: str | None = None
    ends: tuple[float, float] | None = None  # the ends of its scale, where the table says so
    words: tuple[str | None, str | None] = (None, None)  # what the ends mean
    now: float | None = None
    outcome: float | None = None
    place: str = ""  # where now and outcome stand


@dataclass(frozen=True)
class Sheet:
    """A table of positions."""

    layout: str  # in words, such as ``KTAB CSV``
    title: str
    questions: dict[str, Question]
    names: dict[str, str]  # of actors, in full, by what the rows call them
    about: str = ""
    rule: dict[str, str] = field(default_factory=dict)  # options of the spatial rule that it states
    notes: tuple[str, ...] = ()

    def noting(self, *notes: str) -> Sheet:
        """The same sheet with more said of it."""
        return replace(self, notes=(*self.notes, *notes))


def add(questions: dict[str, dict[str, Answer]], issue: str, actor: str, answer: Answer) -> None:
    """Put an answer in its place; an actor answers an issue once."""
    known = questions.setdefault(issue, {})
    if actor in known:
        on = f" on '{issue}'" if issue else ""
        raise ScenarioError(f"{answer.place}: '{actor}' stands{on} already in {known[actor].place}; keep one row.")
    known[actor] = answer


def in_full(people: dict[str, str]) -> dict[str, str]:
    """Names in full, where they tell actors from each other."""
    apart = len(set(people.values())) == len(people)
    return {name: full if apart else name for name, full in people.items()}
