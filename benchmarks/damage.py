"""What is lost when stores are spoilt, commands killed and disks full.

    python -m benchmarks.damage                  all of it, some minutes; Linux
    python -m benchmarks.damage --stores 20 --kills 4

Prints what it finds, and ends with exit code 1 if anything wrong went unnoticed.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np

import simulation as sim
from simulation.cli import main as ceasefire
from simulation.questions.sweep import open_store, summarise
from simulation.scenario import ScenarioError

SCENARIO = "libya-2020-01"

MIXED = "files of two runs"

SIZES = (4, 8, 60, 200, 400, 600, 800, 1000, 1400, 4000)
"""Of full disks, in KiB."""


def command(folder: Path, *words: str) -> int:
    """Begin the command in a folder, in a process forked from this one, so that nothing is imported anew."""
    sys.stdout.flush()
    process = os.fork()
    if process == 0:
        sys.argv = ["ceasefire", *words, "--quiet", "--out", "there"]
        os.chdir(folder)
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
            try:
                ceasefire()
            except SystemExit as ended:
                os._exit(ended.code if isinstance(ended.code, int) else 0)
        os._exit(0)
    return process


def ended(process: int) -> int:
    """How a process ended: its exit code, or less than 0 for a signal."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run(folder: Path, seed: int, *more: str) -> int:
    """Begin the command that writes most kinds of files, into the folder ``there`` below."""
    return command(folder, "run", SCENARIO, "--runs", "20", "--seed", str(seed), "--force", *more)


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a result and their bytes."""
    shown = [file for file in folder.iterdir() if file.is_file() and not file.name.startswith(".")]
    return {file.name: file.read_bytes() for file in shown if file.name != "about.json"}


def spoilt_stores(base: Path, count: int, chance: random.Random) -> int:
    """Stores with one bit flipped in a part: how many count as whole, and how many give other numbers in silence."""
    scenario = sim.load_scenario(SCENARIO)
    vary = {"ties.UAE.LNA.support": np.linspace(0, 1, 60)}
    sim.sweep(scenario, vary, base / "store", runs=300, measures=["truce.starts", "stance.LNA"], workers=1)
    store = open_store(base / "store")
    expected, whole, wrong, told = summarise(store), 0, 0, 0
    for _ in range(count):
        part = store.part(chance.randrange(store.blocks))
        good = part.read_bytes()
        place = chance.randrange(8 * len(good))
        spoilt = bytearray(good)
        spoilt[place // 8] ^= 1 << place % 8
        part.write_bytes(spoilt)
        whole += len(store.done()) == store.blocks
        try:
            wrong += not summarise(store).identical(expected)
        except ScenarioError:
            told += 1
        except Exception:  # some other package breaks on it
            pass
        part.write_bytes(good)
    print(
        f"{count} stores with one bit flipped in a part: {whole} count as whole, {wrong} give other numbers without a "
        f"word, {told} are said to be spoilt",
        flush=True,
    )
    return whole + wrong


def killed_commands(base: Path, count: int, chance: random.Random) -> int:
    """Kills over ``run --force`` into the folder of another run: what lies there, and whether ``load`` tells."""
    made, takes = {}, 0.0
    for seed in (1, 2):
        (base / f"seed-{seed}").mkdir()
        begun = time.monotonic()
        ended(run(base / f"seed-{seed}", seed))
        takes = time.monotonic() - begun
        made[seed] = files_in(base / f"seed-{seed}" / "there")
    found: Counter[str] = Counter()
    for number in range(count):
        folder = base / f"killed-{number}" / "there"
        shutil.copytree(base / "seed-1", folder.parent)
        about = (folder / "about.json").read_bytes()
        process = run(folder.parent, 2)
        if number % 2:  # at any moment
            time.sleep(chance.random() * takes)
        else:  # while files change places, or just after
            until = time.monotonic() + 60
            while (folder / "about.json").read_bytes() == about and time.monotonic() < until:
                time.sleep(0.0002)
            time.sleep(chance.random() * 0.01)
        os.kill(process, signal.SIGKILL)
        ended(process)
        there = files_in(folder)
        state = "the old" if there == made[1] else "the new" if there == made[2] else MIXED
        try:
            sim.load(folder / "result.nc")
        except ScenarioError:
            state += ", and load says that it was stopped"
        found[state] += 1
        if state not in ("the old", "the new"):
            ended(run(folder.parent, 2))
            found["not mended by the same command"] += files_in(folder) != made[2]
            found["left a hidden folder for good"] += any(folder.glob(".*"))
    print(f"{count} kills over run --force into another run's folder:")
    for state, times in sorted(found.items()):
        print(f"  {times:3d}  {state}", flush=True)
    return found[MIXED] + found["not mended by the same command"] + found["left a hidden folder for good"]


def full_disks(base: Path) -> int:
    """A run, tables and a sweep onto disks that are too small for them, a little larger each time."""
    place = base / "disk"
    place.mkdir()
    sweep = ("sweep", SCENARIO, "--vary", "ties.UAE.LNA.support=0:1:40", "--runs", "200", "--workers", "1")
    kinds = {
        "run": lambda: run(place, 2),
        "run, Excel": lambda: run(place, 2, "--format", "xlsx"),
        "sweep": lambda: command(place, *sweep),
        "animate": lambda: command(place, "animate", SCENARIO, "--dpi", "30"),
    }
    found: Counter[str] = Counter()
    for name, begin in kinds.items():
        for size in SIZES:
            if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", place], check=False).returncode:
                print("full disks: none can be mounted here")
                return 0
            code = ended(begin())
            kept = {file.name for file in place.rglob("*") if file.is_file()}
            halves = [file for file in kept if file.endswith(".partial")]
            subprocess.run(["umount", place], check=True)
            if code < 0:
                found[f"{name}: died of signal {-code}"] += 1
            elif code == 2 and not halves:
                found[f"{name}: told, nothing half written"] += 1
            else:
                found[f"{name}: " + ("there was room" if not halves else "left half a file")] += 1
    print(f"disks of {SIZES[0]} to {SIZES[-1]} KiB:")
    for state, times in sorted(found.items()):
        print(f"  {times:3d}  {state}", flush=True)
    return sum(times for state, times in found.items() if "died" in state or "half a" in state)


def two_at_once(base: Path, count: int) -> int:
    """Two commands into one folder at the same time: how many of them lose their work."""
    lost = 0
    told = 0
    for number in range(count):
        folder = base / f"both-{number}"
        folder.mkdir()
        begun = time.monotonic()
        pair = [run(folder, 1), run(folder, 1)]
        takes = {}
        while len(takes) < 2:
            process, status = os.waitpid(-1, 0)
            takes[process] = (os.waitstatus_to_exitcode(status), time.monotonic() - begun)
        codes = sorted(takes[process] for process in pair)
        slow = max(seconds for _, seconds in codes)
        told += sum(code == 2 and seconds < slow / 2 for code, seconds in codes)
        lost += sum(code == 2 and seconds >= slow / 2 for code, seconds in codes)
    print(f"{count} times two runs into one folder: {told} told at once, {lost} lost their work", flush=True)
    return lost


def main() -> int:
    """Do it, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stores", type=int, default=200)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1, help="of what is spoilt, and when commands are killed")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        with redirect_stdout(io.StringIO()):  # what the command imports, once for all
            sim.plot(sim.run_ensemble(sim.load_scenario(SCENARIO), runs=2))
        faults = spoilt_stores(base, asked.stores, chance)
        faults += two_at_once(base, 5)
        faults += full_disks(base)
        faults += killed_commands(base, asked.kills, chance)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
