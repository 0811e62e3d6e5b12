"""The model as it was published: turn after turn until hardly anybody moves."""

from __future__ import annotations

from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from simulation.rules.arrays import by_run, numbers
from simulation.rules.base import Array
from simulation.rules.spatial.challenge import Index
from simulation.rules.spatial.inputs import ROUNDING, read
from simulation.rules.spatial.options import Choices, Options
from simulation.rules.spatial.turn import turn_by_turn

FEWEST = 2
"""Turns played in any case."""
QUIET = 0.02
"""A run stops when a turn moves less than this share of what the first turn moved."""
SPECK = 1e-4
"""Added to the first turn's movement, so that it can be divided by."""


class Played(NamedTuple):
    """A play of the model."""

    positions: Array  # (T + 1, ..., n) or (T + 1, ..., n, K); row 0 the start; a run that has stopped keeps its last
    turns: Index  # (...) how many turns each run took
    change: Array  # (T, ...) movement of each turn as a share of the first; 0 after a run has stopped


def play(
    position: ArrayLike,
    salience: ArrayLike,
    influence: ArrayLike,
    turns: int = 100,
    *,
    scale: float = 100.0,
    dimensions: int | None = None,
    adjustment: ArrayLike | None = None,
    draws: ArrayLike | None = None,
    **options: Unpack[Choices],
) -> Array:
    """Every turn's positions: ``played(...).positions``, of shape (T + 1, ..., n) or (T + 1, ..., n, K).

    The arguments are those of ``played``, which also says how many turns each run took.
    """
    return played(
        position,
        salience,
        influence,
        turns,
        scale=scale,
        dimensions=dimensions,
        adjustment=adjustment,
        draws=draws,
        **options,
    ).positions


def played(
    position: ArrayLike,
    salience: ArrayLike,
    influence: ArrayLike,
    turns: int = 100,
    *,
    scale: float = 100.0,
    dimensions: int | None = None,
    adjustment: ArrayLike | None = None,
    draws: ArrayLike | None = None,
    **options: Unpack[Choices],
) -> Played:
    """Play the Spatial Model of Politics.

    A run stops after turn t >= 2 where sum_i |x_i(t) - x_i(t-1)| < 0.02 (sum_i |x_i(1) - x_i(0)| + 1e-4), |.| being
    Euclid's distance on the scale 0 … 1, and after ``turns`` at the latest. Runs stop one by one.

    Parameters
    ----------
    position : (..., n) or (..., n, K)    0 … ``scale``; the published files use 0 … 100
    salience : the same shape             0 … 1; an actor's sum to at most 1 (divide the files' percentages by 100)
    influence : (..., n)                  not negative, any scale; 0 is an actor that is moved but carries no weight
    turns                                 the most to play
    scale                                 far end of the positions
    dimensions                            K, needed only where the shapes leave it open (as many runs as actors)
    adjustment : (n, n)                   A; after each turn ideals become sum_j A_ij x_j + (1 - sum_j A_ij) q_i.
                                          None: the identity, every actor wants what it says
    draws : (turns, ..., n)               uniform numbers 0 … 1 for ``transition="stochastic"``; more turns do no harm
    options                               see ``Options`` for each and its choices

    Returns
    -------
    Played
        positions, turns and change. T is the number of turns of the longest run.

    Raises
    ------
    ValueError
        if an argument is out of its bounds, not finite, or of a shape that does not fit; if an actor's saliences sum
        to more than 1; if nobody has any influence; if an option is unknown; if stochastic play is given no draws

    References
    ----------
    KAPSARC Toolkit for Behavioral Analysis (KTAB), Spatial Model of Politics, version 1.4 (MIT licence).
    """
    chosen = Options(**options)
    if isinstance(turns, bool) or not isinstance(turns, int | np.integer) or turns < 0:
        raise ValueError(f"turns: {turns!r} is not a whole number of 0 or more")
    case = read(position, salience, influence, scale, dimensions)
    runs, n, depth = case.position.shape
    follow = None if adjustment is None else _adjustment(adjustment, n)
    luck = _draws(draws, int(turns), case.lead, n, chosen)

    now, ideal = case.position, case.position.copy()
    shown = by_run(np.asarray(position, dtype=np.float64), case.shape, 0).reshape(runs, n, depth)
    path, changes = [shown], []
    first, taken = np.zeros(runs), np.zeros(runs, dtype=np.intp)
    going = np.arange(runs)
    for moment in range(1, int(turns) + 1):
        drawn = None if luck is None else luck[moment - 1][going]
        after, moved = turn_by_turn(
            now[going], ideal[going], case.salience[going], case.influence[going], drawn, chosen
        )
        gap = after - now[going]
        movement = np.sum(np.sqrt(np.sum(gap * gap, axis=-1)), axis=-1)
        if moment == 1:
            first = movement
        change = np.zeros(runs)
        change[going] = movement / (first[going] + SPECK)
        now = now.copy()
        now[going] = after
        ideal[going] = after if follow is None else _drawn_along(follow, after, ideal[going])
        shown = shown.copy()
        shown[going] = np.where(moved[..., None], after * scale, shown[going])
        path.append(shown)
        changes.append(change)
        taken[going] = moment
        if moment >= FEWEST:
            going = going[change[going] >= QUIET]
        if going.size == 0:
            break
    lead = case.lead
    return Played(
        np.stack(path).reshape(-1, *case.shape),
        taken.reshape(lead),
        np.stack(changes).reshape(-1, *lead) if changes else np.empty((0, *lead)),
    )


def _drawn_along(follow: Array, after: Array, ideal: Array) -> Array:
    """Ideals follow positions: q_i <- sum_j A_ij x_j + (1 - sum_j A_ij) q_i."""
    kept = np.maximum(0.0, 1.0 - np.sum(follow, axis=-1))
    pulled = np.add.accumulate(follow[:, :, None] * after[:, None, :, :], axis=-2)[..., -1, :]
    moved: Array = np.clip(pulled + kept[:, None] * ideal, 0.0, 1.0)
    return moved


def _adjustment(adjustment: ArrayLike, n: int) -> Array:
    follow = numbers("adjustment", adjustment)
    if follow.shape != (n, n):
        raise ValueError(f"adjustment: shape {follow.shape} is not ({n}, {n}); use a * np.eye({n}) for one number a")
    if (follow < 0).any() or (follow.sum(axis=-1) > 1 + ROUNDING).any():
        raise ValueError("adjustment: weights must not be negative, and each row sums to at most 1")
    return follow


def _draws(draws: ArrayLike | None, turns: int, lead: tuple[int, ...], n: int, options: Options) -> Array | None:
    """Uniform numbers by turn, run and actor, where they are needed."""
    if options.transition != "stochastic":
        return None
    wanted = f"({turns}, {', '.join(str(size) for size in (*lead, n))})"
    if draws is None:
        raise ValueError(f"draws: stochastic play needs uniform numbers of shape {wanted}; rules never draw their own")
    uniform = numbers("draws", draws) if turns else np.empty((0, *lead, n))
    if uniform.ndim != len(lead) + 2 or len(uniform) < turns or uniform.shape[1:] != (*lead, n):
        raise ValueError(f"draws: shape {uniform.shape} is not {wanted}")
    full = uniform[:turns]
    if ((full < 0) | (full > 1)).any():
        raise ValueError("draws: uniform numbers lie in 0 … 1")
    return by_run(full, (turns, *lead, n), 1).reshape(turns, -1, n)
