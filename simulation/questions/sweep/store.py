"""What a sweep leaves on disk: a manifest, and parts in Parquet, each with a checksum beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from simulation.locking import locked
from simulation.parameters import nearest
from simulation.questions.sweep.manifest import MANIFEST, Manifest, differences, read_manifest, write_manifest
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_text
from simulation.scenario.schema import Scenario
from simulation.writing import write_bytes, write_text

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

INSTALL = 'pip install "ceasefire-simulation[experiments]"'


@dataclass(frozen=True)
class Store:
    """A folder that holds a sweep, whole or in part."""

    folder: Path
    manifest: Manifest

    @property
    def scenario(self) -> Scenario:
        """The scenario that is swept."""
        return load_text(self.manifest.scenario, f"{self.folder / MANIFEST}: the scenario")

    @property
    def points(self) -> int:
        """How many points the whole sweep has."""
        return self.manifest.points

    @property
    def runs(self) -> int:
        """How many runs every point has."""
        return self.manifest.runs

    @property
    def keys(self) -> list[str]:
        """The keys that are varied."""
        return list(self.manifest.keys)

    @property
    def blocks(self) -> int:
        """How many parts the whole sweep has."""
        return -(-self.points // self.manifest.points_per_part)

    def span(self, block: int) -> tuple[int, int]:
        """The first point of a block, and the first that is not in it any more."""
        size = self.manifest.points_per_part
        return block * size, min((block + 1) * size, self.points)

    def part(self, block: int) -> Path:
        """The file of a block."""
        return self.folder / "parts" / f"part-{block:05d}.parquet"

    def checksum(self, block: int) -> Path:
        """The file with the checksum of a block's part, as ``sha256sum -c`` reads it."""
        return self.folder / "parts" / f"part-{block:05d}.parquet.sha256"

    def done(self) -> list[int]:
        """The blocks that are there and whole; all bytes are read."""
        return [block for block in range(self.blocks) if self._whole(block)]

    def sound(self) -> list[int]:
        """The blocks that are there, of which none is spoilt; all bytes are read.

        Raises
        ------
        ScenarioError
            naming the parts that are not what was written
        """
        found = {block: self._whole(block) for block in range(self.blocks)}
        spoilt = [self.part(block).name for block, whole in found.items() if whole is False]
        if spoilt:
            names = ", ".join(spoilt[:5]) + (f" and {len(spoilt) - 5} more" if len(spoilt) > 5 else "")
            raise ScenarioError(
                f"{self.folder}: spoilt, for the checksum does not match: {names}. The sweep again with `resume` makes "
                "what is spoilt anew."
            )
        return [block for block, whole in found.items() if whole]

    def _whole(self, block: int) -> bool | None:
        """Whether a part is what was written; None where it is not there, or not yet with its checksum."""
        if not (self.checksum(block).is_file() and self.part(block).is_file()):
            return None
        try:
            with self.checksum(block).open("rb") as opened:
                noted = opened.read(1000)
            with self.part(block).open("rb") as opened:
                digest = hashlib.file_digest(opened, "sha256").hexdigest()
        except PermissionError:
            raise
        except OSError:
            return False  # a failing disk
        return noted == self._note(block, digest).encode()

    @cached_property
    def _sweep(self) -> str:
        return self.manifest.sha256

    def _note(self, block: int, digest: str) -> str:
        return f"# part of the sweep {self._sweep}\n{digest}  {self.part(block).name}\n"

    def write(self, block: int, content: bytes) -> None:
        """Write one part, and then its checksum, without which it does not count; any process may.

        Raises
        ------
        OSError
            where the disk is full or cannot be written to; nothing that was there before is touched
        """
        write_bytes(self.part(block), content)
        write_text(self.checksum(block), self._note(block, hashlib.sha256(content).hexdigest()))

    def read(self, block: int, columns: Sequence[str]) -> pa.Table:
        """Some columns of a part, ``point`` in order among them.

        Raises
        ------
        ScenarioError
            for a part that does not hold the runs of its points
        """
        import numpy as np
        import pyarrow as pa
        from pyarrow import parquet

        try:
            part = parquet.read_table(self.part(block), columns=list(columns))
            point = part["point"].to_numpy()
            ordered = np.array_equal(np.unique(point), np.arange(*self.span(block))) and (np.diff(point) >= 0).all()
            kinds = [part[name].type for name in columns if name in self.manifest.measures]
            if ordered and all(pa.types.is_integer(kind) or pa.types.is_floating(kind) for kind in kinds):
                return part
        except (pa.ArrowException, OSError, KeyError, ValueError):
            pass
        raise ScenarioError(f"{self.part(block)}: does not hold {', '.join(columns)} of points of this sweep.")

    def tidy(self) -> None:
        """Take away what a killed sweep had begun to write; for who holds the lock."""
        for aside in [*self.folder.glob(f"{MANIFEST}.*.partial"), *self.folder.glob("parts/*.partial")]:
            aside.unlink(missing_ok=True)

    def query(self, sql: str) -> pd.DataFrame:
        """The answer to a question in SQL, asked of the view ``sweep``: a row for each run of each point.

        Nothing but the sweep can be read, and nothing written: neither files nor the network can be reached.

        Raises
        ------
        ScenarioError
            with what DuckDB has to say about the question, if it is no single question, or if a part is spoilt or none
            is there yet
        """
        try:
            import duckdb
            from pyarrow import dataset
        except ImportError:
            raise ScenarioError(f"a query needs DuckDB and pyarrow: {INSTALL}") from None
        parts = [str(self.part(block)) for block in self.sound()]
        if not parts:
            raise ScenarioError(f"{self.folder}: no part of the sweep is there yet.")
        with duckdb.connect(config={"enable_external_access": False, "python_enable_replacements": False}) as database:
            database.register("sweep", dataset.dataset(parts))
            database.execute("set lock_configuration = true")
            try:
                _check_question(database, sql)
                found: pd.DataFrame = database.sql(sql).df()
                return found
            except duckdb.Error as error:
                raise ScenarioError(f"the question will not do: {error}{self._quotes(sql)}") from None

    def _quotes(self, sql: str) -> str:
        """A hint at names that have to stand in double quotes, and do not."""
        for name in (*self.keys, *self.manifest.measures):
            if not name.isidentifier() and re.search(rf'(?<!["\w.]){re.escape(name)}(?!["\w.])', sql):
                return f'\nA name with dots or dashes stands in double quotes: "{name}".'
        return ""


