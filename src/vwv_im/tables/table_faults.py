"""What is wrong with a row of a table, in the words of the reader of cases, and in which row it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import polars as pl

from vwv_im.case.case_reader import CaseError, shown
from vwv_im.case.vocabulary import Entity, Fact, Vocabulary, without_numbers
from vwv_im.reasoning.columns.compiled_plan import BESIDE
from vwv_im.reasoning.columns.evaluator import CARRIED
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP, Frames, TableName, number_column, stated_column
from vwv_im.tables.cell_values import ON, Cells, as_in_case, completeness_column, id_of
from vwv_im.tables.layout import FLAG, KEY, NO_DAY, OWN, Tables
from vwv_im.text import Fault, FaultyInputError, InputKind, Place, Text, did_you_mean, messages

_DIFFERS = "VIM182"
HEAD = ("outcome", "verdict", "fassung")
"""What is said of every row first."""
NOT_OF_ENTRIES = (*HEAD, *BESIDE, "duties")
"""What is not said of the entries of a list."""


class FrameError(FaultyInputError):
    """A table cannot be decided; `faults` lists everything that is wrong with it, row by row and cell by cell."""


@dataclass(frozen=True, slots=True)
class CellFault:
    """A fault of one cell: the number of its row, from 0, its column, all that stands there, and what is wrong.

    `other` is the row of the same table that it does not agree with, where there is one.
    """

    row: int
    column: str
    value: str
    fault: Fault
    other: int | None = field(default=None, compare=False)


TableFault = tuple[TableName, CellFault]
"""A fault with the table it stands in."""


def _read_faults(rows: pl.DataFrame, numbers: Iterable[int], cells: Cells) -> Iterator[CellFault]:
    """Yield what the reader of cases finds in rows that are known to be faulty; `numbers` are those of the rows."""
    vocabulary = cells.vocabulary
    for number, stated in zip(numbers, rows.iter_rows(named=True), strict=True) if rows.columns else ():
        case: dict[str, Any] = {}
        for fact, cell in ((vocabulary.facts[path], cell) for path, cell in stated.items() if cell is not None):
            put(vocabulary, case, fact, as_in_case(fact, cell) if cells.text else _normalize(fact, cell))
        try:
            cells.law.read_case(case, "cell" if cells.text else "frame")
        except CaseError as error:
            for fault in error.faults:
                fact_ = vocabulary.fact_at(fault.path)
                column = without_numbers(fault.path) if fact_ is None else fact_.path
                cell = stated.get(column)
                private = column in vocabulary.facts and vocabulary.facts[column].private
                yield CellFault(
                    number, column, "…" if private else cell if isinstance(cell, str) else shown(cell), fault
                )


def _normalize(fact: Fact, value: Any) -> Any:
    return value.normalize() if fact.type == "dezimal" and hasattr(value, "normalize") else value


def put(vocabulary: Vocabulary, case: dict[str, Any], fact: Fact, value: Any) -> None:
    """Set a fact of a case in which each list has one entry."""
    first_part(case, way_to(vocabulary, fact.entity))[fact.key] = value


def way_to(vocabulary: Vocabulary, name: str | None, home: str | None = None) -> list[Entity]:
    """Return the parts on the way to one: from the top of a case, or from another, of which rows state it as well."""
    way = list[Entity]()
    while name is not None and name != home:
        way.insert(0, vocabulary.entities[name])
        name = way[0].within
    return way


def first_part(part: dict[str, Any], way: Iterable[Entity]) -> dict[str, Any]:
    """Return the part of a case at the end of a way, the first entry of each list on it; made where it is not there."""
    for entity in way:
        inner = part.setdefault(entity.key, [{}] if entity.many else {})
        part = inner[0] if entity.many else inner
    return part


def file_error(path: Path | str, kind: str, **words: Any) -> FrameError:
    """Return the error that a file cannot be read or written."""
    return FrameError([messages.fault_of(kind, Place(str(path)), **words)])


def table_fault(kind: str, **words: Any) -> Fault:
    """Return a fault of a table whose place is given later."""
    return messages.fault_of(kind, Place("<table>"), **words)


def other_question(place: Place, asked: str, fitting: Iterable[str]) -> Fault:
    """Return the fault that tables are those of other questions than the one that is asked."""
    return messages.fault_of("table_of_another_question", place, question=asked, names="|".join(fitting))


def no_day(form: InputKind) -> Fault:
    """Return the fault that a row or case does not say its day of decision."""
    return table_fault("no_day_in_row", form=form)


def place_at_rows(faults: Iterable[TableFault], tables: Tables, entries: pl.DataFrame) -> list[TableFault]:
    """Place the faults of the top and of a list in the table that states both, one row for each entry; sort them.

    A fault of the top stands in the row that states it, else in the first; those of other tables stay where they are.
    """
    entry, each = tables.inline or TOP, tables.cells.vocabulary.entities[tables.root].each
    rows = entries.filter(stated_column(entry))
    first = dict(rows.group_by(ROW).agg(pl.col(RANK).min()).iter_rows())
    stating = cache(partial(_stating_rows, rows, tables.cells))
    placed = []
    for table, fault in faults:
        if table != TOP:
            placed.append((TOP if table == entry else table, fault))
            continue
        differs = fault.fault.code == _DIFFERS
        row, value, other, before = stating(fault.column, differs).get(
            fault.row, (first[fault.row], fault.value, "", None)
        )
        if differs:
            unlike = table_fault("rows_differ", each=each, value=value, other=other)
            placed.append((table, CellFault(row, fault.column, value, unlike, before)))
        else:
            placed.append((table, replace(fault, row=row)))
    return sorted(placed, key=lambda one: (one[0], one[1].row))


def _stating_rows(
    rows: pl.DataFrame, cells: Cells, name: str, differs: bool
) -> dict[int, tuple[int, str, str, int | None]]:
    """Return for each row of the top the first row that states a fact, or states it unlike the first one that does.

    With it goes what stands there, and what stands in the first one, with its number.
    """
    if CARRIED + name not in rows.columns:
        return {}
    column = pl.col(CARRIED + name)
    same = cells.comparable(name, column).alias("same")
    given = rows.select(ROW, RANK, same, column.alias("cell")).drop_nulls("cell").sort(ROW, RANK)
    given = given.with_columns(
        pl.col("cell").first().over(ROW).alias("other"), pl.col(RANK).first().over(ROW).alias("before")
    )
    if differs:
        given = given.filter(pl.col("same") != pl.col("same").first().over(ROW))
    first = given.unique(ROW, keep="first", maintain_order=True)
    fact = cells.fact(name)
    written = (lambda _: "…") if fact is not None and fact.private else str
    return {
        row: (rank, written(cell), written(other), before) for row, rank, _, cell, other, before in first.iter_rows()
    }


def _place(table: TableName, names: Mapping[TableName, str]) -> Place:
    return Place("<frame>" if table == TOP else f"<{names[table]}>")


def column_faults(tables: Tables, results: Collection[str], names: Mapping[TableName, str]) -> list[Fault]:
    """Return what is wrong with the columns of all tables; `results` are the names of those that are added."""
    strange = (fault for table in tables.schemas for fault in _strange_columns(tables, table, results, names))
    return [*strange, *_strange_ids(tables, names), *_missing_columns(tables, names)]


def _strange_ids(tables: Tables, names: Mapping[TableName, str]) -> Iterable[Fault]:
    """Yield the ids of a type that none has."""
    ids = set(map(id_of, tables.cells.vocabulary.entities))
    for table, schema in tables.schemas.items():
        for name, dtype in schema.items():
            if name in ids and (dtype.is_nested() or dtype in (pl.Binary, pl.Duration, pl.Object)):
                yield messages.fault_of("id_type", _place(table, names), name, type=str(dtype)[:60])


def _strange_columns(
    tables: Tables, table: TableName, results: Collection[str], names: Mapping[TableName, str]
) -> Iterable[Fault]:
    """Yield the columns of a table that look like facts and are none, or are called like its results."""
    vocabulary, scopes = tables.cells.vocabulary, tables.scopes(table)
    known = [path for path, fact in vocabulary.facts.items() if fact.scope in scopes]
    entries = (vocabulary.entities[one] for scope in scopes for one in vocabulary.lists[scope].values())
    flags = {completeness_column(vocabulary, entity) for entity in entries}
    place = _place(table, names)
    for name in tables.schemas[table]:
        if "." in name and not name.startswith("#") and name not in known and name not in results and name not in flags:
            yield messages.fault_of("extra_forbidden", place, name, did_you_mean(name, known), key=f"'{name}'")
        elif name in results and (table == TOP or name not in NOT_OF_ENTRIES):
            yield messages.fault_of("result_column", place, name, name=name)


def _missing_columns(tables: Tables, names: Mapping[TableName, str]) -> Iterable[Fault]:
    """Yield what is lacking that joins the tables, and the day of decision where no column says it."""
    vocabulary = tables.cells.vocabulary
    for scope in tables.apart:
        above, joint = vocabulary.parent(scope) or tables.root, tables.joint(scope)
        if above in tables.scopes(TOP) or above in tables.lists:
            joined = {table for table in (scope, tables.layout.above(scope)) if joint not in tables.schemas[table]}
            places = (_place(table, names) for table in tables.schemas if table in joined)
            yield from (messages.fault_of("column_that_joins", place, joint, name=joint) for place in places)
        else:
            yield messages.fault_of("table_that_joins", Place("<frame>"), joint, name=joint, table=names[above])
    if tables.on is None and ON not in tables.schemas[TOP]:
        yield messages.fault_of("no_day_column", Place("<frame>"), ON, name=ON)


def row_faults(tables: Tables, collected: Frames) -> list[TableFault]:
    """Return the faults of the cells of every table, then those of its ids."""
    return list(dict.fromkeys([*_cell_faults(tables, collected), *_id_faults(tables, collected)]))


def _cell_faults(tables: Tables, collected: Frames) -> Iterable[TableFault]:
    for table, frame in collected.items():
        rows, facts = frame.filter(OWN), tables.facts(table)
        if rows.is_empty():
            continue
        numbers = rows[number_column(table)]
        cells = rows.select(pl.col(CARRIED + fact.path).alias(fact.path) for fact in facts)
        flagged = list(_flagged_faults(rows, table, tables.cells))
        told = {(fault.row, fault.column) for fault in flagged}
        read = _read_faults(cells, numbers, tables.cells)
        found = [*(fault for fault in read if (fault.row, fault.column) not in told), *flagged]
        unexplained = sorted(set(numbers) - {fault.row for fault in found})
        found += [CellFault(row, "", "", table_fault("faulty_row")) for row in unexplained]
        yield from ((table, fault) for fault in found)


def _flagged_faults(rows: pl.DataFrame, table: TableName, cells: Cells) -> Iterable[CellFault]:
    for row in rows.iter_rows(named=True):
        number = row[number_column(table)]
        for name in (name for name in row if name.startswith(FLAG) and row[name]):
            kind, column = name.removeprefix(FLAG).split(":", 1)
            codes = {**messages.codes("rules"), **messages.codes("case"), **messages.codes("tables")}
            if kind in codes:
                yield CellFault(number, column, "", Fault(kind, Place("<table>"), codes[kind]))
            else:
                stated = row.get(CARRIED + column)
                shown = "" if stated is None else str(stated)
                yield CellFault(number, column, shown, table_fault(kind, name=shown))
        if row.get(NO_DAY):
            shown = "" if row[CARRIED + ON] is None else str(row[CARRIED + ON])
            yield CellFault(number, ON, shown, no_day("cell" if cells.text else "frame"))


def _id_faults(tables: Tables, collected: Frames) -> Iterable[TableFault]:
    """Yield where rows have no id or share one, where entries belong to no row above, and where there are too many."""
    vocabulary = tables.cells.vocabulary
    own_ids = {(scope, id_of(scope)): False for scope in tables.apart if id_of(scope) in tables.schemas[scope]}
    joints = own_ids | {(tables.layout.above(scope), tables.joint(scope)): True for scope in tables.apart}
    for (table, joint), joins in joints.items():
        if joint != KEY:
            ids, rows = pl.col(CARRIED + joint), collected[table]
            own = rows if table == TOP else rows.filter(stated_column(table))
            same = pl.struct(pl.lit(0) if joins else pl.col(ROW), ids)  # what joins nothing is unique within a record
            wrong = pl.when(ids.is_null()).then(joins).otherwise(same.is_duplicated())
            found = own.filter(wrong).select(number_column(table), same.alias("same"))
            seen: dict[Any, list[int]] = {}
            for row, id_ in found.iter_rows():
                seen.setdefault(tuple(id_.values()), []).append(row)
            for row, id_ in found.iter_rows():
                others = (one for one in seen[tuple(id_.values())] if one != row)
                yield table, _id_fault(row, joint, id_[CARRIED + joint], next(others, None))
    for scope in tables.apart:
        entity, above = vocabulary.entities[scope], vocabulary.parent(scope) or tables.root
        title, joint = vocabulary.entities[above].title, id_of(above)
        said = Text(title.de, title.en.lower())
        lost = collected[scope].filter(pl.col(ROW).is_null() & pl.col(stated_column(scope)))
        for row, name in lost.select(number_column(scope), pl.col(CARRIED + joint)).iter_rows():
            alone = None if name is None else table_fault("id_without_record", title=said, name=str(name))
            yield scope, _id_fault(row, joint, name) if alone is None else CellFault(row, joint, str(name), alone)
        counts = collected[scope].drop_nulls(ROW).group_by(ROW, maintain_order=True).len()
        for row in counts.filter(pl.col("len") > entity.most)[ROW]:
            many = table_fault("too_many_rows", most=entity.most)
            yield tables.layout.above(scope), CellFault(row, joint, "", many)


def _id_fault(row: int, column: str, name: object, other: int | None = None) -> CellFault:
    """Return the fault that a row has no id, or that of an `other` one."""
    if name is None:
        return CellFault(row, column, "", table_fault("id_missing"))
    return CellFault(row, column, str(name), table_fault("id_repeated", name=str(name)), other)
