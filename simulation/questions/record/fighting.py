"""The course of a war as simulated: how hard it was fought month by month, and how long truces of each form held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.answers import CONDITIONAL
from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array, Flags
from simulation.dynamics.truce import BROKEN, bound
from simulation.runs.results import Z95, scenario_of
from simulation.runs.results.wording import clearly, with_interval
from simulation.runs.setup import open_scenario
from simulation.scenario.keys import occasions, steps_until_begun
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FORMS = ("declared", "signed")

FEWEST_MONTHS = 8
"""Months below which recorded and simulated fighting are not compared."""

FEWEST_DAYS = 15
"""Days of a month that the series and the scenario have in common, below which the month is left out."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How recorded fighting goes with simulated, month by month: their rank correlation and its 95 % interval."""

    months: int
    effective: float  # independent months that these are worth, as each month is like the one before
    value: float  # Spearman's coefficient; nan where it does not arise
    low: float
    high: float

    @property
    def words(self) -> str:
        """The correlation in a sentence, or why there is none."""
        what = "Fighting as recorded against its simulated intensity"
        if self.months < FEWEST_MONTHS:
            return f"{what}: {self.months} months in common, too few to tell ({FEWEST_MONTHS} are needed)."
        if np.isnan(self.value):
            return f"{what}: one of the two does not vary over {self.months} months, so there is nothing to compare."
        sure = "" if clearly(self.low, self.high) else " This does not tell them from unrelated."
        found = with_interval(self.value, self.low, self.high, 2)
        worth = f"worth {self.effective:.0f} independent ones"
        return f"{what}: rank correlation {found} over {self.months} months, {worth}.{sure}"


def recorded_by_month(scenario: Scenario, months: Sequence[str]) -> Array:
    """Mean amount a day of the recorded series in every month, such as ``2020-01``, shape (months,).

    Days before its first entry, after its last, or outside of the scenario do not count; nan where fewer than
    ``FEWEST_DAYS`` are left, and where the scenario has no series.
    """
    import pandas as pd

    if scenario.series is None:
        return np.full(len(months), np.nan)
    fighting = scenario.series.fighting
    first = max(fighting.dates[0], scenario.start)
    last = min(fighting.dates[-1], scenario.date_of(scenario.steps) - timedelta(days=1))
    if last < first:
        return np.full(len(months), np.nan)
    days = pd.date_range(first, last, freq="D")
    counted = pd.Series(fighting.values, index=pd.DatetimeIndex(fighting.dates)).reindex(days, fill_value=0.0)
    month = days.strftime("%Y-%m")
    mean = counted.groupby(month).mean().where(counted.groupby(month).size() >= FEWEST_DAYS)
    return np.asarray(mean.reindex(list(months)).to_numpy(), dtype=float)


def likeness(recorded: Array, simulated: Array) -> Likeness:
    """Spearman's rank correlation of recorded with simulated fighting, months in which either is nan left out.

    The interval is by Fisher's z with the standard error of Bonett & Wright, the number of months replaced by that of
    independent ones, n (1 - a b) / (1 + a b), where a and b are the correlations of each with its own month before.

    References
    ----------
    Bonett & Wright (2000), Psychometrika 65, 23-28; Bayley & Hammersley (1946), Journal of the Royal Statistical
    Society (Supplement) 8, 184-197, as in Bretherton & others (1999), Journal of Climate 12, 1990-2009.
    """
    from scipy.stats import rankdata

    there = ~(np.isnan(recorded) | np.isnan(simulated))
    one, other = rankdata(recorded[there]), rankdata(simulated[there])
    count = int(there.sum())
    if count < FEWEST_MONTHS or np.ptp(one) == 0 or np.ptp(other) == 0:
        return Likeness(count, float(count), np.nan, np.nan, np.nan)
    value = float(np.corrcoef(one, other)[0, 1])
    together = max(_before(one) * _before(other), 0.0)
    effective = count * (1 - together) / (1 + together)
    if effective <= 3.5:  # no standard error is known
        return Likeness(count, effective, value, -1.0, 1.0)
    half = Z95 * np.sqrt((1 + value**2 / 2) / (effective - 3))
    most = 1 - 6 / (count * (count**2 - 1))  # half of what one swap of neighbours takes from a perfect agreement
    middle = np.arctanh(np.clip(value, -most, most))
    low, high = np.tanh(middle - half), np.tanh(middle + half)
    return Likeness(count, effective, value, float(low), float(high))


