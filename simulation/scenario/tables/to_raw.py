"""The raw tables of a scenario, as its TOML file would have them, from the rows of its sheets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.tables.cells import read, value_of
from simulation.scenario.tables.columns import check_columns, coder_of, named_as_known
from simulation.scenario.tables.grids import Grid, Row
from simulation.scenario.tables.sheets import (
    CHANGES,
    OF_EVENTS,
    PLACE,
    SHEETS,
    TERMS,
    Column,
    Kind,
    Sheet,
)

LISTS = ("ties", "wants", "record", "truces", "fortune", "expect")
"""Tables of which a scenario has a list."""


@dataclass
class Raw:
    """Raw tables, and where in the sheets each part stands."""

    tables: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)  # such as ``actors.LNA`` to ``war/actors.csv: row 3``


def to_raw(grids: Mapping[str, Grid], coders: Iterable[str]) -> Raw:
    """The raw tables that the sheets hold.

    Parameters
    ----------
    coders : whose codings columns such as ``grade_A`` are

    Raises
    ------
    ScenarioError
        that names file, row, column and value, and says what would do
    """
    who, raw = tuple(coders), Raw()
    grids = {name: named_as_known(name, grid) for name, grid in grids.items()}
    for name, grid in grids.items():
        check_columns(name, grid, who)
        table = "events" if name in ("offers", "events", "terms") else SHEETS[name].table
        raw.places.setdefault(table, grid.place)
    for sheet in SHEETS.values():
        if sheet.name in grids and sheet.name != "offers":
            _add(raw, sheet, grids[sheet.name], who)
    _add_events(raw, grids, who)
    return raw


def _add(raw: Raw, sheet: Sheet, grid: Grid, coders: tuple[str, ...]) -> None:
    """The rows of a sheet, each as a table."""
    for number, row in enumerate(grid.rows):
        table = _table(row, sheet.columns, coders)
        if sheet.key:
            name = value_of(row.cells.get(sheet.key, ""), "text", row.at(sheet.key))
            if name is None:
                raise ScenarioError(f"{row.at(sheet.key)}: blank; a name is needed.")
            known = raw.tables.setdefault(sheet.table, {})
            if name in known:
                raise ScenarioError(
                    f"{row.at(sheet.key)}: a second '{name}'; the first is in {raw.places[f'{sheet.table}.{name}']}."
                )
            known[name] = table
            raw.places[f"{sheet.table}.{name}"] = row.place
            continue
        listed = raw.tables.setdefault(sheet.table, [])
        listed.append(table)
        if sheet.table == "ties":
            raw.places.setdefault(f"ties[{table.get('from', '?')} to {table.get('to', '?')}]", row.place)
        raw.places[f"{sheet.table}[{number}]"] = row.place


def _table(row: Row, columns: Mapping[str, Column], coders: tuple[str, ...]) -> dict[str, Any]:
    """The fields that a row fills, what coders wrote among them."""
    table: dict[str, Any] = {}
    for column in columns.values():
        if not column.field:
            continue
        value = _quantity(row, column) if column.kind == "quantity" else read(row, column)
        if value is not None:
            table[column.field] = value
    codings: dict[str, dict[str, Any]] = {}
    for name, cell in row.cells.items():
        coder = None if name in columns else coder_of(name, coders)
        if coder is not None and cell != "":
            of = name.removesuffix(f"_{coder}")
            codings.setdefault(coder, {})[of] = value_of(cell, _kind_of(of, columns), row.at(name))
    if codings:
        table["codings"] = {coder: codings[coder] for coder in coders if coder in codings}
    return table


def _kind_of(column: str, columns: Mapping[str, Column]) -> Kind:
    """What a coder's cell holds: a number where the column itself does, else a text."""
    kind = columns[column].kind if column in columns else "text"
    return "number" if kind in ("number", "quantity") else "text"


def _quantity(row: Row, column: Column) -> dict[str, Any] | float | None:
    """A number with what stands beside it."""
    best = read(row, column)
    own: dict[str, Any] = {}
    for word, key, kind in (
        ("low", "low", "number"),
        ("high", "high", "number"),
        ("claims", "claims", "words"),
        ("why", "assumed", "text"),
    ):
        name = f"{column.name}_{word}"
        value = value_of(row.cells.get(name, ""), kind, row.at(name))  # type: ignore[arg-type]
        if value is not None:
            own[key] = value
    if best is None:
        if own:
            raise ScenarioError(f"{row.at(column.name)}: blank, though {column.name}_{next(iter(own))} is given.")
        return None
    return {"best": best, **own} if own else best


@dataclass
class _Event:
    """An event that is being put together of rows."""

    table: dict[str, Any]
    row: Row
    place: float | None
    offers: bool = False


