"""Whether dask is imported: xarray does so wherever it is installed, which takes half a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_dask() -> Iterator[None]:
    """Let no import find dask, until ``with_dask``; where xarray is there already, it counts on it, and keeps it."""
    if not {"dask", "xarray"}.isdisjoint(sys.modules):
        yield
        return
    sys.modules["dask"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        with_dask()


def with_dask() -> None:
    """Let imports find dask again."""
    if sys.modules.get("dask", sys) is None:
        del sys.modules["dask"]
