"""The part of an answer's chance that lasts from one offer to the next.

A party that has just refused is likelier to refuse again. Behind each answer stands a mood, a standard normal number
that goes on as a first-order autoregression in time, and what is new each time; the party says yes where both together
exceed what the logistic asks for:

    z(t + d) = r z(t) + sqrt(1 - r^2) e        with r = 2^(-d / half-life)
    y        = sqrt(share) z + sqrt(1 - share) e'
    yes where y > -Phi^-1(P(yes)), in full where y > -Phi^-1(P(full))

So the chance of any single answer is what ``acceptance`` says, whatever the half-life and the share; but answers close
in time hang together, and with a share of 1 two on one day are the same. Of a run it is kept what its mood is expected
to be, given all that it has answered so far: a mean and a variance. Between answers both go back to 0 and 1; an answer
that is drawn makes the mood known; one that is told by history says on which side of the bar it was.

References
----------
Uhlenbeck & Ornstein (1930), Physical Review 36, 823-841; Sklar (1959) for joining even draws by a copula; Minka (2001),
Expectation propagation (thesis, MIT), for the moments after an answer that is told.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simulation.dynamics.answers import ACCEPTED, REFUSED, Chances
from simulation.dynamics.state import Array, Flags, State, World, in_any_run

SMALLEST = 2.0**-53
"""The least draw that is told from 0: that of 0 itself would be a mood without end."""

LEAST_VARIANCE = 1e-12
"""A mood is never known beyond this, so that one may divide by its spread."""

LEAST_LIKELY = 1e-15
"""An answer less likely than this teaches nothing: the moments after it would be those of rounding."""


class Mood(NamedTuple):
    """What a party's mood is expected to be, shape (..., m) each."""

    mean: Array
    variance: Array


def lasts(world: World) -> bool:
    """Whether moods last at all, in any run."""
    return in_any_run(world.answers.mood_half_life)


def fade(state: State, world: World) -> State:
    """Let a step pass: moods go back to what may be expected of anybody."""
    if not world.parties or not lasts(world):
        return state
    kept = state.memory.of("mood kept", _kept, world.answers.mood_half_life, world.step_days)
    return state.but(mood=kept * state.mood, mood_variance=1 - kept**2 * (1 - state.mood_variance))


def _kept(half_life: float | Array, days: float) -> Array:
    """The share of a mood that is left after some days."""
    lasting = np.greater(half_life, 0)
    return np.where(lasting, np.exp2(-days / np.where(lasting, half_life, 1.0)), 0.0)


def given_mood(chances: Chances, state: State, world: World) -> Chances:
    """The chances of an answer given the mood that a run's party has shown: Phi((mean of y + Phi^-1(P)) / its spread).

    Where nothing is known of the mood they are exactly those without it.
    """
    from scipy.special import ndtr

    mean, spread, _ = _behind(state, world)
    unknown = state.mood_variance == 1
    return Chances(*(np.where(unknown, chance, ndtr((mean - _bar(chance)) / spread)) for chance in chances))


def drawn(state: State, coin: Array, world: World) -> Mood:
    """The mood after an answer that is drawn by a uniform number: the lower the number, the more willing."""
    from scipy.special import ndtri

    _, spread, _ = _behind(state, world)
    return _after(state, world, -spread * ndtri(np.clip(coin, SMALLEST, 1 - SMALLEST)), 0.0)


def _behind(state: State, world: World) -> tuple[Array, Array, Array]:
    """Mean and spread of what stands behind the next answer, and how far the mood moves with a unit of it."""
    share = np.asarray(world.answers.mood_share, dtype=float)
    variance = share * state.mood_variance + 1 - share
    return np.sqrt(share) * state.mood, np.sqrt(variance), np.sqrt(share) * state.mood_variance / variance


def _after(state: State, world: World, found: Array, variance: Array | float) -> Mood:
    """The mood once more is known of what stood behind an answer: how far off its mean, and its variance then."""
    share = np.asarray(world.answers.mood_share, dtype=float)
    _, _, gain = _behind(state, world)
    left = state.mood_variance * (1 - np.sqrt(share) * gain) + gain**2 * variance
    return Mood(state.mood + gain * found, np.clip(left, LEAST_VARIANCE, 1.0))


def taught(state: State, chances: Chances, answer: Array, world: World) -> Mood:
    """The mood after an answer that is told: mean and variance of a normal cut off at the bars between answers.

    Parameters
    ----------
    chances : as ``acceptance`` has them
    answer : (..., m) 0, one half or 1
    """
    from scipy.special import ndtr

    mean, spread, _ = _behind(state, world)
    yes, full = ((_bar(chance) - mean) / spread for chance in chances)
    low = np.where(answer == REFUSED, -np.inf, np.where(answer == ACCEPTED, full, yes))
    high = np.where(answer == REFUSED, yes, np.where(answer == ACCEPTED, np.inf, full))
    likely = np.where(low > 0, ndtr(-low) - ndtr(-high), ndtr(high) - ndtr(low))  # in whichever tail has the digits
    tells = likely > LEAST_LIKELY
    likely = np.where(tells, likely, 1.0)
    at_low, at_high = _density(low), _density(high)
    shift = np.where(tells, (at_low - at_high) / likely, 0.0)
    shrink = np.where(tells, (_times(low, at_low) - _times(high, at_high)) / likely - shift**2, 0.0)
    return _after(state, world, spread * shift, spread**2 * (1 + shrink))


def keep(state: State, mood: Mood, asked: Flags, world: World) -> State:
    """The state with the moods of those who were asked, where moods last."""
    known = asked & (np.asarray(world.answers.mood_half_life) > 0)
    return state.but(
        mood=np.where(known, mood.mean, state.mood),
        mood_variance=np.where(known, mood.variance, state.mood_variance),
    )


def _bar(chance: Array) -> Array:
    """How high a mood has to be for an answer of that chance."""
    from scipy.special import ndtri

    bar: Array = -ndtri(np.clip(chance, SMALLEST, 1 - SMALLEST))
    return bar


def _density(z: Array) -> Array:
    """The standard normal density."""
    density: Array = np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)
    return density


def _times(z: Array, density: Array) -> Array:
    """z times its density, which is 0 at the ends."""
    finite = np.where(np.isinf(z), 0.0, z)
    product: Array = finite * density
    return product
