"""The ranges and choices of ``ceasefire sweep --vary``, as they are typed."""

from __future__ import annotations

import re
from collections.abc import Hashable

from simulation.questions.sweep.design import Axis
from simulation.scenario.errors import ScenarioError
from simulation.scenario.values import read_choices

NUMBER = r"[+-]?(?:\d++\.?+\d*+|\.\d++)(?:[eE][+-]?\d++)?"
RANGE = re.compile(rf"\s*({NUMBER})\s*:\s*({NUMBER})\s*(?::\s*(\d+)\s*)?")


def read_axis(text: str) -> Axis:
    """The axis that ``key=low:high``, ``key=low:high:count`` or ``key=a,b,c`` means."""
    key, sign, values = text.partition("=")
    key, values = key.strip(), values.strip()
    if not sign or not key or not values:
        raise ScenarioError(f"--vary {text}: it is written KEY=LOW:HIGH, KEY=LOW:HIGH:COUNT or KEY=A,B,C.")
    found = RANGE.fullmatch(values)
    if found is None:
        choices = read_choices(values, f"--vary {key}")
        seen = set()
        for choice in choices:
            mark = choice if isinstance(choice, Hashable) else str(choice)
            if mark in seen:
                raise ScenarioError(f"--vary {text}: {choice} is there twice.")
            seen.add(mark)
        return Axis(key, choices=choices)
    low, high, count = float(found[1]), float(found[2]), None if found[3] is None else int(found[3])
    if not low < high:
        raise ScenarioError(f"--vary {text}: an empty range; {low:g} is not below {high:g}.")
    if count is not None and count < 2:
        raise ScenarioError(f"--vary {text}: a range takes at least 2 values.")
    return Axis(key, low, high, count)
