"""Serving the page on this machine, and on this machine only."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from datetime import date as Date
from typing import Any

from simulation.scenario import ScenarioError, load_scenario

HOST = "127.0.0.1"
PORT = 8765

PATIENCE = 10
"""Seconds in which a whole request has to come, on a connection that waits for no answer."""


def make_app(token: str, asked: str | None = None) -> tuple[Any, Callable[[], None]]:
    """The page as an ASGI application, for the browser alone that shows the token; and what ends all it works on.

    Parameters
    ----------
    token : what ``?token=`` has to be in the address
    asked : the scenario to show at first, a path or a bundled name

    Raises
    ------
    ScenarioError
        for a scenario that is not there, or where what the page is served with is not installed
    """
    try:
        import uvicorn  # noqa: F401

        from simulation.show.dashboard.routes import Pages
        from simulation.show.dashboard.security import SecurityMiddleware
    except ImportError:
        raise ScenarioError(
            'the page needs starlette and uvicorn: pip install "ceasefire-simulation[dashboard]"'
        ) from None
    from simulation.show.dashboard.views import Library

    pages = Pages(Library(asked))
    return SecurityMiddleware(pages.app(), token), pages.outcomes.end


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
        for a scenario that cannot be read, a port that is taken, or where what the page is served with is not installed
    """
    if asked is not None:
        load_scenario(asked, as_of=as_of)  # what is wrong with it is said here rather than on the page
    token = secrets.token_urlsafe(24)
    app, end = make_app(token, asked)
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            """End when told, though a browser waits for runs that take long."""
            end()
            super().handle_exit(sig, frame)

    with _listening(port) as listener:
        address = f"http://{HOST}:{listener.getsockname()[1]}/?token={token}"
        address += "" if as_of is None else f"&as_of={as_of}"
        say(f"The page is at {address}\nCtrl+C ends it. Whoever has this address can use the page.")
        if browser:
            threading.Timer(1.0, webbrowser.open, (address,)).start()
        config = uvicorn.Config(
            app,
            log_level="error",
            access_log=False,  # it would tell the token
            proxy_headers=False,
            server_header=False,
            ws="none",
            http=_patient(),
            timeout_graceful_shutdown=5,
        )
        with contextlib.suppress(KeyboardInterrupt):
            Server(config).run(sockets=[listener])


def _patient() -> type[asyncio.Protocol]:
    """What reads requests, and hangs up on who asks for nothing, or for something letter by letter."""
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Patient(H11Protocol):
        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self.loop.call_later(PATIENCE, self.look, self.cycle)

        def look(self, before: Any) -> None:
            """Hang up where no request has come since the last look and no answer is due."""
            if self.transport.is_closing():
                return
            if self.cycle is before and (before is None or before.response_complete):
                self.transport.close()
            else:
                self.loop.call_later(PATIENCE, self.look, self.cycle)

    return Patient


def _listening(port: int | None) -> socket.socket:
    """A socket on this machine alone."""
    for wanted in (PORT, 0) if port is None else (port,):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if os.name == "posix":  # elsewhere it would let two programs listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, wanted))
            listener.listen(128)
            return listener
        except OSError as error:
            listener.close()
            what = "is kept for the system" if isinstance(error, PermissionError) else "is taken"
    raise ScenarioError(f"port {port} {what}; leave the port out to have a free one found.")
