"""The single runs that are looked at step by step, and their pictures; the last ones are kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from simulation.runs.agents.snapshots import Snapshot
from simulation.show.dashboard.outcomes import identity
from simulation.show.dashboard.stepper import Stepper
from simulation.show.dashboard.views import View

if TYPE_CHECKING:
    from simulation.show.plots.network import Network

Key = TypeVar("Key")
Value = TypeVar("Value")

KEPT = 8
"""Runs, and as many pictures of networks, that are kept."""


class Runs:
    """Runs by scenario, seed and number."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._steppers: dict[tuple[str, str, int, int], Stepper] = {}
        self._networks: dict[tuple[str, str], Network] = {}

    def past(self, view: View) -> list[Snapshot]:
        """The run of a view from its opening up to its step."""
        scenario, settings = view.scenario, view.settings
        with self._lock:
            stepper = _kept(
                self._steppers,
                (*identity(scenario), settings.seed, settings.run),
                lambda: Stepper(scenario, settings.seed, settings.run),
            )
            return stepper.to(settings.step)

    def picture(self, view: View, past: list[Snapshot]) -> bytes:
        """The network of actors at the last of some snapshots, as PNG."""
        from PIL.Image import fromarray

        from simulation.show.plots.network import Network

        network = _kept(self._networks, identity(view.start), lambda: Network(view.start, dpi=110))
        file = io.BytesIO()
        fromarray(network.show(past)).convert("RGB").save(file, format="PNG", compress_level=1)
        return file.getvalue()


def _kept(some: dict[Key, Value], key: Key, make: Callable[[], Value]) -> Value:
    """What was kept under a key, or is made now; the one whose last use lies farthest back goes."""
    found = some.pop(key) if key in some else make()
    some[key] = found
    if len(some) > KEPT:
        del some[next(iter(some))]
    return found
