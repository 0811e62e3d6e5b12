"""What the answer to a question leaves behind: its dataset, table, pictures and summary, under one name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure


def leave(
    folder: Path,
    name: str,
    result: xr.Dataset,
    table: pd.DataFrame,
    figures: Mapping[str, Figure],
    summary: dict[str, Any],
    quiet: bool = False,
) -> None:
    """Write NAME.nc, NAME.csv, NAME.json and the pictures, each aside and then renamed."""
    from simulation.runs.results import save, write_text
    from simulation.show.plots.saving import save_figure

    save(result, folder / f"{name}.nc")
    write_text(folder / f"{name}.csv", table.to_csv(index=False, float_format="%.4f"))
    write_text(folder / f"{name}.json", as_json(summary))
    for stem, figure in figures.items():
        save_figure(figure, folder, stem)
    if not quiet:
        pictures = ", ".join(f"{stem}.png, .svg" for stem in figures)
        typer.echo(f"\nWritten to {folder}/: {name}.nc, .csv, .json; {pictures}")


def as_json(summary: dict[str, Any]) -> str:
    """A summary as text."""
    return json.dumps(summary, indent=1, ensure_ascii=False) + "\n"


def folder_for(out: Path | None, name: str | None, scenario: str, as_json: bool) -> Path | None:
    """The folder to write to, made before the work so that one that cannot be made costs nothing.

    ``results/NAME-SCENARIO`` where none is asked for, ``results/SCENARIO`` without a name, and none with JSON alone.
    """
    stem = Path(scenario).stem
    folder = out or (None if as_json else Path("results") / (f"{name}-{stem}" if name else stem))
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    return folder
