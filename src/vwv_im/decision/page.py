"""A decision as a page: headings, paragraphs and marked items, before any format is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.citations import Citation, citations_of_item
from vwv_im.decision.missing import decisive_facts
from vwv_im.decision.phrases import OUTCOME_WORDS, OUTCOMES, source_phrase, subject_phrase, value_phrase
from vwv_im.decision.reason import ConditionResult, Reason
from vwv_im.decision.result import ReadingUsed, Result, Variant
from vwv_im.lang.fold import parameters_of
from vwv_im.lang.nodes import Atom
from vwv_im.lang.truth import Verdict
from vwv_im.law.evidence import GRADES, Grade
from vwv_im.law.fassung import AnyItem
from vwv_im.reasoning.plan import Derivation
from vwv_im.text import Language, Text
from vwv_im.text.format import written_day
from vwv_im.text.json_object import FactPath, JsonObject


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
MARKS = {Verdict.YES: "+", Verdict.NO: "–", Verdict.OPEN: "?", Verdict.DISCRETION: "~"}


def page_of(decision: Result, lang: Language) -> list[Block]:
    """Return the page: result, requirements under their headings, what is missing, what follows, what it rests on."""
    return list(_Page(decision, lang).blocks())


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
        "\n".join([head.de, *(f"  ! {part.de}" for part in parts)]) + "\n",
        "\n".join([head.en, *(f"  ! {part.en}" for part in parts)]) + "\n",
    )


class _Page:
    def __init__(self, decision: Result, lang: Language) -> None:
        self.decision = decision
        self.lang = lang
        self.sources: dict[str, int] = {}

    def blocks(self) -> Iterator[Block]:
        decision, lang = self.decision, self.lang
        yield from self._head()
        for found in decision.contradictions:
            yield Item(found.text.in_(lang), "!")
        yield from self._requirements()
        yield from self._section(Text("Im Ermessen", "At discretion"), self._short(decision.options))
        yield from self._section(Text("Hinweise", "Advice"), self._short(decision.hints))
        missing = [f"? {entry.question.in_(lang)} [{entry.fact}]" for entry in decision.missing]
        yield from self._section(Text("Was noch fehlt", "What is still missing"), missing)
        yield from self._section(Text("Was sich ergibt", "What follows"), self._derived())
        duties = [f"{duty.text.in_(lang)} {self._bracket(duty.grade, [duty.citation])}" for duty in decision.duties]
        yield from self._section(Text("Pflichten", "Duties"), duties)
        readings = [self._reading(name, used) for name, used in decision.readings.items()]
        yield from self._section(Text("Auslegungen", "Readings"), readings)
        questions = [f"? {question.text.in_(lang)}" for question in decision.open_questions]
        yield from self._section(Text("Was die Quellen nicht sagen", "What the sources do not tell"), questions)
        yield from self._section(Text("Quellen", "Sources"), self._sources())
        yield from self._section(Text("Grundlage", "Basis"), self._basis())

    def _head(self) -> Iterator[Block]:
        decision, lang = self.decision, self.lang
        day = Text(f"Entscheidung am {written_day(decision.on, 'de')}", f"Decision on {written_day(decision.on, 'en')}")
        yield Heading(1, f"{decision.asked.frage.text.in_(lang)} ({day.in_(lang)})")
        yield Paragraph(f"{Text('Ergebnis', 'Result').in_(lang)}: {result_of(decision).in_(lang)}", strong=True)
        erlasse = decision.fassung.erlasse if decision.fassung.id is not None else ()
        beside = "".join(f" {_beside(decision, name).in_(lang)}" for name in erlasse)
        yield Paragraph(f"Fassung: {decision.fassung.choice.because.in_(lang)}{beside}")

    def _requirements(self) -> Iterator[Block]:
        heading = None
        for reason in self.decision.reasons:
            if reason.requirement.heading != heading:
                heading = reason.requirement.heading
                yield Heading(2, heading.in_(self.lang))
            yield self._requirement(reason)

    def _requirement(self, reason: Reason) -> Item:
        lang = self.lang
        head = f"{reason.full_title(lang)}: {reason.outcome(lang)}"
        if reason.applies is Verdict.NO:
            return Item(head, "·")
        text = f"{head}  {self._bracket(reason.grade, reason.citations)}"
        return Item(text, MARKS[reason.verdict], tuple(_details(reason, lang)), decisive_facts(reason))

    def _bracket(self, grade: Grade, citations: Sequence[Citation]) -> str:
        """Write sources as numbers of the list at the end, with the grade."""
        numbers = dict.fromkeys(
            self.sources.setdefault(citation.source, len(self.sources) + 1) for citation in citations if citation.source
        )
        shown = ", ".join(str(number) for number in numbers)
        nummer = f"Nr. {citations[0].nummer}; " if citations[0].nummer else ""
        return f"[{nummer}{GRADES[grade].in_(self.lang)}{': ' if shown else ''}{shown}]"

    def _short(self, reasons: Iterable[Reason]) -> list[str]:
        lang = self.lang
        return [
            f"{'i' if reason.art == 'hinweis' else MARKS[reason.verdict]} {reason.full_title(lang)}"
            f"{_unless_due(reason, lang)}. "
            f"{reason.explanation(lang)} {self._bracket(reason.grade, reason.citations)}"
            for reason in reasons
        ]

    def _derived(self) -> list[str]:
        if not self.decision.derived:
            return []
        context, lang, rows = self.decision.context, self.lang, []
        for derivation, subject in context.results():
            value = context.value(derivation.fact, subject)
            if value is None:
                continue
            where = subject_phrase(subject, context, lang)
            grade = self.decision.evidence.by_derived[subject.path(derivation.fact)]
            shown = value_phrase(value, context, derivation.fact, lang)
            title = derivation.item.model.titel.text.in_(lang)
            line = f"{title}{where}: {shown}  {self._bracket(grade, self._behind(derivation))}"
            rows.append((subject.scope != context.plan.scopes[0], subject.number or 0, line))
        return [line for *_, line in sorted(rows, key=lambda row: row[:2])]

    def _behind(self, derivation: Derivation) -> list[Citation]:
        """Return what a derived fact and the parameters it uses rest on, the first of each."""
        context = self.decision.context
        items: list[AnyItem] = [derivation.item]
        items += (context.fassung.parameters[name] for name in dict.fromkeys(parameters_of(derivation.form)))
        return [citations_of_item(context, item)[0] for item in items]

    def _reading(self, name: str, used: ReadingUsed) -> str:
        lang = self.lang
        reading = self.decision.regulation.readings[name]
        chosen = reading.lesarten[used.used].titel.text.in_(lang)
        line = f"{reading.frage.text.in_(lang)} → {chosen}."
        for option, variant in used.others.items():
            other = reading.lesarten[option].titel.text.in_(lang)
            line += f" {Text('Andere Lesart', 'Other reading').in_(lang)}: {other} → {self._variant(used, variant)}."
        return line

    def _variant(self, used: ReadingUsed, variant: Variant) -> str:
        lang, changes = self.lang, []
        if not used.others_differ:
            return Text("ändert nichts", "changes nothing").in_(lang)
        if variant.outcome != self.decision.outcome:
            changes.append(OUTCOME_WORDS[variant.outcome].in_(lang))
        elif variant.verdict is not None and variant.verdict != self.decision.verdict:
            changes.append(answer(self.decision, variant.verdict).in_(lang).partition(" – ")[0].rstrip("."))
        changes += self._values(variant.result, set(variant.derived))
        return ", ".join(changes) or Text("manches bleibt offen", "some of it stays open").in_(lang)

    def _values(self, decision: Result, paths: set[str]) -> list[str]:
        """Write the derived values at `paths` in words."""
        if decision.outcome == "contradictory" or decision.fassung.choice.basis is None:
            return []
        context, lang, found = decision.context, self.lang, []
        for derivation, subject in context.results():
            if subject.path(derivation.fact) in paths:
                where = subject_phrase(subject, context, lang)
                shown = value_phrase(context.value(derivation.fact, subject), context, derivation.fact, lang)
                found.append(f"{derivation.item.model.titel.text.in_(lang)}{where}: {shown}")
        return found

    def _sources(self) -> list[str]:
        known, lang = self.decision.regulation.sources, self.lang
        return [
            f"{number}  {source_phrase(known[name], lang)}{f', {known[name].url}' if known[name].url else ''}"
            for name, number in self.sources.items()
        ]

    def _basis(self) -> list[str]:
        decision, lang, lines = self.decision, self.lang, []
        if (weakest := decision.evidence.weakest) is not None:
            label = Text("Schwächster Beleg des Ergebnisses", "Weakest evidence of the result").in_(lang)
            lines.append(f"{label}: {GRADES[weakest].in_(lang)}.")
        if decision.engine.cross_checked:
            lines.append(
                Text("Zwei getrennte Rechenwege führen zum selben Ergebnis.", "Two separate engines agreed.").in_(lang)
            )
        elif decision.fassung.choice.basis is not None:
            used = decision.engine.used
            lines.append(
                Text(f"Nicht gegengeprüft (nur ein Rechenweg: „{used}“).", f"Not cross-checked (only “{used}”).").in_(
                    lang
                )
            )
        return [*lines, DISCLAIMER.in_(lang)]

    def _section(self, title: Text, lines: list[str]) -> Iterator[Block]:
        if lines:
            yield Heading(2, title.in_(self.lang))
            yield from (Item(line) for line in lines)


def _beside(decision: Result, erlass: str) -> Text:
    kurz = decision.regulation.act(erlass).kurz
    return Text(f"Daneben gilt der {kurz.de}.", f"Beside it the {kurz.en} applies.")


def _unless_due(reason: Reason, lang: Language) -> str:
    """Write how it turned out, except for advice that is due: its title says all."""
    due = reason.art == "hinweis" and reason.verdict is Verdict.YES
    return "" if due else f": {reason.outcome(lang)}"


def _details(reason: Reason, lang: Language) -> Iterator[tuple[int, str]]:
    if reason.applies is Verdict.OPEN and reason.applicability is not None:
        doubt = Text("Ob die Regel gilt, ist offen", "Whether the rule applies is open").in_(lang)
        yield 0, f"{doubt}: {reason.applicability.sentence(lang)}"
    parts: tuple[ConditionResult, ...] = reason.parts or (reason.condition,)
    if reason.operator == "eine" and reason.verdict is Verdict.YES:
        parts = tuple(part for part in parts if part.verdict is Verdict.YES)
    elif reason.operator == "eine":
        yield 0, Text("Eine der Alternativen genügt:", "One of the alternatives is enough:").in_(lang)
    for part in parts:
        yield from _part(part, lang, 0)


def _part(part: ConditionResult, lang: Language, depth: int) -> Iterator[tuple[int, str]]:
    if not part.parts:
        yield depth, part.sentence(lang)
        return
    head = Text("alle", "all") if part.operator == "alle" else Text("eine", "one")
    if isinstance(part.node, Atom):
        head = part.context.title(part.node.fact)
    yield depth, f"{head.in_(lang)}: {OUTCOMES[part.verdict].in_(lang)}"
    for inner in part.parts:
        yield from _part(inner, lang, depth + 1)
