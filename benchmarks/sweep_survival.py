"""Whether a sweep comes to the same bytes however it is done: more workers, a worker that dies, the program killed.

    python benchmarks/sweep_survival.py                 the whole of it, some minutes
    python benchmarks/sweep_survival.py --points 60 --kills 2      a short one

Prints what it finds, and ends with exit code 1 if any store differs from that of one undisturbed worker.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

VARY = (
    "--vary",
    "ties.UAE.LNA.support=0:1",
    "--vary",
    "actors.LNA.stance=0:40",
    "--vary",
    "rule=friedkin-johnsen,degroot",
)


def command(folder: Path, points: int, runs: int, *more: str) -> list[str]:
    """The sweep, as one types it."""
    options = ["--sampling", "latin", "--points", str(points), "--runs", str(runs), "--out", str(folder), "--quiet"]
    return [sys.executable, "-m", "simulation", "sweep", "libya-2020-01", *VARY, *options, *more]


def digest(folder: Path) -> str:
    """A fingerprint of the manifest and of all parts, names and bytes."""
    found = hashlib.sha256()
    for file in sorted([folder / "manifest.json", *(folder / "parts").iterdir()]):
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def parts(folder: Path) -> int:
    """How many parts are there."""
    return len(list((folder / "parts").glob("*.parquet"))) if (folder / "parts").is_dir() else 0


def wait_for_parts(folder: Path, count: int, sweep: subprocess.Popen[bytes]) -> None:
    """Wait until so many parts are there, or the sweep ends."""
    while parts(folder) < count and sweep.poll() is None:
        time.sleep(0.005)


def undisturbed(folder: Path, points: int, runs: int, *more: str) -> str:
    """A sweep that nothing happens to."""
    subprocess.run(command(folder, points, runs, *more), check=True)
    return digest(folder)


def worker_killed(folder: Path, points: int, runs: int, base: Path) -> tuple[str, int]:
    """A sweep on a cluster of two workers, of which one is killed when a third of the parts are there."""
    where = base / "scheduler.json"
    dask = [sys.executable, "-m", "dask"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    helpers: list[subprocess.Popen[bytes]] = []
    try:
        start = ["scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(where)]
        helpers.append(subprocess.Popen([*dask, *start], **silent))
        while not where.exists() or not where.read_text().strip():
            time.sleep(0.05)
        address = json.loads(where.read_text())["address"]
        for _ in range(2):
            worker = ["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]
            helpers.append(subprocess.Popen([*dask, *worker], **silent))
        sweep = subprocess.Popen(command(folder, points, runs, "--dask", address))
        wait_for_parts(folder, max(1, blocks(points, runs) // 3), sweep)
        there = parts(folder)
        helpers[1].send_signal(signal.SIGKILL)
        if sweep.wait(timeout=600):
            raise SystemExit("the sweep on the cluster failed")
        return digest(folder), there
    finally:
        for helper in helpers:
            helper.kill()
            helper.wait()


def killed(folder: Path, points: int, runs: int, chance: random.Random, workers: str) -> tuple[str, int]:
    """A sweep that is killed with all its processes at a random moment, and resumed."""
    sweep = subprocess.Popen(command(folder, points, runs, "--workers", workers), start_new_session=True)
    wait_for_parts(folder, chance.randrange(blocks(points, runs)), sweep)
    time.sleep(chance.random() * 0.05)
    with suppress(ProcessLookupError):  # it may have come to its end
        os.killpg(sweep.pid, signal.SIGKILL)
    sweep.wait()
    there = parts(folder)
    more = ["--resume"] if (folder / "manifest.json").exists() else []
    subprocess.run(command(folder, points, runs, *more, "--workers", "1"), check=True)
    return digest(folder), there


def blocks(points: int, runs: int) -> int:
    """How many parts such a sweep has: 2048 runs go into one."""
    return -(-points // max(1, 2048 // runs))


def main(words: Sequence[str] | None = None) -> int:
    """Do it, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--points", type=int, default=160)
    parser.add_argument("--runs", type=int, default=512)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the moments at which the sweep is killed")
    asked = parser.parse_args(words)
    size, chance = (asked.points, asked.runs), random.Random(asked.seed)
    total = blocks(*size)
    print(f"{asked.points} points of {asked.runs} runs in {total} parts; the first digits of the stores' SHA-256:")
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        expected = undisturbed(base / "one", *size, "--workers", "1")
        print(f"  one worker                                        {expected[:16]}", flush=True)
        found = [undisturbed(base / "two", *size, "--workers", "2")]
        print(f"  two workers                                       {found[-1][:16]}", flush=True)
        store, there = worker_killed(base / "cluster", *size, base)
        found.append(store)
        print(f"  cluster of two, one killed at {there:4d} parts          {store[:16]}", flush=True)
        for number in range(asked.kills):
            workers = "12"[number % 2]
            store, there = killed(base / f"killed-{number}", *size, chance, workers)
            found.append(store)
            print(f"  {workers} worker(s), all killed at {there:4d} parts, resumed   {store[:16]}", flush=True)
    same = sum(one == expected for one in found)
    print(f"{same} of {len(found)} are the same, byte for byte, as one worker's.")
    return 0 if same == len(found) else 1


if __name__ == "__main__":
    sys.exit(main())
