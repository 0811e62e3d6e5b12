"""A table of positions as one negotiation scenario, or as one an issue."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.rules import RULES
from simulation.scenario.errors import ScenarioError
from simulation.scenario.imports.keys import keys_of, slug
from simulation.scenario.imports.layouts import read_sheet
from simulation.scenario.imports.scales import MOST_NAMED, scale_from, to_points, to_weights
from simulation.scenario.imports.sheet import Answer, Question, Sheet
from simulation.scenario.schema import Scenario, build

LEFT_OUT = "Left out of "
"""How a line begins that says who has no position on an issue."""


@dataclass(frozen=True)
class Imported:
    """What came of a table: scenarios by name, and a line on each thing that was recognised or changed."""

    scenarios: dict[str, Scenario]
    tables: dict[str, dict[str, Any]]
    """The raw tables of each scenario, which say no more than the table did."""
    notes: tuple[str, ...]

    @property
    def scenario(self) -> Scenario:
        """The scenario, where there is one.

        Raises
        ------
        ScenarioError
            where there are several
        """
        if len(self.scenarios) > 1:
            raise ScenarioError(f"{len(self.scenarios)} scenarios came of the table: .scenarios has them by name.")
        return next(iter(self.scenarios.values()))

    def as_toml(self, name: str | None = None) -> str:
        """The text of a scenario's file; the name may be left out where there is one."""
        import tomli_w

        if name is None and self.scenario:
            name = next(iter(self.scenarios))
        if name not in self.tables:
            raise ScenarioError(f"`name`: no scenario '{name}'.{nearest(str(name), self.tables)}")
        text = tomli_w.dumps(self.tables[name], multiline_strings=True)
        return re.sub(r"\[\n((?:    [^\n]+,\n)+)\]", lambda found: f"[{_on_one_line(found[1])}]", text)

    def __str__(self) -> str:
        return "\n".join(self.notes)


def _on_one_line(items: str) -> str:
    return ", ".join(item.strip().removesuffix(",") for item in items.splitlines())


def import_table(
    file: str | Path,
    *,
    issue: str | None = None,
    scale: str | None = None,
    apart: bool = False,
    rule: str = "spatial",
    rounds: int = 10,
) -> Imported:
    """Read a table of the field as a negotiation.

    Known by what they hold, not by their names, are: KTAB's CSV and XML; the CSV of the exchange model Decide, with its
    rows #A, #P, #M and #D; a row an actor with position, salience and influence (a Predictioneer's table), of one issue
    or several, columns in any order and case; and a row an actor and issue, as the data on decisions of the European
    Union are kept (DEU), with or without proposal, outcome and reference point. CSV in UTF-8 with any of , ; and tab,
    decimal commas, or Excel.

    Positions are put on 0 … 100. Where the table does not state the ends of a scale, positions within 0 … 1 are
    shares, and within 0 … 100 points; others are refused until ``scale`` says the ends. An actor without a position on
    an issue, or without salience or influence, is left out of that issue.

    Parameters
    ----------
    file : CSV, TSV, XML or Excel
    issue : one of several issues, by its name; all if left out
    scale : the ends of the scale of positions, ``"4:10"`` or ``"4:10 years"``
    apart : one scenario an issue. So it is also where an actor has no position on some issue, where influence differs
        between issues, or where issues are of several proposals
    rule : the stance rule, in whole moves
    rounds : how many are played

    Returns
    -------
    Imported
        ``.scenarios`` by name, ``.scenario`` where there is one, ``.notes`` on what was recognised, put to scale and
        left out, ``.as_toml()``

    Raises
    ------
    ScenarioError
        with file, row, column, value and what would do
    """
    path = Path(file)
    if rule not in RULES:
        raise ScenarioError(f"`rule`: no rule called '{rule}'.{nearest(rule, RULES)}")
    ends = None if scale is None else scale_from(scale)
    try:
        sheet = to_points(_chosen(read_sheet(path), issue), ends)
        sheet, left_out = _without_blanks(sheet)
        reasons = _why_apart(sheet, left_out)
        together = len(sheet.questions) > 1 and not apart and not reasons
        sheet = to_weights(sheet, together and RULES[rule].divided_salience)
    except ScenarioError as error:
        if str(error).startswith((str(path), "`")):
            raise
        raise ScenarioError(f"{path}: {error}") from None
    keys = keys_of(dict.fromkeys(name for question in sheet.questions.values() for name in question.answers), "actor")
    several = len(sheet.questions)
    if several > 1 and not together:
        why = f": {reasons[0]}" if reasons else ""
        sheet = sheet.noting(f"One scenario an issue, {several} in all{why}.")
    scenario_of = {"name": rule, "whole_moves": True, **(sheet.rule if rule == "spatial" else {})}
    notes = (_headline(path, sheet, len(keys)), *sheet.notes)
    raws = {}
    if together:
        raws[slug(path.stem, "negotiation")] = _raw(path, sheet, sheet.questions, keys, scenario_of, rounds, notes)
    else:
        names = keys_of(sheet.questions, "issue")
        for key, question in sheet.questions.items():
            name = names[key] if several > 1 else slug(path.stem, "negotiation")
            raws[name] = _raw(path, sheet, {key: question}, keys, scenario_of, rounds, notes)
    scenarios = {name: build(raw, f"{path}" if len(raws) == 1 else f"{path}: {name}") for name, raw in raws.items()}
    return Imported(scenarios, raws, notes)


