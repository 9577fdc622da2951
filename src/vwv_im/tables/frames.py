"""Deciding frames: polars in, polars out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, NamedTuple, TypedDict, Unpack, overload

import polars as pl
from polars import selectors as cs

from vwv_im.decision.request import Question, Request, make_request
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.columns.answers import (
    CARRIED,
    Answers,
    Asked,
    answers,
    derived_facts,
    readings_key,
    regimes_of,
    wanted_key,
)
from vwv_im.reasoning.columns.bits import Bits, bits_of_question
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames, Home, own_number, stated
from vwv_im.reasoning.columns.program import BESIDE, MASKS, ROW_MASKS
from vwv_im.tables.cells import ON, Cells, complete, id_of
from vwv_im.tables.faults import (
    CODES,
    CellFault,
    FrameError,
    TableFault,
    faults_of_rows,
    no_day,
    place_at_rows,
    table_fault,
)
from vwv_im.tables.layout import FLAG, KEY, NO_DAY, OWN, Tables, inline_of, names_of_lists
from vwv_im.text import Fault, Place, Text
from vwv_im.text.faults import did_you_mean

MOST_TOLD = 500
HEAD = ("outcome", "verdict", "fassung")
"""What is said of every row first."""
Faults = Literal["raise", "mark"]


class Decided(NamedTuple):
    """The rows of a frame, and those of its lists by their names, each with its results beside its own columns."""

    rows: pl.DataFrame
    lists: Mapping[str, pl.DataFrame]


class Options(TypedDict, total=False):
    """What may be asked of frames of any kind; see `evaluate_frame`."""

    on: date | str | None
    question: Question | None
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
) -> Decided: ...
def evaluate_frame(  # noqa: PLR0913 - what a request may say
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    on: date | str | None = None,
    lists: Mapping[str, pl.DataFrame] | None = None,
    question: Question | None = None,
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    derive: Collection[str] | None = None,
    faults: Faults = "raise",
    rules: str | os.PathLike[str] | None = None,
) -> pl.DataFrame | pl.LazyFrame | Decided:
    """Decide every row of a frame; the results stand beside the columns it has.

    Columns are called like the facts of a case: `antrag.gezaehlte_personen`, `stelle.vzae`; null is unknown. A row is
    an application with the one post it states; rows with the same `antrag_id` are the posts of one application. Other
    lists, or all, are given as frames of their own by their names: `lists={"stellen": …, "mitglieder": …}`, with
    `antrag_id` in each; then what comes back has their rows too. `on` is the day of decision; without it, the frame
    has a column `on`. `derive` names the derived facts wanted (default: all results).

    Each row gets `outcome`, `verdict`, `fassung`, the derived facts by their paths, and masks whose bits
    `vwv_im.frame_bits` explains: `reasons_yes`, `reasons_no`, `reasons_open`, `reasons_discretion`,
    `reasons_not_applicable` (requirements), `missing` (facts), `contradictions`, `duties`. An application's masks
    hold those of its posts; in a frame with `antrag_id`, a post's own are called `stelle.reasons_no` and so on.
    `reasons_*` hold requirements, options and advice together; `frame_bits().of_art("muss", "soll")` is the mask of
    those that the verdict rests on.

    A `LazyFrame` gives a `LazyFrame`. Raises `FrameError` with every faulty cell, `RequestError` for a faulty
    question, `TypeError` for what is no frame. With `faults="mark"`, and always in a lazy frame, no cell raises: a
    faulty row has the outcome `faulty` and null in all other columns of results. No column is added; what is wrong
    is told where those rows are given once more with `faults="raise"`.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"stelle.vzae": [0.2, 0.5, None]})
    >>> evaluate_frame(frame, on="2018-06-01")["verdict"].to_list()
    ['no', 'open', 'open']
    """
    _check_types(frame, lists, faults)
    law, request = request_of(on=on, rules=rules, question=question, known_on=known_on, readings=readings)
    job = Job(law, request, derive)
    tables = job.tables(frame.lazy(), lists or {}, None if on is None else request.on, Cells(law))
    if isinstance(frame, pl.LazyFrame):
        return job.decide_lazily(tables)
    outcome = job.decide(tables)
    if outcome.faults and faults == "raise":
        raise FrameError(_listed(outcome.faults, {TOP: "frame", **job.names}))
    return outcome.rows if lists is None else Decided(outcome.rows, outcome.lists)


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


def frame_bits(question: Question | None = None, *, rules: str | os.PathLike[str] | None = None) -> Bits:
    """Return what the bits of the masks mean that `evaluate_frame` gives for a question.

    >>> frame_bits().names("requirements", 5)
    ('antragsteller', 'mindestplanungsrahmen')
    """
    law, request = request_of(rules=rules, question=question)
    return bits_of_question(law, request.question)


def request_of(
    *, on: object = None, rules: str | os.PathLike[str] | None = None, **asked: Any
) -> tuple[Regulation, Request]:
    """Return the regulation and the valid request; without `on` its day means nothing, as a column says it."""
    law = regulation(rules)
    return law, make_request(law, on=date.max if on is None else on, engine="direct", **asked)


def _listed(faults: list[TableFault], names: Mapping[Home, str]) -> list[Fault]:
    shown = [fault.placed(names[table]) for table, fault in faults[:MOST_TOLD]]
    if more := len(faults) - len(shown):
        message = Text(f"{more} weitere Fehler sind nicht aufgeführt.", f"{more} further faults are not listed.")
        shown.append(Fault("VIM198", Place("<frame>"), message))
    return shown


class Outcome(NamedTuple):
    """What a job found: rows and those of lists with their results, and the faults, each with its table."""

    rows: pl.DataFrame
    lists: Mapping[str, pl.DataFrame]
    faults: list[TableFault]


@dataclass(frozen=True)
class Job:
    """A valid question, to be asked of tables."""

    law: Regulation
    request: Request
    derive: Collection[str] | None = None

    @property
    def answers(self) -> Answers:
        """The programs for the question."""
        request = self.request
        key = readings_key(request.readings)
        return answers(self.law, Asked(request.question, request.known_on, key, wanted_key(self.derive)))

    @property
    def root(self) -> str:
        """What a row of the first table is about."""
        return self.law.questions[self.request.question].wurzel

    @property
    def names(self) -> dict[str, str]:
        """The names of the lists that may have tables of their own, by their scopes."""
        return {scope: name for name, scope in names_of_lists(self.law.vocabulary, self.root).items()}

    def inline(self, columns: Iterable[str], apart: Iterable[str] = ()) -> str | None:
        """Return the list of which the rows of a table with these columns state an entry each."""
        return inline_of(self.law.vocabulary, self.root, columns, apart)

    def shared(self, columns: Collection[str]) -> str | None:
        """Return the column of an id by which several rows may state one record; none where each stands for itself."""
        key = id_of(self.root)
        return key if key in columns and self.inline(columns) is not None else None

    def tables(self, top: pl.LazyFrame, lists: Mapping[str, pl.DataFrame], on: date | None, cells: Cells) -> Tables:
        """Return tables ready to be decided, those of lists given by their names.

        Raises `FrameError` for columns that nobody reads, and where what joins the tables is lacking.
        """
        known = names_of_lists(self.law.vocabulary, self.root)
        if strange := [_no_list(name, known) for name in lists if name not in known]:
            raise FrameError(strange)
        apart = {known[name]: table.lazy() for name, table in lists.items()}
        inline = self.inline(top.collect_schema(), apart)
        tables = Tables(cells, self.root, top, apart, on, inline)
        self._check(tables)
        return tables

    def result_names(self) -> set[str]:
        """Return the names that columns of results may have."""
        entries = self.law.vocabulary.lists[self.root].values()
        masks = {*MASKS, *BESIDE, *(f"{entry}.{mask}" for entry in entries for mask in (*ROW_MASKS, *BESIDE))}
        return {*HEAD, *masks, *(result.fact for result in self.answers.results)}

    def decide_lazily(self, tables: Tables) -> pl.LazyFrame:
        """Decide a table when it is collected."""
        ready = tables.parted() if tables.grouped else tables
        days = None if tables.on is None else regimes_of(self.answers.regimes, [tables.on])
        found = self.answers.decide(ready.frames(), ready.shape, days)
        return _beside(found, tables) if tables.grouped else _handed_out(found[TOP])

    def decide(self, tables: Tables) -> Outcome:
        """Decide tables and tell their faults."""
        ready = tables.parted() if tables.grouped else tables
        settled = ready.frames(lambda frame: frame.collect().lazy())
        frames = {home: frame.collect() for home, frame in settled.items()}
        faults = [*_faulty_cells(ready, frames), *_faulty_ids(ready, frames)]
        bare = {home: frame.drop(_CARRIED) for home, frame in frames.items()}
        decided = self.answers.decided(bare, ready.shape)
        found = {home: _with_carried(frames[home], home, results).lazy() for home, results in decided.items()}
        lists = {name: _handed_out(found[home]).collect() for home, name in self.names.items() if home in tables.lists}
        if not tables.grouped or tables.inline is None:
            return Outcome(_handed_out(found[TOP]).collect(), lists, faults)
        faults = place_at_rows(faults, tables.inline, frames[tables.inline], tables.cells)
        return Outcome(_beside(found, tables).collect(), lists, faults)

    def _check(self, tables: Tables) -> None:
        """Refuse columns that nobody reads, and tables that lack what joins them."""
        own, names = self.result_names(), self.names
        faults = [fault for home in tables.schemas for fault in _faulty_columns(tables, home, own, names)]
        faults += _lacking_columns(tables, names)
        for name in sorted(own & set(tables.schemas[TOP])):
            message = Text(f"Die Spalte '{name}' ist ein Ergebnis.", f"The column '{name}' is a result.")
            hint = Text("Benennen Sie sie um oder lassen Sie sie weg.", "Rename it or leave it out.")
            faults.append(Fault("VIM180", Place("<frame>"), message, hint, name))
        known = derived_facts(self.law, self.request.question)
        for name in sorted(set(self.derive or ()) - set(known)):
            message = Text(f"'{name}' wird nicht abgeleitet.", f"'{name}' is not derived.")
            faults.append(Fault("VIM180", Place("<derive>"), message, did_you_mean(name, known), name))
        if faults:
            raise FrameError(faults)


_CARRIED = cs.starts_with(CARRIED)


def _with_carried(rows: pl.DataFrame, home: Home, results: pl.DataFrame) -> pl.DataFrame:
    """Put the columns that a frame carries beside its results."""
    kept = rows if home == TOP else rows.filter(stated(home))
    return kept.select(_CARRIED).hstack(results)


def _handed_out(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Give the carried columns back their names, and drop the engine's own."""
    names = [name for name in frame.collect_schema() if not name.startswith("#") or name.startswith(CARRIED)]
    return frame.select(pl.col(name).alias(name.removeprefix(CARRIED)) for name in names)


