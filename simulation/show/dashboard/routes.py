"""What the page answers: itself, the words and pictures of its settings, one run step by step, and files to keep."""

from __future__ import annotations

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from simulation.parameters import nearest
from simulation.scenario.errors import ScenarioError
from simulation.show.dashboard import answers, manual, pictures
from simulation.show.dashboard.outcomes import AbandonedError, BusyError, Outcomes
from simulation.show.dashboard.runs import Runs
from simulation.show.dashboard.seat_routes import Seats
from simulation.show.dashboard.settings import read_settings
from simulation.show.dashboard.views import Library, View

TICK = 0.2
"""Seconds between two words on how far the runs are."""

AT_ONCE = 8
"""Answers that are worked out at one time, besides the runs."""

ENDED = "This was ended before it was done."

BUSY = "Too much is asked for at one time. Wait a moment, and move something again."

FILES = {
    "/page.css": "text/css",
    "/common.js": "text/javascript",
    "/page.js": "text/javascript",
    "/seat.js": "text/javascript",
    "/icon.svg": "image/svg+xml",
}
"""What the page is made of besides itself, and of what kind."""

PAGES = ("/", "/seat")
"""What a browser opens by itself, rather than a page of ours asks for."""

Asked = tuple[View, dict[str, str]]


class Pages:
    """Answers requests. What one visitor looks at is in the address alone, so that any number of tabs may be open.

    Parameters
    ----------
    library : the scenarios on offer
    """

    def __init__(self, library: Library) -> None:
        self.library = library
        self.outcomes = Outcomes()
        self.runs = Runs()
        self._answering_threads = ThreadPoolExecutor(AT_ONCE, "answer")
        self._drawing_thread = ThreadPoolExecutor(1, "draw")

    def app(self) -> Starlette:
        """The page as an ASGI application that anybody may use; see ``security`` for who does."""

        return Starlette(
            routes=[
                Route("/", self._answering(self.page)),
                Route("/outcome", self._answering(self.outcome)),
                Route("/picture.{form}", self._answering(self.picture, "kind", "size")),
                Route("/moment", self._answering(self.moment)),
                Route("/moment.png", self._answering(self.moment_picture)),
                Route("/why", self._answering(self.why, "offer_answered", "party", "actor")),
                *Seats(self).routes(self._answering),
                Route("/{kind}.csv", self._answering(self.table)),
                Route("/report.html", self._answering(self.report)),
                Route("/scenario.toml", self._answering(self.scenario)),
                Route("/manual/{name:path}", _manual),
                *(Route(path, partial(_file, path, kind)) for path, kind in FILES.items()),
            ],
        )

    def _answering(
        self, answer: Callable[..., Awaitable[Response]], *others: str
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that hands on what the address comes to, ends when the visitor has gone, and tells what is wrong.

        Parameters
        ----------
        answer : takes a view, what is wrong with the settings, the request, and each of the others by name
        others : names of settings that concern this answer alone
        """

        async def endpoint(request: Request) -> Response:
            pairs = parse_qsl(request.url.query, keep_blank_values=True)
            own = {name: text for name, text in pairs if name in others}
            rest = "&".join(part for part in request.url.query.split("&") if part.partition("=")[0] not in others)
            try:
                if request.url.path in PAGES:
                    self.library.refresh()
                settings, wrong = read_settings(rest)
                view, faults = await self.work_out(self.library.view, settings)
                if (wrong := [*wrong, *faults]) and request.url.path not in PAGES:
                    return complaint(wrong)
                return await _unless_gone(request, answer(view, wrong, request, **own))
            except BusyError:
                return complaint([BUSY], 503)
            except AbandonedError:
                return complaint([ENDED], 503)
            except asyncio.CancelledError:
                if not self.outcomes.ended:
                    raise
                return complaint([ENDED], 503)  # the server ends, and waits no longer
            except ScenarioError as error:
                if request.url.path in PAGES:
                    return HTMLResponse(answers.unreadable(self.library, settings, str(error)), 400)
                return complaint(str(error).splitlines())

        return endpoint

    async def draw(self, what: Callable[..., bytes], *words: Any) -> bytes:
        """Draw something, one at a time: matplotlib is not made for several. What nobody waits for is not begun."""
        drawn: bytes = await self._in(self._drawing_thread, what, *words)
        return drawn

    async def work_out(self, what: Callable[..., Any], *words: Any) -> Any:
        """Work something out beside the others, a few at a time. What nobody waits for is not begun."""
        return await self._in(self._answering_threads, what, *words)

    async def _in(self, threads: ThreadPoolExecutor, what: Callable[..., Any], *words: Any) -> Any:
        def begun() -> Any:
            if self.outcomes.ended:
                raise AbandonedError
            return what(*words)

        return await asyncio.get_running_loop().run_in_executor(threads, begun)

    async def page(self, view: View, wrong: list[str], request: Request) -> Response:
        """The page, with every control where the address has it."""
        return HTMLResponse(await self.work_out(answers.page, self.library, view, wrong))

    async def outcome(self, view: View, wrong: list[str], request: Request) -> Response:
        """What the runs come to, in words: lines of JSON that tell how far they are, the last one the answer."""

        async def told() -> AsyncIterator[str]:
            began = time.perf_counter()
            try:
                async with contextlib.AsyncExitStack() as stack:
                    works = [
                        await stack.enter_async_context(self.outcomes.work(scenario, view.runs, view.settings.seed))
                        for scenario in ((view.before, view.scenario) if view.compared else (view.scenario,))
                    ]
                    tasks = [work.task for work in works if work.task is not None]
                    while (await asyncio.wait(tasks, timeout=TICK))[1]:
                        if await request.is_disconnected():
                            return
                        done, of = sum(work.done for work in works), sum(work.runs for work in works)
                        yield json.dumps({"done": done, "of": of}) + "\n"
                    before, now = tasks[0].result(), tasks[-1].result()
                said = await self.work_out(answers.outcome, view, now, before, time.perf_counter() - began)
                yield json.dumps(said) + "\n"
            except BusyError:
                yield json.dumps({"wrong": [BUSY]}) + "\n"
            except AbandonedError:
                yield json.dumps({"wrong": [ENDED]}) + "\n"
            except ScenarioError as error:
                yield json.dumps({"wrong": str(error).splitlines()}) + "\n"

        return StreamingResponse(told(), media_type="application/x-ndjson")

    async def picture(
        self, view: View, wrong: list[str], request: Request, kind: str = "answers", size: str = "wide"
    ) -> Response:
        """A picture as SVG or PNG."""
        form = str(request.path_params["form"])
        if form not in pictures.FORMS:
            raise ScenarioError(f"picture.{form}: no such file.{nearest(form, pictures.FORMS)}")
        if kind not in pictures.KINDS:
            raise ScenarioError(f"kind: no picture '{kind}'.{nearest(kind, pictures.KINDS)}")
        if size not in pictures.SIZES:
            raise ScenarioError(f"size: no size '{size}'.{nearest(size, pictures.SIZES)}")
        now = await self.outcomes.of(view.scenario, view.runs, view.settings.seed)
        before = await self.outcomes.of(view.before, view.runs, view.settings.seed) if view.compared else None
        drawn = await self.draw(pictures.draw, kind, now, before, view.actors, form, size)
        return _file_of(drawn, pictures.FORMS[form], f"{view.choice.name.rpartition('/')[2]}-{kind}.{form}")

    async def moment(self, view: View, wrong: list[str], request: Request) -> Response:
        """One run after so many steps, in words."""
        past = await self.work_out(self.runs.past, view)
        return JSONResponse(await self.work_out(answers.moment, view, past))

    async def moment_picture(self, view: View, wrong: list[str], request: Request) -> Response:
        """The network of actors at that moment."""
        past = await self.work_out(self.runs.past, view)
        drawn = await self.draw(self.runs.picture, view, past)
        return _file_of(drawn, "image/png", f"{view.choice.name.rpartition('/')[2]}-moment.png")

    async def why(
        self,
        view: View,
        wrong: list[str],
        request: Request,
        offer_answered: str = "",
        party: str = "",
        actor: str = "",
    ) -> Response:
        """Why a party answered an offer in the run that is looked at, or why an actor moved in its last step."""
        return JSONResponse(await self.work_out(answers.why, view, offer_answered, party, actor))

    async def table(self, view: View, wrong: list[str], request: Request) -> Response:
        """The table of answers, or of stances along time, as CSV."""
        kind = str(request.path_params["kind"])
        if kind not in pictures.KINDS:
            raise ScenarioError(f"{kind}.csv: no such file.{nearest(kind, pictures.KINDS)}")
        now = await self.outcomes.of(view.scenario, view.runs, view.settings.seed)
        text = await self.work_out(answers.table, now, kind)
        return _file_of(text.encode(), "text/csv", f"{kind}.csv")

    async def report(self, view: View, wrong: list[str], request: Request) -> Response:
        """The report of ``ceasefire run``, one file that opens without a network."""
        now = await self.outcomes.of(view.scenario, view.runs, view.settings.seed)
        return _file_of(await self.draw(_report, now), "text/html", "report.html")

    async def scenario(self, view: View, wrong: list[str], request: Request) -> Response:
        """The scenario as it was changed, as a file that ``ceasefire run`` takes."""
        stem = Path(view.command).stem
        text = await self.work_out(answers.export, view)
        name = f"{stem}-changed.toml" if view.changes else f"{stem}-copy.toml"
        return _file_of(text.encode(), "application/toml", name)


def complaint(wrong: list[str], status: int = 400) -> Response:
    """What is wrong, for the page to tell."""
    return JSONResponse({"wrong": wrong}, status)


async def _unless_gone(request: Request, answer: Awaitable[Response]) -> Response:
    """The answer; it is worked out no further once the visitor has gone."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    task, leaving = asyncio.ensure_future(answer), asyncio.ensure_future(gone())
    try:
        await asyncio.wait({task, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        raise AbandonedError
    finally:
        leaving.cancel()
        task.cancel()


async def _manual(request: Request) -> Response:
    try:
        content, kind = await asyncio.to_thread(manual.shown, request.path_params["name"])
    except KeyError:
        return PlainTextResponse("The manual has no such page.", 404)
    return Response(content, media_type=kind)


async def _file(path: str, kind: str, request: Request) -> Response:
    content = (Path(__file__).parent / path.removeprefix("/")).read_bytes()
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


def _file_of(content: bytes, kind: str, name: str) -> Response:
    """A file that is saved, under its name: in a tab, the page's rules would take its colours and pictures."""
    safe = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "-" for letter in name)
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{safe}"'})


def _report(outcome: Any) -> bytes:
    from simulation.show.report import write_report

    with tempfile.TemporaryDirectory() as folder:
        return write_report(outcome.digest, folder).read_bytes()
