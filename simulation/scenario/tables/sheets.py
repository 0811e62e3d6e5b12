"""The sheets of a scenario in the form of tables, and which column holds which field of the schema."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from simulation.scenario.actors import Actor, Points, Tie
from simulation.scenario.offers import Ground, Issue, Offer, Want
from simulation.scenario.quantity import Coded, Quantity, Sourced
from simulation.scenario.record import BattleFortune, Fortune, PastTruce, Record
from simulation.scenario.schema import Expect

Kind = Literal["text", "words", "number", "numbers", "date", "flag", "quantity", "points", "ground"]

SEPARATOR = ";"
"""Between the words of a list in a cell."""

BESIDE = ("low", "high", "claims", "why")
"""What may stand beside a number, in columns such as ``stance_low``."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, the field of the schema that it holds, and what its cells are."""

    name: str
    field: str
    kind: Kind


@dataclass(frozen=True)
class Sheet:
    """A sheet: a row for each table of one kind."""

    name: str
    table: str  # the key of the scenario that the rows stand under
    model: type[BaseModel]
    key: str | None = None  # the column that names the row, where rows are tables by name
    renamed: dict[str, str] = field(default_factory=dict)  # column to field, where they are called differently
    also: tuple[Column, ...] = ()  # columns that belong to no field of the model

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by name, in order; those beside a number left out."""
        called = {own: column for column, own in self.renamed.items()}
        if issubclass(self.model, Sourced):
            called["assumed"] = "why"
        found = [Column(self.key, "", "text")] if self.key else []
        found += self.also
        for name, info in self.model.model_fields.items():
            if name != "codings":
                column = called.get(name, info.alias or name)
                found.append(Column(column, info.alias or name, _kind(info.annotation)))
        ordered = sorted(found, key=lambda column: column.field in LAST)  # what it rests on comes last
        return _by_name(*ordered)


LAST = (*Coded.model_fields, "claims", "assumed")


def _kind(annotation: Any) -> Kind:
    """What the cells of a column hold, from the annotation of its field."""
    if get_origin(annotation) in (Union, types.UnionType):
        if Ground in get_args(annotation):
            return "ground"
        return next(_kind(part) for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is dict:
        return "points"
    if get_origin(annotation) is tuple:
        return "numbers" if get_args(annotation)[0] == Points else "words"
    if isinstance(annotation, type):
        if issubclass(annotation, Quantity):
            return "quantity"
        for base, kind in KINDS.items():
            if issubclass(annotation, base):
                return kind
    if annotation in (Points, BattleFortune):
        return "number"
    return "text"


def _by_name(*columns: Column) -> dict[str, Column]:
    return {column.name: column for column in columns}


KINDS: dict[type, Kind] = {bool: "flag", float: "number", int: "number", Date: "date"}

OF_EVENTS = (
    Column("event", "id", "text"),
    Column("date", "on", "date"),
    Column("announced", "announced", "date"),
    Column("label", "label", "text"),
    Column("probability", "probability", "number"),
    Column("claims", "claims", "words"),
    Column("why", "assumed", "text"),
)
"""What the sheet of offers says of the event that puts the offer on the table."""

SHEETS = {
    sheet.name: sheet
    for sheet in (
        Sheet("actors", "actors", Actor, key="actor"),
        Sheet("ties", "ties", Tie),
        Sheet("issues", "issues", Issue, key="issue", renamed={"low_means": "low", "high_means": "high"}),
        Sheet("wants", "wants", Want),
        Sheet(
            "offers",
            "offers",
            Offer,
            renamed={"offer": "id", "made_by": "sponsors", "addressed": "to"},
            also=OF_EVENTS,
        ),
        Sheet(
            "answers",
            "record",
            Record,
            renamed={
                "date": "on",
                "answer": "given",
                "grade": "answer",
                "grade_low": "low",
                "grade_high": "high",
            },
        ),
        Sheet("truces", "truces", PastTruce),
        Sheet("fortune", "fortune", Fortune),
        Sheet("expect", "expect", Expect),
    )
}
"""Sheets of which a row is a table of the scenario; events have one row a changed number, see ``CHANGES``."""

CHANGES = _by_name(
    Column("event", "id", "text"),
    Column("date", "on", "date"),
    Column("announced", "announced", "date"),
    Column("name", "label", "text"),
    Column("key", "", "text"),
    Column("how", "", "text"),
    Column("value", "best", "number"),
    Column("low", "low", "number"),
    Column("high", "high", "number"),
    Column("why", "assumed", "text"),
    Column("claims", "claims", "words"),
    Column("probability", "probability", "number"),
    Column("event_why", "assumed", "text"),
    Column("event_claims", "claims", "words"),
    *(Column(name, name, _kind(info.annotation)) for name, info in Coded.model_fields.items() if name != "codings"),
)
"""The columns of the sheet of events: one row a changed number, and rows of one event share ``event``."""

TERMS = _by_name(Column("offer", "", "text"), Column("of", "", "text"), Column("value", "", "quantity"))
"""The columns of the sheet of terms, for points that have an interval or a source of their own."""

PLACE = "place"
"""A column of offers and events: the order of the scenario's events, where dates do not give it."""

SOURCES = _by_name(Column("source", "", "text"), Column("what", "", "text"))
"""The columns of the sheet of sources, which a folder has in war.toml."""

NAMES = (*SHEETS, "events", "terms", "sources")
"""Every sheet but ``war``."""


def columns_of(sheet: str) -> dict[str, Column]:
    """The columns of a sheet by name; those beside a number, and those of coders, left out."""
    own = {"events": CHANGES, "terms": TERMS, "sources": SOURCES}
    if sheet in own:
        return own[sheet]
    return SHEETS[sheet].columns


def beside(columns: dict[str, Column]) -> Iterator[tuple[str, str]]:
    """The columns that may stand beside numbers, such as ``stance_low``, and the column that each is beside."""
    for name, column in columns.items():
        if column.kind == "quantity":
            yield from ((f"{name}_{word}", name) for word in BESIDE)
