"""What the page answers of a seat at the table: itself, where a seat is, why somebody answered, and what it came to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from simulation.show.dashboard import seat as words
from simulation.show.dashboard.outcomes import Work
from simulation.show.dashboard.views import View

Endpoint = Callable[[Request], Awaitable[Response]]


class Seats:
    """Answers what is asked of seats; a seat and its moves are in the address alone.

    Parameters
    ----------
    draw : draws something, one at a time
    """

    def __init__(self, draw: Callable[..., Awaitable[bytes]]) -> None:
        self._draw = draw
        self._reckoning: CapacityLimiter | None = None

    def routes(self, answering: Callable[..., Endpoint]) -> list[Route]:
        """The routes.

        Parameters
        ----------
        answering : makes an endpoint of an answer, and of the names of what it takes besides a view
        """
        own = ("seat", "moves")
        return [
            Route("/seat", answering(self.page, *own)),
            Route("/seat/state", answering(self.state, *own)),
            Route("/seat/why", answering(self.why, *own, "offer_answered")),
            Route("/seat/score", answering(self.score, *own)),
        ]

    async def page(self, view: View, wrong: list[str], request: Request, seat: str = "", moves: str = "") -> Response:
        """The page; its script asks for what the moves come to."""
        return HTMLResponse(await to_thread.run_sync(words.page, view, wrong))

    async def state(self, view: View, wrong: list[str], request: Request, seat: str = "", moves: str = "") -> Response:
        """Where a seat is after its moves."""
        return JSONResponse(await to_thread.run_sync(words.state, view, seat, moves))

    async def why(
        self, view: View, wrong: list[str], request: Request, offer_answered: str = "", seat: str = "", moves: str = ""
    ) -> Response:
        """What each party answered to an offer at that table, and why."""
        return JSONResponse(await to_thread.run_sync(words.why, view, seat, moves, offer_answered))

    async def score(self, view: View, wrong: list[str], request: Request, seat: str = "", moves: str = "") -> Response:
        """What the moves came to, one at a time; worked out no further once the visitor has gone."""
        self._reckoning = self._reckoning or CapacityLimiter(1)
        work = Work(view.runs)
        try:
            told: dict[str, Any] = await to_thread.run_sync(
                words.score, view, seat, moves, work.progress, limiter=self._reckoning, abandon_on_cancel=True
            )
        finally:
            work.abandoned.set()
        drawn = await self._draw(words.picture, told.pop("result"))
        return JSONResponse({**told, "svg": drawn.decode()})
