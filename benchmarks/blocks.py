"""Blocks of the manual that programs write: what stands between ``<!-- NAME -->`` and ``<!-- end -->``."""

from __future__ import annotations

import re
from pathlib import Path

from simulation.runs.results.wording import ends, fixed
from simulation.writing import write_text

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "validation.md"
"""The page with most of them."""


def table(head, rows):
    """A table of Markdown, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def three(values, sign="", digits=3, of_ends=2):
    """A number with its interval, such as ``0.362 (0.31 to 0.42)``; a difference with the sign ``+``."""
    value, low, high = (float(number) for number in values)
    return f"{fixed(value, f'{sign}.{digits}f')} ({ends(low, high, f'.{of_ends}f', ' to ')})"


def filled(text, name, block):
    """The text of a page with a block in its place.

    Raises
    ------
    ValueError
        where the page has no place for it, or several
    """
    pattern = re.compile(rf"(<!-- {re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    text, places = pattern.subn(lambda found: f"{found[1]}{block}\n{found[2]}", text)
    if places != 1:
        raise ValueError(f"{places} places for '{name}'; one is needed")
    return text


def fill(name, block, page=PAGE):
    """Write a block into its place in a page."""
    try:
        write_text(page, filled(page.read_text(encoding="utf-8"), name, block))
    except ValueError as error:
        raise SystemExit(f"{page}: {error}") from None
