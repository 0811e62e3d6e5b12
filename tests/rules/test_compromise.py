"""Compromise: weighted mean and median, and the rule that heads for the mean."""

import csv
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from simulation.rules.compromise import Compromise, compromise, weighted_mean, weighted_median

REFERENCE = Path(__file__).parent.parent / "reference" / "expected_utility"


@pytest.fixture(scope="module")
def emission():
    with (REFERENCE / "emission_actors.csv").open() as file:
        rows = list(csv.DictReader(file))
    return [np.array([float(row[key]) for row in rows]) for key in ("position", "salience", "capability")]


def test_the_emission_case_has_its_published_mean_and_median(emission):
    # Scholz et al. (2011), Table 2, round 0: 7.4 and 7; the mean to all digits is their program's
    assert weighted_mean(*emission) == pytest.approx(7.389955686853767, abs=1e-12)
    assert weighted_median(*emission) == 7.0


def test_who_cares_half_as_much_counts_half():
    # 40 * 0.5 at 0 against 20 * 1 at 100: halfway
    assert weighted_mean([0, 100], [0.5, 1.0], [40, 20]) == 50.0
    # 1 at 0, 3 at 100, 4 at 50: (0 + 300 + 200) / 8
    assert weighted_mean([0, 100, 50], [1, 1, 1], [1, 3, 4]) == 62.5


def test_the_median_is_where_the_cumulated_weight_reaches_half():
    # in order of position the weights are 2, 3, 4: half of 9 is reached by the second
    assert weighted_median([90, 10, 50], [1, 1, 1], [4, 2, 3]) == 50.0


def test_at_exactly_half_the_lower_median_is_taken():
    assert weighted_median([20, 80], [1, 1], [5, 5]) == 20.0
    # 1 + 2 + 9 is half of 24, but as shares of the greatest weight the sum falls short of half by rounding
    assert weighted_median([1, 2, 3, 4, 5], [1] * 5, [1, 2, 9, 7, 5]) == 3.0


def test_a_tie_of_the_medians_is_told_from_a_hair_more_than_half():
    # 1 of 2 is half to within rounding; a billionth less is not, and the next one has it
    assert weighted_median([20, 80], [1, 1], [1 - 1e-14, 1]) == 20.0
    assert weighted_median([20, 80], [1, 1], [1 - 1e-9, 1]) == 80.0
    # order of the list and of the positions counts for nothing: three tie at 60
    assert weighted_median([60, 20, 60, 80, 60], [1] * 5, [1, 2, 1, 2, 1]) == 60.0
    assert weighted_median([[80, 20], [20, 80]], [1, 1], [5, 5]).tolist() == [20.0, 20.0]


def test_the_median_takes_no_notice_of_those_without_weight():
    assert weighted_median([0, 40, 60], [1, 1, 1], [0, 1, 1]) == 40.0
    assert weighted_median([0, 40, 60], [0, 1, 1], [9, 1, 1]) == 40.0


def test_each_round_of_a_history_has_its_own_mean_and_median():
    history = np.array([[0.0, 10.0, 20.0], [5.0, 10.0, 10.0]])
    np.testing.assert_array_equal(weighted_median(history, [1, 1, 1], [1, 1, 1]), [10.0, 10.0])
    np.testing.assert_allclose(weighted_mean(history, [1, 1, 1], [1, 1, 1]), [10.0, 25 / 3], rtol=1e-15)


def test_everybody_covers_the_share_of_its_way_to_the_mean():
    # mean (0 + 3 * 80) / 4 = 60
    np.testing.assert_allclose(compromise([0, 80], [1, 1], [1, 3], share=0.5), [30, 70])
    np.testing.assert_allclose(compromise([0, 80], [1, 1], [1, 3]), [60, 60])


def test_where_nobody_has_weight_nobody_is_pulled():
    moved = compromise([[0.0, 80.0], [0.0, 80.0]], [1, 1], [[1, 1], [0, 0]])
    np.testing.assert_array_equal(moved, [[40.0, 40.0], [0.0, 80.0]])


