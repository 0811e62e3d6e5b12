"""The JSON Schema of scenario files, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from simulation.rules import RULES
from simulation.scenario.schema import Scenario

IN_PART = {"Actor": (), "Event": (), "Offer": (), "Record": ("offer", "party")}
"""Tables that a file may give in part where it extends another, and which keys they need even so, to be recognised."""


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file.

    It takes every file that the loader takes. Keys have to be there only in a file that extends no other: one that does
    need not say everything again.
    """
    schema = Scenario.model_json_schema(by_alias=True)
    tables = schema["$defs"]
    actor = tables["Actor"]
    actor["required"] = [key for key in actor["required"] if key not in ("stance", "salience")]
    actor["allOf"] = [
        {"anyOf": [{"required": [one]}, {"required": [several]}]}
        for one, several in (("stance", "positions"), ("salience", "saliences"))
    ]
    for rule in RULES.values():
        tables[rule.__name__]["required"] = ["name"]
    schema["properties"]["rule"] = _rule(schema["properties"]["rule"])
    whole = _demands(schema, tables)
    for name, needed in IN_PART.items():
        tables[name]["required"] = list(needed)
        tables[name].pop("allOf", None)
    for table in tables.values():
        for form in table.get("anyOf", ()):  # a number that says where it comes from: low alone may be laid over
            form.pop("required", None)
    schema["properties"] = {**_extending(), **schema["properties"]}
    del schema["required"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by 'ceasefire schema'; do not edit.",
        **schema,
        "if": {"required": ["extends"]},
        "else": whole,
    }


def _extending() -> dict[str, Any]:
    """Keys that only the reader of files knows."""
    return {
        "$schema": {"type": "string", "description": "where editors find this schema"},
        "extends": {
            "type": "string",
            "description": "what this file changes: the name of a bundled scenario, or another file, such as war.toml",
        },
        "drop": {
            "type": "array",
            "items": {"type": "string", "pattern": r"^(actors|ties|events|record)\."},
            "description": "what is left out of the extended file, such as events.airlift or record.OFFER.PARTY",
        },
        "set": {"type": "object", "description": "keys of the extended file put to a value"},
    }


def _rule(table: dict[str, Any]) -> dict[str, Any]:
    """A rule by its name alone, or with its options."""
    default = table.pop("default", None)
    names = {"type": "string", "enum": list(RULES)}
    return {"anyOf": [names, {"type": "object", **table}], "default": default, "description": "how stances move"}


def _demands(node: dict[str, Any], tables: dict[str, Any]) -> dict[str, Any]:
    """What of a schema says only that a key has to be there, in the tables within it too."""
    node = tables[node["$ref"].split("/")[-1]] if "$ref" in node else node
    found = {word: node[word] for word in ("required", "allOf") if word in node}
    for word in ("properties", "patternProperties"):
        inside = {key: inner for key, value in node.get(word, {}).items() if (inner := _demands(value, tables))}
        if inside:
            found[word] = inside
    for word in ("items", "additionalProperties"):
        if isinstance(node.get(word), dict) and (inner := _demands(node[word], tables)):
            found[word] = inner
    for form in node.get("anyOf", ()):  # a demand on tables says nothing about a number or a text in their place
        found |= _demands(form, tables)
    return found
