"""The page behind another server, under a path of its own: all it asks for is found, and nothing else is asked."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any
from urllib.request import urlopen

import pytest

from web.conftest import served
from web.test_page import DESK, Visitor, playwright

pytestmark = pytest.mark.chromium
PREFIX = "/fachverfahren/vwv-im"
NGINX = """
daemon off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port};
    location {prefix}/ {{ proxy_pass {address}; proxy_set_header Host $host; }}
  }}
}}
"""


class Stripping:
    """What a proxy does: passes on what is asked below its path, without that, and knows nothing else."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            if not scope["path"].startswith(f"{PREFIX}/"):
                await send({"type": "http.response.start", "status": 404, "headers": []})
                await send({"type": "http.response.body"})
                return
            scope = {**scope, "path": scope["path"].removeprefix(PREFIX)}
        await self.app(scope, receive, send)


@pytest.fixture(scope="module", params=["a proxy of Python", "nginx"])
def below(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of the page below the path."""
    if request.param != "nginx":
        with served(wrap=Stripping, root_path=PREFIX) as address:
            yield f"{address.rstrip('/')}{PREFIX}/"
        return
    if (program := shutil.which("nginx", path="/usr/sbin:/usr/bin")) is None:
        pytest.skip("no nginx on this machine: apt-get install nginx-light")
    folder = tmp_path_factory.mktemp("nginx")
    with served(root_path=PREFIX) as address, socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
        trial.close()
        text = NGINX.format(folder=folder, port=port, prefix=PREFIX, address=address)
        (folder / "nginx.conf").write_text(text)
        proxy = subprocess.Popen([program, "-p", str(folder), "-c", str(folder / "nginx.conf")])
        try:
            here = f"http://127.0.0.1:{port}{PREFIX}/"
            await_answer(here)
            yield here
        finally:
            proxy.terminate()
            proxy.wait(20)


def await_answer(address: str) -> None:
    end = time.monotonic() + 20
    while True:
        try:
            urlopen(address, timeout=5).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def visitor(browser: Any, below: str) -> Iterator[Visitor]:
    width, height = DESK
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB", accept_downloads=True)
    visitor = Visitor(context.new_page(), below)
    yield visitor
    context.close()
    assert visitor.strange == []


def test_a_case_is_decided_and_written_down_and_the_rules_are_read(visitor: Visitor, below: str) -> None:
    page = visitor.page
    page.fill("#on", "01.06.2018")
    page.keyboard.press("Tab")
    visitor.hears("OFFEN")
    for link, title in (("Regeln", "Regeln"), ("Quellen", "Quellen"), ("Schnittstelle", "Schnittstelle")):
        with page.context.expect_page() as opened:
            page.get_by_role("contentinfo").get_by_role("link", name=link).click()
        other = opened.value
        playwright.expect(other.locator("h1")).to_have_text(title)
        assert other.url.startswith(below)
        assert other.evaluate("getComputedStyle(document.querySelector('main')).maxWidth") == "960px"
        assert page.context.request.get(other.get_by_role("link").first.evaluate("a => a.href")).ok
        other.close()
