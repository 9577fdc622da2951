"""The note for the file (Prüfvermerk) as a page: result first, then what was stated, examined and found, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from vwv_im import __version__
from vwv_im.decision.blocks import Block, Column, Heading, Paragraph, Table, TableRow
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import answer_of
from vwv_im.decision.examination_page import Examination
from vwv_im.decision.list_tables import entries_of, list_tables, name_of, value_in
from vwv_im.decision.phrases import OUTCOMES, capitalized, value_phrase
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.decision.workings import Working
from vwv_im.lang import Atom, Verdict
from vwv_im.law.evidence import STATED
from vwv_im.programm import year_tables
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text, sentence

TITLE = Text("Prüfvermerk", "Note for the file")
_BLANK = "_" * 20
_REQUIREMENTS = Text("Voraussetzung|angegeben|verlangt|Ergebnis|Beleg", "Requirement|stated|required|Result|Evidence")
_VALUES = Text("Angabe|Wert|Beleg", "Fact|Value|Evidence")
_WHETHER = Text("Ob die Regel gilt", "Whether the rule applies")
_ONE = Text("Eine davon genügt:", "One of these is enough:")
_INDENTED = "\N{EN SPACE}\N{EN SPACE}"


def note_blocks(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the blocks of the note. It names the applicant and the posts as the case does."""
    note = _Note(decision, lang)
    title, panel, *bearing = answer_of(decision, lang, "full")
    yield Heading(1, TITLE.in_(lang))
    yield Paragraph(getattr(title, "text", ""), strong=True)
    yield panel
    yield Paragraph(sentence("note.no_notice").in_(lang), strong=True)
    yield from (
        Paragraph(line.in_(lang)) for line in (*map(sentence, ("note.reference", "note.handled_by")), *note.unnamed())
    )
    yield from bearing
    if decision.fassung.choice.basis is not None:
        yield from note.facts()
    if decision.outcome == "decided":
        yield from note.requirements()
        yield from note.entries()
        yield from list_tables(decision, lang, short=False)
        yield from year_tables(decision, lang)
    for name in ("options", "advice", "duties", "readings", "questions", "sources", "basis"):
        yield from note.examination.section(name)
    yield Heading(2, Text("Unterschrift", "Signature").in_(lang))
    yield Paragraph(sentence("note.signature").in_(lang))


def footer_of(decision: Decision, lang: Language) -> str:
    """Return with what a decision was made: the version of the library, and the checksum of its receipt."""
    digest = decision.receipt.document()["digest"]
    checksum = Text("Prüfsumme des Prüfprotokolls", "checksum of the receipt").in_(lang)
    return f"vwv-im {__version__} · {checksum}: {digest}"


