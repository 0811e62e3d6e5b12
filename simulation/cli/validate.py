"""``ceasefire validate``: the model against the answers on record, and against simpler forecasts of them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulation.cli.options import Changes, Json, Out, Quiet, RuleName, Runs, ScenarioFile, Seed, scenario_from
from simulation.cli.output import as_json as text_of
from simulation.cli.output import folder_for, leave

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Split = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="what is fitted is so before it; by default the first of the month after half of the answers",
        metavar="DATE",
    ),
]
Draws = Annotated[int, typer.Option(help="draws of coefficients in each of four rounds of fitting; 0 fits none", min=0)]


def validate(
    scenario: ScenarioFile,
    split: Split = None,
    runs: Runs = 1000,
    draws: Draws = 4000,
    every_rule: Annotated[
        bool, typer.Option("--every-rule", help="score every stance rule, as it is and fitted; takes minutes")
    ] = False,
    seed: Seed = 1,
    changes: Changes = [],  # noqa: B006
    rule: RuleName = None,
    out: Out = None,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Score forecasts of the answers on record, in sample and out of it, against simple baselines.

    The record, its grades and the scenario's numbers were coded with hindsight: these are scores of a hindcast.
    """
    from simulation.questions.record import validation

    asked = scenario_from(scenario, changes, rule)
    folder = folder_for(out, "validate", scenario, as_json)
    result = validation.validate(
        asked,
        split.date() if split else None,
        runs=runs,
        draws=draws,
        seed=seed,
        rules=validation.every_rule() if every_rule else (),
        progress=None if quiet or as_json else lambda words: typer.echo(f"… {words}", err=True),
    )
    summary = _summary(result)
    if as_json:
        typer.echo(text_of(summary), nl=False)
    elif not quiet:
        _show(result, summary)
    if folder is not None:
        from simulation.show.plots.validation import figure_validation

        leave(
            folder,
            "validate",
            result,
            _table(result),
            {"validate": figure_validation(result)},
            summary,
            quiet or as_json,
        )


def _table(result: xr.Dataset) -> pd.DataFrame:
    """A row for each answer: what was given, and the chance by every forecast."""
    import pandas as pd

    columns: dict[str, Any] = {
        "day": [str(day)[:10] for day in result.day.values],
        "offer": result.offer.values,
        "party": result.party.values,
        "answer": result.grade.values,
        "words": result.label.values,
        "fortune": result.fortune.values,
        "before split": result.before.values,
    }
    names = [str(name) for name in result.forecast.values]
    columns |= {name: result.chance.sel(forecast=name).values for name in names[:-1]}
    columns |= {
        f"{name}, {bound}": result[bound].sel(forecast=name).values for name in names[:1] for bound in ("low", "high")
    }
    return pd.DataFrame(columns)


def _summary(result: xr.Dataset) -> dict[str, Any]:
    from simulation.questions.record.validation import verdict

    def number(value: Any) -> float | None:
        value = float(value)
        return None if value != value or abs(value) == float("inf") else round(value, 4)

    def three(values: xr.DataArray) -> dict[str, float | None]:
        return {str(bound): number(values.sel(bound=bound)) for bound in values.bound.values}

    return {
        "scenario": result.attrs["title"],
        "runs": int(result.attrs["runs"]),
        "seed": int(result.attrs["seed"]),
        "split": result.attrs["split"],
        "answers": {str(part): int(result["count"].sel(part=part)) for part in result.part.values},
        "verdict": verdict(result),
        "scores": {
            str(name): {
                str(part): {
                    str(score): three(result.mean_score.sel(forecast=name, part=part, score=score))
                    for score in result.score.values
                }
                for part in result.part.values
            }
            for name in result.forecast.values
        },
        "lead": {
            str(name): {
                str(baseline): {
                    str(score): three(result.lead.sel(forecast=name, baseline=baseline, part="after", score=score))
                    for score in result.score.values
                }
                for baseline in result.baseline.values
            }
            for name in result.forecast.values
            if str(name).startswith(("model", "rule"))
        },
        "truces": {
            str(form): {
                "begun": int(result.truces.sel(form=form)),
                "median_days": number(result.median_days.sel(form=form)),
            }
            for form in result.form.values
        },
        "intensity": {
            str(month): number(value) for month, value in zip(result.month.values, result.intensity.values, strict=True)
        },
    }


def _show(result: xr.Dataset, summary: dict[str, Any]) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console(highlight=False)
    console.print(f"[bold]{escape(summary['scenario'])}[/bold]")
    console.print(f"{summary['runs']:,} runs, seed {summary['seed']}; split {summary['split']}; coded with hindsight\n")
    answers = Table(box=box.SIMPLE_HEAD, title="chance of a yes (5–95 % of runs), and the answer", title_justify="left")
    for name in ("offer", "party", "forecast", "fitted", "answer"):
        answers.add_column(name, justify="right" if name in ("forecast", "fitted", "answer") else "left")
    fitted = int(result.attrs["fitted"])
    for place in range(result.sizes["answer"]):
        here = result.isel(answer=place)
        ours = here.isel(forecast=0)
        answers.add_row(
            f"{str(here.day.values)[:10]} {escape(str(here.offer.values))}",
            str(here.party.values),
            f"{100 * float(ours.chance):.0f} % ({100 * float(ours.low):.0f}–{100 * float(ours.high):.0f})",
            f"{100 * float(here.chance.isel(forecast=1)):.0f} %" if fitted else "",
            f"{float(here.grade):.2f}",
        )
    console.print(answers)
    parts = [part for part in ("before", "after") if summary["answers"][part]]
    counts = ", ".join(f"{summary['answers'][part]} {part}" for part in parts)
    heading = f"mean score, less is better (95 % over answers): {counts} {summary['split']}"
    scores = Table(box=box.SIMPLE_HEAD, title=heading, title_justify="left")
    scores.add_column("forecast")
    for part in parts:
        for score in ("Brier", "log"):
            scores.add_column(f"{score}\n{part}", justify="right")
    for name, found in summary["scores"].items():
        cells = [_score(found[part][score], part == parts[-1]) for part in parts for score in ("brier", "log")]
        scores.add_row(escape(name), *cells)
    console.print(scores)
    for sentence in summary["verdict"]:
        console.print(escape(sentence))


def _score(found: dict[str, float | None], with_interval: bool) -> str:
    if found["value"] is None:
        return ""
    interval = f"\n{found['low']:.2f}–{found['high']:.2f}" if with_interval else ""
    return f"{found['value']:.3f}{interval}"
