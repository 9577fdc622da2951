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
class Implausible(JsonObject, schema="PlausibilityDocument"):
    """What is unusual about a case and may be meant otherwise: what it is about, the stated facts, and a sentence."""

    id: str
    subject: str
    facts: Annotated[tuple[FactPath, ...], "Paths of facts in the case; `on` is the day of the decision."]
    text: Text


def contradictions_of(context: Context) -> tuple[Contradicted, ...]:
    """Return every contradiction that is present."""
    return tuple(_contradiction(context, *one) for one in observed(context, "widerspruch"))


def plausibility_of(context: Context) -> tuple[Implausible, ...]:
    """Return everything that is not plausible."""
    return tuple(
        Implausible(told.id, subject.name, tuple(_stated(context, told, subject)), sentence_of(context, told, subject))
        for told, subject in observed(context, "plausibilitaet")
    )


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


def sentence_of(context: Context, told: Observation, subject: Subject) -> Text:
    """Return what is observed in a sentence, with the facts that cause it as the subject sees them, each value once."""
    model, below = told.item.model, context.vocabulary.scopes(subject.scope)[1:]
    facts = [one for one in model.orte if one in context.plan.types and scope_of(one) not in below]
    values = [(fact, value) for fact in facts if (value := context.value(fact, subject)) is not None]

    def sentence(lang: Language) -> str:
        words = dict[str, str]()
        for fact, value in values:
            words.setdefault(value_phrase(value, context, fact, lang), context.title(fact).in_(lang))
        shown = "; ".join(f"{title}: {word}" for word, title in words.items())
        parts = [full_title(model.titel.text, subject, context, lang), *([shown] if shown else [])]
        parts += [model.satz.text.in_(lang).removesuffix(".")] if isinstance(model, Plausibilitaet) else []
        return " ".join(f"{part}{'' if part.endswith('?') else '.'}" for part in parts)

    return Text(sentence("de"), sentence("en"))


def _stated(context: Context, told: Observation, subject: Subject) -> Iterator[str]:
    """Yield the paths of the facts that cause it and that are stated, those in lists for each entry, and `on`."""
    for fact in told.item.model.orte:
        if fact == DECISION_DAY:
            yield "on"
        elif fact in context.vocabulary.facts:
            scope = scope_of(fact)
            homes = (subject,) if subject.at(scope) else context.entries(subject, scope)
            yield from (one.path(fact) for one in homes if context.value(fact, one) is not None)
