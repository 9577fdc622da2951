"""Coverage: which results of which rule under which state of the law some case of the corpus shows, and which none.

A cell is a rule, a state of the law in which it stands, and a result it can have there; for a decision table, which row
gives the value; for a plausibility note, whether it is given. It is covered where a case, decided on its own day, with
its own knowledge and readings, has it. What no case can reach is declared with its reason beside the cases
(`unerreichbar`); a cell that is declared and yet covered is a fault. Printed is a matrix, a line for each item, a
column for each state; below, what is missing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Literal, NamedTuple

from vwv_im.decision.blocks import WIDTH, Column, Table, TableRow, plain, write
from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.phrases import DOES_NOT_APPLY, outcome_word
from vwv_im.lang import Row, Verdict, contribution, verdict_of
from vwv_im.lang.truth import TRUTHS
from vwv_im.law import Ableitung, AnyItem, Fassung, Law, Regel, Regulation
from vwv_im.law.observation import Plausibilitaet
from vwv_im.reasoning.records import Subject
from vwv_im.review.corpus import CorpusCase, CorpusError, Unreachable
from vwv_im.text import JsonDocument, JsonObject, Language, Text, fault_of, sentence

NOT_APPLICABLE, NO_ROW, OPEN = "entfaellt", "keine-zeile", "open"
_ROW = "zeile-"
State = Literal["covered", "missing", "unreachable", "refuted"]


class Cell(NamedTuple):
    """A result of a rule, a decision table (`ableitung`) or a note under a state of the law (`Law.name`)."""

    kind: Literal["regel", "ableitung", "plausibilitaet"]
    item: str
    law: str
    result: str


@dataclass(frozen=True, slots=True)
class CoveredBy(JsonObject, schema="FoundDocument", keys="state cases reason"):
    """What is known of a cell: the cases that show it, and why none can where that is declared."""

    cases: tuple[str, ...]
    declared: Unreachable | None

    @property
    def state(self) -> State:
        """`covered`, `missing`, `unreachable`, or `refuted`: declared to be out of reach, and yet covered."""
        if self.declared is None:
            return "covered" if self.cases else "missing"
        return "refuted" if self.cases else "unreachable"

    @property
    def reason(self) -> str | None:
        """Why no case can show it, where that is declared."""
        return self.declared.reason if self.declared else None


@dataclass(frozen=True)
class Coverage(JsonDocument, schema="CoverageDocument", keys="complete covered reachable cells:written"):
    """Every cell with what is known of it: rules in the order of examination, then tables; laws in order of time."""

    regulation: Regulation
    laws: tuple[Law, ...]
    cells: Mapping[Cell, CoveredBy]

    @cached_property
    def items(self) -> Mapping[str, AnyItem]:
        """The rules and tables in the order of their cells, each in its latest wording."""
        latest = {(item.entry.kind, item.id): item for item in self.regulation.items}
        return {cell.item: latest[cell.kind, cell.item] for cell in self.cells}

    def results(self, item: str, law: str) -> Mapping[str, CoveredBy]:
        """Return what is known of each result of an item under a state of the law; nothing where it does not stand."""
        return self._by_item.get((item, law), {})

    @cached_property
    def _by_item(self) -> Mapping[tuple[str, str], Mapping[str, CoveredBy]]:
        found: dict[tuple[str, str], dict[str, CoveredBy]] = {}
        for cell, known in self.cells.items():
            found.setdefault((cell.item, cell.law), {})[cell.result] = known
        return found

    def of(self, state: State) -> tuple[Cell, ...]:
        """Return the cells in a state."""
        return tuple(cell for cell, found in self.cells.items() if found.state == state)

    @property
    def reachable(self) -> int:
        """How many cells a case can reach."""
        return len(self.cells) - len(self.of("unreachable"))

    @property
    def covered(self) -> int:
        """How many cells some case shows."""
        return sum(bool(found.cases) for found in self.cells.values())

    @property
    def complete(self) -> bool:
        """Whether every cell is covered or out of reach, and nothing declared is refuted."""
        return not self.of("missing") and not self.of("refuted")

    @property
    def written(self) -> list[dict[str, Any]]:
        """Every cell with what is known of it."""
        return [{**cell._asdict(), **found.to_dict()} for cell, found in self.cells.items()]


def coverage(law: Regulation, cases: Iterable[CorpusCase], declared: Sequence[Unreachable] = ()) -> Coverage:
    """Return which results of which rule under which state of the law the cases show.

    Raises `CorpusError` where a cell that does not exist is declared to be out of reach, and as `evaluate` does.
    """
    cells: dict[Cell, list[str]] = {cell: [] for cell in cells_of(law)}
    for case in cases:
        for cell in dict.fromkeys(_cells_of_decision(case.decide_by(law))):
            cells.setdefault(cell, []).append(case.id)
    by_cell = {(entry.item, entry.law, entry.result): entry for entry in declared}
    unknown = (by_cell[key] for key in by_cell.keys() - {cell[1:] for cell in cells})
    if faults := [
        fault_of("no_such_result", one.place, item=one.item, law=one.law, result=one.result) for one in unknown
    ]:
        raise CorpusError(faults)
    found = {cell: CoveredBy(tuple(shown), by_cell.get(cell[1:])) for cell, shown in cells.items()}
    return Coverage(law, law.laws, found)


def cells_of(law: Regulation) -> Iterator[Cell]:
    """Yield every cell: rules in the order of examination, tables, notes, each under the laws in which it stands.

    >>> from vwv_im import regulation
    >>> next(cells_of(regulation()))
    Cell(kind='regel', item='antragsteller', law='2017-12-11', result='yes')
    """
    states, own = partial(_states, law), law.vocabulary.scopes_of_own_law
    sections = (section for question in law.questions.values() for section in question.pruefung)
    for rule in (rule for section in sections for rule in section.regeln):
        for state in states(law.with_erlasse.rules[rule].model.bezug if rule in law.with_erlasse.rules else ""):
            if rule in state.rules:
                yield from (Cell("regel", rule, state.name, each) for each in results_of(state.rules[rule].model))
    for table in dict.fromkeys(name for state in law.states for name in state.derivations):
        for state in law.states:
            one = state.derivations.get(table)
            if one is not None and one.model.scope not in own and state in states(one.model.scope):
                yield from (Cell("ableitung", table, state.name, each) for each in rows_of(one.model))
    for note in dict.fromkeys(name for state in law.states for name in state.plausibilities):
        for state in law.states:
            if note in state.plausibilities and state in states(state.plausibilities[note].model.bezug):
                yield from (Cell("plausibilitaet", note, state.name, verdict_of(truth)) for truth in TRUTHS)


def _states(law: Regulation, scope: str) -> Sequence[Fassung]:
    """Return the states of the law under which a scope is asked about: the last alone where the day chooses none."""
    own_days = (law.vocabulary.scopes(one.wurzel) for one in law.questions.values() if one.eigene_tage)
    return law.fassungen[-1:] if any(scope in one for one in own_days) else law.states


def results_of(rule: Regel) -> tuple[str, ...]:
    """Return the results that a rule can have; where it has `gilt_fuer`, also `entfaellt`."""
    results = (contribution(rule.kind, True, holds).value for holds in (True, False, None))
    return (*results, *((NOT_APPLICABLE,) if rule.gilt_fuer is not None else ()))


def rows_of(derivation: Ableitung) -> tuple[str, ...]:
    """Return which rows of a table can give its value, none, or it is open which; nothing where it is no table."""
    rows = derivation.faelle or ()
    conditional = sum(row.wenn is not None for row in rows)
    none = (NO_ROW,) if rows and rows[-1].wenn is not None else ()
    return (*(f"{_ROW}{number}" for number in range(1, len(rows) + 1)), *none, *((OPEN,) if conditional else ()))


def result_phrase(law: Regulation, item: AnyItem, result: str) -> Text:
    """Return how a result of a rule or table is called.

    >>> from vwv_im import regulation
    >>> law = regulation()
    >>> result_phrase(law, law.fassungen[0].rules["rueckwirkende-antragstellung"], "discretion").de
    'möglich; ob Anspruch oder Ermessen, sagt keine Quelle'
    """
    if isinstance(item.model, Plausibilitaet):
        return sentence(f"coverage.note_{result}")
    if not isinstance(item.model, Regel):
        name = "row" if result.startswith(_ROW) else result
        return sentence(f"coverage.{name}", number=result.removeprefix(_ROW))
    return DOES_NOT_APPLY if result == NOT_APPLICABLE else outcome_word(law, item.model.consequence, Verdict(result))


def _cells_of_decision(decision: Decision) -> Iterator[Cell]:
    if decision.outcome != "decided":
        return
    name, own = decision.context.fassung.name, decision.regulation.vocabulary.scopes_of_own_law
    for reason in decision.examined:
        result = NOT_APPLICABLE if reason.applies is Verdict.NO else reason.verdict.value
        yield Cell("regel", reason.rule, name, result)
    for derivation, subject in decision.on_request.derived():
        if isinstance(derivation.form, tuple) and derivation.scope not in own:
            row = _matching_row(derivation.form, decision.on_request, subject)
            yield Cell("ableitung", derivation.item.id, name, row)
    for note, _, truth in decision.context.named("plausibilitaet"):
        yield Cell("plausibilitaet", note.id, name, verdict_of(truth))


def _matching_row(rows: tuple[Row, ...], context: Context, subject: Subject) -> str:
    """Return which row gives the value: the first that holds, unless it is open whether one before it does."""
    for number, row in enumerate(rows, start=1):
        holds = context.truth(row.condition, subject)
        if holds is not False:
            return OPEN if holds is None else f"{_ROW}{number}"
    return NO_ROW


_GAPS: Sequence[State] = ("missing", "refuted", "unreachable")
_MARK = "*"


def summary(found: Coverage, lang: Language) -> str:
    """Return in one sentence how much is covered."""
    words = {"covered": found.covered, "reachable": found.reachable, "beyond": len(found.of("unreachable"))}
    return sentence("coverage.summary", **words).in_(lang)


def matrix(found: Coverage, lang: Language) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the matrix, the first its head; a field is empty where the item does not stand."""
    item, kind, *others = (sentence(f"coverage.{name}").in_(lang) for name in ("item", "kind", "table", "note"))
    yield (item, kind, *(law.name for law in found.laws))
    for name, known in found.items.items():
        fields = (field(found.results(name, law.name).values()) for law in found.laws)
        table_or_note = others[isinstance(known.model, Plausibilitaet)]
        yield (name, known.model.art if isinstance(known.model, Regel) else table_or_note, *fields)


