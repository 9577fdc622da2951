"""The routes that take a case: decide, compare, ask what is needed, what would help, and write it down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, overload

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im.case import CasePart
from vwv_im.decision.answers import result_of
from vwv_im.decision.case_edits import data_of
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import PageDetail, unmet_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.decision.short import Detail
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.programm import page_of
from vwv_im.publish.office_files import MEDIA_TYPES, NOTE_WRITERS, note_of
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Document, FaultyInputError, JsonDocument, Language, Text, plain
from vwv_im.web.describe import CaseRead, Page, answers, example_of, takes
from vwv_im.web.problems import Answer, Problem, logged
from vwv_im.web.processes import beside
from vwv_im.web.queues import Door, WorkQueues, in_time
from vwv_im.web.request_body import CaseRequest, KeyChoice, Sent, case_request, entries_of, sent_to, whole_case
from vwv_im.web.settings import Settings

FAULTS = logging.getLogger("vwv_im.web.faults")
Lang = Annotated[
    Literal["de", "en"], Query(description="Sprache der einsprachigen Sätze; Accept-Language wird nicht beachtet.")
]
Hints = Annotated[
    Literal["file", "cell"],
    Query(
        description="Wovon Hinweise zu Fehlern sprechen: file von JSON und YAML, cell von einem Feld, das jemand füllt."
    ),
]
_COMPARED = ("on", "question", "readings")
_KNOWING = (*_COMPARED, "known_on")
_DECIDED = (*_KNOWING, "engine")
_COMPARISON = "comparison"
_FILES = "notes"
DetailAsked = Annotated[
    Detail, Query(description="short: nur das Ergebnis, was ihm entgegensteht, und was sich ergibt, in einer Sprache.")
]
PageAsked = Annotated[
    PageDetail, Query(description="short: nur die Antwort, und was sie trägt; full: auch die ganze Prüfung.")
]
_FEWER = Text(
    "Teilen Sie den Fall auf mehrere Anfragen mit weniger Einträgen je Liste auf.",
    "Split the case into several requests with fewer entries in each list.",
)
_IN_SHORT = Text(
    f"Fragen Sie nach der kurzen Form: /v1/decisions?detail=short. Oder: {_FEWER.de}",
    f"Ask for the short form: /v1/decisions?detail=short. Or: {_FEWER.en}",
)
_ONE_FASSUNG = Text(
    f"{_FEWER.de} Oder fragen Sie statt nach allen Fassungen nach einer Entscheidung: /v1/decisions.",
    f"{_FEWER.en} Or ask for one decision instead of all Fassungen: /v1/decisions.",
)


async def _told(lang: Lang = "de", hints: Hints = "file") -> None:
    """Declare what each of these routes understands: `sent_to` reads it."""


router = APIRouter(prefix="/v1", tags=["Fälle"], dependencies=[Depends(_told)])


@dataclass(frozen=True, slots=True)
class CaseService:
    """Where requests are worked on: the regulation, the limits, the door, and the queues."""

    law: Regulation
    settings: Settings
    door: Door
    queues: WorkQueues

    async def answer(self, http: Request, route: str) -> Response:
        """Answer what a client asks of a route: in turn where that takes some milliseconds, else beside other work."""
        sent, settings = await sent_to(route, http, self.settings, self.door), self.settings
        answer = None
        if ROUTES[route].quick and sent.kind == "json" and len(sent.text) <= settings.quick_bytes:
            answer = await self.queues.quick(http, lambda: answered(self.law, sent, settings, settings.quick_entries))
        if answer is None:
            answer = await self.queues.long(http, lambda: self._beside(sent))
        if answer.fault:
            FAULTS.error("%s", answer.fault)
        return answer.response()

    async def _beside(self, sent: Sent) -> Answer:
        settings = self.settings
        return await beside(answered_beside, sent, settings, seconds=settings.seconds, rules=settings.rules)


async def _service(http: Request) -> CaseService:
    service: CaseService = http.app.state.service
    return service


AService = Annotated[CaseService, Depends(_service)]


def answered_beside(sent: Sent, settings: Settings) -> Answer:
    """Return the answer to what a client sent, whatever it is: a problem, too, and what is said of a fault."""
    try:
        law = regulation(settings.rules or None)
        return in_time(lambda: answered(law, sent, settings), settings.seconds)
    except Problem as problem:
        return problem.answer(sent.lang)
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a plain answer
        return Problem("unexpected").answer(fault=logged(error))


@overload
def answered(law: Regulation, sent: Sent, settings: Settings) -> Answer: ...
@overload
def answered(law: Regulation, sent: Sent, settings: Settings, most: int) -> Answer | None: ...
def answered(law: Regulation, sent: Sent, settings: Settings, most: int | None = None) -> Answer | None:
    """Return the answer to what a client sent; nothing where its case has more entries in its lists than `most`.

    Raises `Problem` for everything that is wrong with it, and for an answer that is larger than it may be.
    """
    route = ROUTES[sent.route]
    try:
        one = route.read(law, sent.document(settings), settings)
        if most is not None and not route.is_quick(one, most):
            return None
        answer = route.answer(law, one, Reply(sent.lang, settings.answer_bytes, route.narrower, sent.detail == "short"))
    except FaultyInputError as error:
        raise Problem("faulty", faults=error.faults) from None
    except EngineUnavailable as error:
        raise Problem("engine", Text(str(error), str(error))) from None
    except EngineDisagreement:
        raise Problem("engines-disagree") from None
    return answer


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


def json_response(document: JsonDocument) -> Response:
    """Return a document as JSON."""
    return Response(orjson.dumps(document.to_dict(), default=plain), media_type="application/json")


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


def _receipt(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    return reply.of(_decided(law, one).receipt.canonical().encode())


def _page(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    lang = reply.lang
    if one.more == _COMPARISON:
        return reply.of(reply.json(Page(tuple(comparison_page(one.compared(), lang)))))
    decision = _decided(law, one)
    fassung = decision.fassung.id
    page = Page(
        tuple(page_of(decision, lang, "short" if reply.short else "full")),
        decision.outcome,
        decision.verdict,
        result_of(decision),
        None if fassung is None else law.act(fassung).kurz.text,
        unmet_of(decision, lang),
        decision.plausibility,
        {name: used.used for name, used in decision.readings.items()},
    )
    return reply.of(reply.json(page))


def _note(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    form = one.more or "pdf"
    try:
        content = note_of(_decided(law, one), form, reply.lang)
    except ModuleNotFoundError:
        extra = Text('Auf dem Server fehlt "vwv-im[note]".', 'The server lacks "vwv-im[note]".')
        raise Problem("unavailable", extra) from None
    named = {"Content-Disposition": f'attachment; filename="pruefvermerk.{form}"'}
    return reply.of(content, media_type=MEDIA_TYPES[form], headers=named)


@dataclass(frozen=True, slots=True)
class CaseRoute:
    """What a route does with a case: which keys it knows, what it answers, and what to ask instead of too much.

    `more` is a key of its own. What is `quick` is done in turn where the case is small.
    """

    known: tuple[str, ...]
    answer: Callable[[Regulation, Any, Reply], Answer]
    more: KeyChoice | None = None
    quick: bool = False
    narrower: Text = _FEWER

    def read(self, law: Regulation, document: Document, settings: Settings) -> Any:
        """Return what a document asks."""
        return case_request(law, document, settings, self.known, self.more)

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


ROUTES: Mapping[str, CaseRoute] = {
    "decisions": CaseRoute(_DECIDED, _whole, quick=True, narrower=_IN_SHORT),
    "comparisons": CaseRoute(_COMPARED, _compared, narrower=_ONE_FASSUNG),
    "needs": CaseRoute(_KNOWING, _explained(needs_of)),
    "counterfactuals": CaseRoute(_KNOWING, _explained(counterfactuals_of)),
    "pages": CaseRoute(_DECIDED, _page, ("page", ("decision", _COMPARISON)), quick=True),
    "receipts": CaseRoute(_DECIDED, _receipt),
    _FILES: CaseRoute(_DECIDED, _note, ("form", tuple(NOTE_WRITERS))),
    "cases": BareCase((), lambda _law, case, reply: reply.of(reply.json(CaseRead(data_of(case)))), quick=True),
}


def rehearse(law: Regulation, settings: Settings) -> None:
    """Answer an example on every route that writes no file, so that all it needs is compiled."""
    example = example_of(law)
    for name, route in ROUTES.items():
        if name != _FILES:
            asked = example["case"] if isinstance(route, BareCase) else example
            answered(law, Sent(name, orjson.dumps(asked), "json", "de", None), settings)


@router.post(
    "/decisions",
    summary="Einen Fall entscheiden",
    **takes("DecisionRequest"),
    **answers("DecisionDocument", "ShortDecisionDocument"),
)
async def decisions(http: Request, service: AService, detail: DetailAsked = "full") -> Response:  # noqa: ARG001 - declared; `sent_to` reads it
    """Entscheidet einen Fall und begründet es: Prüfschema, Fehlendes, Pflichten, Auslegungen, Belege, Prüfprotokoll."""
    return await service.answer(http, "decisions")


@router.post(
    "/comparisons", summary="Die Fassungen vergleichen", **takes("ExplanationRequest"), **answers("ComparisonDocument")
)
async def comparisons(http: Request, service: AService) -> Response:
    """Hält den Tag fest und wechselt die Fassung: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt."""
    return await service.answer(http, "comparisons")


@router.post("/needs", summary="Was noch gebraucht wird", **takes("KnowingRequest"), **answers("NeedsDocument"))
async def needs(http: Request, service: AService) -> Response:
    """Nennt die Angaben, die noch fehlen, das Entscheidendste zuerst, mit dem Ergebnis je Antwort."""
    return await service.answer(http, "needs")


@router.post(
    "/counterfactuals", summary="Was helfen würde", **takes("KnowingRequest"), **answers("CounterfactualsDocument")
)
async def counterfactuals(http: Request, service: AService) -> Response:
    """Nennt die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre."""
    return await service.answer(http, "counterfactuals")


@router.post("/pages", summary="Die Entscheidung als Seite", **takes("PageRequest"), **answers("PageDocument"))
async def pages(http: Request, service: AService, detail: PageAsked = "full") -> Response:  # noqa: ARG001 - declared; `sent_to` reads it
    """Schreibt Prüfschema oder Vergleich als Überschriften, Absätze, Listen und Tabellen, wie `vwv-im` sie druckt."""
    return await service.answer(http, "pages")


@router.post("/receipts", summary="Das Prüfprotokoll", **takes("DecisionRequest"), **answers("ReceiptDocument"))
async def receipts(http: Request, service: AService) -> Response:
    """Gibt das ganze Prüfprotokoll einer Entscheidung mit seiner Prüfsumme; `vwv-im replay` wiederholt sie."""
    return await service.answer(http, "receipts")


@router.post("/notes", summary="Ein Prüfvermerk", **takes("NoteRequest"), **answers(files=MEDIA_TYPES.values()))
async def notes(http: Request, service: AService) -> Response:
    """Schreibt den Prüfvermerk als PDF, HTML, Markdown oder Word-Datei."""
    return await service.answer(http, "notes")


@router.post("/cases", summary="Einen Fall lesen", **takes("Case"), **answers("CaseDocument"))
async def cases(http: Request, service: AService) -> Response:
    """Liest einen Fall aus JSON oder YAML und gibt ihn zurück, oder alle Fehler mit Zeile und Spalte."""
    return await service.answer(http, "cases")
