"""Issues with a known outcome, from tables of the field and from scenario files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_scenario
from simulation.scenario.imports import import_table
from simulation.scenario.offers import Issue
from simulation.scenario.reading import parse_file
from simulation.scenario.schema import Scenario, build
from simulation.scenario.tables.grids import book_frames, is_folder_of_tables
from simulation.scenario.writing import as_tables

TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xml")
"""Files that may be tables of positions."""


@dataclass(frozen=True)
class Case:
    """One issue: who wants what, and what came of it."""

    name: str
    proposal: str  # issues of one proposal are not independent of each other
    scenario: Scenario  # over this issue alone
    outcome: float  # 0 … 100

    @property
    def issue(self) -> Issue:
        """What is negotiated."""
        assert isinstance(self.scenario.issues, dict)
        return next(iter(self.scenario.issues.values()))


@dataclass(frozen=True)
class Cases:
    """Cases, and what to say of how they were read."""

    cases: tuple[Case, ...]
    notes: tuple[str, ...] = field(default=())


def is_cases(path: str | Path) -> bool:
    """Whether a path holds negotiations: a table of positions, a scenario whose issues have outcomes, or a folder.

    A folder or Excel file that is a war in tables is none, nor is a folder of such.
    """
    here = Path(path)
    if here.is_dir():
        inside = [here, *(one for one in here.rglob("*") if one.is_dir())]
        return not any(is_folder_of_tables(one) for one in inside) and any(is_cases(file) for file in _files(here))
    if not here.is_file() or here.suffix.lower() not in (*TABLES, ".toml"):
        return False
    if here.suffix.lower() == ".toml":
        return _has_outcome(here)
    if here.suffix.lower() == ".xlsx":
        try:
            return not {"war", "actors"} & set(book_frames(here))
        except ScenarioError:
            return False
    return True


def _has_outcome(file: Path) -> bool:
    """Whether a scenario file says of an issue what came of it; a file that is no TOML does not."""
    try:
        issues = parse_file(file).get("issues")
    except ScenarioError:
        return False
    return isinstance(issues, dict) and any(isinstance(one, dict) and "outcome" in one for one in issues.values())


def _files(folder: Path) -> Iterator[Path]:
    yield from (file for file in sorted(folder.rglob("*")) if file.suffix.lower() in (*TABLES, ".toml"))


def read_cases(path: str | Path, *, scale: str | None = None) -> Cases:
    """Every issue with an outcome in a table, a scenario file, or a folder of both.

    Parameters
    ----------
    scale : as for ``import_table``, for tables that do not state the ends of their scale

    Raises
    ------
    ScenarioError
        for a file that will not do, or where no issue has an outcome
    """
    here = Path(path)
    found: list[Case] = []
    notes: list[str] = []
    without, several = 0, here.is_dir()
    files = list(_files(here)) if several else [here]
    for file in files:
        if several and not is_cases(file):
            continue  # a scenario that says of no outcome, among those that do
        if file.suffix.lower() == ".toml":
            scenarios: Mapping[str, Scenario] = {file.stem: load_scenario(file)}
        else:
            table = import_table(file, scale=scale, apart=True)
            scenarios = table.scenarios
            notes += table.notes
        for name, scenario in scenarios.items():
            cases = list(_of(scenario, f"{file.stem}: {name}" if several and name != file.stem else name))
            found += [case for case in cases if case is not None]
            without += sum(case is None for case in cases)
    if not found:
        hint = "a table has a column 'outcome', a scenario file [issues.NAME] with outcome"
        raise ScenarioError(f"{here}: no issue whose outcome is known; {hint}.")
    if without:
        notes.append(f"{without} {'issue is' if without == 1 else 'issues are'} left out: no outcome is known.")
    return Cases(tuple(found), tuple(notes))


def _of(scenario: Scenario, name: str) -> Iterator[Case | None]:
    """A case for each issue of a scenario; None for one without outcome."""
    if scenario.parties or not isinstance(scenario.issues, dict):
        raise ScenarioError(f"{name}: not a negotiation over named issues; parties fight, or [issues.NAME] is missing.")
    for place, (key, issue) in enumerate(scenario.issues.items()):
        whole = name if len(scenario.issues) == 1 else f"{name}: {key}"
        if issue.outcome is None:
            yield None
        else:
            alone = scenario if len(scenario.issues) == 1 else _alone(scenario, place, key)
            yield Case(whole, issue.proposal or whole, alone, issue.outcome)


def _alone(scenario: Scenario, place: int, key: str) -> Scenario:
    """A scenario over one of several issues."""
    raw = as_tables(scenario)
    raw["issues"] = {key: raw["issues"][key]}
    for actor in raw["actors"].values():
        for one, all_of_them in (("stance", "positions"), ("salience", "saliences")):
            actor[one] = {"best": actor.pop(all_of_them)[place], "assumed": f"its {one} on {key}"}
    return build(raw, f"{scenario.title}: {key}")