def _beside(found: Frames, tables: Tables) -> pl.LazyFrame:
    """Put the results of each row of the top beside each of its entries, as one table states both."""
    entry = tables.inline or tables.root
    top, entries = found[TOP], found[entry]
    names = entries.collect_schema().names()
    carried = [name for name in names if name.startswith(CARRIED)]
    own = [name for name in names if not name.startswith("#") and name not in ROW_MASKS]
    results = [name for name in top.collect_schema() if not name.startswith("#")]
    masks = [pl.col(mask).alias(f"{entry}.{mask}") for mask in ROW_MASKS]
    joined = entries.select(ROW, *carried, *own, *masks)
    joined = joined.join(top.select(ROW, *results), on=ROW, how="left", maintain_order="left")
    derived = [name for name in results if name not in (*HEAD, *MASKS)]
    return _handed_out(
        joined.select(*carried, *HEAD, *derived, *own, *(f"{entry}.{mask}" for mask in ROW_MASKS), *MASKS)
    )


def _place(home: Home, names: Mapping[Home, str]) -> str:
    """Return how a table as a whole is called as a place."""
    return "<frame>" if home == TOP else f"<{names[home]}>"


def _faulty_columns(tables: Tables, home: Home, results: Collection[str], names: Mapping[Home, str]) -> Iterable[Fault]:
    """Yield the columns of a table that look like facts and are none."""
    vocabulary, scopes = tables.cells.vocabulary, tables.scopes(home)
    known = [path for path, fact in vocabulary.facts.items() if fact.scope in scopes]
    entries = (vocabulary.entities[one] for scope in scopes for one in vocabulary.lists[scope].values())
    flags = {complete(vocabulary, entity) for entity in entries}
    for name in tables.schemas[home]:
        if "." in name and name not in known and name not in results and name not in flags:
            message = Text(f"Die Angabe '{name}' gibt es hier nicht.", f"There is no field '{name}' here.")
            yield Fault("VIM101", Place(_place(home, names)), message, did_you_mean(name, known), name)


