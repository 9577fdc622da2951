"""JSON Lines: flat objects are rows of a table; or each line is a case, nested as in a case file or flat."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO, Any

import polars as pl

from vwv_im.case import LIMITS, CaseError, CasePart
from vwv_im.case.vocabulary import Vocabulary, scope_of
from vwv_im.decision.evaluate import require_part
from vwv_im.decision.request import Request
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiled_plan import MASKS
from vwv_im.reasoning.columns.evaluator import BatchEvaluator
from vwv_im.reasoning.columns.masks import KIND_OF, MaskLayout
from vwv_im.tables import limits
from vwv_im.tables.bulk import BriefDecision, decide_briefly
from vwv_im.tables.cell_values import ON, Cells, id_of
from vwv_im.tables.layout import FLAG
from vwv_im.tables.sinks import KINDS
from vwv_im.tables.sources import NUMBER, SURPLUS, Source, names_of, number_rows
from vwv_im.tables.table_faults import HEAD, CellFault, file_error, no_day, put, table_fault
from vwv_im.tables.text_files import HALF, SHOWN_AS
from vwv_im.text import CONTRACT, Document, Limits, Place, iso_day, more_telling, read_json
from vwv_im.text.document import exact_number, whole_number

_LIMITS = Limits(limits.ROW, limits.DEPTH, nodes=LIMITS.nodes)
_NO_OBJECT = f"{FLAG}line_without_object:"
_WHOLE = 1 << 53
_AT_ONCE = 10_000


@dataclass(kw_only=True)
class JsonSource(Source):
    """A file of flat objects; `types` are those of the columns that state no fact and are all of one type."""

    types: Mapping[str, Any]

    def with_types(self, rows: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
        """Give facts their types, and other columns those which they have in the file."""
        return self.cells.with_types(rows).with_columns(
            pl.col(name) == "true" if dtype == pl.Boolean else pl.col(name).cast(dtype)
            for name, dtype in self.types.items()
            if name in kept
        )

    def pieces(self, rows: int) -> Iterator[pl.DataFrame]:
        """Yield all rows; their numbers are those of the lines."""
        with self.path.open("rb") as file:
            lines = numbered_lines(self.path, file)
            while together := list(_together(lines, rows)):
                self.read += len(together)
                documents = [_row_of(raw) for _, raw in together]
                objects = [one.data if isinstance(one.data, dict) else None for one in documents]
                cells = {name: [_text((one or {}).get(name)) for one in objects] for name in self.columns}
                lines_ = zip(objects, together, strict=True)
                cells[SURPLUS] = [raw.decode("utf-8", "replace") if one is None else None for one, (_, raw) in lines_]
                frame = pl.DataFrame(cells, dict.fromkeys(cells, pl.String))
                flags = [pl.col(SURPLUS).is_not_null().alias(_NO_OBJECT), *_flags(documents)]
                yield number_rows(frame.with_columns(flags), [number for number, _ in together])


def json_source(path: Path, law: Regulation) -> JsonSource | None:
    """Look at a file of JSON Lines; `None` where its lines are not rows of a table but cases of their own."""
    kinds: dict[str, set[type]] = {}
    rows, facts, parts = 0, law.vocabulary.facts, {root.key for root in law.vocabulary.roots}
    with path.open("rb") as file:
        for _, raw in numbered_lines(path, file):
            rows += 1
            data = _row_of(raw).data
            for name, value in data.items() if isinstance(data, dict) else ():
                if name in parts:
                    return None
                is_long = isinstance(value, _Whole) and not -_WHOLE < int(value[:20]) < _WHOLE
                kinds.setdefault(name, set()).add(str if is_long else type(value))
    if not kinds.keys() & facts.keys():
        return None
    known = {name: _TYPES.get(frozenset(kind - {type(None)})) for name, kind in kinds.items()}
    others = {name: dtype for name, dtype in known.items() if dtype and name not in facts and name != ON}
    cells, names = Cells(law, text=True), names_of(str(path), list(kinds), law)
    return JsonSource(path=path, cells=cells, columns=names, total=rows, types=others)


def numbered_lines(path: Path, file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not blank, with their numbers; raises `FrameError` for one that is too long."""
    for number, raw in enumerate(iter(partial(file.readline, limits.ROW + 1), b""), start=1):
        if len(raw) > limits.ROW:
            raise file_error(path, "row_too_long", most=limits.ROW)
        if line := raw.strip(b" \t\r\n"):
            yield number, line


