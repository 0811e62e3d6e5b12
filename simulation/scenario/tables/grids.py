"""The cells of a folder of CSV files or of an Excel file, as pandas reads them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.sheets import NAMES

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 10_000_000
"""Bytes that a file of tables may have."""

DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet that is not blank."""

    place: str  # such as ``mywar/actors.csv: row 3``
    cells: dict[str, Any]  # by column; a text, or what Excel has of its own: a number, a date

    def at(self, column: str) -> str:
        """Where a cell is."""
        return f"{self.place}, column {column}"


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet: its columns, and its rows."""

    place: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def is_folder_of_tables(path: Path) -> bool:
    """Whether a folder holds a scenario as tables."""
    return any(os.path.isfile(path / name) for name in ("war.toml", "actors.csv"))


def is_book(path: Path) -> bool:
    """Whether a path has the name of an Excel file."""
    return path.suffix.lower() == ".xlsx"


def is_tables(path: Path) -> bool:
    """Whether a path is that of a scenario in tables: such a folder, or the name of an Excel file."""
    return is_book(path) or is_folder_of_tables(path)


def read_folder(folder: Path) -> dict[str, Grid]:
    """The sheets of a folder, by name; files that are no sheets of a scenario are left alone."""
    files = {file.stem: file for file in sorted(folder.glob("*.csv"))}
    return {name: _read_csv(files[name]) for name in NAMES if name in files}


def _read_csv(file: Path) -> Grid:
    return _grid(str(file), csv_frame(file))


def csv_frame(file: Path) -> pd.DataFrame:
    """The cells of a CSV file as they stand, header and all; columns are numbered, and cells are texts.

    Raises
    ------
    ScenarioError
        for a file that is no table in UTF-8
    """
    import io

    import pandas as pd

    text = _bytes(file)
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(f"{file}: UTF-16 text; save it as 'CSV UTF-8'.")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{file}: line {line}: not UTF-8 text; save it as 'CSV UTF-8'.") from None
    if "\0" in decoded:
        raise ScenarioError(f"{file}: a binary file; a table is text, or an .xlsx file.")
    head = next((line for line in decoded.splitlines() if line.strip()), "")
    if not head:
        raise ScenarioError(f"{file}: empty; its first line names the columns.")
    try:
        return pd.read_csv(
            io.StringIO(decoded),
            sep=max(DELIMITERS, key=head.count),
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            index_col=False,
            names=range(_widest(decoded)),
        )
    except (pd.errors.ParserError, ValueError) as error:
        raise ScenarioError(f"{file}: cannot be read as a table: {str(error).strip()}.") from None


def _widest(text: str) -> int:
    """At least as many columns as any row has, so that none is cut off or shifted."""
    return max(max(line.count(delimiter) for delimiter in DELIMITERS) for line in text.splitlines()) + 1


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            found = opened.read(LARGEST + 1)
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None
    if len(found) > LARGEST:
        raise ScenarioError(f"{file}: more than {LARGEST:,} bytes, the most a table may have.")
    return found


def read_book(file: Path) -> dict[str, Grid]:
    """The sheets of an Excel file by name, ``war`` among them; sheets that are none of a scenario's are left alone."""
    sheets = book_frames(file)
    known = {name: sheets[name] for name in ("war", *NAMES) if name in sheets}
    if "actors" not in known:
        raise ScenarioError(f"{file}: no sheet 'actors'.{nearest('actors', sheets)}")
    return {name: _grid(f"{file}: sheet {name}", frame, ", ") for name, frame in known.items()}


def book_frames(file: Path) -> dict[str, pd.DataFrame]:
    """The cells of every sheet of an Excel file as they stand, by the sheet's name.

    Raises
    ------
    ScenarioError
        for a file that is none, or where openpyxl is missing
    """
    import io
    import warnings

    import pandas as pd

    content = _bytes(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that openpyxl does not keep
            book = pd.read_excel(
                io.BytesIO(content),
                sheet_name=None,
                header=None,
                dtype=object,
                keep_default_na=False,
                na_filter=False,
                engine="openpyxl",
            )
    except ImportError:
        raise ScenarioError('an Excel file needs openpyxl: pip install "ceasefire-simulation[excel]"') from None
    except Exception as error:  # a damaged archive fails in many ways
        raise ScenarioError(f"{file}: not an Excel file that can be read: {error or type(error).__name__}.") from None
    return {str(name).strip(): frame for name, frame in book.items()}


def _grid(place: str, frame: Any, between: str = ": ") -> Grid:
    """The rows below the first that is not blank, which names the columns."""
    filled = filled_lines(frame)
    if not filled:
        raise ScenarioError(f"{place}: empty; its first row names the columns.")
    (_, head), *rest = filled
    columns = [str(cell) for cell in head]
    named = {number: name for number, name in enumerate(columns) if name}
    for name in named.values():
        if columns.count(name) > 1:
            raise ScenarioError(f"{place}: two columns are called '{name}'.")
    return Grid(place, tuple(named.values()), tuple(_rows(place, named, rest, between)))


def filled_lines(frame: Any) -> list[tuple[int, list[Any]]]:
    """The lines that are not blank, each with its number; a blank cell is an empty text."""
    lines = [(number, [_cell(value) for value in values]) for number, values in enumerate(frame.to_numpy(), 1)]
    return [(number, cells) for number, cells in lines if any(cell != "" for cell in cells)]


def _rows(place: str, named: dict[int, str], lines: list[tuple[int, list[Any]]], between: str) -> Iterator[Row]:
    for number, cells in lines:
        where = f"{place}{between}row {number}"
        for column, cell in enumerate(cells):
            if cell != "" and column not in named:
                raise ScenarioError(
                    f"{where}: '{cell}' stands beyond the named columns; put a cell that holds the separator in quotes."
                )
        yield Row(where, {name: cells[column] for column, name in named.items()})


def _cell(value: Any) -> Any:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        return value.strip()
    return value
