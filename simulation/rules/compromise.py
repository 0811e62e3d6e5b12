"""Compromise: everybody heads for the mean position, weighted by influence and salience (the null model)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule, shares

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World

SAME_WEIGHT = 1e-12  # share of the total weight below which a cumulated weight counts as having reached half


def weighted_mean(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> Array:
    """The outcome if everybody gives way in proportion to the others' weight.

        mean = sum_i influence_i * salience_i * position_i / sum_i influence_i * salience_i

    It approximates the Nash bargaining solution when failing to agree is far worse for all than any agreement, and
    no published rule beats it clearly on European Union decisions: measure cleverer rules against it.

    Parameters
    ----------
    position : (..., n)              any scale
    salience, influence : (..., n)   not negative, any scale: only the shares matter

    Returns
    -------
    (...), on the scale of the positions and never outside those held

    Raises
    ------
    ValueError
        if an argument is not finite, negative where it may not be, does not fit the others' shape, or if all
        actors of a run have no weight

    References
    ----------
    Achen (2006) in Thomson, Stokman, Achen & König (eds), The European Union Decides, 86-129.
    Van den Bos (1991), Dutch EC Policy Making.
    """
    return _mean(*_weighing(position, salience, influence))


def weighted_median(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> Array:
    """The position that beats every other in a pairwise vote (the Condorcet winner of single-peaked voters).

    The lowest position at which the cumulated influence * salience reaches half of the total. Where it reaches
    exactly half, every position up to the next one ties, and the lower median is taken.

    Parameters, errors
        as for ``weighted_mean``

    Returns
    -------
    (...), one of the positions held

    References
    ----------
    Black (1948), Journal of Political Economy 56, 23-34.
    """
    return median(*_weighing(position, salience, influence))


def centres(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> Array:
    """Weighted mean and median beside each other, shape (..., 2); where nobody has any weight, all count alike."""
    position, salience, influence = _finite(position, salience, influence)
    weight = _weight(salience, influence)
    weight = np.where(weight.any(axis=-1, keepdims=True), weight, 1.0)
    return np.stack([_mean(position, weight), median(position, weight)], axis=-1)


def compromise(position: ArrayLike, salience: ArrayLike, influence: ArrayLike, share: float | Array = 1.0) -> Array:
    """Everybody moves a share of the way to the weighted mean; shape (..., n). Where nobody has weight, nobody moves.

    position'_i = position_i + share * (mean - position_i)
    """
    position, salience, influence = _finite(position, salience, influence)
    if not np.all((np.asarray(share) >= 0) & (np.asarray(share) <= 1)):
        raise ValueError(f"share: {share!r} is outside 0 … 1 (share of the way to the weighted mean)")
    weight = _weight(salience, influence)
    weighty = weight.any(axis=-1, keepdims=True)
    centre = np.where(weighty, _mean(position, np.where(weighty, weight, 1.0))[..., None], position)
    moved: Array = position + share * (centre - position)
    return np.clip(moved, np.minimum(position, centre), np.maximum(position, centre))


def median(position: Array, weight: Array) -> Array:
    """Lower weighted median, shape (...): ``weighted_median`` for inputs already checked."""
    order = np.argsort(position, axis=-1, kind="stable")
    cumulated = np.cumsum(np.take_along_axis(weight, order, axis=-1), axis=-1)
    half = 0.5 * cumulated[..., -1:]
    middle = np.argmax(cumulated >= half * (1 - SAME_WEIGHT), axis=-1, keepdims=True)
    found: Array = np.take_along_axis(position, np.take_along_axis(order, middle, axis=-1), axis=-1)[..., 0]
    return found


def weighed(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> tuple[Array, Array, Array]:
    """The three arrays in one shape (..., n), C-contiguous, checked; in every run somebody has weight."""
    position, salience, influence = _finite(position, salience, influence)
    if not _weight(salience, influence).any(axis=-1).all():
        raise ValueError("influence, salience: nobody has any weight; one actor at least needs both above 0")
    return position, salience, influence


def _mean(position: Array, weight: Array) -> Array:
    share = weight / weight.sum(axis=-1, keepdims=True)
    mean: Array = np.clip((share * position).sum(axis=-1), position.min(axis=-1), position.max(axis=-1))
    return mean


def _weight(salience: Array, influence: Array) -> Array:
    """influence * salience, brought to a greatest value of 1 each so that no scale over- or underflows."""
    return _relative(salience) * _relative(influence)


def _relative(amount: Array) -> Array:
    most = amount.max(axis=-1, keepdims=True)
    relative: Array = amount / np.where(most > 0, most, 1.0)
    return relative


def _weighing(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> tuple[Array, Array]:
    position, salience, influence = weighed(position, salience, influence)
    return position, _weight(salience, influence)


def _finite(position: ArrayLike, salience: ArrayLike, influence: ArrayLike) -> tuple[Array, Array, Array]:
    """The three arrays in one shape (..., n), C-contiguous, finite, salience and influence not negative."""
    given = {"position": position, "salience": salience, "influence": influence}
    arrays: dict[str, Array] = {name: np.asarray(value, dtype=np.float64) for name, value in given.items()}
    for name, array in arrays.items():
        if array.ndim == 0 or array.shape[-1] == 0:
            raise ValueError(f"{name}: shape {array.shape} has no actors; the last axis is the actors")
        if not np.isfinite(array).all():
            raise ValueError(f"{name}: {array[~np.isfinite(array)][0]} is not a finite number")
        if name != "position" and (array < 0).any():
            raise ValueError(f"{name}: {array.min()} is negative; 0 is the least")
    actors = {name: array.shape[-1] for name, array in arrays.items()}
    if len(set(actors.values())) > 1:
        raise ValueError(f"the number of actors differs: {actors}")
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays.values()))
    except ValueError:
        shapes = {name: array.shape for name, array in arrays.items()}
        raise ValueError(f"the shapes do not fit each other: {shapes}; leading axes are runs") from None
    first, second, third = (np.ascontiguousarray(np.broadcast_to(array, shape)) for array in arrays.values())
    return first, second, third


class Compromise(Rule):
    """Everybody heads for the mean stance, weighted by influence and salience: the null model of bargaining."""

    name: Literal["compromise"] = "compromise"
    share: float = Field(
        1.0, ge=0.001, le=1, title="share", description="share of the way to the weighted mean covered in one round"
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        return compromise(stance, state.salience, state.influence, self.share)

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        weight = _weight(np.broadcast_to(state.salience, stance.shape), np.broadcast_to(state.influence, stance.shape))
        total = weight.sum()
        others = self.share * weight / total if total > 0 else np.zeros_like(weight)
        return shares(stance, np.tile(others, (len(stance), 1)) + (1 - others.sum()) * np.eye(len(stance)))
