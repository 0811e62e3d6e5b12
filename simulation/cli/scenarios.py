"""Commands that look at scenario files without running them: check, explain, schema, list, new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.options import Changes, scenario_from

if TYPE_CHECKING:
    from simulation.scenario import Scenario
    from simulation.scenario.inputs import Input


def check(
    scenarios: Annotated[
        list[str], typer.Argument(help="scenario files, or names of bundled ones", metavar="SCENARIO...")
    ],
) -> None:
    """Check scenario files.

    Exit code 0: all are fine. 2: one is not.
    """
    from simulation.scenario import ScenarioError, load_scenario

    bad = False
    for path in scenarios:
        try:
            scenario = load_scenario(path)
        except ScenarioError as error:
            typer.echo(str(error), err=True)
            bad = True
            continue
        typer.echo(f"{path}: fine. {_size(scenario)}")
        for event in scenario.events:
            if (event.set or event.add) and not (event.claims or event.assumed):
                bare = [
                    key for key, number in {**event.set, **event.add}.items() if not (number.claims or number.assumed)
                ]
                if bare:
                    typer.echo(f"{path}: events[{event.name or event.on}]: says not what {', '.join(bare)} rests on.")
    if bad:
        raise typer.Exit(2)


def _size(scenario: Scenario) -> str:
    from simulation.scenario.labels import rounds

    end = scenario.date_of(scenario.steps)
    parts = [
        f"{len(scenario.actors)} actors",
        f"{len(scenario.parties)} parties",
        f"{len(scenario.ties)} ties",
        f"{len(scenario.events)} events",
        f"{len(scenario.expect)} expectations",
    ]
    parts = [part for part in parts if scenario.parties or not part.startswith("0 ")]
    when = f"{scenario.start} to {end}" if scenario.parties else rounds(scenario)
    return f"{scenario.title}: {', '.join(parts)}; {when}."


def explain(
    scenario: Annotated[
        str | None, typer.Argument(help="a scenario file or bundled name; the coefficients alone if left out")
    ] = None,
    key: Annotated[str, typer.Option(help="only keys that contain this, such as Turkey or truces")] = "",
    changes: Changes = None,
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
        found = list(coefficients())
        title, evidence = "Coefficients and their defaults", {}
    else:
        asked = scenario_from(scenario, changes)
        found = list(asked.inputs.values())
        title, evidence = f"{asked.title}: every number", _evidence(scenario)
    shown = [item for item in found if key.lower() in item.key.lower()]
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


def _evidence(scenario: str) -> dict[str, str]:
    from simulation.scenario.files import evidence_of

    return {name: item.text for name, item in evidence_of(scenario).items()}


def schema(
    out: Annotated[
        Path | None, typer.Option(help="the file to write; to the screen if left out", metavar="FILE")
    ] = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from simulation.runs.results import write_text
    from simulation.scenario import json_schema

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
    file: Annotated[Path, typer.Argument(help="the file to write; it must not exist yet", metavar="FILE")],
    source: Annotated[
        str | None, typer.Option("--from", help="a bundled scenario to copy, with its comments", metavar="NAME")
    ] = None,
) -> None:
    """Write a scenario to start from, or a copy of a bundled one."""
    from simulation.scenario import ScenarioError
    from simulation.scenario.catalogue import copy_of

    if file.exists():
        raise ScenarioError(f"{file}: exists already; give another name.")
    if file.suffix != ".toml":
        raise ScenarioError(f"{file}: a scenario file ends in .toml.")
    if source is None:
        text, extended = (Path(__file__).parent / "new.toml").read_text(encoding="utf-8"), None
    else:
        text, extended = copy_of(source)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8") as opened:
        opened.write(text)
    if extended is not None:
        typer.echo(f"{source} is a what-if: it says only what differs from {extended}, which it extends by name.")
    typer.echo(f"Written to {file}. Next: ceasefire run {file}")
