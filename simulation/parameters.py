"""What every table of coefficients shares: frozen, checked, each number written down once with its meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict


class Parameters(BaseModel):
    """A frozen table of coefficients.

    Every field carries its default, its bounds (``ge``, ``le``), its unit (``title``) and one sentence of meaning
    (``description``). The loader checks them, ``ceasefire explain`` prints them, sensitivity analysis samples them,
    sliders and the manual are made from them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


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
        bounds: dict[str, float] = {}
        for rule in field.metadata:
            for key in ("ge", "gt", "le", "lt"):
                if hasattr(rule, key):
                    bounds[key] = getattr(rule, key)
        yield Entry(
            name=field.alias or name,
            default=field.default,
            low=bounds.get("ge", bounds.get("gt")),
            high=bounds.get("le", bounds.get("lt")),
            unit=field.title or "",
            meaning=field.description or "",
        )
