"""The regulation as lists to be served and printed: rules, Fassungen, sources, readings, and the words of a case."""

from __future__ import annotations

from typing import Any, cast

from vwv_im.case import FACTS, PARTS, Case, Part
from vwv_im.decision.request import RequestError, is_one_of
from vwv_im.lang.values import to_json
from vwv_im.law.model import QUESTIONS, Akt, Parameter, Question
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.planning import make_plan
from vwv_im.text import Fault


def rules_of(law: Regulation, *, every: bool = False) -> list[dict[str, Any]]:
    """Return each requirement once, with the Fassungen (and Erlasse) in which it stands; `every`: all other items too.

    >>> from vwv_im import regulation
    >>> next(rule["grade"] for rule in rules_of(regulation()) if rule["id"] == "stelle-mindestumfang")
    'amtlich'
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for fassung in law.states:
        for item in fassung:
            if item.entry.kind != "regel" and not every:
                continue
            beleg = item.model.beleg[0]
            entry = found.setdefault(
                (item.entry.kind, item.id),
                {"id": item.id, "kind": item.entry.kind, "subject": item.subject, "fassungen": [], "erlasse": []},
            )
            if not fassung.erlasse:
                entry["fassungen"].append(fassung.id)
            elif item.act == fassung.law.last_act:
                entry["erlasse"].append(item.act)
            entry |= {
                "art": getattr(item.model, "art", None),
                "nummer": getattr(item.model, "nummer", None),
                "title": item.model.titel.text.as_dict(),
                "grade": beleg.grad,
                "sources": [source.quelle for source in item.model.beleg if source.quelle],
                "place": str(item.place),
                "value": to_json(item.model.wert) if isinstance(item.model, Parameter) else None,
            }
    return list(found.values())


def python_of(law: Regulation, fassung: str | None = None, question: str = "antrag") -> str:
    """Return the Python that the engine `direct` makes of a state of the law (default: the last), with comments.

    `fassung` is the name of a state (`2020-11-11`, `2022-01-26+2022-03-11`). Raises `RequestError` for an unknown one.

    >>> from vwv_im import regulation
    >>> print(python_of(regulation(), "2017-12-11", "zaehlung").splitlines()[0])
    # top[2]  entscheidung.tag
    """
    states = {state.name: state for state in law.states}
    wanted = fassung or law.states[-1].name
    faults: list[Fault] = []
    known = [is_one_of("fassung", wanted, states, faults), is_one_of("question", question, QUESTIONS, faults)]
    if not all(known):
        raise RequestError(faults)
    return Direct(make_plan(law, states[wanted], cast("Question", question))).listing()


def open_questions_of(law: Regulation) -> list[dict[str, Any]]:
    """Return what the sources do not tell, and which rules it touches."""
    return [
        {"id": question.id, "question": question.frage.text.as_dict(), "touches": list(question.betrifft)}
        for question in law.open_questions.values()
    ]


def acts_of(law: Regulation) -> list[dict[str, Any]]:
    """Return every act in the order in which it was signed: what it is, since when it was known, since when it applies.

    An act of the kind `stammfassung` or `aenderung` makes a Fassung of the same id.
    """
    return [_act(akt) for akt in law.acts]


def _act(akt: Akt) -> dict[str, Any]:
    return {
        "id": akt.id,
        "art": akt.art,
        "title": akt.titel.text.as_dict(),
        "short": akt.kurz.text.as_dict(),
        "signed": akt.ausgefertigt.isoformat(),
        "known_from": akt.bekannt_ab.datum.isoformat(),
        "applies_from": akt.gilt_ab.datum.isoformat(),
        "applies_at_latest_from": akt.gilt_ab.spaetestens.isoformat(),
        "reading": akt.gilt_ab.auslegung,
        "grade": akt.gilt_ab.beleg[0].grad,
    }


def sources_of(law: Regulation) -> list[dict[str, Any]]:
    """Return every source: title, publisher, date, address, and how strong it is."""
    return [
        {
            "id": source.id,
            "title": source.titel,
            "publisher": source.herausgeber,
            "date": source.datum,
            "url": source.url,
            "grade": source.grad,
            "note": source.hinweis,
        }
        for source in law.sources.values()
    ]


def readings_of(law: Regulation) -> list[dict[str, Any]]:
    """Return every disputed point with its readings and the default."""
    return [
        {
            "id": reading.id,
            "question": reading.frage.text.as_dict(),
            "default": reading.vorgabe,
            "readings": {name: one.titel.text.as_dict() for name, one in reading.lesarten.items()},
        }
        for reading in law.readings.values()
    ]


def vocabulary() -> dict[str, Any]:
    """Return what a case may state: its parts and its facts, with titles, questions, types, units and values.

    Of a part that is a list, `least` is how few entries it may have, and `single` how one of them is called in German.
    """
    return {
        "parts": [_part(part) for part in PARTS.values()],
        "facts": [
            {
                "path": fact.path,
                "type": fact.type,
                "unit": fact.unit,
                "values": [
                    {"value": value, "label": label.as_dict() if (label := fact.labels.get(value)) else None}
                    for value in fact.values
                ],
                "title": fact.title.as_dict(),
                "question": fact.question.as_dict(),
                "private": fact.private,
            }
            for fact in FACTS.values()
        ],
    }


def _part(part: Part) -> dict[str, Any]:
    least, single = _listed(part) if part.many else (None, None)
    return {
        "path": part.path,
        "entry": part.entry,
        "many": part.many,
        "least": least,
        "single": single,
        "title": part.title.as_dict(),
        "question": part.question.as_dict(),
    }


def _listed(part: Part) -> tuple[int, str]:
    """Return how few entries a list may have, and what one of them is called."""
    models = Case.model_json_schema()["$defs"]
    holder, _, name = part.path.rpartition(".")
    forms = models[holder.capitalize()]["properties"][name]["anyOf"]
    listed = next(form for form in forms if form.get("type") == "array")
    return listed.get("minItems", 0), models[listed["items"]["$ref"].rpartition("/")[2]]["title"]
