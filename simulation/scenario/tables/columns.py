"""What the columns of a sheet are called: in any case, nothing that is not known, and what may not be missing."""

from __future__ import annotations

import re
from dataclasses import replace

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.grids import Grid
from simulation.scenario.tables.sheets import PLACE, SHEETS, beside, columns_of


def _known(name: str) -> set[str]:
    """The columns that a sheet may have, those of coders left out."""
    columns = columns_of(name)
    known = {*columns, *(column for column, _ in beside(columns))}
    return known | {PLACE} if name in ("events", "offers") else known


def named_as_known(name: str, grid: Grid) -> Grid:
    """The same sheet, with columns such as ``Stance low`` called as they are meant."""
    known = _known(name)
    meant = {column: re.sub(r"[\s-]+", "_", column.casefold()) for column in grid.columns if column not in known}
    meant = {column: plain for column, plain in meant.items() if plain in known}
    for column, plain in meant.items():
        if [*grid.columns, *meant.values()].count(plain) > 1:
            raise ScenarioError(f"{grid.place}: two columns are called '{plain}'; one of them is written '{column}'.")
    if not meant:
        return grid
    rows = [
        replace(row, cells={meant.get(column, column): cell for column, cell in row.cells.items()}) for row in grid.rows
    ]
    return replace(grid, columns=tuple(meant.get(column, column) for column in grid.columns), rows=tuple(rows))


def check_columns(name: str, grid: Grid, coders: tuple[str, ...]) -> None:
    """Refuse a column that is not known, and a sheet without the column that names its rows."""
    known = _known(name)
    for column in grid.columns:
        if column not in known and not coder_of(column, coders):
            base, _, coder = column.rpartition("_")
            hint = nearest(column, known)
            if base in known and coder.isupper():
                hint = f' If it holds what coder {coder} wrote, name the coder in war: coders = ["{coder}"].'
            raise ScenarioError(f"{grid.place}: no such column: '{column}'.{hint}")
    needed = SHEETS[name].key if name in SHEETS else None
    first = needed or {"events": "date", "offers": "offer", "answers": "offer", "ties": "from"}.get(name)
    if first and first not in grid.columns:
        raise ScenarioError(f"{grid.place}: the column '{first}' is missing.{nearest(first, grid.columns)}")


def coder_of(column: str, coders: tuple[str, ...]) -> str | None:
    """Whose coding a column such as ``grade_A`` is; None where it is nobody's."""
    return next((coder for coder in coders if column.endswith(f"_{coder}")), None)
