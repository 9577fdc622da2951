"""Which facts a form asks for: those on which something open turns, in the order in which one asks.

Whether a requirement applies is asked before what it requires, the first row of a table or alternative that may hold
before those after it. What may be stated in place of something that is asked is not asked for, but may be of use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from vwv_im.decision.decision import Decision
from vwv_im.decision.missing import Lacking, Tracer
from vwv_im.decision.reason import Reason
from vwv_im.lang import Compute, Every, Operation, Row, Some, Verdict
from vwv_im.lang.nodes import Read
from vwv_im.reasoning.records import Subject
from vwv_im.text import FactPath, JsonObject, Text


@dataclass(frozen=True, slots=True)
class Asked(JsonObject, schema="AskedDocument"):
    """The unstated facts that a form asks for, and those besides that something may turn on."""

    asked: tuple[FactPath, ...]
    further: tuple[FactPath, ...]


def asked_of(decision: Decision) -> Asked | None:
    """Return what a form asks for once a decision was made; nothing where none was made.

    >>> from vwv_im import evaluate
    >>> found = asked_of(evaluate("examples/berglen.yaml", on="2018-06-01", engine="direct"))
    >>> len(found.asked), len(found.further)
    (4, 9)
    """
    if decision.outcome != "decided":
        return None
    context = decision.context
    asking, tracer = _Asking(context, prune=True), Tracer(context)
    asked = _paths(asking.of_reason(one) for one in decision.reasons if _is_open(one))
    derived = (tracer.of_fact(one.fact, subject) for _, one, subject in context.results_by_path)
    further = _paths(chain((tracer.of_reason(one) for one in decision.examined if _is_open(one)), derived))
    return Asked(tuple(asked), tuple(path for path in further if path not in asked))


def _is_open(reason: Reason) -> bool:
    return reason.verdict is Verdict.OPEN


def _paths(lacking: Iterable[Lacking]) -> dict[str, None]:
    return dict.fromkeys(path for path, _ in chain.from_iterable(lacking))


class _Asking(Tracer):
    """Follows what is open one step at a time, as one asks."""

    def of_reason(self, reason: Reason) -> Iterator[tuple[str, Text]]:
        """Yield on what it turns whether a requirement applies; where that is known, what it lacks itself."""
        self._followed.clear()
        applies, condition = reason.requirement.applies, reason.requirement.condition
        doubtful = applies is not None and reason.applies is Verdict.OPEN
        yield from self.condition(applies if applies is not None and doubtful else condition, reason.condition.subject)

    def joined(self, node: Every | Some, parts: Iterator[Lacking], here: Subject) -> Lacking:
        """Yield what each part of a conjunction lacks, and the first alternative that lacks anything."""
        if isinstance(node, Every) or self.context.truth(node, here) is not None:
            return super().joined(node, parts, here)
        return next((found for part in parts if (found := list(part))), [])

    def compute(self, node: Compute, operation: Operation, operands: Iterator[Lacking], here: Subject) -> Lacking:
        """Yield what the operands lack, without what may be stated in place of the others."""
        first = node.operands[0]
        if operation.lazy and isinstance(first, Read) and first.fact in self.context.plan.stated:
            next(operands)
        return chain.from_iterable(operands)

    def table(self, rows: tuple[Row, ...], meant: Iterator[tuple[Lacking | None, Lacking]], here: Subject) -> Lacking:
        """Yield what the first row lacks that is not *no*."""
        for row, (condition, value) in zip(rows, meant, strict=True):
            holds = True if row.condition is None else self.context.truth(row.condition, here)
            if holds is not False:
                return value if holds else condition or ()
        return ()
