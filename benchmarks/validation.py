"""Fills the tables and pictures of docs/validation.md. Run it by ``python -m benchmarks.validation``; it takes minutes.

Between ``<!-- name -->`` and ``<!-- end -->`` the page is written here; the rest of it is written by hand. With names,
as in ``python -m benchmarks.validation scores tried``, only those tables and pictures are made again.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from functools import cache

import numpy as np
from scipy.stats import spearmanr

import simulation as sim
from benchmarks.blocks import ROOT, fill, table, three
from simulation.dynamics.answers import KINDS
from simulation.questions.record.ablation import ablate
from simulation.questions.record.calibration import calibrate
from simulation.questions.record.describe import resemblances, verdict
from simulation.questions.record.hindcast import MODEL, answers_on_record, hindcast
from simulation.questions.record.recovery import recover
from simulation.questions.record.scores import SCORES
from simulation.questions.record.validation import validate
from simulation.rules import RULES
from simulation.runs.results.wording import fixed
from simulation.show.plots.ablation import figure_ablation
from simulation.show.plots.calibration import brief, figure_calibration, figure_pairs, figure_recovery
from simulation.show.plots.saving import save_figure
from simulation.show.plots.validation import figure_validation

FOLDER = ROOT / "docs" / "validation"
FREE, FRONT, DAILY = "libya-2019-2020", "libya-2019-2020-given-front", "libya-2019-2020-daily"
IDENTIFIED = ["coefficients.answers.temperature", "coefficients.answers.pull"]
HISTORIES = 60
SLOW = {"expected-utility": 150, "spatial": 150}
"""Rules of which a run takes tens of times as long as of the rest: runs, and draws in each round."""


def scores(found):
    """Every forecast's scores before and after the split."""
    counts = {part: int(found["count"].sel(part=part)) for part in found.part.values}
    head = ["forecast", f"Brier, before ({counts['before']})", f"Brier, after ({counts['after']})"]
    head += [f"log, after ({counts['after']})", f"Brier, after, others' offers ({list(counts.values())[2]})"]
    rows = []
    for name in found.forecast.values:
        here = found.mean_score.sel(forecast=name)
        rows.append(
            [
                str(name),
                three(here.sel(part="before", score="brier")),
                three(here.sel(part="after", score="brier")),
                three(here.sel(part="after", score="log")),
                f"{float(here.sel(part=list(counts)[2], score='brier', bound='value')):.3f}",
            ]
        )
    return table(head, rows)


def leads(found):
    """The model against every baseline, out of sample."""
    rows = []
    for name in (MODEL, str(found.forecast.values[1])):
        for baseline in found.baseline.values:
            here = found.lead.sel(forecast=name, baseline=baseline, part="after")
            rows.append([f"{name}, over '{baseline}'", *(three(here.sel(score=score), "+") for score in SCORES)])
    return table(["lead after the split", "Brier", "log"], rows)


def answers(free, front):
    """Each recorded answer with the forecasts of both modes."""
    rows = []
    for place in range(free.sizes["answer"]):
        one, other = free.isel(answer=place), front.isel(answer=place)
        chance = [f"{100 * float(one[name][0]):.0f}" for name in ("chance", "low", "high")]
        own = " (its own offer)" if bool(one.own) else ""
        rows.append(
            [
                f"{str(one.day.values)[:10]} {one.offer.item()}, {one.party.item()}{own}",
                f"{float(one.grade):.2f}",
                f"{chance[0]} % ({chance[1]}–{chance[2]})",
                f"{100 * float(one.chance[1]):.0f} %",
                f"{100 * float(other.chance[0]):.0f} %",
            ]
        )
    return table(["answer", "given", "model (5–95 % of runs)", "fitted before the split", "front line imposed"], rows)


def rule_scores(scenario):
    """Every stance rule, as it is and fitted."""
    rows = []
    for rule in RULES:
        runs = SLOW.get(rule, 1000)
        way = scenario if rule == scenario.rule.name else scenario.replace({"rule": rule})
        draws = min(4 * runs, 4000) if rule not in SLOW else runs
        found = validate(way, runs=runs, draws=draws, rounds=4).result
        for place, word in enumerate(("as it is", "fitted")):
            here = found.mean_score.isel(forecast=place)
            cells = [three(here.sel(part=part, score="brier")) for part in ("before", "after")]
            rows.append([f"{rule}, {word}", *cells, three(here.sel(part="after", score="log"))])
        print(rule, flush=True)
    return table(["stance rule", "Brier, before", "Brier, after", "log, after"], rows)


