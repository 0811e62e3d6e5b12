"""A scenario written as a folder of CSV files or as an Excel file."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.from_scenario import Cells, heads, to_sheets, to_war
from simulation.scenario.tables.grids import is_book
from simulation.scenario.tables.meanings import meanings
from simulation.writing import write_bytes, write_text

if TYPE_CHECKING:
    import pandas as pd

    from simulation.scenario.schema import Scenario


COLUMNS = "columns"
"""A further sheet, for those who write a scenario of their own: what each column means. No reader looks at it."""


def write_tables(scenario: Scenario, path: Path, *, explained: bool = False) -> list[str]:
    """Write a scenario as tables, into a folder that is new or empty, or an Excel file that is not there yet.

    Parameters
    ----------
    explained : whether what each column means is written beside them

    Returns
    -------
    the names of what was written

    Raises
    ------
    ScenarioError
        where something is there already
    """
    if os.path.lexists(path) and not (path.is_dir() and not any(path.iterdir())):
        raise ScenarioError(f"{path}: exists already; give another name.")
    import pandas as pd

    sheets, war = to_sheets(scenario), to_war(scenario)
    frames = {name: _frame(name, rows, excel=is_book(path)) for name, rows in sheets.items()}
    if explained:
        frames[COLUMNS] = pd.DataFrame(meanings(), columns=["sheet", "column", "meaning"], dtype=object)
    if is_book(path):
        return _write_book(path, frames, war)
    import tomli_w

    path.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in frames.items()}
    for name, text in {**texts, "war.toml": tomli_w.dumps(war)}.items():  # without war.toml a folder is no scenario
        write_text(path / name, text)
    return ["war.toml", *texts]


def write_book(file: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write an Excel file with a sheet for each table; a text that begins with "=" stays one, and is no formula.

    Raises
    ------
    ScenarioError
        where openpyxl is not installed
    """
    import pandas as pd

    made = io.BytesIO()
    try:
        with pd.ExcelWriter(made, engine="openpyxl", date_format="YYYY-MM-DD") as book:
            for name, frame in frames.items():
                frame.to_excel(book, sheet_name=name[:31], index=False)
                for cell in (cell for row in book.sheets[name[:31]].iter_rows() for cell in row):
                    if cell.data_type == "f":
                        cell.data_type = "s"
    except ImportError:
        raise ScenarioError('an Excel file needs openpyxl: pip install "ceasefire-simulation[excel]"') from None
    write_bytes(file, made.getbuffer())


def _write_book(path: Path, frames: dict[str, pd.DataFrame], war: dict[str, Any]) -> list[str]:
    import pandas as pd

    sources = war.pop("sources", {})
    frames = {"war": pd.DataFrame(_flat(war), columns=["key", "value"], dtype=object), **frames}
    if sources:
        frames["sources"] = pd.DataFrame(sources.items(), columns=["source", "what"], dtype=object)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_book(path, frames)
    return list(frames)


def _frame(name: str, rows: list[Cells], *, excel: bool = False) -> pd.DataFrame:
    """The rows as a table; in CSV, true and false are words, and numbers keep every digit."""
    import pandas as pd

    table = [{column: _plain(cell, excel) for column, cell in row.items()} for row in rows]
    return pd.DataFrame(table, columns=heads(name, rows), dtype=object)


def _plain(cell: Any, excel: bool) -> Any:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell if excel or not isinstance(cell, float) else repr(cell)


def _flat(table: dict[str, Any], above: str = "") -> list[tuple[str, Any]]:
    """Keys such as ``rule.name`` and their values; lists as TOML writes them."""
    found: list[tuple[str, Any]] = []
    for key, value in table.items():
        if isinstance(value, dict):
            found += _flat(value, f"{above}{key}.")
        else:
            found.append((f"{above}{key}", _in_toml(value) if isinstance(value, list | tuple | bool) else value))
    return found


def _in_toml(value: Any) -> str:
    import tomli_w

    return " ".join(tomli_w.dumps({"value": value}).removeprefix("value = ").split())
