"""The version of this package, as installed."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("ceasefire-simulation")
except PackageNotFoundError:
    VERSION = "(not installed)"
