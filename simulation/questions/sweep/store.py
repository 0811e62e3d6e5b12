"""What a sweep leaves on disk: a manifest, and parts in Parquet, each written aside and renamed."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulation.parameters import nearest
from simulation.questions.sweep.probe import alike
from simulation.runs.results import write_bytes, write_text
from simulation.scenario.errors import ScenarioError
from simulation.scenario.files import load_text
from simulation.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
INSTALL = 'pip install "ceasefire-simulation[experiments]"'


@dataclass(frozen=True)
class Store:
    """A folder that holds a sweep, whole or in part."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def scenario(self) -> Scenario:
        """The scenario that is swept."""
        return load_text(self.manifest["scenario"], f"{self.folder / MANIFEST}: the scenario")

    @property
    def points(self) -> int:
        """How many points the whole sweep has."""
        return int(self.manifest["points"])

    @property
    def runs(self) -> int:
        """How many runs every point has."""
        return int(self.manifest["runs"])

    @property
    def keys(self) -> list[str]:
        """The keys that are varied."""
        return list(self.manifest["keys"])

    @property
    def blocks(self) -> int:
        """How many parts the whole sweep has."""
        return -(-self.points // int(self.manifest["points_per_part"]))

    def span(self, block: int) -> tuple[int, int]:
        """The first point of a block, and the first that is not in it any more."""
        size = int(self.manifest["points_per_part"])
        return block * size, min((block + 1) * size, self.points)

    def part(self, block: int) -> Path:
        """The file of a block."""
        return self.folder / "parts" / f"part-{block:05d}.parquet"

    def done(self) -> list[int]:
        """The blocks that are there and whole."""
        return [block for block in range(self.blocks) if self._whole(block)]

    def _whole(self, block: int) -> bool:
        from pyarrow import ArrowInvalid, parquet

        file = self.part(block)
        if not file.exists():
            return False
        try:
            notes = parquet.read_schema(file).metadata or {}
        except (ArrowInvalid, OSError):
            return False  # a part that a failing disk or a power cut spoilt is made again
        return notes.get(b"points") == "{}-{}".format(*self.span(block)).encode()

    def write(self, block: int, content: bytes) -> None:
        """Write one part aside, see that it is on the disk, and rename it.

        Raises
        ------
        OSError
            where the disk is full or cannot be written to; nothing that was there before is touched
        """
        write_bytes(self.part(block), content)

    def tidy(self) -> None:
        """Take away what a killed sweep had begun to write."""
        for aside in [*self.folder.glob("*.partial"), *self.folder.glob("parts/*.partial")]:
            aside.unlink(missing_ok=True)

    def query(self, sql: str) -> pd.DataFrame:
        """The answer to a question in SQL, asked of the view ``sweep``: a row for each run of each point.

        Raises
        ------
        ScenarioError
            with what DuckDB has to say about the question, or if no part is there yet
        """
        try:
            import duckdb
        except ImportError:
            raise ScenarioError(f"a query needs DuckDB: {INSTALL}") from None
        parts = [str(self.part(block)) for block in self.done()]
        if not parts:
            raise ScenarioError(f"{self.folder}: no part of the sweep is there yet.")
        with duckdb.connect() as database:
            database.from_parquet(parts).create_view("sweep")
            try:
                answer = database.sql(sql)
                if answer is None:
                    raise ScenarioError("the question gives no rows; begin it with select.")
                found: pd.DataFrame = answer.df()
                return found
            except duckdb.Error as error:
                raise ScenarioError(f"the question will not do: {error}") from None


def create(folder: Path, manifest: dict[str, Any], *, resume: bool, force: bool = False) -> Store:
    """A store for a sweep in a folder: a new one, or with ``resume`` the one that is there.

    With ``force`` a sweep that is there, and is not to be resumed, is taken away.

    Raises
    ------
    ScenarioError
        if the folder holds a sweep and is not to be resumed, or holds another one than that of the manifest
    """
    file = folder / MANIFEST
    if force and not resume:
        for part in [file, *folder.glob("parts/*.parquet")]:
            part.unlink(missing_ok=True)
    if file.exists():
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
    (folder / "parts").mkdir(parents=True, exist_ok=True)
    if any((folder / "parts").glob("*.parquet")):
        raise ScenarioError(f"{folder}: holds parts of a sweep without its {MANIFEST}; choose another folder.")
    write_text(file, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return Store(folder, manifest)


def open_store(folder: str | Path) -> Store:
    """The store in a folder.

    Raises
    ------
    ScenarioError
        if there is none
    """
    folder = Path(folder)
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ScenarioError(f"{folder}: holds no sweep: it has no {MANIFEST}.") from None
    except ValueError:
        raise ScenarioError(f"{folder / MANIFEST}: cannot be read as JSON.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != 1:
        raise ScenarioError(f"{folder / MANIFEST}: not the manifest of a sweep.")
    return Store(folder, manifest)


def differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> Iterator[str]:
    """In what two manifests differ, in words."""
    for key, name in (("runs", "runs a point"), ("seed", "seed"), ("points", "points")):
        if there.get(key) != here[key]:
            yield f"{name}: {there.get(key)} there, {here[key]} asked for"
    if there.get("measures") != here["measures"]:
        yield _lists("measures", there.get("measures", []), here["measures"])
    if there.get("scenario_sha256") != here["scenario_sha256"]:
        yield from _scenarios(there.get("scenario", ""), here["scenario"])
    if there.get("keys") != here["keys"]:
        yield _lists("keys that are varied", there.get("keys", []), here["keys"])
    elif there.get("design_sha256") != here["design_sha256"]:
        yield f"design: {json.dumps(there.get('design'))} there, {json.dumps(here['design'])} asked for"
    if there.get("versions") != here["versions"]:
        for name, version in here["versions"].items():
            if there.get("versions", {}).get(name) != version:
                yield f"{name}: {there.get('versions', {}).get(name)} there, {version} now"
    elif not alike(there.get("probe", {}), here["probe"]) and there.get("scenario_sha256") == here["scenario_sha256"]:
        yield "model: this version of the program gives other results for the same scenario"


def _lists(what: str, there: Sequence[str], here: Sequence[str]) -> str:
    gone, new = [name for name in there if name not in here], [name for name in here if name not in there]
    if not (gone or new):
        return f"{what}: in another order"
    parts = [f"{', '.join(names)} only {where}" for names, where in ((gone, "there"), (new, "asked for")) if names]
    return f"{what}: {'; '.join(parts)}"


def _scenarios(there: str, here: str) -> Iterator[str]:
    """Which numbers of a scenario are not what they were; at most five."""
    try:
        old, new = _flat(tomllib.loads(there)), _flat(tomllib.loads(here))
    except tomllib.TOMLDecodeError:
        yield "scenario: another one"
        return
    changed = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    for key in changed[:5]:
        yield f"scenario: {key}: {old.get(key, 'nothing')} there, {new.get(key, 'nothing')} asked for"
    if len(changed) > 5:
        yield f"scenario: … and {len(changed) - 5} more"


def _flat(table: Any, where: str = "") -> dict[str, Any]:
    if isinstance(table, list) and any(isinstance(item, dict) for item in table):
        table = {_label(item, place): item for place, item in enumerate(table)}
    if not isinstance(table, dict):
        return {where: table}
    found: dict[str, Any] = {}
    for key, value in table.items():
        found |= _flat(value, f"{where}.{key}" if where else key)
    return found


def _label(item: Any, place: int) -> str:
    if isinstance(item, dict):
        if "from" in item and "to" in item:
            return f"{item['from']}.{item['to']}"
        offer = item.get("offer")
        return str(item.get("id") or (offer.get("id") if isinstance(offer, dict) else None) or place)
    return str(place)


def known_measure(name: str, store: Store) -> str:
    """A measure that the sweep has, or an error with the nearest one."""
    if name not in store.manifest["measures"]:
        raise ScenarioError(f"`measures` {name}: not in this sweep.{nearest(name, store.manifest['measures'])}")
    return name
