"""The package of terms that is likeliest to be accepted, by a smooth search over stretches between its kinks.

What terms are worth to a party is piecewise linear in each issue, and bends where the party would have it: at a node. A
package is therefore written as how much of each stretch between two nodes it goes, from the lowest node on: on each
issue  point = node_0 + sum_j way_j (node_j+1 - node_j).  In the ways willingness is linear and the chance smooth, so
that sequential least-squares programming (Kraft 1988) finds the optimum to its last digits, be it at a node or between
two. A package is worth at least what its ways are, since a party's worth is concave in each issue. Points beyond what
anybody wants are worse for all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

from simulation.dynamics.state import Array
from simulation.questions.bargain.situation import Situation

QUANTILES = np.linspace(0.0, 1.0, 5)
"""Of a party's wants over the runs, where these differ from run to run: the nodes, for there are too many kinks."""

LEAST = 1e-300
"""A chance is kept above this, where its logarithm is taken."""

CLIMBS = 2
"""Starts that are searched from."""

SAME = 1e-7
"""Share of a chance that a simpler package may cost."""

NEARBY = 1.0
"""Points within which a node is tried in place of what the search ended at."""


class Search:
    """The best packages in one situation, where some issues may move and the others are held.

    Parameters
    ----------
    held : (K,) points on the issues that may not move; nan where nothing is put forward
    free : places of the issues that may move; each counts for a party that is asked
    """

    def __init__(self, here: Situation, held: Array, free: Sequence[int]) -> None:
        self.here, self.held, self.free = here, held, list(free)
        self.now, self.want, self.weight, wants = here.now, here.want, here.weight, here.wants
        self.nodes = [
            np.unique(np.quantile(wants[:, self.weight[:, issue] > 0, issue], QUANTILES, axis=0)) for issue in self.free
        ]
        self.lowest = held.copy()
        self.lowest[self.free] = [nodes[0] for nodes in self.nodes]
        self.place = np.repeat(np.arange(len(self.free)), [len(nodes) - 1 for nodes in self.nodes])
        self.length = np.concatenate([np.diff(nodes) for nodes in self.nodes])
        steps = [self.lowest]
        for issue, nodes in zip(self.free, self.nodes, strict=True):
            for node in nodes:
                steps.append(self.lowest.copy())
                steps[-1][issue] = node
        self.base, *at = here.willing(np.array(steps))
        at_nodes = np.split(np.array(at), np.cumsum([len(nodes) for nodes in self.nodes])[:-1])
        stretches = [np.diff(some, axis=0) for some in at_nodes]
        self.gain = np.ascontiguousarray(np.moveaxis(np.concatenate(stretches), 0, -1))  # (runs, asked, stretches)
        self._last: tuple[bytes, Array, Array] = (b"", self.base, self.base)

    def best(self, who: Sequence[int], starts: Sequence[Array], least: tuple[int, float] | None = None) -> Array:
        """The package, (K,), with the highest chance that all of some parties accept.

        Parameters
        ----------
        starts : packages to do better than, the likeliest of which are searched from
        least : a party, and a chance that it accepts which the package has to keep
        """
        fitted = np.array([self.within(start) for start in starts])
        order = np.argsort(-self._score(fitted, who, least), kind="stable")
        ends = [self.package(self._climb(self.ways(fitted[place]), who, least)) for place in order[:CLIMBS]]
        tried = np.array([*fitted, *ends])
        return self._simpler(tried[int(np.argmax(self._score(tried, who, least)))], who, least)

    def favourite(self, party: int, starts: Sequence[Array]) -> Array:
        """The best package for one party; and of issues that do not count for it, the best for the others."""
        own = [issue for issue in self.free if self.weight[party, issue] > 0]
        rest = [issue for issue in self.free if issue not in own]
        others = [other for other in range(len(self.here.parties)) if other != party]
        wished = self.held.copy()
        wished[own] = self.want[party, own]
        found = Search(self.here, self.held, own).best([party], [wished, *starts]) if own else wished
        return Search(self.here, found, rest).best(others, [found]) if rest else found

    def within(self, points: Array) -> Array:
        """A package with the issues that may not move as they are held."""
        kept = self.held.copy()
        kept[self.free] = points[self.free]
        return kept

    def ways(self, points: Array) -> Array:
        """How much of each stretch a package goes; what it does not put forward stands as it is now."""
        found = []
        for issue, nodes in zip(self.free, self.nodes, strict=True):
            point = self.now[issue] if np.isnan(points[issue]) else points[issue]
            found.append(np.clip((point - nodes[:-1]) / np.diff(nodes), 0.0, 1.0))
        return np.concatenate(found)

    def package(self, ways: Array) -> Array:
        """The package that goes so much of each stretch."""
        points = self.lowest.copy()
        points[self.free] += np.bincount(self.place, np.clip(ways, 0.0, 1.0) * self.length, len(self.free))
        return points

    def _climb(self, start: Array, who: Sequence[int], least: tuple[int, float] | None) -> Array:
        """The best that can be reached from a start."""
        if not len(start):
            return start
        keeps = None
        if least is not None:
            party, level = least
            keeps = {
                "type": "ineq",
                "fun": lambda ways: self._log(ways, [party])[0] - np.log(max(level, LEAST)),
                "jac": lambda ways: self._log(ways, [party])[1],
            }

        def lacks(ways: Array) -> tuple[float, Array]:
            value, slope = self._log(ways, who)
            return -value, -slope

        found = minimize(
            lacks,
            start,
            jac=True,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * len(start),
            constraints=[keeps] if keeps else [],
            options={"maxiter": 300, "ftol": 1e-12},
        )
        return np.asarray(found.x)

    def _log(self, ways: Array, who: Sequence[int]) -> tuple[float, Array]:
        """The logarithm of the chance that all of some parties accept, and its slope along each stretch."""
        yes, steep = self._chances(ways)
        chance = max(float(yes[:, who].prod(axis=-1).mean()), LEAST)
        slope = np.zeros(len(ways))
        for party in who:
            others = yes[:, [other for other in who if other != party]].prod(axis=-1)
            slope += (others * steep[:, party]) @ self.gain[:, party] / len(yes)
        return float(np.log(chance)), slope / chance

    def _chances(self, ways: Array) -> tuple[Array, Array]:
        """The parties' chances in each run, (runs, asked), and how steeply they rise with willingness."""
        key = ways.tobytes()
        if self._last[0] != key:
            step = 1e-3 * float(np.mean(self.here.parts[0].world.answers.temperature))
            willing = self.base + self.gain @ ways
            below, yes, above = self.here.chances(willing + step * np.array([-1.0, 0.0, 1.0])[:, None, None]).yes
            self._last = (key, yes, (above - below) / (2 * step))
        return self._last[1:]

    def _score(self, packages: Array, who: Sequence[int], least: tuple[int, float] | None) -> Array:
        """The logarithm of the chance that each package is accepted; none where it does not keep what it has to."""
        score = np.log(np.maximum(self.here.together(packages, who).mean(axis=-1), LEAST))
        if least is not None:
            party, level = least
            kept = self.here.together(packages, [party]).mean(axis=-1) >= level * (1 - SAME)
            score = np.where(kept, score, -np.inf)
        return np.asarray(score)

    def _simpler(self, points: Array, who: Sequence[int], least: tuple[int, float] | None) -> Array:
        """A package as good that leaves out what may as well stay as it is, and else meets wants exactly."""
        for issue, nodes in zip(self.free, self.nodes, strict=True):
            near = nodes[np.argsort(np.abs(nodes - points[issue]), kind="stable")][:2]
            tried = [np.nan, *near[np.abs(near - points[issue]) <= NEARBY], points[issue]]
            packages = np.tile(points, (len(tried), 1))
            packages[:, issue] = tried
            score = self._score(packages, who, least)
            points = packages[int(np.argmax(score >= score[-1] - SAME))]  # the first that will do
        return points


Progress = Callable[[], None]


def frontier(
    search: Search, ends: tuple[Array, Array], points: int, starts: Sequence[Array], advance: Progress
) -> list[Array]:
    """Packages between the second party's favourite and the first's, from the one to the other.

    Each is the best for the second of those that give the first at least so much of a chance, evenly from one end to
    the other; none is worse than another for both.
    """
    first, second = ends
    low, high = search.here.together(np.array([second, first]), [0]).mean(axis=-1)
    found: list[Array] = []
    if high - low > SAME:
        for level in np.linspace(low, high, points + 2)[1:-1]:
            found.append(search.best([1], [first, *found[-1:], *starts], (0, float(level))))
            advance()
    return found
