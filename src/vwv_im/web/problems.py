"""Problems as RFC 9457 tells them: what kind, what is wrong in detail, and every fault at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any

from starlette.responses import Response

from vwv_im.text import Fault, JsonDocument, JsonObject, Language, Sentence, Text, read_yaml

SECONDS_TO_WAIT = 1
"""How long who is turned away waits for the answer that says so."""
_DEEPEST = 5
_AGAIN = Text("Bitte gleich noch einmal.", "Please try again in a moment.")
MEDIA_TYPE = "application/problem+json"
TYPE = "urn:vwv-im:problem:"
"""What the `type` of a problem begins with: the same wherever the server stands; `/v1/problems` lists the kinds."""


@dataclass(frozen=True, slots=True)
class Kind(JsonObject, schema="ProblemKindEntry"):
    """A kind of problem: the status it is answered with, and its title."""

    status: int
    title: Text


@dataclass(frozen=True, slots=True)
class ProblemKinds(JsonDocument, schema="ProblemKindsDocument"):
    """Every kind of problem that is answered, by the last part of its `type`."""

    problems: Mapping[str, Kind]


@dataclass(frozen=True, slots=True)
class RequestFault(JsonObject, schema="FaultDocument"):
    """One fault: its code, where it is, what is wrong, and how to mend it.

    `path` is the path in the case, or what of the request is meant; `line` and `column` count from 1 and are `None`
    where there are none.
    """

    code: str
    path: str
    line: int | None
    column: int | None
    message: Text
    hint: Text | None


@dataclass(frozen=True, slots=True)
class ProblemAnswer(JsonDocument, schema="ProblemDocument", keys="type title status detail? errors?"):
    """A problem (RFC 9457); `errors` holds every fault at once."""

    type: str
    title: Sentence
    status: int
    detail: Sentence | None
    errors: tuple[RequestFault, ...] | None


API: dict[str, Any] = read_yaml(Path(__file__).with_name("api.yaml")).data
"""What the API takes, and how it refuses."""
KINDS: Mapping[str, Kind] = {
    name: Kind(said["status"], Text(said["de"], said["en"])) for name, said in API["problems"].items()
}
OTHERS = {404: "not-found", 405: "method"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that can pass from one process to another; `fault` is what the log says of an unexpected one."""

    content: bytes
    media_type: str = "application/json"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""

    def response(self) -> Response:
        """Return it as the server sends it."""
        return Response(self.content, self.status, self.headers, self.media_type)


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A request that is not answered as asked; `faults` lists everything that is wrong with it."""

    def __init__(
        self,
        kind: str,
        detail: Text | None = None,
        faults: Sequence[Fault] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.kind, self.detail, self.faults, self.headers = kind, detail, tuple(faults), dict(headers or {})

    def answer(self, lang: Language = "de", fault: str = "") -> Answer:
        """Return the answer; its text is in ASCII, so that nothing in a fault can break it."""
        body = json.dumps(self.document().to_dict(lang)).encode("ascii")
        headers = {**self.headers, "Content-Language": lang}
        return Answer(body, MEDIA_TYPE, KINDS[self.kind].status, headers, fault)

    def document(self) -> ProblemAnswer:
        """Return what is answered."""
        kind, errors = KINDS[self.kind], tuple(_fault(fault) for fault in self.faults)
        return ProblemAnswer(f"{TYPE}{self.kind}", kind.title, kind.status, self.detail, errors or None)


def logged(error: Exception) -> str:
    """Return what the log says of an unexpected fault: its type and where it arose; its message may quote a case."""
    frames = extract_tb(error.__traceback__)[-_DEEPEST:]
    arose = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
    return f"{type(error).__name__} {arose}"


def head_too_large(most: int) -> Problem:
    """Return the problem of an address and headers that are too long."""
    said = Text(f"Adresse und Kopfzeilen: höchstens {most} Byte.", f"Address and headers: at most {most} bytes.")
    return Problem("head-too-large", said, headers={"Connection": "close"})


def answer_too_large(most: int, instead: Text) -> Problem:
    """Return the problem of an answer that is too large, with what to ask instead."""
    said = Text(f"Höchstens {most} Byte. {instead.de}", f"At most {most} bytes. {instead.en}")
    return Problem("answer-too-large", said)


def not_installed(extras: str) -> Problem:
    """Return the problem of a part that needs what is not installed: the extras of this library."""
    lacking = f'"vwv-im[{extras}]"'
    return Problem("unavailable", Text(f"Hier fehlt {lacking}.", f"Not installed here: {lacking}."))


def overload() -> Problem:
    """Return the problem of too many requests at once, with when to try again."""
    return Problem("overload", _AGAIN, headers={"Retry-After": str(SECONDS_TO_WAIT)})


async def turned_away() -> Problem:
    """Return the same, slowly, so that trying again at once gains nothing and those let in are served."""
    await asyncio.sleep(SECONDS_TO_WAIT)
    return overload()


def _fault(fault: Fault) -> RequestFault:
    file, line, column = fault.place
    meant = file[1:-1] if file.startswith("<") else ""  # a part of the request, such as `<on>`; nothing for a text
    return RequestFault(fault.code, fault.path or meant, line or None, column or None, fault.message, fault.hint)
