"""The synopsis of an act: old and new side by side, what caused it, what it rests on, and which cases it changes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from typing import Literal, NamedTuple, Self

from vwv_im.decision.attribution import (
    Attribution,
    columns,
    differences,
    operation_phrase,
    output_phrases,
    output_titles,
    outputs,
)
from vwv_im.decision.compare import decide_as
from vwv_im.decision.request import RequestError
from vwv_im.law import Akt, AnyItem, Beleg, Fassung, Law, OperationId, Regulation
from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.review.passage import Marked, Passage, mark_differences
from vwv_im.review.wording import Wording
from vwv_im.text import Fault, JsonDocument, JsonObject, Language, Place, Text, did_you_mean, fault_of, group, sentence


@dataclass(frozen=True, slots=True)
class Effect(JsonObject, schema="EffectDocument"):
    """One thing that differs in a case's decision, old and new in words, and the operations that caused it.

    `old` and `new` are "–" where there is nothing of the kind.
    """

    path: str
    title: str
    old: str
    new: str
    causes: tuple[OperationId, ...]


@dataclass(frozen=True, slots=True)
class CaseEffect(JsonObject, schema="CaseEffectDocument"):
    """A case whose decision changes; `source`: the source it was taken from, `None` where it was made up for a rule.

    `applies`: on its own day the state after the change is the law.
    """

    case: str
    place: str
    source: str | None
    question: str
    on: date
    applies: bool
    effects: tuple[Effect, ...]

    def caused_by(self, operations: Iterable[OperationId]) -> Self | None:
        """Return the case with only what these operations caused; `None` where that is nothing."""
        wanted = set(operations)
        effects = tuple(effect for effect in self.effects if wanted & set(effect.causes))
        return replace(self, effects=effects) if effects else None


def effects_on(
    law: Regulation,
    before: Law,
    after: Law,
    operations: Sequence[OperationId],
    cases: Iterable[CorpusCase],
    lang: Language,
) -> Iterator[CaseEffect]:
    """Yield each case whose decision differs between two states of the law.

    Cases whose day lies outside the scope of the regulation are left out. Raises `CaseError` and `RequestError` for
    cases that do not fit the regulation.
    """
    for case in cases:
        choice = case.choice(law)
        if choice.status == "inside" and (effects := tuple(_effects(law, before, after, operations, case, lang))):
            applies = (choice.basis, choice.erlasse) == (after.fassung, after.erlasse)
            source, asked = case.herkunft.get("quelle"), case.request(law)
            yield CaseEffect(case.id, str(case.place), source, asked.question, asked.on, applies, effects)


def _effects(
    law: Regulation, before: Law, after: Law, operations: Sequence[OperationId], case: CorpusCase, lang: Language
) -> Iterator[Effect]:
    decided = partial(decide_as, law, case=case.valid(law), request=case.request(law))
    old, new = decided(before), decided(after)
    right = columns(new, every=True)
    changed = differences(columns(old, every=True), right)
    paths = [path for path in {**outputs(old), **outputs(new)} if path in changed] if changed else []
    if not paths:
        return
    attribution = Attribution(
        law,
        operations,
        lambda gone: differences(right, columns(decided(after, without=gone, before=new.context), every=True)),
    )
    named = {**dict(output_titles(old, lang)), **dict(output_titles(new, lang))}
    was, is_now = dict(output_phrases(old, lang)), dict(output_phrases(new, lang))
    for path in paths:
        causes = attribution.complete(attribution.causes(path), path, *changed[path])
        yield Effect(path, named[path], was.get(path, "–"), is_now.get(path, "–"), causes)


BETWEEN = ".."
ChangeKind = Literal["inserted", "changed", "repealed", "undone"]


class Transition(NamedTuple):
    """Two states of the law and the operations that lead from one to the other; before the first state is nothing."""

    before: Law | None
    after: Law
    operations: tuple[OperationId, ...]


@dataclass(frozen=True, slots=True)
class OperationDone(
    JsonObject, schema="OperationDocument", keys="act:id.act operation:id.operation phrase evidence without_effect"
):
    """An operation of an act: what it did in words, what it rests on, and why it has no effect where it has none."""

    id: OperationId
    phrase: str
    evidence: tuple[Beleg, ...]
    without_effect: str | None


@dataclass(frozen=True, slots=True)
class SynopsisRow(
    JsonObject,
    schema="SynopsisRowDocument",
    keys="id kind subject title change old new operations evidence_before evidence unshown cases",
):
    """An item of the law that differs: its old and new wording, the words marked that the other side lacks.

    `change` is `inserted`, `changed`, `repealed` or, where nothing of it is left in either state, `undone`.
    `evidence_before` and `evidence` are what the item rests on in the two states. `cases` are those whose decision an
    operation of this row changes, first those decided under the new law on their own day.
    """

    id: str
    kind: str
    subject: str
    title: str
    change: ChangeKind
    old: Marked
    new: Marked
    operations: tuple[OperationDone, ...]
    evidence_before: tuple[Beleg, ...]
    evidence: tuple[Beleg, ...]
    cases: tuple[CaseEffect, ...]

    @property
    def reworded(self) -> bool:
        """Whether the reading text differs; else only the evidence or a figure behind it does."""
        return [line.text for line in self.old] != [line.text for line in self.new]

    @property
    def without_effect(self) -> tuple[str, ...]:
        """Why no decision can change, where every operation of the row says so."""
        reasons = [operation.without_effect for operation in self.operations]
        return tuple(reason for reason in reasons if reason) if all(reasons) else ()

    @property
    def unshown(self) -> bool:
        """Whether it is meant to change decisions, and no case of the corpus shows it."""
        return bool(self.operations) and not self.without_effect and not self.cases


@dataclass(frozen=True)
class Synopsis(
    JsonDocument,
    schema="SynopsisDocument",
    keys="before:name_before after:after.name title acts:act_ids rows examined cases",
):
    """What changed between two states of the law; `before` is `None` for the first.

    `cases` are all cases of the corpus whose decision differs, `examined` how many were decided under both states.
    """

    regulation: Regulation
    lang: Language
    before: Law | None
    after: Law
    rows: tuple[SynopsisRow, ...]
    cases: tuple[CaseEffect, ...]
    examined: int

    @cached_property
    def acts(self) -> tuple[Akt, ...]:
        """The acts whose operations are shown."""
        named = {operation.id.act for row in self.rows for operation in row.operations} or {self.after.last_act}
        return tuple(act for act in self.regulation.acts if act.id in named)

    @property
    def title(self) -> str:
        """What is compared."""
        states = [state for state in (self.before, self.after) if state is not None]
        names = " → ".join(_name(self.regulation, state, self.lang) for state in states)
        return sentence("synopsis.title", names=names).in_(self.lang)

    @property
    def name_before(self) -> str | None:
        """The name of the state before; `None` for the first."""
        return self.before.name if self.before else None

    @property
    def act_ids(self) -> tuple[str, ...]:
        """The acts whose operations are shown."""
        return tuple(act.id for act in self.acts)


def synopsis(
    law: Regulation, wanted: str, *, lang: Language = "de", cases: Sequence[CorpusCase] | None = None
) -> Synopsis:
    """Return the synopsis of an act (`2020-11-11`), or of all acts of a range (`2017-12-11..2022-01-26`).

    An act is compared with the state before it, an Erlass with the last Fassung without it. `cases` are those of the
    library where none are given; each is decided under both states on its own day.

    Raises `RequestError` for an act that is not known.

    >>> from vwv_im import regulation
    >>> found = synopsis(regulation(), "2020-11-11", cases=())
    >>> found.rows[0].title, found.rows[0].old[0].text, found.rows[0].new[0].words[-2].text
    ('Höchstens möglicher Bewilligungszeitraum', 'Höchstens möglicher Bewilligungszeitraum: 36 Monate', '60 ')
    """
    between = transition(law, wanted)
    given = corpus() if cases is None else cases
    effects: tuple[CaseEffect, ...] = ()
    if between.before is not None:
        found = effects_on(law, between.before, between.after, between.operations, given, lang)
        effects = tuple(sorted(found, key=lambda case: not case.applies))
    rows = tuple(_Rows(law, between, effects, lang).rows())
    examined = sum(between.before is not None and case.choice(law).status == "inside" for case in given)
    return Synopsis(law, lang, between.before, between.after, rows, effects, examined)


def transition(law: Regulation, wanted: str) -> Transition:
    """Return what an act (`2020-11-11`) or a range (`2017-12-11..2022-01-26`) compares.

    Raises `RequestError` for an act that is not known or changes no text, and for a range in the wrong order.
    """
    known = {state.last_act: number for number, state in enumerate(law.laws)}
    first, between, second = wanted.partition(BETWEEN)
    asked = (first, second) if between else (first,)
    if faults := [_unknown(name, known) for name in asked if name not in known]:
        raise RequestError(faults)
    if not between:
        return _transition(law, known[first] - 1, known[first])
    if known[first] >= known[second]:
        raise RequestError([fault_of("acts_out_of_order", Place("AKT"), first=first, second=second)])
    return _transition(law, known[first], known[second])


def _transition(law: Regulation, before: int, after: int) -> Transition:
    acts = {state.last_act for state in law.laws[before + 1 : after + 1]}
    operations = tuple(operation for operation in law.operations if operation.act in acts)
    return Transition(law.laws[before] if before >= 0 else None, law.laws[after], operations)


def _unknown(name: str, known: dict[str, int]) -> Fault:
    close, hint = did_you_mean(name, known), sentence("synopsis.possible", acts=", ".join(known))
    hint = hint if close is None else Text(*map(" ".join, zip(close, hint, strict=True)))
    return fault_of("no_such_act", Place("AKT"), hint=hint, name=name)


class _Rows:
    """Puts the rows of a synopsis together."""

    def __init__(self, law: Regulation, between: Transition, effects: Iterable[CaseEffect], lang: Language) -> None:
        self.law, self.between, self.effects, self.lang = law, between, tuple(effects), lang
        self.old = _Side(law, between.before, lang)
        self.new = _Side(law, between.after, lang)

    def rows(self) -> Iterator[SynopsisRow]:
        if self.between.before is None:
            yield from (self._row(key, ()) for key in self.new.items)
            return
        targets = self.law.targets
        by_item = group((key, operation) for operation in self.between.operations for key in targets[operation])
        for key, operations in by_item.items():
            yield self._row(key, operations)

    def _row(self, key: str, operations: Sequence[OperationId]) -> SynopsisRow:
        before, after = self.old.items.get(key), self.new.items.get(key)
        item = after or before or next(item for item in self.law.items if item.entry.key == key)
        old, new = mark_differences(self.old.passage(key), self.new.passage(key))
        affected = (case.caused_by(operations) for case in self.effects)
        return SynopsisRow(
            id=item.id,
            kind=item.entry.kind,
            subject=item.subject,
            title=item.model.titel.text.in_(self.lang),
            change=_change(before, after),
            old=old,
            new=new,
            operations=tuple(self._done(operation) for operation in operations),
            evidence_before=before.model.beleg if before else (),
            evidence=after.model.beleg if after else (),
            cases=tuple(case for case in affected if case is not None),
        )

    def _done(self, operation: OperationId) -> OperationDone:
        model = self.law.operations[operation]
        words = operation_phrase(self.law, operation, self.lang)
        return OperationDone(operation, words, model.beleg, model.ohne_wirkung)


class _Side:
    """One of the two states: its items by the key that operations name, and their reading text after what they mean."""

    def __init__(self, law: Regulation, state: Law | None, lang: Language) -> None:
        fassung: Fassung | None = law.fassung(state.fassung, state.erlasse) if state else None
        self.items: dict[str, AnyItem] = {item.entry.key: item for item in fassung} if fassung else {}
        self.wording = Wording(law, fassung, lang) if fassung else None

    def passage(self, key: str) -> Passage | None:
        if self.wording is None or key not in self.items:
            return None
        item = self.items[key]
        passage, kurz = self.wording.of(item), getattr(item.model, "kurz", None)
        return replace(passage, parts=(Passage(kurz.text.in_(self.wording.lang)), *passage.parts)) if kurz else passage


def _change(before: AnyItem | None, after: AnyItem | None) -> ChangeKind:
    if before is None:
        return "undone" if after is None else "inserted"
    return "repealed" if after is None else "changed"


def _name(law: Regulation, state: Law, lang: Language) -> str:
    names = (law.act(name).kurz.text.in_(lang) for name in (state.fassung, *state.erlasse))
    return sentence("synopsis.joint").in_(lang).join(names)
