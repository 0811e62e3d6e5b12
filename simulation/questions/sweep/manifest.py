"""What a sweep says of itself beside its parts: a checked table, with a checksum of its own."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from simulation.parameters import Table
from simulation.questions.sweep.design import MOST_POINTS
from simulation.questions.sweep.probe import Probe, alike
from simulation.runs.ensemble import MOST_RUNS
from simulation.scenario.errors import ScenarioError, explain
from simulation.scenario.input_files import read_text
from simulation.scenario.toml import read_toml
from simulation.writing import write_text

MANIFEST = "manifest.json"

FORMAT: Literal[2] = 2

LARGEST = 1_000_000_000

MOST_PARTS = 1000
"""Parts that a sweep has about at most, and never more than twice as many; large sweeps have larger parts."""


class Manifest(Table):
    """What is swept, how, and with what."""

    format: Literal[2] = FORMAT
    title: str
    scenario_sha256: str
    seed: int
    runs: int = Field(ge=1, le=MOST_RUNS)  # a point
    points: int = Field(ge=1, le=MOST_POINTS)
    points_per_part: int = Field(ge=1, le=MOST_POINTS)
    keys: list[str] = Field(min_length=1)
    design: dict[str, Any]
    design_sha256: str
    measures: list[str] = Field(min_length=1)
    versions: dict[str, str]
    probe: Probe
    scenario: str

    @model_validator(mode="after")
    def _has_few_parts(self) -> Self:
        if self.points > 2 * MOST_PARTS * self.points_per_part:
            raise ValueError(
                f"points_per_part: {self.points_per_part} would make more than {2 * MOST_PARTS} parts of "
                f"{self.points:,} points."
            )
        return self

    @property
    def sha256(self) -> str:
        """A checksum of all of it, which tells the sweep from any other."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest and its checksum."""
    table = {**manifest.model_dump(mode="json"), "sha256": manifest.sha256}
    write_text(folder / MANIFEST, json.dumps(table, indent=1, ensure_ascii=False) + "\n")


def read_manifest(folder: Path) -> Manifest:
    """The manifest in a folder.

    Raises
    ------
    ScenarioError
        if there is none; naming the key that will not do; or if any of it was changed after it was written
    """
    file = folder / MANIFEST
    if not file.is_file():
        raise ScenarioError(f"{folder}: holds no sweep: it has no {MANIFEST}.")
    text = read_text(file, LARGEST, "a manifest")
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        raise ScenarioError(f"{file}: cannot be read as JSON.") from None
    if not isinstance(table, dict) or "format" not in table:
        raise ScenarioError(f"{file}: not the manifest of a sweep.")
    if table["format"] != FORMAT:
        raise ScenarioError(
            f"{file}: format: {table['format']} is not the {FORMAT} of this program; sweep again with `force`, or into "
            "another folder."
        )
    noted = table.pop("sha256", None)
    try:
        manifest = Manifest.model_validate(table)
    except ValidationError as error:
        raise explain(error, table, str(file)) from None
    if noted != manifest.sha256:
        raise ScenarioError(f"{file}: sha256: not the checksum of the rest, which was changed after it was written.")
    return manifest


def differences(there: Manifest, here: Manifest) -> Iterator[str]:
    """In what two manifests differ, in words."""
    for key, name in (("runs", "runs a point"), ("seed", "seed"), ("points", "points")):
        old, new = getattr(there, key), getattr(here, key)
        if old != new:
            yield f"{name}: {old} there, {new} asked for"
    if there.measures != here.measures:
        yield _lists("measures", there.measures, here.measures)
    if there.scenario_sha256 != here.scenario_sha256:
        yield from _scenarios(there.scenario, here.scenario)
    if there.keys != here.keys:
        yield _lists("keys that are varied", there.keys, here.keys)
    elif there.design_sha256 != here.design_sha256:
        yield f"design: {json.dumps(there.design)} there, {json.dumps(here.design)} asked for"
    if there.versions != here.versions:
        for name, version in here.versions.items():
            if there.versions.get(name) != version:
                yield f"{name}: {there.versions.get(name)} there, {version} now"
    elif not alike(there.probe, here.probe) and there.scenario_sha256 == here.scenario_sha256:
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
        old, new = (_flat(read_toml(text, "scenario")) for text in (there, here))
    except ScenarioError:
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
