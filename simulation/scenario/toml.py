"""The one reader of TOML: of files, of values at a command line, and of what stores and results keep."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from simulation.scenario.errors import ScenarioError, explain_toml

DEEPEST = 20
"""How many tables and lists may stand in one another; a scenario needs five."""

MOST_BITS = 63
"""Bits that a whole number may have beside its sign, as TOML itself has it."""

TEXT_OR_COMMENT = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*+"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*+"'
    r"|'[^'\n]*'"
    r"|#[^\n]*",
    re.DOTALL,
)
"""What stands between quotes, and comments: brackets and dots in them mean nothing."""

LONG_KEY = re.compile(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{DEEPEST}}}")
"""A key of so many parts that reading it takes the square of their number, once what stands in quotes is a letter."""


def read_toml(text: str, place: str) -> dict[str, Any]:
    """The tables of a text.

    Raises
    ------
    ScenarioError
        with the place, and the line if it is no TOML; or for what ``parse_toml`` refuses
    """
    try:
        return parse_toml(text, place)
    except tomllib.TOMLDecodeError as error:
        raise explain_toml(error, text, place) from None


def parse_toml(text: str, place: str) -> dict[str, Any]:
    """The tables of a text that may be no TOML.

    Raises
    ------
    TOMLDecodeError
        for what is no TOML
    ScenarioError
        for what would take minutes to read, or cannot be worked with: tables and lists too deep in one another,
        numbers of too many digits
    """
    bare = TEXT_OR_COMMENT.sub("s", text)
    if LONG_KEY.search(bare) or _depth(bare) > DEEPEST:
        raise too_deep(place)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # what Python itself says of a number of thousands of digits
        raise _too_large(place) from None
    check_depth(tables, place)
    return tables


def _depth(bare: str) -> int:
    """How deep brackets stand in one another."""
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", bare):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def too_deep(place: str) -> ScenarioError:
    return ScenarioError(f"{place}: nested too deeply: more than {DEEPEST} tables and lists in one another.")


def _too_large(place: str) -> ScenarioError:
    return ScenarioError(f"{place}: a whole number of more than {len(str(2**MOST_BITS))} digits.")


def check_depth(tables: dict[str, Any], place: str) -> None:
    """Refuse tables and lists too deep in one another, and numbers that no computer counts with.

    Raises
    ------
    ScenarioError
        with the place
    """
    level: list[Any] = [tables]
    for _ in range(DEEPEST):
        parts = [part for item in level for part in (item.values() if isinstance(item, dict) else item)]
        if any(isinstance(part, int) and part.bit_length() > MOST_BITS for part in parts):
            raise _too_large(place)
        level = [part for part in parts if isinstance(part, dict | list | tuple)]
    if level:
        raise too_deep(place)