def _add_events(raw: Raw, grids: Mapping[str, Grid], coders: tuple[str, ...]) -> None:
    events: dict[str, _Event] = {}
    if "offers" in grids:
        for row in grids["offers"].rows:
            made = _with_offer(row, coders)
            key = made.table.get("id") or made.table["offer"]["id"]
            if key in events:
                raise ScenarioError(f"{row.at('offer')}: a second '{key}'; the first is in {events[key].row.place}.")
            events[key] = made
    if "terms" in grids:
        _add_terms(events, grids["terms"])
    if "events" in grids:
        named = "event" in grids["events"].columns
        for row in grids["events"].rows:
            _add_change(events, row, coders, named)
    ordered = sorted(events.values(), key=_order)
    if ordered:
        raw.tables["events"] = [event.table for event in ordered]
    for event in ordered:
        table = event.table
        name = table.get("id") or table.get("offer", {}).get("id") or table.get("on")
        raw.places[f"events[{name}]"] = event.row.place


def _order(event: _Event) -> tuple[float, Date, bool]:
    """By the column ``place`` where there is one; else by date, and on a day what changes before what is offered."""
    return (event.place if event.place is not None else 0.0, event.table.get("on", Date.max), event.offers)


def _with_offer(row: Row, coders: tuple[str, ...]) -> _Event:
    table = _table(row, SHEETS["offers"].columns, coders)
    read_offer = value_of(row.cells.get("offer", ""), "text", row.at("offer"))
    if read_offer is None:
        raise ScenarioError(f"{row.at('offer')}: blank; an offer needs a name.")
    event: dict[str, Any] = {}
    for column in OF_EVENTS:
        table.pop(column.field, None)
        value = read(row, column)
        if value is not None:
            event[column.field] = value
    offer = {"id": read_offer, **{key: value for key, value in table.items() if key != "id"}}
    offer.setdefault("sponsors", [])
    return _Event({**event, "offer": offer}, row, _place(row), offers=True)


def _place(row: Row) -> float | None:
    place: float | None = value_of(row.cells.get(PLACE, ""), "number", row.at(PLACE))
    return place


def _add_terms(events: dict[str, _Event], grid: Grid) -> None:
    offers = {event.table["offer"]["id"]: event for event in events.values()}
    for row in grid.rows:
        offer, of = (read(row, TERMS[name]) for name in ("offer", "of"))
        if offer not in offers:
            raise ScenarioError(f"{row.at('offer')}: no offer '{offer}'.{nearest(str(offer), offers)}")
        points = _quantity(row, TERMS["value"])
        if points is None:
            raise ScenarioError(f"{row.at('value')}: blank.")
        offers[offer].table["offer"].setdefault("terms", {})[of] = points


def _add_change(events: dict[str, _Event], row: Row, coders: tuple[str, ...], named: bool) -> None:
    """A changed number, put to the event of its name, of its place, or to one of its own."""
    day, label, place = read(row, CHANGES["date"]), read(row, CHANGES["name"]), _place(row)
    name = read(row, CHANGES["event"])
    known = name is not None and name in events
    if day is None and not known:
        raise ScenarioError(f"{row.at('date')}: blank; an event has a date.")
    if not named:
        name = _free(_slug(str(label or read(row, CHANGES["key"]) or "event")), events)
    key = name or (f"\0{place:g}" if place is not None else f"\0{row.place}")
    if key not in events:
        table = {"id": name, "on": day} if name else {"on": day}
        events[key] = _Event(table, row, place)
    event = events[key]
    if day is not None and event.table.get("on", day) != day:
        raise ScenarioError(f"{row.at('date')}: {day}, but '{name}' is on {event.table['on']} in {event.row.place}.")
    if not event.offers:
        _say_once(event.table, row, coders)
    _change(event.table, row)


def _say_once(table: dict[str, Any], row: Row, coders: tuple[str, ...]) -> None:
    """What a row says of the event as a whole; later rows of the same event may repeat it or leave it out."""
    skipped = ("event", "date", "key", "how", "value", "low", "high", "why", "claims", "event_why", "event_claims")
    found = _table(row, {name: column for name, column in CHANGES.items() if name not in skipped}, coders)
    for column in (CHANGES["event_why"], CHANGES["event_claims"]):
        value = read(row, column)
        if value is not None:
            found[column.field] = value
    for key, value in found.items():
        table.setdefault(key, value)


def _change(table: dict[str, Any], row: Row) -> None:
    key, how = read(row, CHANGES["key"]), read(row, CHANGES["how"])
    if key is None:
        raise ScenarioError(f"{row.at('key')}: blank; say what changes, such as actors.NAME.strength.")
    if how not in ("set", "add"):
        raise ScenarioError(f"{row.at('how')}: '{how or ''}' will not do: set or add would.")
    number = {
        column: value
        for name, column in (
            ("value", "best"),
            ("low", "low"),
            ("high", "high"),
            ("claims", "claims"),
            ("why", "assumed"),
        )
        if (value := read(row, CHANGES[name])) is not None
    }
    if "best" not in number:
        raise ScenarioError(f"{row.at('value')}: blank.")
    changes = table.setdefault(how, {})
    if key in changes:
        raise ScenarioError(f"{row.at('key')}: {key} is {how} twice by one event; give the second an event of its own.")
    changes[key] = number


def _slug(text: str) -> str:
    """A key made of words: letters and digits without accents, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:40].strip("-") or "event"


def _free(name: str, taken: Mapping[str, Any]) -> str:
    number = 2
    free = name
    while free in taken:
        free, number = f"{name}-{number}", number + 1
    return free
