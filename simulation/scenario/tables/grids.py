"""The cells of a folder of CSV files or of an Excel file, as pandas reads them."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import read_bytes, read_text
from simulation.scenario.tables.sheets import NAMES

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 10_000_000
"""Bytes that a file of tables may have."""

MOST_COLUMNS, MOST_ROWS, LONGEST = 1000, 100_000, 32_767
"""Columns and rows that a table may have, and letters that a cell may have: as many as Excel puts into one."""

EXCELS_ROWS = 1_048_576

MOST_UNPACKED = 100_000_000
"""Bytes that an Excel file, which is a packed archive, may have when it is unpacked."""

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
    """The sheets of a folder, by name; files that are no sheets of a scenario are left alone.

    Raises
    ------
    ScenarioError
        for a file that is nearly called like a sheet and would be overlooked, and for one that is no table
    """
    files = {file.stem: file for file in sorted(folder.glob("*.csv"))}
    listed = [file for file in sorted(folder.iterdir()) if file.suffix.lower() in (".csv", ".tsv", ".txt", ".xlsx")]
    for file in listed:
        if file.stem.casefold() == "war" and file.suffix.lower() != ".xlsx":
            raise ScenarioError(f"{file}: would be overlooked; what holds for the war as a whole stands in war.toml.")
        meant = _meant(file.stem, files)
        if meant and file != files.get(meant):
            raise ScenarioError(f"{file}: would be overlooked; if it is the table '{meant}', call it {meant}.csv.")
    return {name: _read_csv(files[name]) for name in NAMES if name in files}


def _meant(name: str, there: Iterable[str]) -> str | None:
    """The sheet that a name is nearly that of, where there is none of that name."""
    folded = name.strip().casefold()
    missing = [sheet for sheet in NAMES if sheet not in there]
    close = [sheet for sheet in missing if folded in (sheet, sheet.removesuffix("s"), f"{sheet}s")]
    return next(iter(close or difflib.get_close_matches(folded, missing, n=1, cutoff=0.85)), None)


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

    decoded = read_text(file, LARGEST, "a table", "'CSV UTF-8'")
    named = re.match(r'"?sep=([,;\t])"?(?=\r?\n)', decoded)  # Excel's own line, which names the separator
    if named:
        decoded = decoded[named.end() :]
    head = next((line for line in decoded.splitlines() if line.strip()), "")
    if not head:
        raise ScenarioError(f"{file}: empty; its first line names the columns.")
    separator = named[1] if named else max(DELIMITERS, key=head.count)
    width = max(line.count(separator) for line in decoded.splitlines()) + 1  # so that no row is cut off or shifted
    if width > MOST_COLUMNS:
        raise ScenarioError(f"{file}: {width:,} columns; {MOST_COLUMNS:,} are the most a table may have.")
    try:
        frame = pd.read_csv(
            io.StringIO(decoded),
            sep=separator,
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            skipinitialspace=True,
            index_col=False,
            names=range(width),
        )
    except (pd.errors.ParserError, ValueError) as error:
        opened = re.search(r"EOF inside string starting at row (\d+)", str(error))
        what = f"row {int(opened[1]) + 1}: a quote is opened and not closed" if opened else str(error).strip()
        raise ScenarioError(f"{file}: cannot be read as a table: {what}.") from None
    # where semicolons or tabs part the cells, a comma in a number is the decimal one
    return frame if separator == "," else frame.replace(r"^\s*([+-]?\d*),(\d+)\s*$", r"\1.\2", regex=True)


def read_book(file: Path) -> dict[str, Grid]:
    """The sheets of an Excel file by name, ``war`` among them; sheets that are none of a scenario's are left alone."""
    sheets = book_frames(file)
    for name in sheets:
        meant = _meant(name, sheets)
        if meant and name not in NAMES:
            raise ScenarioError(f"{file}: the sheet '{name}' would be overlooked; if it is '{meant}', call it so.")
    known = {name: sheets[name] for name in ("war", *NAMES) if name in sheets}
    if "actors" not in known:
        raise ScenarioError(f"{file}: no sheet 'actors'.{nearest('actors', sheets)}")
    return {name: _grid(f"{file}: sheet {name}", frame, ", ") for name, frame in known.items()}


