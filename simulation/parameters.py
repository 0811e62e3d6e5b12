"""What every table of numbers shares: frozen, checked, unknown keys refused with the nearest known name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date as Date
from datetime import datetime as DateTime
from typing import Any, ClassVar, NamedTuple, Self, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError


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


DATES = (Date, Date | None, tuple[Date, ...])
"""Annotations of fields that take a day, or days: neither a number of seconds, nor a moment with its time zone."""

HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
"""Characters that no text needs: they steer a terminal, turn the direction of writing, or are none in XML. Marks of
direction and joiners, which some scripts need, are none of them."""


def number_hint(text: str, high: float | None = None) -> str:
    """What to write in the place of a text that is nearly a number, which runs up to ``high``; empty where it is not.

    >>> number_hint("0,5"), number_hint("50 %", 1)
    (' Write 0.5, with a decimal point.', ' Write 0.5.')
    """
    text = text.strip()
    if re.fullmatch(r"[+-]?\d*,\d+", text):
        return f" Write {text.replace(',', '.')}, with a decimal point."
    if found := re.fullmatch(r"([+-]?\d+(?:[.,]\d+)?) ?%", text[:40]):
        number = float(found[1].replace(",", "."))
        if high is None:
            return f" Write {number:g} where the scale runs to 100, {number / 100:g} where it runs to 1."
        return f" Write {number / 100 if high <= 2 else number:g}."
    return ""


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _holds_tables(annotation: Any) -> bool:
    """Whether what stands under a key are tables, which see to their own texts."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return True
    return any(_holds_tables(part) for part in get_args(annotation))


def _hidden(value: Any, place: tuple[Any, ...], annotation: Any) -> Iterator[tuple[tuple[Any, ...], str, str]]:
    """Place, text and letter of every text that has a letter which is not to be seen."""
    if isinstance(value, str):
        if found := HIDDEN.search(value):
            yield place, value, found[0]
    elif isinstance(value, list | tuple | dict):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        deep = not _holds_tables(annotation)
        for key, part in parts:
            yield from _hidden(key, (*place, visible(key)), None)
            if deep or isinstance(part, str):
                yield from _hidden(part, (*place, key), annotation)


def visible(text: Any) -> Any:
    """A text with codes for the characters that do not show: pydantic cannot tell of some of them."""
    return HIDDEN.sub(lambda found: ascii(found[0])[1:-1], text) if isinstance(text, str) else text


def _is_day(value: Any) -> bool:
    if isinstance(value, str):
        return re.fullmatch(r"\d{4}-\d\d-\d\d", value) is not None
    return value is None or (isinstance(value, Date) and getattr(value, "tzinfo", None) is None)


Faults = list[InitErrorDetails]


def _unfit(key: Any, value: Any, field: FieldInfo) -> Faults:
    """What is wrong with a value, as far as pydantic would let it pass or say it less well."""
    found: Faults = []
    if isinstance(value, str | bool) and field.annotation in NUMBERS:
        shown = repr(value) if isinstance(value, str) else str(value).lower()
        shown, hint = shown if len(shown) <= 60 else shown[:57] + "...", ""
        if isinstance(value, str):
            high = next((rule.le for rule in field.metadata if hasattr(rule, "le")), None)
            hint = " Leave out the quotes." if _reads_as_number(value) else number_hint(value, high)
        kind = PydanticCustomError("not_a_number", "{value} is not a number.{hint}", {"value": shown, "hint": hint})
        return [InitErrorDetails(type=kind, loc=(key,), input=value)]
    if field.annotation in DATES:
        days = list(enumerate(value)) if isinstance(value, list | tuple) else [(None, value)]
        for number, day in days:
            if not _is_day(day):
                zoned = isinstance(day, DateTime) and day.tzinfo is not None
                kind = PydanticCustomError("date_with_zone" if zoned else "date_type", "not a date")
                place = (key,) if number is None else (key, number)
                found.append(InitErrorDetails(type=kind, loc=place, input=day))
    for place, text, letter in _hidden(value, (key,), field.annotation):
        code = f"U+{ord(letter):04X}"
        says = "the character {code}, which does not show, can steer a terminal or turn the writing; leave it out."
        kind = PydanticCustomError("hidden_letter", says, {"code": code})
        found.append(InitErrorDetails(type=kind, loc=place, input=text))
    return found


class Table(BaseModel):
    """A frozen table whose keys, numbers, days and texts are checked, all that is wrong with it told at once."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, populate_by_name=False)

    @model_validator(mode="wrap")
    @classmethod
    def _check_every_key(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(data, dict):
            return handler(data)
        known = {field.alias or name: field for name, field in cls.model_fields.items()}
        faults: Faults = []
        meant: set[str] = set()
        for key, value in data.items():
            if key in known:
                faults += _unfit(key, value, known[key])
            else:
                hint = nearest(str(key), known)
                meant |= {name for name in known if f"'{name}'" in hint}
                kind = PydanticCustomError(
                    "unknown_key", "no such key.{hint}", {"key": visible(str(key)), "hint": hint}
                )
                faults.append(InitErrorDetails(type=kind, loc=(), input=value))
        if not faults:
            return handler(data)
        told = {fault["loc"][0] for fault in faults if fault["loc"]}
        try:
            handler({key: value for key, value in data.items() if key in known and key not in told})
        except ValidationError as error:
            for fault in error.errors():
                if not (fault["type"] == "missing" and fault["loc"][0] in told | meant):
                    faults.append(_again(fault))
        raise ValidationError.from_exception_data(cls.__name__, faults)


def _again(fault: Any) -> InitErrorDetails:
    """A fault as pydantic told it, to be told once more."""
    kind, context = fault["type"], fault.get("ctx", {})
    if "url" not in fault:  # none of pydantic's own kinds
        kind = PydanticCustomError(kind, fault["msg"], context)
    return InitErrorDetails(type=kind, loc=fault["loc"], input=fault["input"], ctx=context)


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
