"""The routes that take a case: decide, compare, ask what is needed, what would help, and write it down."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im.decision.case_edits import data_of
from vwv_im.decision.compare import comparison_page
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import page_of, result_of, unmet_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.law.regulation import Regulation
from vwv_im.publish.office_files import MEDIA_TYPES, NOTE_WRITERS, note_of
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Document, FaultyInputError, JsonDocument, Language, Text, plain
from vwv_im.web.describe import CaseRead, Page, answers, takes
from vwv_im.web.problems import Problem
from vwv_im.web.request_body import CaseRequest, KeyChoice, case_request, document_of, entries_of, whole_case
from vwv_im.web.settings import Settings, WorkQueues

R = TypeVar("R")
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


def _told(lang: Lang = "de", hints: Hints = "file") -> None:
    """Declare what each of these routes understands: `lang_of` and `document_of` read it."""


router = APIRouter(prefix="/v1", tags=["Fälle"], dependencies=[Depends(_told)])


@dataclass(frozen=True, slots=True)
class CaseService:
    """Where requests are worked on: the regulation, the limits, and the queues."""

    law: Regulation
    settings: Settings
    queues: WorkQueues

    async def request_of(self, http: Request, known: Collection[str], more: KeyChoice | None = None) -> CaseRequest:
        """Read what a client asks."""
        return await self.read(http, lambda document: case_request(self.law, document, self.settings, known, more))

    async def read(self, http: Request, read: Callable[[Document], R]) -> R:
        """Read what a client sends; all its faults become one problem."""
        document = await document_of(http, self.settings)
        try:
            return read(document)
        except FaultyInputError as error:
            raise Problem("faulty", faults=error.faults) from None

    async def do(self, work: Callable[[], R], *, quick: bool = False) -> R:
        """Do the work for a request; what the engines cannot do becomes a problem."""
        try:
            return await (self.queues.quick(work) if quick else self.queues.long(work))
        except EngineUnavailable as error:
            raise Problem("engine", Text(str(error), str(error))) from None
        except EngineDisagreement:
            raise Problem("engines-disagree") from None

    def has_few(self, one: CaseRequest) -> bool:
        """Tell whether a case has so few entries in its lists that it is decided in turn."""
        return entries_of(one.case).total() <= self.settings.quick_entries

    def decide(self, one: CaseRequest) -> Decision:
        """Decide what was asked."""
        return decide(self.law, one.case, one.request)


async def _service(http: Request) -> CaseService:
    service: CaseService = http.app.state.service
    return service


AService = Annotated[CaseService, Depends(_service)]


def json_response(document: JsonDocument, lang: Language = "de") -> Response:
    """Return a document as JSON."""
    return Response(orjson.dumps(document.to_dict(lang), default=plain), media_type="application/json")


@router.post("/decisions", summary="Einen Fall entscheiden", **takes("DecisionRequest"), **answers("DecisionDocument"))
async def decisions(http: Request, service: AService, lang: Lang = "de") -> Response:
    """Entscheidet einen Fall und begründet es: Prüfschema, Fehlendes, Pflichten, Auslegungen, Belege, Prüfprotokoll."""
    one = await service.request_of(http, _DECIDED)
    return await service.do(lambda: json_response(service.decide(one), lang), quick=service.has_few(one))


@router.post(
    "/comparisons", summary="Die Fassungen vergleichen", **takes("ExplanationRequest"), **answers("ComparisonDocument")
)
async def comparisons(http: Request, service: AService, lang: Lang = "de") -> Response:
    """Hält den Tag fest und wechselt die Fassung: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt."""
    one = await service.request_of(http, _COMPARED)
    return await service.do(lambda: json_response(one.compared(), lang))


@router.post("/needs", summary="Was noch gebraucht wird", **takes("KnowingRequest"), **answers("NeedsDocument"))
async def needs(http: Request, service: AService) -> Response:
    """Nennt die Angaben, die noch fehlen, das Entscheidendste zuerst, mit dem Ergebnis je Antwort."""
    return await _explained(http, service, needs_of)


@router.post(
    "/counterfactuals", summary="Was helfen würde", **takes("KnowingRequest"), **answers("CounterfactualsDocument")
)
async def counterfactuals(http: Request, service: AService) -> Response:
    """Nennt die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre."""
    return await _explained(http, service, counterfactuals_of)


async def _explained(http: Request, service: CaseService, explain: Callable[[Decision], JsonDocument]) -> Response:
    one = (await service.request_of(http, _KNOWING)).directly()
    return await service.do(lambda: json_response(explain(service.decide(one))))


@router.post("/pages", summary="Die Entscheidung als Seite", **takes("PageRequest"), **answers("PageDocument"))
async def pages(http: Request, service: AService, lang: Lang = "de") -> Response:
    """Schreibt Prüfschema oder Vergleich als Überschriften, Absätze und Listen, wie `vwv-im` sie druckt."""
    one = await service.request_of(http, _DECIDED, ("page", ("decision", "comparison")))
    if one.more == "comparison":
        return await service.do(lambda: json_response(Page(tuple(comparison_page(one.compared(), lang))), lang))
    return await service.do(lambda: json_response(_page(service, one, lang), lang), quick=service.has_few(one))


def _page(service: CaseService, one: CaseRequest, lang: Language) -> Page:
    decision = service.decide(one)
    fassung = decision.fassung.id
    return Page(
        tuple(page_of(decision, lang)),
        decision.outcome,
        decision.verdict,
        result_of(decision),
        None if fassung is None else service.law.act(fassung).kurz.text,
        unmet_of(decision, lang),
        decision.plausibility,
        {name: used.used for name, used in decision.readings.items()},
    )


@router.post("/receipts", summary="Das Prüfprotokoll", **takes("DecisionRequest"), **answers("ReceiptDocument"))
async def receipts(http: Request, service: AService) -> Response:
    """Gibt das ganze Prüfprotokoll einer Entscheidung mit seiner Prüfsumme; `vwv-im replay` wiederholt sie."""
    one = await service.request_of(http, _DECIDED)
    return await service.do(lambda: Response(service.decide(one).receipt.canonical(), media_type="application/json"))


@router.post("/notes", summary="Ein Prüfvermerk", **takes("NoteRequest"), **answers(files=MEDIA_TYPES.values()))
async def notes(http: Request, service: AService, lang: Lang = "de") -> Response:
    """Schreibt den Prüfvermerk als PDF, HTML, Markdown oder Word-Datei."""
    one = await service.request_of(http, _DECIDED, ("form", NOTE_WRITERS))
    return await service.do(lambda: _note(service.decide(one), one.more or "pdf", lang))


def _note(decision: Decision, form: str, lang: Language) -> Response:
    try:
        content = note_of(decision, form, lang)
    except ModuleNotFoundError:
        extra = Text('Auf dem Server fehlt "vwv-im[note]".', 'The server lacks "vwv-im[note]".')
        raise Problem("unavailable", extra) from None
    named = {"Content-Disposition": f'attachment; filename="pruefvermerk.{form}"'}
    return Response(content, 200, named, MEDIA_TYPES[form])


@router.post("/cases", summary="Einen Fall lesen", **takes("Case"), **answers("CaseDocument"))
async def cases(http: Request, service: AService) -> Response:
    """Liest einen Fall aus JSON oder YAML und gibt ihn zurück, oder alle Fehler mit Zeile und Spalte."""
    case = await service.read(http, lambda document: whole_case(service.law, document, service.settings))
    return json_response(CaseRead(data_of(case)))
