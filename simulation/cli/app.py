"""``ceasefire app``: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer

from simulation.cli.options import AsOf, load_known


def open_page(
    scenario: Annotated[
        str | None,
        typer.Argument(help="a scenario file, or the name of a bundled one, to show at first", metavar="SCENARIO"),
    ] = None,
    as_of: AsOf = None,
    port: Annotated[
        int | None, typer.Option(help="the port to listen on; a free one if left out", min=1, max=65535)
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="open it in the browser")] = True,
) -> None:
    """Open a page in the browser, with a slider for every number.

    It stays on this machine.

    Exit code 0: fine. 2: the input will not do.
    """
    from simulation.scenario import ScenarioError
    from simulation.show.dashboard.server import serve

    if as_of is not None:
        if scenario is None:
            raise ScenarioError("--as-of: name the scenario that is to be known as of that day.")
        load_known(scenario, {}, as_of)
    serve(scenario, port, browser=browser, say=typer.echo, as_of=None if as_of is None else as_of.date())
