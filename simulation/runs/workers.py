"""Worker processes: one function, called many times over in several processes of this machine."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from simulation.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from simulation.scenario.schema import Scenario

Answer = TypeVar("Answer")

WORTH_SHARING = 20_000_000
"""Runs × steps × actors from which work is shared out where nobody says otherwise: below, a second or two of one
process, too much of the gain goes into starting others."""

ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What keeps the libraries of a worker to one core; what the user's own environment says goes before."""

# with -P, or a json.py in the folder where one happens to be would be imported
START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from simulation.runs.workers import serve; serve()"


def cores() -> int:
    """How many cores this process may use: fewer than there are where it is bound to some, or a container is."""
    bound = getattr(os, "sched_getaffinity", None)
    count = len(bound(0)) if bound else os.cpu_count() or 1
    with suppress(OSError, ValueError):  # "max 100000", or "200000 100000" for two cores
        quota, period = map(int, Path("/sys/fs/cgroup/cpu.max").read_text(encoding="ascii").split())
        count = min(count, -(-quota // period))
    return max(count, 1)


def workers_for(scenario: Scenario, runs: int) -> int:
    """How many processes pay for so many runs of a scenario: one or all cores.

    It is one where the rule is not of this package, for another process may not know it.
    """
    known = type(scenario.rule).__module__.startswith("simulation.")
    return cores() if known and runs * scenario.steps * len(scenario.actors) >= WORTH_SHARING else 1


class Workers:
    """Processes that wait for calls of one function; with a count of 1 it is this process that does the work.

    They are programs of their own that import the package and nothing of the user's script, so that a script needs no
    ``if __name__ == "__main__"``. A worker ends with the process that started it, however that ends: it then reads the
    end of its standard input.

    Parameters
    ----------
    work : a function that can be imported, as can all that it is given and gives back
    count : of processes; they start at once, and import what the function needs while this process goes on
    """

    def __init__(self, work: Callable[..., Answer], count: int) -> None:
        self.work, self.count = work, count
        self._processes: list[subprocess.Popen[bytes]] = []
        self._idle: SimpleQueue[subprocess.Popen[bytes]] = SimpleQueue()
        if count == 1:
            return
        self._threads = ThreadPoolExecutor(count)
        program = [sys.executable, "-P", "-c", START, json.dumps(sys.path)]
        environment = ONE_THREAD | dict(os.environ)
        for _ in range(count):
            process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            self._processes.append(process)
            self._idle.put(process)
            _send(process.stdin, pickle.dumps(work))

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def results(self, calls: Iterable[tuple[Any, ...]], *, in_order: bool = False) -> Generator[Any, None, None]:
        """What the function gives back for each call, as it comes, or in the order of the calls.

        Only two calls a worker are under way or waiting at a time, so that memory does not grow with their number.

        Raises
        ------
        ScenarioError
            if a worker process dies
        Exception
            what the function raises
        """
        if self.count == 1:
            yield from (self.work(*call) for call in calls)
            return
        waiting = iter(calls)
        pending: deque[Future[Any]] = deque()
        while True:
            for call in _first(waiting, 2 * self.count - len(pending)):
                pending.append(self._threads.submit(self._ask, call))
            if not pending:
                return
            done = {pending[0]} if in_order else wait(pending, return_when=FIRST_COMPLETED).done
            for future in done:
                pending.remove(future)
                yield future.result()

    def _ask(self, call: tuple[Any, ...]) -> Any:
        process = self._idle.get()
        try:
            _send(process.stdin, pickle.dumps(call))
            answer, error = pickle.load(process.stdout)  # type: ignore[arg-type]
        except (EOFError, OSError, pickle.UnpicklingError):
            how = process.wait()
            said = f"by signal {-how}" if how < 0 else f"with exit code {how}"
            raise ScenarioError(
                f"a worker process ended {said}, perhaps for want of memory; try fewer `workers`."
            ) from None
        finally:
            self._idle.put(process)
        if error is not None:
            raise error
        return answer

    def close(self) -> None:
        """End the processes, whatever they are at."""
        for process in self._processes:
            process.kill()
        if self._processes:
            self._threads.shutdown(cancel_futures=True)
        for process in self._processes:
            with suppress(OSError), process:  # waits for its end, and closes its pipes, one of which may be broken
                pass


def _first(calls: Iterator[tuple[Any, ...]], count: int) -> Iterator[tuple[Any, ...]]:
    return (call for _, call in zip(range(count), calls, strict=False))


def _send(pipe: Any, message: Any) -> None:
    pickle.dump(message, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def serve() -> None:
    """What a worker process does: answer calls from standard input on standard output, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes; the one that started us sees to it
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no answer
    calls: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    work = calls.get()
    with suppress(Exception):
        pickle.loads(work)  # imports what it needs, before the first call
    while True:
        _send(answers, _answer(work, calls.get()))


def _answer(work: bytes, call: bytes) -> tuple[Any, Exception | None]:
    try:
        function, arguments = pickle.loads(work), pickle.loads(call)
    except Exception as error:
        return None, ScenarioError(
            f"{error}: a worker process cannot import it; what a script or a notebook defines needs `workers` of 1."
        )
    try:
        return function(*arguments), None
    except Exception as error:
        error.add_note(f"in a worker process:\n{traceback.format_exc()}")
        return None, error


def _listen(stream: BinaryIO, calls: SimpleQueue[Any]) -> None:
    """Put messages into the queue as they come; at the end of the stream, end this process, whatever it is at."""
    try:
        while True:
            calls.put(pickle.load(stream))
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(1)
