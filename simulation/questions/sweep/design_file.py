"""The points of a sweep from a CSV file: a key at the head of each column, a point in each row."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from simulation.questions.sweep.design import Design, check_count, column_of
from simulation.scenario.errors import ScenarioError
from simulation.scenario.values import read_value


def read_design(file: Path) -> Design:
    """The points of a CSV file: a key at the head of each column, a point in each row."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            return _from_rows(file, csv.reader(opened, strict=True))
    except UnicodeDecodeError:
        raise ScenarioError(f"{file}: not UTF-8 text.") from None
    except csv.Error as error:
        raise ScenarioError(f"{file}: not a CSV file: {error}.") from None
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None


def _from_rows(file: Path, rows: Iterable[list[str]]) -> Design:
    lines = enumerate(rows, start=1)
    _, head = next(lines, (0, []))
    keys = [key.strip() for key in head]
    if not keys or not all(keys):
        raise ScenarioError(f"{file}: line 1: every column needs a key at its head, such as ties.UAE.LNA.support.")
    if len(set(keys)) < len(keys):
        raise ScenarioError(f"{file}: line 1: a key stands at the head of two columns.")
    found: list[list[Any]] = [[] for _ in keys]
    for number, row in lines:
        if not row:
            continue
        if len(row) != len(keys):
            raise ScenarioError(f"{file}: line {number}: {len(row)} values for {len(keys)} keys.")
        for key, column, cell in zip(keys, found, row, strict=True):
            if not cell.strip():
                raise ScenarioError(f"{file}: line {number}: {key}: empty.")
            column.append(read_value(cell))
    if not found[0]:
        raise ScenarioError(f"{file}: no points: it has only the line of keys.")
    check_count(len(found[0]))
    return Design(
        {key: column_of(column) for key, column in zip(keys, found, strict=True)},
        {"sampling": "file", "file": file.name, "points": len(found[0])},
    )
