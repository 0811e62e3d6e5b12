"""The command ``ceasefire``."""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from simulation.cli.agreement import agreement
from simulation.cli.animate import animate
from simulation.cli.app import open_page
from simulation.cli.attribute import attribute
from simulation.cli.bargain import bargain
from simulation.cli.benchmark import benchmark
from simulation.cli.compare import compare
from simulation.cli.dask import without_dask
from simulation.cli.imports import import_file
from simulation.cli.levers import levers
from simulation.cli.path import path
from simulation.cli.record import ablate, calibrate, validate
from simulation.cli.regions import regions
from simulation.cli.robust import robust
from simulation.cli.rules import rules
from simulation.cli.run import run
from simulation.cli.scenarios import check, convert, explain, list_scenarios, new, schema
from simulation.cli.sensitivity import sensitivity
from simulation.cli.sweep import query, sweep
from simulation.cli.truces import truces
from simulation.cli.why import why

app = typer.Typer(
    epilog="Start with: ceasefire run libya-2020-01",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

NAMES: dict[Callable[..., None], str] = {open_page: "app", list_scenarios: "list", import_file: "import"}
"""Commands that are not called as their functions are."""

for command in (
    *(run, rules, animate, open_page, why, check, explain, schema, list_scenarios, new, convert, import_file),
    *(compare, levers, path, bargain, attribute, sensitivity, robust, sweep, query, regions),
    *(validate, benchmark, calibrate, ablate, agreement, truces),
):
    app.command(name=NAMES.get(command))(command)


PLAIN = {"−": "-", "–": "-", "…": "...", "“": '"', "”": '"'}
"""What stands for a letter where a terminal lacks it."""


def _version(asked: bool) -> None:
    if asked:
        from simulation.version import VERSION

        typer.echo(f"ceasefire-simulation {VERSION}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="print the version and stop", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Who accepts a ceasefire, and does it hold: run, read and question scenario files."""


class Output:
    """A standard stream that remembers why it could not be written to, and takes no more then.

    Typer and rich end with 1 where a reader goes away, as ``head`` does; an error that nobody may be told of stops
    nothing.
    """

    def __init__(self, stream: Any, *, needed: bool) -> None:
        self.stream, self.needed = stream, needed
        self.error: OSError | None = None

    @property
    def encoding(self) -> str:
        return self.stream.encoding or "utf-8"

    def write(self, text: str) -> int:
        self._passed(self.stream.write, text)
        return len(text)

    def flush(self) -> None:
        self._passed(self.stream.flush)

    def _passed(self, do: Callable[..., Any], *given: str) -> None:
        if self.error is not None and self.needed:
            raise self.error
        try:
            do(*given)
        except OSError as error:
            self.error = error
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.stream.fileno())  # what waits is not tried again at the end
            if self.needed:
                raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM, and the end of the terminal, end a command as Ctrl-C does: workers end, files are tidied away.

    A second signal ends the process at once.
    """
    came: list[int] = []

    def end(number: int, _: Any) -> None:
        signal.signal(number, signal.SIG_DFL)
        came.append(number)
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]  # Windows has one
    taken = [number for number in numbers if signal.getsignal(number) == signal.SIG_DFL]
    for number in taken:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)
        if came:
            sys.exit(128 + came[0])


def _nearest(error: UnicodeError) -> tuple[str, int]:
    """What a terminal that lacks a letter shows: a hyphen for a minus, without which a number is another, or a mark."""
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter, "?") for letter in letters), error.end


def _open_standard_streams() -> None:
    """Open those that were closed, or the next file would take their number, and be written what is to be printed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free: this one
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w" if number else "r", encoding="utf-8"))  # noqa: SIM115


def main() -> None:
    """Run the command; what the user can mend is said in a line, without a traceback, and ends with exit code 2."""
    with ended_by_signals(), without_dask():
        _run()


def _run() -> None:
    from simulation.scenario.errors import ScenarioError

    codecs.register_error("nearest", _nearest)
    os.environ["MPLBACKEND"] = "agg"  # pictures are files; another backend may not be there, or want a screen
    _open_standard_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="nearest")
    stdout, stderr = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = output, _ = Output(stdout, needed=True), Output(stderr, needed=False)
    try:
        try:
            app()
        finally:
            output.flush()
    except ScenarioError as error:
        _fail(str(error))
    except MemoryError as error:
        from simulation.scenario.arguments import out_of_memory

        _fail(out_of_memory(error))
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            place = "what is printed" if error is output.error else error.filename
            _fail(f"{place}: {error.strerror or error}." if place else f"{error.strerror or error}.")
    finally:
        sys.stdout, sys.stderr = stdout, stderr
        if isinstance(output.error, BrokenPipeError):  # no fault of anybody's, and not what exit code 1 means
            sys.exit(141)


def _fail(text: str) -> None:
    typer.echo(f"ceasefire: {text}" if "\n" not in text else f"ceasefire:\n{text}", err=True)
    sys.exit(2)


__all__ = ["app", "main"]