def field(results: Iterable[CoveredBy]) -> str:
    """Write how many results are covered of how many that are reachable.

    >>> field([CoveredBy(("fall",), None), CoveredBy((), None)])
    '1/2'
    """
    known = list(results)
    reachable = sum(found.state != "unreachable" for found in known)
    if not known:
        return ""
    return f"{sum(bool(found.cases) for found in known)}/{reachable}{_MARK if reachable < len(known) else ''}"


def gaps(found: Coverage, state: State, lang: Language) -> Iterator[str]:
    """Yield the cells in a state in words, with the reason or the cases where there are any."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for cell in found.of(state):
        known, item = found.cells[cell], found.items[cell.item]
        result = result_phrase(found.regulation, item, cell.result).in_(lang)
        because = ", ".join(known.cases) or known.reason or ""
        alike.setdefault((cell.item, result, because), []).append(cell.law)
    for (name, result, because), laws in alike.items():
        yield f"{name}: {result} ({', '.join(laws)}){f': {because}' if because else ''}"


def text(found: Coverage, lang: Language, *, missing: bool = False, width: int = WIDTH) -> str:
    """Return the coverage as text; `missing`: only what is not as it should be."""
    lines = [] if missing else [*columns(matrix(found, lang), width), _legend(lang), ""]
    for title, cells in _sections(found, lang, missing):
        lines += [f"{title}:", *(f"  {line}" for line in cells), ""]
    return "\n".join([*lines, summary(found, lang)]) + "\n"


def markdown(found: Coverage, lang: Language, *, missing: bool = False) -> str:
    """Return the coverage as Markdown."""
    lines = [f"# {sentence('coverage.title').in_(lang)}", "", summary(found, lang), ""]
    if not missing:
        head, *rows = matrix(found, lang)
        lines += [*map(table_line, (head, ("---",) * len(head), *rows)), "", _legend(lang), ""]
    for title, cells in _sections(found, lang, missing):
        lines += [f"## {title}", "", *(f"- {plain(line)}" for line in cells), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _legend(lang: Language) -> str:
    return sentence("coverage.legend", mark=_MARK).in_(lang)


def _sections(found: Coverage, lang: Language, missing: bool) -> Iterator[tuple[str, list[str]]]:
    """Yield the titles of the states in which there are cells, each with these in words."""
    for state in _GAPS[:-1] if missing else _GAPS:
        if cells := list(gaps(found, state, lang)):
            yield sentence(f"coverage.{state}").in_(lang), cells


def table_line(fields: Iterable[str]) -> str:
    """Write a line of a table in Markdown."""
    return f"| {' | '.join(fields)} |"


def columns(rows: Iterable[Sequence[str]], width: int = WIDTH) -> list[str]:
    """Return the lines of a table as text, its head first, at most `width` wide."""
    head, *others = rows
    table = Table("", tuple(map(Column, head)), tuple(TableRow(tuple(row)) for row in others))
    return write([table], "text", width).splitlines()
