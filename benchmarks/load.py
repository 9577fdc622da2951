"""Measure the HTTP API over loopback: `python benchmarks/load.py [--requests N] [--seconds S] [--json]`.

Starts `vwv-im serve --engine direct` with one worker on a free port, drives it, and stops it; needs the extra `web`.
Every answer is compared, byte by byte, with the JSON of the same decision made in this process; it ends with an error
where one differs, never because of a figure. Four phases: one client after another (latency), eight at once
(throughput), half of that throughput at fixed times (p50, p99 from the time a request was due, so that waiting counts),
and many more at once than are let in (overload). CPU ms is the processor time of the server for each answer, which
tells what it costs also where the machine is busy with something else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import DEVNULL, Popen
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

import orjson
from benchmarks.rounds import Measure, Row, run
from benchmarks.single_cases import entries

import vwv_im
from vwv_im.text.values import plain

HOST = "127.0.0.1"
CASES = 64
TOGETHER = 8
CROWD = 256
AIM_THROUGHPUT, AIM_P99 = 500.0, 50.0
SECONDS_TO_START = 60
SECONDS_TO_PREPARE = 1.0
LONGEST = 30.0


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as it goes over the wire, and the body of the answer that is right."""

    sent: bytes
    expected: bytes


@dataclass(slots=True)
class Tally:
    """What a phase found: how long each request took, in milliseconds, and how it was answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    wrong: int = 0
    processor: float = 0.0
    retry_named: bool = True
    seconds: float = 0.0

    def add(self, status: int, head: bytes, body: bytes, exchange: Exchange, milliseconds: float) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        if status == 200:
            self.times.append(milliseconds)
            self.wrong += body != exchange.expected
        elif status == 503:
            self.retry_named &= b"retry-after:" in head.lower()

    def row(self, name: str) -> dict[str, Any]:
        """Return what was found, as figures."""
        times = sorted(self.times)
        return {
            "phase": name,
            "answered": self.statuses[200],
            "refused_503": self.statuses[503],
            "other": sum(self.statuses.values()) - self.statuses[200] - self.statuses[503],
            "wrong": self.wrong,
            "cpu_ms_each": round(self.processor * 1000 / max(1, sum(self.statuses.values())), 2),
            "per_second": round(self.statuses[200] / self.seconds, 1) if self.seconds else 0.0,
            "p50_ms": round(_quantile(times, 0.5), 2),
            "p99_ms": round(_quantile(times, 0.99), 2),
            "most_ms": round(times[-1], 2) if times else 0.0,
        }


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def exchanges(port: int) -> list[Exchange]:
    """Return requests for all cases, each with its right answer."""
    return [_exchange(entry.raw, entry.on.isoformat(), port) for entry in entries(0, CASES)]


def _exchange(case: Any, on: str, port: int) -> Exchange:
    body = orjson.dumps({"case": case, "on": on, "engine": "direct"}, default=plain)
    head = (
        f"POST /v1/decisions HTTP/1.1\r\nHost: {HOST}:{port}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    expected = orjson.dumps(vwv_im.evaluate(case, on=on, engine="direct").to_dict())
    return Exchange(head.encode() + body, expected)


class Client:
    """One connection, kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, exchange: Exchange) -> tuple[int, bytes, bytes]:
        """Send a request; return status, head and body of the answer."""
        if self.streams is not None and self.streams[0].at_eof():  # the server ends a connection that is long idle
            self.streams = None
        if self.streams is None:
            self.streams = await asyncio.open_connection(HOST, self.port, limit=1 << 20)
        reader, writer = self.streams
        writer.write(exchange.sent)
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = await reader.readexactly(int(length[1])) if length else b""
        return int(head[9:12]), head, body

    async def close(self) -> None:
        """End the connection."""
        if self.streams is not None:
            self.streams[1].close()


async def together(port: int, known: list[Exchange], clients: int, requests: int) -> Tally:
    """Let clients ask one request after another until as many were sent as asked for."""
    tally, numbers, begin = Tally(), iter(range(requests)), perf_counter()

    async def work() -> None:
        client = Client(port)
        for number in numbers:
            exchange, start = known[number % len(known)], perf_counter()
            tally.add(*await client.ask(exchange), exchange, (perf_counter() - start) * 1000)
        await client.close()

    await asyncio.wait_for(asyncio.gather(*(work() for _ in range(clients))), LONGEST * 4)
    tally.seconds = perf_counter() - begin
    return tally


async def at_fixed_times(port: int, known: list[Exchange], rate: float, seconds: float) -> Tally:
    """Send requests at a fixed rate, whatever the answers; times count from when a request was due."""
    tally, idle = Tally(), [Client(port) for _ in range(32)]
    begin = perf_counter() + SECONDS_TO_PREPARE  # the requests are made ready before the first is due

    async def one(number: int) -> None:
        due = begin + number / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))
        client = idle.pop() if idle else Client(port)
        exchange = known[number % len(known)]
        tally.add(*await client.ask(exchange), exchange, (perf_counter() - due) * 1000)
        idle.append(client)

    await asyncio.wait_for(asyncio.gather(*(one(n) for n in range(int(rate * seconds)))), LONGEST + seconds)
    tally.seconds = perf_counter() - begin
    for client in idle:
        await client.close()
    return tally


