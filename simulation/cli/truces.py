"""``ceasefire truces``: how long the world's ceasefires live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.questions.finding import Finding

Dataset = Annotated[
    Path, typer.Argument(help="the ETH/PRIO dataset as you downloaded it: CSV or .xlsx", metavar="FILE")
]
Resamples = Annotated[int, typer.Option(help="drawings of conflicts anew, behind the intervals", min=20)]


@question(rule=False)
def truces(asked: Asked, file: Dataset, resamples: Resamples = 400) -> Finding:
    """Survival of ceasefires: fit the lives of the world's.

    Reads the Civil Conflict Ceasefire dataset (Clayton et al. 2022) that you have downloaded, and says how long truces
    lived, how they ended, and whether the model's default lives lie between what one may claim.
    """
    from simulation.questions.truces import truce_lives

    return truce_lives(file, asked.seed, resamples=resamples, progress=asked.bar.of(15, "groups"))
