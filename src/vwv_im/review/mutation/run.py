"""Trying all mutants, in as many processes as there are processors."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from vwv_im.law.faults import RuleFileError, unplaced
from vwv_im.law.regulation import rules_directory
from vwv_im.review.corpus import CorpusError, cases_directory
from vwv_im.review.mutation.mutants import Mutant
from vwv_im.review.mutation.score import Score, reasons_on_file, survivors_file
from vwv_im.review.mutation.trial import Outcome, Trial
from vwv_im.text import Fault, Text
from vwv_im.text.faults import did_you_mean

_FEW = 60
_AT_ONCE = 8


def mutate(
    rules: Path | None = None,
    cases: Path | None = None,
    survivors: Path | None = None,
    only: str | None = None,
    jobs: int | None = None,
) -> Score:
    """Change the rule files one step at a time and tell which changes no case of the corpus notices.

    `rules`, `cases` and `survivors` (the reasons on file) default to the library's own; `only` names one rule file;
    `jobs` is the number of processes (default: one for each processor); a script that calls this with more than one
    needs the usual `if __name__ == "__main__":`.

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
    mutants = [mutant for mutant in trial.mutants() if mutant.file in files]
    return Score(_outcomes(mutants, places, jobs or os.cpu_count() or 1), reasons, files)


@cache
def _trial(rules: Path, cases: Path) -> Trial:
    return Trial(rules, cases)


def _sound(trial: Trial) -> None:
    """Raise where a case fails already: it could not notice a mutant."""
    faults = [
        Fault(
            "VIM170",
            case.place,
            Text(
                f"Der Fall '{case.id}' wird schon ohne Änderung nicht wie erwartet entschieden: {noticed.de}.",
                f"The case '{case.id}' is not decided as expected even without a change: {noticed.en}.",
            ),
        )
        for case, noticed in trial.failing()
    ]
    if faults:
        raise CorpusError(faults)


def _files(trial: Trial, only: str | None) -> frozenset[str]:
    names = [document.file for document in trial.documents]
    if only is None:
        return frozenset(names)
    found = frozenset(name for name in names if name == only or name.endswith(f"/{only}"))
    if not found:
        message = Text(f"Eine Regeldatei '{only}' gibt es nicht.", f"There is no rule file '{only}'.")
        raise RuleFileError([unplaced("VIM003", trial.label, message, did_you_mean(only, names))])
    return found


def _outcomes(mutants: Sequence[Mutant], places: tuple[Path, Path], jobs: int) -> tuple[Outcome, ...]:
    if jobs == 1 or len(mutants) < _FEW:
        return tuple(map(_trial(*places).outcome, mutants))
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        tries = ((mutant, places) for mutant in mutants)
        return tuple(pool.map(_outcome, tries, chunksize=_AT_ONCE))


def _outcome(work: tuple[Mutant, tuple[Path, Path]]) -> Outcome:
    mutant, places = work
    return _trial(*places).outcome(mutant)
