"""Peak memory of runs that are kept and of runs that are counted."""

from __future__ import annotations

import subprocess
import sys

from timing import quick, tell

FEW, MANY = (1_000, 2_000) if quick() else (10_000, 1_000_000)


def peak(runs, keep):
    """Peak resident set, in MiB, of a process that makes so many runs."""
    code = (
        "import resource, simulation as sim\n"
        f"sim.run_ensemble(sim.load_scenario('libya-2020-01'), runs={runs}, keep='{keep}')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def main():
    kept, few, many = peak(FEW, "trajectories"), peak(FEW, "summary"), peak(MANY, "summary")
    tell({"kept": kept, "few": few, "many": many, "many / few": many / few})


if __name__ == "__main__":
    main()
