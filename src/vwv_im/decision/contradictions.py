"""What a case states that cannot both be, with both places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vwv_im.decision.context import Context
from vwv_im.decision.sentences import subject_phrase, written
from vwv_im.lang.values import Json, to_json
from vwv_im.text import Language, Text
from vwv_im.text.json_object import FactPath, JsonObject


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


def contradictions_of(context: Context) -> tuple[Contradicted, ...]:
    """Return every contradiction that is present."""
    present = iter(context.evaluation.contradictions)
    found = []
    for contradiction in context.plan.contradictions:
        for subject in context.subjects(contradiction.scope):
            if not next(present):
                continue
            facts = contradiction.item.model.orte
            title = contradiction.item.model.titel.text
            values = [context.value(fact, subject) if fact in context.plan.types else None for fact in facts]
            paths = [subject.path(fact) for fact in facts]

            def sentence(
                lang: Language, title: Text = title, facts: Any = facts, values: Any = values, subject: Any = subject
            ) -> str:
                stated = "; ".join(
                    f"{context.title(fact).in_(lang)}: {written(value, context, fact, lang)}"
                    for fact, value in zip(facts, values, strict=True)
                    if value is not None
                )
                head = f"{title.in_(lang)}{subject_phrase(subject.scope, subject.number, lang)}."
                return f"{head} {stated}." if stated else head

            text = Text(sentence("de"), sentence("en"))
            stated = (to_json(values[0]), to_json(values[1]))
            found.append(Contradicted(contradiction.id, (paths[0], paths[1]), stated, text))
    return tuple(found)
