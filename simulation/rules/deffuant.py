"""Deffuant and others: actors meet two by two, and those who are not too far apart give way to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.rules.base import Array, Explained, Rule
from simulation.rules.bounded_confidence import ROUNDING

if TYPE_CHECKING:
    from simulation.dynamics.randomness import Draws
    from simulation.dynamics.state import State, World


def pairs(draw: Array) -> NDArray[np.intp]:
    """Whom each actor meets, shape (..., n): a random pairing made of one uniform number an actor.

    The actors are put in the order of their numbers; the first meets the second, the third the fourth, and so on. With
    an odd number of actors the last meets nobody, that is, itself. All pairings are equally likely, and since
    the numbers belong to the actors, the order in which actors are listed does not matter.

    Parameters
    ----------
    draw : (..., n)    uniform numbers 0 … 1; equal ones count in the order of the actors
    """
    n = draw.shape[-1]
    order = np.argsort(draw, axis=-1, kind="stable")
    beside = np.arange(n) ^ 1  # 0 and 1, 2 and 3, …
    beside[beside == n] = n - 1
    met = np.empty_like(order)
    np.put_along_axis(met, order, order[..., beside], axis=-1)
    return met


def deffuant(position: Array, draw: Array, confidence: float | Array, give: float | Array = 0.5) -> Array:
    """One round of meetings: in every pair within the bound of confidence, both give way.

        x'_i = x_i + give * (x_j - x_i)    and likewise x'_j,    where |x_i - x_j| <= confidence

    The authors let one pair meet after another; here a round is a meeting of everybody with one other (of all but one,
    where the number is odd), so that no two meetings of a round share an actor. The sum of positions stays as it is.
    Of opinions spread evenly over [0, 1] about 1 / (2 confidence) camps are left, and some stragglers.

    Parameters
    ----------
    position : (..., n)                        any scale
    draw : (..., n)                            uniform numbers 0 … 1, see ``pairs``
    confidence : number or (..., 1)            the bound, on the scale of the positions; at exactly the bound they talk
    give : number or (..., 1)                  mu, 0 … 1/2: the share of the distance that each covers

    References
    ----------
    Deffuant, Neau, Amblard & Weisbuch (2000), Advances in Complex Systems 3, 87-98.
    """
    gap = np.take_along_axis(position, pairs(draw), axis=-1) - position
    talk = np.abs(gap) <= np.asarray(confidence) * (1 + ROUNDING)
    moved: Array = position + give * np.where(talk, gap, 0.0)
    return np.clip(moved, position.min(axis=-1, keepdims=True), position.max(axis=-1, keepdims=True))


class Deffuant(Rule):
    """Chance meetings of two: who stands near enough to be talked to is met part of the way."""

    draws: ClassVar[tuple[str, ...]] = ("pairing",)

    name: Literal["deffuant"] = "deffuant"
    confidence: float = Field(
        25.0, ge=0, le=100, title="points", description="the largest distance at which two who meet give way at all"
    )
    give: float = Field(
        0.5, ge=0, le=0.5, title="share", description="share of the distance that each of the two covers (mu)"
    )

    def target(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> Array:
        stance, draw = np.broadcast_arrays(stance, luck.rule["pairing"])
        return deffuant(stance, draw, self.confidence, self.give)

    def explain(self, stance: Array, ideal: Array, state: State, world: World, luck: Draws) -> dict[str, Explained]:
        draw = luck.rule["pairing"]
        met = pairs(draw)
        moved = deffuant(stance, draw, self.confidence, self.give) - stance
        pull = np.zeros((len(stance), len(stance)))
        np.put_along_axis(pull, met[:, None], moved[:, None], axis=-1)
        alone = met == np.arange(len(met))
        return {
            "met": Explained(("actor",), np.where(alone, -1, met), "whom the actor met", places=True),
            "pull": Explained(
                ("actor", "other"), pull, "points by which the other draws the actor's target away from its stance"
            ),
        }
