"""Options that several commands share, so that the same word means the same everywhere."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from simulation.scenario import Scenario

ScenarioFile = Annotated[str, typer.Argument(help="a scenario file, or the name of a bundled one", metavar="SCENARIO")]
Runs = Annotated[int, typer.Option(help="how many runs", min=1)]
Seed = Annotated[int, typer.Option(help="keys every stream of random numbers", min=-(2**63), max=2**63 - 1)]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set", help="change a key, such as ties.Turkey.GNA.support=0.9; may be repeated", metavar="KEY=VALUE"
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="know the conflict as of that day: later events are not known, earlier observed answers are",
        metavar="DATE",
    ),
]
RuleName = Annotated[str | None, typer.Option("--rule", help="the stance rule, with its default options")]
Uncertain = Annotated[
    bool, typer.Option("--uncertain", help="draw every number that has low and high anew in each run")
]
Measure = Annotated[
    str, typer.Option("--measure", help="the outcome, such as truce.holds_to_end or stance.LNA", metavar="NAME")
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", help="an outcome, such as truce.starts; may be repeated", metavar="NAME"),
]
Rules = Annotated[
    list[str] | None, typer.Option("--rule", help="a stance rule; may be repeated; all if left out", metavar="NAME")
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        formats=["%Y-%m-%d"],
        help="what is fitted, is so to the answers before it; the first of the month after half of them if left out",
        metavar="DATE",
    ),
]
Draws = Annotated[int, typer.Option(help="draws of coefficients in each round of fitting; 0 fits none", min=0)]
Rounds = Annotated[int, typer.Option(help="rounds of fitting, each closer to the posterior", min=1)]
Workers = Annotated[
    int | None,
    typer.Option(help="processes; if left out, all cores where the work is large enough to gain by them", min=1),
]
Out = Annotated[Path | None, typer.Option(help="the folder to write to", metavar="FOLDER")]
Format = Annotated[
    Literal["csv", "xlsx"], typer.Option(help="of the tables that are written: CSV files, or one Excel file")
]
Svg = Annotated[bool, typer.Option("--svg", help="write pictures as SVG besides PNG, for print")]
Force = Annotated[bool, typer.Option("--force", help="replace what another command left in the folder")]
Json = Annotated[bool, typer.Option("--json", help="print the summary as JSON; write files only with --out")]
Quiet = Annotated[bool, typer.Option("--quiet", help="print nothing but errors")]


def parse_changes(changes: list[str] | None, rule: str | None = None) -> dict[str, Any]:
    """The keys and values of ``--set KEY=VALUE``; values are read as TOML, and as plain text where they are none."""
    from simulation.scenario.errors import ScenarioError
    from simulation.scenario.values import read_value

    found: dict[str, Any] = {}
    for text in changes or ():
        key, sign, value = text.partition("=")
        key, value = key.strip(), value.strip()
        if not sign or not key or not value:
            raise ScenarioError(f"--set {text}: it is written KEY=VALUE, such as ties.Turkey.GNA.support=0.9.")
        found[key] = read_value(value, f"--set {key}")
    if rule is not None:
        found["rule"] = rule
    return found


def scenario_from(
    path: str, changes: list[str] | None, rule: str | None = None, as_of: datetime | None = None
) -> Scenario:
    """The scenario that a command names, with the changes of its command line, as of its day."""
    return load_known(path, parse_changes(changes, rule), as_of)[0]


def load_known(path: str, changes: dict[str, Any], as_of: datetime | None) -> tuple[Scenario, str]:
    """A scenario as of a day, and what is not known by then and what is told, in words; none where all is known.

    Raises
    ------
    ScenarioError
        for a scenario, a change or a day that will not do
    """
    from simulation.scenario import ScenarioError, load_scenario
    from simulation.scenario.knowledge import left_out

    scenario = load_scenario(path, changes)
    if as_of is None:
        return scenario, ""
    try:
        known = load_scenario(path, changes, as_of=as_of.date())
    except ScenarioError as error:
        raise ScenarioError(str(error).replace("`as_of`", "--as-of")) from None
    return known, left_out(scenario, known)
