"""How a truce of two parties starts, what ends it, and what a broken truce leaves behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from pydantic import Field

from simulation.dynamics.answers import CONDITIONAL, REFUSED, OfferOnTable
from simulation.dynamics.battle import power
from simulation.dynamics.columns import over_columns
from simulation.dynamics.state import Array, Flags, State, World, in_any_run
from simulation.parameters import Parameters

ENDINGS = ("broken", "lapsed", "replaced")
"""How a truce ends: by a breach, at its term, or by another one in its place. The state counts them from 1."""

BROKEN, LAPSED, REPLACED = range(1, 4)

ALONE = 0.5
"""Share of a pair's fighting that is stilled where one of the two halts its attacks: its own half of them."""


class Truce(Parameters):
    """How long truces hold, and the distrust that a broken one sows."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"shift": ()}

    declared_days: float = Field(
        75.0,
        ge=0.1,
        le=3650,
        title="days",
        description="median life of a declared truce at middling stances, unmonitored and not imposed (the world's "
        "open-ended unwritten ones: 60 … 283)",
    )
    signed_days: float = Field(
        1500.0,
        ge=0.1,
        le=36500,
        title="days",
        description="median life of a signed truce at middling stances, unmonitored and not imposed (the world's "
        "open-ended written ones: 1,323 … beyond 3,650)",
    )
    goodwill: float = Field(
        1.0,
        ge=0,
        le=5,
        title="log hazard",
        description="how much the stance (50 points) of the less willing of the two lengthens it",
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
        12.0,
        ge=0,
        le=60,
        title="points",
        description="distrust that a breach adds in the party that did not commit it",
    )
    forgiving: float = Field(170.0, ge=0.1, le=3650, title="days", description="half-life of distrust")
    shape: float = Field(
        0.33,
        ge=0.1,
        le=3,
        title="exponent",
        description="Weibull shape of a truce's life: below 1 older truces are safer (the world's: 0.29 … 0.36); 1, at "
        "which age counts for nothing, switches ageing off",
    )
    shift: float = Field(
        0.0,
        ge=0,
        le=20,
        title="log hazard",
        description="how much power that has moved from one of the two to the other since they agreed, in shares of "
        "their power, shortens it; 0 switches this off",
    )
    partial_scope: float = Field(
        0.6,
        ge=0,
        le=1,
        title="share",
        description="share of an offer's scope that comes into force where a yes has conditions; 1 switches this off",
    )
    conditional: float = Field(
        0.7,
        ge=0,
        le=5,
        title="log hazard",
        description="how much a yes with conditions shortens a truce: the world's partial ones break two to three "
        "times as fast as whole ones; 0 switches this off",
    )
    patience: float = Field(
        10.0,
        ge=0,
        le=3650,
        title="days",
        description="how long a party that has halted its attacks alone waits for the others, at most to its term "
        "(the median term of the world's unilateral ceasefires); 0 switches halting alone off",
    )


def begin(state: State, offer: OfferOnTable, answers: Array, pressed: Array, world: World) -> State:
    """Put a truce in force between any two parties that both accept.

    The terms carry a log hazard of log(ln 2 / median life^shape) - watched * monitoring + imposed * (the most that
    outside pressure added to the willingness of either, in hundreds of points); where a yes has conditions,
    ``conditional`` more, and only ``partial_scope`` of the offer's scope. A truce begins after the offer's ``delay``
    and has its ``days`` to live from then.

    An offer accepted while a truce is in force replaces it, at once, on whichever terms hold better, in each of hazard,
    scope and term; its age goes on. A party that makes a unilateral offer halts its own attacks, ``ALONE`` of the
    offer's scope, where the other refuses, until the offer's days or its own ``patience`` are over.

    Parameters
    ----------
    answers : (..., m)   1 yes, 0.5 yes with conditions, 0 no; nan where not asked
    pressed : (..., m)   stance points, from ``Willingness.pressure``

    References
    ----------
    Werner & Yuen (2005), International Organization 59, 261-292: imposed truces are fragile. Clayton & Sticher (2021),
    International Studies Quarterly 65, 633-646, and Fortna (2004): monitored ones hold longer.
    """
    truces, day = world.truces, world.step_days
    one, other = world.pairs.T
    makes, between = makers(offer, world), bound(offer, world)
    heard = ~(offer.addressed & np.isnan(answers))
    yes, half = (answers >= CONDITIONAL) | ~offer.addressed, answers == CONDITIONAL
    made = between & heard[..., one] & heard[..., other]
    agreed = made & yes[..., one] & yes[..., other]
    some = agreed & (half[..., one] | half[..., other])
    bought = np.where(offer.addressed, np.clip(pressed / 100, 0.0, 1.0), 0.0)
    bought = np.maximum(bought[..., one], bought[..., other])
    days = truces.signed_days if offer.signed else truces.declared_days
    strain = np.log(np.log(2.0) / days**truces.shape) - truces.watched * offer.monitoring + truces.imposed * bought
    strain = np.where(some, strain + truces.conditional, strain)
    scope = np.where(some, truces.partial_scope, 1.0) * offer.scope
    # The step in which it is agreed is not lived, but counted off in ``hold`` as any other.
    waits = np.where(np.asarray(offer.delay) < day / 2, 0.0, offer.delay)
    left = waits + np.maximum(offer.days, day) + day
    renewed = agreed & state.truce
    now = agreed & (state.truce | (waits == 0))
    state = state.but(
        truce=state.truce | now,
        strain=np.where(renewed, np.minimum(state.strain, strain), np.where(agreed, strain, state.strain)),
        age=np.where(agreed & ~now, -(waits + day), np.where(now & ~renewed, 0.0, state.age)),
        scope=np.where(renewed, np.maximum(state.scope, scope), np.where(agreed, scope, state.scope)),
        left=np.where(renewed, np.maximum(state.left, left), np.where(agreed, left, state.left)),
        balance=np.where(agreed, balance_of(state, world), state.balance)
        if in_any_run(truces.shift)
        else state.balance,
        ending=np.where(renewed, REPLACED, state.ending).astype(np.int8),
    )
    return halt(state, offer, made & ~agreed & ((makes & yes)[..., one] | (makes & yes)[..., other]), world)


def makers(offer: OfferOnTable, world: World) -> Flags:
    """Which parties make the offer, shape (m,)."""
    made: Flags = (world.party_index[:, None] == offer.sponsors).any(axis=-1)
    return made


def bound(offer: OfferOnTable, world: World) -> Flags:
    """Which pairs a truce on this offer would bind, shape (P,).

    Those of the parties that it asks. Where it asks one alone, that one and the parties that make it; where none does,
    that one and every other party, which have no part in it but that they are no longer fought. A unilateral offer is
    between a party that makes it and one that it asks. Who makes an offer and is not asked is taken to accept it.
    """
    one, other = world.pairs.T
    asked, makes = offer.addressed, makers(offer, world)
    if offer.unilateral and makes.any():
        crossed: Flags = (makes[one] & asked[other]) | (asked[one] & makes[other])
        return crossed
    partners = asked
    if asked.sum() == 1:
        partners = makes & ~asked if (makes & ~asked).any() else ~asked
    both: Flags = (asked[one] & partners[other]) | (partners[one] & asked[other])
    return both


def halt(state: State, offer: OfferOnTable, refused: Flags, world: World) -> State:
    """Still the attacks of a party that makes a unilateral offer which the other of the two has refused."""
    patience = np.asarray(world.truces.patience)
    if not (offer.unilateral and refused.any()):
        return state
    alone = refused & ~state.truce & (state.age == 0) & (patience > 0)
    left = np.maximum(np.minimum(offer.days, patience), world.step_days) + world.step_days
    return state.but(scope=np.where(alone, ALONE * offer.scope, state.scope), left=np.where(alone, left, state.left))


def balance_of(state: State, world: World) -> Array:
    """The first party's share of the power of each pair, promised support counted, shape (..., P)."""
    shares = power(state, world.battle.decisiveness, expected=True)
    one, other = shares[..., world.pairs[:, 0]], shares[..., world.pairs[:, 1]]
    both = one + other
    share: Array = np.where(both > 0, one / np.where(both > 0, both, 1.0), 0.5)
    return share


