"""Scenario files: reading, extending, changing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date as Date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.catalogue import bundled_file, find, names, scenarios_in
from simulation.scenario.claims import evidence_near, unfit_claims
from simulation.scenario.edits import drop, merge, put
from simulation.scenario.errors import ScenarioError, unquoted
from simulation.scenario.evidence import Evidence
from simulation.scenario.knowledge import refuse_later
from simulation.scenario.reading import check_shape, parse_file, resolved
from simulation.scenario.schema import Scenario, build
from simulation.scenario.series import read_series
from simulation.scenario.tables.grids import is_tables
from simulation.scenario.tables.sheets import NAMES
from simulation.scenario.tables.war import in_cells, read_tables
from simulation.scenario.toml import read_toml

LONGEST_CHAIN = 10
"""How many files may extend one another in a row."""


def load_scenario(
    path: str | Path, changes: dict[str, Any] | None = None, *, as_of: Date | str | None = None
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : a TOML file, a folder of tables or an Excel file, or the name of a bundled scenario such as ``libya-2020-01``
    changes : keys to change before the check, such as ``{"ties.Turkey.GNA.support": 0.9}``
    as_of : the day by which to know the conflict, a date or its text; everything is known if left out. See
        ``Scenario.as_of``.

    Raises
    ------
    ScenarioError
        saying file, place, value and what would do
    """
    file = find(path)
    raw, files = read(file)
    if changes:
        check_shape(raw, file)
    for key, value in (changes or {}).items():
        put(raw, key, value, f"set to {value} on loading", str(path))
    try:
        scenario = build(raw, str(path), partial(unfit_claims, files=files))
    except ScenarioError as error:
        if changes and is_tables(file):
            load_scenario(path)  # what is wrong without the changes is told first, of its row
            raise
        raise _in_cells(_blamed(error, str(path), file), str(path), file) from None
    if as_of is None:
        return scenario
    known = scenario.as_of(as_of)
    for key in changes or {}:
        refuse_later(key, known.later, known.told)
    return known


def _in_cells(error: ScenarioError, name: str, file: Path) -> ScenarioError:
    """The same error, told of row and column where the scenario is in tables."""
    if not is_tables(file):
        return error
    return ScenarioError(in_cells(str(error), name, read_tables(file)))


def evidence_of(path: str | Path) -> dict[str, Evidence]:
    """What a scenario file, and the files that it extends, may cite; empty where no folder seeds/ is near."""
    return evidence_near(read(find(path))[1])[1]


def _blamed(error: ScenarioError, name: str, file: Path) -> ScenarioError:
    """The same error, with what is the fault of the extended file told of that file."""
    parent = _parsed(file).get("extends")
    if parent is None:
        return error
    try:
        load_scenario(_extended(file, parent))
    except ScenarioError as other:
        if is_tables(_extended(file, parent)):
            return other
        theirs = {line.partition(".toml: ")[2]: line for line in str(other).splitlines()}
        lines = [theirs.get(line.removeprefix(f"{name}: "), line) for line in str(error).splitlines()]
        return ScenarioError("\n".join(lines))
    return error


@lru_cache(maxsize=16)
def load_text(text: str, name: str) -> Scenario:
    """A scenario from the text of a file that extends nothing, without looking up its claims."""
    return build(read_toml(text, name), name)


def _parsed(file: Path) -> dict[str, Any]:
    """The raw tables of a TOML file, of a folder of tables or of an Excel file."""
    if not is_tables(file):
        if file.suffix.lower() in (".csv", ".toml") and _is_part_of_tables(file):
            raise ScenarioError(f"{file}: a part of a scenario in tables; name the folder, {file.parent}.")
        return parse_file(file)
    return read_tables(file).tables


def _is_part_of_tables(file: Path) -> bool:
    return file.stem in ("war", *NAMES) and os.path.isfile(file) and os.path.isfile(file.parent / "actors.csv")


def read(file: Path) -> tuple[dict[str, Any], list[Path]]:
    """The raw tables of a file, with those that it extends merged beneath; and these files, itself first."""
    files: list[Path] = []
    return _read(file, resolved(file).parent, files), files


