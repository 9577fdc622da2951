"""A letter that asks for what is missing: documents that are due and not there, and facts that are not stated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vwv_im.decision.answers import why_undecided
from vwv_im.decision.blocks import Block, Heading, Item, Paragraph
from vwv_im.decision.case_edits import value_at
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import needed_items
from vwv_im.decision.documents import documents_of
from vwv_im.decision.list_tables import entries_of, name_of, title_of, value_in
from vwv_im.decision.phrases import bracketed, value_phrase
from vwv_im.decision.result import Result
from vwv_im.text import Language, Text, sentence, written_day

TITLE = Text("Anforderung fehlender Unterlagen und Angaben", "Request for missing documents and facts")
_BLANK = "____________________"


def _addressee(decision: Result) -> str:
    """Return the name that the case gives to what it is about; nothing where it gives none."""
    facts, top = decision.regulation.vocabulary.facts.values(), decision.asked.wurzel
    named = (fact.path for fact in facts if fact.private and fact.scope == top)
    return next((str(name) for path in named if (name := value_at(decision.case, path))), "")


def _entries(decision: Result, paths: Iterable[str], lang: Language) -> Iterator[Item]:
    """Yield each entry of which something is asked by what the case says of it: our numbers nobody else knows."""
    vocabulary = decision.regulation.vocabulary
    homes = {fact.home(path) for path in paths if (fact := vocabulary.fact_at(path)) is not None}
    for table in decision.asked.tabellen if homes else ():
        stated = [one for one in table.spalten if one.fakt in vocabulary.facts]
        for entry in entries_of(decision, table.liste):
            values = ((one, value_in(decision, one.fakt, entry)) for one in stated if entry.name in homes)
            known = ((title_of(decision, one, lang), one.fakt, value) for one, value in values if value is not None)
            said = [f"{title} {value_phrase(value, decision.context, fact, lang)}" for title, fact, value in known]
            if entry.name in homes:
                yield Item(f"{name_of(decision, entry, lang)}{bracketed(', '.join(said))}")


def letter_blocks(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the blocks of the letter to whom the case names, with blanks for the reference and the day.

    Where there is no decision nothing is asked for; the letter says why there is none.
    """
    decided = decision.verdict is not None
    needed = needed_items(decision, lang, short=False) if decided else []
    sections = {
        "answer.documents": [*map(Item, documents_of(decision, lang))],
        "letter.facts": [Item(one.text) for one in needed],
        "letter.entries": [*_entries(decision, (path for one in needed for path in one.facts), lang)],
    }
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
            yield from items
    yield Paragraph(sentence("note.signature").in_(lang))
