"""``ceasefire animate``: one run as a moving picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from simulation.cli.options import Changes, Out, Quiet, RuleName, ScenarioFile, Seed, Uncertain, scenario_from


def animate(
    scenario: ScenarioFile,
    run: Annotated[int, typer.Option(help="which run of the ensemble; the first is 0", min=0)] = 0,
    seed: Seed = 1,
    changes: Changes = None,
    rule: RuleName = None,
    uncertain: Uncertain = False,
    fps: Annotated[float, typer.Option(help="steps a second; one that brings an offer lasts longer")] = 4.0,
    dpi: Annotated[int, typer.Option(help="pixels an inch, of a page 8 inches wide")] = 80,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Write one run as an animated GIF of the network of actors.

    Stances are colours, leverage is width, offers are flashes.

    Exit code 0: fine. 2: the input will not do.
    """
    from simulation.cli.terminal import progress
    from simulation.show.animation import animate

    chosen = scenario_from(scenario, changes, rule)
    folder = out or Path("results") / f"animate-{Path(scenario).stem}"
    with progress(silent=quiet) as bar:
        file = animate(
            chosen,
            folder / "animate.gif",
            seed=seed,
            run=run,
            uncertain=uncertain,
            fps=fps,
            dpi=dpi,
            progress=bar.of(chosen.steps, "steps"),
        )
    if not quiet:
        typer.echo(f"Written to {file} ({file.stat().st_size / 1e6:.1f} MB): run {run} of seed {seed}.")
