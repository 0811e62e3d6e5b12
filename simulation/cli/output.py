"""The files that a finding leaves: its dataset, tables, pictures and summary, under one name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.cli.terminal import Bar
    from simulation.questions.finding import Finding

NAMES = {"run": {"nc": "result", "json": "summary", "csv": "answers"}}
"""What the files of a question are called, by kind, where they do not bear its name."""


def file_of(question: str, kind: str) -> str:
    """The name of the file of one kind that a question writes, such as ``levers.csv``."""
    return f"{NAMES.get(question, {}).get(kind, question)}.{kind}"


def write(finding: Finding, folder: Path, kind: str, svg: bool, bar: Bar) -> list[str]:
    """Write NAME.nc, NAME.csv, NAME.json and the pictures, each aside and then renamed; returns the files' names."""
    from simulation.runs.results import save
    from simulation.show.plots.saving import save_figure
    from simulation.writing import write_text

    files = []

    def named(kind: str) -> Path:
        files.append(file_of(finding.question, kind))
        return folder / files[-1]

    save(finding.result, named("nc"))
    write_text(named("json"), as_json(finding.summary))
    own = {Path(file_of(finding.question, "csv")).stem: finding.rows}
    tables = {**({} if finding.rows.empty and finding.sheets else own), **finding.sheets}
    if kind == "xlsx":
        from simulation.scenario.tables.writing import write_book

        write_book(named("xlsx"), tables)
    else:
        for name, table in tables.items():
            files.append(f"{name}.csv")
            write_text(folder / files[-1], table.to_csv(index=False, float_format="%.6g"))
    figures, kinds = finding.figures, ("png", "svg") if svg else ("png",)
    advance = bar.of(len(figures), "pictures")
    for number, (name, figure) in enumerate(figures.items(), 1):
        files += [file.name for file in save_figure(figure, folder, name, kinds=kinds).values()]
        if advance:
            advance(number)
    for other in finding.also:
        files += write(other, folder, kind, svg, bar)
    return files


def undrawn(finding: Finding) -> list[str]:
    """What pictures could not write, in a sentence or none."""
    from simulation.runs.results import scenario_of
    from simulation.show.plots.fonts import undrawn

    if not finding.result.attrs.get("scenario"):
        return []  # asked of many, or of what is no scenario
    sentence = undrawn(scenario_of(finding.result))
    return [sentence] if sentence else []


def as_json(summary: dict[str, Any], encoding: str = "utf-8") -> str:
    """A summary as text; letters that an encoding may lack are spelt out."""
    plain = encoding.lower().replace("-", "") != "utf8"
    return json.dumps(summary, indent=1, ensure_ascii=plain) + "\n"


def in_short(files: list[str]) -> list[str]:
    """Files by name, each with its kinds: ``levers.nc, .csv, .png``."""
    kinds: dict[str, list[str]] = {}
    for file in files:
        stem, _, kind = file.rpartition(".")
        kinds.setdefault(stem, []).append(f".{kind}")
    return [f"{stem}{', '.join(ends)}" for stem, ends in kinds.items()]
