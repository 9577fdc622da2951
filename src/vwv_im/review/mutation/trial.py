"""Trying all mutants: is one refused, does no plan change, does a case notice, or does it survive?"""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise, repeat
from multiprocessing import get_context
from pathlib import Path, PurePath
from typing import Any, NamedTuple, Self

from vwv_im.decision.evaluate import programs_of
from vwv_im.lang import Constant, Expression, Form, Row, atoms_of, parameters_of
from vwv_im.lang.fold import Rebuilt
from vwv_im.law import Ableitung, Fassung, Regulation
from vwv_im.law.consistency import check
from vwv_im.law.reader import parse_rules, read_documents, rule_texts
from vwv_im.law.regulation import label_of, regulation, rules_directory
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.reasoning.plan import Plan
from vwv_im.review.corpus import CorpusCase, CorpusError, cases_directory, corpus, mismatches
from vwv_im.review.diagnostics.examine import structure
from vwv_im.review.mutation.mutants import Mutant, Outcome, mutants_of
from vwv_im.review.mutation.score import Score, reasons_on_file, survivors_file
from vwv_im.text import (
    Document,
    Fault,
    Path_,
    Place,
    Progress,
    Text,
    counted,
    did_you_mean,
    fault_of,
    sentence,
    silent,
)


class View:
    """A regulation as cases see it; plans that are the same as in the `base` are the same objects."""

    law: Regulation
    plan: Callable[..., Plan]
    entries: Callable[..., dict[tuple[str, str], Any]]

    def __init__(self, law: Regulation, base: Self | None = None) -> None:
        self.law, self._base = law, base
        self.plan = cache(self._plan)
        self.entries = cache(self._entries)

    def of(self, case: CorpusCase) -> tuple[Any, ...]:
        """Return what a case sees: the readings followed, the Fassung chosen, and the plan as far as it decides."""
        request = case.request(self.law)
        choice = self.law.choose(request.on, request.known_on, request.readings, request.question)
        seen = (choice.status, choice.basis, choice.erlasse, choice.gilt_ab, choice.gilt_bis, choice.readings)
        plan = None if choice.basis is None else self.plan(choice.basis, choice.erlasse, request.question)
        return sorted(request.readings.items()), seen, plan

    def whole(self) -> Any:
        """Return all that any case could see: the days of the acts, the default readings, every plan."""
        acts = [(akt.id, akt.bekannt_ab.datum, akt.gilt_ab.datum, akt.gilt_ab.spaetestens) for akt in self.law.acts]
        erlasse = tuple(akt.id for akt in self.law.acts if akt.art == "erlass")
        norms = [akt.id for akt in self.law.acts if akt.art in ("stammfassung", "aenderung")]
        states = [(fassung, beside) for fassung in norms for beside in {(), erlasse}]
        plans = {(state, question): self.plan(*state, question) for state in states for question in self.law.questions}
        return acts, self.law.default_readings, plans

    def _entries(self, fassung: str, erlasse: tuple[str, ...]) -> dict[tuple[str, str], Any]:
        series = {("reihe", name): entity.series for name, entity in self.law.vocabulary.entities.items()}
        items = self.law.fassung(fassung, erlasse)
        return {**series, **{(item.entry.kind, item.id): item.entry.data for item in items}}

    def _plan(self, fassung: str, erlasse: tuple[str, ...], question: str) -> Any:
        base, own = self._base, self.law.questions[question].eigene_tage
        read = [(one.id, erlasse) for one in self.law.fassungen] if own else [(fassung, erlasse)]
        if base is None or any(base.entries(*one) != self.entries(*one) for one in read):
            program = programs_of(self.law).get(fassung, erlasse, question, with_on_request=True)
            found = fingerprint(self.law, program.plan, program.fassung)
            if base is None or base.plan(fassung, erlasse, question) != found:
                return found
        return base.plan(fassung, erlasse, question)


def fingerprint(law: Regulation, plan: Plan, fassung: Fassung) -> Any:
    """Return all of a plan that decides: its forms, its obligations, and the grades of what it rests on.

    Two plans with the same fingerprint decide every case alike; they may differ in which of two parameters of the same
    value and grade is cited.
    """
    graded = _Graded({name: law.grade(item.model.beleg[0]) for name, item in fassung.parameters.items()})
    derived = {d.fact: _grades(law, d.item.model) for d in plan.derivations}
    return structure(plan, graded.of), derived, [law.grade(r.item.model.beleg[0]) for r in plan.requirements]


def _grades(law: Regulation, model: Ableitung) -> list[str]:
    rows = [row.beleg for row in model.faelle or () if row.beleg]
    return [law.grade(beleg[0]) for beleg in (model.beleg, *rows)]


