"""Positions, saliences and influences put on 0 … 100, and a line on each thing that was done to them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.sheet import Answer, Question, Sheet

FEW_POINTS = 20.0
"""Positions none of which is above this are hardly points of 0 … 100: the ends of their scale are asked for."""

DIGITS = 10
"""Decimals kept of what is put to scale: rounding that nobody sees, and no 33.300000000000004."""

MOST_NAMED = 4
"""Actors that are named in a line before the rest are counted."""


class Scale(NamedTuple):
    """The ends of a scale, and the unit that is written behind them."""

    low: float
    high: float
    unit: str = ""

    def means(self, end: float) -> str:
        """What an end means, such as ``4 years``."""
        return f"{end:g} {self.unit}".strip()


def scale_from(text: str) -> Scale:
    """``4:10`` or ``4:10 years``.

    Raises
    ------
    ScenarioError
        for anything else, and for two ends that are the same
    """
    number = r"([+-]?\d{1,15}(?:[.,]\d+)?)"
    found = re.fullmatch(rf"\s*{number}\s*:\s*{number}\s*(.*?)\s*", text)
    if found is None:
        raise ScenarioError(f"`scale`: '{text}' is not written LOW:HIGH, such as 4:10 or '4:10 years'.")
    low, high = (float(end.replace(",", ".")) for end in found.groups()[:2])
    if low == high:
        raise ScenarioError(f"`scale`: {low:g} is both ends; two that differ are needed.")
    return Scale(low, high, found[3])


def to_points(sheet: Sheet, scale: Scale | None) -> Sheet:
    """The same sheet with positions, what holds now and outcomes on 0 … 100."""
    whole = {issue: question for issue, question in sheet.questions.items() if scale or question.ends}
    open_ended = {issue: question for issue, question in sheet.questions.items() if issue not in whole}
    notes: list[str] = []
    ends, note = _recognised(open_ended)
    if scale:
        notes.append(f"Positions are read between {scale.means(scale.low)} (0) and {scale.means(scale.high)} (100).")
    elif whole:
        other = [question for question in whole.values() if question.ends != (0.0, 100.0)]
        own = "".join(f"; '{question.title}' is put to it from {_ends(question)}" for question in other[:MOST_NAMED])
        rest = f" and {len(other) - MOST_NAMED} more" if len(other) > MOST_NAMED else ""
        notes.append(f"Positions are read on the scales that the table states, as 0 … 100{own}{rest}.")
    if note:
        notes.append(f"Where it states none, {note[0].lower()}{note[1:]}" if notes else note)
    put = {}
    for issue, question in sheet.questions.items():
        where = scale or (Scale(*question.ends) if question.ends else ends)
        words = question.words
        if (where.low, where.high) != (0.0, 100.0):
            words = (words[0] or where.means(where.low), words[1] or where.means(where.high))
        if issue in open_ended and where == Scale(0, 1):
            words = question.words  # shares mean nothing else than points do
        put[issue] = replace(_moved(question, where), words=words, ends=None)
    return replace(sheet, questions=put).noting(*notes)


def _recognised(questions: dict[str, Question]) -> tuple[Scale, str]:
    """The ends of the scale of issues whose table does not state them, and what to say of it."""
    positions = [answer.position for answer in _answers(questions.values()) if answer.position is not None]
    if not positions:
        return Scale(0, 100), ""
    low, high = min(positions), max(positions)
    span = f"Positions run from {low:g} to {high:g}" if low < high else f"All positions are {low:g}"
    whole = f"--scale {math.floor(low)}:{math.ceil(high) if math.ceil(high) > math.floor(low) else math.floor(low) + 1}"
    if low >= 0 and high <= 1:
        known = [(name, at) for question in questions.values() for name, at in _beside(question) if at is not None]
        far = [f"{name} is {at:g}" for name, at in known if not 0 <= at <= 1]
        if far:
            raise ScenarioError(f"{span}, but {far[0]}: they are not on one scale; put them on one.")
        return Scale(0, 1), f"{span}: read as shares of 0 … 1, times 100. If they are points: --scale 0:100."
    if low < 0 or high > 100 or high <= FEW_POINTS:
        points = " If they are points of 0 … 100 all the same: --scale 0:100." if low >= 0 and high <= 100 else ""
        raise ScenarioError(
            f"{span}, which is neither 0 … 1 nor 0 … 100: say what the ends of the scale are, such as "
            f"{whole}, or '{whole.removeprefix('--scale ')} years' in quotes with a unit.{points}"
        )
    small = [
        question.title
        for question in questions.values()
        if (here := [answer.position for answer in question.answers.values() if answer.position is not None])
        and 0 <= min(here) < max(here) <= 1
    ]
    doubt = f" On {_listed(small)} they stay within 0 … 1 all the same: is that the same scale?" if small else ""
    return Scale(0, 100), f"{span}: read as points of 0 … 100. Another scale: --scale LOW:HIGH.{doubt}"


def _ends(question: Question) -> str:
    assert question.ends is not None
    return f"{question.ends[0]:g} … {question.ends[1]:g}"


def _answers(questions: Iterable[Question]) -> Iterator[Answer]:
    return (answer for question in questions for answer in question.answers.values())


def _beside(question: Question) -> Iterator[tuple[str, float | None]]:
    yield f"the outcome of '{question.title}'", question.outcome
    yield f"what holds now on '{question.title}'", question.now


def _moved(question: Question, scale: Scale) -> Question:
    def put(value: float | None, place: str, what: str) -> float | None:
        if value is None:
            return None
        if not min(scale.low, scale.high) <= value <= max(scale.low, scale.high):
            raise ScenarioError(
                f"{place}: {what} {value:g} is outside {scale.low:g} … {scale.high:g}, the scale of "
                f"'{question.title}'; correct it, or give the ends with --scale LOW:HIGH."
            )
        return round(100 * (value - scale.low) / (scale.high - scale.low), DIGITS)

    answers = {
        name: answer._replace(position=put(answer.position, answer.place, "position"))
        for name, answer in question.answers.items()
    }
    now, outcome = (
        put(value, question.place, what) for value, what in ((question.now, "now"), (question.outcome, "outcome"))
    )
    return replace(question, answers=answers, now=now, outcome=outcome)


def to_weights(sheet: Sheet, divided: bool) -> Sheet:
    """The same sheet with influence and saliences on 0 … 100.

    Parameters
    ----------
    divided : whether an actor's saliences over all issues add up to at most 100
    """
    sheet = _rescaled(sheet, "influence")
    sheet = _rescaled(sheet, "salience", capped=not divided)
    return _shared_out(sheet) if divided else sheet


def _rescaled(sheet: Sheet, what: str, capped: bool = True) -> Sheet:
    """Shares of 1 times 100; more than 100 so that the largest is 100."""
    values = []
    for answer in _answers(sheet.questions.values()):
        value = getattr(answer, what)
        if value is not None and value < 0:
            raise ScenarioError(f"{answer.place}: {what} {value:g} is below 0; 0 is the least.")
        values.append(0.0 if value is None else value)
    largest = max(values, default=0.0)
    plural = "Saliences" if what == "salience" else "Influence"
    untold = f"No column of {'saliences' if what == 'salience' else 'influence'}" in " ".join(sheet.notes)
    if 0 < largest <= 1:
        note = "" if untold else f"{plural} is at most {largest:g}: read as shares of 1, times 100."
        note = note.replace("Saliences is", "Saliences are")
        return _with(sheet, what, lambda value: round(100 * value, DIGITS), note)
    if largest > 100 and capped:
        note = f"{plural} up to {largest:g}: put so that the largest is 100; only proportions count."
        return _with(sheet, what, lambda value: round(100 * value / largest, DIGITS), note)
    return sheet


def _with(sheet: Sheet, what: str, change: Callable[[float], float], note: str) -> Sheet:
    def put(value: float | None) -> float | None:
        return None if value is None else change(value)

    questions = {
        issue: replace(
            question,
            answers={
                name: answer._replace(salience=put(answer.salience))
                if what == "salience"
                else answer._replace(influence=put(answer.influence))
                for name, answer in question.answers.items()
            },
        )
        for issue, question in sheet.questions.items()
    }
    return replace(sheet, questions=questions).noting(*([note] if note else []))


def _shared_out(sheet: Sheet) -> Sheet:
    """Saliences of actors that add up past 100 over the issues, put to 100 in all."""
    total: dict[str, float] = {}
    for question in sheet.questions.values():
        for name, answer in question.answers.items():
            total[name] = total.get(name, 0.0) + (answer.salience or 0.0)
    past = {name: amount for name, amount in total.items() if amount > 100 * (1 + 1e-9)}
    if not past:
        return sheet
    questions = {
        issue: replace(
            question,
            answers={
                name: answer._replace(salience=round(100 * (answer.salience or 0.0) / past[name], DIGITS))
                if name in past
                else answer
                for name, answer in question.answers.items()
            },
        )
        for issue, question in sheet.questions.items()
    }
    who = _listed([f"{name} {amount:g}" for name, amount in past.items()])
    return replace(sheet, questions=questions).noting(
        f"Saliences add up past 100 over the issues ({who}): put to 100 in all for each of these, in proportion."
    )


def _listed(words: list[str]) -> str:
    rest = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + rest
