"""Sums and extremes over few columns are numpy's own, to the last bit."""

import numpy as np
import pytest

from simulation.dynamics.columns import over_columns

WIDTHS = (1, 2, 3, 7, 8, 20)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("combine", [np.add, np.minimum, np.maximum])
def test_column_by_column_comes_to_the_same_as_numpy_to_the_last_bit(width, keepdims, combine):
    values = np.random.default_rng(1).lognormal(sigma=9.0, size=(300, width))  # so that the order of adding shows
    for some in (values, values[0], values.reshape(3, 100, width)[:, ::7], np.asfortranarray(values)):
        theirs = combine.reduce(some, axis=-1, keepdims=keepdims)
        np.testing.assert_array_equal(over_columns(combine, some, keepdims=keepdims), theirs, strict=True)


def test_nobody_adds_up_to_nothing():
    np.testing.assert_array_equal(over_columns(np.add, np.empty((3, 0))), [0.0, 0.0, 0.0])
    np.testing.assert_array_equal(over_columns(np.logical_or, np.empty((2, 0), dtype=bool)), [False, False])


def test_one_true_column_is_some_and_not_all():
    flags = np.array([[False, True], [False, False], [True, True]])
    np.testing.assert_array_equal(over_columns(np.logical_or, flags), [True, False, True])
    np.testing.assert_array_equal(over_columns(np.logical_and, flags), [False, False, True])
