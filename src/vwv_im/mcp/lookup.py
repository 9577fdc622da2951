"""The regulation to be searched and explained: items, open questions, disputed points, acts, sources and facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial

from vwv_im.case.vocabulary import Fact, without_numbers
from vwv_im.decision.attribution import operation_phrase
from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.law import Akt, AnyItem, Auslegung, Beleg, Regulation
from vwv_im.law.evidence import GRADES, Quelle
from vwv_im.law.register import EFFECTS, OffeneFrage
from vwv_im.mcp.outline import form_of
from vwv_im.mcp.pages import written
from vwv_im.mcp.words import said
from vwv_im.publish.site.atlas import Atlas, evidence_of
from vwv_im.review.wording import Wording
from vwv_im.text import FaultyInputError, Language, Place, Text, did_you_mean, fault_of, written_day
from vwv_im.text.messages import sentences

_KINDS = sentences("evidence")


@dataclass(frozen=True, slots=True)
class Entry:
    """What can be found: its id, what it is and how it is called, further words to find it by, and what explains it."""

    id: str
    kind: str
    title: str
    words: str
    tell: Callable[[], Iterable[Block]]


class Lookup:
    r"""What can be searched and explained, in one language.

    >>> from vwv_im import regulation
    >>> Lookup(regulation(), "de").explain("mindestumfang_stelle").split("\n")[0]
    '# Mindestumfang der einzelnen Stelle'
    """

    def __init__(self, law: Regulation, lang: Language) -> None:
        self.law, self.lang, self.atlas = law, lang, Atlas(law, ())

    def say(self, name: str, /, **words: object) -> str:
        """Return a sentence of those for assistants."""
        return said(name, self.lang, **words)

    def of(self, text: Text) -> str:
        """Return a text in the language."""
        return text.in_(self.lang)

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        """Everything, by id: parameters by `parameter.<name>`, facts by their paths as rule files write them."""
        return {entry.id: entry for entry in self._entries()}

    def _entries(self) -> Iterator[Entry]:
        law, of = self.law, self.of
        for key, item in self.atlas.items.items():
            short = getattr(item.model, "kurz", None)
            words = f"{getattr(item.model, 'ergibt', '')} {of(short.text) if short else ''}"
            yield Entry(key, of(_KINDS[item.entry.kind]), of(item.model.titel.text), words, partial(self._item, key))
        for question in law.open_questions.values():
            words = " ".join(question.betrifft)
            tell = partial(self._question, question)
            yield Entry(question.id, self.say("kinds.question"), of(question.text), words, tell)
        for point in law.readings.values():
            words = " ".join(of(one.titel.text) for one in point.lesarten.values())
            yield Entry(point.id, self.say("kinds.reading"), of(point.frage.text), words, partial(self._reading, point))
        for akt in law.acts:
            yield Entry(akt.id, self.say("kinds.act"), of(akt.titel.text), of(akt.content), partial(self._act, akt))
        for source in law.sources.values():
            words = " ".join([source.herausgeber, *(one.wiedergabe for one in source.fundstellen.values())])
            yield Entry(source.id, self.say("kinds.source"), source.titel, words, partial(self._source, source))
        for fact in law.vocabulary.facts.values():
            words = f"{of(fact.question)} {fact.help} {' '.join(map(of, fact.labels.values()))}"
            yield Entry(fact.path, self.say("kinds.fact"), of(fact.title), words, partial(self._fact, fact))

    def search(self, words: str) -> str:
        """Return what has all the words, else what has some, the closest first; a line for each."""
        wanted = words.casefold().split()
        counted = [(self._hits(entry, wanted), entry) for entry in self.entries.values()]
        most = max((hits for (hits, _), _ in counted), default=0)
        ranked = sorted((one for one in counted if one[0][0] == most > 0), key=lambda one: one[0], reverse=True)
        if not ranked:
            return self.say("found_none")
        head = self.say("found" if most == len(wanted) else "found_some", count=len(ranked))
        return "\n".join([head, *(f"- {one.id} – {one.title} ({one.kind})" for _, one in ranked)])

    @staticmethod
    def _hits(entry: Entry, wanted: list[str]) -> tuple[int, int]:
        """Return how many words an entry has, and how many of them in its id or title."""
        head = f"{entry.id} {entry.title}".casefold()
        whole = f"{head} {entry.words} {entry.kind}".casefold()
        return sum(word in whole for word in wanted), sum(word in head for word in wanted)

    def explain(self, name: str) -> str:
        """Return what explains an entry, in Markdown; raises `FaultyInputError` where there is none of this name."""
        entry = self.entries.get(self._key(name))
        if entry is None:
            hint = did_you_mean(name, self.entries)
            raise FaultyInputError([fault_of("no_such_entry", Place("<id>"), hint=hint, name=name[:60])])
        return written([Heading(1, entry.title), *entry.tell()])

    def _key(self, name: str) -> str:
        """Return the id of an entry that is also known by the name of a value or of a fact, or by a path of a case."""
        if name in self.entries:
            return name
        if (fact := self.law.vocabulary.fact_at(name)) is not None:
            return fact.path
        derived = {self._path(fact): item.entry.key for fact, item in self.atlas.producers.items()}
        producers = {fact: item.entry.key for fact, item in self.atlas.producers.items()}
        return {**derived, **producers}.get(without_numbers(name), f"parameter.{name}")

    def _path(self, fact: str) -> str:
        """Return the path of a derived fact in a case, without numbers."""
        scope, _, key = fact.partition(".")
        entity = self.law.vocabulary.entities.get(scope)
        return fact if entity is None else f"{entity.path}.{key}"

    def _item(self, key: str) -> Iterator[Block]:
        item, law = self.atlas.items[key], self.law
        short, of = getattr(item.model, "kurz", None), self.of
        if short is not None:
            yield Paragraph(of(short.text))
        art = getattr(item.model, "art", None)
        grade = GRADES[self.atlas.grade_in_force(key)]
        yield Paragraph(" · ".join(filter(None, (of(_KINDS[item.entry.kind]), art, of(grade)))))
        yield Heading(2, self.say("content"))
        yield from self._through_time(key)
        yield Heading(2, self.say("evidence"))
        evidence = dict.fromkeys(beleg for one in self.atlas.everywhere(key) for beleg, _ in evidence_of(one))
        yield from map(self._beleg, evidence)
        yield from self._around(key)
        yield from self._listed("readings", (f"{one.id}: {of(one.frage.text)}" for one in self.atlas.readings_of(key)))
        touching = (one for one in law.open_questions.values() if item.id in one.betrifft)
        yield from self._listed("questions", (f"{one.id}: {of(one.text)}" for one in touching))
        reviews = [f"{one.name}, {one.tag}, {of(one.umfang.text)}" for one in law.approvals.values()
                   if item.id in one.betrifft]  # fmt: skip
        yield Paragraph(self.say("reviewed", who="; ".join(reviews)) if reviews else self.say("unreviewed"))
        yield Paragraph(self._where(item))

    def _through_time(self, key: str) -> Iterator[Item]:
        """Yield what an item says after each act that changed it."""
        for number, stage in enumerate(self.atlas.stages(key)):
            act = self.of(self.law.act(stage.fassung.law.last_act).kurz.text)
            if stage.item is None:
                if stage.change is not None:
                    yield Item(self.say("repealed", act=act))
            elif number == 0 or stage.change is not None:
                first, *lines = Wording(self.law, stage.fassung, self.lang).of(stage.item).lines()
                yield Item(f"{act}: {first.text}", details=tuple((line.depth - 1, line.text) for line in lines))

    def _beleg(self, beleg: Beleg) -> Item:
        source, passage = self.law.sources.get(beleg.quelle or ""), self.law.passage(beleg)
        cited = self.say("none") if source is None else _cited(source)
        further = (passage.wiedergabe if passage else None, beleg.herleitung, beleg.hinweis)
        return Item(f"{self.of(self.law.graded(beleg))}: {cited}", details=tuple((0, one) for one in further if one))

    def _around(self, key: str) -> Iterator[Paragraph]:
        read = [*self.atlas.facts_read(key), *self.atlas.values_used(key)]
        readers = self.atlas.readers.get(getattr(self.atlas.items[key].model, "ergibt", key), ())
        for name, names in (("reads", read), ("read_by", readers)):
            if names:
                yield Paragraph(self.say(name, names=", ".join(names)))

    def _listed(self, name: str, lines: Iterable[str]) -> Iterator[Block]:
        if found := list(lines):
            yield Heading(2, self.say(name))
            yield from map(Item, found)

    def _where(self, item: AnyItem) -> str:
        number = getattr(item.model, "nummer", None)
        told = self.say("number_of", number=number) if number else self.say("no_number")
        place = f"{item.place.file.rpartition('rules/')[2]}:{item.place.line}"
        return self.say("where", id=item.id, number=told, place=place)

    def _question(self, question: OffeneFrage) -> Iterator[Block]:
        yield Paragraph(self.say("effect", effect=self.of(EFFECTS[question.wirkung])))
        yield Paragraph(self.say("touches", names=", ".join(question.betrifft)))

    def _reading(self, point: Auslegung) -> Iterator[Block]:
        for name, one in point.lesarten.items():
            chosen = f" ({self.say('default')})" if name == point.vorgabe else ""
            yield Item(f"{name}{chosen}: {self.of(one.titel.text)}")
            yield from map(self._beleg, one.beleg)
        yield Paragraph(self.say("touches", names=", ".join(self.atlas.touched_by(point))))

    def _act(self, akt: Akt) -> Iterator[Block]:
        days = (written_day(one, self.lang) for one in (akt.ausgefertigt, akt.bekannt_ab.datum, akt.gilt_ab.datum))
        signed, known, applies = days
        grade = self.of(GRADES[akt.gilt_ab.beleg[0].grad])
        if akt.inhalt:
            yield Paragraph(self.of(akt.content))
        yield Paragraph(self.say("act_days", signed=signed, known=known, applies=applies, grade=grade))
        steps = (operation_phrase(self.law, one, self.lang) for one in self.law.operations if one.act == akt.id)
        yield from self._listed("steps", steps)
        yield Heading(2, self.say("evidence"))
        yield from map(self._beleg, akt.beleg)

    def _source(self, source: Quelle) -> Iterator[Block]:
        yield Paragraph(f"{_cited(source)} · {self.of(GRADES[source.grad])}")
        if source.hinweis:
            yield Paragraph(source.hinweis)
        yield from self._listed("passages", (one.wiedergabe for one in source.fundstellen.values()))
        yield from self._listed("content_of", self.atlas.items_by_source.get(source.id, ()))

    def _fact(self, fact: Fact) -> Iterator[Block]:
        yield Paragraph(self.of(fact.question))
        unit = f" ({fact.unit})" if fact.unit else ""
        yield Paragraph(f"{fact.path}: {form_of(fact, self.lang)}{unit}")
        yield Paragraph(fact.help)
        names = fact.choice.names if fact.choice is not None else ()
        labelled = (f"{value}: {self.of(fact.labels[value])}" for value in fact.values)
        yield from self._listed("values", [*labelled, *names])
        if readers := self.atlas.readers.get(fact.path):
            yield Paragraph(self.say("read_by", names=", ".join(readers)))


def _cited(source: Quelle) -> str:
    return ", ".join(filter(None, (source.herausgeber, source.titel, source.datum, source.url)))
