"""The engine `direct`: the plan as one Python function, compiled once. The reference semantics.

What is written reads slots of records (`f[12]`) and constants by their number (`K3`). No text of a rule file enters
it, so that rules from elsewhere cannot become code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import groupby
from textwrap import fill
from typing import Any

from vwv_im.case import CasePart
from vwv_im.lang import OPERATIONS, Comparator, Compute, Condition, FactType, Form, Operation, Over, Row, Truth
from vwv_im.lang.fold import Algebra
from vwv_im.lang.truth import Connective
from vwv_im.reasoning.plan import Derivation, Kind, Plan, SeriesDefinition
from vwv_im.reasoning.records import PARENT, Record, Records, SlotLayout

UNKNOWN = "None"
RECORD, ENTRY = "f", "e"
"""The record a condition is tested on, and that of an entry while a list is gone through."""
TOP = "top"
"""The record at the top of the case."""
Seen = tuple[tuple[str, str], ...]
"""The scopes whose records are at hand, each with what its record is called, the innermost first."""


class _Source:
    """What generated source refers to by number: constants, and functions of the table of operations."""

    def __init__(self) -> None:
        self.constants: list[Any] = []
        self._numbers: dict[tuple[str, Any], int] = {}

    def refer(self, value: Any) -> str:
        """Return how a value is referred to; equal values of one type have one number."""
        key = (type(value).__name__, value)
        if key not in self._numbers:
            self._numbers[key] = len(self.constants)
            self.constants.append(value)
        return f"K{self._numbers[key]}"

    @property
    def names(self) -> dict[str, Any]:
        """The constants by the names that the source has for them."""
        return {f"K{number}": value for number, value in enumerate(self.constants)}

    def define(self, text: str) -> Mapping[str, Any]:
        """Return what a text defines that refers to these constants."""
        space = self.names
        exec(compile(text, "<vwv_im direct>", "exec"), space)  # noqa: S102 - slots and numbers only, see above
        return space


class _PythonWriter(Algebra[str, str, Seen]):
    """Writes Python. `here` says which records are at hand.

    Every text is an expression. What may be unknown is bound to a name where it is first read (`(v1 := f[12])`).
    """

    def __init__(self, layout: SlotLayout, source: _Source) -> None:
        self.types = layout.plan.types
        self.layout = layout
        self.source = source
        self._names = 0

    def name(self) -> str:
        """Return a name that stands nowhere else in the expression."""
        self._names += 1
        return f"v{self._names}"

    def whole(self, form: Form | None, scope: str) -> str:
        """Return a whole condition, computation or table; without one, that there is none that could fail."""
        self._names = 0
        return "True" if form is None else self.form(form, ((scope, self.record(scope)),))

    def record(self, scope: str) -> str:
        """Return what a record of a scope is called."""
        return TOP if scope == self.layout.plan.top else RECORD

    def place(self, scope: str, here: Seen) -> str:
        """Return the record of a scope: one that is at hand, or one above it."""
        if scope == self.layout.plan.top:
            return TOP
        for seen, record in here:
            above = self.layout.plan.vocabulary.above(seen)
            if scope in above:
                return record + f"[{PARENT}]" * above.index(scope)
        raise LookupError(f"{scope} is not in reach")

    def fact(self, path: str, here: Seen) -> str:
        """Return the slot of a fact; the record at the top is at hand everywhere."""
        home, slot = self.layout.slot(path)
        return f"{self.place(home, here)}[{slot}]"

    def fixed(self, value: Any, kind: FactType) -> str:
        return self.source.refer(value)

    def unknown(self) -> str:
        return UNKNOWN

    def _if_known(self, value: str, then: Callable[[str], str]) -> str:
        """Return what is worked out of a value where it is known; a constant is."""
        if value == UNKNOWN:
            return UNKNOWN
        if value.startswith("K"):
            return then(value)
        name = self.name()
        return f"(None if ({name} := {value}) is None else {then(name)})"

    def compare(self, how: Comparator, left: str, right: str) -> str:
        if UNKNOWN in (left, right):
            return UNKNOWN

        def compare_known(one: str, other: str) -> str:
            return f"{one} {how.sign} {other}" if how.sign else f"{self.source.refer(how.test)}({one}, {other})"

        return self._if_known(left, lambda one: self._if_known(right, lambda other: compare_known(one, other)))

    def among(self, left: str, values: tuple[Any, ...], kind: FactType) -> str:
        allowed = self.source.refer(frozenset(values))
        return self._if_known(left, lambda one: f"{one} in {allowed}")

    def contains(self, left: str, word: str, kind: FactType) -> str:
        return self._if_known(left, lambda one: f"{self.source.refer(word)} in {one}")

    def consists_of(self, left: str, words: tuple[str, ...], kind: FactType) -> str:
        return self._if_known(left, lambda one: f"frozenset({one}) == {self.source.refer(frozenset(words))}")

    def rank(self, value: str, ranks: Mapping[str, int]) -> str:
        return self._if_known(value, lambda one: f"{self.source.refer(_Ranks(ranks))}[{one}]")

    def inverted(self, truth: str) -> str:
        return self._if_known(truth, lambda one: f"not {one}")

    def join(self, connective: Connective, parts: Iterator[str]) -> str:
        """Return how truth values are joined: the first that decides settles it, else one that is open."""
        named = [(self.name(), part) for part in parts]
        decided = " or ".join(f"({name} := {part}) is {connective.decides}" for name, part in named)
        open_ = " or ".join(f"{name} is None" for name, _ in named)
        return f"({connective.decides} if {decided} else None if {open_} else {not connective.decides})"

    def compute(self, node: Compute, operation: Operation, operands: Iterator[str], here: Seen) -> str:
        parts = list(operands)
        if operation.lazy:
            *earlier, text = parts
            for part in reversed(earlier):
                name = self.name()
                text = f"({name} if ({name} := {part}) is not None else {text})"
            return text
        if UNKNOWN in parts:
            return UNKNOWN
        named = [(part, part if part.startswith("K") else self.name()) for part in parts]
        unknown = " or ".join(f"({name} := {part}) is None" for part, name in named if name != part)
        text = f"{self.source.refer(operation.run)}({', '.join(name for _, name in named)})"
        return f"(None if {unknown} else {text})" if unknown else text

    def over(self, node: Over, here: Seen) -> str:
        """Return an operation over the records of a list; unknown where the list or a part is, and of no entries."""
        above = self.layout.parent(node.scope) or node.scope
        entries = f"{self.place(above, here)}[{self.layout.lists[above][node.scope]}]"
        part, values = self.expression(node.value, ((node.scope, ENTRY), *here)), self.name()
        run, listed = self.source.refer(OPERATIONS[node.operation].run), f"[{part} for {ENTRY} in {entries}]"
        return f"(None if {entries} is None or not ({values} := {listed}) or None in {values} else {run}(*{values}))"

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[str | None, str]], here: Seen) -> str:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        text = UNKNOWN
        for test, value in reversed(list(meant)):
            if test is None:
                text = value
            else:
                name = self.name()
                text = f"({value} if ({name} := {test}) else None if {name} is None else {text})"
        return text


class _Ranks(dict[str, int]):
    """Ranks that can be a key, by what they say."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))


