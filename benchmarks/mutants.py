"""Whether the tests notice when the model is broken: mutation testing by mutmut, room by room.

    python -m benchmarks.mutants                         every room; takes hours on two cores
    python -m benchmarks.mutants dynamics                one room
    python -m benchmarks.mutants results --most 150      so many of it, drawn by --seed
    python -m benchmarks.mutants dynamics --only truce   those of files or functions of that name

A run that is stopped goes on where it was. Tried again are survivors, and all mutants of functions that changed, or
everything with ``--anew``. Survivors are printed as what they change, less those that ``mutants.toml`` explains; exit
code 1 where any is left, or fewer than nine in ten of a room are killed.

The mutants are made by mutmut, which is in the extra ``mutation``, in a copy of the clone, ``mutants/ROOM``, whose
settings are those of ``[tool.mutmut]`` in ``pyproject.toml`` and what is said of the room here. They are tried by
``mutant_trials.py``: mutmut collects the tests anew for each mutant, which takes longer than to run them. How far it
is stands in ``mutants/ROOM.log``.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tomllib
from collections import Counter
from functools import partial
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
WORK = ROOT / "mutants"
EXPLAINED = Path(__file__).with_suffix(".toml")
LEAST_KILLED = 0.9
STATES = {0: "survived", 5: "untested", 33: "untested", 36: "timeout", 152: "timeout", 255: "timeout", -24: "timeout"}
"""What mutmut's exit codes mean; any other has killed the mutant, and a timeout has as well."""


class Room(NamedTuple):
    """Files whose mutants are tried, and the tests that have to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


ROOMS = {
    "rules": Room(
        ("simulation/rules/*",), ("tests/rules", "tests/runs/test_negotiation.py", "tests/questions/test_why.py")
    ),
    "dynamics": Room(
        ("simulation/dynamics/*",),
        ("tests/dynamics", "tests/runs/test_ensemble.py", "tests/runs/test_negotiation.py", "tests/runs/test_told.py"),
    ),
    "loader": Room(
        (
            "simulation/parameters.py",
            "simulation/scenario/checks/*",
            *(f"simulation/scenario/{name}.py" for name in ("arguments", "edits", "errors", "files", "inputs", "keys")),
            *(f"simulation/scenario/{name}.py" for name in ("knowledge", "offers", "quantity", "reading", "schema")),
        ),
        ("tests/scenario",),
    ),
    "results": Room(
        ("simulation/runs/results/*", "simulation/scenario/readings.py"),
        (
            *(
                f"tests/runs/test_{name}.py"
                for name in ("digest", "intervals", "negotiation", "results", "survival", "wording")
            ),
            "tests/dynamics/test_variables.py",
            "tests/scenario/test_measures.py",
        ),
    ),
    "store": Room(
        ("simulation/questions/sweep/store.py",),
        ("tests/questions/test_sweep_store.py",),
    ),
}


def prepare(name: str) -> Path:
    """A copy of the clone, as it is now, with the settings of a room."""
    folder, room = WORK / name, ROOMS[name]
    folder.mkdir(parents=True, exist_ok=True)
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split("\0")
    here = {name for name in files if name and (ROOT / name).is_file()}
    for old in set(_files(folder)) - here:
        (folder / old).unlink()
    for file in here:
        source, copy = ROOT / file, folder / file
        if not copy.exists() or source.read_bytes() != copy.read_bytes():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    settings = (folder / "pyproject.toml").read_text(encoding="utf-8")
    here_alone = {"only_mutate": list(room.files), "pytest_add_cli_args_test_selection": list(room.tests)}
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in here_alone.items())
    text = settings.replace("[tool.mutmut]\n", f"[tool.mutmut]\n{lines}")
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def _files(folder: Path) -> list[str]:
    """The files of a copy, less those that mutmut made."""
    every = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [path.as_posix() for path in every if path.parts[0] != "mutants" and "__pycache__" not in path.parts]


def results(folder: Path) -> dict[str, str]:
    """What became of every mutant that mutmut has made, by name; nothing where it was not tried."""
    found: dict[str, int | None] = {}
    for file in sorted((folder / "mutants").rglob("*.meta")):
        found |= json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name: "" if code is None else STATES.get(code, "killed") for name, code in found.items()}


def chosen(folder: Path, only: str, most: int | None, seed: int) -> list[str]:
    """The mutants in files or functions of a name, or so many of them drawn at random, less those that were killed."""
    states = results(folder)
    names = sorted(name for name in states if only in name)
    drawn = random.Random(seed).sample(names, len(names) if most is None else min(most, len(names)))
    return [name for name in drawn if states[name] not in ("killed", "timeout")]


def change(name: str) -> tuple[str, str]:
    """The line that a mutant changes, as it was and as it is; in the folder of its room."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = [line for line in get_diff_for_mutant(name).splitlines() if not line.startswith(("---", "+++", "@@"))]
    old, new = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return old, new


