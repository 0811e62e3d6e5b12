"""What a user hands to a question: checked and made of one kind, by the name of the parameter."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from simulation.scenario.errors import ScenarioError, shown_as
from simulation.scenario.schema import Scenario

P = ParamSpec("P")
R = TypeVar("R")


def scenario(name: str, value: Any) -> Scenario:
    """A scenario; a name or a file is not one yet."""
    if isinstance(value, Scenario):
        return value
    hint = f" load_scenario({value!r}) makes one." if isinstance(value, str) else ""
    raise ScenarioError(f"`{name}`: {_called(value)} is not a scenario.{hint}")


def scenarios(name: str, value: Any) -> dict[str, Scenario]:
    """Scenarios by what they are called."""
    if not isinstance(value, Mapping):
        raise ScenarioError(f'`{name}`: {{"as it is": scenario, "changed": another}} would do, not {_called(value)}.')
    return {str(key): scenario(f"{name}[{key!r}]", one) for key, one in value.items()}


def whole(name: str, value: Any) -> int:
    """A whole number, Python's or numpy's."""
    try:
        if not isinstance(value, bool):
            return operator.index(value)
    except TypeError:
        pass
    raise ScenarioError(f"`{name}`: {_called(value)} is not a whole number.")


def text(name: str, value: Any) -> str:
    """The name of one thing."""
    if not isinstance(value, str):
        raise ScenarioError(f"`{name}`: {_called(value)} is not a name; one text is needed.")
    return value


def texts(name: str, value: Any) -> list[str] | None:
    """Names of several things; a single one may stand by itself. None where the choice is left open."""
    if value is None:
        return None
    several = isinstance(value, Iterable) and not isinstance(value, str)
    return [text(name, one) for one in (value if several else [value])]


def groups(name: str, value: Any) -> dict[str, list[str] | None] | None:
    """Names of things by what they are called together."""
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise ScenarioError(f'`{name}`: {{"airlift": ["events.airlift"]}} would do, not {_called(value)}.')
    return {str(key): texts(f"{name}[{key!r}]", some) for key, some in value.items()}


KINDS: Mapping[str, Callable[[str, Any], Any]] = {
    "scenario": scenario,
    "scenarios": scenarios,
    "groups": groups,
    "measure": text,
    "measures": texts,
    "rules": texts,
    "run": whole,
    "runs": whole,
    "seed": whole,
    "step": whole,
}
"""What parameters of these names have to be, whatever the question."""


def of_kind(question: Callable[P, R]) -> Callable[P, R]:
    """Decorate a question: its arguments are of their kinds, or the question is not begun.

    Where memory gives out in the middle, that is a ``ScenarioError`` too.
    """
    signature = inspect.signature(question)

    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            given = signature.bind(*args, **kwargs)
        except TypeError:
            return question(*args, **kwargs)  # Python's own words name the function
        for name, value in given.arguments.items():
            if name in KINDS:
                given.arguments[name] = KINDS[name](name, value)
        try:
            return question(*given.args, **given.kwargs)
        except MemoryError as error:
            raise ScenarioError(out_of_memory(error)) from None

    return asked


def out_of_memory(error: MemoryError) -> str:
    """What is said where memory gave out in the middle of work."""
    said = str(error).rstrip(".")
    first = f"not enough memory ({said[0].lower()}{said[1:]})" if said else "not enough memory"
    return f"{first}: fewer runs, points, steps or actors would do, or a machine with more."


def _called(value: Any) -> str:
    """A value in a sentence: a plain one as it is written, of anything larger what it is."""
    return shown_as(value) if isinstance(value, str | int | float | None) else f"a {type(value).__name__}"
