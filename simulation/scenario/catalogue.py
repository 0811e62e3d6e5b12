"""The bundled scenarios, and the file that a name or a path means."""

from __future__ import annotations

import os
from pathlib import Path

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError


def bundled() -> Path:
    """The folder of bundled scenarios: the package's own copy, or the repository's beside it."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "bundled" / "scenarios"
    return inside if inside.is_dir() else here.parent / "scenarios"


def find(path: str | Path) -> Path:
    """The file a user means: a path, or the name of a bundled scenario."""
    file = Path(path)
    if "\0" in str(path):
        raise ScenarioError(f"{str(path)!r}: not the name of a file.")
    if file.suffix != ".toml" and not os.path.exists(file):
        names = {found.stem: found for found in sorted(bundled().rglob("*.toml"))}
        if file.name == str(path) and file.name in names:
            return names[file.name]
        raise ScenarioError(f"{path}: no such file, and no bundled scenario of that name.{nearest(file.name, names)}")
    return file