def _headline(path: Path, sheet: Sheet, actors: int) -> str:
    counts = [f"{actors} actor{'s' * (actors != 1)}"]
    issues, proposals = len(sheet.questions), {question.proposal for question in sheet.questions.values()} - {None}
    counts.append(f"{issues} issue{'s' * (issues != 1)}")
    counts += [f"{len(proposals)} proposal{'s' * (len(proposals) != 1)}"] if proposals else []
    known = sum(question.outcome is not None for question in sheet.questions.values())
    counts += [f"{known} with {'its' if known == 1 else 'their'} outcome"] if known else []
    return f"{path}: {sheet.layout}; {', '.join(counts)}."


def _chosen(sheet: Sheet, issue: str | None) -> Sheet:
    """The sheet with one of its issues, by its name in the table or by its title, in any case."""
    if issue is None:
        return sheet
    named: dict[str, list[str]] = {}
    for key, question in sheet.questions.items():
        for name in {key.casefold(), question.title.casefold()}:
            named.setdefault(name, []).append(key)
    found = named.get(issue.casefold(), [])
    if not found:
        known = {name for key, question in sheet.questions.items() for name in (key, question.title)}
        raise ScenarioError(f"`issue`: no issue '{issue}'.{nearest(issue, known)}")
    if len(found) > 1:
        raise ScenarioError(f"`issue`: '{issue}' is the title of several: {', '.join(found)}; take one of these names.")
    return replace(sheet, questions={found[0]: sheet.questions[found[0]]})


def _without_blanks(sheet: Sheet) -> tuple[Sheet, list[str]]:
    """The sheet without answers that lack a number; and the issues of which somebody was left out."""
    kept: dict[str, Question] = {}
    notes, short = [], []
    for issue, question in sheet.questions.items():
        whole = {name: answer for name, answer in question.answers.items() if None not in answer[:3]}
        missing = {name: _blank(answer) for name, answer in question.answers.items() if name not in whole}
        if missing:
            short.append(question.title)
            names = [f"{sheet.names[name]} (no {what})" for name, what in missing.items()]
            rest = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
            notes.append(f"{LEFT_OUT}{_called(issue, question)}: {', '.join(names[:MOST_NAMED])}{rest}.")
        if whole:
            kept[issue] = replace(question, answers=whole)
        else:
            notes.append(
                f"{_called(issue, question)} is left out: nobody has a position, salience and influence on it."
            )
    if not kept:
        raise ScenarioError("nobody has a position, salience and influence; there is nothing to play.")
    if len(notes) > 3 * MOST_NAMED:
        notes = [*notes[: 2 * MOST_NAMED], f"{LEFT_OUT}{len(notes) - 2 * MOST_NAMED} more issues: some actors."]
    still = [_called(issue, question) for issue, question in kept.items() if _nothing_to_settle(question)]
    if still:
        rest = f" and {len(still) - MOST_NAMED} more" if len(still) > MOST_NAMED else ""
        what = f"{', '.join(still[:MOST_NAMED])}{rest}"
        notes.append(f"Nothing to settle on {what}: all agree, or one actor is alone, and nobody moves.")
    everybody = {name for question in kept.values() for name in question.answers}
    short += [question.title for question in kept.values() if len(question.answers) < len(everybody)]
    return replace(sheet, questions=kept).noting(*notes), list(dict.fromkeys(short))