def ablation(free, front):
    """What the score loses without each part, out of sample and in."""
    rows = []
    value = free.cost.sel(fit="as given", period="after", score="brier", bound="value").values
    for place in np.argsort(-value):
        name = str(free.without.values[place])
        if place == 0:
            continue
        cells = [
            three(found.cost.sel(without=name, fit=fit, period=period, score="brier"), "+")
            for found, fit, period in (
                (free, "as given", "after"),
                (free, "fitted", "after"),
                (front, "as given", "after"),
                (free, "as given", "before"),
            )
        ]
        rows.append([name, *cells])
    head = ["without", "after, as given", "after, rest fitted", "after, front line imposed", "before, as given"]
    return table(head, rows)


def learnt(posterior, known):
    """Every coefficient: what the answers say of it, and whether it is found when it is known."""
    rows = []
    for place in np.argsort(-posterior.told_apart.values):
        here, there = posterior.isel(coefficient=place), known.isel(coefficient=place)
        low, high = (float(number) for number in here.interval)
        covered = [100 * float(number) for number in there.covered]
        rows.append(
            [
                brief(str(here.coefficient.item())),
                f"{float(here.default):.3g}",
                f"{float(here.prior_mean):.3g} ± {float(here.prior_sd):.2g}",
                f"{float(here['mean']):.3g} ({low:.3g} to {high:.3g})",
                f"{100 * max(float(here.told_apart), 0):.0f} %",
                f"{covered[0]:.0f} % ({covered[1]:.0f}–{covered[2]:.0f})",
                fixed(float(there.found), "+.2f"),
            ]
        )
    head = ["coefficient", "default", "prior", "posterior (90 %)", "learnt", "covered", "found (r)"]
    return table(head, rows)


def recovery_words(posterior, known):
    """Coverage over all, and pairs that stand in for each other."""
    share, low, high = (100 * float(number) for number in known.covered_all)
    pairs = resemblances(known, 0.12)[:6]
    alike = "; ".join(f"{brief(one)} and {brief(other)} ({fixed(value, '+.2f')})" for one, other, value in pairs)
    found = [brief(str(name)) for name in known.coefficient.values[known.found.values >= 0.5]]
    lost = int((known.found.values < 0.3).sum())
    return (
        f"Over {known.sizes['history']} simulated histories and all {known.sizes['coefficient']} numbers, {share:.1f} "
        f"% of the 90 % intervals hold the truth ({low:.1f} to {high:.1f}). Found again (r of 0.5 or more between "
        f"posterior means and truth): {', '.join(found) or 'none'}. Hardly or not found (r below 0.3): {lost} of the "
        f"rest. Most alike in the posterior: {alike or 'none to speak of'}. Effective draws: "
        f"{float(posterior.effective[-1]):,.0f} for the observed answers, "
        f"median {float(known.effective.median()):,.0f} and least {float(known.effective.min()):,.0f} for the "
        "simulated ones."
    )


def few(scenario):
    """The fit of the coefficients that can be told apart alone, the rest at their defaults."""
    rows = []
    for name, keys in (("all", None), ("temperature and pull alone", IDENTIFIED)):
        found = calibrate(scenario, keys=keys).result
        used, grade = found.used.values.astype(bool), found.grade.values
        for word in ("prior", "posterior"):
            chance = found[f"chance_{word}"].values
            cells = [
                f"{score(chance[chosen], grade[chosen]).mean():.3f}"
                for score in SCORES.values()
                for chosen in (used, ~used)
            ]
            rows.append([f"{name}, {word}", *cells])
    return table(["fitted", "Brier, before", "Brier, after", "log, before", "log, after"], rows)


