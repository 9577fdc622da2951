"""What the pages draw on: every item through the Fassungen, what it reads and feeds, its cases, its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import NamedTuple

from vwv_im.decision.attribution import operation_phrase
from vwv_im.decision.blocks import plain
from vwv_im.decision.context import title_of_given
from vwv_im.decision.decision import Decision
from vwv_im.decision.reason import Reason
from vwv_im.lang import READING, readings_of
from vwv_im.law import Ableitung, Akt, AnyItem, Auslegung, Beleg, Fassung, Grade, OperationId, Regel, Regulation
from vwv_im.law.evidence import weakest
from vwv_im.law.model import facts_read, forms_of, parameters_used
from vwv_im.law.register import OffeneFrage
from vwv_im.review.corpus import CorpusCase, Unreachable
from vwv_im.review.evidence_index import Support
from vwv_im.review.synopsis import Synopsis, synopsis
from vwv_im.review.wording import Wording
from vwv_im.text import group
from vwv_im.text.format import short_day

ROOT = "recht"
FOLDERS: Mapping[str, str] = {
    "parameter": "werte",
    "ableitung": "ableitungen",
    "regel": "regeln",
    "widerspruch": "widersprueche",
    "plausibilitaet": "plausibilitaeten",
    "pflicht": "pflichten",
    "vermerk": "vermerke",
}


class Stage(NamedTuple):
    """An item under one state of the law; `change` says what the act of this state did to it."""

    fassung: Fassung
    item: AnyItem | None
    change: str | None

    @property
    def name(self) -> str:
        """What the state of the law is called in a table."""
        return state_name(self.fassung.name)

    @property
    def full_name(self) -> str:
        """What it is called in a sentence."""
        return f"{'' if self.fassung.erlasse else 'vom '}{self.name}"


class Example(NamedTuple):
    """A case of the corpus, and how a requirement turned out in it."""

    case: CorpusCase
    decision: Decision
    reason: Reason


class Atlas:
    """The regulation and its cases as the pages need them."""

    def __init__(
        self, law: Regulation, cases: tuple[CorpusCase, ...], out_of_reach: tuple[Unreachable, ...] = ()
    ) -> None:
        self.law = law
        self.cases = cases
        self.out_of_reach = out_of_reach
        self._words: dict[str, Wording] = {}
        self._states = [(state, {item.entry.key: item for item in state}) for state in law.states]

    def words(self, state: Fassung) -> Wording:
        """Return the reading text of a state of the law in German, made once."""
        if state.name not in self._words:
            self._words[state.name] = Wording(self.law, state, "de")
        return self._words[state.name]

    @cached_property
    def items(self) -> Mapping[str, AnyItem]:
        """Every item of every Fassung by its key, in its latest wording."""
        return {item.entry.key: item for item in self.law.items}

    def stages(self, key: str) -> list[Stage]:
        """Return an item under each state of the law; an Erlass only where it touches the item."""
        found: list[Stage] = []
        for state, items in self._states:
            item = items.get(key)
            change = self._change(state, item, found)
            if not state.erlasse or change is not None:
                found.append(Stage(state, item, change))
        return found

    def _change(self, state: Fassung, item: AnyItem | None, before: list[Stage]) -> str | None:
        """Return what the act of a state did to an item; nothing in the first state."""
        if not before:
            return None
        had = before[-1].item is not None
        if item is None:
            return "aufgehoben" if had else None
        if item.act != state.law.last_act:
            return None
        return "geändert" if had else "eingefügt"

    def standing(self, key: str) -> str:
        """Return since which and until which Fassung an item stands; empty where it stands in all."""
        stages = self.stages(key)
        found = [stage for stage in stages if stage.item is not None]
        since = f"seit der Fassung {found[0].full_name}" if found[0] is not stages[0] else ""
        until = f"bis zur Fassung {found[-1].full_name}" if found[-1] is not stages[-1] else ""
        return f"nur {since}{' ' if since and until else ''}{until}" if since or until else ""

    def latest(self, key: str) -> Fassung:
        """Return the last state of the law in which an item stands."""
        return next(stage.fassung for stage in reversed(self.stages(key)) if stage.item is not None)

    def page(self, key: str) -> str:
        """Return the page of an item."""
        item = self.items[key]
        return f"{ROOT}/{FOLDERS[item.entry.kind]}/{item.id}.md"

    def act_page(self, act: str) -> str:
        """Return the page of an act."""
        return f"{ROOT}/akte/{act}.md"

    def fassung_page(self, state: Fassung) -> str:
        """Return the page with the consolidated text of a state of the law."""
        return f"{ROOT}/fassungen/{state.name}.md"

    @cached_property
    def producers(self) -> Mapping[str, AnyItem]:
        """Which item derives which fact."""
        return {item.model.ergibt: item for item in self.items.values() if isinstance(item.model, Ableitung)}

    def everywhere(self, key: str) -> Iterator[AnyItem]:
        """Yield an item in each wording it has had."""
        for stage in self.stages(key):
            if stage.item is not None:
                yield stage.item

    def target(self, name: str) -> tuple[str | None, str, str]:
        """Return where an item, act, fact or reading is explained, how it is called, and which kind of box it is.

        A subject, and what else a case does not state, is called by its title and explained nowhere.
        """
        if name in self.producers:
            name = self.producers[name].entry.key
        if f"parameter.{name}" in self.items:
            name = f"parameter.{name}"
        if name in self.items:
            return self.page(name), self.items[name].model.titel.de, self.items[name].entry.kind
        if name in self.acts:
            return self.act_page(name), self.acts[name].kurz.de, "akt"
        if (fact := self.law.vocabulary.facts.get(name)) is not None:
            return f"angaben.md#{anchor(name)}", fact.title.de, "angabe"
        if name.startswith(READING):
            return f"{ROOT}/auslegungen.md#{name.removeprefix(READING)}", name, "auslegung"
        if name in self.law.readings:
            return f"{ROOT}/auslegungen.md#{name}", self.law.readings[name].frage.de, "auslegung"
        if name in self.law.open_questions:
            return f"{ROOT}/offene-fragen.md#{name}", self.law.open_questions[name].frage.de, "frage"
        if name in self.law.vocabulary.types:
            return None, title_of_given(self.law.vocabulary, name).de, "angabe"
        title = self.law.subjects[name].de if name in self.law.subjects else {"akte": "Akte"}.get(name, name)
        return None, title, "angabe"

    def link(self, name: str) -> str:
        """Return the title of an item, act, fact or subject, as a link where there is a page."""
        target, title, _ = self.target(name)
        return plain(title) if target is None else link(plain(title), target)

    def facts_read(self, key: str) -> list[str]:
        """Return the facts that an item reads under some Fassung."""
        found = {fact for item in self.everywhere(key) for fact in facts_read(item.model)}
        return sorted(fact for fact in found if not fact.startswith(READING))

    def values_used(self, key: str) -> list[str]:
        """Return the keys of the parameters that an item uses under some Fassung."""
        return sorted({f"parameter.{name}" for item in self.everywhere(key) for name in parameters_used(item.model)})

    def read(self, key: str) -> list[str]:
        """Return the keys of the items that an item reads: those that derive a fact, and parameters."""
        derived = (self.producers[fact].entry.key for fact in self.facts_read(key) if fact in self.producers)
        return [*derived, *self.values_used(key)]

    def rests_on(self, names: Iterable[str]) -> dict[str, list[str]]:
        """Return, for each item or fact and everything it rests on, the facts that each of them reads."""
        found: dict[str, list[str]] = {}
        ahead = list(names)
        while ahead:
            name = ahead.pop()
            if name in found:
                continue
            key = self.producers[name].entry.key if name in self.producers else name
            facts = self.facts_read(key) if key in self.items else []
            found[name] = [fact for fact in facts if fact in self.law.vocabulary.types or fact in self.producers]
            ahead += found[name]
        return found

    def grade_in_force(self, key: str) -> Grade:
        """Return the grade of an item as a decision has it: the weakest of its own and of its parameters."""
        state, item = self.latest(key), self.items[key]
        names = parameters_used(item.model) if isinstance(item.model, Regel) else set()
        own, grade = self.law.grade(item.model.beleg[0]), self.law.grade
        return weakest([own, *(grade(state.parameters[name].model.beleg[0]) for name in names)]) or own

    def only_otherwise(self, key: str) -> bool:
        """Whether a requirement applies only under another reading than the default."""
        condition = getattr(self.items[key].model, "gilt_fuer", None)
        alone = condition is not None and not condition.parts
        return alone and any(self.law.readings[name].vorgabe != option for name, option in readings_of(condition))

    @cached_property
    def readers(self) -> Mapping[str, list[str]]:
        """Return, for each fact and each key of a parameter, the keys of the items that read it."""
        read = ((key, (*self.facts_read(key), *self.values_used(key))) for key in self.items)
        return group((name, key) for key, names in read for name in names)

    def readings_of(self, key: str) -> list[Auslegung]:
        """Return the disputed points that an item asks about, or that name it."""
        asked = {name for item in self.everywhere(key) for name, _ in readings_of(*forms_of(item.model))}
        named = {reading.id for reading in self.law.readings.values() if self.items[key].id in reading.betrifft}
        return [self.law.readings[name] for name in sorted(asked | named)]

    def touched_by(self, reading: Auslegung) -> list[str]:
        """Return the items that ask about a disputed point, and what else it names."""
        asking = (key for key in self.items if reading in self.readings_of(key))
        return list(dict.fromkeys((*asking, *reading.betrifft)))

    @cached_property
    def items_by_source(self) -> Mapping[str, list[str]]:
        """For each source that items name, their keys."""
        evidence = ((key, evidence_of(item)) for key in self.items for item in self.everywhere(key))
        named = dict.fromkeys((beleg.quelle, key) for key, found in evidence for beleg, _ in found if beleg.quelle)
        return group((source, key) for source, key in named if source)

    @cached_property
    def open_by_subject(self) -> Mapping[str, list[OffeneFrage]]:
        """The open questions by the subject of what each of them names first."""
        subjects = {item.id: item.subject for item in self.items.values()}
        questions = self.law.open_questions.values()
        return group((subjects.get(question.betrifft[0], "akte"), question) for question in questions)

    @cached_property
    def named(self) -> Counter[str]:
        """In how many decisions of the cases each open question is named."""
        return Counter(one.id for _, decision in self.decisions for one in decision.open_questions)

    @cached_property
    def weightiest(self) -> list[OffeneFrage]:
        """The open questions, first those that are named in most decisions."""
        return sorted(self.law.open_questions.values(), key=lambda one: -self.named[one.id])

    def rest_link(self, rest: Support) -> str:
        """Return what rests on a piece of evidence: its title, with a link to its page."""
        name = rest.id.partition(" ")[0] if rest.kind == "zeile" else rest.id
        for known in (name, f"parameter.{name}"):
            if known in self.items or known in self.acts:
                return self.link(known)
        if rest.kind == "operation":
            operation = OperationId(rest.fassungen[0], rest.id)
            phrase = operation_phrase(self.law, operation, "de")
            return link(plain(phrase), f"{self.act_page(operation.act)}#synopse")
        point, _, option = name.partition("=")
        title = self.law.readings[point].lesarten[option].titel.de
        return link(plain(title), f"{ROOT}/auslegungen.md#{point}")

    @cached_property
    def acts(self) -> Mapping[str, Akt]:
        """Every act by its id."""
        return {akt.id: akt for akt in self.law.acts}

    @cached_property
    def synopses(self) -> Mapping[str, Synopsis]:
        """The synopsis of each act that changes a text there was before."""
        changing = [akt.id for akt in self.law.acts if akt.art in ("aenderung", "erlass")]
        return {name: synopsis(self.law, name, cases=self.cases) for name in changing}

    @cached_property
    def decisions(self) -> tuple[tuple[CorpusCase, Decision], ...]:
        """Every case of the corpus, decided."""
        return tuple((case, case.decide_by(self.law)) for case in self.cases)

    @cached_property
    def examples(self) -> Mapping[str, Mapping[str, list[Example]]]:
        """The cases of each requirement by how it turned out; those from a source come first."""
        found: dict[str, dict[str, list[Example]]] = {}
        for case, decision in self.decisions:
            for reason in decision.examined:
                result = "entfällt" if reason.applies == "no" else reason.verdict.value
                found.setdefault(reason.rule, {}).setdefault(result, []).append(Example(case, decision, reason))
        for by_result in found.values():
            for examples in by_result.values():
                examples.sort(key=self._distance)
        return found

    def _distance(self, example: Example) -> tuple[bool, bool, bool, str]:
        """Return how far a case is from what a requirement is about: those that name it, or its subject, come first."""
        herkunft, rule = example.case.herkunft, example.reason.requirement.item
        subject = example.case.place.file.endswith(f"{rule.subject}.yaml")
        return herkunft.get("regel") != rule.id, not subject, "quelle" not in herkunft, example.case.id


def state_name(name: str) -> str:
    """Return what a state of the law is called in a table: by the day of its last act.

    >>> [state_name(name) for name in ("2022-01-26", "2022-01-26+2022-03-11")]
    ['26.01.2022', 'mit Erlass vom 11.03.2022']
    """
    fassung, *erlasse = (short_day(date.fromisoformat(day)) for day in name.split("+"))
    return f"mit Erlass vom {', '.join(erlasse)}" if erlasse else fassung


def anchor(fact: str) -> str:
    """Return the anchor of a fact.

    >>> anchor("stelle.vzae")
    'stelle-vzae'
    """
    return fact.replace(".", "-").replace("_", "-")


def evidence_of(item: AnyItem) -> Iterator[tuple[Beleg, str]]:
    """Yield the evidence of an item, also of the rows of its table, each with the act that brought it."""
    for index, beleg in enumerate(item.model.beleg):
        yield beleg, item.entry.act_of_evidence(index)
    for row in getattr(item.model, "faelle", None) or ():
        for beleg in row.beleg or ():
            yield beleg, item.act


def file_page(name: str) -> str:
    """Return the page of a rule file.

    >>> file_page("2017-12-11-stammfassung/akt.yaml")
    'recht/dateien/2017-12-11-stammfassung/akt.md'
    """
    return f"{ROOT}/dateien/{name.removesuffix('.yaml')}.md"


def link(label: str, target: str) -> str:
    """Return a link to a page, with or without an anchor, by its path in docs/."""
    return f"[{label}](/{target})"
