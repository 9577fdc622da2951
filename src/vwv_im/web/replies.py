"""What is answered about a case: the document that each route gives, no larger than it may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import orjson

from vwv_im import programm
from vwv_im.decision.answers import result_of, why_undecided
from vwv_im.decision.asked import asked_of
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import unmet_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.replay import replay
from vwv_im.law.regulation import Regulation
from vwv_im.publish.occupancy import svg_of, table_of
from vwv_im.publish.office_files import MEDIA_TYPES, note_of
from vwv_im.text import JsonDocument, Language, Text, plain, sentence
from vwv_im.web.describe import Chart, Page, Replayed
from vwv_im.web.problems import Answer, Problem
from vwv_im.web.request_body import CaseRequest, Receipt

FEWER = Text(
    "Teilen Sie den Fall auf mehrere Anfragen mit weniger Einträgen je Liste auf.",
    "Split the case into several requests with fewer entries in each list.",
)
COMPARISON = "comparison"


@dataclass(frozen=True, slots=True)
class Reply:
    """How a route is to answer: in which language, with how many bytes at most, what to ask instead of more.

    `short`: with a decision in short.
    """

    lang: Language
    most: int
    narrower: Text
    short: bool = False

    def json(self, data: Any) -> bytes:
        """Return a document as JSON, or data that is made of such."""
        return orjson.dumps(data.to_dict(self.lang) if isinstance(data, JsonDocument) else data, default=plain)

    def of(self, content: bytes, **more: Any) -> Answer:
        """Return the answer; raises the problem `answer-too-large`."""
        self.check(len(content))
        return Answer(content, **more)

    def check(self, size: int) -> None:
        """Raise the problem `answer-too-large` where something is."""
        if size > self.most:
            de, en = self.narrower
            raise Problem(
                "answer-too-large", Text(f"Höchstens {self.most} Byte. {de}", f"At most {self.most} bytes. {en}")
            )


def _decided(law: Regulation, one: CaseRequest) -> Decision:
    return decide(law, one.case, one.request)


def whole(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the decision."""
    decision = _decided(law, one)
    if reply.short:
        return replace(reply, narrower=FEWER).of(reply.json(decision.short))
    return reply.of(reply.json(decision))


def compared(_law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the comparison; written piece by piece, so that one that is too large is refused before it is whole."""
    comparison = one.compared()
    parts: list[bytes] = []
    for decision in comparison.all_decisions:
        parts.append(reply.json(decision))
        reply.check(sum(map(len, parts)))
    rest = replace(comparison, decisions=(), known=()).to_dict(reply.lang)
    return reply.of(reply.json({**rest, "decisions": [orjson.Fragment(part) for part in parts]}))


def explained(explain: Callable[[Decision], JsonDocument]) -> Callable[[Regulation, CaseRequest, Reply], Answer]:
    """Return what answers with an explanation of the decision."""
    return lambda law, one, reply: reply.of(reply.json(explain(_decided(law, one.directly()))))


def of_posts(calculate: Callable[[Decision], JsonDocument]) -> Callable[[Regulation, CaseRequest, Reply], Answer]:
    """Return what answers with a calculation over the posts of a case; refused where there is nothing to calculate."""

    def answer(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
        decision = _decided(law, one.directly())
        if not programm.knows_posts(law):
            raise Problem("unavailable", sentence("cli.no_posts"))
        if decision.outcome == "contradictory" or decision.fassung.choice.basis is None:
            raise Problem("undecided", why_undecided(decision))
        return reply.of(reply.json(calculate(decision)))

    return answer


def replayed(_law: Regulation, one: Receipt, reply: Reply) -> Answer:
    """Return what comes of the decision that a record is of."""
    again = replay(one.document, rules=one.rules)
    return reply.of(reply.json(Replayed(again.identical, again.differences, again.notes)))


def receipt(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the record of the decision."""
    return reply.of(_decided(law, one).receipt.canonical().encode())


def page(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the decision, or the comparison of the Fassungen, as the blocks of a page."""
    lang = reply.lang
    if one.more == COMPARISON:
        return reply.of(reply.json(Page(tuple(comparison_page(one.compared(), lang)))))
    decision = _decided(law, one)
    fassung = decision.fassung.id
    page = Page(
        tuple(programm.page_of(decision, lang, "short" if reply.short else "full")),
        decision.outcome,
        decision.verdict,
        result_of(decision),
        None if fassung is None else law.act(fassung).kurz.text,
        unmet_of(decision, lang),
        decision.contradictions,
        decision.plausibility,
        {name: used.used for name, used in decision.readings.items()},
        asked_of(decision),
    )
    return reply.of(reply.json(page))


def chart(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the months of the posts as bars and as a table."""
    decision = _decided(law, one.directly())
    return reply.of(reply.json(Chart(svg_of(decision, reply.lang), tuple(table_of(decision, reply.lang)))))


def note(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the note as a file."""
    form = one.more or "pdf"
    try:
        content = note_of(_decided(law, one), form, reply.lang)
    except ModuleNotFoundError:
        extra = Text('Auf dem Server fehlt "vwv-im[note]".', 'The server lacks "vwv-im[note]".')
        raise Problem("unavailable", extra) from None
    named = {"Content-Disposition": f'attachment; filename="pruefvermerk.{form}"'}
    return reply.of(content, media_type=MEDIA_TYPES[form], headers=named)
