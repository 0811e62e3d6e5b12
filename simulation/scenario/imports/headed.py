"""Tables whose first row names the columns: a row an actor, or a row an actor and issue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.columns import Heads, heads
from simulation.scenario.imports.lines import BLANK, File, Lines, bare, cell_at, number_in
from simulation.scenario.imports.sheet import Answer, Question, Sheet, add, in_full


def read_headed(file: File, stem: str) -> Sheet:
    """A table whose first row names the columns: a row an actor, or a row an actor and issue."""
    first, head = file.lines[0]
    found = heads(head, file.row(first))
    rows = file.lines[1:]
    if not rows:
        raise ScenarioError(f"{file.place}: no rows below the names of the columns.")
    for number, cells in rows:
        _check_width(file, number, cells, found)
    if "issue" in found.places or "proposal" in found.places or "title" in found.places:
        return _long(file, found, rows, stem)
    answers: dict[str, dict[str, Answer]] = {}
    people: dict[str, str] = {}
    weights: list[float | None] = []
    for number, cells in rows:
        actor = _name(file, number, cells, found, people)
        influence = _cell(file, number, cells, found, found.places.get("influence"))
        weights.append(influence)
        for pair in found.pairs:
            position = _cell(file, number, cells, found, pair.position)
            salience = _cell(file, number, cells, found, pair.salience)
            add(answers, pair.issue, actor, Answer(position, salience, influence, file.row(number)))
    questions = {
        issue or stem: Question(issue or stem, given, **_once(file, [rows], found) if len(answers) == 1 else {})
        for issue, given in answers.items()
    }
    layout = "a table of positions, saliences and influence, a row an actor"
    names = {found.names[place].lower() for place in found.places.values()}
    if len(answers) == 1 and names & {"capability", "clout", "resources"}:
        layout = "a Predictioneer's table, a row an actor"
    return Sheet(layout, stem, questions, in_full(people), notes=_notes(found))


def _check_width(file: File, number: int, cells: list[Any], found: Heads) -> None:
    """Refuse a cell under no head: a cell too many has shifted those behind it."""
    for column, cell in enumerate(cells):
        if cell != "" and not cell_at(found.names, column):
            raise ScenarioError(
                f"{file.row(number)}: '{cell}' stands beyond the named columns; put a cell that holds the separator in "
                "quotes."
            )


def _long(file: File, found: Heads, rows: Lines, stem: str) -> Sheet:
    """A row an actor and issue, as the data on decisions of the European Union (DEU) are kept."""
    if len(found.pairs) > 1:
        names = ", ".join(f"'{found.names[pair.position]}'" for pair in found.pairs)
        raise ScenarioError(f"{file.place}: a column of issues, and several of positions ({names}); one would do.")
    [pair] = found.pairs
    answers: dict[str, dict[str, Answer]] = {}
    of: dict[str, Lines] = {}
    people: dict[str, str] = {}
    for number, cells in rows:
        actor = _name(file, number, cells, found, people)
        proposal, issue, title = (
            bare(cell_at(cells, found.places.get(kind))) for kind in ("proposal", "issue", "title")
        )
        name = " / ".join(dict.fromkeys(part for part in (proposal, issue or title) if part))
        if not name:
            raise ScenarioError(f"{file.row(number)}, column issue: blank; every row names its issue.")
        position, salience, influence = (
            _cell(file, number, cells, found, column)
            for column in (pair.position, pair.salience, found.places.get("influence"))
        )
        add(answers, name, actor, Answer(position, salience, influence, file.row(number)))
        of.setdefault(name, []).append((number, cells))
    questions = {}
    for name, given in answers.items():
        first = of[name][0][1]
        proposal, issue, title = (
            bare(cell_at(first, found.places.get(kind))) for kind in ("proposal", "issue", "title")
        )
        question = Question(title or issue or name, given, proposal or None, **_once(file, [of[name]], found))
        questions[name] = question
    about = "DEU's long form" if {"proposal", "outcome"} <= set(found.places) else "the long form"
    return Sheet(f"{about}, a row an actor and issue", stem, questions, in_full(people), notes=_notes(found))


def _once(file: File, parts: Sequence[Lines], found: Heads) -> dict[str, Any]:
    """What holds for an issue as a whole, which every row of it repeats or leaves blank."""
    values: dict[str, float | None] = {}
    texts: dict[str, str | None] = {}
    place = ""
    for kind in ("outcome", "now", "low", "high"):
        seen: dict[Any, str] = {}
        for number, cells in (row for rows in parts for row in rows):
            column = found.places.get(kind)
            text = bare(cell_at(cells, column))
            if text.lower() in BLANK or column is None:
                continue
            where = f"{file.row(number)}, column {found.names[column]}"
            worded = kind in ("low", "high") and not re.search(r"^[+-]?\d", text)
            value: Any = text if worded else number_in(cell_at(cells, column), where)
            seen.setdefault(value, where)
        if len(seen) > 1:
            (one, _), (other, where) = list(seen.items())[:2]
            raise ScenarioError(f"{where}: {_short(other)}, where another row of the issue says {_short(one)}.")
        for value, where in seen.items():
            place = place or where
            if isinstance(value, str):
                texts[kind] = value
            else:
                values[kind] = value
    ends = None
    low, high = values.get("low"), values.get("high")
    if low is not None and high is not None:
        ends = (low, high)
    return {
        "outcome": values.get("outcome"),
        "now": values.get("now"),
        "ends": ends,
        "words": (texts.get("low"), texts.get("high")),
        "place": place,
    }


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else f"'{value}'"


def _name(file: File, number: int, cells: list[Any], found: Heads, people: dict[str, str]) -> str:
    name = bare(cell_at(cells, found.places["actor"]))
    if not name:
        raise ScenarioError(f"{file.row(number)}, column {found.names[found.places['actor']]}: blank; name the actor.")
    people.setdefault(name, bare(cell_at(cells, found.places.get("full"))) or name)
    return name


def _cell(file: File, number: int, cells: list[Any], found: Heads, column: int | None) -> float | None:
    """A number of a row; 1 where the table has no such column, so that all count alike."""
    if column is None:
        return 1.0
    return number_in(cell_at(cells, column), f"{file.row(number)}, column {found.names[column]}")


def _notes(found: Heads) -> tuple[str, ...]:
    notes = []
    if "influence" not in found.places:
        notes.append("No column of influence: all actors have the same.")
    if all(pair.salience is None for pair in found.pairs):
        notes.append("No column of saliences: all actors care alike.")
    if found.unread:
        notes.append(f"Not read: {', '.join(repr(name) for name in found.unread)}.")
    return tuple(notes)
