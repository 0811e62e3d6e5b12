"""What a scenario file may say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date as Date
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union

from pydantic import Field, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError

from simulation.dynamics.variables import settable
from simulation.parameters import Table
from simulation.rules import RULES, FriedkinJohnsen, Rule
from simulation.scenario.checks import faults
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.display import as_html, as_line
from simulation.scenario.edits import put
from simulation.scenario.errors import explain
from simulation.scenario.inputs import Input, inputs_of
from simulation.scenario.knowledge import day_of, in_words, known_by, refuse_later
from simulation.scenario.quantity import Backing, Coded, Leaning, Quantity, Share, Signed, Sourced
from simulation.scenario.writing import as_tables, as_toml

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Role = Literal["party", "backer", "mediator", "proxy", "ally", "negotiator"]

UNDATED = Date(2000, 1, 1)
"""The start of a negotiation that says none: its rounds are counted, and have no dates."""

if TYPE_CHECKING:
    AnyRule = Rule
else:
    AnyRule = Annotated[Union[tuple(RULES.values())], Field(discriminator="name")]  # noqa: UP007


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
        description="stance it would take if the war stood even and nobody were tired; its opening stance if left out",
    )
    strength: Quantity | None = Field(
        None, description="a party's own forces without backers; its influence if left out"
    )
    control: Share | None = Field(None, description="a party's share of the contested ground; even shares if left out")
    exhaustion: Share | None = Field(None, description="a party's exhaustion at the start")
    distrust: Quantity | None = Field(None, description="a party's distrust at the start, in stance points")
    squeeze: Share | None = Field(None, description="exhaustion added per day from outside the battlefield")

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

    source: Name = Field(..., alias="from")
    target: Name = Field(..., alias="to")
    leverage: Share | None = Field(None, description="how much the target weighs what the source wants")
    support: Backing | None = Field(
        None, description="share of the source's influence that fights or pays for the party"
    )
    pledge: Backing | None = Field(None, description="support promised or threatened but not yet in the field")
    follows: Backing | None = Field(None, description="how much the source's wish follows the fortunes of its client")


class Issue(Table):
    """What is fought or haggled over."""

    title: str | None = Field(None, description="a few words for pictures and tables; its name if left out")
    low: str | None = Field(None, description="what 0 means")
    high: str | None = Field(None, description="what 100 means")
    now: Points | None = Field(None, description="what holds at the start, and goes on if nothing is agreed, 0 … 100")
    outcome: Points | None = Field(None, description="what was agreed in the end, 0 … 100, as a record")
    proposal: str | None = Field(
        None, description="what it was decided with; issues of one proposal are not independent of each other"
    )


class Want(Sourced):
    """Where a party would have an issue. No equation reads it yet."""

    party: Name
    issue: Name
    want: Quantity = Field(..., description="0 … 100, on the scale of the issue")
    weight: Share = Field(..., description="how much the issue counts for the party; over its issues they add up to 1")


class Offer(Coded):
    """A ceasefire proposal."""

    id: Name
    sponsors: tuple[Name, ...] = Field(..., description="who proposes it; a party may be its own sponsor")
    others: tuple[str, ...] | None = Field(None, description="who else proposes it, and is no actor of the scenario")
    opponents: tuple[Name, ...] = Field((), description="who speaks against it")
    to: tuple[Name, ...] | None = Field(None, description="which parties are asked; all if left out")
    form: Literal["declared", "signed"] = Field("declared", description="a statement, or a written text")
    monitoring: Share = Field(Share(best=0.0), description="0 nobody watches … 1 full monitoring by third parties")
    terms: dict[Name, Signed] = Field(
        {},
        description="what the terms give a party, in stance points; or put forward on an issue, 0 … 100, as a record",
    )
    every: float | None = Field(None, gt=0, description="a standing offer is repeated every so many days …")
    until: Date | None = Field(None, description="… up to this date, or to the end")
    kind: Literal["call", "mediated", "unilateral", "bilateral", "resolution"] | None = Field(
        None, description="how it came about; a record, which no equation reads"
    )
    what: str | None = Field(None, description="what was proposed, in a sentence")
    begins: Date | None = Field(None, description="when the truce would begin; a record")
    deadline: Date | None = Field(None, description="by when an answer was asked for; a record")
    days: float | None = Field(None, gt=0, description="the term in days that was proposed; a record")
    scope: Share | None = Field(None, description="the share of the fighting that it would still; a record")

    @model_validator(mode="after")
    def _stand_or_not(self) -> Self:
        if self.until is not None and self.every is None:
            raise ValueError("until needs every: an offer that stands is repeated every so many days.")
        if not self.sponsors and not self.others:
            raise ValueError("an offer needs at least one sponsor.")
        return self


class Event(Coded):
    """What happens at a date."""

    on: Date
    announced: Date | None = Field(
        None, description="when it became known that this was to come, such as the day of a vote or an invitation"
    )
    id: Name | None = Field(None, description="for reference by other files; an offer's id if left out")
    label: str | None = Field(None, description="a few words for pictures and tables")
    probability: float = Field(1.0, ge=0, le=1, description="drawn per run; below 1 the event needs an id")
    set: dict[str, Signed] = Field({}, description="numbers put to a value, such as ties.Turkey.GNA.support")
    add: dict[str, Signed] = Field({}, description="numbers shifted by a difference")
    offer: Offer | None = None
    claims: tuple[str, ...] = ()
    assumed: str | None = None

    @property
    def name(self) -> str | None:
        """What other files and keys call it: its id, or that of its offer."""
        return self.id or (self.offer.id if self.offer else None)

    @model_validator(mode="after")
    def _do_something(self) -> Self:
        if not (self.set or self.add or self.offer):
            raise ValueError("nothing happens here: set, add or offer is missing.")
        if self.probability < 1 and self.id is None:
            raise ValueError("an event that may or may not happen needs an id, which keys its luck.")
        if self.announced is not None and self.announced > self.on:
            raise ValueError(f"announced = {self.announced} is after on = {self.on}; leave it out.")
        return self


Answered = Literal["refuse", "silent", "conditional", "accept"]

BattleFortune = Annotated[float, Field(ge=-3, le=3)]


class Record(Coded):
    """What a party answered in history."""

    offer: Name
    party: Name
    answer: float = Field(..., ge=0, le=1, description="0 refused … 1 accepted; conditional answers between")
    low: float | None = Field(None, ge=0, le=1, description="the least that the answer may be graded")
    high: float | None = Field(None, ge=0, le=1, description="the most")
    given: Answered | None = Field(None, description="what was answered, in a word")
    fortune: BattleFortune | None = Field(
        None, description="the party's fortune in battle when it answered, as coded: -3 losing … 3 winning"
    )
    label: str | None = None
    on: Date | None = Field(None, description="when it answered")
    condition: str | None = Field(None, description="what it asked for in return")
    kept14: float | None = Field(None, ge=0, le=1, description="whether it kept to its word for 14 days: 1 yes, 0 no")
    what: str | None = Field(None, description="what it said, in a sentence")
    why: str | None = Field(None, description="why the answer is graded so")
    claims: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _lie_between(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high come together, or not at all.")
        if self.low is not None and self.high is not None and not self.low <= self.answer <= self.high:
            raise ValueError(f"answer = {self.answer:g} is not between low = {self.low:g} and high = {self.high:g}.")
        return self


class Fortune(Coded):
    """How a party fared when an offer was made, in the thirty days before it, as coded."""

    offer: Name
    party: Name
    fortune: BattleFortune | None = Field(None, description="-3 collapsing, 0 even, 3 sweeping ahead")
    strength_share: float | None = Field(
        None, ge=0, le=1, description="its share of all parties' fighting power, their backers' included"
    )
    why: str | None = None


class PastTruce(Coded):
    """A truce in history, and how it ended."""

    offer: Name | None = Field(None, description="the offer that it came of")
    began: Date
    ended: Date | None = Field(None, description="left out where it stood at the end of the scenario")
    how: Literal["broken", "lapsed", "replaced", "held"]
    broken_by: tuple[Name, ...] | None = Field(None, description="who broke it first, as far as known")
    what: str | None = None

    @model_validator(mode="after")
    def _end_after_it_began(self) -> Self:
        if self.ended is not None and self.ended < self.began:
            raise ValueError(f"ended = {self.ended} is before began = {self.began}.")
        if self.ended is None and self.how != "held":
            raise ValueError(f'a truce that was {self.how} has a day on which it ended; or how = "held".')
        return self


class Expect(Table):
    """A scenario's own regression test, judged on the Monte Carlo interval."""

    that: str = Field(..., description="the sentence that should hold")
    measure: str = Field(..., description="such as answer.moscow-text.LNA or truce.starts")
    above: float | None = Field(None, description="… lies above this, in the unit of the measure: a chance in 0 … 1")
    below: float | None = Field(None, description="… lies below this")
    exceeds: str | None = Field(None, description="another measure that this one exceeds …")
    by: float = Field(0.0, description="… by more than this")

    @model_validator(mode="after")
    def _ask_something(self) -> Self:
        if self.above is None and self.below is None and self.exceeds is None:
            raise ValueError("nothing is expected: above, below or exceeds is missing.")
        if self.exceeds is not None and (self.above is not None or self.below is not None):
            raise ValueError("exceeds is about a difference; give above or below in an expectation of their own.")
        return self

    @property
    def bound(self) -> str:
        """What is expected of the measure, such as ``above 0.5`` or ``above truce.starts by more than 0.1``."""
        if self.exceeds is not None:
            return f"above {self.exceeds}" + (f" by more than {self.by:g}" if self.by else "")
        bounds = (("above", self.above), ("below", self.below))
        return " and ".join(f"{side} {value:g}" for side, value in bounds if value is not None)


