"""Processor time of work, side by side in one process: ratios of it hold where a machine is noisy."""

from __future__ import annotations

import json
import math
import statistics
import sys
import time


def processor_time(work):
    """Seconds of this process that some work takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def turn_by_turn(works, turns):
    """The median seconds of several pieces of work that take turns, by name; the first turn is left out."""
    for work in works.values():
        work()
    times = {name: [] for name in works}
    for _ in range(turns):
        for name, work in works.items():
            times[name].append(processor_time(work))
    return {name: statistics.median(found) for name, found in times.items()}


def exponent(sizes, seconds):
    """With what power of the size the time grows: the slope of a line through the logarithms."""
    x, y = [math.log(size) for size in sizes], [math.log(time) for time in seconds]
    mean_x, mean_y = statistics.fmean(x), statistics.fmean(y)
    products = [(a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True)]
    return sum(products) / sum((a - mean_x) ** 2 for a in x)


def quick():
    """Whether a short run is asked for, which shows that all works and measures little."""
    return "--quick" in sys.argv


def tell(found):
    """Print what was measured as the last line, for the program that started this one."""
    print(json.dumps(found), flush=True)