def _lacking_columns(tables: Tables, names: Mapping[Home, str]) -> Iterable[Fault]:
    """Yield what is lacking that joins the tables, and the day of decision where no column says it."""
    vocabulary = tables.cells.vocabulary
    for scope in tables.lists:
        above, joint = vocabulary.parent(scope) or tables.root, tables.joint(scope)
        if above in tables.scopes(TOP) or above in tables.lists:
            homes = {home for home in (scope, tables.shape.above(scope)) if joint not in tables.schemas[home]}
            hint = Text("Sie verbindet die Tabellen.", "It joins the tables.")
            yield from (_lacking(joint, _place(home, names), hint) for home in tables.schemas if home in homes)
        else:
            hint = Text(f"Ergänzen Sie die Tabelle '{names[above]}'.", f"Add the table '{names[above]}'.")
            yield _lacking(joint, "<frame>", hint)
    if tables.on is None and ON not in tables.schemas[TOP]:
        hint = Text(
            "Ergänzen Sie sie, oder nennen Sie mit 'on' einen Tag der Entscheidung für alle Zeilen.",
            "Add it, or give by 'on' one day of the decision for all rows.",
        )
        yield _lacking(ON, "<frame>", hint)


def _no_list(name: str, known: Iterable[str]) -> Fault:
    message = Text(f"Die Liste '{name}' gibt es hier nicht.", f"There is no list '{name}' here.")
    return Fault("VIM180", Place("<lists>"), message, did_you_mean(name, known), name)