def book_frames(file: Path) -> dict[str, pd.DataFrame]:
    """The cells of every sheet of an Excel file as they stand, by the sheet's name; the value of a formula.

    A formula that was never computed stands as its text, and an error such as #N/A as its own, so that neither passes
    for a blank.

    Raises
    ------
    ScenarioError
        for a file that is none, or is too large when unpacked, or where openpyxl is missing
    """
    import io
    import warnings
    import zipfile

    import pandas as pd

    content = read_bytes(file, LARGEST, "a table")
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise ScenarioError('an Excel file needs openpyxl: pip install "ceasefire-simulation[excel]"') from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > MOST_UNPACKED:
            raise ScenarioError(f"{file}: {unpacked:,} bytes when unpacked; {MOST_UNPACKED:,} are the most.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that openpyxl does not keep
            values, formulas = (
                load_workbook(io.BytesIO(content), read_only=True, data_only=computed) for computed in (True, False)
            )
            return {
                sheet.title.strip(): pd.DataFrame(
                    _book_rows(sheet, other, f"{file}: sheet {sheet.title}"), dtype=object
                )
                for sheet, other in zip(values.worksheets, formulas.worksheets, strict=True)
            }
    except ScenarioError:
        raise
    except Exception as error:  # a damaged archive fails in many ways
        raise ScenarioError(f"{file}: not an Excel file that can be read: {error or type(error).__name__}.") from None


def _book_rows(sheet: Any, formulas: Any, place: str) -> list[list[Any]]:
    """The cells of a sheet, row by row: what is computed of formulas, and beside it the formulas themselves."""
    rows: list[list[Any]] = []
    blank: object = None
    for each in (sheet, formulas):
        each.reset_dimensions()  # what the file says of its own size may be wrong
    pairs = zip(sheet.iter_rows(max_col=MOST_COLUMNS), formulas.iter_rows(max_col=MOST_COLUMNS), strict=True)
    for number, (cells, written) in enumerate(pairs, 1):
        if number > EXCELS_ROWS:
            raise ScenarioError(f"{place}: a row beyond the {EXCELS_ROWS:,} that Excel has.")
        if cells is blank:  # one and the same for all rows that the file does not have
            continue
        last = max((place for place, cell in enumerate(written, 1) if cell.value is not None), default=0)
        if not last:
            blank = cells
            continue
        if number > MOST_ROWS:
            raise ScenarioError(f"{place}: a cell in row {number:,}; {MOST_ROWS:,} rows are the most a table may have.")
        rows += [[] for _ in range(number - 1 - len(rows))]
        rows.append(
            [
                other.value if cell.value is None and cell.data_type == "n" else cell.value
                for cell, other in zip(cells[:last], written[:last], strict=True)
            ]
        )
    return rows


def _grid(place: str, frame: Any, between: str = ": ") -> Grid:
    """The rows below the first that is not blank, which names the columns."""
    try:
        filled = filled_lines(frame)
    except ScenarioError as error:
        raise ScenarioError(f"{place}{between}{error}") from None
    if not filled:
        raise ScenarioError(f"{place}: empty; its first row names the columns.")
    (_, head), *rest = filled
    columns = [str(cell) for cell in head]
    named = {number: name for number, name in enumerate(columns) if name}
    names = list(named.values())
    for number, name in enumerate(names):
        if name in names[:number]:
            raise ScenarioError(f"{place}: two columns are called '{name}'.")
    return Grid(place, tuple(named.values()), tuple(_rows(place, named, rest, between)))


def filled_lines(frame: Any) -> list[tuple[int, list[Any]]]:
    """The lines that are not blank, each with its number; a blank cell is an empty text."""
    lines = [(number, [_cell(value, number) for value in values]) for number, values in enumerate(frame.to_numpy(), 1)]
    return [(number, cells) for number, cells in lines if any(cell != "" for cell in cells)]


def _rows(place: str, named: dict[int, str], lines: list[tuple[int, list[Any]]], between: str) -> Iterator[Row]:
    for number, cells in lines:
        where = f"{place}{between}row {number}"
        for column, cell in enumerate(cells):
            if cell != "" and column not in named:
                raise ScenarioError(
                    f"{where}: '{cell}' stands beyond the columns that the first row names; leave out a title above "
                    "them, and put a cell that holds the separator in quotes."
                )
        yield Row(where, {name: cells[column] for column, name in named.items()})


def _cell(value: Any, row: int) -> Any:
    if value is None or value != value:
        return ""
    if isinstance(value, str):
        if len(value) > LONGEST:
            raise ScenarioError(f"row {row}: a cell of {len(value):,} letters; is a quote missing that ends it?")
        return value.strip()
    return value
