"""The pages that list: what a case may state, sources, open questions, disputed points, notes, rule files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vwv_im.case import FACTS, PARTS, Fact
from vwv_im.decision.page import ASKED
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES, Beleg
from vwv_im.law.model import QUESTIONS, Auslegung
from vwv_im.publish.site.atlas import ROOT, Atlas, anchor
from vwv_im.publish.site.markdown import bullets, code, link, section, table
from vwv_im.publish.site.parts import CONCERNED, evidence_of, grade, item_link, source_link

_FORMS: Mapping[str, str] = {
    "ganzzahl": "ganze Zahl",
    "dezimal": "Dezimalzahl",
    "datum": "Datum",
    "wahrheitswert": "`true`, `false`",
    "text": "Text",
}
_UNITS: Mapping[str, str] = {"EUR": "€", "VZAE": "VZÄ"}
_PARTS = ("antrag", "antrag.antragsteller", "mitglied", "stelle", "person")
_PART_TITLES: Mapping[str, str] = {part.entry: part.title.de for part in PARTS.values()}


def facts(atlas: Atlas) -> str:
    """Return the page of what a case may state."""
    page = "angaben.md"
    lines = ["# Angaben eines Falls", _ABOUT_FACTS]
    for part in _PARTS:
        own = [fact for path, fact in FACTS.items() if path.rpartition(".")[0] == part]
        rows = [_fact_row(atlas, fact, page) for fact in own]
        lines += [f"## {_PART_TITLES[part]}", table(["Angabe", "Frage", "Form", "gelesen von"], rows)]
    return "\n\n".join(lines)


_ABOUT_FACTS = """\
Jede Angabe ist freiwillig; eine fehlende ist unbekannt, nie „nein“. In den Regeldateien heißt eine Stelle `stelle`,
ein Mitglied `mitglied`; im Fall stehen sie in den Listen `antrag.stellen` und `antrag.mitglieder`. Ein Datum wird
als `JJJJ-MM-TT` geschrieben, eine Dezimalzahl mit Punkt, `true` und `false` ohne Anführungszeichen. Werte mit einer
Rangfolge stehen vom niedrigsten zum höchsten; gleichrangige sind mit = verbunden.

