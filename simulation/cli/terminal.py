"""What commands share on a terminal: words, tables, the progress bar, and the command as it was typed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from simulation.questions.finding import Table


HELD = "\ue000"
"""What stands for a space at which no line breaks, since rich takes every kind of space for one at which it may."""

SHORT = 12
"""Letters that a column of words is given at the least before it is folded."""

LONG = 24
"""Letters up to which a word stands on one line."""


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
            text = "\n".join(wrapped(part, console)) if console.is_terminal else part
            console.print(Text(text, style="" if place else "bold"), soft_wrap=True)
        else:
            room = max(console.width, 80)
            for some in parted(part, room):
                made, least = drawn(some, room)
                Console(highlight=False, width=max(room, least)).print(made)


def wrapped(text: str, console: Console) -> list[str]:
    """The lines of a text on a terminal; a number and its interval stand on one."""
    from rich.text import Text

    from simulation.runs.results.wording import unbroken

    held = unbroken(text).replace("\u00a0", HELD)
    return [line.plain.rstrip().replace(HELD, " ") for line in Text(held).wrap(console, console.width)]


def parted(table: Table, room: int) -> Iterator[Table]:
    """A table, in several below one another where it is wider than the room, each with the words it begins with."""
    from dataclasses import replace

    def of(places: Sequence[int], title: str) -> Table:
        cells = [[row[place] for place in places] for row in table.cells]
        return replace(table, heads=[table.heads[place] for place in places], cells=cells, title=title)

    words, last = range(table.texts), len(table.heads)
    while last > table.texts + 1 and drawn(of(range(last), ""), room)[1] > room:
        last -= 1
    yield of(range(last), table.title)
    if last < len(table.heads):
        yield from parted(of([*words, *range(last, len(table.heads))], ""), room)


def drawn(table: Table, room: int) -> tuple[Any, int]:
    """A table as rich draws it, and how many columns it takes at the least.

    Words stand to the left, and are folded where there is no room, between words if none is very long; numbers to the
    right, and are never cut: where there is no room, their heads are folded, then the margins are left out, and if that
    will not do, the table is wider than the room.
    """
    import textwrap

    from rich import box
    from rich.cells import cell_len
    from rich.table import Table as RichTable
    from rich.text import Text

    def width(cells: Iterable[str]) -> int:
        return max((cell_len(line) for cell in cells for line in cell.split("\n")), default=0)

    columns = [[row[place] for row in table.cells] for place in range(len(table.heads))]
    heads, wide = list(table.heads), [width(column) for column in columns]
    if sum(max(width([head]), cells) + 3 for head, cells in zip(heads, wide, strict=True)) + 1 > room:
        for place in range(table.texts, len(heads)):
            longest = max(map(cell_len, heads[place].split()), default=0)
            heads[place] = "\n".join(textwrap.wrap(heads[place], max(wide[place], longest))) or heads[place]
    full = [max(width([head]), cells) for head, cells in zip(heads, wide, strict=True)]
    words = [max((cell_len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    room_for = [max(min(size, SHORT), min(word, LONG)) for size, word in zip(full, words, strict=True)]
    least = sum((room_for[place] if place < table.texts else size) + 3 for place, size in enumerate(full)) + 1
    margins = least <= room
    made = RichTable(box=box.SIMPLE_HEAD, title=Text(table.title) if table.title else None, title_justify="left")
    made.show_edge = made.pad_edge = margins
    for place, head in enumerate(heads):
        if place < table.texts:
            made.add_column(Text(head), overflow="fold", min_width=room_for[place])
        else:
            made.add_column(Text(head), justify="right", no_wrap=True)
    for number, cells in enumerate(table.cells):
        if table.rule_above_last and number == len(table.cells) - 1:
            made.add_section()
        made.add_row(*map(Text, cells))
    return made, least if margins else least - 4


class Bar:
    """A progress bar on a terminal, with the time left; nothing elsewhere, and nothing where it is to be silent."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent
        self._shown = not silent and sys.stderr.isatty()  # asked before rich puts its own in the place of stderr
        self._bar: Any = None
        self._task: Any = None

    def of(self, total: int, what: str = "runs") -> Callable[[int], None] | None:
        """For work that says how much of it is done so far."""
        if not self._shown:
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
