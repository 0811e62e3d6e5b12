"""Which numbers a sensitivity analysis moves, and how far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.runs.sampling import pert
from simulation.scenario.errors import ScenarioError
from simulation.scenario.inputs import Input
from simulation.scenario.schema import Scenario

COEFFICIENTS = ("coefficients.", "rule.")

Share = float | Literal["bounds"]


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is moved between low and high: as PERT where an expert gave the interval, else evenly."""

    key: str
    low: float
    best: float
    high: float
    source: str  # "interval", "± 25 %" or "bounds"

    def at(self, share: Array) -> Array:
        """The number at these probabilities, 0 … 1."""
        if self.source == "interval":
            return pert(share, self.low, self.best, self.high)
        return self.low + share * (self.high - self.low)


def ranges(scenario: Scenario, patterns: Sequence[str] = (), coefficients: Share = 0.25) -> list[Range]:
    """The numbers to move, in the order of the scenario.

    Parameters
    ----------
    patterns : keys, in which ``*`` stands for anything, such as ``actors.*.stance``. Left out: every number that has
        an expert's low and high, and every coefficient that is not 0, nor idle.
    coefficients : how far a number without low and high is moved: so great a share of itself up and down, within its
        bounds; ``bounds`` moves it over all that the model allows; 0 leaves coefficients alone

    Raises
    ------
    ScenarioError
        for a pattern that fits nothing, or nothing that can be moved
    """
    if coefficients != "bounds" and not 0 <= coefficients <= 1:
        raise ScenarioError(f"coefficients = {coefficients:g}: a share between 0 and 1, or 'bounds', would do.")
    known = scenario.inputs
    for pattern in patterns:
        if not any(fnmatchcase(key, pattern) for key in known):
            raise ScenarioError(f"`inputs` {pattern}: fits no number of the scenario.{nearest(pattern, known)}")
    found = list(_ranges(known, patterns, coefficients))
    if not found:
        raise ScenarioError("nothing to move: no number here has a low and a high, or is a coefficient other than 0.")
    return found


def _ranges(known: Mapping[str, Input], patterns: Sequence[str], coefficients: Share) -> Iterator[Range]:
    for key, item in known.items():
        named = any(fnmatchcase(key, pattern) for pattern in patterns)
        if patterns and not named:
            continue
        if item.spread is not None:
            yield Range(key, item.spread[0], item.value, item.spread[1], "interval")
        elif named or (key.startswith(COEFFICIENTS) and not item.idle):
            low, high = _around(item, coefficients)
            if low < high:
                source = "bounds" if coefficients == "bounds" else f"± {100 * coefficients:g} %"
                yield Range(key, low, item.value, high, source)


def _around(item: Input, share: Share) -> tuple[float, float]:
    if share == "bounds":
        return item.low, item.high
    reach = share * abs(item.value)
    return max(item.value - reach, item.low), min(item.value + reach, item.high)
