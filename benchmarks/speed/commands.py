"""Processor time of whole commands, those of the user and of the system together."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile

from timing import quick, tell

TURNS = 1 if quick() else 5


def took(*words):
    """The median of some turns, in seconds."""
    times = []
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory() as folder:
            out = ["--out", folder] if words[0] == "run" else []
            before = os.times()
            command = [sys.executable, "-m", "simulation", *words, *out]
            subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
            after = os.times()
        times.append(after.children_user + after.children_system - before.children_user - before.children_system)
    return statistics.median(times)


def main():
    tell(
        {
            "--help": took("--help"),
            "check": took("check", "libya-2020-01"),
            "run": took("run", "libya-2020-01", "--runs", "1000"),
        }
    )


if __name__ == "__main__":
    main()
