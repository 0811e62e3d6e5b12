"""How long a large sweep takes, how much memory, and how large its store is.

python benchmarks/sweep_size.py                      a million runs, one worker and then two
python benchmarks/sweep_size.py --side 20 --runs 10  a small one
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil


def memory(process: psutil.Process) -> int:
    """Bytes that a process and all its children have to themselves, what they share counted once."""
    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue  # ended meanwhile
    return total


def measure(folder: Path, side: int, runs: int, workers: int) -> tuple[float, int, int]:
    """Seconds, peak bytes of memory, bytes of the store."""
    vary = ["--vary", f"ties.UAE.LNA.support=0:1:{side}", "--vary", f"actors.LNA.stance=0:50:{side}"]
    words = ["sweep", "libya-2020-01", *vary, "--runs", str(runs), "--workers", str(workers), "--out", str(folder)]
    start = time.perf_counter()
    sweep = subprocess.Popen([sys.executable, "-m", "simulation", *words, "--quiet"])
    watched, peak = psutil.Process(sweep.pid), 0
    while sweep.poll() is None:
        peak = max(peak, memory(watched))
        time.sleep(0.2)
    if sweep.returncode:
        raise SystemExit("the sweep failed")
    size = sum(file.stat().st_size for file in [folder / "manifest.json", *(folder / "parts").iterdir()])
    return time.perf_counter() - start, peak, size


def main(words: Sequence[str] | None = None) -> None:
    """Do it, and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--side", type=int, default=100, help="values of each of two keys")
    parser.add_argument("--runs", type=int, default=100, help="at each point")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    asked = parser.parse_args(words)
    print(f"{asked.side**2:,} points of {asked.runs} runs: {asked.side**2 * asked.runs:,} runs, 37 measures of each")
    for workers in asked.workers:
        with tempfile.TemporaryDirectory() as folder:
            seconds, peak, size = measure(Path(folder), asked.side, asked.runs, workers)
        print(
            f"  {workers} worker(s): {seconds:.0f} s, {peak / 2**20:.0f} MiB of memory, store {size / 1e6:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
