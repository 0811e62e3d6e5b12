"""Scenario files: reading, extending, changing, writing."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import tomllib
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulation.evidence import EvidenceError, find_seeds, load_evidence
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError, explain, explain_toml
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
        _put(raw, key, value, f"set to {value} on loading", str(path))
    return build(raw, str(path), file)


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
        _put(raw, key, value, f"set to {value}", scenario.title)
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
    drop, changes = raw.pop("drop", []), raw.pop("set", {})
    if parent is None:
        if drop or changes:
            raise ScenarioError(f"{file}: drop and set change a file that is extended; extends is missing.")
        return raw
    if not isinstance(parent, str) or "\0" in parent:
        raise ScenarioError(f"{file}: extends: {parent!r} is not the name of a file.")
    if not isinstance(drop, list) or not all(isinstance(key, str) for key in drop):
        raise ScenarioError(f'{file}: drop: a list of keys is needed, such as drop = ["events.airlift"].')
    if not isinstance(changes, dict):
        raise ScenarioError(f'{file}: set: a table is needed, such as set = {{ "ties.UAE.LNA.support" = 0.3 }}.')
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
    base = _read(file.parent / parent, tree, chain)
    base.pop("expect", None)  # what was expected of the other story is not expected of this one
    for key in drop:
        _drop(base, key, str(file))
    merged: dict[str, Any] = _merge(base, raw)
    for key, value in changes.items():
        _put(merged, key, value, f"set to {value} by {file.name}", str(file))
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
    actors = raw.get("actors", {})
    if not isinstance(actors, dict):
        raise ScenarioError(f"{file}: actors: write each one as a table of its own, under [actors.NAME].")
    for name, actor in actors.items():
        if not isinstance(actor, dict):
            raise ScenarioError(f"{file}: actors.{name}: not a table; write what it is under [actors.{name}].")


def _resolved(file: Path) -> Path:
    try:
        return file.resolve()
    except (OSError, RuntimeError):  # links that lead to one another
        raise ScenarioError(f"{file}: cannot be read: the link leads nowhere.") from None


def _merge(base: Any, over: Any, where: str = "") -> Any:
    """``over`` laid on ``base``: tables key by key, ties by their ends, events and records by name, else replaced."""
    if isinstance(base, dict) and isinstance(over, dict) and "best" not in over and where != "rule":
        joined = dict(base)
        for key, value in over.items():
            joined[key] = _merge(base[key], value, key) if key in base else value
        return joined
    if isinstance(base, list) and isinstance(over, list) and where in ("ties", "events", "record"):
        joined_list = list(base)
        for item in over:
            key = _name(where, item)
            places = [
                place for place, other in enumerate(joined_list) if key is not None and _name(where, other) == key
            ]
            if places:
                joined_list[places[0]] = _merge(joined_list[places[0]], item)
            else:
                joined_list.append(item)
        return joined_list
    return over


def _name(where: str, item: Any) -> Any:
    """What identifies a table in a list of tables."""
    if not isinstance(item, dict):
        return None
    if where == "ties":
        return (item.get("from"), item.get("to"))
    if where == "record":
        return (item.get("offer"), item.get("party"))
    offer = item.get("offer")
    return item.get("id") or (offer.get("id") if isinstance(offer, dict) else None)


def _drop(raw: dict[str, Any], key: str, file: str) -> None:
    match key.split("."):
        case ["actors", name] if name in raw.get("actors", {}):
            del raw["actors"][name]
            return
        case ["ties", source, target]:
            left = [tie for tie in raw.get("ties", []) if _name("ties", tie) != (source, target)]
            if len(left) < len(raw.get("ties", [])):
                raw["ties"] = left
                return
        case ["events", name]:
            left = [event for event in raw.get("events", []) if _name("events", event) != name]
            if len(left) < len(raw.get("events", [])):
                raw["events"] = left
                return
    known = [f"actors.{name}" for name in raw.get("actors", {})]
    known += [f"ties.{tie.get('from')}.{tie.get('to')}" for tie in raw.get("ties", [])]
    known += [f"events.{name}" for event in raw.get("events", []) if (name := _name("events", event))]
    raise ScenarioError(f"{file}: drop: nothing called '{key}' in the extended file.{nearest(key, known)}")


QUANTITIES = {"actors": 2, "ties": 3}
"""Tables whose numbers carry a source, and how many names stand before the number's key."""


def _put(raw: dict[str, Any], key: str, value: Any, why: str, file: str) -> None:
    """Put one key of the raw tables to a value. A number that carries a source carries ``why`` from then on."""
    words = key.split(".")
    if isinstance(value, Real) and not isinstance(value, bool):  # numbers of numpy too
        value = int(value) if isinstance(value, Integral) else float(value)
    sourced = isinstance(value, int | float) and not isinstance(value, bool)
    here: Any = raw
    if words[0] == "ties" and len(words) == 4:
        matches = [tie for tie in raw.get("ties", []) if _name("ties", tie) == (words[1], words[2])]
        if not matches:
            known = [f"{tie.get('from')}.{tie.get('to')}" for tie in raw.get("ties", [])]
            raise ScenarioError(
                f"{file}: {key}: no tie from {words[1]} to {words[2]}.{nearest('.'.join(words[1:3]), known)}"
            )
        here, words = matches[0], words[3:]
    elif words[0] == "events" and len(words) > 2:
        matches = [event for event in raw.get("events", []) if _name("events", event) == words[1]]
        if not matches:
            known = [str(name) for event in raw.get("events", []) if (name := _name("events", event))]
            raise ScenarioError(f"{file}: {key}: no event '{words[1]}'.{nearest(words[1], known)}")
        here, words = matches[0], words[2:]
        if words[0] in ("set", "add"):
            words = [words[0], ".".join(words[1:])]
        sourced = False
    elif words[0] == "actors" and len(words) == 3:
        if words[1] not in raw.get("actors", {}):
            raise ScenarioError(f"{file}: {key}: no actor '{words[1]}'.{nearest(words[1], raw.get('actors', {}))}")
        here, words = raw["actors"][words[1]], words[2:]
        sourced = sourced and words[0] not in ("name", "side", "roles")
    elif words[0] in ("actors", "ties", "events", "record", "expect"):
        shape = {"actors": "actors.NAME.KEY", "ties": "ties.FROM.TO.KEY", "events": "events.ID.KEY"}.get(words[0])
        raise ScenarioError(f"{file}: {key}: no such key." + (f" It is written {shape}." if shape else ""))
    else:
        sourced = False
        if words == ["rule"] and isinstance(value, str):
            value = {"name": value}
        known_top = [field.alias or name for name, field in Scenario.model_fields.items()]
        if words[0] not in known_top:
            raise ScenarioError(f"{file}: {key}: no such key.{nearest(words[0], known_top)}")
        if words[0] == "rule" and len(words) == 2:
            rule = raw.get("rule", "friedkin-johnsen")
            raw["rule"] = {"name": rule} if isinstance(rule, str) else dict(rule)
            raw["rule"].setdefault("name", "friedkin-johnsen")
    *path, last = words
    for word in path:
        here = here.setdefault(word, {})
        if not isinstance(here, dict):
            raise ScenarioError(f"{file}: {key}: '{word}' is not a table.")
    here[last] = {"best": value, "assumed": why} if sourced else copy.deepcopy(value)


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
    for place, event in enumerate(scenario.events):
        where = f"events[{event.name or place}]"
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
