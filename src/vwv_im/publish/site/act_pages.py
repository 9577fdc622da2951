"""The pages of the acts and Fassungen: what an act changed, with its effect on cases; the text as it then stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.text import plain
from vwv_im.law.evidence import Belege
from vwv_im.law.fassung import KINDS, Fassung
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt, Operation
from vwv_im.publish.site.atlas import ROOT, Atlas, state_name
from vwv_im.publish.site.markdown import bullets, link, section, table
from vwv_im.publish.site.parts import grade, item_link, place_link, source_link
from vwv_im.publish.site.pictures import Field, figure, two_axes
from vwv_im.publish.site.wordings import as_list, decision_table, passage_of
from vwv_im.review.synopsis import item_of
from vwv_im.text.format import short_day, written_day

_ARTS = {
    "stammfassung": "Stammfassung",
    "aenderung": "Änderung",
    "erlass": "Erlass, neben der Fassung",
    "nachfolge": "Nachfolgevorschrift: Ende des Anwendungsbereichs",
}


def act_page(atlas: Atlas, akt: Akt, synopsis: str) -> str:
    """Return the page of an act; `synopsis` is old and new, side by side."""
    page = atlas.act_page(akt.id)
    lines = [f"# {plain(akt.kurz.de[0].upper() + akt.kurz.de[1:])}", plain(akt.titel.de)]
    lines.append(table(["", "", "Beleg"], _metadata(atlas, akt, page)))
    before = [f"Ab {short_day(sign.ab)}: {plain(sign.text.de)}" for sign in akt.vorboten]
    lines += section("Was vorher bekannt war", bullets(before))
    lines += section("Schritte", _operations(atlas, akt, page))
    lines += section("Synopse { #synopse }", synopsis)
    questions = [q for q in atlas.law.open_questions.values() if akt.id in q.betrifft]
    lines += section(
        "Offene Fragen",
        bullets(link(plain(q.frage.de), f"{ROOT}/offene-fragen.md#{q.id}", page) for q in questions),
    )
    lines += section("Der Text danach", _text_after(atlas, akt, page))
    return "\n\n".join(lines)


def _metadata(atlas: Atlas, akt: Akt, page: str) -> Iterator[list[str]]:
    yield ["Art", _ARTS[akt.art], _evidence(akt.beleg, page)]
    yield ["Normgeber", plain(akt.normgeber), ""]
    yield ["ausgefertigt", written_day(akt.ausgefertigt, "de"), ""]
    yield ["bekannt ab", written_day(akt.bekannt_ab.datum, "de"), _evidence(akt.bekannt_ab.beleg, page)]
    start = written_day(akt.gilt_ab.datum, "de")
    if akt.gilt_ab.spaetestens != akt.gilt_ab.datum:
        start += f", spätestens {written_day(akt.gilt_ab.spaetestens, 'de')}"
    if akt.gilt_ab.auslegung:
        start += f" ({link('Auslegung', f'{ROOT}/auslegungen.md#{akt.gilt_ab.auslegung}', page)})"
    yield ["wirkt ab", start, _evidence(akt.gilt_ab.beleg, page)]
    yield ["Aktenzeichen", plain(akt.aktenzeichen or "nicht bekannt"), ""]
    yield ["Fundstelle", plain(akt.fundstelle or "nicht bekannt"), ""]
    yield ["hier geschrieben in", place_link(atlas.law.written[akt.id].place(), page), ""]


def _evidence(evidence: Belege, page: str) -> str:
    said = []
    for beleg in evidence:
        parts = [grade(beleg.grad)]
        parts += [source_link(beleg.quelle, page)] if beleg.quelle else []
        parts += [plain(text) for text in (beleg.herleitung, beleg.hinweis) if text]
        said.append(" ".join(parts))
    return "<br>".join(said)


def _operations(atlas: Atlas, akt: Akt, page: str) -> str:
    rows = [
        [
            plain(operation_phrase(atlas.law, operation, "de")),
            _goal(atlas, operation, page),
            _effect(model),
            _evidence(model.beleg, page),
        ]
        for operation, model in atlas.law.operations.items()
        if operation.act == akt.id
    ]
    return table(["Schritt", "betrifft", "Wirkung", "Beleg"], rows)


def _goal(atlas: Atlas, operation: OperationId, page: str) -> str:
    key = item_of(operation)
    return f"{KINDS[atlas.items[key].entry.kind].de}: {item_link(atlas, key, page)}" if key in atlas.items else "–"


def _effect(operation: Operation) -> str:
    return f"keine: {plain(operation.ohne_wirkung)}" if operation.ohne_wirkung else "siehe Synopse"


def _text_after(atlas: Atlas, akt: Akt, page: str) -> str:
    states = [state for state in atlas.law.states if akt.id == state.law.last_act]
    return bullets(link(f"Lesefassung {state_name(state)}", atlas.fassung_page(state), page) for state in states)


def fassung_page(atlas: Atlas, state: Fassung) -> str:
    """Return the consolidated reading text of a state of the law."""
    page = atlas.fassung_page(state)
    acts = [link(plain(atlas.acts[name].kurz.de), atlas.act_page(name), page) for name in _acts_of(atlas, state)]
    lines = [f"# Lesefassung {state_name(state)}", _ABOUT_TEXT.format(", ".join(acts))]
    for name, items in atlas.words(state).by_subject().items():
        lines.append(f"## {plain(atlas.law.subjects[name].de)}")
        for item in items:
            key = item.entry.key
            passage = passage_of(atlas, state, item)
            head = link(plain(passage.text), atlas.page(key), page)
            lines.append(f"**{head}** {grade(item.model.beleg[0].grad)}{_changed(atlas, state, item.act)}")
            body = decision_table(passage) or as_list(passage)
            lines += [body] if body else []
    return "\n\n".join(lines)


_ABOUT_TEXT = """\
Aus den Akten erzeugt: {}. Das ist nicht der Wortlaut der VwV, der nicht zu den Quellen gehört, sondern die
Lesefassung dessen, was die Quellen über ihn berichten; der Grad des Belegs steht bei jedem Eintrag."""


def _acts_of(atlas: Atlas, state: Fassung) -> list[str]:
    norms = [fassung.id for fassung in atlas.law.fassungen]
    return [*norms[: norms.index(state.id) + 1], *state.erlasse]


def _changed(atlas: Atlas, state: Fassung, act: str) -> str:
    latest = state.law.last_act
    first = atlas.law.fassungen[0].id
    return ' <span class="marke">geändert</span>' if act == latest and act != first else ""


def acts_page(atlas: Atlas) -> str:
    """Return the page of all acts with the picture on two axes of time."""
    page = f"{ROOT}/akte/index.md"
    rows = [
        [
            link(plain(akt.kurz.de), atlas.act_page(akt.id), page),
            _ARTS[akt.art],
            short_day(akt.ausgefertigt),
            short_day(akt.bekannt_ab.datum),
            _from(akt),
            grade(akt.gilt_ab.beleg[0].grad),
        ]
        for akt in atlas.law.acts
    ]
    head = ["Akt", "Art", "ausgefertigt", "bekannt ab", "wirkt ab", "Beleg der Wirkung"]
    return "\n\n".join(["# Akte", _ABOUT_ACTS, timeline(atlas), table(head, rows), _matrix(atlas)])


_ABOUT_ACTS = """\
Jeder Akt hat zwei Zeiten: seit wann er bekannt ist, und ab wann er wirkt. Das Bild zeigt beide: nach rechts den Tag
der Entscheidung, nach oben den Stand des Wissens. So ist zu sehen, dass am 01.06.2020 je nach Wissen zwei
verschiedene Fassungen anzuwenden sind: Die Änderung vom 11.11.2020 wirkt zurück."""


def _from(akt: Akt) -> str:
    first, late = akt.gilt_ab.datum, akt.gilt_ab.spaetestens
    return short_day(first) if first == late else f"{short_day(first)}, spätestens {short_day(late)}"


def timeline(atlas: Atlas) -> str:
    """Return the picture of which law applies, by day of decision and state of knowledge."""
    title = "Welche Fassung gilt: Tag der Entscheidung und Stand des Wissens"
    days, known = _axes(atlas)
    return figure(two_axes(list(_fields(atlas, days, known)), days[:-1], known[:-1], title), title)


def _axes(atlas: Atlas) -> tuple[list[date], list[date]]:
    """Return the days at which another law applies, and those at which another is known, each with an end."""
    effects = sorted({akt.gilt_ab.datum for akt in atlas.law.acts})
    signed = sorted({akt.bekannt_ab.datum for akt in atlas.law.acts})
    return [*effects, effects[-1] + timedelta(270)], [*signed, signed[-1] + timedelta(270)]


def _fields(atlas: Atlas, days: list[date], known: list[date]) -> Iterator[Field]:
    for low, high in pairwise(known):
        row: list[Field] = []
        for first, last in pairwise(days):
            choice = atlas.law.choose(first, low)
            inside = choice.place == "inside"
            name = f"{choice.basis}{' mit Erlass' if choice.erlasse else ''}" if inside else "außerhalb"
            number = [fassung.id for fassung in atlas.law.fassungen].index(str(choice.basis)) if inside else "aus"
            if row and row[-1].label == name:
                row[-1] = Field(row[-1].first, last, low, high, name, row[-1].kind)
            else:
                row.append(Field(first, last, low, high, name, f"bild-fassung-{number}"))
        yield from row


def _matrix(atlas: Atlas) -> str:
    """Return what the picture shows as a table."""
    days, known = _axes(atlas)
    fields = list(_fields(atlas, days, known))
    rows = []
    for low in reversed(known[:-1]):
        names = [
            next(field.label for field in fields if field.known_from == low and field.first <= day < field.last)
            for day in days[:-1]
        ]
        rows.append([f"ab {short_day(low)}", *names])
    head = ["Wissen \\ Entscheidung", *(f"ab {short_day(day)}" for day in days[:-1])]
    return f"## Das Bild als Tabelle\n\n{table(head, rows)}"
