"""What each column of each sheet means: the descriptions of the schema, and words for what is no field of it."""

from __future__ import annotations

from collections.abc import Iterator

from simulation.scenario.offers import Event
from simulation.scenario.tables.sheets import NAMES, SHEETS, Column, columns_of

OWN = {
    "actor": "its key: letters, digits, - and _",
    "announced": "when it became known that this was to come, where that was before",
    "claims": "ids in seeds/ that it rests on",
    "date": "year-month-day",
    "event": "its key; rows of one event share it; made of the name if the column is left out",
    "from": "the key of who leans on, backs or depends on another",
    "how": "set (to the value) or add (the value)",
    "issue": "the key of the issue",
    "key": "what changes, such as actors.NAME.strength or ties.FROM.TO.support",
    "label": "a few words for pictures and tables",
    "name": "a few words for pictures and tables",
    "of": "the issue that the points are of",
    "offer": "the key of the offer",
    "party": "the key of a party",
    "probability": "of the event, drawn per run; 1 if left out",
    "source": "a short id",
    "that": "the sentence that should hold",
    "to": "the key of whom",
    "value": "the number",
    "low": "the least it may be",
    "high": "the most it may be",
    "what": "what was said or done, in a sentence",
    "why": "what the judgement rests on, in words",
    "began": "the day on which it began",
    "event_why": "what all that the event changes rests on, in words",
    "event_claims": "ids in seeds/ that all that the event changes rests on",
    "answers.answer": "refuse, silent, conditional or accept",
    "truces.how": "broken, lapsed, replaced or held",
    "sources.what": "what it is: document, date, publisher",
    "actors.name": "",
    "offers.form": "declared (a statement) or signed (a written text)",
    "offers.kind": "call, mediated, unilateral, bilateral or resolution; call if left out",
}
"""Columns whose cells the schema does not describe, or in other words than a table needs; a sheet before the dot."""

BESIDE = "; beside it what ends in _low, _high, _claims, _why"


def meanings() -> Iterator[tuple[str, str, str]]:
    """Sheet, column and meaning, in the order of the sheets."""
    for sheet in NAMES:
        for column in columns_of(sheet).values():
            words = OWN.get(f"{sheet}.{column.name}", OWN.get(column.name)) or _described(sheet, column)
            several = "; several with ;" if column.kind in ("words", "numbers") else ""
            yield sheet, column.name, words + several + (BESIDE if column.kind == "quantity" else "")


def _described(sheet: str, column: Column) -> str:
    """What the schema says of the field that a column holds."""
    model = SHEETS[sheet].model if sheet in SHEETS else Event
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    return fields[column.field].description or ""
