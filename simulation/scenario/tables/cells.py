"""What a cell of a table says: a number, a date, a list of words; with an error that names it where it says nothing."""

from __future__ import annotations

import math
import re
from datetime import date as Date
from datetime import datetime
from typing import Any

from simulation.parameters import number_hint
from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.grids import Row
from simulation.scenario.tables.sheets import SEPARATOR, Column, Kind

NOTHING = ("na", "n/a", "nan", "none", "null", "-", "?", "unknown", "missing")
"""What people write into a cell that they do not know; only a blank one says so."""

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
        case "ground":
            return _text(cell) if str(cell).startswith("control.") else _number(cell, place)
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
        return _finite(cell, cell, place)
    text = str(cell).replace("\u2212", "-").replace("\u00a0", "")
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        raise ScenarioError(
            f"{place}: '{cell}' may be read with a decimal comma, or with one between thousands; write a decimal "
            "point, and none between thousands."
        )
    if re.fullmatch(r"[+-]?\d*,\d+", text):  # a decimal comma
        text = text.replace(",", ".")
    try:
        if not re.fullmatch(r"[+-]?(\d++\.?+\d*+|\.\d++)([eE][+-]?\d{1,3})?", text):
            raise ValueError
        number = int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else float(text)
    except ValueError:
        hint = ""
        if "%" in text:
            hint = number_hint(text)
        elif "," in text and "." in text:
            hint = " Leave out the separator of thousands."
        elif text.startswith("="):
            hint = (
                " It is a formula that was never computed: open the file in a spreadsheet program, and save it there."
            )
        elif text.startswith("#") or text.lower() in NOTHING:
            hint = " Leave the cell blank where nothing is known."
        elif re.fullmatch(r"[\d.]+ ?[-–…] ?[\d.]+", text):
            hint = " An interval goes into two columns, such as stance_low and stance_high."
        raise ScenarioError(f"{place}: '{cell}' is not a number.{hint}") from None
    return _finite(number, cell, place)


def _finite(number: float, cell: Any, place: str) -> float:
    try:
        if math.isfinite(number):
            return number
    except OverflowError:  # a whole number of more than 308 digits
        pass
    raise ScenarioError(f"{place}: {cell} is not a finite number.")


def _date(cell: Any, place: str) -> Date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, Date):
        return cell
    text = _text(cell).removesuffix(" 00:00:00").removesuffix("T00:00:00")
    day_first = re.fullmatch(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})", text)
    year_first = re.fullmatch(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})", text)
    try:
        if day_first:
            return Date(int(day_first[3]), int(day_first[2]), int(day_first[1]))
        if year_first:
            return Date(int(year_first[1]), int(year_first[3]), int(year_first[4]))
        return Date.fromisoformat(text)
    except ValueError:
        hint = ""
        if re.fullmatch(r"\d{1,2}/\d{1,2}/\d{2,4}", text):
            hint = " Which of the two is the month depends on the country."
        elif re.fullmatch(r"\d{5}(\.\d+)?", text):
            hint = " It may be a day as Excel counts them; give the cell the format of a date."
        raise ScenarioError(
            f"{place}: '{text}' is not a date; write it as 2020-01-08 (year-month-day).{hint}"
        ) from None


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
