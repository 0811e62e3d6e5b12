"""Values as people type them at a command line, in a cell of a table or in a list of choices."""

from __future__ import annotations

import tomllib
from typing import Any

from simulation.scenario.toml import parse_toml


def read_value(text: str, place: str = "a value") -> Any:
    """A value as TOML reads it, or the plain text where it is none: ``0.9``, ``true``, ``["LNA"]``, ``degroot``.

    Raises
    ------
    ScenarioError
        with the place, for lists too deep in one another and numbers of too many digits
    """
    text = text.strip()
    try:
        table = parse_toml(f"value = {text}", place)
    except tomllib.TOMLDecodeError:
        return text
    return table["value"] if len(table) == 1 else text


def read_choices(text: str, place: str = "a value") -> tuple[Any, ...]:
    """The values between commas; what stands in brackets or quotes is one value."""
    several = read_value(f"[{text}]", place)
    return tuple(several) if isinstance(several, list) else tuple(read_value(part, place) for part in text.split(","))