ASKS = ("SELECT", "EXPLAIN", "MULTI")
"""Statements that only ask, as DuckDB calls their kinds; the last is PIVOT."""


def _check_question(database: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refuse what is not one question."""
    kinds = [statement.type.name for statement in database.extract_statements(sql)]
    if len(kinds) != 1 or kinds[0] not in ASKS:
        said = " and ".join(kinds) or "no statement"
        raise ScenarioError(f"{said}: not a question; a sweep can only be read: begin it with select.")


@contextmanager
def create(folder: Path, manifest: Manifest, *, resume: bool, force: bool = False) -> Iterator[Store]:
    """A store for a sweep in a folder, for this process alone: a new one, or with ``resume`` the one that is there.

    With ``force`` a sweep that is there, and is not to be resumed, is taken away.

    Raises
    ------
    ScenarioError
        if the folder holds a sweep and is not to be resumed, or holds another one than that of the manifest, or
        another process is writing there
    OSError
        where nothing can be written there
    """
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder / MANIFEST))
        except BlockingIOError as error:
            raise ScenarioError(f"{folder}: a sweep is under way there: {error.strerror}; wait for it.") from None
        store = _begun(folder, manifest, resume, force)
        store.tidy()
        yield store


def _begun(folder: Path, manifest: Manifest, resume: bool, force: bool) -> Store:
    if force and not resume:
        for file in [folder / MANIFEST, *folder.glob("parts/*.parquet"), *folder.glob("parts/*.parquet.sha256")]:
            file.unlink(missing_ok=True)
    if (folder / MANIFEST).exists():
        there = open_store(folder)
        if not resume:
            done = len(there.done())
            state = "whole" if done == there.blocks else f"{done} of {there.blocks} parts done"
            raise ScenarioError(
                f"{folder}: holds a sweep already ({state}). `resume` goes on with it, `force` replaces it; or name "
                "another folder."
            )
        differing = list(differences(there.manifest, manifest))
        if differing:
            raise ScenarioError(
                f"{folder}: holds another sweep, and was left as it is; choose another folder.\n"
                + "\n".join(f"  {line}" for line in differing)
            )
        return there
    if any((folder / "parts").glob("*.parquet")):
        raise ScenarioError(f"{folder}: holds parts of a sweep without its {MANIFEST}; choose another folder.")
    write_manifest(manifest, folder)
    return Store(folder, manifest)


def open_store(folder: str | Path) -> Store:
    """The store in a folder.

    Raises
    ------
    ScenarioError
        if there is none, or its manifest will not do
    """
    return Store(Path(folder), read_manifest(Path(folder)))


def known_measure(name: str, store: Store) -> str:
    """A measure that the sweep has, or an error with the nearest one."""
    if name not in store.manifest.measures:
        raise ScenarioError(f"`measures` {name}: not in this sweep.{nearest(name, store.manifest.measures)}")
    return name
