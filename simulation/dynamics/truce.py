"""How a truce starts, what may break it, and what a broken truce leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import numpy as np
from pydantic import Field

from simulation.dynamics.answers import CONDITIONAL, REFUSED, OfferOnTable
from simulation.dynamics.state import Array, Flags, State, World
from simulation.parameters import Parameters


class Truce(Parameters):
    """How long truces hold, and the distrust that a broken one sows."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"shape": ()}

    declared_days: float = Field(
        7.0,
        ge=0.1,
        le=3650,
        title="days",
        description="median life of a declared truce at middling stances, unmonitored and not imposed (world median)",
    )
    signed_days: float = Field(
        117.0,
        ge=0.1,
        le=3650,
        title="days",
        description="median life of a signed truce at middling stances, unmonitored and not imposed (world median)",
    )
    goodwill: float = Field(
        1.0,
        ge=0,
        le=5,
        title="log hazard",
        description="how much the least willing party's stance (50 points) lengthens it",
    )
    watched: float = Field(
        1.0, ge=0, le=5, title="log hazard", description="how much full monitoring lengthens a truce"
    )
    imposed: float = Field(
        1.0,
        ge=0,
        le=5,
        title="log hazard",
        description="how much 100 points of outside pressure behind a yes shorten it",
    )
    breach: float = Field(
        10.0,
        ge=0,
        le=60,
        title="points",
        description="distrust a collapse adds in every party but the one that broke it",
    )
    forgiving: float = Field(90.0, ge=0.1, le=3650, title="days", description="half-life of distrust")
    shape: float = Field(
        1.0,
        ge=0.1,
        le=3,
        title="exponent",
        description="Weibull shape of a truce's life: below 1 older truces are safer; 1, at which age counts for "
        "nothing, switches ageing off",
    )


def begin(state: State, offer: OfferOnTable, answers: Array, pressed: Array, world: World) -> State:
    """Put a truce in force where every addressed party has accepted.

    The terms carry a log hazard of log(ln 2 / median life^shape) - watched * monitoring + imposed * (the most that
    outside pressure added to any addressed party's willingness, in hundreds of points). An offer accepted while a truce
    is in force renews it, on whichever terms hold better; its age goes on.

    Parameters
    ----------
    answers : (..., m)   0, one half or 1; nan where not asked
    pressed : (..., m)   stance points, from ``Willingness.pressure``

    References
    ----------
    Werner & Yuen (2005), International Organization 59, 261-292: imposed truces are fragile. Clayton & Sticher (2021),
    International Studies Quarterly 65, 633-646, and Fortna (2004): monitored ones hold longer.
    """
    truces = world.truces
    agreed = ((answers >= CONDITIONAL) | ~offer.addressed).all(axis=-1, keepdims=True)
    bought = np.where(offer.addressed, np.clip(pressed / 100, 0.0, 1.0), 0.0).max(axis=-1, keepdims=True)
    days = truces.signed_days if offer.signed else truces.declared_days
    strain = np.log(np.log(2.0) / days**truces.shape) - truces.watched * offer.monitoring + truces.imposed * bought
    strain = np.where(state.truce, np.minimum(state.strain, strain), strain)
    return replace(state, truce=state.truce | agreed, strain=np.where(agreed, strain, state.strain))


def hazard(state: State, world: World) -> Array:
    """The hazard of a truce, shape (..., 1): its terms, and the goodwill of the party that has least of it.

    hazard = exp(strain - goodwill (min_p stance_p - 50) / 50), a day where age counts for nothing, else a day^shape
    """
    least = state.stance[..., world.party_index].min(axis=-1, keepdims=True)
    daily: Array = np.exp(state.strain - world.truces.goodwill * (least - 50) / 50)
    return daily


def cumulative_hazard(state: State, world: World) -> Array:
    """The hazard of a truce over the coming step, shape (..., 1); Weibull's in the age a of the truce.

        H = hazard ((a + dt)^shape - a^shape)

    With shape 1 a day counts as much as any other. Below 1 the first days are the most dangerous: a truce of terms and
    goodwill that never change has the median life that its form has, but many break at once and the old ones last.

    References
    ----------
    Weibull (1951), Journal of Applied Mechanics 18, 293-297; Box-Steffensmeier & Jones (2004), Event History Modeling.
    """
    shape, days = world.truces.shape, world.step_days
    aged = np.where(np.equal(shape, 1.0), days, (state.age + days) ** shape - state.age**shape)
    total: Array = hazard(state, world) * aged
    return total


def hold(state: State, stood: Flags, luck: Array, world: World) -> State:
    """Let truces that stood at the start of the step hold or collapse, and distrust grow or fade.

    A truce collapses where ``luck`` < 1 - exp(-cumulative hazard), and is a step older where not. The party with the
    lowest stance is taken to have broken it; in every other one distrust rises. Parties that tie for the lowest stance
    distrust each other.

    Parameters
    ----------
    stood : (..., 1) bool   truces in force before this step's answers
    luck : (..., 1)         uniform numbers

    References
    ----------
    Bara & Clayton (2022), Journal of Conflict Resolution: a reputation for breach.
    """
    truces = world.truces
    distrust = state.distrust * np.exp2(-world.step_days / truces.forgiving)
    broken = stood & state.truce & (luck < -np.expm1(-cumulative_hazard(state, world)))
    stance = state.stance[..., world.party_index]
    lowest = stance == stance.min(axis=-1, keepdims=True)
    betrayed = ~lowest | (lowest.sum(axis=-1, keepdims=True) > 1)
    distrust = np.clip(np.where(broken & betrayed, distrust + truces.breach, distrust), 0.0, 100.0)
    return replace(
        state,
        distrust=distrust,
        truce=state.truce & ~broken,
        strain=np.where(broken, 0.0, state.strain),
        age=np.where(stood & state.truce & ~broken, state.age + world.step_days, 0.0),
    )


def spurn(state: State, answers: Array, world: World) -> State:
    """Let a refusal sow distrust in every party that said yes to the same offer.

    Parameters
    ----------
    answers : (..., m)   0, one half or 1; nan where not asked
    """
    refused = (answers == REFUSED).any(axis=-1, keepdims=True)
    distrust = np.where(refused & (answers >= CONDITIONAL), state.distrust + world.answers.spurned, state.distrust)
    return replace(state, distrust=np.clip(distrust, 0.0, 100.0))
