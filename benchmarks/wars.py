"""The corpus of wars forecast and scored; ``python -m benchmarks.wars`` writes what came of it into docs/validation.md.

Between ``<!-- name -->`` and ``<!-- end -->`` the page is written here; the rest is written by hand. Beside the model
as it is stand the model before it learnt from these wars (docs/validation/wars-before.json, kept as it was at its
commit) and, from docs/validation/learning.json, each war by what the other nine teach.
"""

from __future__ import annotations

import json
import time

import numpy as np

import simulation as sim
from benchmarks.blocks import fill, table, three
from benchmarks.learning import DEFAULTS, SCORES
from benchmarks.validation import FOLDER
from simulation.questions.record.benchmark.describe import HEADLINE
from simulation.questions.record.benchmark.forecasts import ABOUT, FLOOR, MODEL
from simulation.questions.record.benchmark.truces import ABOUT_TRUCES, ELSEWHERE, WORLD
from simulation.questions.record.pooled.left_out import LEARNT
from simulation.scenario import bundled
from simulation.show.plots.saving import save_figure

RUNS, SEED = 300, 1
BEFORE = FOLDER / "wars-before.json"
OLD, REST = "model", "model, opening stances at rest"
RATE, RIDGE = "base rate of the other wars", "ridge logistic on the coded conditions"
SHOWN = (MODEL, RATE, RIDGE, FLOOR)


def cell(values):
    """A mean and its interval."""
    value, low, high = (float(x) for x in values)
    if value != value:
        return ""
    return f"{value:.3f}" + (f" ({low:.2f}–{high:.2f})" if low == low else "")


def scores(result):
    codings = [str(name) for name in result.coding.values]
    heads = [
        *(f"Brier, {name}" for name in codings),
        f"RPS, {codings[0]}",
        f"log, {codings[0]}",
        f"slope, {codings[0]}",
    ]
    lines = [f"| forecast | {' | '.join(heads)} | |", f"| --- |{' ---: |' * len(heads)} --- |"]
    here = result.mean_score.sel(part=HEADLINE)
    for name in map(str, result.forecast.values):
        of = here.sel(forecast=name)
        cells = [cell(of.sel(coding=coding, score="brier")) for coding in codings]
        cells += ["" if name == FLOOR else cell(of.sel(coding=codings[0], score=score)) for score in ("rps", "log")]
        steep = [float(x) for x in result.slope.sel(coding=codings[0], forecast=name)]
        known = steep[0] == steep[0] and name not in (FLOOR, RATE)
        cells.append(f"{steep[0]:.2f} ({steep[1]:.2f}–{steep[2]:.2f})" if known else "")
        lines.append(f"| {name} | {' | '.join(cells)} | {ABOUT.get(name, '')} |")
    return "\n".join(lines)


def held_out():
    """What leaving one war out gave for the variant that was chosen, by coding."""
    kept = json.loads(SCORES.read_text(encoding="utf-8"))
    return {row["coding"]: row["scores"][LEARNT] for row in kept if row["variant"] == DEFAULTS}


def compare(result, before):
    """The model before and after it learnt, in the wars that it learnt from and in wars that it did not."""
    rows, out = [], held_out()
    for coding in map(str, result.coding.values):
        for name, words in ((OLD, "before"), (REST, "before, opening stances at rest")):
            of = before["scores"][name][coding]
            rows.append([coding, words, three(of["brier"]), three(of["rps"]), three(of["slope"])])
        of = result.mean_score.sel(part=HEADLINE, forecast=MODEL, coding=coding)
        steep = result.slope.sel(coding=coding, forecast=MODEL)
        cells = [three(of.sel(score=score)) for score in ("brier", "rps")]
        rows.append([coding, "as it is: learnt from these same wars", *cells, three(steep)])
        cells = [three(out[coding][score]) for score in ("brier", "rps", "slope")]
        rows.append([coding, "**each war by what the other nine teach**", *cells])
        for name in (RATE, RIDGE):
            of = result.mean_score.sel(part=HEADLINE, forecast=name, coding=coding)
            steep = result.slope.sel(coding=coding, forecast=name) if name == RIDGE else None
            cells = [three(of.sel(score=score)) for score in ("brier", "rps")]
            rows.append([coding, name, *cells, "" if steep is None else three(steep)])
    return table(["coding", "forecast", "Brier", "RPS", "slope"], rows)


