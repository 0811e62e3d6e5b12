"""Fills the tables of docs/validation-yemen.md; run it by ``python -m benchmarks.yemen``."""

from __future__ import annotations

from datetime import date as Date

import numpy as np

import simulation as sim
from benchmarks.blocks import ROOT, fill, table, three
from simulation.questions.record.hindcast import MODEL, answers_on_record
from simulation.questions.record.validation import validate
from simulation.runs.results import paired_difference

PAGE = ROOT / "docs" / "validation-yemen.md"
STORY, AT_WAR = "yemen-2018-2022", "yemen-2018-2022-south-at-war"
RUNS, SEED = 1000, 1
TRUCES = {
    "stockholm": "Houthis+Government",
    "riyadh": "Government+STC",
    "abyan": "Government+STC",
    "truce-april": "Houthis+Government",
}
"""Offers that began a truce, and whose."""

SHOWN = 0.02
"""The least difference between the twins that is shown."""


def scores(scenario):
    """Every forecast's score, and the model's lead over the simple ones."""
    found = validate(scenario, Date(2018, 9, 2), runs=RUNS, draws=0, seed=SEED).result
    baselines = list(map(str, found.baseline.values))
    rows = []
    for name in map(str, found.forecast.values):
        lead = ""
        if name in baselines:
            lead = three(found.lead.sel(forecast=MODEL, baseline=name, part="after", score="brier"), "+")
        rows.append([name, three(found.mean_score.sel(forecast=name, part="after", score="brier")), lead])
    return table(["forecast", "Brier", "the model's lead"], rows)


def answers(scenario, made, at_war):
    """How often a party says yes, in full, and how much oftener where the south stays at war."""
    rows = []
    for item in answers_on_record(scenario):
        here = made.answer.sel(offer=item.offer, party=item.party).values
        asked = ~np.isnan(here)
        yes, full = here[asked] >= 0.5, here[asked] == 1
        change = "never"
        if item.offer in at_war.offer.values:
            there = at_war.answer.sel(offer=item.offer, party=item.party).values
            more = (there[asked] >= 0.5).astype(float) - yes
            found = paired_difference(float(more.sum()), float((more**2).sum()), len(more))
            change = three(found, "+", 2) if abs(found[0]) >= SHOWN else ""
        rows.append(
            [
                f"{item.day} {item.offer}, {item.party}",
                f"{yes.mean():.2f}",
                f"{full.mean():.2f}",
                f"{item.grade:g}",
                change,
            ]
        )
    return table(["answer", "yes", "without conditions", "record", "yes, south at war"], rows)


def truces(scenario, made):
    """How long the truces of two lived that an offer began, and what was to become of them by the end."""
    rows = []
    for offer, pair in TRUCES.items():
        event = next(event for event in scenario.events if event.name == offer)
        first = scenario.step_of(event.on)
        held = made.pair_truce.sel(pair=pair).values[:, first:]
        accepted = (made.answer.sel(offer=offer, party=pair.split("+")) >= 0.5).all("party").values
        start = np.where(held[:, 1:4].any(axis=1), held[:, 1:4].argmax(axis=1) + 1, 0)
        began = accepted & ~held[:, 0] & (start > 0)
        after = np.take_along_axis(
            held, np.minimum(start[:, None] + np.arange(held.shape[1]), held.shape[1] - 1), axis=1
        )
        days = np.where(after.all(axis=1), np.inf, (~after).argmax(axis=1) * scenario.step_days)[began]
        low, middle, high = np.quantile(days, (0.25, 0.5, 0.75), method="inverted_cdf")
        lived = " … ".join("to the end" if np.isinf(value) else f"{value:.0f}" for value in (low, middle, high))
        rows.append(
            [f"{offer}, {pair.replace('+', ' and ')}", f"{began.mean():.2f}", lived, f"{np.isinf(days).mean():.2f}"]
        )
    return table(
        [
            "truce",
            "begun in a share of runs",
            "days lived: quarter … median … three quarters",
            "of these stood to the end of 2022",
        ],
        rows,
    )


def main():
    scenario, twin = sim.load_scenario(STORY), sim.load_scenario(AT_WAR)
    made, at_war = (sim.run_ensemble(way, runs=RUNS, seed=SEED) for way in (scenario, twin))
    fill("yemen-scores", scores(scenario), PAGE)
    fill("yemen-answers", answers(scenario, made, at_war), PAGE)
    fill("yemen-truces", truces(scenario, made), PAGE)


if __name__ == "__main__":
    main()
