"""Whether a party accepts an offer on the table, accepts it with conditions, or refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.dynamics.columns import over_columns
from simulation.dynamics.state import Array, Flags, State, World, in_any_run
from simulation.parameters import Parameters

LARGEST_EXPONENT = 700.0
"""Beyond this, exp overflows; a chance of exp(-700) is none."""

Kind = Literal["call", "resolution", "mediated", "bilateral", "unilateral"]
"""How an offer came about."""

KINDS: tuple[Kind, ...] = get_args(Kind)

REFUSED, CONDITIONAL, ACCEPTED = 0.0, 0.5, 1.0
"""What may be answered."""


class Answers(Parameters):
    """What counts for and against saying yes, in stance points, and how sharp the choice is."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"mood_half_life": ("mood_share",), "spurned": ()}
    SELECTION: ClassVar[frozenset[str]] = frozenset(("bar_signed", *(f"bar_{kind}" for kind in KINDS)))

    threshold: float = Field(
        50.0, ge=0, le=100, title="points", description="willingness at which yes and no are equally likely"
    )
    temperature: float = Field(
        33.0,
        ge=0.1,
        le=200,
        title="points",
        description="how much willingness it takes to make yes e times likelier than no",
    )
    reserve: float = Field(
        20.0,
        ge=0,
        le=100,
        title="points",
        description="how far willingness may fall short of the threshold for a yes with conditions, and has to pass it "
        "for a yes without; 0 leaves no room for conditions",
    )
    guarantee: float = Field(
        13.0, ge=0, le=60, title="points", description="what full monitoring by third parties adds to willingness"
    )
    content: float = Field(
        31.0,
        ge=0,
        le=200,
        title="points",
        description="what terms that give a party all it wants add to willingness, where it now has nothing of it; 0 "
        "leaves terms out",
    )
    bar_call: float = Field(
        32.0,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness that a yes to a call from outside takes",
    )
    bar_resolution: float = Field(
        8.9,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness that a yes to a resolution of an international body takes",
    )
    bar_mediated: float = Field(
        -23.0,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness that a yes to an offer mediated with the parties takes; below 0 it takes "
        "less",
    )
    bar_bilateral: float = Field(
        -13.0,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness that a yes to an offer of one party to another takes; below 0 it takes "
        "less",
    )
    bar_unilateral: float = Field(
        15.0,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness it takes to halt attacks after another party has halted its own",
    )
    bar_signed: float = Field(
        -31.0,
        ge=-100,
        le=100,
        title="points",
        description="additional willingness that signing a written text takes; below 0 it takes less, since texts "
        "come to be signed after both sides have worked on them",
    )
    pull: float = Field(
        1.3,
        ge=0,
        le=3,
        title="share",
        description="how much of the gap to its own stance a sponsor with full leverage and attention closes",
    )
    objection: float = Field(
        28.0,
        ge=0,
        le=100,
        title="points",
        description="how much an opponent of the offer with full leverage takes away",
    )
    spurned: float = Field(
        0.0,
        ge=0,
        le=60,
        title="points",
        description="distrust that a refusal by another sows in a party that said yes; 0 switches this off",
    )
    mood_half_life: float = Field(
        110.0,
        ge=0,
        le=3650,
        title="days",
        description="how long a party's mood lasts from one answer to the next; 0 draws a new mood for each answer",
    )
    mood_share: float = Field(
        0.39,
        ge=0,
        le=1,
        title="share",
        description="how much of the random variation of an answer is the mood, which lasts; the rest is drawn anew "
        "for each answer",
    )


@dataclass(frozen=True, slots=True)
class OfferOnTable:
    """A ceasefire proposal on the table in one step."""

    id: str
    sponsors: NDArray[np.intp]  # who proposes it, by actor
    opponents: NDArray[np.intp]  # who speaks against it, by actor
    addressed: Flags  # (m,) who is asked
    kind: Kind
    signed: bool
    monitoring: float | Array  # 0 … 1, or (R, 1)
    points: Array  # (K,) or (R, K), what it puts forward on each issue, 0 … 100; nan where it says nothing
    scope: float | Array  # 0 … 1, or (R, 1), the share of the fighting that it would still
    days: float  # its term; inf where it is open
    delay: float  # days until it would begin

    @property
    def unilateral(self) -> bool:
        """Whether who makes it halts without waiting for the others."""
        return self.kind == "unilateral"


class Willingness(NamedTuple):
    """What makes a party as willing as it is to accept an offer, in stance points; all add up to its willingness."""

    stance: Array  # (..., m)
    pulls: Array  # (..., sponsors, m) what each sponsor adds, at least 0
    objections: Array  # (..., opponents, m) what each opponent takes away, at most 0
    monitoring: float | Array
    content: Array  # (..., m, K) what the terms are worth on each issue
    distrust: Array  # (..., m) at most 0
    bar: float | Array  # of the kind of offer
    signing: float | Array  # what signing a written text asks on top

    @property
    def pressure(self) -> Array:
        """What outsiders add in all, shape (..., m); may be negative."""
        pulls, objections = (over_columns(np.add, part.swapaxes(-1, -2)) for part in (self.pulls, self.objections))
        return np.asarray(pulls + objections)

    @property
    def total(self) -> Array:
        """The willingness, shape (..., m)."""
        own = (
            self.stance
            + self.monitoring
            + over_columns(np.add, self.content)
            + self.distrust
            + (self.bar + self.signing)
        )
        total: Array = own + self.pressure
        return total


