"""What the observed answers say about the coefficients of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.answers import KINDS
from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array, Flags
from simulation.parameters import nearest
from simulation.questions.finding import Finding
from simulation.questions.record.describe import describe_calibration
from simulation.questions.record.hindcast import Asked, answers_on_record, hindcast, split_of
from simulation.questions.record.posterior import Posterior, Prior, moments, quantiles, sample_posterior
from simulation.questions.record.scores import log_score
from simulation.runs.provenance import provenance
from simulation.runs.sampling import pert
from simulation.scenario.arguments import of_kind
from simulation.scenario.errors import ScenarioError
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

FACTOR = 3.0
"""A coefficient's prior is PERT from its default over this to its default times this, within its bounds."""

FIXED = {
    "coefficients.answers.threshold": "sets the zero of willingness, as the parties' bases do",
    **{f"coefficients.answers.bar_{kind}": "a constant of willingness, as the threshold is" for kind in KINDS},
    "coefficients.truces.declared_days": "from the world's ceasefires, not from this war",
    "coefficients.truces.signed_days": "from the world's ceasefires, not from this war",
}
"""Coefficients that are not calibrated unless asked for, and why."""


def priors(scenario: Scenario, keys: Sequence[str] | None = None) -> list[Prior]:
    """The priors of what is calibrated: by default every coefficient but ``FIXED``, and the parties' bases.

    A number of the scenario that carries an expert's interval has that for a prior.

    Raises
    ------
    ScenarioError
        for a key that is no number of the scenario, or cannot vary
    """
    known = scenario.inputs
    if keys is None:
        bases = [f"actors.{party}.base" for party in scenario.parties]
        keys = [
            key
            for key, item in known.items()
            if (key.startswith(("coefficients.", "rule.")) and key not in FIXED and item.value > 0 and not item.idle)
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


@of_kind
def calibrate(
    scenario: Scenario,
    until: Date | None = None,
    keys: Sequence[str] | None = None,
    *,
    as_of: Date | str | None = None,
    draws: int = 4000,
    rounds: int = 4,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """The posterior of coefficients given the answers before a date.

    Each draw runs through the war once, told the observed answers as it goes (see ``hindcast``), so that its chances
    are those of the next answer given the earlier ones. The log-likelihood is the sum of the log scores: a graded
    answer counts as a yes by its grade and as a no by the rest.

    Returns
    -------
    a finding, whose dataset has dimensions draw, coefficient, answer, round: ``value``, ``weight``, ``chance`` by draw;
    mean, sd and 90 % interval of prior and posterior, ``told_apart`` = 1 - (posterior sd / prior sd)², ``correlation``;
    the forecasts ``chance_prior`` and ``chance_posterior``; ``effective`` draws.

    Raises
    ------
    ScenarioError
        where no answer was given before the date
    """
    scenario, until = split_of(scenario, until, as_of)
    asked = answers_on_record(scenario)
    day = until_day(asked, until)
    used = np.array([item.given < day for item in asked])
    if not used.any():
        option = "until" if as_of is None else "as_of"
        raise ScenarioError(f"`{option}` {day}: no observed answer before it; the first is of {asked[0].day}.")
    believed = priors(scenario, keys)
    grade = np.array([item.grade for item in asked])

    def forecast(values: Mapping[str, Array], number: int) -> Array:
        found = hindcast(scenario, draws, seed + 1000 * number, values=values)
        if progress:
            progress((number + 1) * draws)
        return found

    def loss(chance: Array, _: Mapping[str, Array]) -> Array:
        return np.asarray(log_score(chance[:, used], grade[used]).sum(axis=1))

    rng = generator(seed, "calibration", scenario.title, 0)
    found = sample_posterior(believed, forecast, loss, draws=draws, rounds=rounds, rng=rng)
    source = provenance(scenario, draws * rounds, seed, False, tuple(prior.key for prior in believed))
    source |= {"finding": "calibrate", "until": day}
    return describe_calibration(labelled(found, believed, asked, used, source))


def labelled(
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


def resampled(posterior: xr.Dataset, runs: int, seed: int = 1) -> dict[str, Array]:
    """Values for so many runs, drawn from the posterior: key to (runs,), as ``run_ensemble`` takes ``values``."""
    weight = posterior.weight.values
    pointer = (np.arange(runs) + generator(seed, "resampling", "", 0).random()) / runs
    rows = np.minimum(np.searchsorted(weight.cumsum(), pointer), len(weight) - 1)
    generator(seed, "resampling", "order", 0).shuffle(rows)
    return {str(key): posterior.value.values[rows, place] for place, key in enumerate(posterior.coefficient.values)}
