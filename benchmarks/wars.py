"""The corpus of wars forecast and scored; ``python -m benchmarks.wars`` writes what came of it into docs/validation.md.

Between ``<!-- name -->`` and ``<!-- end -->`` the page is written here; the rest of it is written by hand.
"""

from __future__ import annotations

import time

import simulation as sim
from benchmarks.validation import FOLDER, fill
from simulation.questions.record.benchmark.describe import HEADLINE
from simulation.questions.record.benchmark.forecasts import ABOUT, FLOOR, MODEL
from simulation.questions.record.benchmark.truces import ABOUT_TRUCES
from simulation.scenario import bundled
from simulation.show.plots.saving import save_figure

RUNS, SEED = 1000, 1
SHOWN = (
    MODEL,
    "base rate of the other wars",
    "ridge logistic on the coded conditions",
)


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
        known = steep[0] == steep[0] and name not in (FLOOR, "base rate of the other wars")
        cells.append(f"{steep[0]:.2f} ({steep[1]:.2f}–{steep[2]:.2f})" if known else "")
        lines.append(f"| {name} | {' | '.join(cells)} | {ABOUT.get(name, '')} |")
    return "\n".join(lines)


def each_war(result):
    here = result.war_score.sel(part=HEADLINE, score="brier").isel(coding=0)
    count = result["count"].sel(part=HEADLINE).isel(coding=0)
    shown = [*SHOWN, FLOOR]
    lines = [f"| war | answers | {' | '.join(shown)} |", f"| --- |{' ---: |' * (len(shown) + 1)}"]
    for war in result.war.values:
        cells = [f"{float(here.sel(war=war, forecast=name)):.3f}" for name in shown]
        lines.append(f"| {war} | {int(count.sel(war=war))} | {' | '.join(cells)} |")
    return "\n".join(lines)


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


def main():
    begun = time.perf_counter()
    found = sim.benchmark(bundled() / "wars", runs=RUNS, seed=SEED)
    seconds = time.perf_counter() - begun
    result, said = found.result, found.summary
    fill("wars-verdict", "\n".join(f"- {words}" for words in said["verdict"]))
    fill("wars-scores", scores(result))
    fill("wars-each", each_war(result))
    fill("wars-truces", "\n".join(f"- {words}" for words in said["truces"]["verdict"]) + "\n\n" + truces(result))
    save_figure(sim.plot(found)["benchmark"], FOLDER, "wars", dpi=110)["svg"].unlink()
    print(found)
    print(f"{seconds:.0f} seconds")


if __name__ == "__main__":
    main()
