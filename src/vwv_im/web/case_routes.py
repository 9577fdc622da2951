"""The routes that take a case: decide, compare, ask what is needed, what would help, and write it down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, overload

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im import programm
from vwv_im.case import CasePart
from vwv_im.decision.case_edits import data_of
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.needs import needs_of
from vwv_im.decision.short import Detail
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.publish.office_files import MEDIA_TYPES as FILES
from vwv_im.publish.office_files import NOTE_WRITERS
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Document, FaultyInputError, JsonDocument, Text, plain
from vwv_im.web import replies
from vwv_im.web.describe import CaseRead, answers, example_of, takes
from vwv_im.web.problems import Answer, Problem, logged
from vwv_im.web.processes import beside
from vwv_im.web.queues import Door, WorkQueues, in_time
from vwv_im.web.replies import COMPARISON, FEWER, Reply
from vwv_im.web.request_body import (
    MEDIA_TYPES,
    WORKBOOKS,
    KeyChoice,
    Receipt,
    Sent,
    case_request,
    entries_of,
    limited,
    receipt_of,
    sent_to,
    whole_case,
)
from vwv_im.web.settings import Settings

FAULTS = logging.getLogger("vwv_im.web.faults")
Lang = Annotated[
    Literal["de", "en"], Query(description="Sprache der einsprachigen Sätze; Accept-Language wird nicht beachtet.")
]
Hints = Annotated[
    Literal["file", "cell"], Query(description="Wovon Hinweise sprechen: file von JSON und YAML, cell von Feldern.")
]
_COMPARED = ("on", "question", "readings")
_KNOWING = (*_COMPARED, "known_on")
_DECIDED = (*_KNOWING, "engine")
_FILES = "notes"
DetailAsked = Annotated[
    Detail, Query(description="short: nur das Ergebnis, was ihm entgegensteht, und was sich ergibt, in einer Sprache.")
]
_IN_SHORT = Text(
    f"Fragen Sie nach der kurzen Form: /v1/decisions?detail=short. Oder: {FEWER.de}",
    f"Ask for the short form: /v1/decisions?detail=short. Or: {FEWER.en}",
)
_ONE_FASSUNG = Text(
    f"{FEWER.de} Oder fragen Sie statt nach allen Fassungen nach einer Entscheidung: /v1/decisions.",
    f"{FEWER.en} Or ask for one decision instead of all Fassungen: /v1/decisions.",
)


async def _told(lang: Lang = "de", hints: Hints = "file") -> None:
    """Declare what each of these routes understands: `sent_to` reads it."""


async def _detailed(detail: DetailAsked = "full") -> None:
    """Declare what some of them understand besides."""


async def _about(question: Annotated[str | None, Query(description="Die Frage, deren Fall es ist.")] = None) -> None:
    """Declare what the route of workbooks understands besides."""


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
        settings = self.settings
        sent = await sent_to(route, http, settings, self.door, ROUTES[route].media)
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
        one = route.of(law, sent, settings)
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


def json_response(document: JsonDocument) -> Response:
    """Return a document as JSON."""
    return Response(orjson.dumps(document.to_dict(), default=plain), media_type="application/json")


@dataclass(frozen=True, slots=True)
class CaseRoute:
    """What a route does with a case: what it answers, which keys it knows, and what to ask instead of too much.

    `takes` and `gives` name the documents, `more` is a key of its own. What is `quick` is done in turn where the case
    is small; what is `detailed` may be asked for in short.
    """

    title: str
    about: str
    answer: Callable[[Regulation, Any, Reply], Answer]
    known: tuple[str, ...] = ()
    takes: str = "DecisionRequest"
    gives: tuple[str, ...] = ()
    more: KeyChoice | None = None
    files: tuple[str, ...] = ("application/json",)
    detailed: bool = False
    quick: bool = False
    narrower: Text = FEWER
    media: Mapping[str, str] = field(default_factory=lambda: MEDIA_TYPES)

    def of(self, law: Regulation, sent: Sent, settings: Settings) -> Any:
        """Return what a client asks."""
        return self.read(law, sent.document(settings), settings)

    def read(self, law: Regulation, document: Document, settings: Settings) -> Any:
        """Return what a document asks."""
        return case_request(law, document, settings, self.known, self.more)

    def is_quick(self, one: Any, most: int) -> bool:
        """Tell whether a case has so few entries in its lists, and so little is asked, that it is done in turn."""
        return one.more != COMPARISON and entries_of(one.case).total() <= most


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

    def of(self, law: Regulation, sent: Sent, settings: Settings) -> CasePart:
        """Return the case that the workbook states for the question of the address, else for the first."""
        try:
            from vwv_im.tables.workbook_case import case_in  # noqa: PLC0415 - an extra, loaded when it is asked for
        except ModuleNotFoundError:
            extra = Text('Auf dem Server fehlt "vwv-im[columns,excel]".', 'The server lacks "vwv-im[columns,excel]".')
            raise Problem("unavailable", extra) from None
        return limited(law, case_in(sent.text, law, sent.question, "arbeitsmappe"), settings)


class ReceiptRoute(CaseRoute):
    """A route that takes the record of a decision."""

    __slots__ = ()

    def read(self, law: Regulation, document: Document, settings: Settings) -> Receipt:
        """Return the record."""
        return receipt_of(document, settings)


ROUTES: Mapping[str, CaseRoute] = {
    "decisions": CaseRoute(
        "Einen Fall entscheiden",
        "Entscheidet einen Fall mit Begründung: Prüfschema, Fehlendes, Pflichten, Auslegungen, Belege, Prüfprotokoll.",
        replies.whole, _DECIDED, gives=("DecisionDocument", "ShortDecisionDocument"), detailed=True, quick=True,
        narrower=_IN_SHORT),
    "comparisons": CaseRoute(
        "Die Fassungen vergleichen",
        "Hält den Tag fest und wechselt die Fassung: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt.",
        replies.compared, _COMPARED, "ExplanationRequest", ("ComparisonDocument",), narrower=_ONE_FASSUNG),
    "needs": CaseRoute(
        "Was noch gebraucht wird",
        "Nennt die Angaben, die noch fehlen, das Wichtigste zuerst, mit dem Ergebnis je Antwort.",
        replies.explained(needs_of), _KNOWING, "KnowingRequest", ("NeedsDocument",)),
    "counterfactuals": CaseRoute(
        "Was helfen würde", "Nennt die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre.",
        replies.explained(counterfactuals_of), _KNOWING, "KnowingRequest", ("CounterfactualsDocument",)),
    "pages": CaseRoute(
        "Die Entscheidung als Seite",
        "Schreibt Prüfschema oder Vergleich als Überschriften, Absätze, Listen und Tabellen, wie `vwv-im` sie druckt.",
        replies.page, _DECIDED, "PageRequest", ("PageDocument",), ("page", ("decision", COMPARISON)), detailed=True,
        quick=True),
    "periods": CaseRoute(
        "Der Zeitraum je Fassung",
        "Nennt je Stelle und Fassung den höchstens möglichen Zeitraum, sein Ende und was von ihm bleibt.",
        replies.of_posts(lambda decision: programm.Periods(programm.periods(decision))), _KNOWING, "KnowingRequest",
        ("PeriodsDocument",)),
    "amounts": CaseRoute(
        "Die Beträge je Jahr",
        "Nennt je Stelle den Betrag je Förderjahr und Haushaltsjahr, und die Summe gegen den Planungsrahmen.",
        replies.of_posts(programm.amounts), _KNOWING, "KnowingRequest", ("AmountsDocument",)),
    "refillings": CaseRoute(
        "Die Nachbesetzung", "Nennt je Stelle, mit wem sie nachbesetzt werden darf, und zu welchem Satz.",
        replies.of_posts(lambda decision: programm.Refillings(programm.refillings(decision))), _KNOWING,
        "KnowingRequest", ("RefillingsDocument",)),
    "receipts": CaseRoute(
        "Das Prüfprotokoll",
        "Gibt das ganze Prüfprotokoll einer Entscheidung mit seiner Prüfsumme; `vwv-im replay` wiederholt sie.",
        replies.receipt, _DECIDED, gives=("ReceiptDocument",)),
    "replays": ReceiptRoute(
        "Ein Prüfprotokoll wiederholen",
        "Trifft die Entscheidung eines Prüfprotokolls noch einmal und nennt, was heute anders herauskommt.",
        replies.replayed, takes="ReceiptDocument", gives=("ReplayDocument",)),
    _FILES: CaseRoute(
        "Ein Prüfvermerk", "Schreibt den Prüfvermerk als PDF, HTML, Markdown oder Word-Datei.",
        replies.note, _DECIDED, "NoteRequest", more=("form", tuple(NOTE_WRITERS)), files=tuple(FILES.values())),
    "cases": BareCase(
        "Einen Fall lesen",
        "Liest einen Fall aus JSON oder YAML und gibt ihn zurück, oder alle Fehler mit Zeile und Spalte.",
        lambda _law, case, reply: reply.of(reply.json(CaseRead(data_of(case)))), takes="Case",
        gives=("CaseDocument",), quick=True),
    "workbooks": WorkbookRoute(
        "Einen Fall aus einer Arbeitsmappe lesen",
        "Liest den einen Fall, den die Blätter einer Arbeitsmappe nennen (`vwv-im batch --template`).",
        lambda _law, case, reply: reply.of(reply.json(CaseRead(data_of(case)))), takes="", gives=("CaseDocument",),
        media=WORKBOOKS),
    "charts": CaseRoute(
        "Bewilligt und besetzt, Monat für Monat",
        "Zeichnet je Stelle, was in jedem Monat bewilligt und besetzt war, und nennt dasselbe als Tabelle.",
        replies.chart, _KNOWING, "KnowingRequest", ("ChartDocument",)),
}  # fmt: skip


def rehearse(law: Regulation, settings: Settings) -> None:
    """Answer an example on every route that writes no file, so that all it needs is compiled."""
    example = example_of(law)
    for name, route in ROUTES.items():
        if name != _FILES and not isinstance(route, ReceiptRoute | WorkbookRoute):
            asked = example["case"] if isinstance(route, BareCase) else example
            answered(law, Sent(name, orjson.dumps(asked), "json", "de", None), settings)


def _add(name: str, route: CaseRoute) -> None:
    async def answer(http: Request, service: AService) -> Response:
        return await service.answer(http, name)

    told = takes(route.takes, route.media) | answers(*route.gives, files=route.files)
    more = [Depends(_detailed)] * route.detailed + [Depends(_about)] * isinstance(route, WorkbookRoute)
    told |= {"summary": route.title, "description": route.about, "dependencies": more}
    router.post(f"/{name}", name=name, **told)(answer)


for _name, _route in ROUTES.items():
    _add(_name, _route)
