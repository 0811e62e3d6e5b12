"""The lines of a file as they stand, and what their cells say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.cells import value_of
from simulation.scenario.tables.grids import book_frames, csv_frame, filled_lines

BLANK = {"", ".", "-", "–", "—", "na", "n/a", "nan", "null", "none", "missing", "#n/a"}
"""Cells that say nothing, in lower case."""

Lines = list[tuple[int, list[Any]]]


class File(NamedTuple):
    """The lines of a file that are not blank, each with its number."""

    place: str
    between: str
    lines: Lines

    def row(self, number: int) -> str:
        """Where a row is, for messages."""
        return f"{self.place}{self.between}row {number}"


def read_lines(path: Path) -> tuple[File, tuple[str, ...]]:
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        lines = filled_lines(csv_frame(path))
        return File(str(path), ": ", lines), ()
    sheets = {name: lines for name, frame in book_frames(path).items() if (lines := filled_lines(frame))}
    if not sheets:
        raise ScenarioError(f"{path}: no sheet has anything in it.")
    name, lines = next(iter(sheets.items()))
    others = [other for other in sheets if other != name]
    notes = (f"Read is the first sheet, '{name}'; not {', '.join(others)}.",) if others else ()
    return File(f"{path}: sheet {name}", ", ", lines), notes


def bare(cell: Any) -> str:
    """A text without the quotes that some programs put around it."""
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    return text[1:-1].strip() if len(text) > 1 and text[0] == text[-1] == "'" else text


def number_in(cell: Any, place: str) -> float | None:
    """A number, or None where a cell says nothing."""
    if str(cell).strip().lower() in BLANK:
        return None
    found = value_of(bare(cell) if isinstance(cell, str) else cell, "number", place)
    return None if found is None else float(found)


def cell_at(cells: Sequence[Any], column: int | None) -> Any:
    return "" if column is None or column >= len(cells) else cells[column]
