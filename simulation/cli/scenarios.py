"""Commands that look at scenario files without running them: check, explain, schema, list, new."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.options import AsOf, Changes, load_known, scenario_from

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.inputs import Input


def check(
    scenarios: Annotated[
        list[str], typer.Argument(help="scenario files, or names of bundled ones", metavar="SCENARIO...")
    ],
    as_of: AsOf = None,
) -> None:
    """Check scenario files.

    With --as-of, also list the numbers that rest on evidence known only later.

    Exit code 0: all are fine. 2: one is not.
    """
    from simulation.runs.provenance import rescaled
    from simulation.scenario import ScenarioError
    from simulation.scenario.checks import notes

    bad = False
    for path in scenarios:
        try:
            scenario, note = load_known(path, {}, as_of)
        except ScenarioError as error:
            typer.echo(str(error), err=True)
            bad = True
            continue
        typer.echo(f"{path}: fine. {_size(scenario)}")
        if said := rescaled(scenario, uncertain=True):
            typer.echo(f"{path}: with --uncertain, {said}")
        if scenario.told is not None:
            typer.echo(note or f"As of {scenario.told}.")
            for line in _hindsight(path, scenario):
                typer.echo(line)
        for line in notes(scenario):
            typer.echo(f"{path}: {line}")
    if bad:
        raise typer.Exit(2)


def _hindsight(path: str, scenario: Scenario) -> Iterator[str]:
    """The numbers of a scenario as of a day that rest on evidence known only later, a line each."""
    from simulation.scenario.files import evidence_of

    day = scenario.told
    assert day is not None
    evidence = evidence_of(path)
    cited = [item for item in scenario.inputs.values() if item.claims]
    late = {
        item.key: [evidence[claim] for claim in item.claims if claim in evidence and evidence[claim].only_after(day)]
        for item in cited
    }
    found = {key: rows for key, rows in late.items() if rows}
    alone = sum(len(found.get(item.key, ())) == len(item.claims) for item in cited)
    if not cited:
        yield f"{path}: no number cites evidence in seeds/, so that nothing can be said of when it was known."
        return
    if not found:
        yield f"{path}: no number rests on evidence known only later."
        return
    numbers = f"{len(found)} of {len(cited)} numbers that cite evidence"
    yield f"{path}: {numbers} rest on some known only later, {alone} of them on nothing else:"
    for key, rows in found.items():
        named = ", ".join(f"{row.id} ({row.known})" for row in rows)
        yield f"    {key} = {scenario.inputs[key].value:g}: {named}"


def _size(scenario: Scenario) -> str:
    from simulation.runs.results.wording import counted
    from simulation.scenario.labels import rounds

    end = scenario.date_of(scenario.steps)
    parts = [
        counted(len(scenario.actors), "actor"),
        f"{len(scenario.parties)} parties",
        counted(len(scenario.ties), "tie"),
        counted(len(scenario.events), "event"),
        counted(len(scenario.expect), "expectation"),
    ]
    parts = [part for part in parts if scenario.parties or not part.startswith("0 ")]
    when = f"{scenario.start} up to, but not including, {end}" if scenario.parties else rounds(scenario)
    return f"{scenario.heading}: {', '.join(parts)}; {when}."


def explain(
    scenario: Annotated[
        str | None, typer.Argument(help="a scenario file or bundled name; the coefficients alone if left out")
    ] = None,
    key: Annotated[str, typer.Option(help="only keys that contain this, such as Turkey or truces")] = "",
    changes: Changes = None,
    as_of: AsOf = None,
) -> None:
    """Print every number of a scenario, and what it rests on.

    Without a scenario, every coefficient with its meaning.
    """
    from rich.console import Console
    from rich.markup import escape
    from rich.padding import Padding

    from simulation.parameters import nearest
    from simulation.scenario import ScenarioError
    from simulation.scenario.inputs import coefficients

    if scenario is None:
        if as_of is not None:
            raise ScenarioError("--as-of: name the scenario that is to be known as of that day.")
        found = list(coefficients())
        title, evidence = "Coefficients and their defaults", {}
    else:
        asked = scenario_from(scenario, changes, as_of=as_of)
        found = list(asked.inputs.values())
        title, evidence = f"{asked.heading}: every number", _evidence(scenario, asked.told)
    shown = [item for item in found if key.lower() in item.key.lower() and (key or not item.silent)]
    if not shown:
        raise ScenarioError(f"--key {key}: no key contains it.{nearest(key, (item.key for item in found))}")
    console = Console(highlight=False)
    console.print(f"[bold]{escape(title)}[/bold]")
    for item in shown:
        console.print()
        unit = f" {item.unit}" if item.unit else ""
        console.print(f"[bold]{item.key} = {item.value:g}[/bold]{escape(unit)}{_range(item)}")
        for words in _words(item, evidence):
            console.print(Padding(escape(words), (0, 0, 0, 4)))


def _range(item: Input) -> str:
    if item.spread:
        return f", between {item.spread[0]:g} and {item.spread[1]:g} by the coder's judgement"
    return f", allowed {item.low:g} … {item.high:g}"


def _words(item: Input, evidence: dict[str, str]) -> Iterator[str]:
    """What a number means, and each thing that it rests on."""
    if item.meaning:
        yield item.meaning
    for claim in item.claims:
        yield f"{claim}: {evidence.get(claim, 'not found in seeds/')}"
    if item.assumed:
        yield item.assumed if item.key.startswith(("coefficients.", "rule.")) else f"assumed: {item.assumed}"


def _evidence(scenario: str, day: Date | None) -> dict[str, str]:
    """What each row of the evidence says; and when it was known, if only after the day."""
    from simulation.scenario.files import evidence_of

    return {
        name: f"{item.text} Known only later: {item.known}." if day and item.only_after(day) else item.text
        for name, item in evidence_of(scenario).items()
    }


def schema(
    out: Annotated[
        Path | None, typer.Option(help="the file to write; to the screen if left out", metavar="FILE")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulation.scenario import json_schema
    from simulation.writing import write_text

    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_text(out, text)
        typer.echo(f"Written to {out}")


def list_scenarios() -> None:
    """List the bundled scenarios, and what each asks."""
    from simulation.scenario import load_scenario
    from simulation.scenario.catalogue import names

    for name, file in names().items():
        scenario = load_scenario(file)
        typer.echo(name)
        typer.echo(f"    {scenario.title}")
        if scenario.question:
            typer.echo(f"    {scenario.question}")


def new(
    file: Annotated[Path, typer.Argument(help="the file or folder to write; it must not exist yet", metavar="FILE")],
    source: Annotated[
        str | None, typer.Option("--from", help="a bundled scenario to copy, with its comments", metavar="NAME")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="a folder of CSV files; one Excel file if FILE ends in .xlsx")
    ] = False,
) -> None:
    """Write a scenario to start from, or a copy of a bundled one."""
    from simulation.scenario import ScenarioError, load_scenario
    from simulation.scenario.catalogue import bundled_file, copy_of
    from simulation.scenario.files import load_text
    from simulation.scenario.tables.grids import is_book, is_tables
    from simulation.writing import write_text

    if os.path.lexists(file) and not (tables and file.is_dir() and not any(file.iterdir())):
        raise ScenarioError(f"{file}: exists already; give another name.")
    if file.suffix != ".toml" and not is_book(file) and not tables:
        raise ScenarioError(f"{file}: a scenario file ends in .toml; for a folder of tables add --tables.")
    if tables and file.suffix.lower() in (".csv", ".tsv", ".txt", ".json", ".xls", ".xlsm", ".ods"):
        raise ScenarioError(f"{file}: tables are a folder of CSV files, or a file that ends in .xlsx.")
    if file.suffix == ".toml" and tables:
        raise ScenarioError(f"{file}: with --tables, give the name of a folder, or of a file that ends in .xlsx.")
    template = (Path(__file__).parent / "new.toml").read_text(encoding="utf-8")
    found = None if source is None else bundled_file(source)
    if file.suffix != ".toml":
        from simulation.scenario.tables.writing import write_tables

        begun = load_text(template, "new") if source is None else load_scenario(source)
        _told(file, write_tables(begun, file, explained=True))
        return
    if found is not None and is_tables(found):
        text, extended = load_scenario(found).as_toml(), None
    else:
        text, extended = (template, None) if source is None else copy_of(source)
    file.parent.mkdir(parents=True, exist_ok=True)
    write_text(file, text)
    if extended is not None:
        typer.echo(f"{source} is a what-if: it says only what differs from {extended}, which it extends by name.")
    _told(file)


def convert(
    scenario: Annotated[str, typer.Argument(help="a scenario in any form", metavar="SCENARIO")],
    target: Annotated[
        Path, typer.Argument(help="a .toml file, an .xlsx file, or a folder for CSV files; not there yet")
    ],
    changes: Changes = None,
    as_of: AsOf = None,
) -> None:
    """Write a scenario as TOML, CSV or Excel.

    Nothing of the scenario is lost but comments; what it extends is written out.
    """
    from simulation.scenario import ScenarioError
    from simulation.scenario.tables.writing import write_tables
    from simulation.writing import write_text

    if target.suffix.lower() in (".csv", ".tsv", ".txt", ".json", ".xls", ".xlsm", ".ods"):
        raise ScenarioError(f"{target}: a scenario is a .toml file, an .xlsx file, or a folder for CSV files.")
    converted = scenario_from(scenario, changes, as_of=as_of)
    if target.suffix != ".toml":
        _told(target, write_tables(converted, target))
        return
    if os.path.lexists(target):
        raise ScenarioError(f"{target}: exists already; give another name.")
    target.parent.mkdir(parents=True, exist_ok=True)
    write_text(target, converted.as_toml())
    _told(target)


def _told(target: Path, parts: list[str] | None = None) -> None:
    """What was written, and what to do next."""
    inside = f": {', '.join(parts)}" if parts else ""
    typer.echo(f"Written to {target}{inside}. Next: ceasefire {'check' if parts else 'run'} {target}")