@contextmanager
def served(checkout: Path | None = None) -> Iterator[tuple[int, int]]:
    """Run the server on a free port, of another checkout if asked; give port and process. It is stopped in any case."""
    port = _free_port()
    command = [sys.executable, "-m", "vwv_im", "serve", "--port", str(port), "--engine", "direct"]
    environment = os.environ if checkout is None else {**os.environ, "PYTHONPATH": str(checkout / "src")}
    process = Popen(command, stdout=DEVNULL, stderr=DEVNULL, env=environment)
    try:
        asyncio.run(_answering(port))
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        finally:
            process.kill()


def beside(checkout: Path, rounds: int, requests: int) -> tuple[Row, Row]:
    """Measure the decisions a second of this version and of another checkout, both running, one after the other."""
    with served() as (port, _), served(checkout) as (other, _):
        rows = (
            Row("this version", "1/s", "", _decisions_a_second(port, requests)),
            Row("the other version", "1/s", "", _decisions_a_second(other, requests, same=False)),
        )
        run(rows, rounds)
    return rows


def _decisions_a_second(port: int, requests: int, *, same: bool = True) -> Measure:
    """Return what measures a server; `same`: every answer must be that of this version, else only be given."""
    known = exchanges(port)

    def measure(_: int) -> float:
        tally = asyncio.run(together(port, known, TOGETHER, requests))
        if tally.statuses[200] < requests or (same and tally.wrong):
            raise SystemExit(f"Wrong answers: {dict(tally.statuses)}, {tally.wrong} others than expected")
        return requests / tally.seconds

    return measure


def processor_time(process: int) -> float:
    """Return the seconds of processor time that the server has used; 0 where the system does not tell."""
    path = Path(f"/proc/{process}/stat")
    if not path.is_file():
        return 0.0
    fields = path.read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port() -> int:
    import socket

    with socket.socket() as trial:
        trial.bind((HOST, 0))
        return int(trial.getsockname()[1])


async def _answering(port: int) -> None:
    """Wait until the server answers."""
    end = perf_counter() + SECONDS_TO_START
    while True:
        try:
            _, writer = await asyncio.open_connection(HOST, port)
        except OSError:
            if perf_counter() > end:
                raise SystemExit("the server did not start") from None
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return


async def measured(port: int, process: int, requests: int, seconds: float) -> list[dict[str, Any]]:
    """Return the figures of all phases."""
    known = exchanges(port)

    async def phase(work: Coroutine[Any, Any, Tally]) -> Tally:
        before = processor_time(process)
        tally = await work
        tally.processor = processor_time(process) - before
        return tally

    await together(port, known, TOGETHER, CASES * 2)
    alone = await phase(together(port, known, 1, requests // 4))
    full = await phase(together(port, known, TOGETHER, requests))
    rate = full.statuses[200] / full.seconds / 2
    half = await phase(at_fixed_times(port, known, rate, seconds))
    crowd = await phase(together(port, known, CROWD, requests * 2))
    rows = [
        alone.row("one client"),
        full.row(f"{TOGETHER} clients"),
        half.row(f"half load ({rate:.0f}/s)"),
        crowd.row(f"overload ({CROWD} clients)"),
    ]
    if any(row["wrong"] or row["other"] for row in rows) or not crowd.retry_named:
        raise SystemExit(f"Wrong answers: {json.dumps(rows)}")
    return rows


def shown(rows: list[dict[str, Any]]) -> str:
    """Return the figures as a table, and whether the aims are reached."""
    lines = [f"{'':24}{'answered':>10}{'503':>8}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}{'CPU ms':>9}"]
    lines += [
        f"{row['phase']:24}{row['answered']:>10}{row['refused_503']:>8}{row['per_second']:>9}"
        f"{row['p50_ms']:>9}{row['p99_ms']:>9}{row['most_ms']:>9}{row['cpu_ms_each']:>9}"
        for row in rows
    ]
    reached = "reached" if rows[1]["per_second"] >= AIM_THROUGHPUT else "NOT reached"
    lines.append(f"aim {AIM_THROUGHPUT:.0f} decisions a second: {reached}")
    reached = "reached" if rows[2]["p99_ms"] < AIM_P99 else "NOT reached"
    lines.append(f"aim p99 under {AIM_P99:.0f} ms at half load: {reached}")
    lines.append("every answer was the same as that of vwv_im.evaluate(engine='direct')")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2000, help="requests in the phase of throughput; 100 to 20000")
    parser.add_argument("--seconds", type=float, default=8.0, help="seconds at half load; 1 to 30")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    if not (100 <= options.requests <= 20_000 and 1 <= options.seconds <= LONGEST):
        parser.error("--requests must be 100 to 20000, --seconds 1 to 30")
    with served() as (port, process):
        rows = asyncio.run(measured(port, process, options.requests, options.seconds))
    print(json.dumps(rows, indent=1) if options.json else shown(rows))


if __name__ == "__main__":
    main()
