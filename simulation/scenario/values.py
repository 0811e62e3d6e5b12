"""Values as people type them at a command line, in a cell of a table or in a list of choices."""

from __future__ import annotations

import tomllib
from typing import Any


def read_value(text: str) -> Any:
    """A value as TOML reads it, or the plain text where it is none: ``0.9``, ``true``, ``["LNA"]``, ``degroot``."""
    text = text.strip()
    try:
        table = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):  # no TOML; thousands of digits; thousands of brackets
        return text
    return table["value"] if len(table) == 1 else text


def read_choices(text: str) -> tuple[Any, ...]:
    """The values between commas; what stands in brackets or quotes is one value."""
    several = read_value(f"[{text}]")
    return tuple(several) if isinstance(several, list) else tuple(read_value(part) for part in text.split(","))
