"""The same war agent by agent, in Mesa, AgentPy and NDlib, against our ensemble and our Mesa model."""

from __future__ import annotations

import importlib

import mesa
from plain_mesa import PlainModel
from timing import quick, tell, turn_by_turn

import simulation as sim
from simulation.dynamics.randomness import BLOCK

RUNS, ENSEMBLE, TURNS = (2, 256, 1) if quick() else (10, 2560, 5)


def batch(scenario):
    given = {"scenario": [scenario] * RUNS}
    mesa.batch_run(PlainModel, parameters=given, number_processes=1, display_progress=False)


def stepped(make):
    for run in range(RUNS):
        model = make(run)
        while model.running:
            model.step()


def main():
    scenario = sim.load_scenario("libya-2020-01")
    copies = [scenario.replace({}) for _ in range(RUNS)]  # nothing that was kept of one run serves another
    works = {
        "ensemble": lambda: sim.run_ensemble(scenario, ENSEMBLE),
        "batch": lambda: batch(scenario),
        "plain": lambda: stepped(lambda run: PlainModel(scenario)),
        "own": lambda: stepped(lambda run: sim.ConflictModel(scenario, run=run)),
        "lone": lambda: stepped(lambda run: sim.ConflictModel(copies[run], run=BLOCK * run)),
    }
    missing = []
    for peer in ("agentpy", "ndlib"):
        try:
            run = importlib.import_module(f"plain_{peer}").run
        except ImportError:
            missing.append(peer)
        else:
            works[peer] = lambda run=run: [run(scenario) for _ in range(RUNS)]
    took = turn_by_turn(works, TURNS)
    each = {name: time / (ENSEMBLE if name == "ensemble" else RUNS) for name, time in took.items()}
    found = {f"{name} / ensemble": each[name] / each["ensemble"] for name in works if name != "ensemble"}
    tell(
        found
        | {"own / plain": each["own"] / each["plain"], "lone / plain": each["lone"] / each["plain"], "missing": missing}
    )


if __name__ == "__main__":
    main()
