"""The server for tests: in this process, on a free port, stopped at the end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

SECONDS_TO_START = 20


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Run the server; give its address."""
    import uvicorn  # noqa: PLC0415 - an extra; tests that need it are left out without it

    from vwv_im.web.app import create_app  # noqa: PLC0415
    from vwv_im.web.settings import Settings  # noqa: PLC0415

    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    app = create_app(Settings(engine="direct"))
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