def _fights_or_happens(tables: dict[str, Any]) -> bool:
    """Whether raw tables have a party, or an event."""
    actors = tables.get("actors")
    roles = [
        actor.get("roles") if isinstance(actor, dict) else getattr(actor, "roles", None)
        for actor in (actors.values() if isinstance(actors, dict) else ())
    ]
    return bool(tables.get("events")) or any(isinstance(some, list | tuple) and "party" in some for some in roles)


class Scenario(Table):
    """A conflict: who takes part, who leans on whom, what happens when, and what is asked."""

    schema_: Literal[1] = Field(1, alias="schema")
    title: str
    question: str = ""
    start: Date = Field(UNDATED, description="may be left out of a negotiation, which has rounds and no dates")
    step_days: float = Field(1.0, gt=0, le=366)
    steps: int = Field(..., ge=1, le=100_000)
    told: Date | None = Field(
        None,
        description="known by this day, as --as-of writes it: every run is told the answers on record before it",
    )
    rule: AnyRule = FriedkinJohnsen()
    coefficients: Coefficients = Coefficients()
    about: str | None = Field(None, description="what happened, in some sentences")
    doubts: str | None = Field(None, description="what is least sure")
    ucdp: str | None = Field(None, description="the id of the conflict in the data of Uppsala")
    coders: tuple[Name, ...] | None = Field(None, description="who coded it, by the names used in codings")
    sources: dict[str, str] | None = Field(None, description="what its parts rest on, by short id")
    issues: tuple[Name, ...] | dict[Name, Issue] | None = Field(
        None,
        description="what is fought or haggled over; positions and saliences of a negotiation are about these",
    )
    wants: tuple[Want, ...] | None = Field(None, description="where each party would have each issue, as a record")
    actors: dict[Name, Actor]
    ties: tuple[Tie, ...] = ()
    events: tuple[Event, ...] = ()
    record: tuple[Record, ...] = ()
    fortune: tuple[Fortune, ...] | None = Field(None, description="how parties fared at each offer, as coded")
    truces: tuple[PastTruce, ...] | None = Field(None, description="truces that began in history")
    expect: tuple[Expect, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _ask_no_more_of_a_negotiation(cls, data: Any) -> Any:
        """Where nobody fights and nothing happens, nobody wavers unless it is said; a conflict has a start."""
        if not isinstance(data, dict):
            return data
        if _fights_or_happens(data):
            return data if "start" in data else {**data, "start": None}
        coefficients = data.get("coefficients", {})
        opinion = coefficients.get("opinion", {}) if isinstance(coefficients, dict) else None
        if isinstance(opinion, dict) and "noise" not in opinion:
            return {**data, "coefficients": {**coefficients, "opinion": {**opinion, "noise": 0.0}}}
        return data

    @field_validator("start", mode="before")
    @classmethod
    def _start_a_conflict(cls, data: Any) -> Any:
        if data is None:
            raise PydanticCustomError("missing", "missing.")
        return data

    @field_validator("rule", mode="before")
    @classmethod
    def _take_a_bare_name(cls, data: Any) -> Any:
        return {"name": data} if isinstance(data, str) else data

    @property
    def parties(self) -> tuple[str, ...]:
        """The actors that fight, in the order of the file."""
        return tuple(name for name, actor in self.actors.items() if "party" in actor.roles)

    @property
    def negotiated(self) -> tuple[str, ...]:
        """The issues of a negotiation over several, in order; none in a war, or where there is one."""
        names = tuple(self.issues or ())
        return names if len(names) > 1 and not self.parties else ()

    @property
    def heading(self) -> str:
        """The title, and as of when, where not everything is known."""
        return self.title if self.told is None else f"{self.title}, as of {in_words(self.told)}"

    @cached_property
    def later(self) -> Mapping[str, Date]:
        """Events and offers that ``as_of`` left out, by name, and when they were: for messages; nothing else knows."""
        return {}

    @cached_property
    def inputs(self) -> Mapping[str, Input]:
        """Every number by its key, in the order of the file, coefficients last; worked out when first asked for."""
        return inputs_of(self)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.__dict__.pop("inputs", None)  # model_copy goes on to change the copy
        return copied

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        fields = {key: value for key, value in state["__dict__"].items() if key != "inputs"}
        return {**state, "__dict__": fields}  # what is pickled is the scenario alone

    def __repr__(self) -> str:
        return as_line(self)

    __str__ = __repr__

    def _repr_html_(self) -> str:
        return as_html(self)

    def step_of(self, day: Date) -> int:
        """The step in which a date falls; step 0 starts on ``start``."""
        return self.step_after((day - self.start).days)

    def step_after(self, days: float) -> int:
        """The step in which a moment falls, so many days after the start; at the boundary of two, the later one."""
        return math.floor(days / self.step_days + 1e-9)  # 1 // 0.1 is 9: a day is ten tenths only nearly

    def date_of(self, step: int) -> Date:
        """The date on which a step starts."""
        return self.start + timedelta(days=step * self.step_days)

    @model_validator(mode="after")
    def _hang_together(self) -> Self:
        found = list(faults(self))
        if found:
            raise ValueError("\n".join(found))
        return self

    def replace(self, changes: dict[str, Any]) -> Scenario:
        """A copy with some keys changed, such as ``{"ties.Turkey.GNA.support": 0.9}``; checked like a file.

        Raises
        ------
        ScenarioError
            for a key that is not there (with the nearest one that is), or a value that will not do
        """
        raw = as_tables(self)
        for key, value in changes.items():
            refuse_later(key, self.later, self.told)
            put(raw, key, value, f"set to {value}", self.title)
        return self._with_later(build(raw, self.title), self.later)

    def as_of(self, day: Date | str, *, ask_later: bool = False) -> Scenario:
        """What was known of the conflict by a day, for forecasts from there: nothing later has a part in them.

        Events and offers up to and including the day are known, and later ones that had been ``announced`` by then. Of
        what came of them, answers and truces on record, those before the day are known; runs are told these answers:
        each takes the course that history took. All else is as it is, to the scenario's end.

        Parameters
        ----------
        day : a date, or its text such as ``2020-01-10``
        ask_later : keep later offers as questions, with their answers on record to score forecasts by; no run is told
            these, and nothing else that happened at the date of the offer is kept

        Raises
        ------
        ScenarioError
            for what is no date, or lies outside the scenario
        """
        raw, later = known_by(self, day_of(day), ask_later)
        return self._with_later(build(raw, self.title), {**self.later, **later})

    @staticmethod
    def _with_later(made: Scenario, later: Mapping[str, Date]) -> Scenario:
        made.__dict__["later"] = later  # no field: two scenarios that know the same are the same
        return made

    def as_toml(self) -> str:
        """The text of a file that holds all of it: what was extended, every change, and the defaults that matter."""
        return as_toml(self)


def build(raw: dict[str, Any], name: str) -> Scenario:
    """A checked scenario from raw tables: every scenario is made here.

    Raises
    ------
    ScenarioError
        that begins each line with the name, and says place, value and what would do
    """
    try:
        return Scenario.model_validate(raw)
    except ValidationError as error:
        raise explain(error, raw, name) from None
