"""The page without a server in Chromium, with no network: loaded from a folder, it decides as this Python does."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from support import EXAMPLES, ROOT, TESTS
from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.text import to_json

pytestmark = pytest.mark.chromium
pytest.importorskip("fastapi", reason="the extra web is not installed: pip install 'vwv-im[web]'")

DOWNLOADS = TESTS / "app-teile"
"""Where `.ci/run` leaves what is fetched: `vwv-im export app FOLDER --downloads tests/app-teile`."""
PATIENCE = 120_000  # milliseconds, for a busy machine
DIGESTS = """async ([route, bodies]) => {
  const digests = [];
  for (const body of bodies) {
    const answer = await fetch(route, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
    digests.push([...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }
  return digests;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from vwv_im.web.app.folder import write_folder  # noqa: PLC0415
    from vwv_im.web.app.parts import built, fetched  # noqa: PLC0415

    if not DOWNLOADS.is_dir():
        pytest.skip("nothing is fetched yet: vwv-im export app FOLDER --downloads tests/app-teile")
    target = tmp_path_factory.mktemp("app")
    write_folder(target / "seite", built(target, ROOT), fetched(DOWNLOADS))
    return target / "seite"


@pytest.fixture(scope="module")
def page(folder: Path, browser: Any) -> Iterator[Any]:
    """Open the page; as soon as it is loaded there is no network, not even to where it came from."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}/"
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    strange: list[str] = []

    def note(text: str, url: str) -> None:
        if not url.endswith("icon.svg"):  # Chromium asks for it again whenever the address changes
            strange.append(f"{text} {url}")

    page.on("pageerror", lambda error: note(str(error), ""))
    page.on("console", lambda said: note(said.text, said.location["url"]) if said.type == "error" else None)
    context.on("request", lambda asked: None if asked.url.startswith((address, "blob:")) else note("asked", asked.url))
    context.on("requestfailed", lambda asked: note("failed", asked.url))
    page.goto(address)
    page.wait_for_selector("#laden progress")
    assert page.evaluate("document.getElementById('eingabe').inert")
    page.wait_for_selector("body[data-ready]")
    context.set_offline(True)
    yield page
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert not strange


def asked(case: CorpusCase) -> str:
    """Return the request that asks about a case of the corpus."""
    more = {"question": case.question, "known_on": case.known_on, "readings": case.readings}
    stated = {"case": case.case, "on": case.on, "engine": "direct"} | {key: one for key, one in more.items() if one}
    return json.dumps(stated, default=to_json)


def test_the_whole_corpus_is_answered_as_by_this_python(page: Any) -> None:
    from vwv_im.web.app.inside import opened  # noqa: PLC0415

    bodies = {case.id: asked(case) for case in corpus()}
    there = page.evaluate(DIGESTS, ["v1/decisions", list(bodies.values())])
    found: list[str] = []
    statuses: set[int] = set()

    def decide_here() -> None:  # the browser's own event loop runs in the thread of the test
        inside, kind = opened(), {"Content-Type": "application/json"}
        for body in bodies.values():
            answer = asyncio.run(inside.respond("POST", "v1/decisions", kind, body.encode()))
            statuses.add(answer.status)
            found.append(sha256(answer.content).hexdigest())

    thread = threading.Thread(target=decide_here)
    thread.start()
    thread.join()
    assert statuses == {200}
    assert [name for name, one, other in zip(bodies, there, found, strict=True) if one != other] == []


def test_a_case_is_loaded_decided_and_written_down(page: Any, tmp_path: Path) -> None:
    page.fill("#on", "01.06.2018")
    page.locator("#datei summary").click()
    page.set_input_files("#upload", EXAMPLES / "neukirch.yaml")
    page.wait_for_selector("#ergebnis[data-kind=no]")
    assert "10.349" in page.inner_text("#kurz")
    for button, name in (("#note", "pruefvermerk.html"), ("#receipt", "pruefprotokoll.json")):
        with page.expect_download() as download:
            page.click(button)
        assert download.value.suggested_filename == name
        download.value.save_as(tmp_path / name)
    assert "10.349" in (tmp_path / "pruefvermerk.html").read_text("utf-8")
    from vwv_im import replay  # noqa: PLC0415

    assert replay(tmp_path / "pruefprotokoll.json").identical


def test_faults_are_told(page: Any) -> None:
    found = page.evaluate("""async () => {
        const headers = { "Content-Type": "application/json" };
        const answer = await fetch("v1/decisions", { method: "POST", headers, body: '{"on": "gestern"' });
        return [answer.status, (await answer.json()).type];
    }""")
    assert found == [400, "urn:vwv-im:problem:malformed"]


def test_what_is_given_up_is_not_answered(page: Any) -> None:
    found = page.evaluate("""async () => {
        const stop = new AbortController();
        const asked = fetch("v1/rules", { signal: stop.signal }).catch((error) => error.name);
        stop.abort();
        return [await asked, (await fetch("v1/health")).status];
    }""")
    assert found == ["AbortError", 200]
