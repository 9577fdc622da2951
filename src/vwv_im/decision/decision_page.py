"""A decision as a page: headings, paragraphs and marked items, before any format is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, starmap

from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.citations import Citation, citations_of_item, graded, items_behind
from vwv_im.decision.context import Context
from vwv_im.decision.duties import Owed
from vwv_im.decision.missing import decisive_facts
from vwv_im.decision.phrases import OUTCOME_WORDS, OUTCOMES, full_title, source_phrase, value_phrase
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.decision.result import ReadingUsed, Result, Variant
from vwv_im.lang import Atom, Verdict
from vwv_im.law.evidence import GRADES, Beleg, Shown
from vwv_im.reasoning.plan import Derivation
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, JsonObject, Language, Text, written_day


@dataclass(frozen=True, slots=True)
class Unmet(JsonObject, schema="UnmetDocument"):
    """A requirement that is not met, and the stated facts that decide it."""

    title: str
    facts: tuple[FactPath, ...]


_OUTSIDE = Text("AUSSERHALB DES ANWENDUNGSBEREICHS", "OUTSIDE THE SCOPE")
_CONTRADICTORY = Text(
    "WIDERSPRÜCHLICHE ANGABEN – es wird nicht entschieden.", "CONTRADICTORY FACTS – nothing is decided."
)
DISCLAIMER = Text(
    "Dies ist kein Bescheid und begründet keinen Anspruch.",
    "This is no Bescheid (official notice) and creates no entitlement.",
)
_CHECKED = Text(
    "Zwei Programme werten dieselben Regeln gleich aus; den Text der VwV prüft das nicht.",
    "Two programmes evaluate the same rules alike; that does not examine the text of the regulation.",
)
MARKS = {Verdict.YES: "+", Verdict.NO: "–", Verdict.OPEN: "?", Verdict.DISCRETION: "~"}


def page_of(decision: Result, lang: Language, *, full: bool = False) -> list[Block]:
    """Return the page: result, requirements under their headings, what is missing, what follows, what it rests on.

    `full`: with every open question.
    """
    return list(_Page(decision, lang, full=full).blocks())


def result_of(decision: Result) -> Text:
    """Return the result in words."""
    if decision.verdict is None:
        return _CONTRADICTORY if decision.outcome == "contradictory" else _OUTSIDE
    return answer(decision, decision.verdict)


def answer(decision: Result, verdict: Verdict) -> Text:
    """Return what a verdict means as an answer to the question of a decision."""
    asked, authority = decision.asked, decision.regulation.examination.behoerde
    discretion = Text(f"ERMESSEN {authority.de}.", f"At {authority.en} DISCRETION.")
    answers = {Verdict.YES: asked.ja.text, Verdict.NO: asked.nein.text, Verdict.OPEN: asked.offen.text}
    return answers.get(verdict, discretion)


def unmet_of(decision: Result, lang: Language) -> tuple[Unmet, ...]:
    """Return each requirement that is not met."""
    unmet = (reason for reason in decision.reasons if reason.verdict is Verdict.NO)
    return tuple(Unmet(reason.full_title(lang), decisive_facts(reason)) for reason in unmet)


def why_undecided(decision: Result) -> Text:
    """Say why there is no verdict: the contradictions, or why the day lies outside the scope."""
    head, because = result_of(decision), decision.fassung.choice.because
    parts = [contradiction.text for contradiction in decision.contradictions] or [because]
    return Text(
        *("".join([f"{one}\n", *(f"  ! {part}\n" for part in why)]) for one, *why in zip(head, *parts, strict=True))
    )


class _Page:
    def __init__(self, decision: Result, lang: Language, *, full: bool) -> None:
        self.full = full
        self.decision = decision
        self.lang = lang
        self.sources: dict[str, int] = {}
        self.told = set[tuple[str, str, str | None]]()

    def say(self, de: str, en: str) -> str:
        return Text(de, en).in_(self.lang)

    def blocks(self) -> Iterator[Block]:
        decision, lang, say = self.decision, self.lang, self.say
        yield from self._head()
        yield from (Item(found.text.in_(lang), "!") for found in decision.contradictions)
        if decision.plausibility:
            yield Heading(2, say("Bitte prüfen", "Please check"))
            yield from (Item(found.text.in_(lang), "!", facts=found.facts) for found in decision.plausibility)
        yield from self._requirements()
        yield from self._section(say("Was möglich ist", "What is possible"), self._short(decision.options))
        yield from self._section(say("Hinweise", "Advice"), self._short(decision.hints))
        missing = [f"? {entry.question.in_(lang)} [{entry.fact}]" for entry in decision.missing]
        yield from self._section(say("Was noch fehlt", "What is still missing"), missing)
        yield from self._section(say("Was sich ergibt", "What follows"), self._derived())
        yield from self._section(
            say(
                "Pflichten, falls bewilligt; verbindlich durch den Bescheid",
                "Duties, if granted; binding through the notice",
            ),
            list(map(self._duty, decision.duties)),
        )
        yield from self._section(
            say("Auslegungen", "Readings"), list(starmap(self._reading, decision.readings.items()))
        )
        yield from self._section(say("Was die Quellen nicht sagen", "What the sources do not tell"), self._questions())
        yield from self._section(say("Quellen", "Sources"), self._sources())
        yield from self._section(say("Grundlage", "Basis"), self._basis())

    def _head(self) -> Iterator[Block]:
        decision, lang, say = self.decision, self.lang, self.say
        day = written_day(decision.on, lang)
        day = say(f"Entscheidung am {day}", f"Decision on {day}")
        yield Heading(1, f"{decision.asked.frage.text.in_(lang)} ({day})")
        yield Paragraph(f"{say('Ergebnis', 'Result')}: {result_of(decision).in_(lang)}", strong=True)
        if unexamined := [one.unexamined.in_(lang) for one in decision.open_questions if one.unexamined]:
            yield Paragraph(f"{say('Nicht geprüft', 'Not examined')}: {', '.join(unexamined)}.")
        erlasse = decision.fassung.erlasse if decision.fassung.id is not None else ()
        known = [decision.regulation.act(name).kurz.text.in_(lang) for name in erlasse]
        further = [say(f" Daneben gilt der {kurz}.", f" Beside it the {kurz} applies.") for kurz in known]
        yield Paragraph(f"Fassung: {decision.fassung.choice.because.in_(lang)}{''.join(further)}")

    def _requirements(self) -> Iterator[Block]:
        for heading, reasons in groupby(self.decision.reasons, lambda reason: reason.requirement.heading):
            yield Heading(2, heading.in_(self.lang))
            yield from map(self._requirement, reasons)

    def _requirement(self, reason: Reason) -> Item:
        head = f"{reason.full_title(self.lang)}: {reason.outcome(self.lang)}"
        if reason.applies is Verdict.NO:
            return Item(head, "·")
        text = f"{head}  {self._bracket(reason.grade, reason.citations, reason.evidence)}"
        remedy = reason.remedy(self.lang)
        helps = [(0, f"{self.say('Was hilft', 'What helps')}: {remedy}")] if remedy else []
        details = *self._details(reason), *helps, *self._passages(reason.rule, reason.evidence)
        return Item(text, MARKS[reason.verdict], details, decisive_facts(reason))

    def _passages(self, name: str, evidence: Iterable[Beleg]) -> Iterator[tuple[int, str]]:
        """Yield what the sources say that carry an item and its parameters, once for all entries of a list."""
        for beleg in evidence:
            key, passage = (name, beleg.quelle or "", beleg.fundstelle), self.decision.regulation.passage(beleg)
            if passage is not None and key not in self.told:
                self.told.add(key)
                number = self._number(key[1])
                yield 0, f"{self.say(f'Quelle {number}', f'Source {number}, in German')}: {passage.wiedergabe}"

    def _number(self, source: str) -> int:
        return self.sources.setdefault(source, len(self.sources) + 1)

    def _bracket(self, grade: Shown, citations: Sequence[Citation], evidence: Iterable[Beleg]) -> str:
        """Return sources as numbers of the list at the end, with the grade."""
        named = dict.fromkeys(citation.source for citation in citations if citation.source)
        shown = "" if grade == "angabe" else ", ".join(str(self._number(source)) for source in named)
        words = graded(self.decision.regulation, grade, evidence).in_(self.lang)
        nummer = f"Nr. {citations[0].nummer}; " if citations[0].nummer else ""
        return f"[{nummer}{words}{': ' if shown else ''}{shown}]"

    def _duty(self, duty: Owed) -> Item:
        text = f"{duty.text.in_(self.lang)} {self._bracket(duty.grade, [duty.citation], [duty.beleg])}"
        return Item(text, details=tuple(self._passages(duty.id, [duty.beleg])))

    def _short(self, reasons: Iterable[Reason]) -> list[Item]:
        """Return options and advice in a line each; how advice that is due turned out goes without saying."""
        lang, lines = self.lang, list[Item]()
        for reason in reasons:
            mark = "i" if reason.art == "hinweis" else MARKS[reason.verdict]
            due = reason.art == "hinweis" and reason.verdict is Verdict.YES
            bracket = self._bracket(reason.grade, reason.citations, reason.evidence)
            head = f"{mark} {reason.full_title(lang)}{'' if due else f': {reason.outcome(lang)}'}"
            passages = tuple(self._passages(reason.rule, reason.evidence))
            lines.append(Item(f"{head}. {reason.explanation(lang)} {bracket}", details=passages))
        return lines

    def _derived(self) -> list[Item]:
        """Return what was derived: first of the case as a whole, then of each entry of its lists."""
        if not self.decision.derived:
            return []
        context, grades, rows = self.decision.context, self.decision.evidence.by_derived, []
        for derivation, subject in context.results():
            if context.value(derivation.fact, subject) is not None:
                items = items_behind(context, derivation.item, derivation.form)
                first = [citations_of_item(context, item)[0] for item in items]
                carrying = [item.model.beleg[0] for item in items]
                grade = grades[subject.path(derivation.fact)]
                text = f"{self._value(context, derivation, subject)}  {self._bracket(grade, first, carrying)}"
                told = () if grade == "angabe" else tuple(self._passages(derivation.item.id, carrying))
                line = Item(text, details=told)
                rows.append((subject.scope != context.plan.scopes[0], subject.number or 0, line))
        return [line for *_, line in sorted(rows, key=lambda row: row[:2])]

    def _value(self, context: Context, derivation: Derivation, subject: Subject) -> str:
        title = full_title(derivation.item.model.titel.text, subject, context, self.lang)
        value = context.value(derivation.fact, subject)
        open_ = OUTCOMES[Verdict.OPEN].in_(self.lang)
        return f"{title}: {open_ if value is None else value_phrase(value, context, derivation.fact, self.lang)}"

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
            changes.append(OUTCOME_WORDS[variant.outcome].in_(self.lang))
        elif variant.verdict is not None and variant.verdict != self.decision.verdict:
            changes.append(
                answer(self.decision, variant.verdict).in_(self.lang).replace(",", " –").partition(" – ")[0].rstrip(".")
            )
        if other.outcome != "contradictory" and other.fassung.choice.basis is not None:
            results = [one for one in other.context.results() if one[1].path(one[0].fact) in variant.derived]
            changes += [self._value(other.context, *one) for one in results]
        return ", ".join(changes) or self.say("manches bleibt offen", "some of it stays open")

    def _questions(self) -> list[str]:
        """Return the open questions that could change something; of the others, how many there are."""
        questions = self.decision.open_questions
        shown = questions if self.full else self.decision.decisive_questions
        lines = [f"? {question.text.in_(self.lang)}" for question in shown]
        rest = sum(one.unexamined is None for one in questions if one not in shown)
        return [*lines, self.say(f"… und {rest} weitere.", f"… and {rest} more.")] if rest else lines

    def _sources(self) -> list[str]:
        numbered = ((number, self.decision.regulation.sources[name]) for name, number in self.sources.items())
        return [f"{n}  {source_phrase(one, self.lang)}{f', {one.url}' if one.url else ''}" for n, one in numbered]

    def _basis(self) -> list[str]:
        decision, say, lines = self.decision, self.say, []
        if (weakest := decision.evidence.weakest) is not None:
            label = say("Schwächster Beleg des Ergebnisses", "Weakest evidence of the result")
            lines.append(f"{label}: {GRADES[weakest].in_(self.lang)}.")
        reviewed = say("ja", "yes") if decision.reviewed_by_lawyer else say("nein", "no")
        lines.append(f"{say('Rechtlich geprüft', 'Reviewed by a lawyer')}: {reviewed}.")
        used = decision.engine.used
        if decision.engine.cross_checked:
            lines.append(_CHECKED.in_(self.lang))
        elif decision.fassung.choice.basis is not None:
            alone = f"Nicht gegengeprüft (nur ein Rechenweg: „{used}“).", f"Not cross-checked (only “{used}”)."
            lines.append(say(*alone))
        return [*lines, DISCLAIMER.in_(self.lang)]

    def _section(self, title: str, lines: Sequence[str | Item]) -> Iterator[Block]:
        if lines:
            yield Heading(2, title)
            yield from (Item(line) if isinstance(line, str) else line for line in lines)

    def _details(self, reason: Reason) -> Iterator[tuple[int, str]]:
        if doubt := reason.doubt(self.lang):
            yield 0, doubt
        parts: tuple[ConditionResult, ...] = reason.parts or (reason.condition,)
        if reason.operator == "eine" and reason.verdict is Verdict.YES:
            parts = tuple(part for part in parts if part.verdict is Verdict.YES)
        elif reason.operator == "eine":
            yield 0, self.say("Eine der Alternativen genügt:", "One of the alternatives is enough:")
        for part in parts:
            yield from self._part(part, 0)

    def _part(self, part: ConditionResult, depth: int) -> Iterator[tuple[int, str]]:
        if not part.parts:
            yield depth, part.sentence(self.lang)
            return
        head = Text("alle", "all") if part.operator == "alle" else Text("eine", "one")
        if isinstance(part.node, Atom):
            head = part.context.title(part.node.fact)
        yield depth, f"{head.in_(self.lang)}: {OUTCOMES[part.verdict].in_(self.lang)}"
        for inner in part.parts:
            yield from self._part(inner, depth + 1)
