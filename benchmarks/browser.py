"""How long the page without a server takes in Chromium: `python -m benchmarks.browser FOLDER [ROUNDS]`.

FOLDER is what `vwv-im export app` wrote. Told are the seconds until the page can be used, the seconds of the first
decision, and the milliseconds of later ones, each of a case of the corpus, in full; and the processor time that one
takes in all processes of Chromium and, asked of the same application, in this Python, which tells what one costs also
where the machine is busy with something else. Linux only: the processor time is read from /proc.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time

from playwright.sync_api import sync_playwright

from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.text import to_json
from vwv_im.web.app.inside import opened

_HEADERS = {"Content-Type": "application/json"}
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
    more = {"question": case.question, "readings": case.readings, "engine": "direct"}
    return json.dumps({"case": case.case, "on": case.on, **more}, default=to_json)


def _of_chromium() -> float:
    """Return the seconds of processor time of every Chromium that this process has started."""
    fields = [path.read_text().rpartition(")") for path in Path("/proc").glob("[0-9]*/stat") if path.exists()]
    parents = {int(name.split()[0]): int(rest.split()[1]) for name, _, rest in fields}
    times = {int(name.split()[0]): sum(map(int, rest.split()[11:13])) for name, _, rest in fields if "(chrom" in name}

    def is_ours(process: int) -> bool:
        return process == os.getpid() or (process in parents and is_ours(parents[process]))

    return sum(time for process, time in times.items() if is_ours(process)) / os.sysconf("SC_CLK_TCK")


async def _of_this_python(bodies: list[str]) -> float:
    """Return the seconds of processor time that this Python takes for all, once all were asked."""
    inside, begin = opened(), 0.0
    for _ in range(2):
        begin = process_time()
        for body in bodies:
            await inside.respond("POST", "v1/decisions", _HEADERS, body.encode())
    return process_time() - begin


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
        begin = _of_chromium()
        later = page.evaluate(_TIMES, bodies)
        there = 1000 * (_of_chromium() - begin) / len(bodies)
        print(f"first decision     {first / 1000:8.2f} s")
        print(f"later, median      {median(later):8.1f} ms of {len(later)}")
        tenths = quantiles(later, n=10)
        print(f"later, a tenth under {tenths[0]:.1f} ms, a tenth over {tenths[-1]:.1f} ms")
        browser.close()
    server.shutdown()
    server.server_close()
    here = 1000 * asyncio.run(_of_this_python(bodies)) / len(bodies)
    print(f"processor time of a decision: {there:.1f} ms, in this Python {here:.1f} ms ({there / here:.1f} times)")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
