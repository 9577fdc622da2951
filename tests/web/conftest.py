"""The server for tests: in this process, on a free port, stopped at the end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from support import TESTS

SECONDS_TO_START = 20


@contextmanager
def served(wrap: Callable[[Any], Any] = lambda app: app, **settings: Any) -> Iterator[str]:
    """Run a server with these settings, within what `wrap` puts around it; give its address."""
    import uvicorn  # noqa: PLC0415 - an extra; tests that need it are left out without it

    from vwv_im.web.server import create_app  # noqa: PLC0415
    from vwv_im.web.settings import Settings  # noqa: PLC0415

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    app = wrap(create_app(Settings(engine="direct", **settings)))
    server = uvicorn.Server(uvicorn.Config(app, port=port, access_log=False, log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + SECONDS_TO_START
    while not server.started and time.monotonic() < end:
        time.sleep(0.02)
    assert server.started
    yield f"http://127.0.0.1:{port}/"
    server.should_exit = True
    thread.join(SECONDS_TO_START)


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Run the server; give its address."""
    with served() as address:
        yield address


@pytest.fixture(scope="module")
def other_address() -> Iterator[str]:
    """Run the server with the rules of the second world; give its address."""
    with served(rules=str(TESTS / "welt" / "regeln")) as address:
        yield address