_WIDTH = 110
Test = Callable[[Record], Truth]
Get = Callable[[Record], Any]
TestResults = tuple[tuple[tuple[Truth, Truth], ...], Mapping[Kind, Sequence[Truth]]]
Stage = tuple[Sequence[Derivation], Sequence[SeriesDefinition]]
Run = Callable[[Record, dict[str, list[Record]]], TestResults]


@dataclass(frozen=True, slots=True)
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

    name = "direct"

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.layout = SlotLayout(plan)
        self._known: dict[tuple[str, int], tuple[Form, Get]] = {}  # by identity, which holds while it is kept

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
        slots = [f"# {self.layout.place(fact)}  {fact}" for fact in self.layout.paths]
        constants = [f"# {name} = {_display(value)}" for name, value in writer.constants.names.items()]
        return "\n".join([*slots, "", *constants, "", function])

    def evaluate(self, case: CasePart, on: date, readings: Mapping[str, str]) -> Evaluation:
        """Derive all facts of a case and test every requirement and named condition."""
        return self.run(self.layout.fill(case, on, readings))

    def run(self, records: Records) -> Evaluation:
        """Derive all facts of a case that is laid out, and test every requirement and named condition."""
        return Evaluation(records, *self._run(records.top, records.of))

    def test(self, condition: Condition, scope: str) -> Test:
        """Return what tests a condition on a record of `scope`."""
        return self.value(condition, scope)

    def value(self, form: Form, scope: str) -> Get:
        """Return what computes an expression, a condition or a table on a record of `scope`."""
        known = self._known.get((scope, id(form)))
        if known is None:
            (function,) = functions_of(self.layout, [(scope, (form,))], alone=True)
            known = self._known[scope, id(form)] = form, function
        return known[1]


