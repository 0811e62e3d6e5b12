"""Expectations: measures that are known, bounds where a measure can lie, and differences of like with like."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulation.scenario.errors import ScenarioError
from simulation.scenario.measure_kinds import TOP, Unit
from simulation.scenario.measures import parse

if TYPE_CHECKING:
    from simulation.scenario.schema import Expect, Scenario


def unfit_expectation(scenario: Scenario, wish: Expect, place: str) -> Iterator[str]:
    """Measures that are known, bounds where the measure can lie, and differences of like with like."""
    if wish.by != 0 and wish.exceeds is None:
        yield f"{place}.by: needs exceeds, the measure that is exceeded by so much."
    units: list[Unit] = []
    for key in ("measure", "exceeds"):
        name = getattr(wish, key)
        if name is not None:
            try:
                units.append(parse(name, scenario).unit)
            except ScenarioError as error:
                yield f"{place}.{key}: {error}"
                return
    unit = units[0]
    if len(set(units)) > 1:
        both = f"{wish.exceeds} is counted in {units[1]}, {wish.measure} in {unit}"
        yield f"{place}.exceeds: {both}; compare like with like."
        return
    top = TOP.get(unit, math.inf)
    for key in ("above", "below"):
        yield from _bound(getattr(wish, key), 0.0, top, unit, f"{place}.{key}: {wish.measure}")
    if wish.exceeds is not None:
        yield from _bound(wish.by, -top, top, unit, f"{place}.by: {wish.measure} - {wish.exceeds}")


def _bound(value: float | None, low: float, high: float, unit: Unit, place: str) -> Iterator[str]:
    """A bound that lies outside of what a measure can come to; if it was written in per cent, what it should be."""
    if value is None or low <= value <= high:
        return
    room = f"between {low:g} and {high:g}" if high < math.inf else f"{low:g} or more"
    text = f"{place} is counted in {unit}, {room}; {value:g} is outside."
    if unit in ("chance", "share") and 1 < abs(value) <= 100:
        text += f" Did you mean {value / 100:g}?"
    yield text
