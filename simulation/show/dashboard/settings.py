"""All that a visitor has chosen, as the address of the page says it: to share, to reload, to go back to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date as Date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from simulation.parameters import nearest

SET = "set."
"""What the key of a number begins with in an address, as in ``set.ties.UAE.LNA.support=0.2``."""

BOUNDS = {"runs": (1, 5000), "seed": (0, 999_999), "run": (0, 9999), "step": (0, 99_999)}
"""The least and the most that a whole number may be."""

LONGEST = 16 * 1024
"""Characters of an address that are read; some 400 moved numbers have room."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is looked at. What is left out is as the scenario has it."""

    scenario: str = ""  # its name in the menu
    as_of: Date | None = None  # the day by which the conflict is known
    rule: str = ""
    changes: tuple[tuple[str, float], ...] = ()  # numbers that were moved, by key
    runs: int = 0  # 0: as many as are quick enough
    seed: int = 1
    against: str = ""  # with what it is compared: the name of a scenario, or the address of other settings
    actors: str = ""  # the heading of those whose stances are drawn
    run: int = 0  # the one that is looked at step by step
    step: int = 0

    @property
    def address(self) -> str:
        """The query of the page's address, without what is as usual."""
        own = {name: getattr(self, name) for name in _USUAL}
        said = {name: value for name, value in own.items() if value != _USUAL[name]}
        return urlencode(said | {SET + key: f"{value:.12g}" for key, value in self.changes})


_USUAL = {field.name: field.default for field in fields(Settings) if field.name != "changes"}


def read_settings(query: str) -> tuple[Settings, list[str]]:
    """The settings of an address, and what is wrong with it; what is wrong is left as usual.

    Parameters
    ----------
    query : what stands behind the question mark
    """
    if len(query) > LONGEST:
        return Settings(), [f"The address has {len(query):,} characters; {LONGEST:,} are read."]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError:
        return Settings(), ["The address has letters, or more parts, than can be read."]
    return settings_of(pairs)


def settings_of(pairs: Iterable[tuple[str, str]]) -> tuple[Settings, list[str]]:
    """The same of names and values, the later of two of one name counting."""
    told: dict[str, Any] = {}
    moved: dict[str, float] = {}
    wrong = []
    for name, text in pairs:
        try:
            if name.startswith(SET):
                moved[name.removeprefix(SET)] = _number(text)
            elif name not in _USUAL:
                raise ValueError(f"no such setting.{nearest(name, [*_USUAL, SET])}")
            elif name in BOUNDS:
                told[name] = _whole(text, *BOUNDS[name]) if text else _USUAL[name]
            elif name == "as_of":
                told[name] = Date.fromisoformat(text) if text else None
            else:
                told[name] = text
        except ValueError as error:
            wrong.append(f"{name}: {error}" if name != "as_of" else f"as_of: '{text}' is no day such as 2020-01-12.")
    return Settings(**told, changes=tuple(sorted(moved.items()))), wrong


def _whole(text: str, low: int, high: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise ValueError(f"'{text[:40]}' will not do; a whole number from {low} to {high} would.")
    return int(text)


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value - value != 0:
        raise ValueError(f"'{text[:40]}' is no number.")
    return value
