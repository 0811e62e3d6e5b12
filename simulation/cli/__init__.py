"""The command ``ceasefire``."""

from __future__ import annotations

import os
import sys

import typer

from simulation.cli.ablate import ablate
from simulation.cli.animate import animate
from simulation.cli.app import open_page
from simulation.cli.attribute import attribute
from simulation.cli.calibrate import calibrate
from simulation.cli.compare import compare
from simulation.cli.levers import levers
from simulation.cli.path import path
from simulation.cli.rules import rules
from simulation.cli.run import run
from simulation.cli.scenarios import check, explain, list_scenarios, new, schema
from simulation.cli.sensitivity import sensitivity
from simulation.cli.sweep import query, sweep
from simulation.cli.validate import validate
from simulation.cli.why import why

app = typer.Typer(
    help="Who accepts a ceasefire, and does it hold: run, read and question scenario files.",
    epilog="Start with: ceasefire run libya-2020-01",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(run)
app.command()(rules)
app.command()(animate)
app.command(name="app")(open_page)
app.command()(why)
app.command()(check)
app.command()(explain)
app.command()(schema)
app.command(name="list")(list_scenarios)
app.command()(new)
app.command()(compare)
app.command()(levers)
app.command()(path)
app.command()(attribute)
app.command()(sensitivity)
app.command()(sweep)
app.command()(query)
app.command()(validate)
app.command()(calibrate)
app.command()(ablate)


def main() -> None:
    """Run the command; what the user can mend is said in a line, without a traceback, and ends with exit code 2."""
    from simulation.scenario.errors import ScenarioError

    try:
        app()
    except ScenarioError as error:
        _fail(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader of our output went away
        sys.exit(1)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _fail(f"{place}{error.strerror or error}.")


def _fail(text: str) -> None:
    typer.echo(f"ceasefire: {text}" if "\n" not in text else f"ceasefire:\n{text}", err=True)
    sys.exit(2)


__all__ = ["app", "main"]
