"""What is fixed in a run (World) and what changes (State): names, shapes, units, scales.

The last axis is the actors (n of them) or the parties (m of them, in the order of ``world.parties``); any axes in
front are runs. Something that belongs to the run as a whole, such as whether a truce is in force, keeps a last axis of
length 1, so that a coefficient given per run, shape (R, 1), fits everywhere. An array that is the same in every run
may leave the run axis out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simulation.dynamics.answers import Answers, Offer
    from simulation.dynamics.appraisal import Appraisal
    from simulation.dynamics.battle import Battle
    from simulation.dynamics.events import Event
    from simulation.dynamics.step import Opinion
    from simulation.dynamics.truce import Truce
    from simulation.rules.base import Rule

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

PER_ACTOR = ("stance", "base", "salience", "influence")
"""What an event or a student may change of any actor; arrays of shape (..., n)."""

PER_PARTY = ("strength", "control", "exhaustion", "distrust", "squeeze")
"""What may be changed of a party only; arrays of shape (..., m)."""

PER_TIE = ("leverage", "support", "pledge", "follows")
"""What may be changed of a tie: leverage (..., n, n) by source and target; the rest (..., m, n) by party and backer."""

HIGHEST = {
    "stance": 100.0,
    "base": 200.0,
    "salience": 100.0,
    "influence": 100.0,
    "strength": 100.0,
    "control": 1.0,
    "exhaustion": 1.0,
    "distrust": 100.0,
    "squeeze": 1.0,
    "leverage": 1.0,
    "support": 2.0,
    "pledge": 2.0,
    "follows": 2.0,
}
"""The top of each scale. All start at 0, but for ``base``, which may lie as far below 0 as above 100."""

LOWEST = dict.fromkeys(HIGHEST, 0.0) | {"base": -100.0}


@dataclass(frozen=True, slots=True)
class State:
    """Everything that changes in a run. Arrays are never changed in place: take ``dataclasses.replace``."""

    stance: Array  # (..., n) 0 fight on to victory … 100 stop now
    base: Array  # (..., n) what the actor would want if the war stood even and nobody were tired
    ideal: Array  # (..., n) what it wants by itself as the war stands; 0 … 100
    salience: Array  # (..., n) 0 … 100
    influence: Array  # (..., n) 0 … 100
    leverage: Array  # (..., n, n) row source, column target; 0 … 1
    support: Array  # (..., m, n) row party, column backer: share of the backer's influence that fights for the party
    pledge: Array  # (..., m, n) the same, promised or threatened but not yet in the field
    follows: Array  # (..., m, n) how much the backer's own wish follows its client's fortunes
    strength: Array  # (..., m) the party's own forces, 0 … 100
    control: Array  # (..., m) shares of the contested ground; sum to 1
    momentum: Array  # (..., m) recent mean change of control, per day
    exhaustion: Array  # (..., m) 0 … 1
    squeeze: Array  # (..., m) exhaustion added per day from outside the battlefield, such as lost oil income
    distrust: Array  # (..., m) stance points
    truce: Flags  # (..., 1) whether a truce is in force
    strain: Array  # (..., 1) log of the daily hazard that the terms of the truce in force carry; 0 without one
    chance: Array  # (..., offers, m) chance of acceptance when the offer was answered; nan before, and if not addressed
    answer: Array  # (..., offers, m) 1 accepted, 0 refused, nan as above
    further: Array  # (..., n, K - 1) stances on the further of a negotiation's K issues; in a conflict K is 1
    further_salience: Array  # (..., n, K - 1) 0 … 100


@dataclass(frozen=True, slots=True)
class World:
    """Everything that stays as it is in a run."""

    actors: tuple[str, ...]
    parties: tuple[str, ...]
    party_index: NDArray[np.intp]  # (m,) where the parties stand among the actors
    steps: int
    step_days: float
    opening: Array  # (..., n) stances at the start
    opening_exhaustion: Array  # (..., m)
    offers: tuple[Offer, ...]
    events: dict[int, tuple[Event, ...]]  # by the step in which they are due
    rule: Rule
    battle: Battle
    appraisal: Appraisal
    opinion: Opinion
    answers: Answers
    truces: Truce
