"""What the ten wars teach, and every way of learning that was tried.

``python -m benchmarks.learning`` scores every variant of ``VARIANTS`` that has no score yet by leaving one war out, and
writes the table of all into docs/validation.md; ``python -m benchmarks.learning NAME ...`` scores these anew. With
``--coding settled --coding A --coding B`` each coding is fitted and scored by itself; ``--show`` prints all that was
found; ``--draws``, ``--rounds`` and ``--lucks`` say how closely. Scores stay in docs/validation/learning.json with the
commit that made them, so that a variant that was dropped is still on the map.
"""

from __future__ import annotations

import os

for threads in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # matrices are small, and processes have the cores: before numpy is there

import argparse
import json
import subprocess
import time
from dataclasses import replace
from functools import cache

from benchmarks.blocks import ROOT, fill, three
from benchmarks.validation import FOLDER
from simulation.questions.record.benchmark.cases import SETTLED, load_cases
from simulation.questions.record.benchmark.forecasts import RATE, RIDGE
from simulation.questions.record.pooled import calibrate_wars
from simulation.questions.record.pooled.forecasts import Wars
from simulation.questions.record.pooled.left_out import LEARNT, MEDIANS, baselines
from simulation.questions.record.pooled.priors import written_priors
from simulation.writing import write_text

SCORES = FOLDER / "learning.json"
A = "coefficients.answers."
P = "coefficients.appraisal."
T = "coefficients.truces."
WAR = [f"{P}{name}" for name in ("gain", "momentum_weight", "weariness", "stalemate")]
PACE = ["rule.speed", "rule.openness", "coefficients.opinion.noise"]
KINDS = [f"{A}bar_{kind}" for kind in ("call", "resolution", "mediated", "bilateral", "unilateral")]
MOOD = [f"{A}mood_half_life", f"{A}mood_share"]

DEFAULTS = "as the defaults are learnt"
"""Every coefficient with a prior but those of pace, of which the answers say nothing."""

BEFORE = {
    f"{A}temperature": 10.0,
    f"{A}reserve": 0.0,
    f"{A}guarantee": 15.0,
    f"{A}content": 0.0,
    f"{A}bar_call": 0.0,
    f"{A}bar_resolution": 0.0,
    f"{A}bar_mediated": 0.0,
    f"{A}bar_bilateral": 0.0,
    f"{A}bar_unilateral": 0.0,
    f"{A}bar_signed": 8.0,
    f"{A}pull": 1.0,
    f"{A}objection": 20.0,
    f"{A}mood_half_life": 0.0,
    f"{A}mood_share": 1.0,
    f"{P}weariness": 40.0,
    f"{P}stalemate": 40.0,
    f"{P}gain": 120.0,
    f"{P}momentum_weight": 0.2,
    f"{T}breach": 10.0,
    f"{T}forgiving": 90.0,
}
"""The defaults before the ten wars were learnt from, from which every variant starts."""

VARIANTS: dict[str, dict] = {
    DEFAULTS: {},
    "pace and noise as well": {"more": PACE},
    "wars count alike": {"alike": True},
    "with a spread of wars": {"spread": True},
    "without moods": {"less": MOOD, "set": {f"{A}mood_half_life": 0}},
    "moods that are all of an answer's chance": {"less": MOOD[1:], "set": {f"{A}mood_share": 1}},
    "with distrust of who was spurned": {"more": [f"{A}spurned"]},
    "with a one-sided stalemate": {"more": [f"{P}one_sided"]},
    "no war in it: opening stances stay": {"less": WAR, "set": {key: 0 for key in WAR if "momentum" not in key}},
    **{
        f"without {name}": {"less": keys, "set": dict.fromkeys(keys, 0)}
        for name, keys in (
            ("conditions", [f"{A}reserve"]),
            ("content", [f"{A}content"]),
            ("kinds", KINDS),
            ("signature", [f"{A}bar_signed"]),
            ("monitoring", [f"{A}guarantee"]),
            ("objections", [f"{A}objection"]),
            ("sponsors' pull", [f"{A}pull"]),
        )
    },
    "temperature and a common bar alone": {
        "keys": [f"{A}temperature", f"{A}threshold"],
        "priors": {f"{A}threshold": (0, 50, 100)},
        "set": dict.fromkeys([*KINDS, f"{A}bar_signed", f"{A}reserve", f"{A}content", f"{A}mood_half_life"], 0),
    },
}
"""Each: ``set`` changes every scenario; ``keys`` is what is learnt, or all usual coefficients ``less`` some and
``more`` some; ``priors``, ``spread`` and ``alike`` are as for ``calibrate_wars``."""


@cache
def cases(coding):
    """The wars of one coding."""
    return [case for case in load_cases("wars") if case.coding == coding]


@cache
def simple(coding):
    """Simple forecasts, which no variant touches."""
    return baselines(Wars(coding, tuple(cases(coding))))


def commit():
    """Which state of the code made a score; with a star where it was changed since."""
    made = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, cwd=ROOT
    ).stdout.strip()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "simulation", "seeds", "scenarios"], capture_output=True, text=True, cwd=ROOT
    ).stdout
    return made + ("*" if changed.strip() else "")


