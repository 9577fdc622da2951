"""Attack the server over loopback and measure how others fare: `python benchmarks/attack.py [--runs N] [--only NAME]`.

Starts `vwv-im serve` with one worker on a free port and attacks it in several ways, each some seconds long: connections
that ask nothing, heads that never end or are far too long, readers that do not read, bodies that trickle, YAML that is
slow to read, notes by the dozen, answers that are too large, requests that are abandoned. Beside that, a process of its
own asks for `/v1/health` and for ordinary decisions, each time by a new connection, and compares every decision with
the right one. The table has the p99 of both in the best run, as a multiple of the best run without an attack, and what
the server's processes hold a minute later (PSS, so that shared pages count once) beside what they held after
1,000 ordinary requests. It ends with an error where a decision is wrong, never because of a figure. Linux.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that its parts are found where it is run as a file

from benchmarks.load import HOST, Exchange, exchanges, served

SECONDS = 8.0
EACH = 30  # requests a second of each of the two kinds that are measured
WARM_UP = 1000
MINUTE = 60.0
PATIENCE = 30.0
AIM_TIMES, AIM_MEGABYTES = 10.0, 50.0
WIDE = {"case": {"antrag": {"stellen": [{}] * 200, "mitglieder": [{}] * 200}}, "on": "2022-03-01"}
POST = {"case": {"antrag": {"stellen": [{"vzae": "0.5"}]}}, "on": "2018-06-01", "engine": "direct"}
NESTED = b"case: {antrag: {stellen: [" + b"[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]," * 28_000 + b"]}}\n"


@dataclass(slots=True)
class Probe:
    """What was found beside an attack: milliseconds until each answer, and how many were none or the wrong one."""

    health: list[float] = field(default_factory=list)
    decisions: list[float] = field(default_factory=list)
    refused: int = 0
    wrong: int = 0


def request(path: str, body: bytes = b"", kind: str = "application/json", *, declared: int | None = None) -> bytes:
    """Return a request as it goes over the wire."""
    method = "POST" if body or declared else "GET"
    length = len(body) if declared is None else declared
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
    return head.encode("ascii") + body


async def ask(port: int, sent: bytes) -> tuple[int, bytes]:
    """Send a request by a new connection; return status and body, 0 where there is no answer."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(HOST, port, limit=1 << 20), PATIENCE)
    except OSError:
        return 0, b""
    try:
        writer.write(sent.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1))
        whole = await asyncio.wait_for(reader.read(), PATIENCE)
    except OSError:
        return 0, b""
    else:
        head, _, body = whole.partition(b"\r\n\r\n")
        return int(head[9:12] or 0), body
    finally:
        writer.close()


