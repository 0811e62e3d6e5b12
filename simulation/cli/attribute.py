"""``ceasefire attribute``: how much of an outcome was whose doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.options import (
    Changes,
    Json,
    Out,
    Quiet,
    RuleName,
    Runs,
    ScenarioFile,
    Seed,
    Uncertain,
    scenario_from,
)
from simulation.cli.output import as_json as as_text
from simulation.cli.output import folder_for, leave

if TYPE_CHECKING:
    import xarray as xr

    from simulation.scenario import Scenario

Measure = Annotated[
    str, typer.Option("--measure", help="the outcome, such as truce.holds_to_end or stance.LNA", metavar="NAME")
]
Groups = Annotated[
    list[str],
    typer.Option(
        "--group",
        help="what is left out together: events.NAME, ties.FROM.TO, ties.FROM.TO.support, KEY=VALUE; may be repeated",
        metavar='"NAME: ELEMENT, ..."',
    ),
]
By = Annotated[
    str,
    typer.Option(
        help="make the groups: every event without an offer, every offer, everybody with a tie to a party",
        metavar="events,offers,backers",
        show_default="events,offers, where no --group is given",
    ),
]


def attribute(
    scenario: ScenarioFile,
    measure: Measure = "truce.holds_to_end",
    group: Groups = [],  # noqa: B006
    by: By = "",
    permutations: Annotated[
        int, typer.Option(help="orders that are followed where there are more than 10 groups")
    ] = 50,
    runs: Runs = 256,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    uncertain: Uncertain = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Share an outcome out among events, offers and ties, by their Shapley values.

    Example: ceasefire attribute libya-2020-01 --group "airlift: events.airlift"
    --group "red line: events.turkish-deployment, ties.Turkey.GNA.pledge"
    """
    import pandas as pd

    from simulation.cli.terminal import command_line, progress
    from simulation.questions.attribute import attribute as attributed
    from simulation.questions.attribute import rows
    from simulation.show.plots.attribute import figure_attribute

    asked = scenario_from(scenario, changes, rule)
    groups = gathered(asked, measure, group, by)
    folder = folder_for(out, "attribute", scenario, as_json)
    with progress(1, silent=quiet or as_json) as advance:
        told = None if advance is None else (lambda done, total: advance(done / total))
        result = attributed(
            asked, measure, groups, runs, seed, permutations=permutations, uncertain=uncertain, progress=told
        )
    result.attrs["command"] = command_line()
    table = rows(result)
    summary = {"scenario": asked.title, "measure": measure, "runs": runs, "seed": seed}
    summary |= {key: float(result[key]) for key in ("without", "full", "difference")}
    summary |= {"exact": bool(result.attrs["exact"]), "groups": table}
    if not (quiet or as_json):
        show(result)
    if folder is not None:
        figures = {"attribute": figure_attribute(result)}
        leave(folder, "attribute", result, pd.DataFrame(table), figures, summary, quiet or as_json)
    if as_json:
        typer.echo(as_text(summary), nl=False)


def gathered(scenario: Scenario, measure: str, texts: list[str], by: str) -> dict[str, list[str]] | None:
    """The groups that were asked for; None where nothing is said."""
    from simulation.questions.attribute import groups_of
    from simulation.scenario import ScenarioError

    found: dict[str, list[str]] = {}
    for text in texts:
        name, colon, rest = text.partition(":")
        elements = [part.strip() for part in rest.split(",") if part.strip()]
        if not colon or not name.strip() or not elements:
            raise ScenarioError(f'--group {text}: it is written NAME: ELEMENT, ..., such as "airlift: events.airlift".')
        if name.strip() in found:
            raise ScenarioError(f"--group {text}: a second group called '{name.strip()}'.")
        found[name.strip()] = elements
    kinds = [kind.strip() for kind in by.split(",") if kind.strip()]
    if kinds:
        taken = {element for elements in found.values() for element in elements}
        more = groups_of(scenario, kinds, measure)
        found = {name: elements for name, elements in more.items() if not taken & set(elements)} | found
    return found or None


def show(result: xr.Dataset) -> None:
    """The shares, the largest first."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.questions.attribute import rows
    from simulation.runs.results.wording import amount, difference
    from simulation.scenario.measures import unit_of
    from simulation.show.plots.compare import label

    measure = str(result.attrs["measure"])
    kind = unit_of(measure)
    console = Console(highlight=False)
    console.print(f"[bold]Whose doing it was: {escape(label(measure))}[/bold]")
    start, end = (amount(float(result[key]), kind) for key in ("without", "full"))
    change = difference(float(result.difference), float(result.difference_low), float(result.difference_high), kind)
    console.print(f"without any of these {start}, with all {end}; difference {change}\n")
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("group", "share (95 %)", "alone", "last"):
        table.add_column(name, justify="left" if name == "group" else "right")
    for row in rows(result):
        share, low, high, alone, last = (
            amount(row[key], kind, signed=True) for key in ("share", "low", "high", "alone", "last")
        )
        table.add_row(escape(row["group"]), f"{share} ({low} to {high})", alone, last)
    console.print(table)
    console.print("alone: what it adds without any of the others; last: what it adds to all of them")
    if not result.attrs["exact"]:
        orders = int(result.attrs["permutations"])
        console.print(
            f"{orders} orders were followed; the shares sum to the difference, and the intervals allow for both."
        )


__all__ = ["attribute"]
