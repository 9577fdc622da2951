"""The engine `direct`: the plan as one Python function, compiled once. The reference semantics."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from textwrap import fill
from typing import Any

from vwv_im.case import CasePart
from vwv_im.case.vocabulary import FIRST
from vwv_im.lang import Form, Over, Truth
from vwv_im.lang.fold import facts_of, nodes
from vwv_im.reasoning.plan import Derivation, Kind, Plan, SeriesDefinition
from vwv_im.reasoning.python_writer import AROUND, RECORD, TOP, PythonWriter, Source
from vwv_im.reasoning.records import PARENT, Record, Records, SlotLayout

_WIDTH = 110
Test = Callable[[Record], Truth]
Get = Callable[[Record], Any]
TestResults = tuple[tuple[tuple[Truth, Truth], ...], Mapping[Kind, Sequence[Truth]]]
Stage = tuple[Sequence[Derivation], Sequence[SeriesDefinition]]
Wanted = tuple[str, Sequence[Form | None]]
Run = Callable[[Record, dict[str, list[Record]]], TestResults]


@dataclass(slots=True)
class Evaluation:
    """What an engine found: the records with derived facts filled in, and two truth values per requirement and record.

    `findings` holds, for each requirement of the plan in order and each record of its scope, whether it applies and
    whether it holds; `present` likewise, by their kind, whether each named condition of the plan does.
    """

    records: Records
    findings: tuple[tuple[Truth, Truth], ...]
    present: Mapping[Kind, Sequence[Truth]]

    @property
    def contradicted(self) -> bool:
        """Whether the case contradicts itself."""
        return any(self.present.get("widerspruch", ()))


class Direct:
    """A plan as a Python function. It keeps no state between cases and may be used from several threads."""

    layout: SlotLayout

    name = "direct"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = SlotLayout(plan)
        self._known: dict[Hashable, tuple[Any, Callable[..., Any]]] = {}  # by identity, which holds while it is kept

    @property
    def source(self) -> str:
        """The Python source of the plan, as it runs."""
        return PlanWriter(self.layout).function(self.plan.stages, tested=True)

    @cached_property
    def _run(self) -> Run:
        return self._compile(self.plan.stages, tested=True)

    def _compile(self, stages: Iterable[Stage], *, tested: bool) -> Run:
        writer = PlanWriter(self.layout)
        run: Run = writer.constants.define(writer.function(stages, tested=tested))["evaluate"]
        return run

    def listing(self) -> str:
        """Return the Python source of the plan with comments that say what is what; what runs has none."""
        writer = PlanWriter(self.layout, commented=True)
        function = writer.function(self.plan.stages, tested=True)
        slots = [f"# {self.layout.place(fact)}  {fact}" for fact in self.layout.slots]
        constants = [f"# {name} = {_display(value)}" for name, value in writer.constants.names.items()]
        return "\n".join([*slots, "", *constants, "", function])

    def evaluate(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and named condition."""
        return self.run(self.layout.fill(case, on, readings))

    def run(self, records: Records) -> Evaluation:
        """Derive all facts of a case that is laid out, and test every requirement and named condition."""
        return Evaluation(records, *self._run(records.top, records.of))

    def value(self, form: Form | None, scope: str, around: str | None = None) -> Callable[..., Any]:
        """Return what computes a form on a record of `scope`, and one of `around` from which a list is gone through.

        Where there is none, it is a condition that always holds.
        """
        known = self._known.get((scope, around, id(form)))
        if known is None:
            (function,) = functions_of(self.layout, [(scope, (form,))], alone=True, around=around)
            known = self._known[scope, around, id(form)] = form, function
        return known[1]


def functions_of(
    layout: SlotLayout, wanted: Iterable[Wanted], *, alone: bool = False, around: str | None = None
) -> tuple[Callable[[Record], Any], ...]:
    """Return a function of a record for each scope with some forms: it gives their values, or that of the one alone."""
    source, text, names = Source(), "", list[str]()
    for scope, forms in wanted:
        writer = PythonWriter(layout, source)
        values = [writer.whole(form, scope, around) for form in forms]
        names.append(f"g{len(names)}")
        steps = f"[{PARENT}]" * (len(layout.plan.vocabulary.above(scope)) - 1)
        read, before = writer.taken()
        lines = [f"{TOP} = {RECORD}{steps}"] * bool(steps) + read + before
        text += f"def {names[-1]}({writer.record(scope)}, {AROUND}=None):\n" + "".join(f" {line}\n" for line in lines)
        text += f" return {values[0] if alone else f'({chr(44).join(values)},)'}\n"
    space = source.define(text)
    return tuple(space[name] for name in names)


@dataclass(frozen=True, eq=False)
class _Step:
    """What is done on every record of a scope: a fact is derived, a condition tested, or the days of a series found.

    What it `needs` must be there on the record, what it needs `first` on every one; then it `gives` some facts. What it
    `collects` stands under a name: of several records as a list.
    """

    scope: str
    about: str
    forms: tuple[Form | None, ...]
    needs: frozenset[str]
    first: frozenset[str]
    gives: frozenset[str] = frozenset()
    collects: str = ""
    series: SeriesDefinition | None = None


