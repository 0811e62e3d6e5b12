"""What every question answers with, the same in Python and at a terminal: numbers, rows, words and pictures."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class Table:
    """A table for a reader: cells as text."""

    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    title: str = ""
    texts: int = 1  # how many columns from the left hold words; the others hold numbers, and stand flush right
    rule_above_last: bool = False  # whether the last row is set apart

    def lines(self) -> Iterator[str]:
        """The table as plain text, a line a row; a cell of several lines stands on one."""
        flat = [[cell.replace("\n", " ") for cell in row] for row in (self.heads, *self.cells)]
        wide = [max(map(len, column)) for column in zip(*flat, strict=True)]
        if self.title:
            yield self.title
        for row in flat:
            cells = [
                cell.ljust(width) if place < self.texts else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(row, wide, strict=True))
            ]
            yield "  ".join(cells).rstrip()


@dataclass(frozen=True, eq=False)  # tables have no single answer to whether they are equal
class Finding:
    """The answer to a question.

    ``finding.result`` is the dataset for those who go on reckoning, ``finding.rows`` the table with every digit,
    ``finding.summary`` the same as plain numbers. ``print(finding)`` says it in words, a notebook shows these with
    their tables, and ``simulation.plot(finding)`` or ``finding.figures`` draw it.
    """

    result: xr.Dataset
    """Every number by name, with units and meanings, and in ``attrs`` what it was made from."""

    rows: pd.DataFrame
    """What the table shows, with every digit: the CSV file."""

    summary: dict[str, Any]
    """Plain numbers: the JSON file."""

    words: tuple[str | Table, ...]
    """Sentences and tables for a reader, in order; the first is the headline."""

    met: bool = True
    """Whether what was wanted or expected came out; the exit code of a command is 1 where not."""

    sheets: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Further tables by name, each a file or a sheet of its own."""

    also: tuple[Finding, ...] = ()
    """Further findings that came of the same question."""

    @property
    def question(self) -> str:
        """What was asked, by its name: ``compare``, ``levers`` and so on."""
        return str(self.result.attrs["finding"])

    @property
    def figures(self) -> dict[str, Figure]:
        """Its pictures by name, as ``simulation.plot`` draws them."""
        import simulation  # the face, from which every room is reached; a finding itself draws nothing

        return simulation.plot(self)

    def __repr__(self) -> str:
        return f"<Finding {self.question}: {self.result.attrs.get('title', '')}, {len(self.rows)} rows>"

    def __str__(self) -> str:
        return "\n".join(line for part in self.words for line in ([part] if isinstance(part, str) else part.lines()))

    def _repr_html_(self) -> str:
        return "\n".join(_as_html(part, first=place == 0) for place, part in enumerate(self.words))


def _as_html(part: str | Table, first: bool) -> str:
    from simulation.runs.results.wording import as_html

    if isinstance(part, str):
        text = as_html(part)
        text = f"<b>{text}</b>" if first else text
        return f'<p style="white-space: pre-wrap; margin: 0">{text}</p>'  # sums keep their columns

    def row(cells: Sequence[str], tag: str) -> str:
        sides = ["left" if place < part.texts else "right" for place in range(len(cells))]
        texts = [as_html(cell).replace("\n", "<br>") for cell in cells]
        inside = (f'<{tag} style="text-align: {side}">{text}</{tag}>' for side, text in zip(sides, texts, strict=True))
        return f"<tr>{''.join(inside)}</tr>"

    caption = f"<caption>{html.escape(part.title)}</caption>" if part.title else ""
    head, body = row(part.heads, "th"), "".join(row(cells, "td") for cells in part.cells)
    return f"<table>{caption}<thead>{head}</thead><tbody>{body}</tbody></table>"


def plain(number: Any, digits: int | None = None) -> float | None:
    """A number for a row: None where there is none, rounded where digits are given."""
    value = float(number)
    if value != value or abs(value) == float("inf"):
        return None
    return value if digits is None else round(value, digits)