def more_lines(path: Path, count: int) -> bool:
    """Return whether a file has more than `count` lines that are not blank."""
    with path.open("rb") as file:
        return next(islice(numbered_lines(path, file), count, None), None) is not None


def _together(lines: Iterator[tuple[int, bytes]], most: int) -> Iterator[tuple[int, bytes]]:
    """Yield lines that are decided together: not too many, and not too long."""
    size = 0
    for one in islice(lines, most):
        yield one
        size += len(one[1])
        if size > limits.PIECE:
            return


def _row_of(raw: bytes) -> Document:
    """Read a line, with numbers as they are written."""
    whole, fraction = (partial(_as_written, kind) for kind in (_Whole, _Decimal))
    return _read(raw, whole=whole, fraction=fraction)


def _read(raw: bytes, **numbers: Any) -> Document:
    """Read a line; what stands for half of a character, which is told, can be written again."""
    document = read_json(raw, name="<table>", limits=_LIMITS, **numbers)
    if document.faults:
        document.data = _written_again(document.data)
    return document


def _written_again(data: Any) -> Any:
    if isinstance(data, dict):
        return {_written_again(key): _written_again(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_written_again(value) for value in data]
    if type(data) is str:
        return HALF.sub(SHOWN_AS, data)
    return data if data is None or isinstance(data, str | int | float | Decimal) else str(data)


def _as_written(kind: type[str], text: str) -> str | None:
    return kind(text) if (whole_number if kind is _Whole else exact_number)(text) is not None else None


def _flags(documents: Sequence[Document]) -> Iterator[pl.Series]:
    """Yield for each key that is faulty somewhere, and each kind of fault, in which lines it is."""
    found: dict[str, list[bool]] = {}
    for line, document in enumerate(documents):
        for fault in document.faults if isinstance(document.data, dict) else ():
            found.setdefault(f"{FLAG}{fault.code}:{fault.path}", [False] * len(documents))[line] = True
    return (pl.Series(name, where) for name, where in found.items())


class _Decimal(str):
    """A number with a fraction, as it is written."""

    __slots__ = ()


class _Whole(str):
    """A whole number, as it is written."""

    __slots__ = ()


_TYPES = {
    frozenset({bool}): pl.Boolean,
    frozenset({_Whole}): pl.Int64,
    frozenset({_Decimal}): pl.Float64,
    frozenset({_Whole, _Decimal}): pl.Float64,
}


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case bool():
            return "true" if value else "false"
        case list() if value and all(isinstance(one, str) for one in value):
            return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str)


RESULTS = frozenset({"zeile", *HEAD, "derived", "reasons", "missing", *KIND_OF, "duties", "contract"})
"""The keys that a line gets in addition to what it states."""


