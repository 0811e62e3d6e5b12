"""Who may use the page: the browser that was given its address, and what that page itself asks for."""

from __future__ import annotations

import asyncio
import hmac
import html
import json
import math
import os
import re
import secrets
from base64 import b64encode
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulation.show.templates import fill

NAMES = ("127.0.0.1", "localhost")
"""What this machine is called by itself."""

MOST_SESSIONS = 20
"""Pages that may be open at once; each has a model of its own in memory."""

LINGERING = 10
"""Seconds for which a session is kept after its browser went, should it come back."""

MOST_BYTES = 64 * 1024
"""The longest request that is read."""

MOST_TEXT = 1_000
"""The longest text that a control may be set to."""

READ = re.compile(r"/(favicon\.ico|health|assets/[\w.-]+|@file/[\w.-]+)?")
"""What the page reads: itself, its parts, and the scenario file that is saved."""

SET = "/api/kernel/set_ui_element_value"
"""Where the page says that a control was moved."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}

INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
"""A script that is written in the page itself."""

UNUSED = re.compile(r'<link rel="(?:manifest|apple-touch-icon)"[^>]*>')
"""What a browser fetches without its cookie."""


class SecurityMiddleware:
    """Let through what the page asks for, once its browser has shown the token; refuse all else.

    It stands before everything, for HTTP and for the web socket. A page elsewhere on the web, or on another port of
    this machine, is told nothing, not even with the address of this one: the browser says whose page asks.

    Parameters
    ----------
    app : the page as an ASGI application
    page : marimo's file of the page, whose folder is told to nobody
    token : that the address has to hold at first; the browser keeps a cookie from then on
    at_end : called when the server ends, for the sessions of browsers that are still there
    """

    def __init__(self, app: ASGIApp, page: Path, token: str, at_end: Callable[[], None] = lambda: None) -> None:
        self.app = app
        self.page = page
        self.token = token
        self.at_end = at_end
        self.cookie = secrets.token_urlsafe(24)
        self.sessions: Counter[str] = Counter()
        """How many connections hold each session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            try:
                await self.app(scope, receive, send)
            finally:
                self.at_end()
            return
        send = _secured(send)
        connection = HTTPConnection(scope)
        answer = _foreign(connection) or self._without_token(connection)
        if answer is not None:
            await _refuse(scope, receive, send, answer)
        elif scope["type"] == "websocket":
            await self._talk(connection, receive, send)
        elif scope["method"] == "POST" and scope["path"] == SET:
            await self._set(connection, receive, send)
        elif scope["method"] != "GET" or not READ.fullmatch(scope["path"]):
            await _refuse(scope, receive, send, _nothing)
        elif scope["path"] != "/":
            await self.app(scope, receive, send)
        elif len(self.sessions) >= MOST_SESSIONS:
            await _refuse(scope, receive, send, _full)
        else:
            await self._show(connection, receive, send)

    def _without_token(self, connection: HTTPConnection) -> Response | None:
        """What to answer who has no token, or has it still in the address."""
        port = _port(connection)
        known = _same(connection.cookies.get(f"ceasefire-{port}", ""), self.cookie)
        given = connection.query_params.get("token")
        if not known and not (given is not None and _same(given, self.token)):
            return _said(
                403,
                "This page opens at the address that the terminal printed, with ?token= in it.",
                "Copy the whole of that address into the address bar. It is a new one each time ceasefire app begins.",
            )
        if given is None or connection.scope["path"] != "/" or connection.scope["type"] == "websocket":
            return None
        shown = RedirectResponse("/", status_code=303)  # the address bar and the history keep no token
        shown.set_cookie(f"ceasefire-{port}", self.cookie, httponly=True, samesite="strict")
        return shown

    async def _show(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        """The page, which may load what comes from here and run the scripts it was made with."""
        kept = [item for item in connection.scope["headers"] if item[0] != b"if-none-match"]
        status, content = await _answer_of(
            self.app, {**connection.scope, "query_string": b"", "headers": kept}, receive
        )
        text = INLINE.sub(lambda script: "" if "serviceWorker" in script[1] else script[0], content.decode())
        text = UNUSED.sub("", re.sub(r'("lspWorkspace": )\{[^}]*\}', r"\1null", text))
        folder = str(self.page.parent)
        for written in (html.escape(folder), json.dumps(folder)[1:-1]):
            text = text.replace(written + os.sep, "").replace(written, "")
        scripts = " ".join(
            f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" for code in INLINE.findall(text)
        )
        policy = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": f"default-src 'none'; script-src 'self' {scripts}; "
            "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
            f"connect-src 'self' ws://{connection.headers['host']}; "
            "base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
        }
        await HTMLResponse(text, status, policy)(connection.scope, receive, send)

    async def _set(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        """Pass on what a control of an open page was set to, if it is what a control can be set to."""
        content = await _body(receive)
        if connection.headers.get("marimo-session-id", "") not in self.sessions:
            await _refuse(connection.scope, receive, send, _nothing)
        elif content is None:
            await PlainTextResponse("That is too long.", 413)(connection.scope, receive, send)
        elif (moved := _moved(content)) is None:
            await PlainTextResponse("No control can be set to that.", 400)(connection.scope, receive, send)
        else:
            kept = [
                item for item in connection.scope["headers"] if item[0] not in (b"content-length", b"transfer-encoding")
            ]
            kept.append((b"content-length", str(len(moved)).encode()))
            await self.app({**connection.scope, "query_string": b"", "headers": kept}, _replayed(moved), send)

    async def _talk(self, connection: HTTPConnection, receive: Receive, send: Send) -> None:
        """Hold a session for as long as the browser listens, and a little longer."""
        session = connection.query_params.get("session_id", "")
        if connection.scope["path"] != "/ws" or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", session):
            await _refuse(connection.scope, receive, send, _nothing)
            return
        if session not in self.sessions and len(self.sessions) >= MOST_SESSIONS:
            await _refuse(connection.scope, receive, send, _full)
            return
        self.sessions[session] += 1
        try:
            query = f"session_id={session}".encode()
            await self.app({**connection.scope, "query_string": query}, _deaf(receive), send)
        finally:
            asyncio.get_running_loop().call_later(LINGERING, self._give_back, session)

    def _give_back(self, session: str) -> None:
        self.sessions[session] -= 1
        if not self.sessions[session]:
            del self.sessions[session]


def _said(status: int, *sentences: str) -> HTMLResponse:
    return HTMLResponse(fill("dashboard/refused.html", sentences=sentences), status)


_nothing = PlainTextResponse("There is nothing here.", 404)
_full = _said(
    503,
    f"{MOST_SESSIONS} pages are open already, which is as many as there may be.",
    f"Close one, wait {LINGERING} seconds, and load this page again.",
)


async def _refuse(scope: Scope, receive: Receive, send: Send, answer: Response) -> None:
    """Answer so; a web socket is refused without a word, since no page could read it and uvicorn would log it."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        await answer(scope, receive, send)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _port(connection: HTTPConnection) -> int:
    return int(connection.scope["server"][1])


def _foreign(connection: HTTPConnection) -> Response | None:
    """What to answer where the request is not meant for this page, or is another page's."""
    headers, port = connection.headers, _port(connection)
    hosts = headers.getlist("host")
    own = {f"{name}{end}" for name in NAMES for end in ({f":{port}", ""} if port == 80 else {f":{port}"})}
    if len(hosts) != 1 or hosts[0] not in own:
        return PlainTextResponse("This page has another address.", 403)
    if any(origin != f"http://{hosts[0]}" for origin in headers.getlist("origin")):
        return PlainTextResponse("Another page may not use this one.", 403)
    if any(site not in ("none", "same-origin") for site in headers.getlist("sec-fetch-site")):
        return _said(
            403,
            "Another page asked for this one, which it may not.",
            "To open it, copy the whole of its address into the address bar.",
        )
    return None


def _secured(send: Send) -> Send:
    """Send answers with this page's headers, and without those that open it to others."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            for name, value in HEADERS.items():
                if name != "Content-Security-Policy" or name not in headers:
                    headers[name] = value
        await send(message)

    return sending


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[int, bytes]:
    """Status and content of what the application answers."""
    status, content = 500, b""

    async def keep(message: Message) -> None:
        nonlocal status, content
        status = message.get("status", status)
        content += message.get("body", b"")

    await app(scope, receive, keep)
    return status, content


async def _body(receive: Receive) -> bytes | None:
    """The whole of a request, or None where it is too long."""
    content = b""
    while True:
        message = await receive()
        content += bytes(message.get("body", b""))
        if len(content) > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return content


def _moved(content: bytes) -> bytes | None:
    """The request that sets controls, written anew; None where it sets none, or to what none can have."""
    try:
        asked = json.loads(content)
        names, values = asked["objectIds"], asked["values"]
        fine = isinstance(names, list) and isinstance(values, list) and len(names) == len(values)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if not fine or not all(isinstance(name, str) and len(name) <= MOST_TEXT for name in names):
        return None
    if not all(map(_settable, values)):
        return None
    return json.dumps({"objectIds": names, "values": values}).encode()


def _settable(value: Any) -> bool:
    """Whether some control can have this value: a number, a text, nothing, or what is picked from a list."""
    if isinstance(value, str):
        return len(value) <= MOST_TEXT
    if isinstance(value, (int, float)):
        return math.isfinite(value) if isinstance(value, float) else abs(value) < 2**53
    return value is None or (isinstance(value, list) and all(isinstance(one, str) and _settable(one) for one in value))


def _replayed(content: bytes) -> Receive:
    """Receive what was read already."""

    async def receiving() -> Message:
        return {"type": "http.request", "body": content, "more_body": False}

    return receiving


def _deaf(receive: Receive) -> Receive:
    """Receive how a web socket opens and closes; the page says nothing on it."""

    async def receiving() -> Message:
        while (message := await receive())["type"] == "websocket.receive":
            pass
        return message

    return receiving