class PlanWriter:
    """Writes the function of a plan, or of a part of one."""

    plan: Plan
    layout: SlotLayout
    constants: Source
    python: PythonWriter

    def __init__(self, layout: SlotLayout, *, commented: bool = False) -> None:
        self.plan, self.layout = layout.plan, layout
        self.commented = commented
        self.constants = Source()
        self.python = PythonWriter(layout, self.constants)
        self._series = frozenset(one.scope for one in self.plan.series)

    def function(self, stages: Iterable[Stage], *, tested: bool) -> str:
        """Return the source that derives facts and tests all there is to test, or nothing."""
        steps, requirements, named = [*self._derivations(stages)], list[_Step](), list[tuple[Kind, _Step]]()
        if tested:
            for number, one in enumerate(self.plan.requirements):
                requirements.append(self._step(one.scope, one.id, one.applies, one.condition, collects=f"r{number}"))
            for number, other in enumerate(self.plan.named):
                named.append((other.kind, self._step(other.scope, other.id, other.condition, collects=f"n{number}")))
        steps += [*requirements, *(step for _, step in named)]
        lines = [line for scope, together in self._passes(steps) for line in self._for_each(scope, together)]
        kinds = [
            f"{self.constants.refer(kind)}: [{self._listed(step for one, step in named if one == kind)}]"
            for kind in dict.fromkeys(kind for kind, _ in named)
        ]
        result = f"({self._listed(requirements)}{',' * bool(requirements)}), {{{', '.join(kinds)}}}"
        return "\n".join([f"def evaluate({TOP}, of):", *lines, f"    return {result}", ""])

    def _listed(self, steps: Iterable[_Step]) -> str:
        return ", ".join("*" * (step.scope != self.plan.top) + step.collects for step in steps)

    def _derivations(self, stages: Iterable[Stage]) -> Iterator[_Step]:
        for derivations, series in stages:
            for one in derivations:
                yield self._step(one.scope, one.fact, one.form, gives=frozenset([one.fact]))
            for other in series:
                above, given = self.layout.parent(other.scope), self.plan.vocabulary.entities[other.scope].given
                name = f"d{self.plan.series.index(other)}"
                more: dict[str, Any] = {"gives": frozenset(given), "collects": name, "series": other}
                yield self._step(above or other.scope, f"{other.scope}: von, bis", *other.days, **more)

    def _step(self, scope: str, about: str, *forms: Form | None, **more: Any) -> _Step:
        """Return a step; the entries of a series are there as soon as the first day of each is known."""
        over = [node for node in nodes(*forms) if isinstance(node, Over)]
        above = self.plan.vocabulary.above
        series = {one for scope in (scope, *(node.scope for node in over)) for one in above(scope)} & self._series
        first = frozenset({*(f"{one}.{FIRST}" for one in series), *facts_of(*over)})
        return _Step(scope, about, forms, first.union(facts_of(*forms)), first, **more)

    def _passes(self, steps: Iterable[_Step]) -> Iterator[tuple[str, list[_Step]]]:
        """Yield the steps to be taken together on each record of a scope, as many at once as can be."""
        waiting, missing = dict.fromkeys(steps), {fact for step in steps for fact in step.gives}
        while waiting:
            for scope in reversed(self.plan.scopes):
                together, anew = list[_Step](), set[str]()
                for step in waiting:
                    if step.scope == scope and missing.isdisjoint(step.needs) and anew.isdisjoint(step.first):
                        together.append(step)
                        missing -= step.gives
                        anew |= step.gives
                for step in together:
                    del waiting[step]
                if together:
                    yield scope, together

    def _for_each(self, scope: str, steps: Sequence[_Step]) -> Iterator[str]:
        """Yield what is done on each record of a scope: in a loop where there may be several."""
        looped, above, body = scope != self.plan.top, list[str](), list[str]()
        self.python.next_record()
        for step in steps:
            statement = self._statement(step)
            read, before = self.python.taken()
            (above if looped else body).extend(read)
            body += [*before, *([f"# {step.about}"] if self.commented else ()), statement]
        above += [f"{step.collects} = []" for step in steps if step.collects and (looped or step.series)]
        yield from (f"    {line}" for line in above)
        if looped:
            yield f"    for {RECORD} in of[{self.constants.refer(scope)}]:"
        for line in body:
            yield self._indented(line, "    " * (1 + looped))
        for one, name in ((step.series, step.collects) for step in steps if step.series is not None):
            make = self.constants.refer(partial(self.layout.make_series, one.scope, step=one.step))
            yield f"    {make}(of, {name})"

    def _statement(self, step: _Step) -> str:
        if not step.collects:
            (form,) = step.forms
            assert form is not None
            return self.python.derive(step.about, form, step.scope)
        text = ", ".join(self.python.whole(form, step.scope) for form in step.forms)
        text = f"({text})" if len(step.forms) > 1 else text
        listed = step.scope != self.plan.top or step.series
        return f"{step.collects}.append({text})" if listed else f"{step.collects} = {text}"

    def _indented(self, line: str, indent: str) -> str:
        """Return a line in its place: an expression in brackets may go on in the next one at any space."""
        if not self.commented or line.startswith("#"):
            return f"{indent}{line}"
        return fill(line, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")


def _display(value: Any) -> str:
    """Return how a constant is shown: a set in order, a function by its name."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(repr, sorted(value)))}}}"
    return getattr(value, "__name__", None) or repr(value)
