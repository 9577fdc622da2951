"""Examining a regulation: every finding, sorted by where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from vwv_im.law.evidence import Grade
from vwv_im.law.regulation import Regulation
from vwv_im.review.diagnostics.conditions import findings_of_conditions, findings_of_tables
from vwv_im.review.diagnostics.sentences import missing_titles, unwritable
from vwv_im.review.diagnostics.unused import (
    effects_of_operations,
    unread_statements,
    unused_derivations,
    unused_parameters,
    unused_readings,
    unused_sources,
)
from vwv_im.review.evidence import overstated_evidence, weak_evidence
from vwv_im.text import Fault

_EXAMINATIONS: tuple[Callable[[Regulation], Iterator[Fault]], ...] = (
    unused_derivations,
    unread_statements,
    unused_parameters,
    unused_sources,
    unused_readings,
    findings_of_tables,
    findings_of_conditions,
    effects_of_operations,
    missing_titles,
    unwritable,
    overstated_evidence,
)


def examine(law: Regulation, grade: Grade | None = None) -> tuple[Fault, ...]:
    """Return every finding about sound rule files, sorted by place; with `grade` also what rests on less.

    >>> from vwv_im import regulation
    >>> examine(regulation())
    ()
    """
    findings = [finding for examination in _EXAMINATIONS for finding in examination(law)]
    if grade is not None:
        findings += weak_evidence(law, grade)
    once = {(finding.code, finding.place, finding.message): finding for finding in findings}
    return tuple(sorted(once.values(), key=lambda finding: (finding.place, finding.code)))
