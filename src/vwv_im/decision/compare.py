"""Comparing: the day held fixed, the law swapped, and for each change the operations that caused it; as a page too.

An operation whose effect another one hides, so that both Fassungen agree although taking it back changes the value, is
reported as well (`old` and `new` are then equal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from vwv_im.case import CasePart
from vwv_im.decision.answers import result_of
from vwv_im.decision.attribution import (
    OPEN,
    Attribution,
    columns,
    differences,
    operation_phrase,
    output_phrases,
    output_titles,
)
from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide, prepare
from vwv_im.decision.phrases import value_phrase
from vwv_im.decision.request import Request
from vwv_im.law import ApplicableFassung, Law, OperationId, Regulation
from vwv_im.text import Json, JsonDocument, JsonObject, Language, Text, written_day


@dataclass(frozen=True, slots=True)
class Change(JsonObject, schema="ChangeDocument", keys="from:before to:after path old new causes"):
    """What differs between two states of the law, and the operations that caused it."""

    before: str
    after: str
    path: str
    old: Json
    new: Json
    causes: tuple[OperationId, ...]


@dataclass(frozen=True)
class Comparison(JsonDocument, schema="ComparisonDocument", keys="decisions:all_decisions changes"):
    """One decision for each state of the law, one for each state of knowledge, and what changed by which act."""

    regulation: Regulation
    laws: tuple[Law, ...]
    decisions: tuple[Decision, ...]
    known: tuple[Decision, ...]
    changes: tuple[Change, ...]

    @property
    def all_decisions(self) -> tuple[Decision, ...]:
        """One decision per Fassung, then one per state of knowledge."""
        return (*self.decisions, *self.known)


def compare(case: Any, *, on: date | str, rules: Any = None, **options: Any) -> Comparison:
    """Decide a case under each Fassung, the day held fixed, and tell what changed by which operation.

    `case`, `on` and the further options (`question`, `readings`) are those of `evaluate`; the same errors are raised.

    >>> comparison = compare("examples/berglen.yaml", on="2020-06-01")
    >>> for law in comparison.laws:
    ...     print(law.name)
    2017-12-11
    2019-08-28
    2020-11-11
    2022-01-26
    2022-01-26+2022-03-11
    """
    law, valid, request = prepare(case, on=on, engine="direct", rules=rules, **options)

    def under(state: Law, without: frozenset[OperationId] = frozenset(), before: Decision | None = None) -> Decision:
        return decide_as(law, state, valid, request, without, None if before is None else before.context)

    decisions = [under(law.laws[0])]
    for state in law.laws[1:]:
        decisions.append(under(state, before=decisions[-1]))
    pairs = pairwise(zip(law.laws, decisions, strict=True))
    changes = tuple(change for before, after in pairs for change in _changes(law, *before, *after, under))
    known = tuple(_by_knowledge(law, valid, request, decisions[-1].context))
    return Comparison(law, law.laws, tuple(decisions), known, changes)


def _by_knowledge(law: Regulation, case: CasePart, request: Request, before: Context) -> Iterator[Decision]:
    """Yield a decision for each state of knowledge, where it differs from the one before."""
    seen: list[tuple[Any, ...]] = []
    days = sorted({akt.bekannt_ab.datum for akt in law.acts if akt.art != "nachfolge"})
    for day in [days[0] - timedelta(days=1), *days]:
        choice = law.choose(request.on, day, request.readings)
        if (key := (choice.status, choice.basis, choice.erlasse)) not in seen:
            seen.append(key)
            yield decide(law, case, replace(request, known_on=day), choice=choice, before=before)


def _changes(
    law: Regulation, before: Law, old: Decision, after: Law, new: Decision, under: Callable[..., Decision]
) -> Iterator[Change]:
    """Yield what differs between two states of the law; `under` decides under one, without some operations."""
    left, right = columns(old), columns(new)
    changed = differences(left, right)
    operations = [operation for operation in law.operations if operation.act == after.last_act]
    attribution = Attribution(law, operations, lambda gone: differences(right, columns(under(after, gone, new))))
    hidden = {path: (attribution.value(path),) * 2 for path in attribution.several if path not in changed}
    for path, (was, now) in sorted([*changed.items(), *hidden.items()]):
        causes = attribution.complete(attribution.causes(path), path, was, now)
        yield Change(before.name, after.name, path, was, now, causes)


def decide_as(
    regulation: Regulation,
    law: Law,
    case: CasePart,
    request: Request,
    without: frozenset[OperationId] = frozenset(),
    before: Context | None = None,
) -> Decision:
    """Decide a valid case under a state of the law, whatever its day, `without` some operations; see `decide`."""
    kurz, on = regulation.act(law.fassung).kurz, request.on
    erlasse = [regulation.act(name).kurz for name in law.erlasse]
    because = Text(
        f"Vergleich: Auf den {written_day(on, 'de')} ist die Fassung nach der {kurz.de}"
        f"{''.join(f' mit dem {erlass.de}' for erlass in erlasse)} angewandt.",
        f"Comparison: the Fassung after the {kurz.en}{''.join(f' with the {erlass.en}' for erlass in erlasse)} "
        f"is applied to {written_day(on, 'en')}.",
    )
    choice = ApplicableFassung("inside", law.fassung, law.erlasse, None, None, None, None, (), partial(Text, *because))
    return decide(regulation, case, request, without, choice, before)


def comparison_page(comparison: Comparison, lang: Language) -> list[Block]:
    """Return a comparison as a page: each Fassung, each change with its act and operations, the states of knowledge."""
    return list(_Page(comparison, lang).blocks())


class _Page:
    def __init__(self, comparison: Comparison, lang: Language) -> None:
        self.comparison = comparison
        self.law = comparison.regulation
        self.lang = lang
        self.names = {law.name: self._law_name(law.fassung, law.erlasse) for law in comparison.laws}
        pairs = zip(comparison.laws, comparison.decisions, strict=True)
        self.words = {law.name: dict(output_phrases(decision, lang)) for law, decision in pairs}
        self.titles = {
            path: title for decision in comparison.decisions for path, title in output_titles(decision, lang)
        }

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
                shown = (
                    value_phrase(value, decision.context, derivation.fact, self.lang) if known else OPEN.in_(self.lang)
                )
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