class _Graded(Rebuilt[None]):
    """Forms with the grades of their parameters in place of their names."""

    def __init__(self, grades: Mapping[str, str]) -> None:
        self.grades = grades

    def of(self, form: Form | None) -> Any:
        """Return a form so; neighbouring rows of a table whose order says nothing stand in a fixed one."""
        if isinstance(form, tuple):
            return [self.row(row, None) for row in _sort_rows(form)]
        return None if form is None else self.form(form, None)

    def constant(self, node: Constant, here: None) -> Expression:
        """Return a value with its type, as numbers of several types may be equal."""
        value: Any = (node.value, type(node.value), self.grades.get(node.parameter or ""))
        return Constant(value)


def _sort_rows(form: Sequence[Row]) -> list[Row]:
    rows = list(form)
    for _ in rows:
        for index, (before, after) in enumerate(pairwise(rows)):
            if _exclusive(before, after) and repr(after) < repr(before):
                rows[index : index + 2] = [after, before]
    return rows


def _exclusive(one: Row, other: Row) -> bool:
    """Whether two rows ask the same fact for two different values: never both hold, and they are open together."""
    first, second = _only_equality(one), _only_equality(other)
    return first is not None and second is not None and first[0] == second[0] and first[1] != second[1]


def _only_equality(row: Row) -> tuple[str, Any] | None:
    """Return the fact and the value that are all that a row asks for.

    The value is no parameter, whose grade would be that of whichever row stands first.
    """
    atoms = [*atoms_of(row.condition)]
    if len(atoms) != 1 or atoms[0].operator != "ist" or atoms[0].other is not None or [*parameters_of(row.condition)]:
        return None
    return atoms[0].fact, atoms[0].required


_FAILURES = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, AssertionError)
"""What deciding under a senseless law may end with; a case that cannot be decided is not decided as expected."""


class _Noticed(NamedTuple):
    """That a case is not decided as expected: told in words; `failed`, where it could not be decided at all."""

    case: str
    told: Text
    failed: bool


class Trial:
    """The rule files of a directory, their mutants, and the cases that are to notice them.

    Raises `RuleFileError` for faulty rule files, `CorpusError` for faulty cases.
    """

    law: Regulation
    documents: list[Document]
    label: str
    cases: tuple[CorpusCase, ...]

    def __init__(self, rules: Path, cases: Path | None = None) -> None:
        self.law = regulation(rules)
        self.documents, self.label = read_documents(rule_texts(rules)), label_of(rules)
        parse_rules([replace(one) for one in self.documents], self.label)  # writes formulas out, to be mutated there
        self.cases = corpus(cases)
        self._view = View(self.law)
        self._seen = {case.id: self._view.of(case) for case in self.cases}

    def mutants(self) -> Iterator[Mutant]:
        """Yield every mutant."""
        return mutants_of(self.law, self.documents)

    def outcome(self, mutant: Mutant) -> Outcome:
        """Try one mutant; whether it would be refused is looked up only where no case is decided differently."""
        raw = parse_rules([_apply(document, mutant) for document in self.documents], self.label)
        view = View(Regulation(raw, self.law.hashes), self._view)
        noticed = None if raw.faults else self._noticed(mutant, view)
        if noticed is None or noticed.failed:
            faults = [fault for fault in check(raw) if fault.code not in _follows(mutant)]
            if faults:
                return Outcome(mutant, "refused", faults[0].render("de"))
        if noticed is not None:
            return Outcome(mutant, "killed", f"{noticed.case}: {noticed.told.de}")
        same = view.whole() == self._view.whole()
        return Outcome(mutant, "equivalent" if same else "survived", "")

    def _noticed(self, mutant: Mutant, view: View) -> _Noticed | None:
        """Return what the first case notices that can see the difference."""
        in_order = self._in_order(mutant)
        tries = (_first_mismatch(case, view.law, partial(self._reached, case, view)) for case in in_order)
        return next(filter(None, tries), None)

    def _in_order(self, mutant: Mutant) -> list[CorpusCase]:
        """Return the cases, those first that are about the changed item, or else about its subject or act."""
        item = mutant.item.rpartition(" ")[2].partition(".")[0]
        subject = PurePath(mutant.file).stem

        def distance(case: CorpusCase) -> tuple[bool, bool, bool]:
            about = item in case.herkunft.values() or item in case.expected.get("reasons", ())
            return not about, "readings" in case.expected, PurePath(case.place.file).stem != subject

        return sorted(self.cases, key=distance)

    def _reached(self, case: CorpusCase, view: View) -> bool:
        """Whether a case can see the difference; where it expects other readings, they may reach further."""
        return "readings" in case.expected or view.of(case) != self._seen[case.id]


