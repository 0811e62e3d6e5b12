"""Reads `seeds/`: the coded evidence that a scenario's numbers cite."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date as Date
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from simulation.scenario.errors import ScenarioError
from simulation.scenario.input_files import read_text
from simulation.scenario.toml import read_toml

LARGEST = 10_000_000
"""Bytes that a file of evidence may have."""

# What each table of a seeds file holds, and the sentence its rows are printed as.
KINDS = {
    "claims": ("claim", "{claim}"),
    "actors": ("actor", "{name}: {reason}"),
    "leverage": ("leverage", "{from} on {to}: {reason}"),
    "timeline": ("event", "{description}"),
    "offers": ("offer", "{proposal} ({answered})"),
    "stance_phases": ("phases", "How the stance of {actor} moved"),
    "ceasefire_durations": (
        "duration",
        "Ceasefires, {field} '{value}': half of the {dated} dated ones over by day {median_days:g}",
    ),
    "truce_lives": (
        "life table",
        "How long {form} truces lived ({term}, mechanism {mechanism}): {truces} of the world's",
    ),
    "truce_terms": ("terms", "Terms of ceasefires, {kind}: half of {ceasefires} had {median_days:g} days or fewer"),
    "ceasefires": ("ceasefire", "{actor}: {side} ceasefire of {date}"),
    "deaths": ("deaths", "{deaths[best]} battle-related deaths in {date} ({deaths[low]} to {deaths[high]})"),
    "demands": ("demand", "{actor} on {issue}: {demand}"),
    "offer_terms": ("terms of an offer", "{offer}: {terms}"),
    "mechanisms": ("mechanism", "{theory}: {implication}"),
    "priors": ("prior", "{key}: {low:g} to {high:g}, most likely {best:g}; {reason}"),
    "notes": ("note", "{text}"),
}


class EvidenceError(ValueError):
    """A seeds file that cannot be used, said for the person who edits it."""


@dataclass(frozen=True)
class Evidence:
    """One row of `seeds/`."""

    id: str
    kind: str
    text: str
    date: str | None
    known: str | None
    """By when it was known in public: a date, month or year, or a word; its date where the row says no more."""

    source: str
    check: str
    correction: str
    citable: bool
    file: str
    data: Mapping[str, Any]

    def only_after(self, day: Date) -> bool:
        """Whether it was known only after a day: by its last day, of a month, a year or a period; no date, never."""
        if self.known is None:
            return False
        last = last_day(self.known)
        return last is None or last > day


def load_evidence(folder: Path) -> dict[str, Evidence]:
    """Every row of every *.toml of the folder, by id; an `EvidenceError` where one cannot be used."""
    files = sorted(Path(folder).glob("*.toml"))
    if not files:
        raise EvidenceError(f"{folder}: no evidence here (no *.toml files)")
    return dict(_read(tuple((file, file.stat().st_mtime_ns) for file in files)))


def find_seeds(start: Path) -> Path | None:
    """The nearest `seeds/` at or above `start`, else the copy the package carries, else the repository's."""
    here = Path(start).resolve()
    package = Path(__file__).resolve().parents[1]
    places = [folder / "seeds" for folder in (here, *here.parents, package / "bundled", package.parent)]
    return next((place for place in places if (place / "claims.toml").is_file()), None)


@lru_cache(maxsize=16)
def _read(stamped: tuple[tuple[Path, int], ...]) -> dict[str, Evidence]:
    """Read once for each state of the files: the time of change is part of the key, so an edit is seen."""
    found: dict[str, Evidence] = {}
    for file, _ in stamped:
        for row in _rows(file):
            if row.id in found:
                first = found[row.id].file
                where = "twice" if first == file.name else f"also in {first}"
                raise EvidenceError(f"{file}: {row.id}: this id is used {where}; ids are unique over all of seeds")
            found[row.id] = row
    return found


def _rows(file: Path) -> Iterator[Evidence]:
    try:
        tables = read_toml(read_text(file, LARGEST, "evidence"), str(file))
    except ScenarioError as error:
        raise EvidenceError(str(error)) from None
    for table, rows in tables.items():
        if table not in KINDS:
            near = get_close_matches(table, KINDS, n=1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known are {', '.join(KINDS)}."
            raise EvidenceError(f"{file}: {table}: no such kind of evidence. {hint}")
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise EvidenceError(f"{file}: {table}: write each row under its own [[{table}]]")
        for number, row in enumerate(rows, 1):
            yield _evidence(file, table, number, row)


def last_day(text: str) -> Date | None:
    """The last day that a date, a month, a year or a period such as ``2020-01-08/09`` may mean; None of a word."""
    first, _, last = text.partition("/")
    if last:
        text = last if len(last) >= len(first) else first[: -len(last)] + last
    parts = text.split("-")
    if not (1 <= len(parts) <= 3 and len(parts[0]) == 4 and all(part.isdecimal() for part in parts)):
        return None
    year, month, day = (*map(int, parts), 0, 0)[:3]
    try:
        return Date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        return None


def _evidence(file: Path, table: str, number: int, row: dict[str, Any]) -> Evidence:
    name = row.get("id")
    if not isinstance(name, str) or not name.strip():
        raise EvidenceError(f"{file}: {table}[{number}]: every row needs an id, a word in quotes")
    kind, sentence = KINDS[table]
    try:
        answered = "; ".join(f"{party}: {answer['words']}" for party, answer in row.get("answers", {}).items())
        text = sentence.format_map({"answered": answered, **row}).rstrip(".") + "."
    except KeyError as error:
        raise EvidenceError(f"{file}: {name}: the key {error} is missing") from error
    except (TypeError, ValueError, IndexError, AttributeError) as error:
        raise EvidenceError(f"{file}: {name}: a key of [[{table}]] is of the wrong kind: {error}") from error
    citable, correction = row.get("citable", True), str(row.get("correction", ""))
    if not isinstance(citable, bool):
        raise EvidenceError(f"{file}: {name}: citable is true or false, not {citable!r}")
    if not citable and not correction:
        raise EvidenceError(f"{file}: {name}: what cannot be cited needs a correction that says what is right")
    date = str(row["date"]) if "date" in row else None
    known = str(row["known"]).strip() if "known" in row else date
    if known == "":
        raise EvidenceError(f"{file}: {name}: known is a date such as 2020-01-10, a month, a year, or a word")
    return Evidence(
        id=name,
        kind=kind,
        text=text,
        date=date,
        known=known,
        source=str(row.get("check_source", row.get("source", ""))),
        check=str(row.get("check", "")),
        correction=correction,
        citable=citable,
        file=file.name,
        data=row,
    )
