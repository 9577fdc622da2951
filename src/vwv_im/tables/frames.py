"""Deciding frames: polars in, polars out."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import NoneType
from typing import Any, Literal, NamedTuple, TypedDict, Unpack, overload

import polars as pl
from polars import selectors as cs

from vwv_im.case import FACTS
from vwv_im.decision.request import Request, make_request
from vwv_im.law.model import Question
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.columns.answers import (
    CARRIED,
    RANK,
    Answers,
    Asked,
    answers,
    derived_facts,
    readings_key,
    regimes_of,
    wanted_key,
)
from vwv_im.reasoning.columns.bits import Bits, bits_of_question
from vwv_im.reasoning.columns.flow import ROW, TOP, Frames, Home
from vwv_im.reasoning.columns.program import BESIDE, MASKS, MOST, POST_MASKS, STATED
from vwv_im.tables.cells import ID, MEMBERS_STATED, ON
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
from vwv_im.tables.layout import FLAG, KEY, NO_DAY, OWN, Tables, split_posts
from vwv_im.text import Fault, Place, Text
from vwv_im.text.faults import did_you_mean

MOST_TOLD = 500
Faults = Literal["raise", "mark"]
_Frame = pl.DataFrame | None


class Decided(NamedTuple):
    """The applications and the posts of two frames, each with its results beside its own columns."""

    applications: pl.DataFrame
    posts: pl.DataFrame


class Options(TypedDict, total=False):
    """What may be asked of frames of any kind; see `evaluate_frame`."""

    on: date | str | None
    question: Question
    known_on: date | str | None
    readings: Mapping[str, str] | None
    derive: Collection[str] | None
    rules: str | os.PathLike[str] | None


@overload
def evaluate_frame(frame: pl.LazyFrame, *, faults: Faults = ..., **options: Unpack[Options]) -> pl.LazyFrame: ...
@overload
def evaluate_frame(
    frame: pl.DataFrame, *, posts: None = ..., members: _Frame = ..., faults: Faults = ..., **options: Unpack[Options]
) -> pl.DataFrame: ...
@overload
def evaluate_frame(
    frame: pl.DataFrame, *, posts: pl.DataFrame, members: _Frame = ..., faults: Faults = ..., **options: Unpack[Options]
) -> Decided: ...
def evaluate_frame(  # noqa: PLR0913 - what a request may say
    frame: pl.DataFrame | pl.LazyFrame,
    *,
    on: date | str | None = None,
    posts: pl.DataFrame | None = None,
    members: pl.DataFrame | None = None,
    question: Question = "antrag",
    known_on: date | str | None = None,
    readings: Mapping[str, str] | None = None,
    derive: Collection[str] | None = None,
    faults: Faults = "raise",
    rules: str | os.PathLike[str] | None = None,
) -> pl.DataFrame | pl.LazyFrame | Decided:
    """Decide every row of a frame; the results stand beside the columns it has.

    Columns are called like the facts of a case: `antrag.gezaehlte_personen`, `stelle.vzae`; null is unknown. A row is
    an application with the one post it states; rows with the same `antrag_id` are the posts of one application. Or
    give `posts` and `members` as frames of their own, with `antrag_id` in each. `on` is the day of decision; without
    it, the frame has a column `on`. `derive` names the derived facts wanted (default: all results).

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
    _check_types(frame, posts, members, faults)
    law, request = request_of(on=on, rules=rules, question=question, known_on=known_on, readings=readings)
    job = Job(law, request, derive)
    lazy_posts, lazy_members = (None if table is None else table.lazy() for table in (posts, members))
    tables = Tables(frame.lazy(), lazy_posts, lazy_members, None if on is None else request.on, job.scope)
    if isinstance(frame, pl.LazyFrame):
        return job.decide_lazily(tables)
    outcome = job.decide(tables)
    if outcome.faults and faults == "raise":
        raise FrameError(_listed(outcome.faults))
    return outcome.rows if posts is None else Decided(outcome.rows, outcome.posts)


def _check_types(frame: object, posts: object, members: object, faults: object) -> None:
    """Raise `TypeError` for what is no frame, `ValueError` for another word than `faults` knows."""
    for name, given, wanted in (
        ("frame", frame, (pl.DataFrame, pl.LazyFrame)),
        ("posts", posts, (pl.DataFrame, NoneType)),
        ("members", members, (pl.DataFrame, NoneType)),
    ):
        if not isinstance(given, wanted):
            raise TypeError(
                f"{name}: a polars DataFrame is needed, this is {type(given).__name__}; write pl.DataFrame(…), "
                "pl.from_pandas(…) or pl.from_arrow(…); for one case there is evaluate, for several evaluate_many"
            )
    if isinstance(frame, pl.LazyFrame) and (posts is not None or members is not None):
        raise TypeError("frame: with posts or members a DataFrame is needed, not a LazyFrame; collect it first")
    if faults not in ("raise", "mark"):
        raise ValueError(f"faults: 'raise' or 'mark' is needed, not {faults!r}")


