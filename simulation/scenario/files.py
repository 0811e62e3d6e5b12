"""Scenario files: reading, extending, changing, writing."""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulation.parameters import nearest
from simulation.scenario.edits import drop, merge, put
from simulation.scenario.errors import ScenarioError, explain, explain_toml, place_of
from simulation.scenario.evidence import EvidenceError, find_seeds, load_evidence
from simulation.scenario.schema import Scenario

LARGEST = 1_000_000
"""Bytes a scenario file may have; the largest bundled one has some tens of thousands."""

LONGEST_CHAIN = 10
"""How many files may extend one another in a row."""

DEEPEST = 20
"""How many tables and lists may stand in one another; a scenario needs five."""

LISTS = ("ties", "events", "record", "expect")
"""Tables that are written one by one, each under its own [[...]]."""


def load_scenario(path: str | Path, changes: dict[str, Any] | None = None) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : a TOML file, or the name of a bundled scenario such as ``libya-2020-01``
    changes : keys to change before the check, such as ``{"ties.Turkey.GNA.support": 0.9}``

    Raises
    ------
    ScenarioError
        saying file, place, value and what would do
    """
    file = find(path)
    raw = read(file)
    for key, value in (changes or {}).items():
        put(raw, key, value, f"set to {value} on loading", str(path))
    try:
        return build(raw, str(path), file)
    except ScenarioError as error:
        raise _blamed(error, str(path), file) from None


def _blamed(error: ScenarioError, name: str, file: Path) -> ScenarioError:
    """The same error, with what is the fault of the extended file told of that file."""
    parent = _parse(file).get("extends")
    if parent is None:
        return error
    try:
        load_scenario(file.parent / parent)
    except ScenarioError as other:
        theirs = {line.partition(".toml: ")[2]: line for line in str(other).splitlines()}
        lines = [theirs.get(line.removeprefix(f"{name}: "), line) for line in str(error).splitlines()]
        return ScenarioError("\n".join(lines))
    return error


@lru_cache(maxsize=16)
def load_text(text: str, name: str) -> Scenario:
    """A scenario from the text of a file that extends nothing, without looking up its claims."""
    try:
        raw = tomllib.loads(text)
        return Scenario.model_validate(raw)
    except tomllib.TOMLDecodeError as error:
        raise explain_toml(error, text, name) from None
    except ValidationError as error:
        raise explain(error, raw, name) from None


def build(raw: dict[str, Any], name: str, file: Path) -> Scenario:
    """A checked scenario from the raw tables of a file."""
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        raise explain(error, raw, name) from None
    _check_claims(scenario, name, file)
    return scenario


def replaced(scenario: Scenario, changes: dict[str, Any]) -> Scenario:
    """A copy of a scenario with some keys changed."""
    raw = as_tables(scenario)
    for key, value in changes.items():
        put(raw, key, value, f"set to {value}", scenario.title)
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise explain(error, raw, scenario.title) from None


def as_tables(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain tables, with every default written out that bears on results."""
    tables = scenario.model_dump(mode="python", by_alias=True, exclude_none=True)
    tables["rule"] = scenario.rule.model_dump(mode="python", exclude_none=True)
    return tables


def as_toml(scenario: Scenario) -> str:
    """The scenario as one file that extends nothing."""
    import tomli_w

    return tomli_w.dumps(as_tables(scenario))


def fingerprint(scenario: Scenario) -> str:
    """A SHA-256 over everything in the scenario that a result can depend on."""
    tables = as_tables(scenario)
    return hashlib.sha256(json.dumps(tables, sort_keys=True, default=str).encode()).hexdigest()


def bundled() -> Path:
    """The folder of bundled scenarios: the package's own copy, or the repository's beside it."""
    here = Path(__file__).resolve().parent.parent
    inside = here / "bundled" / "scenarios"
    return inside if inside.is_dir() else here.parent / "scenarios"


