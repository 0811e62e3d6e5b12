"""``ceasefire benchmark``: many cases forecast and scored together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.questions.finding import Finding

Cases = Annotated[
    Path,
    typer.Argument(
        help="a folder of wars with observed answers, such as scenarios/wars, or a table or folder of negotiations "
        "with known outcomes",
        metavar="CASES",
    ),
]
Runs = Annotated[
    int | None, typer.Option(help="runs of each war, 1,000 if left out; of a rule that draws lots, 50", min=1)
]
Forecasts = Annotated[
    list[Path] | None,
    typer.Option(
        help="a CSV file of somebody's forecasts, with columns war, offer, party, chance; may be repeated",
        metavar="FILE",
    ),
]
Codings = Annotated[
    list[str] | None,
    typer.Option(
        help="of wars: settled, or a coder's name such as A; all if left out; may be repeated", metavar="NAME"
    ),
]
Scale = Annotated[str | None, typer.Option(help="of negotiations: the ends of the positions", metavar="LOW:HIGH")]
Rounds = Annotated[int | None, typer.Option(help="of negotiations: rounds played at most, 30 if left out", min=1)]


@question(rule=False)
def benchmark(
    asked: Asked,
    file: Cases,
    runs: Runs = None,
    forecasts: Forecasts = None,
    coding: Codings = None,
    scale: Scale = None,
    rounds: Rounds = None,
) -> Finding:
    """Benchmark: score forecasts of many wars or negotiations.

    Wars: each answer is forecast from what was known; what is learnt is learnt on the other wars. Negotiations: every
    rule against simple forecasts, by mean absolute error.

    Example: ceasefire benchmark scenarios/wars
    """
    from simulation.questions.benchmark import benchmark

    return benchmark(
        file,
        runs=runs,
        seed=asked.seed,
        forecasts=forecasts or (),
        codings=coding or None,
        scale=scale,
        rounds=rounds,
        progress=asked.bar.words(),
    )
