"""What the columns of a table of positions are, by what they are called."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from simulation.scenario.errors import ScenarioError

WORDS = {
    "actor": (
        *("actor", "name", "player", "stakeholder", "country", "member state", "agent", "group", "delegation"),
        *("participant", "organisation", "organization", "actors", "actor name"),
    ),
    "full": ("description", "desc", "full name", "long name", "actor description"),
    "position": ("position", "stance", "preference", "ideal point", "pos", "pstn", "positions", "preferred position"),
    "salience": ("salience", "saliences", "saliency", "sal", "importance", "priority"),
    "influence": (
        *("influence", "capability", "capabilities", "power", "clout", "resources", "weight", "voting power", "votes"),
        *("strength", "vote share"),
    ),
    "issue": ("issue", "issue id", "issue nr", "issue no", "issue number", "question", "dimension", "controversy"),
    "title": ("issue name", "issue title", "issue label", "issue description"),
    "proposal": ("proposal", "proposal id", "proposal nr", "proposal number", "case", "dossier", "procedure"),
    "outcome": ("outcome", "result", "decision", "final outcome", "decision outcome", "actual outcome"),
    "now": ("reference point", "reference", "status quo", "disagreement point", "sq", "rp", "now"),
    "low": ("low", "lower", "lower bound", "minimum", "min", "scale low"),
    "high": ("high", "upper", "upper bound", "maximum", "max", "scale high"),
}
"""What columns are called in the field, in any case and with any separator, by what they hold."""

LOOKED_FOR = ("actor", "position", "salience", "influence", "issue", "outcome")
"""Columns that a slip of the pen must not hide."""

REMARKS = ("description", "desc", "label", "text", "source", "note", "notes", "why", "comment")
"""What a head says besides of a column that explains another."""

CLOSE = 0.8
"""How alike a column and a known word are for a slip of the pen (1 is the same)."""


def plain(text: str) -> str:
    """A text for comparison: lower case, without accents, spaces or signs."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


KINDS = {plain(word): kind for kind, words in WORDS.items() for word in words}


class Pair(NamedTuple):
    """The columns of one issue."""

    issue: str  # as the heads of its columns say; empty where they name none
    position: int
    salience: int | None


class Heads(NamedTuple):
    """The columns of a table by their places."""

    names: tuple[str, ...]
    places: dict[str, int]  # by kind, positions and saliences left out
    pairs: tuple[Pair, ...]
    unread: tuple[str, ...]  # columns that are left alone


def heads(cells: Sequence[object], place: str) -> Heads:
    """Which column holds what, from the heads.

    Raises
    ------
    ScenarioError
        where no column names actors or positions, two claim to be the same, or one seems misspelt
    """
    names = tuple(str(cell).strip() for cell in cells)
    places: dict[str, int] = {}
    of: dict[str, dict[str, int]] = {"position": {}, "salience": {}}  # by what is left of the head
    unread: list[int] = []
    for number, name in enumerate(names):
        kind, rest = _kind(name)
        known = of.get(kind, places)
        key = rest if kind in of else kind
        if kind == "":
            unread += [number] if name else []
        elif key in known:
            both = f"'{names[known[key]]}' and '{name}'"
            raise ScenarioError(f"{place}: columns {both} both say {kind}; leave one out, or give it another name.")
        else:
            known[key] = number
    there = set(places) | {kind for kind, columns in of.items() if columns}
    missing = set(LOOKED_FOR) - there
    for number in unread:
        _check_spelling(names[number], missing, f"{place}, column '{names[number]}'")
    for kind in ("actor", "position"):
        if kind in missing:
            wanted = ", ".join(WORDS[kind][:4])
            found = ", ".join(f"'{name}'" for name in names if name)
            raise ScenarioError(f"{place}: no column of {kind}s, such as {wanted}; there are {found}.")
    pairs = tuple(Pair(rest, number, of["salience"].get(rest)) for rest, number in of["position"].items())
    alone = set(of["salience"]) - set(of["position"])
    if alone:
        pairs = _paired_in_order(pairs, of["salience"], alone, names, place)
    named = tuple(Pair(_issue(pair, names), pair.position, pair.salience) for pair in pairs)
    return Heads(names, places, named, tuple(names[number] for number in unread))


def _kind(name: str) -> tuple[str, str]:
    """What a column holds, and what its head says besides, such as ``Policy`` of ``Policy Position``."""
    whole = KINDS.get(plain(name), "")
    if whole:
        return whole, ""
    tokens = re.findall(r"[^\W\d_]+|\d+", name)
    for count in range(len(tokens) - 1, 0, -1):
        for word, rest in ((tokens[-count:], tokens[:-count]), (tokens[:count], tokens[count:])):
            kind = KINDS.get(plain("".join(word)), "")
            if kind in ("position", "salience") and plain("".join(rest)) not in REMARKS:
                return kind, " ".join(rest)
    return "", ""


def _check_spelling(name: str, missing: set[str], place: str) -> None:
    """Refuse a column that is nearly called like one that is missing."""
    known = {word: kind for word, kind in KINDS.items() if kind in missing and len(word) > 3}
    close = difflib.get_close_matches(plain(name), known, n=1, cutoff=CLOSE)
    if close:
        raise ScenarioError(
            f"{place}: not known. Did you mean '{known[close[0]]}'? Correct it, or leave the column out."
        )


def _paired_in_order(
    pairs: tuple[Pair, ...], saliences: dict[str, int], alone: set[str], names: tuple[str, ...], place: str
) -> tuple[Pair, ...]:
    """Positions and saliences whose heads do not agree, where they come in turns."""
    if len(saliences) == 1 and len(pairs) > 1:
        [column] = saliences.values()
        return tuple(Pair(pair.issue, pair.position, column) for pair in pairs)  # one salience for all issues
    turns = [(pair.position, column) for pair, column in zip(pairs, saliences.values(), strict=False)]
    if len(pairs) != len(saliences) or any(column != position + 1 for position, column in turns):
        other = ", ".join(f"'{names[saliences[rest]]}'" for rest in alone)
        raise ScenarioError(f"{place}: no position goes with {other}; call them NAME position and NAME salience.")
    return tuple(Pair(pair.issue, *turn) for pair, turn in zip(pairs, turns, strict=True))


def _issue(pair: Pair, names: tuple[str, ...]) -> str:
    """The name of the issue: what its head says besides, or the whole head where that is a number."""
    return names[pair.position] if pair.issue and not re.search(r"[^\W\d_]", pair.issue) else pair.issue