def hazard(state: State, world: World) -> Array:
    """The hazard of each pair's truce, shape (..., P): its terms, the goodwill of the less willing, power that shifts.

        hazard = exp(strain - goodwill (min(stance_p, stance_q) - 50) / 50 + shift |balance - balance when agreed|)

    a day where age counts for nothing, else a day^shape. The balance is the first one's share of the power of the two.

    References
    ----------
    Fearon (1995), International Organization 49, 379-414, and Powell (2006), International Organization 60, 169-203:
    who grows stronger cannot promise not to ask for more, and who grows weaker would rather fight while it can.
    """
    truces = world.truces
    stance = state.stance[..., world.party_index]
    least = np.minimum(stance[..., world.pairs[:, 0]], stance[..., world.pairs[:, 1]])
    pressing = state.strain - truces.goodwill * (least - 50) / 50
    if in_any_run(truces.shift):
        pressing = pressing + truces.shift * np.abs(balance_of(state, world) - state.balance)
    daily: Array = np.exp(pressing)
    return daily


def cumulative_hazard(state: State, world: World) -> Array:
    """The hazard of each pair's truce over the coming step, shape (..., P); Weibull's in the age a of the truce.

        H = hazard ((a + dt)^shape - a^shape)

    With shape 1 a day counts as much as any other. Below 1 the first days are the most dangerous: a truce of terms and
    goodwill that never change has the median life that its form has, but many break at once and the old ones last.

    References
    ----------
    Weibull (1951), Journal of Applied Mechanics 18, 293-297; Box-Steffensmeier & Jones (2004), Event History Modeling.
    """
    shape, days = world.truces.shape, world.step_days
    age = np.maximum(state.age, 0.0)
    aged = np.where(np.equal(shape, 1.0), days, (age + days) ** shape - age**shape)
    total: Array = hazard(state, world) * aged
    return total


