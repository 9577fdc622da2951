"""A workbook to fill in, made from the vocabulary: a column for each fact, drop-downs, descriptions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from vwv_im.case.fields import FIRST_DAY, LAST_DAY
from vwv_im.case.vocabulary import Fact
from vwv_im.law.regulation import Regulation
from vwv_im.tables.cell_values import ON, ON_FACT, completeness_column, extra_column, id_of
from vwv_im.tables.excel import HEADER, LINE, Column, NewWorkbook, lines_in
from vwv_im.tables.layout import inline_of
from vwv_im.tables.words import Words
from vwv_im.tables.workbooks import sheets_of
from vwv_im.text import Language, Text, new_file, sentence

_TEXT = {"num_format": "@"}
_LOOKS: Mapping[str, Mapping[str, str]] = {
    "datum": {"num_format": "dd.mm.yyyy", "align": "left"},
    **dict.fromkeys(("text", "auswahl", "auswahlliste", "wahrheitswert"), _TEXT),
}
ROWS = 50_000
"""For how many rows there are drop-downs and formats."""
_WIDTHS = (16, 30, 62, 46, 40)


class _Asked(NamedTuple):
    """A column: its name, what it states if that is a fact, and its note, where that is not the fact's own."""

    name: str
    fact: Fact | None
    note: Text | None = None


def write_template(path: Path, law: Regulation, question: str, lang: Language = "de") -> None:
    """Write a workbook to fill in for a question: a sheet of what it is about with one list, and one for each other."""
    with new_file(path) as file:
        written = NewWorkbook(file)
        template = _Template(written, Words(law, lang))
        for name, columns in _sheets(law, law.questions[question].wurzel):
            template.sheet(name, columns)
        template.explanation()
        template.choices()
        written.close()


def _sheets(law: Regulation, root: str) -> Iterator[tuple[str, list[_Asked]]]:
    """Yield the sheets that a question needs, with their columns."""
    vocabulary, sheets = law.vocabulary, sheets_of(law.vocabulary, root)
    inline = inline_of(vocabulary, root, [id_of(root)], ())
    scopes = [root] if inline is None else [root, inline]
    apart = [scope for scope in sheets if scope not in scopes]
    ids = [_Asked(id_of(root), None, _of_id(law, root, inline))] if len(sheets) > 1 else []
    day = _Asked(ON, ON_FACT, sentence("template_day"))
    yield sheets[scopes[-1]], _named_first([*ids, day, *_columns(law, scopes, sheets)])
    for scope in apart:
        above = vocabulary.parent(scope) or root
        columns = [_Asked(id_of(above), None, _of_id(law, above)), *_columns(law, [scope], sheets)]
        yield sheets[scope], _named_first(columns)


def _named_first(columns: list[_Asked]) -> list[_Asked]:
    """Return columns in which those come first that tell which row it is: ids, and what something is called."""
    return sorted(columns, key=lambda one: one.fact is not None and not one.fact.private)


def _columns(law: Regulation, scopes: list[str], sheets: Mapping[str, str]) -> Iterator[_Asked]:
    """Yield the columns of what is stated of some scopes together, and of their lists that have sheets of their own."""
    vocabulary, (*_, last) = law.vocabulary, scopes
    lists = [one for one in sheets if vocabulary.parent(one) in scopes and one not in scopes]
    if vocabulary.parent(last) is not None and any(vocabulary.parent(one) == last for one in lists):
        yield _Asked(id_of(last), None, _of_id(law, last))
    yield from (_Asked(path, fact) for path, fact in vocabulary.facts.items() if fact.scope in scopes)
    for one in lists:
        if (name := completeness_column(vocabulary, vocabulary.entities[one])) is not None:
            each, sheet = vocabulary.entities[vocabulary.parent(one) or one].each, sheets[one]
            note = sentence("template_list_is_complete", sheet=sheet, each=each)
            yield _Asked(name, extra_column(name, "wahrheitswert"), note)


def _of_id(law: Regulation, scope: str, entries: str | None = None) -> Text:
    """Return the note on an id; `entries` is the list whose rows may share it."""
    title = law.vocabulary.entities[scope].title
    if entries is None:
        return sentence("template_id_of_sheets", title=title)
    return sentence("template_id_of_rows", title=title, plural=law.vocabulary.entities[entries].plural)


