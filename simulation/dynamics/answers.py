"""Whether a party accepts an offer on the table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.dynamics.state import Array, Flags, State, World
from simulation.parameters import Parameters

LARGEST_EXPONENT = 700.0
"""Beyond this, exp overflows; a chance of exp(-700) is none."""


class Answers(Parameters):
    """What counts for and against saying yes, in stance points, and how sharp the choice is."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"mood_half_life": ()}

    threshold: float = Field(
        50.0, ge=0, le=100, title="points", description="willingness at which yes and no are equally likely"
    )
    temperature: float = Field(
        10.0,
        ge=0.1,
        le=50,
        title="points",
        description="how much willingness it takes to make yes e times likelier than no",
    )
    guarantee: float = Field(
        15.0, ge=0, le=60, title="points", description="what full monitoring by third parties adds to willingness"
    )
    bar_declared: float = Field(
        0.0, ge=0, le=60, title="points", description="what a declared truce asks of a party beyond its words"
    )
    bar_signed: float = Field(
        8.0,
        ge=-60,
        le=60,
        title="points",
        description="what signing a written text asks, over a declaration; negative where texts come to be signed "
        "after both sides have worked on them",
    )
    pull: float = Field(
        1.0,
        ge=0,
        le=3,
        title="share",
        description="how much of the gap to its own stance a sponsor with full leverage and attention closes",
    )
    objection: float = Field(
        20.0,
        ge=0,
        le=100,
        title="points",
        description="how much an opponent of the offer with full leverage takes away",
    )
    mood_half_life: float = Field(
        0.0,
        ge=0,
        le=3650,
        title="days",
        description="how long a party's mood lasts from one answer to the next; 0 tosses a new coin each time",
    )


@dataclass(frozen=True, slots=True)
class OfferOnTable:
    """A ceasefire proposal on the table in one step."""

    id: str
    sponsors: NDArray[np.intp]  # who proposes it, by actor
    opponents: NDArray[np.intp]  # who speaks against it, by actor
    addressed: Flags  # (m,) who is asked
    signed: bool
    monitoring: float | Array  # 0 … 1, or (R, 1)
    terms: Array  # (m,) what the terms give a party, in stance points
    kind: str = "call"  # how it came about
    scope: float | Array = 1.0  # share of the fighting that it would still, or (R, 1)
    days: float | Array = np.inf  # its term; infinite if open
    delay: float = 0.0  # days until it begins

    @property
    def unilateral(self) -> bool:
        """Whether who makes it halts without waiting for the others."""
        return self.kind == "unilateral"


def pressure(state: State, offer: OfferOnTable, world: World) -> Array:
    """What outsiders' pressure adds to each party's willingness, shape (..., m), in stance points; may be negative.

    The sponsors speak in turn, from the least to the most eager for a truce, and each closes its share of the gap
    that is left between the party and itself; what the opponents take away adds up:

        reached <- reached + min(pull leverage_jp salience_j, 1) (stance_j - reached)+    from reached = stance_p
        pressure_p = reached - stance_p - objection sum_{j opponents} leverage_jp salience_j

    So another sponsor never lowers the pressure, nor does one that turns keener; one without leverage changes nothing;
    and many weak voices cannot talk a party beyond what the keenest of them wants, as their plain sum could.
    """
    answers = world.answers

    def weight(voices: NDArray[np.intp]) -> Array:
        """How much each voice counts with each party, shape (..., voices, m)."""
        leverage = state.leverage[..., voices[:, None], world.party_index]
        counts: Array = leverage * (state.salience[..., voices, None] / 100)
        return counts

    here = state.stance[..., world.party_index]
    stance = state.stance[..., offer.sponsors]
    order = stance.argsort(axis=-1)
    eager = np.take_along_axis(stance, order, axis=-1)
    pull = np.asarray(answers.pull)[..., None]  # a number, or (R, 1) one a run, before voices and parties
    share = np.minimum(pull * weight(offer.sponsors), 1.0)
    share = np.take_along_axis(np.broadcast_to(share, (*stance.shape, here.shape[-1])), order[..., None], axis=-2)
    reached = here
    for turn in range(offer.sponsors.size):
        gap = np.maximum(eager[..., turn, None] - reached, 0.0)
        reached = reached + share[..., turn, :] * gap
    total: Array = reached - here - answers.objection * weight(offer.opponents).sum(axis=-2)
    return total


def acceptance(state: State, offer: OfferOnTable, pressed: Array, world: World) -> Array:
    """The chance that each party accepts, shape (..., m).

    willingness_p = stance_p + guarantee * monitoring + terms_p - distrust_p - bar[form] + pressure_p
    chance_p      = logistic((willingness_p - threshold) / temperature)
    """
    answers = world.answers
    bar = answers.bar_signed if offer.signed else answers.bar_declared
    willingness = (
        state.stance[..., world.party_index]
        + answers.guarantee * offer.monitoring
        + offer.terms
        - state.distrust
        - bar
        + pressed
    )
    short = np.minimum((answers.threshold - willingness) / answers.temperature, LARGEST_EXPONENT)
    chance: Array = 1 / (1 + np.exp(short))
    return chance
