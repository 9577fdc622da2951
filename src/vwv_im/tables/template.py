"""A workbook to fill in, made from the vocabulary: a column for each fact, drop-downs, descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from vwv_im.case.fields import FIRST_DAY, LAST_DAY
from vwv_im.case.vocabulary import Fact
from vwv_im.law.regulation import Regulation
from vwv_im.tables.cell_values import ON, ON_FACT, completeness_column, extra_column, id_of
from vwv_im.tables.excel import NewWorkbook
from vwv_im.tables.layout import inline_of
from vwv_im.tables.workbooks import sheets_of
from vwv_im.text import Language, Text, new_file, sentence

ROWS = 50_000
"""For how many rows there are drop-downs and formats."""
_WIDTH = 20
Column = tuple[str, Fact | None, Text | None]
"""A column: its name, what it states if that is a fact, and what its note says, where that is not the fact's own."""


def write_template(path: Path, law: Regulation, question: str, lang: Language = "de") -> None:
    """Write a workbook to fill in for a question: a sheet of what it is about with one list, and one for each other."""
    with new_file(path) as file:
        written = NewWorkbook(file)
        template = _Template(written.book, lang)
        for name, columns in _sheets(law, law.questions[question].wurzel):
            template.sheet(name, columns)
        template.explanation()
        written.close()


def _sheets(law: Regulation, root: str) -> Iterator[tuple[str, list[Column]]]:
    """Yield the sheets that a question needs, with their columns."""
    vocabulary, sheets = law.vocabulary, sheets_of(law.vocabulary, root)
    inline = inline_of(vocabulary, root, [id_of(root)], ())
    scopes = [root] if inline is None else [root, inline]
    apart = [scope for scope in sheets if scope not in scopes]
    ids = [(id_of(root), None, _of_id(law, root, inline))] if len(sheets) > 1 else []
    yield sheets[scopes[-1]], [(ON, ON_FACT, sentence("template_day")), *ids, *_columns(law, scopes, sheets)]
    for scope in apart:
        above = vocabulary.parent(scope) or root
        yield sheets[scope], [(id_of(above), None, _of_id(law, above)), *_columns(law, [scope], sheets)]


def _columns(law: Regulation, scopes: list[str], sheets: Mapping[str, str]) -> Iterator[Column]:
    """Yield the columns of what is stated of some scopes together, and of their lists that have sheets of their own."""
    vocabulary, (*_, last) = law.vocabulary, scopes
    lists = [one for one in sheets if vocabulary.parent(one) in scopes and one not in scopes]
    if vocabulary.parent(last) is not None and any(vocabulary.parent(one) == last for one in lists):
        yield id_of(last), None, _of_id(law, last)
    yield from ((path, fact, None) for path, fact in vocabulary.facts.items() if fact.scope in scopes)
    for one in lists:
        if (name := completeness_column(vocabulary, vocabulary.entities[one])) is not None:
            each, sheet = vocabulary.entities[vocabulary.parent(one) or one].each, sheets[one]
            note = sentence("template_list_is_complete", sheet=sheet, each=each)
            yield name, extra_column(name, "wahrheitswert"), note


def _of_id(law: Regulation, scope: str, entries: str | None = None) -> Text:
    """Return the note on an id; `entries` is the list whose rows may share it."""
    title = law.vocabulary.entities[scope].title
    if entries is None:
        return sentence("template_id_of_sheets", title=title)
    return sentence("template_id_of_rows", title=title, plural=law.vocabulary.entities[entries].plural)


class _Template:
    def __init__(self, book: Any, lang: Language) -> None:
        self.book, self.lang = book, lang
        wrapped = {"text_wrap": True, "valign": "top"}
        self.head = book.add_format({"bold": True, "bg_color": "#DDE7F0", "border": 1, **wrapped})
        self.wrapped = book.add_format(wrapped)
        self.day = book.add_format({"num_format": "dd.mm.yyyy"})
        self.text = book.add_format({"num_format": "@"})
        self.columns: list[tuple[str, str]] = []

    def sheet(self, name: str, columns: list[Column]) -> None:
        """Add a sheet."""
        sheet = self.book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, (path, fact, own) in enumerate(columns):
            note = own.in_(self.lang) if own is not None else self._note(fact) if fact is not None else ""
            sheet.write_string(0, column, path, self.head)
            sheet.write_comment(0, column, note, {"x_scale": 2.5, "y_scale": 2})
            shown_as = {"datum": self.day, "text": self.text, "auswahlliste": self.text}
            sheet.set_column(column, column, _WIDTH, shown_as.get("text" if fact is None else fact.type))
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
        form = sentence(f"template_{fact.type}").in_(self.lang)
        unit = f" ({fact.unit})" if fact.unit else ""
        return "\n".join([f"{fact.title.in_(self.lang)}{unit}", fact.question.in_(self.lang), form, *values])


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
