"""What a client can take: in which language, of which media type, packed or not, and whether it has it already."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from starlette.requests import HTTPConnection
from starlette.responses import Response

from vwv_im.text import Language, Text
from vwv_im.web.problems import MEDIA_TYPE, Problem

_LEAST = 1000
"""Bytes from which on packing pays."""


def _preferences(header: str) -> Iterator[tuple[str, float]]:
    """Yield the values of a header such as `Accept`, and how much each is wanted, from 0 to 1."""
    for part in header.lower().split(","):
        value, *marks = (piece.strip() for piece in part.split(";"))
        weight = next((mark[2:] for mark in marks if mark.startswith("q=")), "1")
        try:
            yield value, min(max(float(weight), 0.0), 1.0)
        except ValueError:
            yield value, 1.0


def wanted(header: str, media_type: str) -> float:
    """Return how much a media type is wanted by what `Accept` says, from 0 to 1; the closest entry counts.

    >>> wanted("text/html, application/json;q=0.5, */*;q=0.1", "application/json")
    0.5
    >>> wanted("application/*", "text/html"), wanted("", "text/html")
    (0.0, 1.0)
    """
    bare = media_type.partition(";")[0].strip().lower()
    weights = dict(_preferences(header)) if header.strip() else {"*/*": 1.0}
    entries = (bare, f"{bare.partition('/')[0]}/*", "*/*")
    return next((weights[entry] for entry in entries if entry in weights), 0.0)


def accept_of(http: HTTPConnection) -> str:
    """Return what `Accept` says, in one line where it came in several."""
    return ", ".join(http.headers.getlist("accept"))


def best_of(accept: str, media_types: Iterable[str]) -> str:
    """Return the media type that `Accept` wants most, of several the first; raises the problem `not-acceptable`.

    >>> best_of("text/calendar, */*;q=0.1", ["application/json", "text/calendar; charset=utf-8"])
    'text/calendar; charset=utf-8'
    """
    offered = list(media_types)
    best = max(offered, key=lambda one: wanted(accept, one))
    if not wanted(accept, best):
        listed = ", ".join(one.partition(";")[0] for one in offered)
        raise Problem("not-acceptable", Text(f"Gegeben wird: {listed}.", f"Given is: {listed}."))
    return best


def reads_pages(http: HTTPConnection) -> bool:
    """Tell whether somebody opened an address in a browser: wanted is a page, more than what is for programs."""
    accept = accept_of(http)
    return http.scope["method"] == "GET" and wanted(accept, "text/html") > wanted(accept, MEDIA_TYPE)


def lang_of(http: HTTPConnection) -> Language:
    """Return the language asked for by `lang`, else the one that `Accept-Language` wants more; else German."""
    if (stated := http.query_params.get("lang")) is not None:
        return "en" if stated == "en" else "de"
    weights: dict[str, float] = {}
    for name, weight in _preferences(http.headers.get("accept-language", "")):
        language = name.partition("-")[0]
        weights[language] = max(weight, weights.get(language, 0.0))
    return "en" if weights.get("en", 0.0) > weights.get("de", weights.get("*", 0.0)) else "de"


@dataclass(frozen=True)
class Kept:
    """What does not change while the server runs: given with a tag, packed where a client can unpack it."""

    content: bytes
    media_type: str

    @cached_property
    def tag(self) -> str:
        """The tag by which a client tells that it has it already."""
        return sha256(self.content).hexdigest()[:32]

    @cached_property
    def packed(self) -> bytes:
        """The content, packed."""
        return gzip.compress(self.content, mtime=0)

    def response(self, http: HTTPConnection) -> Response:
        """Return the answer to a client; raises the problem `not-acceptable`."""
        best_of(accept_of(http), (self.media_type,))
        coding = dict(_preferences(http.headers.get("accept-encoding", "")))
        packed = len(self.content) >= _LEAST and coding.get("gzip", coding.get("*", 0.0)) > 0
        tag = f'"{self.tag}-gzip"' if packed else f'"{self.tag}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        known = {one.strip().removeprefix("W/") for one in http.headers.get("if-none-match", "").split(",")}
        if tag in known or "*" in known:
            return Response(status_code=304, headers=headers)
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(self.packed if packed else self.content, headers=headers, media_type=self.media_type)
