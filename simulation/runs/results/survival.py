"""How long truces live, those in force when watching stops counted as far as they were watched (Kaplan & Meier)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simulation.dynamics.state import Array, Flags
from simulation.runs.results.intervals import Z95
from simulation.runs.results.tally import condense

if TYPE_CHECKING:
    import xarray as xr


class Survival(NamedTuple):
    """A life table."""

    days: Array  # (k,) ages, ascending
    alive: Array  # (k,) share that holds beyond that age
    low: Array  # (k,) 95 % interval
    high: Array  # (k,)
    at_risk: Array  # (k,) truces watched at that age that have not collapsed before it

    def within(self, share: float) -> float:
        """Days within which a share of the truces collapses, a half for the median; nan where that is not seen."""
        reached = np.flatnonzero(self.alive <= 1 - share + 1e-12)  # one half may come out of a product as 0.5000…01
        return float(self.days[reached[0]]) if reached.size else np.nan

    @property
    def watched(self) -> float:
        """Days for which the truce that was watched longest was watched; nan where there is none."""
        some = np.flatnonzero(self.at_risk > 0)
        return float(self.days[some[-1]]) if some.size else np.nan


def life_table(days: Array, held: Array, broken: Array) -> Survival:
    """The share of truces that hold beyond each age; those that are still in force count as far as they were watched.

        alive(a) = prod_{k <= a} (1 - broken_k / at_risk_k)

    The interval is Wilson's, with the runs that Greenwood's variance says the share is worth (Rothman 1978).

    Parameters
    ----------
    days : (k,) ages, ascending
    held : (k,) truces last seen at that age, whether they collapsed or watching stopped
    broken : (k,) those of them that collapsed

    References
    ----------
    Kaplan & Meier (1958), Journal of the American Statistical Association 53, 457-481. Greenwood (1926). Rothman
    (1978), Journal of Chronic Diseases 31, 557-560.
    """
    at_risk = held[::-1].cumsum()[::-1]
    watched = np.maximum(at_risk, 1.0)
    alive = np.cumprod(1 - broken / watched)
    left = watched - broken
    greenwood = np.cumsum(np.where(left > 0, broken / (watched * np.maximum(left, 1.0)), 0.0))
    worth = at_risk.copy()
    some = (alive < 1) & (alive > 0)
    worth[some] = (1 - alive[some]) / (alive[some] * greenwood[some])
    for place in np.flatnonzero(alive <= 0):
        worth[place] = worth[place - 1]  # the variance of nought is no measure: keep what the share was worth before
    worth = np.maximum(worth, 1e-9)
    centre = (alive + Z95**2 / (2 * worth)) / (1 + Z95**2 / worth)
    half = Z95 / (1 + Z95**2 / worth) * np.sqrt(alive * (1 - alive) / worth + Z95**2 / (4 * worth**2))
    return Survival(days, alive, np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1), at_risk)


def of_first_truces(result: xr.Dataset) -> Survival:
    """The life table of every run's first truce; of a result or its digest."""
    digest = condense(result)
    return life_table(digest.age.values, digest.held.values.astype(float), digest.over.values.astype(float))


class Incidence(NamedTuple):
    """The share of truces that has ended by each cause, by age."""

    causes: tuple[str, ...]
    days: Array  # (k,) ages, ascending
    share: Array  # (causes, k) that has ended so by that age
    at_risk: Array  # (k,) truces watched at that age that have not ended before it


def incidence_of_first_truces(result: xr.Dataset) -> Incidence:
    """What share of every run's first truce has ended by each cause at each age; of a result or its digest.

        share_c(a) = sum_{k <= a} S(k-) ended_ck / at_risk_k      with S the share that no cause has ended before k

    Causes compete: a truce that lapses can no longer be broken. One that is replaced ends there, though the truce goes
    on under other terms.

    References
    ----------
    Aalen & Johansen (1978), Scandinavian Journal of Statistics 5, 141-150.
    """
    digest = condense(result)
    counted = digest.ended.values.astype(float)
    causes = tuple(str(name) for name in digest.fate.values[1:])
    at_risk = counted.sum(axis=0)[::-1].cumsum()[::-1]
    watched = np.maximum(at_risk, 1.0)
    alive = np.cumprod(1 - counted[1:].sum(axis=0) / watched)
    before = np.concatenate([[1.0], alive[:-1]])
    return Incidence(causes, digest.age.values, np.cumsum(before * counted[1:] / watched, axis=-1), at_risk)


def of_spells(days: Array, collapsed: Flags) -> Survival:
    """The life table of truces one by one.

    Parameters
    ----------
    days : (truces,) days that each was seen to hold
    collapsed : (truces,) whether it then collapsed, or was in force when watching stopped
    """
    ages = np.unique([0.0, *days])
    held, broken = (np.bincount(np.searchsorted(ages, some), minlength=ages.size) for some in (days, days[collapsed]))
    return life_table(ages, held.astype(float), broken.astype(float))
