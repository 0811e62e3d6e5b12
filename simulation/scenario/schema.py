"""A scenario as a whole, checked."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from datetime import date as Date
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, Union

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from simulation.parameters import Table
from simulation.rules import RULES, FriedkinJohnsen, Rule
from simulation.scenario.actors import Actor, Name, Tie
from simulation.scenario.checks import faults
from simulation.scenario.checks.rest import ROUNDS, Gone, without
from simulation.scenario.coefficients import Coefficients
from simulation.scenario.display import as_html, as_line
from simulation.scenario.edits import put
from simulation.scenario.errors import explain, told
from simulation.scenario.inputs import Input, inputs_of
from simulation.scenario.knowledge import day_of, in_words, known_by, refuse_later
from simulation.scenario.labels import labels_of
from simulation.scenario.offers import Event, Issue, Want
from simulation.scenario.record import Fortune, PastTruce, Record
from simulation.scenario.series import SeriesOfEvents
from simulation.scenario.writing import as_tables, as_toml

UNDATED = Date(2000, 1, 1)
"""The start of a negotiation that says none: its rounds are counted, and have no dates."""

if TYPE_CHECKING:
    AnyRule = Rule
else:
    AnyRule = Annotated[Union[tuple(RULES.values())], Field(discriminator="name")]  # noqa: UP007


class Expect(Table):
    """A scenario's own regression test, judged on the Monte Carlo interval."""

    that: str = Field(..., description="the sentence that should hold")
    measure: str = Field(..., description="such as answer.moscow-text.LNA or truce.starts")
    above: float | None = Field(None, description="… lies above this, in the unit of the measure: a chance in 0 … 1")
    below: float | None = Field(None, description="… lies below this")
    exceeds: str | None = Field(None, description="another measure that this one exceeds …")
    by: float = Field(0.0, description="… by more than this")
    unmet: str | None = Field(
        None, min_length=1, description="why the model is known not to meet it: a run then does not fail over it"
    )

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


WORKED_OUT = ("inputs", "labels")
"""What a scenario keeps once it is asked for, and is no part of it."""


class Scenario(Table):
    """A conflict: who takes part, who leans on whom, what happens when, and what is asked."""

    schema_: Literal[1] = Field(1, alias="schema", description="the version of this format")
    title: str = Field(..., description="a few words for pictures and the report")
    question: str = Field("", description="what is asked of it, in a sentence")
    start: Date = Field(UNDATED, description="may be left out of a negotiation, which has rounds and no dates")
    step_days: float = Field(1.0, ge=0.001, le=366, description="how many days a step lasts")
    steps: int = Field(..., ge=1, le=100_000, description="how many steps there are")
    told: Date | None = Field(
        None,
        description="known by this day, as --as-of writes it: every run is told the observed answers before it",
    )
    rule: AnyRule = FriedkinJohnsen()
    coefficients: Coefficients = Field(Coefficients(), description="numbers of the model that differ from its defaults")
    about: str | None = Field(None, description="what happened, in some sentences")
    doubts: str | None = Field(None, description="what is least sure")
    ucdp: str | None = Field(None, description="the id of the conflict in the data of Uppsala")
    coders: tuple[Name, ...] | None = Field(None, description="who coded it, by the names used in codings")
    sources: dict[str, str] | None = Field(None, description="what its parts rest on, by short id")
    issues: tuple[Name, ...] | dict[Name, Issue] | None = Field(
        None,
        description="what is fought or haggled over; positions and saliences of a negotiation are about these",
    )
    wants: tuple[Want, ...] | None = Field(None, description="where each party would have each issue")
    actors: dict[Name, Actor] = Field(..., description="who takes part")
    ties: tuple[Tie, ...] = Field((), description="who leans on, backs or depends on whom")
    events: tuple[Event, ...] = Field((), description="what happens when, offers included")
    record: tuple[Record, ...] = Field(
        (), description="observed answers: what each party said to each offer in history"
    )
    fortune: tuple[Fortune, ...] | None = Field(None, description="how parties fared at each offer, as coded")
    truces: tuple[PastTruce, ...] | None = Field(None, description="truces that began in history")
    series: SeriesOfEvents | None = Field(None, description="what was counted along time, drawn and scored beside runs")
    expect: tuple[Expect, ...] = Field((), description="sentences that should hold, as tests of the scenario")

    @model_validator(mode="before")
    @classmethod
    def _ask_no_more_of_a_negotiation(cls, data: Any) -> Any:
        """Where nobody fights and nothing happens, there is no noise unless it is said; a conflict has a start."""
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
    def stakes(self) -> dict[str, float]:
        """What parties fight over, and what holds on it at the start: the issues on which terms count.

        Those are the issues of which it is known what holds if nothing is agreed.
        """
        if not self.parties or not isinstance(self.issues, dict):
            return {}
        return {
            name: issue.now if isinstance(issue.now, int | float) else 0.0
            for name, issue in self.issues.items()
            if issue.now is not None
        }

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

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """What pictures and tables call each actor, by key: its name, or a short form of it."""
        return labels_of(self)

    def __copy__(self) -> Self:
        copied = super().__copy__()
        for key in WORKED_OUT:
            copied.__dict__.pop(key, None)  # model_copy goes on to change the copy
        return copied

    def __getstate__(self) -> dict[Any, Any]:
        state = super().__getstate__()
        fields = {key: value for key, value in state["__dict__"].items() if key not in WORKED_OUT}
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
    def _hang_together(self, info: ValidationInfo) -> Self:
        found = [] if info.context is PARTS_ALONE else list(faults(self))
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
        what came of them, observed answers and truces, those before the day are known; runs are told these answers:
        each takes the course that history took. All else is as it is, to the scenario's end.

        Parameters
        ----------
        day : a date, or its text such as ``2020-01-10``
        ask_later : keep later offers as questions, with their observed answers to score forecasts by; no run is told
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


PARTS_ALONE = object()
"""The context of a validation that does not ask whether the parts of a scenario hang together."""


def build(
    raw: dict[str, Any], name: str, further: Callable[[Scenario], Iterable[str]] = lambda scenario: ()
) -> Scenario:
    """A checked scenario from raw tables: every scenario is made here.

    Parameters
    ----------
    further : what else is wrong with it, a sentence each with its place

    Raises
    ------
    ScenarioError
        that begins each line with the name, and says place, value and what would do; all at once, as far as what is
        wrong with one part does not keep from judging the others
    """
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        raise explain(error, raw, name, _of_the_rest(raw, further)) from None
    if lines := list(further(scenario)):
        raise told(name, lines)
    return scenario


def _of_the_rest(raw: dict[str, Any], further: Callable[[Scenario], Iterable[str]]) -> list[str]:
    """What is wrong with a scenario beside the parts that will not do by themselves."""
    gone, rest = Gone(), raw
    for _ in range(ROUNDS):
        try:
            scenario = Scenario.model_validate(rest, context=PARTS_ALONE)
        except ValidationError as another:
            rest = without(rest, another, gone)
            continue
        lines = [*(faults(scenario) if rest is not raw else ()), *further(scenario)]
        return [line for line in lines if not gone.concerns(line)]
    return []
