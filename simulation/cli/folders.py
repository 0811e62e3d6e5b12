"""Where a command writes: a folder for one question of one scenario with one set of changes, and for nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simulation.cli.output import file_of
from simulation.scenario.catalogue import bundled, find
from simulation.scenario.errors import ScenarioError

ABOUT = "about.json"
"""The file that says whose folder it is, and which files of it are ours."""

RESULTS = Path("results")

NOT_SETTINGS = ("scenario", "file", "out", "format", "force", "as_json", "quiet", "resume", "workers", "dask")
"""Options that change nothing in what is found, and the scenario or file itself."""

RUN = ("scenario.toml", "report.html", "stances.csv", "truces.csv")
"""What a run writes besides the files that every question writes."""

MARKS = (file_of("run", "nc"), file_of("run", "json"), "report.html", "manifest.json")
"""What looks like a result of ours in a folder that does not say whose it is."""


@dataclass(slots=True)
class Folder:
    """A folder that is to hold what a command finds. What else lies in it is left alone."""

    path: Path
    about: dict[str, Any]
    force: bool
    old: list[str] = field(default_factory=list)  # files of an earlier run, which this one replaces
    made: list[Path] = field(default_factory=list)  # folders that were not there before, the innermost first

    @contextmanager
    def replaced(self) -> Iterator[tuple[Path, list[str]]]:
        """A folder to write to and a list for the files' names: at the end they take the place of what is there.

        Until then nothing is touched; one that is killed while the files change places is seen in ``about.json``.

        Raises
        ------
        ScenarioError
            where a file is in the way that no earlier run left
        """
        with tempfile.TemporaryDirectory(prefix=".", suffix=".partial", dir=self.path) as aside:
            files: list[str] = []
            yield Path(aside), files
            if not self.force:
                _spare(self.path, files, self.old)
            self._write(whole=False, files=list({*self.old, *files}))
            for name in files:
                os.replace(Path(aside, name), self.path / name)
            for name in set(self.old) - set(files):
                (self.path / name).unlink(missing_ok=True)
        self._write(whole=True, files=files)

    def undo(self) -> None:
        """Take away the folders that were made for an answer that did not come, as far as they are empty."""
        for folder in self.made:
            try:
                folder.rmdir()
            except OSError:  # something is in it by now
                return

    def _write(self, whole: bool, files: list[str]) -> None:
        from simulation.runs.results import write_text

        text = json.dumps({**self.about, "whole": whole, "files": sorted(files)}, indent=1, ensure_ascii=False)
        write_text(self.path / ABOUT, text + "\n")


def settle(
    out: Path | None, question: str, scenario: str, settings: dict[str, Any], as_json: bool, force: bool
) -> Folder | None:
    """The folder to write to, made before the work so that one that cannot be made costs nothing; None with JSON alone.

    Where none is asked for it is ``results/QUESTION-SCENARIO``, without the question for ``run``, and with a
    fingerprint of the settings after it where any is not the default: so the same command replaces what it left, and
    another goes elsewhere. A folder that is asked for is used if it is new or holds the same question with the same
    settings, or with ``force``.

    Raises
    ------
    ScenarioError
        where the folder holds something else
    """
    if out is None and as_json:
        return None
    about = {"question": question, "scenario": _who(scenario), "settings": settings}
    path = out or _usual(about, Path(scenario).stem)
    if path.exists() and not path.is_dir():
        raise ScenarioError(f"{path}: a file; what is found goes into a folder, so name another.")
    there = _about(path)
    old = list(there["files"]) if there else []
    if question == "run" and find(scenario).resolve() == (path / "scenario.toml").resolve():
        raise ScenarioError(f"{path}: holds the scenario itself, which would be written over; name another folder.")
    if there is not None and not force and not _same(there, about):
        raise ScenarioError(
            f"{path}: holds the answer to another command ({_words(there)}); name another folder, or replace it with "
            "--force."
        )
    if question != "sweep" and (path / "manifest.json").exists():
        raise ScenarioError(f"{path}: holds the runs of a sweep, which are not replaced; name another folder.")
    if not force:
        ours = [file_of(question, kind) for kind in ("nc", "csv", "json")]
        _spare(path, [*RUN, *ours] if question == "run" else ours, old)
    if there is None and out is not None and not force:
        _spare(path, [name for name in MARKS if (question, name) != ("sweep", "manifest.json")], [])
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    return Folder(path, about, force, old, made)


def _spare(path: Path, files: Iterable[str], old: Iterable[str]) -> None:
    """Refuse to write over a file that no earlier run is known to have left, such as one of the user's own."""
    for name in files:
        if name not in old and (path / name).exists():
            raise ScenarioError(f"{path}: holds {name} already; name another folder, or replace it with --force.")


def _usual(about: dict[str, Any], stem: str) -> Path:
    name = stem if about["question"] == "run" else f"{about['question']}-{stem}"
    if about["settings"]:
        name += f"-{fingerprint(about['settings'])}"
    path = RESULTS / name
    there = _about(path)
    if there is not None and there.get("scenario") != about["scenario"]:  # another file of the same name
        path = RESULTS / f"{name}-{fingerprint(about['scenario'])}"
    return path


def settings_of(given: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What a command is given besides the scenario that is not its default, as it can be written down."""
    return {
        name: value if isinstance(value, bool | int | float | str | list) else str(value)
        for name, value in given.items()
        if name not in NOT_SETTINGS and value not in (defaults.get(name), [], None)
    }


def fingerprint(value: Any) -> str:
    """A few letters that stand for settings, or for the place of a file."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]


def _who(scenario: str) -> str:
    """A scenario by the name it is bundled under, or else by its place."""
    file = find(scenario).resolve()
    folder = bundled().resolve()
    return file.stem if file.is_relative_to(folder) else str(file)


def _about(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads((path / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(found, dict) or not isinstance(found.get("files"), list):
        return None
    found["files"] = [name for name in found["files"] if isinstance(name, str) and Path(name).name == name]
    return found


def _same(there: dict[str, Any], about: dict[str, Any]) -> bool:
    return all(there.get(key) == json.loads(json.dumps(value)) for key, value in about.items())


def _words(there: dict[str, Any]) -> str:
    settings = ", ".join(f"{key} {value}" for key, value in dict(there.get("settings") or {}).items())
    return f"{there.get('question')} of {Path(str(there.get('scenario'))).stem}" + (f", {settings}" if settings else "")
