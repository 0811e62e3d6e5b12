"""The single runs that are looked at step by step, and their pictures; the last ones are kept."""

from __future__ import annotations

import io
from threading import Lock
from typing import TYPE_CHECKING

from simulation.runs.agents.snapshots import Snapshot
from simulation.scenario.schema import Scenario
from simulation.scenario.writing import fingerprint
from simulation.show.dashboard.stepper import Stepper
from simulation.show.dashboard.views import View

if TYPE_CHECKING:
    from simulation.show.plots.network import Network

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
        key = (*_key(scenario), settings.seed, settings.run)
        with self._lock:
            stepper = self._steppers.pop(key, None) or Stepper(scenario, settings.seed, settings.run)
            self._steppers[key] = stepper  # the last one used is the last one to go
            if len(self._steppers) > KEPT:
                del self._steppers[next(iter(self._steppers))]
            return stepper.to(settings.step)

    def picture(self, view: View, past: list[Snapshot]) -> bytes:
        """The network of actors at the last of some snapshots, as PNG."""
        from PIL.Image import fromarray

        from simulation.show.plots.network import Network

        key = _key(view.start)
        network = self._networks.pop(key, None) or Network(view.start, dpi=110)
        self._networks[key] = network
        if len(self._networks) > KEPT:
            del self._networks[next(iter(self._networks))]
        file = io.BytesIO()
        fromarray(network.show(past)).convert("RGB").save(file, format="PNG", compress_level=1)
        return file.getvalue()


def _key(scenario: Scenario) -> tuple[str, str]:
    return fingerprint(scenario), str(scenario.told)