def fighting(free):
    """Simulated fighting against coded events and deaths, and momentum against coded fortunes."""
    events = tomllib.loads((ROOT / "seeds" / "timeline.toml").read_text())["timeline"]
    deaths = {
        row["date"]: row["deaths"]["best"]
        for row in tomllib.loads((ROOT / "seeds" / "deaths.toml").read_text())["deaths"]
    }
    coded: Counter[str] = Counter()
    for row in events:
        sizes = [effect["magnitude"] for effect in row["effects"] if effect["kind"] in ("territory", "violation")]
        coded[row["date"][:7]] += max(sizes, default=0)
    months = [str(month) for month in free.month.values]
    ours = free.intensity.values
    theirs = np.array([coded[month] for month in months])
    control = np.abs(np.diff(free.control.values[:, 0], prepend=free.control.values[0, 0]))
    rows = [
        [month, f"{100 * value:.0f} %", str(size), f"{100 * held:.0f} %"]
        for month, value, size, held in zip(months, ours, theirs, free.control.values[:, 0], strict=True)
    ]
    first = free.party.values == free.party.values[0]
    fortune, momentum = free.fortune.values[first], free.momentum.values[first]
    right = np.sign(fortune) == np.where(np.abs(momentum) < 0.0002, 0, np.sign(momentum))
    early, late = (np.array([year in month for month in months]) for year in ("2019-", "2020-"))
    pairs = ((ours, theirs), (control, theirs), (fortune, momentum))
    intensity, ground, fortunes = (fixed(spearmanr(*pair).statistic, "+.2f") for pair in pairs)
    words = (
        f"Rank correlation over {len(months)} months: {intensity} between the intensity "
        f"of fighting and the coded towns taken and truces broken, {ground} between "
        f"the ground that changes hands and the same. Mean intensity is {100 * ours[early].mean():.0f} % in 2019 and "
        f"{100 * ours[late].mean():.0f} % in 2020; battle deaths fell from {deaths['2019']:,} to {deaths['2020']:,}. "
        f"The simulated momentum at each offer to the {free.party.values[0]} and its coded fortune: rank correlation "
        f"{fortunes} (n = {first.sum()}), the same sign in {right.sum()}."
    )
    return words, table(
        ["month", "intensity of fighting", "coded events", f"ground of the {free.side.values[0]}"], rows
    )


def truces(free):
    """How long truces held, beside the world's and this war's."""
    world = {
        row["value"]: row["median_days"]
        for row in tomllib.loads((ROOT / "seeds" / "ceasefire_durations.toml").read_text())["ceasefire_durations"]
        if row["field"] == "written"
    }
    offers = tomllib.loads((ROOT / "seeds" / "offers.toml").read_text())["offers"]
    held = sorted(row["held_days"] for row in offers if "held_days" in row)
    rows = [
        [
            form,
            str(int(free.truces.sel(form=form))),
            "over half stood to the end" if np.isnan(value) else f"{value:.0f} days",
            f"{world[kind]:g} days",
            "of those that began, " + ", ".join(f"{days:g}" for days in held) + " days"
            if form == "declared"
            else "stood",
        ]
        for form, kind in (("declared", "not written"), ("signed", "written"))
        for value in [float(free.median_days.sel(form=form))]
    ]
    return table(["form", "truces simulated", "median life", "world median", "this war"], rows)


def grain(scenario):
    """How much the length of a step changes."""
    weeks, days = hindcast(scenario, 2000).mean(axis=0), hindcast(sim.load_scenario(DAILY), 2000).mean(axis=0)
    apart = np.abs(weeks - days)
    worst = answers_on_record(scenario)[int(apart.argmax())].name
    return (
        f"By the day instead of by the week, the chances of the {len(apart)} answers differ by {apart.mean():.3f} on "
        f"average and by {apart.max():.3f} at most ({worst})."
    )


