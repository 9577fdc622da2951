"""Deciding a file: every row is answered or its faults are told, and no half file is left under the final name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import polars as pl

from vwv_im.case import FACTS
from vwv_im.decision.request import Request
from vwv_im.lang.truth import FOLDED
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.bits import Bits
from vwv_im.reasoning.columns.program import MASKS, REASONS
from vwv_im.tables.faults import CellFault, FrameError
from vwv_im.tables.frames import MOST_TOLD, Job, Outcome
from vwv_im.tables.ids import Ids
from vwv_im.tables.layout import ID, ON, Tables
from vwv_im.tables.lines import RESULTS, Answered, answered_lines
from vwv_im.tables.opening import ENDINGS, JSON_LINES, open_source, unknown_ending
from vwv_im.tables.reading import NUMBER, SURPLUS, CsvSource, Source, place_in, unreadable
from vwv_im.tables.reading_excel import MEMBERS_SHEET, ExcelSource
from vwv_im.tables.reading_json import numbered_lines
from vwv_im.tables.whole import whole_applications
from vwv_im.tables.writing import (
    KINDS,
    CsvSink,
    JsonlSink,
    ParquetSink,
    Sink,
    folder_beside,
    harmless,
    whole_file,
)
from vwv_im.tables.writing_excel import MOST_ROWS, ExcelSink
from vwv_im.text import Fault, Language, Place, Text

AT_ONCE = 60_000
Progress = Callable[[int, int], None]
"""Told how much of the file is done, and how much there is."""
Found = tuple[pl.DataFrame | list[Answered], list[CellFault]]
"""Rows with their results, and the faults among them."""
_LINES_AT_ONCE = 10_000
_OF_WHOLE_ROWS = ("VIM183", "VIM184")
_FAULT_COLUMNS = ("zeile", "spalte", "wert", "code", "meldung", "hinweis")


@dataclass
class Summary:
    """What came of a file: its rows, its faults, how many rows had each outcome, and whether it had results already."""

    rows: int = 0
    faults: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    replaced: bool = False


@dataclass
class Batch:
    """A file to be decided, and where the results go; faults go to a file beside them."""

    source: Path
    target: Path
    law: Regulation
    request: Request
    dated: bool
    lang: Language = "de"
    progress: Progress = lambda _done, _total: None
    at_once: int = AT_ONCE

    @property
    def fault_file(self) -> Path:
        """Where the faults are told, cell by cell."""
        return self.target.with_name(f"{self.target.name}.fehler.csv")

    def run(self) -> Summary:
        """Decide the file.

        Raises `FrameError` where it cannot be read, or lacks what is needed; then nothing is written.
        """
        if self.target.suffix.lower() not in ENDINGS:
            raise unknown_ending(self.target)
        if not self.target.parent.is_dir():
            raise unreadable(self.target, "Das Verzeichnis gibt es nicht.", "There is no such directory.")
        if self.target.resolve() == self.source.resolve():
            raise unreadable(self.target, "Quelle und Ziel sind dieselbe Datei.", "Source and target are one file.")
        source = open_source(self.source)
        self._check_count(source)
        if source is None:
            return self._written(None)
        try:
            return self._written(source)
        except pl.exceptions.PolarsError as error:
            shown = str(error).splitlines()[0][:200]
            raise unreadable(self.source, "Die Datei ist beschädigt.", f"The file is damaged: {shown}") from None

    def _check_count(self, source: Source | None) -> None:
        """Refuse more rows than a workbook holds before any work is done."""
        if self.target.suffix.lower() != ".xlsx" or not self._more_than(source, MOST_ROWS):
            return
        most = f"{MOST_ROWS:,}"
        raise unreadable(
            self.target,
            f"Ein Blatt fasst höchstens {most.replace(',', '.')} Zeilen, die Quelle hat mehr. Wählen Sie .csv.",
            f"A sheet holds at most {most} rows, the source has more. Choose .csv.",
        )

    def _more_than(self, source: Source | None, rows: int) -> bool:
        if source is not None:
            return source.more_than(rows)
        with self.source.open("rb") as file:
            return any(count > rows for count, _ in enumerate(numbered_lines(file), start=1))

    def _written(self, source: Source | None) -> Summary:
        """Write results and faults; both files appear when all is written, the results last."""
        summary = Summary()
        with (
            whole_file(self.target) as part,
            whole_file(self.fault_file) as told,
            folder_beside(self.target) as folder,
        ):
            self._write(source, part, told, folder, summary)
        if not summary.faults:
            self.fault_file.unlink()
        return summary

    def _write(self, source: Source | None, part: Path, told: Path, folder: Path, summary: Summary) -> None:
        pieces = self._lines(summary) if source is None else self._pieces(source, folder, summary)
        with told.open("wb") as faults, closing(self._sink(part, folder, source)) as sink:
            _write_faults(faults, [], self.lang, head=True)
            for rows, found in pieces:
                _count(summary, rows, found)
                _write_faults(faults, found, self.lang)
                _append(sink, rows)
            if not summary.rows:
                raise unreadable(self.source, "Die Datei hat keine Zeilen.", "The file has no rows.")
            if isinstance(sink, ExcelSink) and isinstance(source, ExcelSource) and source.listed is not None:
                sink.write_members(source.listed.typed(source.listed.cells, source.listed.names))

    def _sink(self, part: Path, folder: Path, source: Source | None) -> Sink:
        bits = Job(self.law, self.request).answers.bits
        match self.target.suffix.lower():
            case ".csv":
                return CsvSink(part.open("wb"), ";" if source is None else source.separator, bits)
            case ".parquet":
                names = {"vwv_im.requirements": bits.requirements, "vwv_im.missing": bits.facts}
                names |= {
                    "vwv_im.requirements.art": bits.arts,
                    "vwv_im.contradictions": bits.contradictions,
                    "vwv_im.duties": bits.duties,
                }
                return ParquetSink(part, {name: ",".join(each) for name, each in names.items()})
            case ".xlsx":
                return ExcelSink(part, folder, bits, self._titles())
        return JsonlSink(part.open("wb"), bits)

    def _titles(self) -> dict[str, str]:
        rules = (item for item in self.law.rules if item.model.art in FOLDED)
        return {item.id: item.model.titel.text.in_(self.lang) for item in rules}

    def _pieces(self, source: Source, folder: Path, summary: Summary) -> Iterator[Found]:
        job, ids = Job(self.law, self.request), Ids(folder)
        earlier = [name for name in source.columns if name in job.result_names()]
        summary.replaced = bool(earlier)
        carried = [name for name in source.columns if name not in earlier]
        _check_facts(source, carried)
        unchanged = isinstance(source, CsvSource) and self.target.suffix.lower() == ".csv"
        parted = ID in carried and not source.whole and self.request.question == "antrag"
        pieces = source.pieces(self.at_once)
        for piece in whole_applications(pieces, ID) if parted else pieces:
            if parted:
                ids.add(piece[ID])
            outcome = self._decided(job, source, piece.drop(earlier))
            rows = outcome.rows.with_columns(piece[NUMBER])
            yield rows if unchanged else source.typed(rows, carried), _told(outcome, piece, source)
            self.progress(source.read, source.total)
        if parted and (repeated := ids.repeated()) and (faults := self._scattered(repeated)):
            raise FrameError(faults)

    def _decided(self, job: Job, source: Source, piece: pl.DataFrame) -> Outcome:
        scope = "antrag" if self.request.question == "antrag" else "person"
        members = None if source.members is None else source.members.drop(NUMBER).lazy()
        on = None if self.dated or ON in source.columns else self.request.on
        rows = self._dated(piece.drop(SURPLUS, strict=False)).lazy()
        try:
            return job.decided(Tables(rows, None, members, on, scope, source.text))
        except FrameError as error:
            raise FrameError([_in_file(fault, source) for fault in error.faults]) from None

    def _scattered(self, repeated: Collection[int]) -> list[Fault]:
        """Return where rows of applications stand apart from the others of the same application."""
        source = open_source(self.source)
        assert source is not None
        seen: dict[str, int] = {}
        faults: list[Fault] = []
        column, last = source.columns.index(ID) + 1, None
        for piece in source.pieces(self.at_once):
            ids = piece.select(NUMBER, pl.col(ID).cast(pl.String))
            begins = pl.col(ID).ne_missing(pl.col(ID).shift(1, fill_value=last))
            last = ids[ID][-1]
            for number, name in ids.filter(begins, pl.col(ID).hash(seed=0).is_in(list(repeated))).iter_rows():
                if name in seen and len(faults) < MOST_TOLD:
                    faults.append(_apart(name, seen[name], place_in(source, number, column)))
                seen.setdefault(name, number)
        return faults

    def _dated(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Put the day asked for where a row leaves its own blank."""
        if self.dated or ON not in rows.columns:
            return rows
        day = pl.lit(self.request.on) if rows.schema[ON] == pl.Date else pl.lit(self.request.on.isoformat())
        return rows.with_columns(pl.col(ON).fill_null(day))

    def _lines(self, summary: Summary) -> Iterator[Found]:
        earlier = RESULTS | Job(self.law, self.request).result_names()
        found = answered_lines(self.source, self.law, self.request, earlier, dated=self.dated, at_once=_LINES_AT_ONCE)
        for answered, read in found:
            summary.replaced |= any(one.line.replaced for one in answered)
            faults = [fault for one in answered for fault in one.line.faults]
            yield answered if self.target.suffix.lower() in JSON_LINES else self._table(answered), faults
            self.progress(read, self.source.stat().st_size)

    def _table(self, answered: list[Answered]) -> pl.DataFrame:
        """Return what was decided of cases as rows of a table: what is said of the application or person."""
        program = Job(self.law, self.request).answers
        results = [result for result in program.results if not result.fact.startswith("stelle.")]
        rows = [_row(one, [result.fact for result in results], program.bits) for one in answered]
        schema: dict[str, Any] = {"zeile": pl.Int64, ID: pl.String, ON: pl.String}
        schema |= dict.fromkeys(("outcome", "verdict", "fassung"), pl.String)
        texts = ("dezimal", "datum")
        schema |= {result.fact: pl.String if result.kind.kind in texts else result.dtype for result in results}
        schema |= dict.fromkeys(MASKS, pl.UInt64)
        exact = [pl.col(result.fact).cast(result.dtype) for result in results if result.kind.kind in texts]
        number = pl.col("zeile").cast(pl.UInt32).alias(NUMBER)
        return pl.DataFrame(rows, schema, orient="row").with_columns(*exact, number)


