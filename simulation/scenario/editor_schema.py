"""The JSON Schema of scenario files, for editors that complete and check as one types."""

from __future__ import annotations

from typing import Any

from simulation.scenario.schema import Scenario


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors that complete and check as one types."""
    schema = Scenario.model_json_schema(by_alias=True)
    extra: dict[str, Any] = {
        "$schema": {"type": "string", "description": "where editors find this schema"},
        "extends": {"type": "string", "description": "another scenario file, which this one changes"},
        "drop": {
            "type": "array",
            "items": {"type": "string"},
            "description": "what is left out of the extended file, such as events.airlift",
        },
        "set": {"type": "object", "description": "keys of the extended file put to a value"},
    }
    schema["properties"] = {**extra, **schema["properties"]}
    actor = schema["$defs"]["Actor"]
    either = [["stance", "salience"], ["positions", "saliences"]]
    actor["anyOf"] = [{"required": keys} for keys in either]
    actor["required"] = [key for key in actor["required"] if key not in either[0]]
    schema["required"] = []  # an extending file need not say everything again
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Written by 'ceasefire schema'; do not edit.",
        **schema,
    }
