"""Files for an office: a decision as a note (Prüfvermerk) with blanks to fill in, its duties as a calendar."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any
from unicodedata import name, normalize

from vwv_im.decision.blocks import Block, Item, Paragraph, Table, write
from vwv_im.decision.decision import Decision
from vwv_im.decision.duties import Owed
from vwv_im.publish import letter
from vwv_im.publish.note_page import TITLE, footer_of, note_blocks
from vwv_im.text import Language, Text, sentence

_PAGES = Text("Seite {0} von {1}", "Page {0} of {1}")
_REPLACEMENT = "\N{WHITE SQUARE}"
_UNDISPLAYED = re.compile(r'the text `"(.*?)"` could not be displayed')
_MOST_NAMED = 100
_CALENDAR = Text("Pflichten Integrationsmanagement", "Duties Integrationsmanagement")
_REMINDED = timedelta(days=14)
NOTES: Mapping[str, tuple[Text, Callable[[Decision, Language], Iterable[Block]]]] = {
    "vermerk": (TITLE, note_blocks),
    "anforderung": (letter.TITLE, letter.letter_blocks),
}
"""The kinds of notes, each with its title and what gives its blocks."""
Note = tuple[list[Block], str, str]
"""The blocks of a note, what stands at the foot of each page, and its title."""


def note_of(decision: Decision, form: str, lang: Language = "de", kind: str = "vermerk") -> bytes:
    """Return the note as a file: `md`, `html`, `docx` or `pdf`; or, of another kind of `NOTES`, a letter.

    Raises `ValueError` for an unknown form (`NOTE_WRITERS` has them all), `ModuleNotFoundError` where `docx` and `pdf`
    lack the extra `note`.
    """
    if form not in NOTE_WRITERS:
        raise ValueError(f"{form!r} is no form; possible are {', '.join(NOTE_WRITERS)}")
    title, blocks = NOTES[kind]
    return NOTE_WRITERS[form]((list(blocks(decision, lang)), footer_of(decision, lang), title.in_(lang)), lang)


def _markdown(note: Note, _lang: Language) -> bytes:
    blocks, footer, _ = note
    return write([*blocks, Paragraph(footer)], "markdown").encode()


def _html(note: Note, lang: Language) -> bytes:
    (blocks, footer, title), style = note, Path(__file__).with_name("note.css").read_text("utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="{lang}">\n<head><meta charset="utf-8"><title>{title}</title>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n{write(blocks, 'html')}</main>\n<footer>{escape(footer)}</footer>\n</body>\n</html>\n"
    ).encode()


def _docx(note: Note, lang: Language) -> bytes:
    from vwv_im.publish.word_file import word_file  # noqa: PLC0415 - an extra, loaded when a document is asked for

    blocks, footer, title = note
    return word_file(blocks, title, footer, _PAGES.in_(lang), lang)


def _pdf(note: Note, lang: Language) -> bytes:
    """Return a PDF that meets PDF/UA-1 as far as typst checks it: with its own fonts, the same for the same page.

    The page is data for the template: nothing in its text can be read as markup.
    """
    import typst  # noqa: PLC0415 - an extra, loaded when a document is asked for

    blocks, footer, title = note
    said = {"title": title, "pages": _PAGES.in_(lang), "footer": footer, "lang": lang}
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
        yield Paragraph(f"{sentence('note.replaced', by=_REPLACEMENT).in_(lang)} {', '.join(listed)}.")


def _plain(blocks: Iterable[Block]) -> Iterator[dict[str, Any]]:
    """Yield blocks as data: items that follow one another as one list, tables with the widths of their columns."""
    for together, found in groupby(blocks, key=lambda block: isinstance(block, Item)):
        items = [one for one in found if isinstance(one, Item)] if together else []
        if together:
            yield {
                "kind": "list",
                "entries": [{"text": one.text, "mark": one.mark, "entries": one.tree} for one in items],
            }
        else:
            for block in found:
                yield {**block.to_dict(), **({"widths": block.widths} if isinstance(block, Table) else {})}


NOTE_WRITERS: Mapping[str, Callable[[Note, Language], bytes]] = {
    "md": _markdown,
    "html": _html,
    "docx": _docx,
    "pdf": _pdf,
}
EXTRAS: Mapping[str, str] = {"docx": "note", "pdf": "pdf"}
"""The extra that a form of the note needs; the others need none."""
MEDIA_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


def calendar_of(duties: Iterable[Owed], lang: Language = "de", key: str = "") -> bytes:
    """Return a calendar file (iCalendar, RFC 5545) with one all-day entry per duty that has a day.

    An entry stands on the working day that the duty is shifted to. Duties with an open day are left out: a calendar
    cannot hold them. An entry leaves its day free and reminds of it two weeks before. `key` distinguishes the entries
    of one case from those of another, so that importing a second file does not replace the first.
    """
    from icalendar import Alarm, Calendar, Event  # noqa: PLC0415 - loaded when a calendar is asked for

    calendar = Calendar()
    calendar.add("prodid", "-//vwv-im//Pflichten//DE")
    calendar.add("version", "2.0")
    for name_of_calendar in ("name", "x-wr-calname"):  # RFC 7986, and what programs read that are older
        calendar.add(name_of_calendar, _CALENDAR.in_(lang))
    for duty in duties:
        if duty.due is None or duty.due_shifted is None:
            continue
        event, alarm = Event(), Alarm()
        year = f" ({duty.year})" if duty.year is not None else ""
        summary = f"{duty.title.in_(lang)}{year}"
        event.add("uid", f"{duty.id}-{duty.due.isoformat()}-{key}@vwv-im")
        event.add("dtstamp", datetime.combine(duty.due, time(), UTC))
        event.add("dtstart", duty.due_shifted)
        event.add("transp", "TRANSPARENT")  # the day stays free
        event.add("summary", summary)
        event.add("description", duty.text.in_(lang))
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -_REMINDED)
        alarm.add("description", summary)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())
