"""DeGroot's averaging: by hand, and where it ends."""

from types import SimpleNamespace

import numpy as np

from simulation.dynamics.memory import Memory
from simulation.rules.degroot import DeGroot, degroot


def test_each_takes_the_mean_of_those_it_listens_to():
    weights = np.array([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.25, 0.25, 0.5]])
    # (0 + 40) / 2;  40 alone;  0 / 4 + 40 / 4 + 100 / 2
    np.testing.assert_allclose(degroot(np.array([0.0, 40.0, 100.0]), weights), [20.0, 40.0, 60.0])


def test_two_who_listen_to_each_other_end_at_the_mean_weighted_by_who_is_heard_more():
    # shares pi with pi W = pi: pi_1 / 2 = pi_2 / 4, so (1/3, 2/3); 90 / 3 + 30 * 2 / 3 = 50
    weights = np.array([[0.5, 0.5], [0.25, 0.75]])
    stance = np.array([90.0, 30.0])
    for _ in range(60):
        stance = degroot(stance, weights)
    np.testing.assert_allclose(stance, [50.0, 50.0], rtol=1e-12)


def test_two_who_listen_only_to_the_other_change_places_for_ever():
    weights = np.array([[0.0, 1.0], [1.0, 0.0]])
    np.testing.assert_array_equal(degroot(np.array([10.0, 80.0]), weights), [80.0, 10.0])


def test_agreement_is_kept_to_the_last_digit_though_the_weights_are_rounded():
    weights = np.full((3, 3), 1 / 3)
    np.testing.assert_array_equal(degroot(np.full(3, 0.1), weights), np.full(3, 0.1))


def test_an_actor_counts_itself_by_its_own_weight_and_others_by_leverage_salience_and_influence():
    state = SimpleNamespace(
        leverage=np.array(
            [[0.0, 0.0, 0.0], [0.5, 0.0, 0.0], [1.0, 0.0, 0.0]]
        ),  # the second and third lean on the first
        salience=np.array([100.0, 100.0, 50.0]),
        influence=np.array([10.0, 30.0, 30.0]),
        memory=Memory(),
    )
    stance = np.array([50.0, 0.0, 100.0])
    # the two weigh 0.5 * 100 * 30 and 1 * 50 * 30, the same: their mean is 50; those on whom nobody leans stay
    np.testing.assert_allclose(DeGroot(own=0.0).target(stance, stance, state, None, None), [50.0, 0.0, 100.0])
    stance = np.array([80.0, 0.0, 60.0])
    # 3/4 of 80 and 1/4 of 30
    np.testing.assert_allclose(DeGroot(own=0.75).target(stance, stance, state, None, None), [67.5, 0.0, 60.0])
