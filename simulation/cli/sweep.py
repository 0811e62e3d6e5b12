"""``ceasefire sweep`` and ``ceasefire query``: a scenario at many points, and questions to what came of it."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, Runs, ScenarioFile, Seed, scenario_from
from simulation.cli.terminal import command_line, percent, progress

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from simulation.questions.sweep import Store

MOST_SHOWN = 200
"""Rows of an answer that are printed as a table."""

Vary = Annotated[
    list[str],
    typer.Option(
        help="a key and its range or choices, such as ties.UAE.LNA.support=0:1:11 or rule=friedkin-johnsen,compromise; "
        "may be repeated",
        metavar="KEY=LOW:HIGH[:COUNT]|KEY=A,B,C",
    ),
]
Measures = Annotated[
    list[str],
    typer.Option("--measure", help="what to keep of every run, such as truce.starts; the headlines if left out"),
]


def sweep(
    scenario: ScenarioFile,
    vary: Vary = [],  # noqa: B006
    design: Annotated[
        Path | None, typer.Option(help="a CSV file of points: keys at the head, a point in each row", metavar="FILE")
    ] = None,
    sampling: Annotated[
        str, typer.Option(help="grid (every combination), latin or sobol", metavar="grid|latin|sobol")
    ] = "grid",
    points: Annotated[
        int | None, typer.Option(help="how many points latin or sobol takes; for sobol best a power of two", min=1)
    ] = None,
    runs: Runs = 100,
    seed: Seed = 1,
    measures: Measures = [],  # noqa: B006
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    workers: Annotated[int | None, typer.Option(help="processes; all cores if left out", min=1)] = None,
    dask: Annotated[
        str | None, typer.Option(help="a dask scheduler, or 'local' to start one here", metavar="ADDRESS|local")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on with the sweep that the folder holds")] = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario at many points, so many runs at each and the same luck at all, into a store of Parquet files.

    A sweep that is stopped, by whatever, goes on with the same command and --resume.

    Exit code 0: fine. 1: some points failed; the store says why. 2: the input will not do.
    """
    from simulation.questions import sweep as sweeps

    asked = scenario_from(scenario, changes, rule)
    planned = sweeps.build(vary, design, sampling, points, seed)
    with ExitStack() as stack:
        if out is not None or not as_json:
            folder = out or Path("results") / f"sweep-{Path(scenario).stem}"
        else:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        with progress(planned.points * runs, silent=quiet or as_json) as advance:
            try:
                store = sweeps.sweep(
                    asked,
                    planned,
                    folder,
                    runs=runs,
                    seed=seed,
                    measures=measures or None,
                    workers=workers,
                    dask=dask,
                    resume=resume,
                    progress=advance,
                )
            except KeyboardInterrupt:
                typer.echo(f"Stopped. What is done is safe in {folder}; --resume goes on from there.", err=True)
                raise typer.Exit(130) from None
        summary = _report(store, folder)
    if as_json:
        typer.echo(json.dumps(summary, indent=1, ensure_ascii=False))
    elif not quiet:
        _show(summary)
        typer.echo(f"\nWritten to {folder}/. Ask it: ceasefire query {folder} 'select * from sweep limit 5'")
    if summary["failed"]:
        raise typer.Exit(1)


