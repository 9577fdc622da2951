"""The engine `durable`: a second derivation, independent of `direct`, in which durable-rules matches the conditions.

Values are computed, and single values compared, as `direct` does it; every condition made of comparisons, and so every
row of a decision table, requirement and named condition, is matched by durable-rules. It knows only whether a rule
fires, so each group of conditions is matched twice: pessimistically, an unknown comparison counts as false,
optimistically as true. What fires in the first is true, only in the second open, in none false: strong Kleene,
because negation stands only at the comparisons.

Sessions of durable-rules are tamed here: what the engine does when used as its own README shows (crash, loop, match
what is not there, start threads, swallow errors) is kept out by what is never used, and by the order of what is: a
message that fires first, then messages of small integers, then the deletion of the session by the thread that opened
it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import chain
from queue import Empty, LifoQueue
from types import ModuleType
from typing import Any

from vwv_im.case import CasePart
from vwv_im.lang import Condition, Truth
from vwv_im.lang.nodes import rows_of
from vwv_im.reasoning.direct import Evaluation, Get, functions_of
from vwv_im.reasoning.durable_groups import IDS, SIDS, START, EngineLimitError, Group, Groups, refuse_collisions
from vwv_im.reasoning.plan import Kind, Plan, SeriesDefinition
from vwv_im.reasoning.records import Record, SlotLayout
from vwv_im.text import group

__all__ = ["Durable", "EngineFailure", "EngineLimitError", "EngineUnavailable", "available"]

Truths = dict[str, Truth]
Derive = Callable[[Record, Mapping[str, Truth]], Any]
Step = tuple[str, int, Derive]
Series = tuple[SeriesDefinition, Get]

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
        # the threads that a host starts by `_run` would walk over deleted sessions
        self.host: Any = type("QuietHost", (engine.Host,), {"_run": lambda _self: None})({RULES: rules})
        self._free: LifoQueue[str] = LifoQueue()
        for sid in reversed(SIDS):
            self._free.put(sid)

    @contextmanager
    def open(self) -> Iterator[Session]:
        """Lease a session, waiting while all are leased, and delete it at the end.

        A session that could not be begun or deleted cleanly is never leased again.
        """
        try:
            sid = self._free.get(timeout=LONGEST_WAIT)
        except Empty:
            raise EngineFailure(f"none of {len(SIDS)} sessions became free in {LONGEST_WAIT:g} s") from None
        session = Session(self, sid, self._fired[sid])
        session.begin()
        try:
            yield session
        finally:
            session.delete()
            self._free.put(sid)

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
        """Return the rules that fire where these literals hold; raises `EngineFailure` where the engine misbehaves."""
        if (message := next(self._ids, "")) == "":
            self.delete()
            self.begin()  # with the same ids anew
            message = next(self._ids)
        self._fired.clear()
        try:
            self._send(message, chain((guard,), literals))
        except self._not_handled:
            return set()
        if any(name != message for name, _ in self._fired):
            raise EngineFailure(f"rules fired for other messages than {message}: {self._fired}")
        return {rule for _, rule in self._fired}

    def _send(self, message: str, properties: Iterable[str]) -> None:
        fact = {"sid": self._sid, "id": message, **dict.fromkeys(properties, 1)}
        state = self._host.assert_fact(RULES, fact)
        if state and "exception" in state:
            raise EngineFailure(f"a rule's action failed: {state['exception']}")


@cache
def available() -> bool:
    """Whether durable-rules can be imported here."""
    try:
        import_engine()
    except EngineUnavailable:
        return False
    return True


class Durable:
    """A plan compiled to rules of durable-rules. It may be used from several threads at once, and starts none.

    Building one takes some milliseconds and memory that the engine never gives back; keep it as long as its plan.
    Raises `EngineUnavailable` where durable-rules cannot be imported, and `EngineLimitError` where the plan exceeds
    what it can match.
    """

    layout: SlotLayout

    name = "durable"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = SlotLayout(plan)
        self._groups = Groups(plan)
        self._sessions = Sessions(self._groups.definitions())
        self._stages = list(self._in_stages())
        rule = self._rule
        self._requirements = [
            (r.scope, rule(r.scope, r.applies), rule(r.scope, r.condition)) for r in plan.requirements
        ]
        self._named = [(k.kind, k.scope, rule(k.scope, k.condition)) for k in plan.named]

    def evaluate(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and named condition, as `direct` does.

        Raises `EngineFailure` where durable-rules does what it must not.
        """
        records = self.layout.fill(case, on, readings)
        truths: dict[str, list[Truths]] = {scope: [{"": True} for _ in found] for scope, found in records.of.items()}
        with self._sessions.open() as session:
            for questions, steps, series in self._stages:
                for question in questions:
                    scope, answers = question.group.scope, dict[tuple[Truth, ...], Truths]()
                    for record, known in zip(records.of[scope], truths[scope], strict=True):
                        literals = question.literals(record)
                        if literals not in answers:  # of which the engine sees nothing more
                            answers[literals] = dict(question.ask(session, literals))
                        known.update(answers[literals])
                for scope, slot, form in steps:
                    for record, known in zip(records.of[scope], truths[scope], strict=True):
                        record[slot] = form(record, known)
                for one, given in series:
                    days = [given(record) for record in records.of[self.layout.parent(one.scope) or ""]]
                    self.layout.make_series(one.scope, records.of, days, step=one.step)
                    truths[one.scope] = [{"": True} for _ in records.of[one.scope]]
        findings = tuple(
            (known[applies], known[holds]) for scope, applies, holds in self._requirements for known in truths[scope]
        )
        present: dict[Kind, list[Truth]] = {kind: [] for kind, _, _ in self._named}
        for kind, scope, rule in self._named:
            present[kind] += (known[rule] for known in truths[scope])
        return Evaluation(records, findings, present)

    def _rule(self, scope: str, condition: Condition | None) -> str:
        """Return the name of the rule of a condition; without a condition, one that always holds."""
        return "" if condition is None else self._groups.rule(scope, condition)

    def _in_stages(self) -> Iterator[tuple[list[_Question], list[Step], list[Series]]]:
        """Yield for each stage the groups to match, what is derived from their truth values, and the series to make."""
        groups, forms = list(self._groups), self._forms()
        literals = functions_of(self.layout, [(group.scope, tuple(group.literals.values())) for group in groups])
        for stage, (derivations, made) in enumerate((*self.plan.stages, ((), ()))):
            questions = [_Question(*pair) for pair in zip(groups, literals, strict=True) if pair[0].stage == stage]
            steps = [(one.scope, self.layout.slot(one.fact)[1], forms[one.fact]) for one in derivations]
            days = functions_of(self.layout, [(self.layout.parent(one.scope) or one.scope, one.days) for one in made])
            yield questions, steps, [*zip(made, days, strict=True)]

    def _forms(self) -> Mapping[str, Derive]:
        """Return what gives each derived fact: the value of the first row that holds."""
        rows = [(one, row) for one in self.plan.derivations for row in rows_of(one.form)]
        values = functions_of(self.layout, [(one.scope, (row.value,)) for one, row in rows], alone=True)
        pairs = zip(rows, values, strict=True)
        tables = group((one.fact, (self._rule(one.scope, row.condition), get)) for (one, row), get in pairs)
        return {fact: _table(table) for fact, table in tables.items()}


@dataclass
class _Question:
    """A group of conditions to be matched; `literals` gives the truth of each comparison on a record."""

    group: Group
    literals: Get

    def ask(self, session: Session, truths: tuple[Truth, ...]) -> Iterator[tuple[str, Truth]]:
        """Yield the truth of each condition by the truths of the comparisons."""
        literals = list(zip(self.group.literals, truths, strict=True))
        certain = session.fired(self.group.guard, (name for name, truth in literals if truth))
        possible = certain
        if any(truth is None for _, truth in literals):
            possible = session.fired(self.group.guard, (name for name, truth in literals if truth is not False))
        for rule in self.group.rules:
            yield rule, True if rule in certain else None if rule in possible else False


def _table(rows: list[tuple[str, Get]]) -> Derive:
    """Return what gives the value of the first row that holds; an open row before it leaves the result open."""

    def value(record: Record, known: Mapping[str, Truth]) -> Any:
        for rule, get in rows:
            if (truth := known[rule]) is not False:
                return get(record) if truth else None
        return None

    return value
