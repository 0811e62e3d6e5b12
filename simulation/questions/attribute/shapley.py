"""Shapley values of a game: exact, or followed along random orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import factorial

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.questions.paired import interval
from simulation.scenario.errors import ScenarioError


def shapley(values: Array) -> Array:
    """Shapley values of a game, shape (k, ...).

        share_i = sum over S without i of |S|! (k - |S| - 1)! / k! (v(S and i) - v(S))

    Parameters
    ----------
    values : (2^k, ...)   worth of each coalition; player i is in coalition number c where bit i of c is set
    """
    count = len(values).bit_length() - 1
    coalitions = np.arange(len(values))
    size = np.array([int(c).bit_count() for c in coalitions])
    shares = np.zeros((count, *values.shape[1:]))
    for player in range(count):
        out = coalitions[coalitions >> player & 1 == 0]
        weight = np.array([factorial(s) * factorial(count - s - 1) / factorial(count) for s in size[out]])
        shares[player] = np.tensordot(weight, values[out | 1 << player] - values[out], axes=1)
    return shares


def orders_of(count: int, permutations: int, seed: int) -> NDArray[np.int64]:
    """Orders in which the groups are put in, each followed by its reverse, shape (permutations, k)."""
    if permutations < 4 or permutations % 2:
        raise ScenarioError(f"permutations = {permutations}: an even number, 4 or more, would do.")
    draws = generator(seed, "attribute", "order", 0)
    forward = np.array([draws.permutation(count) for _ in range(permutations // 2)])
    return np.stack([forward, forward[:, ::-1]], axis=1).reshape(-1, count)


def visited(orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """The combinations that each order passes through, from none to all, shape (permutations, k + 1)."""
    none = np.zeros((len(orders), 1), dtype=np.int64)
    return np.concatenate([none, np.cumsum(1 << orders, axis=1)], axis=1)


def ends(count: int) -> NDArray[np.int64]:
    """Each group alone, and each left out alone."""
    each = 1 << np.arange(count)
    return np.concatenate([each, (2**count - 1) ^ each])


def sampled(
    orders: NDArray[np.int64],
    of: Mapping[int, Array],
    estimate: Callable[[Array], tuple[float, float, float]] = interval,
) -> Array:
    """Shares with 95 % intervals from orders, shape (k, 3): chance and the choice of orders both widen them.

    Parameters
    ----------
    orders : (permutations, k)   of ``orders_of``: the two of a pair are not independent, the pairs are
    of : the worth of every combination that they visit, each of shape (runs,)
    estimate : gives the mean over runs and its 95 % interval by chance
    """
    from scipy.stats import t as student

    pairs, runs = len(orders) // 2, len(of[0])
    masks = visited(orders)
    by_run = np.zeros((orders.shape[1], runs))
    by_order = np.zeros((orders.shape[1], len(orders)))
    for row, order in enumerate(orders):
        for place, player in enumerate(order):
            added = of[int(masks[row, place + 1])] - of[int(masks[row, place])]
            by_run[player] += added / len(orders)
            by_order[player, row] = added.mean()
    by_pair = by_order.reshape(-1, pairs, 2).mean(axis=-1)
    chosen = student.ppf(0.975, pairs - 1) * np.sqrt(by_pair.var(axis=1, ddof=1) / pairs)
    share, low, high = np.array([estimate(row) for row in by_run]).T
    return np.stack([share, share - np.hypot(chosen, share - low), share + np.hypot(chosen, high - share)], axis=1)
