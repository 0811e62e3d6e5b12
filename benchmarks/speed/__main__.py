"""Every fact on speed, as one table with the aims beside it, in docs/speed.md.

python -m benchmarks.speed                    all of it, some minutes on a machine that does nothing else
python -m benchmarks.speed --before FOLDER    and the same of another checkout, beside it
python -m benchmarks.speed --only engine      one group of facts, printed and not written
python -m benchmarks.speed --quick            a short run of everything, to see that it works; nothing is written

Each group is a program beside this one that runs in one process, so that its ratios are of the same minutes; it uses
only what any checkout has, and is run in that checkout. AgentPy and NDlib are measured where they are installed:
pip install -r benchmarks/speed/peers.txt
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

from benchmarks.blocks import ROOT, fill, table

HERE = Path(__file__).parent

FACTS = {
    "engine": [
        ("a run, kept", "trajectories", "µs", ""),
        ("a run, counted only", "summary", "µs", ""),
        ("the normals of a run, drawn by numpy and nothing else", "normals", "µs", ""),
        ("runs kept / their normals", "trajectories / normals", "×", "≤ 4.5"),
        ("runs counted / their normals", "summary / normals", "×", "≤ 5"),
        ("`--uncertain` / a plain run", "uncertain / plain", "×", "≤ 1.6"),
        ("an input that varies by run / a plain run (the slowest of four kinds)", "varying / plain", "×", "≤ 1.4"),
    ],
    "peers": [
        ("a plain model by `mesa.batch_run` / ours", "batch / ensemble", "×", "≥ 80"),
        ("the same in AgentPy / ours", "agentpy / ensemble", "×", ""),
        ("the same in NDlib / ours", "ndlib / ensemble", "×", ""),
        ("a run of our Mesa model, many in a row / of a plain one", "own / plain", "×", "≤ 2.5"),
        ("a run of our Mesa model, by itself / of a plain one", "lone / plain", "×", ""),
    ],
    "growth": [
        ("growth with actors, sparse ties, 25 to 200: power", "actors", "", "≤ 1.2"),
        ("growth with parties, 2 to 8 of 24 actors: power", "parties", "", "≤ 1"),
    ],
    "workers": [
        ("a sweep of 409,600 runs, one worker", "one", "s", ""),
        ("two workers", "two", "s", ""),
        ("two workers: share of the ideal", "efficiency of two", "", "≥ 0.85"),
        ("the parent's share of the work", "parent's share", "", ""),
        ("start of a worker", "start of a worker", "s", ""),
        ("sixteen workers, predicted: times as fast as one", "predicted at 16", "×", "≥ 12"),
    ],
    "commands": [
        ("`ceasefire --help`, processor time", "--help", "s", "≤ 0.3"),
        ("`ceasefire check`, processor time", "check", "s", "≤ 0.4"),
        ("`ceasefire run` of 1,000 runs, processor time", "run", "s", "≤ 3.0"),
    ],
    "memory": [
        ("10,000 runs kept, peak memory", "kept", "MiB", ""),
        ("10,000 runs counted, peak memory", "few", "MiB", ""),
        ("1,000,000 runs counted / 10,000", "many / few", "×", "≤ 1.2"),
    ],
}
"""By program: what a fact is called, under what name the program tells it, its unit, and what was aimed at."""

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def measured(group, folder, quick):
    """What a program tells of a checkout."""
    paths = os.pathsep.join([str(Path(folder).resolve()), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, str(HERE / f"{group}.py"), *(["--quick"] if quick else [])]
    environment = os.environ | ONE_THREAD | {"PYTHONPATH": paths}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"{group} in {folder}:\n{ended.stderr}")
    return json.loads(ended.stdout.splitlines()[-1])


def written(found, name, unit):
    """A number as it stands in the table."""
    if name not in found:
        return "not installed"
    value = found[name]
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}".strip()


def machine():
    """What it was measured on, and with what."""
    packages = ("numpy", "mesa", "xarray", "matplotlib", "pyarrow")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    cores = len(os.sched_getaffinity(0))
    return f"{_processor()}, {cores} cores, {platform.system()}; Python {platform.python_version()}, {versions}"


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", metavar="FOLDER", help="another checkout to measure beside this one")
    parser.add_argument("--only", choices=FACTS, nargs="+", help="some groups of facts")
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    folders = [*([asked.before] if asked.before else []), ROOT]
    rows = []
    for group in asked.only or FACTS:
        found = [measured(group, folder, asked.quick) for folder in folders]
        for words, name, unit, aim in FACTS[group]:
            rows.append([words, *(written(one, name, unit) for one in found), aim])
            print(" | ".join(rows[-1]), flush=True)
        print(f"  all of {group}: {json.dumps(found[-1])}", file=sys.stderr)
    head = ["fact", *(["before"] if asked.before else []), "now", "aim"]
    print(machine())
    if not (asked.quick or asked.only):
        fill("speed", f"{table(head, rows)}\n\n{machine()}.", ROOT / "docs" / "speed.md")


if __name__ == "__main__":
    main()
