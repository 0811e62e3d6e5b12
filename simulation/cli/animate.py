"""``ceasefire animate``: one run as a moving picture."""

from __future__ import annotations

import inspect
from typing import Annotated, Any

import typer

from simulation.cli.options import (
    AsOf,
    Changes,
    Force,
    Out,
    Quiet,
    RuleName,
    ScenarioFile,
    Seed,
    Uncertain,
    scenario_from,
)


def animate(
    scenario: ScenarioFile,
    run: Annotated[int, typer.Option(help="which run of the ensemble; the first is 0", min=0)] = 0,
    seed: Seed = 1,
    changes: Changes = None,
    as_of: AsOf = None,
    rule: RuleName = None,
    uncertain: Uncertain = False,
    fps: Annotated[float, typer.Option(help="steps a second; one that brings an offer lasts longer")] = 4.0,
    dpi: Annotated[int, typer.Option(help="pixels an inch, of a page 8 inches wide")] = 80,
    out: Out = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one run as an animated GIF of the network of actors.

    Stances are colours, leverage is width, offers are flashes.

    Exit code 0: fine. 2: the input will not do.
    """
    from simulation.cli.folders import settings_of, settle
    from simulation.cli.terminal import progress
    from simulation.show import animation

    chosen = scenario_from(scenario, changes, rule, as_of)
    given: dict[str, Any] = {
        "run": run,
        "seed": seed,
        "changes": changes,
        "as_of": as_of,
        "rule": rule,
        "uncertain": uncertain,
    }
    given |= {"fps": fps, "dpi": dpi}
    defaults = {name: parameter.default for name, parameter in inspect.signature(animate).parameters.items()}
    settings = settings_of(given, defaults)
    with settle(out, "animate", scenario, settings, as_json=False, force=force) as folder:
        assert folder is not None  # there is one unless JSON alone is asked for
        with progress(silent=quiet) as bar, folder.replaced() as (aside, files):
            file = animation.animate(
                chosen,
                aside / "animate.gif",
                seed=seed,
                run=run,
                uncertain=uncertain,
                fps=fps,
                dpi=dpi,
                progress=bar.of(chosen.steps, "steps"),
            )
            files.append(file.name)
    if not quiet:
        file = folder.path / file.name
        from simulation.show.plots.fonts import undrawn

        typer.echo(f"Written to {file} ({file.stat().st_size / 1e6:.1f} MB): run {run} of seed {seed}.")
        if sentence := undrawn(chosen):
            typer.echo(sentence)
