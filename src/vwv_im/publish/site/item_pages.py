"""The page of an item: in short, its conditions, each Fassung, what it reads and feeds, evidence, cases; the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from vwv_im.decision.comparison_page import operation_phrase
from vwv_im.decision.sentences import part_sentence
from vwv_im.decision.text import plain
from vwv_im.law.fassung import KINDS, AnyItem
from vwv_im.law.model import Ableitung, Operation, Parameter, Regel, Vermerk, Widerspruch
from vwv_im.law.vocabulary import Pruefung
from vwv_im.publish.site.atlas import ROOT, Atlas, Example, Stage
from vwv_im.publish.site.markdown import about, bullets, code, link, section, span, table
from vwv_im.publish.site.parts import (
    as_list,
    as_tree,
    condition_table,
    decision_table,
    evidence_of,
    evidence_table,
    grade,
    in_one_line,
    place_link,
    published,
    remarks,
    source_link,
)
from vwv_im.publish.site.pictures import Bar, Node, bars, figure, graph, layers, untangled
from vwv_im.reasoning.plan import Contradiction, Derivation, Requirement
from vwv_im.review.synopsis import CaseEffect, Effect, item_of
from vwv_im.review.wording import Phrases
from vwv_im.text.format import short_day

_ARTS: Mapping[str, str] = {
    "muss": "muss: ohne sie keine Bewilligung",
    "soll": "soll: in der Regel verlangt",
    "kann": "kann: im Ermessen {}",
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


def effects_by_operation(atlas: Atlas) -> Mapping[str, list[Effected]]:
    """Return what each operation changes in the cases, the clearest first."""
    found: dict[str, list[Effected]] = {}
    for synopsis in atlas.synopses.values():
        for case in sorted(synopsis.cases, key=lambda one: (not one.applies, one.source is None, len(one.effects))):
            for effect in case.effects:
                for cause in effect.causes:
                    found.setdefault(str(cause), []).append(Effected(case, effect))
    return found


def item_page(atlas: Atlas, key: str, effects: Mapping[str, list[Effected]]) -> Iterator[str]:
    """Yield the page of an item; `effects` are those of the operations on it, by operation."""
    item = atlas.items[key]
    yield f"# {plain(item.model.titel.de)}\n\n{' · '.join(_head(atlas, key, item))}"
    yield from section("Kurz gesagt", _in_short(atlas, key, item))
    yield from section("Verlangt ist" if item.entry.kind == "regel" else "Im Einzelnen", _details(atlas, key))
    stages = table(["Fassung", "wirkt ab", "Stand", "Beleg"], (_stage_row(atlas, one) for one in atlas.stages(key)))
    yield from ("## Je Fassung", bars_of(atlas, key), stages)
    yield from section("Was die Akte daran geändert haben", _changes(atlas, key, effects))
    yield from section("Zusammenhang", "\n\n".join(filter(None, _context(atlas, key))))
    yield from section("Belege", evidence_table(atlas, key))
    yield from section("Auslegungen", bullets(_readings(atlas, key)))
    yield from section("Offene Fragen", bullets(_questions(atlas, item)))
    found = atlas.examples.get(item.id, {})
    examples = [_example_row(result, one) for result in _RESULTS for one in found.get(result, [])[:_EXAMPLES]]
    head = ["Ergebnis", "Fall", "Entscheidung am", "angegeben und verlangt", "Herkunft"]
    yield from section("Fälle", table(head, examples))


def _head(atlas: Atlas, key: str, item: AnyItem) -> Iterator[str]:
    model = item.model
    yield from (code(item.id), KINDS[item.entry.kind].de, f"Gegenstand {plain(atlas.law.subjects[item.subject].de)}")
    if isinstance(model, Regel):
        yield _ARTS[model.art].format(atlas.law.examination.behoerde.de)
        yield f"für {atlas.law.vocabulary.entities[model.bezug].each.de}"
    if isinstance(model, Ableitung):
        yield f"ergibt {code(model.ergibt)}"
    if not isinstance(model, Widerspruch):
        yield f"Nr. {model.nummer}" if model.nummer else "Nummer der VwV nicht bekannt"
    yield from (grade(atlas.grade_in_force(key)), place_link(item.place))
    if atlas.only_otherwise(key):
        yield span("gilt nur bei einer anderen Lesart als der Vorgabe", "marke")
    if atlas.stages(key)[-1].item is None:
        yield span("aufgehoben", "marke")


def _in_short(atlas: Atlas, key: str, item: AnyItem) -> str:
    stages = [(stage, found) for stage in atlas.stages(key) if (found := stage.item) is not None]
    changed = [(stage, found) for stage, found in stages if stage.change or stage is stages[0][0]]
    if not isinstance(item.model, Parameter) or len(changed) == 1:
        return in_one_line(atlas.words(atlas.latest(key)).of(item))
    words = [f"seit der Fassung {stage.name}: {_stand(atlas, stage, found)}" for stage, found in reversed(changed)]
    return f"{plain(item.model.titel.de)}: {'; '.join(words)}."


def _details(atlas: Atlas, key: str) -> str:
    if isinstance(atlas.items[key].model, Parameter | Vermerk):
        return ""
    passage = atlas.words(atlas.latest(key)).of(atlas.items[key])
    if rows := decision_table(passage):
        return rows
    tables = list(_tables(atlas, key))
    return "\n\n".join(filter(None, (*tables, as_tree(passage) if tables else as_list(passage))))


def _tables(atlas: Atlas, key: str) -> Iterator[str]:
    """Yield the conditions of an item as tables."""
    match atlas.words(atlas.latest(key)).planned(atlas.items[key]):
        case Requirement(applies=applies, condition=condition), Phrases() as words:
            yield condition_table(atlas, words.condition(condition, ""))
            if applies is not None:
                shown = condition_table(atlas, words.condition(applies, ""))
                yield f"Die Regel gilt nur, wenn:\n\n{shown}"
        case Contradiction(condition=condition), Phrases() as words:
            yield condition_table(atlas, words.condition(condition, ""))
        case Derivation(form=form, item=item), Phrases() as words if item.model.wenn is not None:
            yield condition_table(atlas, words.form(form, ""))


def _stage_row(atlas: Atlas, stage: Stage) -> list[str]:
    akt = atlas.acts[stage.fassung.law.last_act]
    name = link(stage.name, atlas.fassung_page(stage.fassung))
    start = short_day(akt.gilt_ab.datum) + (" (angenommen)" if akt.gilt_ab.beleg[0].grad == "annahme" else "")
    if stage.item is None:
        return [name, start, _marked("–", stage.change), "–"]
    first, _ = next(evidence_of(stage.item))
    is_new = stage.change or stage.fassung.id == atlas.law.fassungen[0].id
    told = _stand(atlas, stage, stage.item) if is_new or isinstance(stage.item.model, Parameter) else "unverändert"
    return [name, start, _marked(told, stage.change), published(atlas, first)]


def _stand(atlas: Atlas, stage: Stage, item: AnyItem) -> str:
    passage = atlas.words(stage.fassung).of(item)
    if isinstance(item.model, Parameter):
        return plain(passage.text.removeprefix(f"{item.model.titel.de}: "))
    return in_one_line(passage)


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


def changing_values(atlas: Atlas) -> Iterator[str]:
    """Yield the values that change from Fassung to Fassung as bars, each with a link to its page."""
    for key in atlas.items:
        if picture := bars_of(atlas, key):
            yield f"**{atlas.link(key)}**\n\n{picture}"


def _changes(atlas: Atlas, key: str, effects: Mapping[str, list[Effected]]) -> str:
    rows = []
    for operation, model in atlas.law.operations.items():
        if item_of(operation) != key:
            continue
        act = link(plain(atlas.acts[operation.act].kurz.de), f"{atlas.act_page(operation.act)}#synopse")
        evidence = "<br>".join([published(atlas, model.beleg[0]), *remarks(model.beleg[0])])
        shown = _effects(model, _nearest(atlas, key, effects.get(str(operation), [])))
        rows.append([act, plain(operation_phrase(atlas.law, operation, "de")), evidence, shown])
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


def _context(atlas: Atlas, key: str) -> Iterator[str]:
    model = atlas.items[key].model
    read = [*atlas.facts_read(key), *atlas.values_used(key)]
    fed = atlas.readers.get(model.ergibt if isinstance(model, Ableitung) else key, [])
    if not read and not fed:
        return
    here = Node(key, model.titel.de, None, "hier")
    columns = [[_node(atlas, name) for name in read], [here], [_node(atlas, name) for name in fed]]
    edges = [(name, key) for name in read] + [(key, name) for name in fed]
    title = f"Was „{model.titel.de}“ liest und wer es liest"
    yield figure(graph([column for column in columns if column], edges, title), title)
    stated = sorted(name for name in atlas.rests_on([key]) if name in atlas.law.vocabulary.facts and name not in read)
    for what, names in (("Liest", read), ("Beruht damit auf diesen Angaben", stated), ("Wird gelesen von", fed)):
        if names:
            yield f"**{what}:** {', '.join(map(atlas.link, names))}."


def _node(atlas: Atlas, name: str) -> Node:
    target, label, kind = atlas.target(name)
    return Node(name, label, target and f"/{target}", kind)


def graph_page(atlas: Atlas) -> Iterator[str]:
    """Yield the graph of the decision for each question."""
    yield f"# Entscheidungsgraph\n\n{about('graph')}"
    for question in atlas.law.questions.values():
        yield from (f"## {question.frage.de}", _graph(atlas, question))


def _graph(atlas: Atlas, question: Pruefung) -> str:
    title, rules = question.frage.de, [rule for part in question.pruefung for rule in part.regeln]
    edges = atlas.rests_on(rules)
    pairs = [(source, target) for target, sources in edges.items() for source in sources]
    inner = [[name for name in column if name not in rules] for column in layers(edges, rules)]
    columns = untangled([*(column for column in inner if column), rules], pairs)
    return figure(graph([[_node(atlas, name) for name in column] for column in columns], pairs, title), title)


def _readings(atlas: Atlas, key: str) -> Iterator[str]:
    for reading in atlas.readings_of(key):
        default = reading.lesarten[reading.vorgabe].titel.de
        yield f"{link(plain(reading.frage.de), f'{ROOT}/auslegungen.md#{reading.id}')} Vorgabe: {plain(default)}."


def _questions(atlas: Atlas, item: AnyItem) -> Iterator[str]:
    """Yield the open questions that name an item, and a link to those that name its subject only."""
    page, names = f"{ROOT}/offene-fragen.md", {item.id, item.subject}
    found = [question for question in atlas.law.open_questions.values() if names & set(question.betrifft)]
    own = [question for question in found if item.id in question.betrifft]
    yield from (link(plain(question.frage.de), f"{page}#{question.id}") for question in own)
    if len(own) < len(found):
        subject = plain(atlas.law.subjects[item.subject].de)
        yield link(f"offene Fragen zum Gegenstand {subject}", f"{page}#{item.subject}")


def _example_row(result: str, example: Example) -> list[str]:
    case = example.case
    name = f"{code(case.id)}<br>tests/cases/{case.place.file.rpartition('/')[2]}:{case.place.line}"
    said = source_link(case.herkunft["quelle"]) if case.herkunft.get("quelle") else "Grenze der Regel"
    sentence = "–" if result == "entfällt" else plain(part_sentence(example.reason.condition, "de"))
    return [f"**{_RESULTS[result]}**", name, short_day(example.decision.on), sentence, said]
