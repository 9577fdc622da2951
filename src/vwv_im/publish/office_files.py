"""Files for an office: a decision as a note (Prüfvermerk) with blanks to fill in, its duties as a calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import name, normalize

from vwv_im.decision.blocks import Block, Heading, Item, Paragraph, write
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.decision.phrases import full_title, value_phrase
from vwv_im.programm import page_of
from vwv_im.text import Language, Text

_TITLE = Text("Prüfvermerk", "Note for the file")
_PAGE = Text("Seite", "Page")
_REPLACEMENT = "\N{WHITE SQUARE}"
_REPLACED = Text(
    f"Zeichen, die keine Schrift dieses Dokuments hat, sind durch {_REPLACEMENT} ersetzt:",
    f"Characters that no font of this document has are replaced by {_REPLACEMENT}:",
)
_UNDISPLAYED = re.compile(r'the text `"(.*?)"` could not be displayed')
_MOST_NAMED = 100
_HEAD = (
    Text("Aktenzeichen: ____________________", "Reference: ____________________"),
    Text("Bearbeitet von: ____________________", "Handled by: ____________________"),
    Text("Datum: ____________________", "Date: ____________________"),
)


def note_of(decision: Decision, form: str, lang: Language = "de") -> bytes:
    """Return the note as a file: `md`, `html`, `docx` or `pdf`.

    Raises `ValueError` for an unknown form (`NOTE_WRITERS` has them all), `ModuleNotFoundError` where `docx` and `pdf`
    lack the extra `note`.
    """
    if form not in NOTE_WRITERS:
        raise ValueError(f"{form!r} is no form; possible are {', '.join(NOTE_WRITERS)}")
    return NOTE_WRITERS[form](list(blocks_of(decision, lang)), lang)


def blocks_of(decision: Decision, lang: Language) -> Iterator[Block]:
    """Yield the blocks of the note: what to fill in, what was stated, then the examination."""
    title, *rest = page_of(decision, lang)
    yield Heading(1, _TITLE.in_(lang))
    yield from (Paragraph(line.in_(lang)) for line in _HEAD)
    if isinstance(title, Heading):
        yield Paragraph(title.text, strong=True)
    if decision.fassung.choice.basis is not None:
        yield Heading(2, Text("Angaben", "Facts stated").in_(lang))
        yield from _facts_stated(decision.context, lang)
    yield from rest


def _facts_stated(context: Context, lang: Language) -> Iterator[Item]:
    for path, fact in context.plan.vocabulary.facts.items():
        if fact.private or fact.scope not in context.plan.scopes:
            continue
        for subject in context.subjects(fact.scope):
            if (value := context.value(path, subject)) is not None:
                title = full_title(fact.title, subject, context, lang)
                yield Item(f"{title}: {value_phrase(value, context, path, lang)}")


def _html(blocks: list[Block], lang: Language) -> bytes:
    title, body = _TITLE.in_(lang), write(blocks, "html")
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        "<style>body{font-family:sans-serif;max-width:50em;margin:2em auto;padding:0 1em;line-height:1.5}</style>\n"
        "</head>\n"
        f"<body>\n{body}</body>\n</html>\n"
    ).encode()


def _docx(blocks: list[Block], _lang: Language) -> bytes:
    from docx import Document  # noqa: PLC0415 - an extra, loaded when a document is asked for

    document = Document()
    for block in blocks:
        match block:
            case Heading(level=level, text=text):
                document.add_heading(text, level - 1)
            case Paragraph(text=text, strong=strong):
                document.add_paragraph().add_run(text).bold = strong
            case Item(details=details):
                document.add_paragraph(block.marked, style="List Bullet")
                for depth, detail in details:
                    document.add_paragraph(detail, style="List Bullet 2" if depth == 0 else "List Bullet 3")
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _pdf(blocks: list[Block], lang: Language) -> bytes:
    """Return a PDF that meets PDF/UA-1 as far as typst checks it: with its own fonts, the same for the same page.

    The page is data for the template: nothing in its text can be read as markup.
    """
    import typst  # noqa: PLC0415 - an extra, loaded when a document is asked for

    said = {"title": _TITLE.in_(lang), "page": _PAGE.in_(lang), "lang": lang}
    template, missing = Path(__file__).with_name("note.typ").read_bytes(), ""
    while True:
        noted = [*blocks, *_replaced(missing, lang)]
        page = normalize("NFC", json.dumps({**said, "blocks": list(_plain(noted))}, ensure_ascii=False))
        if more := "".join(set(_not_embedded().findall(page)) - set(missing)):
            missing += more
            continue
        shown = page.translate(dict.fromkeys(map(ord, missing), _REPLACEMENT))
        try:
            return typst.compile(
                template,
                format="pdf",
                sys_inputs={"page": shown},
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:  # a version of typst with other fonts than those the letters are from
            named = "".join(_UNDISPLAYED.findall(str(error)))
            if not (more := "".join({letter for letter in shown if letter in named and not letter.isascii()})):
                raise
            missing += more


@cache
def _not_embedded() -> re.Pattern[str]:
    """Return what finds letters that the fonts of the PDF lack, and accents that stand alone.

    `letters.txt` has those that each can be displayed alone, found by trying all below U+FFFE with typst 0.15.
    """
    ranges = Path(__file__).with_name("letters.txt").read_text("ascii").split()
    bounds = [[chr(int(bound, 16)) for bound in one.split("-")] for one in ranges]
    return re.compile(f"[^{''.join('-'.join(map(re.escape, one)) for one in bounds)}]")


def _replaced(letters: str, lang: Language) -> Iterator[Block]:
    """Yield the paragraph that names the letters that were replaced, where there are any."""
    if letters:
        named = [f"U+{ord(letter):04X} {name(letter, '')}".rstrip() for letter in sorted(letters)]
        more = Text(f"und {len(named) - _MOST_NAMED} weitere", f"and {len(named) - _MOST_NAMED} more").in_(lang)
        listed = named if len(named) <= _MOST_NAMED else [*named[:_MOST_NAMED], more]
        yield Paragraph(f"{_REPLACED.in_(lang)} {', '.join(listed)}.")


def _plain(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield blocks as data, items that follow one another as one list."""
    for together, found in groupby(blocks, key=lambda block: isinstance(block, Item)):
        if together:
            entries = [{"text": item.marked, "entries": item.tree} for item in found if isinstance(item, Item)]
            yield {"kind": "list", "entries": entries}
        else:
            yield from (block.to_dict() for block in found)


