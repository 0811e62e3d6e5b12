"""What every bundled scenario and question gives, as SHA-256: whether a change of the program changed a result.

    python -m benchmarks.fingerprints            compare with benchmarks/fingerprints.txt; exit code 1 where they differ
    python -m benchmarks.fingerprints --write    write that file anew

Hashed are the names, shapes and bytes of all variables and coordinates of a result, not the words in its attributes.
The last digits differ between processors, so a file written on one machine is compared with on that machine.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import simulation as sim
from simulation.questions.attribute import attribute
from simulation.questions.compare import compare
from simulation.questions.levers import levers
from simulation.questions.path import Lever, path
from simulation.questions.record.ablation import ablate
from simulation.questions.record.calibration import calibrate
from simulation.questions.record.recovery import recover
from simulation.questions.record.validation import validate
from simulation.questions.sensitivity import sensitivity
from simulation.questions.sweep import build, summarise, sweep
from simulation.questions.variance import split_variance
from simulation.scenario import bundled

FILE = Path(__file__).with_suffix(".txt")
JANUARY = "libya-2020-01"


def of_dataset(result: xr.Dataset) -> str:
    """The SHA-256 of every number and name in a result."""
    digest = hashlib.sha256()
    for name in sorted(map(str, result.variables)):
        values = result[name].values
        digest.update(f"{name} {result[name].dims} {values.shape}".encode())
        if values.dtype == object:
            digest.update(json.dumps(values.tolist(), default=str).encode())
        else:
            digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def of_table(table: Any) -> str:
    """The SHA-256 of plain numbers."""
    return hashlib.sha256(json.dumps(table, sort_keys=True, default=str).encode()).hexdigest()


def scenarios() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every bundled scenario: its runs, their digest with inputs drawn, and what it expects."""
    folder = bundled()
    for file in sorted(folder.rglob("*.toml")):
        name = str(file.relative_to(folder).with_suffix(""))
        scenario = sim.load_scenario(file)
        yield f"run {name}", lambda s=scenario: of_dataset(sim.run_ensemble(s, runs=300, seed=1))  # type: ignore[misc]
        yield (
            f"digest {name}",
            lambda s=scenario: of_dataset(  # type: ignore[misc]
                sim.run_ensemble(s, runs=300, seed=2, keep="summary", uncertain=True)
            ),
        )
        yield (
            f"summary {name}",
            lambda s=scenario: of_table(sim.summarise(sim.run_ensemble(s, runs=300, seed=1))),  # type: ignore[misc]
        )


def swept(scenario: sim.Scenario) -> str:
    """A sweep over a number and a rule."""
    design = build(["ties.UAE.LNA.support=0:1:3", "rule=friedkin-johnsen,degroot"])
    with tempfile.TemporaryDirectory() as folder:
        return of_dataset(summarise(sweep(scenario, design, folder, runs=50, workers=1)))


def questions() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every question, asked of January 2020, and those about the record of the long war."""
    january = sim.load_scenario(JANUARY)
    long = sim.load_scenario("libya-2019-2020")
    other = sim.load_scenario("libya-2020-01-no-wagner")
    yield "compare", lambda: of_dataset(compare({"as it is": january, "no Wagner": other}, runs=300))
    yield "rules", lambda: of_dataset(sim.compare_rules(january, runs=100).table)
    yield "why", lambda: of_dataset(sim.why(january, "LNA", 3, 7))
    yield "levers", lambda: of_dataset(levers(january, "truce.starts.2020-01-31", runs=64))
    yield (
        "path",
        lambda: of_dataset(
            path(january, "answer.moscow-text.LNA", 0.2, [Lever("actors.Russia.stance", 50, 90)], runs=64, points=2)
        ),
    )
    yield "attribute", lambda: of_dataset(attribute(january, "truce.holds_to_end", runs=64))
    yield "variance", lambda: of_dataset(split_variance(january, runs=200))
    yield (
        "sensitivity",
        lambda: of_dataset(sensitivity(january, ["stance.LNA"], inputs=["actors.LNA.*"], points=8, runs=4)),
    )
    yield "sweep", lambda: swept(january)
    yield "validate", lambda: of_dataset(validate(long, runs=100, draws=100, rounds=2))
    yield "calibrate", lambda: of_dataset(calibrate(long, date(2020, 3, 1), draws=100, rounds=2))
    yield "recover", lambda: of_dataset(recover(january, 3, draws=50, rounds=2))
    yield "ablate", lambda: of_dataset(ablate(long, runs=50, draws=0))


def main() -> None:
    """Work all out, and write or compare them."""
    found = {name: work() for name, work in (*scenarios(), *questions())}
    if "--write" in sys.argv:
        FILE.write_text("".join(f"{digest}  {name}\n" for name, digest in found.items()), encoding="utf-8")
        print(f"{len(found)} fingerprints written to {FILE.name}")
        return
    lines = (line.split("  ", 1) for line in FILE.read_text(encoding="utf-8").splitlines())
    known = {name: digest for digest, name in lines}
    differing = [name for name in {**known, **found} if known.get(name) != found.get(name)]
    print(f"{len(found) - len(differing)} of {len(found)} results as they were")
    for name in differing:
        print(f"differs: {name}")
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
