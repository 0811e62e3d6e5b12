"""The sheets of a scenario: what ``to_raw`` reads, from a scenario as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from simulation.scenario.quantity import Coded, Quantity
from simulation.scenario.tables.sheets import CHANGES, PLACE, SEPARATOR, SHEETS, Column, Sheet, columns_of

if TYPE_CHECKING:
    from simulation.scenario.offers import Event
    from simulation.scenario.schema import Scenario

Cells = dict[str, Any]
"""A row: column to number, text, date, true or false; what is not said is left out."""

Sheets = dict[str, list[Cells]]


def to_sheets(scenario: Scenario) -> Sheets:
    """The rows of every sheet that has any, by the sheet's name; ``war`` is apart, see ``to_war``."""
    sheets: Sheets = {}
    for sheet in SHEETS.values():
        if sheet.name != "offers":
            sheets[sheet.name] = list(_rows(sheet, getattr(scenario, sheet.table)))
    sheets["offers"], sheets["events"], sheets["terms"] = _of_events(scenario)
    return {name: rows for name, rows in sheets.items() if rows}


def to_war(scenario: Scenario) -> dict[str, Any]:
    """What holds for the scenario as a whole: all that is in no sheet, defaults of coefficients and rule left out."""
    left = {"schema", *(sheet.table for sheet in SHEETS.values()), "events"} - {"issues"}
    war = scenario.model_dump(mode="python", by_alias=True, exclude_none=True, exclude=_excluded(left))
    if isinstance(scenario.issues, dict):
        war.pop("issues", None)
    war["rule"] = scenario.rule.model_dump(mode="python", exclude_none=True, exclude_defaults=True)
    war["rule"]["name"] = scenario.rule.name
    if list(war["rule"]) == ["name"]:
        war["rule"] = scenario.rule.name
    war["coefficients"] = scenario.coefficients.model_dump(mode="python", exclude_defaults=True)
    return {key: value for key, value in war.items() if value not in ({}, (), "")}


def _excluded(keys: Iterable[str]) -> set[str]:
    return {f"{key}_" if key == "schema" else key for key in keys}


def _rows(sheet: Sheet, tables: Any) -> Iterator[Cells]:
    if sheet.key is None:
        yield from (_row(table, sheet.columns) for table in tables or ())
    elif isinstance(tables, Mapping):
        yield from ({sheet.key: name, **_row(table, sheet.columns)} for name, table in tables.items())


def _row(table: BaseModel, columns: Mapping[str, Column]) -> Cells:
    """The cells of a table of the scenario; defaults are not said."""
    cells: Cells = {}
    fields = {info.alias or name: name for name, info in type(table).model_fields.items()}
    for column in columns.values():
        name = fields.get(column.field)
        if name is None:
            continue
        value = getattr(table, name)
        if not _is_default(table, name, value):
            cells |= _cells(column.name, value)
    return cells | _codings(table)


def _codings(table: BaseModel) -> Cells:
    codings = getattr(table, "codings", None) or {}
    return {f"{column}_{coder}": value for coder, said in codings.items() for column, value in said.items()}


def _is_default(table: BaseModel, name: str, value: Any) -> bool:
    info = type(table).model_fields[name]
    return value is None or (not info.is_required() and value == info.default)


def _cells(column: str, value: Any) -> Cells:
    """A value in its cell, and what stands beside a number."""
    if isinstance(value, Quantity):
        beside = {"low": value.low, "high": value.high, "claims": value.claims or None, "why": value.assumed}
        rest = {f"{column}_{word}": _cell(what) for word, what in beside.items() if what is not None}
        return {column: _cell(value.best), **rest}
    if isinstance(value, dict):
        return {column: SEPARATOR.join(f"{name}={_cell(points.best)}" for name, points in value.items())}
    return {column: _cell(value)}


def _cell(value: Any) -> Any:
    if isinstance(value, tuple):
        return SEPARATOR.join(str(_cell(part)) for part in value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def _of_events(scenario: Scenario) -> tuple[list[Cells], list[Cells], list[Cells]]:
    """The rows of offers, changed numbers and terms."""
    offers: list[Cells] = []
    changes: list[Cells] = []
    terms: list[Cells] = []
    places = _places(scenario)
    for event, place in zip(scenario.events, places, strict=True):
        where = {} if place is None else {PLACE: place}
        if event.offer is not None:
            sheet = SHEETS["offers"]
            row = _row(
                event.offer, {name: column for name, column in sheet.columns.items() if column not in sheet.also}
            )
            apart = _apart(event)
            if apart:
                row.pop("terms", None)
                terms += apart
            of_event = _row(event, {column.name: column for column in sheet.also})
            offers.append(
                {"offer": event.offer.id, **of_event, **{k: v for k, v in row.items() if k != "offer"}, **where}
            )
        changes += [{**row, **where} for row in _changes(event)]
    return offers, changes, terms


def _places(scenario: Scenario) -> list[int | None]:
    """The number of each event where dates do not give their order, or where several numbers have no name to share."""
    order = sorted(scenario.events, key=lambda event: (event.on, event.offer is not None))
    nameless = any(event.name is None and len(event.set) + len(event.add) > 1 for event in scenario.events)
    if list(scenario.events) == order and not nameless:
        return [None] * len(order)
    return list(range(1, len(order) + 1))


def _apart(event: Event) -> list[Cells]:
    """The terms of an offer as rows, where a number among them has an interval or a source of its own."""
    found = event.offer.terms if event.offer else {}
    if all(points == type(points)(best=points.best) for points in found.values()):
        return []
    assert event.offer is not None
    return [{"offer": event.offer.id, "of": name, **_cells("value", points)} for name, points in found.items()]


def _changes(event: Event) -> Iterator[Cells]:
    """A row for each number that an event changes; the first says what holds for the event."""
    said = {
        "label": "name",
        "announced": "announced",
        "probability": "probability",
        "assumed": "event_why",
        "claims": "event_claims",
        **{name: name for name in Coded.model_fields if name != "codings"},
    }
    whole = {}
    for field, column in said.items():
        value = getattr(event, field)
        if not _is_default(event, field, value):
            whole[column] = _cell(value)
    whole |= _codings(event)
    for how in ("set", "add"):
        for key, number in getattr(event, how).items():
            cells = {name.removeprefix("value_"): cell for name, cell in _cells("value", number).items()}
            row: Cells = {"event": event.name} if event.name else {}
            row |= {"date": event.on} if event.offer is None else {}
            yield row | {"key": key, "how": how} | cells | ({} if event.offer is not None else whole)
            whole = {}


def heads(name: str, rows: Iterable[Cells]) -> list[str]:
    """The columns that a sheet needs for its rows, in the order of the sheet; those beside another come after it."""
    used = list(dict.fromkeys(column for row in rows for column in row))
    order = list(CHANGES) if name == "events" else list(columns_of(name))

    def place(column: str) -> tuple[int, int]:
        if column in order:
            return order.index(column), -1
        base = next((known for known in order if column.startswith(f"{known}_")), None)
        return (order.index(base) if base else len(order)), used.index(column)

    found = sorted(used, key=place)
    if name == "events" and "event" not in found:
        return ["event", *found]  # its presence says that events without a name have none
    return found
