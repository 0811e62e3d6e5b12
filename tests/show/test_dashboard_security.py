"""Who can use the page: real requests to a real server, as a page elsewhere, a stranger or a script would send them."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the page needs uvicorn, of the extra 'dashboard'")

import httpx

import simulation
from simulation.show.dashboard.settings import LONGEST


def served(home, *words):
    """The page on a server of its own, and where it is."""
    command = [sys.executable, "-m", "simulation", "app", "libya-2020-01", "--no-browser", *words]
    environment = os.environ | {"HOME": str(home), "PYTHONUNBUFFERED": "1"}
    environment |= {"PYTHONPATH": str(Path(simulation.__file__).parents[1])}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    server = subprocess.Popen(command, cwd=home, env=environment, **pipes)
    return server, re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", server.stdout.readline()).group()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    server, found = served(tmp_path_factory.mktemp("home"))
    with server:
        try:
            yield found
        finally:
            server.terminate()
            server.wait(20)
            said = server.stdout.read()
    assert "Traceback" not in said  # what was sent never broke the server
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


FILES = ["/answers.csv", "/report.html", "/scenario.toml", "/page.js"]
PATHS = ["/", "/outcome", "/picture.svg", "/moment", "/why", *FILES]

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
    for asked in (address, *PATHS):
        answer = visitor.get(asked, headers=headers)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers


def test_the_own_origin_is_let_in(visitor, base):
    assert visitor.get("/", headers={"Origin": base, "Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_the_same_page_under_the_name_localhost(address, base):
    local = base.replace("127.0.0.1", "localhost")
    with httpx.Client(base_url=base, headers={"Host": local[7:]}, timeout=60, follow_redirects=True) as client:
        assert client.get(address).status_code == 200
        assert client.get("/", headers={"Origin": local}).status_code == 200
        assert client.get("/", headers={"Origin": base}).status_code == 403  # to a browser that is another page


@pytest.mark.parametrize("query", ["", "?token=", "?token=wrong", "?token=%ff%00", "?access_token=x"])
def test_without_the_token_nothing_is_shown_but_where_the_address_is(stranger, base, query):
    stranger.cookies.set(f"ceasefire-{base.rsplit(':')[-1]}", "wrong")
    for path in (*PATHS, "/manual/index.md", "/nowhere"):
        answer = stranger.get(path + query)
        assert answer.status_code == 403
        assert "the address that the terminal printed" in answer.text


def test_the_token_becomes_a_cookie_that_scripts_and_other_sites_do_not_get(stranger, address, base):
    answer = stranger.get(f"{address}&scenario=libya-2020-01&set.actors.LNA.stance=30")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?scenario=libya-2020-01&set.actors.LNA.stance=30"
    name, rest = answer.headers["set-cookie"].split("=", 1)
    assert name == f"ceasefire-{base.rsplit(':')[-1]}"  # cookies know no ports
    value, *attributes = rest.split("; ")
    assert {each.lower() for each in attributes} == {"httponly", "samesite=strict", "path=/"}
    assert value != address.split("=")[1]
    assert stranger.get("/").status_code == 200  # and again at every reload


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_nothing_is_taken_but_get(visitor, method):
    for path in PATHS:
        assert visitor.request(method, path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/page.html",
        "/server.py",
        "/../server.py",
        "/%2e%2e/server.py",
        "/manual/../pyproject.toml",
        "/manual/%2e%2e/pyproject.toml",
        "/manual//etc/passwd",
        "/manual/tables.py",
    ],
)
def test_no_file_is_there_but_those_that_the_page_is_made_of(visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "scenario=/etc/passwd",
        "scenario=../../etc/passwd",
        "scenario=libya-2020-01%00",
        "against=/etc/passwd",
        "against=scenario%3D/etc/passwd",
        "kind=/etc/passwd",
        "size=1000000",
        "actors=%3Cscript%3E",
        "set.actors.LNA.stance=1e999",
        "set.__class__=1",
        "runs=1000000000",
        "seed=-1",
        "a" * 2000,
        "%ff=%fe",
        "&".join(f"set.a{number}=1" for number in range(900)),
    ],
    ids=lambda query: query[:30],
)
def test_nonsense_is_refused_with_what_would_do_and_the_page_goes_on(visitor, query):
    answer = visitor.get(f"/picture.svg?{query}")
    assert answer.status_code == 400
    assert answer.json()["wrong"]
    shown = visitor.get(f"/?{query}")
    assert shown.status_code == 200
    assert "<script>" not in shown.text
    assert "root:" not in shown.text
    assert visitor.get("/outcome").status_code == 200


def test_an_address_without_end_and_a_body_are_not_read(visitor):
    assert visitor.get(f"/?a={'x' * LONGEST}").status_code == 414
    assert visitor.request("GET", "/", content=b"x" * 5_000_000).status_code == 200


def test_every_answer_shuts_the_page_off_from_others(visitor, stranger, address, base):
    answers = [visitor.get(path) for path in (*PATHS, "/nowhere", "/outcome?runs=x")]
    answers += [stranger.get("/"), stranger.get(address)]
    answers.append(visitor.get("/", headers={"Origin": "https://evil.example"}))
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert "http" not in answer.headers["content-security-policy"]
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def test_the_page_names_no_outside_host_has_no_script_of_its_own_and_tells_no_folder(visitor):
    for path in ("/", "/common.js", "/page.js", "/seat.js", "/page.css", "/seat?scenario=libya-2020-01"):
        text = visitor.get(path).text
        assert not re.search(r"""(src|href|url\(|import|from)\s*=?\s*["'(]?(https?:)?//""", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|javascript:|\sstyle=", text), path
        assert str(Path(simulation.__file__).parents[1]) not in text, path


def test_what_is_asked_for_and_left_alone_ends_and_a_hundred_askers_do_not_take_the_machine(visitor, base, address):
    """Costly runs of a hundred seeds at once: some are begun, the rest are told to come back, and all end when left."""
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    host, port = visitor.base_url.host, visitor.base_url.port
    lines = []
    for seed in range(50):
        line = socket.create_connection((host, port))
        asked = f"GET /outcome?rule=spatial&runs=5000&seed={seed} HTTP/1.1"
        line.sendall(f"{asked}\r\nHost: {host}:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        lines.append(line)
    told = []

    def first(line):
        line.settimeout(60)
        told.append(line.recv(4096) + line.recv(4096))

    readers = [threading.Thread(target=first, args=(line,)) for line in lines]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join(60)
    assert any(b"done" in words for words in told)
    assert sum(b"Too much is asked for at one time" in words for words in told) >= 20
    for line in lines:
        line.close()
    end = time.monotonic() + 60
    while (answer := visitor.get("/outcome?runs=25&seed=77")).status_code != 200 or "Too much" in answer.text:
        assert time.monotonic() < end
        time.sleep(0.2)
    began = time.monotonic()
    assert '"strip"' in visitor.get("/outcome?runs=25&seed=78").text
    assert time.monotonic() - began < 30  # nobody else's runs are waited for


@pytest.mark.parametrize("sign", ["terminate", "interrupt"])
@pytest.mark.skipif(sys.platform == "win32", reason="there, processes are not sent signals")
def test_the_server_ends_when_told_though_a_browser_waits_for_an_answer(tmp_path, sign):
    import signal

    server, address = served(tmp_path)
    with server, httpx.Client(timeout=60) as client:
        client.get(address)
        cookies = dict(client.cookies)
        began = threading.Event()

        def wait():
            url = address.split("?")[0] + "outcome?rule=spatial&runs=5000"
            try:
                with httpx.stream("GET", url, cookies=cookies, timeout=60) as answer:
                    for _ in answer.iter_lines():
                        began.set()
            except httpx.HTTPError:
                pass

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert began.wait(30)
        server.send_signal(signal.SIGTERM if sign == "terminate" else signal.SIGINT)
        assert server.wait(20) in (0, -signal.SIGTERM, 128 + signal.SIGTERM, 130)
        waiting.join(20)
        assert "Traceback" not in server.stdout.read()


@pytest.mark.parametrize(("path", "shown"), [("/seat", "/seat"), ("//elsewhere.example/x", "/elsewhere.example/x")])
def test_what_was_opened_with_the_token_is_what_opens(stranger, address, base, path, shown):
    answer = stranger.get(f"{base}{path}?run=54&token={address.split('=')[1]}&step=8")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{shown}?run=54&step=8")
