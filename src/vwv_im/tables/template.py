"""A workbook to fill in, made from the vocabulary: a column for each fact, drop-downs, descriptions."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from vwv_im.case import FACTS, Fact
from vwv_im.case.values import FIRST_DAY, LAST_DAY
from vwv_im.law.model import Question
from vwv_im.tables.cells import ID, MEMBERS_FACT, MEMBERS_STATED, ON, ON_FACT
from vwv_im.tables.excel import MEMBERS_SHEET, SHEET
from vwv_im.text import Language, Text

ROWS = 50_000
"""For how many rows there are drop-downs and formats."""
_WIDTH = 20
_HEAD = {
    ON: Text("Tag der Entscheidung; er bestimmt die Fassung.", "Day of the decision; it determines the Fassung."),
    ID: Text(
        "Kennung des Antrags. Zeilen mit derselben Kennung sind Stellen eines Antrags; ohne Kennung ist jede Zeile ein "
        "Antrag mit einer Stelle.",
        "Id of the application. Rows with the same id are posts of one application; without an id each row is an "
        "application with one post.",
    ),
    MEMBERS_STATED: Text(
        "ja, wenn das Blatt Mitglieder für diesen Antrag vollständig ist, auch wenn es keines nennt.",
        "ja if the sheet of members is complete for this application, even if it names none.",
    ),
}


def write_template(path: Path, question: Question = "antrag", lang: Language = "de") -> None:
    """Write a workbook to fill in for a question."""
    import xlsxwriter  # noqa: PLC0415 - an extra of its own

    with xlsxwriter.Workbook(str(path)) as book:
        template = _Template(book, lang)
        if question == "antrag":
            template.sheet(SHEET, [ON, ID, *_paths("antrag", "stelle"), MEMBERS_STATED])
            template.sheet(MEMBERS_SHEET, [ID, *_paths("mitglied")])
        else:
            template.sheet("Personen", [ON, *_paths("person")])
        template.explanation()


def _paths(*scopes: str) -> list[str]:
    return [path for path, fact in FACTS.items() if fact.scope in scopes]


class _Template:
    def __init__(self, book: Any, lang: Language) -> None:
        self.book, self.lang = book, lang
        self.head = book.add_format(
            {"bold": True, "bg_color": "#DDE7F0", "text_wrap": True, "valign": "top", "border": 1}
        )
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.day = book.add_format({"num_format": "dd.mm.yyyy"})
        self.text = book.add_format({"num_format": "@"})
        self.columns: list[tuple[str, str]] = []

    def sheet(self, name: str, paths: Iterable[str]) -> None:
        """Add a sheet with a column for each path: of a fact, or what a table says beside its facts."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, path in enumerate(paths):
            fact = _KNOWN.get(path)
            note = self._note(fact) if fact is not None and path not in _HEAD else _HEAD[path].in_(self.lang)
            sheet.write_string(0, column, path, self.head)
            sheet.write_comment(0, column, note, {"x_scale": 2.5, "y_scale": 2})
            sheet.set_column(column, column, _WIDTH, self._format(fact))
            if fact is not None and (rule := _rule(fact)):
                sheet.data_validation(1, column, ROWS, column, {"ignore_blank": True, "error_type": "warning", **rule})
            self.columns.append((path, note))

    def explanation(self) -> None:
        """Add a sheet that explains every column."""
        sheet = self.book.add_worksheet({"de": "Erklärung", "en": "Explanation"}[self.lang])
        sheet.set_column(0, 0, 45)
        sheet.set_column(1, 1, 100)
        for row, (path, note) in enumerate(self.columns):
            sheet.write_string(row, 0, path, self.head)
            sheet.write_string(row, 1, note, self.wrapped)

    def _note(self, fact: Fact) -> str:
        values = [f"{value}: {label.in_(self.lang)}" for value, label in fact.labels.items()]
        form = _FORMS[fact.type].in_(self.lang)
        unit = f" ({fact.unit})" if fact.unit else ""
        return "\n".join([f"{fact.title.in_(self.lang)}{unit}", fact.question.in_(self.lang), form, *values])

    def _format(self, fact: Fact | None) -> Any:
        if fact is None or fact.type in ("text", "auswahlliste"):
            return self.text
        return self.day if fact.type == "datum" else None


def _rule(fact: Fact) -> dict[str, Any]:
    """Return what a workbook lets be written into a column; nothing where it checks nothing."""
    match fact.type:
        case "datum":
            return {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
        case "wahrheitswert":
            return {"validate": "list", "source": ["ja", "nein"]}
        case "auswahl":
            return {"validate": "list", "source": list(fact.values)}
        case "ganzzahl" | "dezimal" if fact.limits is not None:
            kind = "integer" if fact.type == "ganzzahl" else "decimal"
            return {"validate": kind, "criteria": "between", "minimum": 0, "maximum": fact.limits.maximum}
    return {}


_KNOWN = {**FACTS, ON: ON_FACT, MEMBERS_STATED: MEMBERS_FACT}
_FORMS = {
    "auswahl": Text("Einer dieser Werte:", "One of these values:"),
    "auswahlliste": Text("Einer oder mehrere, mit Komma getrennt:", "One or more, parted by commas:"),
    "ganzzahl": Text("Eine ganze Zahl.", "A whole number."),
    "dezimal": Text("Eine Zahl, auch mit Komma.", "A number, also with a comma."),
    "datum": Text("Ein Datum, etwa 01.03.2018.", "A date, for example 01.03.2018."),
    "wahrheitswert": Text("ja oder nein.", "ja (yes) or nein (no)."),
    "text": Text("Text.", "Text."),
}
