"""Every number that the model gives, in one file, and how two such files differ. ``.ci/versions`` is built on it.

    python -m benchmarks.answers FILE.npz [RUNS]        write them
    python -m benchmarks.answers --compare ONE OTHER    say how they differ, then the largest difference

Numbers are every variable of the runs of the bundled scenarios, with inputs at their best and drawn, and of January
2020 by each rule; texts are the tables, the summary and the scenario that ``ceasefire run`` writes.
"""

from __future__ import annotations

import contextlib
import locale
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

import simulation as sim
from benchmarks.golden import JANUARY, scenarios
from simulation.cli import main as command

TEXTS = ("answers.csv", "scenario.toml", "stances.csv", "summary.json", "truces.csv")
ASKED = ("answer", "truce")
"""What hangs on a number against a chance, and would turn over if the number did."""


def numbers(runs: int) -> Iterator[tuple[str, np.ndarray]]:
    """Name and values of every variable of every result."""
    for name, scenario in scenarios().items():
        if name.startswith("wars/"):
            continue  # they have the variables of all the others, and twice their size
        for uncertain in (False, True):
            result = sim.run_ensemble(scenario, runs=runs, seed=1 + uncertain, uncertain=uncertain)
            for variable in result.data_vars:
                if result[variable].dtype.kind in "biuf":
                    yield f"{name}|{uncertain}|{variable}", result[variable].values


def texts() -> Iterator[tuple[str, np.ndarray]]:
    """Name and bytes of every table that a run writes."""
    with tempfile.TemporaryDirectory() as folder:
        sys.argv = ["ceasefire", "run", JANUARY, "--runs", "50", "--out", folder, "--json"]
        with (
            Path(os.devnull).open("w", encoding="utf-8") as nowhere,
            contextlib.redirect_stdout(nowhere),
            contextlib.suppress(SystemExit),
        ):
            command()
        for name in TEXTS:
            yield f"text|{name}", np.frombuffer((Path(folder) / name).read_bytes(), dtype=np.uint8)


def compare(one: Path, other: Path) -> float:
    """Print how two files differ.

    Returns
    -------
    the largest difference of two numbers; infinity where an answer, a truce, a text or a shape differs
    """
    ours, theirs = np.load(one), np.load(other)
    if set(ours) != set(theirs):
        print(f"other results: {sorted(set(ours) ^ set(theirs))}")
        return np.inf
    largest: dict[str, float] = {}
    told_otherwise: list[str] = []
    turned, asked = 0, 0
    for name in ours:
        variable = name.split("|")[-1]
        left, right = ours[name], theirs[name]
        same = np.array_equal(left, right, equal_nan=left.dtype.kind == "f")
        if variable in ASKED:
            asked += int(np.isfinite(left).sum())
            turned += int(((left != right) & ~(np.isnan(left) & np.isnan(right))).sum()) if not same else 0
        if not same and name.startswith("text|"):
            told_otherwise.append(variable)
        elif not same:
            apart = np.inf
            if left.shape == right.shape and left.dtype.kind == "f" and np.array_equal(np.isnan(left), np.isnan(right)):
                apart = float(np.nanmax(np.abs(left - right)))
            largest[variable] = max(largest.get(variable, 0.0), apart)
    if told_otherwise and not largest:  # texts show the last digits, too
        print(f"equal numbers, other words: {', '.join(told_otherwise)}")
        return np.inf
    if not largest:
        print(f"equal: {len(ours.files)} arrays, bit for bit")
        return 0.0
    told = ", ".join(f"{name} {apart:.0e}" for name, apart in sorted(largest.items(), key=lambda pair: -pair[1]))
    print(f"{told}; {turned} of {asked:,} answers and truces turned")
    return max(largest.values())


def main() -> None:
    """Write or compare."""
    # A program that embeds this one may have set it: what is read and written must not depend on it.
    with contextlib.suppress(locale.Error):
        locale.setlocale(locale.LC_ALL, "")
    match sys.argv[1:]:
        case ["--compare", one, other]:
            apart = compare(Path(one), Path(other))
            print(apart)
            sys.exit(apart > 0)
        case [file, *runs]:
            found = dict(numbers(int(runs[0]) if runs else 64)) | dict(texts())
            np.savez(file, **found)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
