"""A number of a scenario and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from simulation.dynamics.variables import BACKING, LEANING, POINTS, SHARE
from simulation.parameters import Table


class Quantity(Table):
    """A number and where it comes from: claims in seeds/, or an assumption that is stated.

    ``low`` and ``high`` are an expert's interval; with ``--uncertain`` the number is drawn from it, as PERT.
    """

    lowest: ClassVar[float] = POINTS.low
    highest: ClassVar[float] = POINTS.high

    best: float
    low: float | None = None
    high: float | None = None
    claims: tuple[str, ...] = ()
    assumed: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _take_a_bare_number(cls, data: Any) -> Any:
        return {"best": data} if isinstance(data, int | float) and not isinstance(data, bool) else data

    @model_validator(mode="after")
    def _check(self) -> Self:
        for value in (self.best, self.low, self.high):
            if value is not None and not self.lowest <= value <= self.highest:
                raise ValueError(f"{value:g} is outside {self.lowest:g} … {self.highest:g}.")
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high come together, or not at all.")
        if self.low is not None and self.high is not None and not self.low <= self.best <= self.high:
            raise ValueError(f"best = {self.best:g} is not between low = {self.low:g} and high = {self.high:g}.")
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        table = handler.resolve_ref_schema(handler(core))
        bounds = {"minimum": cls.lowest, "maximum": cls.highest}
        for key in ("best", "low", "high"):
            table["properties"][key] = {"type": "number", **bounds}
        return {"anyOf": [{"type": "number", **bounds}, dict(table)]}

    @property
    def spread(self) -> tuple[float, float] | None:
        """The interval from low to high, where there is one to sample from."""
        if self.low is None or self.high is None or self.low == self.high:
            return None
        return self.low, self.high


class Share(Quantity):
    """A number from 0 to 1."""

    lowest: ClassVar[float] = SHARE.low
    highest: ClassVar[float] = SHARE.high


class Backing(Quantity):
    """A number from 0 to 2."""

    lowest: ClassVar[float] = BACKING.low
    highest: ClassVar[float] = BACKING.high


class Leaning(Quantity):
    """A number from -100 to 200: a preference may lie beyond the ends of the scale, and the war bring it back."""

    lowest: ClassVar[float] = LEANING.low
    highest: ClassVar[float] = LEANING.high


class Signed(Quantity):
    """A difference, in the units of what it changes."""

    lowest: ClassVar[float] = -200.0
    highest: ClassVar[float] = 200.0


Codings = dict[str, dict[str, float | str]]
"""What each coder wrote, by coder and column, where several coded the same thing."""


class Coded(Table):
    """A table that says who coded it from what."""

    sources: tuple[str, ...] | None = Field(
        None, description="what it rests on: ids of the scenario's own table of sources"
    )
    confidence: Literal["high", "medium", "low"] | None = Field(
        None, description="in the fact, not the scale: two sources or a document; one; memory or inference"
    )
    checked: bool | None = Field(None, description="whether a source that was looked up confirms it")
    coders: int | None = Field(None, ge=1, description="how many coders list it")
    codings: Codings | None = Field(None, description="what each of several coders wrote, by coder and column")


class Sourced(Coded):
    """A table whose bare numbers rest on its own claims, sources or assumption."""

    claims: tuple[str, ...] = Field((), description="ids in seeds/ that the bare numbers of this table rest on")
    assumed: str | None = Field(
        None, description="why the bare numbers of this table are what they are, without a source"
    )

    def quantities(self) -> Iterator[tuple[str, Quantity]]:
        """The numbers of this table by key."""
        for key in type(self).model_fields:
            value = getattr(self, key)
            if isinstance(value, Quantity):
                yield key, value

    @model_validator(mode="after")
    def _source_every_number(self) -> Self:
        if self.claims or self.assumed or self.sources:
            return self
        for key, number in self.quantities():
            if not number.claims and not number.assumed:
                raise ValueError(
                    f"{key} = {number.best:g} says neither which claims it rests on nor what was assumed: "
                    f'{key} = {{ best = {number.best:g}, claims = ["C01"] }} '
                    f'or {{ best = {number.best:g}, assumed = "why" }}.'
                )
        return self
