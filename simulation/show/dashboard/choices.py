"""Which scenarios the page offers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from simulation.scenario.catalogue import bundled, find, names

ASKED = "CEASEFIRE_APP_SCENARIO"
"""The environment variable that tells the page which scenario it was opened with."""

AS_OF = "CEASEFIRE_APP_AS_OF"
"""The environment variable that tells the page the day by which to know that scenario."""

FIRST = "libya-2020-01"
"""What is shown where nothing was asked for."""


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
        found[name if name not in found else str(file)] = file

    if asked is not None:
        file = find(asked)
        add(file.stem, file)
    folder = (beside or Path.cwd()) / "scenarios"
    for place in (folder, bundled()):
        for name, file in names(place).items():
            add(name, file)
    return found


def first_of(found: Mapping[str, Path], asked: str | None) -> str:
    """The name of the scenario that is shown at first."""
    return FIRST if asked is None and FIRST in found else next(iter(found))


def called(file: Path) -> str:
    """What a scenario is called on the command line: its bare name if it is bundled, else its path."""
    if file.resolve().is_relative_to(bundled().resolve()):
        return file.stem
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def asked_for() -> str | None:
    """The scenario that the page was opened with, if any."""
    return os.environ.get(ASKED) or None


def as_of(file: Path) -> str | None:
    """The day by which to know a scenario: that which was asked for with the page, for the scenario that was."""
    asked, day = asked_for(), os.environ.get(AS_OF) or None
    return day if asked is not None and find(asked).resolve() == file.resolve() else None
