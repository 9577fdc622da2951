"""A letter that asks for what is missing: documents that are due and not there, and facts that are not stated."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.decision import Decision
from vwv_im.decision.documents import documents_of
from vwv_im.text import Language, Text, written_day

TITLE = Text("Anforderung fehlender Unterlagen und Angaben", "Request for missing documents and facts")
_HEAD = (
    Text("An: ____________________", "To: ____________________"),
    Text("Aktenzeichen: ____________________", "Reference: ____________________"),
)
_DOCUMENTS = Text("Fehlende Unterlagen", "Missing documents")
_FACTS = Text("Fehlende Angaben", "Missing facts")
_NOTHING = Text("Nach dem Stand vom {day} fehlt nichts.", "As of {day} nothing is missing.")
_ASKED = Text(
    "Nach dem Stand vom {day} fehlt für die Prüfung noch das Folgende. Bitte reichen Sie es bis zum ____________ ein.",
    "As of {day} the following is still missing for the examination. Please hand it in by ____________.",
)
_SIGNATURE = Text(
    "Ort, Datum: ____________________    Unterschrift: ____________________",
    "Place, date: ____________________    Signature: ____________________",
)


def letter_blocks(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the blocks of the letter, with blanks for who is written to, the reference and the day."""
    sections = (
        (_DOCUMENTS, [*documents_of(decision, lang)]),
        (
            _FACTS,
            list(dict.fromkeys(f"{one.question.in_(lang)} ({one.fact})" for one in decision.missing)),
        ),
    )
    yield Heading(1, TITLE.in_(lang))
    yield from (Paragraph(line.in_(lang)) for line in _HEAD)
    said = _ASKED if any(items for _, items in sections) else _NOTHING
    yield Paragraph(said.in_(lang).format(day=written_day(decision.on, lang)))
    for title, items in sections:
        if items:
            yield Heading(2, title.in_(lang))
            yield from map(Item, items)
    yield Paragraph(_SIGNATURE.in_(lang))
