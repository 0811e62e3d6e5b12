"""The raw tables of one scenario file, once it is sure that they can be merged and changed."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError, explain_toml, place_of

LARGEST = 1_000_000
"""Bytes a scenario file may have; the largest bundled one has some tens of thousands."""

DEEPEST = 20
"""How many tables and lists may stand in one another; a scenario needs five."""

LISTS = ("ties", "events", "record", "expect")
"""Tables that are written one by one, each under its own [[...]]."""


def parse_file(file: Path) -> dict[str, Any]:
    """The tables as they stand in the file, of a shape that can be merged."""
    try:
        if file.is_dir():
            raise ScenarioError(
                f"{file}: a folder without war.toml and actors.csv; a scenario is a .toml file, or a folder of tables."
            )
        with file.open("rb") as opened:
            text = opened.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise ScenarioError(f"{file}: more than {LARGEST:,} bytes, the most a scenario may have.")
    except FileNotFoundError:
        beside = [other.name for other in file.parent.glob("*.toml")] if file.parent.is_dir() else []
        raise ScenarioError(f"{file}: no such file.{nearest(file.name, beside)}") from None
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(f"{file}: UTF-16 text; save it as UTF-8.")
    if b"\0" in text:
        raise ScenarioError(f"{file}: a binary file; a scenario is TOML text.")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{file}: line {line}: not UTF-8 text; save it as UTF-8.") from None
    if not decoded.strip():
        raise ScenarioError(f"{file}: empty; 'ceasefire new FILE' writes one to start from.")
    try:
        raw = tomllib.loads(decoded)
    except (ValueError, RecursionError) as error:  # a plain ValueError comes of a number of thousands of digits
        raise explain_toml(error, decoded, str(file)) from None
    check_shape(raw, file)
    return raw


def check_shape(raw: dict[str, Any], file: Path) -> None:
    """Refuse what cannot be merged or changed: too deep, or a table where a list of tables belongs, or the reverse."""
    level: list[Any] = [raw]
    for _ in range(DEEPEST):
        inside = [(item.values() if isinstance(item, dict) else item) for item in level]
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
    if level:
        raise ScenarioError(f"{file}: nested too deeply: more than {DEEPEST} tables and lists in one another.")
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