def learn(name, coding, options):
    """One variant on one coding: the finding, and its scores as plain numbers."""
    ways = dict(VARIANTS[name])
    changes, less, more = BEFORE | ways.pop("set", {}), ways.pop("less", []), ways.pop("more", [])
    wars = [replace(case, scenario=case.scenario.replace(changes)) for case in cases(coding)]
    keys = ways.pop("keys", None)
    if keys is None:
        inputs = wars[0].scenario.inputs
        usual = [key for key in written_priors() if key in inputs and not inputs[key].idle]
        keys = [key for key in usual if key not in [*PACE, *less]] + more
    elif less or more:
        raise SystemExit(f"{name}: either keys, or less and more")
    begun = time.perf_counter()
    found = calibrate_wars(wars, keys, leave_one_out=True, simple={coding: simple(coding)}, **ways, **options)
    here, said = found.result.sel(coding=coding), found.summary
    scores = {}
    for forecast in (LEARNT, MEDIANS):
        of = here.sel(forecast=forecast)
        scores[forecast] = {
            "brier": [float(x) for x in of.mean_score.sel(score="brier")],
            "rps": [float(x) for x in of.mean_score.sel(score="rps")],
            "slope": [float(x) for x in of.slope],
            "over_rate": [float(x) for x in of.lead.sel(score="brier", baseline=RATE)],
            "over_ridge": [float(x) for x in of.lead.sel(score="brier", baseline=RIDGE)],
            "wars": {str(war): float(of.war_score.sel(score="brier", war=war)) for war in here.war.values},
        }
    return found, {
        "scores": scores,
        "commit": commit(),
        "coefficients": {key: [row["low"], row["median"], row["high"]] for key, row in said["coefficients"].items()},
        "effective": said["effective"][coding],
        "effective_least": said["effective_least_without"],
        "draws": said["draws"],
        "lucks": said["lucks"],
        "seconds": round(time.perf_counter() - begun),
    }


def table(kept):
    """Every variant that was ever scored, by coding, the best first in each."""
    heads = [
        "variant", "coding", "Brier", "Brier at the medians", "ranked probability", "slope", "ahead of the base rate",
        "ahead of the ridge", "learnt", "effective, least", "code",
    ]  # fmt: skip
    lines = [f"| {' | '.join(heads)} |", f"| --- | --- |{' ---: |' * (len(heads) - 3)} --- |"]
    order = {coding: place for place, coding in enumerate(dict.fromkeys([SETTLED, *(row["coding"] for row in kept)]))}
    for row in sorted(kept, key=lambda row: (order[row["coding"]], row["scores"][LEARNT]["brier"][0])):
        ours, fixed = row["scores"][LEARNT], row["scores"][MEDIANS]
        cells = [
            row["variant"],
            row["coding"],
            three(ours["brier"], of_ends=3),
            f"{fixed['brier'][0]:.3f}",
            three(ours["rps"], of_ends=3),
            three(ours["slope"], digits=2),
            three(ours["over_rate"], "+", of_ends=3),
            three(ours["over_ridge"], "+", of_ends=3),
            str(len(row["coefficients"])),
            f"{row['effective']:.0f}, {row['effective_least']:.0f}",
            row["commit"],
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description="Score ways of learning by leaving one war out.")
    parser.add_argument("names", nargs="*", help=f"variants: {'; '.join(VARIANTS)}")
    parser.add_argument("--coding", action="append", help="settled, A or B; settled if left out")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--lucks", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print the whole of what was found")
    given = parser.parse_args()
    if unknown := set(given.names) - set(VARIANTS):
        raise SystemExit(f"no variant called {', '.join(unknown)}; there are: {'; '.join(VARIANTS)}")
    kept = json.loads(SCORES.read_text(encoding="utf-8")) if SCORES.exists() else []
    codings = given.coding or [SETTLED]
    there = {(row["variant"], row["coding"]) for row in kept}
    todo = [(name, coding) for name in given.names or VARIANTS for coding in codings]
    options = {name: getattr(given, name) for name in ("draws", "rounds", "lucks", "seed")}
    for name, coding in todo:
        if not given.names and (name, coding) in there:
            continue
        found, row = learn(name, coding, options)
        row = {"variant": name, "coding": coding, **row}
        kept = json.loads(SCORES.read_text(encoding="utf-8")) if SCORES.exists() else []  # others may have written
        kept = [
            old for old in kept if (old["variant"], old["coding"], old["commit"]) != (name, coding, row["commit"])
        ] + [row]
        write_text(SCORES, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
        best = row["scores"][LEARNT]
        print(
            f"{name}, {coding}: Brier {three(best['brier'], of_ends=3)}, slope {best['slope'][0]:.2f}, "
            f"{row['seconds']} s",
            flush=True,
        )
        if given.show:
            print(found, flush=True)
    if kept:
        fill("learning-variants", table(kept))


if __name__ == "__main__":
    main()