def _row(one: Answered, facts: list[str], bits: Bits) -> list[Any]:
    line, brief = one.line, one.brief
    head = [line.number, None if line.id is None else str(line.id), line.request.on.isoformat()]
    if brief is None:
        return [*head, "faulty", *[None] * (2 + len(facts) + len(MASKS))]
    verdict = None if brief.verdict is None else brief.verdict.value
    masks = [bits.mask("requirements", brief.reasons[name]) for name in REASONS]
    masks += [bits.mask(kind, getattr(brief, name)) for name, kind in KINDS.items()]
    return [*head, brief.outcome, verdict, brief.fassung, *(brief.derived.get(fact) for fact in facts), *masks]


def _append(sink: Sink, rows: pl.DataFrame | list[Answered]) -> None:
    if isinstance(rows, pl.DataFrame):
        sink.write(rows)
    else:
        assert isinstance(sink, JsonlSink)
        sink.write_objects([one.to_dict() for one in rows])


def _count(summary: Summary, rows: pl.DataFrame | list[Answered], faults: list[CellFault]) -> None:
    outcomes = (
        rows["outcome"].to_list() if isinstance(rows, pl.DataFrame) else [one.to_dict()["outcome"] for one in rows]
    )
    for outcome in outcomes:
        summary.outcomes[outcome] = summary.outcomes.get(outcome, 0) + 1
    summary.rows += len(outcomes)
    summary.faults += len(faults)


