"""Which stated facts decide how a requirement turned out: a way from a reason back to what was stated."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.case import FACTS
from vwv_im.decision.context import UNSTATED, Context, Subject
from vwv_im.decision.reason import Part, Reason
from vwv_im.lang.fold import facts_of
from vwv_im.lang.nodes import Atom
from vwv_im.lang.truth import Verdict


def deciding_facts(reason: Reason) -> tuple[str, ...]:
    """Return the paths of the stated facts in the parts of a reason that are not met; nothing for one that is met.

    Derived facts are followed to the facts they were derived from.
    """
    if reason.verdict is Verdict.YES:
        return ()
    doubtful = reason.applicability if reason.applies is Verdict.OPEN else None
    parts = [part for part in (doubtful, reason.condition) if part is not None]
    return tuple(dict.fromkeys(path for part in parts for path in _of_part(part)))


def _of_part(part: Part) -> Iterator[str]:
    if part.verdict is Verdict.YES:
        return
    if part.parts:
        for inner in part.parts:
            yield from _of_part(inner)
    elif isinstance(part.node, Atom):
        for fact in facts_of(part.node):
            yield from _of_fact(fact, part.context, part.subject)


def _of_fact(fact: str, context: Context, subject: Subject) -> Iterator[str]:
    producer = context.plan.producers.get(fact)
    home = context.home(fact, subject)
    if producer is not None:
        for inner in facts_of(producer.form):
            yield from _of_fact(inner, context, home)
    elif home.name in UNSTATED:
        yield home.name
    elif fact in FACTS and (path := home.path(fact)).startswith(("antrag.", "person.")):
        yield path
