"""Evidence that claims more than its source, and what rests on less than a reader asks for."""

from __future__ import annotations

from collections.abc import Iterator

from vwv_im.law.evidence import GRADES, Grade, is_weaker
from vwv_im.law.regulation import Regulation
from vwv_im.review.diagnostics.codes import found
from vwv_im.review.evidence import KINDS, resting, weaker
from vwv_im.text import Fault, Text


def overstated_evidence(law: Regulation) -> Iterator[Fault]:
    """Yield the evidence that is graded higher than the source it names."""
    for rest in resting(law):
        source = law.sources.get(rest.source or "")
        if source is not None and is_weaker(source.grad, rest.grade):
            message = Text(
                f"Grad '{rest.grade}', die Quelle '{source.id}' hat nur '{source.grad}'.",
                f"grade '{rest.grade}', the source '{source.id}' has only '{source.grad}'.",
            )
            yield found("VIM047", rest.place, message, rest.id)


def weak_evidence(law: Regulation, grade: Grade) -> Iterator[Fault]:
    """Yield everything that rests on less than `grade`, with its place and under which Fassungen it stands."""
    for rest in weaker(law, grade):
        where = f" (Fassung {', '.join(rest.fassungen)})" if rest.fassungen else ""
        kind, shown = KINDS[rest.kind], GRADES[rest.grade]
        message = Text(f"{kind.de}: {shown.de} ({rest.grade}){where}.", f"{kind.en}: {shown.en} ({rest.grade}){where}.")
        yield found("VIM048", rest.place, message, rest.id)