def functions_of(
    layout: SlotLayout, wanted: Iterable[tuple[str, Sequence[Form | None]]], *, alone: bool = False
) -> tuple[Callable[[Record], Any], ...]:
    """Return a function of a record for each scope with some forms: it gives their values, or that of the one alone."""
    source = _Source()
    writer, text = _PythonWriter(layout, source), ""
    names: list[str] = []
    for scope, forms in wanted:
        values = [writer.whole(form, scope) for form in forms]
        names.append(f"g{len(names)}")
        head = f"def {names[-1]}({writer.record(scope)}):"
        steps = f"[{PARENT}]" * (len(layout.plan.vocabulary.above(scope)) - 1)
        above = f" {TOP} = {RECORD}{steps}\n" if steps else ""
        text += f"{head}\n{above} return {values[0] if alone else f'({chr(44).join(values)},)'}\n"
    space = source.define(text)
    return tuple(space[name] for name in names)


class PlanWriter:
    """Writes the function of a plan, or of a part of one."""

    def __init__(self, layout: SlotLayout, *, commented: bool = False) -> None:
        self.layout = layout
        self.commented = commented
        self.constants = _Source()
        self.python = _PythonWriter(layout, self.constants)

    def function(self, stages: Iterable[Stage], *, tested: bool) -> str:
        """Return the source that derives facts stage by stage and tests all there is to test, or nothing."""
        kinds = dict.fromkeys(one.kind for one in self.layout.plan.named) if tested else ()
        present = ", ".join(f"{self.constants.refer(kind)}: []" for kind in kinds)
        lines = [f"def evaluate({TOP}, of):", *self._derivations(stages), f"    found, present = [], {{{present}}}"]
        lines += self._tests() if tested else ()
        return "\n".join([*lines, "    return tuple(found), present", ""])

    def _derivations(self, stages: Iterable[Stage]) -> Iterator[str]:
        for derivations, series in stages:
            for scope, together in groupby(derivations, key=lambda derivation: derivation.scope):
                write, place = self.python.whole, self.layout.place
                steps = [(f"{place(one.fact)} = {write(one.form, scope)}", one.fact) for one in together]
                yield from self._for_each(scope, steps)
            for one in series:
                yield from self._series(one)

    def _series(self, one: SeriesDefinition) -> Iterator[str]:
        """Yield what makes the entries of a series below each record of the scope above."""
        above = self.layout.parent(one.scope) or one.scope
        days = ", ".join(self.python.whole(day, above) for day in (one.first, one.last))
        if self.commented:
            yield f"    # {one.scope}"
        yield "    days = []"
        yield from self._for_each(above, [(f"days.append(({days}))", f"{one.scope}: von, bis")])
        make = self.constants.refer(partial(self.layout.make_series, one.scope, step=one.step))
        yield f"    {make}(of, days)"

    def _tests(self) -> Iterator[str]:
        write = self.python.whole
        for one in self.layout.plan.requirements:
            pair = f"({write(one.applies, one.scope)}, {write(one.condition, one.scope)})"
            yield from self._for_each(one.scope, [(f"found.append({pair})", one.id)])
        for other in self.layout.plan.named:
            text = f"present[{self.constants.refer(other.kind)}].append({write(other.condition, other.scope)})"
            yield from self._for_each(other.scope, [(text, other.id)])

    def _for_each(self, scope: str, statements: Sequence[tuple[str, str]]) -> Iterator[str]:
        """Yield statements, each with what it is about, on the record of a scope: in a loop where there are several."""
        looped = self.python.record(scope) == RECORD
        if looped:
            yield f"    for {RECORD} in of[{self.constants.refer(scope)}]:"
        indent = "    " * (1 + looped)
        for statement, about in statements:
            if self.commented:  # an expression in brackets may go on in the next line at any space
                yield f"{indent}# {about}"
                yield fill(statement, _WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")
            else:
                yield f"{indent}{statement}"


def _display(value: Any) -> str:
    """Return how a constant is shown: a set in order, a function by its name."""
    if isinstance(value, frozenset):
        return f"{{{', '.join(map(repr, sorted(value)))}}}"
    return getattr(value, "__name__", None) or repr(value)
