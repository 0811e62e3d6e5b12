"""``ceasefire path``: the least-cost change that brings a chance to a target."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measure
from simulation.questions.finding import Finding

Target = Annotated[float, typer.Option("--chance", help="what to bring it to, between 0 and 1", metavar="CHANCE")]
Levers = Annotated[
    list[str] | None,
    typer.Option(
        "--lever",
        help="a number that may be changed, its bounds (the coder's low and high if left out) and what a change over "
        "its whole scale costs (1 if left out); may be repeated",
        metavar="KEY[=LOW:HIGH[:COST]]",
    ),
]
Points = Annotated[int, typer.Option(help="points of the frontier beside the target", min=0, max=50)]


@question(runs=512)
def path(
    asked: Asked, chance: Target = 0.5, measure: Measure = "truce.starts", lever: Levers = None, points: Points = 5
) -> Finding:
    """Least-cost change that brings a chance to a target.

    Example: ceasefire path libya-2020-01 --measure answer.moscow-text.LNA --chance 0.2
    --lever actors.Russia.stance=50:90 --lever ties.UAE.LNA.support=0:0.6:2

    Exit code 0: fine. 1: the target is not within the bounds. 2: the input will not do.
    """
    from simulation.questions.path import path
    from simulation.scenario import ScenarioError

    bar = asked.bar.of(60 * (points + 1), "changes tried, about")
    levers = dict(parse_lever(text) for text in lever or ())
    if len(levers) < len(lever or ()):
        raise ScenarioError("--lever: a number is named twice.")
    asked.moved(asked.scenario, levers)
    return path(asked.scenario, measure, chance, levers, asked.runs, asked.seed, points=points, progress=bar)


def parse_lever(text: str) -> tuple[str, tuple[float, ...]]:
    """``KEY``, ``KEY=LOW:HIGH`` or ``KEY=LOW:HIGH:COST``."""
    from simulation.scenario import ScenarioError

    key, sign, rest = text.partition("=")
    if not sign:
        return key.strip(), ()
    try:
        numbers = tuple(float(part) for part in rest.split(":"))
    except ValueError:
        numbers = ()
    if len(numbers) not in (2, 3):
        raise ScenarioError(f"--lever {text}: it is written KEY=LOW:HIGH:COST, such as actors.Russia.stance=50:90:1.")
    return key.strip(), numbers
