"""Deciding a file: every row is answered or its faults are told, and no half file is left under the final name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import polars as pl

from vwv_im.decision.request import Request
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.bits import Bits
from vwv_im.reasoning.columns.program import FOLDED, MASKS, REASONS
from vwv_im.tables.faults import CellFault, FrameError
from vwv_im.tables.frames import Job
from vwv_im.tables.ids import Ids
from vwv_im.tables.layout import ID, ON, Tables
from vwv_im.tables.lines import Answered, answered_lines
from vwv_im.tables.reading import NUMBER, Source, open_source, unreadable
from vwv_im.tables.whole import whole_applications
from vwv_im.tables.writing import KINDS, CsvSink, ExcelSink, JsonlSink, ParquetSink, Sink, harmless, whole_file
from vwv_im.text import Fault, Language, Place, Text

AT_ONCE = 20_000
JSON_LINES = (".jsonl", ".ndjson")
ENDINGS = (".csv", ".parquet", *JSON_LINES, ".xlsx")
Progress = Callable[[int, int], None]
"""Told how much of the file is done, and how much there is."""
Found = tuple[pl.DataFrame | list[Answered], list[CellFault]]
"""Rows with their results, and the faults among them."""
_FAULT_COLUMNS = ("zeile", "spalte", "wert", "code", "meldung", "hinweis")


@dataclass
class Summary:
    """What came of a file: its rows, how many of them are faulty, its faults, and how many rows had each outcome."""

    rows: int = 0
    faulty_rows: int = 0
    faults: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)


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
            shown = ", ".join(ENDINGS)
            raise unreadable(self.target, f"Möglich sind {shown}.", f"Possible are {shown}.")
        if not self.target.parent.is_dir():
            raise unreadable(self.target, "Das Verzeichnis gibt es nicht.", "There is no such directory.")
        self._check_target()
        if self.source.suffix.lower() in JSON_LINES:
            return self._written(self._lines(), ";")
        with ExitStack() as stack:
            source = open_source(self.source)
            try:
                return self._written(self._pieces(source, stack), source.separator)
            except pl.exceptions.PolarsError as error:
                raise self._broken(error) from None

    def _check_target(self) -> None:
        if self.target.resolve() == self.source.resolve():
            raise unreadable(self.target, "Quelle und Ziel sind dieselbe Datei.", "Source and target are one file.")

    def _broken(self, error: Exception) -> FrameError:
        shown = str(error).splitlines()[0][:200]
        return unreadable(self.source, f"Die Datei ist beschädigt: {shown}", f"The file is damaged: {shown}")

    def _written(self, pieces: Iterator[Found], separator: str) -> Summary:
        """Write results and faults; both files appear when all is written, the results last."""
        summary = Summary()
        with whole_file(self.target) as part, whole_file(self.fault_file) as told:
            self._write(pieces, part, told, separator, summary)
        if not summary.faults:
            self.fault_file.unlink()
        return summary

    def _write(self, pieces: Iterator[Found], part: Path, told: Path, separator: str, summary: Summary) -> None:
        with told.open("wb") as faults, closing(self._sink(part, separator)) as sink:
            _write_faults(faults, [], self.lang, head=True)
            for rows, found in pieces:
                _count(summary, rows, found)
                _write_faults(faults, found, self.lang)
                _append(sink, rows)
            if not summary.rows:
                raise unreadable(self.source, "Die Datei hat keine Zeilen.", "The file has no rows.")

    def _sink(self, part: Path, separator: str) -> Sink:
        bits = Job(self.law, self.request).answers.bits
        match self.target.suffix.lower():
            case ".csv":
                return CsvSink(part.open("wb"), separator, bits)
            case ".parquet":
                names = {"vwv_im.requirements": bits.requirements, "vwv_im.missing": bits.facts}
                names |= {"vwv_im.contradictions": bits.contradictions, "vwv_im.duties": bits.duties}
                return ParquetSink(part, {name: ",".join(each) for name, each in names.items()})
            case ".xlsx":
                return ExcelSink(part, bits, self._titles())
        return JsonlSink(part.open("wb"), bits)

    def _titles(self) -> dict[str, str]:
        rules = (item for item in self.law.rules if item.model.art in FOLDED)
        return {item.id: item.model.titel.text.in_(self.lang) for item in rules}

    def _pieces(self, source: Source, stack: ExitStack) -> Iterator[Found]:
        job, ids = Job(self.law, self.request), Ids(stack)
        on = None if self.dated or ON in source.columns else self.request.on
        scope = "antrag" if self.request.question == "antrag" else "person"
        members = None if source.members is None else source.members.drop(NUMBER).lazy()
        earlier = [name for name in source.columns if name in job.result_names()]
        pieces = source.pieces(self.at_once)
        for piece in whole_applications(pieces, ID) if ID in source.columns else pieces:
            if ID in source.columns:
                ids.add(piece[ID])
            outcome = job.decided(
                Tables(self._dated(piece).drop(earlier).lazy(), None, members, on, scope, source.text)
            )
            numbers = piece[NUMBER]
            rows = outcome.rows.with_columns(numbers)
            faults = [
                replace(fault, row=fault.row + 2 if table == "members" else numbers[fault.row],
                        column=f"Mitglieder!{fault.column}" if table == "members" else fault.column)
                for table, fault in outcome.faults
            ]  # fmt: skip
            yield rows, faults
            self.progress(source.read, source.total)
        if ids.scattered():
            raise _scattered(self.source)

    def _dated(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Put the day asked for where a row leaves its own blank."""
        if self.dated or ON not in rows.columns:
            return rows
        day = pl.lit(self.request.on) if rows.schema[ON] == pl.Date else pl.lit(self.request.on.isoformat())
        return rows.with_columns(pl.col(ON).fill_null(day))

    def _lines(self) -> Iterator[Found]:
        if not self.source.is_file():
            raise unreadable(self.source, "Die Datei gibt es nicht.", "There is no such file.")
        found = answered_lines(self.source, self.law, self.request, dated=self.dated, at_once=min(self.at_once, 10_000))
        for answered, read in found:
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
    summary.faulty_rows += len({fault.row for fault in faults})


def _scattered(path: Path) -> FrameError:
    message = Text(
        "Die Zeilen eines Antrags folgen nicht aufeinander.", "The rows of an application do not follow one another."
    )
    hint = Text(f"Sortieren Sie die Datei nach '{ID}'.", f"Sort the file by '{ID}'.")
    return FrameError([Fault("VIM181", Place(str(path)), message, hint, ID)])


def _write_faults(file: IO[bytes], faults: list[CellFault], lang: Language, *, head: bool = False) -> None:
    cells = [
        (one.row, one.column, one.value, one.fault.code, one.fault.message.in_(lang),
         one.fault.hint.in_(lang) if one.fault.hint else "")
        for one in faults
    ]  # fmt: skip
    rows = pl.DataFrame(cells, dict.fromkeys(_FAULT_COLUMNS, pl.String) | {"zeile": pl.Int64}, orient="row")
    file.write(("\ufeff" * head + harmless(rows).write_csv(separator=";", include_header=head)).encode())
