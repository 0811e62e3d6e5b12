"""Which scenarios the page offers: their titles, in groups, and which of them is a what-if of which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from simulation.scenario.catalogue import bundled, find, names
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import title_of

FIRST = "libya-2020-01"
"""What is shown where nothing was asked for."""

OWN, CONFLICTS, WHAT_IFS, WARS, REFERENCE = (
    "Your scenarios",
    "Conflicts",
    "What if …",
    "Wars coded in brief",
    "Negotiations, and models of opinion",
)
"""The groups of the menu, in its order."""

FOLDERS = {"wars": WARS, "reference": REFERENCE}


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario to pick."""

    name: str  # what the address of the page calls it
    file: Path
    title: str
    group: str
    base: str | None  # the name of the scenario that it extends, if that is one to pick


def choices(asked: str | None = None, beside: Path | None = None) -> dict[str, Path]:
    """The scenarios to pick from, by the name they go by: the one asked for, those in ./scenarios, the bundled ones.

    Parameters
    ----------
    asked : a path, or the name of a bundled scenario
    beside : the folder whose ``scenarios/`` is looked through, with the folders in it; the current one, if left out

    Raises
    ------
    ScenarioError
        for a scenario asked for that is not there
    """
    found: dict[str, Path] = {}
    taken: set[Path] = set()

    def add(name: str, file: Path) -> None:
        real = file.resolve()
        if real in taken:
            return
        taken.add(real)
        where = "bundled" if _is_bundled(file) else file.parent.name
        while name in found:
            name = f"{where}/{name}"
        found[name] = file

    if asked is not None:
        file = find(asked)
        add(file.stem, file)
    folder = (beside or Path.cwd()) / "scenarios"
    for place in (folder, bundled()):
        for name, file in names(place).items():
            add(name, file)
    return found


def menu_of(found: Mapping[str, Path]) -> dict[str, Choice]:
    """The scenarios with their titles, in the order of the menu; one whose title cannot be read goes by its name.

    Where two of a group have the same title, their names tell them apart.
    """
    called = {file.resolve(): name for name, file in found.items()}
    made = []
    for name, file in found.items():
        try:
            title, extends = title_of(file)
        except ScenarioError:
            title, extends = name, None
        base = None if extends is None else called.get(extends.resolve())
        if not _is_bundled(file):
            group = OWN
        else:
            group = FOLDERS.get(file.resolve().parent.name, CONFLICTS if base is None else WHAT_IFS)
        made.append(Choice(name, file, title, group, base))
    times = Counter((one.group, one.title) for one in made)
    made = [replace(one, title=f"{one.title} ({one.name})") if times[one.group, one.title] > 1 else one for one in made]
    order = (OWN, CONFLICTS, WHAT_IFS, WARS, REFERENCE)
    return {choice.name: choice for choice in sorted(made, key=lambda one: (order.index(one.group), one.title))}


def first_of(found: Mapping[str, object], asked: str | None) -> str:
    """The name of the scenario that is shown at first.

    Parameters
    ----------
    found : of ``choices``, whose first is the one asked for
    """
    return FIRST if asked is None and FIRST in found else next(iter(found))


def called(file: Path) -> str:
    """What a scenario is called on the command line: its bare name if it is bundled, else its path."""
    if _is_bundled(file):
        return file.stem
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def _is_bundled(file: Path) -> bool:
    return file.resolve().is_relative_to(bundled().resolve())
