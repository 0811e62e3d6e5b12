"""What is fought or haggled over, what is offered, and what happens at a date."""

from __future__ import annotations

from datetime import date as Date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, field_validator, model_validator

from simulation.dynamics.answers import Kind
from simulation.scenario.actors import Name, Points
from simulation.scenario.errors import shown_as, unquoted
from simulation.scenario.quantity import Coded, Quantity, Share, Signed, Sourced

Ground = Annotated[str, StringConstraints(pattern=r"^control\.[A-Za-z0-9][A-Za-z0-9_-]*$")]


class Issue(Sourced):
    """What is fought or haggled over."""

    title: str | None = Field(None, description="a few words for pictures and tables; its name if left out")
    low: str | None = Field(None, description="what 0 means")
    high: str | None = Field(None, description="what 100 means")
    now: Points | Ground | None = Field(
        None,
        description="what holds at the start, and goes on if nothing is agreed, 0 … 100; or control.PARTY, a hundred "
        "times the share of the ground that the party holds",
    )
    outcome: Points | None = Field(None, description="what was agreed in the end, 0 … 100, as a record")
    proposal: str | None = Field(
        None, description="what it was decided with; issues of one proposal are not independent of each other"
    )

    @field_validator("now", mode="before")
    @classmethod
    def _a_number_or_ground(cls, now: Any) -> Any:
        if isinstance(now, str) and not now.startswith("control."):
            raise ValueError(f"'{now}' will not do: a number from 0 to 100, or control.PARTY, would.")
        if isinstance(now, int | float) and not 0 <= now <= 100:
            raise ValueError(f"{shown_as(now)} is outside 0 … 100.")
        return now

    @property
    def held_by(self) -> str | None:
        """The party whose share of the ground is what holds, if that is so."""
        return self.now.partition(".")[2] if isinstance(self.now, str) else None


class Want(Sourced):
    """Where a party would have an issue."""

    party: Name = Field(..., description="whose want it is")
    issue: Name = Field(..., description="the issue that it is about")
    want: Quantity = Field(..., description="where the party would have it, 0 … 100 on the scale of the issue")
    weight: Share = Field(..., description="how much the issue counts for the party; over its issues they add up to 1")


class Offer(Coded):
    """A ceasefire proposal."""

    id: Name = Field(..., description="what answers, measures and other files call it")
    sponsors: tuple[Name, ...] = Field(..., description="who proposes it; a party may be its own sponsor")
    others: tuple[str, ...] | None = Field(None, description="who else proposes it, and is no actor of the scenario")
    opponents: tuple[Name, ...] = Field((), description="who speaks against it")
    to: tuple[Name, ...] | None = Field(None, description="which parties are asked; all if left out")
    form: Literal["declared", "signed"] = Field("declared", description="a statement, or a written text")
    monitoring: Share = Field(Share(best=0.0), description="0 nobody watches … 1 full monitoring by third parties")
    terms: dict[Name, Signed] = Field(
        {},
        description="what it puts forward on an issue, 0 … 100; on issues that it does not name all stays as it is",
    )
    every: float | None = Field(None, gt=0, description="a standing offer is repeated every so many days …")
    until: Date | None = Field(None, description="… up to this date, or to the end")
    kind: Kind | None = Field(None, description="how it came about; a call if left out")
    what: str | None = Field(None, description="what was proposed, in a sentence")
    begins: Date | None = Field(None, description="when the truce would begin; at once if left out")
    deadline: Date | None = Field(None, description="by when an answer was asked for; a record")
    days: float | None = Field(None, gt=0, description="its term in days; open if left out")
    scope: Share | None = Field(
        None, description="the share of the fighting that it would still; all of it if left out"
    )

    @model_validator(mode="after")
    def _stand_or_not(self) -> Self:
        if self.until is not None and self.every is None:
            raise ValueError("until needs every: an offer that stands is repeated every so many days.")
        if not self.sponsors and not self.others:
            raise ValueError("an offer needs at least one sponsor.")
        return self


class Event(Coded):
    """What happens at a date."""

    on: Date = Field(..., description="the day on which it happens")
    announced: Date | None = Field(
        None, description="when it became known that this was to come, such as the day of a vote or an invitation"
    )
    id: Name | None = Field(None, description="for reference by other files; an offer's id if left out")
    label: str | None = Field(None, description="a few words for pictures and tables")
    probability: float = Field(1.0, ge=0, le=1, description="drawn per run; below 1 the event needs an id")
    set: dict[str, Signed] = Field({}, description="numbers put to a value, such as ties.Turkey.GNA.support")
    add: dict[str, Signed] = Field({}, description="numbers shifted by a difference")
    offer: Offer | None = Field(None, description="a proposal that is put on the table")
    claims: tuple[str, ...] = Field((), description="ids in seeds/ that it rests on")
    assumed: str | None = Field(None, description="why it is coded so, without a source")

    @property
    def name(self) -> str | None:
        """What other files and keys call it: its id, or that of its offer."""
        return self.id or (self.offer.id if self.offer else None)

    @field_validator("set", "add", mode="before")
    @classmethod
    def _quote_the_keys(cls, changes: Any) -> Any:
        if hint := unquoted(changes):
            raise ValueError(hint)
        return changes

    @model_validator(mode="after")
    def _do_something(self) -> Self:
        if not (self.set or self.add or self.offer):
            raise ValueError("nothing happens here: set, add or offer is missing.")
        if self.probability < 1 and self.id is None:
            raise ValueError("an event that may or may not happen needs an id, which keys its random numbers.")
        if self.announced is not None and self.announced > self.on:
            raise ValueError(f"announced = {self.announced} is after on = {self.on}; leave it out.")
        return self