@dataclass(frozen=True)
class Line:
    """A line of a file: its number, its case and day, or what is wrong with it, and what was decided of it.

    `stated` is what it holds; `replaced`: it held results of an earlier run as well, which count for nothing.
    """

    number: int
    case: CasePart | None
    request: Request
    faults: tuple[CellFault, ...] = ()
    stated: Mapping[str, Any] = field(default_factory=dict)
    replaced: bool = False
    brief: BriefDecision | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: what the line states, and what was decided."""
        head: dict[str, Any] = {"zeile": self.number, **self.stated}
        if self.brief is None:
            return {**head, "outcome": "faulty", "contract": CONTRACT}
        return {**head, ON: self.request.on.isoformat(), **self.brief.to_dict()}


def decide_lines(
    path: Path, law: Regulation, request: Request, earlier: Collection[str], *, dated: bool
) -> Iterator[tuple[list[Line], int]]:
    """Decide a file line by line; yields with how far it is read.

    `earlier` are the keys of results, which an earlier run may have written; `dated`: each line must say its day.
    """
    with path.open("rb") as file:
        raw = numbered_lines(path, file)
        while numbered := list(_together(raw, _AT_ONCE)):
            together = [_read_line(law, *line, request, earlier, dated=dated) for line in numbered]
            sound = [(line.request, line.case) for line in together if line.case is not None]
            found = decide_briefly(law, *zip(*sound, strict=True)) if sound else iter(())
            yield [line if line.case is None else replace(line, brief=next(found)) for line in together], file.tell()


def _read_line(
    law: Regulation, number: int, raw: bytes, request: Request, earlier: Collection[str], *, dated: bool
) -> Line:
    text, document = raw.decode("utf-8", "replace"), _read(raw)
    data = document.data
    if data is None and document.faults:
        told = [replace(fault, code="VIM183", place=Place("<table>")) for fault in document.faults]
        return Line(number, None, request, tuple(CellFault(number, "", text, fault) for fault in told))
    if not isinstance(data, dict):
        return Line(number, None, request, (CellFault(number, "", text, table_fault("line_without_object")),))
    stated = {key: value for key, value in data.items() if key not in earlier}
    day = stated.get(ON)
    faults: list[CellFault] = []
    if (dated or day is not None) and iso_day(day) is None:
        faults.append(CellFault(number, ON, "" if day is None else str(day), no_day("data")))
    case: CasePart | None = None
    other = {ON, *(id_of(root.name) for root in law.vocabulary.roots)}
    said = nest_paths(law.vocabulary, {key: value for key, value in stated.items() if key not in other})
    wrong = document.faults
    try:
        case = law.read_case(said)
        require_part(law, case, request.question)
    except CaseError as error:
        wrong = more_telling([*wrong, *error.faults])
    faults += [CellFault(number, fault.path, _text_at(said, fault.path), fault) for fault in wrong]
    dated_request = replace(request, on=iso_day(day) or request.on)
    sound = None if faults else case
    return Line(number, sound, dated_request, tuple(faults), stated, len(stated) < len(data))


def _text_at(data: Any, path: str) -> str:
    """Return as text what stands at the path of a fault; nothing where there is none."""
    for step in _STEP.findall(path):
        if isinstance(data, list) and step.isdecimal() and int(step) < len(data):
            data = data[int(step)]
        else:
            data = data.get(step) if isinstance(data, dict) else None
    if data is None:
        return ""
    return data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, default=str)


_STEP = re.compile(r"[^.\[\]]+")


def nest_paths(vocabulary: Vocabulary, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return data as a case has it: keys that are paths of facts (`stelle.vzae`) are put where they belong."""
    case: dict[str, Any] = {key: value for key, value in data.items() if key not in vocabulary.facts}
    for key, value in data.items():
        if key in vocabulary.facts and value is not None:
            try:
                put(vocabulary, case, vocabulary.facts[key], value)
            except (AttributeError, LookupError, TypeError):  # what else the line states there is no part of a case
                case[key] = value
    return case


def table_of_lines(lines: Sequence[Line], evaluator: BatchEvaluator, root: str) -> pl.DataFrame:
    """Return what was decided of cases as rows of a table: what is said of the top of each."""
    results = [result for result in evaluator.results if scope_of(result.fact) == root]
    exact = {result.fact: result.dtype for result in results if result.kind.kind in ("dezimal", "datum")}
    schema: dict[str, Any] = {"zeile": pl.Int64, id_of(root): pl.String, ON: pl.String}
    schema |= dict.fromkeys(("outcome", "verdict", "fassung"), pl.String)
    schema |= {result.fact: pl.String if result.fact in exact else result.dtype for result in results}
    schema |= dict.fromkeys(MASKS, pl.UInt64)
    rows = pl.DataFrame([_row(line, evaluator.masks, id_of(root)) for line in lines], schema)
    written = [pl.col(fact).cast(dtype) for fact, dtype in exact.items()]
    return rows.with_columns(*written, pl.col("zeile").cast(pl.UInt32).alias(NUMBER))


def _row(line: Line, layout: MaskLayout, key: str) -> dict[str, Any]:
    brief, name = line.brief, line.stated.get(key)
    head = {"zeile": line.number, key: None if name is None else str(name), ON: line.request.on.isoformat()}
    if brief is None:
        return {**head, "outcome": "faulty"}
    masks = {f"reasons_{verdict}": layout.mask("requirements", rules) for verdict, rules in brief.reasons.items()}
    masks |= {name: layout.mask(kind, getattr(brief, name)) for name, kind in KINDS.items()}
    return {**head, **brief.to_dict(), **brief.derived, **masks}