def _read(file: Path, tree: Path, files: list[Path]) -> dict[str, Any]:
    """Parameters: the folder that is not to be left; the files read so far, to which this one is added."""
    raw = _parsed(file)
    files.append(file)
    raw.pop("$schema", None)
    read_series(raw, file, tree)
    parent = raw.pop("extends", None)
    dropped, changes = raw.pop("drop", []), raw.pop("set", {})
    if parent is None:
        if dropped or changes:
            raise ScenarioError(f"{file}: drop and set change a file that is extended; extends is missing.")
        return raw
    if not isinstance(parent, str) or "\0" in parent:
        raise ScenarioError(f"{file}: extends: {parent!r} is not the name of a file.")
    if not isinstance(dropped, list) or not all(isinstance(key, str) for key in dropped):
        raise ScenarioError(f'{file}: drop: a list of keys is needed, such as drop = ["events.airlift"].')
    if not isinstance(changes, dict):
        raise ScenarioError(f'{file}: set: a table is needed, such as set = {{ "ties.UAE.LNA.support" = 0.3 }}.')
    if hint := unquoted(changes):
        raise ScenarioError(f"{file}: set: {hint}")
    base_file = _extended(file, parent)
    tree = _tree_of(base_file, file, parent, tree)
    _check_chain(base_file, file, parent, files)
    check_shape(raw, file)
    base = _read(base_file, tree, files)
    check_shape(base, base_file)
    base.pop("expect", None)  # what was expected of the other story is not expected of this one
    for key in sorted(dropped, key=lambda key: not key.startswith("record.")):  # an offer takes its answers with it
        drop(base, key, str(file))
    merged: dict[str, Any] = merge(base, raw)
    for key, value in changes.items():
        put(merged, key, value, f"set to {value} by {file.name}", str(file))
    return merged


def _extended(file: Path, parent: str) -> Path:
    """The file that another extends: a bundled scenario by its name, or a .toml file by its path."""
    named = None if parent.endswith((".toml", ".xlsx")) else bundled_file(parent)
    return named or file.parent / parent


def _tree_of(base: Path, file: Path, parent: str, tree: Path) -> Path:
    """The folder that the extended file may not leave: its own if it is bundled and called by name, else as before."""
    if base != file.parent / parent:
        return base.resolve().parent
    if not resolved(base).is_relative_to(tree):
        raise ScenarioError(
            f"{file}: extends: '{parent}' lies outside the folder {tree.name}/; extend files in it or below, "
            "or a bundled scenario by its name."
        )
    return tree


def _check_chain(base: Path, file: Path, parent: str, files: Sequence[Path]) -> None:
    """Refuse a circle, a row that is too long, and a file that is not there."""
    target, chain = resolved(base), [resolved(step) for step in files]
    if target in chain:
        around = " → ".join(step.name for step in (*chain[chain.index(target) :], target))
        raise ScenarioError(f"{file}: extends: the files extend one another in a circle: {around}.")
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError(f"{file}: extends: more than {LONGEST_CHAIN} files in a row.")
    if os.path.isdir(target) and not is_tables(target):
        raise ScenarioError(f"{file}: extends: '{parent}' is a folder; a scenario is a .toml file.")
    if not os.path.exists(target):
        beside = scenarios_in(target.parent)
        if not parent.endswith(".toml"):
            hint = nearest(parent, [*beside, *names()])
            raise ScenarioError(f"{file}: extends: no file '{parent}', and no bundled scenario of that name.{hint}")
        name = parent.removesuffix(".toml")
        bundled_too = f' The bundled scenario is extended by extends = "{name}".' if bundled_file(name) else ""
        raise ScenarioError(f"{file}: extends: no file '{parent}'.{bundled_too or nearest(target.name, beside)}")


def title_of(file: Path) -> tuple[str, Path | None]:
    """The title of a scenario and the file that it extends, if any; the rest is neither read nor checked.

    Raises
    ------
    ScenarioError
        for a file that cannot be read, or that has no title
    """
    raw = parse_file(file / "war.toml" if os.path.isdir(file) else file) if file.suffix != ".xlsx" else _parsed(file)
    title, parent = raw.get("title"), raw.get("extends")
    if not isinstance(title, str) or "\0" in str(parent):
        raise ScenarioError(f"{file}: title: a text is needed.")
    return title, _extended(file, parent) if isinstance(parent, str) else None
