"""The raw tables of one scenario file, once it is sure that they can be merged and changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError, place_of
from simulation.scenario.input_files import read_text
from simulation.scenario.toml import check_depth, read_toml

LARGEST = 1_000_000
"""Bytes a scenario file may have; the largest bundled one has some tens of thousands."""

LISTS = ("ties", "events", "record", "expect")
"""Tables that are written one by one, each under its own [[...]]."""


def parse_file(file: Path) -> dict[str, Any]:
    """The tables as they stand in the file, of a shape that can be merged."""
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
    raw = read_toml(text, str(file))
    check_shape(raw, file)
    return raw


def check_shape(raw: dict[str, Any], file: Path) -> None:
    """Refuse what cannot be merged or changed: too deep, or a table where a list of tables belongs, or the reverse."""
    check_depth(raw, str(file))
    for key in LISTS:
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise ScenarioError(f"{file}: {key}: write each one as a table of its own, under [[{key}]].")
    for number, event in enumerate(raw.get("events", [])):
        for how in ("set", "add"):
            check_quotes(event.get(how), f"{file}: {place_of(('events', number, how), raw)}")
    actors = raw.get("actors", {})
    if not isinstance(actors, dict):
        raise ScenarioError(f"{file}: actors: write each one as a table of its own, under [actors.NAME].")
    for name, actor in actors.items():
        if not isinstance(actor, dict):
            raise ScenarioError(f"{file}: actors.{name}: not a table; write what it is under [actors.{name}].")


def check_quotes(changes: Any, place: str) -> None:
    """Refuse a key that was written without quotes, and so reads as tables in one another."""
    for key, value in changes.items() if isinstance(changes, dict) else ():
        if isinstance(value, dict) and "best" not in value and key in ("actors", "ties", "events", "coefficients"):
            raise ScenarioError(f'{place}: put the whole key in quotes, such as "ties.UAE.LNA.support" = 0.3.')


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
