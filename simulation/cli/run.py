"""``ceasefire run``: a scenario, many times, with its table, pictures and report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from simulation.cli.options import (
    Changes,
    Json,
    Out,
    Quiet,
    RuleName,
    Runs,
    ScenarioFile,
    Seed,
    Uncertain,
    scenario_from,
)
from simulation.cli.output import folder_for
from simulation.cli.terminal import command_line, percent, progress

if TYPE_CHECKING:
    import xarray as xr

LARGEST_KEPT = 30_000_000
"""Stances (runs × steps × actors) up to which every run is kept and written; beyond, counts and histograms only."""


def run(
    scenario: ScenarioFile,
    runs: Runs = 1000,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    uncertain: Uncertain = False,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a scenario many times; print who accepts what, and write pictures, a report and the result.

    Exit code 0: fine, or too few runs to tell. 1: an expectation of the scenario fails. 2: the input will not do.
    """
    from simulation.runs.ensemble import run_ensemble
    from simulation.runs.results import summarise

    asked = scenario_from(scenario, changes, rule)
    folder = folder_for(out, None, scenario, as_json)
    small = runs * asked.steps * len(asked.actors) <= LARGEST_KEPT
    with progress(runs, silent=quiet or as_json) as advance:
        result = run_ensemble(
            asked,
            runs=runs,
            seed=seed,
            keep="trajectories" if small else "summary",
            uncertain=uncertain,
            progress=advance,
        )
    result.attrs["command"] = command_line()
    summary = summarise(result)
    luck = None
    if uncertain:
        from simulation.cli.uncertain import split
        from simulation.questions.variance import rows

        variance = split(asked, runs, seed, silent=quiet or as_json)
        summary["uncertain"] = [] if variance is None else rows(variance)
        luck = run_ensemble(asked, runs=runs, seed=seed, keep="summary") if folder is not None else None
    if folder is not None:
        write(result, summary, folder, luck)
    if as_json:
        typer.echo(json.dumps(summary, indent=1, ensure_ascii=False))
    elif not quiet:
        show(summary)
        if folder is not None:
            typer.echo(f"\nWritten to {folder}/: report.html, pictures, summary.json, scenario.toml, result.nc")
    if any(verdict["decided"] and not verdict["met"] for verdict in summary["expect"]):
        raise typer.Exit(1)


def write(result: xr.Dataset, summary: dict[str, Any], folder: Path, luck: xr.Dataset | None = None) -> None:
    """Everything a run leaves behind, each file written aside and renamed; ``luck``: runs with all inputs at best."""
    from simulation.runs.results import condense, save, write_text
    from simulation.show.plots import save_figures
    from simulation.show.report import write_report

    digest = condense(result)
    if luck is not None:
        from simulation.questions.variance import beside_luck

        digest = beside_luck(digest, luck)
    save(result, folder / "result.nc")
    write_text(folder / "summary.json", json.dumps(summary, indent=1, ensure_ascii=False) + "\n")
    write_text(folder / "scenario.toml", result.attrs["scenario"])
    write_report(digest, folder, save_figures(digest, folder))


def show(summary: dict[str, Any]) -> None:
    """The headline measures as a table."""
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from simulation.runs.results.wording import life, life_span, number, span

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(f"{summary['runs']:,} runs, seed {summary['seed']}, rule {summary['rule']}\n")
    if summary["offers"]:
        parties = list(dict.fromkeys(party for asked in summary["offers"].values() for party in asked))
        table = Table(box=box.SIMPLE_HEAD, title="chance of acceptance (95 % interval)", title_justify="left")
        table.add_column("offer")
        for party in parties:
            table.add_column(party, justify="right")
        for offer, asked in summary["offers"].items():
            table.add_row(offer, *(percent(asked[party]) if party in asked else "" for party in parties))
        console.print(table)
        truce = summary["truce"]
        console.print(f"A truce starts in {percent(truce['starts'])} of runs", end="")
        if truce["watched_days"] is not None:
            console.print(f"; the first one holds {life(truce)} (median; 5–95 %: {life_span(truce)})", end="")
        console.print(f". One is in force at the end in {percent(truce['holds_to_end'])}.\n")
    if "outcome" in summary:
        show_outcome(summary["outcome"])
    if "positions" in summary:
        table = Table(box=box.SIMPLE_HEAD, title="positions at the end, by issue", title_justify="left")
        table.add_column("actor")
        for issue in next(iter(summary["positions"].values())):
            table.add_column(issue, justify="right")
        for actor, by_issue in summary["positions"].items():
            table.add_row(actor, *(f"{value:.2f}" for value in by_issue.values()))
        console.print(table)
    table = Table(box=box.SIMPLE_HEAD, title="stances (0 fight on … 100 stop now)", title_justify="left")
    for name, justify in (("actor", "left"), ("start", "right"), ("end, median", "right"), ("5–95 %", "right")):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]
    for actor, stance in summary["stances"].items():
        runs = f"{stance['end_low']:.0f}–{stance['end_high']:.0f}"
        table.add_row(actor, f"{stance['start']:.0f}", f"{stance['end_median']:.0f}", runs)
    console.print(table)
    if summary.get("uncertain"):
        from simulation.cli.uncertain import show as show_uncertain

        show_uncertain(summary["uncertain"])
    for verdict in summary["expect"]:
        word = "as expected" if verdict["met"] else "NOT as expected" if verdict["decided"] else "too close to call"
        value = "no run bears on it" if verdict["value"] is None else f"{number(verdict['value'])} ({span(verdict)})"
        bound = "" if verdict["met"] else f"; expected: {verdict['bound']}"
        console.print(f"{word}: {escape(verdict['that'])}: {verdict['measure']} = {value}{bound}")


def show_outcome(outcome: dict[str, Any]) -> None:
    """What a negotiation came to, and when it came to rest."""
    from simulation.runs.results.wording import span

    for centre in ("mean", "median"):
        found = outcome[centre]
        spread = f"{found['runs_low']:g}–{found['runs_high']:g}"
        typer.echo(f"Outcome, weighted {centre}: {found['value']:.2f} ({span(found)}; 5–95 % of runs: {spread})")
    rest = outcome["settled"]
    bound = f"nobody moves by more than {rest['points_a_step']:g} points a step"
    if rest["median_step"] is None:
        typer.echo(f"It did not settle: in no run is there a step from which on {bound}.\n")
    else:
        typer.echo(f"Settled in {percent(rest)} of runs, by step {rest['median_step']} (median): {bound} after.\n")
