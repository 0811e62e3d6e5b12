"""Who holds the ground, and what holding it costs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulation.dynamics.columns import over_columns
from simulation.dynamics.shares import shares
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
        0.01,
        ge=0,
        le=0.1,
        title="share per √day",
        description="random noise of battle: spread of a day's change of control",
    )
    residual: float = Field(
        0.1,
        ge=0,
        le=1,
        title="share",
        description="intensity of fighting that goes on under a whole truce, open war being 1",
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


NO_PLEDGE = 0.0


def strengths(state: State, *, expected: bool = False) -> Array:
    """Own forces and what backers put behind them; with ``expected``, what they have promised as well.

        strength_p = own_p + sum_j (support_pj + surge_pj) * influence_j

    Returns
    -------
    (..., m), in points of influence
    """
    return _strengths(*_forces(state, expected))


def _forces(state: State, expected: bool) -> tuple[Array, Array, Array, Array | float, Array]:
    return state.strength, state.support, state.surge, state.pledge if expected else NO_PLEDGE, state.influence


def _strengths(own: Array, support: Array, surge: Array, pledge: Array | float, influence: Array) -> Array:
    total: Array = own + np.matvec(support + surge + pledge, influence)
    return total


def success(strength: Array, decisiveness: float | Array) -> Array:
    """Each side's share of success in a contest of strengths, shape (..., m), summing to 1.

        share_p = strength_p^g / sum_q strength_q^g

    Without any strength on any side the contest is even.

    References
    ----------
    Tullock (1980), Efficient rent seeking; Hirshleifer (1989), Public Choice 63, 101-112.
    """
    top = over_columns(np.maximum, strength, keepdims=True)
    weight = np.where(top > 0, strength / np.where(top > 0, top, 1.0), 1.0) ** decisiveness
    share: Array = weight / over_columns(np.add, weight, keepdims=True)
    return share


def power(state: State, decisiveness: float | Array, *, expected: bool = False) -> Array:
    """Each party's share of success by its strength, with ``expected`` by promised support as well, shape (..., m).

    Remembered, since it changes with events and reactions alone.
    """
    name = "expected power" if expected else "power"
    share: Array = state.memory.of(name, _power, decisiveness, *_forces(state, expected))
    return share


def _power(decisiveness: float | Array, *forces: Any) -> Array:
    return success(_strengths(*forces), decisiveness)


def stilled(state: State) -> Array:
    """Share of the fighting of each pair that a truce stills, or one side by itself, shape (..., P)."""
    return np.where(state.age < 0, 0.0, state.scope)  # a truce that is yet to begin stills nothing


def fight(state: State, held_before: Array, luck: Array, battle: Battle, step_days: float) -> State:
    """One step of war: ground changes hands pair by pair, losses tell, momentum is remembered.

        dC_p = sum_q I_pq (mobility (share_p C_q - share_q C_p) dt + noise sqrt(dt) (e_p - e_q) / sqrt(m (m - 1)))
        dE_p = (sum_q I_pq hurt share_q + squeeze_p - heal E_p) dt, kept in 0 … 1
        M_p  = exponentially weighted mean of dC_p/dt

    with intensity I_pq = 1 in open war and 1 - (1 - residual) scope_pq under a truce of the pair. In a pair the ground
    moves towards the shares of success of a contest between these two, share_p / (share_p + share_q), and the faster,
    the more of all power they have: share_p C_q - share_q C_p is the same as (share_p + share_q) times that gap. So
    whoever has neither strength nor ground changes nothing between the others. Where all pairs fight alike, as two
    parties do, it comes to the contest of all,

        dC_p = I (mobility (share_p - C_p) dt + noise sqrt(dt) e_p)          dE_p = (I hurt (1 - share_p) + …) dt

    with the e_p less their mean and rescaled. Ground is at rest at the shares of success whoever keeps a truce with
    whom, as long as everybody fights somebody. The drift over a step is exact; control is kept on the simplex.

    Parameters
    ----------
    held_before : (..., m)   control before this step's events, so that a town taken overnight counts as momentum
    luck : (..., m)          standard normal numbers, one a party
    """
    parties = state.control.shape[-1]
    if parties == 0:  # a negotiation without parties
        return state
    calm = stilled(state)
    intensity = (1.0 - calm) + battle.residual * calm
    alike = intensity[..., :1] if parties > 1 else 1.0
    share = power(state, battle.decisiveness)
    # A gain for one is a loss for the others; rescaled so that every party's change has the stated spread.
    fortune = (luck - over_columns(np.add, luck, keepdims=True) / parties) * np.sqrt(parties / max(parties - 1, 1))
    control = (
        state.control
        + -np.expm1(-alike * battle.mobility * step_days) * (share - state.control)
        + alike * battle.noise * np.sqrt(step_days) * fortune
    )
    threat = alike * battle.hurt * (1 - share)
    if intensity.shape[-1] > 1 and (unlike := over_columns(np.logical_or, intensity != alike)).any():

        def of(numbers: float | Array) -> Any:
            """The numbers of the runs in which some pairs fight and others do not; what all have in common stays."""
            return (
                np.broadcast_to(numbers, (*unlike.shape, np.shape(numbers)[-1]))[unlike]
                if np.ndim(numbers)
                else numbers
            )

        table, chances = between(intensity[unlike], parties), of(share)
        if share.ndim == 1 and np.ndim(battle.mobility) == 0:  # runs differ in who fights whom alone
            pairs, place = _different(intensity[unlike])
            flows = battle.mobility * step_days * between(pairs, parties) * share[:, None]
            stays = exponential(flows)[place]
        else:
            stays = exponential(np.asarray(of(battle.mobility))[..., None] * step_days * table * chances[..., :, None])
        fortune = (table.sum(axis=-1) * of(luck) - np.matvec(table, of(luck))) / np.sqrt(parties * (parties - 1))
        control[unlike] = np.matvec(stays, of(state.control)) + of(battle.noise) * np.sqrt(step_days) * fortune
        threat[unlike] = of(battle.hurt) * np.matvec(table, chances)
    control = shares(control.clip(0.0, 1.0))
    fade = np.exp2(-step_days / battle.momentum_half_life)
    momentum = fade * state.momentum + (1 - fade) * (control - held_before) / step_days
    tired = threat + state.squeeze - battle.heal * state.exhaustion
    exhaustion = (state.exhaustion + tired * step_days).clip(0.0, 1.0)
    return state.but(control=control, momentum=momentum, exhaustion=exhaustion)


def between(values: Array, parties: int) -> Array:
    """Numbers of pairs, (..., P), as a symmetric table of parties, (..., m, m), with 0 between a party and itself."""
    one, other = np.triu_indices(parties, 1)  # the order of itertools.combinations
    table = np.zeros((*values.shape[:-1], parties, parties))
    table[..., one, other] = table[..., other, one] = values
    return table


HALVINGS, TERMS = 10, 6
"""Of the time over which ground flows, and of the series for what is left of it."""


def exponential(flows: Array) -> Array:
    """What part of each party's ground each of them holds after ground has flowed, shape (..., m, m).

    The exponential of the table whose entry off the diagonal is the flow to the row from the column, and whose columns
    sum to 0, by scaling and squaring. Columns of the outcome sum to 1.

    Parameters
    ----------
    flows : (..., m, m)   rates times time, 0 on the diagonal

    References
    ----------
    Moler & Van Loan (2003), SIAM Review 45, 3-49, method 3.
    """
    one = np.eye(flows.shape[-1])
    rates = (flows - one * flows.sum(axis=-2, keepdims=True)) / 2**HALVINGS
    total: Array = one + rates / TERMS
    for term in range(TERMS - 1, 0, -1):
        total = one + rates @ total / term
    for _ in range(HALVINGS):
        total = total @ total
    return total


def _different(rows: Array) -> tuple[Array, NDArray[np.intp]]:
    """The rows that differ in any bit, and which of them each row is; runs have few sets of truces in force."""
    bits = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[-1]))).ravel()
    _, first, place = np.unique(bits, return_index=True, return_inverse=True)
    return rows[first], place
