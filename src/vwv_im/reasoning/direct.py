"""The engine `direct`: the plan as one Python function, compiled once. The reference semantics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from textwrap import fill
from typing import Any

from vwv_im.case import Case
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Condition, Expression, Form
from vwv_im.lang.truth import Truth
from vwv_im.reasoning.frames import LISTS, Frame, Frames, Layout
from vwv_im.reasoning.plan import Derivation, Plan
from vwv_im.reasoning.python_source import FRAME, TOP, PythonSource, Source

_WIDTH = 110
Test = Callable[[Frame], Truth]
Get = Callable[[Frame], Any]
Found = tuple[tuple[tuple[Truth, Truth], ...], tuple[Truth, ...]]
Run = Callable[[Frame, Sequence[Sequence[Frame]]], Found]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an engine found: the frames with derived facts filled in, and two truth values per requirement and frame.

    `findings` holds, for each requirement of the plan in order and each frame of its scope, whether it applies and
    whether it holds; `contradictions` likewise whether each contradiction is present.
    """

    frames: Frames
    findings: tuple[tuple[Truth, Truth], ...]
    contradictions: tuple[Truth, ...]


class Direct:
    """A plan as a Python function. It keeps no state between cases and may be used from several threads."""

    name = "direct"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = Layout(plan)
        self._known: dict[tuple[str, int], tuple[Form, Get]] = {}  # by identity, which holds while it is kept
        self._following: dict[frozenset[str], Run] = {}

    @property
    def source(self) -> str:
        """The Python source of the plan, as it runs."""
        return _Writer(self.layout).function(self.plan.derivations, tested=True)

    @cached_property
    def _run(self) -> Run:
        writer = _Writer(self.layout)
        return writer.compiled(writer.function(self.plan.derivations, tested=True))

    def listing(self) -> str:
        """Return the Python source of the plan with comments that say what is what; what runs has none.

        The function fills the derived facts into the frames and returns, for each requirement and frame of its scope,
        whether it applies and whether it holds, and whether each contradiction is present.
        """
        writer = _Writer(self.layout, commented=True)
        function = writer.function(self.plan.derivations, tested=True)
        slots = [f"# {self.layout.place(fact)}  {fact}" for fact in self.layout.paths]
        constants = [f"# {name} = {_shown(value)}" for name, value in writer.constants.names.items()]
        return "\n".join([*slots, "", *constants, "", function])

    def evaluate(self, case: Case, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and contradiction."""
        frames = self.layout.fill(case, on, readings)
        return Evaluation(frames, *self._run(frames.top, frames.lists))

    def follow(self, found: Evaluation, readings: Mapping[str, str]) -> Evaluation:
        """Evaluate a case again under other readings: only what follows from those that differ is worked out anew."""
        frames = found.frames.copy()
        changed = frozenset(self.layout.follow(frames, readings))
        if changed not in self._following:
            self._following[changed] = self._follows(changed)
        findings, present = self._following[changed](frames.top, frames.lists)
        return Evaluation(frames, findings or found.findings, present or found.contradictions)

    def _follows(self, changed: frozenset[str]) -> Run:
        """Return the part of the plan that follows from some facts."""
        facts, derivations = set(changed), []
        for derivation in self.plan.derivations:
            if not facts.isdisjoint(facts_of(derivation.form)):
                facts.add(derivation.fact)
                derivations.append(derivation)
        writer = _Writer(self.layout)
        return writer.compiled(writer.function(derivations, tested=not facts.isdisjoint(self._tested)))

    @cached_property
    def _tested(self) -> frozenset[str]:
        conditions = [part for r in self.plan.requirements for part in (r.applies, r.condition)]
        return frozenset(facts_of(*conditions, *(k.condition for k in self.plan.contradictions)))

    def test(self, condition: Condition, scope: str) -> Test:
        """Return what tests a condition on a frame of `scope`."""
        return self._function(condition, scope)

    def value(self, expression: Expression, scope: str) -> Get:
        """Return what computes an expression on a frame of `scope`."""
        return self._function(expression, scope)

    def form(self, derivation: Derivation) -> Get:
        """Return what derives a fact on a frame of its scope."""
        return self._function(derivation.form, derivation.scope)

    def _function(self, form: Form, scope: str) -> Get:
        known = self._known.get((scope, id(form)))
        if known is None:
            (function,) = functions_of(self.layout, [(scope, (form,))], alone=True)
            known = self._known[scope, id(form)] = form, function
        return known[1]


def functions_of(
    layout: Layout, wanted: Iterable[tuple[str, Sequence[Form]]], *, alone: bool = False
) -> tuple[Callable[[Frame], Any], ...]:
    """Return a function of a frame for each scope with some forms: it gives their values, or that of the one alone."""
    source = Source()
    writer, text = PythonSource(layout, source), ""
    names: list[str] = []
    for scope, forms in wanted:
        values = [writer.whole(form, scope) for form in forms]
        names.append(f"g{len(names)}")
        head = f"def {names[-1]}({writer.frame(scope)}):"
        above = "" if writer.frame(scope) == TOP else f" {TOP} = {FRAME}[0]\n"
        text += f"{head}\n{above} return {values[0] if alone else f'({chr(44).join(values)},)'}\n"
    space = source.define(text)
    return tuple(space[name] for name in names)


class _Writer:
    """Writes the function of a plan, or of a part of one."""

    def __init__(self, layout: Layout, *, commented: bool = False) -> None:
        self.layout = layout
        self.commented = commented
        self.constants = Source()
        self.python = PythonSource(layout, self.constants)

    def compiled(self, text: str) -> Run:
        """Return the function that a text defines."""
        run: Run = self.constants.define(text)["evaluate"]
        return run

    def function(self, derivations: Iterable[Derivation], *, tested: bool) -> str:
        """Return the source that derives some facts and tests every requirement and contradiction, or none."""
        lines = [f"def evaluate({TOP}, lists):", *self._derived(derivations), "    found, present = [], []"]
        lines += self._tests() if tested else ()
        return "\n".join([*lines, "    return tuple(found), tuple(present)", ""])

    def _derived(self, derivations: Iterable[Derivation]) -> Iterator[str]:
        for scope, together in groupby(derivations, key=lambda derivation: derivation.scope):
            yield from self._for_each(scope, [(self._step(one), one.fact) for one in together])

    def _step(self, derivation: Derivation) -> str:
        value = self.python.whole(derivation.form, derivation.scope)
        return f"{self.python.fact(derivation.fact, derivation.scope)} = {value}"

    def _tests(self) -> Iterator[str]:
        write = self.python.whole
        for one in self.layout.plan.requirements:
            pair = f"({write(one.applies, one.scope)}, {write(one.condition, one.scope)})"
            yield from self._for_each(one.scope, [(f"found.append({pair})", one.id)])
        for other in self.layout.plan.contradictions:
            text = f"present.append({write(other.condition, other.scope)})"
            yield from self._for_each(other.scope, [(text, other.id)])

    def _for_each(self, scope: str, statements: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Yield statements, each with what it is about, on the frame of a scope: in a loop where there are several."""
        looped = self.python.frame(scope) == FRAME
        if looped:
            yield f"    for {FRAME} in lists[{LISTS.index(scope)}]:"
        indent = "    " * (1 + looped)
        for statement, about in statements:
            if self.commented:  # an expression in brackets may go on in the next line at any space
                yield f"{indent}# {about}"
                yield fill(statement, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")
            else:
                yield f"{indent}{statement}"


def _shown(value: Any) -> str:
    """Return how a constant is shown: a set in order, a function by its name."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(repr, sorted(value)))}}}"
    return getattr(value, "__name__", None) or repr(value)
