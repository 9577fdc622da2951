"""The routes that take a case: each request is let in, read and worked on in turn or beside other work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import OK
from typing import Annotated, Any, Literal, overload

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response

from vwv_im.decision.short import Detail
from vwv_im.law.regulation import Regulation, regulation
from vwv_im.reasoning.durable import EngineUnavailable
from vwv_im.reasoning.engines import EngineDisagreement
from vwv_im.text import FaultyInputError, Language, Text
from vwv_im.web.answering import ROUTES, BareCase, CaseRoute, ReceiptRoute, Reply, WorkbookRoute
from vwv_im.web.describe import answers, takes
from vwv_im.web.logs import FAULTS
from vwv_im.web.measures import Measures
from vwv_im.web.negotiation import Kept, accept_of, best_of
from vwv_im.web.openapi import example_of
from vwv_im.web.problems import API, Answer, Problem, logged, not_installed
from vwv_im.web.processes import beside
from vwv_im.web.queues import Door, WorkQueues, in_time
from vwv_im.web.readable_pages import told
from vwv_im.web.request_body import Sent, sent_to
from vwv_im.web.settings import Settings

Lang = Annotated[
    Literal["de", "en"] | None,
    Query(description="Sprache der einsprachigen Sätze; ohne Angabe die von Accept-Language."),
]
Hints = Annotated[
    Literal["file", "cell"], Query(description="Wovon Hinweise sprechen: file von JSON und YAML, cell von Feldern.")
]
DetailAsked = Annotated[
    Detail, Query(description="short: nur das Ergebnis, was ihm entgegensteht, und was sich ergibt, in einer Sprache.")
]


async def _told(lang: Lang = None, hints: Hints = "file") -> None:
    """Declare what each of these routes understands: `sent_to` reads it."""


async def _detailed(detail: DetailAsked = "full") -> None:
    """Declare what some of them understand besides."""


QuestionAsked = Annotated[
    str | None, Query(description="Die Frage, deren Fall es ist; sonst die erste, die alle Blätter kennt.")
]


async def _about(question: QuestionAsked = None) -> None:
    """Declare what the route of workbooks understands besides."""


router = APIRouter(prefix="/v1", tags=["Faelle"], dependencies=[Depends(_told)])


@dataclass(frozen=True, slots=True)
class CaseService:
    """Where requests are worked on: the regulation, the limits, the door, and the queues."""

    law: Regulation
    settings: Settings
    door: Door
    queues: WorkQueues
    measures: Measures
    made: dict[Any, Kept] = field(default_factory=dict)
    """What was made once because it was asked for, and does not change."""

    def kept(self, key: Any, make: Callable[[], bytes], media_type: str = "application/json") -> Kept:
        """Return what does not change, made when it is first asked for."""
        if key not in self.made:
            self.made[key] = Kept(make(), media_type)
        return self.made[key]

    async def answer(self, http: Request, route: str) -> Response:
        """Answer what a client asks of a route: in turn where that takes some milliseconds, else beside other work."""
        best_of(accept_of(http), ROUTES[route].files)
        settings, answer = self.settings, None
        sent = await sent_to(route, http, settings, self.door, ROUTES[route].media)
        if ROUTES[route].quick and sent.kind == "json" and len(sent.text) <= settings.quick_bytes:
            answer = await self.queues.quick(http, lambda: answered(self.law, sent, settings, settings.quick_entries))
        if answer is None:
            answer = await self.beside(http, sent.lang, answered, sent)
        return response_to(replace(answer, headers={"Content-Language": sent.lang, **answer.headers}), http)

    async def beside(self, http: Request, lang: Language, work: Callable[..., Answer], *given: Any) -> Answer:
        """Return the answer that a function of a module gives, called with the regulation, `given` and the settings."""
        how, most, rules = (lang, self.settings, work, given), self.settings.seconds, self.settings.rules
        return await self.queues.long(http, lambda: beside(answered_beside, *how, seconds=most, rules=rules))


def response_to(answer: Answer, http: Request) -> Response:
    """Return an answer as the server sends it; the log says what was unexpected."""
    if answer.fault:
        FAULTS.error("%s", answer.fault)
    return answer.response() if answer.status == OK else told(answer, http)


async def _service(http: Request) -> CaseService:
    service: CaseService = http.app.state.service
    return service


AService = Annotated[CaseService, Depends(_service)]


def answered_beside(lang: Language, settings: Settings, work: Callable[..., Answer], given: tuple[Any, ...]) -> Answer:
    """Return the answer to what a client asks, whatever it is: a problem, too, and what is said of a fault."""
    try:
        law = regulation(settings.rules or None)
        return in_time(lambda: work(law, *given, settings), settings.seconds)
    except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a plain answer
        return _refused(error, lang)


def _refused(error: Exception, lang: Language) -> Answer:
    """Return the answer of a process whose work ended so."""
    match error:
        case ModuleNotFoundError():  # what reads and writes tables
            return not_installed("columns,excel").answer(lang)
        case Problem():
            return error.answer(lang)
        case FaultyInputError():
            return Problem("faulty", faults=error.faults).answer(lang)
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
        reply = Reply(sent.lang, settings.answer_bytes, route.narrower, sent.detail == "short", sent.accept)
        answer = route.answer(law, one, reply)
    except FaultyInputError as error:
        raise Problem("faulty", faults=error.faults) from None
    except EngineUnavailable as error:
        raise Problem("engine", Text(str(error), str(error))) from None
    except EngineDisagreement:
        raise Problem("engines-disagree") from None
    return answer


def rehearse(law: Regulation, settings: Settings) -> None:
    """Answer an example on every route that writes no file, so that all it needs is compiled."""
    example = example_of(law)
    for name, route in ROUTES.items():
        if route.takes != "NoteRequest" and not isinstance(route, ReceiptRoute | WorkbookRoute):
            asked = example["case"] if isinstance(route, BareCase) else example
            answered(law, Sent(name, orjson.dumps(asked), "json", "de"), settings)


def _add(name: str, route: CaseRoute) -> None:
    async def answer(http: Request, service: AService) -> Response:
        return await service.answer(http, name)

    told = takes(route.takes, () if route.takes else route.media) | answers(*route.gives, files=route.files)
    more = [Depends(_detailed)] * route.detailed + [Depends(_about)] * isinstance(route, WorkbookRoute)
    router.post(f"/{name}", name=name, dependencies=more, **API["operations"][name], **told)(answer)


for _name, _route in ROUTES.items():
    _add(_name, _route)
