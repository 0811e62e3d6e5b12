"""Who may use the page: the browser that was given its address, and what that page itself asks for."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulation.show.dashboard.settings import LONGEST
from simulation.show.templates import fill

NAMES = ("127.0.0.1", "localhost")
"""What this machine is called by itself."""

MOST_ANSWERED = 64
"""Requests that are answered at one time; one more is told to come back."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every answer says: load from here alone, run the one script that the page comes with, be shown in no frame."""


class SecurityMiddleware:
    """Let through what the page asks for, once its browser has shown the token; refuse all else.

    It stands before everything. A page elsewhere on the web, or on another port of this machine, is told nothing, not
    even with the address of this one: the browser says whose page asks. Nothing is taken but GET, and no body is read,
    for all that the page is asked stands in its address.

    Parameters
    ----------
    app : the page as an ASGI application
    token : that the address has to hold at first; the browser keeps a cookie from then on
    """

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app = app
        self.token = token
        self.cookie = secrets.token_urlsafe(24)
        self.answering = 0  # requests of the browser that was given the address; strangers take up none of its places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close"})
        else:
            answer: ASGIApp = self._refusal(Request(scope)) or self.app
            if answer is self.app and self.answering >= MOST_ANSWERED:
                answer = PlainTextResponse("Too much is asked for at one time. Wait a moment.", 503)
            self.answering += answer is self.app
            try:
                await answer(scope, receive, _secured(send))
            finally:
                self.answering -= answer is self.app

    def _refusal(self, request: Request) -> Response | None:
        """What to answer who may not have what is asked for, or who has the token still in the address."""
        if (answer := _foreign(request)) is not None:
            return answer
        port = _port(request)
        given = request.query_params.get("token")
        known = _same(request.cookies.get(f"ceasefire-{port}", ""), self.cookie)
        if not known and not (given is not None and _same(given, self.token)):
            return _said(
                "This page opens at the address that the terminal printed, with ?token= in it.",
                "Copy the whole of that address into the address bar. It is a new one each time ceasefire app begins.",
            )
        if request.method != "GET":
            return PlainTextResponse("There is nothing here.", 404)
        if len(request.url.query) > LONGEST:
            return PlainTextResponse("This address is too long.", 414)
        if given is None:
            return None
        rest = urlencode([pair for pair in parse_qsl(request.url.query) if pair[0] != "token"])
        path = "/" + quote(request.url.path).lstrip("/")  # of this machine: a second slash would name another
        shown = RedirectResponse(
            f"{path}?{rest}" if rest else path, 303
        )  # the address bar and the history keep no token
        shown.set_cookie(f"ceasefire-{port}", self.cookie, httponly=True, samesite="strict")
        return shown


def _said(*sentences: str) -> HTMLResponse:
    return HTMLResponse(fill("dashboard/refused.html", sentences=sentences), 403)


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
            "Another page asked for this one, which it may not.",
            "To open it, copy the whole of its address into the address bar.",
        )
    return None


def _secured(send: Send) -> Send:
    """Send answers with this page's headers."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sending
