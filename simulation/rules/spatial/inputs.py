"""What the model takes from outside, checked once and brought to runs × actors × dimensions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.arrays import by_run, numbers
from simulation.rules.base import Array

ROUNDING = 1e-9
"""By how much saliences given in decimals may miss a sum of 1."""
MOST = 1e12
"""Greatest influence: beside more than this the coalition of nobody (1e-8) and octic chances lose their meaning."""


class Case(NamedTuple):
    """One case or many, in the model's own scale."""

    position: Array  # (R, n, K) 0 … 1
    salience: Array  # (R, n, K)
    influence: Array  # (R, n)
    lead: tuple[int, ...]  # the caller's axes of runs
    shape: tuple[int, ...]  # of the caller's positions, all runs written out: (..., n) or (..., n, K)


def read(
    position: ArrayLike, salience: ArrayLike, influence: ArrayLike, scale: float = 100.0, dimensions: int | None = None
) -> Case:
    """Check positions, saliences and influences, or raise a ValueError that says which, what, and what would do."""
    if not (np.isfinite(scale) and scale > 0):
        raise ValueError(f"scale: {scale!r} is not a positive number (the far end of the positions, such as 100)")
    position, salience = numbers("position", position), numbers("salience", salience)
    influence = numbers("influence", influence)
    n = influence.shape[-1]
    flat = _one_dimension(position, salience, influence, dimensions)
    if flat:
        position = position[..., None]
        if salience.shape[-1:] != (n,):
            raise ValueError(f"salience: shape {salience.shape} does not fit {n} actors; give (..., {n})")
        salience = salience[..., None]
    depth = position.shape[-1]
    if salience.shape[-2:] != (n, depth):
        raise ValueError(f"salience: shape {salience.shape} does not fit {n} actors; give (..., {n}, {depth})")
    try:
        runs = np.broadcast_shapes(position.shape[:-2], salience.shape[:-2], influence.shape[:-1])
    except ValueError:
        given = f"{position.shape}, {salience.shape}, {influence.shape}"
        raise ValueError(f"position, salience, influence: the runs in shapes {given} do not fit each other") from None

    if (position < 0).any() or (position > scale).any():
        raise ValueError(
            f"position: {position.min():g} … {position.max():g} leaves 0 … {scale:g}; rescale it or set `scale`"
        )
    if (salience < 0).any():
        raise ValueError(f"salience: {salience.min():g} is negative; give shares 0 … 1")
    total = np.sum(salience, axis=-1)
    if (total > 1 + ROUNDING).any():
        worst = np.unravel_index(int(np.argmax(total)), total.shape)
        run = f" in run {', '.join(str(at) for at in worst[:-1])}" if len(worst) > 1 else ""
        raise ValueError(
            f"salience: actor {worst[-1]}{run} has {total[worst]:g} in all, more than 1; divide a 0 … 100 scale by 100"
        )
    if (influence < 0).any() or (influence > MOST).any():
        raise ValueError(f"influence: {influence.min():g} … {influence.max():g} is outside 0 … {MOST:g}; rescale it")
    if (influence.max(axis=-1) <= 0).any():
        raise ValueError("influence: nobody has any; at least one actor of each run must carry weight")

    actors = (*runs, n)
    shape = actors if flat else (*actors, depth)
    return Case(
        by_run(position / scale, (*actors, depth), 2),
        by_run(salience, (*actors, depth), 2),
        by_run(influence, actors, 1),
        runs,
        shape,
    )


def _one_dimension(position: Array, salience: Array, influence: Array, dimensions: int | None) -> bool:
    """Whether the positions are (..., n) rather than (..., n, K)."""
    n = influence.shape[-1]
    one = position.shape[-1] == n
    many = position.ndim > 1 and position.shape[-2] == n
    if dimensions is not None:
        if dimensions == 1 and one:
            return True
        if many and position.shape[-1] == dimensions:
            return False
        raise ValueError(f"dimensions: position has shape {position.shape}, which is not {n} actors in {dimensions}")
    if one and many and salience.ndim > 1 and position.shape != influence.shape:
        raise ValueError(
            f"dimensions: position of shape {position.shape} could be {n} runs in one dimension or {n} dimensions; "
            f"say dimensions=1 or dimensions={n}"
        )
    if one and (not many or salience.ndim == 1 or position.shape == influence.shape):
        return True
    if many:
        return False
    raise ValueError(f"position: shape {position.shape} does not fit {n} influences; give (..., {n}) or (..., {n}, K)")