def _before(ranks: Array) -> float:
    """The correlation of a row of ranks with itself one place before."""
    away = ranks - ranks.mean()
    return float((away[1:] * away[:-1]).sum() / (away**2).sum())


def of_digest(digest: xr.Dataset) -> Likeness | None:
    """How the recorded series of a result's scenario goes with the fighting in its runs; None where there is none."""
    scenario = scenario_of(digest)
    if scenario.series is None or not scenario.parties:
        return None
    intensity = 1 - (1 - scenario.coefficients.battle.residual) * digest.stilled_mean.values.mean(axis=-1)
    by_month = _monthly(digest.date, intensity)
    return likeness(recorded_by_month(scenario, list(by_month)), np.array([*by_month.values()]))


def _monthly(date: xr.DataArray, values: Array) -> dict[str, Array]:
    """Means over the steps that begin in each month, the steps along the first axis."""
    month = date.dt.strftime("%Y-%m").values
    return {str(name): values[month == name].mean(axis=0) for name in np.unique(month)}


def fighting_by_month(result: xr.Dataset, residual: float) -> xr.Dataset:
    """Mean intensity of fighting and control of the ground in every month, over steps, runs and pairs of parties.

    Parameters
    ----------
    result : of ``run_ensemble``
    residual : intensity under a whole truce, open war being 1
    """
    intensity = 1 - (1 - residual) * result.stilled.mean(("run", "pair"))
    month = result.date.dt.strftime("%Y-%m")
    months = np.unique(month.values)
    within = [month.values == name for name in months]
    return (
        result[[]]
        .assign(
            intensity=("month", np.array([intensity.values[here].mean() for here in within])),
            control=(
                ("month", "party"),
                np.array([result.control.values[:, here].mean(axis=(0, 1)) for here in within]),
            ),
        )
        .drop_vars(("run", "step", "date", "actor", "side", "pair", "offer"), errors="ignore")
        .assign_coords(month=months)
    )


def truce_spells(scenario: Scenario, history: History) -> dict[str, tuple[Array, Flags]]:
    """How many days the truce of each pair held, and whether it was seen to break, by form.

    A truce has the form it was agreed in first; a renewal does not begin a new one. One that stands at the end is cut
    off there, and one that lapses at its term, at that.

    Returns
    -------
    form to days (truces,) and broken (truces,)
    """
    truce, ending = history.pair_truce.astype(bool), history.ending
    begins = truce & ~np.concatenate([np.zeros_like(truce[:1]), truce[:-1]])
    signed = _signed(scenario, history)
    count = len(truce)
    found: dict[str, tuple[list[float], list[bool]]] = {form: ([], []) for form in FORMS}
    for step, run, pair in zip(*np.nonzero(begins), strict=True):
        after = ~truce[step:, run, pair]
        ended = bool(after.any())
        held = int(after.argmax()) if ended else count - 1 - step
        days, broken = found[FORMS[int(signed[step - 1, run, pair])]]
        days.append(held * scenario.step_days)
        broken.append(ended and bool(ending[step + held, run, pair] == BROKEN))
    return {form: (np.array(days, dtype=float), np.array(over, dtype=bool)) for form, (days, over) in found.items()}


def _signed(scenario: Scenario, history: History) -> Flags:
    """Whether a truce on a signed text would be in force of each pair from the next step on, shape (steps, R, P)."""
    world, _ = open_scenario(scenario)
    one, other = world.pairs.T
    place = {offer.id: number for number, offer in enumerate(world.offers)}
    signed = np.zeros((scenario.steps, history.answer.shape[0], len(world.pairs)), dtype=bool)
    for event in scenario.events:
        for name, made in occasions(scenario, event):
            offer, step = world.offers[place[name]], made + steps_until_begun(scenario, event, made)
            if offer.signed and step < scenario.steps:
                said = history.answer[:, place[name]]
                yes = (said >= CONDITIONAL) | ~offer.addressed
                asked = (offer.addressed & ~np.isnan(said)).any(axis=1, keepdims=True)
                signed[step] |= asked & bound(offer, world) & yes[:, one] & yes[:, other]
    return signed
