"""What the recorded answers say about the coefficients: a posterior by adaptive importance sampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from typing import TYPE_CHECKING

import numpy as np

from simulation.ensemble import provenance
from simulation.hindcast import Asked, answers_on_record, hindcast
from simulation.parameters import nearest
from simulation.randomness import generator
from simulation.scenario.errors import ScenarioError
from simulation.scenario.inputs import inputs_of
from simulation.scenario.schema import Scenario
from simulation.scores import log_score
from simulation.state import Array, Flags
from simulation.uncertainty import pert

if TYPE_CHECKING:
    import xarray as xr

FACTOR = 3.0
"""A coefficient's prior is PERT from its default over this to its default times this, within its bounds."""

FIXED = {
    "coefficients.answers.threshold": "sets the zero of willingness, as the parties' bases do",
    "coefficients.answers.bar_declared": "a constant of willingness, as the threshold is",
    "coefficients.truces.declared_days": "from the world's ceasefires, not from this war",
    "coefficients.truces.signed_days": "from the world's ceasefires, not from this war",
}
"""Coefficients that are not calibrated unless asked for, and why."""

KEPT = 0.2
"""Share of each round that is drawn from the prior again, so that no part of it is lost from sight."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What was thought of a number before: PERT from low to high with its mode at best."""

    key: str
    low: float
    best: float
    high: float

    def value(self, z: Array) -> Array:
        """The number at so many standard deviations of a normal distribution with the same probabilities."""
        from scipy.special import ndtr

        return pert(ndtr(z), self.low, self.best, self.high)


def priors(scenario: Scenario, keys: Sequence[str] | None = None) -> list[Prior]:
    """The priors of what is calibrated: by default every coefficient but ``FIXED``, and the parties' bases.

    A number of the scenario that carries an expert's interval has that for a prior.

    Raises
    ------
    ScenarioError
        for a key that is no number of the scenario, or cannot vary
    """
    known = inputs_of(scenario)
    if keys is None:
        bases = [f"actors.{party}.base" for party in scenario.parties]
        keys = [
            key
            for key, item in known.items()
            if (key.startswith(("coefficients.", "rule.")) and key not in FIXED and item.value > 0)
            or (key in bases and item.spread is not None)
        ]
    found = []
    for key in keys:
        if key not in known:
            raise ScenarioError(f"{key}: no number of this scenario.{nearest(key, known)}")
        item = known[key]
        low, high = item.spread or (max(item.low, item.value / FACTOR), min(item.high, item.value * FACTOR))
        if not low < high:
            raise ScenarioError(f"{key}: is {item.value:g} and carries no low and high, so there is nothing to vary.")
        found.append(Prior(key, low, item.value, high))
    return found


