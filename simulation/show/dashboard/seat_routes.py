"""What the page answers of a seat at the table: itself, where a seat is, why somebody answered, and what it came to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from simulation.show.dashboard import seat as words
from simulation.show.dashboard.views import View

if TYPE_CHECKING:
    from simulation.show.dashboard.routes import Pages

Endpoint = Callable[[Request], Awaitable[Response]]


class Seats:
    """Answers what is asked of seats; a seat and its moves are in the address alone.

    Parameters
    ----------
    pages : what works things out and draws them
    """

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
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
        return HTMLResponse(await self._pages.work_out(words.page, view, wrong))

    async def state(self, view: View, wrong: list[str], request: Request, seat: str = "", moves: str = "") -> Response:
        """Where a seat is after its moves."""
        return JSONResponse(await self._pages.work_out(words.state, view, seat, moves))

    async def why(
        self, view: View, wrong: list[str], request: Request, offer_answered: str = "", seat: str = "", moves: str = ""
    ) -> Response:
        """What each party answered to an offer at that table, and why."""
        return JSONResponse(await self._pages.work_out(words.why, view, seat, moves, offer_answered))

    async def score(self, view: View, wrong: list[str], request: Request, seat: str = "", moves: str = "") -> Response:
        """What the moves came to, one at a time; worked out no further once the visitor has gone."""
        self._reckoning = self._reckoning or CapacityLimiter(1)
        with self._pages.outcomes.alone(view.runs) as work:
            told: dict[str, Any] = await to_thread.run_sync(
                words.score, view, seat, moves, work.progress, limiter=self._reckoning, abandon_on_cancel=True
            )
        drawn = await self._pages.draw(words.picture, told.pop("result"))
        return JSONResponse({**told, "svg": drawn.decode()})
