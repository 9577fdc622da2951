"""Deciding rows each as a case, by the engine `direct`, with the same results as the engine `columns`.

A program of columns takes as long for one row as for a thousand; below some tens of rows cases are quicker. And cases
can say what columns cannot: a sum over some entries of a list, say, or one of quotients.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from vwv_im.case.vocabulary import DECISION_DAY, Entity, Fact, scope_of, without_numbers
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide
from vwv_im.decision.observations import observed
from vwv_im.decision.request import Request, make_request
from vwv_im.lang import Verdict
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiled_plan import MASK, MASKS, REASONS, ROW_MASKS, VERDICT, InputLayout
from vwv_im.reasoning.columns.compiling import bits_of, stated_codes
from vwv_im.reasoning.columns.evaluator import FAULTY, OUTCOME, BatchEvaluator
from vwv_im.reasoning.columns.masks import MaskLayout
from vwv_im.reasoning.columns.schedule import RANK, ROW, TOP, Frames, TableName, number_column, stated_column
from vwv_im.reasoning.plan import Kind
from vwv_im.tables.sinks import KINDS
from vwv_im.tables.table_faults import first_part, way_to

Row = dict[str, Any]
_HEAD: pl.Schema = pl.Schema({"outcome": OUTCOME, "verdict": VERDICT, "fassung": pl.String()})


def evaluate_rows(evaluator: BatchEvaluator, frames: Frames, layout: InputLayout) -> Frames:
    """Return what `BatchEvaluator.evaluate` returns; no frame may be one of a series, whose entries are derived."""
    return _Rows(evaluator, frames, layout).evaluate()


def row_of(decision: Decision, masks: MaskLayout, place: str) -> Row:
    """Return the outcome of a case, and the masks of what lies at a place in it or below, as far as any are known."""
    found: Row = {"outcome": decision.outcome, "verdict": decision.verdict, "fassung": decision.fassung.id}
    if decision.fassung.choice.basis is None:
        return found
    context, names = decision.context, dict[str, list[str]]()

    def own(path: str) -> bool:
        return f"{path}.".startswith(f"{place}.")

    def named(path: str) -> str:
        found = context.vocabulary.at(path)
        return found.path if isinstance(found, Fact) else without_numbers(path)

    def told(kind: Kind) -> list[str]:
        return [one.id for one, subject in observed(context, kind) if own(subject.name)]

    names["contradictions"] = told("widerspruch")
    if not context.evaluation.contradicted:
        names |= {"plausibility": told("plausibilitaet"), "duties": [one.id for one in decision.duties]}
    if decision.outcome == "decided":
        names |= {f"reasons_{kind}": [] for kind in REASONS}
        for one in (one for one in decision.examined if own(one.subject)):
            kind = "not_applicable" if one.applies is Verdict.NO else one.verdict
            names[f"reasons_{kind}"].append(one.rule)
        names["missing"] = [named(one.fact) for one in decision.missing if own(one.fact)]
    return found | {mask: masks.mask(KINDS.get(mask, "requirements"), ids) for mask, ids in names.items()}


def cases_of(law: Regulation, frames: Frames, layout: InputLayout) -> Iterator[dict[str, Any]]:
    """Yield what each row of the top states as a case, with the rows of its lists; none may be faulty."""
    cases = _Cases(law, frames, layout)
    for row in cases.rows[TOP]:
        part: Row = {}
        list(cases.state(TOP, row, part, layout.root))
        yield {law.vocabulary.entities[layout.root].key: part}


class _Cases:
    """Rows as cases."""

    def __init__(self, law: Regulation, frames: Frames, layout: InputLayout) -> None:
        self.law, self.layout = law, layout
        self._words = {code: word for word, code in stated_codes(self.law.vocabulary).items()}
        self._facts = {table: self._facts_in(table) for table in layout.tables}
        self.rows = {table: frames[table].rows(named=True) for table in layout.tables}
        self._below: dict[tuple[TableName, int], list[Row]] = defaultdict(list)
        for table in layout.tables[1:]:
            for row in self.rows[table]:
                self._below[table, row[ROW]].append(row)

    def _facts_in(self, table: TableName) -> list[tuple[Fact, list[Entity]]]:
        """Return the facts of a table, each with the parts of an entry on the way to it."""
        facts = [self.law.vocabulary.facts[path] for path in sorted(self.layout.columns)]
        return [(fact, self._way(table, fact.entity)) for fact in facts if self.layout.table(fact.scope) == table]

    def _way(self, table: TableName, name: str | None) -> list[Entity]:
        """Return the parts on the way from the entry that a row states to one that it states along with it."""
        return way_to(self.law.vocabulary, name, self.layout.root if table == TOP else table)

    def state(self, table: TableName, row: Row, part: Row, place: str) -> Iterator[tuple[TableName, Row, str]]:
        """Put into a part of a case what a row and those below it state; yield each with its place in the case."""
        yield table, row, place
        for fact, way in self._facts[table]:
            value = None if row[fact.path] is None else self._stated(fact, row[fact.path])
            first_part(part, way)[fact.key] = value
        for below in (one for one in self.layout.tables[1:] if self.layout.above(one) == table):
            entity, rows = self.law.vocabulary.entities[below], self._below[below, row[number_column(table)]]
            way, stated = self._way(table, entity.within), [one for one in rows if one[stated_column(below)]]
            if stated or not rows:
                entries = first_part(part, way)[entity.key] = [{} for _ in stated]
                home = ".".join([place, *(f"{one.key}[0]" if one.many else one.key for one in way), entity.key])
                for number, (one, entry) in enumerate(zip(stated, entries, strict=True)):
                    yield from self.state(below, one, entry, f"{home}[{number}]")

    def _stated(self, fact: Fact, value: Any) -> Any:
        """Return a value of the engine as a case states it."""
        match fact.type:
            case "auswahl":
                return self._words[value]
            case "auswahlliste":
                return [one for one in fact.values if value & bits_of([one], fact)]
            case "dezimal" if fact.limits is not None:
                return Decimal(value).scaleb(-fact.limits.places)
        return value


class _Rows(_Cases):
    """Rows as cases, and their results."""

    def __init__(self, evaluator: BatchEvaluator, frames: Frames, layout: InputLayout) -> None:
        super().__init__(evaluator.law, frames, layout)
        self.evaluator = evaluator

    def evaluate(self) -> Frames:
        """Decide each row of the top as a case, and give all that belong to it their share."""
        found: dict[tuple[TableName, int], Row] = {}
        root = self.layout.root
        for row in self.rows[TOP]:
            part: Row = {}
            stated = list(self.state(TOP, row, part, root))
            decision = None
            if not row[FAULTY]:
                case = self.law.read_case({self.law.vocabulary.entities[root].key: part})
                decision = decide(self.law, case, self._request(row))
            for table, one, place in stated:
                found[table, one[number_column(table)]] = self._results(table, place, decision)
        return {table: self._frame(table, found) for table in self.rows}

    def _request(self, row: Row) -> Request:
        asked = self.evaluator
        how: dict[str, Any] = {"question": asked.question, "known_on": asked.known_on, "readings": dict(asked.readings)}
        return make_request(self.law, on=row[DECISION_DAY], engine="direct", **how)

    def _results(self, table: TableName, place: str, decision: Decision | None) -> Row:
        """Return what a decision says of a row; of a faulty one there is none."""
        if decision is None:
            return {"outcome": "faulty"}
        found = row_of(decision, self.evaluator.masks, place)
        if "plausibility" in found:  # it does not contradict itself, and some Fassung was there to run
            context = decision.context
            for path, derived, subject in context.results_by_path:
                if self.layout.table(derived.scope) == table and f"{path}.".startswith(f"{place}."):
                    found[derived.fact] = context.value(derived.fact, subject)
        return found

    def _frame(self, table: TableName, found: Mapping[tuple[TableName, int], Row]) -> pl.DataFrame:
        """Return results as the columns that a program of columns gives; a row that belongs to none has none."""
        schema = pl.Schema({ROW: pl.UInt32(), **_HEAD} if table == TOP else {RANK: pl.UInt32(), ROW: pl.UInt32()})
        for result in self.evaluator.results:
            scope = scope_of(result.fact)
            if self.layout.table(scope) == table and not self.layout.is_unstated(scope):
                schema[result.fact] = result.dtype
        schema |= dict.fromkeys(MASKS if table == TOP else ROW_MASKS, MASK())
        stated = [one for one in self.rows[table] if table == TOP or one[stated_column(table)]]
        rows = [
            {ROW: one[ROW], RANK: one.get(RANK), **found.get((table, one[number_column(table)]), {})} for one in stated
        ]
        return pl.DataFrame({name: [row.get(name) for row in rows] for name in schema}, schema=schema)
