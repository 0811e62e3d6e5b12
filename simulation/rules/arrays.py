"""What published rules take from outside as arrays: numbers that are finite, and leading axes as one axis of runs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.base import Array


def numbers(name: str, value: ArrayLike, would_do: str = "leave the actor out or give a value") -> Array:
    """A finite array of floats with at least one axis.

    Parameters
    ----------
    would_do : what to do about a number that is not finite

    Raises
    ------
    ValueError
        that names the array and says what would do
    """
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: not a table of numbers") from None
    if array.ndim < 1 or array.size == 0:
        raise ValueError(f"{name}: shape {array.shape} has no actors; give one number per actor")
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: {array[~np.isfinite(array)][0]} is not a finite number; {would_do}")
    return array


def by_run(array: Array, shape: tuple[int, ...], kept: int) -> Array:
    """An array of ``shape``, its leading axes made one axis of runs; the last ``kept`` stay. In C order, a copy."""
    full = np.broadcast_to(array, shape)
    return np.array(full.reshape(-1, *shape[len(shape) - kept :]), dtype=np.float64, order="C")
