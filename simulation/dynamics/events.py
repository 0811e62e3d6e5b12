"""What happens at a date: a number of the conflict is set or shifted, or an offer comes on the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.dynamics.shares import shares
from simulation.dynamics.state import Array, Flags, State
from simulation.dynamics.variables import VARIABLES

ROUNDING = 1e-9
"""How far shares may add up to something else than 1 by rounding alone."""


@dataclass(frozen=True, slots=True)
class Change:
    """One number set to a value, or shifted by one."""

    field: str  # an array of State
    index: tuple[int, ...]  # its place behind the run axes
    value: float | Array  # a number, or (R,) one a run
    shift: bool


@dataclass(frozen=True, slots=True)
class DueEvent:
    """What is due in one step. ``chance`` is a number, or None for what is sure to happen."""

    id: str
    chance: float | Array | None
    changes: tuple[Change, ...]
    offers: tuple[int, ...]  # places in world.offers


def happens(event: DueEvent, luck: dict[str, Array]) -> Flags | None:
    """In which runs the event takes place, shape (..., 1); None where it is sure to."""
    return None if event.chance is None else luck[event.id] < event.chance


def put(state: State, change: Change, where: Flags | None = None) -> State:
    """The state with one number changed, in the runs of ``where`` (..., 1).

    What an actor is moved to by an event it also wants from then on: a change of ``stance`` shifts its ``base`` and
    ``ideal`` by as much. Ground that one party gains or loses is taken from or given to the others in proportion.
    """
    place: Any = (..., *change.index)
    old = getattr(state, change.field)
    now: Any = old[place]
    variable = VARIABLES[change.field]
    new = np.clip(now + change.value if change.shift else change.value, variable.low, variable.high)
    if where is not None:
        new = np.where(where[..., 0], new, now)
    if change.field == "control":
        return state.but(control=_with_control(old, change.index[0], new))
    fields: dict[str, Any] = {change.field: _with(old, place, new)}
    changed = state.but(**fields)
    if change.field != "stance":
        return changed
    base, ideal = state.base[place] + (new - now), np.clip(state.ideal[place] + (new - now), 0.0, 100.0)
    return changed.but(base=_with(state.base, place, base), ideal=_with(state.ideal, place, ideal))


def _with(array: Array, place: Any, values: Any) -> Array:
    """A copy of the array with ``values`` at ``place``, grown by a run axis where the values have one."""
    inner = len(place) - 1
    runs = np.broadcast_shapes(array.shape[: array.ndim - inner], np.shape(values))
    copy = np.array(np.broadcast_to(array, runs + array.shape[array.ndim - inner :]), order="C")
    copy[place] = values
    return copy


def _with_control(control: Array, party: int, share: Any) -> Array:
    """Ground with another share for one party; the others keep their proportions, and share evenly if they had none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.asarray((1.0 - share) / (1.0 - control[..., party]))
        grown = _with(control * left[..., None], (..., party), share)
        astray = ~(np.abs(grown.sum(axis=-1) - 1.0) <= ROUNDING)
    if not astray.any():
        return grown
    others = shares(np.delete(control, party, axis=-1)) * np.asarray(1.0 - share)[..., None]
    rest = (others[..., :party], np.broadcast_to(share, others.shape[:-1])[..., None], others[..., party:])
    return np.where(astray[..., None], shares(np.concatenate(rest, axis=-1)), grown)
