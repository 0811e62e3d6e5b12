"""Options that several commands share, so that the same word means the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from simulation.scenario import Scenario

ScenarioFile = Annotated[str, typer.Argument(help="a scenario file, or the name of a bundled one", metavar="SCENARIO")]
Runs = Annotated[int, typer.Option(help="how many runs", min=1)]
Seed = Annotated[int, typer.Option(help="keys every stream of random numbers")]
Changes = Annotated[
    list[str],
    typer.Option(
        "--set", help="change a key, such as ties.Turkey.GNA.support=0.9; may be repeated", metavar="KEY=VALUE"
    ),
]
RuleName = Annotated[str | None, typer.Option("--rule", help="the stance rule, with its default options")]
Uncertain = Annotated[
    bool, typer.Option("--uncertain", help="draw every number that has low and high anew in each run")
]
Out = Annotated[Path | None, typer.Option(help="the folder to write to", metavar="FOLDER")]
Json = Annotated[bool, typer.Option("--json", help="print the summary as JSON; write files only with --out")]
Quiet = Annotated[bool, typer.Option("--quiet", help="print nothing but errors")]


def parse_changes(changes: list[str], rule: str | None = None) -> dict[str, Any]:
    """The keys and values of ``--set KEY=VALUE``; values are read as TOML, and as plain text where they are none."""
    from simulation.scenario.errors import ScenarioError
    from simulation.scenario.values import read_value

    found: dict[str, Any] = {}
    for text in changes:
        key, sign, value = text.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or not key or not value:
            raise ScenarioError(f"--set {text}: it is written KEY=VALUE, such as ties.Turkey.GNA.support=0.9.")
        found[key] = read_value(value)
    if rule is not None:
        found["rule"] = rule
    return found


def scenario_from(path: str, changes: list[str], rule: str | None = None) -> Scenario:
    """The scenario that a command is asked for, with the changes of its command line."""
    from simulation.scenario import load_scenario

    return load_scenario(path, parse_changes(changes, rule))
