"""The routes that take a case: decide, compare, ask what is needed, what would help, and write it down."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, overload

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im import programm
from vwv_im.case import CasePart
from vwv_im.decision.answers import result_of, why_undecided
from vwv_im.decision.asked import asked_of
from vwv_im.decision.case_edits import data_of
from vwv_im.decision.comparison_page import comparison_page
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.decision import Decision
from vwv_im.decision.decision_page import unmet_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.decision.replay import replay
from vwv_im.decision.short import Detail
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.publish.office_files import EXTRAS, MEDIA_TYPES, NOTE_WRITERS, note_of
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import Document, FaultyInputError, JsonDocument, Language, Text, plain, sentence
from vwv_im.web.describe import CaseRead, Page, Replayed, answers, example_of, takes
from vwv_im.web.problems import Answer, Problem, logged
from vwv_im.web.processes import beside
from vwv_im.web.queues import Door, WorkQueues, in_time
from vwv_im.web.request_body import (
    CaseRequest,
    KeyChoice,
    Receipt,
    Sent,
    case_request,
    entries_of,
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
_COMPARISON = "comparison"
_FILES = "notes"
DetailAsked = Annotated[
    Detail, Query(description="short: nur das Ergebnis, was ihm entgegensteht, und was sich ergibt, in einer Sprache.")
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


async def _detailed(detail: DetailAsked = "full") -> None:
    """Declare what some of them understand besides."""


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


def _note(law: Regulation, one: CaseRequest, reply: Reply) -> Answer:
    form = one.more or "pdf"
    try:
        content = note_of(_decided(law, one), form, reply.lang)
    except ModuleNotFoundError:
        lacking = f'"vwv-im[{EXTRAS[form]}]"'
        extra = Text(f"Auf dem Server fehlt {lacking}.", f"The server lacks {lacking}.")
        raise Problem("unavailable", extra) from None
    named = {"Content-Disposition": f'attachment; filename="pruefvermerk.{form}"'}
    return reply.of(content, media_type=MEDIA_TYPES[form], headers=named)


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
        _whole, _DECIDED, gives=("DecisionDocument", "ShortDecisionDocument"), detailed=True, quick=True,
        narrower=_IN_SHORT),
    "comparisons": CaseRoute(
        "Die Fassungen vergleichen",
        "Hält den Tag fest und wechselt die Fassung: je Fassung eine Entscheidung, zu jeder Änderung ihr Akt.",
        _compared, _COMPARED, "ExplanationRequest", ("ComparisonDocument",), narrower=_ONE_FASSUNG),
    "needs": CaseRoute(
        "Was noch gebraucht wird",
        "Nennt die Angaben, die noch fehlen, das Wichtigste zuerst, mit dem Ergebnis je Antwort.",
        _explained(needs_of), _KNOWING, "KnowingRequest", ("NeedsDocument",)),
    "counterfactuals": CaseRoute(
        "Was helfen würde", "Nennt die kleinsten Änderungen, mit denen das Ergebnis „ja“ wäre.",
        _explained(counterfactuals_of), _KNOWING, "KnowingRequest", ("CounterfactualsDocument",)),
    "pages": CaseRoute(
        "Die Entscheidung als Seite",
        "Schreibt Prüfschema oder Vergleich als Überschriften, Absätze, Listen und Tabellen, wie `vwv-im` sie druckt.",
        _page, _DECIDED, "PageRequest", ("PageDocument",), ("page", ("decision", _COMPARISON)), detailed=True,
        quick=True),
    "periods": CaseRoute(
        "Der Zeitraum je Fassung",
        "Nennt je Stelle und Fassung den höchstens möglichen Zeitraum, sein Ende und was von ihm bleibt.",
        _of_posts(lambda decision: programm.Periods(programm.periods(decision))), _KNOWING, "KnowingRequest",
        ("PeriodsDocument",)),
    "amounts": CaseRoute(
        "Die Beträge je Jahr",
        "Nennt je Stelle den Betrag je Förderjahr und Haushaltsjahr, und die Summe gegen den Planungsrahmen.",
        _of_posts(programm.amounts), _KNOWING, "KnowingRequest", ("AmountsDocument",)),
    "refillings": CaseRoute(
        "Die Nachbesetzung", "Nennt je Stelle, mit wem sie nachbesetzt werden darf, und zu welchem Satz.",
        _of_posts(lambda decision: programm.Refillings(programm.refillings(decision))), _KNOWING, "KnowingRequest",
        ("RefillingsDocument",)),
    "receipts": CaseRoute(
        "Das Prüfprotokoll",
        "Gibt das ganze Prüfprotokoll einer Entscheidung mit seiner Prüfsumme; `vwv-im replay` wiederholt sie.",
        _receipt, _DECIDED, gives=("ReceiptDocument",)),
    "replays": ReceiptRoute(
        "Ein Prüfprotokoll wiederholen",
        "Trifft die Entscheidung eines Prüfprotokolls noch einmal und nennt, was heute anders herauskommt.",
        _replayed, takes="ReceiptDocument", gives=("ReplayDocument",)),
    _FILES: CaseRoute(
        "Ein Prüfvermerk", "Schreibt den Prüfvermerk als PDF, HTML, Markdown oder Word-Datei.",
        _note, _DECIDED, "NoteRequest", more=("form", tuple(NOTE_WRITERS)), files=tuple(MEDIA_TYPES.values())),
    "cases": BareCase(
        "Einen Fall lesen",
        "Liest einen Fall aus JSON oder YAML und gibt ihn zurück, oder alle Fehler mit Zeile und Spalte.",
        lambda _law, case, reply: reply.of(reply.json(CaseRead(data_of(case)))), takes="Case",
        gives=("CaseDocument",), quick=True),
}  # fmt: skip


def rehearse(law: Regulation, settings: Settings) -> None:
    """Answer an example on every route that writes no file, so that all it needs is compiled."""
    example = example_of(law)
    for name, route in ROUTES.items():
        if name != _FILES and not isinstance(route, ReceiptRoute):
            asked = example["case"] if isinstance(route, BareCase) else example
            answered(law, Sent(name, orjson.dumps(asked), "json", "de", None), settings)


def _add(name: str, route: CaseRoute) -> None:
    async def answer(http: Request, service: AService) -> Response:
        return await service.answer(http, name)

    told = takes(route.takes) | answers(*route.gives, files=route.files)
    told |= {"summary": route.title, "description": route.about, "dependencies": [Depends(_detailed)] * route.detailed}
    router.post(f"/{name}", name=name, **told)(answer)


for _name, _route in ROUTES.items():
    _add(_name, _route)