def willingness(state: State, offer: OfferOnTable, world: World) -> Willingness:
    """How willing each party is to accept an offer, part by part.

    willingness_p = stance_p + pressure_p + guarantee monitoring + content content_p - distrust_p
                    - bar_kind - (bar_signed where a text is to be signed)
    """
    answers = world.answers
    return Willingness(
        stance=state.stance[..., world.party_index],
        pulls=pulls(state, offer, world),
        objections=-np.asarray(answers.objection)[..., None] * _weight(state, offer.opponents, world),
        monitoring=answers.guarantee * offer.monitoring,
        content=np.asarray(answers.content)[..., None] * worth(state, offer, world),
        distrust=-state.distrust,
        bar=-getattr(answers, f"bar_{offer.kind}"),
        signing=-answers.bar_signed if offer.signed else 0.0,
    )


def _weight(state: State, voices: NDArray[np.intp], world: World) -> Array:
    """How much each voice counts with each party, shape (..., voices, m)."""
    leverage = state.leverage[..., voices[:, None], world.party_index]
    counts: Array = leverage * (state.salience[..., voices, None] / 100)
    return counts


def pulls(state: State, offer: OfferOnTable, world: World) -> Array:
    """What each sponsor's pressure adds to each party's willingness, shape (..., sponsors, m), in stance points.

    The sponsors speak in turn, from the least to the most eager for a truce, and each closes its share of the gap
    that is left between the party and itself; what the opponents take away adds up:

        reached <- reached + min(pull leverage_jp salience_j, 1) (stance_j - reached)+    from reached = stance_p
        pressure_p = reached - stance_p - objection sum_{j opponents} leverage_jp salience_j

    So another sponsor never lowers the pressure, nor does one that turns keener; one without leverage changes nothing;
    and many weak voices cannot talk a party beyond what the keenest of them wants, as their plain sum could.
    """
    here = state.stance[..., world.party_index]
    eager = state.stance[..., offer.sponsors]
    pull = np.asarray(world.answers.pull)[..., None]  # a number, or (R, 1) one a run, before voices and parties
    share = np.minimum(pull * _weight(state, offer.sponsors, world), 1.0)
    if offer.sponsors.size == 1:
        return np.asarray(share * np.maximum(eager[..., None] - here[..., None, :], 0.0))
    order = eager.argsort(axis=-1)
    share = np.take_along_axis(np.broadcast_to(share, (*eager.shape, here.shape[-1])), order[..., None], axis=-2)
    eager = np.take_along_axis(eager, order, axis=-1)
    reached, added = here, np.empty(share.shape)
    for turn in range(offer.sponsors.size):
        added[..., turn, :] = share[..., turn, :] * np.maximum(eager[..., turn, None] - reached, 0.0)
        reached = reached + added[..., turn, :]
    by_sponsor = np.empty_like(added)
    np.put_along_axis(by_sponsor, order[..., None], added, axis=-2)
    return by_sponsor


def worth(state: State, offer: OfferOnTable, world: World) -> Array:
    """How much nearer the terms come to what each party wants than things are now, by issue, shape (..., m, K).

        weight_pk (|now_k - want_pk| - |offer_k - want_pk|) / 100, and 0 on an issue of which the offer says nothing

    Over all issues this is the gain of a city-block utility, weighted by salience: -1 … 1 where weights add up to 1.

    References
    ----------
    Thomson, Stokman, Achen & König (2006), The European Union Decides: salience-weighted distances, issue by issue.
    """
    now, offered = status_quo(state, world)[..., None, :], offer.points[..., None, :]
    gain = state.weight * (np.abs(now - state.want) - np.abs(offered - state.want)) / 100
    return np.where(np.isnan(offered), 0.0, gain)


def status_quo(state: State, world: World) -> Array:
    """What holds on each issue if nothing is agreed, shape (..., K): as stated, or a party's share of the ground."""
    if not (world.ground >= 0).any():
        return state.now
    return np.where(world.ground >= 0, 100 * state.control[..., world.ground], state.now)


class Chances(NamedTuple):
    """The chances of an answer, shape (..., m)."""

    yes: Array  # at least with conditions
    full: Array  # without


def acceptance(willing: Array, world: World) -> Chances:
    """The chances that each party accepts, at least with conditions, and in full: an ordered logit.

        P(yes)  = logistic((willingness_p - threshold + reserve) / temperature)
        P(full) = logistic((willingness_p - threshold - reserve) / temperature)

    Parameters
    ----------
    willing : (..., m)

    References
    ----------
    McCullagh (1980), Journal of the Royal Statistical Society B 42, 109-142.
    """
    answers = world.answers
    yes = _logistic((willing - answers.threshold + answers.reserve) / answers.temperature)
    if not in_any_run(answers.reserve):
        return Chances(yes, yes)
    return Chances(yes, _logistic((willing - answers.threshold - answers.reserve) / answers.temperature))


def _logistic(exponent: Array) -> Array:
    chance: Array = 1 / (1 + np.exp(np.minimum(-exponent, LARGEST_EXPONENT)))
    return chance


def told(grade: Array, coin: Array) -> Array:
    """The answers that history gave, shape (..., m): a grade of 0, one half or 1 as it is, any other in that share.

    A grade between 0 and one half is a yes with conditions in twice that share of the runs, and a refusal in the rest;
    one above is a yes in full in what is over one half, twice, and one with conditions in the rest.

    Parameters
    ----------
    grade : (m,)
    coin : (..., m) uniform
    """
    given: Array = 0.5 * (coin < 2 * grade) + 0.5 * (coin < 2 * grade - 1)
    return given
