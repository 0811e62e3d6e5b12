"""The line through a mark that shows its interval."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simulation.dynamics.state import Array


def whisker(value: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[Array, Array]:
    """Both ends of an interval as they are drawn: at the value itself, and so not at all, where it has no end."""
    ends = np.broadcast_arrays(value, low, high)
    bounded = np.isfinite(ends[1]) & np.isfinite(ends[2])
    return np.where(bounded, ends[1], ends[0]), np.where(bounded, ends[2], ends[0])