NOTE_WRITERS: Mapping[str, Callable[[list[Block], Language], bytes]] = {
    "md": lambda blocks, _lang: write(blocks, "markdown").encode(),
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
MEDIA_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def calendar_of(duties: Iterable[Owed], lang: Language = "de", key: str = "") -> bytes:
    """Return a calendar file (iCalendar, RFC 5545) with one all-day entry per duty that has a day.

    An entry stands on the working day that the duty is shifted to. Duties with an open day are left out: a calendar
    cannot hold them. `key` distinguishes the entries of one case from those of another, so that importing a second
    file does not replace the first.
    """
    from icalendar import Calendar, Event  # noqa: PLC0415 - loaded when a calendar is asked for

    calendar = Calendar()
    calendar.add("prodid", "-//vwv-im//Pflichten//DE")
    calendar.add("version", "2.0")
    for duty in duties:
        if duty.due is None or duty.due_shifted is None:
            continue
        event = Event()
        event.add("uid", f"{duty.id}-{duty.due.isoformat()}-{key}@vwv-im")
        event.add("dtstamp", datetime.combine(duty.due, time(), UTC))
        event.add("dtstart", duty.due_shifted)
        year = f" ({duty.year})" if duty.year is not None else ""
        event.add("summary", f"{duty.title.in_(lang)}{year}")
        event.add("description", duty.text.in_(lang))
        calendar.add_component(event)
    return bytes(calendar.to_ical())
