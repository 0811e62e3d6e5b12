"""``ceasefire ablate``: the scores of a scenario's forecasts with each part of the model switched off in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, Runs, ScenarioFile, Seed, scenario_from
from simulation.cli.output import as_json as text_of
from simulation.cli.output import folder_for, leave
from simulation.cli.validate import Draws, Split

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def ablate(
    scenario: ScenarioFile,
    split: Split = None,
    runs: Runs = 1000,
    draws: Draws = 2000,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Switch off each part of the model in turn, and see whether forecasts of the answers on record get worse."""
    from simulation.questions.record import ablation

    asked = scenario_from(scenario, changes, rule)
    folder = folder_for(out, "ablate", scenario, as_json)
    result = ablation.ablate(
        asked,
        split.date() if split else None,
        runs=runs,
        draws=draws,
        seed=seed,
        progress=None if quiet or as_json else lambda words: typer.echo(f"… without {words}", err=True),
    )
    table = _table(result)
    summary: dict[str, Any] = {
        "scenario": result.attrs["title"],
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "split": result.attrs["split"],
        "parts": table.round(4).to_dict(orient="records"),
    }
    if as_json:
        typer.echo(text_of(summary), nl=False)
    elif not quiet:
        _show(result, summary)
    if folder is not None:
        from simulation.show.plots.ablation import figure_ablation

        leave(folder, "ablate", result, table, {"ablate": figure_ablation(result)}, summary, quiet or as_json)


def _table(result: xr.Dataset) -> pd.DataFrame:
    """A row for each part, fit, period and score."""
    import pandas as pd

    rows = []
    for name in result.without.values:
        for fit in result.fit.values:
            for period in result.period.values:
                for score in result.score.values:
                    here = result.sel(without=name, fit=fit, period=period, score=score)
                    value, low, high = (float(number) for number in here.cost)
                    if value == value:
                        mean = float(here.mean_score.sel(bound="value"))
                        rows.append((name, fit, period, score, mean, value, low, high))
    columns = ["without", "coefficients", "period", "score", "mean", "cost", "cost_low", "cost_high"]
    return pd.DataFrame(rows, columns=columns)


def _show(result: xr.Dataset, summary: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(f"{summary['runs']:,} runs, seed {summary['seed']}; split {summary['split']}; Brier score\n")
    title = "how much worse without it (95 % over answers); above 0 it earns its place"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    table.add_column("without")
    periods = [
        (str(fit), str(period))
        for fit in result.fit.values
        for period in result.period.values
        if not bool(result.cost.sel(fit=fit, period=period).isnull().all())
    ]
    for fit, period in periods:
        table.add_column(f"{fit},\n{period}", justify="right")
    for name in result.without.values[1:]:
        cells = [
            "{:+.3f}\n{:+.2f} to {:+.2f}".format(
                *(float(x) for x in result.cost.sel(without=name, fit=fit, period=period, score="brier"))
            )
            for fit, period in periods
        ]
        table.add_row(escape(str(name)), *cells)
    console.print(table)
