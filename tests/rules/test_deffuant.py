"""Deffuant and others' meetings of two: by hand, who meets whom, and how many camps are left."""

import numpy as np
import pytest

from simulation.rules.deffuant import deffuant, pairs


def test_the_actors_meet_in_the_order_of_their_numbers():
    # in order: the third (.1) with the first (.3), the fifth (.5) with the second (.7), the fourth (.9) with nobody
    assert pairs(np.array([0.3, 0.7, 0.1, 0.9, 0.5])).tolist() == [2, 4, 0, 3, 1]


def test_relabelling_the_actors_relabels_whom_they_meet():
    draw, order = np.array([0.3, 0.7, 0.1, 0.9, 0.5]), np.array([4, 2, 0, 1, 3])
    met = pairs(draw)
    names = np.array(list("abcde"))
    assert names[order][pairs(draw[order])].tolist() == names[met][order].tolist()


def test_every_pairing_comes_up_equally_often():
    """Four actors can be paired in three ways; the first meets each of the others in a third of the runs.

    Of 6,000 draws 2,000 each, with a standard deviation of 37.
    """
    met = pairs(np.random.default_rng(1).random((6000, 4)))
    counts = np.bincount(met[:, 0], minlength=4)
    assert counts[0] == 0
    assert (np.abs(counts[1:] - 2000) < 150).all()
    np.testing.assert_array_equal(np.take_along_axis(met, met, axis=-1), np.tile(np.arange(4), (6000, 1)))


def test_two_who_meet_give_way_if_they_are_near_enough():
    draw = np.array([0.1, 0.2, 0.3, 0.4])
    # 0 and 20 meet: a quarter of the way each; 50 and 90 meet, 40 apart: too far
    np.testing.assert_allclose(deffuant(np.array([0.0, 20.0, 50.0, 90.0]), draw, 30.0, 0.25), [5.0, 15.0, 50.0, 90.0])


def test_at_exactly_the_bound_they_talk_and_at_one_half_they_agree():
    draw = np.array([0.1, 0.2])
    np.testing.assert_allclose(deffuant(np.array([0.2, 0.3]), draw, 0.1), [0.25, 0.25])
    np.testing.assert_array_equal(deffuant(np.array([0.2, 0.3001]), draw, 0.1), [0.2, 0.3001])


def test_the_sum_of_positions_stays_as_it_is():
    rng = np.random.default_rng(2)
    position = rng.random((50, 31))
    moved = deffuant(position, rng.random((50, 31)), 0.4, 0.3)
    np.testing.assert_allclose(moved.sum(axis=-1), position.sum(axis=-1), rtol=1e-13)


@pytest.mark.parametrize(("confidence", "camps"), [(0.5, 1), (0.3, 1), (0.2, 2), (0.1, 5)])
def test_about_one_camp_is_left_for_every_two_bounds(confidence, camps):
    """Deffuant et al. (2000): from 1,000 opinions spread evenly over [0, 1], mu = 1/2, the integer part of 1 / (2 d).

    Groups of fewer than a twentieth are stragglers between and outside the peaks. With ten bounds to the scale, camps
    are known to stand 2.155 bounds apart rather than 2 (Ben-Naim, Krapivsky & Redner 2003), which makes 4.6 of five.
    """
    rng = np.random.default_rng(3)
    runs, people = 8, 1000
    position = rng.random((runs, people))
    for _ in range(300):
        position = deffuant(position, rng.random((runs, people)), confidence)
    counts = []
    for row in np.sort(position, axis=-1):
        groups = np.split(row, np.flatnonzero(np.diff(row) > confidence / 5) + 1)
        counts.append(sum(len(group) >= people / 20 for group in groups))
    assert np.median(counts) in ((camps,) if camps < 5 else (4, 5))
    assert abs(np.mean(counts) - camps) < 1
