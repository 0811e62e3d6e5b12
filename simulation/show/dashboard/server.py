"""Serving the page on this machine, and on this machine only."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from datetime import date as Date
from pathlib import Path
from typing import Any

from simulation.scenario import ScenarioError, load_scenario
from simulation.show.dashboard.choices import AS_OF, ASKED, choices

HOST = "127.0.0.1"
PORT = 8765


def make_app(token: str) -> Any:
    """The page as an ASGI application, for the browser alone that shows the token.

    Parameters
    ----------
    token : what ``?token=`` has to be in the address

    Raises
    ------
    ScenarioError
        where marimo is not installed
    """
    try:
        import marimo

        from simulation.show.dashboard.security import LINGERING, SecurityMiddleware
    except ImportError:
        raise ScenarioError('the page needs marimo: pip install "ceasefire-simulation[dashboard]"') from None
    import simulation.show.dashboard.pictures
    import simulation.show.dashboard.stepper  # noqa: F401  now, while the browser starts, rather than when the page is asked for

    page = Path(__file__).parent / "page.py"
    marimo_app = marimo.create_asgi_app(quiet=True, include_code=False, session_ttl=LINGERING)
    made: list[Any] = []  # marimo's application, which alone knows its sessions

    def noted(app: Any) -> Any:
        made.append(app)
        return app

    inner = marimo_app.with_app(path="", root=str(page), middleware=[noted]).build()
    return SecurityMiddleware(inner, page, token, at_end=lambda: made[0].state.session_manager.close_all_sessions())


def serve(
    asked: str | None,
    port: int | None = None,
    *,
    browser: bool = True,
    say: Callable[[str], None] = print,
    as_of: Date | None = None,
) -> None:
    """Open the page, and keep it open until somebody presses Ctrl+C.

    Parameters
    ----------
    asked : the scenario to show at first, a path or a bundled name
    port : to listen on; 8765, or another that is free, if left out
    browser : whether to open it in the browser
    say : told the address
    as_of : the day by which to know that scenario

    Raises
    ------
    ScenarioError
        for a scenario that cannot be read, a port that is taken, or where marimo is not installed
    """
    os.environ.pop(AS_OF, None)
    if asked is not None:
        load_scenario(asked, as_of=as_of)  # what is wrong with it is said here rather than on the page
        os.environ[ASKED] = asked
        if as_of is not None:
            os.environ[AS_OF] = as_of.isoformat()
    else:
        os.environ.pop(ASKED, None)
        choices()
    token = secrets.token_urlsafe(24)
    app = make_app(token)
    import uvicorn

    logging.getLogger("marimo").setLevel(logging.ERROR)
    with _listening(port) as listener:
        address = f"http://{HOST}:{listener.getsockname()[1]}/?token={token}"
        say(f"The page is at {address}\nCtrl+C ends it. Whoever has this address can use the page.")
        if browser:
            threading.Timer(1.0, webbrowser.open, (address,)).start()
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,  # it would tell the token
            proxy_headers=False,
            server_header=False,
            ws_max_size=4096,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets=[listener])


def _listening(port: int | None) -> socket.socket:
    """A socket on this machine alone."""
    for wanted in (PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
            listener.listen(128)
            return listener
        except OSError:
            listener.close()
    raise ScenarioError(f"port {port} is taken; leave the port out to have a free one found.")
