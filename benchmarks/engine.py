"""How fast the main job runs, and what memory it takes. Run it by ``python -m benchmarks.engine``.

Everything is measured in one process, one after the other and several times over, and reported as ratios of medians:
machines are noisy, ratios less so. Memory is measured in processes of their own, as their peak resident set.

``python -m benchmarks.engine FOLDER`` measures this package against another checkout of it, turn by turn, in processor
time, and writes the ratios into docs/validation.md.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

import mesa
import numpy as np

import simulation as sim
from benchmarks.plain_mesa import PlainModel
from benchmarks.validation import ROOT, fill, table
from simulation.dynamics.randomness import BLOCK
from simulation.runs.ensemble import blocks

SCENARIO = "libya-2020-01"
RUNS = 10_000
REPEATS = 3


def seconds(work, repeats=REPEATS):
    """The median time that some work takes."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def normals(count):
    """Draw as many normal numbers as the ensemble does, and do nothing with them."""
    generator = np.random.default_rng(1)
    for _ in range(-(-RUNS // BLOCK)):
        generator.standard_normal((BLOCK, count))


def peak_memory(runs):
    """Peak resident set, in MiB, of a process that summarises so many runs."""
    code = (
        "import resource, simulation as sim\n"
        f"sim.run_ensemble(sim.load_scenario('{SCENARIO}'), runs={runs}, keep='summary')\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def whole_command(*words):
    """Median wall time of the command as a whole process, in seconds."""
    return seconds(
        lambda: subprocess.run([sys.executable, "-m", "simulation", *words], capture_output=True, check=False)
    )


def plain_batch(scenario, runs):
    mesa.batch_run(
        PlainModel,
        parameters={"scenario": [scenario] * runs},
        number_processes=1,
        display_progress=False,
    )


def own_model(scenario, runs):
    for run in range(runs):
        model = sim.ConflictModel(scenario, run=run)
        while model.running:
            model.step()


TURNS = 5
STORIES = {
    "libya-2020-01": "run_ensemble(scenario, runs=5000, keep='summary')",
    "libya-2019-2020": "run_ensemble(scenario, runs=1000, keep='summary')",
    "yemen-2018-2022": "run_ensemble(scenario, runs=1000, keep='summary')",
}
"""What is timed in two checkouts."""


def processor_time(folder, story, work):
    """Processor seconds of some work in a checkout, in a process of its own, the first time left out."""
    code = (
        f"import time, simulation as sim\nscenario = sim.load_scenario('{story}')\nsim.{work}\n"
        f"start = time.process_time()\nsim.{work}\nprint(time.process_time() - start)"
    )
    alone = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    call = [sys.executable, "-c", code]
    return float(subprocess.run(call, capture_output=True, text=True, check=True, cwd=folder, env=alone).stdout)


def against(folder):
    """How much longer a run takes here than in another checkout."""
    rows = []
    for story, work in STORIES.items():
        pairs = [[processor_time(place, story, work) for place in (ROOT, folder)] for _ in range(TURNS)]
        here, there = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratios = sorted(one / other for one, other in pairs)
        runs = int(work.split("runs=")[1].split(",")[0])
        rows.append(
            [
                story,
                f"{1e6 * there / runs:.0f} µs",
                f"{1e6 * here / runs:.0f} µs",
                f"{statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})",
            ]
        )
        print(rows[-1], flush=True)
    fill("engine-before", table(["scenario", "a run before", "a run now", f"ratio, median of {TURNS} turns"], rows))


def main():
    scenario = sim.load_scenario(SCENARIO)
    drawn = scenario.steps * (len(scenario.actors) + len(scenario.parties))
    list(blocks(scenario, BLOCK, 1))  # warm up
    kept = seconds(lambda: sim.run_ensemble(scenario, runs=RUNS)) / RUNS
    engine = seconds(lambda: [None for _ in blocks(scenario, RUNS, 1)]) / RUNS
    summary = seconds(lambda: sim.run_ensemble(scenario, runs=RUNS, keep="summary")) / RUNS
    floor = seconds(lambda: normals(drawn)) / RUNS
    plain = seconds(lambda: plain_batch(scenario, 10)) / 10
    own = seconds(lambda: own_model(scenario, 10)) / 10
    print(f"{SCENARIO}: {len(scenario.actors)} actors, {scenario.steps} steps; {RUNS:,} runs, one process")
    print(f"Python {sys.version.split()[0]}, numpy {np.__version__}, Mesa {mesa.__version__}\n")
    print(f"engine alone              {engine * 1e6:9.1f} µs a run   {1 / engine:9,.0f} runs a second")
    print(f"run_ensemble, trajectories{kept * 1e6:9.1f} µs a run   {1 / kept:9,.0f} runs a second")
    print(f"run_ensemble, summary     {summary * 1e6:9.1f} µs a run   {1 / summary:9,.0f} runs a second")
    print(f"numpy, the same normals   {floor * 1e6:9.1f} µs a run")
    print(f"plain Mesa, batch_run     {plain * 1e6:9.0f} µs a run")
    print(f"our own Mesa model        {own * 1e6:9.0f} µs a run\n")
    print(f"run_ensemble / drawing the same normals    {kept / floor:8.1f}   (aim: at most 6)")
    print(f"plain Mesa by batch_run / run_ensemble     {plain / kept:8.0f}   (aim: at least 200)")
    print(f"our own Mesa model / run_ensemble          {own / kept:8.0f}\n")
    few, many = peak_memory(10_000), peak_memory(1_000_000)
    print(f"peak memory, summarised runs: {few:.0f} MiB at 10,000, {many:.0f} MiB at 1,000,000")
    print(f"1,000,000 / 10,000                         {many / few:8.2f}   (aim: at most 1.2)\n")
    print(f"ceasefire --help                           {whole_command('--help'):8.2f} s (aim: below 0.5)")
    print(f"ceasefire check {SCENARIO}              {whole_command('check', SCENARIO):8.2f} s (aim: below 0.5)")
    wall = whole_command("run", SCENARIO, "--runs", "1000", "--out", "results/benchmark")
    print(f"ceasefire run, 1,000 runs, all pictures    {wall:8.2f} s (aim: below 6)")


if __name__ == "__main__":
    against(*sys.argv[1:]) if sys.argv[1:] else main()