def _check_facts(source: Source, carried: Collection[str]) -> None:
    """Refuse a table in which no column states anything: every row of it would be open."""
    if source.members is not None or any("." in name for name in carried):
        return
    short = {path.rpartition(".")[2]: path for path in FACTS}
    meant = next((short[name.lower()] for name in carried if name.lower() in short), "stelle.vzae")
    message = Text("Keine Spalte macht eine Angabe.", "No column states a fact.")
    hint = Text(
        f"Spalten heißen wie '{meant}'; alle Namen stehen in der Vorlage: vwv-im batch --template vorlage.xlsx",
        f"Columns are called like '{meant}'; the template has all names: vwv-im batch --template vorlage.xlsx",
    )
    raise FrameError([Fault("VIM180", place_in(source, 1, 1), message, hint)])


def _told(outcome: Outcome, piece: pl.DataFrame, source: Source) -> list[CellFault]:
    """Return the faults with the numbers of their rows, in the order of the rows and columns."""
    columns = [*source.columns, *(() if source.members is None else source.members.columns)]
    places = {name: columns.index(name) for name in columns}
    found = sorted(outcome.faults, key=lambda one: (one[0] == "members", one[1].row, places.get(one[1].column, -1)))
    return [_in_row(table == "members", fault, piece, source) for table, fault in found]


def _in_row(of_members: bool, fault: CellFault, piece: pl.DataFrame, source: Source) -> CellFault:
    if of_members and source.members is not None:
        return replace(fault, row=source.members[NUMBER][fault.row], column=f"{MEMBERS_SHEET}!{fault.column}")
    beyond = fault.fault.code in _OF_WHOLE_ROWS and SURPLUS in piece.columns
    value = (piece[SURPLUS][fault.row] or "") if beyond else fault.value
    return replace(fault, row=piece[NUMBER][fault.row], value=value)


def _in_file(fault: Fault, source: Source) -> Fault:
    """Place a fault of a whole table in its file."""
    if fault.place.file == "<members>":
        return replace(fault, place=Place(f"{source.path}, {MEMBERS_SHEET}", 1, 1))
    column = source.columns.index(fault.path) + 1 if fault.path in source.columns else 1
    return replace(fault, place=place_in(source, 1, column))


def _apart(name: str, first: int, place: Place) -> Fault:
    message = Text(
        f"Der Antrag '{name}' beginnt schon in Zeile {first}; seine Zeilen folgen nicht aufeinander.",
        f"The application '{name}' begins in row {first}; its rows do not follow one another.",
    )
    hint = Text(f"Sortieren Sie die Datei nach '{ID}'.", f"Sort the file by '{ID}'.")
    return Fault("VIM181", place, message, hint, ID)


def _write_faults(file: IO[bytes], faults: list[CellFault], lang: Language, *, head: bool = False) -> None:
    cells = [
        (one.row, one.column, one.value, one.fault.code, one.fault.message.in_(lang),
         one.fault.hint.in_(lang) if one.fault.hint else "")
        for one in faults
    ]  # fmt: skip
    rows = pl.DataFrame(cells, dict.fromkeys(_FAULT_COLUMNS, pl.String) | {"zeile": pl.Int64}, orient="row")
    file.write(("\ufeff" * head + harmless(rows).write_csv(separator=";", include_header=head)).encode())
