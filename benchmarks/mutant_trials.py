"""Try mutants that mutmut has made: tests are collected once, and each mutant has a fork of that process.

    python -m benchmarks.mutant_trials WORKERS SECONDS < NAMES      in the folder where mutmut makes them

The tests that mutmut saw call the function come first, the quick ones before the slow; then, if none of them failed,
those that share a fixture of their file with one of them, for what it calls is seen in the first test alone. Of all
these a mutant gets as many as took so many seconds when mutmut saw them.
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import signal
import sys
import tempfile
import tomllib
from collections.abc import Sequence, Set
from itertools import accumulate
from pathlib import Path
from typing import NoReturn

import pytest

UNTESTED = 33
"""The exit code that mutmut notes for a mutant without a test."""


class Trials:
    """A plugin of pytest: in place of running the tests once, try every mutant of a list on them."""

    def __init__(self, names: Sequence[str], workers: int, most: float) -> None:
        kept = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))
        self.names, self.workers, self.most = names, workers, most
        self.callers: dict[str, list[str]] = kept["tests_by_mangled_function_name"]
        self.seconds: dict[str, float] = kept["duration_by_test"]
        self.running: dict[int, tuple[str, str]] = {}
        self.kept: dict[str, Path] = {}
        for file in Path().rglob("*.meta"):
            self.kept |= dict.fromkeys(json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"], file)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Fork for every mutant and note how it ended; but first of all see that the tests pass without one."""
        self.fork("", session, self.within(session.items))
        if self.wait() != 0:
            raise pytest.UsageError("The tests fail on the code as it is.")
        for name in self.names:
            items = self.tests(name, session.items)
            if items:
                if len(self.running) >= self.workers:
                    self.wait()
                self.fork(name, session, items)
            else:
                self.note(name, UNTESTED)
        while self.running:
            self.wait()
        return True

    def fork(self, name: str, session: pytest.Session, items: Sequence[pytest.Item]) -> None:
        """Start a process that tries a mutant."""
        folder = tempfile.mkdtemp()
        process = os.fork()
        if process == 0:
            self.attempt(name, session, items, folder)
        self.running[process] = name, folder

    def tests(self, name: str, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        """The tests to run on a mutant, in order; none if none calls its function."""
        callers = set(self.callers.get(name.rpartition("__mutmut_")[0], ()))
        made = {fixture for item in items if item.nodeid in callers for fixture in made_once(item)}
        chosen = [item for item in items if item.nodeid in callers or not made.isdisjoint(made_once(item))]
        return self.within(chosen, callers) if callers else []

    def within(self, items: Sequence[pytest.Item], first: Set[str] = frozenset()) -> list[pytest.Item]:
        """As many of some tests as there is time for, some before the others, and the quick before the slow."""

        def rank(item: pytest.Item) -> tuple[bool, int]:
            return item.nodeid not in first, round(math.log10(self.seconds.get(item.nodeid, 0) + 0.001))

        found = sorted(items, key=rank)
        spent = accumulate(self.seconds.get(item.nodeid, 0) for item in found)
        return [item for item, seconds in zip(found, spent, strict=True) if seconds <= self.most] or found[:1]

    def attempt(self, name: str, session: pytest.Session, items: Sequence[pytest.Item], folder: str) -> NoReturn:
        """Run tests on a mutant until one fails, and end this process: with 1 if one did."""
        from mutmut.mutation.trampoline import set_mutant_under_test

        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nowhere, stream)
        tempfile.tempdir = os.environ["TMPDIR"] = os.environ["PYTEST_DEBUG_TEMPROOT"] = folder
        seconds = math.ceil(10 + 5 * sum(self.seconds.get(item.nodeid, 0) for item in items))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(20 * seconds)
        set_mutant_under_test(name)
        failed = True
        try:
            for item, after in zip(items, [*items[1:], None], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                if session.testsfailed:
                    break
            failed = session.testsfailed > 0
        finally:
            os._exit(failed)

    def wait(self) -> int:
        """The exit code of the mutant that is done next."""
        process, status = os.wait()
        name, folder = self.running.pop(process)
        shutil.rmtree(folder, ignore_errors=True)
        code = os.waitstatus_to_exitcode(status)
        if name:
            self.note(name, code)
        return code

    def note(self, name: str, code: int) -> None:
        """Keep the exit code of a mutant where mutmut keeps those of its own."""
        print(name, code, flush=True)
        kept = json.loads(self.kept[name].read_text(encoding="utf-8"))
        kept["exit_code_by_key"][name] = code
        self.kept[name].write_text(json.dumps(kept, indent=4), encoding="utf-8")


def made_once(item: pytest.Item) -> set[tuple[Path, str]]:
    """The fixtures of a test that all tests of its file share."""
    fixtures = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]  # pytest has no public name for it
    return {(item.path, name) for name, found in fixtures.items() if found[-1].scope == "module"}


def main() -> int:
    """Try the mutants of which the names stand on standard input."""
    settings = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    where = settings["pytest_add_cli_args"] + settings["pytest_add_cli_args_test_selection"]
    trials = Trials(sys.stdin.read().split(), int(sys.argv[1]), float(sys.argv[2]))
    return int(pytest.main(["--rootdir=.", "-q", "-s", "--tb=no", "--show-capture=no", *where], plugins=[trials]))


if __name__ == "__main__":
    sys.exit(main())
