"""Boxes in the space of the inputs: limits on some of them, read off a shallow decision tree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.state import Array, Flags
from simulation.questions.sweep.store import INSTALL
from simulation.scenario.errors import ScenarioError

LEAST_SHARE = 0.05
"""Of the cases, the least that a branch of the tree may hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """What the tree looks at: a number that is varied, or whether a text is this one (0 or 1)."""

    key: str
    values: Array  # (cases,)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """Limits on some inputs, each above a number and at most another; and of texts those that are left."""

    limits: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The inputs that are limited."""
        return [*self.limits, *self.texts]

    def holds(self, inputs: Mapping[str, NDArray[Any]]) -> Flags:
        """Which cases lie inside, (cases,)."""
        inside = np.ones(len(next(iter(inputs.values()))), dtype=bool)
        for key, (low, high) in self.limits.items():
            inside &= (inputs[key] > low) & (inputs[key] <= high)
        for key, allowed in self.texts.items():
            inside &= np.isin(inputs[key].astype(str), sorted(allowed))
        return inside

    def narrowed(self, column: Column, threshold: float, below: bool, every: Mapping[str, frozenset[str]]) -> Box:
        """The half of the box on one side of a split of the tree."""
        if column.text is not None:
            left = self.texts.get(column.key, every[column.key])
            left = left - {column.text} if below else frozenset({column.text})
            return replace(self, texts={**self.texts, column.key: left})
        low, high = self.limits.get(column.key, (-math.inf, math.inf))
        low, high = (low, min(high, threshold)) if below else (max(low, threshold), high)
        return replace(self, limits={**self.limits, column.key: (low, high)})


def columns_of(inputs: Mapping[str, NDArray[Any]]) -> list[Column]:
    """The columns that a tree looks at: a number is one, a text one for each of its values."""
    found = []
    for key, values in inputs.items():
        if values.dtype != object:
            found.append(Column(key, values.astype(float)))
        else:
            texts = values.astype(str)
            found += [Column(key, (texts == text).astype(float), str(text)) for text in np.unique(texts)]
    return found


def grown(columns: Sequence[Column], wanted: Flags, weight: Array, depth: int) -> tuple[list[Box], dict[str, float]]:
    """Every box that a decision tree has cut out, from the largest to its leaves, and how telling each input was.

    Parameters
    ----------
    wanted : (cases,) bool     which cases are of interest
    weight : (cases,)          how much each counts
    depth : splits in a row, at most

    References
    ----------
    Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees; Lempert, Bryant & Bankes (2008),
    Comparing Algorithms for Scenario Discovery, RAND WR-557.
    """
    try:
        from sklearn.tree import DecisionTreeClassifier
    except ImportError:
        raise ScenarioError(f"regions need scikit-learn: {INSTALL}") from None
    model = DecisionTreeClassifier(max_depth=depth, min_weight_fraction_leaf=LEAST_SHARE, random_state=0)
    model.fit(np.column_stack([column.values for column in columns]), wanted, sample_weight=weight)
    every: dict[str, frozenset[str]] = {}
    telling: dict[str, float] = {}
    for column, importance in zip(columns, model.feature_importances_, strict=True):
        telling[column.key] = telling.get(column.key, 0.0) + float(importance)
        if column.text is not None:
            every[column.key] = every.get(column.key, frozenset()) | {column.text}
    return list(_cut(model.tree_, columns, every, 0, Box())), telling


def _cut(
    tree: Any, columns: Sequence[Column], every: Mapping[str, frozenset[str]], node: int, box: Box
) -> Iterator[Box]:
    if node:
        yield box
    if tree.children_left[node] >= 0:
        column, threshold = columns[tree.feature[node]], float(tree.threshold[node])
        for child, below in ((tree.children_left[node], True), (tree.children_right[node], False)):
            yield from _cut(tree, columns, every, child, box.narrowed(column, threshold, below, every))


def coverage_and_density(inside: Flags, wanted: Flags) -> tuple[float, float]:
    """The share of the cases of interest that lie inside, and the share of those inside that are of interest."""
    both = float((inside & wanted).sum())
    return both / max(float(wanted.sum()), 1.0), both / max(float(inside.sum()), 1.0)


def worth(inside: Flags, wanted: Flags) -> float:
    """The harmonic mean of coverage and density: 1 where a box holds all that is of interest and nothing else."""
    coverage, density = coverage_and_density(inside, wanted)
    return 2 * coverage * density / (coverage + density) if coverage + density else 0.0
