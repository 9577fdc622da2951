"""A comparison as a page: one line per Fassung, each change with its act and operations, the states of knowledge."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from vwv_im.case.vocabulary import Unit
from vwv_im.decision.compare import Change, Comparison, in_words, titles
from vwv_im.decision.decision import Decision
from vwv_im.decision.page import Block, Heading, Item, Paragraph, result_of
from vwv_im.decision.sentences import quantity, written
from vwv_im.law.history import OperationId
from vwv_im.law.model import Parameter
from vwv_im.law.regulation import Regulation
from vwv_im.text import Language, Text
from vwv_im.text.faults import as_written
from vwv_im.text.format import written_day

_OPEN = Text("offen", "open")
_DID = {
    "ersetze": Text("ersetzt", "replaced"),
    "fuege_ein": Text("eingefügt", "inserted"),
    "haenge_an": Text("ergänzt", "extended"),
    "hebe_auf": Text("aufgehoben", "repealed"),
}


def page_of(comparison: Comparison, lang: Language) -> list[Block]:
    """Return the page of a comparison."""
    return list(_Page(comparison, lang).blocks())


def operation_phrase(law: Regulation, operation: OperationId, lang: Language) -> str:
    """Write what an operation did: "Höchstens möglicher Bewilligungszeitraum: ersetzt (24 Monate durch 36 Monate)"."""
    model = law.operations[operation]
    did = _DID[model.op].in_(lang)
    if model.op == "fuege_ein":
        ((kind, new),) = model.neu.items()
        item = next(iter(new.values())) if kind == "parameter" else new
        return f"{item['titel'][lang]}: {did}"
    targets = [item for item in law.items if f"{model.ziel}.".startswith(f"{item.entry.key}.")]
    titles = (item.model.titel.text.in_(lang) for item in targets)
    title = next(titles, model.ziel)
    if any(isinstance(value, dict | list | None) for value in (model.alt, model.neu)):
        return f"{title}: {did}"
    instead = Text("durch", "by").in_(lang)
    name = next((item.model.einheit for item in targets if isinstance(item.model, Parameter)), None)
    unit = law.vocabulary.units.get(name or "")
    return f"{title}: {did} ({_value(model.alt, unit, lang)} {instead} {_value(model.neu, unit, lang)})"


def _value(value: Any, unit: Unit | None, lang: Language) -> str:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    return quantity(Decimal(value), unit, lang) if is_number else as_written(value)


class _Page:
    def __init__(self, comparison: Comparison, lang: Language) -> None:
        self.comparison = comparison
        self.law = comparison.regulation
        self.lang = lang
        self.names = {law.name: self._law_name(law.fassung, law.erlasse) for law in comparison.laws}
        pairs = zip(comparison.laws, comparison.decisions, strict=True)
        self.words = {law.name: dict(in_words(decision, lang)) for law, decision in pairs}
        self.titles = {path: title for decision in comparison.decisions for path, title in titles(decision, lang)}

    def blocks(self) -> Iterator[Block]:
        lang, comparison = self.lang, self.comparison
        day = written_day(comparison.decisions[0].on, lang)
        yield Heading(1, Text(f"Vergleich der Fassungen für den {day}", f"The Fassungen compared for {day}").in_(lang))
        if (today := comparison.known[-1]).outcome == "outside_scope":
            yield Paragraph(today.fassung.choice.because.in_(lang), strong=True)
        yield Heading(2, Text("Je Fassung", "By Fassung").in_(lang))
        for law, decision in zip(comparison.laws, comparison.decisions, strict=True):
            yield Item(f"{self.names[law.name]}: {result_of(decision).in_(lang)}", "", tuple(self._values(decision)))
        yield Heading(2, Text("Was sich ändert, und wodurch", "What changes, and by what").in_(lang))
        if not comparison.changes:
            yield Paragraph(Text("Nichts.", "Nothing.").in_(lang))
        yield from (self._change(change) for change in comparison.changes)
        yield Heading(2, Text("Je Stand des Wissens", "By state of knowledge").in_(lang))
        yield from (self._known(decision) for decision in comparison.known)

    def _law_name(self, fassung: str, erlasse: tuple[str, ...]) -> str:
        joint = Text(" mit dem ", " with the ").in_(self.lang)
        return joint.join(self.law.act(name).kurz.text.in_(self.lang) for name in (fassung, *erlasse))

    def _values(self, decision: Decision) -> Iterator[tuple[int, str]]:
        for derivation, subject in decision.context.results() if decision.derived else ():
            value = decision.context.value(derivation.fact, subject)
            if derivation.item.model.ueberblick:
                known = value is not None
                shown = written(value, decision.context, derivation.fact, self.lang) if known else _OPEN.in_(self.lang)
                yield 0, f"{self.titles.get(subject.path(derivation.fact), derivation.fact)}: {shown}"

    def _change(self, change: Change) -> Item:
        lang = self.lang
        note = Text(" (Änderungen heben sich auf)", " (changes cancel each other)").in_(lang)
        hidden = note if change.old == change.new else ""
        old, new = (self.words[law].get(change.path, "–") for law in (change.before, change.after))
        step = f"{old} → {new}{hidden}"
        text = f"{self.titles.get(change.path, change.path)}: {step}"
        details = [
            (0, f"{self.law.act(cause.act).kurz.text.in_(lang)} – {operation_phrase(self.law, cause, lang)}")
            for cause in change.causes
        ]
        return Item(text, "", tuple(details))

    def _known(self, decision: Decision) -> Item:
        day: Any = decision.known_on
        head = Text(f"bekannt am {written_day(day, 'de')}", f"as known on {written_day(day, 'en')}").in_(self.lang)
        fassung = decision.fassung.id
        name = f"{self._law_name(fassung, decision.fassung.erlasse)}: " if fassung else ""
        return Item(f"{head}: {name}{result_of(decision).in_(self.lang)}", "", tuple(self._values(decision)))
