"""The wars of a benchmark: scenarios with observed answers, as settled and as each coder has them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from simulation.parameters import nearest
from simulation.questions.record.hindcast import Asked, answers_on_record
from simulation.scenario.catalogue import bundled, find, names
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_scenario
from simulation.scenario.record import Record
from simulation.scenario.schema import Scenario
from simulation.scenario.tables.grids import is_folder_of_tables, is_tables

SETTLED = "settled"
"""What the codings of a war are called once they were put together."""

REFUSED, HALF, ACCEPTED = 0, 1, 2
"""The answers in order: refused or not answered, accepted with conditions, accepted."""

CUTS = (0.25, 0.75)
"""Grades between which an answer that nobody put in a word counts as one with conditions."""


@dataclass(frozen=True)
class Case:
    """A war in one coding, and the answers on its record."""

    war: str
    coding: str
    scenario: Scenario
    asked: tuple[Asked, ...]

    @property
    def records(self) -> list[Record]:
        """What the scenario says of each answer, in the order of ``asked``."""
        known = {(entry.offer, entry.party): entry for entry in self.scenario.record}
        return [known[item.offer, item.party] for item in self.asked]


def load_cases(path: str | Path) -> list[Case]:
    """Every scenario with a record in a folder, and the codings that lie in folders of their own within it.

    Parameters
    ----------
    path : a folder of scenarios, or one scenario; ``wars`` means the bundled corpus

    Raises
    ------
    ScenarioError
        where there is none
    """
    return [case for name, file in _files(Path(path)).items() for case in _codings(name, file)]


def of_codings(cases: Sequence[Case], codings: Sequence[str]) -> list[Case]:
    """The cases of some codings, one coding after the other.

    Raises
    ------
    ScenarioError
        where no war has one of them
    """
    there = {case.coding for case in cases}
    chosen = [codings] if isinstance(codings, str) else list(codings)
    for coding in chosen:
        if coding not in there:
            raise ScenarioError(f"`codings` {coding}: none of the wars has such a coding.{nearest(coding, there)}")
    return [case for coding in chosen for case in cases if case.coding == coding]


def is_folder_of_wars(path: str | Path) -> bool:
    """Whether several scenarios may lie there: a folder that is none itself, of the user's or of the package's."""
    folder = Path(path) if os.path.exists(path) else bundled() / path
    return os.path.isdir(folder) and not is_tables(folder)


def _files(path: Path) -> dict[str, Path]:
    if not os.path.exists(path) and os.path.isdir(bundled() / path):
        path = bundled() / path
    path = find(path) if not os.path.isdir(path) else path
    found = {path.stem: path} if is_tables(path) or path.is_file() else names(path)
    if not found:
        raise ScenarioError(f"{path}: no scenarios in it; each war is a TOML file or a folder of tables.")
    return found


def _codings(name: str, file: Path) -> Iterator[Case]:
    settled = load_scenario(file)
    if not settled.record:
        return
    yield Case(name, SETTLED, settled, tuple(answers_on_record(settled)))
    coders = settled.coders or ()
    there = [coder for coder in coders if is_folder_of_tables(file / coder)]
    gone = [coder for coder in coders if coder not in there]
    if there and gone:
        raise ScenarioError(
            f"{file}: the tables of the coder '{gone[0]}' are missing; they are in a folder of that name."
        )
    for coder in there:
        scenario = load_scenario(file / coder)
        yield Case(name, coder, scenario, tuple(answers_on_record(scenario)))


def category(record: Record) -> int:
    """The answer as 0 refused, 1 with conditions, 2 accepted: by its word, or where there is none by its grade."""
    if record.given is not None:
        return {"accept": ACCEPTED, "conditional": HALF}.get(record.given, REFUSED)
    return REFUSED if record.answer < CUTS[0] else ACCEPTED if record.answer >= CUTS[1] else HALF
