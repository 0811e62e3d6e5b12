"""Two of three stop: the truce of April 2022 in Yemen; ``python -m benchmarks.truce_of_two`` writes it into the manual.

In the twin in which the south stays at war, the separatists fight both others. The same runs are made with and without
the four offers of 2022, which bind the Houthis and the government alone, and compared where the first truce began.
"""

from __future__ import annotations

from datetime import date as Date

import simulation as sim
from benchmarks.blocks import fill, table

STORY = "yemen-2018-2022-south-at-war"
OFFERS = ("truce-april", "truce-june", "truce-august", "truce-october")
DAYS = ("2022-03-24", "2022-06-22", "2022-09-30")
RUNS, SEED = 1000, 1


def main():
    scenario = sim.load_scenario(STORY)
    events = tuple(event for event in scenario.events if event.name not in OFFERS)
    record = tuple(entry for entry in scenario.record if entry.offer not in OFFERS)
    kept = {"events": events, "record": record, "truces": (), "fortune": (), "expect": ()}
    without = scenario.model_copy(update=kept)
    made, unmade = (sim.run_ensemble(way, runs=RUNS, seed=SEED) for way in (scenario, without))
    began = (made.answer.sel(offer=OFFERS[0], party=["Houthis", "Government"]) > 0).all("party").values
    at = {day: scenario.step_of(Date.fromisoformat(day)) for day in DAYS}
    rows = []
    for pair in map(str, made.pair.values):
        cells = [
            f"{100 * float(way.stilled.sel(pair=pair).isel(step=at[day]).values[began].mean()):.0f} %"
            for day in DAYS
            for way in (made, unmade)
        ]
        rows.append([f"fighting stilled, {pair.replace('+', ' and ')}", *cells])
    for party in map(str, made.party.values):
        for name, words in (("control", "ground of"), ("exhaustion", "exhaustion of")):
            cells = [
                f"{100 * float(way[name].sel(party=party).isel(step=at[day]).values[began].mean()):.1f} %"
                for day in DAYS
                for way in (made, unmade)
            ]
            rows.append([f"{words} {party}", *cells])
    heads = [f"{day}, {words}" for day in DAYS for words in ("with", "without")]
    said = f"Both accept in April 2022 in {100 * began.mean():.0f} % of {RUNS:,} runs; means over these runs, with the "
    said += "offers of that year and without."
    fill("truce-of-two", f"{said}\n\n{table(['', *heads], rows)}")


if __name__ == "__main__":
    main()
