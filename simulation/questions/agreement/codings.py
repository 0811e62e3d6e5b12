"""The codings of a war side by side: a unit for each thing that coders coded, and what each wrote of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.scenario import Scenario, ScenarioError, load_scenario
from simulation.scenario.record import Answered
from simulation.scenario.tables.grids import is_folder_of_tables

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["nominal", "ordinal", "interval"]
Names = Mapping[str, str | None]
"""What a coder's names stand for."""

ANSWERS: tuple[str, ...] = get_args(Answered)
"""The four answers, from least to most."""

FORMS = ("declared", "signed")
KINDS = ("call", "mediated", "unilateral", "bilateral", "resolution")

YES = ("conditional", "accept")
"""Answers that are a yes, be it on conditions; the others are none."""


@dataclass(frozen=True, slots=True)
class Variable:
    """What is coded of each thing of a sort, as a number; words are numbered."""

    name: str
    of: str  # answers, offers, fortunes, actors or ties
    level: Level
    read: Callable[[Any], float | None]


def _number(key: str) -> Callable[[Any], float | None]:
    def read(row: Any) -> float | None:
        value = getattr(row, key)
        best = getattr(value, "best", value)
        return None if best is None else float(best)

    return read


def _word(key: str, words: Sequence[str]) -> Callable[[Any], float | None]:
    def read(row: Any) -> float | None:
        value = getattr(row, key)
        return None if value is None else float(words.index(value))

    return read


def _is_one_of(key: str, words: Sequence[str]) -> Callable[[Any], float | None]:
    def read(row: Any) -> float | None:
        value = getattr(row, key)
        return None if value is None else float(value in words)

    return read


VARIABLES = (
    Variable("answer", "answers", "ordinal", _word("given", ANSWERS)),
    Variable("yes or no", "answers", "nominal", _is_one_of("given", YES)),
    Variable("grade", "answers", "interval", _number("answer")),
    Variable("form", "offers", "nominal", _word("form", FORMS)),
    Variable("kind", "offers", "nominal", _word("kind", KINDS)),
    Variable("scope", "offers", "interval", _number("scope")),
    Variable("monitoring", "offers", "interval", _number("monitoring")),
    Variable("fortune", "fortunes", "interval", _number("fortune")),
    Variable("strength share", "fortunes", "interval", _number("strength_share")),
    Variable("stance", "actors", "interval", _number("stance")),
    Variable("salience", "actors", "interval", _number("salience")),
    Variable("influence", "actors", "interval", _number("influence")),
    Variable("leverage", "ties", "interval", _number("leverage")),
    Variable("support", "ties", "interval", _number("support")),
)
"""What agreement is told of, in order."""

SORTS = tuple(dict.fromkeys(variable.of for variable in VARIABLES))


@dataclass(frozen=True, slots=True)
class War:
    """A war with several codings."""

    name: str
    coders: tuple[str, ...]
    rows: Mapping[str, list[tuple[Any, ...]]]  # by sort; of each unit each coder's row, or None
    merged: Scenario | None  # the scenario of the folder itself, where it holds one
    ruled: int | None  # answers that a third reader settled, where the folder says so

    def values(self, variable: Variable) -> Array:
        """What each coder wrote, shape (coders, units); nan where a coder wrote nothing."""
        found = [[None if row is None else variable.read(row) for row in unit] for unit in self.rows[variable.of]]
        numbers = [[np.nan if value is None else value for value in unit] for unit in found]
        return np.array(numbers, dtype=np.float64).reshape(-1, len(self.coders)).T


def wars(folder: Path) -> list[War]:
    """The war of a folder, or all those of the folders in it.

    Raises
    ------
    ScenarioError
        where there is no war with two codings or more, or what is the same in both cannot be read
    """
    if folder.is_file():
        raise ScenarioError(f"{folder}: a file; give the folder of a war, or of several.")
    if not folder.is_dir():
        beside = [other.name for other in folder.parent.iterdir()] if folder.parent.is_dir() else []
        raise ScenarioError(f"{folder}: no such folder.{nearest(folder.name, beside)}")
    inside = [below for below in sorted(folder.iterdir()) if below.is_dir()]
    found = [_war(below) for below in inside if coders_of(below)] or ([_war(folder)] if coders_of(folder) else [])
    if not found:
        raise ScenarioError(
            f"{folder}: no war coded twice here. Each coding is a folder of tables of its own (actors.csv, offers.csv, "
            "answers.csv …), such as mywar/A and mywar/B."
        )
    several = {war.coders for war in found}
    if len(several) > 1:
        said = "; ".join(", ".join(coders) for coders in sorted(several))
        raise ScenarioError(f"{folder}: the wars have different coders ({said}); ask of each war by itself.")
    return found


