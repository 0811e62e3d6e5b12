"""The points of a sweep from a CSV file: a key at the head of each column, a point in each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from simulation.questions.sweep.design import Design, check_count, column_of
from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import read_text
from simulation.scenario.values import read_value

LARGEST = 1_000_000_000
"""Bytes that a file of points may have."""


def read_design(file: Path) -> Design:
    """The points of a CSV file: a key at the head of each column, a point in each row."""
    text = read_text(file, LARGEST, "a design", "'CSV UTF-8'")
    try:
        return _from_rows(file, csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ScenarioError(f"{file}: not a CSV file: {error}.") from None


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
            column.append(read_value(cell, f"{file}: line {number}: {key}"))
    if not found[0]:
        raise ScenarioError(f"{file}: no points: it has only the line of keys.")
    check_count(len(found[0]))
    return Design(
        {key: column_of(column) for key, column in zip(keys, found, strict=True)},
        {"sampling": "file", "file": file.name, "points": len(found[0])},
    )
