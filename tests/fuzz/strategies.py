"""Hypothesis strategies: values of every kind, alone, in one another, and in the place of those of a scenario."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

scalars = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(
        [0, 1, -1, 0.5, 50, 100, 100.1, 1e-320, 1e308, 10**400, "0,5", "50%", "", "North", "control.North"]
    ),
    st.text(max_size=20),
    st.dates(),
    st.datetimes(timezones=st.one_of(st.none(), st.just(datetime.UTC))),
    st.times(),
)
"""What TOML has, and more of it than a scenario should have."""

values = st.recursive(
    scalars, lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3)
)
"""The same, in lists and tables in one another."""


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in raw tables."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


@st.composite
def altered(draw: st.DrawFn, raw: dict[str, Any]) -> dict[str, Any]:
    """Raw tables of which one to three places hold something else, or nothing, or have a key beside them."""
    made = copy.deepcopy(raw)
    for _ in range(draw(st.integers(1, 3))):
        *path, last = draw(st.sampled_from(list(places(made))))
        here: Any = made
        for key in path:
            here = here[key]
        match draw(st.sampled_from(["other", "nothing", "beside", "twice"])):
            case "other":
                here[last] = draw(values)
            case "nothing":
                del here[last]
            case "beside" if isinstance(here, dict):
                here[draw(st.text(max_size=8))] = draw(values)
            case _ if isinstance(here, list):
                here.append(copy.deepcopy(here[last]))
        if not made:
            break
    return made
