"""Documents that are due and not there: what the rules name where a derived fact is true (`fordert`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from vwv_im.decision.phrases import value_phrase
from vwv_im.decision.result import Result
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language

_PLACE = re.compile(r"{([a-z0-9_.]+)}")


def documents_of(decision: Result, lang: Language) -> Iterator[str]:
    """Yield what is to be handed in: a document and the day it was due, as the rules say it."""
    for _, derivation, subject in decision.context.results_by_path if decision.outcome == "decided" else ():
        wanted = derivation.item.model.fordert
        if wanted is not None and decision.context.value(derivation.fact, subject) is True:
            yield _filled(decision, wanted.text.in_(lang), subject, lang)


def _filled(decision: Result, text: str, subject: Subject, lang: Language) -> str:
    context = decision.context
    return _PLACE.sub(lambda at: value_phrase(context.value(at[1], subject), context, at[1], lang), text)
