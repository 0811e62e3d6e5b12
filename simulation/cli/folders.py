"""Where a command writes: a folder for one question of one scenario with one set of changes, and for nothing else."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulation.cli.output import file_of
from simulation.locking import locked
from simulation.runs.results.saving import ABOUT, about_of
from simulation.scenario.catalogue import bundled, find
from simulation.scenario.errors import ScenarioError
from simulation.writing import sync_folder, write_text

ASIDE = ".ceasefire-"
"""How folders begin that hold files until all are written; those of a command that was killed are taken away."""

RESULTS = Path("results")

NOT_SETTINGS = ("scenario", "file", "out", "format", "svg", "force", "as_json", "quiet", "resume", "workers", "dask")
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
    old: list[str]  # files of an earlier run, which this one replaces

    @contextmanager
    def replaced(self) -> Iterator[tuple[Path, list[str]]]:
        """A folder to write to and a list for the files' names: at the end they take the place of what is there.

        Until then nothing is touched; one that is killed while the files change places is seen in ``about.json``, and
        ``load`` refuses what lies there.

        Raises
        ------
        ScenarioError
            where a file is in the way that no earlier run left
        OSError
            naming the file, where the disk is full or cannot be written to
        """
        with tempfile.TemporaryDirectory(prefix=ASIDE, suffix=".partial", dir=self.path) as aside:
            files: list[str] = []
            try:
                yield Path(aside), files
            except OSError as error:
                if error.filename:  # a reader knows the place to which the file was to go
                    error.filename = str(error.filename).replace(aside, str(self.path))
                raise
            _spare(self.path, files, self.old, self.force)
            self._write(whole=False, files=list({*self.old, *files}))
            for name in files:
                os.replace(Path(aside, name), self.path / name)
            for name in set(self.old) - set(files):
                (self.path / name).unlink(missing_ok=True)
            sync_folder(self.path)
        self._write(whole=True, files=files)

    def _write(self, whole: bool, files: list[str]) -> None:
        text = json.dumps({**self.about, "whole": whole, "files": sorted(files)}, indent=1, ensure_ascii=False)
        write_text(self.path / ABOUT, text + "\n")


@contextmanager
def settle(
    out: Path | None, question: str, scenario: str, settings: dict[str, Any], as_json: bool, force: bool
) -> Iterator[Folder | None]:
    """The folder to write to, for this command alone until it ends; None with JSON alone.

    It is made, locked and written to before the work, so that one that will not do costs nothing. Folders that were
    made for an answer that does not come are taken away again.

    Where none is asked for it is ``results/QUESTION-SCENARIO``, without the question for ``run``, and with a
    fingerprint of the settings after it where any is not the default: so the same command replaces what it left, and
    another goes elsewhere. A folder that is asked for is used if it is new or holds the same question with the same
    settings, or with ``force``.

    Raises
    ------
    ScenarioError
        where the folder holds something else, another command is writing there, or nothing can be written there
    """
    if out is None and as_json:
        yield None
        return
    about = {"question": question, "scenario": _who(scenario), "settings": settings}
    path = out or _usual(about, Path(scenario).stem)
    if os.path.lexists(path) and not path.is_dir():
        kind = "a file" if path.exists() else "a link to what is not there"
        raise ScenarioError(f"{path}: {kind}; what is found goes into a folder, so name another.")
    made = [folder for folder in (path, *path.parents) if not folder.exists()]
    try:
        with _held(path):
            yield _folder(path, about, asked_for=out is not None, force=force, file=find(scenario))
    except BaseException:
        for folder in made:
            with suppress(OSError):  # something is in it by now
                folder.rmdir()
        raise


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Make a folder where there is none, hold its lock, and take away what a command that was killed left behind."""
    with ExitStack() as stack:
        try:
            path.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path / ABOUT))
        except BlockingIOError as error:
            raise ScenarioError(f"{path}: {error.strerror}; wait for it, or name another folder.") from None
        except OSError as error:
            raise ScenarioError(f"{path}: cannot be written to: {error.strerror}; name another folder.") from None
        for left in path.glob(f"{ASIDE}*.partial"):
            shutil.rmtree(left, ignore_errors=True)
        for left in path.glob(f"{ABOUT}.*.partial"):
            left.unlink(missing_ok=True)
        yield


def _folder(path: Path, about: dict[str, Any], *, asked_for: bool, force: bool, file: Path) -> Folder:
    """The folder, if it holds nothing that is to stay."""
    question = about["question"]
    there = about_of(path)
    old = list(there["files"]) if there else []
    if question == "run" and file.resolve() == (path / "scenario.toml").resolve():
        raise ScenarioError(f"{path}: holds the scenario itself, which would be written over; name another folder.")
    if there is not None and not force and not _same(there, about):
        raise ScenarioError(
            f"{path}: holds the answer to another command ({_words(there)}); name another folder, or replace it with "
            "--force."
        )
    if question != "sweep" and (path / "manifest.json").exists():
        raise ScenarioError(f"{path}: holds the runs of a sweep, which are not replaced; name another folder.")
    ours = [file_of(question, kind) for kind in ("nc", "csv", "json")]
    _spare(path, [*RUN, *ours] if question == "run" else ours, old, force)
    if there is None and asked_for and not force:
        _spare(path, [name for name in MARKS if (question, name) != ("sweep", "manifest.json")], [], force)
    return Folder(path, about, force, old)


def _spare(path: Path, files: Iterable[str], old: Iterable[str], force: bool) -> None:
    """Refuse to write over a file that no earlier run is known to have left, such as one of the user's own."""
    for name in files:
        if (path / name).is_dir():
            raise ScenarioError(f"{path}: {name} is a folder there, and a file is to be written; name another folder.")
        if not force and name not in old and (path / name).exists():
            raise ScenarioError(f"{path}: holds {name} already; name another folder, or replace it with --force.")


def _usual(about: dict[str, Any], stem: str) -> Path:
    name = stem if about["question"] == "run" else f"{about['question']}-{stem}"
    if about["settings"]:
        name += f"-{fingerprint(about['settings'])}"
    path = RESULTS / name
    there = about_of(path)
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


def _same(there: dict[str, Any], about: dict[str, Any]) -> bool:
    return all(there.get(key) == json.loads(json.dumps(value)) for key, value in about.items())


def _words(there: dict[str, Any]) -> str:
    settings = ", ".join(f"{key} {value}" for key, value in dict(there.get("settings") or {}).items())
    return f"{there.get('question')} of {Path(str(there.get('scenario'))).stem}" + (f", {settings}" if settings else "")
