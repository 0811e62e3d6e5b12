"""What commands share on a terminal: the progress bar, the command as it was typed, how a chance is written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def command_line() -> str:
    """The command as it was typed, without the path of the program."""
    import shlex

    return shlex.join(["ceasefire", *sys.argv[1:]])


@contextmanager
def progress(total: int, *, silent: bool, what: str = "runs") -> Iterator[Callable[[int], None] | None]:
    """A progress bar on a terminal, with the time left; nothing elsewhere."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def percent(value: dict[str, float | None]) -> str:
    """A chance with its interval, such as ``15 % (13–17)``."""
    from simulation.runs.results.wording import percent_in_brief

    return percent_in_brief(value, "not asked")
