"""Sums and extremes over a handful of parties or pairs: numpy's own, but ten times as fast over so short an axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FEW = 7
"""Columns up to which numpy adds one after another, so that adding column by column comes to the same, bit for bit;
from eight on it adds in pairs."""


def over_columns(combine: np.ufunc, values: NDArray[Any], *, keepdims: bool = False) -> Any:
    """``combine.reduce`` over the last axis, column by column where they are few.

    Parameters
    ----------
    combine : ``np.add``, ``np.minimum``, ``np.maximum``, ``np.logical_or`` or ``np.logical_and``
    values : (..., m)
    keepdims : keep the last axis, of length 1
    """
    count = values.shape[-1]
    if not 1 <= count <= FEW:
        return combine.reduce(values, axis=-1, keepdims=keepdims)
    found = values[..., :1] if keepdims else values[..., 0]
    for column in range(1, count):
        found = combine(found, values[..., column : column + 1] if keepdims else values[..., column])
    return found
