"""What each part of the model does alone to the figures of January 2020 and to the scores of observed answers.

``python -m benchmarks.parts`` writes the table into docs/validation.md. Each part is added alone to the model as it was
before it learnt from ten wars, and taken alone from the model as it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

import simulation as sim
from benchmarks.blocks import fill, table
from benchmarks.learning import BEFORE, A, P, T, cases, simple
from simulation.questions.record.benchmark.cases import SETTLED
from simulation.questions.record.hindcast import answers_on_record, hindcast
from simulation.questions.record.pooled.forecasts import Wars, forecast
from simulation.questions.record.pooled.left_out import scored
from simulation.questions.record.scores import SCORES
from simulation.runs.ensemble import read_runs
from simulation.scenario.coefficients import Coefficients

JANUARY, LIBYA, YEMEN = "libya-2020-01", "libya-2019-2020", "yemen-2018-2022"
RUNS, RECORDED, LUCKS, SEED = 2000, 300, 100, 1
"""Runs of January 2020, of each of two wars, and of each war of the corpus."""

TRUCES_BEFORE = {
    f"{T}declared_days": 7.0,
    f"{T}signed_days": 117.0,
    f"{T}shape": 1.0,
    f"{T}patience": 0.0,
    f"{T}partial_scope": 1.0,
    f"{T}conditional": 0.0,
}
OLD = BEFORE | TRUCES_BEFORE
NEW = {key: getattr(getattr(Coefficients(), group), name) for key in OLD for _, group, name in [key.split(".")]}
PARTS = {
    "old coefficients weighed anew": [
        *(f"{A}{name}" for name in ("temperature", "guarantee", "pull", "objection")),
        *(f"{P}{name}" for name in ("weariness", "stalemate", "gain", "momentum_weight")),
        f"{T}breach",
        f"{T}forgiving",
    ],
    "terms": [f"{A}content"],
    "kinds and signature": [
        f"{A}bar_{name}" for name in ("call", "resolution", "mediated", "bilateral", "unilateral", "signed")
    ],
    "answers with conditions": [f"{A}reserve", f"{T}partial_scope", f"{T}conditional"],
    "moods of a share": [f"{A}mood_half_life", f"{A}mood_share"],
    "lives and ageing of truces": [f"{T}{name}" for name in ("declared_days", "signed_days", "shape", "patience")],
}
MEASURES = {
    "answer.moscow-ankara-call.LNA": "first call",
    "answer.call-renewed.LNA": "renewed",
    "answer.moscow-text.LNA": "Moscow text",
    "truce.holds_to_end": "truce on 1 March",
}


def ways() -> dict[str, dict[str, Any]]:
    """Changes to the model as it is, by name."""
    found: dict[str, dict[str, Any]] = {"**as it was**": OLD}
    found |= {f"as it was, with {name}": OLD | {key: NEW[key] for key in keys} for name, keys in PARTS.items()}
    found["**as it is**"] = {}
    found |= {f"as it is, without {name}": {key: OLD[key] for key in keys} for name, keys in PARTS.items()}
    return found


def on_record(name, changes, since=""):
    """The mean Brier score of a war's answers, given from a day on."""
    scenario = sim.load_scenario(name).replace(changes)
    asked = answers_on_record(scenario)
    chosen = np.array([item.given >= since for item in asked])
    grade = np.array([item.grade for item in asked])
    return SCORES["brier"](hindcast(scenario, RECORDED, SEED).mean(axis=0), grade)[chosen].mean()


def corpus(changes):
    """The mean over the ten wars of their Brier and ranked probability scores, and the calibration slope."""
    wars = [replace(case, scenario=case.scenario.replace(changes)) for case in cases(SETTLED)]
    both = Wars(SETTLED, tuple(wars))
    found = scored(both, {"model": forecast(both, {}, 1, LUCKS, SEED)[0]}, simple(SETTLED)).sel(forecast="model")
    mean = found.mean_score.sel(bound="value")
    return float(mean.sel(score="brier")), float(mean.sel(score="rps")), float(found.slope.sel(bound="value"))


def main():
    head = ["model", *(f"LNA: {name}" if name != "truce on 1 March" else name for name in MEASURES.values())]
    head += ["Libya", "Libya, from March 2020", "Yemen", "ten wars", "ten wars, RPS", "slope"]
    rows = []
    for name, changes in ways().items():
        read = read_runs(sim.load_scenario(JANUARY).replace(changes), list(MEASURES), RUNS, SEED)
        shares = [100 * np.mean(read[key][~np.isnan(read[key])] >= 0.5) for key in MEASURES]
        scores = [
            *(on_record(LIBYA, changes, since) for since in ("", "2020-03-01")),
            on_record(YEMEN, changes),
            *corpus(changes),
        ]
        rows.append([name, *(f"{x:.0f} %" for x in shares), *(f"{x:.3f}" for x in scores[:-1]), f"{scores[-1]:.2f}"])
        print(rows[-1], flush=True)
    fill("parts", table(head, rows))


if __name__ == "__main__":
    main()
