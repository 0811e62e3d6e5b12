"""What the war makes each actor want by itself, before anybody leans on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, NamedTuple

import numpy as np
from pydantic import Field

from simulation.dynamics.battle import power
from simulation.dynamics.columns import over_columns
from simulation.dynamics.state import Array, State, World, in_any_run
from simulation.parameters import Parameters


class Appraisal(Parameters):
    """How losses, deadlock and prospects move each actor's ideal point."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"one_sided": ()}

    weariness: float = Field(
        27.0, ge=0, le=200, title="points", description="how far full exhaustion moves a party towards a truce"
    )
    stalemate: float = Field(
        30.0, ge=0, le=100, title="points", description="how far a full mutually hurting stalemate moves every party"
    )
    gain: float = Field(
        52.0,
        ge=0,
        le=500,
        title="points per share",
        description="how far the prospect of gain, in shares of power, moves a party away from a truce",
    )
    momentum_weight: float = Field(
        0.29, ge=0, le=2, title="share", description="how much swift gains on the ground count as a prospect of gain"
    )
    momentum_scale: float = Field(
        0.002, ge=1e-5, le=0.05, title="share per day", description="a change of control that counts as swift"
    )
    enough: float = Field(
        0.3, ge=0.01, le=1, title="exhaustion", description="exhaustion from which a stalemate hurts in full"
    )
    one_sided: float = Field(
        0.0,
        ge=0,
        le=1,
        title="share",
        description="how much a party's own gains alone, rather than anybody's moves, decide whether it sees a "
        "stalemate; 0 switches this off",
    )


def prospect(state: State, world: World) -> Array:
    """Each party's prospect of gain, shape (..., m), in shares of power.

        G_p = (expected share_p - 1/m) + momentum_weight tanh(momentum_p / momentum_scale)

    The expected share counts promised support as well as support in the field: this is how a red line deters.

    References
    ----------
    Fearon (1995), International Organization 49, 379-414; Slantchev (2003), APSR 97, 621-632.
    """
    appraisal = world.appraisal
    share = power(state, world.battle.decisiveness, expected=True)
    swift = np.tanh(state.momentum / appraisal.momentum_scale)
    hope: Array = share - 1 / share.shape[-1] + appraisal.momentum_weight * swift
    return hope


def stalemate(state: State, appraisal: Appraisal) -> Array:
    """How mutually hurting each party finds the stalemate, 0 … 1, shape (..., m): nobody moves, and everybody is hurt.

        still_p = (1 - one_sided) exp(-max_q |momentum_q| / scale) + one_sided exp(-max(momentum_p, 0) / scale)
        Z_p     = still_p min_q min(E_q / enough, 1)

    With ``one_sided`` 0 a party that moves either way ends the stalemate for all. With 1 a party sees one unless it
    gains ground itself: there is nothing in it for a party that stands still, nor for one that loses.

    References
    ----------
    Zartman (2000), Ripeness: the hurting stalemate and beyond, in Stern & Druckman (eds), Conflict Resolution.
    """
    most = over_columns(np.maximum, np.abs(state.momentum), keepdims=True)
    still = np.exp(-most / appraisal.momentum_scale)
    if in_any_run(appraisal.one_sided):
        unmoved = np.exp(-np.maximum(state.momentum, 0.0) / appraisal.momentum_scale)
        still = (1 - appraisal.one_sided) * still + appraisal.one_sided * unmoved
    hurting = over_columns(np.minimum, np.minimum(state.exhaustion / appraisal.enough, 1.0), keepdims=True)
    stuck = still * hurting
    return np.broadcast_to(stuck, np.broadcast_shapes(stuck.shape, state.momentum.shape))


class Reasons(NamedTuple):
    """What moves each actor's ideal point away from its preference at parity, in stance points."""

    weariness: Array  # (..., m) towards a truce: fighting tires
    stalemate: Array  # (..., m) towards a truce: nobody moves, and everybody is hurt
    prospect: Array  # (..., m) away from a truce: the prospect of gain
    following: Array  # (..., n) away from a truce: the prospects of the parties an actor follows


def reasons(state: State, world: World) -> Reasons:
    """The parts of every actor's ideal point as the war stands; there have to be parties."""
    appraisal = world.appraisal
    hope = appraisal.gain * prospect(state, world)
    return Reasons(
        weariness=appraisal.weariness * (state.exhaustion - world.opening_exhaustion),
        stalemate=appraisal.stalemate * stalemate(state, appraisal),
        prospect=hope,
        following=np.vecmat(hope, state.follows),
    )


def wishes(state: State, world: World) -> Array:
    """What every actor would want by itself as the war stands, shape (..., n), 0 fight on … 100 stop now.

    A party:  ideal_p = base_p + weariness (E_p - E_p at the start) + stalemate Z_p - gain G_p
    A backer: ideal_j = base_j - gain sum_p follows_pj G_p, so that it is for a truce while its client loses.
    """
    if not world.parties:
        return state.base
    why = reasons(state, world)
    free, moved = state.base - why.following, why.weariness + why.stalemate - why.prospect
    ideal = _for_parties(free, moved, world)
    return ideal.clip(0.0, 100.0, out=ideal)


def at_rest(state: State, world: World) -> Array:
    """The base with which every actor would want what it stands for as the war stands, shape (..., n).

    A party:  base_p = stance_p - weariness (E_p - E_p at the start) - stalemate Z_p + gain G_p
    A backer: base_j = stance_j + gain sum_p follows_pj G_p

    A stance as coded already holds the war's verdict; this is what is left without it.
    """
    why = reasons(state, world)
    free, moved = state.stance + why.following, why.weariness + why.stalemate - why.prospect
    return _for_parties(free, -moved, world)


def _for_parties(wish: Array, more: Array, world: World) -> Array:
    """What each actor wishes, (..., n), with something on top for the parties, (..., m)."""
    total = np.empty((*np.broadcast_shapes(wish.shape[:-1], more.shape[:-1]), wish.shape[-1]))
    total[...] = wish
    for party, place in enumerate(world.party_index):
        total[..., place] += more[..., party]
    return total
