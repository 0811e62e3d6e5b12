"""A quick stand-in for the model that tells where to look: willingness as a polynomial of the coefficients."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.optimize import minimize

from simulation.dynamics.answers import Answers
from simulation.dynamics.state import Array
from simulation.questions.record.pooled.forecasts import Wars
from simulation.questions.record.pooled.likelihood import losses, odds_of, shift_of
from simulation.questions.record.posterior import Prior, moments, normal, tempered

RIDGE = 1e-3
"""Penalty of the polynomial, in shares of the mean square of its terms."""

DRAWS = 6000
"""Draws by which the stand-in's posterior is measured; they cost no run of the model."""

STEP = 0.02
"""Of the finite differences, in standard deviations of a prior."""


class Emulator:
    """What the model says of each answer, for any values of the coefficients.

    The log odds of an answer are (willingness - threshold ± reserve) / temperature, of which willingness alone has to
    be learnt: it is linear in what is added to it, and smooth in the rest. A polynomial of second degree is fitted to
    the draws that went through the model, those counting most that are likely.

    Parameters
    ----------
    z : (draws, coefficients) standard deviations of the prior
    chance : (draws, answers, 2)
    weight : (draws,) how much each draw counts
    """

    def __init__(
        self, wars: Wars, believed: Sequence[Prior], z: Array, chance: Array, weight: Array, *, alike: bool
    ) -> None:
        self.wars, self.believed, self.alike = wars, believed, alike
        self.fixed: Answers = wars.cases[0].scenario.coefficients.answers
        centre = [prior.value(np.array([0.0, 1.0])) for prior in believed]
        self.middle = np.array([one[0] for one in centre])
        self.scale = np.array([one[1] - one[0] for one in centre])
        values = self.values(z)
        willing = odds_of(np.nan_to_num(chance, nan=0.5)).mean(axis=-1) * self.temperature(values)
        terms = self.terms(values)
        heavy = weight[:, None] * terms
        square = heavy.T @ terms
        penalty = RIDGE * np.trace(square) / len(square) * np.eye(len(square))
        penalty[0, 0] = 0.0
        self.table = np.linalg.solve(square + penalty, heavy.T @ willing)

    def values(self, z: Array) -> dict[str, Array]:
        """The coefficients, (draws,) each."""
        return {prior.key: prior.value(z[:, place]) for place, prior in enumerate(self.believed)}

    def terms(self, values: Mapping[str, Array]) -> Array:
        """The terms of the polynomial, shape (draws, terms)."""
        x = (np.column_stack(list(values.values())) - self.middle) / self.scale
        one, other = np.triu_indices(x.shape[1])
        return np.concatenate([np.ones((len(x), 1)), x, x[:, one] * x[:, other]], axis=1)

    def _of_answers(self, values: Mapping[str, Array], name: str) -> Array:
        key = f"coefficients.answers.{name}"
        return np.asarray(values.get(key, getattr(self.fixed, name)))

    def temperature(self, values: Mapping[str, Array]) -> Array:
        """By draw, shape (draws, 1), or of all."""
        return self._of_answers(values, "temperature")[..., None]

    def losses(self, z: Array) -> Array:
        """Minus the log-likelihood of each war's answers, shape (draws, wars)."""
        values = self.values(z)
        willing = self.terms(values) @ self.table
        reserve = self._of_answers(values, "reserve")[..., None]
        odds = np.stack([willing + reserve, willing - reserve], axis=-1) / self.temperature(values)[..., None]
        chance = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
        return losses(self.wars, chance, shift_of(self.wars, values), alike=self.alike)

    def surprise(self, z: Array) -> Array:
        """Minus the log of the posterior density, up to a constant, shape (draws,)."""
        return np.asarray(self.losses(z).sum(axis=1) + (z**2).sum(axis=1) / 2)

    def mode(self, start: Array) -> tuple[Array, Array]:
        """The likeliest coefficients, (coefficients,), and the curvature of the surprise there."""
        size = len(start)
        steps = STEP * np.eye(size)

        def slope(z: Array) -> Array:
            both = self.surprise(np.concatenate([z + steps, z - steps]))
            return np.asarray((both[:size] - both[size:]) / (2 * STEP))

        found = minimize(lambda z: float(self.surprise(z[None])[0]), start, jac=slope, method="L-BFGS-B")
        wide = 5 * steps
        bent = np.stack([(slope(found.x + row) - slope(found.x - row)) / (10 * STEP) for row in wide])
        return found.x, (bent + bent.T) / 2


def guide(
    wars: Wars, believed: Sequence[Prior], rng: np.random.Generator, *, alike: bool
) -> Callable[[Array, Array, Array], list[Any]]:
    """What proposes draws: normals with the moments of the stand-in's posteriors, with all wars and without each.

    Returns
    -------
    a function of the draws so far, (draws, coefficients), what they forecast, and their log weights
    """

    def proposals(at: Array, chance: Array, log_weight: Array) -> list[Any]:
        size = at.shape[1]
        likely = tempered(log_weight, 20 * size)
        weight = 0.5 * likely + 0.5 / len(likely) if len(likely) else likely
        stand_in = Emulator(wars, believed, at, chance.reshape(len(at), -1, 2), weight, alike=alike)
        mean, bent = stand_in.mode(likely @ at)
        level, axes = np.linalg.eigh(bent)
        spread = (axes / np.maximum(level, 1.0)) @ axes.T  # the prior alone has a curvature of 1
        made = [normal(mean, 1.5 * spread)]
        for turn in range(2):
            z = made[0].rvs(DRAWS, random_state=rng).reshape(DRAWS, size)
            lost = stand_in.losses(z)
            towards = -lost.sum(axis=1) - (z**2).sum(axis=1) / 2 - made[0].logpdf(z)
            targets = [towards, *(towards[:, None] + lost).T] if turn else [towards]
            made = []
            for target in targets:
                soft = tempered(target, 20 * size)
                mean, _ = moments(z, soft)
                around = z - mean
                made.append(normal(mean, 1.2 * (soft[:, None] * around).T @ around))
        return made

    return proposals
