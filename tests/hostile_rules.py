"""Rule files that were changed anyhow: a strategy, and what must hold of whatever rules are given.

A fuzzer draws from the same: `hostile_rules()`, tried by `is_answered_under` on a copy of the toy.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from hypothesis import strategies as st

from hostile_texts import PIECES
from support import TOY
from vwv_im import FaultyInputError
from vwv_im.decision.counterfactuals import counterfactuals_of
from vwv_im.decision.evaluate import decide
from vwv_im.decision.needs import needs_of
from vwv_im.decision.request import make_request
from vwv_im.law.regulation import load_regulation


class Mutant(NamedTuple):
    """A rule file with what it holds instead."""

    file: str
    text: str


CASES: tuple[dict[str, Any], ...] = (
    {"antrag": {"stellen": [{}]}, "person": {}},
    {
        "antrag": {
            "durchfuehrung": ["eigen"],
            "antragsteller": {"art": "gemeinde", "bundesland": "BW"},
            "stellen": [{"vzae": "0.5", "beschaeftigungsbeginn": "2001-04-01", "person_benannt": True}],
        },
    },
)
_WORD = re.compile(r"[\w.äöüß-]+|[{}\[\]:,]|\n *")
_VALUES = (
    "0", "1", "-1", "0.5", "1e18", "1e400", "9" * 20, "true", "null", '""', '"02-30"', '"2001-02-30"', '"0001-01-01"',
    '"9999-12-31"', "stelle.vzae", "stelle.ende", "antrag.gesamtumfang", "stellen", "antrag", "stelle", "person",
)  # fmt: skip


@cache
def sound() -> tuple[Mutant, ...]:
    """Return the rule files of the toy."""
    paths = sorted(TOY.rglob("*.yaml"))
    return tuple(Mutant(path.relative_to(TOY).as_posix(), path.read_text("utf-8")) for path in paths)


@cache
def _words() -> tuple[str, ...]:
    """Return every word of the toy: what may stand somewhere in a rule file."""
    return tuple(sorted({word for mutant in sound() for word in _WORD.findall(mutant.text)}))


@st.composite
def hostile_rules(draw: st.DrawFn) -> Mutant:
    """Return a rule file in which words, values and lines were replaced, swapped, doubled or removed."""
    file, text = draw(st.sampled_from(sound()))
    for _ in range(draw(st.integers(1, 3))):
        places = [match.span() for match in _WORD.finditer(text)]
        if not places:
            break
        start, end = draw(st.sampled_from(places))
        new = draw(st.sampled_from(_VALUES) | st.sampled_from(_words()) | st.sampled_from(PIECES) | st.just(""))
        if draw(st.integers(0, 5)) == 0:  # from here to another place, twice
            new = text[start : draw(st.sampled_from(places))[1]] * 2
        text = text[:start] + new + text[end:]
    return Mutant(file, text)


def is_answered_under(directory: Path, on: str = "2003-10-01") -> bool:
    """Return whether rules are refused with code, place and both languages, or decide and explain any case."""
    try:
        law = load_regulation(directory)
    except FaultyInputError as error:
        return all(
            fault.code and fault.place.file and fault.render("de") and fault.render("en") for fault in error.faults
        )
    for case in CASES:
        for question in law.questions:
            try:
                request = make_request(law, on=on, question=question, engine="direct")
                decision = decide(law, law.read_case(case), request)
                told = (decision.to_json("de"), decision.explain("de"), decision.explain("en", "html"))
                told += (needs_of(decision).explain("de"), counterfactuals_of(decision).explain("en"))
            except FaultyInputError as error:
                told = (error.render("de"),)
            if not all(told):
                return False
    return True
