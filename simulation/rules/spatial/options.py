"""The choices the Spatial Model of Politics leaves open, under the names of the program, and their defaults."""

from __future__ import annotations

from typing import Literal, TypedDict

from pydantic import Field

from simulation.parameters import Parameters

Victory = Literal["linear", "square", "quartic", "octic", "binary"]
Condorcet = Literal["conditional", "markov-uniform", "markov-incentive"]
Transition = Literal["deterministic", "stochastic"]
Voting = Literal["binary", "prop-bin", "prop", "prop-cbc", "cubic", "asym-prosp"]
RiskAdjust = Literal["none", "one-third", "half", "two-thirds", "full"]
RiskRange = Literal["min", "mid", "max"]
Commitment = Literal["full", "semi", "no"]
Interpolation = Literal["s1p1", "s2p2", "s2pmax"]
Receipt = Literal["init-only", "init-rcvr", "pw-comp"]
Variant = Literal["mended", "as-programmed"]


class Options(Parameters):
    """Every choice of the model; the defaults are the program's own."""

    victory: Victory = Field(
        "linear", description="how the strength of two coalitions becomes a probability of victory (VictoryProbModel)"
    )
    pce: Condorcet = Field(
        "conditional", description="how pairwise victories become one probability per choice (PCEModel)"
    )
    transition: Transition = Field(
        "deterministic", description="whether an actor takes its likeliest bargain or draws one (StateTransitions)"
    )
    voting: Voting = Field("prop", description="how strongly an actor backs the better of two choices (VotingRule)")
    risk_adjust: RiskAdjust = Field(
        "one-third", description="how far an actor sees the risk attitude of others as theirs, not its own (BigRAdjust)"
    )
    risk_range: RiskRange = Field(
        "mid", description="the range of risk attitudes: 0 to 1, -1/2 to 1, -1 to 1 (BigRRange)"
    )
    commitment: Commitment = Field(
        "semi", description="what a third party stakes on the side it joins: all, half, nothing (ThirdPartyCommit)"
    )
    interpolation: Interpolation = Field(
        "s2p2", description="how salience and probability set where two actors meet (InterVecBrgn)"
    )
    receipt: Receipt = Field(
        "init-only", description="whose view of the contest the bargain follows: initiator, both, average (BargnModel)"
    )
    variant: Variant = Field(
        "mended", description="whether two slips of the program in bargains from the receiver's view are mended or kept"
    )


class Choices(TypedDict, total=False):
    """The same names as keywords, so that ``play(..., voting="cubic")`` is checked as it is typed."""

    victory: Victory
    pce: Condorcet
    transition: Transition
    voting: Voting
    risk_adjust: RiskAdjust
    risk_range: RiskRange
    commitment: Commitment
    interpolation: Interpolation
    receipt: Receipt
    variant: Variant