def tried(*scenarios):
    """What other numbers would have scored, all with the coefficients as given."""
    ways = {
        "as bundled": {},
        "preferences at parity as first coded, 15 and 43": {"actors.LNA.base": 15, "actors.GNA.base": 43},
        "preferences at parity left at the opening stances, 8 and 30": {"actors.LNA.base": 8, "actors.GNA.base": 30},
        "temperature 10, as it was": {"coefficients.answers.temperature": 10},
        "temperature 20": {"coefficients.answers.temperature": 20},
        "kinds and signature alike": {f"coefficients.answers.bar_{name}": 0 for name in (*KINDS, "signed")},
        "every answer drawn anew": {"coefficients.answers.mood_half_life": 0},
        "gain 120, as it was": {"coefficients.appraisal.gain": 120},
        "gain 200": {"coefficients.appraisal.gain": 200},
        "momentum weight 0.6": {"coefficients.appraisal.momentum_weight": 0.6},
        "momentum scale 0.001": {"coefficients.appraisal.momentum_scale": 0.001},
        "stalemate 60": {"coefficients.appraisal.stalemate": 60},
        "hurt 0.004": {"coefficients.battle.hurt": 0.004},
        "pull 0.7": {"coefficients.answers.pull": 0.7},
        "openness 0": {"rule.openness": 0.0},
    }
    rows = []
    for name, changes in ways.items():
        cells = []
        for scenario in scenarios:
            asked = answers_on_record(scenario)
            grade = np.array([item.grade for item in asked])
            before = np.array([item.day < "2020-03-01" for item in asked])
            chance = hindcast(scenario.replace(changes) if changes else scenario, 1000).mean(axis=0)
            cells += [f"{SCORES['brier'](chance, grade)[chosen].mean():.3f}" for chosen in (before, ~before)]
        rows.append([name, *cells])
    return table(
        ["with", "free, before", "free, after", "front line imposed, before", "front line imposed, after"], rows
    )


@cache
def scenario(name=FREE):
    """The war, or a twin of it."""
    return sim.load_scenario(name)


@cache
def validated(name=FREE):
    """Forecasts and scores."""
    return validate(scenario(name)).result


@cache
def ablated(name=FREE):
    """Scores without each part; fitted as well where the front is free."""
    return ablate(scenario(name), draws=2000 if name == FREE else 0).result


@cache
def calibrated():
    """The posterior given the answers before the split."""
    return calibrate(scenario()).result


@cache
def recovered():
    """Posteriors of simulated histories."""
    return recover(scenario(), HISTORIES, draws=2000, rounds=5).result


TABLES = {
    "verdict": lambda: "\n".join(f"- {sentence}" for sentence in verdict(validated())),
    "verdict-front": lambda: "\n".join(f"- {sentence}" for sentence in verdict(validated(FRONT))),
    "scores": lambda: scores(validated()),
    "scores-front": lambda: scores(validated(FRONT)),
    "leads": lambda: leads(validated()),
    "answers": lambda: answers(validated(), validated(FRONT)),
    "ablation": lambda: ablation(ablated(), ablated(FRONT)),
    "learnt": lambda: learnt(calibrated(), recovered()),
    "recovery": lambda: recovery_words(calibrated(), recovered()),
    "few": lambda: few(scenario()),
    "fighting": lambda: fighting(validated())[0],
    "months": lambda: fighting(validated())[1],
    "truces": lambda: truces(validated()),
    "grain": lambda: grain(scenario()),
    "tried": lambda: tried(scenario(), scenario(FRONT)),
    "rules": lambda: rule_scores(scenario()),
}
PICTURES = {
    "free": lambda: figure_validation(validated()),
    "given-front": lambda: figure_validation(validated(FRONT)),
    "ablation-picture": lambda: figure_ablation(ablated()),
    "calibration": lambda: figure_calibration(calibrated()),
    "pairs": lambda: figure_pairs(calibrated()),
    "recovery-picture": lambda: figure_recovery(recovered()),
}


def main(names):
    """Make the tables and pictures of these names, or all."""
    if unknown := set(names) - set(TABLES) - set(PICTURES):
        raise SystemExit(
            f"no table or picture called {', '.join(unknown)}; there are {', '.join((*TABLES, *PICTURES))}"
        )
    FOLDER.mkdir(exist_ok=True)
    for name, make in PICTURES.items():
        if not names or name in names:
            save_figure(make(), FOLDER, name, dpi=110)["svg"].unlink()
            print(name, flush=True)
    for name, make in TABLES.items():
        if not names or name in names:
            fill(name, make())
            print(name, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
