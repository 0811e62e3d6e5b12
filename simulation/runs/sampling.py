"""Inputs drawn from the intervals that experts gave for them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from simulation.dynamics.randomness import BLOCK, generator
from simulation.dynamics.state import Array
from simulation.scenario.schema import Scenario


def pert(share: Array, low: float, best: float, high: float) -> Array:
    """Quantiles of the PERT distribution: a Beta between low and high whose mode is best.

        Beta(1 + 4 (best - low) / (high - low), 1 + 4 (high - best) / (high - low)), stretched to low … high

    Parameters
    ----------
    share : (...)   probabilities, 0 … 1

    References
    ----------
    Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7, 646-669; Vose (2008), Risk Analysis.
    """
    from scipy.special import betaincinv

    width = high - low
    drawn: Array = low + width * betaincinv(1 + 4 * (best - low) / width, 1 + 4 * (high - best) / width, share)
    return np.clip(drawn, low, high)


SLICES = 1024
"""Of an interval, at whose ends the distribution is tabulated."""


def pert_by_table(share: Array, low: float, best: float, high: float) -> Array:
    """``pert`` read off a table, a tenth of the work: off by less than a 5,000th of the interval.

    The distribution is tabulated at even steps and taken to be straight between them.
    """
    width = high - low
    drawn: Array = low + width * np.interp(share, _share_below((best - low) / width), np.linspace(0, 1, SLICES + 1))
    return np.clip(drawn, low, high)


@lru_cache(maxsize=1024)
def _share_below(mode: float) -> Array:
    """The share of a PERT distribution on 0 … 1 that lies below each end of a slice, (SLICES + 1,)."""
    from scipy.special import betainc

    below: Array = betainc(1 + 4 * mode, 5 - 4 * mode, np.linspace(0, 1, SLICES + 1))
    below.flags.writeable = False
    return below


def hypercube(random: np.random.Generator) -> Array:
    """A place in each of 256 slices of 0 … 1, in random order, (256,): a Latin hypercube of one dimension.

    The same numbers as ``scipy.stats.qmc.LatinHypercube`` gives, in a third of its time.
    """
    own = random.spawn(1)[0]
    within, order = own.random(BLOCK), np.arange(1, BLOCK + 1)
    own.shuffle(order)
    return np.asarray((order - within) / BLOCK)


def sampled(scenario: Scenario, seed: int, first: int, count: int) -> dict[str, Array]:
    """Every number of the scenario that has a low and a high, drawn for runs from ``first`` on; key to (count,).

    A Latin hypercube in every block of 256 runs: each number's range is cut into 256 slices of equal probability, and
    each slice used once. Every number has a stream of its own, so that another uncertain number leaves the draws of the
    rest as they were.
    """
    blocks = range(first // BLOCK, -(-(first + count) // BLOCK))
    rows = slice(first % BLOCK, first % BLOCK + count)
    drawn = {}
    for key, item in scenario.inputs.items():
        if item.spread is not None:
            shares = np.concatenate([hypercube(generator(seed, "input", key, block)) for block in blocks])[rows]
            drawn[key] = pert_by_table(shares, item.spread[0], item.value, item.spread[1])
    return drawn
