"""The workbook of results: the rows in the order of what matters, their reasons, and the lists as they were given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from pathlib import Path
from typing import IO, Any

import polars as pl
from polars import selectors as cs

from vwv_im.case.vocabulary import Vocabulary
from vwv_im.lang import FOLDED
from vwv_im.reasoning.columns.compiled_plan import BESIDE, MASKS
from vwv_im.reasoning.columns.masks import KIND_OF, MaskLayout
from vwv_im.tables import limits
from vwv_im.tables.cell_values import ON, RAW, raw_of
from vwv_im.tables.excel import HEADER, LINE, Column, NewWorkbook, lines_in
from vwv_im.tables.sinks import SHOWN, carried_forms, spell_masks
from vwv_im.tables.sources import NUMBER
from vwv_im.tables.table_faults import CellFault, file_error
from vwv_im.tables.words import Words
from vwv_im.text import Fault, Place, Text, sentence

Lists = Mapping[str, tuple[str, pl.DataFrame]]
"""What came of the rows of lists, by their scopes: what their sheets are called, and the rows with their masks."""
RESULTS_SHEET, REASONS_SHEET = "Ergebnis", "Gründe"
NO_LISTS: Lists = {}
NOTHING_TOLD: Mapping[str, int] = {}
_SAID = {"contradictions": "contradictory", "plausibility": "odd"}
_TOLD = {**_SAID, **{f"reasons_{verdict}": verdict for verdict in ("no", "open", "discretion")}}
"""The masks whose bits are reasons, and the word for each."""
_ALL = (1 << 64) - 1
MOST_ROWS = 1_048_576 - HEADER
"""How many rows a sheet holds below its header."""
_MOST_CHARACTERS, _MOST_LINES = 32_767, 12
_FIRST_YEAR = 1900
_FORMS = {date: "dd.mm.yyyy", datetime: "dd.mm.yyyy hh:mm:ss", Decimal: "#,##0.00####"}
_OBSTACLE, _OVERVIEW, _NEEDED, _DERIVED, _GIVEN, _LATER, _ASIDE = range(3, 10)
_PLACES = {
    "verdict": 2,
    **dict.fromkeys(("contradictions", "reasons_no"), _OBSTACLE),
    **dict.fromkeys(("missing", "plausibility"), _NEEDED),
    **dict.fromkeys(("options", "hints", "duties"), _LATER),
}
"""How soon what is said of a row comes; what is not named here is folded away."""
_MOST_FIXED = 4
_WIDEST, _WIDE, _NARROW = 90, 38, 13
_FAULTY = "#FFC7CE"


def _lines_of(rows: pl.DataFrame) -> Iterator[Sequence[Any]]:
    """Yield rows as cells: each has the value of its type, or else the text that stood there."""
    raw = raw_of(rows)
    lists = cs.list().cast(pl.List(pl.String)).list.join(", ")
    plain = carried_forms(rows).with_columns(lists).select(SHOWN, *(RAW + name for name in raw))
    texts = [plain.columns.index(RAW + name) if name in raw else None for name in rows.select(SHOWN).columns]
    for line in plain.iter_rows():
        yield [line[at] if text is None or line[at] is not None else line[text] for at, text in enumerate(texts)]


def thousands(number: int) -> Text:
    """Return a number with its thousands separated as each language does."""
    return Text(f"{number:,}".replace(",", "."), f"{number:,}")


class _Table:
    """A sheet that rows are appended to; what is wrong with a cell is marked and noted there."""

    def __init__(
        self, sink: ExcelSink, name: str, columns: Sequence[Column], fixed: int, *, named: bool = True
    ) -> None:
        if len(columns) > limits.COLUMNS:
            raise file_error(sink.path, "sheet_columns", most=thousands(limits.COLUMNS))
        self.path, self.written, self.columns = sink.path, sink.written, columns
        self.sheet = sink.written.add_sheet(name, columns, fixed=fixed, named=named)
        self.first = self.row = HEADER if named else 1
        self.filled: set[int] = set()

    def append(self, line: Sequence[Any], wrong: dict[int, str]) -> None:
        """Append a row; `wrong` says what is wrong with which of its cells."""
        lines = 1
        for at, value in enumerate(line):
            fault = wrong.get(at)
            if fault is not None:
                self.written.note(self.sheet, self.row, at, fault)
            if value is None and fault is None:
                continue
            self.filled.add(at)
            lines = max(lines, self._write(at, value, self.columns[at], faulty=fault is not None))
        if lines > 1:
            self.sheet.set_row(self.row, LINE * min(lines, _MOST_LINES))
        self.row += 1

    def _write(self, at: int, value: Any, column: Column, *, faulty: bool) -> int:
        """Write a cell; return how many lines it has."""
        look, form = self._look(value, faulty=faulty), self.sheet
        match value:
            case None:
                form.write_blank(self.row, at, None, look)
            case bool():
                form.write_boolean(self.row, at, value, look)
            case int() | float() | Decimal() if -limits.EXACT < value < limits.EXACT:  # which no infinity is, nor NaN
                form.write_number(self.row, at, float(value), look)
            case date() if getattr(value, "tzinfo", None) is None and value.year >= _FIRST_YEAR:
                form.write_datetime(self.row, at, value, look)
            case _:
                text = value.isoformat(" ") if isinstance(value, datetime) else str(value)
                if len(text) > _MOST_CHARACTERS:
                    raise file_error(
                        self.path, "cell_characters", row=self.row + 1, column=at + 1, most=_MOST_CHARACTERS
                    )
                form.write_string(self.row, at, text, look)
                return lines_in(text, column.width) if column.tall else 1
        return 1

    def _look(self, value: Any, *, faulty: bool) -> Any:
        form = _FORMS.get(type(value))
        properties: dict[str, Any] = {} if form is None else {"num_format": form}
        if isinstance(value, date):
            properties["align"] = "left"
        if faulty:
            properties |= {"bg_color": _FAULTY, "text_wrap": True}
        return self.written.look(**properties) if properties else None

    def close(self, unneeded: Sequence[int] = ()) -> None:
        """Add what needs the whole sheet: the filter, and the outline of columns that are folded away."""
        for at in unneeded:
            column = self.columns[at]
            self.sheet.set_column(at, at, column.width, column.look, {"level": 1, "hidden": True})
        if self.row > self.first:
            self.sheet.autofilter(self.first - 1, 0, self.row - 1, len(self.columns) - 1)


class ExcelSink:
    """A workbook: the rows with their results, and a sheet of reasons. Text never becomes a formula."""

    path: Path
    written: NewWorkbook
    masks: MaskLayout
    words: Words
    root: str

    def __init__(self, path: Path, file: IO[bytes], folder: str, masks: MaskLayout, words: Words, root: str) -> None:
        options = {"constant_memory": True, "tmpdir": folder}
        options |= dict.fromkeys(("strings_to_formulas", "strings_to_urls"), False)
        self.path, self.written = path, NewWorkbook(file, **options)
        self.masks, self.words, self.root = masks, words, root
        self.table: _Table | None = None
        self.reasons: list[_Table] = []
        self.wrong: dict[str, list[CellFault]] = {}

    def write(self, rows: pl.DataFrame, faults: Iterable[CellFault] = (), lists: Lists = NO_LISTS) -> None:
        """Append rows and their reasons; faults stand in the cells that have them, and in the sheets of lists."""
        own: list[CellFault] = []
        for fault in faults:
            sheet, parted, column = fault.column.rpartition("!")
            if parted and fault.column not in rows.columns:
                self.wrong.setdefault(sheet, []).append(replace(fault, column=column))
            else:
                own.append(fault)
        names = in_order(rows.select(SHOWN).columns, self.words, self.root)
        said = self._in_words(rows).select(*names, cs.starts_with("#"))
        if self.table is None:
            self.table = self._add(RESULTS_SHEET, said)
            self.reasons.append(self._add_reasons())
        numbered = rows.with_columns(pl.int_range(self.table.row + 1, self.table.row + 1 + rows.height).alias(NUMBER))
        self._append(self.table, said, own)
        told = {mask: _any_of(frame[mask] for _, frame in lists.values()) for mask in KIND_OF}
        for line in (*self._odd_entries(lists), *reasons_of(numbered, self.masks, self.words, told).iter_rows()):
            if self.reasons[-1].row > MOST_ROWS:
                self.reasons.append(self._add_reasons())
            self.reasons[-1].append(line, {})

    def _odd_entries(self, lists: Lists) -> Iterator[Sequence[Any]]:
        """Yield what rows of lists contradict, and what is not plausible of them, with their place; mark the former."""
        vocabulary = self.words.law.vocabulary
        for scope, (sheet, frame) in lists.items():
            for mask in KIND_OF:
                inner = _any_of(other[mask] for one, (_, other) in lists.items() if scope in _above(vocabulary, one))
                for at, (number, found) in enumerate(frame.select(NUMBER, mask).iter_rows(), start=HEADER + 1):
                    for name in self.masks.names(mask, (found or 0) & ~inner):
                        said = self.words.told(mask, name)
                        place = sentence("workbook.in_row", sheet=sheet, row=at, said=said).in_(self.words.lang)
                        yield None, self.words.verdict(_SAID[mask]), place, name
                        if mask == "contradictions":
                            fault = Fault(name, Place(sheet), Text(said, said))
                            self.wrong.setdefault(sheet, []).append(CellFault(number, "", "", fault))

    def write_list(self, name: str, entries: pl.DataFrame) -> None:
        """Add the sheet of a list as it was given, so that the workbook can be decided again."""
        said = self.words.spell(entries)
        table = self._add(name, said)
        self._append(table, said, self.wrong.get(name, ()))
        table.close()

    def _in_words(self, rows: pl.DataFrame) -> pl.DataFrame:
        def say(mask: str, kind: str, names: Sequence[str]) -> str:
            titles = (self.words.title(kind, name, negated=mask == "reasons_no") for name in names)
            return (", " if kind == "facts" else "\n").join(titles)

        return self.words.spell(spell_masks(rows, self.masks, say))

    def _append(self, table: _Table, rows: pl.DataFrame, faults: Iterable[CellFault]) -> None:
        places = {column.name: at for at, column in enumerate(table.columns)}
        whole = places.get("verdict", 0)
        wrong: dict[int, dict[int, str]] = {}
        for one in faults:
            cells = wrong.setdefault(one.row, {})
            at = places.get(one.column, whole)
            told = (one.fault.message, one.fault.hint) if one.fault.hint else (one.fault.message,)
            text = " ".join(part.in_(self.words.lang) for part in told)
            cells[at] = f"{cells[at]}\n{text}" if at in cells else text
        for number, line in zip(rows[NUMBER], _lines_of(rows), strict=True):
            table.append(line, wrong.get(number, {}))

    def _add(self, name: str, rows: pl.DataFrame) -> _Table:
        columns = [self._column(one, dtype) for one, dtype in rows.select(SHOWN).schema.items()]
        verdict = next((at for at, one in enumerate(columns, start=1) if one.name == "verdict"), 1)
        return _Table(self, name, columns, min(verdict, _MOST_FIXED))

    def _column(self, name: str, dtype: pl.DataType) -> Column:
        heading, wrap = self.words.heading(name), self.written.look(text_wrap=True)
        rank = _rank(name, self.words)
        if name.rpartition(".")[2] in (*MASKS, *BESIDE):
            return Column(name, heading, _WIDEST if rank == _LATER else _WIDE, wrap, tall=rank != _ASIDE)
        if name == "verdict":
            return Column(name, heading, _NARROW, self.written.look(text_wrap=True, bold=True), tall=True)
        if not isinstance(dtype, pl.String | pl.List):
            return Column(name, heading, 20)
        return Column(name, heading, _NARROW if rank == 0 else 22, wrap, tall=True)

    def _add_reasons(self) -> _Table:
        heads, widths = ("row", "verdict", "requirement", "rule"), (18, 12, 90, 36)
        said = (sentence(f"workbook.{one}").in_(self.words.lang) for one in heads)
        wrap = self.written.look(text_wrap=True)
        columns = [Column(*one, wrap, tall=True) for one in zip(heads, said, widths, strict=True)]
        number = f" {len(self.reasons) + 1}" if self.reasons else ""
        return _Table(self, REASONS_SHEET + number, columns, 0, named=False)

    def close(self) -> None:
        """Finish the file; columns of results are folded away that are empty, or only of use to who asks for more."""
        if self.table is not None:
            results = ((at, one.name) for at, one in enumerate(self.table.columns) if self.words.is_result(one.name))
            filled = self.table.filled
            self.table.close([at for at, name in results if at not in filled or _rank(name, self.words) == _ASIDE])
        for table in self.reasons:
            table.close()
        self.written.close()


def _rank(name: str, words: Words) -> int:
    """Return how soon a column comes: what a row is called, the result, what stands in the way, the amounts."""
    mask, fact = name.rpartition(".")[2], words.law.vocabulary.facts.get(name)
    if name in words.derived:
        return _OVERVIEW if words.derived[name].ueberblick else _DERIVED
    if words.is_result(name):
        if mask != name:  # what is said of an entry; the top says it too
            return _OBSTACLE if mask == "reasons_no" else _ASIDE
        return _PLACES.get(mask, _ASIDE)
    if name == ON:
        return 1
    named = fact.private if fact is not None else "." not in name and words.is_known(name)
    return 0 if named else _GIVEN


def in_order(names: Sequence[str], words: Words, root: str) -> list[str]:
    """Return columns in the order of what matters to whoever reads the table."""
    first = next((at for at, name in enumerate(names) if name in words.law.vocabulary.facts), 0)

    def key(at: int) -> tuple[int, int, bool, int]:
        name, rank = names[at], _rank(names[at], words)
        if rank == _GIVEN and at < first:  # what stands before all facts tells which row it is
            rank = 0
        mask, top = name.rpartition(".")[2], name.startswith(f"{root}.") or "." not in name
        within = list(_PLACES).index(mask) if mask in _PLACES else 0
        later = {0: False, _GIVEN: False, _OBSTACLE: not top}.get(rank, top)
        return rank, within, later, at

    return [names[at] for at in sorted(range(len(names)), key=key)]


def _above(vocabulary: Vocabulary, scope: str | None) -> Iterator[str]:
    while scope is not None and (scope := vocabulary.parent(scope)) is not None:
        yield scope


def _any_of(masks: Iterable[pl.Series]) -> int:
    return reduce(or_, (mask or 0 for column in masks for mask in column.unique()), 0)


def reasons_of(
    rows: pl.DataFrame, masks: MaskLayout, words: Words, told: Mapping[str, int] = NOTHING_TOLD
) -> pl.DataFrame:
    """Return for each row what contradicts itself, is not plausible, or is not met: row, verdict, title, id.

    Where several rows are entries of one record, a row has its own reasons and those of the record. What is `told` of
    the rows of lists is left out.
    """
    found = []
    own = next((name.partition(".")[0] for name in rows.columns if name.endswith(".reasons_no")), "")
    for column, name in _TOLD.items():
        notes, word = column in KIND_OF, words.verdict(name)
        kind, mask = column if notes else "requirements", pl.col(column)
        if own:
            scopes, each = words.law.vocabulary.scopes(own), f"{own}.{column}"
            mine = _any_of([rows[each]]) if column == "contradictions" else masks.about(*scopes, notes=notes)
            mask = (mask & pl.lit(~mine & _ALL, pl.UInt64)) | pl.col(each)
        kept = ~told.get(column, 0) & _ALL if notes else masks.of_art(*FOLDED)
        mask &= pl.lit(kept, pl.UInt64)
        number, said = pl.col(NUMBER).alias("row"), pl.lit(word).alias("verdict")
        every = rows.select(number, mask.alias("mask"), said).filter(pl.col("mask") > 0)
        known = every["mask"].unique()
        names = [masks.names(kind, one) for one in known]
        titles = [[words.told(kind, one) for one in listed] for listed in names]
        texts = (
            (key, pl.Series(key, texts, pl.List(pl.String))) for key, texts in (("title", titles), ("rule", names))
        )
        decoded = pl.DataFrame({"mask": known, **dict(texts)})
        found.append(every.join(decoded, on="mask", how="left").explode("title", "rule"))
    return pl.concat(found).sort("row", maintain_order=True).select("row", "verdict", "title", "rule")
