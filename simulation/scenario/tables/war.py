"""What holds for a scenario in tables as a whole: title, dates, coders, options; and its sheets put together."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date as Date
from pathlib import Path
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.reading import parse_file
from simulation.scenario.schema import Scenario
from simulation.scenario.tables.cells import read, value_of
from simulation.scenario.tables.grids import Grid, read_book, read_folder
from simulation.scenario.tables.sheets import SHEETS, SOURCES, columns_of
from simulation.scenario.tables.to_raw import Raw, to_raw
from simulation.scenario.values import read_value

FINE, LONG = (1, 500), 5
"""Days a step has where none are given: the first up to so many days of war, the second beyond."""


def read_tables(path: Path) -> Raw:
    """The raw tables of a scenario in a folder of CSV files or in an Excel file.

    Raises
    ------
    ScenarioError
        that names file, row, column and value, and says what would do
    """
    if path.is_dir():
        grids = read_folder(path)
        where, war = f"{path / 'war.toml'}", parse_file(path / "war.toml") if (path / "war.toml").is_file() else {}
    else:
        if not path.exists():
            beside = [other.name for other in path.parent.glob("*.xlsx")] if path.parent.is_dir() else []
            raise ScenarioError(f"{path}: no such file.{nearest(path.name, beside)}")
        grids = read_book(path)
        where, war = f"{path}: sheet war", _sheet(grids.pop("war", None))
    if "actors" not in grids and "extends" not in war:
        raise ScenarioError(f"{path}: no table of actors; a scenario in tables has at least actors.csv and war.toml.")
    if "sources" in grids:
        war["sources"] = {**war.get("sources", {}), **_sources(grids.pop("sources"))}
    coders = war.get("coders", ())
    if not isinstance(coders, list | tuple) or not all(isinstance(coder, str) for coder in coders):
        raise ScenarioError(f'{where}: coders: {coders!r} will not do; a list of names would, such as ["A", "B"].')
    raw = to_raw(grids, coders)
    for key in war:
        sheet = "events" if key == "events" else next((name for name, of in SHEETS.items() if of.table == key), None)
        if sheet in grids and key in TABLES:
            raise ScenarioError(f"{where}: {key}: stands in the table {sheet} too; keep one of them.")
    if "actors" in grids and not raw.tables.get("actors"):
        raise ScenarioError(f"{grids['actors'].place}: no rows below the names of the columns.")
    _check_parties(war.pop("parties", None), raw.tables, where)
    for key in war:
        if key not in KEYS:
            raise ScenarioError(f"{where}: {key}: no such key.{nearest(key, KEYS)}")
    opening = _opening(war, where)
    raw.places |= {key: where for key in (*opening, *REQUIRED) if key not in raw.tables}
    raw.tables = {**opening, **raw.tables}
    return raw


REQUIRED = ("title", "start", "steps")

OWN = ("end", "name", "id", "coder", "parties")
"""Keys of ``war`` that a TOML scenario does not have: the last day, and words of the codebook."""

KEYS = (
    *(info.alias or name for name, info in Scenario.model_fields.items()),
    *OWN,
    "extends",
    "drop",
    "set",
    "$schema",
)


def _sheet(grid: Grid | None) -> dict[str, Any]:
    """The keys and values of the sheet ``war``: two columns, and keys such as ``rule.name``."""
    war: dict[str, Any] = {}
    if grid is None:
        return war
    if grid.columns[:2] != ("key", "value"):
        raise ScenarioError(f"{grid.place}: its two columns are called key and value, not {', '.join(grid.columns)}.")
    for row in grid.rows:
        key, cell = str(row.cells["key"]), row.cells["value"]
        if not key or cell == "":
            continue
        value = cell if isinstance(cell, bool | int | float) else value_of(cell, "text", row.at("value"))
        here = war
        *path, last = key.split(".")
        for word in path:
            here = here.setdefault(word, {})
            if not isinstance(here, dict):
                raise ScenarioError(f"{row.at('key')}: {key}: '{word}' is a value, not a table.")
        here[last] = value if key in TEXTS else _typed(value, row.at("value"))
    return war


TEXTS = ("title", "name", "question", "about", "doubts", "ucdp", "id", "coder")
"""Keys of ``war`` that hold a text, whatever it looks like."""


def _typed(value: Any, place: str) -> Any:
    return read_value(value, place) if isinstance(value, str) else value


def _sources(grid: Grid) -> dict[str, str]:
    found = {}
    for row in grid.rows:
        name, what = (read(row, SOURCES[column]) for column in ("source", "what"))
        if name is None or what is None:
            raise ScenarioError(
                f"{row.place}: a source has a short id under 'source' and says under 'what' what it is."
            )
        found[name] = what
    return found


def _check_parties(parties: Any, tables: Mapping[str, Any], where: str) -> None:
    """Refuse a list of parties that is not that of the actors."""
    if parties is None:
        return
    fighting = [name for name, actor in tables.get("actors", {}).items() if "party" in actor.get("roles", ())]
    if not isinstance(parties, list) or sorted(map(str, parties)) != sorted(fighting):
        raise ScenarioError(
            f"{where}: parties: {parties!r}, but the actors with the role party are {', '.join(fighting) or 'none'}; "
            "leave it out, or make them agree."
        )


def _opening(war: dict[str, Any], where: str) -> dict[str, Any]:
    """The keys of ``war`` as a scenario has them: ``end`` as a number of steps, ``name`` as the title."""
    found = {key: value for key, value in war.items() if key not in ("id", "name", "end", "coder")}
    found.setdefault("title", war.get("name", war.get("id")))
    if isinstance(found.get("doubts"), list):
        found["doubts"] = " ".join(map(str, found["doubts"]))
    if found["title"] is None:
        del found["title"]
    if isinstance(found.get("ucdp"), int):
        found["ucdp"] = str(found["ucdp"])
    if "coders" not in found and isinstance(war.get("coder"), str):
        found["coders"] = [war["coder"]]
    if "end" not in war:
        if isinstance(found.get("start"), str):
            found["start"] = _day(found["start"], f"{where}: start")
        return found
    start, end = (_day(war.get(key), f"{where}: {key}") for key in ("start", "end"))
    found["start"] = start
    days = (end - start).days + 1
    if days < 1:
        raise ScenarioError(f"{where}: end: {end} is before start, {start}.")
    if "steps" in war:
        raise ScenarioError(f"{where}: end and steps say the same; leave out one of them.")
    step_days = found.setdefault("step_days", FINE[0] if days <= FINE[1] else LONG)
    if isinstance(step_days, int | float) and not isinstance(step_days, bool) and step_days > 0:
        found["steps"] = math.ceil(days / step_days - 1e-9)
    return found


def _day(value: Any, place: str) -> Date:
    if value is None:
        raise ScenarioError(f"{place}: missing; a war in tables has a start and an end.")
    day: Date = value_of(value, "date", place)
    return day


TABLES = ("events", *(sheet.table for sheet in SHEETS.values()))


def in_cells(lines: str, name: str, raw: Raw) -> str:
    """An error of the schema, told of file, row and column."""
    return "\n".join(_in_cell(line, name, raw.places) for line in lines.split("\n"))


def _in_cell(line: str, name: str, places: Mapping[str, str]) -> str:
    said = line.removeprefix(f"{name}: ")
    if said == line:
        return line
    said = re.sub(r'^(actors|issues)\."([^"]*)"', r"\1.\2", said)  # a name with a dot in it stands in quotes
    near = [place for place in places if said.startswith(place) and not re.match(r"[\w-]", said[len(place) :])]
    if not near:
        return line
    place = max(near, key=len)
    rest = said.removeprefix(place)
    found = re.match(r"((?:\.(?:\"[^\"]*\"|[\w-]+))*):? ?", rest)
    keys, words = (found[1], rest[found.end() :]) if found else ("", rest)
    words = re.sub(r"^\[\d+\]: ", "", words)  # which word of a list
    words = re.sub(
        r"(says neither which claims it rests on nor what was assumed).*", r"\1: fill in why, sources or claims.", words
    )
    if place in TABLES:
        return f"{places[place]}: {words}"
    if place.split("[")[0].split(".")[0] not in TABLES:
        return f"{places[place]}: {said}"  # of the war as a whole
    if not keys and "will not do as a name" in words:
        keys = f".{place.split('.')[0].removesuffix('s')}"
    column = _column_of(place, re.findall(r'"[^"]*"|[^.]+', keys))
    return f"{places[place]}{f', column {column}' if column else ''}: {words}"


def _column_of(place: str, keys: list[str]) -> str:
    """The column that holds a key of the raw tables."""
    keys = [key for key in keys if key not in ("offer", "best", "set", "add")] or keys[-1:]
    if not keys:
        return ""
    table = re.split(r"[.\[]", place)[0]
    if table == "events":
        if keys[0].startswith('"'):
            return "key"
        sheets = ["offers", "events"]
    else:
        sheets = [sheet.name for sheet in SHEETS.values() if sheet.table == table]
    for sheet in sheets:
        for column in columns_of(sheet).values():
            if keys[0] in (column.field, column.name) and column.field:
                beside = keys[1] if len(keys) > 1 and keys[1] in ("low", "high", "claims") else ""
                return f"{column.name}_{beside}" if beside else column.name
    return ".".join(keys)
