"""Changing the raw tables of a scenario file before they are checked: laying one file on another, dropping, setting."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from numbers import Integral, Real
from typing import Any

from simulation.parameters import HIDDEN, nearest
from simulation.scenario.errors import ScenarioError, shown_as
from simulation.scenario.toml import DEEPEST, check_depth


def merge(base: Any, over: Any, where: str = "") -> Any:
    """``over`` laid on ``base``: tables key by key, ties by their ends, events and records by name, else replaced."""
    if isinstance(base, dict) and isinstance(over, dict) and "best" not in over and where != "rule":
        joined = dict(base)
        for key, value in over.items():
            joined[key] = merge(base[key], value, key) if key in base else value
        return joined
    if isinstance(base, list) and isinstance(over, list) and where in ("ties", "events", "record"):
        joined_list = list(base)
        for item in over:
            key = _name(where, item)
            places = [
                place for place, other in enumerate(joined_list) if key is not None and _name(where, other) == key
            ]
            if places:
                joined_list[places[0]] = merge(joined_list[places[0]], item)
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


DROPPED = ("actors", "ties", "events", "record")
"""Tables of which a part can be left out."""


def drop(raw: dict[str, Any], key: str, file: str) -> None:
    """Take an actor, a tie, an event or a record out of the raw tables; with an offer goes what is recorded of it."""
    match key.split("."):
        case ["actors", name] if name in raw.get("actors", {}):
            del raw["actors"][name]
            return
        case ["ties", source, target]:
            if _without(raw, "ties", lambda tie: _name("ties", tie) == (source, target)):
                return
        case ["events", name]:
            gone = _without(raw, "events", lambda event: _name("events", event) == name)
            for event in gone:
                if isinstance(event.get("offer"), dict):
                    for table in ("record", "fortune", "truces"):
                        _without(raw, table, partial(_of_offer, offer=event["offer"]))
            if gone:
                return
        case ["record", offer]:
            if _without(raw, "record", lambda entry: entry.get("offer") == offer):
                return
        case ["record", offer, party]:
            if _without(raw, "record", lambda entry: _name("record", entry) == (offer, party)):
                return
    known = [f"actors.{name}" for name in raw.get("actors", {})]
    known += [f"ties.{tie.get('from')}.{tie.get('to')}" for tie in raw.get("ties", [])]
    known += [f"events.{name}" for event in raw.get("events", []) if (name := _name("events", event))]
    known += [f"record.{entry.get('offer')}.{entry.get('party')}" for entry in raw.get("record", [])]
    kind = key.split(".")[0]
    alike = [name for name in known if name.split(".")[0] == kind]
    hint = f" It has no {kind}." if kind in DROPPED and not alike else nearest(key, alike or known)
    raise ScenarioError(f"{file}: drop: nothing called '{key}' in the extended file.{hint}")


def _without(raw: dict[str, Any], table: str, chosen: Callable[[Any], bool]) -> list[Any]:
    """Take what is chosen out of a list of tables, and give it back."""
    gone = [item for item in raw.get(table, []) if chosen(item)]
    if gone:
        raw[table] = [item for item in raw[table] if not chosen(item)]
    return gone


def _of_offer(entry: Any, offer: dict[str, Any]) -> bool:
    """Whether an answer, a fortune or a truce is of that offer, or where it stands, of one of its occasions."""
    first, _, number = str(entry.get("offer")).rpartition("-")
    standing = offer.get("every") is not None and number.isdecimal() and first == offer.get("id")
    return standing or entry.get("offer") == offer.get("id")


def put(raw: dict[str, Any], key: str, value: Any, why: str, file: str) -> None:
    """Put one key of the raw tables to a value. A number that carries a source carries ``why`` from then on."""
    check_depth({key: value}, f"{file}: {shown_as(key)}")
    if HIDDEN.search(key) or key.count(".") > DEEPEST:
        raise ScenarioError(f"{file}: {shown_as(key)}: no such key.")
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
    elif words[0] == "wants" and len(words) == 4:
        matches = [
            want for want in raw.get("wants", []) if (want.get("party"), want.get("issue")) == (words[1], words[2])
        ]
        if not matches:
            known = [f"{want.get('party')}.{want.get('issue')}" for want in raw.get("wants", [])]
            raise ScenarioError(
                f"{file}: {key}: no want of {words[1]} on '{words[2]}'.{nearest('.'.join(words[1:3]), known)}"
            )
        here, words = matches[0], words[3:]
    elif words[0] in ("actors", "ties", "events", "record", "expect", "wants"):
        shape = {
            "actors": "actors.NAME.KEY",
            "ties": "ties.FROM.TO.KEY",
            "events": "events.ID.KEY",
            "wants": "wants.PARTY.ISSUE.KEY",
        }.get(words[0])
        raise ScenarioError(f"{file}: {key}: no such key." + (f" It is written {shape}." if shape else ""))
    else:
        sourced = False
        if words == ["rule"] and isinstance(value, str):
            value = {"name": value}
        if words[0] == "rule" and len(words) == 2:
            rule = raw.get("rule", "friedkin-johnsen")
            if not isinstance(rule, str | dict):
                raise ScenarioError(f"{file}: {key}: '{words[0]}' is not a table.")
            raw["rule"] = {"name": rule} if isinstance(rule, str) else dict(rule)
            raw["rule"].setdefault("name", "friedkin-johnsen")
    *path, last = words
    for word in path:
        here = here.setdefault(word, {})
        if not isinstance(here, dict):
            raise ScenarioError(f"{file}: {key}: '{word}' is not a table.")
    here[last] = {"best": value, "assumed": why} if sourced else copy.deepcopy(value)
