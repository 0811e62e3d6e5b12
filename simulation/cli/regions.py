"""``ceasefire regions``: under which inputs of a sweep something comes out so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.ask import Asked, question
from simulation.cli.options import Measure
from simulation.questions.finding import Finding

StoreFolder = Annotated[Path, typer.Argument(help="the folder of a sweep", metavar="STORE")]
Below = Annotated[float | None, typer.Option(help="of interest is a mean below this; a chance is 0 to 1")]
Above = Annotated[float | None, typer.Option(help="of interest is a mean above this")]
Depth = Annotated[int, typer.Option(help="how many limits in a row the region may have", min=1, max=6)]


@question(rule=False)
def regions(
    asked: Asked,
    file: StoreFolder,
    measure: Measure = "truce.holds_to_end",
    below: Below = None,
    above: Above = None,
    depth: Depth = 3,
) -> Finding:
    """Scenario discovery: under which inputs of a sweep it fails.

    It: that a truce starts, say; --measure and --below or --above say what is of interest.

    --seed keys which points are held out to judge what was found on the others.
    Example: ceasefire sweep libya-2020-01 --vary actors.LNA.base=0:60 --vary ties.UAE.LNA.support=0:1
    --sampling sobol --points 512 --out uae
    and then ceasefire regions uae --measure truce.starts --below 0.8
    """
    from simulation.questions.regions import regions

    return regions(file, measure, below=below, above=above, depth=depth, seed=asked.seed)