def coders_of(folder: Path) -> tuple[str, ...]:
    """The coders of a war: the names of the folders in it that are scenarios in tables.

    None where there are fewer than two, or these are wars themselves.
    """
    inside = [below for below in sorted(folder.iterdir()) if is_folder_of_tables(below)]
    return () if len(inside) < 2 or any(map(coders_of, inside)) else tuple(below.name for below in inside)


def _war(folder: Path) -> War:
    coders = coders_of(folder)
    codings = [load_scenario(folder / coder) for coder in coders]
    offers = [{event.offer.id: event.offer for event in coding.events if event.offer} for coding in codings]
    actors = [coding.actors for coding in codings]
    offer, actor = (
        _same(folder / "matches.csv", "offer", coders, offers),
        _same(folder / "who.csv", "actor", coders, actors),
    )
    rows = {
        "offers": _side_by_side([{(name,): row for name, row in known.items()} for known in offers], offer),
        "actors": _side_by_side([{(name,): row for name, row in known.items()} for known in actors], actor),
        "answers": _side_by_side([_keyed(coding.record, "offer", "party") for coding in codings], offer, actor),
        "fortunes": _side_by_side([_keyed(coding.fortune, "offer", "party") for coding in codings], offer, actor),
        "ties": _side_by_side([_keyed(coding.ties, "source", "target") for coding in codings], actor, actor),
    }
    ruled = folder / "adjudicated.csv"
    return War(
        folder.name,
        coders,
        rows,
        load_scenario(folder) if is_folder_of_tables(folder) else None,
        len(_read(ruled)) if ruled.is_file() else None,
    )


def _read(file: Path) -> pd.DataFrame:
    """A table of text, blank cells as empty texts."""
    import pandas as pd

    try:
        return pd.read_csv(file, dtype=str, keep_default_na=False, encoding="utf-8-sig", skipinitialspace=True)
    except (OSError, ValueError) as error:
        raise ScenarioError(f"{file}: cannot be read as a table: {str(error).strip()}.") from None


def _same(file: Path, thing: str, coders: tuple[str, ...], known: Sequence[Mapping[str, Any]]) -> Sequence[Names]:
    """What each coder's names stand for, the same word for the same thing; what has no word is part of another thing.

    Without the file, what has the same name is the same.
    """
    if not file.is_file():
        if thing == "actor" and not set(known[0]).intersection(*known[1:]):
            raise ScenarioError(
                f"{file.parent}: {' and '.join(coders)} have no actor in common; are they codings of one war? Then say "
                f"in {file.name} which actors are the same: columns {', '.join(f'actor_{coder}' for coder in coders)}."
            )
        return [{name: name for name in names} for names in known]
    table = _read(file)
    for column in (columns := [f"{thing}_{coder}" for coder in coders]):
        if column not in table.columns:
            raise ScenarioError(f"{file}: the column '{column}' is missing.{nearest(column, table.columns)}")
    found: list[dict[str, str | None]] = [{} for _ in coders]
    for number, (_, row) in enumerate(table.iterrows(), 2):
        for coder, column, names, words in zip(coders, columns, known, found, strict=True):
            parts = [part.strip() for part in row.get(f"with_{coder}", "").split(";")]
            for name, word in ((row[column], f"row {number}"), *((part, None) for part in parts)):
                if not name:
                    continue
                if name not in names:
                    raise ScenarioError(f"{file}: row {number}: {coder} has no {thing} '{name}'.{nearest(name, names)}")
                if name in words:
                    raise ScenarioError(f"{file}: row {number}: '{name}' of {coder} is matched twice.")
                words[name] = word
    for coder, names, words in zip(coders, known, found, strict=True):
        words |= {name: f"{name} of {coder}" for name in names if name not in words}
    return found


def _keyed(rows: Sequence[Any] | None, *keys: str) -> dict[tuple[str, ...], Any]:
    return {tuple(getattr(row, key) for key in keys): row for row in rows or ()}


def _side_by_side(codings: Sequence[Mapping[tuple[str, ...], Any]], *words: Sequence[Names]) -> list[tuple[Any, ...]]:
    """A unit for each thing, and in it each coder's row, or None.

    Parameters
    ----------
    codings : each coder's rows by names
    words : for each part of the names, what it stands for, by coder
    """
    units: dict[tuple[str, ...], list[Any]] = {}
    for place, coding in enumerate(codings):
        for names, row in coding.items():
            means = [of[place][name] for of, name in zip(words, names, strict=True)]
            if None not in means:
                units.setdefault(tuple(map(str, means)), [None] * len(codings))[place] = row
    return [tuple(unit) for unit in units.values()]
