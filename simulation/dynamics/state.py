"""What is fixed in a run (World) and what changes (State): names and shapes; see ``variables`` for scales and meanings.

The last axis is the actors (n of them), the parties (m of them, in the order of ``world.parties``) or the pairs of
parties (P = m (m - 1) / 2 of them, in the order of ``world.pairs``); any axes in front are runs. A coefficient given
per run has shape (R, 1), so that it fits everywhere. An array that is the same in every run may leave the run axis out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simulation.dynamics.memory import Memory

if TYPE_CHECKING:
    from simulation.dynamics.answers import Answers, OfferOnTable
    from simulation.dynamics.appraisal import Appraisal
    from simulation.dynamics.battle import Battle
    from simulation.dynamics.events import DueEvent
    from simulation.dynamics.step import Opinion
    from simulation.dynamics.truce import Truce
    from simulation.rules.base import Rule

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class State:
    """Everything that changes in a run, an array for each of ``VARIABLES``.

    Arrays are never changed in place: take ``but``.
    """

    stance: Array  # (..., n)
    base: Array  # (..., n)
    ideal: Array  # (..., n)
    salience: Array  # (..., n)
    influence: Array  # (..., n)
    leverage: Array  # (..., n, n) row source, column target
    support: Array  # (..., m, n) row party, column backer
    pledge: Array  # (..., m, n)
    follows: Array  # (..., m, n)
    reacts: Array  # (..., m, n)
    most: Array  # (..., m, n)
    surge: Array  # (..., m, n) zero, and without a run axis, where backers do not react
    strength: Array  # (..., m)
    control: Array  # (..., m) shares of the contested ground; sum to 1
    momentum: Array  # (..., m)
    exhaustion: Array  # (..., m)
    distrust: Array  # (..., m)
    squeeze: Array  # (..., m)
    truce: Flags  # (..., P) whether a truce binds the pair
    strain: Array  # (..., P) log of the hazard that the terms of the truce carry; 0 without one
    age: Array  # (..., P) days for which it has been at risk; 0 without one; less than 0 until one agreed on begins
    scope: Array  # (..., P) share of the pair's fighting that it stills, or that one side alone does; 0 without one
    left: Array  # (..., P) days to the end of the term, or of the patience of a side that halts alone; else infinite
    balance: Array  # (..., P) the first one's share of the pair's power when it was agreed; 0 without one
    ending: NDArray[np.int8]  # (..., P) how a truce ended in the last step, see ``truce.ENDINGS``; 0 where none did
    mood: Array  # (..., m) what the mood behind its next answer is expected to be; 0 where moods do not last
    mood_variance: Array  # (..., m)
    now: Array  # (..., K) what holds on each issue if nothing is agreed
    want: Array  # (..., m, K) where each party would have it
    weight: Array  # (..., m, K) how much it counts for the party
    chance: Array  # (..., offers, m) nan before the offer is answered, and if not addressed
    full: Array  # (..., offers, m) likewise
    answer: Array  # (..., offers, m)
    further: Array  # (..., n, K - 1) stances on the further of a negotiation's K issues; in a conflict K is 1
    further_salience: Array  # (..., n, K - 1)

    @cached_property
    def memory(self) -> Memory:
        """What was worked out from these arrays; shared with the states that come of this one."""
        return Memory()

    def but(self, **changes: NDArray[Any]) -> State:
        """The state with some arrays changed: ``dataclasses.replace`` in a fifth of its time, seven times a step.

        Raises
        ------
        TypeError
            for a name that is no array of the state
        """
        copy = object.__new__(State)
        copy.__dict__.update(self.__dict__, **changes)
        if len(copy.__dict__) > len(self.__dict__):
            raise TypeError(f"no array of the state: {', '.join(sorted(changes.keys() - self.__dict__.keys()))}")
        return copy


def in_any_run(coefficient: float | NDArray[Any]) -> bool:
    """Whether a number, or that of any run, is other than 0."""
    return bool(coefficient.any() if isinstance(coefficient, np.ndarray) else coefficient)


@dataclass(frozen=True, slots=True)
class World:
    """Everything that stays as it is in a run."""

    actors: tuple[str, ...]
    parties: tuple[str, ...]
    party_index: NDArray[np.intp]  # (m,) where the parties stand among the actors
    pairs: NDArray[np.intp]  # (P, 2) the two parties of each pair, in the order of itertools.combinations
    steps: int
    step_days: float
    opening: Array  # (..., n) stances at the start
    opening_exhaustion: Array  # (..., m)
    opening_prospect: Array  # (..., m)
    offers: tuple[OfferOnTable, ...]
    events: dict[int, tuple[DueEvent, ...]]  # by the step in which they are due
    told: Mapping[str, Array]  # answers that history gave, by offer, (m,): 0 refused … 1 accepted; nan where not told
    ground: NDArray[np.intp]  # (K,) the party whose share of the ground is what holds on an issue; -1 where as stated
    rule: Rule
    battle: Battle
    appraisal: Appraisal
    opinion: Opinion
    answers: Answers
    truces: Truce
