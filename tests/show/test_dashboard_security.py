"""Who can use the page: real requests to a real server, as a page elsewhere, a stranger or a script would send them."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("marimo", reason="the page needs marimo, of the extra 'dashboard'")

import httpx
from websockets.exceptions import ConnectionClosedError, InvalidStatus
from websockets.sync.client import connect

import simulation
from simulation.show.dashboard import security

SET = "/api/kernel/set_ui_element_value"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def address(home):
    """Where the page is, as the command says."""
    command = [sys.executable, "-m", "simulation", "app", "libya-2020-01", "--no-browser"]
    environment = os.environ | {"HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment |= {"PYTHONPATH": str(Path(simulation.__file__).parents[1])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, cwd=home, env=environment, **pipes) as server:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", server.stdout.readline()).group()
            yield found
        finally:
            server.terminate()
            server.wait(20)
            said = server.stdout.read()
    assert "Exception in ASGI application" not in said  # what was sent never broke the server
    assert found.split("=")[1] not in said  # the token is told once, and logged nowhere


@pytest.fixture(scope="module")
def base(address):
    return address.split("/?")[0]


@pytest.fixture
def stranger(base):
    """A browser, or a script, that was not given the address."""
    with httpx.Client(base_url=base, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def visitor(base, address):
    """A browser that opened the address, and has the cookie."""
    with httpx.Client(base_url=base, timeout=60) as client:
        assert client.get(address).status_code == 303
        yield client


def socket_of(visitor, session="s_1", query="", path="ws", **headers):
    """An open web socket; the Host is in its address, and the line goes to the server all the same."""
    own = visitor.base_url
    url = f"ws://{headers.pop('Host', f'{own.host}:{own.port}')}/{path}?session_id={session}{query}"
    headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    line = socket.create_connection((own.host, own.port))
    return connect(url, sock=line, additional_headers=headers, max_size=None, open_timeout=60)


def first_run(page):
    """All that the page is told until it stands there."""
    told = [page.recv(60)]
    while json.loads(told[-1])["op"] != "completed-run":
        told.append(page.recv(60))
    return "".join(told)


def refused(visitor, **given):
    with pytest.raises(InvalidStatus) as caught:
        socket_of(visitor, **given).close()
    return caught.value.response.status_code


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},  # another port is another page
    {"Origin": "http://localhost"},
    {"Host": "evil.example"},  # a name of the attacker's that leads here: DNS rebinding
    {"Host": "127.0.0.1:1"},
    {"Host": "127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_page_elsewhere_is_refused_even_with_the_cookie_and_the_token(visitor, address, headers):
    for asked in ("/", address, "/health"):
        answer = visitor.get(asked, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert visitor.post(SET, headers=headers, content="{}").status_code == 403
    assert refused(visitor, **headers) == 403


def test_the_own_origin_is_let_in(visitor, base):
    answer = visitor.get("/", headers={"Origin": base, "Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    with socket_of(visitor, Origin=base) as page:
        assert json.loads(page.recv(30))["op"] == "kernel-ready"


def test_the_same_page_under_the_name_localhost(address, base):
    local = base.replace("127.0.0.1", "localhost")
    with httpx.Client(base_url=base, headers={"Host": local[7:]}, timeout=60, follow_redirects=True) as client:
        assert client.get(address).status_code == 200
        assert client.get("/", headers={"Origin": local}).status_code == 200
        assert client.get("/", headers={"Origin": base}).status_code == 403  # to a browser that is another page


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%ff%00", "?access_token=x"])
def test_without_the_token_nothing_is_shown_but_where_the_address_is(stranger, base, query):
    stranger.cookies.set(f"ceasefire-{base.rsplit(':')[-1]}", "wrong")
    for path in ("/", "/health", "/assets/x.js", "/api/version", "/nowhere"):
        answer = stranger.get(path + query)
        assert answer.status_code == 403
        assert "the address that the terminal printed" in answer.text
    assert stranger.post(SET + query, content="{}").status_code == 403
    assert refused(stranger, query=query.replace("?", "&")) == 403


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(stranger, address, base):
    answer = stranger.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    name, rest = answer.headers["set-cookie"].split("=", 1)
    assert name == f"ceasefire-{base.rsplit(':')[-1]}"  # cookies know no ports
    value, *attributes = rest.split("; ")
    assert {each.lower() for each in attributes} == {"httponly", "samesite=strict", "path=/"}
    assert value != address.split("=")[1]
    assert stranger.get("/").status_code == 200  # and again at every reload


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/home/workspace_files"),
        ("GET", "/api/version"),
        ("GET", "/api/status/connections"),
        ("POST", "/api/export/html"),
        ("POST", "/api/kernel/function_call"),
        ("POST", "/api/kernel/read_code"),
        ("POST", "/api/kernel/shutdown"),
        ("POST", "/api/files/list_files"),
        ("GET", "/public/page.css"),
        ("GET", "/public-files-sw.js"),
        ("GET", "/og/thumbnail"),
        ("GET", "/sse"),
        ("GET", "/auth/login"),
        ("GET", "/assets/../page.py"),
        ("GET", "/assets/%2e%2e/index.html"),
        ("GET", SET),
        ("POST", "/"),
        ("OPTIONS", "/"),
        ("DELETE", "/health"),
    ],
)
def test_nothing_else_of_the_server_is_there(visitor, method, path):
    answer = visitor.request(method, path, headers={"Marimo-Session-Id": "s_1"}, content="{}")
    assert (answer.status_code, answer.text) == (404, "There is nothing here.")


def test_no_other_web_socket_is_there(visitor):
    for path in ("ws_sync", "terminal/ws", "lsp/pylsp"):
        assert refused(visitor, path=path) == 403
    for session in ("", "a/b", "x" * 65, "%0a"):
        assert refused(visitor, session=session) == 403


def test_every_answer_shuts_the_page_off_from_others(visitor, stranger, address, base):
    answers = [
        visitor.get("/"),
        visitor.get("/health"),
        visitor.get("/nowhere"),
        stranger.get("/"),
        stranger.get(address),
    ]
    answers.append(visitor.get("/health", headers={"Origin": base}))
    answers.append(visitor.get("/health", headers={"Origin": "https://evil.example"}))
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers


def test_the_page_runs_its_own_scripts_and_tells_no_folder(visitor, base):
    answer = visitor.get("/", headers={"If-None-Match": "*"})
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["connect-src"] == f"'self' ws{base[4:]}"
    assert "unsafe" not in policy["script-src"]
    assert "http" not in answer.headers["content-security-policy"]
    assert "serviceWorker" not in answer.text  # it would outlive the page in the browser
    package = str(Path(simulation.__file__).parents[1])
    assert "page.py" in answer.text
    with socket_of(visitor, "s_folder") as page:
        told = first_run(page)
    for text in (answer.text, told):
        assert package not in text
        assert package.replace("/", "%2F") not in text


NONSENSE = [
    b"",
    b"[]",
    b"null",
    b"{",
    b"\xff\xfe",
    b"[" * 60_000,
    b'{"objectIds": ["a"], "values": [' + b"9" * 5_000 + b"]}",
    b'{"objectIds": ["a"], "values": [NaN]}',
    b'{"objectIds": ["a"], "values": [-Infinity]}',
    b'{"objectIds": ["a"], "values": [1e999]}',
    b'{"objectIds": ["a"], "values": [{"a": 1}]}',
    b'{"objectIds": ["a"], "values": [[[1]]]}',
    b'{"objectIds": ["a"], "values": ["' + b"x" * 2_000 + b'"]}',
    b'{"objectIds": ["a", "b"], "values": [1]}',
    b'{"objectIds": [1], "values": [1]}',
    b'{"objectIds": "a", "values": "b"}',
    b'{"objectIds": {"a": 1}, "values": {"a": 1}}',
]


def test_nonsense_is_refused_and_the_page_goes_on(visitor, home):
    with socket_of(visitor, "s_nonsense") as page:
        told = first_run(page)
        headers = {"Marimo-Session-Id": "s_nonsense"}
        for content in NONSENSE:
            assert visitor.post(SET, headers=headers, content=content).status_code == 400, content[:80]
        assert visitor.post(SET, headers=headers, content=b" " * 70_000).status_code == 413
        endless = (b" " * 10_000 for _ in range(50))
        assert visitor.post(SET, headers=headers, content=endless).status_code == 413
        page.send("x" * 4_000)  # the page listens only
        page.send(b"\0" * 4_000)
        fine = json.dumps({"objectIds": ["none-1"], "values": [5]})
        assert visitor.post(SET, headers={"Marimo-Session-Id": "s_unknown"}, content=fine).status_code == 404
        assert visitor.post(SET, content=fine).status_code == 404
        assert visitor.post(SET, headers=headers, content=fine).status_code == 200  # an unknown control moves nothing
        slider = re.search(r"object-id='([A-Za-z]{4}-\d+)'[^>]*><marimo-slider", told).group(1)
        for value in (1e300, -1, "12", None, ["a"], True, 13):
            moved = json.dumps({"objectIds": [slider], "values": [value]})
            assert visitor.post(SET, headers=headers, content=moved).status_code == 200
        while "actors.LNA.stance" not in told:
            told = page.recv(60)
    assert [found for found in home.rglob("*") if found.is_file() and "libya" in found.name] == []


def test_a_message_that_is_too_long_ends_the_web_socket_and_not_the_server(visitor):
    with socket_of(visitor, "s_long") as page:
        page.send("x" * 1_000_000)
        with pytest.raises(ConnectionClosedError) as closed:
            list(page)
        assert closed.value.rcvd.code == 1009  # message too big
    assert visitor.get("/").status_code == 200


@pytest.fixture
def hundred(monkeypatch):
    """``await hundred(middleware)``: how many of a hundred browsers are let in; they stay until told to go."""
    monkeypatch.setattr(security, "LINGERING", 0)

    async def opened(middleware, names, leave):
        async def come(name):
            answers = []

            async def send(message):
                answers.append(message["type"])

            async def receive():
                await leave.wait()
                return {"type": "websocket.disconnect"}

            cookie = f"ceasefire-8765={middleware.cookie}".encode()
            scope = {
                "type": "websocket",
                "path": "/ws",
                "query_string": f"session_id={name}".encode(),
                "headers": [(b"host", b"127.0.0.1:8765"), (b"cookie", cookie)],
                "server": ("127.0.0.1", 8765),
            }
            await middleware(scope, receive, send)
            return answers

        browsers = [asyncio.create_task(come(name)) for name in names]
        await asyncio.sleep(0.01)
        return browsers

    return opened


def test_a_hundred_pages_are_not_opened_and_places_are_given_back(hundred):
    async def page(scope, receive, send):
        await send({"type": "websocket.accept"})
        await receive()

    async def try_it():
        middleware = security.SecurityMiddleware(page, Path("page.py"), "token")
        leave = asyncio.Event()
        browsers = await hundred(middleware, [f"s_{each}" for each in range(100)], leave)
        assert [browser.done() for browser in browsers] == [False] * 20 + [True] * 80
        assert {browser.result()[0] for browser in browsers[20:]} == {"websocket.close"}
        again = await hundred(middleware, ["s_3"], leave)  # the same page, come back
        assert not again[0].done()
        answers = []

        async def send(message):
            answers.append(message)

        cookie = f"ceasefire-8765={middleware.cookie}".encode()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/",
            "query_string": b"",
            "headers": [(b"host", b"127.0.0.1:8765"), (b"cookie", cookie)],
            "server": ("127.0.0.1", 8765),
        }
        await middleware(scope, None, send)
        assert answers[0]["status"] == 503
        assert b"20 pages are open already" in answers[1]["body"]
        leave.set()
        await asyncio.gather(*browsers, *again)
        await asyncio.sleep(0.01)
        assert not middleware.sessions
        late = await hundred(middleware, ["s_100"], asyncio.Event())
        assert not late[0].done()
        late[0].cancel()

    asyncio.run(try_it())
