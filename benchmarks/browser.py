"""How long the page without a server takes in Chromium: `python -m benchmarks.browser FOLDER [ROUNDS]`.

FOLDER is what `vwv-im export app` wrote. Told are the seconds until the page can be used, the seconds of the first
decision, and the milliseconds of later ones, each of a case of the corpus, in full.
"""

from __future__ import annotations

import json
import shutil
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from time import perf_counter

from playwright.sync_api import sync_playwright

from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.text import to_json

_TIMES = """async (bodies) => {
  const times = [];
  const headers = { "Content-Type": "application/json" };
  for (const body of bodies) {
    const begin = performance.now();
    const answer = await fetch("v1/decisions", { method: "POST", headers, body });
    await answer.arrayBuffer();
    times.push(performance.now() - begin);
  }
  return times;
}"""
_FLAGS = ["--no-sandbox", "--disable-gpu"]
_PATIENCE = 300_000


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *said: object) -> None:
        """Say nothing."""


def _asked(case: CorpusCase) -> str:
    asked = {"case": case.case, "on": case.on, "question": case.question, "readings": case.readings}
    return json.dumps(asked, default=to_json)


def main(folder: str, rounds: int = 200) -> None:
    """Load the page, decide, and tell how long each took."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bodies = [_asked(case) for case in corpus()[:rounds]]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_FLAGS)
        page = browser.new_page()
        page.set_default_timeout(_PATIENCE)
        begin = perf_counter()
        page.goto(f"http://127.0.0.1:{server.server_port}/")
        page.wait_for_selector("body[data-ready]")
        print(f"loaded             {perf_counter() - begin:8.2f} s")
        first, *_ = page.evaluate(_TIMES, bodies[:1])
        page.evaluate(_TIMES, bodies)  # every question under every Fassung is compiled once
        later = page.evaluate(_TIMES, bodies)
        print(f"first decision     {first / 1000:8.2f} s")
        print(f"later, median      {median(later):8.1f} ms of {len(later)}")
        tenths = quantiles(later, n=10)
        print(f"later, a tenth under {tenths[0]:.1f} ms, a tenth over {tenths[-1]:.1f} ms")
        browser.close()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
