"""A scenario written out again: as plain tables, as a TOML file, as a fingerprint."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario


def as_tables(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain tables, with every default written out that bears on results."""
    tables = scenario.model_dump(mode="python", by_alias=True, exclude_none=True, warnings=False)
    tables["rule"] = scenario.rule.model_dump(mode="python", exclude_none=True)  # one of the user's own, perhaps
    return tables


def as_toml(scenario: Scenario) -> str:
    """The scenario as one file that extends nothing."""
    import tomli_w

    return tomli_w.dumps(as_tables(scenario))


def fingerprint(scenario: Scenario) -> str:
    """A SHA-256 over everything in the scenario that a result can depend on."""
    tables = as_tables(scenario)
    return hashlib.sha256(json.dumps(tables, sort_keys=True, default=str).encode()).hexdigest()
