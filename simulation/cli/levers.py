"""``ceasefire levers``: whose change of mind would count most."""

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

Measure = Annotated[
    str,
    typer.Option(
        "--measure", help="what is to change, such as truce.starts.2020-01-31 or answer.berlin.LNA", metavar="NAME"
    ),
]
Steps = Annotated[
    list[str],
    typer.Option(
        "--step",
        help="how far a kind of lever is moved: stance, salience, leverage, support, pledge, monitoring or sponsor; "
        "only the kinds named; may be repeated",
        metavar="KIND=A,B,...",
        show_default="all kinds, their own steps",
    ),
]

MOST_SHOWN = 20
"""Levers in the table on the screen."""


def levers(
    scenario: ScenarioFile,
    measure: Measure = "truce.starts",
    step: Steps = [],  # noqa: B006
    runs: Runs = 256,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    uncertain: Uncertain = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Move each stance, tie and offer by itself, and rank what that does to a measure.

    Example: ceasefire levers libya-2020-01 --measure truce.starts.2020-01-31 --step stance=-10,10 --step sponsor=1
    """
    import pandas as pd

    from simulation.cli.terminal import command_line, progress
    from simulation.questions.levers import levers as moved
    from simulation.questions.levers import rows
    from simulation.show.plots.levers import figure_levers

    asked = scenario_from(scenario, changes, rule)
    steps = parse_steps(step)
    folder = folder_for(out, "levers", scenario, as_json)
    with progress(1, silent=quiet or as_json) as advance:
        told = None if advance is None else (lambda done, total: advance(done / total))
        result = moved(asked, measure, runs, seed, steps=steps, uncertain=uncertain, progress=told)
    result.attrs["command"] = command_line()
    table = rows(result)
    summary = {"scenario": asked.title, "measure": measure, "runs": runs, "seed": seed}
    summary |= {key: float(result[key]) for key in ("base", "base_low", "base_high")} | {"moves": table}
    if not (quiet or as_json):
        show(result)
    if folder is not None:
        figures = {"levers": figure_levers(result)}
        leave(folder, "levers", result, pd.DataFrame(table), figures, summary, quiet or as_json)
    if as_json:
        typer.echo(as_text(summary), nl=False)


def parse_steps(texts: list[str]) -> dict[str, list[float]] | None:
    """``KIND=A,B,...`` as steps by kind; None where nothing is said."""
    from simulation.scenario import ScenarioError

    found: dict[str, list[float]] = {}
    for text in texts:
        kind, sign, values = text.partition("=")
        try:
            found[kind.strip()] = [float(value) for value in values.split(",")]
        except ValueError:
            sign = ""
        if not sign or not all(abs(value) < float("inf") for value in found.get(kind.strip(), [])):
            raise ScenarioError(f"--step {text}: it is written KIND=A,B,..., such as stance=-10,10.")
    return found or None


def show(result: xr.Dataset) -> None:
    """The strongest levers, each with the step that does most."""
    import numpy as np
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.runs.results.wording import amount
    from simulation.scenario.measures import unit_of
    from simulation.show.plots.compare import label
    from simulation.show.plots.levers import lever_label

    measure = str(result.attrs["measure"])
    kind = unit_of(measure)
    base, low, high = (amount(float(result[key]), kind) for key in ("base", "base_low", "base_high"))
    console = Console(highlight=False)
    console.print(f"[bold]Who could change it: {escape(label(measure))}[/bold]")
    console.print(
        f"as it stands: {base} ({low} to {high}); {int(result.attrs['runs']):,} runs a lever, on the same luck\n"
    )
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("actor", "lever", "from", "to", "effect (95 %)"):
        table.add_column(name, justify="left" if name in ("actor", "lever") else "right")
    names = list(dict.fromkeys(result.lever.values))
    for name in names[:MOST_SHOWN]:
        some = result.isel(move=result.lever.values == name)
        here = some.isel(move=int(np.nan_to_num(np.abs(some.effect.values)).argmax()))
        effect, bottom, top = (amount(float(here[key]), kind, signed=True) for key in ("effect", "low", "high"))
        sponsor = str(here.kind.values) == "sponsor"
        ends = (
            ("", "joins" if float(here.step) > 0 else "leaves")
            if sponsor
            else (f"{float(here.old):g}", f"{float(here.new):g}")
        )
        star = "" if bool(here.expected) else " *"
        table.add_row(
            str(here.actor.values), lever_label(name), *ends[:1], ends[1] + star, f"{effect} ({bottom} to {top})"
        )
    console.print(table)
    console.print("* outside what the coder of the scenario thought possible")
    if len(names) > MOST_SHOWN:
        console.print(f"{len(names) - MOST_SHOWN} weaker levers are in the files.")


__all__ = ["levers"]
