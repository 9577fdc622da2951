"""`vwv-im serve` as a process: it starts, is killed at any moment, starts again, and stops when asked to."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

import httpx2

from support import ROOT, TESTS
from vwv_im import evaluate
from vwv_im.web.openapi import EXAMPLE, ON

HEAD = "POST /v1/decisions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
ASKED = {"case": EXAMPLE, "on": ON, "engine": "direct"}
SECONDS = 30
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "vwv_im", "serve", *arguments]


@contextmanager
def serving(port: int, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command("--port", str(port), *more), env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)


def test_it_says_where_the_page_is_and_opens_it(tmp_path: Path) -> None:
    browser, opened, port = tmp_path / "browser", tmp_path / "opened", free_port()
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', "utf-8")
    browser.chmod(0o755)
    environment = {**ENVIRONMENT, "BROWSER": f"{browser} %s"}
    process = subprocess.Popen(
        command("--port", str(port), "--open"), env=environment, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == f"Webseite: http://127.0.0.1:{port}/\n"
        assert decided(port).status_code == 200
        assert opened.read_text("utf-8") == f"http://127.0.0.1:{port}/\n"
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


def told(end: int, port: int, *arguments: str) -> None:
    """Serve, ask once, and stop; what is told goes to one end of a pipe or of a terminal, which is closed then."""
    process = subprocess.Popen(command("--port", str(port), *arguments), env=ENVIRONMENT, stderr=end)
    os.close(end)
    try:
        assert decided(port).status_code == 200
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
    finally:
        process.kill()
        process.wait(SECONDS)


def all_of(end: int) -> str:
    """Read all that was written to the other end."""
    found = b""
    with suppress(OSError):  # a terminal whose other end is closed
        while part := os.read(end, 65536):
            found += part
    os.close(end)
    return found.decode().replace("\r\n", "\n")


def test_who_starts_it_at_a_terminal_reads_where_it_answers_and_how_to_end_it_and_no_log() -> None:
    pty = pytest.importorskip("pty", reason="there are no terminals of this kind on this machine")
    (ours, theirs), port = pty.openpty(), free_port()
    told(theirs, port)
    where = f"http://127.0.0.1:{port}/"
    assert all_of(ours) == f"Webseite: {where}\nSchnittstelle: {where}v1/openapi.json\nStrg+C beendet.\n"


@pytest.mark.parametrize("kept", ["asked for at a terminal", "in a file or by a service"])
def test_who_operates_it_has_a_line_for_each_request(kept: str) -> None:
    pty = pytest.importorskip("pty", reason="there are no terminals of this kind on this machine")
    terminal = "terminal" in kept
    ours, theirs = pty.openpty() if terminal else os.pipe()
    told(theirs, free_port(), *(("--log", "text") if terminal else ()))
    assert "INFO POST /v1/decisions 200" in all_of(ours)


def decided(port: int) -> httpx2.Response:
    """Ask until the server answers."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            return httpx2.post(f"http://127.0.0.1:{port}/v1/decisions", json=ASKED, timeout=SECONDS)
        except httpx2.TransportError:
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.1)


def test_killed_at_work_it_starts_again_and_decides_the_same() -> None:
    port, right = free_port(), evaluate(EXAMPLE, on=ON, engine="direct").to_dict()
    with serving(port) as process:
        assert decided(port).json() == right
        crowd = [threading.Thread(target=_ask_until_killed, args=(port,)) for _ in range(4)]
        for one in crowd:
            one.start()
        process.send_signal(signal.SIGKILL)
        for one in crowd:
            one.join(SECONDS)
    with serving(port) as process:
        assert decided(port).json() == right
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) in (0, -signal.SIGTERM)


def test_other_rules_are_served() -> None:
    port, world = free_port(), TESTS / "welt" / "regeln"
    case = {"lehrling": {"lebensjahre": 14}}
    with serving(port, "--rules", str(world)):
        decided(port)
        asked = {"case": case, "on": "1999-06-01", "question": "lehre"}
        answer = httpx2.post(f"http://127.0.0.1:{port}/v1/decisions", json=asked, timeout=SECONDS)
    assert answer.json()["verdict"] == "no"


def hang_up(port: int, sent: bytes, *, after: int = 0, abruptly: bool = False) -> None:
    """Send something and leave, after some bytes of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
        client.sendall(sent)
        if after:
            client.recv(after)
        if abruptly:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_clients_that_hang_up_do_not_end_the_server() -> None:
    port, body = free_port(), json.dumps(ASKED).encode()
    asking = f"{HEAD}Content-Length: {len(body)}\r\n\r\n".encode() + body
    polite = f"{HEAD}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{{}}".encode()
    with serving(port) as process:
        right = decided(port).json()
        for abruptly in (False, True):
            for sent in (asking, asking[:-20], asking * 5, b"GET / HTTP/9.9\r\n\r\n"):
                hang_up(port, sent, abruptly=abruptly)
            hang_up(port, asking, after=100, abruptly=abruptly)
            hang_up(port, polite, after=300, abruptly=abruptly)  # gone after "continue", before the answer is written
        assert decided(port).json() == right
        assert process.poll() is None


def test_an_answer_that_is_cut_off_cannot_be_taken_for_a_whole_one() -> None:
    port = free_port()
    with serving(port) as process:
        decided(port)
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
            body = json.dumps(ASKED)
            client.sendall(f"{HEAD}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            begun = client.recv(2000)
            process.send_signal(signal.SIGKILL)
        head, _, part = begun.partition(b"\r\n\r\n")
        length = next(int(line.split()[1]) for line in head.lower().splitlines() if line.startswith(b"content-length"))
        assert len(part) < length, "the length is told before, so that a client sees what is missing"
        with pytest.raises(ValueError, match=r"."):
            json.loads(part)


def _ask_until_killed(port: int) -> None:
    try:
        while True:
            httpx2.post(f"http://127.0.0.1:{port}/v1/decisions", json=ASKED, timeout=SECONDS)
    except httpx2.TransportError:
        return


def refused(*arguments: str, code: str = "pass") -> str:
    """Start what must not start; return what it says."""
    begin = f"import sys; sys.argv[1:] = {['serve', *arguments]!r}; {code}; from vwv_im.cli.main import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", begin], check=False, env=ENVIRONMENT, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_without_the_extra_it_says_what_to_install() -> None:
    assert 'pip install "vwv-im[web]"' in refused(code="sys.modules['uvicorn'] = None")


def test_an_unknown_engine_is_refused() -> None:
    assert "--engine VIM150 'quick' ist unbekannt. Möglich sind: checked, direct, durable." in refused(
        "--engine", "quick"
    )


def test_a_port_that_is_taken_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = refused("--port", str(taken.getsockname()[1]))
    assert "VIM150 Der Server kann hier keine Anfragen annehmen: der Port ist schon vergeben." in told
    assert "--port" in told, "it says how to mend it"


def test_an_address_of_another_machine_is_refused() -> None:
    assert "diese Adresse hat der Rechner nicht" in refused("--host", "192.0.2.1")


def test_a_limit_that_is_no_number_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "VWV_IM_WEB_POSTS", "viele")
    monkeypatch.setitem(ENVIRONMENT, "VWV_IM_WEB_SECONDS", "-1")
    told = refused()
    assert "VWV_IM_WEB_POSTS VIM150 'viele' ist keine Zahl über 0." in told
    assert "VWV_IM_WEB_SECONDS VIM150 '-1'" in told, "all at once"