def explained() -> dict[str, str]:
    """Changes that no test can notice, as ``file: new line``, and why."""
    groups = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["equivalent"]
    return {mutant: group["why"] for group in groups for mutant in group["mutants"]}


def report(name: str, folder: Path, only: str) -> bool:
    """Print what was killed and what was not; whether that will do."""
    from mutmut.configuration import reset_config

    os.chdir(folder)
    reset_config()  # mutmut keeps that of the room before
    found = {mutant: state for mutant, state in results(folder).items() if state and only in mutant}
    count, known = Counter(found.values()), explained()
    left, understood = [], 0
    for mutant in (mutant for mutant, state in found.items() if state in ("survived", "untested")):
        file = mutant.rpartition(".")[0].removeprefix("simulation.").replace(".", "/") + ".py"
        old, new = change(mutant)
        if f"{file}: {new}" in known:
            understood += 1
        else:
            left.append(f"{mutant} ({found[mutant]})\n  - {old}\n  + {new}")
    print("\n".join(left))
    killed = count["killed"] + count["timeout"]
    share = killed / len(found) if found else 0.0
    print(
        f"{name}: {len(found)} mutants, {killed} killed ({100 * share:.1f} %), {understood} survivors explained, "
        f"{len(left)} not ({count['untested']} of all without a test)."
    )
    return not left and share >= LEAST_KILLED


def main() -> int:
    """Try the mutants of some rooms."""
    parser = argparse.ArgumentParser(description="Try whether the tests notice broken code, by mutmut.")
    parser.add_argument("rooms", nargs="*", choices=[[], *ROOMS], help=f"of {', '.join(ROOMS)}; all if left out")
    parser.add_argument("--most", type=int, help="how many mutants to try, drawn at random")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", default="", help="a part of the name of a file or function")
    parser.add_argument(
        "--seconds",
        type=float,
        default=math.inf,
        help="of tests that a mutant gets, the quick ones first; all if left out",
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--anew", action="store_true", help="forget what was found before")
    parser.add_argument("--report", action="store_true", help="try nothing, and print what was found before")
    asked = parser.parse_args()
    good = True
    for name in asked.rooms or ROOMS:
        if asked.anew:
            shutil.rmtree(WORK / name, ignore_errors=True)
        folder = prepare(name)
        if not asked.report:
            python = [sys.executable, "-m"]
            with (WORK / f"{name}.log").open("w", encoding="utf-8") as log:
                run = partial(subprocess.run, check=False, stdout=log, stderr=log, text=True)
                run([*python, "mutmut", "run", "none of them"], cwd=folder)  # makes the mutants, and stops there
                mutants = chosen(folder, asked.only, asked.most, asked.seed)
                trials = [*python, "benchmarks.mutant_trials", str(asked.workers), str(asked.seconds)]
                run(trials, cwd=folder / "mutants", input="\n".join(mutants))
        good &= report(name, folder, asked.only)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