class _Template:
    def __init__(self, written: NewWorkbook, words: Words) -> None:
        self.written, self.words = written, words
        self.told: list[tuple[str, ...]] = []
        self.lists: dict[tuple[str, ...], str] = {}

    def sheet(self, name: str, asked: list[_Asked]) -> None:
        """Add a sheet."""
        columns = []
        for one in asked:
            what, how = self._explained(one)
            look = self.written.look(**_LOOKS.get("text" if one.fact is None else one.fact.type, {}))
            heading = self.words.heading(one.name)
            columns.append(Column(one.name, heading, 20, look, f"{what}\n{how}".strip()))
            self.told.append((name, heading, what, how, one.name))
        fixed = next((at for at, one in enumerate(asked) if one.fact is not None and not one.fact.private), 0)
        sheet = self.written.add_sheet(name, columns, fixed=fixed)
        for at, one in enumerate(asked):
            if rule := self._rule(one):
                sheet.data_validation(HEADER, at, ROWS, at, {"ignore_blank": True, "error_type": "warning", **rule})
        sheet.autofilter(HEADER - 1, 0, ROWS, len(columns) - 1)

    def explanation(self) -> None:
        """Add a sheet that explains every column."""
        looks = [self.written.look(text_wrap=True, bold=at == 1) for at in range(len(_WIDTHS))]
        heads = (self._say(head) for head in ("sheet", "column", "what", "how", "name"))
        columns = [Column("", *one) for one in zip(heads, _WIDTHS, looks, strict=True)]
        sheet = self.written.add_sheet(self._say("explanation"), columns, named=False, fixed=2)
        for row, cells in enumerate(self.told, start=1):
            sheet.set_row(row, LINE * max(map(lines_in, cells, _WIDTHS)) + 3)
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell)
        sheet.autofilter(0, 0, len(self.told), len(columns) - 1)

    def choices(self) -> None:
        """Add the sheet of what may be picked, if there is anything."""
        if not self.lists:
            return
        columns = [Column("", heading, 34) for heading in self.lists.values()]
        sheet = self.written.add_sheet(self._say("choices"), columns, named=False)
        for at, words in enumerate(self.lists):
            for row, word in enumerate(words, start=1):
                sheet.write_string(row, at, word)

    def _say(self, name: str) -> str:
        return sentence(f"workbook.{name}").in_(self.words.lang)

    def _explained(self, asked: _Asked) -> tuple[str, str]:
        """Return what a column asks, and what is to be entered."""
        fact, lang = asked.fact, self.words.lang
        if asked.note is not None or fact is None:
            return "" if asked.note is None else asked.note.in_(lang), ""
        form = sentence("template_choice" if fact.choice else f"template_{fact.type}").in_(lang)
        return fact.question.in_(lang), " ".join([form, ", ".join(self._words(fact))]).strip()

    def _words(self, fact: Fact) -> tuple[str, ...]:
        labels = self.words.labels(fact.path)
        return tuple(labels.get(value, value) for value in fact.values)

    def _rule(self, asked: _Asked) -> dict[str, Any]:
        """Return what a workbook lets be written into a column; nothing where it checks nothing."""
        fact = asked.fact
        if fact is None:
            return {}
        match fact.type:
            case "datum":
                return {"validate": "date", "criteria": "between", "minimum": FIRST_DAY, "maximum": LAST_DAY}
            case "wahrheitswert":
                return {"validate": "list", "source": ["ja", "nein"]}
            case "auswahl":
                return self._picked(fact, self._words(fact))
            case "text" if fact.choice is not None:
                return self._picked(fact, fact.choice.names)
            case "ganzzahl" | "dezimal" if fact.limits is not None:
                kind = "integer" if fact.type == "ganzzahl" else "decimal"
                return {"validate": kind, "criteria": "between", "minimum": 0, "maximum": fact.limits.maximum}
        return {}

    def _picked(self, fact: Fact, words: tuple[str, ...]) -> dict[str, Any]:
        """Return the rule that a cell is one of some words, which stand in the sheet of choices."""
        self.lists.setdefault(words, self.words.heading(fact.path))
        at = xl_col_to_name(list(self.lists).index(words))
        return {"validate": "list", "source": f"='{self._say('choices')}'!${at}$2:${at}${len(words) + 1}"}
