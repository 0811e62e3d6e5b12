"""Whether calibration finds coefficients that are known: histories simulated from them, and their posteriors."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.record.calibration import priors
from simulation.questions.record.describe import describe_recovery
from simulation.questions.record.hindcast import answers_on_record, hindcast
from simulation.questions.record.posterior import moments, quantiles, sample_posterior
from simulation.questions.record.scores import bootstrap_mean, log_score
from simulation.runs.ensemble import read_runs
from simulation.runs.provenance import provenance
from simulation.runs.results import FEWEST, wilson
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    pass


def recover(
    scenario: Scenario,
    histories: int = 50,
    keys: Sequence[str] | None = None,
    *,
    draws: int = 1000,
    rounds: int = 4,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """Simulate histories from coefficients drawn from their priors, calibrate on each, and compare.

    Every history answers the offers that have an observed answer, and all of its answers, yes or no, are used. If the
    sampling is right, the 90 % intervals hold the truth in 90 % of the histories, however little is learnt; what is
    learnt shows in ``found``, the correlation of posterior means with the truth over histories, and ``told_apart``.

    Returns
    -------
    a finding, whose dataset has dimensions history, coefficient, other, quantile: ``truth``, ``mean``, ``interval`` and
    ``told_apart`` by history; ``covered`` (share, low, high) and ``found`` by coefficient; ``correlation`` of the
    posterior, mean over histories; ``effective`` draws.
    """
    import xarray as xr

    asked = answers_on_record(scenario)
    believed = priors(scenario, keys)
    rng = generator(seed, "recovery", scenario.title, 0)
    at = rng.standard_normal((histories, len(believed)))
    truth = np.column_stack([prior.value(at[:, place]) for place, prior in enumerate(believed)])
    names = [f"answer.{item.name}" for item in asked]
    values = {prior.key: truth[:, place] for place, prior in enumerate(believed)}
    given = read_runs(scenario, names, histories, seed, values=values)
    answers = np.column_stack([given[name] for name in names])

    mean = np.empty_like(truth)
    interval = np.empty((*truth.shape, 2))
    apart = np.empty_like(truth)
    effective = np.empty(histories)
    correlation = np.zeros((len(believed), len(believed)))
    for number, answered in enumerate(answers):
        grades = {(item.offer, item.party): float(yes) for item, yes in zip(asked, answered, strict=True)}

        def forecast(
            values: Mapping[str, Array],
            turn: int,
            grades: dict[tuple[str, str], float] = grades,
            number: int = number,
        ) -> Array:
            return hindcast(scenario, draws, seed + 1 + number * rounds + turn, values=values, grades=grades)

        def loss(chance: Array, _: Mapping[str, Array], answered: Array = answered) -> Array:
            return np.asarray(log_score(chance, answered).sum(axis=1))

        found = sample_posterior(believed, forecast, loss, draws=draws, rounds=rounds, rng=rng)
        value = np.column_stack([prior.value(found.z[:, place]) for place, prior in enumerate(believed)])
        mean[number], _ = moments(value, found.weight)
        interval[number] = quantiles(value, found.weight, (0.05, 0.95))
        z_mean, z_sd = moments(found.z, found.weight)
        apart[number] = 1 - z_sd**2
        off = (found.z - z_mean) / z_sd
        correlation += (found.weight[:, None] * off).T @ off / histories
        effective[number] = found.effective[-1]
        if progress:
            progress(number + 1)
    inside = (interval[..., 0] <= truth) & (truth <= interval[..., 1])
    order = ("history", "coefficient")
    keys_found = np.array([prior.key for prior in believed], dtype=object)
    result = xr.Dataset(
        {
            "truth": (order, truth),
            "mean": (order, mean),
            "interval": ((*order, "quantile"), interval),
            "told_apart": (order, apart, {"long_name": "share of the prior's variance that the answers take away"}),
            "covered": (
                ("coefficient", "bound"),
                np.array([wilson(int(column.sum()), histories) for column in inside.T]),
                {"long_name": "share of histories whose 90 % interval holds the truth"},
            ),
            "covered_all": (
                "bound",
                bootstrap_mean(inside.ravel().astype(float), np.repeat(np.arange(histories), len(believed))),
                {"long_name": "the same over all coefficients; those of one history hang together"},
            ),
            "found": (
                "coefficient",
                np.array([_correlation(a, b) for a, b in zip(truth.T, mean.T, strict=True)]),
                {"long_name": "correlation of posterior means with the truth, over eight histories or more"},
            ),
            "correlation": (("coefficient", "other"), correlation),
            "effective": ("history", effective, {"units": "draws"}),
            "answer_given": (("history", "answer"), answers),
        },
        coords={
            "coefficient": keys_found,
            "other": keys_found,
            "quantile": [0.05, 0.95],
            "bound": np.array(["value", "low", "high"], dtype=object),
            "answer": np.array([item.name for item in asked], dtype=object),
        },
        attrs={
            **provenance(scenario, draws * rounds, seed, False, tuple(values)),
            "finding": "recover",
            "histories": histories,
        },
    )
    return describe_recovery(result)


def _correlation(one: Array, other: Array) -> float:
    if len(one) < FEWEST or min(one.std(), other.std()) == 0:
        return float("nan")
    return float(np.corrcoef(one, other)[0, 1])
