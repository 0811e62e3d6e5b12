"""What every table of numbers shares: frozen, checked, unknown keys refused with the nearest known name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator
from pydantic_core import PydanticCustomError


def nearest(name: str, known: Iterable[str]) -> str:
    """A hint for a misspelt name: `` Did you mean 'stance'?``, or what there is, or nothing."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.6) or [
        other for other in names if other.lower() == name.lower()
    ]
    if close:
        return f" Did you mean '{close[0]}'?"
    return f" Known: {', '.join(names)}." if 0 < len(names) <= 30 else ""


NUMBERS = (float, int, float | None, int | None)
"""Annotations of fields that take a number, and neither a text that looks like one nor true or false."""


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


class Table(BaseModel):
    """A frozen table whose keys are checked."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=False)

    @model_validator(mode="before")
    @classmethod
    def _know_every_key(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = {field.alias or name: field for name, field in cls.model_fields.items()}
            for key, value in data.items():
                if key not in known:
                    raise PydanticCustomError(
                        "unknown_key", "no such key.{hint}", {"key": str(key), "hint": nearest(str(key), known)}
                    )
                if isinstance(value, str | bool) and known[key].annotation in NUMBERS:
                    shown = repr(value) if isinstance(value, str) else str(value).lower()
                    hint = " Leave out the quotes." if isinstance(value, str) and _reads_as_number(value) else ""
                    raise PydanticCustomError(
                        "not_a_number", "{value} is not a number.{hint}", {"key": key, "value": shown, "hint": hint}
                    )
        return data


class Parameters(Table):
    """A table of coefficients.

    Every field carries its default, its bounds (``ge``, ``le``), its unit (``title``) and one sentence of meaning
    (``description``). The loader checks them, ``ceasefire explain`` prints them, sensitivity analysis samples them,
    sliders and the manual are made from them.
    """

    SWITCHES: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Coefficients that switch off a part of the model at 0, and those that only count while it is on. A part that is
    off bears on no result: what belongs to it is not sampled or fitted unless named, nor written out at its default."""

    SELECTION: ClassVar[frozenset[str]] = frozenset()
    """Coefficients that tell which cases come about, not what would happen if one were changed: good for a forecast,
    wrong to pull as a lever. Questions that look for what to move leave them alone unless they are named."""

    @property
    def idle(self) -> frozenset[str]:
        """The coefficients that bear on nothing as things are: switches that are off, and what hangs on them alone."""
        names = [
            name
            for switch, details in self.SWITCHES.items()
            if getattr(self, switch) == 0
            for name in (switch, *details)
        ]
        return frozenset(names)

    @model_serializer(mode="wrap", return_type=dict)  # pydantic 2.10 seeks Any in the subclass's module
    def _leave_out_what_is_idle(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        plain = {name for name in self.idle if getattr(self, name) == type(self).model_fields[name].default}
        return {key: value for key, value in written.items() if key not in plain}


class Entry(NamedTuple):
    """One coefficient, as read from its field."""

    name: str
    default: Any
    low: float | None
    high: float | None
    unit: str
    meaning: str


def entries(table: type[BaseModel]) -> Iterator[Entry]:
    """The coefficients of a table, in the order they were written."""
    for name, field in table.model_fields.items():
        bounds = {
            key: getattr(rule, key) for rule in field.metadata for key in ("ge", "gt", "le", "lt") if hasattr(rule, key)
        }
        yield Entry(
            name=field.alias or name,
            default=field.default,
            low=bounds.get("ge", bounds.get("gt")),
            high=bounds.get("le", bounds.get("lt")),
            unit=field.title or "",
            meaning=field.description or "",
        )