def _lacking(name: str, place: str, hint: Text) -> Fault:
    message = Text(f"Die Spalte '{name}' fehlt.", f"The column '{name}' is missing.")
    return Fault("VIM180", Place(place), message, hint, name)


def _faulty_cells(tables: Tables, collected: Mapping[Home, pl.DataFrame]) -> Iterable[TableFault]:
    """Tell the faults in the cells of every table."""
    for home, frame in collected.items():
        rows, facts = frame.filter(OWN), tables.facts(home)
        if rows.is_empty():
            continue
        numbers = rows[own_number(home)]
        cells = rows.select(pl.col(CARRIED + fact.path).alias(fact.path) for fact in facts)
        found = faults_of_rows(cells, numbers, tables.cells)
        found += _other_faults(rows, home, tables.cells)
        unclear = table_fault("VIM199", Text("Diese Zeile ist fehlerhaft.", "This row is faulty."))
        found += [CellFault(row, "", "", unclear) for row in sorted(set(numbers) - {fault.row for fault in found})]
        yield from ((home, fault) for fault in found)


def _other_faults(rows: pl.DataFrame, home: Home, cells: Cells) -> Iterable[CellFault]:
    for row in rows.iter_rows(named=True):
        number = row[own_number(home)]
        for name in (name for name in row if name.startswith(FLAG) and row[name]):
            code, column = name.removeprefix(FLAG).split(":")
            yield CellFault(number, column, "", table_fault(code, CODES[code]))
        if row.get(NO_DAY):
            shown = "" if row[CARRIED + ON] is None else str(row[CARRIED + ON])
            yield CellFault(number, ON, shown, no_day("cell" if cells.text else "frame"))


def _faulty_ids(tables: Tables, collected: Mapping[Home, pl.DataFrame]) -> Iterable[TableFault]:
    """Tell where rows have no id or share one, where entries belong to no row above, and where there are too many."""
    vocabulary = tables.cells.vocabulary
    twice = Text("Die Kennung fehlt oder steht mehr als einmal da.", "The id is missing or stands here more than once.")
    joints = {(tables.shape.above(scope), tables.joint(scope)): None for scope in tables.shape.homes[1:]}
    for home, joint in joints:
        if joint != KEY:
            ids, rows = pl.col(CARRIED + joint), collected[home]
            own = rows if home == TOP else rows.filter(stated(home))
            for row, name in own.filter(ids.is_duplicated() | ids.is_null()).select(own_number(home), ids).iter_rows():
                yield home, CellFault(row, joint, str(name), table_fault("VIM181", twice))
    for scope in tables.shape.homes[1:]:
        entity, above = vocabulary.entities[scope], vocabulary.parent(scope) or tables.root
        title, joint = vocabulary.entities[above].title, id_of(above)
        alone = Text(f"Die Kennung gibt es nicht: {title.de}.", f"There is no {title.en.lower()} with this id.")
        lost = collected[scope].filter(pl.col(ROW).is_null() & pl.col(stated(scope)))
        for row, name in lost.select(own_number(scope), pl.col(CARRIED + joint)).iter_rows():
            yield scope, CellFault(row, joint, str(name), table_fault("VIM181", alone))
        counts = collected[scope].drop_nulls(ROW).group_by(ROW, maintain_order=True).len()
        for row in counts.filter(pl.col("len") > entity.most)[ROW]:
            many = Text(f"Das sind mehr als {entity.most} Einträge.", f"These are more than {entity.most} entries.")
            yield tables.shape.above(scope), CellFault(row, joint, "", table_fault("VIM107", many))
