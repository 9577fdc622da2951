"""Trying a mutant: does the loader refuse it, does no plan change, does a case notice, or does it survive?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, Literal, NamedTuple

from vwv_im.law.consistency import check
from vwv_im.law.reader import read_documents, understand
from vwv_im.law.regulation import Regulation, label_of, regulation
from vwv_im.review.corpus import CorpusCase, corpus
from vwv_im.review.expectations import mismatches
from vwv_im.review.mutation.mutants import Mutant, mutants_of
from vwv_im.review.mutation.view import View
from vwv_im.text import Document, Fault, Text
from vwv_im.text.yaml import Path_

Fate = Literal["refused", "equivalent", "killed", "survived"]

_FAILURES = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, AssertionError)
"""What deciding under a senseless law may end with; a case that cannot be decided is not decided as expected."""


class Outcome(NamedTuple):
    """What became of a mutant: `by` is the fault of the loader, or the case and what it noticed."""

    mutant: Mutant
    fate: Fate
    by: str


class Trial:
    """The rule files of a directory, their mutants, and the cases that are to notice them.

    Raises `RuleFileError` for faulty rule files, `CorpusError` for faulty cases.
    """

    def __init__(self, rules: Path, cases: Path | None = None) -> None:
        self.law = regulation(rules)
        self.documents = read_documents(rules)
        self.label = label_of(rules)
        self.cases = corpus(cases)
        self._view = View(self.law)
        self._seen = {case.id: self._view.of(case) for case in self.cases}

    def mutants(self) -> Iterator[Mutant]:
        """Yield every mutant."""
        return mutants_of(self.law, self.documents)

    def failing(self) -> Iterator[tuple[CorpusCase, Text]]:
        """Yield the cases that are not even decided as expected by the rule files as they are."""
        for case in self.cases:
            if (noticed := _noticed(case, self.law)) is not None:
                yield case, noticed

    def outcome(self, mutant: Mutant) -> Outcome:
        """Try one mutant."""
        law, faults = self._mutated(mutant)
        if faults:
            return Outcome(mutant, "refused", faults[0].render("de"))
        view = View(law, self._view)
        for case in self._in_order(mutant):
            if self._reached(case, view) and (noticed := _noticed(case, law)) is not None:
                return Outcome(mutant, "killed", f"{case.id}: {noticed.de}")
        same = view.whole() == self._view.whole()
        return Outcome(mutant, "equivalent" if same else "survived", "")

    def _mutated(self, mutant: Mutant) -> tuple[Regulation, list[Fault]]:
        """Return the mutated law, and the faults for which its files would be refused."""
        raw = understand([_changed(document, mutant) for document in self.documents], self.label)
        return Regulation(raw, self.law.hashes), [fault for fault in check(raw) if fault.code not in _follows(mutant)]

    def _in_order(self, mutant: Mutant) -> list[CorpusCase]:
        """Return the cases, those first that are about the changed item, or else about its subject or act."""
        item = mutant.item.rpartition(" ")[2].partition(".")[0]
        subject = PurePath(mutant.file).stem
        return sorted(self.cases, key=lambda case: _distance(case, item, subject))

    def _reached(self, case: CorpusCase, view: View) -> bool:
        """Whether a case can see the difference; where it expects other readings, they may reach further."""
        return "readings" in case.expected or view.of(case) != self._seen[case.id]


def _distance(case: CorpusCase, item: str, subject: str) -> tuple[bool, bool, bool]:
    about = item in case.herkunft.values() or item in case.expected.get("reasons", ())
    return not about, "readings" in case.expected, PurePath(case.place.file).stem != subject


def _changed(document: Document, mutant: Mutant) -> Document:
    data = document.data
    for edit in mutant.edits:
        if edit.file == document.file:
            data = _replaced(data, edit.path, edit.new)
    return Document(document.file, data, document.positions)


def _replaced(data: Any, path: Path_, new: Any) -> Any:
    """Return `data` with `new` at `path`; what lies beside the path is shared."""
    if not path:
        return new
    copied = data.copy()
    copied[path[0]] = _replaced(data[path[0]], path[1:], new)
    return copied


_REPEATED = frozenset({"VIM018"})
_LISTED = _REPEATED | {"VIM016", "VIM023"}


def _follows(mutant: Mutant) -> frozenset[str]:
    """Return the faults that say only that other places must follow: `alt` and, of a dropped item, lists of names."""
    return _LISTED if mutant.kind == "eintrag" else _REPEATED


def _noticed(case: CorpusCase, law: Regulation) -> Text | None:
    """Return how a case notices that it is not decided as expected, or `None`."""
    try:
        found = next(mismatches(case.decide_by(law), case.expected), None)
    except _FAILURES as error:
        return Text(*[f"{type(error).__name__}: {error}"] * 2)
    return None if found is None else found.text
