"""Reading what a client sends: the text within its limits, then the request and the case, with all faults at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from starlette.requests import Request as HttpRequest

from vwv_im.case import LIMITS, CasePart
from vwv_im.case.case_reader import shown
from vwv_im.decision.compare import Comparison, compare
from vwv_im.decision.evaluate import require_part
from vwv_im.decision.request import Request, make_request, or_faults
from vwv_im.law.regulation import Regulation
from vwv_im.text import (
    Document,
    Fault,
    FaultyInputError,
    Language,
    Limits,
    Place,
    Text,
    did_you_mean,
    fault_of,
    more_telling,
    read_yaml,
    sentence,
)
from vwv_im.web.negotiation import accept_of, lang_of
from vwv_im.web.problems import API, Problem
from vwv_im.web.queues import Door
from vwv_im.web.settings import Settings

TEXTS: Mapping[str, str] = {
    "application/json": "json",
    "application/yaml": "yaml",
    "application/x-yaml": "yaml",
    "text/yaml": "yaml",
}
WORKBOOKS: Mapping[str, str] = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "workbook",
    "application/vnd.oasis.opendocument.spreadsheet": "workbook",
}
NAME = "anfrage"
_UNREADABLE = ("VIM001", "VIM004")
_MALFORMED = Text("Siehe errors.", "See errors.")
_CASE = "case"
_DAY = "2018-06-01"
_NUMBER = re.compile(r"\[(\d{1,9})\]")
_OF_RECEIPTS = {"digest", "facts", "rules"}
_ASKED = {field.name for field in fields(Request)}


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A valid case and a valid request, and what else was asked for."""

    case: CasePart
    request: Request
    more: str | None
    rules: str | None

    def directly(self) -> CaseRequest:
        """Return the same, to be decided by one engine: what explains decides many times."""
        return replace(self, request=replace(self.request, engine="direct"))

    def compared(self) -> Comparison:
        """Return the comparison of the Fassungen."""
        on, question, readings = self.request.on, self.request.question, self.request.readings
        return compare(self.case, on=on, question=question, readings=readings, rules=self.rules)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent to a route, as it came: the text, in which notation, and what the address asks for."""

    route: str
    text: bytes
    kind: str
    lang: Language
    hints: str | None = None
    detail: str | None = None
    accept: str = ""
    question: str | None = None

    def document(self, settings: Settings) -> Document:
        """Return the document that the text holds; raises `Problem` where it is none."""
        limits = Limits(settings.bytes, LIMITS.depth, LIMITS.nodes)
        text = self.text.decode("utf-8", "surrogateescape")
        document = read_yaml(text, name=f"{NAME}.{self.kind}", limits=limits)
        if document.data is None and document.faults:
            malformed = any(fault.code in _UNREADABLE for fault in document.faults)
            raise Problem("malformed" if malformed else "faulty", _MALFORMED, document.faults)
        if self.hints == "cell":
            document.form = "cell"
        return document


async def sent_to(
    route: str, http: HttpRequest, settings: Settings, door: Door, media: Mapping[str, str] = TEXTS
) -> Sent:
    """Return what a client sends in one of some media; raises `Problem` where it is another, too large or too slow."""
    kind = kind_of(http, media)
    query, text = http.query_params, await body_of(http, door, settings.bytes)
    hints, detail, question = (query.get(key) for key in ("hints", "detail", "question"))
    return Sent(route, text, kind, lang_of(http), hints, detail, accept_of(http), question)


def kind_of(http: HttpRequest, media: Mapping[str, str]) -> str:
    """Return what the media type of a body stands for; raises `Problem` for another one, and for what is packed."""
    kind, read = media.get(http.headers.get("content-type", "").partition(";")[0].strip().lower()), ", ".join(media)
    if kind is None:
        raise Problem("media-type", Text(f"Gelesen werden: {read}.", f"Read are: {read}."), headers={"Accept": read})
    if http.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem("media-type", sentence("web.unpacked"), headers={"Accept-Encoding": "identity"})
    return kind


async def body_of(http: HttpRequest, door: Door, most: int) -> bytes:
    """Return the body of a request; raises `Problem` where it has more than `most` bytes or is too slow."""
    declared = http.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    try:
        async with door.sending():
            async for part in http.stream():
                parts.append(part)
                if (size := size + len(part)) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise Problem("slow", headers={"Connection": "close"}) from None
    return b"".join(parts)


def _too_large(most: int) -> Problem:
    said = Text(f"Höchstens {most} Byte.", f"At most {most} bytes.")
    return Problem("too-large", said, headers={"Connection": "close"})


def keys_of(model: str) -> dict[str, dict[str, Any]]:
    """Return the keys of a request, by the name of its document, each with the schema of its value."""
    said = API["requests"][model]
    stated = {**API["properties"], **said.get("properties", {})}
    return {key: stated[key] for key in said["keys"]}


def case_request(law: Regulation, document: Document, settings: Settings, model: str) -> CaseRequest:
    """Return what a request asks; `model` is the name of its document, which may have one key of the route itself.

    Raises `FaultyInputError` with every fault: of the text, of the keys, of the request and of the case.
    """
    faults = [replace(fault, path=fault.path.removeprefix(f"{_CASE}.")) for fault in document.faults]
    if not isinstance(document.data, Mapping):
        raise FaultyInputError([*faults, _no_request(law, document)])
    keys = keys_of(model)
    faults += _unknown_keys(law, document, keys)
    known = _ASKED & keys.keys()
    stated = {key: value for key, value in document.data.items() if key in known and value is not None}
    request = or_faults(lambda: make_request(law, **{"on": None, "engine": settings.engine, **stated}), faults)
    case = or_faults(lambda: case_of(law, _case_within(law, document), settings), faults)
    if request is None or case is None or faults:
        raise FaultyInputError(more_telling(faults))
    require_part(law, case, request.question)
    own = (_chosen(document, key, said["enum"]) for key, said in keys.items() if key not in {_CASE, *_ASKED})
    return CaseRequest(case, request, next(own, None), settings.rules or None)


def _chosen(document: Document, key: str, values: Iterable[str]) -> str | None:
    """Return the value of a key that has only some."""
    value: str | None = document.data.get(key)
    if value is not None and value not in tuple(values):
        raise FaultyInputError([fault_of("no_such_value", Place(f"<{key}>"), known=", ".join(values))])
    return value


def _no_request(law: Regulation, document: Document) -> Fault:
    """Return the fault of a text that holds no request, be it empty or something else."""
    kind = "empty_request" if document.data is None else "no_request"
    return fault_of(kind, document.place(()), like=_like(law), value=shown(document.data))


def _like(law: Regulation) -> str:
    """Return what a request looks like."""
    return f'{{"{_CASE}": {{"{law.vocabulary.roots[0].key}": {{…}}}}, "on": "{_DAY}"}}'


def _unknown_keys(law: Regulation, document: Document, known: Collection[str]) -> Iterable[Fault]:
    """Yield a fault for each key of a request that there is not."""
    roots = {root.key for root in law.vocabulary.roots}
    for key in document.data:
        if key not in known:
            kind = "beside_the_case" if key in roots else "extra_forbidden"
            hint = None if key in roots else did_you_mean(key, known) or possible(known)
            place = document.key_place((key,))
            yield fault_of(kind, place, shown(key)[1:-1], hint, key=shown(key), like=_like(law))


def possible(words: Iterable[str]) -> Text:
    """Return the hint what could stand instead."""
    listed = ", ".join(words)
    return Text(f"Möglich sind: {listed}.", f"Possible are: {listed}.")


def _case_within(law: Regulation, document: Document) -> Document:
    """Return the part of a request that is the case, with its places."""
    stated = document.data.get(_CASE)
    if not isinstance(stated, Mapping):
        kind = "no_case" if stated is None else "no_case_here"
        parts = [f'{{"{root.key}": {{}}}}' for root in law.vocabulary.roots]
        listed = Text(" oder ".join(parts), " or ".join(parts))
        raise FaultyInputError([fault_of(kind, document.place((_CASE,)), _CASE, value=shown(stated), parts=listed)])
    positions = {path[1:]: place for path, place in document.positions.items() if path[:1] == (_CASE,)}
    keys = {path[1:]: place for path, place in document.keys.items() if path[:1] == (_CASE,) and path != (_CASE,)}
    return Document(document.file, stated, positions, keys=keys, form=document.form)


def entries_of(part: CasePart, above: str = "") -> Counter[str]:
    """Return how many entries a case has in its lists, by the paths of these without numbers."""
    found: Counter[str] = Counter()
    for key, held in part:
        for entry in held if isinstance(held, tuple) else (held,):
            if isinstance(entry, CasePart):
                found[f"{above}{key}"] += isinstance(held, tuple)
                found.update(entries_of(entry, f"{above}{key}."))
    return found


def case_of(law: Regulation, document: Document, settings: Settings) -> CasePart:
    """Return the case that a document states; raises `CaseError` with every fault, `Problem` where it has too many."""
    return limited(law, law.read_case(document), settings)


def limited(law: Regulation, case: CasePart, settings: Settings) -> CasePart:
    """Return a case; raises `Problem` where one of its lists has more entries than a request may have."""
    most = settings.posts
    for path, count in entries_of(case).items():
        if count > most and (entity := law.vocabulary.entity_at(path)) is not None:
            german, english = entity.plural.de, entity.plural.en
            said = Text(f"{german}: höchstens {most} je Anfrage.", f"{english}: at most {most} in one request.")
            raise Problem("too-large", said)
    return case


def whole_case(law: Regulation, document: Document, settings: Settings) -> CasePart:
    """Return the case that is all a document states; a receipt holds facts under their paths, and no case."""
    if isinstance(document.data, Mapping) and document.data.keys() >= _OF_RECEIPTS:
        raise FaultyInputError([fault_of("receipt_for_case", document.place(()))])
    return case_of(law, document, settings)


@dataclass(frozen=True, slots=True)
class Receipt:
    """The record of a decision as a client sent it, and the rules it is to be decided by again."""

    document: Mapping[str, Any]
    rules: str | None


def receipt_of(document: Document, settings: Settings) -> Receipt:
    """Return the record that a document is; raises `ReceiptError` where it is none, `Problem` where it has too much."""
    data = document.data if isinstance(document.data, Mapping) else {}
    counts, facts = data.get("counts"), data.get("facts")
    numbers = [int(found) + 1 for path in facts or () for found in _NUMBER.findall(str(path))]
    numbers += [one for one in (counts.values() if isinstance(counts, Mapping) else ()) if isinstance(one, int)]
    if max(numbers, default=0) > settings.posts:
        most = settings.posts
        raise Problem("faulty", Text(f"Höchstens {most} Einträge je Liste.", f"At most {most} entries in a list."))
    return Receipt(data, settings.rules or None)