def _nothing_to_settle(question: Question) -> bool:
    return len({answer.position for answer in question.answers.values()}) == 1


def _called(issue: str, question: Question) -> str:
    """An issue in a line; where there are proposals, its title may be that of another one too."""
    return f"'{issue}'" if question.proposal else f"'{question.title}'"


def _blank(answer: Answer) -> str:
    kinds = zip(("position", "salience", "influence"), answer[:3], strict=True)
    return next(kind for kind, value in kinds if value is None)


def _why_apart(sheet: Sheet, short: list[str]) -> list[str]:
    """Why the issues cannot be played together; nothing where they can."""
    reasons = []
    if len({question.proposal for question in sheet.questions.values()}) > 1:
        reasons.append("they are of several proposals")
    if short:
        reasons.append(f"not everybody has a position on '{short[0]}', and issues played together need one of each")
    power: dict[str, set[float | None]] = {}
    for question in sheet.questions.values():
        for name, answer in question.answers.items():
            power.setdefault(name, set()).add(answer.influence)
    unlike = [name for name, values in power.items() if len(values) > 1]
    if unlike:
        reasons.append(f"influence differs between issues, as that of {sheet.names[unlike[0]]} does")
    return reasons


def _of_another(note: str, questions: dict[str, Question]) -> bool:
    """Whether a line is about an issue that a scenario does not have."""
    if not note.startswith(LEFT_OUT):
        return False
    return not any(note.startswith(f"{LEFT_OUT}{_called(issue, question)}:") for issue, question in questions.items())


def _raw(
    path: Path,
    sheet: Sheet,
    questions: dict[str, Question],
    keys: dict[str, str],
    rule: dict[str, Any],
    rounds: int,
    notes: tuple[str, ...],
) -> dict[str, Any]:
    """The tables of a scenario over these questions."""
    issues, names = keys_of(questions, "issue"), dict(sheet.names)
    listed = list(questions.values())
    first = notes[0].replace(str(path), path.name, 1)
    said = [note for note in notes[1:] if not _of_another(note, questions)]
    title = sheet.title if len(sheet.questions) == 1 or len(questions) > 1 else f"{sheet.title}: {listed[0].title}"
    asked = "Where do they settle on each issue?"
    if len(listed) == 1:
        asked = listed[0].title if listed[0].title.endswith("?") else f"Where do they settle on '{listed[0].title}'?"
    actors = {}
    for name in listed[0].answers:
        answers = [question.answers[name] for question in listed]
        key = keys[name]
        numbers: dict[str, Any]
        if len(listed) > 1:
            positions, saliences = (
                [_plain(getattr(answer, what)) for answer in answers] for what in ("position", "salience")
            )
            numbers = {"positions": positions, "saliences": saliences}
        else:
            numbers = {"stance": _plain(answers[0].position), "salience": _plain(answers[0].salience)}
        called = {"name": names[name]} if names[name] != key else {}
        actors[key] = {**called, **numbers, "influence": _plain(answers[0].influence), "sources": ["table"]}
    return {
        "schema": 1,
        "title": title,
        "question": asked,
        "about": "\n".join(part for part in (sheet.about, first, *said) if part),
        "steps": rounds,
        "rule": rule,
        "sources": {"table": first},
        "issues": {issues[key]: _issue(question, issues[key]) for key, question in questions.items()},
        "actors": actors,
    }


def _issue(question: Question, key: str) -> dict[str, Any]:
    low, high = question.words
    said = {
        "title": question.title if question.title != key else None,
        "low": low,
        "high": high,
        "now": None if question.now is None else _plain(question.now),
        "outcome": None if question.outcome is None else _plain(question.outcome),
        "proposal": question.proposal,
    }
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: float | None) -> float | int:
    """A whole number without its point."""
    assert value is not None
    return int(value) if float(value).is_integer() else value
