"""Who holds the ground, and what holding it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydantic import Field

from simulation.dynamics.state import Array, State
from simulation.parameters import Parameters


class Battle(Parameters):
    """How strength becomes ground, and fighting becomes exhaustion."""

    decisiveness: float = Field(
        2.0,
        ge=0.2,
        le=5,
        title="exponent",
        description="how much more than its share of strength the stronger side wins",
    )
    mobility: float = Field(
        0.02,
        ge=0,
        le=0.5,
        title="per day",
        description="share of the gap to the balance of power closed in a day of war",
    )
    noise: float = Field(
        0.01, ge=0, le=0.1, title="share per √day", description="fortune of war: spread of a day's change of control"
    )
    residual: float = Field(
        0.1, ge=0, le=1, title="share", description="intensity of fighting that goes on under a truce, open war being 1"
    )
    hurt: float = Field(
        0.008,
        ge=0,
        le=0.1,
        title="per day",
        description="exhaustion a day of war adds to a party that has no share of power",
    )
    heal: float = Field(0.01, ge=0, le=0.2, title="per day", description="share of exhaustion that heals in a day")
    momentum_half_life: float = Field(
        21.0, ge=1, le=365, title="days", description="how fast the memory of gains and losses fades"
    )


def strengths(state: State, *, expected: bool = False) -> Array:
    """Own forces and what backers put behind them; with ``expected``, what they have pledged as well.

        strength_p = own_p + sum_j (support_pj + surge_pj) * influence_j

    Returns
    -------
    (..., m), in points of influence
    """
    behind = state.support + state.surge
    behind = behind + state.pledge if expected else behind
    total: Array = state.strength + np.matvec(behind, state.influence)
    return total


def success(strength: Array, decisiveness: float | Array) -> Array:
    """Each side's share of success in a contest of strengths, shape (..., m), summing to 1.

        share_p = strength_p^g / sum_q strength_q^g

    Without any strength on any side the contest is even.

    References
    ----------
    Tullock (1980), Efficient rent seeking; Hirshleifer (1989), Public Choice 63, 101-112.
    """
    top = strength.max(axis=-1, keepdims=True)
    weight = np.where(top > 0, strength / np.where(top > 0, top, 1.0), 1.0) ** decisiveness
    share: Array = weight / weight.sum(axis=-1, keepdims=True)
    return share


def fight(state: State, held_before: Array, luck: Array, battle: Battle, step_days: float) -> State:
    """One step of war: control drifts towards the balance of power, losses tell, momentum is remembered.

        dC_p = I (mobility (share_p - C_p) dt + noise sqrt(dt) e_p), kept on the simplex
        dE_p = (I hurt (1 - share_p) + squeeze_p - heal E_p) dt, kept in 0 … 1
        M_p  = exponentially weighted mean of dC_p/dt

    with intensity I = 1 in open war and ``residual`` under a truce.

    Parameters
    ----------
    held_before : (..., m)   control before this step's events, so that a town taken overnight counts as momentum
    luck : (..., m)          standard normal numbers, one a party
    """
    if state.control.shape[-1] == 0:  # a negotiation without parties
        return state
    intensity = np.where(state.truce, battle.residual, 1.0)
    share = success(strengths(state), battle.decisiveness)
    parties = luck.shape[-1]
    # A gain for one is a loss for the others; rescaled so that every party's change has the stated spread.
    fortune = (luck - luck.mean(axis=-1, keepdims=True)) * np.sqrt(parties / max(parties - 1, 1))
    control = (
        state.control
        + -np.expm1(-intensity * battle.mobility * step_days) * (share - state.control)
        + intensity * battle.noise * np.sqrt(step_days) * fortune
    )
    control = np.clip(control, 0.0, 1.0)
    control = control / control.sum(axis=-1, keepdims=True)
    fade = np.exp2(-step_days / battle.momentum_half_life)
    momentum = fade * state.momentum + (1 - fade) * (control - held_before) / step_days
    tired = intensity * battle.hurt * (1 - share) + state.squeeze - battle.heal * state.exhaustion
    exhaustion = np.clip(state.exhaustion + tired * step_days, 0.0, 1.0)
    return replace(state, control=control, momentum=momentum, exhaustion=exhaustion)
