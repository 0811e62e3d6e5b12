"""A dask cluster that does the work of a sweep."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from simulation.questions.sweep.store import INSTALL
from simulation.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from distributed import Client

SCHEMES = ("tcp", "tls", "ucx", "ws", "wss", "inproc")
"""How the address of a dask scheduler may begin."""

ANSWERS_WITHIN = 5.0
"""Seconds that a dask scheduler has to answer."""

PATIENCE = 60.0
"""Seconds that a dask cluster may be without any worker."""

Call = tuple[int, tuple[Any, ...]]
"""The number of a block, and what its work takes."""


def by_dask(
    work: Callable[..., bytes], calls: Iterable[Call], address: str
) -> Generator[tuple[int, bytes], None, None]:
    """Do the work of each block, and give back number and bytes as they come, in any order.

    Only two blocks a worker are under way at a time, so that memory does not grow with their number.

    Parameters
    ----------
    address : of a scheduler

    Raises
    ------
    ScenarioError
        if no scheduler answers, its workers are gone or fail, or dask is missing
    """
    try:
        from distributed import wait
    except ImportError:
        raise ScenarioError(f"`dask` needs dask's distributed: {INSTALL}") from None
    with _client(address) as client:
        waiting = iter(calls)
        pending: dict[Any, int] = {}

        def send() -> None:
            width = 2 * max(len(client.scheduler_info(n_workers=-1)["workers"]), 1)
            while len(pending) < width and (call := next(waiting, None)) is not None:
                block, given = call
                pending[client.submit(work, *given, pure=False)] = block

        send()
        while pending:
            try:
                found: Any = wait(list(pending), timeout=PATIENCE, return_when="FIRST_COMPLETED")  # type: ignore[no-untyped-call]
            except TimeoutError:
                if not client.scheduler_info(n_workers=-1)["workers"]:
                    raise ScenarioError(f"`dask` {address}: the cluster has no workers left.") from None
                continue
            for future in found.done:
                block = pending.pop(future)
                try:
                    content = future.result()
                except Exception as error:
                    raise ScenarioError(f"`dask` {address}: a worker could not do block {block}: {error}") from None
                yield block, content
            send()


@contextmanager
def _client(address: str) -> Iterator[Client]:
    from distributed import Client

    written = "It is written tcp://HOST:PORT, as 'dask scheduler' prints it; 'local' is for processes of this machine."
    if "://" in address and address.split("://")[0] not in SCHEMES:
        # A client that cannot even read the address leaves broken tasks behind that nobody waits for.
        raise ScenarioError(f"`dask` {address}: not the address of a scheduler. {written}")
    try:
        client = Client(address, timeout=ANSWERS_WITHIN)  # type: ignore[no-untyped-call]
    except (OSError, TimeoutError, ValueError) as error:
        said = str(error).splitlines()[0] if isinstance(error, ValueError) and str(error) else "no scheduler answers"
        raise ScenarioError(f"`dask` {address}: {said}. {written}") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            hint = f"'dask worker {address}' starts one"
            raise ScenarioError(f"`dask` {address}: the cluster has no workers; {hint}.") from None
        yield client