def frame_bits(question: Question = "antrag", *, rules: str | os.PathLike[str] | None = None) -> Bits:
    """Return what the bits of the masks mean that `evaluate_frame` gives for a question.

    >>> frame_bits().names("requirements", 5)
    ('antragsteller', 'mindestplanungsrahmen')
    """
    return bits_of_question(regulation(rules), question)


def request_of(
    *, on: object = None, rules: str | os.PathLike[str] | None = None, **asked: Any
) -> tuple[Regulation, Request]:
    """Return the regulation and the valid request; without `on` its day means nothing, as a column says it."""
    law = regulation(rules)
    return law, make_request(law.readings, on=date.max if on is None else on, engine="direct", **asked)


def _listed(faults: list[TableFault]) -> list[Fault]:
    shown = [fault.placed(table) for table, fault in faults[:MOST_TOLD]]
    if more := len(faults) - len(shown):
        message = Text(f"{more} weitere Fehler sind nicht aufgeführt.", f"{more} further faults are not listed.")
        shown.append(Fault("VIM198", Place("<frame>"), message))
    return shown


class Outcome(NamedTuple):
    """What a job found: rows and posts with their results, and the faults, each with the table it stands in."""

    rows: pl.DataFrame
    posts: pl.DataFrame
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

    def result_names(self) -> set[str]:
        """Return the names that columns of results may have."""
        masks = {*MASKS, *BESIDE, *(f"stelle.{mask}" for mask in (*POST_MASKS, *BESIDE))}
        return {"outcome", "verdict", "fassung", *masks, *(result.fact for result in self.answers.results)}

    @property
    def scope(self) -> str:
        """What a row of the first table is about."""
        return "antrag" if self.request.question == "antrag" else "person"

    def decide_lazily(self, tables: Tables) -> pl.LazyFrame:
        """Decide a table when it is collected."""
        self._check(tables)
        grouped = _several_posts(tables)
        split = _split(tables) if grouped else tables
        days = None if tables.on is None else regimes_of(self.answers.regimes, [tables.on])
        found = self.answers.decide(split.frames(), split.shape, days)
        return _beside(found) if grouped else _handed_out(found[TOP])

    def decide(self, tables: Tables) -> Outcome:
        """Decide tables and tell their faults."""
        self._check(tables)
        grouped = _several_posts(tables)
        split = _split(tables) if grouped else tables
        frames = {home: frame.collect() for home, frame in split.frames().items()}
        faults = [*_faulty_cells(split, frames), *_faulty_ids(split, frames)]
        decided = self.answers.decided({home: frame.drop(_CARRIED) for home, frame in frames.items()}, split.shape)
        found = {home: _with_carried(frames[home], results).lazy() for home, results in decided.items()}
        if grouped:
            faults = place_at_rows(faults, frames["stelle"], text=tables.text)
            return Outcome(_beside(found).collect(), pl.DataFrame(), faults)
        posts = pl.LazyFrame() if tables.posts is None else found["stelle"]
        return Outcome(_handed_out(found[TOP]).collect(), _handed_out(posts).collect(), faults)

    def _check(self, tables: Tables) -> None:
        """Refuse columns that nobody reads, and tables that lack what joins them."""
        own = self.result_names()
        faults = list(_faulty_columns(tables, own))
        for name in sorted(own & set(tables.top.collect_schema())):
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
_NAMES = {TOP: "frame", "stelle": "posts", "mitglied": "members"}
"""How the tables are called in a fault."""


def _with_carried(rows: pl.DataFrame, results: pl.DataFrame) -> pl.DataFrame:
    """Put the columns that a frame carries beside its results."""
    stated = rows.filter(STATED) if STATED in rows.columns else rows
    return stated.select(_CARRIED).hstack(results)


def _several_posts(tables: Tables) -> bool:
    """Whether rows are posts of which several may belong to one application."""
    return tables.scope == "antrag" and tables.posts is None and ID in tables.top.collect_schema()


def _split(tables: Tables) -> Tables:
    """Make applications and posts of a table whose rows are posts."""
    top, posts = split_posts(tables.top, text=tables.text)
    members = tables.members
    if members is not None:
        members = members.with_columns(pl.concat_str(pl.lit("="), pl.col(ID)).alias(KEY))
    return replace(tables, top=top, posts=posts, members=members, key=KEY)


