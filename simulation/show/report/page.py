"""One page on a result: what came of it, in words, tables and pictures, and every number it rests on."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.questions.record.fighting import of_digest
from simulation.runs.results import condense, makes_conditions, scenario_of, summarise
from simulation.runs.results.wording import endings, ends, judged, life, percent
from simulation.scenario.evidence import Evidence, EvidenceError, find_seeds, load_evidence
from simulation.scenario.knowledge import in_words
from simulation.scenario.labels import pair_label, rounds, scale_of, standing
from simulation.scenario.measures import words_of
from simulation.scenario.schema import Expect, Scenario
from simulation.show.report.sources import happenings_of, numbers_of
from simulation.show.report.words import offer_names, verdict
from simulation.show.templates import fill
from simulation.writing import write_text

if TYPE_CHECKING:
    import xarray as xr

CAPTIONS = {
    "stances": "Stances along time, by side: median and bands over runs; offers and events above.",
    "answers": "Chance that each party accepts each offer, with 95 % intervals; stars: observed answers.",
    "battle": "Shares of the contested ground, and exhaustion.",
    "ties": "Who leans on whom at the start: width is leverage, size influence, filling the opening stance.",
    "truces": "How long the first truce holds, where one starts.",
}

OF_TALKS = {
    "stances": "Positions round by round: median and bands over runs.",
    "ties": "Where everybody stands at the start: size influence, filling the opening position.",
}
"""Captions of a negotiation, where they differ."""

LIMITS = (
    "An interval says how much of a number is chance in this many runs, and nothing else: not whether "
    "the model or its inputs are right.",
    "Stances, salience, influence and leverage are judgements. In the bundled scenarios they were coded by one person, "
    "with hindsight, and by nobody a second time.",
    "Coefficients are the package's defaults unless the table below says otherwise; they were chosen to be plausible "
    "and to meet a few recorded answers, not estimated from many conflicts.",
    "What people answered for reasons that are not in the scenario is left to chance.",
)

LIMITS_OF_TALKS = (
    LIMITS[0],
    "Positions, salience and influence are what the scenario's author put down.",
    "A stance rule says how positions move one another; whether people bargain so is another question.",
)
"""The same of a negotiation."""


@dataclass(frozen=True, slots=True)
class Table:
    """A section that is one table; its last ``numbers`` columns stand to the right, and a note may stand below."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a data address, and what it shows."""

    address: str
    caption: str


