"""Every number that changes in a run, declared once: whose, its scale, unit and meaning, and what is done with it.

What is recorded and spread over runs, the names and units of a result, the bounds of events and of changes by hand, the
keys that may be set, the attributes of actors and the table in the manual are all made from this list.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, NamedTuple

Whose = Literal[
    "actor",
    "party",
    "pair",
    "tie",
    "backing",
    "stake",
    "want",
    "centre",
    "issue",
    "further issue",
    "conflict",
    "answer",
]

AXES: dict[Whose, tuple[str, ...]] = {
    "actor": ("actor",),
    "party": ("party",),
    "pair": ("pair",),
    "tie": ("source", "target"),
    "backing": ("party", "backer"),
    "stake": ("stake",),
    "want": ("party", "stake"),
    "centre": ("centre",),
    "issue": ("actor", "issue"),
    "further issue": ("actor", "further_issue"),
    "conflict": (),
    "answer": ("offer", "party"),
}
"""The axes behind run and step, by whose the variable is; results list their variables in this order."""


class Scale(NamedTuple):
    """The least and the most that a number may be."""

    low: float
    high: float


POINTS = Scale(0.0, 100.0)
SHARE = Scale(0.0, 1.0)
BACKING = Scale(0.0, 2.0)
LEANING = Scale(-100.0, 200.0)
"""A preference at parity may lie as far below 0 as above 100, and the war bring it back."""
LASTING = Scale(0.0, math.inf)
OPEN = Scale(-math.inf, math.inf)
ENDS = Scale(0.0, 3.0)


@dataclass(frozen=True, slots=True)
class Variable:
    """One array of the state."""

    name: str
    of: Whose
    low: float
    high: float
    unit: str
    meaning: str
    settable: bool = False  # by an event, or by hand on a model in mid-run
    moves: bool = False  # a step itself changes it, in every run in its own way
    recorded: bool = False  # kept of every step (an answer: of the end), and part of a result
    counted: bool = False  # a digest keeps its quantiles and mean; its scale has two ends
    known_as: str = ""  # its name in a result, where that is another

    @property
    def result_name(self) -> str:
        """Its name in a result."""
        return self.known_as or self.name

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of its axes in a result, behind run and step."""
        return AXES[self.of]

    @property
    def width(self) -> float:
        """From one end of its scale to the other."""
        return self.high - self.low

    @property
    def rank(self) -> int:
        """How many axes its array in ``State`` has behind the runs."""
        return len(self.axes)


