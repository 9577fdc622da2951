"""How a derived value came about: the sum that was done, with its values; what each value is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from vwv_im.decision import phrases
from vwv_im.decision.citations import Citation, Grades, citations_of_item, latest_evidence
from vwv_im.decision.context import Context
from vwv_im.decision.reason import ConditionResult
from vwv_im.lang.fold import Fold, nodes
from vwv_im.lang.nodes import Atom, Compute, Condition, Constant, Every, Expression, Over, Read, Row, Some
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Operation
from vwv_im.law.evidence import Beleg, Shown
from vwv_im.law.fassung import AnyItem
from vwv_im.reasoning.plan import Derivation
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text
from vwv_im.text.format import short_day

_VALUE, _PRODUCT, _SUM, _WORDS = range(4)
"""How loosely what is written holds together: what is looser than that around it stands in brackets."""
_LOOSE = {"×": _PRODUCT, "/": _PRODUCT, "+": _SUM, "−": _SUM}
_NOT_TURNED = "/−"
"""The signs behind which one of the same kind stands in brackets."""
_MOST_ENTRIES, _LONGEST = 6, 160
"""So many entries of a list are written out in a sum; one that is longer than so many letters is no help."""
_NONE, _NONE_COUNT = Text("keine {}", "no {}"), Text("die {} zählen hier nicht", "the {} do not count here")
"""What there is of the entries of a list that is empty, and of one where none is meant."""


class Operand(NamedTuple):
    """A value that another was worked out from: its title, the value in words, and what it rests on.

    `grade` is none where there is nothing to rest on, as with the day of a decision. `working` says how it was worked
    out itself, where it is a mere step, which is told nowhere else. `fixed`: it is an amount that the law fixes.
    """

    title: str
    value: str
    grade: Shown | None
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Beleg, ...] = ()
    working: Working | None = None
    fixed: bool = False


class Working(NamedTuple):
    """How a value was worked out: the sum that was done, empty where there is none; why so; from which values."""

    sum: str
    because: tuple[str, ...]
    operands: tuple[Operand, ...]

    def first_citations(self) -> Iterator[Citation]:
        """Yield what carries each fixed amount that went into it, however far below."""
        for operand in self.operands:
            if operand.fixed:
                yield operand.citations[0]
            elif operand.working is not None:
                yield from operand.working.first_citations()


class Workings:
    """Tells how the derived values of a decision were worked out, in one language; each mere step only once.

    `titles` are what values are called that have another title than the rules give, by their paths.
    """

    def __init__(self, context: Context, lang: Language, titles: Mapping[str, Text] | None = None) -> None:
        self.context, self.lang, self._titles = context, lang, titles or {}
        self._grades = Grades(context)
        self._told = set[str]()

    def of(self, derivation: Derivation, subject: Subject) -> Working:
        """Return how a value that is known was worked out for a subject.

        Where entries of a series are added up, only where they stand: in a table of their own.
        """
        written, told = self._written(derivation, subject)
        return Working(told, tuple(dict.fromkeys(written.because)), tuple(self._operands(written, subject)))

    def _written(self, derivation: Derivation, subject: Subject) -> tuple[_Written, str]:
        """Return what a value was worked out from, and the sum as far as it helps: mere numbers in it do not."""
        written, series = _Written(self.context, self.lang), {one.scope for one in self.context.plan.series}
        over = [node.scope for node in nodes(derivation.form) if isinstance(node, Over) and node.scope in series]
        if over:
            return written, self._table_of(over)
        whole = written.form(derivation.form, subject)
        helps = whole.loose and len(whole.text) <= _LONGEST and not any(map(self._number, written.read_from.values()))
        return written, whole.text if helps else ""

    def _table_of(self, scopes: Sequence[str]) -> str:
        """Return which table has the entries of the first of some series that has one."""
        context, lang = self.context, self.lang
        tables = {one.liste for one in context.regulation.questions[context.plan.question].tabellen}
        headings = (context.vocabulary.entities[one].heading.in_(lang) for one in scopes if one in tables)
        return next(
            (Text("der Tabelle {}", "the table {}").in_(lang).format(phrases.in_quotes(one, lang)) for one in headings),
            "",
        )

    def _number(self, read: tuple[Read | Constant, Subject]) -> Derivation | None:
        """Return what derives a mere number: a step that has no unit and counts nothing."""
        derivation = self.context.plan.producers.get(read[0].fact) if isinstance(read[0], Read) else None
        if derivation is None or not (model := derivation.item.model).zwischenwert or model.einheit is not None:
            return None
        form = derivation.form
        counts = isinstance(form, Over) and form.value == Constant(1)
        return None if counts or model.typ not in {"ganzzahl", "dezimal"} else derivation

    def _operands(self, written: _Written, seen_from: Subject, *, inner: bool = False) -> Iterator[Operand]:
        """Yield the values that went into a sum; for mere numbers, those that they were worked out from, each once."""
        mere = inner or any(map(self._number, written.read_from.values()))
        for path, (node, home) in written.read_from.items():
            if inner and path in self._told:
                continue
            if (derivation := self._number((node, home))) is not None:
                yield from self._operands(self._written(derivation, home)[0], seen_from, inner=True)
            elif isinstance(node, Read) or not mere or self.context.fassung.parameters[path].model.einheit:
                yield self._operand(node, home, seen_from)
            if inner:
                self._told.add(path)

    def _operand(self, node: Read | Constant, home: Subject, seen_from: Subject) -> Operand:
        if isinstance(node, Read):
            return self._fact(node.fact, home, seen_from)
        item = self.context.fassung.parameters[str(node.parameter)]
        title, grade = item.model.titel.text.in_(self.lang), self.context.regulation.grade(item.model.beleg[0])
        return Operand(title, _fixed(node, self.context, self.lang), grade, *self._rests_on(item), fixed=True)

    def _fact(self, fact: str, home: Subject, seen_from: Subject) -> Operand:
        context, path = self.context, home.path(fact)
        title, own = self._titles.get(path) or context.title(fact), seen_from.at(home.scope)
        if own is not None and own.name == home.name:
            called = title.in_(self.lang)
        else:
            called = phrases.full_title(title, home, context, self.lang)
        value = phrases.value_phrase(context.value(fact, home), context, fact, self.lang)
        derivation = context.plan.producers.get(fact)
        if derivation is None:
            return Operand(called, value, "angabe" if fact in context.vocabulary.facts else None)
        grade = self._grades.of_fact(fact, home)
        rests_on = self._rests_on(derivation.item) if grade != "angabe" else ((), ())
        step = derivation.item.model.zwischenwert and path not in self._told
        self._told.add(path)
        working = self.of(derivation, home) if step else None
        return Operand(called, value, grade, *rests_on, working)

    def _rests_on(self, item: AnyItem) -> tuple[tuple[Citation, ...], tuple[Beleg, ...]]:
        return citations_of_item(self.context, item), latest_evidence(item)


def _fixed(node: Constant, context: Context, lang: Language) -> str:
    """Write a fixed value, one of a parameter with its unit."""
    unit = context.fassung.parameters[node.parameter].model.einheit if node.parameter else None
    return phrases.constant_phrase(node.value, context.vocabulary.units.get(unit or ""), lang)


class _Part(NamedTuple):
    """A part of a sum as it is written, and how loosely it holds together."""

    text: str
    loose: int = _VALUE
    is_day: bool = False

    def within(self, loose: int) -> str:
        """Return it as a part of what holds together so."""
        return f"({self.text})" if self.loose > loose else self.text


@dataclass
class _Written(Fold[str, _Part, Subject]):
    """Writes a computation with its values; notes which values it is worked out from, and why from these."""

    context: Context
    lang: Language
    because: list[str] = field(default_factory=list)
    read_from: dict[str, tuple[Read | Constant, Subject]] = field(default_factory=dict)

    def joined(self, node: Every | Some, parts: Iterator[str], here: Subject) -> str:
        """Return a condition as it turned out: what of it decides."""
        decisive = [part.node for part in ConditionResult(self.context, node, here).decisive]
        return "; ".join(told for part, told in zip(node.parts, parts, strict=True) if part in decisive)

    def atom(self, node: Atom, here: Subject) -> str:
        """Return a comparison as it turned out: what was found, and where it does not hold what it is not."""
        result = ConditionResult(self.context, node, here)
        if (pair := result.compared(self.lang)) is None:
            return result.sentence(self.lang)
        holds = result.truth is not False or isinstance(result.wanted, bool) or COMPARISONS[node.operator].denies
        denied = phrases.bracketed("" if holds else f"{Text('nicht', 'not').in_(self.lang)} {pair[1]}")
        return f"{result.value_sentence(self.lang)}{denied}"

    def truth(self, node: Condition, truth: str, here: Subject) -> _Part:
        """Note why a condition holds or not; there is no sum."""
        self.because.append(truth)
        return _Part("")

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[str | None, _Part]], here: Subject) -> _Part:
        """Return what the row that was taken gives; note why it was."""
        passed = list[str]()
        for row in rows:
            if row.condition is None or self.context.truth(row.condition, here):
                self.because += passed if row.condition is None else [self.condition(row.condition, here)]
                return self.expression(row.value, here)
            passed.append(self.condition(row.condition, here))
        return _Part("")

    def constant(self, node: Constant, here: Subject) -> _Part:
        """Return a fixed value; note the parameter that it comes from."""
        if node.parameter is not None:
            self.read_from[node.parameter] = node, here
        return _Part(_fixed(node, self.context, self.lang))

    def read(self, node: Read, here: Subject) -> _Part:
        """Return the value of a fact; note that it is read."""
        home = self.context.owner(node.fact, here)
        self.read_from[home.path(node.fact)] = node, home
        value = self.context.value(node.fact, home)
        is_day = isinstance(value, date)
        if is_day and self.lang == "de":
            return _Part(short_day(value), is_day=True)
        return _Part(phrases.value_phrase(value, self.context, node.fact, self.lang), is_day=is_day)

    def expression(self, node: Expression, here: Subject) -> _Part:
        """Return a computation; where the first value that is known counts, that one."""
        if isinstance(node, Compute) and OPERATIONS[node.operation].lazy:
            node = next(part for part in node.operands if self.context.compute(part, here) is not None)
        return super().expression(node, here)

    def compute(self, node: Compute, operation: Operation, operands: Iterator[_Part], here: Subject) -> _Part:
        """Return an operation on its operands."""
        parts, last = list(operands), node.operands[-1]
        if operation.bound and len(parts) > 1 and isinstance(last, Constant) and last.parameter is None:
            limit = phrases.operator_phrase(operation.bound, parts.pop().text, self.lang)
            return _Part(f"{self._put(operation, parts).within(_SUM)}, {limit}", _WORDS)
        return self._put(operation, parts)

    def over(self, node: Over, here: Subject) -> _Part:
        """Return an operation over the entries of a list; how many there are is no sum, and there may be none."""
        how, every = OPERATIONS[node.operation], [*self.context.entries(here, node.scope)]
        entries = [one for one in every if self.context.truth(node.where, one) is not False]
        plural = self.context.vocabulary.entities[node.scope].plural
        several = Text(plural.de, plural.en[:1].lower() + plural.en[1:]).in_(self.lang)
        if how.count_phrase is not None and node.value == Constant(1):
            return _Part(how.count_phrase.in_(self.lang).format(several), _WORDS)
        if not entries:
            return _Part((_NONE_COUNT if every else _NONE).in_(self.lang).format(several), _WORDS)
        parts = [self.expression(node.value, one) for one in entries[:_MOST_ENTRIES]]
        more = [_Part("…")] if entries[_MOST_ENTRIES:] else []
        return self._put(how, [*parts, *more])

    def _put(self, how: Operation, parts: Sequence[_Part]) -> _Part:
        """Return operands with the sign of their operation between them; without one, in the places of its phrase."""
        alike = len({*parts}) == 1 and (len(parts) == 1 or how.bound)
        if alike and (how.listed or (how.rounds and parts[0].loose is _VALUE)):
            return parts[0]
        days = parts[0].is_day
        is_day = days if how.gives is None else how.gives.kind == "datum"
        if how.sign:
            loose = _LOOSE[how.sign]
            others = loose - 1 if how.sign in _NOT_TURNED else loose
            texts = [part.within(others if number else loose) for number, part in enumerate(parts)]
            return _Part(f" {how.sign} ".join(texts), loose, is_day)
        lead = ((how.of_days if days else None) or how.phrase).in_(self.lang)
        texts = [part.within(_SUM) for part in parts]
        if "{}" in lead:  # one that says the same twice is no help
            return _Part(lead.format(*texts), _WORDS if len({*texts}) == len(texts) else _VALUE, is_day)
        if how.listed and all(part.loose is _VALUE for part in parts):
            return _Part(f"{lead} {phrases.list_phrase(texts, self.lang)}", _WORDS, is_day)
        return _Part(f"{lead}{':' if how.listed else ''} {'; '.join(texts)}", _WORDS, is_day)
