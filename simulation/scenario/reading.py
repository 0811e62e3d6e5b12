"""The raw tables of one scenario file, once it is sure that they can be merged and changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.errors import LISTS, ScenarioError, each_a_table
from simulation.scenario.input_files import read_text
from simulation.scenario.toml import read_toml

LARGEST = 1_000_000
"""Bytes a scenario file may have; the largest bundled one has some tens of thousands."""


def parse_file(file: Path) -> dict[str, Any]:
    """The tables as they stand in the file."""
    if os.path.isdir(file):
        raise ScenarioError(
            f"{file}: a folder without war.toml and actors.csv; a scenario is a .toml file, or a folder of tables."
        )
    if not os.path.lexists(file):
        beside = [other.name for other in file.parent.glob("*.toml")] if os.path.isdir(file.parent) else []
        raise ScenarioError(f"{file}: no such file.{nearest(file.name, beside)}")
    text = read_text(file, LARGEST, "a scenario")
    if not text.strip():
        raise ScenarioError(f"{file}: empty; 'ceasefire new FILE' writes one to start from.")
    return read_toml(text, str(file))


def check_shape(raw: dict[str, Any], file: Path) -> None:
    """Refuse what cannot be merged or changed: a table where a list of tables belongs, or the reverse.

    Raises
    ------
    ScenarioError
        with all there is of it
    """
    wrong = []
    for key in LISTS:
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            wrong.append(f"{file}: {key}: {each_a_table(key)}")
    actors = raw.get("actors", {})
    if not isinstance(actors, dict):
        wrong.append(f"{file}: actors: {each_a_table('actors')}")
    for name, actor in actors.items() if isinstance(actors, dict) else ():
        if not isinstance(actor, dict):
            wrong.append(f"{file}: actors.{name}: {each_a_table('actors', name)}")
    if wrong:
        raise ScenarioError("\n".join(wrong))


def resolved(file: Path) -> Path:
    """The file that a path leads to, links followed."""
    try:
        found = file.resolve()
        lost = os.path.islink(found)  # Python 3.13 stops at links that lead to one another, and says nothing
    except (OSError, RuntimeError):  # earlier ones say so
        lost = True
    if lost:
        raise ScenarioError(f"{file}: cannot be read: the link leads nowhere.")
    return found
