"""Where a result comes from: enough to make it again."""

from __future__ import annotations

import importlib.metadata
import sys
from collections import deque
from collections.abc import Iterable
from weakref import WeakValueDictionary

from simulation.scenario.files import load_text
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import as_toml, fingerprint
from simulation.version import VERSION

_IN_USE: WeakValueDictionary[str, Scenario] = WeakValueDictionary()
"""Scenarios that results were made from, by the text that stands in the result, for as long as anybody has them."""

_LATEST: deque[Scenario] = deque(maxlen=16)
"""The last ones, which are kept though nobody else has them."""


def provenance(
    scenario: Scenario, runs: int, seed: int, uncertain: bool, varied: tuple[str, ...]
) -> dict[str, str | int]:
    """Where a result comes from: enough to make it again."""
    text = as_toml(scenario)
    _IN_USE[text] = scenario
    _LATEST.append(scenario)
    return {
        "title": scenario.heading,
        "question": scenario.question,
        "scenario": text,
        "scenario_sha256": fingerprint(scenario),
        "runs": runs,
        "seed": seed,
        "uncertain": int(uncertain),
        "varied": ", ".join(varied),
        "rule": scenario.rule.name,
        **({} if scenario.told is None else {"as_of": scenario.told.isoformat()}),
        **({"rescaled": said} if (said := rescaled(scenario, uncertain, varied)) else {}),
        "software": software(),
    }


def rescaled(scenario: Scenario, uncertain: bool, varied: Iterable[str] = ()) -> str:
    """A sentence on numbers that count otherwise than they are given, since they have to add up to 1; often none.

    Parameters
    ----------
    uncertain : whether numbers with low and high are drawn
    varied : keys of numbers that differ from run to run
    """
    moved = {key for key, item in scenario.inputs.items() if uncertain and item.spread} | set(varied)
    shares = [key for key in (f"actors.{party}.control" for party in scenario.parties) if key in moved]
    if not shares:
        return ""
    verb = "differs" if len(shares) == 1 else "differ"
    return (
        f"{' and '.join(shares)} {verb} from run to run: there the parties' shares of the ground are divided by their "
        "sum, so that they add up to 1."
    )


def software() -> str:
    """This package, those that its numbers hang on, and Python, with their versions."""
    versions = {name: importlib.metadata.version(name) for name in ("numpy", "pydantic", "xarray")}
    said = [f"ceasefire-simulation {VERSION}", *(f"{name} {version}" for name, version in versions.items())]
    return ", ".join([*said, f"Python {sys.version.split()[0]}"])


def written_as(text: str) -> Scenario:
    """The scenario that a result's text was written from, where this process made it; else read from the text."""
    known = _IN_USE.get(text)
    return load_text(text, "the scenario in the result") if known is None else known
