"""What a measure reads off the histories of some runs, one number a run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.simulate import History
from simulation.dynamics.state import Array, Flags
from simulation.dynamics.truce import BROKEN, ENDINGS

QUIET = 0.1
"""Stance points a step: where nobody moves by more, a negotiation has settled."""

APART = 1.0
"""Stance points between neighbours from which they belong to different camps."""


def first_truce(truce: Flags) -> tuple[Array, Array]:
    """The step in which each run's first truce is in force (steps + 1 where none starts), and how many steps it holds.

    Parameters
    ----------
    truce : (steps + 1, R)
    """
    count = len(truce)
    begun = np.where(truce.any(axis=0), truce.argmax(axis=0), count)
    after = np.arange(count)[:, None] > begun
    over = ~truce & after
    ended = np.where(over.any(axis=0), over.argmax(axis=0), count)
    return begun, np.where(begun < count, ended - begun, 0)


def first_end(truce: Flags, ending: NDArray[np.int8]) -> tuple[Array, NDArray[np.intp]]:
    """After how many steps each run's first truce among all parties ended, and how, shape (R,) each.

    Unlike in ``first_truce`` one that is replaced ends there, though a truce goes on. Where several pairs end theirs in
    one step, a breach counts before a lapse, and that before a replacement.

    Parameters
    ----------
    truce : (steps + 1, R)
    ending : (steps + 1, R, P)   how a truce of the pair ended in the step before, by ``truce.ENDINGS``; 0 not at all

    Returns
    -------
    steps to the end, or to the end of watching (0 where none starts), and how: 0 where it stands or none starts
    """
    begun, _ = first_truce(truce)
    least = np.where(ending == 0, len(ENDINGS) + 1, ending).min(axis=-1, initial=len(ENDINGS) + 1)
    over = (least <= len(ENDINGS)) & (np.arange(len(truce))[:, None] > begun)
    last = np.where(over.any(axis=0), over.argmax(axis=0), len(truce))
    how = np.where(over.any(axis=0), np.take_along_axis(least, over.argmax(axis=0)[None], axis=0)[0], 0)
    return np.where(begun < len(truce), last - begun, 0), how.astype(np.intp)


def first_breach(truce: Flags, ending: NDArray[np.int8]) -> Flags:
    """Whether each run's first truce among all parties, renewals included, was broken, shape (R,)."""
    begun, lasted = first_truce(truce)
    over = (begun + lasted).astype(np.intp)
    seen = over < len(truce)
    how: NDArray[np.int8] = ending[np.where(seen, over, 0), np.arange(truce.shape[1])]
    return np.asarray(seen & (how == BROKEN).any(axis=-1))


def ends(history: History, how: int) -> Array:
    """1 where the first truce ended so by the end, shape (R,); nan where none starts."""
    _, found = first_end(history.truce, history.ending)
    return np.where(history.truce.any(axis=0), (found == how).astype(float), np.nan)


def held(truce: Flags) -> Array:
    """Steps for which the first truce holds, up to the end; nan where none starts. Shapes (steps + 1, R) to (R,)."""
    begun, steps = first_truce(truce)
    return np.where(begun < len(truce), steps, np.nan)


def collapses(history: History, steps: float) -> Array:
    """1 where the first truce is broken within so many steps, shape (R,); nan where it is not watched for so long."""
    truce = history.truce
    begun, lasted = first_truce(truce)
    broken = (lasted <= steps) & first_breach(truce, history.ending)
    return np.where(begun + steps <= len(truce) - 1, broken.astype(float), np.nan)


def agreement(chance: Array, asked: Sequence[tuple[int, Flags]]) -> Array:
    """How likely it is that everybody who is asked accepts at least one of some offers, shape (R,).

    With the chances c_op of runs in which everybody refuses,  1 - prod_o (1 - prod_p c_op).

    Parameters
    ----------
    chance : (R, offers, m), nan where an offer is not made
    asked : the number of each offer, and which parties it asks, shape (m,)
    """
    none = np.ones(len(chance))
    for offer, parties in asked:
        agreed = chance[:, offer, parties].prod(axis=-1)
        none = none * (1 - np.nan_to_num(agreed))
    return 1 - none


def settled(history: History) -> Array:
    """The step from which on no stance moves by more than ``QUIET`` a step, shape (R,); nan where the last one does."""
    restless = np.asarray((np.abs(np.diff(history.stance, axis=0)) > QUIET).any(axis=-1))
    restless |= (np.abs(np.diff(history.further, axis=0)) > QUIET).any(axis=(-1, -2))
    last = np.where(restless.any(axis=0), len(restless) - np.argmax(restless[::-1], axis=0), 0)
    return np.where(last < len(restless), last, np.nan)


def camps(stance: Array, least: int = 1) -> Array:
    """How many groups of at least ``least`` actors stand more than ``APART`` from each other, shape (R,).

    Parameters
    ----------
    stance : (R, n)
    """
    runs, n = stance.shape
    edge = np.diff(np.sort(stance, axis=-1), axis=-1) > APART
    camp: NDArray[np.intp] = np.concatenate([np.zeros((runs, 1), dtype=np.intp), np.cumsum(edge, axis=-1)], axis=-1)
    sizes = np.bincount((camp + n * np.arange(runs)[:, None]).ravel(), minlength=runs * n).reshape(runs, n)
    return np.asarray((sizes >= least).sum(axis=-1), dtype=np.float64)
