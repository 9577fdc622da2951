"""Long work in a process of its own: forked from one that has everything loaded, and ended with its answer.

So it can be stopped at any moment, a crash in compiled code costs one answer, and of a case nothing remains: neither
what a writer of PDFs keeps for the next one nor what an answer took. Where the system cannot fork (Windows), the work
is done in a thread; in a browser there are no threads either, and whoever asks waits for nobody else.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeVar

R = TypeVar("R")
IN_BROWSER = sys.platform == "emscripten"
CAN_FORK = not IN_BROWSER and hasattr(os, "fork") and hasattr(socket, "send_fds")
_NICE = 5
"""How much the work gives way to short requests."""
_SECONDS_TO_START = 60.0
_CHUNK = 1 << 20
_BEGIN = b"\x01"
"""What goes from one process to the other: beside a socket, to begin; and back, that work can begin."""
_LOADS_ALL = "vwv_im.web.server"
"""The module that loads everything, by its name: it uses this one."""
_MODULES = ("typst", "docx", "docx.oxml", "docx.document")
"""What writes notes, where it is installed: loaded once instead of by each process."""


class ProcessDiedError(RuntimeError):
    """The process ended without an answer."""


async def beside(work: Callable[..., R], *given: Any, seconds: float, rules: str = "") -> R:
    """Return what a function of a module returns, called in a process of its own; `rules` are what it will need.

    Raises `TimeoutError` after the time allowed, `ProcessDiedError` where it died. Cancelling stops the work at once
    and is done when the process has ended: who asks and leaves, again and again, has no more of them than who waits.
    """
    if IN_BROWSER:
        return work(*given)
    if not CAN_FORK:
        return await asyncio.to_thread(work, *given)
    starting = asyncio.ensure_future(_start(pickle.dumps((seconds, work, given)), rules))
    try:
        process = await asyncio.shield(starting)
        async with asyncio.timeout(seconds):
            answer = await process.reader.read()
        found: R = pickle.loads(answer)  # noqa: S301 - written by our own process
    except (EOFError, ConnectionError, pickle.UnpicklingError):
        raise ProcessDiedError from None
    else:
        return found
    finally:
        with suppress(ProcessDiedError, EOFError, OSError):
            await (await starting).end()


@dataclass(frozen=True, slots=True)
class _Process:
    """A process that works, and our end of its socket."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def end(self) -> None:
        """End it, unless it has ended."""
        try:
            while not self.reader.at_eof():
                with suppress(ProcessLookupError):
                    os.kill(self.number, signal.SIGKILL)
                await self.reader.read()
        finally:
            self.writer.close()


async def _start(asked: bytes, rules: str) -> _Process:
    """Start a process and send it what is asked."""
    ours, theirs = socket.socketpair()
    with theirs:
        _hand_over(theirs, rules)
    reader, writer = await asyncio.open_unix_connection(sock=ours, limit=_CHUNK)
    try:
        writer.write(asked)
        writer.write_eof()
        async with asyncio.timeout(_SECONDS_TO_START):
            return _Process(int.from_bytes(await reader.readexactly(4), "big"), reader, writer)
    except BaseException:
        writer.close()
        raise


def get_ready(rules: str = "") -> None:
    """Start the process that others are forked from, so that the first client need not wait for it."""
    if CAN_FORK:
        _Parent.of(os.getpid(), rules)


def is_ready(rules: str = "") -> bool:
    """Tell whether long work can begin at once; where it can only wait, have the process started that it waits for."""
    return not CAN_FORK or _Parent.of(os.getpid(), rules).has_loaded()


def _hand_over(end: socket.socket, rules: str) -> None:
    for _ in range(2):
        try:
            socket.send_fds(_Parent.of(os.getpid(), rules).control, [_BEGIN], [end.fileno()])
        except OSError:  # it died; the next is another one
            _Parent.of.cache_clear()
        else:
            return
    raise ProcessDiedError


class _Parent:
    """The process that others are forked from; it ends as soon as our end of its socket is closed."""

    def __init__(self, owner: int, rules: str) -> None:
        self.owner, self.rules, self.loaded = owner, rules, False
        self.control, theirs = socket.socketpair()
        call = f"fork({theirs.fileno()}, {rules!r})"
        code = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import fork; {call}"
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-c", code], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )

    def has_loaded(self) -> bool:
        """Tell whether everything is loaded; one that has died is forgotten, and the next one started."""
        with suppress(BlockingIOError):
            if not self.loaded:
                self.loaded = self.control.recv(1, socket.MSG_DONTWAIT) == _BEGIN
        if self.process.poll() is not None:
            _Parent.of.cache_clear()
            get_ready(self.rules)
            return False
        return self.loaded

    @staticmethod
    @cache
    def of(owner: int, rules: str) -> _Parent:
        """Return that of a process and of the rules it needs, started once."""
        return _Parent(owner, rules)

    def __del__(self) -> None:
        self.control.close()
        if os.getpid() == self.owner:
            self.process.wait()


def fork(control: int, rules: str) -> None:
    """Load everything, then fork a process for each socket that comes; return when nobody is left to send one."""
    os.nice(_NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server ends, and closes its end
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
    for name in _MODULES:
        with suppress(ImportError):
            import_module(name)
    with socket.socket(fileno=control) as ours:
        signal.signal(signal.SIGALRM, lambda _number, _frame: _end_with(ours))
        signal.setitimer(signal.ITIMER_REAL, 1, 1)
        with suppress(Exception):  # faulty rules are told by who asks for them
            import_module(_LOADS_ALL).warm_up_all(rules)
        gc.collect()
        gc.freeze()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        with suppress(ConnectionError):  # the server may end without having read all
            ours.sendall(_BEGIN)
            while True:
                _, ends, _, _ = socket.recv_fds(ours, 1, 1)
                if not ends:
                    return
                if os.fork() == 0:
                    ours.close()
                    _work(socket.socket(fileno=ends[0]))
                os.close(ends[0])


def _end_with(ours: socket.socket) -> None:
    """End while there is still something to load, where nobody is left to send anything."""
    with suppress(BlockingIOError):
        try:
            left = not ours.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except ConnectionError:
            left = True
        if left:
            os._exit(0)


def _work(end: socket.socket) -> None:
    """Say which process this is, do what is asked, answer, and end."""
    try:
        end.sendall(os.getpid().to_bytes(4, "big"))
        with end.makefile("rb") as asked:
            seconds, work, given = pickle.load(asked)  # noqa: S301 - written by the server
        signal.setitimer(signal.ITIMER_REAL, seconds + 1)  # should the server be gone by then
        end.sendall(pickle.dumps(work(*given)))
    finally:
        os._exit(0)
