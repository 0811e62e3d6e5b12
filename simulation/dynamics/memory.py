"""What was worked out from arrays that seldom change, kept for as long as they are the same."""

from __future__ import annotations

from collections.abc import Callable
from operator import is_
from typing import Any

import numpy as np


class Memory:
    """The last outcome of some functions of arrays, given again while their arguments are the very same objects.

    That it is the same object tells that an array is as it was, because whatever is remembered is made read-only: to
    change it in place is an error. An array that is a view of another could still be changed by way of that one, so
    nothing made of it is remembered. Copies and pickles of a memory are empty.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def __reduce__(self) -> tuple[type[Memory], tuple[()]]:
        return Memory, ()

    def of(self, name: str, make: Callable[..., Any], *given: Any) -> Any:
        """``make(*given)``, or what it came to before; one outcome is kept under each name.

        Parameters
        ----------
        given : arrays, and numbers that cannot be changed
        """
        before, made = self._kept.get(name, ((), None))
        if len(before) == len(given) and all(map(is_, before, given)):
            return made
        made = make(*given)
        arrays = [value for value in (*given, made) if isinstance(value, np.ndarray)]
        if all(array.flags.owndata for array in arrays):
            for array in arrays:
                array.flags.writeable = False
            self._kept[name] = (given, made)
        return made
