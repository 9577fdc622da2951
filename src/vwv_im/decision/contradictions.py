"""What a case states that cannot both be, with both places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from vwv_im.decision.context import Context
from vwv_im.decision.sentences import subject_phrase, written
from vwv_im.lang.values import Json, to_json
from vwv_im.text import Language, Text


@dataclass(frozen=True, slots=True)
class Contradicted:
    """A contradiction found: which one, the two places with what they state, and a sentence."""

    id: str
    places: tuple[str, str]
    stated: tuple[Json, Json]
    text: Text

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            "id": self.id,
            "places": list(self.places),
            "stated": dict(zip(self.places, self.stated, strict=True)),
            "text": self.text.as_dict(),
        }


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
