"""How much memory work would take, and whether the machine has it: told before the work begins."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from simulation.dynamics.randomness import BLOCK
from simulation.dynamics.variables import VARIABLES, Variable, recorded
from simulation.runs.batches import TOGETHER
from simulation.runs.results.tally import BINS
from simulation.scenario.errors import ScenarioError
from simulation.scenario.keys import offer_ids
from simulation.scenario.schema import Scenario

NUMBER = 8
"""Bytes of a number."""

SMALL = {"truce": 1, "ending": 1}
"""Bytes of variables that take fewer."""

GROUPS = Path("/sys/fs/cgroup")


def bytes_needed(scenario: Scenario, runs: int, *, kept: bool = False, counted: bool = False, numbers: int = 0) -> int:
    """The least memory that runs take, in bytes: of those that go through the steps together, and what is kept of all.

    Parameters
    ----------
    kept : whether every step of every run is kept
    counted : whether they are counted in histograms instead
    numbers : how many numbers are kept of each run besides
    """
    sizes = _sizes(scenario)
    actors, parties, pairs = sizes["actor"], sizes["party"], sizes["pair"]
    history = sum(
        _cells(variable, sizes)
        * SMALL.get(variable.name, NUMBER)
        * (1 if variable.of == "answer" else scenario.steps + 1)
        for variable in recorded()
    ) + NUMBER * pairs * (scenario.steps + 1)  # how far each pair is stilled
    moving = NUMBER * sum(_cells(variable, sizes) for variable in VARIABLES.values() if variable.moves)
    luck = NUMBER * scenario.steps * (actors + parties + pairs)
    still = NUMBER * sum(_cells(variable, sizes) for variable in VARIABLES.values() if not variable.moves)
    if counted:
        slices = sum(_cells(variable, sizes) for variable in VARIABLES.values() if variable.counted) * (BINS + 1)
        still += NUMBER * slices * (scenario.steps + 1)
    together = min(-(-runs // BLOCK), TOGETHER) * BLOCK
    here = together * luck + min(runs, together) * (moving + history)
    return still + here + runs * (history * kept + NUMBER * numbers)


def _sizes(scenario: Scenario) -> dict[str, int]:
    """The lengths of the axes of a state."""
    actors, parties = len(scenario.actors), len(scenario.parties)
    further = max(len(scenario.negotiated) - 1, 0)
    sizes = {"pair": parties * (parties - 1) // 2, "stake": len(scenario.stakes), "offer": len(offer_ids(scenario))}
    sizes |= dict.fromkeys(("actor", "source", "target", "backer"), actors)
    return sizes | {"party": parties, "further_issue": further, "issue": further + 1, "centre": 2}


def _cells(variable: Variable, sizes: dict[str, int]) -> int:
    return math.prod(sizes[axis] for axis in variable.axes)


def memory() -> int | None:
    """Bytes that this process may use: those of the machine, or fewer where it is held to fewer; None if unknown."""
    return min(_limits(), default=None)


def _limits() -> Iterator[int]:
    with suppress(AttributeError, OSError, ValueError):  # Windows has no such call
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with suppress(ImportError):
        import resource

        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            yield soft
    yield from _of_groups()


def _of_groups() -> Iterator[int]:
    """What the control groups of Linux allow this process, in a container say."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, kinds, place = line.split(":", 2)
        if kinds not in ("", "memory"):
            continue
        root, file = (GROUPS, "memory.max") if not kinds else (GROUPS / kinds, "memory.limit_in_bytes")
        group = root / place.lstrip("/")
        for folder in (group, *group.parents):
            with suppress(OSError, ValueError):  # not to be seen from here, or without a limit
                yield int((folder / file).read_text(encoding="utf-8"))
            if folder == root:
                break


def refuse_too_large(needed: int, what: str, would_do: str) -> None:
    """Refuse work that takes more memory than there is.

    Parameters
    ----------
    needed : bytes at the least
    what : the work, such as ``1,000 runs``
    would_do : what would take less

    Raises
    ------
    ScenarioError
        saying how much would be needed, and how much there is
    """
    there = memory()
    if there is not None and needed > there:
        raise ScenarioError(
            f"{what}: needs {in_words(needed)} of memory or more, and {in_words(there)} can be used here; {would_do}."
        )


def check_memory(
    scenario: Scenario,
    runs: int,
    *,
    kept: bool = False,
    counted: bool = False,
    numbers: int = 0,
    processes: int = 1,
) -> None:
    """Refuse runs of a scenario that take more memory than there is; see ``bytes_needed``.

    Parameters
    ----------
    processes : that each do as many runs at a time

    Raises
    ------
    ScenarioError
        saying how much would be needed, and how much there is
    """
    sizes = _sizes(scenario)
    what = f"{runs:,} run{'s' if runs > 1 else ''} of {scenario.steps:,} steps of {sizes['actor']:,} actors"
    if sizes["pair"] > 1:
        what += f" and {sizes['pair']:,} pairs of parties"
    if processes > 1:
        what += f" in each of {processes} processes"
    less = 'fewer `runs`, or keep = "summary", would do' if kept else "fewer `runs`, steps or actors would do"
    needed = bytes_needed(scenario, runs, kept=kept, counted=counted, numbers=numbers)
    refuse_too_large(processes * needed, what, less)


def in_words(count: int) -> str:
    """Bytes in the largest unit of which there is one."""
    for unit, size in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count:,} bytes"