def _apply(document: Document, mutant: Mutant) -> Document:
    data = document.data
    for edit in mutant.edits:
        if edit.file == document.file:
            data = _replace_at(data, edit.path, edit.new)
    return Document(document.file, data, document.positions, written_out=document.written_out)


def _replace_at(data: Any, path: Path_, new: Any) -> Any:
    """Return `data` with `new` at `path`; what lies beside the path is shared."""
    if not path:
        return new
    copied = data.copy()
    copied[path[0]] = _replace_at(data[path[0]], path[1:], new)
    return copied


def _follows(mutant: Mutant) -> Set[str]:
    """Return the faults that say only that other places must follow: `alt` and, of a dropped item, lists of names."""
    return {"VIM018", "VIM016", "VIM023"} if mutant.kind == "eintrag" else {"VIM018"}


def _first_mismatch(case: CorpusCase, law: Regulation, reached: Callable[[], bool] = lambda: True) -> _Noticed | None:
    """Return how a case notices that it is not decided as expected, or `None`, also where it is not `reached`."""
    try:
        found = next(mismatches(case.decide_by(law), case.expected), None) if reached() else None
    except _FAILURES as error:
        return _Noticed(case.id, Text(*[f"{type(error).__name__}: {error}"] * 2), failed=True)
    return None if found is None else _Noticed(case.id, found.text, failed=False)


_FEW = 60
"""So many mutants are tried in one process, as others take longer to start."""
_BETWEEN_COLLECTIONS = 50_000
"""So many objects a process makes before it looks for garbage: with the usual 700 a third of its time goes there."""


def mutate(
    rules: Path | None = None,
    cases: Path | None = None,
    survivors: Path | None = None,
    only: str | None = None,
    jobs: int | None = None,
    progress: Progress = silent,
) -> Score:
    """Return which single changes of the rule files no case of the corpus notices.

    `rules`, `cases` and `survivors` (the reasons on file) default to the library's own, of whose reasons only those
    count for other rules that are about one of their mutants; `only` names one rule file;
    `jobs` is the number of processes (default: one for each processor); a script that calls this with more than one
    needs the usual `if __name__ == "__main__":`; `progress` is told how many changes are tried.

    Raises `RuleFileError`, `CorpusError` or `SurvivorsError` where these cannot be read, `CorpusError` also where a
    case is not decided as expected by the rule files as they are, `ValueError` where `jobs` is less than one.
    """
    if jobs is not None and jobs < 1:
        raise ValueError("jobs must be at least 1")
    reasons = reasons_on_file(survivors or survivors_file())
    places = (rules or rules_directory(), cases or cases_directory())
    trial = _trial(*places)
    _sound(trial)
    files = _files(trial, only)
    if rules is not None and survivors is None:
        reasons = {mutant.id: reasons[mutant.id] for mutant in trial.mutants() if mutant.id in reasons}
    mutants = [mutant for mutant in trial.mutants() if mutant.file in files]
    tried = _outcomes(mutants, places, jobs or os.cpu_count() or 1)
    return Score(tuple(counted(tried, len(mutants), progress)), reasons, files)


_trial = cache(Trial)


def _sound(trial: Trial) -> None:
    """Raise where a case fails already: it could not notice a mutant."""
    tries = ((case, _first_mismatch(case, trial.law)) for case in trial.cases)
    faults = [
        Fault("VIM170", case.place, sentence("mutation.fails_already", case=case.id, noticed=noticed.told))
        for case, noticed in tries
        if noticed is not None
    ]
    if faults:
        raise CorpusError(faults)


def _files(trial: Trial, only: str | None) -> frozenset[str]:
    names = [document.file for document in trial.documents]
    if only is None:
        return frozenset(names)
    found = frozenset(name for name in names if name == only or name.endswith(f"/{only}"))
    if not found:
        raise RuleFileError(
            [fault_of("no_such_rule_file", Place(trial.label), hint=did_you_mean(only, names), name=only)]
        )
    return found


def _outcomes(mutants: Sequence[Mutant], places: tuple[Path, Path], jobs: int) -> Iterator[Outcome]:
    if jobs == 1 or len(mutants) < _FEW:
        yield from map(_trial(*places).outcome, mutants)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), gc.set_threshold, (_BETWEEN_COLLECTIONS,)) as pool:
        yield from pool.map(_outcome, mutants, repeat(places), chunksize=8)


def _outcome(mutant: Mutant, places: tuple[Path, Path]) -> Outcome:
    return _trial(*places).outcome(mutant)
