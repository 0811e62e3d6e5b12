"""What the exchange model takes from outside, checked once and brought to runs × actors × issues."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.arrays import by_run, numbers
from simulation.rules.base import Array

NO_POSITION = "who has no position on an issue has salience 0 there, and any position"


class Case(NamedTuple):
    """One case or many."""

    position: Array  # (R, n, K)
    salience: Array  # (R, n, K)
    influence: Array  # (R, n, K)
    lead: tuple[int, ...]  # the caller's axes of runs


def read(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> Case:
    """Check positions, saliences and influences, or raise a ValueError that says which, what, and what would do."""
    position, salience, influence = (
        numbers(name, value, NO_POSITION)
        for name, value in (("position", position), ("salience", salience), ("influence", influence))
    )
    if position.ndim < 2:
        raise ValueError(
            f"position: shape {position.shape} has one issue; exchanges need two or more, so give (..., n, K)"
        )
    n, issues = position.shape[-2:]
    if issues < 2:
        raise ValueError(f"position: {issues} issue; exchanges need two or more, so give (..., n, K)")
    if salience.shape[-2:] != (n, issues):
        raise ValueError(f"salience: shape {salience.shape} does not fit {n} actors on {issues} issues")
    by_issue = influence.ndim == position.ndim and influence.shape[-2:] == (n, issues)
    if not by_issue:
        if influence.shape[-1] != n:
            raise ValueError(
                f"influence: shape {influence.shape} does not fit {n} actors; give (..., n) or (..., n, K)"
            )
        influence = influence[..., None]
    try:
        lead = np.broadcast_shapes(*(array.shape[:-2] for array in (position, salience, influence)))
    except ValueError:
        shapes = f"{position.shape}, {salience.shape}, {influence.shape}"
        raise ValueError(f"position, salience, influence: the runs in shapes {shapes} do not fit each other") from None
    for name, array in (("salience", salience), ("influence", influence)):
        if (array < 0).any():
            raise ValueError(f"{name}: {array.min():g} is negative; 0 is the least")
    with np.errstate(over="ignore"):
        wide = np.ptp(position, axis=-2)
    if not np.isfinite(wide).all():
        raise ValueError(f"position: {position.min():g} … {position.max():g} is too wide a range to be measured")
    position, salience, influence = (by_run(array, (*lead, n, issues), 2) for array in (position, salience, influence))
    idle = ~((salience > 0) & (influence > 0)).any(axis=1)
    if idle.any():
        issue = int(np.argwhere(idle)[0, 1])
        raise ValueError(f"influence, salience: nobody has any weight on issue {issue}; leave the issue out")
    return Case(position, salience, influence, lead)