def find(path: str | Path) -> Path:
    """The file a user means: a path, or the name of a bundled scenario."""
    file = Path(path)
    if "\0" in str(path):
        raise ScenarioError(f"{str(path)!r}: not the name of a file.")
    if file.suffix != ".toml" and not os.path.exists(file):
        names = {found.stem: found for found in sorted(bundled().rglob("*.toml"))}
        if file.name == str(path) and file.name in names:
            return names[file.name]
        raise ScenarioError(f"{path}: no such file, and no bundled scenario of that name.{nearest(file.name, names)}")
    return file


def read(file: Path) -> dict[str, Any]:
    """The raw tables of a file, with the files it extends merged beneath."""
    return _read(file, _resolved(file).parent, ())


def _read(file: Path, tree: Path, chain: tuple[Path, ...]) -> dict[str, Any]:
    raw = _parse(file)
    raw.pop("$schema", None)
    parent = raw.pop("extends", None)
    dropped, changes = raw.pop("drop", []), raw.pop("set", {})
    if parent is None:
        if dropped or changes:
            raise ScenarioError(f"{file}: drop and set change a file that is extended; extends is missing.")
        return raw
    if not isinstance(parent, str) or "\0" in parent:
        raise ScenarioError(f"{file}: extends: {parent!r} is not the name of a file.")
    if not isinstance(dropped, list) or not all(isinstance(key, str) for key in dropped):
        raise ScenarioError(f'{file}: drop: a list of keys is needed, such as drop = ["events.airlift"].')
    if not isinstance(changes, dict):
        raise ScenarioError(f'{file}: set: a table is needed, such as set = {{ "ties.UAE.LNA.support" = 0.3 }}.')
    _check_quotes(changes, f"{file}: set")
    target = _resolved(file.parent / parent)
    if not target.is_relative_to(tree):
        raise ScenarioError(
            f"{file}: extends: '{parent}' lies outside the folder {tree.name}/; extend files in it or below."
        )
    chain = (*chain, _resolved(file))
    if target in chain:
        around = " → ".join(step.name for step in (*chain[chain.index(target) :], target))
        raise ScenarioError(f"{file}: extends: the files extend one another in a circle: {around}.")
    if len(chain) >= LONGEST_CHAIN:
        raise ScenarioError(f"{file}: extends: more than {LONGEST_CHAIN} files in a row.")
    if not os.path.exists(target):
        beside = [other.name for other in target.parent.glob("*.toml")] if os.path.isdir(target.parent) else []
        raise ScenarioError(f"{file}: extends: no file '{parent}'.{nearest(target.name, beside)}")
    if os.path.isdir(target):
        raise ScenarioError(f"{file}: extends: '{parent}' is a folder; a scenario is a .toml file.")
    base = _read(file.parent / parent, tree, chain)
    base.pop("expect", None)  # what was expected of the other story is not expected of this one
    for key in dropped:
        drop(base, key, str(file))
    merged: dict[str, Any] = merge(base, raw)
    for key, value in changes.items():
        put(merged, key, value, f"set to {value} by {file.name}", str(file))
    return merged


def _parse(file: Path) -> dict[str, Any]:
    try:
        if file.is_dir():
            raise ScenarioError(f"{file}: a folder; a scenario is a .toml file.")
        with file.open("rb") as opened:
            text = opened.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise ScenarioError(f"{file}: more than {LARGEST:,} bytes, the most a scenario may have.")
    except FileNotFoundError:
        beside = [other.name for other in file.parent.glob("*.toml")] if file.parent.is_dir() else []
        raise ScenarioError(f"{file}: no such file.{nearest(file.name, beside)}") from None
    except OSError as error:
        raise ScenarioError(f"{file}: cannot be read: {error.strerror}.") from None
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ScenarioError(f"{file}: UTF-16 text; save it as UTF-8.")
    if b"\0" in text:
        raise ScenarioError(f"{file}: a binary file; a scenario is TOML text.")
    try:
        decoded = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text[: error.start].count(b"\n") + 1
        raise ScenarioError(f"{file}: line {line}: not UTF-8 text; save it as UTF-8.") from None
    if not decoded.strip():
        raise ScenarioError(f"{file}: empty; 'ceasefire new FILE' writes one to start from.")
    try:
        raw = tomllib.loads(decoded)
    except (ValueError, RecursionError) as error:  # a plain ValueError comes of a number of thousands of digits
        raise explain_toml(error, decoded, str(file)) from None
    _check_shape(raw, file)
    return raw


