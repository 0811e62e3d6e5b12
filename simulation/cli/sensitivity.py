"""``ceasefire sensitivity``: what drives the outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measures
from simulation.questions.finding import Finding

if TYPE_CHECKING:
    from simulation.questions.sensitivity.ranges import Share

Method = Annotated[
    str,
    typer.Option(
        help="shares of variance, sizes of effects, distances; variance tells random variation from input uncertainty",
        metavar="sobol|morris|pawn|variance",
    ),
]
Inputs = Annotated[
    list[str] | None,
    typer.Option(
        "--input",
        help="what to move, such as 'actors.*.stance'; may be repeated; every number with low and high, and the "
        "coefficients, if left out",
        metavar="PATTERN",
    ),
]
Coefficients = Annotated[
    str,
    typer.Option(
        help="how far to move a coefficient: a share of itself up and down, 'bounds' for all that is allowed, or 0",
        metavar="SHARE|bounds",
    ),
]
Points = Annotated[
    int | None,
    typer.Option(help="base points of sobol (128), trajectories of morris (40), points of pawn (1024)", min=2),
]


@question(runs=16)
def sensitivity(
    asked: Asked,
    measure: Measures = None,
    method: Method = "sobol",
    inputs: Inputs = None,
    coefficients: Coefficients = "0.25",
    points: Points = None,
) -> Finding:
    """Sensitivity analysis: rank the inputs by what they do.

    Moved are the numbers that have low and high, between these, and the coefficients, by a share of themselves.
    --runs is how many runs there are at each row of the design; more runs leave less to chance.
    """
    from simulation.questions.sensitivity import rows_of, sensitivity
    from simulation.questions.sensitivity.methods import method_called

    scenario, share, patterns = asked.scenario, share_of(coefficients), inputs or []
    if method == "variance":
        bar = asked.bar.of(2 * (points or 1000))
        return sensitivity(
            scenario,
            measure or None,
            method="variance",
            inputs=patterns,
            coefficients=share,
            points=points,
            runs=asked.runs,
            seed=asked.seed,
            progress=bar,
        )
    chosen = method_called(method)
    return sensitivity(
        scenario,
        measure or None,
        method=chosen,
        inputs=patterns,
        coefficients=share,
        points=points,
        runs=asked.runs,
        seed=asked.seed,
        progress=asked.bar.of(rows_of(scenario, chosen, patterns, share, points) * asked.runs),
    )


def share_of(text: str) -> Share:
    """A share, or ``bounds``."""
    from simulation.scenario.errors import ScenarioError

    if text == "bounds":
        return "bounds"
    try:
        return float(text)
    except ValueError:
        raise ScenarioError(f"--coefficients {text}: a share such as 0.25, or 'bounds', would do.") from None
