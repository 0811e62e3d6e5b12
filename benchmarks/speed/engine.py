"""The engine in one process: against the drawing of its normals, and with inputs that vary."""

from __future__ import annotations

import numpy as np
from timing import quick, tell, turn_by_turn

import simulation as sim
from simulation.dynamics.randomness import BLOCK

RUNS, TURNS = (1024, 1) if quick() else (10_240, 5)

VARYING = ("actors.LNA.stance", "ties.UAE.LNA.support", "ties.Russia.LNA.leverage", "coefficients.battle.mobility")
"""One input of each kind: of an actor, support, leverage, a coefficient."""


def normals(count):
    """Draw as many normal numbers as the ensemble does, and do nothing with them."""
    generator = np.random.default_rng(1)
    for _ in range(-(-RUNS // BLOCK)):
        generator.standard_normal((BLOCK, count))


def main():
    scenario = sim.load_scenario("libya-2020-01")
    drawn = scenario.steps * (len(scenario.actors) + len(scenario.parties))
    known = scenario.inputs
    keys = [key for key in VARYING if key in known]
    works = {
        "normals": lambda: normals(drawn),
        "trajectories": lambda: sim.run_ensemble(scenario, RUNS),
        "summary": lambda: sim.run_ensemble(scenario, RUNS, keep="summary"),
        "uncertain": lambda: sim.run_ensemble(scenario, RUNS, uncertain=True),
    }
    for key in keys:
        values = np.linspace(known[key].low, known[key].high, RUNS)
        works[key] = lambda key=key, values=values: sim.run_ensemble(scenario, RUNS, values={key: values})
    took = turn_by_turn(works, TURNS)
    slowest = max(keys, key=lambda key: took[key])
    tell(
        {
            "trajectories": 1e6 * took["trajectories"] / RUNS,
            "summary": 1e6 * took["summary"] / RUNS,
            "normals": 1e6 * took["normals"] / RUNS,
            "trajectories / normals": took["trajectories"] / took["normals"],
            "summary / normals": took["summary"] / took["normals"],
            "uncertain / plain": took["uncertain"] / took["trajectories"],
            "varying / plain": took[slowest] / took["trajectories"],
            "slowest input": slowest,
        }
    )


if __name__ == "__main__":
    main()
