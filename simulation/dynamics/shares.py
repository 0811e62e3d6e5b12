"""Parts as shares of a whole."""

from __future__ import annotations

import numpy as np

from simulation.dynamics.columns import over_columns
from simulation.dynamics.state import Array


def shares(parts: Array) -> Array:
    """Parts as shares of their sum over the last axis, (..., m): even shares where every part is 0."""
    total = over_columns(np.add, parts, keepdims=True)
    if total.all():
        return np.asarray(parts / total)
    none = total == 0
    return np.where(none, 1 / max(parts.shape[-1], 1), parts / np.where(none, 1.0, total))
