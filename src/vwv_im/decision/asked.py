"""Which facts a form asks for: those on which something open turns, in the order in which one asks.

Whether a requirement applies is asked before what it requires, the first row of a table or alternative that may hold
before those after it. What may be stated in place of something that is asked is not asked for, but may be of use; what
takes the place of a value that follows from a single fact that is asked for is named with it.
Where no requirement is open, what the tables of the short page lack is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from vwv_im.decision.context import Context
from vwv_im.decision.decision import Decision
from vwv_im.decision.list_tables import open_values
from vwv_im.decision.missing import Asking, Lacking, Tracer
from vwv_im.decision.reason import Reason
from vwv_im.lang import Verdict, facts_of
from vwv_im.text import FactPath, JsonObject


@dataclass(frozen=True, slots=True)
class Asked(JsonObject, schema="AskedDocument"):
    """The unstated facts that a form asks for, and those besides that something may turn on.

    `instead`: of the latter those that may be stated just as well, each with the fact that is asked for.
    """

    asked: tuple[FactPath, ...]
    further: tuple[FactPath, ...]
    instead: Mapping[FactPath, FactPath]


def asked_of(decision: Decision) -> Asked | None:
    """Return what a form asks for once a decision was made; nothing where none was made.

    >>> from vwv_im import evaluate
    >>> found = asked_of(evaluate("examples/berglen.yaml", on="2018-06-01", engine="direct"))
    >>> len(found.asked), len(found.further)
    (4, 9)
    >>> [(other in found.further, fact in found.asked) for other, fact in found.instead.items()]
    [(True, True)]
    """
    if decision.outcome != "decided":
        return None
    context = decision.context
    asking, tracer = Asking(context, prune=True), Tracer(context)
    asked = _paths(asking.of_reason(one) for one in decision.reasons if _is_open(one)) or open_values(decision)
    derived = (tracer.of_fact(one.fact, subject) for _, one, subject in context.results_by_path)
    further = _paths(chain((tracer.of_reason(one) for one in decision.examined if _is_open(one)), derived))
    besides = tuple(path for path in further if path not in asked)
    instead = {path: asked_for for path, asked_for in _alternatives(context) if path in besides and asked_for in asked}
    return Asked(tuple(asked), besides, instead)


def _alternatives(context: Context) -> Iterator[tuple[str, str]]:
    """Yield the path of each fact that takes the place of a value that follows from one stated fact, and of that."""
    producers, stated = context.plan.producers, context.plan.stated
    for fact in context.vocabulary.facts.values():
        for replaced in fact.replaces:
            read = set(facts_of(producers[replaced].form)) if replaced in producers else set[str]()
            if len(read) == 1 and read <= stated:
                for subject in context.subjects(fact.scope):
                    yield subject.path(fact.path), subject.path(*read)


def _is_open(reason: Reason) -> bool:
    return reason.verdict is Verdict.OPEN


def _paths(lacking: Iterable[Lacking]) -> dict[str, None]:
    return dict.fromkeys(path for path, _ in chain.from_iterable(lacking))
