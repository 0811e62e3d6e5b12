"""The figures for January 2020: who accepts what in the README, and what what-ifs change in docs/questions-trust.md.

python -m benchmarks.january [BLOCK ...]      ``january`` and ``january-what-ifs``; both, if none is named
"""

from __future__ import annotations

import sys

import numpy as np

import simulation as sim
from benchmarks.blocks import ROOT, fill
from simulation.questions.robust.describe import signs
from simulation.runs.ensemble import read_runs
from simulation.runs.results import mean_interval, paired_difference
from simulation.runs.results.wording import clearly, difference, fixed, percent, scale
from simulation.scenario.measures import parse
from simulation.show.plots.answers import figure_answers
from simulation.show.plots.saving import save_figure

STORY = "libya-2020-01"
WHAT_IFS = ("no-deployment", "no-wagner", "no-airlift", "egypt-uae-join", "one-europe", "monitored")
MEASURES = {
    "answer.moscow-ankara-call.LNA": "LNA accepts the first call",
    "answer.call-renewed.LNA": "… the call renewed",
    "answer.moscow-text.LNA": "… signs in Moscow",
    "truce.holds_to_end": "a truce is in force on 1 March",
    "truce.days": "days held within the window",
}
BEFORE = {
    "moscow-ankara-call": {"LNA": 16, "GNA": 92},
    "call-renewed": {"LNA": 35, "GNA": 93},
    "moscow-text": {"LNA": 2, "GNA": 87},
    "berlin": {"LNA": 55, "GNA": 97},
    "geneva-1": {"LNA": 34, "GNA": 96},
    "geneva-2": {"LNA": 33, "GNA": 92},
}
"""Yeses in a hundred of as many runs, before offers had kinds and terms and the defaults were learnt from ten wars."""
TRUCE_BEFORE = "Before, one started in 88 %, the first held 5 days, and in 32 % one was in force."
RUNS, SEED = 10_000, 1
STRUCTURES, EACH = 128, 256
"""Structures of the model under which the what-ifs are asked again, and runs of each."""


def january(scenario):
    """Who accepts what, with conditions and without, beside what it was and what happened; and the picture of it."""
    result = sim.run_ensemble(scenario, runs=RUNS, seed=SEED, keep="summary")
    pictures = ROOT / "docs" / "pictures"
    save_figure(figure_answers(result), pictures, "january-answers", dpi=110)
    (pictures / "january-answers.svg").unlink()
    summary = sim.summarise(result)
    record = {(entry.offer, entry.party): entry for entry in scenario.record}
    parties = ("LNA", "GNA")
    titles = [f"{party} accepts | in full | before | what it did" for party in parties]
    lines = [f"| offer | {' | '.join(titles)} |", f"| --- |{' ---: | ---: | ---: | --- |' * len(parties)}"]
    for offer, asked in summary["offers"].items():
        event = next(event for event in scenario.events if event.name == offer)
        cells = [f"{event.label}, {event.on.day} {event.on:%B}"]
        for party in parties:
            answer = asked[party]
            cells += [percent(answer), f"{100 * answer['full']['chance']:.0f} %", f"{BEFORE[offer][party]} %"]
            cells += [record[offer, party].label]
        lines.append(f"| {' | '.join(cells)} |")
    truce = summary["truce"]
    held = "beyond the window" if truce["median_days"] is None else f"{truce['median_days']:g} days"
    lines += [
        "",
        f"A truce starts in {percent(truce['starts'])} of runs; the first holds {held}",
        f"in the median. One is in force on 1 March in {percent(truce['holds_to_end'])}. {TRUCE_BEFORE}",
        "In the event, a lull began on 12 January and was broken by an attack on the 26th.",
        "",
        f"{RUNS:,} runs, seed {SEED}. *Accepts*: a yes with or without conditions, with the 95 % interval of chance",
        "alone; *in full*: without; *before*: a yes before the defaults were learnt from ten wars.",
        "Made by `python -m benchmarks.january`.",
    ]
    return "\n".join(lines)


def change(name, scenario, here, there, structures):
    """What a what-if changes, with the interval of paired runs; below it, what it changes in nine tenths of the
    structures and, where chance does not explain it, the share of all in which the sign holds."""
    unit = parse(name, scenario).unit
    times = scale(unit)
    apart = there - here
    apart = apart[~np.isnan(apart)]
    interval = paired_difference if unit == "chance" else mean_interval
    value, low, high = interval(float(apart.sum()), float((apart**2).sum()), len(apart))
    found = [structures[key].sel(measure=name).values for key in ("difference", "difference_low", "difference_high")]
    least, most = times * np.nanquantile(found[0], (0.05, 0.95))
    held = signs(*found, sign=value)["sign_holds"] if clearly(low, high) else None
    return f"{difference(value, low, high, unit)}<br>{fixed(least, '+.1f')} to {fixed(most, '+.1f')}" + (
        "" if held is None else f", {100 * held:.0f} %"
    )


def what_ifs(scenario):
    """What each what-if of January changes."""
    names = list(MEASURES)
    others = {what: sim.load_scenario(f"{STORY}-{what}") for what in WHAT_IFS}
    structures = sim.robust(scenario, others, names, variants=STRUCTURES, codings=0, runs=EACH, seed=SEED).result
    base = read_runs(scenario, names, RUNS, SEED)
    lines = [
        f"| what if | {' | '.join(MEASURES.values())} |",
        f"| --- | {' | '.join('---:' for _ in MEASURES)} |",
    ]
    for what, other in others.items():
        found = read_runs(other, names, RUNS, SEED)
        cells = [change(name, scenario, base[name], found[name], structures.sel(other=what)) for name in names]
        lines.append(f"| {other.title.split(': ', 1)[1]} | {' | '.join(cells)} |")
    return "\n".join(lines)


def what_ifs_block(scenario):
    """The table of what-ifs, with how to read it."""
    return f"""What each changes, [as stated](scenarios.md#backers-that-react), backers not reacting
(`ceasefire compare A B --with-reactions` shows both), with common random numbers: in percentage points; in the last
column in days, over runs with a truce in both. In brackets the 95 % interval of chance alone. On the second line
how far it can be trusted: what the what-if changes in nine tenths of {STRUCTURES} [structures of the
model](#robust) that are as defensible and, where chance does not explain the change, in how many of them it has the
same sign.

{what_ifs(scenario)}

{RUNS:,} runs each, {EACH} under each structure, seed {SEED}. Made by `python -m benchmarks.january`."""


BLOCKS = {"january": ("README.md", january), "january-what-ifs": ("docs/questions-trust.md", what_ifs_block)}


def main(names):
    scenario = sim.load_scenario(STORY)
    for name in names or BLOCKS:
        page, make = BLOCKS[name]
        fill(name, make(scenario), ROOT / page)


if __name__ == "__main__":
    main(sys.argv[1:])
