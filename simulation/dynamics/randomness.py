"""Named streams of random numbers, and all that a run draws from them.

The generator of a table is keyed by (seed, stream, name, block of 256 runs). So results do not depend on how runs are
shared out; run 13 by itself is run 13 of the ensemble; another actor, event or stream leaves every other draw as it
was; and two scenarios run with one seed use common random numbers, which is what makes comparing them sharp.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simulation.dynamics.state import Array, World

BLOCK = 256
"""Runs that share a generator. Changing it changes every result."""


@dataclass(frozen=True, slots=True)
class Draws:
    """The random numbers of one step."""

    stance: Array  # (..., n) standard normal
    battle: Array  # (..., m) standard normal
    truce: Array  # (..., P) uniform
    answers: dict[str, Array]  # by offer, (..., m) uniform
    events: dict[str, Array]  # by event, (..., 1) uniform
    rule: dict[str, Array]  # by stream of the stance rule, (..., n) uniform


@dataclass(frozen=True, slots=True)
class Luck:
    """All random numbers of some runs. Tables by step have the steps in front of the runs, so that a longer scenario
    keeps the numbers of a shorter one."""

    stance: Array  # (steps, ..., n)
    battle: Array  # (steps, ..., m)
    truce: Array  # (steps, ..., P)
    answers: dict[str, Array]  # by offer, (..., m)
    events: dict[str, Array]  # by event, (..., 1)
    rule: dict[str, Array]  # by stream, (steps, ..., n)

    def at(self, step: int) -> Draws:
        """The random numbers of one step."""
        return Draws(
            stance=self.stance[step],
            battle=self.battle[step],
            truce=self.truce[step],
            answers=self.answers,
            events=self.events,
            rule={name: table[step] for name, table in self.rule.items()},
        )

    def of(self, rows: int | slice | NDArray[np.intp]) -> Luck:
        """The numbers of one run, of some of the first runs, or of any by their places, of which one may come twice."""
        by_step = (slice(None), rows)
        return Luck(
            stance=np.ascontiguousarray(self.stance[by_step]),
            battle=np.ascontiguousarray(self.battle[by_step]),
            truce=np.ascontiguousarray(self.truce[by_step]),
            answers={name: table[rows] for name, table in self.answers.items()},
            events={name: table[rows] for name, table in self.events.items()},
            rule={name: np.ascontiguousarray(table[by_step]) for name, table in self.rule.items()},
        )


def generator(seed: int, stream: str, name: str, block: int) -> np.random.Generator:
    """The generator of one table."""
    key = hashlib.blake2b(repr((int(seed), stream, name, block)).encode(), digest_size=32).digest()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(int.from_bytes(key, "little"))))


Kind = Literal["standard_normal", "random"]


def draw(world: World, seed: int, block: int, blocks: int = 1) -> Luck:
    """The random numbers of the 256 runs of a block, or of several blocks in a row."""
    steps, runs = world.steps, BLOCK * blocks
    rows = [slice(place * BLOCK, (place + 1) * BLOCK) for place in range(blocks)]

    def table(stream: str, names: Sequence[str], kind: Kind) -> Array:
        numbers = np.empty((steps, runs, len(names)))
        for place, name in enumerate(names):
            for number, some in enumerate(rows):
                drawn = generator(seed, stream, name, block + number)
                numbers[:, some, place] = getattr(drawn, kind)((steps, BLOCK))
        return numbers

    def column(stream: str, name: str) -> Array:
        return np.concatenate([generator(seed, stream, name, block + number).random(BLOCK) for number in range(blocks)])

    return _luck(world, table, column)


def draw_run(world: World, seed: int, run: int) -> Luck:
    """The random numbers of one run: its row of what ``draw`` has for its block.

    A generator cannot skip rows, so that all of the block are drawn; they are kept for the next run of the same block.
    """
    block, row = divmod(run, BLOCK)
    drawn = _of_block if world.steps <= LONGEST_KEPT else _of_block.__wrapped__

    def table(stream: str, names: Sequence[str], kind: Kind) -> Array:
        numbers = np.empty((world.steps, len(names)))
        for place, name in enumerate(names):
            numbers[:, place] = drawn(seed, stream, name, block, kind, world.steps)[:, row]
        return numbers

    def column(stream: str, name: str) -> Array:
        return np.asarray(drawn(seed, stream, name, block, "random", 1)[0, row])

    return _luck(world, table, column)


LONGEST_KEPT, TABLES_KEPT = 128, 128
"""Steps of a run whose block is kept, and how many tables are: 32 MiB at the most."""


@lru_cache(maxsize=TABLES_KEPT)
def _of_block(seed: int, stream: str, name: str, block: int, kind: Kind, steps: int) -> Array:
    """One table of a block, (steps, 256)."""
    numbers: Array = getattr(generator(seed, stream, name, block), kind)((steps, BLOCK))
    return numbers


def _luck(
    world: World,
    table: Callable[[str, Sequence[str], Kind], Array],
    column: Callable[[str, str], Array],
) -> Luck:
    """Every stream that a world needs, drawn by steps in ``table`` and once a run in ``column``."""
    return Luck(
        stance=table("stance", world.actors, "standard_normal"),
        battle=table("battle", world.parties, "standard_normal"),
        truce=table("truce", truce_streams(world), "random"),
        answers={
            offer.id: np.stack([column("answer", f"{offer.id}/{party}") for party in world.parties], axis=-1)
            for offer in world.offers
        },
        events={
            event.id: column("event", event.id)[..., None]
            for due in world.events.values()
            for event in due
            if event.chance is not None
        },
        rule={stream: table(stream, world.actors, "random") for stream in world.rule.draws},
    )


def truce_streams(world: World) -> list[str]:
    """The names of the streams behind the breach of each pair's truce, such as ``GNA+LNA``.

    The first pair by name draws from the stream without one, as the only pair of a war of two does: so a party that
    joins at the end of the alphabet leaves the numbers of the others as they were, and the order of the file counts
    nowhere.
    """
    names = ["+".join(sorted(world.parties[place] for place in pair)) for pair in world.pairs]
    return ["" if name == min(names) else name for name in names]