`antrag.stellen` führt alle Stellen des Antrags auf oder fehlt ganz. `antrag.mitglieder` wird nur bei einem
Zusammenschluss oder einem Landkreis gelesen; gibt auch der Antrag selbst Personen oder Planungsrahmen an, müssen
sie dazu passen."""


def _fact_row(atlas: Atlas, fact: Fact, page: str) -> list[str]:
    readers = [item_link(atlas, key, page) for key in atlas.readers.get(fact.path, [])]
    asked = fact.question.de if not fact.private else f"{fact.question.de} (geht in keine Quittung ein)"
    name = f'<span id="{anchor(fact.path)}"></span>{code(fact.path)}'
    return [name, plain(asked), _form(fact), ", ".join(readers) or "–"]


def _form(fact: Fact) -> str:
    if not fact.values:
        unit = f" ({_UNITS.get(fact.unit, fact.unit)})" if fact.unit and fact.type == "dezimal" else ""
        return f"{_FORMS[fact.type]}{unit}"
    shown = _ranked(fact) if fact.ranks else ", ".join(code(value) for value in fact.values)
    return f"Liste: {shown}" if fact.type == "auswahlliste" else shown


def _ranked(fact: Fact) -> str:
    ranks: dict[int, list[str]] = {}
    for value, rank in (fact.ranks or {}).items():
        ranks.setdefault(rank, []).append(code(value))
    return " &lt; ".join(" = ".join(ranks[rank]) for rank in sorted(ranks))


def sources(atlas: Atlas) -> str:
    """Return the page of the sources, with what rests on each."""
    page = f"{ROOT}/quellen.md"
    lines = ["# Quellen", _ABOUT_SOURCES]
    used = _uses(atlas)
    for name, title in GRADES.items():
        found = [source for source in atlas.law.sources.values() if source.grad == name]
        if not found:
            continue
        lines.append(f"## {title.de[0].upper()}{title.de[1:]}")
        for source in found:
            address = f"<{source.url}>" if source.url else "ohne Adresse"
            facts_ = [plain(source.herausgeber), source.datum or "ohne Datum", address]
            lines.append(f"### {plain(source.titel)} {{ #{source.id} }}")
            lines.append(f"{code(source.id)} · {' · '.join(facts_)}")
            lines += [plain(source.hinweis)] if source.hinweis else []
            resting = [item_link(atlas, key, page) for key in used.get(source.id, [])]
            lines += [f"Darauf stützen sich: {', '.join(resting)}."] if resting else []
    return "\n\n".join(lines)


_ABOUT_SOURCES = """\
Der Wortlaut der VwV Integrationsmanagement und ihrer Änderungen gehört nicht zu diesen Quellen. Die Überschriften
sind die Grade der Quellen, die stärkste zuerst; der Grad eines einzelnen Belegs kann schwächer sein, etwa weil
etwas aus der Quelle nur geschlossen wird. Beim Lesen der Seite wird keine dieser Adressen aufgerufen."""


def _uses(atlas: Atlas) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in atlas.items:
        named = {entry.beleg.quelle for item in atlas.everywhere(key) for entry in evidence_of(item)}
        for source in sorted(name for name in named if name):
            found.setdefault(source, []).append(key)
    return found


def questions(atlas: Atlas) -> str:
    """Return the page of what the sources do not tell."""
    page = f"{ROOT}/offene-fragen.md"
    groups: dict[str, list[str]] = {}
    for question in atlas.law.open_questions.values():
        touched = [_touched(atlas, name, page) for name in question.betrifft]
        line = f'<span id="{question.id}"></span>{plain(question.frage.de)} ({", ".join(touched)})'
        groups.setdefault(_subject(atlas, question.betrifft[0]), []).append(line)
    lines = ["# Offene Fragen", _ABOUTQUESTIONS.format(len(atlas.law.open_questions))]
    for name, entries in groups.items():
        lines += [f"## {plain(_subject_title(atlas, name))} {{ #{name} }}", bullets(entries)]
    return "\n\n".join(lines)


_ABOUTQUESTIONS = """\
Was die Quellen nicht sagen: {} Fragen. Eine unbekannte Voraussetzung geht in kein Ergebnis ein; ein „ja“ heißt
deshalb, dass alle *bekannten* Voraussetzungen erfüllt sind. Fehlt einer bekannten Regel nur ein Wert, so bleibt sie
offen und nennt die Frage."""


def _touched(atlas: Atlas, name: str, page: str) -> str:
    if name in atlas.items:
        return item_link(atlas, name, page)
    if name in atlas.acts:
        return link(plain(atlas.acts[name].kurz.de), atlas.act_page(name), page)
    return plain(_subject_title(atlas, name))


def _subject(atlas: Atlas, name: str) -> str:
    """Return the subject that an open question belongs to: that of the item it names."""
    return atlas.items[name].subject if name in atlas.items else name


def _subject_title(atlas: Atlas, name: str) -> str:
    if name in atlas.items:
        return atlas.items[name].model.titel.de
    if name in atlas.acts:
        return atlas.acts[name].kurz.de
    return atlas.law.subjects[name].de if name in atlas.law.subjects else {"akte": "Akte", "zaehlung": "Zählung"}[name]


def readings(atlas: Atlas) -> str:
    """Return the page of the disputed points."""
    page = f"{ROOT}/auslegungen.md"
    lines = ["# Auslegungen", _ABOUT_READINGS]
    for reading in atlas.law.readings.values():
        lines += _reading(atlas, reading, page)
    return "\n\n".join(lines)


_ABOUT_READINGS = """\
Streitige Punkte, zu denen die Quellen mehrere Lesarten hergeben. Jede Entscheidung nennt, welche Lesart zugrunde
liegt und ob eine andere etwas ändern würde. Mit `--reading NAME=LESART` wird eine andere gewählt."""


def _reading(atlas: Atlas, reading: Auslegung, page: str) -> Iterator[str]:
    yield f"## {plain(reading.frage.de)} {{ #{reading.id} }}"
    yield f"{code(reading.id)}"
    rows = [
        [
            code(name) + (" (Vorgabe)" if name == reading.vorgabe else ""),
            plain(option.titel.de),
            "<br>".join(_beleg(beleg, page) for beleg in option.beleg),
        ]
        for name, option in reading.lesarten.items()
    ]
    yield table(["Lesart", "Inhalt", "Belege"], rows)
    asking = [key for key in atlas.items if reading in atlas.readings_of(key)]
    touched = [item_link(atlas, key, page) for key in asking]
    touched += [_touched(atlas, name, page) for name in reading.betrifft if name not in asking]
    if touched:
        yield f"Davon hängt ab: {', '.join(touched)}."


def _beleg(beleg: Beleg, page: str) -> str:
    parts = [grade(beleg.grad)]
    parts += [source_link(beleg.quelle, page)] if beleg.quelle else []
    parts += [plain(text) for text in (beleg.herleitung, beleg.hinweis) if text]
    return " · ".join(parts)


def schema(atlas: Atlas) -> str:
    """Return the page of the order of examination for each question."""
    page = f"{ROOT}/pruefschema.md"
    lines = ["# Prüfschema", _ABOUT_SCHEMA]
    for question in QUESTIONS:
        lines.append(f"## {ASKED[question].de}")
        for number, part in enumerate(atlas.law.schema(question), start=1):
            rows = [_rule_row(atlas, rule, page) for rule in part.regeln]
            lines += section(f"{number}. {plain(part.titel.de)}", table(_SCHEMA_HEAD, rows), 3)
    return "\n\n".join(lines)


_SCHEMA_HEAD = ["Voraussetzung", "Art", "für", "Fassungen", "Beleg"]
_ABOUT_SCHEMA = """\
In dieser Reihenfolge geht eine Entscheidung die Voraussetzungen durch. `muss` und `soll` gehen in das Ergebnis ein;
`kann` ist eine Möglichkeit im Ermessen der Bewilligungsstelle, `hinweis` ein Rat."""


def _rule_row(atlas: Atlas, rule: str, page: str) -> list[str]:
    item = atlas.items[rule]
    stages = [stage.name for stage in atlas.stages(rule) if stage.item is not None]
    model = item.model
    return [
        item_link(atlas, rule, page) + (" (nur bei anderer Lesart)" if atlas.only_otherwise(rule) else ""),
        getattr(model, "art", ""),
        CONCERNED[getattr(model, "bezug", "antrag")],
        ", ".join(stages),
        grade(atlas.grade_in_force(rule)),
    ]


def rule_files(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield a page for each rule file, which shows it with numbered lines."""
    for name in names:
        text = f'```yaml linenums="1" title="rules/{name}"\n--8<-- "rules/{name}"\n```'
        yield f"{ROOT}/dateien/{name.removesuffix('.yaml')}.md", f"# {name}\n\n{text}"