def test_rounding_carries_nobody_past_the_mean():
    # where only the actor at 0.1 has weight the mean is the top of the scale; -100 + (0.1 + 100) is not exactly 0.1
    position = np.stack([np.linspace(-100, 0, 1001), np.full(1001, 0.1)], axis=-1)
    assert compromise(position, [1, 1], [0, 1]).max() == 0.1


def test_the_rule_reads_the_state_on_its_own_scales():
    state = SimpleNamespace(salience=np.array([50.0, 100.0]), influence=np.array([40.0, 20.0]))
    rule = Compromise(share=0.5)
    stance = np.array([[0.0, 100.0], [20.0, 40.0]])
    # both weigh 20, so the means are 50 and 30
    np.testing.assert_allclose(rule.target(stance, stance, state, None, None), [[25.0, 75.0], [25.0, 35.0]])


finite = st.floats(0, 100, allow_subnormal=False)
groups = arrays(np.float64, (3, 5), elements=finite)


@settings(deadline=None)
@given(position=groups, weight=arrays(np.float64, 5, elements=st.floats(0.01, 100)))
def test_one_run_alone_is_that_run_of_many_and_stays_among_the_positions_held(position, weight):
    before = position.copy()
    for rule in (weighted_mean, weighted_median, compromise):
        together = rule(position, np.ones(5), weight)
        for run in range(3):
            assert np.array_equal(rule(position[run], np.ones(5), weight), together[run])
        np.testing.assert_array_equal(np.clip(together.T, position.min(axis=-1), position.max(axis=-1)), together.T)
    assert np.array_equal(position, before)


@given(where=finite, weight=arrays(np.float64, 7, elements=st.floats(0.01, 100)))
def test_agreement_stays_agreement_to_the_last_digit(where, weight):
    position = np.full(7, where)
    assert weighted_mean(position, np.ones(7), weight) == where
    assert np.array_equal(compromise(position, np.ones(7), weight, share=0.3), position)


@settings(deadline=None)
@given(position=arrays(np.float64, 6, elements=finite), order=st.permutations(range(6)))
def test_renaming_the_actors_changes_neither_mean_nor_median(position, order):
    weight = np.array([1.0, 2.0, 0.1, 0.7, 0.3, 5.0])
    mean, middle = weighted_mean(position, np.ones(6), weight), weighted_median(position, np.ones(6), weight)
    assert weighted_mean(position[order], np.ones(6), weight[order]) == pytest.approx(mean, abs=1e-10)
    assert weighted_median(position[order], np.ones(6), weight[order]) == middle


def test_extreme_scales_neither_overflow_nor_vanish():
    assert weighted_mean([0, 10], [1, 1], [1e308, 1e308]) == 5.0
    assert weighted_mean([0, 10], [1e-200, 1e-200], [1e-200, 1e-200]) == 5.0


@pytest.mark.parametrize(
    ("position", "salience", "influence", "message"),
    [
        ([1, np.nan], [1, 1], [1, 1], "position: nan is not a finite number"),
        ([1, 2], [1, np.inf], [1, 1], "salience: inf is not a finite number"),
        ([1, 2], [1, 1], [1, -3], "influence: -3.0 is negative"),
        ([1, 2], [1, 1, 1], [1, 1], "the number of actors differs"),
        ([1, 2], [1], [1, 1], "the number of actors differs"),
        (np.ones((2, 4)), np.ones((3, 4)), np.ones(4), "the shapes do not fit"),
        (3.0, [1], [1], "position: shape .* has no actors"),
        ([], [], [], "position: shape .* has no actors"),
        ([1, 2], [0, 0], [1, 1], "nobody has any weight"),
        ([1, 2], [0, 1], [1, 0], "nobody has any weight"),
    ],
)
def test_bad_input_is_refused_with_its_name(position, salience, influence, message):
    for measure in (weighted_mean, weighted_median):
        with pytest.raises(ValueError, match=message):
            measure(position, salience, influence)


def test_a_share_beyond_the_mean_is_refused():
    with pytest.raises(ValueError, match=r"share: 1\.5 is outside 0 … 1"):
        compromise([0, 1], [1, 1], [1, 1], share=1.5)
    with pytest.raises(ValueError, match="less than or equal to 1"):
        Compromise(share=1.5)
