"""The cheapest change of some numbers that brings a chance to a target, on one set of random numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, NonlinearConstraint, brentq, minimize
from scipy.special import logit

from simulation.dynamics.state import Array
from simulation.parameters import nearest
from simulation.questions.paired import Version, pseudo, read_versions
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

NEAR = 1e-3
"""How near, in chance and in shares of a lever's room, is near enough."""


SMALL = 0.02
"""Share of a lever's room below which it is left alone."""


@dataclass(frozen=True, slots=True)
class Lever:
    """A number that may be changed, between low and high, and what a change over its whole scale costs.

    Bounds that are left out are the expert's interval, or else those of the number.
    """

    key: str
    low: float | None = None
    high: float | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """A lever and the direction in which it helps: changed by ``share`` of ``room``, it costs share * price."""

    key: str
    old: float
    room: float  # signed; 0 where neither direction helps
    price: float


@dataclass(frozen=True, slots=True)
class Point:
    """The cheapest change found for a target; ``shares`` of each course's room."""

    target: float
    shares: Array
    cost: float
    chance: float
    reached: bool


def scale_of(low: float, high: float) -> float:
    """What a change of 1 in cost is: the whole range of a number, or 100 where that is longer."""
    return min(high - low, 100.0)


def named(levers: Sequence[Lever] | Mapping[str, Sequence[float]]) -> list[Lever]:
    """Levers that are given as keys with their bounds, and perhaps a cost: none, two or three numbers each."""
    if not isinstance(levers, Mapping):
        return list(levers)
    for key, numbers in levers.items():
        if len(numbers) not in (0, 2, 3):
            raise ScenarioError(f"{key}: {tuple(numbers)}; bounds, low and high, and perhaps a cost are needed.")
    return [Lever(key, *numbers) for key, numbers in levers.items()]


def bounded(scenario: Scenario, lever: Lever) -> Lever:
    """The lever with its bounds filled in, if they are such as can be used."""
    known = scenario.inputs
    if lever.key not in known:
        raise ScenarioError(f"{lever.key}: no number of this scenario.{nearest(lever.key, known)}")
    item = known[lever.key]
    low, high = (item.low, item.high) if item.spread is None else item.spread
    low, high = low if lever.low is None else lever.low, high if lever.high is None else lever.high
    if not item.low <= low < high <= item.high:
        raise ScenarioError(
            f"{lever.key}: from {low:g} to {high:g} will not do: some way, low to high, within {item.low:g} … "
            f"{item.high:g} is needed."
        )
    if not low <= item.value <= high:
        raise ScenarioError(f"{lever.key}: stands at {item.value:g}, outside the bounds {low:g} to {high:g}.")
    if not 0 < lever.weight < np.inf:
        raise ScenarioError(f"{lever.key}: weight {lever.weight:g}; a cost above 0 would do.")
    return Lever(lever.key, low, high, lever.weight)


class Trial:
    """The chance that a change leads to, on one set of random numbers; each change is tried once."""

    def __init__(
        self, scenario: Scenario, measure: str, runs: int, seed: int, progress: Callable[[int], None] | None
    ) -> None:
        self.scenario, self.measure, self.runs, self.seed = scenario, measure, runs, seed
        self.progress = progress
        self.known: dict[tuple[tuple[str, float], ...], float] = {}

    def __call__(self, changes: Sequence[dict[str, float]]) -> list[float]:
        keys = [tuple(sorted(change.items())) for change in changes]
        new = [place for place, key in enumerate(keys) if key not in self.known]
        if new:
            versions = [Version(self.scenario, changes[place]) for place in new]
            values = pseudo(read_versions(versions, self.measure, self.runs, self.seed)).mean(axis=-1)
            self.known |= {keys[place]: float(value) for place, value in zip(new, values, strict=True)}
            if self.progress:
                self.progress(len(self.known))
        if any(np.isnan(self.known[key]) for key in keys):
            raise ScenarioError(f"{self.measure}: the question does not arise in any run; name another measure.")
        return [self.known[key] for key in keys]


def courses(scenario: Scenario, levers: Sequence[Lever], tried: Trial) -> list[Course]:
    """Which way each lever helps, if any: whichever end of its room gives the higher chance."""
    known = scenario.inputs
    old = [known[lever.key].value for lever in levers]
    ends = [(lever.low or 0.0, lever.high or 0.0) for lever in levers]
    rooms = [(low - value, high - value) for (low, high), value in zip(ends, old, strict=True)]
    asked = [{lever.key: room} for lever, both in zip(levers, rooms, strict=True) for room in both]
    base, *found = tried([{}, *asked])
    chosen = []
    for place, (lever, value, both) in enumerate(zip(levers, old, rooms, strict=True)):
        gains = [found[2 * place + end] - base for end in (0, 1)]
        end = int(gains[1] > gains[0])
        room = both[end] if gains[end] > 0 else 0.0
        item = known[lever.key]
        chosen.append(Course(lever.key, value, room, lever.weight * abs(room) / scale_of(item.low, item.high)))
    return chosen


def inside(chance: float) -> float:
    """A chance kept off 0 and 1, where the logit has no value."""
    return min(max(chance, 1e-4), 1 - 1e-4)


