"""What the server allows: deadlines, sizes and names, and that others are served meanwhile, and nothing is kept."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

import httpx2
from hypothesis import given, settings
from starlette.testclient import TestClient

from hostile_requests import Request, hostile_requests, is_answered_by
from support import ROOT
from vwv_im import compare, evaluate
from vwv_im.web.openapi import EXAMPLE, ON
from vwv_im.web.processes import beside
from vwv_im.web.server import create_app
from vwv_im.web.settings import PREFIX, Settings, variable_of

ASKED: dict[str, Any] = {"case": EXAMPLE, "on": ON, "engine": "direct"}
JSON = {"content-type": "application/json"}
HEAD = "POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
SECONDS = 60
OVERWRITTEN = {"PYTHONMALLOC": "malloc", "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0"}
"""With this, what is freed is written over at once: what is still found in memory is kept."""
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def client(base: str = "http://localhost", **limits: Any) -> TestClient:
    app = create_app(Settings(**{"engine": "direct", **limits}))
    return TestClient(app, base_url=base, raise_server_exceptions=False)


SERVER = client(quick_bytes=100_000)


@contextmanager
def serving(
    *more: str, environment: Mapping[str, str] = {}, **limits: Any
) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the server as a process of its own with these limits; give port and process."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    limited = {f"{PREFIX}{name.upper()}": str(value) for name, value in {"engine": "direct", **limits}.items()}
    command = [sys.executable, "-m", "vwv_im", "serve", "--port", str(port), *more]
    whole = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **limited, **environment}
    process = subprocess.Popen(command, env=whole, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers(port))
        yield port, process
    finally:
        process.kill()
        process.wait(SECONDS)


def until(true: Any) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it does not come about"
        time.sleep(0.05)


def answers(port: int) -> bool:
    with suppress(httpx2.TransportError):
        return httpx2.get(f"http://127.0.0.1:{port}/v1/health", timeout=SECONDS).status_code == 200
    return False


def connected(port: int, sent: bytes = b"") -> socket.socket:
    held = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
    held.sendall(sent)
    return held


def rest_of(held: socket.socket) -> bytes:
    """Return what still comes until the server ends the connection."""
    found = b""
    with suppress(ConnectionResetError), held:
        while part := held.recv(1 << 16):
            found += part
    return found


def ended_while_sending(held: socket.socket, piece: bytes, pause: float = 0.0) -> bool:
    """Send up to 150 MB, or for a minute; tell whether the server ended the connection before."""
    with held:
        try:
            for _ in range(2400 if not pause else int(SECONDS / pause)):
                held.sendall(piece)
                time.sleep(pause)
        except OSError:
            return True
    return False


@pytest.fixture(scope="module")
def hurried() -> Iterator[int]:
    """Run a server that waits for nobody; give its port."""
    quick = {"head_seconds": 0.5, "idle_seconds": 0.5, "read_seconds": 0.5, "seconds": 20, "connections": 30}
    with serving(**quick, head_bytes=4096) as (port, _):
        yield port


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n",
        b"GET /v1/hea",
        b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /v1/health HTTP/1.1\r\nHo",
        b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{",
    ],
)
def test_a_connection_that_goes_on_with_nothing_is_ended(hurried: int, sent: bytes) -> None:
    rest_of(connected(hurried, sent))


def test_a_head_that_trickles_is_ended(hurried: int) -> None:
    assert ended_while_sending(connected(hurried, b"GET /v1/health HTTP/1.1\r\n"), b"X-More: yes\r\n", 0.1)


@pytest.mark.parametrize(
    "begin",
    [
        b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Long: ",
        b"GET /v1/health?",
        b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Long: ",
        b"POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n1;x=",
    ],
)
def test_a_head_that_never_ends_is_refused(hurried: int, begin: bytes) -> None:
    assert ended_while_sending(connected(hurried, begin), b"x" * 65_536)
    assert answers(hurried)


def test_a_head_that_is_too_long_is_told_so(hurried: int) -> None:
    for more in (b"x" * 5000, b"\r\n".join(b"X-%d: y" % number for number in range(600))):
        told = rest_of(
            connected(hurried, b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Long: " + more + b"\r\n\r\n")
        )
        assert told.startswith(b"HTTP/1.1 431 ")
        assert json.loads(told.partition(b"\r\n\r\n")[2])["type"] == "urn:vwv-im:problem:head-too-large"


def test_a_reader_who_does_not_read_is_ended(hurried: int) -> None:
    case = {"antrag": {"stellen": [{}] * 200, "mitglieder": [{}] * 200}}  # more than the system keeps by itself
    body = json.dumps({"case": case, "on": ON}).encode()
    asked = f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    held.settimeout(SECONDS)
    held.connect(("127.0.0.1", hurried))
    held.sendall(asked)
    held.recv(1000)
    time.sleep(2)
    assert b'"contract"' not in rest_of(held), "the end does not come any more"


def test_idle_connections_give_way_to_who_asks(hurried: int) -> None:
    idle = [connected(hurried) for _ in range(100)]
    assert httpx2.post(f"http://127.0.0.1:{hurried}/v1/decisions", json=ASKED, timeout=SECONDS).status_code == 200
    for one in idle:
        one.close()


def test_bodies_that_trickle_give_way_to_who_asks() -> None:
    with serving(waiting=1, waiting_long=1, long_at_once=1, seconds=50) as (port, _):
        slow = [connected(port, f"{HEAD}Content-Length: 100\r\n\r\n".encode()) for _ in range(10)]
        for _ in range(3):
            assert httpx2.post(f"http://127.0.0.1:{port}/v1/decisions", json=ASKED, timeout=20).status_code == 200
        told = [rest_of(one) for one in slow[:3]]
        assert all(b"408" in one for one in told)
        for one in slow:
            one.close()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("amt.example", 200),
        ("amt.example.:8000", 200),
        ("fremd.example", 421),
        ("localhost.fremd.example", 421),
        ("127.0.0.1.fremd.example", 421),
        ("", 421),
    ],
)
def test_only_names_that_are_known_are_answered(host: str, status: int) -> None:
    answer = client(hosts="amt.example").get("/v1/health", headers={"host": host})
    assert answer.status_code == status
    if status == 421:
        assert "--allowed-host" in answer.json()["detail"]


def test_every_name_may_be_allowed() -> None:
    assert client(hosts="*").get("/v1/health", headers={"host": "fremd.example"}).status_code == 200


def test_an_answer_that_is_too_large_is_refused_with_what_to_ask_instead() -> None:
    server = client(answer_bytes=1_000)
    for path, hint in (
        ("decisions", "/v1/decisions?detail=short"),
        ("decisions?detail=short", "weniger Einträgen"),
        ("comparisons", "/v1/decisions"),
        ("notes", "weniger"),
    ):
        answer = server.post(f"/v1/{path}", json=ASKED if path != "comparisons" else {"case": EXAMPLE, "on": ON})
        assert (answer.status_code, answer.json()["type"]) == (413, "urn:vwv-im:problem:answer-too-large")
        assert hint in answer.json()["detail"]
    assert server.post("/v1/cases", json=EXAMPLE).status_code == 200


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_what_is_done_beside_is_told_as_in_turn(kind: str) -> None:
    beside, headers = client(quick_bytes=1), {"content-type": f"application/{kind}"}
    for sent in (ASKED, {**ASKED, "on": "1.6.2018", "foo": 1}, {}, [], {**ASKED, "case": {"antrag": {"x": 1}}}):
        told = beside.post("/v1/decisions?lang=en", content=json.dumps(sent), headers=headers)
        in_turn = client().post("/v1/decisions?lang=en", content=json.dumps(sent), headers=headers)
        assert (told.status_code, told.json()) == (in_turn.status_code, in_turn.json())
    assert beside.post("/v1/decisions", json=ASKED).json() == evaluate(EXAMPLE, on=ON, engine="direct").to_dict()
    assert beside.post("/v1/comparisons", json={"case": EXAMPLE, "on": ON}).json() == compare(EXAMPLE, on=ON).to_dict()


def test_yaml_that_is_slow_to_read_ends_in_time_while_others_are_answered() -> None:
    nested = b"case: {antrag: {stellen: [" + b"[[[[[[[[[[]]]]]]]]]]," * 40_000 + b"]}}"
    with serving(seconds=1) as (port, _):
        slow = connected(
            port, HEAD.replace("json", "yaml").encode() + b"Content-Length: %d\r\n\r\n" % len(nested) + nested
        )
        assert answers(port)
        assert b'"status": 503' in rest_of(slow)


def memory_of(process: int) -> Iterable[bytes]:
    """Yield what a process and those it started hold in memory that can be written."""
    for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
        yield from memory_of(int(child))
    with Path(f"/proc/{process}/mem").open("rb", 0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text("utf-8", "replace").splitlines():
            span, rights = line.split()[:2]
            if rights.startswith("rw"):
                begin, end = (int(bound, 16) for bound in span.split("-"))
                with suppress(OSError, OverflowError, ValueError):
                    memory.seek(begin)
                    yield memory.read(end - begin)


@LINUX
def test_nothing_of_a_case_is_in_memory_after_the_answer() -> None:
    label, forms = "Gemeinde Wiesenhain", ("pdf", "docx")
    other = "x" * len(label)
    case = {
        "antrag": {**EXAMPLE["antrag"], "antragsteller": {"art": "gemeinde", "bundesland": "BY", "landkreis": label}}
    }
    with serving(environment=OVERWRITTEN) as (port, process):
        try:
            next(iter(memory_of(process.pid)))
        except PermissionError:
            pytest.skip("memory of another process may not be read here")
        asked = {**ASKED, "case": case}
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as one:
            assert [one.post("/v1/notes", json={**asked, "form": form}).status_code for form in forms] == [200, 200]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as others:  # read into the same place
            for form in forms:
                body = json.dumps({**asked, "form": form}).replace(label, other)
                assert others.post("/v1/notes", content=body, headers=JSON).is_success
            body = json.dumps(asked).replace(label, other)
            assert all(others.post("/v1/decisions", content=body, headers=JSON).is_success for _ in range(20))
        said = [label.encode() in part or label.encode("utf-16-le") in part for part in memory_of(process.pid)]
        assert not any(said)


WIDE = {"case": {"antrag": {"stellen": [{}] * 200, "mitglieder": [{}] * 200}}, "on": ON}
COMPARED = HEAD.replace("decisions", "comparisons").encode() + b"Content-Length: %d\r\n\r\n" % len(json.dumps(WIDE))
COMPARED += json.dumps(WIDE).encode()


def working(process: subprocess.Popen[bytes]) -> set[int]:
    """Return the processes that do long work: those below the one that starts them."""
    (parent,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
    return below(int(parent))


@LINUX
def test_work_stops_when_the_client_leaves() -> None:
    with serving(seconds=SECONDS) as (port, process):
        held = connected(port, COMPARED)
        until(lambda: working(process))
        held.close()
        until(lambda: not working(process))


@LINUX
def test_work_that_is_given_up_is_over_when_its_process_has_ended() -> None:
    async def give_up(seconds: float) -> set[int]:
        working = asyncio.ensure_future(beside(time.sleep, SECONDS, seconds=SECONDS))
        await asyncio.sleep(seconds)
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        return {one for one in below(os.getpid()) if memory(one)}

    async def again_and_again() -> list[set[int]]:
        await beside(time.sleep, 0, seconds=SECONDS)
        return [await give_up(number % 5 / 100) for number in range(50)]

    first, *others = asyncio.run(again_and_again())
    assert all(one == first for one in others)  # that from which others are forked


@LINUX
def test_what_starts_processes_ends_without_a_word_where_nobody_read_that_it_is_ready() -> None:
    ours, theirs = socket.socketpair()
    call = f"from vwv_im.web.processes import fork; fork({theirs.fileno()}, '')"
    with theirs:
        parent = subprocess.Popen(
            [sys.executable, "-c", call], pass_fds=[theirs.fileno()], stderr=subprocess.PIPE, text=True
        )
    assert ours.recv(1, socket.MSG_PEEK)  # ready; left unread
    ours.close()
    assert (parent.communicate(timeout=60)[1], parent.returncode) == ("", 0)


@pytest.mark.parametrize("workers", [1, 2])
def test_all_processes_end_with_the_first(workers: int) -> None:
    with serving("--workers", str(workers)) as (_, process):
        family = {process.pid, *below(process.pid)}
        until(lambda: len(below(process.pid)) >= 2 * workers - (workers == 1))
        family |= below(process.pid)
        process.send_signal(signal.SIGKILL)
        process.wait(SECONDS)
        until(lambda: not [one for one in family if alive(one)])


def below(process: int) -> set[int]:
    with suppress(OSError):
        children = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
        return {int(one) for one in children} | {one for child in children for one in below(int(child))}
    return set()


def alive(process: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    return False


def memory(process: int) -> int:
    """Return how many pages a process has; none any more where it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[0])
    return 0


def test_an_option_goes_before_its_variable() -> None:
    environment = {"VWV_IM_WEB_POSTS": "10", "VWV_IM_WEB_ENGINE": "direct", "VWV_IM_WEB_HEAD_SECONDS": "2.5"}
    found = Settings.from_environment(environment, {"posts": "20"})
    assert (found.posts, found.engine, found.head_seconds) == (20, "direct", 2.5)
    assert Settings.from_environment(found.to_environment()) == found


@settings(max_examples=60, deadline=None, database=None, derandomize=True)
@given(hostile_requests())
def test_whatever_is_sent_is_answered_by_a_document(asked: Request) -> None:
    assert is_answered_by(SERVER, asked)


def test_every_setting_stands_on_the_page_about_the_server() -> None:
    page = (ROOT / "docs" / "server.md").read_text("utf-8")
    for one in fields(Settings):
        (line,) = [
            line for line in page.splitlines() if f"`{variable_of(one.name)}`" in line and line.startswith("| `--")
        ]
        said = line.split("|")[3].strip().replace(".", "").replace(",", ".")
        assert said == str(one.default or "–"), one.name
        assert one.metadata["about"] in line
