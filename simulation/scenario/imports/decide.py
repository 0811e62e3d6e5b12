"""The CSV of the exchange model Decide."""

from __future__ import annotations

import re

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.lines import File, bare, cell_at, number_in
from simulation.scenario.imports.sheet import Answer, Question, Sheet, add, in_full


def read_decide(file: File, stem: str) -> Sheet:
    """The exchange model's CSV: #A actors, #P issues, #M what points of an issue mean, #D a row an actor and issue."""
    people: dict[str, str] = {}
    titles: dict[str, str] = {}
    bounds: dict[str, tuple[float, float]] = {}
    meanings: dict[str, dict[float, str]] = {}
    answers: dict[str, dict[str, Answer]] = {}
    for number, cells in file.lines:
        mark, *words = [bare(cell) for cell in cells]
        where = file.row(number)
        match mark[:2].upper():
            case "#A":
                _new(people, words[0], cell_at(words, 1) or words[0], where, "actor")
            case "#P":
                low, high = _maybe(cell_at(words, 1)), _maybe(cell_at(words, 2))
                if low is not None and high is not None:
                    _new(titles, words[0], words[0], where, "issue")
                    bounds[words[0]] = (low, high)
                else:
                    _new(titles, words[0], cell_at(words, 1) or words[0], where, "issue")
            case "#M":
                _know(words[0], titles, f"{where}, column 2", "#P")
                point = number_in(cell_at(words, 1), f"{where}, column 3")
                if point is not None:
                    meanings.setdefault(words[0], {})[point] = cell_at(words, 2)
            case "#D":
                actor, issue = cell_at(words, 0), cell_at(words, 1)
                _know(actor, people, f"{where}, column 2", "#A")
                _know(issue, titles, f"{where}, column 3", "#P")
                position, salience, power = (
                    number_in(cell_at(words, place), f"{where}, column {place + 2} ({what})")
                    for place, what in ((2, "position"), (3, "salience"), (4, "power"))
                )
                add(answers, issue, actor, Answer(position, salience, power, where))
            case _:
                if not mark.startswith("#") and any(words):
                    raise ScenarioError(f"{where}: '{mark}' is none of #A, #P, #M and #D, with which a row begins.")
    questions = {}
    for issue, given in answers.items():
        points = meanings.get(issue, {})
        ends = bounds.get(issue) or ((min(points), max(points)) if len(points) > 1 else (0.0, 100.0))
        means = (_meaning(ends[0], points.get(ends[0], ""), ends), _meaning(ends[1], points.get(ends[1], ""), ends))
        questions[issue] = Question(titles[issue], given, ends=ends, words=means)
    return Sheet("decide-exchange CSV", stem, questions, in_full(people))


def _maybe(cell: str) -> float | None:
    """A number, or None for any other text."""
    return float(cell.replace(",", ".")) if re.fullmatch(r"[+-]?\d{1,15}([.,]\d+)?", cell) else None


def _meaning(end: float, text: str, ends: tuple[float, float]) -> str | None:
    """What an end of a scale means; with its number, where that is not a matter of points."""
    return (text or None) if ends == (0.0, 100.0) else f"{end:g} {text}".strip()


def _new(known: dict[str, str], key: str, value: str, where: str, what: str) -> None:
    if not key:
        raise ScenarioError(f"{where}, column 2: blank; name the {what}.")
    if key in known:
        raise ScenarioError(f"{where}: a second {what} '{key}'.")
    known[key] = value


def _know(key: str, known: dict[str, str], where: str, mark: str) -> None:
    if key not in known:
        raise ScenarioError(f"{where}: '{key}' is in no {mark} row.{nearest(key, known)}")
