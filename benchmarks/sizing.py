"""Measure what a server takes: `python benchmarks/sizing.py [--seconds S]`, for the table in docs/betrieb.md.

Starts `vwv-im serve` as it is by default (two engines that must agree) with one worker and with two, side by side in
turn, and tells for each the memory of all its processes (PSS, shared pages counted once) when it is ready and after
the load, how many decisions it gave a second to eight clients at once, how many processors it had for that, and its
processor time for each, which tells what one costs also where the machine is busy with something else. Figures of one
run.
Linux only: the memory is read from /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

CLIENTS = 8
SECONDS_TO_START = 180
ASKED = json.dumps({
    "case": {
        "antrag": {
            "art": "erstantrag",
            "gezaehlte_personen": 166,
            "antragsteller": {"art": "gemeinde", "bundesland": "BW", "kreisangehoerig": True},
            "stellen": [{"vzae": "0.5", "beschaeftigungsbeginn": "2018-01-01", "hochschulabschluss": "bachelor"}],
        }
    },
    "on": "2018-06-01",
})  # fmt: skip


@contextmanager
def serving(workers: int) -> Iterator[tuple[int, int]]:
    """Start a server; yield its process and its port once it answers."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "vwv_im", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        end = time.monotonic() + SECONDS_TO_START
        while not _answers(port):
            if time.monotonic() > end:
                raise TimeoutError("the server does not start")
            time.sleep(0.2)
        yield process.pid, port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _answers(port: int) -> bool:
    try:
        return _ask(HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START))
    except OSError:
        return False


def _ask(connection: HTTPConnection, detail: str = "full") -> bool:
    connection.request("POST", f"/v1/decisions?detail={detail}", ASKED, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    answer.read()
    return answer.status == 200


def memory(session: int) -> float:
    """Return the megabytes of all processes of a session."""
    lines = (line for text in _told(session, "smaps_rollup") for line in text.split("\n"))
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def processor(session: int) -> float:
    """Return the seconds of processor time that the processes of a session have used."""
    fields = (text.rpartition(")")[2].split() for text in _told(session, "stat"))
    return sum(int(one[11]) + int(one[12]) for one in fields) / os.sysconf("SC_CLK_TCK")


def _told(session: int, name: str) -> Iterator[str]:
    """Yield what a file says of each process of a session; those that end meanwhile are left out."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getsid(int(process.name)) == session:
                yield (process / name).read_text()


def served(port: int, seconds: float, detail: str) -> int:
    """Return how many decisions, whole or in short, eight clients get together."""
    end = time.monotonic() + seconds

    def client(_number: int) -> int:
        connection, count = HTTPConnection("127.0.0.1", port, timeout=SECONDS_TO_START), 0
        while time.monotonic() < end:
            count += _ask(connection, detail)
        return count

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(client, range(CLIENTS)))


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0)
    seconds = parser.parse_args().seconds
    print("| workers | detail | MB ready | MB after the load | decisions a second | processors | ms of one for each |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    for workers in (1, 2):
        with serving(workers) as (session, port):
            ready = memory(session)
            for detail in ("full", "short"):
                before, count = processor(session), served(port, seconds, detail)
                used, after = processor(session) - before, memory(session)
                cells = f"{ready:.0f} | {after:.0f} | {count / seconds:.0f} | {used / seconds:.2f}"
                print(f"| {workers} | {detail} | {cells} | {1000 * used / count:.1f} |", flush=True)


if __name__ == "__main__":
    main()
