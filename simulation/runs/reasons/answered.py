"""An offer made by hand, as it was answered."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from simulation.dynamics.answers import CONDITIONAL
from simulation.runs.reasons.apart import reasons_of
from simulation.runs.reasons.words import cells
from simulation.runs.results import scenario_of
from simulation.runs.results.wording import as_html
from simulation.scenario.labels import ANSWERS

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False)
class AnsweredOffer:
    """What each party answered to an offer made by hand, and why.

    ``print(answered)`` shows the parts of each party's willingness, a notebook shows them as a table, and
    ``simulation.plot(answered)`` draws them.
    """

    id: str
    """What the run knows it by, such as ``by hand 1``."""

    result: xr.Dataset
    """Every number by name, with dimensions part and party."""

    @property
    def answers(self) -> dict[str, float]:
        """By party: 1 accepted, 0.5 accepted with conditions, 0 refused."""
        return self._by_party("answer")

    @property
    def chances(self) -> dict[str, float]:
        """How likely each party was to say yes, with conditions or without."""
        return self._by_party("chance")

    @property
    def reasons(self) -> dict[str, dict[str, float]]:
        """The parts of each party's willingness in stance points, such as ``sponsor.Turkey``; they add up to it."""
        return reasons_of(self.result)

    @property
    def accepted(self) -> bool:
        """Whether all who were asked said yes, so that a truce is in force."""
        return all(grade >= CONDITIONAL for grade in self.answers.values())

    def _by_party(self, name: str) -> dict[str, float]:
        values = self.result[name]
        return {str(party): float(values.sel(party=party)) for party in values.party.values}

    @property
    def _said(self) -> str:
        labels, chances = scenario_of(self.result).labels, self.chances
        words = [
            f"{labels[party]} {ANSWERS[grade]} (chance of a yes {100 * chances[party]:.0f} %)"
            for party, grade in self.answers.items()
        ]
        return f"{self.id}, {self.result.attrs['date']}: {', '.join(words)}"

    def __repr__(self) -> str:
        return f"<AnsweredOffer {self._said}>"

    def _table(self) -> list[tuple[str, ...]]:
        labels = scenario_of(self.result).labels
        return [("", *(labels[str(party)] for party in self.result.party.values)), *cells(self.result)]

    def __str__(self) -> str:
        rows = self._table()
        wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(pairs))
            for pairs in (list(zip(row, wide, strict=True)) for row in rows)
        ]
        return "\n".join([self._said, *lines])

    def _repr_html_(self) -> str:
        head, *rows = self._table()
        heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align: {"right" if place else "left"}">{as_html(cell)}</td>'
                for place, cell in enumerate(row)
            )
            + "</tr>"
            for row in rows
        )
        return f"<p><b>{escape(self._said)}</b></p><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
