"""Which facts a form asks for: those on which something open turns, in the order in which one asks.

Whether a requirement applies is asked before what it requires, the first row of a table or alternative that may hold
before those after it. What may be stated in place of something that is asked is not asked for, but may be of use.
Where no requirement is open, what the tables of the short page lack is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from vwv_im.decision.decision import Decision
from vwv_im.decision.list_tables import open_values
from vwv_im.decision.missing import Asking, Lacking, Tracer
from vwv_im.decision.reason import Reason
from vwv_im.lang import Verdict
from vwv_im.text import FactPath, JsonObject


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
    asking, tracer = Asking(context, prune=True), Tracer(context)
    asked = _paths(asking.of_reason(one) for one in decision.reasons if _is_open(one)) or open_values(decision)
    derived = (tracer.of_fact(one.fact, subject) for _, one, subject in context.results_by_path)
    further = _paths(chain((tracer.of_reason(one) for one in decision.examined if _is_open(one)), derived))
    return Asked(tuple(asked), tuple(path for path in further if path not in asked))


def _is_open(reason: Reason) -> bool:
    return reason.verdict is Verdict.OPEN


def _paths(lacking: Iterable[Lacking]) -> dict[str, None]:
    return dict.fromkeys(path for path, _ in chain.from_iterable(lacking))
