"""Series of events along time: what a scenario keeps of them, and the files they are read from."""

from __future__ import annotations

import csv
import io
import warnings
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from simulation.parameters import Table, nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import read_text
from simulation.scenario.reading import resolved

if TYPE_CHECKING:
    import pandas as pd

LAYOUTS = {
    "date and value": ("date", "value"),
    "ACLED": ("event_date", "fatalities"),
    "UCDP GED": ("date_start", "best"),
}
"""The columns of dates and of amounts in the files that are understood, by whose they are."""

FORMS = ("%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d.%m.%Y")
"""How dates may be written; a time of day behind the first is left out."""

LARGEST = 300_000_000
"""Bytes a file of events may have."""


class Series(Table):
    """Amounts by day, such as deaths in battle; a day between the first and the last that is not named had none."""

    dates: tuple[Date, ...] = Field(..., min_length=1, description="days, in order, each once")
    values: tuple[float, ...] = Field(..., description="how much on each of them: 0 or more")

    @model_validator(mode="before")
    @classmethod
    def _take_no_path(cls, data: Any) -> Any:
        if isinstance(data, str):
            raise ValueError(f"{data!r} is read where it stands in a scenario file; here dates and values are needed.")
        return data

    @model_validator(mode="after")
    def _go_together(self) -> Self:
        if len(self.dates) != len(self.values):
            raise ValueError(f"{len(self.dates)} dates and {len(self.values)} values; one value a date is needed.")
        if any(first >= second for first, second in zip(self.dates, self.dates[1:], strict=False)):
            raise ValueError("the dates have to be in order, each once.")
        if any(value < 0 for value in self.values):
            raise ValueError("a value is below 0.")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        table = handler.resolve_ref_schema(handler(core))
        path = {"type": "string", "description": "a CSV file in the folder of the scenario file or below"}
        return {"anyOf": [path, dict(table)]}


class SeriesOfEvents(Table):
    """What was counted along time in history. No equation reads it."""

    fighting: Series = Field(..., description="how hard it was fought, such as deaths in battle by day")


def read_series(raw: dict[str, Any], file: Path, tree: Path) -> None:
    """Put the numbers of the files that the raw tables name under ``series`` in the place of the names.

    Parameters
    ----------
    file : the scenario file that the tables are from, or the folder of tables
    tree : the folder that is not to be left

    Raises
    ------
    ScenarioError
        for a file that is not there, lies elsewhere, or does not hold dates and amounts
    """
    found = raw.get("series")
    if found is None:
        return
    if not isinstance(found, dict):
        raise ScenarioError(f'{file}: series: a table is needed, such as series = {{ fighting = "events.csv" }}.')
    for key, name in found.items():
        if isinstance(name, str):
            found[key] = _numbers(_beside(file, key, name, tree))


def _beside(file: Path, key: str, name: str, tree: Path) -> Path:
    """The file that a scenario file names, if it lies in the folder that is not to be left."""
    place = f"{file}: series.{key}"
    if not name.strip() or "\0" in name:
        raise ScenarioError(f"{place}: {name!r} is not the name of a file.")
    path = (file if file.is_dir() else file.parent) / name
    if not resolved(path).is_relative_to(tree):
        raise ScenarioError(f"{place}: '{name}' lies outside the folder {tree.name}/; put the file in it or below.")
    if path.is_dir():
        raise ScenarioError(f"{place}: '{name}' is a folder; a series is a .csv file.")
    if not path.exists():
        beside = [other.name for other in path.parent.glob("*.csv")] if path.parent.is_dir() else []
        raise ScenarioError(f"{place}: no file '{name}'.{nearest(path.name, beside)}")
    return path


def _numbers(file: Path) -> dict[str, Any]:
    """Days and amounts of a file, the amounts of one day added up."""
    table = _table(file)
    days, amounts = _columns(file, list(table.columns))
    dates, values = _days(file, table[days]), _amounts(file, table[amounts])
    by_day = values.groupby(dates).sum()
    return {"dates": [day.date() for day in by_day.index], "values": [float(value) for value in by_day]}


def _table(file: Path) -> pd.DataFrame:
    """The cells of a file as text, blank lines left out."""
    import pandas as pd

    text = read_text(file, LARGEST, "a series", "CSV in UTF-8")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                io.StringIO(text), sep=mark, dtype=str, keep_default_na=False, skip_blank_lines=False,
                quoting=csv.QUOTE_MINIMAL, index_col=False,
            )  # fmt: skip
    except pd.errors.ParserWarning:
        raise ScenarioError(f"{file}: rows have more cells than the head; write decimals with a point.") from None
    except pd.errors.EmptyDataError:
        raise ScenarioError(f"{file}: empty; a series has a head, such as date,value, and rows.") from None
    except (pd.errors.ParserError, ValueError) as error:
        raise ScenarioError(f"{file}: cannot be read as CSV: {str(error).strip()}.") from None
    table.columns = [str(name).strip() for name in table.columns]
    if mark == ";":  # where semicolons part the cells, a comma stands in numbers
        table = table.apply(lambda column: column.str.replace(r"^(\d+),(\d+)$", r"\1.\2", regex=True))
    kept: pd.DataFrame = table[(table.apply(lambda column: column.str.strip()) != "").any(axis=1)]
    if kept.empty:
        raise ScenarioError(f"{file}: no rows below the head.")
    return kept


def _columns(file: Path, names: list[str]) -> tuple[str, str]:
    """The column of dates and that of amounts, by whose layout the file has."""
    folded = {name.casefold(): name for name in names}
    for days, amounts in LAYOUTS.values():
        if days in folded and amounts in folded:
            return folded[days], folded[amounts]
    known = "; ".join(f"{days}, {amounts} ({whose})" for whose, (days, amounts) in LAYOUTS.items())
    half = next((pair for pair in LAYOUTS.values() if pair[0] in folded or pair[1] in folded), None)
    missing = "date" if half is None else half[0] if half[0] not in folded else half[1]
    hint = nearest(missing, names)
    hint = hint if "Did you mean" in hint else ""
    raise ScenarioError(
        f"{file}: row 1: no column '{missing}' among {', '.join(names)}.{hint} Columns that are understood: {known}."
    )


def _days(file: Path, cells: pd.Series) -> pd.Series:
    import pandas as pd

    text = cells.str.strip()
    found = pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    for form in FORMS:
        whole = text.str.replace(r"^(\d{4}-\d{2}-\d{2})[ T].*$", r"\1", regex=True) if form == FORMS[0] else text
        found = found.fillna(pd.to_datetime(whole, format=form, errors="coerce").astype("datetime64[s]"))
    found = found.where((found >= pd.Timestamp("1800-01-01")) & (found < pd.Timestamp("2200-01-01")))
    _all_there(file, cells, found, "not a date, such as 2020-01-31 or 31 January 2020")
    return found


def _amounts(file: Path, cells: pd.Series) -> pd.Series:
    import pandas as pd

    found = pd.to_numeric(cells.str.strip(), errors="coerce").astype(float)
    found = found.where((found >= 0) & (found < float("inf")))
    _all_there(file, cells, found, "not a number of 0 or more")
    return found


def _all_there(file: Path, cells: pd.Series, found: pd.Series, what: str) -> None:
    """Refuse the first cell that could not be understood, with its row, as spreadsheets count them, and column."""
    missing = found.isna().to_numpy()
    if missing.any():
        place = int(missing.argmax())
        row, cell = int(cells.index.to_numpy()[place]) + 2, cells.iloc[place]
        raise ScenarioError(f"{file}: row {row}, column '{cells.name}': '{cell}' is {what}.")
