"""KTAB's CSV."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.lines import File, bare, cell_at, number_in
from simulation.scenario.imports.sheet import Answer, Question, Sheet, add, in_full


def read_ktab(file: File) -> Sheet:
    """KTAB's CSV: title, description, actors and dimensions; heads; then two columns a dimension."""
    (first, title), *rest = file.lines
    if not rest:
        raise ScenarioError(f"{file.place}: no row of heads below '{title[0]}'.")
    (second, head), *rows = rest
    actors, dimensions = (int(float(title[place])) for place in (2, 3))
    if len(rows) != actors:
        raise ScenarioError(f"{file.row(first)}: {actors} actors are announced, and {len(rows)} rows follow.")
    needed = 3 + 2 * dimensions
    if sum(cell != "" for cell in head[:needed]) < needed:
        raise ScenarioError(
            f"{file.row(second)}: {dimensions} dimensions are announced, so {needed} columns are needed: "
            "actor, description, influence, and a position and a salience each."
        )
    names = tuple(str(cell) for cell in head)
    issues = _dimensions(head[3:needed])
    answers: dict[str, dict[str, Answer]] = {}
    people: dict[str, str] = {}
    for number, cells in rows:
        actor = bare(cells[0])
        if not actor:
            raise ScenarioError(f"{file.row(number)}, column {names[0]}: blank; name the actor.")
        people[actor] = bare(cell_at(cells, 1)) or actor
        influence = number_in(cell_at(cells, 2), f"{file.row(number)}, column {names[2]}")
        for place, issue in enumerate(issues):
            position, salience = (
                number_in(cell_at(cells, column), f"{file.row(number)}, column {names[column]}")
                for column in (3 + 2 * place, 4 + 2 * place)
            )
            add(answers, issue, actor, Answer(position, salience, influence, file.row(number)))
    questions = {issue: Question(issue, given) for issue, given in answers.items()}
    return Sheet("KTAB CSV", str(title[0]).strip(), questions, in_full(people), about=str(title[1]).strip())


def _dimensions(head: Sequence[Any]) -> list[str]:
    """The dimensions' names from the heads of their positions: ``Policy`` of ``Policy Position``, but ``Pstn1``."""
    found = []
    for cell in head[::2]:
        text = str(cell).strip()
        bare = re.sub(r"\s+position$", "", text, flags=re.IGNORECASE)
        found.append(bare or text)
    return found
