"""An offer that waits for the answer of whoever sits in a party's chair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulation.runs.reasons import AnsweredOffer
from simulation.runs.results import scenario_of
from simulation.scenario.labels import ANSWERS

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, eq=False)
class Asked:
    """An offer that asks a party, with what the party would answer by itself, and why.

    ``print(asked)`` shows the parts of its willingness, a notebook shows them as a table, and
    ``simulation.plot(asked.by_itself)`` draws them.
    """

    offer: str
    """Its id."""

    label: str
    """What the file calls it, in a few words."""

    party: str
    """Who is asked."""

    by_itself: AnsweredOffer
    """What the model would have the party answer, with the reasons, and nothing of what others will say."""

    @property
    def result(self) -> xr.Dataset:
        """Every number by name, with dimensions part and party."""
        return self.by_itself.result

    @property
    def chance(self) -> float:
        """How likely the party would be to say yes, with conditions or without, 0 … 1."""
        return self.by_itself.chances[self.party]

    @property
    def reasons(self) -> dict[str, float]:
        """The parts of its willingness in stance points, such as ``sponsor.Turkey``; they add up to it."""
        return self.by_itself.reasons[self.party]

    @property
    def _said(self) -> str:
        label = scenario_of(self.result).labels[self.party]
        word = ANSWERS[self.by_itself.answers[self.party]]
        return (
            f"{label} is asked: {self.label} ({self.offer}). By itself it {word} in this run, with a chance of a yes "
            f"of {100 * self.chance:.0f} %."
        )

    def __repr__(self) -> str:
        return f"<Asked {self._said}>"

    def __str__(self) -> str:
        return "\n".join([self._said, *str(self.by_itself).splitlines()[1:]])