async def probe(port: int, seconds: float) -> Probe:
    """Ask for health and decisions at fixed times; what counts is the time from when a request was due."""
    found, known, begin = Probe(), exchanges(port), perf_counter() + 0.2

    async def one(number: int) -> None:
        due = begin + number / (2 * EACH)
        await asyncio.sleep(max(0.0, due - perf_counter()))
        exchange = Exchange(request("/v1/health"), b"") if number % 2 else known[number // 2 % len(known)]
        status, body = await ask(port, exchange.sent)
        times = found.health if number % 2 else found.decisions
        times.append((perf_counter() - due) * 1000)
        found.refused += status != 200
        found.wrong += status == 200 and bool(exchange.expected) and body != exchange.expected

    await asyncio.gather(*(one(number) for number in range(int(seconds * EACH * 2))))
    return found


class Attack:
    """Attackers that go on until they are cancelled; counts what they are answered."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: Counter[str] = Counter()

    async def crowd(self, many: int, one: Callable[[int], Awaitable[object]]) -> None:
        """Let many do the same again and again."""

        async def again(number: int) -> None:
            while True:
                with suppress(OSError, asyncio.IncompleteReadError):
                    await one(number)
                await asyncio.sleep(0.01)

        await asyncio.gather(*(again(number) for number in range(many)))

    async def asking(self, path: str, body: Any, kind: str = "application/json") -> None:
        """Ask and count the answer."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _ = await ask(self.port, request(path, sent, kind))
        self.answers[str(status or "none")] += 1

    async def held(self, first: bytes, then: Callable[[asyncio.StreamWriter], Awaitable[object]]) -> None:
        """Open a connection, send something, go on, until the server ends it."""
        reader, writer = await asyncio.open_connection(HOST, self.port)
        going = asyncio.ensure_future(then(writer))
        try:
            writer.write(first)
            answer = await reader.read(1 << 16)
            self.answers[answer[9:12].decode() or "closed"] += 1
        finally:
            going.cancel()
            writer.close()

    async def idle(self) -> None:
        """1,010 connections that ask nothing."""
        await self.crowd(1010, lambda _: self.held(b"", _nothing))

    async def partial_heads(self) -> None:
        """200 heads of which a line comes each half second."""
        begin = b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\n"
        await self.crowd(200, lambda _: self.held(begin, lambda writer: _trickle(writer, b"X-More: yes\r\n", 0.5)))

    async def large_heads(self) -> None:
        """Six heads of up to 150 MB."""
        begin = b"GET /v1/health HTTP/1.1\r\nHost: localhost\r\nX-Long: "
        await self.crowd(6, lambda _: self.held(begin, _flood))

    async def slow_readers(self) -> None:
        """Ten clients that ask for an answer of 7 MB and do not read it."""
        await self.crowd(10, lambda _: self._unread())

    async def _unread(self) -> None:
        reader, writer = await asyncio.open_connection(HOST, self.port, limit=1)
        reader._transport.pause_reading()  # type: ignore[attr-defined] # noqa: SLF001 - it must not read
        writer.write(request("/v1/decisions", json.dumps(WIDE).encode()))
        self.answers["unread"] += 1
        try:
            await asyncio.sleep(PATIENCE)
        finally:
            writer.transport.abort()

    async def slow_bodies(self) -> None:
        """160 bodies of which a byte comes each second."""
        begin = request("/v1/decisions", declared=1000)
        await self.crowd(160, lambda _: self.held(begin, lambda writer: _trickle(writer, b" ", 1.0)))

    async def nested_yaml(self) -> None:
        """Eight clients that send 1 MB of nested YAML."""
        await self.crowd(8, lambda _: self.asking("/v1/decisions", NESTED, "application/yaml"))

    async def notes(self) -> None:
        """Fifty clients that ask for a note as PDF."""
        await self.crowd(50, lambda number: self.asking("/v1/notes", _labelled(number)))

    async def large_answers(self) -> None:
        """Four clients that ask for a comparison of 66 MB."""
        await self.crowd(4, lambda _: self.asking("/v1/comparisons", WIDE))

    async def abandoned(self) -> None:
        """Twenty clients that ask for much and leave."""
        await self.crowd(20, lambda _: self._leaving())

    async def _leaving(self) -> None:
        _, writer = await asyncio.open_connection(HOST, self.port)
        writer.write(request("/v1/comparisons", json.dumps(WIDE).encode()))
        await writer.drain()
        await asyncio.sleep(0.2)
        writer.close()
        self.answers["left"] += 1


ATTACKS: Mapping[str, Callable[[Attack], Awaitable[None]]] = {
    attack.__name__: attack
    for attack in (
        Attack.idle,
        Attack.partial_heads,
        Attack.large_heads,
        Attack.slow_readers,
        Attack.slow_bodies,
        Attack.nested_yaml,
        Attack.notes,
        Attack.large_answers,
        Attack.abandoned,
    )
}


def _labelled(number: int) -> dict[str, Any]:
    part = {"art": "gemeinde", "name": f"Gemeinde {number}"}
    return {**POST, "case": {"antrag": {**POST["case"]["antrag"], "antragsteller": part}}}  # type: ignore[index]


async def _nothing(_: asyncio.StreamWriter) -> None:
    return


async def _trickle(writer: asyncio.StreamWriter, piece: bytes, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        writer.write(piece)


async def _flood(writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        for _ in range(2400):
            writer.write(b"x" * 65_536)
            await writer.drain()


def held(process: int) -> float:
    """Return the megabytes that a process and those below it hold, shared pages counted once."""
    total = 0
    for one in _family(process):
        with suppress(OSError):
            text = Path(f"/proc/{one}/smaps_rollup").read_text("ascii")
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def _family(process: int) -> Iterable[int]:
    yield process
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split():
            yield from _family(int(child))


async def probed(port: int, seconds: float) -> Probe:
    """Return what the probe finds, in a process of its own."""
    command = [sys.executable, __file__, "--probe", str(port), "--seconds", str(seconds)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return Probe(**json.loads(said))


async def attacked(port: int, name: str, seconds: float) -> tuple[Probe, Counter[str]]:
    """Return what the probe finds beside an attack, and what the attackers are answered."""
    attack = Attack(port)
    going = asyncio.ensure_future(ATTACKS[name](attack)) if name else None
    await asyncio.sleep(1.0)
    found = await probed(port, seconds)
    if going is not None:
        going.cancel()
        with suppress(asyncio.CancelledError):
            await going
    return found, attack.answers


def p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


@dataclass(slots=True)
class Row:
    """The best run of an attack."""

    name: str
    health: float = float("inf")
    decisions: float = float("inf")
    refused: int = 0
    answers: Counter[str] = field(default_factory=Counter)

    def add(self, found: Probe, answers: Counter[str]) -> None:
        """Count a run; a wrong decision ends all."""
        if found.wrong:
            raise SystemExit(f"{self.name}: {found.wrong} decisions were wrong")
        self.health, self.decisions = min(self.health, p99(found.health)), min(self.decisions, p99(found.decisions))
        self.refused += found.refused
        self.answers += answers


async def measured(port: int, process: int, names: Sequence[str], runs: int, seconds: float) -> tuple[list[Row], float]:
    """Return a row for each attack, the first for none, and how much more is held a minute after the last."""
    for exchange in (exchanges(port) * WARM_UP)[:WARM_UP]:
        await ask(port, exchange.sent)
    await Attack(port).asking("/v1/notes", _labelled(0))
    before = held(process)
    rows = []
    for name in ("", *names):
        row = Row(name)
        for _ in range(runs):
            row.add(*await attacked(port, name, seconds))
            await asyncio.sleep(1.0)
        print(f"{name or 'none'}: {row.health:.1f} {row.decisions:.1f} {dict(row.answers)}", file=sys.stderr)
        rows.append(row)
    await asyncio.sleep(MINUTE)
    return rows, held(process) - before


def shown(rows: Sequence[Row], more: float) -> str:
    """Return the table, in Markdown."""
    idle = rows[0]
    lines = [
        "| attack | health p99 ms | × idle | decisions p99 ms | × idle | not answered | attackers were answered |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for row in rows:
        about = (getattr(Attack, row.name).__doc__ if row.name else "none.").rstrip(".")
        answers = ", ".join(f"{count} × {answer}" for answer, count in sorted(row.answers.items()))
        times = f"{row.health / idle.health:.1f} | {row.decisions:.1f} | {row.decisions / idle.decisions:.1f}"
        lines.append(f"| {about} | {row.health:.1f} | {times} | {row.refused} | {answers} |")
    most = max(max(row.health / idle.health, row.decisions / idle.decisions) for row in rows)
    aims = f"aims: {AIM_TIMES:.0f} ×, {AIM_MEGABYTES:+.0f} MB"
    lines += ["", f"p99 at most {most:.1f} × idle; a minute later {more:+.0f} MB ({aims})."]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each attack, of which the best counts; 1 to 9")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="seconds of a run; 2 to 30")
    parser.add_argument("--only", choices=ATTACKS, action="append", help="this attack alone; several are possible")
    parser.add_argument("--probe", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if not (1 <= options.runs <= 9 and 2 <= options.seconds <= 30):
        parser.error("--runs must be 1 to 9, --seconds 2 to 30")
    if options.probe:
        found = asyncio.run(probe(options.probe, options.seconds))
        print(json.dumps({name: getattr(found, name) for name in Probe.__slots__}))
        return
    with served() as (port, process):
        print(
            shown(*asyncio.run(measured(port, process, options.only or list(ATTACKS), options.runs, options.seconds)))
        )


if __name__ == "__main__":
    main()
