"""A letter that asks for what is missing: documents that are due and not there, and facts that are not stated."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.decision.answers import why_undecided
from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.case_edits import value_at
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import needed_items
from vwv_im.decision.documents import documents_of
from vwv_im.decision.result import Result
from vwv_im.text import Language, Text, sentence, written_day

TITLE = Text("Anforderung fehlender Unterlagen und Angaben", "Request for missing documents and facts")
_BLANK = "____________________"


def _addressee(decision: Result) -> str:
    """Return the name that the case gives to what it is about; nothing where it gives none."""
    facts, top = decision.regulation.vocabulary.facts.values(), decision.asked.wurzel
    named = (fact.path for fact in facts if fact.private and fact.scope == top)
    return next((str(name) for path in named if (name := value_at(decision.case, path))), "")


def letter_blocks(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the blocks of the letter to whom the case names, with blanks for the reference and the day.

    Where there is no decision nothing is asked for; the letter says why there is none.
    """
    decided = decision.verdict is not None
    needed = needed_items(decision, lang, short=False) if decided else []
    sections = {"answer.documents": [*documents_of(decision, lang)], "letter.facts": [one.text for one in needed]}
    yield Heading(1, TITLE.in_(lang))
    yield Paragraph(sentence("letter.to", name=_addressee(decision) or _BLANK).in_(lang))
    yield Paragraph(sentence("note.reference").in_(lang))
    yield Paragraph(decision.regulation.name, strong=True)
    said = "letter.asked" if any(sections.values()) else "letter.nothing"
    told = [sentence(said, day=written_day(decision.on, lang)).in_(lang)]
    for line in told if decided else why_undecided(decision).in_(lang).splitlines():
        yield Paragraph(line.removeprefix("  ! "))
    for title, items in sections.items():
        if items:
            yield Heading(2, sentence(title).in_(lang))
            yield from map(Item, items)
    yield Paragraph(sentence("note.signature").in_(lang))
