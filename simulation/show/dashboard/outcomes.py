"""The runs that visitors ask for: made once for all who ask, remembered a while, ended when nobody waits any more."""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread

from simulation.scenario.schema import Scenario
from simulation.scenario.writing import fingerprint
from simulation.show.dashboard.comparison import Outcome, outcome_of

REMEMBERED = 32
"""Outcomes that are kept, the last ones used."""

AT_ONCE = 2
"""Outcomes that are made at one time."""

WAITING = 24
"""Outcomes that may be under way or wait for their turn; whoever asks for one more is told to come back."""

Key = tuple[str, str, int, int]
"""The identity of the scenario, runs, and seed."""


def identity(scenario: Scenario) -> tuple[str, str]:
    """Two scenarios of the same identity have the same runs: its fingerprint, and what is told as of a day."""
    return fingerprint(scenario), str(scenario.told)


class BusyError(Exception):
    """Too much is asked for at one time."""


class AbandonedError(Exception):
    """Nobody waits for this any more."""


@dataclass(eq=False)
class Work:
    """An outcome that is being made."""

    runs: int
    done: int = 0  # runs made so far
    listeners: int = 0
    abandoned: threading.Event = field(default_factory=threading.Event)
    task: asyncio.Task[Outcome] | None = None

    def progress(self, done: int) -> None:
        """Note how many runs are made; end the work where nobody waits for it."""
        self.done = done
        if self.abandoned.is_set():
            raise AbandonedError


class Outcomes:
    """Outcomes by scenario, runs and seed, whoever asks for them."""

    def __init__(self) -> None:
        self._known: OrderedDict[Key, Outcome] = OrderedDict()
        self._work: dict[Key, Work] = {}
        self._limiter: CapacityLimiter | None = None
        self._alone: set[Work] = set()
        self.ended = False

    @asynccontextmanager
    async def work(self, scenario: Scenario, runs: int, seed: int) -> AsyncIterator[Work]:
        """The making of an outcome, which goes on for as long as somebody is in here.

        Raises
        ------
        BusyError
            where too much is under way already
        """
        key = (*identity(scenario), runs, seed)
        work = self._work.get(key)
        if work is None:
            if self.ended or (key not in self._known and len(self._work) >= WAITING):
                raise BusyError
            work = Work(runs)
            work.task = asyncio.create_task(self._make(key, scenario, work))
            work.task.add_done_callback(_heard)
            self._work[key] = work
        work.listeners += 1
        try:
            yield work
        finally:
            work.listeners -= 1
            if not work.listeners:
                work.abandoned.set()
                if self._work.get(key) is work:
                    del self._work[key]

    @contextmanager
    def alone(self, runs: int) -> Iterator[Work]:
        """Work on so many runs that is nobody else's; it is abandoned when this is left, or all ends.

        Raises
        ------
        BusyError
            where too much is under way already
        """
        if self.ended or len(self._alone) >= WAITING:
            raise BusyError
        work = Work(runs)
        self._alone.add(work)
        try:
            yield work
        finally:
            self._alone.discard(work)
            work.abandoned.set()

    async def of(self, scenario: Scenario, runs: int, seed: int) -> Outcome:
        """The outcome itself."""
        async with self.work(scenario, runs, seed) as work:
            assert work.task is not None
            return await asyncio.shield(work.task)

    async def _make(self, key: Key, scenario: Scenario, work: Work) -> Outcome:
        if key in self._known:
            self._known.move_to_end(key)
            work.done = work.runs
            return self._known[key]
        self._limiter = self._limiter or CapacityLimiter(AT_ONCE)
        outcome = await to_thread.run_sync(_made, scenario, key[2], key[3], work, limiter=self._limiter)
        self._known[key] = outcome
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return outcome

    def end(self) -> None:
        """Let go of all that is under way, and take on no more."""
        self.ended = True
        for work in (*self._work.values(), *self._alone):
            work.abandoned.set()


def _heard(task: asyncio.Task[Outcome]) -> None:
    """Take note of how work ended that nobody waits for, which asyncio would complain about otherwise."""
    if not task.cancelled():
        task.exception()


def _made(scenario: Scenario, runs: int, seed: int, work: Work) -> Outcome:
    work.progress(0)
    return outcome_of(scenario, runs, seed, work.progress)
