"""What a notebook says of its numbers, checked in the cell below it."""

from __future__ import annotations

from typing import Any


def expect(
    that: str, value: Any, *, above: float | None = None, below: float | None = None, equals: Any = None
) -> None:
    """Nothing, if a sentence about a value is true; an error with both, if it is not.

    It stands in a folded cell below the text that says the sentence. So a text that results no longer bear out stops
    the notebook, as an ``[[expect]]`` that is not met fails the test of a scenario.

    Parameters
    ----------
    that : the sentence, as it stands in the text
    value : a number, or several that the sentence is true of alike; with ``equals`` anything, such as a list of names
    above, below : bounds of every number, in its own unit; the bound itself is outside
    equals : what the value is, exactly; of an array, entry by entry

    Raises
    ------
    AssertionError
        if a number lies at or beyond a bound, there is no number or it is not one (NaN), or the value is another
    TypeError
        if neither a bound nor ``equals`` is given, or both are
    """
    import numpy as np

    bounds = {"above": above, "below": below}
    given = {word: bound for word, bound in bounds.items() if bound is not None}
    if bool(given) == (equals is not None):
        raise TypeError(f"expect({that!r}): say either what the value equals, or what it is above or below.")
    if equals is not None:
        if np.asarray(value, dtype=object).tolist() != np.asarray(equals, dtype=object).tolist():
            raise AssertionError(f"“{that}” is not so: the value is {value}, and was said to be {equals}.")
        return
    numbers = np.asarray(value, dtype=float)
    inside = [numbers > bound if word == "above" else numbers < bound for word, bound in given.items()]
    if not numbers.size or not np.all(inside):
        said = " and ".join(f"{word} {bound:g}" for word, bound in given.items())
        shown = f"{numbers:g}" if numbers.ndim == 0 else np.array2string(numbers, precision=4)
        raise AssertionError(f"“{that}” is not so: the value is {shown}, and was said to be {said}.")
