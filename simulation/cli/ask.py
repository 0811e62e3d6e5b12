"""How a question becomes a command: the options that all share, the folder, the words, the files, the exit code."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import typer
from typer.models import ArgumentInfo, OptionInfo

from simulation.cli import options
from simulation.cli.terminal import Bar, command_line, progress, show
from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError

if TYPE_CHECKING:
    from simulation.questions.finding import Finding
    from simulation.scenario import Scenario

SHARED: dict[str, tuple[Any, Any]] = {
    "runs": (options.Runs, 1000),
    "seed": (options.Seed, 1),
    "changes": (options.Changes, None),
    "as_of": (options.AsOf, None),
    "rule": (options.RuleName, None),
    "uncertain": (options.Uncertain, False),
    "out": (options.Out, None),
    "format": (options.Format, "csv"),
    "svg": (options.Svg, False),
    "force": (options.Force, False),
    "as_json": (options.Json, False),
    "quiet": (options.Quiet, False),
}
"""The options that questions share: kind and default. Every question takes those of ``ALWAYS``."""

OF_SCENARIOS = ("changes", "as_of")
"""Options that a command on anything but a scenario does not take."""

ALWAYS = ("seed", "changes", "as_of", "out", "format", "svg", "force", "as_json", "quiet")


@dataclass(frozen=True)
class Asked:
    """What a question is asked with."""

    path: str
    """The scenario or the file as it was named; the first of several."""

    changes: dict[str, Any]
    """What ``--set`` and ``--rule`` change in it."""

    as_of: datetime | None
    """The day by which it is known; None where all of it is."""

    runs: int
    seed: int
    uncertain: bool
    bar: Bar
    folder: Path | None
    """Where files go; None where none are wanted."""

    force: bool
    """Whether what the folder holds may be replaced."""

    notes: list[str] = field(default_factory=list)
    """What the reader is told of the scenarios, before what was found."""

    @cached_property
    def scenario(self) -> Scenario:
        """The scenario with its changes, as of the day."""
        return self.load(self.path)

    @cached_property
    def whole(self) -> Scenario:
        """The scenario with its changes, and with all that came later: what forecasts from the day are scored on."""
        from simulation.scenario import load_scenario

        return load_scenario(self.path, self.changes)

    def load(self, path: str) -> Scenario:
        """A scenario with the changes, as of the day."""
        found, note = options.load_known(path, self.changes, self.as_of)
        self.note(note)
        self.moved(found, self.changes)
        return found

    def note(self, *notes: str) -> None:
        """Have the reader told of something, once."""
        self.notes.extend(note for note in dict.fromkeys(notes) if note and note not in self.notes)

    def moved(self, scenario: Scenario, keys: Iterable[str]) -> None:
        """Have the reader told which of the numbers that are moved an event sets anew."""
        from simulation.scenario.knowledge import set_anew

        self.note(*set_anew(scenario, keys))


Answer = Callable[..., "Finding"]
Extra = Callable[["Finding", Path, list[str]], list[str]]


def question(
    *,
    runs: int | None = None,
    rule: bool = True,
    uncertain: bool = False,
    extra: Extra | None = None,
    hint: str = "",
) -> Callable[[Answer], Callable[..., None]]:
    """Make a command of a function that takes ``asked`` and options of its own, and gives a ``Finding``.

    Its first option may be an argument ``scenarios``, or ``file``, of what is no scenario and takes no ``--set``;
    otherwise the command takes one scenario.

    Parameters
    ----------
    runs : how many runs there are by default; no such option if left out
    rule, uncertain : whether there are such options
    extra : writes further files into the folder, and gives back their names
    hint : what to do next, with {folder} for where the files are
    """
    shared = {
        name: (kind, runs if name == "runs" else default)
        for name, (kind, default) in SHARED.items()
        if name in ALWAYS or {"runs": runs is not None, "rule": rule, "uncertain": uncertain}.get(name)
    }

    def decorate(answer: Answer) -> Callable[..., None]:
        own = [p for p in inspect.signature(answer, eval_str=True).parameters.values() if p.name != "asked"]
        several = any(parameter.name == "scenarios" for parameter in own)
        filed = any(parameter.name == "file" for parameter in own)
        named = [] if several or filed else [_parameter("scenario", options.ScenarioFile)]
        own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
        rest = [
            _parameter(name, kind, default)
            for name, (kind, default) in shared.items()
            if name not in {parameter.name for parameter in own} and not (filed and name in OF_SCENARIOS)
        ]
        flags = flags_of((*own, *rest))
        defaults = {parameter.name: parameter.default for parameter in (*own, *rest)}

        def command(**given: Any) -> None:
            from simulation.cli import folders

            if several:
                given["scenarios"] = [folder_of(name) for name in given["scenarios"]]
            elif filed:
                given["file"] = type(given["file"])(folder_of(str(given["file"])))
            path = given["scenarios"][0] if several else str(given["file"]) if filed else given["scenario"]
            if filed and not Path(path).exists():
                raise ScenarioError(f"{path}: no such file.{beside(Path(path))}")
            settings = folders.settings_of(given, defaults)
            if several:
                settings["scenarios"] = list(given["scenarios"][1:])
            mine = {parameter.name: given[parameter.name] for parameter in own}
            try:
                _ask(answer, path, settings, mine, given, extra, hint)
            except ScenarioError as error:
                raise ScenarioError(in_flags(str(error), flags)) from None

        signature = inspect.Signature([*named, *own, *rest])
        command.__signature__ = signature  # type: ignore[attr-defined]
        command.__annotations__ = {name: item.annotation for name, item in signature.parameters.items()}
        command.__name__, command.__doc__, command.__module__ = answer.__name__, answer.__doc__, answer.__module__
        return command

    return decorate


def _ask(
    answer: Answer,
    path: str,
    settings: dict[str, Any],
    own: dict[str, Any],
    given: dict[str, Any],
    extra: Extra | None,
    hint: str,
) -> None:
    from simulation.cli import folders, output

    changes = options.parse_changes(given.get("changes"), given.get("rule") if "rule" not in own else None)
    silent = given["quiet"] or given["as_json"]
    name = answer.__name__
    place = folders.settle(given["out"], name, path, settings, given["as_json"], given["force"])
    with place as folder, progress(silent) as bar:
        asked = Asked(
            path=path,
            changes=changes,
            as_of=given.get("as_of"),
            runs=given.get("runs", 0),
            seed=given["seed"],
            uncertain=given.get("uncertain", False),
            bar=bar,
            folder=None if folder is None else folder.path,
            force=given["force"],
        )
        files: list[str] = []
        finding = answer(asked, **own)
        for part in (finding, *finding.also):
            part.result.attrs["command"] = command_line()
        notes = [*asked.notes, *filter(None, [finding.result.attrs.get("rescaled")])]
        if notes:
            head, *rest = finding.words
            finding = replace(finding, words=(head, *notes, *rest))
        if asked.as_of is not None:
            finding.summary["as_of"] = f"{asked.as_of:%Y-%m-%d}"
        if folder is not None:
            with folder.replaced() as (aside, files):
                files += output.write(finding, aside, given["format"], given["svg"], bar)
                if extra is not None:
                    bar.of(1, "report")
                    files += extra(finding, aside, files)
    if given["as_json"]:
        typer.echo(output.as_json(finding.summary, sys.stdout.encoding), nl=False)
    elif not given["quiet"]:
        show(finding.words)
        if folder is not None:
            typer.echo(f"\nWritten to {folder.path}/: {', '.join(output.in_short(files))}")
            for sentence in output.undrawn(finding):
                typer.echo(sentence)
            if hint:
                typer.echo(hint.format(folder=folder.path))
    if not finding.met:
        raise typer.Exit(1)


def _parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def folder_of(name: str) -> str:
    """A bundled folder of scenarios, such as ``wars``, where nothing of that name is here; else the name as it is."""
    from simulation.scenario.catalogue import bundled
    from simulation.scenario.tables.grids import is_tables

    inside = bundled() / name
    return str(inside) if not Path(name).exists() and inside.is_dir() and not is_tables(inside) else name


def beside(file: Path) -> str:
    """A hint at a file of nearly that name in the same folder."""
    hint = nearest(file.name, [other.name for other in file.parent.iterdir()] if file.parent.is_dir() else [])
    return hint if hint.startswith(" Did you mean") else ""


def flags_of(parameters: Iterable[inspect.Parameter]) -> dict[str, str]:
    """How each option is typed, by the names that the library may call it: its own, and that of the option."""
    flags: dict[str, str] = {}
    for parameter in parameters:
        said = get_args(parameter.annotation)[1:]
        if any(isinstance(part, ArgumentInfo) for part in said):
            continue
        own = [
            text for part in said if isinstance(part, OptionInfo) for text in (part.default, *(part.param_decls or ()))
        ]
        flag = next((str(text) for text in own if str(text).startswith("--")), f"--{parameter.name.replace('_', '-')}")
        flags |= dict.fromkeys((parameter.name, flag.lstrip("-"), f"{flag.lstrip('-')}s"), flag)
    return flags


def in_flags(text: str, flags: dict[str, str]) -> str:
    """An error of the library in the words of the command line: a `parameter` in backquotes becomes its --option."""
    return re.sub(r"`(\w+)`", lambda found: flags.get(found[1], found[1]), text)
