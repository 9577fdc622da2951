"""Sessions of durable-rules, tamed: the one module that imports it.

What the engine does when used as its own README shows (crash, loop, match what is not there, start threads, swallow
errors) is kept out by what is never used here, and by the order of what is: a message that fires first, then messages
of small integers, then the deletion of the session by the thread that opened it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from queue import Empty, LifoQueue
from types import ModuleType
from typing import Any

from vwv_im.reasoning.durable_groups import IDS, SIDS, START, refuse_collisions

RULES = "vwv-im"
LONGEST_WAIT = 60.0  # seconds for which a thread waits for a session

Fired = list[tuple[str, str]]


class EngineUnavailable(RuntimeError):  # noqa: N818 - a name of the API
    """durable-rules cannot be imported here; the message says what helps."""


class EngineFailure(RuntimeError):  # noqa: N818 - a name of the API
    """durable-rules did something it must not do; its answer is not to be used."""


def import_engine() -> ModuleType:
    """Return the module `durable.engine`; raises `EngineUnavailable` where it cannot be imported."""
    try:
        from durable import engine  # noqa: PLC0415 - not everywhere can it be imported
    except ImportError as error:
        raise EngineUnavailable(
            f"durable-rules cannot be imported ({error}). It is built on installation and needs a C compiler and the "
            "headers of Python: pip install durable-rules. On Python 3.13: "
            'CPPFLAGS="-DPyEval_CallObject=PyObject_CallObject" pip install --no-binary durable-rules durable-rules. '
            "On Windows it is not supported."
        ) from error
    # Only differences are taken of it; its own form warns on Python 3.12 and jumps with summer time.
    engine._unix_now = time.time  # noqa: SLF001
    module: ModuleType = engine
    return module


class Sessions:
    """A host of one plan's rules, and its 64 sessions. It may be used from several threads and starts none."""

    def __init__(self, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        refuse_collisions("sessions", SIDS)
        refuse_collisions("messages", [START, *IDS, *(f"sid-{sid}" for sid in SIDS)])
        engine = import_engine()
        self.not_handled: type[Exception] = engine.MessageNotHandledException
        self._fired: dict[str, Fired] = {sid: [] for sid in SIDS}
        rules = {name: {**rule, "run": self._action(name)} for name, rule in definitions.items()}
        self.host = _quiet_host(engine)({RULES: rules})
        self._free: LifoQueue[str] = LifoQueue()
        for sid in reversed(SIDS):
            self._free.put(sid)

    @contextmanager
    def open(self) -> Iterator[Session]:
        """Lease a session, waiting while all are leased, and delete it at the end.

        A session that could not be begun or deleted cleanly is never leased again.
        """
        sid = self._lease()
        session = Session(self, sid, self._fired[sid])
        session.begin()
        try:
            yield session
        finally:
            session.delete()
            self._free.put(sid)

    def _lease(self) -> str:
        try:
            return self._free.get(timeout=LONGEST_WAIT)
        except Empty:
            raise EngineFailure(f"none of {len(SIDS)} sessions became free in {LONGEST_WAIT:g} s") from None

    def _action(self, rule: str) -> Callable[[Any], None]:
        """Return the action of a rule: it notes for which message the rule fired, and does nothing else.

        It has exactly one parameter; with two, durable-rules would call it as asynchronous.
        """
        fired = self._fired

        def note(closure: Any) -> None:
            fired[closure.s.sid].append((closure.m.id, rule))

        return note


class Session:
    """A leased session: it is sent messages and says which rules fired."""

    def __init__(self, sessions: Sessions, sid: str, fired: Fired) -> None:
        self._host = sessions.host
        self._not_handled = sessions.not_handled
        self._sid = sid
        self._fired = fired
        self._ids: Iterator[str] = iter(())
        self._live = False

    def begin(self) -> None:
        """Begin with a message that fires: a session in which nothing ever fired cannot be deleted without a crash."""
        self._send(START, [START])
        self._live = True
        self._ids = iter(IDS)

    def delete(self) -> None:
        """Free what the engine holds for this session; one that did not begin is left alone."""
        if not self._live:
            raise EngineFailure("a session did not begin anew, and is not deleted, which could crash")
        self._live = False
        self._host.delete_state(RULES, self._sid)

    def fired(self, guard: str, literals: Iterable[str]) -> set[str]:
        """Return the rules that fire where these literals hold; raises `EngineFailure` if the engine does amiss."""
        message = self._next_id()
        self._fired.clear()
        try:
            self._send(message, chain((guard,), literals))
        except self._not_handled:
            return set()
        if any(name != message for name, _ in self._fired):
            raise EngineFailure(f"rules fired for other messages than {message}: {self._fired}")
        return {rule for _, rule in self._fired}

    def _next_id(self) -> str:
        """Return an id not yet used in this session, beginning anew when all are."""
        if (message := next(self._ids, None)) is None:
            self.delete()
            self.begin()
            message = next(self._ids)
        return message

    def _send(self, message: str, properties: Iterable[str]) -> None:
        fact = {"sid": self._sid, "id": message, **dict.fromkeys(properties, 1)}
        state = self._host.assert_fact(RULES, fact)
        if state and "exception" in state:
            raise EngineFailure(f"a rule's action failed: {state['exception']}")


def _quiet_host(engine: ModuleType) -> Callable[[Mapping[str, Any]], Any]:
    """Return the class of hosts that start no threads."""
    base: Any = engine.Host

    class QuietHost(base):  # type: ignore[misc]
        def _run(self) -> None:
            """Start none of the threads that would walk over deleted sessions."""

    return QuietHost
