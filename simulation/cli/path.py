"""``ceasefire path``: what it would take to bring a chance to a target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, Runs, ScenarioFile, Seed, scenario_from
from simulation.cli.output import as_json as as_text
from simulation.cli.output import folder_for, leave

if TYPE_CHECKING:
    import xarray as xr

    from simulation.questions.path import Lever

Measure = Annotated[
    str, typer.Option("--measure", help="the chance to raise, such as truce.starts.2020-01-31", metavar="NAME")
]
Target = Annotated[float, typer.Option("--chance", help="what to bring it to, between 0 and 1", metavar="CHANCE")]
Levers = Annotated[
    list[str],
    typer.Option(
        "--lever",
        help="a number that may be changed, its bounds (the coder's low and high if left out) and what a change over "
        "its whole scale costs (1 if left out); may be repeated",
        metavar="KEY[=LOW:HIGH[:COST]]",
    ),
]


def path(
    scenario: ScenarioFile,
    chance: Target = 0.5,
    measure: Measure = "truce.starts",
    lever: Levers = [],  # noqa: B006
    runs: Runs = 512,
    seed: Seed = 1,
    points: Annotated[int, typer.Option(help="points of the frontier beside the target", min=0, max=50)] = 5,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Search the least change that brings a chance to a target, and what each further point would cost.

    Example: ceasefire path libya-2020-01 --measure answer.moscow-text.LNA --chance 0.2
    --lever actors.Russia.stance=50:90 --lever ties.UAE.LNA.support=0:0.6:2

    Exit code 0: fine. 1: the target is not within the bounds. 2: the input will not do.
    """
    import pandas as pd

    from simulation.cli.terminal import command_line, progress
    from simulation.questions.path import path as searched
    from simulation.questions.path import rows
    from simulation.show.plots.path import figure_path

    asked = scenario_from(scenario, changes, rule)
    levers = [parse_lever(text) for text in lever]
    folder = folder_for(out, "path", scenario, as_json)
    with progress(60 * (points + 1), silent=quiet or as_json, what="changes tried, about") as advance:
        result = searched(asked, measure, chance, levers, runs, seed, points=points, progress=advance)
    result.attrs["command"] = command_line()
    table = rows(result)
    reached = all(row["reached"] for row in table if row["asked"])
    summary = {"scenario": asked.title, "measure": measure, "chance": chance, "reached": reached}
    summary |= {"runs": runs, "seed": seed, "levers": list(map(str, result.lever.values)), "frontier": table}
    if not (quiet or as_json):
        show(result)
    if folder is not None:
        figures = {"path": figure_path(result)}
        leave(folder, "path", result, pd.DataFrame(table), figures, summary, quiet or as_json)
    if as_json:
        typer.echo(as_text(summary), nl=False)
    if not reached:
        raise typer.Exit(1)


def parse_lever(text: str) -> Lever:
    """``KEY``, ``KEY=LOW:HIGH`` or ``KEY=LOW:HIGH:COST``."""
    from simulation.questions.path import Lever
    from simulation.scenario import ScenarioError

    key, sign, rest = text.partition("=")
    if not sign:
        return Lever(key.strip())
    try:
        numbers = [float(part) for part in rest.split(":")]
    except ValueError:
        numbers = []
    if len(numbers) not in (2, 3):
        raise ScenarioError(f"--lever {text}: it is written KEY=LOW:HIGH:COST, such as actors.Russia.stance=50:90:1.")
    return Lever(key.strip(), *numbers)


def show(result: xr.Dataset) -> None:
    """The change for the target, and the frontier."""
    import numpy as np
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.show.plots.compare import label

    console = Console(highlight=False)
    asked = result.isel(point=int(np.flatnonzero(result.asked.values)[0]))
    goal = f"{100 * float(result.attrs['asked_for']):g} %"
    console.print(f"[bold]What it would take: {escape(label(str(result.attrs['measure'])))} in {goal} of runs[/bold]")
    fresh = "{:.1f} % ({:.1f}–{:.1f})".format(
        *(100 * float(asked[key]) for key in ("fresh", "fresh_low", "fresh_high"))
    )
    if not bool(asked.reached):
        console.print(
            f"Not within these bounds. The best found is {fresh} on fresh luck, at a cost of {float(asked.cost):.3g}:\n"
        )
    elif float(asked.cost) == 0:
        console.print(f"Nothing: it stands at {fresh} already.\n")
    else:
        console.print(f"The cheapest change found costs {float(asked.cost):.3g}, and gives {fresh} on fresh luck:\n")
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("lever", "from", "to", "bounds"):
        table.add_column(name, justify="left" if name == "lever" else "right")
    for key in result.lever.values:
        here = asked.sel(lever=key)
        old, new, low, high = (float(here[field]) for field in ("old", "value", "low", "high"))
        same = abs(new - old) < 1e-3 * (high - low)
        table.add_row(str(key), f"{old:g}", "as it is" if same else f"{new:.3g}", f"{low:g} … {high:g}")
    console.print(table)
    table = Table(box=box.SIMPLE_HEAD, title="cost against chance", title_justify="left")
    for name in ("cost", "chance on fresh luck (95 %)"):
        table.add_column(name, justify="right")
    for place in range(result.sizes["point"]):
        here = result.isel(point=place)
        numbers = (100 * float(here[key]) for key in ("fresh", "fresh_low", "fresh_high"))
        table.add_row(f"{float(here.cost):.2f}", "{:.1f} % ({:.1f}–{:.1f})".format(*numbers))
    console.print(table)
    console.print(
        f"{int(result.attrs['tried'])} changes were tried. A search from several starts: a cheaper one may exist."
    )


__all__ = ["path"]
