"""What conditions and computations are in Python: the texts that the engine `direct` is put together from.

What is written reads slots of records (`f[12]`, or `f12` where a slot was read before) and constants by their number
(`K3`). No text of a rule file enters it, so that rules from elsewhere cannot become code.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, NamedTuple

from vwv_im.case.vocabulary import DECISION_DAY, scope_of
from vwv_im.lang import (
    COMPARISONS,
    OPERATIONS,
    READING,
    Atom,
    Comparator,
    Compute,
    Condition,
    Every,
    FactType,
    Form,
    Operation,
    Over,
    Row,
)
from vwv_im.lang.fold import Algebra
from vwv_im.lang.table import NOT_BEFORE
from vwv_im.lang.truth import Connective
from vwv_im.reasoning.records import PARENT, Entries, SlotLayout

RECORD, ENTRY, AROUND = "f", "e", "g"
"""The record a condition is tested on, that of an entry while a list is gone through, and that from which it is."""
TOP = "top"
"""The record at the top of the case."""
_NO_SLOT = 9000
"""What names of lists found below it begin with, so that they are none of a slot."""
Seen = tuple[tuple[str, str], ...]
"""The scopes whose records are at hand, each with what its record is called, the innermost first."""


class Source:
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


class Known(NamedTuple):
    """A value in Python. `whole` gives it, or `None`; `read` does where none of what it `asks` is so.

    It asks whether what it is made of is unknown: nothing where it is always known. `fraction`: it may be an exact
    quotient that is still to be rounded.
    """

    whole: str
    read: str
    asks: tuple[str, ...] = ()
    fraction: bool = False


class Tested(NamedTuple):
    """A truth value in Python. `whole` gives it; `no` and `yes` ask for it; `open` does, after one of these was asked.

    `open` is empty where it never is. A comparison may be asked first whether it is: that is what it `asks`.
    """

    whole: str
    no: str
    yes: str
    open: str
    asks: tuple[str, ...] = ()


UNKNOWN, OPEN = Known("None", "None", ("True",)), Tested("None", "False", "False", "True")


class PythonWriter(Algebra[Tested, Known, Seen]):
    """Writes Python. `here` says which records are at hand.

    Every text is an expression; `before` collects the statements that read the slots it takes, each once for a record.
    """

    types: Mapping[str, FactType]

    def __init__(self, layout: SlotLayout, source: Source) -> None:
        self.types = layout.plan.types
        self.layout = layout
        self.source = source
        self.before: list[str] = []
        self._read: dict[str, set[str]] = {TOP: set(), RECORD: set()}
        self._certain: set[str] = set()
        self._assumed: frozenset[str] = frozenset()
        self._names = 0

    def next_record(self) -> None:
        """Begin with another record: what was read of the one before no longer holds."""
        self._read[RECORD] = set()

    def taken(self) -> tuple[list[str], list[str]]:
        """Return what has to stand before what was written: what is read of the top record, and of the other."""
        before, self.before = self.before, []
        read = [line for line in before if line.startswith(TOP)]
        return read, [line for line in before if line not in read]

    def name(self, here: Seen = ()) -> str:
        """Return a name that stands nowhere else in the statement."""
        self._names += 1
        return f"{'w' if len(here) > 1 else 'v'}{self._names}"

    def whole(self, form: Form | None, scope: str, around: str | None = None) -> str:
        """Return a whole condition, computation or table; without one, that there is none that could fail."""
        return "True" if form is None else self._begin(form, scope, around).whole

    def _begin(self, form: Form, scope: str, around: str | None = None) -> Known:
        self._names = 0
        return self.form(form, ((scope, self.record(scope)), *(((around, AROUND),) if around else ())))

    def derive(self, fact: str, form: Form, scope: str) -> str:
        """Return the statement that derives a fact; what is read of it later is what it gives."""
        found, record, (_, number) = self._begin(form, scope), self.record(scope), self.layout.slots[fact]
        name = f"{record}{number}"
        self._read[record].add(name)
        if not found.asks:
            self._certain.add(fact)
        return f"{record}[{number}] = {name} = {found.whole}"

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

    def slot(self, scope: str, number: int, here: Seen) -> str:
        """Return a slot of the record of a scope: a name for it, unless the record is at hand for a moment only."""
        record = self.place(scope, here)
        text, name = f"{record}[{number}]", f"{record}{number}"
        if record not in self._read:
            return text
        if name not in self._read[record]:
            self._read[record].add(name)
            self.before.append(f"{name} = {text}")
        return name

    def fact(self, path: str, here: Seen) -> Known:
        """Return a fact; the record at the top is at hand everywhere."""
        text = self.slot(*self.layout.slot(path), here)
        certain = path in self._certain or path == DECISION_DAY or path.startswith(READING)
        return Known(text, text, () if certain or (ask := f"{text} is None") in self._assumed else (ask,))

    def fixed(self, value: Any, kind: FactType) -> Known:
        text = str(value) if isinstance(value, bool) else self.source.refer(value)
        return Known(text, text)

    def unknown(self) -> Known:
        return UNKNOWN

    def unsettled(self) -> Tested:
        return OPEN

    def compare(self, how: Comparator, left: Known, right: Known) -> Tested:
        if UNKNOWN in (left, right):
            return OPEN
        if how.sign in ("==", "!=") and right.read in ("True", "False"):
            holds, fails = left.read, f"{left.read} is False" if left.asks else f"not {left.read}"
            if (right.read == "True") is not (how.sign == "=="):
                return self._tested((left,), f"not {left.read}", fails, holds)
            return Tested(left.whole, fails, holds, " or ".join(left.asks), left.asks)
        if how.sign:
            return self._tested((left, right), f"{left.read} {how.sign} {right.read}")
        return self._tested((left, right), f"{self.source.refer(how.test)}({left.read}, {right.read})")

    def _tested(self, parts: tuple[Known, ...], text: str, yes: str = "", no: str = "") -> Tested:
        """Return a comparison of some values, which gives `text` where they are known."""
        asks = _together(parts)
        if not asks:
            return Tested(f"({text})", f"not {text}", text, "")
        known = f"not ({' or '.join(asks)})"
        no, yes = no or f"{known} and not {text}", yes or f"{known} and {text}"
        return Tested(_unless(asks, text), no, yes, " or ".join(asks), asks)

    def among(self, left: Known, values: tuple[Any, ...], kind: FactType) -> Tested:
        return self._tested((left,), f"{left.read} in {self.source.refer(frozenset(values))}")

    def contains(self, left: Known, word: str, kind: FactType) -> Tested:
        return self._tested((left,), f"{self.source.refer(word)} in {left.read}")

    def consists_of(self, left: Known, words: tuple[str, ...], kind: FactType) -> Tested:
        return self._tested((left,), f"frozenset({left.read}) == {self.source.refer(frozenset(words))}")

    def rank(self, value: Known, ranks: Mapping[str, int]) -> Known:
        text = f"{self.source.refer(_Ranks(ranks))}[{value.read}]"
        return Known(_unless(value.asks, text), text, value.asks)

    def inverted(self, truth: Tested) -> Tested:
        if not truth.open:
            return Tested(f"(not {truth.whole})", truth.yes, truth.no, "")
        whole = f"(False if {truth.yes} else None if {truth.open} else True)"
        return Tested(whole, truth.yes, truth.no, truth.open, truth.asks)

    def join(self, connective: Connective, parts: Iterator[Tested]) -> Tested:
        """Return how truth values are joined: the first that decides settles it, else one that is open."""
        found, decides = tuple(parts), connective.decides
        deciding = _any_of(part.yes if decides else part.no for part in found)
        if not (opened := _any_of(part.open for part in found)):
            yes, no = f"({' or '.join(part.yes for part in found)})", f"not ({deciding})"
            return Tested(yes, no, yes, "") if decides else Tested(f"({no})", f"({deciding})", f"({no})", "")
        whole, name = f"({decides} if {deciding} else None if {opened} else {not decides})", self.name()
        return Tested(whole, f"({name} := {whole}) is False", f"({name} := {whole})", f"{name} is None")

    def truth(self, node: Condition, truth: Tested, here: Seen) -> Known:
        return self._named(truth.whole, here) if truth.open else Known(truth.whole, truth.whole)

    def _named(self, whole: str, here: Seen, *, fraction: bool = False) -> Known:
        """Return what may be unknown, bound to a name where it is asked whether it is."""
        name = self.name(here)
        return Known(whole, name, (f"({name} := {whole}) is None",), fraction)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Known], here: Seen) -> Known:
        if operation.lazy:
            *earlier, (text, *_) = operands
            for part in reversed(earlier):
                text = f"({text} if {' or '.join(part.asks)} else {part.read})" if part.asks else part.whole
            return self._named(text, here)
        parts, assumed = list[Known](), self._assumed
        for part in operands:
            parts.append(part)
            self._assumed = self._assumed.union(part.asks)
        self._assumed = assumed
        if UNKNOWN in parts:
            return UNKNOWN
        asks, read, fraction = _together(parts), [part.read for part in parts], any(part.fraction for part in parts)
        call = f"{self.source.refer(operation.run)}({', '.join(read)})"
        text = f"{operation.python[0]}({operation.python[1].join(read)})" if operation.python and not fraction else call
        fraction = operation.fraction or (fraction and not operation.rounds)
        if operation.partial:
            return self._named(_unless(asks, text), here, fraction=fraction)
        return Known(_unless(asks, text), text, asks, fraction)

    def over(self, node: Over, here: Seen) -> Known:
        """Return an operation over the records of a list; unknown where the list or a part is, and of no entries."""
        operation, inner = OPERATIONS[node.operation], ((node.scope, ENTRY), *here)
        listed, entries = self._entries(node, here, inner)
        part, values, kept = self.expression(node.value, inner), self.name(inner), ""
        # among types, as a decimal number takes long to say that it is not nothing
        lacking = f" or {self.source.refer(NoneType)} in map(type, {values})"
        value, unknown = part.whole, lacking if part.asks and not operation.lazy else ""
        if node.where is not None:
            test = self.condition(node.where, inner)
            kept = f" if {test.whole} is not False" if operation.lazy else f" if {test.yes}"
            if test.open and not operation.lazy:
                counts, unknown = self.name(inner), lacking
                kept = f" if ({counts} := {test.whole}) is not False"
                value = f"(None if {counts} is None else {value})"
        values_of = f"({values} := [{value} for {ENTRY} in {entries}{kept}])"
        run = f"{self.source.refer(operation.run)}(*{values})"
        if operation.builtin and not part.fraction:
            run = f"{operation.builtin}({values})"
        if node.empty is None:
            return self._named(f"(None if {listed} is None or not {values_of}{unknown} else {run})", here)
        unknown = f"None if{unknown.removeprefix(' or')} else " if unknown else ""
        empty = self.expression(node.empty, here).whole
        return self._named(f"(None if {listed} is None else {empty} if not {values_of} else {unknown}{run})", here)

    def _entries(self, node: Over, here: Seen, inner: Seen) -> tuple[str, str]:
        """Return what is asked whether a list is stated, and its entries.

        Where they are sought by a stated fact that is to be the same as one at hand, these are found at once.
        """
        layout, above = self.layout, self.layout.plan.vocabulary.above
        chain, at_hand = above(node.scope), {scope for seen, _ in here for scope in above(seen)}
        holder = next(scope for scope in chain[1:] if scope in at_hand)
        inside = chain[: chain.index(holder)]
        slots = tuple(layout.lists[layout.parent(one) or ""][one] for one in reversed(inside))
        compared = dict(reversed([*self._compared(node.where, inside)]))
        if holder == layout.plan.top and "ist" in compared:
            days = [compared[how] for how in (COMPARISONS[NOT_BEFORE].opposite, NOT_BEFORE) if how in compared]
            sought = [compared["ist"], *(days if len(days) > 1 else ())]
            places = (layout.slot(fact) for fact, _ in sought)
            found = self._at_top(Entries(slots, tuple((inside.index(scope), slot) for scope, slot in places)))
            given = ", ".join(self.fact(other, here).whole for _, other in sought)
            text = _unless((f"{found} is None",), f"{found}({given})")
        elif len(slots) == 1 or holder == layout.plan.top:
            found = self._at_top(Entries(slots)) if len(slots) > 1 else self.slot(holder, slots[0], here)
            return found, found
        else:
            text = f"{self.source.refer(Entries(slots))}({self.place(holder, here)})"
        name = self.name(inner)
        return f"({name} := {text})", name

    def _compared(self, where: Condition | None, inside: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
        """Yield how a fact of the entries that no rule derives is compared with one at hand, whichever stands first."""
        for part in where.parts if isinstance(where, Every) else (where,):
            if isinstance(part, Atom) and part.other is not None:
                turned = COMPARISONS[part.operator].opposite or part.operator
                for how, own, other in ((part.operator, part.fact, part.other), (turned, part.other, part.fact)):
                    derived = own in self.layout.plan.producers
                    if scope_of(own) in inside and not derived and scope_of(other) not in inside:
                        yield how, (own, other)

    def _at_top(self, entries: Entries) -> str:
        """Return a name for what is found once below the record at the top."""
        found = self.source.refer(entries)
        name = f"{TOP}{_NO_SLOT}{found[1:]}"
        if name not in self._read[TOP]:
            self._read[TOP].add(name)
            self.before.append(f"{name} = {found}.kept({TOP})")
        return name

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Tested | None, Known]], here: Seen) -> Known:
        """Return the value of the first row that holds; an open row before it leaves the value open."""
        text, before, closed, unknown = "", self._assumed, "", False
        for test, value in meant:
            if test is None:
                text, unknown = f"{text}{value.whole}", unknown or bool(value.asks)
                break
            if not test.open:
                text += f"({value.whole} if {test.yes} else "
            elif test.asks:
                text += f"(None if {test.open} else {value.whole} if {test.yes} else "
                self._assumed = self._assumed.union(test.asks)
            else:
                text += f"({value.whole} if {test.yes} else None if {test.open} else "
            closed, unknown = f"{closed})", unknown or bool(test.open or value.asks)
        else:
            text, unknown = f"{text}None", True
        self._assumed = before
        return self._named(f"{text}{closed}", here) if unknown else Known(f"{text}{closed}", f"{text}{closed}")


def _together(parts: Iterable[Known]) -> tuple[str, ...]:
    """Return what some values ask, each question once."""
    return tuple(dict.fromkeys(ask for part in parts for ask in part.asks))


def _unless(asks: tuple[str, ...], text: str) -> str:
    """Return what gives a value, or nothing where it is unknown."""
    return f"(None if {' or '.join(asks)} else {text})" if asks else text


def _any_of(questions: Iterable[str]) -> str:
    """Return what asks whether one of some questions is to be answered with yes; nothing where there are none."""
    return " or ".join(dict.fromkeys(filter(None, questions)))


class _Ranks(dict[str, int]):
    """Ranks that can be a key, by what they say."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self.items()))
