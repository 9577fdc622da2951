"""The examination as a page: every requirement with its values and sources, what follows, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import NamedTuple

from vwv_im.decision.answers import answer, disclaimer_of
from vwv_im.decision.blocks import Block, Heading, Item
from vwv_im.decision.citations import Citation, citations_of_item, graded, latest_evidence
from vwv_im.decision.context import Context
from vwv_im.decision.duties import Owed
from vwv_im.decision.list_tables import list_tables
from vwv_im.decision.missing import decisive_facts
from vwv_im.decision.obstacles import MARKS
from vwv_im.decision.open_questions import OpenQuestion
from vwv_im.decision.phrases import OUTCOMES, bracketed, capitalized, full_title, in_quotes, source_phrase, value_phrase
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.decision.result import ReadingUsed, Result, Variant
from vwv_im.decision.workings import Operand, Working, Workings
from vwv_im.lang import Atom, Verdict
from vwv_im.law.evidence import GRADES, Beleg, Grade, Shown
from vwv_im.reasoning.plan import Derivation
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text, sentence


def examination_of(decision: Result, lang: Language, years: Iterable[Block]) -> list[Block]:
    """Return the sections of the examination; `years` stand after what follows from it."""
    return Examination(decision, lang).blocks(years)


_SINCE, _FROM = Text("weil", "since"), Text("aus", "from")
_DERIVED = "derived"
"""Under which name passages are told of what is derived: each once, since one value goes into others."""


class Known(NamedTuple):
    """A derived value that is known: what derives it, of what, its title, evidence and what that says, its working."""

    derivation: Derivation
    subject: Subject
    title: Text
    evidence: str
    passages: tuple[tuple[int, str], ...]
    working: Working

    @property
    def path(self) -> str:
        """Where it stands in the case."""
        return self.subject.path(self.derivation.fact)


class Examination:
    """The sections of an examination. Sources are numbered in the order in which the sections name them.

    `apart`: what the sources say stands in their list, not where they are first named.
    """

    told: set[tuple[str, str, str | None]]

    def __init__(self, decision: Result, lang: Language, *, apart: bool = False) -> None:
        self.decision = decision
        self.lang = lang
        self.apart = apart
        self.sources: dict[str, list[str]] = {}
        self.told = set[tuple[str, str, str | None]]()
        self._lines: Mapping[str, Callable[[], Sequence[str | Item]]] = {
            "options": lambda: self._short(decision.options),
            "advice": lambda: self._short(decision.hints),
            "derived": self._derived,
            "duties": lambda: [self._duty(duty) for duty in decision.duties],
            "readings": lambda: [self._reading(*one) for one in decision.readings.items()],
            "questions": self._questions,
            "sources": self._sources,
            "basis": self._basis,
        }

    def say(self, de: str, en: str) -> str:
        """Return the text in the language of the page."""
        return Text(de, en).in_(self.lang)

    def blocks(self, years: Iterable[Block]) -> list[Block]:
        """Return all sections; `years` stand after what follows from the examination."""
        blocks = [*self.requirements(), *chain.from_iterable(map(self.section, ("options", "advice", "derived")))]
        blocks += [*years, *list_tables(self.decision, self.lang, short=False)]
        after = ("duties", "readings", "questions", "sources", "basis")
        return blocks + list(chain.from_iterable(map(self.section, after)))

    def section(self, name: str) -> Iterator[Block]:
        """Yield a section with its heading; nothing where it has no lines."""
        if lines := self._lines[name]():
            yield Heading(2, sentence(f"examination.{name}").in_(self.lang), name)
            yield from (Item(line) if isinstance(line, str) else line for line in lines)

    def requirements(self) -> Iterator[Block]:
        """Yield a section for each heading of the examination, with an item for each requirement."""
        for heading, reasons in groupby(self.decision.reasons, lambda reason: reason.requirement.heading):
            yield Heading(2, heading.in_(self.lang), "requirements")
            yield from map(self._requirement, reasons)

    def _requirement(self, reason: Reason) -> Item:
        head = f"{reason.full_title(self.lang)}: {reason.outcome(self.lang)}"
        if reason.applies is Verdict.NO:
            return Item(head, "·")
        text = f"{head}  {self._bracket(reason.grade, reason.citations, reason.evidence)}"
        remedy = reason.remedy(self.lang)
        helps = [(0, f"{self.say('Was hilft', 'What helps')}: {remedy}")] if remedy else []
        details = *self._details(reason), *helps, *self.passages(reason.rule, reason.evidence)
        return Item(text, MARKS[reason.verdict], details, decisive_facts(reason))

    def passages(self, name: str, evidence: Iterable[Beleg]) -> Iterator[tuple[int, str]]:
        """Yield what the sources say that carry an item and its parameters, once for all entries of a list.

        With it stands why it supports what it is given for, where the rules say so. The list of sources has it too.
        """
        for beleg in evidence:
            key, passage = (name, beleg.quelle or "", beleg.fundstelle), self.decision.regulation.passage(beleg)
            if passage is not None and key not in self.told:
                self.told.add(key)
                number = self._number(key[1])
                remarks = " ".join(filter(None, (beleg.herleitung, beleg.hinweis)))
                told = f"{passage.wiedergabe}{bracketed(remarks)}"
                said = told if self.apart else passage.wiedergabe
                self.sources[key[1]] = list(dict.fromkeys([*self.sources[key[1]], said]))
                if not self.apart:
                    yield 0, f"{self.say(f'Quelle {number}', f'Source {number}, in German')}: {told}"

    def _number(self, source: str) -> int:
        self.sources.setdefault(source, [])
        return [*self.sources].index(source) + 1

    def evidence(self, grade: Shown, citations: Sequence[Citation], evidence: Iterable[Beleg]) -> str:
        """Return how well something is evidenced, with its sources as numbers of their list.

        Where it is evidenced worse than by what carries it, since it follows from other values, both are told. Sources
        of another grade than that stand apart.
        """
        law, evidence = self.decision.regulation, list(evidence)
        words = graded(law, grade, evidence).in_(self.lang)
        if grade != "angabe":
            words = self._grade_and_sources(grade, words, citations, evidence[0])
        return f"Nr. {citations[0].nummer}; {words}" if citations and citations[0].nummer else words

    def _grade_and_sources(self, grade: Grade, words: str, citations: Iterable[Citation], carrying: Beleg) -> str:
        law, alike, besides = self.decision.regulation, list[str](), list[str]()
        for source in dict.fromkeys(citation.source for citation in citations if citation.source):
            same = source == carrying.quelle or law.sources[source].grad == carrying.grad
            (alike if same else besides).append(str(self._number(source)))
        if alike and law.grade(carrying) != grade:
            result = f"{self.say('im Ergebnis', 'in the result')} {GRADES[grade].in_(self.lang)}"
            words = f"{result}; {law.graded(carrying).in_(self.lang)}"
        shown = f"{words}: {', '.join(alike)}" if alike else words
        return f"{shown}; {self.say('daneben', 'beside it')}: {', '.join(besides)}" if besides else shown

    def _bracket(self, grade: Shown, citations: Sequence[Citation], evidence: Iterable[Beleg]) -> str:
        return f"[{self.evidence(grade, citations, evidence)}]"

    def _duty(self, duty: Owed) -> Item:
        text = f"{duty.text.in_(self.lang)} {self._bracket(duty.grade, [duty.citation], [duty.beleg])}"
        return Item(text, details=tuple(self.passages(duty.id, [duty.beleg])))

    def _short(self, reasons: Iterable[Reason]) -> list[Item]:
        """Return options and advice in a line each; how advice that is due turned out goes without saying."""
        lang, lines = self.lang, list[Item]()
        for reason in reasons:
            mark = "i" if reason.art == "hinweis" else MARKS[reason.verdict]
            due = reason.art == "hinweis" and reason.verdict is Verdict.YES
            bracket = self._bracket(reason.grade, reason.citations, reason.evidence)
            head = f"{reason.full_title(lang)}{'' if due else f': {reason.outcome(lang)}'}"
            passages = tuple(self.passages(reason.rule, reason.evidence))
            lines.append(Item(f"{head}. {reason.explanation(lang)} {bracket}", mark, passages))
        return lines

    def _derived(self) -> list[Item]:
        """Return what was derived: first of the case as a whole, then of each entry of its lists."""
        rows = []
        for known in self.derived():
            text = self._value(self.decision.context, known.derivation, known.subject, known.title)
            details = (*known.passages, *self._worked_out(known.working))
            rows.append(Item(f"{text}  [{known.evidence}]", details=details, explains=known.path))
        return rows

    def derived(self) -> Iterator[Known]:
        """Yield each derived value that is known: first of the case as a whole, then of each entry of its lists."""
        if not self.decision.derived:
            return
        context, same = self.decision.context, dict(self._same_bounds())
        titles = {path: title for upper, (lower, title) in same.items() for path in (upper, lower)}
        workings = Workings(context, self.lang, titles)
        results = (one for one in context.results() if one[1].path(one[0].fact) not in same)
        known = [one for one in results if context.value(one[0].fact, one[1]) is not None]
        known.sort(key=lambda one: (one[0].scope != context.plan.top, one[1].number or 0))
        for derivation, subject in known:
            item, grade = derivation.item, self.decision.evidence.by_derived[subject.path(derivation.fact)]
            evidence = self.evidence(grade, citations_of_item(context, item), item.model.beleg)
            told = () if grade == "angabe" else tuple(self.passages(_DERIVED, latest_evidence(item)))
            title = titles.get(subject.path(derivation.fact), item.model.titel.text)
            yield Known(derivation, subject, title, evidence, told, workings.of(derivation, subject))

    def _same_bounds(self) -> Iterator[tuple[str, tuple[str, Text]]]:
        """Yield the path of each upper bound that is the same as the lower, that of this, and what tables call both."""
        context, upper = self.decision.context, {one.bis: one for one in self.decision.asked.columns}
        for derivation, subject in context.results():
            one = upper.get(derivation.fact)
            if one and one.titel and context.value(one.fakt, subject) == context.value(derivation.fact, subject):
                title = Text(*map(capitalized, one.titel.text))
                yield subject.path(derivation.fact), (subject.path(one.fakt), title)

    def _worked_out(self, working: Working, depth: int = 0) -> Iterator[tuple[int, str]]:
        """Yield the sum that gave a value, and below it each value in it with its evidence and how it came about."""
        yield from ((depth, f"{label}: {told}") for label, told in self.told_of(working))
        inner, lead = (depth + 1, "") if working.sum else (depth, f"{_FROM.in_(self.lang)}: ")
        for operand in working.operands:
            evidence = self.evidence_of(operand)
            yield inner, f"{lead}{operand.title}: {operand.value}{f'  [{evidence}]' if evidence else ''}"
            yield from ((inner + 1, passage) for _, passage in self.passages_of(operand))
            if operand.working is not None:
                yield from self._worked_out(operand.working, inner + 1)

    def told_of(self, working: Working) -> Iterator[tuple[str, str]]:
        """Yield why a value was worked out so, and the sum that gave it, each with what it is called."""
        yield from ((_SINCE.in_(self.lang), reason) for reason in working.because)
        if working.sum:
            yield _FROM.in_(self.lang), working.sum

    def evidence_of(self, operand: Operand) -> str:
        """Return how well a value that went into another is evidenced; empty where it rests on nothing."""
        return "" if operand.grade is None else self.evidence(operand.grade, operand.citations, operand.evidence)

    def passages_of(self, operand: Operand) -> Iterator[tuple[int, str]]:
        """Yield what the sources say that carry a value that went into another."""
        return self.passages(_DERIVED, operand.evidence)

    def _value(self, context: Context, derivation: Derivation, subject: Subject, title: Text | None = None) -> str:
        called = full_title(title or derivation.item.model.titel.text, subject, context, self.lang)
        value = context.value(derivation.fact, subject)
        open_ = OUTCOMES[Verdict.OPEN].in_(self.lang)
        return f"{called}: {open_ if value is None else value_phrase(value, context, derivation.fact, self.lang)}"

    def _reading(self, name: str, used: ReadingUsed) -> str:
        lang, reading = self.lang, self.decision.regulation.readings[name]
        titles = {option: one.titel.text.in_(lang) for option, one in reading.lesarten.items()}
        other = self.say("Andere Lesart", "Other reading")
        variants = [f" {other}: {titles[option]} → {self._variant(used, one)}." for option, one in used.others.items()]
        return f"{reading.frage.text.in_(lang)} → {titles[used.used]}.{''.join(variants)}"

    def _variant(self, used: ReadingUsed, variant: Variant) -> str:
        if not used.others_differ:
            return self.say("ändert nichts", "changes nothing")
        changes, other = list[str](), variant.decide()
        if variant.outcome != self.decision.outcome:
            changes.append(sentence(f"outcomes.{variant.outcome}").in_(self.lang))
        elif variant.verdict is not None and variant.verdict != self.decision.verdict:
            changes.append(
                answer(self.decision, variant.verdict).in_(self.lang).replace(",", " –").partition(" – ")[0].rstrip(".")
            )
        if other.outcome != "contradictory" and other.fassung.choice.basis is not None:
            results = [one for one in other.context.results() if one[1].path(one[0].fact) in variant.derived]
            changes += [self._value(other.context, *one) for one in results]
        return ", ".join(changes) or self.say("manches bleibt offen", "some of it stays open")

    def _questions(self) -> list[Item]:
        """Return every open question, those first whose answer could change the result or an amount."""
        weighty = self.decision.decisive_questions
        others = [one for one in self.decision.open_questions if one not in weighty and one.unexamined is None]
        if self.apart:
            more = [sentence("note.more_questions", count=len(others)).in_(self.lang)] if others else []
            return [*(Item(self._pointed(one), "?") for one in weighty), *(Item(line, "·") for line in more)]
        return [
            *(Item(one.text.in_(self.lang), "?") for one in weighty),
            *(Item(one.text.in_(self.lang), "·") for one in others),
        ]

    def _pointed(self, question: OpenQuestion) -> str:
        """Return a question with what of the examination it is about."""
        items = (one for one in self.decision.context.fassung if one.id in question.touches)
        titles = [in_quotes(one.model.titel.text.in_(self.lang), self.lang) for one in items]
        about = f"{self.say('betrifft', 'concerns')} {titles[0]}" if titles else ""
        return f"{question.text.in_(self.lang)}{bracketed(about)}"

    def _sources(self) -> list[Item]:
        lang, sources = self.lang, self.decision.regulation.sources
        return [
            Item(
                f"{source_phrase(sources[name], lang)}{bracketed(GRADES[sources[name].grad].in_(lang))}"
                f"{f', {url}' if (url := sources[name].url) else ''}",
                f"{number}.",
                details=tuple((0, passage) for passage in passages),
            )
            for number, (name, passages) in enumerate(self.sources.items(), start=1)
        ]

    def _basis(self) -> list[str]:
        decision, say, lines = self.decision, self.say, []
        if (weakest := decision.evidence.weakest) is not None:
            label = say("Schwächster Beleg des Ergebnisses", "Weakest evidence of the result")
            lines.append(f"{label}: {GRADES[weakest].in_(self.lang)}.")
        reviewed = say("ja", "yes") if decision.reviewed_by_lawyer else say("nein", "no")
        lines.append(f"{say('Rechtlich geprüft', 'Reviewed by a lawyer')}: {reviewed}.")
        if decision.engine.cross_checked:
            lines.append(sentence("examination.checked").in_(self.lang))
        elif decision.fassung.choice.basis is not None:
            lines.append(sentence("examination.alone").in_(self.lang))
        return [*lines, disclaimer_of(decision).in_(self.lang)]

    def _details(self, reason: Reason) -> Iterator[tuple[int, str]]:
        if doubt := reason.doubt(self.lang):
            yield 0, doubt
        parts: tuple[ConditionResult, ...] = reason.parts or (reason.condition,)
        if met := reason.operator == "eine" and reason.verdict is Verdict.YES:
            parts = tuple(part for part in parts if part.verdict is Verdict.YES)
        lines = dict.fromkeys(chain.from_iterable(self._part(part, 0) for part in parts))
        if reason.operator == "eine" and not met and len(lines) > 1:
            yield 0, self.say("Eine der Alternativen genügt:", "One of the alternatives is enough:")
        yield from lines

    def _part(self, part: ConditionResult, depth: int) -> Iterator[tuple[int, str]]:
        if not part.parts:
            yield depth, part.sentence(self.lang)
            return
        if isinstance(part.node, Atom):
            head = f"{part.context.title(part.node.fact).in_(self.lang)}: {OUTCOMES[part.verdict].in_(self.lang)}"
        elif len(part.decisive) == 1:
            yield from self._part(part.decisive[0], depth)
            return
        else:
            head = f"{sentence(f'examination.{part.operator}_{part.verdict}').in_(self.lang)}:"
        yield depth, head
        for inner in part.parts:
            yield from self._part(inner, depth + 1)
