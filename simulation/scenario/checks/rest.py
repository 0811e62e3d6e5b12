"""What can still be judged of a scenario beside the parts of it that will not do by themselves."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any, get_args

from pydantic import ValidationError

from simulation.scenario.actors import Role
from simulation.scenario.errors import LISTS, location_of

ROUNDS = 4
"""Times that parts are taken out: what takes the place of one may show what is wrong with another."""

TOPICS = {
    "actors": "",
    "time": r"outside the scenario|start, steps|^expect|every|longer",
    "rule": "^issues",
    "coefficients": "^issues",
    "issues": "issue",
    "sources": r"\.sources: ",
    "events": "no offer|no event|^expect",
    "parties": "part(y|ies)|[Nn]obody|asked",
    "wants": "^wants: ",
    "shares": "^actors: ",
    "names": "no actor",
}
"""How sentences on a topic are known: they may only say of a part that it was taken out."""


@dataclass
class Gone:
    """The parts that were taken out, by how sentences that bear on them are known."""

    signs: set[str] = field(default_factory=set)

    def add(self, *topics: str) -> None:
        self.signs |= {TOPICS[topic] for topic in topics if topic in TOPICS}

    def add_name(self, name: str, before: str = r"(?<![\w-])") -> None:
        self.signs.add(rf"{before}{re.escape(name)}(?![\w-])")

    def concerns(self, line: str) -> bool:
        """Whether a sentence is about one of them, and so may not be true."""
        return any(re.search(sign, line) for sign in self.signs)


def without(raw: dict[str, Any], error: ValidationError, gone: Gone) -> dict[str, Any]:
    """The raw tables without the parts that an error complains of; an actor's place is kept by a plain one."""
    rest = copy.deepcopy(raw)
    bad: dict[str, set[int]] = {}
    for fault in error.errors(include_url=False):
        match location_of(fault):
            case ["actors", name, *deeper] if isinstance(rest.get("actors"), dict):
                gone.add("shares", *(["parties"] if "roles" in deeper[:1] else []))
                gone.add_name(str(name), r"^actors\.")
                actor = raw["actors"].get(name)
                if "[key]" in fault["loc"] or not isinstance(actor, dict):
                    rest["actors"].pop(name, None)
                    gone.add("names")
                else:
                    rest["actors"][name] = _plain(actor)
            case [key, int(number), *_] if key in LISTS:
                bad.setdefault(key, set()).add(number)
            case ["issues", name, *_] if isinstance(rest.get("issues"), dict):
                rest["issues"].pop(name, None)
                gone.add_name(str(name))
            case ["coefficients", group, *_] if isinstance(rest.get("coefficients"), dict):
                rest["coefficients"].pop(group, None)
                gone.add("coefficients")
            case [key, *_]:
                rest.pop(key, None)
                rest |= {name: value for name, value in STAND_INS.items() if name == key}
                gone.add("time" if key in ("start", "steps", "step_days") else key)
    for key, numbers in bad.items():
        gone.add(*({key} & {"wants"}))
        for number in numbers:
            names = list(_names(raw[key][number]))
            for name in names:
                gone.add_name(name)
            if key == "events" and not names:
                gone.add("events")
        rest[key] = [item for number, item in enumerate(raw[key]) if number not in numbers]
    return rest


STAND_INS = {"schema": 1, "title": "?", "steps": 1, "start": Date(2000, 1, 1), "actors": {}}


def _plain(actor: dict[str, Any]) -> dict[str, Any]:
    roles = actor.get("roles")
    kept = [role for role in roles if role in get_args(Role)] if isinstance(roles, list | tuple) else []
    return {"roles": kept or ["negotiator"], "stance": 50, "salience": 50, "influence": 50, "assumed": "?"}


def _names(item: Any) -> Iterator[str]:
    """What others call an event or its offer by."""
    offer = item.get("offer") if isinstance(item, dict) else None
    for table in (item, offer):
        if isinstance(table, dict) and isinstance(table.get("id"), str):
            yield table["id"]
