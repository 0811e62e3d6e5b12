"""What a scenario keeps of history: answers, fortunes in battle, truces. No equation reads it."""

from __future__ import annotations

from datetime import date as Date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulation.scenario.actors import Name
from simulation.scenario.quantity import Coded

Answered = Literal["refuse", "silent", "conditional", "accept"]

WORTH: dict[Answered, float] = {"refuse": 0.0, "silent": 0.0, "conditional": 0.5, "accept": 1.0}
"""What an answer in a word starts: nothing, a truce with conditions, a truce."""

BattleFortune = Annotated[float, Field(ge=-3, le=3)]


class Record(Coded):
    """What a party answered in history."""

    offer: Name = Field(..., description="the id of the offer")
    party: Name = Field(..., description="who answered")
    answer: float = Field(..., ge=0, le=1, description="0 refused … 1 accepted; conditional answers between")
    low: float | None = Field(None, ge=0, le=1, description="the least that the answer may be graded")
    high: float | None = Field(None, ge=0, le=1, description="the most")
    given: Answered | None = Field(None, description="what was answered, in a word")
    fortune: BattleFortune | None = Field(
        None, description="the party's fortune in battle when it answered, as coded: -3 losing … 3 winning"
    )
    label: str | None = Field(None, description="the answer in a few words, for pictures and tables")
    on: Date | None = Field(None, description="when it answered")
    condition: str | None = Field(None, description="what it asked for in return")
    kept14: float | None = Field(None, ge=0, le=1, description="whether it kept to its word for 14 days: 1 yes, 0 no")
    what: str | None = Field(None, description="what it said, in a sentence")
    why: str | None = Field(None, description="why the answer is graded so")
    claims: tuple[str, ...] = Field((), description="ids in seeds/ that it rests on")

    @property
    def course(self) -> float:
        """What runs are told that was answered: the word in which it was, 0, one half or 1; without one, the grade."""
        return self.answer if self.given is None else WORTH[self.given]

    @model_validator(mode="after")
    def _lie_between(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high come together, or not at all.")
        if self.low is not None and self.high is not None and not self.low <= self.answer <= self.high:
            raise ValueError(f"answer = {self.answer:g} is not between low = {self.low:g} and high = {self.high:g}.")
        return self


class Fortune(Coded):
    """How a party fared when an offer was made, in the thirty days before it, as coded."""

    offer: Name = Field(..., description="the id of the offer")
    party: Name = Field(..., description="whose fortune it is")
    fortune: BattleFortune | None = Field(None, description="-3 collapsing, 0 even, 3 sweeping ahead")
    strength_share: float | None = Field(
        None, ge=0, le=1, description="its share of all parties' fighting power, their backers' included"
    )
    why: str | None = Field(None, description="why it is coded so")


class PastTruce(Coded):
    """A truce in history, and how it ended."""

    offer: Name | None = Field(None, description="the offer that it came of")
    began: Date = Field(..., description="the day on which it began")
    ended: Date | None = Field(None, description="left out where it stood at the end of the scenario")
    how: Literal["broken", "lapsed", "replaced", "held"] = Field(..., description="how it ended")
    broken_by: tuple[Name, ...] | None = Field(None, description="who broke it first, as far as known")
    what: str | None = Field(None, description="what is known of it, in a sentence")

    @model_validator(mode="after")
    def _end_after_it_began(self) -> Self:
        if self.ended is not None and self.ended < self.began:
            raise ValueError(f"ended = {self.ended} is before began = {self.began}.")
        if self.ended is None and self.how != "held":
            raise ValueError(f'a truce that was {self.how} has a day on which it ended; or how = "held".')
        return self
