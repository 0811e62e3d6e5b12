"""``ceasefire compare``: scenarios, variants and rules set against one another on shared luck."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, Runs, Seed, Uncertain, parse_changes
from simulation.cli.output import as_json as as_text
from simulation.cli.output import folder_for, leave

if TYPE_CHECKING:
    import xarray as xr

    from simulation.scenario import Scenario

Scenarios = Annotated[
    list[str], typer.Argument(help="scenario files or bundled names; the first is compared with", metavar="SCENARIO...")
]
Variants = Annotated[
    list[str],
    typer.Option(
        "--variant", help="a changed copy of the first scenario; may be repeated", metavar='"NAME: KEY=VALUE, ..."'
    ),
]
Rules = Annotated[str, typer.Option(help="the first scenario under other stance rules", metavar="RULE,RULE...")]
Measures = Annotated[
    list[str], typer.Option("--measure", help="what to compare; may be repeated", metavar="NAME", show_default=False)
]


def compare(
    scenarios: Scenarios,
    variant: Variants = [],  # noqa: B006
    rules: Rules = "",
    measure: Measures = [],  # noqa: B006
    runs: Runs = 1000,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    uncertain: Uncertain = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Set scenarios against the first on the same luck: by how much do they differ, and is it more than chance?

    Example: ceasefire compare libya-2020-01 --variant "no drones: ties.UAE.LNA.support=0.2"
    """
    import pandas as pd

    from simulation.cli.terminal import command_line, progress
    from simulation.questions.compare import compare as compared
    from simulation.questions.compare import rows
    from simulation.show.plots.compare import figure_compare

    asked = gathered(scenarios, variant, rules, changes)
    folder = folder_for(out, "compare", scenarios[0], as_json)
    with progress(runs * len(asked), silent=quiet or as_json) as advance:
        result = compared(asked, measure or None, runs, seed, uncertain=uncertain, progress=advance)
    result.attrs["command"] = command_line()
    told = rows(result)
    left_out = [line for line in result.attrs["left_out"].split("\n") if line]
    summary = {"scenarios": list(asked), "runs": runs, "seed": seed, "left_out": left_out, "measures": told}
    if not (quiet or as_json):
        show(result, left_out)
    if folder is not None:
        figures = {"compare": figure_compare(result)}
        leave(folder, "compare", result, pd.DataFrame(told), figures, summary, quiet or as_json)
    if as_json:
        typer.echo(as_text(summary), nl=False)


def gathered(paths: list[str], variants: list[str], rules: str, changes: list[str]) -> dict[str, Scenario]:
    """All that is to be compared, by name: the files first, then the variants, then the rules."""
    from simulation.scenario import ScenarioError, load_scenario

    given = parse_changes(changes)
    found: dict[str, Scenario] = {}

    def add(name: str, scenario: Scenario) -> None:
        if name in found:
            raise ScenarioError(f"two things to compare are called '{name}'; give each a name of its own.")
        found[name] = scenario

    for path in paths:
        stem = Path(path).stem
        add(stem if stem not in found else path, load_scenario(path, given))
    first = next(iter(found.values()))
    for text in variants:
        name, own = parse_variant(text)
        add(name, first.replace(own))
    for rule in [word.strip() for word in rules.split(",") if word.strip()]:
        if rule != first.rule.name:
            add(rule, first.replace({"rule": rule}))
    if len(found) < 2:
        raise ScenarioError(
            'nothing to compare with: name a second scenario, or give --variant "NAME: KEY=VALUE" or --rules.'
        )
    return found


def parse_variant(text: str) -> tuple[str, dict[str, Any]]:
    """``NAME: KEY=VALUE, KEY=VALUE``; a comma inside a list stays with its value."""
    from simulation.scenario import ScenarioError

    name, colon, rest = text.partition(":")
    parts = [part.strip() for part in re.split(r",(?=\s*[A-Za-z][\w.-]*\s*=)", rest)]
    if not colon or not name.strip() or not all("=" in part for part in parts):
        raise ScenarioError(
            f"--variant {text}: it is written NAME: KEY=VALUE, KEY=VALUE, such as "
            '"no airlift: events.airlift.set.ties.UAE.LNA.support=0.5".'
        )
    return name.strip(), parse_changes(parts)


def show(result: xr.Dataset, left_out: list[str]) -> None:
    """The differences as tables, one for each of the others; for stances, the largest only."""
    import numpy as np
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.show.plots.compare import LEAST, label

    console = Console(highlight=False)
    first = str(result.scenario.values[0])
    runs, seed = int(result.attrs["runs"]), int(result.attrs["seed"])
    console.print(f"[bold]What differs from {escape(first)}[/bold]\n{runs:,} runs each, seed {seed}, on the same luck")
    console.print("differences with 95 % intervals; last column: how much wider they would be without shared luck\n")
    for other in result.other.values:
        table = Table(box=box.SIMPLE_HEAD, title=f"[bold]{escape(str(other))}[/bold]", title_justify="left")
        for name in ("measure", "first", "this", "difference", "wider by"):
            table.add_column(name, justify="left" if name == "measure" else "right", no_wrap=name != "measure")
        hidden = 0
        for measure in result.measure.values:
            here = result.sel(measure=measure, other=other)
            unit, gain = str(here.unit.values), float(here.gain)
            if unit == "stance points" and abs(float(here.difference)) < LEAST:
                hidden += 1
                continue
            table.add_row(
                escape(label(str(measure))),
                *(amount(float(here.value.sel(scenario=name)), unit) for name in (first, other)),
                spanned(here, unit),
                "" if np.isnan(gain) else f"{gain:.1f} ×",
            )
        console.print(table)
        if hidden:
            console.print(f"{hidden} stances that differ by less than {LEAST:g} points are left out here.\n")
    for line in left_out:
        console.print(f"Not compared: {escape(line)}")


def amount(value: float, unit: str, signed: bool = False) -> str:
    """A value in its unit: chances and shares in per cent; differences with a sign."""
    from simulation.runs.results.wording import amount as written

    return written(value, unit, signed)


def spanned(here: xr.Dataset, unit: str) -> str:
    """A difference with its interval; chances in percentage points."""
    from simulation.runs.results.wording import difference

    return difference(float(here.difference), float(here.difference_low), float(here.difference_high), unit)


__all__ = ["compare"]
