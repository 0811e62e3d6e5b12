"""``ceasefire sensitivity``: what drives the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, ScenarioFile, Seed, scenario_from
from simulation.cli.output import as_json as as_text
from simulation.cli.output import folder_for, leave
from simulation.cli.terminal import command_line, progress

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from simulation.questions.sensitivity.ranges import Share

SHOWN = 12
"""Inputs of each measure that are printed; the files have all."""


def sensitivity(
    scenario: ScenarioFile,
    measures: Annotated[
        list[str], typer.Option("--measure", help="what to explain; that a truce starts, and holds, if left out")
    ] = [],  # noqa: B006
    method: Annotated[
        str, typer.Option(help="shares of variance, sizes of effects, or distances", metavar="sobol|morris|pawn")
    ] = "sobol",
    inputs: Annotated[
        list[str],
        typer.Option(
            help="what to move, such as 'actors.*.stance'; may be repeated; every number with low and high, and the "
            "coefficients, if left out",
            metavar="PATTERN",
        ),
    ] = [],  # noqa: B006
    coefficients: Annotated[
        str,
        typer.Option(
            help="how far to move a coefficient: a share of itself up and down, 'bounds' for all that is allowed, or 0",
            metavar="SHARE|bounds",
        ),
    ] = "0.25",
    points: Annotated[
        int | None,
        typer.Option(help="base points of sobol (128), trajectories of morris (40), points of pawn (1024)", min=2),
    ] = None,
    runs: Annotated[int, typer.Option(help="how many runs at each row of the design; more lower the luck", min=1)] = 16,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Rank the numbers of a scenario by what they do to the outcome, against what luck alone does.

    Moved are the numbers that have low and high, between these, and the coefficients, by a share of themselves.
    """
    from simulation.questions.sensitivity import rows_of
    from simulation.questions.sensitivity import sensitivity as rank
    from simulation.questions.sensitivity.methods import method_called
    from simulation.show.plots.sensitivity import figure_sensitivity

    asked, chosen, share = scenario_from(scenario, changes, rule), method_called(method), _share(coefficients)
    total = rows_of(asked, chosen, inputs, share, points) * runs
    folder = folder_for(out, "sensitivity", scenario, as_json)
    with progress(total, silent=quiet or as_json) as advance:
        result = rank(
            asked,
            measures or None,
            method=chosen,
            inputs=inputs,
            coefficients=share,
            points=points,
            runs=runs,
            seed=seed,
            progress=advance,
        )
    result.attrs["command"] = command_line()
    summary = _summary(result)
    if as_json:
        typer.echo(as_text(summary), nl=False)
    elif not quiet:
        _show(summary)
    if folder is not None:
        varies = any(found["varies"] for found in summary["measures"].values())
        pictures = {"sensitivity": figure_sensitivity(result)} if varies else {}
        leave(folder, "sensitivity", result, _table(result), pictures, summary, quiet or as_json)


def _share(text: str) -> Share:
    from simulation.scenario.errors import ScenarioError

    if text == "bounds":
        return "bounds"
    try:
        return float(text)
    except ValueError:
        raise ScenarioError(f"--coefficients {text}: a share such as 0.25, or 'bounds', would do.") from None


def _table(result: xr.Dataset) -> pd.DataFrame:
    """A row for each measure and input, the largest index of a measure first."""
    table = result.drop_vars(["mean", "variance", "luck_share"]).to_dataframe().reset_index()
    table = table.sort_values(["measure", "index"], ascending=[True, False], kind="stable")
    ends = ["range_low", "range_high", "source"]
    return table[[*(name for name in table.columns if name not in ends), *ends]]


def _summary(result: xr.Dataset) -> dict[str, Any]:
    measures = {}
    for name in result.measure.values:
        here = result.sel(measure=name)
        varies = bool(here["index"].notnull().all())
        table = here[[part for part in here.data_vars if "input" in here[part].dims]].to_dataframe()
        parts = [part for part in table.columns if part in here.data_vars]
        ranked = table.sort_values("index", ascending=False, kind="stable")
        measures[str(name)] = {
            "varies": varies,
            "mean": _rounded(here["mean"]),
            "variance": _rounded(here["variance"]),
            "luck_share": _rounded(here["luck_share"]),
            "inputs": {
                key: {part: _rounded(row[part]) for part in parts}
                | {"range": [_rounded(row["range_low"]), _rounded(row["range_high"])], "source": row["source"]}
                for key, row in ranked.iterrows()
            }
            if varies
            else {},
        }
    return {
        "scenario": result.attrs["title"],
        "method": result.attrs["method"],
        "points": int(result.attrs["points"]),
        "runs_a_point": int(result.attrs["runs_a_point"]),
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "measures": measures,
    }


def _rounded(value: Any) -> float | None:
    number = float(value)
    return round(number, 5) if abs(number) < float("inf") else None


def _show(summary: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.questions.sensitivity.methods import MEANING

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(
        f"{summary['method']}: {summary['points']:,} rows of {summary['runs_a_point']} runs, seed {summary['seed']}; "
        f"{MEANING[summary['method']][1]}; ± 95 % interval\n"
    )
    for name, found in summary["measures"].items():
        if not found["varies"]:
            console.print(f"{name}: it does not vary, or does not arise in some row; there is nothing to rank.\n")
            continue
        sobol = summary["method"] == "sobol"
        table = Table(box=box.SIMPLE_HEAD, title=f"{name} (mean {found['mean']:.3g})", title_justify="left")
        table.add_column("input", overflow="fold")
        for head in ("total", "first order") if sobol else ("index",):
            table.add_column(head, justify="right")
        table.add_column("moved", justify="right")
        ranked = list(found["inputs"].items())
        luck = found["inputs"]["luck"]
        for key, row in [item for item in ranked if item[0] != "luck"][:SHOWN]:
            moved = f"{row['range'][0]:.4g} … {row['range'][1]:.4g}"
            table.add_row(key, *_cells(row, sobol), moved)
        table.add_section()
        table.add_row("luck alone", *_cells(luck, sobol), luck["source"])
        console.print(table)
        if len(ranked) - 1 > SHOWN:
            console.print(f"… and {len(ranked) - 1 - SHOWN} inputs that do less.")
        console.print(f"Replications say that luck has {100 * found['luck_share']:.0f} % of the variance.\n")


def _cells(row: dict[str, Any], sobol: bool) -> list[str]:
    parts = [("index", "high")] + ([("first", "first_high")] if sobol else [])
    return [f"{row[value]:.2f} ± {row[high] - row[value]:.2f}" for value, high in parts]
