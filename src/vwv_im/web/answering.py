"""What is answered to a case: the decision, what explains it, and what is written down; a table of the routes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import orjson

from vwv_im import programm
from vwv_im.case import CasePart
from vwv_im.decision.answers import result_of, why_undecided
from vwv_im.decision.asked import asked_of
from vwv_im.decision.case_edits import data_of
from vwv_im.decision.compare import Comparison
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.counterfactuals import Counterfactuals, counterfactuals_of
from vwv_im.decision.decision import Decision, WholeReceipt
from vwv_im.decision.decision_page import unmet_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import Needs, needs_of
from vwv_im.decision.replay import replay
from vwv_im.decision.short import ShortDecision
from vwv_im.law.regulation import Regulation
from vwv_im.publish.occupancy import svg_of, table_of
from vwv_im.publish.office_files import EXTRAS, MEDIA_TYPES, NOTE_WRITERS, calendar_of, note_of
from vwv_im.text import Document, JsonDocument, Language, Text, plain, sentence
from vwv_im.web.describe import CaseRead, Chart, Page, Replayed
from vwv_im.web.negotiation import best_of
from vwv_im.web.problems import Answer, Problem, answer_too_large, not_installed
from vwv_im.web.request_body import (
    TEXTS,
    WORKBOOKS,
    CaseRequest,
    Receipt,
    Sent,
    case_request,
    entries_of,
    limited,
    receipt_of,
    whole_case,
)
from vwv_im.web.settings import Settings

_COMPARISON = "comparison"
_OF_NOTES = {form: MEDIA_TYPES[form] for form in sorted(NOTE_WRITERS, key="pdf".__ne__)}
"""The forms of a note with their media types, the usual one first."""
_OF_DUTIES = {"json": "application/json", "ics": "text/calendar; charset=utf-8"}
_FEWER = sentence("web.fewer")
_IN_SHORT = sentence("web.in_short", fewer=_FEWER)
_ONE_FASSUNG = sentence("web.one_fassung", fewer=_FEWER)


@dataclass(frozen=True, slots=True)
class Reply:
    """How a route is to answer: in which language, with how many bytes at most, what to ask instead of more.

    `short`: with a decision in short. `accept`: which media types are wanted, as `Accept` says it.
    """

    lang: Language
    most: int
    narrower: Text
    short: bool = False
    accept: str = ""

    def json(self, data: Any) -> bytes:
        """Return a document as JSON, or data that is made of such."""
        return orjson.dumps(data.to_dict(self.lang) if isinstance(data, JsonDocument) else data, default=plain)

    def form_of(self, stated: str | None, forms: Mapping[str, str]) -> str:
        """Return the form of a file, of those there are with their media types: the one stated, else the one wanted.

        Raises the problem `not-acceptable`.
        """
        offered = {media: form for form, media in forms.items() if stated in (None, form)}
        return offered[best_of(self.accept, offered)]

    def of(self, content: bytes, **more: Any) -> Answer:
        """Return the answer; raises the problem `answer-too-large`."""
        self.check(len(content))
        return Answer(content, **more)

    def check(self, size: int) -> None:
        """Raise the problem `answer-too-large` where something is."""
        if size > self.most:
            raise answer_too_large(self.most, self.narrower)


def _decided(law: Regulation, one: CaseRequest) -> Decision:
    return decide(law, one.case, one.request)


def _whole(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    decision = _decided(law, one)
    if reply.short:
        return replace(reply, narrower=_FEWER).of(reply.json(decision.short))
    return reply.of(reply.json(decision))


def _compared(_law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    """Return the comparison; written piece by piece, so that one that is too large is refused before it is whole."""
    comparison = one.compared()
    parts: list[bytes] = []
    for decision in comparison.all_decisions:
        parts.append(reply.json(decision))
        reply.check(sum(map(len, parts)))
    rest = replace(comparison, decisions=(), known=()).to_dict(reply.lang)
    return reply.of(reply.json({**rest, "decisions": [orjson.Fragment(part) for part in parts]}))


def _explained(explain: Callable[[Decision], JsonDocument]) -> Callable[[Regulation, CaseRequest, Reply], Answer]:
    return lambda law, one, reply: reply.of(reply.json(explain(_decided(law, one.directly()))))


def _of_posts(calculate: Callable[[Decision], JsonDocument]) -> Callable[[Regulation, CaseRequest, Reply], Answer]:
    """Return what answers with a calculation over the posts of a case; refused where there is nothing to calculate."""

    def answer(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
        decision = _decided(law, one.directly())
        if not programm.knows_posts(law):
            raise Problem("unavailable", sentence("cli.no_posts"))
        if decision.outcome == "contradictory" or decision.fassung.choice.basis is None:
            raise Problem("undecided", why_undecided(decision))
        return reply.of(reply.json(calculate(decision)))

    return answer


def _replayed(_law: Regulation, one: Receipt, reply: Reply) -> Answer:
    again = replay(one.document, rules=one.rules)
    return reply.of(reply.json(Replayed(again.identical, again.differences, again.notes)))


def _receipt(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    return reply.of(_decided(law, one).receipt.canonical().encode())


def _page(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    lang = reply.lang
    if one.more == _COMPARISON:
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


def _owed(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    decision = _decided(law, one.directly())
    form = reply.form_of(one.more, _OF_DUTIES)
    if form == "json":
        return reply.of(reply.json(programm.Duties(decision.duties)))
    content = calendar_of(decision.duties, reply.lang, decision.receipt.document()["digest"][:16])
    named = {"Content-Disposition": 'attachment; filename="pflichten.ics"'}
    return reply.of(content, media_type=_OF_DUTIES[form], headers=named)


def _written(kind: str, name: str, law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    form = reply.form_of(one.more, _OF_NOTES)
    try:
        content = note_of(_decided(law, one), form, reply.lang, kind)
    except ModuleNotFoundError:
        raise not_installed(EXTRAS[form]) from None
    named = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return reply.of(content, media_type=_OF_NOTES[form], headers=named)


def _chart(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    decision = _decided(law, one.directly())
    return reply.of(reply.json(Chart(svg_of(decision, reply.lang), tuple(table_of(decision, reply.lang)))))


def _read_case(_law: Regulation, case: CasePart, reply: Reply) -> Answer:
    return reply.of(reply.json(CaseRead(data_of(case))))


def _read_workbook(_law: Regulation, read: CaseRead, reply: Reply) -> Answer:
    return reply.of(reply.json(read))


@dataclass(frozen=True, slots=True)
class CaseRoute:
    """What a route does with a case: what it answers, and what to ask instead of too much.

    `takes` names the document it takes, `gives` are those it answers with, `files` the media types of that. What is
    `quick` is done in turn where the case is small; what is `detailed` may be asked for in short.
    """

    answer: Callable[[Regulation, Any, Reply], Answer]
    takes: str = "DecisionRequest"
    gives: tuple[type[JsonDocument], ...] = ()
    files: tuple[str, ...] = ("application/json",)
    detailed: bool = False
    quick: bool = False
    narrower: Text = _FEWER
    media: Mapping[str, str] = field(default_factory=lambda: TEXTS)

    def of(self, law: Regulation, sent: Sent, settings: Settings) -> Any:
        """Return what a client asks."""
        return self.read(law, sent.document(settings), settings)

    def read(self, law: Regulation, document: Document, settings: Settings) -> Any:
        """Return what a document asks."""
        return case_request(law, document, settings, self.takes)

    def is_quick(self, one: Any, most: int) -> bool:
        """Tell whether a case has so few entries in its lists, and so little is asked, that it is done in turn."""
        return one.more != _COMPARISON and entries_of(one.case).total() <= most


class BareCase(CaseRoute):
    """A route that takes a case and nothing beside it."""

    __slots__ = ()

    def read(self, law: Regulation, document: Document, settings: Settings) -> CasePart:
        """Return the case that is all a document states."""
        return whole_case(law, document, settings)

    def is_quick(self, one: CasePart, most: int) -> bool:
        """Tell that it is done once it was read."""
        return True


class WorkbookRoute(BareCase):
    """A route that takes a workbook which states a case."""

    __slots__ = ()

    def of(self, law: Regulation, sent: Sent, settings: Settings) -> CaseRead:
        """Return what the workbook states for the question of the address, or one whose sheets it has."""
        from vwv_im.tables.workbook_case import case_in  # noqa: PLC0415 - an extra, loaded when it is asked for

        case, on = case_in(sent.text, law, sent.question, "arbeitsmappe")
        return CaseRead(data_of(limited(law, case, settings)), on)


class ReceiptRoute(CaseRoute):
    """A route that takes the record of a decision."""

    __slots__ = ()

    def read(self, law: Regulation, document: Document, settings: Settings) -> Receipt:
        """Return the record."""
        return receipt_of(document, settings)


ROUTES: Mapping[str, CaseRoute] = {
    "decisions": CaseRoute(_whole, gives=(Decision, ShortDecision), detailed=True, quick=True, narrower=_IN_SHORT),
    "comparisons": CaseRoute(_compared, "ExplanationRequest", (Comparison,), narrower=_ONE_FASSUNG),
    "needs": CaseRoute(_explained(needs_of), "KnowingRequest", (Needs,)),
    "counterfactuals": CaseRoute(_explained(counterfactuals_of), "KnowingRequest", (Counterfactuals,)),
    "pages": CaseRoute(_page, "PageRequest", (Page,), detailed=True, quick=True),
    "periods": CaseRoute(
        _of_posts(lambda decision: programm.Periods(programm.periods(decision))), "KnowingRequest", (programm.Periods,)
    ),
    "amounts": CaseRoute(_of_posts(programm.amounts), "KnowingRequest", (programm.Amounts,)),
    "refillings": CaseRoute(
        _of_posts(lambda decision: programm.Refillings(programm.refillings(decision))),
        "KnowingRequest",
        (programm.Refillings,),
    ),
    "duties": CaseRoute(_owed, "DutiesRequest", (programm.Duties,), tuple(_OF_DUTIES.values())),
    "receipts": CaseRoute(_receipt, gives=(WholeReceipt,)),
    "replays": ReceiptRoute(_replayed, "ReceiptDocument", (Replayed,)),
    "notes": CaseRoute(partial(_written, "vermerk", "pruefvermerk"), "NoteRequest", files=tuple(_OF_NOTES.values())),
    "letters": CaseRoute(
        partial(_written, "anforderung", "anforderung"), "NoteRequest", files=tuple(_OF_NOTES.values())
    ),
    "cases": BareCase(_read_case, "Case", (CaseRead,), quick=True),
    "workbooks": WorkbookRoute(_read_workbook, "", (CaseRead,), media=WORKBOOKS),
    "charts": CaseRoute(_chart, "KnowingRequest", (Chart,)),
}
