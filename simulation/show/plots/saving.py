"""All pictures of a result, and their files."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr
from matplotlib import rc_context
from matplotlib.figure import Figure

from simulation.runs.results import condense
from simulation.show.plots.answers import figure_answers
from simulation.show.plots.battle import figure_battle
from simulation.show.plots.stances import figure_stances
from simulation.show.plots.ties import figure_ties
from simulation.show.plots.truces import figure_truces
from simulation.writing import write_bytes

STEADY = {"svg.hashsalt": "ceasefire-simulation", "svg.fonttype": "path", "path.simplify": True}
"""What makes the same picture the same bytes, and an SVG look the same where our font is not installed."""

PACKING: Mapping[str, Any] = {"png": {"pil_kwargs": {"compress_level": 3}}}
"""Two thirds of the time of the usual level 6, and files a tenth larger."""

METADATA: Mapping[str, dict[str, str | None]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def figures(result: xr.Dataset) -> dict[str, Figure]:
    """Every picture that the result has something for: stances, answers, battle, ties, truces.

    Without parties there are stances and ties only; without offers, no answers.
    """
    digest = condense(result)
    made = {"stances": figure_stances(digest)}
    if digest.sizes["offer"]:
        made["answers"] = figure_answers(digest)
    if digest.sizes["party"]:
        made["battle"] = figure_battle(digest)
    made["ties"] = figure_ties(digest)
    if digest.sizes["party"]:
        made["truces"] = figure_truces(digest)
    return made


def save_figures(
    result: xr.Dataset, folder: str | Path, dpi: int = 150, kinds: Sequence[str] = ("png", "svg")
) -> dict[str, dict[str, Path]]:
    """Write every picture as PNG and SVG, or one of them, into a folder; the same result gives the same bytes.

    Returns
    -------
    the files by picture and kind, such as ``files["stances"]["svg"]``
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    files: dict[str, dict[str, Path]] = {}
    for name, figure in figures(result).items():
        files[name] = save_figure(figure, folder, name, dpi, kinds)
    return files


def save_figure(
    figure: Figure, folder: str | Path, name: str, dpi: int = 150, kinds: Sequence[str] = ("png", "svg")
) -> dict[str, Path]:
    """Write one picture, as PNG and SVG or one of them, into a folder that is there; returns the files by kind."""
    return {kind: _save(figure, Path(folder) / f"{name}.{kind}", kind, dpi) for kind in kinds}


def _save(figure: Figure, file: Path, kind: str, dpi: int) -> Path:
    made = io.BytesIO()
    with rc_context(STEADY):  # type: ignore[arg-type]
        figure.savefig(made, format=kind, dpi=dpi, metadata=METADATA[kind], **PACKING.get(kind, {}))
    write_bytes(file, made.getbuffer())
    return file
