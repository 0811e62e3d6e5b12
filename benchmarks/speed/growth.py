"""How the time of a run grows with actors and with parties."""

from __future__ import annotations

import tempfile
from pathlib import Path

from timing import exponent, quick, tell, turn_by_turn

import simulation as sim

RUNS, TURNS = (256, 1) if quick() else (1024, 5)
ACTORS = (25, 50, 100, 200)
PARTIES = (2, 4, 8)


def conflict(parties, others):
    """A war of some parties; every other actor backs one of them and leans on two others of its kind."""
    names = [f"Party{n}" for n in range(parties)] + [f"Backer{n}" for n in range(others)]
    lines = ["schema = 1", 'title = "growth"', "start = 2025-01-01", "step_days = 1", "steps = 30"]
    for place, name in enumerate(names):
        role = "party" if place < parties else "backer"
        stance = 20 + 60 * place / len(names)
        lines += [f"[actors.{name}]", f'roles = ["{role}"]', f"stance = {stance:.1f}"]
        lines += ["salience = 60", "influence = 50", 'assumed = "made up"']
    for n in range(others):
        lines += _tie(f"Backer{n}", f"Party{n % parties}", "support = 0.1\nleverage = 0.3")
        for other in {(n + 1) % others, (n + 7) % others} - {n}:
            lines += _tie(f"Backer{n}", f"Backer{other}", "leverage = 0.2")
    lines += ["[[events]]", "on = 2025-01-15", 'label = "offer"', 'assumed = "made up"']
    lines += ['offer = { id = "offer", sponsors = ["Backer0"], form = "declared" }']
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "growth.toml")
        file.write_text("\n".join(lines) + "\n")
        return sim.load_scenario(file)


def _tie(source, target, numbers):
    return ["[[ties]]", f'from = "{source}"', f'to = "{target}"', numbers, 'assumed = "made up"']


def took(scenarios):
    works = {size: lambda one=one: sim.run_ensemble(one, RUNS, keep="summary") for size, one in scenarios.items()}
    return turn_by_turn(works, TURNS)


def main():
    actors = took({size: conflict(2, size - 2) for size in ACTORS})
    parties = took({size: conflict(size, 24 - size) for size in PARTIES})
    tell(
        {
            "actors": exponent(actors, actors.values()),
            "parties": exponent(parties, parties.values()),
            "each": {str(n): 1e6 * time / RUNS for found in (actors, parties) for n, time in found.items()},
        }
    )


if __name__ == "__main__":
    main()
