"""Several processes that try inputs, and the table of what became of them."""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from .running import HANGS, Outcome, work
from .targets import TARGETS

PATIENCE = 4 * HANGS
"""Seconds without a word after which a process is ended: it hangs where Python cannot give up."""

KEPT = 3
"""Inputs kept of failures of one kind at one place."""

MOST_WORDS = 140


class Talk:
    """Tells the parent which input is tried, and what became of it."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def __call__(self, number: int, target: str, content: bytes, outcome: Outcome | None) -> None:
        self.pipe.send((number, target, content if outcome is None or outcome.failure else b"", outcome))


def begin(pipe: Connection, numbers: Iterable[int], seed: int, only: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        work(numbers, seed, only, Path(folder), Talk(pipe))
    pipe.send(None)


class Tally:
    """What became of all inputs, by target."""

    def __init__(self, keep: Path) -> None:
        self.keep = keep
        self.counts: dict[str, Counter[str]] = {name: Counter() for name in TARGETS}
        self.slowest: dict[str, float] = dict.fromkeys(TARGETS, 0.0)
        self.failures: dict[tuple[str, str, str], list[Path]] = {}

    def add(self, number: int, target: str, content: bytes, outcome: Outcome) -> None:
        self.counts[target].update(["inputs", "clean" if outcome.clean else "accepted"])
        self.slowest[target] = max(self.slowest[target], outcome.seconds)
        if outcome.failure:
            if not outcome.clean:
                self.counts[target]["accepted"] -= 1
            self.counts[target].update(["slow" if outcome.failure.startswith("took ") else "failures"])
            kind = (target, outcome.failure.split(":")[0][:60], outcome.place)
            kept = self.failures.setdefault(kind, [])
            if len(kept) < KEPT:
                self.keep.mkdir(parents=True, exist_ok=True)
                file = self.keep / f"{target}-{number}-{hashlib.sha256(content).hexdigest()[:8]}"
                file.write_bytes(content)
                kept.append(file)
                print(f"{file}: {outcome.failure[:MOST_WORDS]!a} ({outcome.place})", flush=True)

    def __str__(self) -> str:
        heads = ("target", "inputs", "clean errors", "accepted", "slow", "failures", "slowest")
        rows = [
            (name, *(str(count[key]) for key in ("inputs", "clean", "accepted", "slow", "failures")),
             f"{self.slowest[name]:.2f} s")
            for name, count in self.counts.items()
        ]  # fmt: skip
        total = sum(self.counts.values(), Counter())
        rows.append(
            ("all", *(str(total[key]) for key in ("inputs", "clean", "accepted", "slow", "failures")),
             f"{max(self.slowest.values()):.2f} s")
        )  # fmt: skip
        return "\n".join(
            "  ".join(cell.ljust(9) if not place else cell.rjust(12) for place, cell in enumerate(row))
            for row in (heads, *rows)
        )

    @property
    def failed(self) -> bool:
        return bool(self.failures)


def run(inputs: int, workers: int, seed: int, only: str | None, keep: Path, first: int = 0) -> Tally:
    """Try so many inputs in so many processes; one that dies or hangs is a failure, and another takes its place."""
    tally = Tally(keep)
    context = multiprocessing.get_context("spawn")
    pending: dict[Connection, Any] = {}
    state: dict[Connection, tuple[int, int, str, bytes, float]] = {}

    def start(worker: int, number: int) -> None:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(
            target=begin, args=(theirs, range(number, first + inputs, workers), seed, only), daemon=True
        )
        process.start()
        theirs.close()
        pending[ours] = process
        state[ours] = (worker, number, "", b"", time.monotonic())

    def lost(pipe: Connection, how: str) -> None:
        worker, number, target, content, _ = state[pipe]
        process = pending.pop(pipe)
        process.kill()
        process.join()
        if not target:
            raise RuntimeError(f"a worker did not begin ({how}, exit code {process.exitcode})")
        tally.add(number, target, content, Outcome(False, 0.0, f"{how}, exit code {process.exitcode}"))
        if number + workers < first + inputs:
            start(worker, number + workers)

    for worker in range(workers):
        start(worker, first + worker)
    while pending:
        for pipe in wait(list(pending), timeout=5):
            try:
                told = pipe.recv()
            except EOFError:
                lost(pipe, "the process died")
                continue
            if told is None:
                pending.pop(pipe).join()
                continue
            number, target, content, outcome = told
            state[pipe] = (state[pipe][0], number, target, content, time.monotonic())
            if outcome is not None:
                tally.add(number, target, content, outcome)
        for pipe in [pipe for pipe in pending if time.monotonic() - state[pipe][4] > PATIENCE]:
            lost(pipe, "the process hung")
    return tally
