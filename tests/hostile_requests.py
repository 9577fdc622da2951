"""Requests that should not be: a strategy, and what must hold of every answer. A fuzzer draws from the same."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from hypothesis import strategies as st
from starlette.testclient import TestClient

from vwv_im.text.json_object import CONTRACT
from vwv_im.web.openapi import EXAMPLE, ON


class Request(NamedTuple):
    """What is posted: where to, with which body, of which kind, with which further header fields."""

    path: str
    body: bytes
    kind: str
    more: dict[str, str]


_TEXTS = st.text(max_size=20)
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=12,
)
_KEYS = st.sampled_from(["case", "on", "question", "engine", "readings", "known_on", "antrag", "stellen", "vzae"])
_ASKED = st.dictionaries(_KEYS | _TEXTS, _VALUES | st.sampled_from([EXAMPLE, ON, "direct"]), max_size=5)
_BODIES = st.binary(max_size=200) | _ASKED.map(lambda data: json.dumps(data).encode())
_KINDS = st.sampled_from(["application/json", "application/yaml", "text/yaml; charset=utf-16", "x/y", ""])
_FIELDS = st.sampled_from(["content-encoding", "content-length", "expect", "host", "accept", "transfer-encoding"])
_WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20)
_PATHS = st.sampled_from(
    ["decisions", "pages", "cases", "pages?lang=en", "decisions?hints=cell", "decisions?lang=%ff", "health", "%00"]
)


def hostile_requests() -> st.SearchStrategy[Request]:
    """Return requests of which nothing need fit."""
    return st.builds(Request, _PATHS, _BODIES, _KINDS, st.dictionaries(_FIELDS, _WORDS, max_size=2))


def is_answered_by(server: TestClient, asked: Request) -> bool:
    """Return whether the answer is a document, which has its own status if it is not what was asked for."""
    answer = server.post(f"/v1/{asked.path}", content=asked.body, headers={"content-type": asked.kind, **asked.more})
    document, status = answer.json(), answer.status_code
    known = status in {200, 400, 404, 405, 406, 413, 415, 421, 422}
    return known and document["contract"] == CONTRACT and (status == 200 or document["status"] == status)
