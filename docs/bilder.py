"""Draw the pictures of the docs anew: `python docs/bilder.py` (needs Chromium and the extras web and browser).

`bilder/seite.png` is the web page with an example loaded, `bilder/entscheidung.svg` what the command prints about it.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import sync_playwright
from rich.console import Console
from rich.text import Text

DOCS = Path(__file__).parent
CASE = DOCS.parent / "examples" / "tettnang.yaml"
DAY = "2018-06-01"
LINES = 28
WIDTH = 100


def draw_page(target: Path) -> None:
    """Write a picture of the web page: the example loaded, its result beside it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "vwv_im", "serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/v1/openapi.json", server)
        with sync_playwright() as playwright:
            program = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1280, "height": 720}, locale="de-DE")
            page.goto(f"{address}/?frage=antrag&tag={DAY}")
            fill(page)
            page.screenshot(path=target)
            browser.close()
    finally:
        server.terminate()
        server.wait(10)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; raises `RuntimeError` where it ended, or does not answer in time."""
    for _ in range(600):
        if server.poll() is not None:
            break
        try:
            urlopen(address, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The server does not answer.")


def fill(page: Any) -> None:
    """Load the example and wait for its result, with the top of the page in view."""
    page.on("dialog", lambda dialog: dialog.accept())
    page.wait_for_load_state("networkidle")
    day = page.locator("#on")
    if not day.input_value():
        day.fill(DAY if day.get_attribute("type") == "date" else "01.06.2018")
        day.blur()
        page.wait_for_timeout(1000)
    page.locator("#upload").set_input_files(CASE)
    page.locator("#ergebnis").get_by_text(re.compile(r"\bJA\b")).first.wait_for(timeout=30_000)
    page.wait_for_load_state("networkidle")
    page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")


def draw_decision(target: Path) -> None:
    """Write a picture of what the command prints, as far as it fits; it needs no font from elsewhere."""
    command = f"vwv-im evaluate {CASE.relative_to(DOCS.parent).as_posix()} --on {DAY}"
    told = subprocess.run(
        [sys.executable, "-m", *command.replace("vwv-im", "vwv_im").split()],
        cwd=DOCS.parent,
        env={**os.environ, "COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = told.rstrip("\n").split("\n")
    shown = lines if len(lines) <= LINES else [*lines[: LINES - 1], "[…]"]
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi("\n".join([f"$ {command}", "", *shown])))
    picture = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="vwv-im", unique_id="vwv"), flags=re.DOTALL)
    target.write_text(picture.replace("Fira Code,", ""), "utf-8")


if __name__ == "__main__":
    draw_decision(DOCS / "bilder" / "entscheidung.svg")
    draw_page(DOCS / "bilder" / "seite.png")