def write_report(
    result: xr.Dataset,
    folder: str | Path,
    pictures: Mapping[str, Mapping[str, Path]] | None = None,
    seeds: Path | None = None,
) -> Path:
    """Write ``report.html`` into a folder: one file that opens without a network.

    Parameters
    ----------
    result : of ``run_ensemble``
    pictures : what ``simulation.show.plots.save_figures`` returned; drawn afresh if left out
    seeds : where cited claims are looked up; by default the nearest ``seeds/``

    Returns
    -------
    the file
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    digest = condense(result)
    if pictures is None:
        from simulation.show.plots import save_figures

        with tempfile.TemporaryDirectory() as aside:
            images = _images(save_figures(digest, aside, kinds=["png"]))
    else:
        images = _images(pictures)
    file = folder / "report.html"
    write_text(file, page(digest, images, _claims(seeds)))
    return file


def page(digest: xr.Dataset, images: Mapping[str, str], claims: Mapping[str, Evidence]) -> str:
    """The page as text; ``images`` are data addresses by picture."""
    scenario, summary = scenario_of(digest), summarise(digest)
    captions = CAPTIONS if scenario.parties else CAPTIONS | OF_TALKS
    return fill(
        "report/page.html",
        title=scenario.heading,
        question=scenario.question,
        verdict=verdict(summary, scenario),
        runs=_run_words(digest),
        answers=_answers(summary, scenario),
        truces=_truces(summary, scenario, digest),
        stances=_stances(summary, scenario),
        expected=_expected(summary, scenario),
        pictures={name: Picture(address, captions.get(name, name)) for name, address in images.items()},
        limits=LIMITS if scenario.parties else LIMITS_OF_TALKS,
        happenings=happenings_of(scenario, claims),
        groups=numbers_of(scenario, claims),
        claims_known=bool(claims),
        origin=_origin(digest, scenario),
        again=_again(digest),
        scenario=str(digest.attrs["scenario"]),
    )


def _images(pictures: Mapping[str, Mapping[str, Path]]) -> dict[str, str]:
    """As PNG, which does not grow with the number of steps."""
    return {
        name: f"data:image/png;base64,{base64.b64encode(files['png'].read_bytes()).decode()}"
        for name, files in pictures.items()
    }


def _claims(seeds: Path | None) -> dict[str, Evidence]:
    """What is known of the claims; nothing where there are no seeds to look in."""
    place = seeds or find_seeds(Path.cwd())
    try:
        return load_evidence(place) if place else {}
    except EvidenceError:
        return {}


def _run_words(digest: xr.Dataset) -> str:
    runs, drawn = int(digest.attrs["runs"]), bool(digest.attrs.get("uncertain", 0))
    which = "Wilson intervals" if digest.sizes["party"] else "intervals"
    inputs = "inputs drawn anew in each run from their ranges" if drawn else "inputs at their best values"
    varied = f"; {digest.attrs['varied']} given run by run" if digest.attrs.get("varied") else ""
    return (
        f"{runs:,} {'run' if runs == 1 else 'runs'}, seed {digest.attrs['seed']}, rule {digest.attrs['rule']}, {inputs}"
        f"{varied}. Intervals in brackets are 95 % {which}: chance alone."
    )


def _answers(summary: Mapping[str, Any], scenario: Scenario) -> Table | None:
    if not summary["offers"]:
        return None
    names = offer_names(scenario)
    happened = {(entry.offer, entry.party): entry for entry in scenario.record}
    conditions = makes_conditions(summary)
    head = ["offer", "party", "chance of acceptance"]
    head += ["without conditions"] if conditions else []
    head += ["observed answer"] if happened else []
    rows = []
    for offer, asked in summary["offers"].items():
        for party, value in asked.items():
            row = [names[offer], scenario.labels[party], percent(value, "not asked in any run")]
            row += [percent(value["full"], "")] if conditions else []
            if happened:
                entry = happened.get((offer, party))
                row.append("" if entry is None else f"{entry.label or 'graded'} ({entry.answer:g})")
            rows.append(row)
    note = "A chance of acceptance is that of a yes with conditions or without." if conditions else ""
    note += f"{' ' * bool(note)}Observed answers are graded from 0 refused to 1 accepted." if happened else ""
    return Table("Who accepts what", head, rows, note=note)


def _truces(summary: Mapping[str, Any], scenario: Scenario, digest: xr.Dataset) -> Table | None:
    if not scenario.parties:
        return None
    truce = summary["truce"]
    days = "–"
    if truce["watched_days"] is not None:
        days = life(truce, "{}")
    rows = [
        ["a truce starts", percent(truce["starts"])],
        ["one is in force at the end", percent(truce["holds_to_end"])],
        ["how long the first one holds: median (5–95 %)", days],
    ]
    if truce["starts"]["chance"]:
        rows.append(["what becomes of the first one", endings(truce)])
    for pair, value in truce.get("pairs", {}).items():
        both = pair_label(pair, scenario.labels)
        rows.append([f"{both}: a truce starts", percent(value["starts"])])
        rows.append([f"{both}: one is in force at the end", percent(value["holds_to_end"])])
    note = "" if (fighting := of_digest(digest)) is None else fighting.words
    return Table("Truces and fighting" if note else "Truces", ["measure", "value"], rows, note=note)


def _stances(summary: Mapping[str, Any], scenario: Scenario) -> Table:
    """Where everybody starts and ends, with the names in full: the legend of all pictures and tables."""
    war = bool(scenario.parties)
    sides = any(actor.side for actor in scenario.actors.values())
    rows = []
    for key, value in summary["stances"].items():
        actor, label = scenario.actors[key], scenario.labels[key]
        row = [key if label == key else f"{label} ({key})", actor.name or key]
        row += [", ".join(actor.roles)] if war else []
        row += [actor.side or ""] if sides else []
        row += [f"{value['start']:.0f}", f"{value['end_median']:.0f}"]
        rows.append([*row, ends(value["end_low"], value["end_high"], ".0f")])
    head = ["actor (key)", "name", *(["roles"] if war else []), *(["side"] if sides else [])]
    head += ["start", "end, median", "5–95 % of runs"]
    note = (
        "0 fight on to victory … 100 stop now." if war else f"{standing(scenario)}: {scale_of(scenario)}.".capitalize()
    )
    return Table("Stances" if war else "Positions", head, rows, numbers=3, note=note)


def _expected(summary: Mapping[str, Any], scenario: Scenario) -> Table | None:
    rows = []
    for item, expect in zip(summary["expect"], scenario.expect, strict=True):
        word = "met" if item["met"] else "not met" if item["decided"] else "too close to call"
        if "unmet" in item and not item["met"]:
            word += f", as is known: {item['unmet']}"
        value, bound = judged(item, expect)
        rows.append([item["that"], _measure(expect, scenario), bound, value, word])
    if not rows:
        return None
    return Table("What was expected", ["expectation", "measure", "expected", "value (95 % interval)", ""], rows)


def _measure(expect: Expect, scenario: Scenario) -> str:
    """What an expectation is about, in words."""
    measure = words_of(expect.measure, scenario)
    return f"{measure}, less {words_of(expect.exceeds, scenario)}" if expect.exceeds else measure


def _origin(digest: xr.Dataset, scenario: Scenario) -> Table:
    attrs = digest.attrs
    time = f"{scenario.start} to {scenario.date_of(scenario.steps)}, {scenario.steps} × {scenario.step_days:g} days"
    time = time if scenario.parties else rounds(scenario)
    rows = [
        ["software", str(attrs.get("software", ""))],
        ["scenario, SHA-256", str(attrs.get("scenario_sha256", ""))],
        ["seed", str(attrs["seed"])],
        ["runs", f"{int(attrs['runs']):,}"],
        ["rule", str(attrs["rule"])],
        ["time", time],
        *([] if scenario.told is None else [["known up to", in_words(scenario.told)]]),
        ["command", str(attrs.get("command", "(called from Python)"))],
    ]
    return Table("Where this comes from", ["", ""], rows)


def _again(digest: xr.Dataset) -> str:
    """The command that makes the same runs of the scenario as the page prints it."""
    command = f"ceasefire run scenario.toml --runs {digest.attrs['runs']} --seed {digest.attrs['seed']}"
    return f"{command} --uncertain" if digest.attrs.get("uncertain") else command
