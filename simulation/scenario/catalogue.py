"""The bundled scenarios, and the file that a name or a path means."""

from __future__ import annotations

import os
import re
from pathlib import Path

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.grids import is_folder_of_tables


def bundled() -> Path:
    """The folder of bundled scenarios: the package's own copy, or the repository's beside it."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "bundled" / "scenarios"
    return inside if inside.is_dir() else here.parent / "scenarios"


def names(folder: Path | None = None) -> dict[str, Path]:
    """The bundled scenarios, or those of a folder, as ``ceasefire list`` calls them, such as ``reference/deffuant``."""
    folder = folder or bundled()
    found = {}
    for file in sorted(folder.rglob("*.toml")):
        inside = [above for above in file.parents if folder in above.parents and is_folder_of_tables(above)]
        if not inside:
            found[file.relative_to(folder).with_suffix("").as_posix()] = file
        elif file == inside[-1] / "war.toml":  # a scenario in tables; what lies below it are its codings
            found[file.parent.relative_to(folder).as_posix()] = file.parent
    return found


def bundled_file(name: str) -> Path | None:
    """The bundled scenario of that name, with the folder it lies in or without; None where there is none."""
    known = names()
    bare = {name.rpartition("/")[2]: file for name, file in known.items()}
    below = bundled() / name
    coding = below if name.count("/") > 1 and is_folder_of_tables(below) and ".." not in name else None
    return known.get(name.replace("\\", "/"), bare.get(name, coding))


def alike(name: str) -> str:
    """A hint at what is near by name: a scenario in the same folder, or a bundled one; or at all that are bundled."""
    beside = nearest(Path(name).name, scenarios_in(Path(name).parent))
    if "Did you mean" in beside:
        return beside
    return nearest(name, names() if "/" in name else (known.rpartition("/")[2] for known in names()))


def scenarios_in(folder: Path) -> list[str]:
    """What may be scenarios in a folder, by name: TOML and Excel files, and folders of tables."""
    if not os.path.isdir(folder):
        return []
    found = [*folder.glob("*.toml"), *folder.glob("*.xlsx")]
    return [file.name for file in (*found, *(below for below in folder.iterdir() if is_folder_of_tables(below)))]


def find(path: str | Path) -> Path:
    """The file a user means: a path, or the name of a bundled scenario."""
    file, name = Path(path), str(path)
    if "\0" in name:
        raise ScenarioError(f"{name!r}: not the name of a file.")
    if file.suffix in (".toml", ".xlsx") or os.path.isfile(file) or is_folder_of_tables(file):
        return file
    found = bundled_file(name)
    if found is None and not os.path.exists(file):
        raise ScenarioError(f"{path}: no such file, and no bundled scenario of that name.{alike(name)}")
    return found or file


def copy_of(name: str) -> tuple[str, str | None]:
    """The text of a bundled scenario, fit to stand in any folder; and what it extends, by name, if it does.

    Raises
    ------
    ScenarioError
        for a name that no bundled scenario has
    """
    file = bundled_file(name)
    if file is None:
        raise ScenarioError(f"{name}: no bundled scenario of that name.{alike(name)}")
    text = re.sub(r'^"\$schema" *=.*\n', "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = re.search(r'^extends *= *"(.*?)(\.toml)?"', text, flags=re.MULTILINE)
    if found is None:
        return text, None
    base = (file.parent / found[1]).relative_to(bundled()).as_posix() if found[2] else found[1]
    return text.replace(found[0], f'extends = "{base}"', 1), base
