"""What a cell of a table says: a number, a date, a list of words; with an error that names it where it says nothing."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import datetime
from typing import Any

from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.grids import Row
from simulation.scenario.tables.sheets import SEPARATOR, Column, Kind

YES, NO = ("yes", "true", "1"), ("no", "false", "0")


def read(row: Row, column: Column) -> Any:
    """The value of a cell, or None where it is blank.

    Raises
    ------
    ScenarioError
        that names file, row, column and value, and says what would do
    """
    return value_of(row.cells.get(column.name, ""), column.kind, row.at(column.name))


def value_of(cell: Any, kind: Kind, place: str) -> Any:
    """What a cell of a kind says, or None where it is blank."""
    if cell == "":
        return None
    match kind:
        case "number" | "quantity":
            return _number(cell, place)
        case "date":
            return _date(cell, place)
        case "flag":
            return _flag(cell, place)
        case "words":
            return [word for part in _text(cell).split(SEPARATOR) if (word := part.strip())]
        case "numbers":
            return [_number(part.strip(), place) for part in _text(cell).split(SEPARATOR) if part.strip()]
        case "points":
            return _points(_text(cell), place)
    return _text(cell)


def _text(cell: Any) -> str:
    """A text as it was meant: Excel makes a number or a date of an id such as 598."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


def _number(cell: Any, place: str) -> float:
    if isinstance(cell, bool | Date):
        raise ScenarioError(f"{place}: {_text(cell)} is not a number; set the cell's format to number.")
    if isinstance(cell, int | float):
        return cell
    text = str(cell).replace("\u2212", "-").replace("\u00a0", "")
    if re.fullmatch(r"[+-]?\d*,\d+", text):  # a decimal comma
        text = text.replace(",", ".")
    try:
        if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
            raise ValueError
        return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else float(text)
    except ValueError:
        hint = ""
        if found := re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?) ?%", text):
            hint = f" Did you mean {float(found[1].replace(',', '.')) / 100:g}?"
        elif "," in text and "." in text:
            hint = " Leave out the separator of thousands."
        elif re.fullmatch(r"[\d.]+ ?[-–…] ?[\d.]+", text):
            hint = " An interval goes into two columns, such as stance_low and stance_high."
        raise ScenarioError(f"{place}: '{cell}' is not a number.{hint}") from None


def _date(cell: Any, place: str) -> Date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, Date):
        return cell
    text = _text(cell).removesuffix(" 00:00:00").removesuffix("T00:00:00")
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    try:
        return Date(int(found[3]), int(found[2]), int(found[1])) if found else Date.fromisoformat(text)
    except ValueError:
        raise ScenarioError(f"{place}: '{text}' is not a date; write it as 2020-01-08 (year-month-day).") from None


def _flag(cell: Any, place: str) -> bool:
    text = _text(cell).lower()
    if text not in YES + NO:
        raise ScenarioError(f"{place}: '{text}' will not do: yes or no would.")
    return text in YES


def _points(text: str, place: str) -> dict[str, float]:
    """``line=60;prisoners=100`` as a table."""
    found: dict[str, float] = {}
    for part in text.split(SEPARATOR):
        name, sign, value = (word.strip() for word in part.partition("="))
        if not part.strip():
            continue
        if not sign or not name or not value:
            raise ScenarioError(
                f"{place}: '{part.strip()}' is not written NAME=VALUE, such as line=60; several with ;."
            )
        if name in found:
            raise ScenarioError(f"{place}: '{name}' is given twice.")
        found[name] = _number(value, place)
    return found
