"""One input after another, each watched: for its time, for what it writes, and for what is said of it."""

from __future__ import annotations

import faulthandler
import os
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulation.parameters import HIDDEN
from simulation.scenario import ScenarioError

from .targets import TARGETS, Target, prepare

SLOW = 2.0
"""Seconds of the processor that an input may take."""

HANGS = 30
"""Seconds after which an input is given up."""

MEMORY = 12_000_000_000
"""Bytes of addresses that a process may take."""

LONGEST = 20_000
"""Letters that a message may have."""


@dataclass(frozen=True)
class Outcome:
    """What became of an input."""

    clean: bool  # it was refused in words, or else accepted
    seconds: float
    failure: str = ""  # how it failed, if it did
    place: str = ""  # where in the package


class HangError(BaseException):
    """An input that takes too long."""


def chosen(number: int, seed: int, only: str | None) -> tuple[Target, random.Random]:
    """The target of an input of that number, and the generator that damages it."""
    rng = random.Random(f"{seed}/{number}")
    [target] = rng.choices(list(TARGETS.values()), [target.share for target in TARGETS.values()])
    return (TARGETS[only] if only else target), rng


class Bench:
    """A folder in which inputs are tried, with what they may name beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.beside = set(prepare(folder))
        self.whole: dict[str, list[bytes]] = {}
        self.left: set[str] = set(os.listdir(folder))

    def input(self, number: int, seed: int, only: str | None = None) -> tuple[Target, bytes]:
        """The input of that number."""
        target, rng = chosen(number, seed, only)
        if target.name not in self.whole:
            self.whole[target.name] = target.whole(self.folder)
            self.left = set(os.listdir(self.folder))
        whole = self.whole[target.name]
        return target, target.damage(rng.choice(whole), rng, whole)

    def tried(self, target: Target, content: bytes, said: Callable[[], str] = str) -> Outcome:
        """What became of an input. ``said`` gives what was written to standard error since it was last asked."""
        begun = time.process_time()
        clean, failure, place = False, "", ""
        signal.alarm(HANGS)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                target.take(content, self.folder)
        except ScenarioError as error:
            clean = True
            failure = unfit_message(str(error), target, self.folder)
            place = where(error) if failure else ""
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            failure, place = f"{type(error).__name__}: {str(error)[:200]}", where(error)
        finally:
            signal.alarm(0)
        seconds = time.process_time() - begun
        now = set(os.listdir(self.folder))
        allowed = self.left | {"scenario.toml", "child.toml", "design.csv", "book.xlsx", "result.nc", "series.csv"}
        if written := now - allowed - {"table.csv", "table.xml"}:
            failure = failure or f"wrote {', '.join(sorted(written))}"
        if words := said():
            failure = failure or f"said on standard error: {words[:200]}"
        if seconds > SLOW:
            failure = failure or f"took {seconds:.1f} s"
        return Outcome(clean, seconds, failure, place)


UNNAMED = ("measure", "date", "vary", "design")
"""Targets whose input is no file, nor read into one: their messages begin with the input itself."""


def unfit_message(text: str, target: Target, folder: Path) -> str:
    """What is wrong with the message of a refusal; nothing where it is as it should be."""
    if not text.strip():
        return "an empty message"
    if found := HIDDEN.search(text):
        return f"a message with the character U+{ord(found[0]):04X}"
    if len(text) > LONGEST:
        return f"a message of {len(text)} letters"
    files = target.name not in (*UNNAMED, "set")
    if files and str(folder) not in text:
        return f"a message that names no file: {text[:200]}"
    if re.search(r"Traceback|Value error|pydantic|Expecting value|object at 0x", text):
        return f"a message of machinery: {text[:200]}"
    return ""


def where(error: BaseException) -> str:
    """The last place in the package that an error went through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/simulation/" in frame.filename] or frames
    return f"{own[-1].filename.rpartition('/simulation/')[2]}:{own[-1].lineno}" if own else ""


@contextmanager
def watched() -> Iterator[Callable[[], str]]:
    """Give up what hangs, bound the memory, and catch what any library says on standard error."""
    own = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        faulthandler.enable(file=own)
        before = signal.signal(signal.SIGALRM, _give_up)
        sys.stderr.flush()
        os.dup2(aside.fileno(), 2)

        def said() -> str:
            if os.fstat(aside.fileno()).st_size == 0:
                return ""
            aside.seek(0)
            text = aside.read().decode(errors="replace")
            aside.seek(0)
            aside.truncate()
            return text

        try:
            yield said
        finally:
            os.dup2(own, 2)
            os.close(own)
            faulthandler.disable()
            signal.signal(signal.SIGALRM, before)


def _give_up(*_: object) -> None:
    raise HangError(f"more than {HANGS} s")


def work(numbers: Iterable[int], seed: int, only: str | None, folder: Path, tell: Callable[..., None]) -> None:
    """Try the inputs of some numbers, and tell of each before and after it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.chdir(folder)
    with watched() as said:
        bench = Bench(folder)
        said()
        for number in numbers:
            target, content = bench.input(number, seed, only)
            said()
            tell(number, target.name, content, None)
            tell(number, target.name, content, bench.tried(target, content, said))
