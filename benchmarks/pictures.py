"""The pictures of the manual, each beside the command that draws it.

python -m benchmarks.pictures [NAME ...]      those of these names, such as ``levers``; all, if none is named

All together take about half an hour on two cores; ``recovery-picture`` alone takes ten minutes.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import simulation as sim
from simulation.show.plots.saving import save_figure

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"

JANUARY, LONG_WAR = "libya-2020-01", "libya-2019-2020"

COMMANDS = {
    f"why {JANUARY} --offer moscow-ankara-call --party LNA --runs 1000": {"why-first-call": "why-answer"},
    f"why {JANUARY} --offer call-renewed --party LNA --runs 1000": {"why-call-renewed": "why-answer"},
    f"why {JANUARY} --offer moscow-text --party LNA --runs 1000": {"why-moscow": "why-answer"},
    f"compare {JANUARY} {JANUARY}-no-airlift {JANUARY}-no-wagner {JANUARY}-no-deployment "
    f"{JANUARY}-egypt-uae-join {JANUARY}-monitored --runs 2000": {"compare": "compare"},
    f"run {JANUARY} --uncertain --runs 4000": {"uncertain": "stances"},
    f"levers {JANUARY} --measure answer.call-renewed.LNA": {"levers": "levers"},
    f"path {JANUARY} --measure answer.call-renewed.LNA --chance 0.6 "
    "--lever actors.Russia.stance=50:90 --lever ties.Russia.LNA.leverage=0.4:0.8 "
    "--lever actors.UN.salience=20:100 --lever ties.UAE.LNA.support=0.1:0.7 --lever ties.Turkey.GNA.support=0:0.8 "
    "--lever events.call-renewed.offer.monitoring=0:1 "
    "--lever events.call-renewed.offer.terms.militias=0:100": {"path": "path"},
    f"bargain {JANUARY} --offer moscow-text": {"bargain": "bargain", "bargain-frontier": "bargain-frontier"},
    f"attribute {JANUARY} --measure truce.holds_to_end --runs 512 "
    '--group "red line: events.turkish-deployment, ties.Turkey.GNA.pledge" --group "Emirates: ties.UAE.LNA.support" '
    '--group "airlift: events.airlift" --group "Wagner: ties.Wagner.LNA, ties.Russia.LNA.support" '
    '--group "Moscow presses: events.moscow-presses, events.moscow-lets-go" --group "fall of Sirte: events.sirte" '
    '--group "oil shutdown: events.oil-shutdown" --group "Berlin: events.berlin"': {"attribute": "attribute"},
    f"run {JANUARY} --as-of 2020-01-10": {"as-of-stances": "stances"},
    f"levers {LONG_WAR} --measure answer.geneva-signed.LNA --runs 128": {"levers-long-war": "levers"},
    f"sweep {JANUARY} --vary ties.UAE.LNA.support=0:1:11 --vary ties.Turkey.GNA.pledge=0:1:5 --runs 1000": {
        "sweep": "sweep"
    },
    f"sensitivity {JANUARY} --method morris": {"sensitivity-morris": "sensitivity"},
    f"sensitivity {JANUARY} --method sobol --points 512 --input coefficients.answers.temperature "
    "--input coefficients.answers.threshold --input coefficients.answers.reserve "
    "--input coefficients.answers.bar_mediated --input coefficients.answers.pull --input coefficients.truces.shape "
    "--input actors.LNA.base --input actors.Russia.stance --input ties.Militias.GNA.support "
    "--input events.turkish-deployment.set.ties.Turkey.GNA.support": {"sensitivity-sobol": "sensitivity"},
    f"robust {JANUARY} --what-if {JANUARY}-no-wagner": {"robust": "robust", "robust-what-if": "robust-what-if"},
    "regions discover --measure truce.holds_to_end --below 0.8": {"regions": "regions"},
    "run docs/examples/coast-and-hills": {"coast-and-hills": "answers"},
}
"""What ``ceasefire`` is asked, as on the page, and of the pictures that it draws those that the manual shows, by the
names that they have there."""

BEFORE = {
    "regions discover --measure truce.holds_to_end --below 0.8": f"sweep {JANUARY} --vary actors.LNA.base=0:60 "
    "--vary ties.UAE.LNA.support=0:1 --vary actors.Russia.stance=40:90 --vary ties.Turkey.GNA.pledge=0:1 "
    "--vary events.airlift.set.ties.UAE.LNA.support=0.5:1.2 --sampling sobol --points 512 --out discover"
}
"""What has to be asked first."""

MODULES = {
    "benchmarks.january january": ["january-answers"],
    "benchmarks.corpus.manual --write": ["agreement"],
    "benchmarks.wars": ["wars"],
    "benchmarks.validation free given-front": ["free", "given-front"],
    "benchmarks.validation ablation-picture": ["ablation-picture"],
    "benchmarks.validation calibration pairs": ["calibration", "pairs"],
    "benchmarks.validation recovery-picture": ["recovery-picture"],
}
"""Programs that put their pictures into the manual themselves; some write tables beside them."""


def ask(command: str, folder: Path, *more: str) -> None:
    """Run ``ceasefire`` in a folder, quietly."""
    words = [sys.executable, "-m", "simulation", *shlex.split(command), *more, "--quiet"]
    subprocess.run(words, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)


def seat() -> None:
    """Draw what the moves on the page came to."""
    seat = sim.Seat(JANUARY, seed=1, run=54)
    seat.to("2020-01-14")
    seat.offer(["UN", "Germany"], kind="mediated", monitoring=0.5, terms={"militias": 40})
    save_figure(sim.plot(seat.score(runs=1000))["seat"], PICTURES, "seat", kinds=("png",))


def main(names: list[str]) -> None:
    """Draw the pictures of these names, or all."""
    known = {"seat", *(name for drawn in [*COMMANDS.values(), *MODULES.values()] for name in drawn)}
    if unknown := set(names) - known:
        raise SystemExit(f"no picture called {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
    wanted = set(names) or known
    for command, drawn in COMMANDS.items():
        if wanted & set(drawn):
            with tempfile.TemporaryDirectory() as folder:
                (Path(folder) / "docs").symlink_to(ROOT / "docs")
                if command in BEFORE:
                    ask(BEFORE[command], Path(folder))
                ask(command, Path(folder), "--out", "made")
                for name, file in drawn.items():
                    shutil.copyfile(Path(folder) / "made" / f"{file}.png", PICTURES / f"{name}.png")
                    print(name, flush=True)
    if "seat" in wanted:
        seat()
        print("seat", flush=True)
    for program, made in MODULES.items():
        if wanted & set(made):
            subprocess.run([sys.executable, "-m", *program.split()], cwd=ROOT, check=True)
            print(*made, sep="\n", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
