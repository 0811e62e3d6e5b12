"""``ceasefire levers``: one-at-a-time effects of stances, ties, offers and demands."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measure
from simulation.questions.finding import Finding

Steps = Annotated[
    list[str] | None,
    typer.Option(
        "--step",
        help="how far a kind of number is moved: stance, salience, leverage, support, pledge (promised support), "
        "monitoring, terms, want or sponsor; only the kinds named; may be repeated",
        metavar="KIND=A,B,...",
        show_default="all kinds, their own steps",
    ),
]


@question(runs=256, uncertain=True)
def levers(asked: Asked, measure: Measure = "truce.starts", step: Steps = None) -> Finding:
    """One-at-a-time effects: move stances, ties, offers one by one.

    Example: ceasefire levers libya-2020-01 --measure truce.starts.2020-01-31 --step stance=-10,10 --step sponsor=1
    """
    from simulation.questions.levers import levers

    return levers(
        asked.scenario,
        measure,
        asked.runs,
        asked.seed,
        steps=parse_steps(step or []),
        uncertain=asked.uncertain,
        progress=asked.bar.share(),
    )


def parse_steps(texts: list[str]) -> dict[str, list[float]] | None:
    """``KIND=A,B,...`` as steps by kind; None where nothing is said."""
    from simulation.scenario import ScenarioError

    found: dict[str, list[float]] = {}
    for text in texts:
        kind, sign, values = text.partition("=")
        try:
            found[kind.strip()] = [float(value) for value in values.split(",")]
        except ValueError:
            sign = ""
        if not sign or not all(abs(value) < float("inf") for value in found.get(kind.strip(), [])):
            raise ScenarioError(f"--step {text}: it is written KIND=A,B,..., such as stance=-10,10.")
    return found or None
