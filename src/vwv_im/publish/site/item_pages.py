"""The page of an item: in short, its conditions, each Fassung, what it reads and feeds, evidence, cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.sentences import part_sentence
from vwv_im.decision.text import plain
from vwv_im.law.fassung import KINDS, AnyItem
from vwv_im.law.model import Ableitung, Operation, Parameter, Regel, Vermerk, Widerspruch
from vwv_im.publish.site.atlas import Atlas, Example, Stage
from vwv_im.publish.site.markdown import bullets, code, link, section, span, table
from vwv_im.publish.site.parts import (
    CONCERNED,
    evidence_of,
    evidence_table,
    grade,
    item_link,
    place_link,
    publisher_link,
    source_link,
)
from vwv_im.publish.site.pictures import Bar, Node, bars, figure, graph
from vwv_im.publish.site.wordings import (
    as_list,
    as_tree,
    condition_table,
    decision_table,
    in_one_line,
    passage_of,
)
from vwv_im.reasoning.plan import Contradiction, Derivation, Requirement
from vwv_im.review.synopsis import CaseEffect, Effect
from vwv_im.review.wording import Phrases
from vwv_im.text.format import short_day

_ARTS: Mapping[str, str] = {
    "muss": "muss: ohne sie keine Bewilligung",
    "soll": "soll: in der Regel verlangt",
    "kann": "kann: im Ermessen der Bewilligungsstelle",
    "hinweis": "Hinweis: geht in kein Ergebnis ein",
}
_RESULTS: Mapping[str, str] = {
    "yes": "ja",
    "no": "nein",
    "discretion": "Ermessen",
    "open": "offen",
    "entfällt": "entfällt",
}
_EXAMPLES = 2


class Effected(NamedTuple):
    """A case whose decision an operation changes, and one thing that differs."""

    case: CaseEffect
    effect: Effect


def item_page(atlas: Atlas, key: str, effects: Mapping[str, list[Effected]]) -> str:
    """Return the page of an item; `effects` are those of the operations on it, by operation."""
    page, item = atlas.page(key), atlas.items[key]
    lines = [f"# {plain(item.model.titel.de)}", _head(atlas, key, page)]
    lines += section("Kurz gesagt", _in_short(atlas, key))
    lines += section("Verlangt ist" if item.entry.kind == "regel" else "Im Einzelnen", _details(atlas, key, page))
    lines += section("Je Fassung", _stages(atlas, key, page))
    lines += section("Was die Akte daran geändert haben", _changes(atlas, key, page, effects))
    lines += section("Zusammenhang", _context(atlas, key, page))
    lines += section("Belege", evidence_table(atlas, key, page))
    lines += section("Auslegungen", bullets(_readings(atlas, key, page)))
    lines += section("Offene Fragen", _questions(atlas, key, page))
    lines += section("Fälle", _examples(atlas, item.id, page))
    return "\n\n".join(lines)


def _head(atlas: Atlas, key: str, page: str) -> str:
    item = atlas.items[key]
    model = item.model
    facts = [code(item.id), KINDS[item.entry.kind].de, f"Gegenstand {plain(atlas.law.subjects[item.subject].de)}"]
    if isinstance(model, Regel):
        facts += [_ARTS[model.art], f"für {CONCERNED[model.bezug]}"]
    if isinstance(model, Ableitung):
        facts.append(f"ergibt {code(model.ergibt)}")
    if not isinstance(model, Widerspruch):
        facts.append(f"Nr. {model.nummer}" if model.nummer else "Nummer der VwV nicht bekannt")
    facts += [grade(atlas.grade_in_force(key)), place_link(item.place, page)]
    if atlas.only_otherwise(key):
        facts.append(span("gilt nur bei einer anderen Lesart als der Vorgabe", "marke"))
    if atlas.stages(key)[-1].item is None:
        facts.append(span("aufgehoben", "marke"))
    return " · ".join(facts)


def _in_short(atlas: Atlas, key: str) -> str:
    item = atlas.items[key]
    told = plain(in_one_line(passage_of(atlas, atlas.latest(key), item)))
    if not isinstance(item.model, Parameter):
        return told
    stages = [stage for stage in atlas.stages(key) if stage.item is not None]
    changed = [stage for stage in stages if stage.change or stage is stages[0]]
    words = [f"seit der Fassung {stage.name}: {_stand(atlas, stage, stage.item)}" for stage in reversed(changed)]  # type: ignore[arg-type]
    return f"{plain(item.model.titel.de)}: {'; '.join(words)}." if len(changed) > 1 else told


def _details(atlas: Atlas, key: str, page: str) -> str:
    item = atlas.items[key]
    if isinstance(item.model, Parameter | Vermerk):
        return ""
    passage = passage_of(atlas, atlas.latest(key), item)
    if rows := decision_table(passage):
        return rows
    tables = list(_tables(atlas, key, page))
    below = as_tree(passage) if tables else as_list(passage)
    return "\n\n".join(part for part in (*tables, below) if part)


def _tables(atlas: Atlas, key: str, page: str) -> Iterator[str]:
    """Yield the conditions of an item as tables."""
    match atlas.words(atlas.latest(key)).planned(atlas.items[key]):
        case Requirement(applies=applies, condition=condition), Phrases() as words:
            yield condition_table(atlas, words.condition(condition, ""), page)
            if applies is not None:
                shown = condition_table(atlas, words.condition(applies, ""), page)
                yield f"Die Regel gilt nur, wenn:\n\n{shown}"
        case Contradiction(condition=condition), Phrases() as words:
            yield condition_table(atlas, words.condition(condition, ""), page)
        case Derivation(form=form, item=item), Phrases() as words if item.model.wenn is not None:
            yield condition_table(atlas, words.form(form, ""), page)


def _stages(atlas: Atlas, key: str, page: str) -> str:
    stages = atlas.stages(key)
    rows = [_stage_row(atlas, stage, page) for stage in stages]
    shown = table(["Fassung", "wirkt ab", "Stand", "Beleg"], rows)
    picture = bars_of(atlas, key)
    return f"{picture}\n\n{shown}" if picture else shown


def _stage_row(atlas: Atlas, stage: Stage, page: str) -> list[str]:
    akt = atlas.acts[stage.fassung.law.last_act]
    name = link(stage.name, atlas.fassung_page(stage.fassung), page)
    start = short_day(akt.gilt_ab.datum) + (" (angenommen)" if akt.gilt_ab.beleg[0].grad == "annahme" else "")
    if stage.item is None:
        return [name, start, _marked("–", stage.change), "–"]
    first = next(iter(evidence_of(stage.item))).beleg
    source = f" {publisher_link(atlas, first.quelle, page)}" if first.quelle else ""
    first_of_all = stage.fassung.id == atlas.law.fassungen[0].id
    told = _stand(atlas, stage, stage.item) if stage.change or first_of_all else "unverändert"
    if isinstance(stage.item.model, Parameter):
        told = _stand(atlas, stage, stage.item)
    return [name, start, _marked(told, stage.change), f"{grade(first.grad)}{source}"]


def _stand(atlas: Atlas, stage: Stage, item: AnyItem) -> str:
    passage = passage_of(atlas, stage.fassung, item)
    if isinstance(item.model, Parameter):
        return plain(passage.text.removeprefix(f"{item.model.titel.de}: "))
    return plain(in_one_line(passage))


def _marked(text: str, change: str | None) -> str:
    return f"<mark>{text}</mark> {span(change, 'marke')}" if change else text


def bars_of(atlas: Atlas, key: str) -> str:
    """Return a value through the Fassungen as bars; empty where it is no number or does not change."""
    rows = [
        Bar(stage.name, float(stage.item.model.wert), _stand(atlas, stage, stage.item), stage.change is not None)
        for stage in atlas.stages(key)
        if stage.item is not None
        and isinstance(stage.item.model, Parameter)
        and not isinstance(stage.item.model.wert, bool | str | None)
    ]
    if len({row.value for row in rows}) <= 1:
        return ""
    title = f"{atlas.items[key].model.titel.de} je Fassung"
    return figure(bars(rows, title), title)


def _changes(atlas: Atlas, key: str, page: str, effects: Mapping[str, list[Effected]]) -> str:
    rows = []
    for operation in atlas.operations_on(key):
        model = atlas.law.operations[operation]
        act = link(plain(atlas.acts[operation.act].kurz.de), f"{atlas.act_page(operation.act)}#synopse", page)
        first = model.beleg[0]
        source = f" {publisher_link(atlas, first.quelle, page)}" if first.quelle else ""
        done = plain(operation_phrase(atlas.law, operation, "de"))
        shown = _effects(model, _nearest(atlas, key, effects.get(str(operation), [])))
        notes = "".join(f"<br>{plain(text)}" for text in (first.herleitung, first.hinweis) if text)
        rows.append([act, done, f"{grade(first.grad)}{source}{notes}", shown])
    return table(["Akt", "Schritt", "Beleg", "Wirkung auf Fälle"], rows)


def _nearest(atlas: Atlas, key: str, effects: list[Effected]) -> list[Effected]:
    """Return the effects with those first that an item, or what reads it, has itself."""
    own = [atlas.items[name].model for name in (key, *atlas.readers.get(key, ()))]
    facts = {model.ergibt.rpartition(".")[2] for model in own if isinstance(model, Ableitung)}
    return sorted(effects, key=lambda one: one.effect.path.rpartition(".")[2] not in facts)


def _effects(operation: Operation, found: list[Effected]) -> str:
    if operation.ohne_wirkung:
        return f"ohne Wirkung: {plain(operation.ohne_wirkung)}"
    cases = {one.case.case: one.case.applies for one in found}
    if not cases:
        return "–"
    own = f"in {sum(cases.values())} Prüffällen, für die der neue Stand an ihrem Tag gilt"
    counted = f"{own} (zum Vergleich auf alle angewandt: {len(cases)}); zum Beispiel"
    shown = [
        f"{code(one.case.case)}: {plain(one.effect.title)} {plain(one.effect.old)} → {plain(one.effect.new)}"
        for one in found[:_EXAMPLES]
    ]
    return "<br>".join([counted, *shown])


def _context(atlas: Atlas, key: str, page: str) -> str:
    read = [*atlas.facts_read(key), *atlas.values_used(key)]
    fed = _fed(atlas, key)
    if not read and not fed:
        return ""
    columns = [
        [_node(atlas, name, page) for name in read],
        [Node(key, atlas.items[key].model.titel.de, None, "hier")],
        [_node(atlas, name, page) for name in fed],
    ]
    edges = [(name, key) for name in read] + [(key, name) for name in fed]
    title = f"Was „{atlas.items[key].model.titel.de}“ liest und wer es liest"
    stated = [name for name in atlas.facts_stated(key) if name not in read]
    lists = [
        f"**Liest:** {', '.join(_named(atlas, name, page) for name in read)}." if read else "",
        f"**Beruht damit auf diesen Angaben:** {', '.join(_named(atlas, name, page) for name in stated)}."
        if stated
        else "",
        f"**Wird gelesen von:** {', '.join(item_link(atlas, name, page) for name in fed)}." if fed else "",
    ]
    picture = figure(graph([column for column in columns if column], edges, title), title)
    return "\n\n".join([picture, *(line for line in lists if line)])


def _fed(atlas: Atlas, key: str) -> list[str]:
    model = atlas.items[key].model
    name = model.ergibt if isinstance(model, Ableitung) else key
    return atlas.readers.get(name, [])


def _node(atlas: Atlas, name: str, page: str) -> Node:
    target, label, kind = atlas.target(name)
    href = None if target is None else html_href(target, page)
    return Node(name, label, href, kind)


def html_href(target: str, page: str) -> str:
    """Return the address of a page as the built site has it, as seen from the built page of `page`."""
    return link("", target, page)[3:-1].replace(".md", ".html")


def _named(atlas: Atlas, name: str, page: str) -> str:
    target, label, _ = atlas.target(name)
    return plain(label) if target is None else link(plain(label), target, page)


def _readings(atlas: Atlas, key: str, page: str) -> Iterator[str]:
    for reading in atlas.readings_of(key):
        default = reading.lesarten[reading.vorgabe].titel.de
        target = f"recht/auslegungen.md#{reading.id}"
        yield f"{link(plain(reading.frage.de), target, page)} Vorgabe: {plain(default)}."


def _questions(atlas: Atlas, key: str, page: str) -> str:
    found = atlas.questions_of(key)
    own = [question for question in found if atlas.items[key].id in question.betrifft]
    others = len(found) - len(own)
    lines = [link(plain(q.frage.de), f"recht/offene-fragen.md#{q.id}", page) for q in own]
    if others:
        subject = atlas.law.subjects[atlas.items[key].subject].de
        target = f"recht/offene-fragen.md#{atlas.items[key].subject}"
        lines.append(link(f"offene Fragen zum Gegenstand {plain(subject)}", target, page))
    return bullets(lines)


def _examples(atlas: Atlas, rule: str, page: str) -> str:
    by_result = atlas.examples.get(rule, {})
    rows = [
        _example_row(result, example, page) for result in _RESULTS for example in by_result.get(result, [])[:_EXAMPLES]
    ]
    return table(["Ergebnis", "Fall", "Entscheidung am", "angegeben und verlangt", "Herkunft"], rows)


def _example_row(result: str, example: Example, page: str) -> list[str]:
    case = example.case
    name = f"tests/cases/{case.place.file.rpartition('/')[2]}"
    origin = case.herkunft.get("quelle")
    said = source_link(origin, page) if origin else "Grenze der Regel"
    sentence = "–" if result == "entfällt" else plain(part_sentence(example.reason.condition, "de"))
    day = f"{short_day(example.decision.on)}"
    return [f"**{_RESULTS[result]}**", f"{code(case.id)}<br>{name}:{case.place.line}", day, sentence, said]
