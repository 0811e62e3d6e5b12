"""``ceasefire calibrate``: what the answers on record say about the coefficients, and whether it can be known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, ScenarioFile, Seed, scenario_from
from simulation.cli.output import as_json as text_of
from simulation.cli.output import folder_for, leave
from simulation.cli.terminal import progress

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


def calibrate(
    scenario: ScenarioFile,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="use the answers before it; by default the first of the month after half of the answers",
            metavar="DATE",
        ),
    ] = None,
    keys: Annotated[
        list[str],
        typer.Option("--key", help="what is calibrated; every coefficient if left out; may be repeated", metavar="KEY"),
    ] = [],  # noqa: B006
    draws: Annotated[int, typer.Option(help="draws in each round", min=50)] = 4000,
    rounds: Annotated[int, typer.Option(help="rounds of sampling, each closer to the posterior", min=1)] = 4,
    recover: Annotated[
        int, typer.Option(help="histories to simulate from known coefficients and to calibrate on", min=0)
    ] = 0,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Weigh coefficients by the answers on record, and say which of them the answers tell anything about.

    With --recover, histories are simulated from known coefficients, to see whether calibration finds them again.
    """
    from simulation.questions.record import calibration
    from simulation.questions.record.recovery import recover as recover_known

    asked = scenario_from(scenario, changes, rule)
    folder = folder_for(out, "calibrate", scenario, as_json)
    silent = quiet or as_json
    with progress(draws * rounds, silent=silent, what="draws") as advance:
        posterior = calibration.calibrate(
            asked,
            until.date() if until else None,
            keys or None,
            draws=draws,
            rounds=rounds,
            seed=seed,
            progress=advance,
        )
    known = None
    if recover:
        with progress(recover, silent=silent, what="histories") as advance:
            known = recover_known(
                asked, recover, keys or None, draws=max(draws // 2, 50), rounds=rounds + 1, seed=seed, progress=advance
            )
    summary = _summary(posterior, known)
    if as_json:
        typer.echo(text_of(summary), nl=False)
    elif not quiet:
        _show(summary)
    if folder is not None:
        from simulation.show.plots.calibration import figure_calibration, figure_pairs, figure_recovery

        figures = {"calibrate": figure_calibration(posterior), "calibrate-pairs": figure_pairs(posterior)}
        if known is not None:
            from simulation.runs.results import save

            save(known, folder / "recover.nc")
            figures["recover"] = figure_recovery(known)
        leave(folder, "calibrate", posterior, _table(summary), figures, summary, quiet or as_json)


def _table(summary: dict[str, Any]) -> pd.DataFrame:
    """A row for each coefficient."""
    import pandas as pd

    return pd.DataFrame([{"coefficient": key} | row for key, row in summary["coefficients"].items()])


def _summary(posterior: xr.Dataset, known: xr.Dataset | None) -> dict[str, Any]:
    from simulation.questions.record.calibration import resemblances
    from simulation.questions.record.scores import brier, log_score

    rows: dict[str, dict[str, float]] = {}
    for key in map(str, posterior.coefficient.values):
        here = posterior.sel(coefficient=key)
        low, high = (float(number) for number in here.interval)
        row = {
            "default": float(here.default),
            "prior_mean": float(here.prior_mean),
            "prior_sd": float(here.prior_sd),
            "mean": float(here["mean"]),
            "sd": float(here.sd),
            "low": low,
            "high": high,
            "told_apart": float(here.told_apart),
        }
        if known is not None:
            there = known.sel(coefficient=key)
            covered = dict(zip(("covered", "covered_low", "covered_high"), map(float, there.covered), strict=True))
            row |= {**covered, "found": float(there.found)}
        rows[key] = {name: round(number, 5) for name, number in row.items()}
    grade, used = posterior.grade.values, posterior.used.values.astype(bool)
    summary: dict[str, Any] = {
        "scenario": posterior.attrs["title"],
        "until": posterior.attrs["until"],
        "answers": int(used.sum()),
        "draws": int(posterior.attrs["runs"]),
        "effective": round(float(posterior.effective[-1]), 1),
        "seed": int(posterior.attrs["seed"]),
        "coefficients": rows,
        "alike": [
            {"one": one, "other": other, "correlation": round(value, 3)}
            for one, other, value in resemblances(posterior)
        ],
        "scores": {
            name: {
                part: {
                    "brier": round(float(brier(chance[chosen], grade[chosen]).mean()), 4),
                    "log": round(float(log_score(chance[chosen], grade[chosen]).mean()), 4),
                }
                for part, chosen in (("before", used), ("after", ~used))
                if chosen.any()
            }
            for name, chance in (
                ("prior", posterior.chance_prior.values),
                ("posterior", posterior.chance_posterior.values),
            )
        },
    }
    if known is not None:
        value, low, high = (round(float(number), 4) for number in known.covered_all)
        summary["recovery"] = {
            "histories": int(known.attrs["histories"]),
            "covered": {"value": value, "low": low, "high": high},
            "effective_median": round(float(known.effective.median()), 1),
            "effective_least": round(float(known.effective.min()), 1),
        }
    return summary


def _show(summary: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(
        f"{summary['answers']} answers before {summary['until']}; {summary['draws']:,} draws, "
        f"{summary['effective']:,.0f} effective\n"
    )
    table = Table(box=box.SIMPLE_HEAD, title="posterior mean (90 % interval)", title_justify="left")
    table.add_column("coefficient", no_wrap=True)
    known = "recovery" in summary
    for name in ("default", "posterior", "learnt", *(("covered", "found") if known else ())):
        table.add_column(name, justify="right")
    for key, row in sorted(summary["coefficients"].items(), key=lambda item: -item[1]["told_apart"]):
        cells = [
            f"{row['default']:.3g}",
            f"{row['mean']:.2g} ({row['low']:.2g}–{row['high']:.2g})",
            f"{100 * max(row['told_apart'], 0):.0f} %",
        ]
        if known:
            cells += [f"{100 * row['covered']:.0f} %", f"{row['found']:+.2f}"]
        table.add_row(escape(key.removeprefix("coefficients.")), *cells)
    console.print(table)
    for pair in summary["alike"][:3]:
        console.print(f"{pair['one']} and {pair['other']} stand in for each other: r = {pair['correlation']:+.2f}")
    for name, scores in summary["scores"].items():
        parts = "; ".join(
            f"{part} Brier {found['brier']:.3f}, log {found['log']:.3f}" for part, found in scores.items()
        )
        console.print(f"{name}: {parts}")
    if known:
        found = summary["recovery"]
        covered = found["covered"]
        console.print(
            f"{found['histories']} simulated histories: {100 * covered['value']:.0f} % of the 90 % intervals hold the "
            f"truth ({100 * covered['low']:.0f}–{100 * covered['high']:.0f})."
        )