def until_day(asked: Sequence[Asked], until: Date | None) -> str:
    """The date before which answers are used, by default the first of the month after half of them were given."""
    if until is not None:
        return until.isoformat()
    middle = Date.fromisoformat(asked[(len(asked) - 1) // 2].day)
    return Date(middle.year + middle.month // 12, middle.month % 12 + 1, 1).isoformat()


@dataclass(frozen=True, slots=True)
class Posterior:
    """Weighted draws: where they lie (in standard deviations of the prior), what they are, and what they forecast."""

    z: Array  # (draws, coefficients)
    weight: Array  # (draws,) sums to 1
    chance: Array  # (draws, answers)
    effective: Array  # (rounds,) effective number of draws after each round


def sample_posterior(
    believed: Sequence[Prior],
    forecast: Callable[[Mapping[str, Array], int], Array],
    loss: Callable[[Array], Array],
    *,
    draws: int,
    rounds: int,
    rng: np.random.Generator,
) -> Posterior:
    """Adaptive multiple importance sampling: prior first, then a normal proposal fitted to what has weight so far.

    Draws of all rounds count, each weighted by prior * likelihood / mean density of all proposals. Every draw carries
    a luck of its own, so the likelihood is averaged over luck as well as over coefficients; the coins of the answers
    themselves are not tossed but integrated out.

    Parameters
    ----------
    forecast : values by key, each (draws,), and the number of the round, to chances (draws, answers)
    loss : chances to minus log-likelihood, (draws,)

    References
    ----------
    Cornuet, Marin, Mira & Robert (2012), Adaptive multiple importance sampling, Scand. J. Statistics 39, 798-812.
    """
    from scipy.stats import multivariate_normal

    size = len(believed)
    plain = multivariate_normal(np.zeros(size), np.eye(size))
    proposals = [plain]
    zs, chances, losses, effective = [], [], [], []
    weight = np.empty(0)
    for number in range(rounds):
        z = rng.standard_normal((draws, size))
        if number > 0:
            own = rng.random(draws) >= KEPT
            z = np.where(own[:, None], proposals[-1].rvs(draws, random_state=rng).reshape(draws, size), z)
        chance = forecast({prior.key: prior.value(z[:, place]) for place, prior in enumerate(believed)}, number)
        zs.append(z)
        chances.append(chance)
        losses.append(loss(chance))
        at = np.concatenate(zs)
        before = plain.logpdf(at)
        mixed = [
            before if other is plain else np.logaddexp(np.log(KEPT) + before, np.log(1 - KEPT) + other.logpdf(at))
            for other in proposals
        ]
        log_weight = before - np.concatenate(losses) - np.logaddexp.reduce(mixed, axis=0)
        weight = _weights(log_weight)
        effective.append(1 / np.sum(weight**2))
        soft = _tempered(log_weight, 5 * size)
        mean = soft @ at
        spread = (soft[:, None] * (at - mean)).T @ (at - mean)
        proposals.append(multivariate_normal(mean, 1.2 * spread + 0.05 * np.eye(size)))
    return Posterior(np.concatenate(zs), weight, np.concatenate(chances), np.array(effective))


def _weights(log_weight: Array) -> Array:
    weight = np.exp(log_weight - log_weight.max())
    return np.asarray(weight / weight.sum())


def _tempered(log_weight: Array, least: float) -> Array:
    """Weights to a power of at most 1, so low that the effective number of draws is at least so many.

    A proposal fitted to a handful of heavy draws would be too narrow; one fitted to these still heads the right way.
    """
    power = 1.0
    while power > 0.01 and 1 / np.sum(_weights(power * log_weight) ** 2) < least:
        power *= 0.8
    return _weights(power * log_weight)


def calibrate(
    scenario: Scenario,
    until: Date | None = None,
    keys: Sequence[str] | None = None,
    *,
    draws: int = 4000,
    rounds: int = 4,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> xr.Dataset:
    """The posterior of coefficients given the answers before a date.

    Each draw runs through the war once, told the recorded answers as it goes (see ``hindcast``), so that its chances
    are those of the next answer given the earlier ones. The log-likelihood is the sum of the log scores: a graded
    answer counts as a yes by its grade and as a no by the rest.

    Returns
    -------
    xarray.Dataset with dimensions draw, coefficient, answer, round: ``value``, ``weight``, ``chance`` by draw; mean, sd
    and 90 % interval of prior and posterior, ``told_apart`` = 1 - (posterior sd / prior sd)², ``correlation``; the
    forecasts ``chance_prior`` and ``chance_posterior``; ``effective`` draws.

    Raises
    ------
    ScenarioError
        where no answer was given before the date
    """
    asked = answers_on_record(scenario)
    day = until_day(asked, until)
    used = np.array([item.day < day for item in asked])
    if not used.any():
        raise ScenarioError(f"--until {day}: no answer on record before it; the first is of {asked[0].day}.")
    believed = priors(scenario, keys)
    grade = np.array([item.grade for item in asked])

    def forecast(values: Mapping[str, Array], number: int) -> Array:
        found = hindcast(scenario, draws, seed + 1000 * number, values=values)
        if progress:
            progress((number + 1) * draws)
        return found

    def loss(chance: Array) -> Array:
        return np.asarray(log_score(chance[:, used], grade[used]).sum(axis=1))

    rng = generator(seed, "calibration", scenario.title, 0)
    found = sample_posterior(believed, forecast, loss, draws=draws, rounds=rounds, rng=rng)
    source = provenance(scenario, draws * rounds, seed, False, tuple(prior.key for prior in believed))
    return describe(found, believed, asked, used, {**source, "until": day})


def describe(
    found: Posterior, believed: Sequence[Prior], asked: Sequence[Asked], used: Flags, source: dict[str, str | int]
) -> xr.Dataset:
    """The posterior as labelled arrays."""
    import xarray as xr

    value = np.column_stack([prior.value(found.z[:, place]) for place, prior in enumerate(believed)])
    before = np.linspace(0, 1, 2001)[1:-1]
    even = np.column_stack([pert(before, prior.low, prior.best, prior.high) for prior in believed])
    flat = np.full(len(even), 1 / len(even))
    mean, sd = moments(value, found.weight)
    prior_mean, prior_sd = moments(even, flat)
    z_mean, z_sd = moments(found.z, found.weight)
    apart = (found.z - z_mean) / z_sd
    order = ("coefficient", "quantile")
    first = slice(0, len(found.z) // len(found.effective))
    return xr.Dataset(
        {
            "value": (("draw", "coefficient"), value),
            "weight": ("draw", found.weight, {"long_name": "weight of the draw; all add up to 1"}),
            "chance": (("draw", "answer"), found.chance, {"long_name": "chance of a yes, told the earlier answers"}),
            "mean": ("coefficient", mean),
            "sd": ("coefficient", sd),
            "interval": (order, quantiles(value, found.weight, (0.05, 0.95))),
            "prior_mean": ("coefficient", prior_mean),
            "prior_sd": ("coefficient", prior_sd),
            "prior_interval": (order, quantiles(even, flat, (0.05, 0.95))),
            "default": ("coefficient", np.array([prior.best for prior in believed])),
            "told_apart": (
                "coefficient",
                1 - z_sd**2,
                {"long_name": "share of the prior's variance that the answers take away; 0 nothing learnt"},
            ),
            "correlation": (("coefficient", "other"), (found.weight[:, None] * apart).T @ apart),
            "chance_prior": ("answer", found.chance[first].mean(axis=0)),
            "chance_posterior": ("answer", found.weight @ found.chance),
            "effective": ("round", found.effective, {"units": "draws", "long_name": "effective number of draws"}),
            "grade": ("answer", np.array([item.grade for item in asked])),
            "used": ("answer", used),
        },
        coords={
            "coefficient": np.array([prior.key for prior in believed], dtype=object),
            "other": np.array([prior.key for prior in believed], dtype=object),
            "answer": np.array([item.name for item in asked], dtype=object),
            "quantile": [0.05, 0.95],
        },
        attrs=source,
    )


def moments(value: Array, weight: Array) -> tuple[Array, Array]:
    """Weighted mean and standard deviation over draws, shape (coefficients,)."""
    mean = weight @ value
    return mean, np.sqrt(weight @ (value - mean) ** 2)


def quantiles(value: Array, weight: Array, levels: Sequence[float]) -> Array:
    """Weighted quantiles over draws, shape (coefficients, levels)."""
    found = np.empty((value.shape[1], len(levels)))
    for place, column in enumerate(value.T):
        order = np.argsort(column)
        found[place] = column[order][np.minimum(np.searchsorted(weight[order].cumsum(), levels), len(order) - 1)]
    return found


def resampled(posterior: xr.Dataset, runs: int, seed: int = 1) -> dict[str, Array]:
    """Values for so many runs, drawn from the posterior: key to (runs,), as ``run_ensemble`` takes ``values``."""
    weight = posterior.weight.values
    pointer = (np.arange(runs) + generator(seed, "resampling", "", 0).random()) / runs
    rows = np.minimum(np.searchsorted(weight.cumsum(), pointer), len(weight) - 1)
    generator(seed, "resampling", "order", 0).shuffle(rows)
    return {str(key): posterior.value.values[rows, place] for place, key in enumerate(posterior.coefficient.values)}
