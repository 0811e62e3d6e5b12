"""``ceasefire sweep`` and ``ceasefire query``: a scenario at many points, and questions to what came of it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.dask import with_dask
from simulation.cli.options import Measures, Workers
from simulation.parameters import visible
from simulation.questions.finding import Finding, Table

if TYPE_CHECKING:
    import pandas as pd

MOST_SHOWN = 200
"""Rows of an answer that are printed as a table."""

Vary = Annotated[
    list[str] | None,
    typer.Option(
        help="a key and its range or choices, such as ties.UAE.LNA.support=0:1:11 or rule=friedkin-johnsen,compromise; "
        "may be repeated",
        metavar="KEY=LOW:HIGH[:COUNT]|KEY=A,B,C",
    ),
]
Points = Annotated[
    int | None, typer.Option(help="how many points latin or sobol takes; for sobol best a power of two", min=1)
]
DesignFile = Annotated[
    Path | None, typer.Option(help="a CSV file of points: keys at the head, a point in each row", metavar="FILE")
]
Sampling = Annotated[str, typer.Option(help="grid (every combination), latin or sobol", metavar="grid|latin|sobol")]
Dask = Annotated[
    str | None, typer.Option(help="a dask scheduler, or 'local' for processes here", metavar="ADDRESS|local")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="go on with the sweep that the folder holds, or begin it where there is none")
]


@question(runs=100, hint="Ask it: ceasefire query {folder} 'select * from sweep limit 5'")
def sweep(
    asked: Asked,
    vary: Vary = None,
    design: DesignFile = None,
    sampling: Sampling = "grid",
    points: Points = None,
    measure: Measures = None,
    workers: Workers = None,
    dask: Dask = None,
    resume: Resume = False,
) -> Finding:
    """Parameter sweep: run a scenario at many points, into a store.

    All points use common random numbers. The store is a folder of Parquet files. A sweep that is stopped, by whatever,
    goes on with the same command and --resume. Ask the store: ceasefire query FOLDER 'select * from sweep limit 5'

    Exit code 0: fine. 1: some points failed; the store says why. 2: the input will not do.
    """
    from simulation.cli.vary import read_axis
    from simulation.questions.sweep import plan, sweep
    from simulation.questions.sweep.design_file import read_design
    from simulation.scenario import ScenarioError

    if bool(vary) == bool(design):
        raise ScenarioError("a sweep needs --vary KEY=LOW:HIGH (which may be repeated), or --design FILE, not both.")
    if design is not None and (sampling != "grid" or points is not None):
        raise ScenarioError("--design: the file has the points already; leave --sampling and --points out.")
    if dask is not None:
        with_dask()
    axes = [read_axis(text) for text in vary or ()]
    planned = read_design(design) if design else plan(axes, sampling, points, asked.seed)
    asked.moved(asked.scenario, planned.columns)
    with tempfile.TemporaryDirectory() as aside:
        try:
            return sweep(
                asked.scenario,
                planned,
                asked.folder or aside,
                runs=asked.runs,
                seed=asked.seed,
                measures=measure or None,
                workers=workers,
                dask=dask,
                resume=resume,
                force=asked.force,
                progress=asked.bar.of(planned.points * asked.runs),
            )
        except KeyboardInterrupt:
            kept = f" What is done is safe in {asked.folder}; --resume goes on from there." if asked.folder else ""
            typer.echo(f"Stopped.{kept}", err=True)
            raise typer.Exit(130) from None


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
    out: Annotated[Path | None, typer.Option(help="write the answer to a CSV or .xlsx file", metavar="FILE")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the answer as JSON, an object for each row")] = False,
) -> None:
    """Ask a sweep by SQL.

    Example: ceasefire query FOLDER 'select "rule", avg("truce.starts") from sweep group by all'
    """
    from simulation.cli.terminal import show
    from simulation.questions.sweep import open_store
    from simulation.scenario.tables.writing import write_book
    from simulation.writing import check_writable, write_text

    store = open_store(folder)
    if out is not None:
        check_writable(out)
    answer = store.query(sql)
    if (done := len(store.done())) < store.blocks:
        typer.echo(f"{folder}: {done} of {store.blocks} parts are there so far.", err=True)
    if out is not None and out.suffix.lower() == ".xlsx":
        write_book(out, {"sweep": answer})
    elif out is not None:
        write_text(out, answer.to_csv(index=False))
    if as_json:
        typer.echo(answer.to_json(orient="records", indent=1, date_format="iso"))
    elif out is None:
        show([table_of(answer)])
        if len(answer) > MOST_SHOWN:
            typer.echo(f"… and {len(answer) - MOST_SHOWN:,} rows more; --out FILE writes them all.")


def table_of(answer: pd.DataFrame) -> Table:
    """The first rows of an answer, with codes for what would steer the terminal: a store may be a stranger's."""
    cells = [
        [f"{cell:.6g}" if isinstance(cell, float) else "" if cell is None else visible(str(cell)) for cell in row]
        for row in answer.head(MOST_SHOWN).itertuples(index=False)
    ]
    return Table([visible(str(name)) for name in answer.columns], cells, texts=0)
