"""What a case may state on a question, as an outline in the form of a case: a line for each part and each fact."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.case.vocabulary import Entity, Fact, Vocabulary
from vwv_im.law.regulation import Regulation
from vwv_im.mcp.words import said
from vwv_im.text import Language

_FEW = 3
"""How many of the names that a text may be are shown."""


def outline(law: Regulation, question: str, lang: Language) -> str:
    r"""Return what a case may state on a question.

    >>> from vwv_im import regulation
    >>> print(outline(regulation(), "zielgruppe", "en").split("\n")[1])
      gefluechtet: true | false – Refugee background
    """
    root = law.vocabulary.entities[law.questions[question].wurzel]
    return "\n".join(_part(law.vocabulary, root, 0, lang))


def _part(vocabulary: Vocabulary, entity: Entity, depth: int, lang: Language) -> Iterator[str]:
    form = f" {said('list', lang, least=entity.least, most=entity.most)}" if entity.many else ""
    yield f"{'  ' * depth}{entity.key}:{form} – {entity.heading.in_(lang)}"
    for fact in vocabulary.facts_of(entity.name):
        unit = f" ({fact.unit})" if fact.unit else ""
        yield f"{'  ' * (depth + 1)}{fact.key}: {form_of(fact, lang)}{unit} – {fact.title.in_(lang)}"
    for part in vocabulary.parts_of(entity.name):
        yield from _part(vocabulary, part, depth + 1, lang)


def form_of(fact: Fact, lang: Language) -> str:
    """Return how the value of a fact is written."""
    match fact.type:
        case "wahrheitswert":
            return "true | false"
        case "auswahl":
            return " | ".join(fact.values)
        case "auswahlliste":
            return said("several_of", lang, values=" | ".join(fact.values))
        case "text":
            names = () if fact.choice is None else fact.choice.names
            shown = ", ".join(names[:_FEW])
            return said("one_of", lang, count=len(names), names=shown) if len(names) > _FEW else said("text", lang)
    return said({"datum": "day", "ganzzahl": "whole"}.get(fact.type, "number"), lang)