def hold(state: State, stood: Flags, luck: Array, world: World, strain: Array | None = None) -> State:
    """Let truces that stood at the start of the step hold, break or lapse, and distrust grow or fade.

    A truce is broken where ``luck`` < 1 - exp(-cumulative hazard), and is a step older where not. The one of the two
    with the lower stance is taken to have broken it; in the other one distrust rises, once in a step. Where both stand
    alike each distrusts the other. A truce whose term is over lapses, and nobody is blamed; terms are met to the
    nearest step. One that was agreed for later begins where its time has come.

    Parameters
    ----------
    stood : (..., P) bool   truces in force before this step's answers
    luck : (..., P)         uniform numbers
    strain : (..., P)       of the terms under which they stood, where answers of this step may have bettered them

    References
    ----------
    Bara & Clayton (2022), Journal of Conflict Resolution: a reputation for breach.
    """
    truces, days = world.truces, world.step_days
    distrust = state.distrust * np.exp2(-days / truces.forgiving)
    if not (state.truce.any() or state.scope.any()):  # war everywhere, and nothing agreed
        return state.but(distrust=distrust)
    standing = stood & state.truce
    before = state if strain is None else state.but(strain=strain)
    broken = standing & (luck < -np.expm1(-cumulative_hazard(before, world)))
    if broken.any():
        distrust = np.clip(np.where(betrayed(state, broken, world), distrust + truces.breach, distrust), 0.0, 100.0)
    left = state.left - days
    over = left < days / 2
    gone = broken | over
    older = state.age + days
    begins = (state.age < 0) & (older > -days / 2)
    held = state.but(
        distrust=distrust,
        truce=state.truce | begins,
        age=np.where(begins, 0.0, np.where(standing | (state.age < 0), older, state.age)),
        left=left,
    )
    if not gone.any():
        return held
    return held.but(
        truce=held.truce & ~gone,
        strain=np.where(gone, 0.0, state.strain),
        age=np.where(gone, 0.0, held.age),
        scope=np.where(gone, 0.0, state.scope),
        left=np.where(gone, np.inf, left),
        balance=np.where(gone, 0.0, state.balance),
        ending=np.where(broken, BROKEN, np.where(over & state.truce, LAPSED, state.ending)).astype(np.int8),
    )


def betrayed(state: State, broken: Flags, world: World) -> Flags:
    """Which parties saw a truce of theirs broken by the other one, shape (..., m).

    Parameters
    ----------
    broken : (..., P)
    """
    stance = state.stance[..., world.party_index]
    found = np.zeros(stance.shape, dtype=bool)
    for pair, (one, other) in enumerate(world.pairs):
        apart = stance[..., one] - stance[..., other]
        found[..., one] |= broken[..., pair] & (apart >= 0)
        found[..., other] |= broken[..., pair] & (apart <= 0)
    return found


def spurn(state: State, answers: Array, world: World) -> State:
    """Let a refusal sow distrust in every party that said yes to the same offer.

    Parameters
    ----------
    answers : (..., m)   0, one half or 1; nan where not asked
    """
    refused = over_columns(np.logical_or, answers == REFUSED, keepdims=True)
    distrust = np.where(refused & (answers >= CONDITIONAL), state.distrust + world.answers.spurned, state.distrust)
    return state.but(distrust=np.clip(distrust, 0.0, 100.0))
