"""``ceasefire app``: the page in the browser."""

from __future__ import annotations

from typing import Annotated

import typer


def open_page(
    scenario: Annotated[
        str | None,
        typer.Argument(help="a scenario file, or the name of a bundled one, to show at first", metavar="SCENARIO"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="the port to listen on; a free one if left out", min=1, max=65535)
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="open it in the browser")] = True,
) -> None:
    """Open a page in the browser, with a slider for every number.

    It stays on this machine.

    Exit code 0: fine. 2: the input will not do.
    """
    from simulation.show.dashboard.server import serve

    serve(scenario, port, browser=browser, say=typer.echo)
