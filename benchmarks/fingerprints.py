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
from benchmarks.golden import tell
from simulation.questions.record.recovery import recover
from simulation.questions.variance import split_variance
from simulation.scenario.catalogue import names

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
    for name, file in names().items():
        if name.startswith("wars/"):
            continue  # the corpus is scored, which ``benchmarks.wars`` does
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
    vary = {"ties.UAE.LNA.support": np.linspace(0, 1, 3), "rule": ["friedkin-johnsen", "degroot"]}
    with tempfile.TemporaryDirectory() as folder:
        return of_dataset(sim.sweep(scenario, vary, folder, runs=50, workers=1).result)


def questions() -> Iterator[tuple[str, Callable[[], str]]]:
    """Every question, asked of January 2020, and those about the record of the long war."""
    january = sim.load_scenario(JANUARY)
    long = sim.load_scenario("libya-2019-2020")
    other = sim.load_scenario("libya-2020-01-no-wagner")
    agreement = ["value", "low", "high", "chance", "verdict"]
    levers = {"actors.Russia.stance": (50, 90)}
    asked: dict[str, Callable[[], xr.Dataset]] = {
        "compare": lambda: sim.compare({"as it is": january, "no Wagner": other}, runs=300).result,
        "rules": lambda: sim.compare_rules(january, runs=100).result[agreement],
        "why": lambda: sim.why(january, "LNA", 3, 7).result,
        "levers": lambda: sim.levers(january, "truce.starts.2020-01-31", runs=64).result,
        "path": lambda: sim.path(january, "answer.moscow-text.LNA", 0.2, levers, runs=64, points=2).result,
        "attribute": lambda: sim.attribute(january, "truce.holds_to_end", runs=64).result,
        "variance": lambda: split_variance(january, runs=200).result,
        "sensitivity": lambda: (
            sim.sensitivity(january, ["stance.LNA"], inputs=["actors.LNA.*"], points=8, runs=4).result
        ),
        "validate": lambda: sim.validate(long, runs=100, draws=100, rounds=2).result,
        "calibrate": lambda: sim.calibrate(long, date(2020, 3, 1), draws=100, rounds=2).result,
        "recover": lambda: recover(january, 3, draws=50, rounds=2).result,
        "ablate": lambda: sim.ablate(long, runs=50, draws=0).result,
    }
    for name, work in asked.items():
        yield name, lambda work=work: of_dataset(work())  # type: ignore[misc]
    yield "sweep", lambda: swept(january)


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
    tell(differing, found, "results")


if __name__ == "__main__":
    main()
