"""How backers answer a turn of the war: what they send on top, and take back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from pydantic import Field

from simulation.dynamics.appraisal import prospect
from simulation.dynamics.state import State, World, in_any_run
from simulation.parameters import Parameters


class Reactions(Parameters):
    """Whether backers whose ties do not say it send more when the party they back is losing, and how much."""

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {"share": ("most",)}

    share: float = Field(
        0.0,
        ge=0,
        le=1,
        title="share per 30 days",
        description="how much of the gap to what it would send a backer closes, where its tie does not say what it "
        "`reacts`; 0 switches reactions off",
    )
    most: float = Field(
        2.0,
        ge=1,
        le=5,
        title="multiple",
        description="what a backer would send at the most, in multiples of its support at the start, where its tie "
        "does not say its `most`",
    )


def react(state: State, world: World) -> State:
    """Let backers send more as their party's prospects worsen, and take it back as these mend.

        danger_p   = m (G_p at the start - G_p), kept in 0 … 1
        gap_pj     = danger_p (most_pj - support_pj), at least 0
        surge_pj  += (1 - (1 - reacts_pj)^(dt / 30)) (gap_pj - surge_pj)

    with G_p the prospect of gain and m the number of parties: a prospect that falls by an even share of power, 1/m, is
    danger in full. ``support`` stays what the scenario and its events say; what is sent on top is ``surge``, so that
    both together never pass ``most``. A backer that sends nothing by itself, as one that has withdrawn, sends nothing
    on top, and takes back what it had sent. Where nobody ``reacts``, nothing is changed.

    References
    ----------
    Anderson (2019), International Studies Quarterly 63, 692-706: interveners on both sides match one another, for whom
    not to lose counts for more than to win.
    """
    if not world.parties or not in_any_run(state.reacts):
        return state
    danger = np.clip(len(world.parties) * (world.opening_prospect - prospect(state, world)), 0.0, 1.0)
    gap = danger[..., None] * np.where(state.support > 0, np.maximum(state.most - state.support, 0.0), 0.0)
    closed = 1 - (1 - state.reacts) ** (world.step_days / 30)
    return state.but(surge=state.surge + closed * (gap - state.surge))
