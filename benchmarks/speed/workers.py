"""A sweep by one worker, by two, and by all cores; and what the parent's share says of sixteen.

In a sweep by two, what the parent does before the first part and after the last is serial; what it does in between
takes a core's time like any other work. A worker starts while the parent begins. So with n workers

    time(n) = max(begin, start of a worker) + end + (time(1) - begin - end + between) / n
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import numpy as np
from timing import quick, tell

import simulation as sim

SIDE, RUNS = (8, 32) if quick() else (64, 100)
START = "from simulation.questions.sweep.block import run_block; import pyarrow.parquet"


def sweep(scenario, workers):
    """Seconds that a sweep takes, and processor seconds of this process: before, while and after the work is done."""
    vary = {"ties.UAE.LNA.support": np.linspace(0, 1, SIDE), "actors.LNA.stance": np.linspace(0, 50, SIDE)}
    marks = [time.process_time()]
    clock = time.perf_counter()
    last = SIDE * SIDE * RUNS

    def progress(done):
        if len(marks) == 1 or done == last:
            marks.append(time.process_time())

    with tempfile.TemporaryDirectory() as folder:
        sim.sweep(scenario, vary, Path(folder, "sweep"), runs=RUNS, workers=workers, progress=progress)
        took = time.perf_counter() - clock
    marks.append(time.process_time())
    begin, between, end = np.diff(marks)
    return took, begin, between, end


def start_of_a_worker():
    """Processor seconds of a process that imports what the work needs."""
    before = os.times()
    os.spawnl(os.P_WAIT, os.sys.executable, os.sys.executable, "-c", START)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main():
    scenario = sim.load_scenario("libya-2020-01")
    sweep(scenario, 1)  # imports what this process needs; its second sweep does not, its workers do
    one, begin, work, end = sweep(scenario, 1)
    two, begin_of_two, between, end_of_two = sweep(scenario, 2)
    every = len(os.sched_getaffinity(0))
    many = sweep(scenario, every)[0] if every > 2 else two
    start = start_of_a_worker()
    runs = SIDE * SIDE * RUNS
    alone = begin + work + end

    def predicted(workers):
        serial = max(begin_of_two, start) + end_of_two
        return alone / (serial + (work + between) / workers)

    tell(
        {
            "runs": runs,
            "one": one,
            "two": two,
            "efficiency of two": one / two / 2,
            "cores": every,
            "all": many,
            "efficiency of all": one / many / every,
            "parent's share": (begin_of_two + between + end_of_two) / alone,
            "start of a worker": start,
            "predicted at 2": predicted(2),
            "predicted at 16": predicted(16),
            "begin, between, end": [begin_of_two, between, end_of_two],
            "work": work,
        }
    )


if __name__ == "__main__":
    main()
