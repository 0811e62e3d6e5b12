"""Krippendorff's alpha, by the library ``krippendorff``, and how far it would move with other wars or other units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simulation.dynamics.state import Array
from simulation.questions.agreement.codings import Level
from simulation.scenario import ScenarioError

FEWEST_UNITS, FEWEST_WARS = 8, 5
"""Units, and wars, below which there is no interval: so few tell nothing of the others there might have been."""


def alpha(values: Array, level: Level) -> float:
    """Krippendorff's alpha: 1 where coders always agree, 0 where they do so as often as chance would have it.

        alpha = 1 - D_o / D_e

    with D_o the mean distance between the values that coders gave one unit, and D_e that between all values they gave.

    Parameters
    ----------
    values : (coders, units)
        nan where a coder gave none; of ordinal values the rank

    Returns
    -------
    nan where no two coders share a unit, or where all values are the same

    Raises
    ------
    ScenarioError
        where the library is not there

    References
    ----------
    Krippendorff (2019), Content Analysis, 4th ed., chapter 12.
    """
    try:
        import krippendorff
    except ImportError:
        raise ScenarioError('agreement needs krippendorff: pip install "ceasefire-simulation[experiments]"') from None
    shared = pairable(values)
    if len(np.unique(shared[~np.isnan(shared)])) < 2:
        return float("nan")
    return float(krippendorff.alpha(reliability_data=shared, level_of_measurement=level))


def pairable(values: Array) -> Array:
    """The units that two coders or more gave a value."""
    return values[:, (~np.isnan(values)).sum(axis=0) > 1]


def interval(clusters: Sequence[Array], level: Level, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """The 95 % interval of alpha over all clusters: these drawn anew, as many as there are, with replacement.

    Parameters
    ----------
    clusters : (coders, units) each, such as the units of a war, or one unit each
    resamples : how often they are drawn

    Returns
    -------
    the 2.5th and 97.5th percentile, over those drawings in which not all values are the same
    """
    shared = [pairable(cluster) for cluster in clusters]
    every = np.concatenate(shared, axis=1)
    domain = np.unique(every[~np.isnan(every)])
    counts = np.stack([coincidences(cluster, domain) for cluster in shared]).reshape(len(shared), -1)
    drawn = rng.multinomial(len(shared), np.full(len(shared), 1 / len(shared)), size=resamples)
    found = [of_coincidences((times @ counts).reshape(len(domain), -1), domain, level) for times in drawn]
    found = [value for value in found if np.isfinite(value)]
    if not found:
        return float("nan"), float("nan")
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def coincidences(values: Array, domain: Array) -> Array:
    """How often each two values were given to one unit by two coders, shape (values, values).

    A unit with m values counts each pair of them 1 / (m - 1) times, in both orders.
    """
    given = (values[:, :, None] == domain).sum(axis=0)
    weight = 1 / np.maximum(given.sum(axis=1) - 1, 1)
    both = np.einsum("u,ui,uj->ij", weight, given, given)
    return np.asarray(both - np.diag(weight @ given))


def of_coincidences(counts: Array, domain: Array, level: Level) -> float:
    """Alpha of a matrix of coincidences; nan where all values are the same.

    The library takes units, not such a matrix, and is too slow for thousands of drawings; a test holds the two equal.
    """
    each = counts.sum(axis=1)
    place = np.cumsum(each) - each / 2 if level == "ordinal" else domain
    apart = (place[:, None] - place) ** 2 if level != "nominal" else 1.0 - np.eye(len(domain))
    expected = each @ apart @ each
    if expected <= 0:
        return float("nan")
    return float(1 - (each.sum() - 1) * (counts * apart).sum() / expected)
