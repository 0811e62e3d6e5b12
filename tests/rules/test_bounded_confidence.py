"""Hegselmann and Krause's bounded confidence: by hand, at the bound, symmetric, and with its proven number of camps."""

from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from simulation.rules.bounded_confidence import BoundedConfidence, hegselmann_krause, within


def settled(position, confidence, rounds=1000):
    """Where the model comes to rest, and after how many rounds."""
    for spent in range(rounds):
        moved = hegselmann_krause(position, confidence)
        if np.abs(moved - position).max() < 1e-9 * max(confidence, 1e-9):
            return position, spent
        position = moved
    raise AssertionError("it never came to rest")


def camps(position, apart):
    return 1 + int((np.diff(np.sort(position)) > apart).sum())


def test_all_move_at_once_to_the_mean_of_those_near_enough():
    # 0 sees 0, 10;  10 sees 0, 10, 25;  25 sees 10, 25;  90 sees itself
    moved = hegselmann_krause(np.array([0.0, 10.0, 25.0, 90.0]), 15.0)
    np.testing.assert_allclose(moved, [5.0, 35 / 3, 17.5, 90.0], rtol=1e-14)


def test_at_exactly_the_bound_neighbours_count_and_below_it_nobody_moves():
    line = np.linspace(0.0, 1.0, 11)  # 0.1 apart, but for rounding
    assert within(line, 0.1).sum() == 11 + 2 * 10  # itself, and each pair of neighbours both ways
    moved = hegselmann_krause(line, 0.1)
    np.testing.assert_allclose(moved, [0.05, *line[1:-1], 0.95], rtol=1e-12)  # only the ends have one-sided company
    np.testing.assert_array_equal(hegselmann_krause(line, 0.0999), line)


def test_with_no_confidence_only_those_who_agree_see_each_other():
    assert within(np.array([3.0, 3.0, 4.0]), 0.0).tolist() == [
        [True, True, False],
        [True, True, False],
        [False, False, True],
    ]


@pytest.mark.parametrize("n", [*range(1, 26), 50, 51, 60, 97])
def test_equally_spaced_opinions_at_the_bound_end_in_the_proven_number_of_camps(n):
    """Hegarty & Wedin (2016), theorem 1.1: 2 [n/6] camps of three, and one of n mod 6 in the middle if 6 does not
    divide n; time to freezing 5n/6 + O(1)."""
    rest, rounds = settled(np.arange(n) * 2.0, 2.0)
    sizes = [int(size) for size in np.unique(np.round(rest, 6), return_counts=True)[1]]
    outer = [3] * (n // 6)
    assert sizes == outer + ([n % 6] if n % 6 else []) + outer
    assert abs(rounds - 5 * n / 6) <= 5


@pytest.mark.parametrize("n", [7, 12, 17])
def test_rounding_does_not_change_who_is_near_whom(n):
    """The same run in fractions, where at the bound means at the bound."""
    exact, floating = [Fraction(i, 10) for i in range(n)], np.arange(n) / 10
    for _ in range(n):
        near = [[b for b in exact if abs(a - b) <= Fraction(1, 10)] for a in exact]
        exact = [sum(group) / len(group) for group in near]
        floating = hegselmann_krause(floating, 0.1)
        np.testing.assert_allclose(floating, [float(a) for a in exact], rtol=1e-11)


def test_a_symmetric_start_stays_symmetric():
    position = np.linspace(0.0, 100.0, 40)
    for _ in range(30):
        position = hegselmann_krause(position, 13.0)
        np.testing.assert_allclose(position + position[::-1], 100.0, rtol=1e-12)


def test_wide_confidence_brings_agreement_and_narrow_confidence_many_camps():
    """Hegselmann & Krause (2002), section 4: from one opinion a point, 0.01 leaves plurality, 0.15 polarisation, and
    0.25 consensus."""
    line = np.linspace(0.0, 1.0, 625)
    assert camps(settled(line, 0.01)[0], 0.005) > 10
    assert camps(settled(line, 0.15)[0], 0.05) in (2, 3)
    assert camps(settled(line, 0.25)[0], 0.05) == 1


def test_camps_that_are_left_stand_further_apart_than_the_bound():
    rest, _ = settled(np.linspace(0.0, 100.0, 73), 9.0)
    gaps = np.diff(np.unique(np.round(rest, 6)))
    assert (gaps > 9.0).all()


def test_influence_can_weigh_those_within_reach():
    state = SimpleNamespace(influence=np.array([30.0, 10.0, 10.0]))
    stance = np.array([0.0, 20.0, 100.0])
    rule = BoundedConfidence(confidence=20, by_influence=True)
    np.testing.assert_allclose(rule.target(stance, stance, state, None, None), [5.0, 5.0, 100.0])
    rule = BoundedConfidence(confidence=20)
    np.testing.assert_allclose(rule.target(stance, stance, state, None, None), [10.0, 10.0, 100.0])


def test_among_neighbours_without_influence_nobody_moves():
    moved = hegselmann_krause(np.array([0.0, 20.0, 90.0]), 30.0, np.array([0.0, 0.0, 5.0]))
    np.testing.assert_array_equal(moved, [0.0, 20.0, 90.0])


def test_each_run_may_have_its_own_bound():
    position = np.array([[0.0, 10.0], [0.0, 10.0]])
    np.testing.assert_array_equal(hegselmann_krause(position, np.array([[9.0], [10.0]])), [[0.0, 10.0], [5.0, 5.0]])
