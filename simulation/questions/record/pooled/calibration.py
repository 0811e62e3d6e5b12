"""Shared coefficients weighed by the answers of many wars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from simulation.dynamics.randomness import generator
from simulation.dynamics.state import Array
from simulation.questions.finding import Finding
from simulation.questions.record.benchmark.cases import Case
from simulation.questions.record.benchmark.learning import learner
from simulation.questions.record.benchmark.scoring import FEWEST_WARS
from simulation.questions.record.describe.pooled import describe_pooled
from simulation.questions.record.pooled.emulator import guide
from simulation.questions.record.pooled.forecasts import Wars, forecast
from simulation.questions.record.pooled.left_out import (
    LEARNT,
    MEDIANS,
    UNTAUGHT,
    at_the_medians,
    baselines,
    held_out,
    names_of,
    scored,
)
from simulation.questions.record.pooled.likelihood import losses, shift_of
from simulation.questions.record.pooled.priors import SPREAD, shared_priors
from simulation.questions.record.posterior import (
    Posterior,
    Prior,
    effective_draws,
    moments,
    quantiles,
    sample_posterior,
)
from simulation.runs.provenance import software
from simulation.runs.results.wording import counted
from simulation.runs.sampling import pert
from simulation.scenario.errors import ScenarioError
from simulation.scenario.writing import fingerprint

if TYPE_CHECKING:
    import xarray as xr

DRAWS, ROUNDS, LUCKS = 2000, 5, 4
"""Draws of coefficients in each round, rounds, and sets of random numbers that each draw is averaged over."""

LEVELS = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Learnt:
    """What the wars of one coding taught."""

    wars: Wars
    posterior: Posterior

    @property
    def chance(self) -> Array:
        """The chances of a yes and a full yes, shape (draws, answers, 2)."""
        return self.posterior.chance.reshape(len(self.posterior.z), -1, 2)

    @property
    def without(self) -> Mapping[str, Array]:
        """The weights of the draws where a war is left out, (draws,) each, by war."""
        return dict(zip(self.wars.names, self.posterior.without.T, strict=True))


def calibrate_wars(
    cases: Sequence[Case],
    keys: Sequence[str] | None = None,
    *,
    priors: Mapping[str, tuple[float, float, float]] | None = None,
    spread: bool = False,
    alike: bool = False,
    leave_one_out: bool = False,
    draws: int = DRAWS,
    rounds: int = ROUNDS,
    lucks: int = LUCKS,
    seed: int = 1,
    simple: Mapping[str, Mapping[str, Array]] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Finding:
    """The posterior of coefficients that many wars share, given their answers to offers of others.

    Each draw runs through every war, told the observed answers as it goes; its chances are means over some sets
    of random numbers, so that no draw has weight by one happy accident. The log-likelihood is the sum of the log scores
    of the answers. Every coding is fitted by itself; draws of all codings together are the posterior, each coding
    counting alike.

    Parameters
    ----------
    keys : what is learnt, by default every coefficient with a row in ``seeds/priors.toml`` that bears on something
    priors : low, best and high by key, in place of those of the table
    spread : whether each war has an intercept of its own on willingness, normal about 0, of which the spread is learnt
    alike : whether each war counts as much as any other, however many answers it has
    leave_one_out : whether each war is forecast by the others, and the forecasts are scored
    simple : simple forecasts to score beside, by coding, where they are known already

    Returns
    -------
    a finding, whose dataset has dimensions draw, coefficient, left_out (a war), coding, round: ``value``, ``weight``;
    ``mean``, ``sd``, ``interval`` (5 %, median, 95 %) of the posterior, ``prior_mean`` and so on of the prior,
    ``default``, ``told_apart`` = 1 - (posterior sd / prior sd)², ``correlation``; ``shift``, how far each war pulls the
    mean, in standard deviations of the prior; ``effective`` draws by round, and ``effective_without`` each war. With
    ``leave_one_out`` also ``war_score``, ``mean_score``, ``lead`` and ``slope`` by coding, forecast and score.

    Raises
    ------
    ScenarioError
        for fewer than two wars, or a key without a prior
    """
    codings = list(dict.fromkeys(case.coding for case in cases))
    every = [Wars(coding, tuple(case for case in cases if case.coding == coding)) for coding in codings]
    if min(len(wars.cases) for wars in every) < 2:
        raise ScenarioError("`scenarios`: two wars with observed answers are needed to learn from several.")
    if leave_one_out:
        if len(names_of(every)) < FEWEST_WARS:
            raise ScenarioError(f"`leave_one_out`: {FEWEST_WARS} wars are needed, of which one is left out.")
        learner()  # what is missing is said before the work
    believed = shared_priors([case.scenario for case in cases], keys, priors, spread=spread)
    learnt = []
    for number, wars in enumerate(every):
        done = number * draws * rounds
        tell = None if progress is None else (lambda more, done=done: progress(done + more))
        learnt.append(_learn(wars, believed, draws, rounds, lucks, seed, alike, tell))
    result = _posterior(learnt, believed, cases)
    if leave_one_out:
        result = result.merge(_left_out(learnt, believed, result, seed, simple or {}))
    count = sum((~wars.own).sum() for wars in every[:1])
    names = names_of(every)
    return describe_pooled(
        result.assign_attrs(
            finding="calibrate-wars",
            title=f"{counted(len(names), 'war')}, {counted(int(count), 'answer')}",
            question="What do the answers of many wars say about the coefficients that they share?",
            scenario="",
            runs=draws * rounds,
            lucks=lucks,
            seed=seed,
            alike=int(alike),
            software=software(),
            scenario_sha256=" ".join(f"{case.war}/{case.coding}={fingerprint(case.scenario)[:12]}" for case in cases),
        )
    )


def _learn(
    wars: Wars,
    believed: Sequence[Prior],
    draws: int,
    rounds: int,
    lucks: int,
    seed: int,
    alike: bool,
    progress: Callable[[int], None] | None,
) -> Learnt:
    def chances(values: Mapping[str, Array], number: int) -> Array:
        model = {key: value for key, value in values.items() if key != SPREAD}
        found = forecast(wars, model, draws, lucks, seed + 1000 * number)
        if progress:
            progress((number + 1) * draws)
        return found.reshape(draws, -1)

    def loss(chance: Array, values: Mapping[str, Array]) -> Array:
        return losses(wars, chance.reshape(len(chance), -1, 2), shift_of(wars, values), alike=alike)

    rng = generator(seed, "calibration", wars.coding, 0)
    ahead = guide(wars, believed, rng, alike=alike)
    return Learnt(wars, sample_posterior(believed, chances, loss, draws=draws, rounds=rounds, rng=rng, guide=ahead))


def _values(z: Array, believed: Sequence[Prior]) -> Array:
    return np.column_stack([prior.value(z[:, place]) for place, prior in enumerate(believed)])


def _posterior(learnt: Sequence[Learnt], believed: Sequence[Prior], cases: Sequence[Case]) -> xr.Dataset:
    """The posterior as labelled arrays, of all codings together."""
    import xarray as xr

    z = np.concatenate([one.posterior.z for one in learnt])
    value = _values(z, believed)
    weight = np.concatenate([one.posterior.weight for one in learnt]) / len(learnt)
    names = names_of([one.wars for one in learnt])
    without = np.stack(
        [np.concatenate([one.without.get(name, one.posterior.weight) for one in learnt]) for name in names], axis=-1
    ) / len(learnt)
    even = np.linspace(0, 1, 2001)[1:-1]
    before = np.column_stack([pert(even, prior.low, prior.best, prior.high) for prior in believed])
    flat = np.full(len(before), 1 / len(before))
    mean, sd = moments(value, weight)
    prior_mean, prior_sd = moments(before, flat)
    z_mean, z_sd = moments(z, weight)
    apart = (z - z_mean) / z_sd
    order = ("coefficient", "quantile")
    inputs = cases[0].scenario.inputs
    default = [inputs[prior.key].value if prior.key in inputs else 0.0 for prior in believed]
    coding = np.repeat([one.wars.coding for one in learnt], [len(one.posterior.z) for one in learnt])
    keys = np.array([prior.key for prior in believed], dtype=object)
    return xr.Dataset(
        {
            "value": (("draw", "coefficient"), value),
            "weight": ("draw", weight, {"long_name": "weight of the draw; all add up to 1"}),
            "weight_without": (("draw", "left_out"), without, {"long_name": "weight where a war is left out"}),
            "mean": ("coefficient", mean),
            "sd": ("coefficient", sd),
            "interval": (order, quantiles(value, weight, LEVELS)),
            "prior_mean": ("coefficient", prior_mean),
            "prior_sd": ("coefficient", prior_sd),
            "prior_interval": (order, quantiles(before, flat, LEVELS)),
            "default": ("coefficient", np.array(default)),
            "told_apart": (
                "coefficient",
                1 - z_sd**2,
                {"long_name": "share of the prior's variance that the answers take away; 0 nothing learnt"},
            ),
            "correlation": (("coefficient", "other"), (weight[:, None] * apart).T @ apart),
            "median_without": (
                ("coefficient", "left_out"),
                np.stack([quantiles(value, column, (0.5,))[:, 0] for column in without.T], axis=-1),
                {"long_name": "posterior median where a war is left out"},
            ),
            "shift": (
                ("coefficient", "left_out"),
                (mean[:, None] - value.T @ without) / prior_sd[:, None],
                {
                    "long_name": "how far a war pulls the posterior mean up, in standard deviations of the prior",
                },
            ),
            "effective": (
                ("coding", "round"),
                np.stack([one.posterior.effective for one in learnt]),
                {"units": "draws", "long_name": "effective number of draws"},
            ),
            "effective_without": (
                ("coding", "left_out"),
                np.stack(
                    [[effective_draws(one.without.get(name, one.posterior.weight)) for name in names] for one in learnt]
                ),
                {"units": "draws", "long_name": "effective number of draws where a war is left out"},
            ),
            "answers": (
                ("coding", "left_out"),
                np.array(
                    [
                        [
                            sum(not item.own for case in one.wars.cases if case.war == name for item in case.asked)
                            for name in names
                        ]
                        for one in learnt
                    ]
                ),
                {"units": "answers", "long_name": "answers to others' offers"},
            ),
        },
        coords={
            "coefficient": keys,
            "other": keys,
            "coding_of": ("draw", coding.astype(object)),
            "coding": np.array([one.wars.coding for one in learnt], dtype=object),
            "left_out": np.array(names, dtype=object),
            "quantile": list(LEVELS),
        },
    )


def _left_out(
    learnt: Sequence[Learnt],
    believed: Sequence[Prior],
    result: xr.Dataset,
    seed: int,
    simple: Mapping[str, Mapping[str, Array]],
) -> xr.Dataset:
    """Every war forecast by the others, and scored, coding by coding."""
    import xarray as xr

    tables = []
    for one in learnt:
        wars = one.wars
        values = dict(zip([prior.key for prior in believed], _values(one.posterior.z, believed).T, strict=True))
        medians = {
            prior.key: result.median_without.sel(coefficient=prior.key, left_out=wars.names).values
            for prior in believed
            if prior.key != SPREAD
        }
        models = {
            LEARNT: held_out(wars, one.chance, one.posterior.without, shift_of(wars, values)),
            MEDIANS: at_the_medians(wars, medians, seed),
            UNTAUGHT: at_the_medians(wars, {}, seed),
        }
        tables.append(scored(wars, models, simple.get(wars.coding) or baselines(wars)))
    made = [table.expand_dims(coding=[one.wars.coding]) for table, one in zip(tables, learnt, strict=True)]
    return xr.concat(made, "coding", join="outer", data_vars="all")
