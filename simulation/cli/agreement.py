"""``ceasefire agreement``: how far coders agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.questions.finding import Finding

Codings = Annotated[
    Path,
    typer.Argument(
        help="the folder of a war that was coded twice, with a folder for each coding (A, B), or of several wars",
        metavar="FOLDER",
    ),
]
Resamples = Annotated[int, typer.Option(help="drawings of wars or units anew, behind the intervals", min=20)]


@question(rule=False)
def agreement(asked: Asked, file: Codings, resamples: Resamples = 1000) -> Finding:
    """Intercoder agreement: how far coders agree on the same wars.

    Krippendorff's alpha of each variable, with intervals, and what the rows rest on.

    Example: ceasefire agreement scenarios/wars
    """
    from simulation.questions.agreement import agreement

    return agreement(file, asked.seed, resamples=resamples, progress=asked.bar.share("variables"))