class Search:
    """The cheapest change for a target, by shares of each course's room."""

    def __init__(self, tried: Trial, courses: list[Course]) -> None:
        self.tried, self.courses = tried, courses
        self.open = [place for place, course in enumerate(courses) if course.room != 0]
        self.prices = np.array([course.price for course in courses])
        self.base = self.chance(np.zeros(len(courses)))
        self.top = self._top()
        self.best = self.chance(self.top)
        self.last: list[Array] = []

    def moves(self, shares: Array) -> dict[str, float]:
        """By how much each number changes."""
        return {
            course.key: float(course.room * share)
            for course, share in zip(self.courses, shares, strict=True)
            if share > 0
        }

    def chance(self, shares: Array) -> float:
        """What the change leads to."""
        return self.tried([self.moves(shares)])[0]

    def full(self, inner: Array) -> Array:
        """Shares of the levers that help, among all."""
        shares = np.zeros(len(self.courses))
        shares[self.open] = np.clip(np.round(inner, 6), 0.0, 1.0)
        return shares

    def _top(self) -> Array:
        """The best chance within the bounds: everything that helps at its end, less what then does harm."""
        top = self.full(np.ones(len(self.open)))
        better = True
        while better:
            better = False
            for place in self.open:
                less = top.copy()
                less[place] = 0.0
                if top[place] > 0 and self.chance(less) > self.chance(top) + NEAR:
                    top, better = less, True
        return top

    def cheapest(self, target: float) -> Point:
        """The cheapest change found for a target; the best there is where it lies beyond the bounds."""
        if self.base >= target:
            return Point(target, np.zeros(len(self.courses)), 0.0, self.base, True)
        if self.best < target:
            return Point(target, self.top, float(self.prices @ self.top), self.best, False)
        starts = sorted((*self._starts(target), *self._warm(target)), key=lambda shares: float(self.prices @ shares))
        ends = [*starts, *(self._descend(start, target) for start in starts[: 1 if self.last else 2])]
        found = min(ends, key=lambda shares: float(self.prices @ shares))
        self.last.append(found)
        return Point(target, found, float(self.prices @ found), self.chance(found), True)

    def _starts(self, target: float) -> list[Array]:
        """Changes that reach the target: each lever alone, where it can, and the best value for money first."""
        alone = [self.full(np.eye(len(self.open))[place]) for place in range(len(self.open))]
        gains = np.array(self.tried([self.moves(shares) for shares in alone])) - self.base
        found = [
            self._shortened(np.zeros(len(self.courses)), shares, target)
            for shares, gain in zip(alone, gains, strict=True)
            if self.base + gain >= target
        ]
        greedy, left = np.zeros(len(self.courses)), list(self.open)
        while left:
            longer = [np.maximum(greedy, self.full(np.eye(len(self.open))[self.open.index(k)])) for k in left]
            now = self.chance(greedy)
            worth = (np.array(self.tried([self.moves(shares) for shares in longer])) - now) / self.prices[left]
            best = int(worth.argmax())
            if self.chance(longer[best]) >= target:
                return [*found, self._shortened(greedy, longer[best], target)]
            greedy = longer[best]
            left.pop(best)
        return [*found, self._shortened(np.zeros(len(self.courses)), self.top, target)]

    def _warm(self, target: float) -> list[Array]:
        """The change found for the target before, cut or stretched to this one."""
        return [self._repaired(shares, target) for shares in self.last[-1:]]

    def _shortened(self, short: Array, enough: Array, target: float) -> Array:
        """As much of the way from one change to another, which reaches the target, as it takes."""
        if self.chance(short) >= target:
            return short

        def lacks(share: float) -> float:
            return float(logit(inside(self.chance(short + share * (enough - short)))) - logit(target))

        share = float(brentq(lacks, 0.0, 1.0, xtol=NEAR)) if lacks(1.0) > 0 else 1.0
        for step in (0.0, NEAR, 2 * NEAR, 4 * NEAR):
            trial = short + min(share + step, 1.0) * (enough - short)
            if self.chance(trial) >= target:
                return np.asarray(trial)
        return enough

    def _repaired(self, shares: Array, target: float) -> Array:
        """A change near this one that reaches the target: cut towards nothing, or stretched, by the same levers if
        they can, else towards the best."""
        if self.chance(shares) >= target:
            return self._shortened(np.zeros(len(self.courses)), shares, target)
        same = np.where(shares > 0, 1.0, 0.0)
        return self._shortened(shares, same if self.chance(same) >= target else self.top, target)

    def _descend(self, start: Array, target: float) -> Array:
        """A cheaper change that still reaches the target, from one that does."""
        enough = NonlinearConstraint(
            lambda inner: logit(inside(self.chance(self.full(inner)))) - logit(target), 0.0, np.inf
        )
        found = minimize(
            lambda inner: float(self.prices[self.open] @ inner),
            start[self.open],
            method="COBYQA",
            bounds=Bounds(np.zeros(len(self.open)), np.ones(len(self.open))),
            constraints=[enough],
            options={"initial_tr_radius": 0.2, "final_tr_radius": 10 * NEAR, "maxfev": 10 + 8 * len(self.open)},
        )
        reached = self.full(np.where(found.x < SMALL, 0.0, found.x))
        reached = reached if self.chance(reached) >= target else self._repaired(reached, target)
        return min((start, reached), key=lambda shares: float(self.prices @ shares))
