"""``ceasefire rules``: one scenario under every stance rule, and where the rules agree."""

from __future__ import annotations

import json
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, Runs, ScenarioFile, Seed, scenario_from
from simulation.cli.output import folder_for
from simulation.cli.terminal import progress

if TYPE_CHECKING:
    import xarray as xr

    from simulation.questions.compare_rules import Comparison

Rules = Annotated[
    list[str], typer.Option("--rule", help="only this rule; may be repeated; all if left out", metavar="NAME")
]
Everybody = Annotated[bool, typer.Option("--everybody", help="show the stances of all actors, not the parties' alone")]


def rules(
    scenario: ScenarioFile,
    runs: Runs = 1000,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: Rules = [],  # noqa: B006
    everybody: Everybody = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario under every stance rule on the same luck, and say on what the rules agree."""
    from simulation.questions.compare_rules import compare_rules
    from simulation.rules import RULES

    asked = scenario_from(scenario, changes)
    folder = folder_for(out, None, scenario, as_json)
    with progress(runs * len(rule or RULES), silent=quiet or as_json) as advance:
        found = compare_rules(asked, runs=runs, seed=seed, rules=rule or None, progress=advance)
    told = as_tables(found.table)
    if folder is not None:
        write(found, told, folder)
    if as_json:
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
    elif not quiet:
        show(found.table, list(asked.actors) if everybody else list(asked.parties))
        if folder is not None:
            typer.echo(f"Written to {folder}/: rules.png, rules.svg, rules.json")


def as_tables(table: xr.Dataset) -> dict[str, Any]:
    """The comparison as plain numbers; a number on which no run bears is None."""

    def plain(number: Any) -> float | None:
        return round(float(number), 4) if math.isfinite(number) else None

    return {
        "scenario": table.attrs["title"],
        "runs": table.attrs["runs"],
        "seed": table.attrs["seed"],
        "measures": {
            str(name): {
                "verdict": str(table.verdict.sel(measure=name).item()),
                "rules": {
                    str(rule): {
                        key: plain(table[key].sel(measure=name, rule=rule).item()) for key in ("value", "low", "high")
                    }
                    for rule in table.rule.values
                },
            }
            for name in table.measure.values
        },
    }


def write(found: Comparison, told: dict[str, Any], folder: Path) -> None:
    """The picture and the numbers."""
    from simulation.runs.results import write_text
    from simulation.show.plots.rules import figure_rules
    from simulation.show.plots.saving import save_figure

    write_text(folder / "rules.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")
    save_figure(figure_rules(found), folder, "rules")


COLUMN = 11
"""Letters across for each rule: seven of them fit a terminal of 80."""


def show(table: xr.Dataset, stances: list[str]) -> None:
    """Measures by rules, each with its interval, and where the rules agree."""
    from simulation.scenario.measure_kinds import NEAR

    typer.echo(table.attrs["title"])
    typer.echo(
        f"{table.attrs['runs']:,} runs under each rule, seed {table.attrs['seed']}, the same luck; 95 % intervals\n"
    )
    names = [str(rule) for rule in table.rule.values]
    for part in (0, 1):  # expected-utility over two lines
        typer.echo("".join(f"{_halves(name)[part]:>{COLUMN}}" for name in names))
    typer.echo("─" * (COLUMN * len(names)))
    groups: dict[str, list[str]] = {"agree": [], "disagree": [], "open": []}
    for measure in table.measure.values:
        word = str(table.verdict.sel(measure=measure).item())
        groups[word].append(str(measure))
        if str(measure).startswith("stance.") and str(measure).split(".")[1] not in stances:
            continue
        cells = [cell(table.sel(measure=measure, rule=rule)) for rule in names]
        typer.echo(f"{measure}: {VERDICTS[word]}")
        for part in (0, 1):
            typer.echo("".join(f"{both[part]:>{COLUMN}}" for both in cells))
    lines = [
        f"The rules agree on {len(groups['agree'])} of {table.sizes['measure']} measures: chances on the same side of "
        f"one half, stances and outcomes within {NEAR['stance points']:g} points, lives of truces within "
        f"{NEAR['days']:g} days."
    ]
    for word, title in (("disagree", "They disagree on"), ("open", "These runs leave open")):
        if groups[word]:
            lines.append(f"{title}: {', '.join(groups[word])}.")
    typer.echo()
    for line in lines:
        typer.echo(textwrap.fill(line, 100, break_on_hyphens=False))


VERDICTS = {"agree": "the rules agree", "disagree": "the rules DISAGREE", "open": "open"}


def _halves(name: str) -> tuple[str, str]:
    """A name on two lines, broken at its hyphen."""
    first, hyphen, second = name.partition("-")
    return (first + hyphen, second) if hyphen else ("", first)


def cell(here: xr.Dataset) -> tuple[str, str]:
    """A value and its interval, such as ``15 %`` and ``13–17``."""
    value, low, high = (float(here[key]) for key in ("value", "low", "high"))
    if math.isnan(value):
        return ("–", "")
    if bool(here.chance):
        return (f"{100 * value:.0f} %", f"{100 * low:.0f}–{100 * high:.0f}")
    return (f"{value:.1f}", f"{low:.1f}–{high:.1f}")