def _handed_out(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Give the carried columns back their names, and drop the engine's own."""
    names = [name for name in frame.collect_schema() if not name.startswith("#") or name.startswith(CARRIED)]
    return frame.select(pl.col(name).alias(name.removeprefix(CARRIED)) for name in names)


def _beside(found: Frames) -> pl.LazyFrame:
    """Put the results of each application beside each of its posts."""
    top, posts = found[TOP], found["stelle"]
    names = posts.collect_schema().names()
    carried = [name for name in names if name.startswith(CARRIED)]
    own = [name for name in names if not name.startswith("#") and name not in POST_MASKS]
    results = [name for name in top.collect_schema() if not name.startswith("#")]
    masks = [pl.col(mask).alias(f"stelle.{mask}") for mask in POST_MASKS]
    joined = posts.select(ROW, *carried, *own, *masks)
    joined = joined.join(top.select(ROW, *results), on=ROW, how="left", maintain_order="left")
    order = [*carried, "outcome", "verdict", "fassung", *(n for n in results if n.startswith("antrag.")), *own]
    return _handed_out(joined.select(*order, *(f"stelle.{mask}" for mask in POST_MASKS), *MASKS))


def _faulty_columns(tables: Tables, results: Collection[str]) -> Iterable[Fault]:
    for home, table in {TOP: tables.top, **tables.inner}.items():
        scopes = tables.top_scopes if home == TOP else (home,)
        columns, place = table.collect_schema().names(), f"<{_NAMES[home]}>"
        known = [path for path, fact in FACTS.items() if fact.scope in scopes]
        for name in columns:
            if "." in name and name not in known and name not in results and name != MEMBERS_STATED:
                message = Text(f"Die Angabe '{name}' gibt es hier nicht.", f"There is no field '{name}' here.")
                yield Fault("VIM101", Place(place), message, did_you_mean(name, known), name)
        if tables.inner and ID not in columns:
            yield _lacking(ID, place, Text("Sie verbindet die Tabellen.", "It joins the tables."))
    if tables.on is None and ON not in tables.top.collect_schema():
        hint = Text(
            "Ergänzen Sie sie, oder nennen Sie mit 'on' einen Tag der Entscheidung für alle Zeilen.",
            "Add it, or give by 'on' one day of the decision for all rows.",
        )
        yield _lacking(ON, "<frame>", hint)


def _lacking(name: str, place: str, hint: Text) -> Fault:
    message = Text(f"Die Spalte '{name}' fehlt.", f"The column '{name}' is missing.")
    return Fault("VIM180", Place(place), message, hint, name)


def _faulty_cells(tables: Tables, collected: Mapping[Home, pl.DataFrame]) -> Iterable[TableFault]:
    """Tell the faults in the cells of every table."""
    for home, frame in collected.items():
        rows, facts = frame.filter(OWN), tables.facts(home)
        if rows.is_empty():
            continue
        numbers = rows[ROW if home == TOP else RANK]
        cells = rows.select(pl.col(CARRIED + fact.path).alias(fact.path) for fact in facts)
        found = faults_of_rows(cells, numbers, text=tables.text)
        found += _other_faults(rows, text=tables.text) if home == TOP else ()
        unclear = table_fault("VIM199", Text("Diese Zeile ist fehlerhaft.", "This row is faulty."))
        found += [CellFault(row, "", "", unclear) for row in sorted(set(numbers) - {fault.row for fault in found})]
        yield from ((_NAMES[home], fault) for fault in found)


def _other_faults(rows: pl.DataFrame, *, text: bool) -> Iterable[CellFault]:
    for row in rows.iter_rows(named=True):
        for name in (name for name in row if name.startswith(FLAG) and row[name]):
            code, column = name.removeprefix(FLAG).split(":")
            yield CellFault(row[ROW], column, "", table_fault(code, CODES[code]))
        if row[NO_DAY]:
            shown = "" if row[CARRIED + ON] is None else str(row[CARRIED + ON])
            yield CellFault(row[ROW], ON, shown, no_day("cell" if text else "frame"))


def _faulty_ids(tables: Tables, collected: Mapping[Home, pl.DataFrame]) -> Iterable[TableFault]:
    """Tell where applications have no id or share one, and where posts or members belong to no application."""
    if not tables.inner:
        return
    twice = Text("Die Kennung fehlt oder steht mehr als einmal da.", "The id is missing or stands here more than once.")
    alone = Text("Einen Antrag mit dieser Kennung gibt es nicht.", "There is no application with this id.")
    ids = pl.col(CARRIED + ID)
    if tables.key == ID:
        for row, name in collected[TOP].filter(ids.is_duplicated() | ids.is_null()).select(ROW, ids).iter_rows():
            yield "frame", CellFault(row, ID, str(name), table_fault("VIM181", twice))
    for home in tables.inner:
        lost = collected[home].filter(pl.col(ROW).is_null() & pl.col(STATED))
        for row, name in lost.select(RANK, ids).iter_rows():
            yield _NAMES[home], CellFault(row, ID, str(name), table_fault("VIM181", alone))
        counts = collected[home].drop_nulls(ROW).group_by(ROW, maintain_order=True).len()
        for row in counts.filter(pl.col("len") > MOST[home])[ROW]:
            many = Text(f"Das sind mehr als {MOST[home]} Einträge.", f"These are more than {MOST[home]} entries.")
            yield "frame", CellFault(row, ID, "", table_fault("VIM107", many))