def _check_shape(raw: dict[str, Any], file: Path) -> None:
    """Refuse what cannot be merged or changed: too deep, or a table where a list of tables belongs, or the reverse."""
    level: list[Any] = [raw]
    for _ in range(DEEPEST):
        inside = [(item.values() if isinstance(item, dict) else item) for item in level]
        level = [part for parts in inside for part in parts if isinstance(part, dict | list)]
    if level:
        raise ScenarioError(f"{file}: nested too deeply: more than {DEEPEST} tables and lists in one another.")
    for key in LISTS:
        found = raw.get(key, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            raise ScenarioError(f"{file}: {key}: write each one as a table of its own, under [[{key}]].")
    for number, event in enumerate(raw.get("events", [])):
        for how in ("set", "add"):
            _check_quotes(event.get(how), f"{file}: {place_of(('events', number, how), raw)}")
    actors = raw.get("actors", {})
    if not isinstance(actors, dict):
        raise ScenarioError(f"{file}: actors: write each one as a table of its own, under [actors.NAME].")
    for name, actor in actors.items():
        if not isinstance(actor, dict):
            raise ScenarioError(f"{file}: actors.{name}: not a table; write what it is under [actors.{name}].")


def _check_quotes(changes: Any, place: str) -> None:
    for key, value in changes.items() if isinstance(changes, dict) else ():
        if isinstance(value, dict) and "best" not in value and key in ("actors", "ties", "events", "coefficients"):
            raise ScenarioError(f'{place}: put the whole key in quotes, such as "ties.UAE.LNA.support" = 0.3.')


def _resolved(file: Path) -> Path:
    try:
        found = file.resolve()
        lost = os.path.islink(found)  # Python 3.13 stops at links that lead to one another, and says nothing
    except (OSError, RuntimeError):  # earlier ones say so
        lost = True
    if lost:
        raise ScenarioError(f"{file}: cannot be read: the link leads nowhere.")
    return found


def _check_claims(scenario: Scenario, name: str, file: Path) -> None:
    cited = list(citations(scenario))
    if not cited:
        return
    seeds = find_seeds(file.resolve().parent)
    if seeds is None:
        raise ScenarioError(
            f"{name}: {cited[0][0]}: cites {cited[0][1]}, but no folder seeds/ is near to look it up in."
        )
    try:
        evidence = load_evidence(seeds)
    except EvidenceError as error:
        raise ScenarioError(f"{name}: its claims cannot be looked up. {error}") from None
    wrong = []
    for place, claim in cited:
        if claim not in evidence:
            wrong.append(f"{name}: {place}: no claim '{claim}' in {seeds.name}/.{nearest(claim, evidence)}")
        elif not evidence[claim].citable:
            wrong.append(f"{name}: {place}: {claim} was found wrong or doubtful and supports no number.")
    if wrong:
        raise ScenarioError("\n".join(wrong[:10]))


def citations(scenario: Scenario) -> list[tuple[str, str]]:
    """Every claim that is cited, with its place in the file."""
    found: list[tuple[str, str]] = []

    def visit(place: str, item: Any) -> None:
        found.extend((place, claim) for claim in item.claims)

    for name, actor in scenario.actors.items():
        visit(f"actors.{name}", actor)
        for key, number in actor.quantities():
            visit(f"actors.{name}.{key}", number)
    for tie in scenario.ties:
        visit(f"ties.{tie.source}.{tie.target}", tie)
        for key, number in tie.quantities():
            visit(f"ties.{tie.source}.{tie.target}.{key}", number)
    for event in scenario.events:
        where = f"events[{event.name or event.on}]"
        visit(where, event)
        for how in ("set", "add"):
            for key, number in getattr(event, how).items():
                visit(f'{where}.{how}."{key}"', number)
        if event.offer is not None:
            visit(f"{where}.offer.monitoring", event.offer.monitoring)
            for party, points in event.offer.terms.items():
                visit(f"{where}.offer.terms.{party}", points)
    for place, entry in enumerate(scenario.record):
        visit(f"record[{place}]", entry)
    return found
