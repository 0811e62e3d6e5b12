"""The golden table: what the model makes of every bundled scenario, and of January 2020 by each rule.

    python -m benchmarks.golden            compare with benchmarks/golden.json; exit code 1 where they differ
    python -m benchmarks.golden --write    write that file anew, when a result is meant to change

Kept are means over 256 runs, compared with a tolerance of one in a million: it holds on every processor, Python and
numpy, where the fingerprints, of every byte, hold on one machine alone. ``tests/test_golden.py`` compares it too.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import simulation as sim
from simulation.questions.sweep.probe import Probe, alike, probe
from simulation.rules import RULES
from simulation.scenario.catalogue import names
from simulation.scenario.measures import headlines

FILE = Path(__file__).with_suffix(".json")
JANUARY = "libya-2020-01"


def scenarios() -> dict[str, sim.Scenario]:
    """What has a row in the table."""
    january = sim.load_scenario(JANUARY)
    bundled = {name: sim.load_scenario(file) for name, file in names().items()}
    return bundled | {f"{JANUARY} by {rule}": january.replace({"rule": rule}) for rule in RULES}


def row(scenario: sim.Scenario) -> Probe:
    """The numbers of a scenario."""
    return probe(scenario, headlines(scenario), seed=1)


def tell(differing: Sequence[str], found: Mapping[str, Any], what: str) -> None:
    """Print which are not as they were, and exit with 1 where any is not."""
    print(f"{len(found) - len(differing)} of {len(found)} {what} as they were")
    for name in differing:
        print(f"differs: {name}")
    sys.exit(bool(differing))


def main() -> None:
    """Work all out, and write or compare them."""
    found = {name: row(scenario) for name, scenario in scenarios().items()}
    if "--write" in sys.argv:
        FILE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        print(f"{len(found)} rows written to {FILE.name}")
        return
    known = json.loads(FILE.read_text(encoding="utf-8"))
    differing = [name for name in {**known, **found} if not alike(known.get(name, {}), found.get(name, {}))]
    tell(differing, found, "rows")


if __name__ == "__main__":
    main()
