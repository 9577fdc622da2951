"""The routes that take a case: decide, compare, ask what is needed, what would help, and write it down."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Annotated, Literal, TypeVar

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im.decision.compare import compare
from vwv_im.decision.comparison_page import page_of as comparison_page
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.decision.page import page_of, result_of, unmet_of
from vwv_im.decision.variation import data_of
from vwv_im.lang.values import plain
from vwv_im.law.regulation import Regulation
from vwv_im.publish.note import FORMS, MEDIA_TYPES, note_of
from vwv_im.reasoning.durable_session import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Language, Text
from vwv_im.text.json_object import JsonDocument
from vwv_im.web.describe import answers, takes
from vwv_im.web.documents import CaseRead, Page
from vwv_im.web.faults import unknown_value
from vwv_im.web.lanes import Lanes
from vwv_im.web.problems import Problem
from vwv_im.web.reading import Asked, asked, document_of, entries, whole_case
from vwv_im.web.settings import Settings

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
class Desk:
    """Where requests are worked on: the regulation, the limits, and the queues."""

    law: Regulation
    settings: Settings
    lanes: Lanes

    async def asked(self, http: Request, known: Collection[str], more: Collection[str] = ()) -> Asked:
        """Read what a client asks."""
        return asked(self.law, await document_of(http, self.settings), self.settings, known, more)

    async def do(self, work: Callable[[], R], *, quick: bool = False) -> R:
        """Do the work for a request; what the engines cannot do becomes a problem."""
        try:
            return await (self.lanes.quick(work) if quick else self.lanes.long(work))
        except EngineUnavailable as error:
            raise Problem("engine", Text(str(error), str(error))) from None
        except EngineDisagreement:
            raise Problem("engines-disagree") from None

    def decide(self, one: Asked) -> Decision:
        """Decide what was asked."""
        return decide(self.law, one.case, one.request)


def _desk(http: Request) -> Desk:
    desk: Desk = http.app.state.desk
    return desk


def json_response(document: JsonDocument, lang: Language = "de") -> Response:
    """Return a document as JSON."""
    return Response(orjson.dumps(document.to_dict(lang), default=plain), media_type="application/json")


@router.post("/decisions", summary="Einen Fall entscheiden", **takes("DecisionRequest"), **answers("DecisionDocument"))
async def decisions(http: Request, lang: Lang = "de") -> Response:
    """Entscheidet einen Fall und begründet es: Prüfschema, Fehlendes, Pflichten, Auslegungen, Belege, Quittung."""
    desk = _desk(http)
    one = await desk.asked(http, _DECIDED)
    quick = entries(one.case) <= desk.settings.quick_posts
    return await desk.do(lambda: json_response(desk.decide(one), lang), quick=quick)


@router.post(
    "/comparisons", summary="Die Fassungen vergleichen", **takes("ExplanationRequest"), **answers("ComparisonDocument")
)
async def comparisons(http: Request, lang: Lang = "de") -> Response:
    """Hält den Tag fest und wechselt die Fassung: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt."""
    desk = _desk(http)
    one = await desk.asked(http, _COMPARED)
    request = one.request

    def work() -> Response:
        found = compare(one.case, on=request.on, question=request.question, readings=request.readings)
        return json_response(found, lang)

    return await desk.do(work)


@router.post("/needs", summary="Was noch gebraucht wird", **takes("KnowingRequest"), **answers("NeedsDocument"))
async def needs(http: Request) -> Response:
    """Nennt die Angaben, die noch fehlen, das Entscheidendste zuerst, mit dem Ergebnis je Antwort."""
    return await _explained(http, needs_of)


@router.post(
    "/counterfactuals", summary="Was helfen würde", **takes("KnowingRequest"), **answers("CounterfactualsDocument")
)
async def counterfactuals(http: Request) -> Response:
    """Nennt die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre."""
    return await _explained(http, counterfactuals_of)


async def _explained(http: Request, explain: Callable[[Decision], JsonDocument]) -> Response:
    desk = _desk(http)
    one = (await desk.asked(http, _KNOWING)).directly()
    return await desk.do(lambda: json_response(explain(desk.decide(one))))


@router.post("/pages", summary="Die Entscheidung als Seite", **takes("PageRequest"), **answers("PageDocument"))
async def pages(http: Request, lang: Lang = "de") -> Response:
    """Schreibt Prüfschema oder Vergleich als Überschriften, Absätze und Listen, wie `vwv-im` sie druckt."""
    desk = _desk(http)
    one = await desk.asked(http, _DECIDED, ("page",))
    if (kind := one.more["page"]) not in (None, "decision", "comparison"):
        raise Problem("faulty", faults=[unknown_value("page", ("decision", "comparison"))])
    quick = kind != "comparison" and entries(one.case) <= desk.settings.quick_posts
    write = _comparison if kind == "comparison" else _page
    return await desk.do(lambda: json_response(write(desk, one, lang), lang), quick=quick)


def _page(desk: Desk, one: Asked, lang: Language) -> Page:
    decision = desk.decide(one)
    fassung = decision.fassung.id
    return Page(
        tuple(page_of(decision, lang)),
        decision.outcome,
        decision.verdict,
        result_of(decision),
        None if fassung is None else desk.law.act(fassung).kurz.text,
        unmet_of(decision, lang),
        {name: used.used for name, used in decision.readings.items()},
    )


def _comparison(_: Desk, one: Asked, lang: Language) -> Page:
    request = one.request
    found = compare(one.case, on=request.on, question=request.question, readings=request.readings)
    return Page(tuple(comparison_page(found, lang)))


@router.post("/receipts", summary="Die Quittung", **takes("DecisionRequest"), **answers("ReceiptDocument"))
async def receipts(http: Request) -> Response:
    """Gibt die ganze Quittung einer Entscheidung mit ihrer Prüfsumme; `vwv-im replay` wiederholt sie."""
    desk = _desk(http)
    one = await desk.asked(http, _DECIDED)
    return await desk.do(lambda: _canonical(desk.decide(one).receipt.canonical()))


def _canonical(text: str) -> Response:
    return Response(text.encode(), media_type="application/json")


@router.post("/notes", summary="Ein Prüfvermerk", **takes("NoteRequest"), **answers(files=MEDIA_TYPES.values()))
async def notes(http: Request, lang: Lang = "de") -> Response:
    """Schreibt den Prüfvermerk als PDF, HTML, Markdown oder Word-Datei."""
    desk = _desk(http)
    one = await desk.asked(http, _DECIDED, ("form",))
    form = "pdf" if one.more["form"] is None else one.more["form"]
    if not isinstance(form, str) or form not in FORMS:
        raise Problem("faulty", faults=[unknown_value("form", FORMS)])
    return await desk.do(lambda: _note(desk.decide(one), form, lang))


def _note(decision: Decision, form: str, lang: Language) -> Response:
    try:
        content = note_of(decision, form, lang)
    except ModuleNotFoundError:
        extra = Text('Auf dem Server fehlt "vwv-im[note]".', 'The server lacks "vwv-im[note]".')
        raise Problem("unavailable", extra) from None
    named = {"Content-Disposition": f'attachment; filename="pruefvermerk.{form}"'}
    return Response(content, 200, named, MEDIA_TYPES[form])


@router.post("/cases", summary="Einen Fall lesen", **takes("Case"), **answers("CaseDocument"))
async def cases(http: Request) -> Response:
    """Liest einen Fall aus JSON oder YAML und gibt ihn zurück, oder alle Fehler mit Zeile und Spalte."""
    desk = _desk(http)
    case = whole_case(await document_of(http, desk.settings), desk.settings)
    return json_response(CaseRead(data_of(case)))
