"""One page on a result: what came of it, in words, tables and pictures, and every number it rests on."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.runs.results import condense, scenario_of, summarise, write_text
from simulation.runs.results.wording import life, life_span, number, percent, span
from simulation.scenario.evidence import Evidence, EvidenceError, find_seeds, load_evidence
from simulation.scenario.schema import Scenario
from simulation.show.report.markup import STYLE, bullets, section, small, table
from simulation.show.report.sources import inputs
from simulation.show.report.words import offer_names, verdict

if TYPE_CHECKING:
    import xarray as xr

LARGEST_SVG = 450_000
"""Bytes beyond which a picture goes into the page as PNG, which does not grow with the number of steps."""

CAPTIONS = {
    "stances": "Stances along time, by side: median and bands over runs; offers and events above.",
    "answers": "Chance that each party accepts each offer, with 95 % intervals; stars: what happened, where recorded.",
    "battle": "Shares of the contested ground, and exhaustion.",
    "ties": "Who leans on whom at the start: width is leverage, size influence, filling the opening stance.",
    "truces": "How long the first truce holds, where one starts.",
}

LIMITS = (
    "An interval says how much of a number is the luck of the draw in this many runs, and nothing else: not whether "
    "the model or its inputs are right.",
    "Stances, salience, influence and leverage are judgements. In the bundled scenarios they were coded by one person, "
    "with hindsight, and by nobody a second time.",
    "Coefficients are the package's defaults unless the table below says otherwise; they were chosen to be plausible "
    "and to meet a few recorded answers, not estimated from many conflicts.",
    "What people answered for reasons that are not in the scenario is left to chance.",
)


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
            images = _images(save_figures(digest, aside))
    else:
        images = _images(pictures)
    file = folder / "report.html"
    write_text(file, page(digest, images, _claims(seeds)))
    return file


def page(digest: xr.Dataset, images: Mapping[str, str], claims: Mapping[str, Evidence]) -> str:
    """The page as text; ``images`` are data addresses by picture."""
    scenario, summary = scenario_of(digest), summarise(digest)
    parts = [
        f"<h1>{escape(scenario.title)}</h1>",
        f'<p class="question">{escape(scenario.question)}</p>' if scenario.question else "",
        section("What came of it", bullets(verdict(summary, scenario)) + small(_run_words(digest))),
        _answers(summary, scenario),
        _truces(summary, scenario),
        _picture("answers", images) + _picture("truces", images),
        _stances(summary, scenario),
        _picture("stances", images) + _picture("battle", images) + _picture("ties", images),
        _expected(summary),
        section("Assumptions and limits", bullets(LIMITS)),
        inputs(scenario, claims),
        _provenance(digest, scenario),
    ]
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(scenario.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + "\n</body>\n</html>\n"
    )


def _images(pictures: Mapping[str, Mapping[str, Path]]) -> dict[str, str]:
    found = {}
    for name, files in pictures.items():
        light = files["svg"].stat().st_size <= LARGEST_SVG
        kind, media = ("svg", "image/svg+xml") if light else ("png", "image/png")
        found[name] = f"data:{media};base64,{base64.b64encode(files[kind].read_bytes()).decode()}"
    return found


def _claims(seeds: Path | None) -> dict[str, Evidence]:
    """What is known of the claims; nothing where there are no seeds to look in."""
    place = seeds or find_seeds(Path.cwd())
    try:
        return load_evidence(place) if place else {}
    except EvidenceError:
        return {}


def _run_words(digest: xr.Dataset) -> str:
    runs, drawn = int(digest.attrs["runs"]), bool(digest.attrs.get("uncertain", 0))
    inputs = "inputs drawn anew in each run from their ranges" if drawn else "inputs at their best values"
    varied = f"; {digest.attrs['varied']} given run by run" if digest.attrs.get("varied") else ""
    return (
        f"{runs:,} {'run' if runs == 1 else 'runs'}, seed {digest.attrs['seed']}, rule {digest.attrs['rule']}, {inputs}"
        f"{varied}. Intervals in brackets are 95 % Wilson intervals: the luck of the draw only."
    )


def _answers(summary: Mapping[str, Any], scenario: Scenario) -> str:
    if not summary["offers"]:
        return ""
    names = offer_names(scenario)
    happened = {(entry.offer, entry.party): entry for entry in scenario.record}
    head = ["offer"]
    for party in scenario.parties:
        head += [f"{party}: chance of acceptance"] + ([f"{party}: what happened"] if happened else [])
    rows = []
    for offer, asked in summary["offers"].items():
        row = [names[offer]]
        for party in scenario.parties:
            row.append(percent(asked[party]) if party in asked else "not asked")
            if happened:
                entry = happened.get((offer, party))
                row.append("" if entry is None else f"{entry.label or 'graded'} ({entry.answer:g})")
        rows.append(row)
    note = small("What happened is graded from 0 refused to 1 accepted.") if happened else ""
    return section("Who accepts what", table(head, rows) + note)


def _truces(summary: Mapping[str, Any], scenario: Scenario) -> str:
    if not scenario.parties:
        return ""
    truce = summary["truce"]
    days = "–"
    if truce["watched_days"] is not None:
        days = f"{life(truce)} ({life_span(truce)})"
    rows = [
        ["a truce starts", percent(truce["starts"])],
        ["one is in force at the end", percent(truce["holds_to_end"])],
        ["how long the first one holds: median (5–95 %)", days],
    ]
    return section("Truces", table(["measure", "value"], rows))


def _stances(summary: Mapping[str, Any], scenario: Scenario) -> str:
    rows = [
        [
            name,
            scenario.actors[name].name or name,
            ", ".join(scenario.actors[name].roles),
            scenario.actors[name].side or "",
            f"{value['start']:.0f}",
            f"{value['end_median']:.0f}",
            f"{value['end_low']:.0f}–{value['end_high']:.0f}",
        ]
        for name, value in summary["stances"].items()
    ]
    head = ["actor", "name", "roles", "side", "start", "end, median", "5–95 % of runs"]
    return section("Stances", table(head, rows, numbers=3) + small("0 fight on to victory … 100 stop now."))


def _expected(summary: Mapping[str, Any]) -> str:
    rows = []
    for item in summary["expect"]:
        word = "met" if item["met"] else "not met" if item["decided"] else "too close to call"
        value = "no run bears on it"
        if item["value"] is not None:
            value = f"{number(item['value'])} ({span(item)})"
        rows.append([item["that"], item["measure"], item["bound"], value, word])
    if not rows:
        return ""
    return section(
        "What was expected", table(["expectation", "measure", "expected", "value (95 % interval)", ""], rows)
    )


def _picture(name: str, images: Mapping[str, str]) -> str:
    if name not in images:
        return ""
    caption = escape(CAPTIONS.get(name, name))
    return f'<figure><img src="{images[name]}" alt="{caption}"><figcaption>{caption}</figcaption></figure>\n'


def _provenance(digest: xr.Dataset, scenario: Scenario) -> str:
    attrs = digest.attrs
    again = f"ceasefire run scenario.toml --runs {attrs['runs']} --seed {attrs['seed']}"
    if attrs.get("uncertain"):
        again += " --uncertain"
    rows = [
        ["software", str(attrs.get("software", ""))],
        ["scenario, SHA-256", str(attrs.get("scenario_sha256", ""))],
        ["seed", str(attrs["seed"])],
        ["runs", f"{int(attrs['runs']):,}"],
        ["rule", str(attrs["rule"])],
        [
            "time",
            f"{scenario.start} to {scenario.date_of(scenario.steps)}, {scenario.steps} × {scenario.step_days:g} days",
        ],
        ["command", str(attrs.get("command", "(called from Python)"))],
    ]
    text = (
        table(["", ""], rows)
        + "<p>To run it again, save the scenario below as <code>scenario.toml</code>, in a folder that has the cited "
        + f"<code>seeds/</code> beside or above it, and type</p><pre>{escape(again)}</pre>"
        + f"<details><summary>scenario.toml</summary><pre>{escape(str(attrs['scenario']))}</pre></details>"
    )
    return section("Where this comes from", text)
