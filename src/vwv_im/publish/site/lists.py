"""The pages that list: what a case may state, items, sources, evidence, what is open or disputed, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vwv_im.case.vocabulary import Entity, Fact
from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.text import plain
from vwv_im.law.evidence import GRADES
from vwv_im.law.fassung import KINDS, AnyItem
from vwv_im.law.history import OperationId
from vwv_im.law.regulation import Regulation
from vwv_im.publish.site.atlas import ROOT, Atlas, anchor
from vwv_im.publish.site.markdown import about, bullets, capital, code, link, section, span, table
from vwv_im.publish.site.parts import evidence_of, grade, place_link, whole
from vwv_im.review.corpus import mismatches
from vwv_im.review.coverage import Found, coverage, gaps, result_phrase, summary
from vwv_im.review.evidence import KINDS as EVIDENT
from vwv_im.review.evidence import Rest, grades_per_fassung, weaker

_FORMS: Mapping[str, str] = {
    "ganzzahl": "ganze Zahl",
    "dezimal": "Dezimalzahl",
    "datum": "Datum",
    "wahrheitswert": "`true`, `false`",
    "text": "Text",
}


def facts(atlas: Atlas) -> Iterator[str]:
    """Yield the page of what a case may state: every entity with its facts."""
    yield f"# Angaben eines Falls\n\n{about('facts')}"
    for entity in atlas.law.vocabulary.stated:
        rows = [_fact_row(atlas, fact) for fact in atlas.law.vocabulary.facts_of(entity.name)]
        yield f"## {entity.heading.de}\n\n{_placed(entity)}"
        yield table(["Angabe", "Frage", "Form", "gelesen von"], rows)


def _placed(entity: Entity) -> str:
    """Return what an entity is, and where it stands in a case and in rule files."""
    placed = f"Im Fall die Liste {code(entity.path)}" if entity.many else f"Im Fall {code(entity.path)}"
    most = f", höchstens {entity.most} Einträge" if entity.many else ""
    return f"{plain(entity.help)} {placed}{most}; in Regeldateien {code(entity.prefix)}."


def _fact_row(atlas: Atlas, fact: Fact) -> list[str]:
    readers = ", ".join(map(atlas.link, atlas.readers.get(fact.path, ())))
    name = f'<span id="{anchor(fact.path)}"></span>{code(fact.path)}<br>{plain(fact.title.de)}'
    private = " (geht in keine Quittung ein)" if fact.private else ""
    asked = f"{plain(fact.question.de)}{private}<br>{plain(fact.help)}"
    return [name, asked, _form(atlas, fact), readers or "–"]


def _form(atlas: Atlas, fact: Fact) -> str:
    if not fact.values:
        unit = f" ({plain(atlas.law.vocabulary.units[fact.unit].several.de)})" if fact.unit else ""
        return f"{_FORMS[fact.type]}{unit}"
    shown = _ranked(fact) if fact.ranks else ", ".join(_value(fact, value) for value in fact.values)
    return f"Liste: {shown}" if fact.type == "auswahlliste" else shown


def _value(fact: Fact, value: str) -> str:
    return f"{code(value)} ({plain(fact.labels[value].de)})"


def _ranked(fact: Fact) -> str:
    ranks: dict[int, list[str]] = {}
    for value, rank in (fact.ranks or {}).items():
        ranks.setdefault(rank, []).append(_value(fact, value))
    return " &lt; ".join(" = ".join(ranks[rank]) for rank in sorted(ranks))


def subjects(atlas: Atlas) -> Iterator[str]:
    """Yield the page of every item by subject."""
    yield f"# Regeln nach Gegenstand\n\n{about('subjects')}"
    for name, subject in atlas.law.subjects.items():
        rows = [_subject_row(atlas, key, item) for key, item in atlas.items.items() if item.subject == name]
        yield f"## {plain(subject.de)} {{ #{name} }}"
        yield table(["", "Was", "Fassungen", "Beleg"], rows)


def _subject_row(atlas: Atlas, key: str, item: AnyItem) -> list[str]:
    names = [stage.name for stage in atlas.stages(key) if stage.item is not None]
    reach = names[0] if len(names) == 1 else f"{names[0]} bis {names[-1]}"
    return [KINDS[item.entry.kind].de, atlas.link(key), reach, grade(item.model.beleg[0].grad)]


def schema(atlas: Atlas) -> Iterator[str]:
    """Yield the page of the order of examination for each question."""
    yield f"# Prüfschema\n\n{about('schema', atlas.law.examination.behoerde.de)}"
    for question in atlas.law.questions.values():
        yield f"## {question.frage.de}"
        for number, part in enumerate(question.pruefung, start=1):
            rows = [_rule_row(atlas, rule) for rule in part.regeln]
            shown = table(["Voraussetzung", "Art", "für", "Fassungen", "Beleg"], rows)
            yield from section(f"{number}. {plain(part.titel.de)}", shown, 3)


def _rule_row(atlas: Atlas, rule: str) -> list[str]:
    model = atlas.items[rule].model
    about = atlas.law.vocabulary.entities.get(getattr(model, "bezug", ""))
    return [
        atlas.link(rule) + (" (nur bei anderer Lesart)" if atlas.only_otherwise(rule) else ""),
        getattr(model, "art", ""),
        about.each.de if about else "",
        ", ".join(stage.name for stage in atlas.stages(rule) if stage.item is not None),
        grade(atlas.grade_in_force(rule)),
    ]


def sources(atlas: Atlas) -> Iterator[str]:
    """Yield the page of the sources, with what rests on each."""
    yield f"# Quellen\n\n{about('sources')}"
    used: dict[str, list[str]] = {}
    for key in atlas.items:
        named = {beleg.quelle for item in atlas.everywhere(key) for beleg, _ in evidence_of(item)}
        for name in filter(None, named):
            used.setdefault(name, []).append(key)
    for grad, title in GRADES.items():
        found = [source for source in atlas.law.sources.values() if source.grad == grad]
        if found:
            yield f"## {capital(title.de)}"
        for source in found:
            address = f"<{source.url}>" if source.url else "ohne Adresse"
            yield f"### {plain(source.titel)} {{ #{source.id} }}"
            yield " · ".join([code(source.id), plain(source.herausgeber), source.datum or "ohne Datum", address])
            yield plain(source.hinweis or "")
            if source.id in used:
                yield f"Darauf stützen sich: {', '.join(map(atlas.link, used[source.id]))}."


def questions(atlas: Atlas) -> Iterator[str]:
    """Yield the page of what the sources do not tell, by the subjects of the items that are named first."""
    yield f"# Offene Fragen\n\n{about('questions', len(atlas.law.open_questions))}"
    groups: dict[str, list[str]] = {}
    for question in atlas.law.open_questions.values():
        first, touched = question.betrifft[0], ", ".join(map(atlas.link, question.betrifft))
        subject = atlas.items[first].subject if first in atlas.items else first
        line = f'<span id="{question.id}"></span>{plain(question.frage.de)} ({touched})'
        groups.setdefault(subject, []).append(line)
    for name, entries in groups.items():
        yield f"## {plain(atlas.target(name)[1])} {{ #{name} }}\n\n{bullets(entries)}"


def readings(atlas: Atlas) -> Iterator[str]:
    """Yield the page of the disputed points."""
    yield f"# Auslegungen\n\n{about('readings')}"
    for reading in atlas.law.readings.values():
        yield f"## {plain(reading.frage.de)} {{ #{reading.id} }}\n\n{code(reading.id)}"
        rows = [
            [
                code(name) + (" (Vorgabe)" if name == reading.vorgabe else ""),
                plain(option.titel.de),
                "<br>".join(" · ".join(whole(beleg)) for beleg in option.beleg),
            ]
            for name, option in reading.lesarten.items()
        ]
        yield table(["Lesart", "Inhalt", "Belege"], rows)
        asking = [key for key in atlas.items if reading in atlas.readings_of(key)]
        if touched := dict.fromkeys((*asking, *reading.betrifft)):
            yield f"Davon hängt ab: {', '.join(map(atlas.link, touched))}."


def belege(atlas: Atlas) -> Iterator[str]:
    """Yield the page of how many items stand on each grade, and of what rests on less than an official source."""
    yield f"# Belege\n\n{about('evidence')}"
    counts = grades_per_fassung(atlas.law)
    rows = [[grade(name), *(str(by_grade[name]) for by_grade in counts.values())] for name in GRADES]
    yield f"## Grade je Fassung\n\n{table(['Grad', *counts], rows)}\n\n{about('weak')}"
    weak, every = weaker(atlas.law, "amtlich"), {state.name for state in atlas.law.states}
    for name, title in reversed(GRADES.items()):
        rests = [
            [
                f"{EVIDENT[rest.kind].de}: {_what(atlas, rest)}",
                "alle" if every <= set(rest.fassungen) else ", ".join(rest.fassungen) or "–",
                place_link(rest.place),
            ]
            for rest in weak
            if rest.grade == name
        ]
        yield from section(f"{capital(title.de)} {{ #{name} }}", table(["Was", "Fassungen", "steht in"], rests))


def _what(atlas: Atlas, rest: Rest) -> str:
    """Return what rests on a piece of evidence: its title, with a link to its page."""
    name = rest.id.partition(" ")[0] if rest.kind == "zeile" else rest.id
    for known in (name, f"parameter.{name}"):
        if known in atlas.items or known in atlas.acts:
            return atlas.link(known)
    if rest.kind == "operation":
        operation = OperationId(rest.fassungen[0], rest.id)
        phrase = operation_phrase(atlas.law, operation, "de")
        return link(plain(phrase), f"{atlas.act_page(operation.act)}#synopse")
    point, _, option = name.partition("=")
    return link(plain(atlas.law.readings[point].lesarten[option].titel.de), f"{ROOT}/auslegungen.md#{point}")


def shown_by_cases(atlas: Atlas) -> Iterator[str]:
    """Yield the page of which result of which rule under which Fassung the cases show, and what they expect."""
    found = coverage(atlas.law, atlas.cases, atlas.out_of_reach)
    yield f"# Abdeckung durch Fälle\n\n{plain(summary(found, 'de'))}\n\n{about('coverage', len(atlas.cases))}"
    rows = []
    for name, item in found.items.items():
        columns = [found.results(name, law.name).items() for law in found.laws]
        cells = ("<br>".join(_cell(atlas.law, item, *one) for one in column) for column in columns)
        rows.append([atlas.link(name), *(cell or "–" for cell in cells)])
    yield table(["Regel oder Tabelle", *(law.name for law in found.laws)], rows)
    yield from section("Was kein Fall erreichen kann", bullets(plain(gap) for gap in gaps(found, "unreachable", "de")))
    differing = [
        [code(case.id), plain(difference.text.de)]
        for case, decision in atlas.decisions
        for difference in mismatches(decision, case.expected)
    ]
    as_expected = len(atlas.cases) - len({case for case, _ in differing})
    yield "## Erwartungen"
    yield f"{as_expected} von {len(atlas.cases)} Fällen werden entschieden, wie sie es erwarten."
    yield table(["Fall", "Unterschied"], differing)


def _cell(law: Regulation, item: AnyItem, result: str, found: Found) -> str:
    name = result_phrase(law, item, result).de
    if found.state == "unreachable":
        return f"{plain(name)}: nicht erreichbar"
    return f"{plain(name)}: {len(found.cases)}" if found.cases else span(f"{name}: fehlt", "marke")
