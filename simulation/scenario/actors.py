"""Who takes part in a conflict, and what one can do with or does for another."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from simulation.dynamics.variables import settable
from simulation.scenario.quantity import Backing, Leaning, Quantity, Share, Sourced

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Role = Literal["party", "backer", "mediator", "proxy", "ally", "negotiator"]
Points = Annotated[float, Field(ge=0, le=100)]


class Actor(Sourced):
    """Somebody with a stance on an immediate ceasefire."""

    name: str | None = Field(None, description="the name in full, for pictures and tables")
    roles: tuple[Role, ...] = Field(
        ("negotiator",),
        min_length=1,
        description="a party fights, and can accept or refuse; may be left out where nobody fights",
    )
    side: str | None = Field(None, description="whom it is with, for grouping and colour; usually a party")
    stance: Quantity = Field(..., description="0 fight on to victory … 100 stop now, unconditionally")
    salience: Quantity = Field(..., description="0 … 100 share of attention and means spent on the issue")
    influence: Quantity = Field(..., description="0 … 100 what it can bring to bear if it wants to")
    positions: tuple[Points, ...] | None = Field(
        None, description="of a negotiation over several issues: its stance on each, 0 … 100; the first is its stance"
    )
    saliences: tuple[Points, ...] | None = Field(
        None, description="likewise how much it cares about each, at most 100 in all; the first is its salience"
    )
    base: Leaning | None = Field(
        None,
        description="preference at parity: the stance it would take if the war stood even and nobody were tired; if "
        "left out, such that its opening stance is what it wants at the opening",
    )
    strength: Quantity | None = Field(
        None, description="a party's own forces without backers; its influence if left out"
    )
    control: Share | None = Field(None, description="a party's share of the contested ground; even shares if left out")
    exhaustion: Share | None = Field(None, description="a party's exhaustion at the start")
    distrust: Quantity | None = Field(None, description="a party's distrust at the start, in stance points")
    squeeze: Share | None = Field(
        None, description="economic pressure: exhaustion added per day from outside the battlefield"
    )

    @model_validator(mode="before")
    @classmethod
    def _begin_with_the_first_issue(cls, data: Any) -> Any:
        if isinstance(data, dict):
            for one, several in (("stance", "positions"), ("salience", "saliences")):
                found = data.get(several)
                if one not in data and isinstance(found, list | tuple) and found:
                    data = {**data, one: found[0]}
        return data

    @model_validator(mode="after")
    def _keep_to_its_roles(self) -> Self:
        if "party" not in self.roles:
            for key in settable("party"):
                if getattr(self, key, None) is not None:
                    raise ValueError(f'{key} is for parties only: give it roles = ["party"], or leave {key} out.')
        return self


class Tie(Sourced):
    """What one actor can do with, or does for, another."""

    source: Name = Field(..., alias="from", description="who leans on, backs or depends on another")
    target: Name = Field(..., alias="to", description="whom")
    leverage: Share | None = Field(None, description="how much the target weighs what the source wants")
    support: Backing | None = Field(
        None, description="share of the source's influence that fights or pays for the party"
    )
    pledge: Backing | None = Field(
        None, description="promised support: announced or threatened, but not yet in the field"
    )
    follows: Backing | None = Field(
        None,
        description="dependence on the client: how much the source's ideal point moves with the prospects of its "
        "client",
    )
    reacts: Share | None = Field(
        None,
        description="share of the gap to the most it would send that the source closes in 30 days as its party's "
        "prospects worsen, and takes back as they mend; coefficients.reactions.share if left out, which is 0",
    )
    most: Backing | None = Field(
        None,
        description="support that the source would send at the most, where it reacts; coefficients.reactions.most "
        "times its support at the start if left out",
    )
