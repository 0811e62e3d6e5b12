"""What the expected-utility model takes from outside, checked once."""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.base import Array
from simulation.rules.compromise import weighed
from simulation.rules.expected_utility.utility import Variant


def checked(
    position: ArrayLike, salience: ArrayLike, influence: ArrayLike, variant: Variant, q: float, t: float | None
) -> tuple[Array, Array, Array]:
    """Position, salience and influence in one shape (..., n), or a ValueError that says what would do."""
    if variant not in get_args(Variant):
        raise ValueError(f"variant: {variant!r} is unknown; choose 'table-2' or 'as-printed'")
    for name, chance in (("q", q), ("t", t)):
        if chance is not None and not 0 <= chance <= 1:
            raise ValueError(f"{name}: {chance!r} is outside 0 … 1 (a probability)")
    position, salience, influence = weighed(position, salience, influence)
    if (salience > 1).any():
        raise ValueError(f"salience: {salience.max()} is outside 0 … 1; divide a 0 … 100 scale by 100")
    with np.errstate(over="ignore"):
        wide = np.ptp(position, axis=-1)
    if not np.isfinite(wide).all():
        raise ValueError(f"position: {position.min()} … {position.max()} is too wide a range to be measured")
    return position, salience, influence
