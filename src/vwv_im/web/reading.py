"""Reading what a client sends: the text within its limits, then the request and the case, with all faults at once."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request as HttpRequest

from vwv_im.case import LIMITS, Case, read_document
from vwv_im.decision.evaluate import require_part
from vwv_im.decision.request import Request, make_request
from vwv_im.law.regulation import Regulation
from vwv_im.text import Document, Fault, FaultyInputError, Limits, Text, read_yaml
from vwv_im.web.faults import as_meant, no_case, no_receipt, no_request, unknown_keys
from vwv_im.web.problems import Problem
from vwv_im.web.settings import Settings

MEDIA_TYPES: Mapping[str, str] = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
}
_READ = ", ".join(MEDIA_TYPES)
NAME = "anfrage"
_UNREADABLE = ("VIM001", "VIM004")
_PLAIN = Text(
    "Content-Encoding wird nicht gelesen; senden Sie den Text unverpackt.",
    "Content-Encoding is not read; send the text as it is.",
)
_MALFORMED = Text("Siehe errors.", "See errors.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A valid case and a valid request, and what else was asked for."""

    case: Case
    request: Request
    more: Mapping[str, Any]

    def directly(self) -> Asked:
        """Return the same, to be decided by one engine: what explains decides many times."""
        return replace(self, request=replace(self.request, engine="direct"))


async def document_of(http: HttpRequest, settings: Settings) -> Document:
    """Return the document that the body holds; raises `Problem` where it is none."""
    kind = MEDIA_TYPES.get(http.headers.get("content-type", "").partition(";")[0].strip().lower())
    if kind is None:
        raise Problem("media-type", Text(f"Gelesen werden: {_READ}.", f"Read are: {_READ}."), headers={"Accept": _READ})
    if http.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem("media-type", _PLAIN, headers={"Accept-Encoding": "identity"})
    text = (await _body(http, settings)).decode("utf-8", "surrogateescape")
    limits = Limits(settings.bytes, LIMITS.depth, LIMITS.nodes)
    document = read_yaml(text, name=f"{NAME}.{kind}", limits=limits)
    if document.data is None and document.faults:
        raise _unreadable(document.faults)
    if http.query_params.get("hints") == "cell":
        document.form = "cell"
    return document


def _unreadable(faults: list[Fault]) -> Problem:
    malformed = any(fault.code in _UNREADABLE for fault in faults)
    return Problem("malformed" if malformed else "faulty", _MALFORMED, faults)


async def _body(http: HttpRequest, settings: Settings) -> bytes:
    declared = http.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > settings.bytes:
        raise _too_large(settings)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(settings.seconds):
            async for part in http.stream():
                parts.append(part)
                if (size := size + len(part)) > settings.bytes:
                    raise _too_large(settings)
    except TimeoutError:
        raise Problem("slow", headers={"Connection": "close"}) from None
    return b"".join(parts)


def _too_large(settings: Settings) -> Problem:
    most = Text(f"Höchstens {settings.bytes} Byte.", f"At most {settings.bytes} bytes.")
    return Problem("too-large", most, headers={"Connection": "close"})


def asked(
    law: Regulation, document: Document, settings: Settings, known: Collection[str], more: Collection[str] = ()
) -> Asked:
    """Return what a request asks; `known` and `more` are its keys besides `case`, `more` those of the route itself.

    Raises `Problem` with every fault: of the text, of the keys, of the request and of the case.
    """
    own = [as_meant(fault) for fault in document.faults]
    if not isinstance(document.data, Mapping):
        raise Problem("faulty", faults=[*own, no_request(document)])
    faults = [*own, *unknown_keys(document, ("case", *known, *more))]
    stated = {key: value for key, value in document.data.items() if key in known and value is not None}
    case, request = None, None
    try:
        request = make_request(law.readings, **{"on": None, "engine": settings.engine, **stated})
    except FaultyInputError as error:
        faults += error.faults
    if (lacking := no_case(document)) is not None:
        faults.append(lacking)
    else:
        try:
            case = case_of(within(document, "case"), settings)
        except FaultyInputError as error:
            faults += error.faults
    if request is not None and case is not None and not faults:
        return _complete(case, request, {key: document.data.get(key) for key in more})
    raise Problem("faulty", faults=faults)


def _complete(case: Case, request: Request, more: Mapping[str, Any]) -> Asked:
    try:
        require_part(case, request.question)
    except FaultyInputError as error:
        raise Problem("faulty", faults=error.faults) from None
    return Asked(case, request, more)


def case_of(document: Document, settings: Settings) -> Case:
    """Return the case that a document states; raises `CaseError` with every fault, `Problem` where it has too many."""
    case = read_document(document)
    antrag = case.antrag
    if antrag is not None and max(len(antrag.stellen or ()), len(antrag.mitglieder or ())) > settings.posts:
        most = settings.posts
        raise Problem(
            "too-large",
            Text(
                f"Höchstens {most} Stellen und {most} Mitglieder je Anfrage.",
                f"At most {most} posts and {most} members in one request.",
            ),
        )
    return case


def whole_case(document: Document, settings: Settings) -> Case:
    """Return the case that is all a document states; raises `Problem` with every fault."""
    if (fault := no_receipt(document)) is not None:
        raise Problem("faulty", faults=[fault])
    try:
        return case_of(document, settings)
    except FaultyInputError as error:
        raise Problem("faulty", faults=error.faults) from None


def entries(case: Case) -> int:
    """Return how many posts and members a case states."""
    antrag = case.antrag
    return 0 if antrag is None else len(antrag.stellen or ()) + len(antrag.mitglieder or ())


def within(document: Document, key: str) -> Document:
    """Return the part of a document under a key, with its places."""
    positions = {path[1:]: place for path, place in document.positions.items() if path[:1] == (key,)}
    keys = {path[1:]: place for path, place in document.keys.items() if path[:1] == (key,) and path != (key,)}
    return Document(document.file, document.data.get(key), positions, keys=keys, form=document.form)