VARIABLES: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable(
            "stance",
            "actor",
            *POINTS,
            "stance points",
            "position on an immediate ceasefire: 0 fight on to victory … 100 stop now",
            settable=True,
            moves=True,
            recorded=True,
            counted=True,
        ),
        Variable(
            "base",
            "actor",
            *LEANING,
            "stance points",
            "preference at parity: the stance it would take if the war stood even and nobody were tired",
            settable=True,
            moves=True,
        ),
        Variable(
            "ideal",
            "actor",
            *POINTS,
            "stance points",
            "current ideal point: what it wants by itself as the war stands",
            moves=True,
        ),
        Variable(
            "salience",
            "actor",
            *POINTS,
            "per cent",
            "share of attention and means spent on the issue",
            settable=True,
        ),
        Variable("influence", "actor", *POINTS, "points", "what it can bring to bear if it wants to", settable=True),
        Variable("leverage", "tie", *SHARE, "share", "how much the target weighs what the source wants", settable=True),
        Variable(
            "support",
            "backing",
            *BACKING,
            "share",
            "share of the source's influence that fights or pays for the party",
            settable=True,
        ),
        Variable(
            "pledge",
            "backing",
            *BACKING,
            "share",
            "promised support: announced or threatened, but not yet in the field",
            settable=True,
        ),
        Variable(
            "follows",
            "backing",
            *BACKING,
            "share",
            "dependence on the client: how much the source's ideal point moves with the prospects of its client",
            settable=True,
        ),
        Variable(
            "reacts",
            "backing",
            *SHARE,
            "share per 30 days",
            "how much of the gap to the most it would send the source closes as the party's prospects worsen",
            settable=True,
        ),
        Variable(
            "most",
            "backing",
            *BACKING,
            "share",
            "support that the source would send at the most, where it reacts",
            settable=True,
        ),
        Variable(
            "surge",
            "backing",
            *BACKING,
            "share",
            "support sent on top of the source's own in answer to a turn of the war; 0 where backers do not react",
        ),
        Variable("strength", "party", *POINTS, "points", "own forces, without backers", settable=True),
        Variable(
            "control",
            "party",
            *SHARE,
            "share",
            "share of the contested ground",
            settable=True,
            moves=True,
            recorded=True,
            counted=True,
        ),
        Variable(
            "momentum", "party", *OPEN, "share per day", "recent mean change of control", moves=True, recorded=True
        ),
        Variable(
            "exhaustion",
            "party",
            *SHARE,
            "share",
            "exhaustion by fighting: 0 fresh … 1 spent",
            settable=True,
            moves=True,
            recorded=True,
            counted=True,
        ),
        Variable(
            "distrust",
            "party",
            *POINTS,
            "stance points",
            "what past breaches take from the willingness to accept",
            settable=True,
            moves=True,
            recorded=True,
        ),
        Variable(
            "squeeze",
            "party",
            *SHARE,
            "per day",
            "economic pressure: exhaustion added from outside the battlefield, such as by lost oil income",
            settable=True,
        ),
        Variable(
            "mood",
            "party",
            *OPEN,
            "standard deviations",
            "what its mood is expected to be, where moods last",
            moves=True,
        ),
        Variable("mood_variance", "party", *SHARE, "", "how uncertain that is: 0 known … 1 not at all", moves=True),
        Variable("now", "stake", *POINTS, "points", "what holds on an issue if nothing is agreed", settable=True),
        Variable("want", "want", *POINTS, "points", "where the party would have an issue", settable=True),
        Variable("weight", "want", *SHARE, "share", "how much the issue counts for the party", settable=True),
        Variable(
            "truce",
            "pair",
            *SHARE,
            "",
            "whether a truce between the two is in force at the start of the step",
            moves=True,
            recorded=True,
            known_as="pair_truce",
        ),
        Variable("strain", "pair", *OPEN, "log hazard", "what the terms of the truce do to its life", moves=True),
        Variable(
            "age",
            "pair",
            *OPEN,
            "days",
            "how long the truce has been at risk; below 0, days until one that is agreed begins",
            moves=True,
        ),
        Variable("scope", "pair", *SHARE, "share", "share of the pair's fighting that is stilled", moves=True),
        Variable("left", "pair", *LASTING, "days", "days to the end of the truce's term; infinite if open", moves=True),
        Variable(
            "balance", "pair", *SHARE, "share", "the first one's share of the pair's power when it agreed", moves=True
        ),
        Variable(
            "ending",
            "pair",
            *ENDS,
            "",
            "how a truce between the two ended in the step before: 1 broken, 2 lapsed, 3 replaced; 0 none did",
            moves=True,
            recorded=True,
        ),
        Variable(
            "chance",
            "answer",
            *SHARE,
            "probability",
            "chance of a yes, with or without conditions, when the offer was answered; nan where not asked",
            moves=True,
            recorded=True,
        ),
        Variable(
            "full",
            "answer",
            *SHARE,
            "probability",
            "chance of a yes without conditions when the offer was answered; nan where not asked",
            moves=True,
            recorded=True,
        ),
        Variable(
            "answer",
            "answer",
            *SHARE,
            "",
            "1 accepted, one half with conditions, 0 refused; nan where not asked",
            moves=True,
            recorded=True,
        ),
        Variable(
            "further",
            "further issue",
            *POINTS,
            "stance points",
            "position on each issue of a negotiation but the first",
            moves=True,
            recorded=True,
        ),
        Variable("further_salience", "further issue", *POINTS, "per cent", "how much it cares about each of them"),
    )
}
"""Every array of ``simulation.dynamics.state.State``, by name."""

DERIVED: dict[str, Variable] = {
    variable.name: variable
    for variable in (
        Variable(
            "truce",
            "conflict",
            *SHARE,
            "",
            "whether a truce among all parties is in force at the start of the step",
            recorded=True,
        ),
        Variable(
            "stilled",
            "pair",
            *SHARE,
            "share",
            "share of the pair's fighting that a truce stills, or one of the two by halting alone",
            recorded=True,
        ),
        Variable(
            "outcome",
            "centre",
            *POINTS,
            "stance points",
            "mean and median of the stances, weighted by influence and salience",
            recorded=True,
            counted=True,
        ),
        Variable(
            "position",
            "issue",
            *POINTS,
            "stance points",
            "position on each issue of the negotiation, the first being the stance",
            recorded=True,
        ),
    )
}
"""What a result holds besides, worked out from the state: of a negotiation, its outcome and the positions."""


def settable(*whose: Whose) -> tuple[str, ...]:
    """Names of what an event, or a hand on a model, may set of these."""
    return tuple(variable.name for variable in VARIABLES.values() if variable.settable and variable.of in whose)


def recorded() -> tuple[Variable, ...]:
    """What histories keep of the state."""
    return tuple(variable for variable in VARIABLES.values() if variable.recorded)
