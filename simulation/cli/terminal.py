"""What commands share on a terminal: words, tables, the progress bar, and the command as it was typed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulation.questions.finding import Table


def command_line() -> str:
    """The command as it was typed, without the path of the program."""
    import shlex

    return shlex.join(["ceasefire", *sys.argv[1:]])


def show(words: Sequence[str | Table]) -> None:
    """Print what a reader is to see: the headline in bold, sentences, and tables between rules."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for place, part in enumerate(words):
        if isinstance(part, str):
            # where nobody sees where a line ends, it ends with the sentence
            console.print(Text(part, style="" if place else "bold"), soft_wrap=not console.is_terminal)
        else:
            # a table wider than the terminal is cut where it is read by nobody, as in a pipe or a narrow window
            Console(highlight=False, width=max(console.width, 80)).print(drawn(part))


def drawn(table: Table) -> Any:
    """A table as rich draws it: words to the left, and folded where there is no room; numbers to the right."""
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text

    made = RichTable(box=box.SIMPLE_HEAD, title=Text(table.title) if table.title else None, title_justify="left")
    for place, head in enumerate(table.heads):
        if place < table.texts:
            made.add_column(Text(head), overflow="fold")
        else:
            made.add_column(Text(head), justify="right", no_wrap=True)
    for number, cells in enumerate(table.cells):
        if table.rule_above_last and number == len(table.cells) - 1:
            made.add_section()
        made.add_row(*map(Text, cells))
    return made


class Bar:
    """A progress bar on a terminal, with the time left; nothing elsewhere, and nothing where it is to be silent."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent
        self._bar: Any = None
        self._task: Any = None

    def of(self, total: int, what: str = "runs") -> Callable[[int], None] | None:
        """For work that says how much of it is done so far."""
        if self.silent or not sys.stderr.isatty():
            return None
        self._show(what, total)
        return lambda done: self._bar.update(self._task, completed=done)

    def share(self, what: str = "runs") -> Callable[[int, int], None] | None:
        """For work that says how much of it is done so far, and how much there is in all."""
        advance = self.of(1, what)
        return (
            None if advance is None else lambda done, total: self._bar.update(self._task, completed=done, total=total)
        )

    def words(self, prefix: str = "") -> Callable[[str], None] | None:
        """For work that says in words what it is at."""
        return None if self.silent else lambda text: print(f"… {prefix}{text}", file=sys.stderr)  # noqa: T201

    def _show(self, what: str, total: int) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
            self._task = self._bar.add_task(what, total=total)
        self._bar.reset(self._task, description=what, total=total)

    def close(self) -> None:
        """Take it off the terminal."""
        if self._bar is not None:
            self._bar.stop()


@contextmanager
def progress(silent: bool) -> Iterator[Bar]:
    """A bar for the time of some work, its pictures and its report."""
    bar = Bar(silent)
    try:
        yield bar
    finally:
        bar.close()
