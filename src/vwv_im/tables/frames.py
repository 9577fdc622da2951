"""Deciding frames: polars in, polars out."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Generic, Literal, NamedTuple, TypedDict, TypeVar, Unpack, overload

import polars as pl

from vwv_im.decision.request import Request, make_request
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.columns.compiled_plan import BESIDE, MASKS, ROW_MASKS, InputLayout
from vwv_im.reasoning.columns.evaluator import CARRIED, CARRIED_COLUMNS, BatchEvaluator, derived_facts, evaluator_for
from vwv_im.reasoning.columns.exact_numbers import NotInColumnsError
from vwv_im.reasoning.columns.masks import MaskLayout, masks_of_question
from vwv_im.reasoning.columns.schedule import ROW, TOP, Frames, TableName, stated_column
from vwv_im.tables.cell_values import Cells, id_of
from vwv_im.tables.layout import Tables, inline_of, names_of_lists
from vwv_im.tables.row_by_row import evaluate_rows
from vwv_im.tables.table_faults import (
    HEAD,
    FrameError,
    TableFault,
    column_faults,
    other_question,
    place_at_rows,
    row_faults,
)
from vwv_im.text import Fault, Place, did_you_mean, fault_of

MOST_TOLD = 500
FEW_ROWS, FEW_FOR_MASKS = 32, 8
"""Fewer rows than these are decided one by one, where derived facts are wanted or masks alone: there that is quicker,
as `python benchmarks/columns.py --few` measures."""
FAULTS = "faults"
"""The column that says what is wrong with a row, where faults are marked."""
Faults = Literal["raise", "mark"]


Frame = TypeVar("Frame")


class Decided(NamedTuple, Generic[Frame]):
    """The rows of a frame, and those of its lists by their names, each with its own columns and its results."""

    rows: Frame
    lists: Mapping[str, Frame]


class Options(TypedDict, total=False):
    """The options for frames of any kind; see `evaluate_frame`."""

    on: date | str | None
    question: str | None
    known_on: date | str | None
    readings: Mapping[str, str] | None
    derive: Collection[str] | None
    rules: str | os.PathLike[str] | None


@overload
def evaluate_frame(frame: pl.LazyFrame, *, faults: Faults = ..., **options: Unpack[Options]) -> pl.LazyFrame: ...
@overload
def evaluate_frame(
    frame: pl.DataFrame, *, lists: None = ..., faults: Faults = ..., **options: Unpack[Options]
) -> pl.DataFrame: ...
@overload
def evaluate_frame(
    frame: pl.DataFrame, *, lists: Mapping[str, pl.DataFrame], faults: Faults = ..., **options: Unpack[Options]
) -> Decided[pl.DataFrame]: ...
def evaluate_frame(  # noqa: PLR0913 - what a request may say
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    on: date | str | None = None,
    lists: Mapping[str, pl.DataFrame] | None = None,
    question: str | None = None,
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    derive: Collection[str] | None = None,
    faults: Faults = "raise",
    rules: str | os.PathLike[str] | None = None,
) -> pl.DataFrame | pl.LazyFrame | Decided[pl.DataFrame]:
    """Decide every row of a frame; its results are added as columns.

    Columns are called like the facts of a case: `antrag.gezaehlte_personen`, `stelle.vzae`; null is unknown. A row is
    an application with the one post it states; rows with the same `antrag_id` are the posts of one application. Other
    lists, or all, are given as frames of their own by their names: `lists={"stellen": …, "mitglieder": …}`, with
    `antrag_id` in each; then what comes back has their rows too. `on` is the day of decision; without it, the frame
    has a column `on`. `derive` names the derived facts wanted (default: all results).

    Each row gets `outcome`, `verdict`, `fassung`, the derived facts by their paths, and masks whose bits
    `vwv_im.mask_layout` explains: `reasons_yes`, `reasons_no`, `reasons_open`, `reasons_discretion`,
    `reasons_not_applicable` (requirements), `missing` (facts), `contradictions`, `plausibility`, `duties`. The masks
    of an application hold those of its posts; in a frame with `antrag_id`, a post's own are called `stelle.reasons_no`
    and so on.
    `reasons_*` hold requirements, options and advice together; `mask_layout().of_art("muss", "soll")` is the mask of
    those that the verdict rests on.

    A `LazyFrame` gives a `LazyFrame`. Raises `FrameError` with every faulty cell, `RequestError` for a faulty
    question, `TypeError` for what is no frame. With `faults="mark"`, and always in a lazy frame, no cell raises: a
    faulty row has the outcome `faulty` and null in all other columns of results. With `faults="mark"` a last column
    `faults` says what is wrong with which of its cells, one a line.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"stelle.vzae": [0.2, 0.5, None]})
    >>> evaluate_frame(frame, on="2018-06-01")["verdict"].to_list()
    ['no', 'open', 'open']
    """
    _check_types(frame, lists, faults)
    law, request = request_of(on=on, rules=rules, question=question, known_on=known_on, readings=readings)
    job = Job(law, request, derive)
    day, cells = None if on is None else request.on, Cells(law)
    if isinstance(frame, pl.LazyFrame):
        return job.decide_lazily(frame, day, cells, told=faults == "mark")
    decided, found = job.decide(job.tables(frame, lists, day, cells))
    if faults == "mark":
        decided = _told(decided, found, job.names)
    elif found:
        raise FrameError(_list_faults(found, {TOP: "frame", **job.names}))
    return decided.rows if lists is None else decided


def _check_types(frame: object, lists: object, faults: object) -> None:
    """Raise `TypeError` for what is no frame, `ValueError` for another word than `faults` knows."""
    if not isinstance(lists, Mapping | None):
        raise TypeError('lists: frames by the names of lists are needed; write {"…": pl.DataFrame(…)}')
    for name, given in {"frame": frame, **{f"lists[{name!r}]": table for name, table in (lists or {}).items()}}.items():
        if not isinstance(given, pl.DataFrame) and not (name == "frame" and isinstance(given, pl.LazyFrame)):
            raise TypeError(
                f"{name}: a polars DataFrame is needed, this is {type(given).__name__}; write pl.DataFrame(…), "
                "pl.from_pandas(…) or pl.from_arrow(…); for one case there is evaluate, for several evaluate_many"
            )
    if isinstance(frame, pl.LazyFrame) and lists is not None:
        raise TypeError("frame: with lists a DataFrame is needed, not a LazyFrame; collect it first")
    if faults not in ("raise", "mark"):
        raise ValueError(f"faults: 'raise' or 'mark' is needed, not {faults!r}")


def mask_layout(question: str | None = None, *, rules: str | os.PathLike[str] | None = None) -> MaskLayout:
    """Return what the bits of the masks mean that `evaluate_frame` gives for a question.

    >>> mask_layout().names("requirements", 5)
    ('antragsteller', 'mitglieder-sind-kommunen')
    """
    law, request = request_of(rules=rules, question=question)
    return masks_of_question(law, request.question)


def request_of(
    *, on: object = None, rules: str | os.PathLike[str] | None = None, **options: Any
) -> tuple[Regulation, Request]:
    """Return the regulation and the valid request; without `on` its day means nothing, as a column says it."""
    law = regulation(rules)
    return law, make_request(law, on=date.max if on is None else on, engine="direct", **options)


def _list_faults(faults: list[TableFault], names: Mapping[TableName, str]) -> list[Fault]:
    shown = [
        replace(fault.fault, place=Place(f"{names[table]}[{fault.row}]"), path=fault.column)
        for table, fault in faults[:MOST_TOLD]
    ]
    if more := len(faults) - len(shown):
        shown.append(fault_of("more_faults", Place("<frame>"), count=more))
    return shown


def _told(
    decided: Decided[pl.DataFrame], faults: Iterable[TableFault], names: Mapping[TableName, str]
) -> Decided[pl.DataFrame]:
    """Return rows and those of lists with what is wrong with each of them."""
    said: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for table, fault in faults:
        said[names.get(table, TOP)][fault.row].append(replace(fault.fault, path=fault.column).told())

    def with_faults(rows: pl.DataFrame, name: str) -> pl.DataFrame:
        if FAULTS in rows.columns:
            raise FrameError([fault_of("result_column", Place("<frame>"), FAULTS, name=FAULTS)])
        lines = [said[name].get(row) for row in range(rows.height)] if said[name] else [None] * rows.height
        told = [None if line is None else "\n".join(line) for line in lines]
        return rows.with_columns(pl.Series(FAULTS, told, pl.String))

    lists = {name: with_faults(rows, name) for name, rows in decided.lists.items()}
    return Decided(with_faults(decided.rows, TOP), lists)


@dataclass(frozen=True)
class Job:
    """A valid request, to be applied to tables."""

    law: Regulation
    request: Request
    derive: Collection[str] | None = None

    @property
    def evaluator(self) -> BatchEvaluator:
        """The programs for the question."""
        request = self.request
        return evaluator_for(self.law, request.question, request.known_on, request.readings, self.derive)

    @property
    def root(self) -> str:
        """What a row of the first table is about."""
        return self.law.questions[self.request.question].wurzel

    @property
    def names(self) -> dict[str, str]:
        """The names of the lists that may have tables of their own, by their scopes."""
        return {scope: name for name, scope in names_of_lists(self.law.vocabulary, self.root).items()}

    def record_key(self, columns: Collection[str]) -> str | None:
        """Return the column of an id by which several rows may state one record; none where each stands for itself."""
        key = id_of(self.root)
        inline = inline_of(self.law.vocabulary, self.root, columns, ())
        return key if key in columns and inline is not None else None

    def tables(
        self, top: pl.DataFrame, lists: Mapping[str, pl.DataFrame] | None, on: date | None, cells: Cells
    ) -> Tables:
        """Return tables ready to be decided, those of lists given by their names.

        Raises `FrameError` for columns that are not read, and where what joins the tables is missing.
        """
        found = self.tables_or_faults(top, lists, on, cells)
        if isinstance(found, Tables):
            return found
        asked = self.request.question
        others = {name: replace(self, request=replace(self.request, question=name)) for name in self.law.questions}
        read = ((name, job.tables_or_faults(top, lists, date.max, cells)) for name, job in others.items())
        if fitting := [name for name, one in read if name != asked and isinstance(one, Tables)]:
            found = [other_question(Place("<frame>"), asked, fitting)]
        raise FrameError(found)

    def tables_or_faults(
        self, top: pl.DataFrame, lists: Mapping[str, pl.DataFrame] | None, on: date | None, cells: Cells
    ) -> Tables | list[Fault]:
        """Return tables ready to be decided, or what is wrong with their columns."""
        known = names_of_lists(self.law.vocabulary, self.root)
        if strange := [name for name in lists or () if name not in known]:
            place, kind = Place("<lists>"), "no_list_of_this_name"
            return [fault_of(kind, place, name, did_you_mean(name, known), name=name) for name in strange]
        apart = {known[name]: table for name, table in (lists or {}).items()}
        inline = inline_of(self.law.vocabulary, self.root, top.columns, apart)
        tables = Tables(cells, self.root, top, apart, on, inline)
        faults = column_faults(tables, self.result_names(), self.names)
        known_facts = derived_facts(self.law, self.request.question)
        for name in sorted(set(self.derive or ()) - set(known_facts)):
            faults.append(fault_of("not_derived", Place("<derive>"), name, did_you_mean(name, known_facts), name=name))
        return faults or tables

    def result_names(self) -> set[str]:
        """Return the names that columns of results may have."""
        entries = self.law.vocabulary.lists[self.root].values()
        masks = {*MASKS, *BESIDE, *(f"{entry}.{mask}" for entry in entries for mask in (*ROW_MASKS, *BESIDE))}
        return {*HEAD, *masks, *(result.fact for result in self.evaluator.results)}

    def decide_lazily(self, frame: pl.LazyFrame, on: date | None, cells: Cells, *, told: bool) -> pl.LazyFrame:
        """Decide the rows of a frame when they are there: piece by piece, where each stands for itself.

        `told`: a column says what is wrong with them.
        """

        def decide(rows: pl.DataFrame) -> pl.DataFrame:
            decided, faults = self.decide(self.tables(rows, None, on, cells), explain=told)
            return _told(decided, faults, self.names).rows if told else decided.rows

        schema = frame.collect_schema()
        alone = self.record_key(schema.names()) is None
        return frame.map_batches(decide, schema=decide(pl.DataFrame(schema=schema)).schema, streamable=alone)

    def decide(self, tables: Tables, *, explain: bool = True) -> tuple[Decided[pl.DataFrame], list[TableFault]]:
        """Decide tables; with `explain`, list their faults, each with its table."""
        ready = tables.split() if tables.grouped else tables
        frames = ready.frames()
        faults = row_faults(ready, frames) if explain else []
        bare = {table: frame.drop(CARRIED_COLUMNS) for table, frame in frames.items()}
        found = self._found(bare, ready.layout)
        for table, frame in frames.items():
            given = frame if table == TOP else frame.filter(stated_column(table))
            found[table] = given.select(CARRIED_COLUMNS).hstack(found[table])
        lists = {name: _output_columns(found[table]) for table, name in self.names.items() if table in tables.lists}
        if not tables.grouped or tables.inline is None:
            return Decided(_output_columns(found[TOP]), lists), faults
        faults = place_at_rows(faults, tables, frames[tables.inline])
        return Decided(_output_columns(_join_entries(found, tables)), lists), faults

    def _found(self, frames: Frames, layout: InputLayout) -> Frames:
        """Return the results of all rows: one by one where they are few, or where columns cannot say something."""
        if sum(frame.height for frame in frames.values()) >= (FEW_ROWS if self.evaluator.results else FEW_FOR_MASKS):
            with suppress(NotInColumnsError):
                return self.evaluator.evaluate(frames, layout)
        return evaluate_rows(self.evaluator, frames, layout)


def _output_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """Give the carried columns back their names, and drop the engine's own; planned, so that nothing is copied."""
    names = [name for name in frame.columns if not name.startswith("#") or name.startswith(CARRIED)]
    return frame.lazy().select(pl.col(name).alias(name.removeprefix(CARRIED)) for name in names).collect()


def _join_entries(found: Frames, tables: Tables) -> pl.DataFrame:
    """Join the results of each row of the top to each of its entries, as one table states both."""
    entry = tables.inline or tables.root
    top, entries = found[TOP], found[entry]
    carried = [name for name in entries.columns if name.startswith(CARRIED)]
    own = [name for name in entries.columns if not name.startswith("#") and name not in ROW_MASKS]
    results = [name for name in top.columns if not name.startswith("#")]
    derived = [name for name in results if name not in (*HEAD, *MASKS)]
    masks = {f"{entry}.{mask}": pl.col(mask) for mask in ROW_MASKS}
    joined = entries.lazy().select(ROW, *carried, *own, **masks)
    joined = joined.join(top.lazy().select(ROW, *results), on=ROW, how="left", maintain_order="left")
    return joined.select(*carried, *HEAD, *derived, *own, *masks, *MASKS).collect()