def each_war(result, before):
    """Brier scores war by war and coding by coding."""
    here = result.war_score.sel(part=HEADLINE, score="brier")
    count, out = result["count"].sel(part=HEADLINE), held_out()
    heads = ["before", "before, at rest", "as it is", "**left out**", "base rate", "ridge", "least possible"]
    rows = []
    for war in map(str, result.war.values):
        for coding in map(str, result.coding.values):
            now = [float(here.sel(war=war, coding=coding, forecast=name)) for name in SHOWN]
            then = [before["wars"][name][coding][war] for name in (OLD, REST)]
            cells = [*then, now[0], out[coding]["wars"][war], *now[1:]]
            answers = str(int(count.sel(war=war, coding=coding)))
            rows.append([f"{war}, {coding}", answers, *(f"{value:.3f}" for value in cells)])
    return table(["war, coding", "answers", *heads], rows)


def truce_shares(result, before):
    """What became of truces, and what was to become of them, as shares of all truces that were watched so long."""
    rows = []
    chosen = np.array([str(name).startswith(f"{result.coding.values[0]}:") for name in result.truce.values])
    here = result.isel(truce=chosen)
    known = (here.truce_fate >= 0) & here.truce_chance.sel(truce_forecast=MODEL).notnull().all("fate")
    for place, days in enumerate(result.horizon.values):
        used = known.sel(horizon=days).values
        fate = here.truce_fate.sel(horizon=days).values[used]
        lines = {"observed": [float((fate == which).mean()) for which in range(result.sizes["fate"])]}
        lines["model, lives before"] = before["truces"][place]
        for name, words in ((MODEL, "model"), (WORLD, WORLD), (ELSEWHERE, ELSEWHERE)):
            lines[words] = list(here.truce_chance.sel(truce_forecast=name, horizon=days).values[used].mean(axis=0))
        for name, shares in lines.items():
            cells = [f"{100 * share:.0f} %" for share in shares]
            rows.append([f"day {days} ({used.sum()} truces), {name}", *cells])
    return table(["after", *map(str, result.fate.values)], rows)


def truces(result):
    here = result.truce_score.isel(coding=0)
    heads = [f"{measure}, day {days}" for measure in ("fate", "broken") for days in result.horizon.values]
    lines = [f"| forecast | {' | '.join(heads)} | |", f"| --- |{' ---: |' * len(heads)} --- |"]
    for name in map(str, result.truce_forecast.values):
        cells = [
            cell(here.sel(truce_forecast=name, truce_measure=measure, horizon=days))
            for measure in ("fate", "broken")
            for days in result.horizon.values
        ]
        lines.append(f"| {name} | {' | '.join(cells)} | {ABOUT_TRUCES[name]} |")
    return "\n".join(lines)


def write(found):
    """Fill the page, and draw the picture."""
    result, said = found.result, found.summary
    before = json.loads(BEFORE.read_text(encoding="utf-8"))
    fill("wars-verdict", "\n".join(f"- {words}" for words in said["verdict"]))
    fill("wars-compare", compare(result, before))
    fill("wars-scores", scores(result))
    fill("wars-each", each_war(result, before))
    fill("wars-truces", "\n".join(f"- {words}" for words in said["truces"]["verdict"]) + "\n\n" + truces(result))
    fill("wars-lives", truce_shares(result, before))
    save_figure(sim.plot(found)["benchmark"], FOLDER, "wars", dpi=110)["svg"].unlink()


def main():
    begun = time.perf_counter()
    found = sim.benchmark(bundled() / "wars", runs=RUNS, seed=SEED)
    print(found)
    print(f"{time.perf_counter() - begun:.0f} seconds")
    write(found)


if __name__ == "__main__":
    main()
