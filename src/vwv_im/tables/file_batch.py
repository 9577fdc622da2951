"""Deciding a file: every row gets its results or its faults are listed; no half file is left under the final name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Any

import polars as pl

from vwv_im.decision.request import Request
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.schedule import TOP, TableName
from vwv_im.tables.cell_values import ON, id_of
from vwv_im.tables.contents import JSON_LINES, TEXTS, WORKBOOKS, refuse_other_content
from vwv_im.tables.frames import MOST_TOLD, Decided, Job
from vwv_im.tables.json_lines import RESULTS, decide_lines, json_source, more_lines, table_of_lines
from vwv_im.tables.layout import Tables, inline_of
from vwv_im.tables.result_book import MOST_ROWS, ExcelSink, Lists, thousands
from vwv_im.tables.sinks import CsvSink, JsonlSink, ParquetSink, escape_formulas
from vwv_im.tables.sources import NUMBER, SURPLUS, Ids, Source, whole_records
from vwv_im.tables.table_faults import CellFault, FrameError, TableFault, file_error, other_question
from vwv_im.tables.text_files import CsvSource, csv_source
from vwv_im.tables.words import Words, headings_of
from vwv_im.tables.workbooks import ExcelSource, excel_source, sheets_of
from vwv_im.text import (
    Fault,
    Language,
    Place,
    Progress,
    Text,
    fault_of,
    folder_beside,
    new_file,
    refuse_inputs,
    sentence,
    silent,
    system_said,
)

AT_ONCE = 25_000
Rows = pl.DataFrame | list[dict[str, Any]]
"""Rows with their results; those of cases in JSON Lines that become JSON Lines again are objects."""
Sink = CsvSink | ExcelSink | JsonlSink | ParquetSink
DecidedPiece = tuple[Rows, list[CellFault], Lists]
"""Rows with their results, the faults among them, and what came of the rows of their lists."""
ENDINGS = (".csv", ".parquet", *JSON_LINES, ".xlsx")
SOURCES = (*TEXTS, ".parquet", *JSON_LINES, *WORKBOOKS)
_OF_WHOLE_ROWS = ("VIM183", "VIM184")
_FAULT_COLUMNS = ("zeile", "spalte", "wert", "code", "meldung", "hinweis")


@dataclass
class Summary:
    """What came of a file: its rows, its faults, and how many records had each outcome and each verdict.

    Where several rows may be one record, `key` is the column of its id. `replaced`: there were results already.

    `sheets` are those that were read, of a workbook; not read were `unread`, as they are hidden, and `unknown`, as no
    list is called like them.
    """

    rows: int = 0
    faults: int = 0
    key: str | None = None
    outcomes: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    replaced: bool = False
    sheets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def add(self, rows: Rows, faults: Sequence[CellFault]) -> None:
        """Count rows with their results, and the faults among them."""
        records = rows
        if isinstance(records, pl.DataFrame):
            if self.key is not None:  # its rows follow one another; one without an id is a record of its own
                own = pl.col(self.key)
                records = records.filter(own.is_null() | own.is_first_distinct())
            records = records.select("outcome", "verdict").to_dicts()
        self.outcomes.update(one["outcome"] for one in records)
        self.verdicts.update(one["verdict"] for one in records if one.get("verdict") is not None)
        self.rows += len(rows)
        self.faults += len(faults)


@dataclass
class Batch:
    """A file to be decided, and where the results go; faults go to a file next to them.

    `sheets` are those to be read of a workbook, if only some are; `read` is what else the same call reads.
    """

    source: Path
    target: Path
    law: Regulation
    request: Request
    dated: bool
    lang: Language = "de"
    progress: Progress = silent
    at_once: int = AT_ONCE
    sheets: Sequence[str] = ()
    read: Sequence[Path] = ()

    @cached_property
    def job(self) -> Job:
        """What is done with each piece of the file."""
        return Job(self.law, self.request)

    def _open(self) -> Source | None:
        """Look at the source, recognised by its ending; `None` for JSON Lines that hold cases."""
        path, law = self.source, self.law
        if not path.is_file():
            raise file_error(path, "no_such_file")
        ending = path.suffix.lower()
        if self.sheets and ending not in WORKBOOKS:
            raise file_error(path, "sheet_of_no_workbook")
        try:
            if ending in SOURCES:
                refuse_other_content(path, ending)
            match ending:
                case ending if ending in TEXTS:
                    return csv_source(path, law, self.job.root)
                case ".parquet":
                    from vwv_im.tables.parquet_files import parquet_source  # noqa: PLC0415 - with Arrow, when needed

                    return parquet_source(path, law)
                case ending if ending in WORKBOOKS:
                    return self._of_this_question(excel_source(path, law, self.job.root, self.sheets))
                case ending if ending in JSON_LINES:
                    return json_source(path, law)
                case ".xls" | ".xlsb":
                    raise file_error(path, "old_workbook")
        except OSError as error:
            raise file_error(path, "table_unreadable", why=system_said(error)) from None
        raise file_error(path, "unknown_table_ending", known=", ".join(SOURCES))

    def _of_this_question(self, source: ExcelSource) -> ExcelSource:
        """Return a workbook, unless sheets of it are called as those of another question are."""
        known = {
            name: {*sheets_of(self.law.vocabulary, one.wurzel).values()} for name, one in self.law.questions.items()
        }
        asked = self.request.question
        strange = {source.sheet, *source.unknown} - known[asked]
        if fitting := [name for name, sheets in known.items() if strange and strange <= sheets]:
            raise FrameError([other_question(Place(str(source.path)), asked, fitting)])
        return source

    def run(self) -> Summary:
        """Decide the file.

        Raises `FrameError` where it cannot be read, or lacks what is needed; then nothing is written.
        """
        if self.target.suffix.lower() not in ENDINGS:
            raise file_error(self.target, "unknown_table_ending", known=", ".join(ENDINGS))
        if not self.target.parent.is_dir():
            raise file_error(self.target, "no_such_directory")
        for written in (self.target, self._fault_file):
            refuse_inputs(written, (self.source, *self.read))
        source = self._open()
        more_than = partial(more_lines, self.source) if source is None else source.more_than
        if self.target.suffix.lower() == ".xlsx" and more_than(MOST_ROWS):  # refused before any work is done
            raise file_error(self.target, "sheet_rows", most=thousands(MOST_ROWS))
        try:
            return self._write_both(source)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            shown = str(error).splitlines()[0][:200]
            raise file_error(self.source, "damaged", error=shown) from None

    def _write_both(self, source: Source | None) -> Summary:
        """Write results and faults; both files appear when all is written, the results last."""
        summary, read = Summary(), (self.source, *self.read)
        if source is not None:
            summary.sheets = tuple(filter(None, (source.sheet, *(table.name for table in source.lists.values()))))
            summary.unread, summary.unknown = source.unread, source.unknown
        with (
            new_file(self.target, read) as part,
            new_file(self._fault_file, read) as faults,
            folder_beside(self.target) as folder,
        ):
            own = Path(folder)
            pieces = self._decide_lines(summary) if source is None else self._decide_pieces(source, own, summary)
            with closing(self._sink(part, folder, source)) as sink:
                faults.write(_csv_of_faults([], self.lang, head=True))
                for rows, found, lists in pieces:
                    summary.add(rows, found)
                    said = [one if source is None else replace(one, column=source.title(one.column)) for one in found]
                    faults.write(_csv_of_faults(said, self.lang))
                    if isinstance(rows, pl.DataFrame):
                        sink.write(rows, found, lists) if isinstance(sink, ExcelSink) else sink.write(rows)
                    elif isinstance(sink, JsonlSink):
                        sink.write_objects(rows)
                if not summary.rows:
                    raise file_error(self.source, "no_rows")
                if isinstance(sink, ExcelSink) and source is not None:
                    for sheet in source.lists.values():
                        sink.write_list(sheet.name, sheet.with_types(sheet.cells, sheet.names, source.cells))
        if not summary.faults:
            self._fault_file.unlink(missing_ok=True)
        return summary

    @property
    def _fault_file(self) -> Path:
        return self.target.with_name(f"{self.target.name}.fehler.csv")

    def _sink(self, part: IO[bytes], folder: str, source: Source | None) -> Sink:
        masks = self.job.evaluator.masks
        match self.target.suffix.lower():
            case ".csv":
                return CsvSink(part, masks, ";" if source is None else source.separator)
            case ".parquet":
                return ParquetSink(part, masks)
            case ".xlsx":
                words = Words(self.law, self.lang, self.law.questions[self.job.request.question])
                return ExcelSink(self.target, part, folder, masks, words, self.job.root)
        return JsonlSink(part, masks)

    def _decide_pieces(self, source: Source, folder: Path, summary: Summary) -> Iterator[DecidedPiece]:
        names, ids = self.job.result_names(), Ids(folder)
        earlier = [name for name in source.columns if name in names]
        summary.replaced = bool(earlier)
        carried = [name for name in source.columns if name not in earlier]
        self._check_facts(source, carried)
        unchanged = isinstance(source, CsvSource) and self.target.suffix.lower() == ".csv"
        summary.key = self.job.record_key(carried)
        key = None if source.whole else summary.key
        pieces = source.pieces(self.at_once)
        for piece in pieces if key is None else whole_records(pieces, key):
            if key is not None:
                ids.add(piece[key])
            decided, found = self._decide_piece(source, piece.drop(earlier))
            rows = decided.rows.with_columns(piece[NUMBER])
            faults = list(number_faults(found, piece, source, self.job.names))
            lists = {
                scope: (source.lists[name].name, decided.lists[name].with_columns(source.lists[name].cells[NUMBER]))
                for scope, name in self.job.names.items()
                if name in decided.lists
            }
            yield rows if unchanged else source.with_types(rows, carried), faults, lists
            self.progress(source.read, source.total)
        repeated = ids.find_repeated()
        if key is not None and repeated and (scattered := self._scattered_records(key, repeated)):
            raise FrameError(scattered)

    def _decide_piece(self, source: Source, rows: pl.DataFrame) -> tuple[Decided[pl.DataFrame], list[TableFault]]:
        on = None if self.dated or ON in source.columns else self.request.on
        if not self.dated and ON in rows.columns:  # a row that leaves its day blank has that of the request
            day = pl.lit(self.request.on if rows.schema[ON] == pl.Date else self.request.on.isoformat())
            rows = rows.with_columns(pl.col(ON).fill_null(day))
        return self.job.decide(tables_of(self.job, source, rows, on))

    def _scattered_records(self, key: str, repeated: Collection[int]) -> list[Fault]:
        """Return where rows of records stand apart from the others of the same record."""
        source = self._open()
        assert source is not None
        seen: dict[str, int] = {}
        faults: list[Fault] = []
        column, last, title = source.columns.index(key) + 1, None, self.law.vocabulary.entities[self.job.root].title
        said: dict[str, Any] = {"title": Text(title.de, title.en.lower()), "key": key}
        for piece in source.pieces(self.at_once):
            ids = piece.select(NUMBER, pl.col(key).cast(pl.String))
            begins = pl.col(key).ne_missing(pl.col(key).shift(1, fill_value=last))
            last = ids[key][-1]
            for number, name in ids.filter(begins, pl.col(key).hash(seed=0).is_in(list(repeated))).iter_rows():
                if name in seen and len(faults) < MOST_TOLD:
                    place = source.place(number, column)
                    faults.append(fault_of("rows_apart", place, key, name=name, first=seen[name], **said))
                seen.setdefault(name, number)
        return faults

    def _check_facts(self, source: Source, carried: Collection[str]) -> None:
        """Refuse a table in which no column states anything: every row of it would be open."""
        if source.lists or any("." in name for name in carried):
            return
        vocabulary = self.law.vocabulary
        asked = [fact for fact in vocabulary.facts.values() if fact.scope in vocabulary.scopes(self.job.root)]
        short = {fact.key: fact.path for fact in asked}
        usual = inline_of(vocabulary, self.job.root, [id_of(self.job.root)], ()) or self.job.root
        known = [fact for fact in asked if fact.scope == usual]
        numbers = (fact.path for fact in known if fact.limits is not None)
        meant = next((short[name.lower()] for name in carried if name.lower() in short), next(numbers, known[0].path))
        raise FrameError(
            [fault_of("no_column_of_a_fact", source.place(1, 1), name=meant, words=headings_of(self.law)[meant])]
        )

    def _decide_lines(self, summary: Summary) -> Iterator[DecidedPiece]:
        earlier, total = RESULTS | self.job.result_names(), self.source.stat().st_size
        for lines, read in decide_lines(self.source, self.law, self.request, earlier, dated=self.dated):
            summary.replaced |= any(line.replaced for line in lines)
            rows: Rows = [line.to_dict() for line in lines]
            if self.target.suffix.lower() not in JSON_LINES:
                rows = table_of_lines(lines, self.job.evaluator, self.job.root)
            yield rows, [fault for line in lines for fault in line.faults], {}
            self.progress(read, total)


def number_faults(
    faults: list[TableFault], piece: pl.DataFrame, source: Source, names: Mapping[TableName, str]
) -> Iterator[CellFault]:
    """Yield the faults with the numbers of their rows, in the order of the tables, rows and columns."""
    places: dict[str, int] = {}
    for name in (*source.columns, *(name for table in source.lists.values() for name in table.cells.columns)):
        places.setdefault(name, len(places))
    tables = list(names)

    def numbered(fault: CellFault, numbers: pl.Series) -> CellFault:
        told = fault.fault
        if fault.other is not None:
            told = replace(told, message=sentence("workbook.other_row", said=told.message, row=numbers[fault.other]))
        return replace(fault, row=numbers[fault.row], fault=told)

    def place(one: TableFault) -> tuple[int, int, int]:
        table = -1 if one[0] == TOP else tables.index(one[0])
        return table, one[1].row, places.get(one[1].column, -1)

    for table, fault in sorted(faults, key=place):
        if table != TOP:
            entries = source.lists[names[table]]
            yield replace(numbered(fault, entries.cells[NUMBER]), column=f"{entries.name}!{fault.column}")
        else:
            beyond = fault.fault.code in _OF_WHOLE_ROWS and SURPLUS in piece.columns
            value = (piece[SURPLUS][fault.row] or "") if beyond else fault.value
            yield replace(numbered(fault, piece[NUMBER]), value=value)


def tables_of(job: Job, source: Source, piece: pl.DataFrame, on: date | None) -> Tables:
    """Return a piece of a file as tables ready to be decided; faults of whole tables are placed in the file."""
    lists = {name: table.cells.drop(NUMBER) for name, table in source.lists.items()}
    try:
        return job.tables(piece.drop(SURPLUS, strict=False), lists, on, source.cells)
    except FrameError as error:
        raise FrameError([_place_in_file(fault, source) for fault in error.faults]) from None


def _place_in_file(fault: Fault, source: Source) -> Fault:
    """Place a fault of a whole table in its file."""
    table = fault.place.file.removeprefix("<").removesuffix(">")
    if table in source.lists:
        return replace(fault, place=Place(f"{source.path}, {source.lists[table].name}", 1, 1))
    column = source.columns.index(fault.path) + 1 if fault.path in source.columns else 1
    return replace(fault, place=source.place(1, column))


def _csv_of_faults(faults: Sequence[CellFault], lang: Language, *, head: bool = False) -> bytes:
    cells = [
        (one.row, one.column, one.value, one.fault.code, one.fault.message.in_(lang),
         one.fault.hint.in_(lang) if one.fault.hint else "")
        for one in faults
    ]  # fmt: skip
    rows = pl.DataFrame(cells, dict.fromkeys(_FAULT_COLUMNS, pl.String) | {"zeile": pl.Int64}, orient="row")
    return ("\ufeff" * head + escape_formulas(rows).write_csv(separator=";", include_header=head)).encode()
