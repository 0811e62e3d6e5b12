"""What strangers, and visitors who do not wait, may cost the page."""

import asyncio
import re
import socket
import threading

import pytest

pytest.importorskip("uvicorn", reason="the page needs uvicorn, of the extra 'dashboard'")

import httpx
import uvicorn

from simulation.questions.seat import Seat
from simulation.show.dashboard import answers, manual, security, server
from simulation.show.dashboard.outcomes import AbandonedError, BusyError
from simulation.show.dashboard.routes import AT_ONCE, Pages
from simulation.show.dashboard.settings import read_settings
from simulation.show.dashboard.views import MOST_TOLD, UNREADABLE, Library


@pytest.fixture(scope="module")
def library():
    return Library()


@pytest.fixture
def at(library, monkeypatch):
    """Where the page is served in this process, by a server with little patience."""
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    app, _ = server.make_app("token")
    config = uvicorn.Config(app, log_level="error", http=server._patient())
    serving = uvicorn.Server(config)
    with server._listening(0) as listener:
        thread = threading.Thread(target=serving.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()
        serving.should_exit = True
        thread.join(20)


def test_strangers_who_hold_connections_open_take_no_place_of_the_visitor_and_are_hung_up_on(at):
    host, port = at
    asked = f"GET /page.js HTTP/1.1\r\nHost: {host}:{port}\r\n"
    lines = [socket.create_connection(at) for _ in range(security.MOST_ANSWERED + 6)]
    lines[1].sendall(asked.encode())  # the rest never comes
    lines[2].sendall(f"{asked}\r\n{asked}".encode())  # refused, and then the same
    with httpx.Client(base_url=f"http://{host}:{port}", timeout=30) as client:
        assert client.get("/?token=token").status_code == 303
        assert client.get("/page.js").status_code == 200
    for line in lines:
        line.settimeout(30)
        while line.recv(4096):
            pass
        line.close()


def test_the_browser_itself_is_answered_so_many_times_at_once_and_no_more():
    async def scene():
        go, told = asyncio.Event(), []

        async def slow(scope, receive, send):
            await go.wait()

        guard = security.SecurityMiddleware(slow, "token")
        headers = [(b"host", b"localhost:9"), (b"cookie", f"ceasefire-9={guard.cookie}".encode())]
        scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "server": ("localhost", 9)}

        async def send(message):
            told.append(message.get("status"))

        asked = [
            asyncio.create_task(guard({**scope, "headers": headers}, None, send))
            for _ in range(security.MOST_ANSWERED + 3)
        ]
        await asyncio.sleep(0.05)
        assert told.count(503) == 3
        go.set()
        await asyncio.gather(*asked)
        assert guard.answering == 0

    asyncio.run(scene())


def test_what_nobody_waits_for_any_more_is_not_begun_and_takes_no_thread(library):
    async def scene():
        pages, go, begun = Pages(library), threading.Event(), []

        def work(number):
            begun.append(number)
            go.wait(20)

        asked = [asyncio.create_task(pages.work_out(work, number)) for number in range(AT_ONCE + 50)]
        while len(begun) < AT_ONCE:
            await asyncio.sleep(0.01)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)
        go.set()
        assert await pages.work_out(lambda: "the next") == "the next"
        assert len(begun) == AT_ONCE

    asyncio.run(scene())


def test_when_the_program_ends_nothing_more_is_begun_and_scores_are_left(library):
    async def scene():
        pages = Pages(library)
        with pages.outcomes.alone(100) as work:
            pages.outcomes.end()
            with pytest.raises(AbandonedError):
                work.progress(25)
        with pytest.raises(AbandonedError):
            await pages.work_out(print)
        with pytest.raises(BusyError), pages.outcomes.alone(100):
            pass

    asyncio.run(scene())


def test_the_score_of_a_costly_rule_can_be_left_every_25_runs(tell):
    told = []
    Seat(tell("two", changes={"rule": "spatial", "steps": 3})).score(60, progress=told.append)
    assert told == [25, 50, 60]


def test_a_file_at_fault_in_the_folder_leaves_the_page_of_its_base_as_it_is(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "mine.toml").write_text('title = "Mine"\nextends = "libya-2020-01"\nnonsense = 3\n')
    library = Library(None, tmp_path)
    view, wrong = library.view(read_settings("scenario=libya-2020-01")[0])
    assert wrong == []
    assert library.differences("mine") == [UNREADABLE]
    assert UNREADABLE in answers.page(library, view, [])


def test_of_hundreds_of_keys_that_are_not_there_a_few_are_looked_for(library):
    address = "&".join(f"set.ties.UAE.LNA.support{number}=1" for number in range(400))
    _, wrong = library.view(read_settings(address)[0])
    assert len(wrong) == MOST_TOLD + 1
    assert wrong[-1].startswith(f"{400 - MOST_TOLD} more")


@pytest.mark.parametrize("name", [name for name in manual.pages() if name.endswith(".md")])
def test_pages_of_the_manual_have_no_style_or_script_that_the_page_would_refuse(name):
    text = manual.shown(name)[0].decode()
    assert not re.search(r"<[^>]*\sstyle=|<style|<script|<[^>]*\son\w+=", text)


def test_a_column_of_numbers_of_the_manual_stands_to_the_right():
    assert '<td class="right">' in manual.shown("robustness.md")[0].decode()


def test_a_port_that_is_kept_for_the_system_is_not_called_taken(monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(server.ScenarioError, match="port 80 is kept for the system"):
        server._listening(80)
