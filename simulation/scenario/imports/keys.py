"""Keys made from names in any script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_KEY = 40
"""Letters of a key that is made from a name."""


def keys_of(names: Iterable[str], kind: str) -> dict[str, str]:
    """A key for each name: its letters in ASCII, and a number behind where two would be the same."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        key = base = slug(name, f"{kind}-{number}")
        times = 1
        while key.casefold() in taken:
            times += 1
            key = f"{base}-{times}"
        taken.add(key.casefold())
        found[name] = key
    return found


def slug(name: str, otherwise: str) -> str:
    """A name as a key, or what stands for it where hardly a letter of it is Latin."""
    known = unicodedata.normalize("NFKD", name.translate({ord("ß"): "ss", ord("ø"): "o", ord("Ø"): "O", ord("ł"): "l"}))
    ascii_only = known.encode("ascii", "ignore").decode()
    key = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_only).strip("-_")[:LONGEST_KEY].strip("-_")
    letters = sum(letter.isalnum() for letter in name)
    return key if 2 * sum(letter.isalnum() for letter in key) >= letters and key else otherwise