def _report(store: Store, folder: Path) -> dict[str, Any]:
    """The summary of a sweep; table, picture and dataset are written beside the store where they are of a size."""
    from simulation.questions.sweep.summary import MOST_NUMBERS, summarise
    from simulation.runs.results import save, write_text

    names = store.manifest["measures"]
    summary: dict[str, Any] = {
        "scenario": store.manifest["title"],
        "points": store.points,
        "runs": store.runs,
        "seed": store.manifest["seed"],
        "keys": store.keys,
        "failed": 0,
        "errors": [],
        "measures": {},
    }
    if store.points * len(names) > MOST_NUMBERS:
        failed = store.query("select point, error from sweep where error is not null order by point")
        summary["failed"], summary["errors"] = len(failed), sorted(set(failed["error"]))[:10]
    else:
        result = summarise(store)
        result.attrs["command"] = command_line()
        errors = [str(text) for text in result.error.values if text]
        summary["failed"], summary["errors"] = len(errors), sorted(set(errors))[:10]
        summary["measures"] = {name: _extremes(result.sel(measure=name), store.keys) for name in names}
        save(result, folder / "sweep.nc")
        write_text(folder / "sweep.csv", _table(result, store.keys).to_csv(index=False))
        if len(errors) < store.points:
            from simulation.show.plots.saving import save_figure
            from simulation.show.plots.sweep import figure_sweep

            save_figure(figure_sweep(result), folder, "sweep")
    write_text(folder / "sweep.json", json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    return summary


def _table(result: xr.Dataset, keys: list[str]) -> pd.DataFrame:
    """A row for each point: its keys, then value, low and high of each measure, and why it failed."""
    import pandas as pd

    columns: dict[str, Any] = {"point": result.point.values} | {key: result[key].values for key in keys}
    for name in result.measure.values:
        here = result.sel(measure=name)
        columns |= {
            name: here.value.values.round(6),
            f"{name} low": here.low.values.round(6),
            f"{name} high": here.high.values.round(6),
        }
    return pd.DataFrame(columns | {"error": result.error.values})


def _extremes(result: xr.Dataset, keys: list[str]) -> dict[str, Any]:
    """Where a measure is least and most."""
    found: dict[str, Any] = {"chance": bool(result.chance)}
    for word, where in (("least", "idxmin"), ("most", "idxmax")):
        if bool(result.value.isnull().all()):
            return found | {"least": None, "most": None}
        here = result.sel(point=getattr(result.value, where)("point"))
        found[word] = {
            **{name: round(float(here[name]), 4) for name in ("value", "low", "high")},
            "at": {key: here[key].item() for key in keys},
        }
    return found


def _show(summary: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(f"{summary['points']:,} points of {summary['runs']:,} runs, seed {summary['seed']}\n")
    table = Table(box=box.SIMPLE_HEAD, title="least and most (95 % interval), and where", title_justify="left")
    for name in ("measure", "least", "at", "most", "at"):
        table.add_column(name, justify="right" if name in ("least", "most") else "left", overflow="fold")
    level = []
    for name, found in summary["measures"].items():
        least, most = found["least"], found["most"]
        if least is None or least["high"] >= most["low"]:
            level.append(name)
            continue
        numbers = [_number(extreme, found["chance"]) for extreme in (least, most)]
        table.add_row(name, numbers[0], _place(least), numbers[1], _place(most))
    if table.row_count:
        console.print(table)
        console.print(f"at: {', '.join(summary['keys'])}")
    if level:
        console.print(f"Of {len(level)} measures least and most are within each other's interval: {', '.join(level)}")
    if summary["failed"]:
        console.print(f"[bold]{summary['failed']:,} points failed:[/bold]")
        for error in summary["errors"]:
            console.print(f"  {escape(error)}")


def _number(found: dict[str, Any], chance: bool) -> str:
    if chance:
        return percent({"chance": found["value"], "low": found["low"], "high": found["high"]})
    return f"{found['value']:.3g} ({found['low']:.3g}–{found['high']:.3g})"


def _place(found: dict[str, Any]) -> str:
    return ", ".join(f"{value:.4g}" if isinstance(value, float) else str(value) for value in found["at"].values())


def query(
    folder: Annotated[Path, typer.Argument(help="the folder of a sweep", metavar="FOLDER")],
    sql: Annotated[
        str,
        typer.Argument(
            help="SQL about the view sweep: a row for each run, with point, run, the varied keys, measures and error; "
            'names with dots stand in double quotes: select avg("truce.starts") from sweep',
            metavar="SQL",
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="write the answer to a CSV file", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON, an object for each row")] = False,
) -> None:
    """Ask a sweep by SQL: ceasefire query FOLDER 'select "rule", avg("truce.starts") from sweep group by all'."""
    from simulation.questions.sweep import open_store
    from simulation.runs.results import write_text

    store = open_store(folder)
    answer = store.query(sql)
    if (done := len(store.done())) < store.blocks:
        typer.echo(f"{folder}: {done} of {store.blocks} parts are there so far.", err=True)
    if out is not None:
        write_text(out, answer.to_csv(index=False))
    if as_json:
        typer.echo(answer.to_json(orient="records", indent=1, date_format="iso"))
    elif out is None:
        _print(answer)


def _print(answer: pd.DataFrame) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for name, kind in answer.dtypes.items():
        table.add_column(escape(str(name)), justify="right" if kind.kind in "iuf" else "left")
    for row in answer.head(MOST_SHOWN).itertuples(index=False):
        table.add_row(
            *(f"{cell:.6g}" if isinstance(cell, float) else "" if cell is None else escape(str(cell)) for cell in row)
        )
    Console(highlight=False).print(table)
    if len(answer) > MOST_SHOWN:
        typer.echo(f"… and {len(answer) - MOST_SHOWN:,} rows more; --out FILE writes them all.")
