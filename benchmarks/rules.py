"""How fast the bargaining rules play, and what memory they take. Run it by ``python -m benchmarks.rules``.

One run, and a thousand side by side, of random cases with as many actors as the published programs were timed with, all
in one process. Times are of the processor, so that a busy machine matters little; those of the programs were taken on
another one, so the comparison with them is of orders of magnitude. Memory is the peak resident set of a process
of its own, less that of one that only imports.
"""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np

from simulation.rules import expected_utility, spatial

RUNS = 1000
ROUNDS = 10
TURNS = {13: 27, 34: 35, 80: 17}
"""Turns that the program took with so many actors."""

PROGRAM = {
    ("expected-utility", 10): 5.4,
    ("expected-utility", 17): 170.0,
    ("spatial", 34): 16.5,
    ("spatial", 80): 199.0,
}
"""Seconds that the published programs took for one run, on one core."""

AIM = {("expected-utility", 17): 0.05, ("spatial", 34): 0.3, ("spatial", 80): 2.0}
"""Seconds for one run."""

PATIENCE = 12.0
"""Seconds that a thousand runs may take; where they would take more, fewer are run and their time is multiplied."""


def case(actors, runs=None):
    """Random positions 0 … 100, saliences and influences."""
    rng = np.random.default_rng(actors)
    shape = (actors,) if runs is None else (runs, actors)
    return rng.uniform(0, 100, shape), rng.uniform(0.1, 1, shape), rng.uniform(1, 100, shape)


def expected_utility_model(actors, runs=None):
    expected_utility.play(*case(actors, runs), ROUNDS)


def spatial_model(actors, runs=None):
    """As many turns as the program took. A play may stop early, so turns are counted one by one."""
    position, salience, influence = case(actors, runs)
    for _ in range(TURNS[actors]):
        position = spatial.play(position, salience, influence, 1)[-1]


GAMES = {
    "expected-utility": (expected_utility_model, (10, 17, 40)),
    "spatial": (spatial_model, (13, 34, 80)),
}


def seconds(work, *arguments, repeats=1):
    """The least time that some work takes."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        work(*arguments)
        times.append(time.process_time() - start)
    return min(times)


def memory(code):
    """Peak resident set of a process, in MiB."""
    tail = "\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    done = subprocess.run([sys.executable, "-c", code + tail], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main():
    expected_utility_model(10)  # what is done once, at the first call, does not count
    bare = memory("from benchmarks import rules")
    print(f"{'rule':18}{'actors':>7}{'one run':>11}{'aim':>9}{'program':>10}{'times as fast':>15}", end="")
    print(f"{'1,000 runs':>13}{'a run, to one alone':>21}{'memory':>11}")
    for name, (game, sizes) in GAMES.items():
        for actors in sizes:
            one = seconds(game, actors, repeats=3)
            runs = RUNS if one * RUNS <= PATIENCE else max(4, int(PATIENCE / one / 2))
            many = seconds(game, actors, runs) * RUNS / runs
            program, aim = PROGRAM.get((name, actors)), AIM.get((name, actors))
            used = memory(f"from benchmarks import rules\nrules.{game.__name__}({actors}, {runs})") - bare
            print(f"{name:18}{actors:>7}{one:>9.4f} s{f'{aim:g} s' if aim else '':>9}", end="")
            print(f"{f'{program:g} s' if program else '':>10}{f'{program / one:,.0f}' if program else '':>15}", end="")
            print(
                f"{many:>9.1f} s{'' if runs == RUNS else '*':<2}{many / RUNS / one:>19.2f}{used:>9.0f} MiB", flush=True
            )
    print(f"\n* from fewer runs. {ROUNDS} rounds; spatial: the program's turns, {TURNS}.")


if __name__ == "__main__":
    main()
