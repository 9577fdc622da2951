"""Receipts and decisions that were changed anyhow: strategies, and what must hold of whatever is replayed.

A fuzzer draws from the same: `hostile_receipts()` and `hostile_receipt_texts()`, each tried by `is_answered`.
"""

from __future__ import annotations

import contextlib
import json
import os
from copy import deepcopy
from functools import cache
from typing import Any

from hypothesis import strategies as st

from hostile_texts import damaged
from support import EXAMPLES
from vwv_im import FaultyInputError, evaluate, replay
from vwv_im.decision.decision import digest_of


@cache
def recorded() -> tuple[dict[str, Any], ...]:
    """Return receipts and decisions of several questions, in both languages."""
    asked = (("tettnang", "antrag"), ("zaehlung", "zaehlung"), ("ukraine", "zielgruppe"))
    decisions = [
        evaluate(EXAMPLES / f"{name}.yaml", on="2018-06-01", question=question, engine="direct")
        for name, question in asked
    ]
    return tuple(
        document for one in decisions for document in (one.receipt.document(), one.to_dict("de"), one.to_dict("en"))
    )


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=12)
ODD = st.sampled_from(
    ["antrag", "antrag.stellen[0].vzae", "antrag.stellen[9999].vzae", "antrag.stellen[x]", "person.ankunft",
     "2018-06-01", "9999-12-31", "0001-01-01", "open", "\ud800", "\u0000", 10**30, -1, 0.1, 1e308, True, None, [], {}]
)  # fmt: skip
VALUES = st.recursive(
    ODD | TEXTS | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.sampled_from(["used", "rule"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@st.composite
def hostile_receipts(draw: st.DrawFn) -> dict[str, Any]:
    """Return a receipt or decision in which something, somewhere, was replaced, removed or added."""
    document: dict[str, Any] = deepcopy(draw(st.sampled_from(recorded())))
    for _ in range(draw(st.integers(1, 3))):
        part: Any = document
        while True:
            keys = sorted(part) if isinstance(part, dict) else range(len(part))
            key = draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(part[key], dict | list) or draw(st.booleans()):
                break
            part = part[key]
        how = draw(st.sampled_from(["replace", "remove", "add"]))
        if how == "add" and isinstance(part, dict):
            part[draw(TEXTS | ODD.filter(lambda one: isinstance(one, str)))] = draw(VALUES)
        elif key is not None and how == "remove":
            del part[key]
        elif key is not None:
            part[key] = draw(VALUES)
    if "digest" in document and draw(st.booleans()):
        with contextlib.suppress(UnicodeEncodeError):
            document["digest"] = digest_of(document)
    return document


@st.composite
def hostile_receipt_texts(draw: st.DrawFn) -> str:
    """Return the text of a receipt in which pieces were put in, taken out or doubled."""
    written = tuple(json.dumps(document) for document in recorded())
    return draw(damaged(st.sampled_from(written)))


def is_answered(source: dict[str, Any] | str | os.PathLike[str]) -> bool:
    """Return whether replaying gives an answer in both languages, or faults that each say code, place and remedy."""
    try:
        found = replay(source)
    except FaultyInputError as error:
        return all(fault.code and fault.place.file and fault.hint and fault.render("de") for fault in error.faults)
    return all(text.de and text.en for text in (*found.differences, *found.notes))
