"""The pages of the acts and Fassungen: what an act changed, with its effect on cases; the text as it then stood."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.text import plain
from vwv_im.law.evidence import Belege
from vwv_im.law.fassung import KINDS, Fassung
from vwv_im.law.history import OperationId
from vwv_im.law.model import Akt, Operation
from vwv_im.publish.site.atlas import ROOT, Atlas, state_name
from vwv_im.publish.site.markdown import about, bullets, capital, link, section, span, table
from vwv_im.publish.site.parts import as_list, decision_table, grade, place_link, whole
from vwv_im.publish.site.pictures import Field, figure, two_axes
from vwv_im.review.synopsis import item_of
from vwv_im.review.synopsis_page import markdown
from vwv_im.text.format import short_day, written_day

_ARTS = {
    "stammfassung": "Stammfassung",
    "aenderung": "Änderung",
    "erlass": "Erlass, neben der Fassung",
    "nachfolge": "Nachfolgevorschrift: Ende des Anwendungsbereichs",
}


def act_page(atlas: Atlas, akt: Akt) -> Iterator[str]:
    """Yield the page of an act, with old and new text side by side."""
    yield f"# {plain(capital(akt.kurz.de))}\n\n{plain(akt.titel.de)}"
    yield table(["", "", "Beleg"], _metadata(atlas, akt))
    before = (f"Ab {short_day(sign.ab)}: {plain(sign.text.de)}" for sign in akt.vorboten)
    yield from section("Was vorher bekannt war", bullets(before))
    own = [(operation, model) for operation, model in atlas.law.operations.items() if operation.act == akt.id]
    steps = table(["Schritt", "betrifft", "Wirkung", "Beleg"], (_step(atlas, *step) for step in own))
    yield from section("Schritte", steps)
    if akt.id in atlas.synopses:
        _, _, synopsis = markdown(atlas.synopses[akt.id], level=2).partition("\n\n")
        yield from section("Synopse { #synopse }", synopsis.strip())
    questions = (
        link(plain(question.frage.de), f"{ROOT}/offene-fragen.md#{question.id}")
        for question in atlas.law.open_questions.values()
        if akt.id in question.betrifft
    )
    yield from section("Offene Fragen", bullets(questions))
    states = [state for state in atlas.law.states if akt.id == state.law.last_act]
    after = (link(f"Lesefassung {state_name(state)}", atlas.fassung_page(state)) for state in states)
    yield from section("Der Text danach", bullets(after))


def _metadata(atlas: Atlas, akt: Akt) -> Iterator[list[str]]:
    yield ["Art", _ARTS[akt.art], _evidence(akt.beleg)]
    yield ["Normgeber", plain(akt.normgeber), ""]
    yield ["ausgefertigt", written_day(akt.ausgefertigt, "de"), ""]
    yield ["bekannt ab", written_day(akt.bekannt_ab.datum, "de"), _evidence(akt.bekannt_ab.beleg)]
    start = written_day(akt.gilt_ab.datum, "de")
    if akt.gilt_ab.spaetestens != akt.gilt_ab.datum:
        start += f", spätestens {written_day(akt.gilt_ab.spaetestens, 'de')}"
    if akt.gilt_ab.auslegung:
        start += f" ({link('Auslegung', f'{ROOT}/auslegungen.md#{akt.gilt_ab.auslegung}')})"
    yield ["wirkt ab", start, _evidence(akt.gilt_ab.beleg)]
    yield ["Aktenzeichen", plain(akt.aktenzeichen or "nicht bekannt"), ""]
    yield ["Fundstelle", plain(akt.fundstelle or "nicht bekannt"), ""]
    yield ["hier geschrieben in", place_link(atlas.law.written[akt.id].place()), ""]


def _evidence(evidence: Belege) -> str:
    return "<br>".join(" ".join(whole(beleg)) for beleg in evidence)


def _step(atlas: Atlas, operation: OperationId, model: Operation) -> list[str]:
    done, key = plain(operation_phrase(atlas.law, operation, "de")), item_of(operation)
    goal = f"{KINDS[atlas.items[key].entry.kind].de}: {atlas.link(key)}" if key in atlas.items else "–"
    effect = f"keine: {plain(model.ohne_wirkung)}" if model.ohne_wirkung else "siehe Synopse"
    return [done, goal, effect, _evidence(model.beleg)]


def fassung_page(atlas: Atlas, state: Fassung) -> Iterator[str]:
    """Yield the consolidated reading text of a state of the law."""
    norms = [fassung.id for fassung in atlas.law.fassungen]
    acts = [*norms[: norms.index(state.id) + 1], *state.erlasse]
    yield f"# Lesefassung {state_name(state)}\n\n{about('text', ', '.join(map(atlas.link, acts)))}"
    for name, items in atlas.words(state).by_subject().items():
        yield f"## {plain(atlas.law.subjects[name].de)}"
        for item in items:
            passage = atlas.words(state).of(item)
            head = link(plain(passage.text), atlas.page(item.entry.key))
            changed = f" {span('geändert', 'marke')}" if item.act == state.law.last_act != norms[0] else ""
            yield f"**{head}** {grade(item.model.beleg[0].grad)}{changed}"
            yield decision_table(passage) or as_list(passage)


def acts_page(atlas: Atlas) -> Iterator[str]:
    """Yield the page of all acts with the picture on two axes of time: which law applies, by day and knowledge."""
    yield f"# Akte\n\n{about('acts')}"
    title = "Welche Fassung gilt: Tag der Entscheidung und Stand des Wissens"
    days = _axis({akt.gilt_ab.datum for akt in atlas.law.acts})
    known = _axis({akt.bekannt_ab.datum for akt in atlas.law.acts})
    yield figure(two_axes(list(_fields(atlas, days, known)), days[:-1], known[:-1], title), title)
    head = ["Akt", "Art", "ausgefertigt", "bekannt ab", "wirkt ab", "Beleg der Wirkung"]
    yield table(head, (_act_row(atlas, akt) for akt in atlas.law.acts))
    as_known = [[f"ab {short_day(low)}", *(_law(atlas, day, low)[0] for day in days[:-1])] for low in known[-2::-1]]
    head = ["Wissen \\ Entscheidung", *(f"ab {short_day(day)}" for day in days[:-1])]
    yield f"## Das Bild als Tabelle\n\n{table(head, as_known)}"


def _act_row(atlas: Atlas, akt: Akt) -> list[str]:
    first, late = akt.gilt_ab.datum, akt.gilt_ab.spaetestens
    start = short_day(first) if first == late else f"{short_day(first)}, spätestens {short_day(late)}"
    days = [short_day(akt.ausgefertigt), short_day(akt.bekannt_ab.datum), start]
    return [atlas.link(akt.id), _ARTS[akt.art], *days, grade(akt.gilt_ab.beleg[0].grad)]


def _axis(days: set[date]) -> list[date]:
    """Return the days at which another law applies, or is known, with an end."""
    return [*sorted(days), max(days) + timedelta(270)]


def _law(atlas: Atlas, day: date, known: date) -> tuple[str, str]:
    """Return which law applies on a day by what was known on another, and how the picture shows it."""
    choice = atlas.law.choose(day, known)
    if choice.place != "inside":
        return "außerhalb", "bild-fassung-aus"
    number = [fassung.id for fassung in atlas.law.fassungen].index(str(choice.basis))
    return f"{choice.basis}{' mit Erlass' if choice.erlasse else ''}", f"bild-fassung-{number}"


def _fields(atlas: Atlas, days: list[date], known: list[date]) -> Iterator[Field]:
    for low, high in pairwise(known):
        for (name, kind), spans in groupby(pairwise(days), key=lambda span: _law(atlas, span[0], low)):
            first, *_, last = (day for span in spans for day in span)
            yield Field(first, last, low, high, name, kind)