class _Note:
    def __init__(self, decision: Decision, lang: Language) -> None:
        self.decision, self.lang = decision, lang
        self.examination = Examination(decision, lang, apart=True)
        whole = Examination(decision, lang)
        whole.blocks(())
        self.examination.sources.update({name: [] for name in whole.sources})  # numbered as on the page
        self.derived: dict[str, list[TableRow]] = {}

    def unnamed(self) -> Iterator[Text]:
        """Yield a line to write on for each thing that there is once and whose name the case does not state."""
        if self.decision.fassung.choice.basis is None:
            return
        context, vocabulary = self.decision.context, self.decision.regulation.vocabulary
        (top,) = context.subjects(context.plan.top)
        for fact in vocabulary.facts.values():
            if fact.private and fact.scope == top.scope and value_in(self.decision, fact.path, top) is None:
                title = vocabulary.entities[fact.entity].title
                yield Text(*(f"{capitalized(one)}: {_BLANK}" for one in title))

    def facts(self) -> Iterator[Block]:
        """Yield what was stated of the case as a whole, names and free labels too."""
        context = self.decision.context
        (top,) = context.subjects(context.plan.top)
        if rows := list(self._stated(top)):
            yield Heading(2, Text("Angaben", "Facts stated").in_(self.lang), "facts")
            yield self._table(Text("Angaben", "Facts stated"), Text("Angabe|Wert", "Fact|Value"), rows)

    def _stated(self, subject: Subject, *cells: str) -> Iterator[TableRow]:
        context = self.decision.context
        named_first = sorted(context.vocabulary.facts.values(), key=lambda fact: not (fact.private or fact.spelling))
        for fact in named_first:
            if fact.scope == subject.scope and (value := value_in(self.decision, fact.path, subject)) is not None:
                told = value_phrase(value, context, fact.path, self.lang)
                yield TableRow((fact.title.in_(self.lang), told, *cells), (subject.path(fact.path),))

    def requirements(self) -> Iterator[Block]:
        """Yield a table of requirements for each heading of the examination, and which do not apply."""
        yield Heading(2, Text("Voraussetzungen", "Requirements").in_(self.lang), "requirements")
        for heading, found in groupby(self.decision.reasons, lambda reason: reason.requirement.heading):
            reasons = list(found)
            applying = [reason for reason in reasons if reason.applies is not Verdict.NO]
            yield Heading(3, heading.in_(self.lang), "requirements")
            if rows := list(chain.from_iterable(map(self._rows, applying))):
                yield self._table(heading, _REQUIREMENTS, rows)
            if others := [reason.full_title(self.lang) for reason in reasons if reason not in applying]:
                yield Paragraph(f"{Text('Nicht zu prüfen', 'Not to be examined').in_(self.lang)}: {'; '.join(others)}.")

    def _rows(self, reason: Reason) -> Iterator[TableRow]:
        note, outcome = self.examination, reason.outcome(self.lang)
        evidence = note.evidence(reason.grade, reason.citations, reason.evidence)
        list(note.passages(reason.rule, reason.evidence))
        compared = None if reason.parts else reason.condition.compared(self.lang)
        yield TableRow((reason.full_title(self.lang), *(compared or ("", "")), outcome, evidence))
        doubted, parts = reason.applicability if reason.applies is Verdict.OPEN else None, reason.parts
        if doubted is not None:
            yield TableRow((f"{_INDENTED}{_WHETHER.in_(self.lang)}", "", "", OUTCOMES[Verdict.OPEN].in_(self.lang), ""))
            yield from self._part(doubted, _INDENTED * 2)
            parts = parts or (reason.condition,)
        if met := reason.operator == "eine" and reason.verdict is Verdict.YES:
            parts = tuple(part for part in parts if part.verdict is Verdict.YES)
        rows = dict.fromkeys(chain.from_iterable(self._part(part, _INDENTED) for part in parts))
        if reason.operator == "eine" and not met and len(rows) > 1:
            yield TableRow((f"{_INDENTED}{_ONE.in_(self.lang)}", *[""] * 4))
        yield from rows

    def _part(self, part: ConditionResult, indent: str) -> Iterator[TableRow]:
        """Yield a row for each comparison that counts, and one above those that define what is compared."""
        compared, node, outcome = part.compared(self.lang), part.node, OUTCOMES[part.verdict].in_(self.lang)
        if isinstance(node, Atom):
            title = f"{indent}{part.context.title(node.fact).in_(self.lang)}"
            stated = compared if compared and not part.parts else ("", "")
            yield TableRow((title, *stated, outcome, ""))
        inner_parts = part.parts if isinstance(node, Atom) else part.decisive
        if part.operator == "eine" and inner_parts[1:]:
            yield TableRow((f"{indent}{_ONE.in_(self.lang)}", *[""] * 4))
        for inner in inner_parts:
            yield from self._part(inner, indent + _INDENTED if isinstance(node, Atom) else indent)

    def entries(self) -> Iterator[Block]:
        """Yield what was found of the case, and a table for each entry of the lists of the short answer."""
        for known in self.examination.derived():
            fact, subject = known.derivation.fact, known.subject
            told = value_phrase(self.decision.context.value(fact, subject), self.decision.context, fact, self.lang)
            row = TableRow((known.title.in_(self.lang), told, known.evidence), explains=known.path)
            self.derived.setdefault(subject.name, []).extend([row, *self._worked_out(known.working, _INDENTED)])
        (top,) = self.decision.context.subjects(self.decision.context.plan.top)
        if rows := self.derived.get(top.name):
            title = Text("Was sich ergibt", "What follows")
            yield Heading(2, title.in_(self.lang), "derived")
            yield self._table(title, _VALUES, rows)
        for table in self.decision.asked.tabellen:
            for entry in entries_of(self.decision, table.liste) if table.kurz else ():
                name = name_of(self.decision, entry, self.lang)
                rows = [*self._stated(entry, STATED.in_(self.lang)), *self.derived.get(entry.name, ())]
                yield Heading(2, name, table.name)
                yield self._table(Text(name, name), _VALUES, rows)

    def _worked_out(self, working: Working, indent: str) -> Iterator[TableRow]:
        """Yield a row for why a value was worked out so and for the sum, and one for each value in it."""
        yield from (TableRow((f"{indent}{label}", told, "")) for label, told in self.examination.told_of(working))
        for operand in working.operands:
            list(self.examination.passages_of(operand))
            yield TableRow((f"{indent}{operand.title}", operand.value, self.examination.evidence_of(operand)))
            if operand.working is not None:
                yield from self._worked_out(operand.working, indent + _INDENTED)

    def _table(self, title: Text | str, heads: Text, rows: Sequence[TableRow]) -> Table:
        columns = tuple(map(Column, heads.in_(self.lang).split("|")))
        return Table(title.in_(self.lang) if isinstance(title, Text) else title, columns, tuple(rows))
