"""What is to be told of a case before it is explained: what cannot both be, and what is not plausible."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from vwv_im.case.vocabulary import DECISION_DAY, scope_of
from vwv_im.decision.context import Context
from vwv_im.decision.phrases import full_title, value_phrase
from vwv_im.law.observation import Plausibilitaet
from vwv_im.reasoning.plan import Kind, Observation
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, Json, JsonObject, Language, Text, to_json

_BOTH: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True, slots=True)
class Contradicted(JsonObject, schema="ContradictionDocument", keys="id places stated:by_place text"):
    """A contradiction found: which one, the two places with what they state, and a sentence."""

    id: str
    places: tuple[FactPath, FactPath]
    stated: tuple[Json, Json]
    text: Text

    @property
    def by_place(self) -> dict[str, Json]:
        """What is stated at each of the two places."""
        return dict(zip(self.places, self.stated, strict=True))


@dataclass(frozen=True, slots=True)
class Implausible(JsonObject, schema="PlausibilityDocument", keys="id subject facts text"):
    """What is unusual about a case and may be meant otherwise: what it is about, the stated facts, and a sentence."""

    id: str
    about: Subject
    facts: Annotated[tuple[FactPath, ...], "Paths of facts and lists in the case; `on` is the day of the decision."]
    title: Text
    rest: Text
    text: Text

    @property
    def subject(self) -> str:
        """The path of what it is about."""
        return self.about.name


def contradictions_of(context: Context) -> tuple[Contradicted, ...]:
    """Return every contradiction that is present."""
    return tuple(_contradiction(context, *one) for one in observed(context, "widerspruch"))


def plausibility_of(context: Context) -> tuple[Implausible, ...]:
    """Return everything that is not plausible."""
    return tuple(_implausible(context, *one) for one in observed(context, "plausibilitaet"))


def observed(context: Context, kind: Kind) -> Iterator[tuple[Observation, Subject]]:
    """Yield what is to be told of a case, each with its subject."""
    for named, subject, truth in context.named(kind):
        if truth and isinstance(named, Observation):
            yield named, subject


def _contradiction(context: Context, told: Observation, subject: Subject) -> Contradicted:
    first, second = told.item.model.orte
    stated = [to_json(context.value(f, subject)) if f in context.plan.types else None for f in (first, second)]
    places, sentence = (subject.path(first), subject.path(second)), sentence_of(context, told, subject)
    return Contradicted(told.id, places, (stated[0], stated[1]), sentence)


def _implausible(context: Context, told: Observation, subject: Subject) -> Implausible:
    facts, rest = tuple(_stated(context, told, subject)), Text(*(_rest(context, told, subject, lang) for lang in _BOTH))
    return Implausible(told.id, subject, facts, told.item.model.titel.text, rest, sentence_of(context, told, subject))


def sentence_of(context: Context, told: Observation, subject: Subject) -> Text:
    """Return what is observed in a sentence, with the facts that cause it as the subject sees them, each value once."""

    def sentence(lang: Language) -> str:
        title = full_title(told.item.model.titel.text, subject, context, lang)
        return " ".join([title if title.endswith("?") else f"{title}.", _rest(context, told, subject, lang)]).rstrip()

    return Text(sentence("de"), sentence("en"))


def _rest(context: Context, told: Observation, subject: Subject, lang: Language) -> str:
    """Return the facts that cause it, and what to ask of them."""
    model, below = told.item.model, context.vocabulary.scopes(subject.scope)[1:]
    facts = [one for one in model.orte if one in context.plan.types and scope_of(one) not in below]
    words = dict[str, str]()
    for fact in facts:
        if (value := context.value(fact, subject)) is not None:
            words.setdefault(value_phrase(value, context, fact, lang), context.title(fact).in_(lang))
    parts = ["; ".join(f"{title}: {word}" for word, title in words.items())]
    parts += [model.satz.text.in_(lang).removesuffix(".")] if isinstance(model, Plausibilitaet) else []
    return " ".join(part if part.endswith("?") else f"{part}." for part in parts if part)


def _stated(context: Context, told: Observation, subject: Subject) -> Iterator[str]:
    """Yield the paths of lists and of the stated facts that cause it, those in lists for each entry, and `on`."""
    for fact in told.item.model.orte:
        if fact == DECISION_DAY:
            yield "on"
        elif (listed := context.vocabulary.entity_at(fact)) is not None:
            above, key, _ = context.direct.layout.lists_of[listed.name]
            yield context.owner(f"{above}.{key}", subject).path(f"{above}.{key}")
        elif fact in context.vocabulary.facts:
            scope = scope_of(fact)
            homes = (subject,) if subject.at(scope) else context.entries(subject, scope)
            yield from (one.path(fact) for one in homes if context.value(fact, one) is not None)
