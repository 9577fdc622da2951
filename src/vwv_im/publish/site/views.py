"""What pages show beyond what the atlas knows: values, graphs, conditions in words, what operations change in cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from vwv_im.decision.attribution import operation_phrase
from vwv_im.law import Ableitung, OperationId, Parameter
from vwv_im.law.model import AmendingOperation
from vwv_im.publish.site.atlas import Atlas, Stage, state_name
from vwv_im.reasoning.plan import Derivation, Observation, Requirement
from vwv_im.review.coverage import Coverage, result_phrase
from vwv_im.review.passage import Passage
from vwv_im.review.synopsis import CaseEffect, Effect
from vwv_im.review.synopsis_page import called
from vwv_im.review.wording import Phrases
from vwv_im.text import group

_MOST_EXAMPLES = 2


class Effected(NamedTuple):
    """A case whose decision an operation changes, and one thing that differs."""

    case: CaseEffect
    effect: Effect


def effects_by_operation(atlas: Atlas) -> Mapping[OperationId, list[Effected]]:
    """Return what each operation changes in the cases, the clearest first."""
    clearest = (
        sorted(synopsis.cases, key=lambda one: (not one.applies, one.source is None, len(one.effects)))
        for synopsis in atlas.synopses.values()
    )
    effects = (Effected(case, effect) for cases in clearest for case in cases for effect in case.effects)
    return group((cause, one) for one in effects for cause in one.effect.causes)


def step(atlas: Atlas, operation: OperationId) -> str:
    """Return what an operation did to its item, without the title of the item."""
    phrase = operation_phrase(atlas.law, operation, "de")
    titles = (atlas.items[key].model.titel.de for key in atlas.law.targets[operation] if key in atlas.items)
    return next((phrase.removeprefix(f"{title}: ") for title in titles if phrase.startswith(title)), phrase)


def steps(atlas: Atlas, act: str) -> list[tuple[OperationId, AmendingOperation, str]]:
    """Return what an act did, step by step: the operation, what its file says, and the key of the item."""
    found = atlas.law.operations.items()
    return [(done, model, atlas.law.targets[done][0]) for done, model in found if done.act == act]


class Unreachable(NamedTuple):
    """A result of an item that no case can show: under which states of the law, and why."""

    item: str
    result: str
    reason: str
    laws: list[str]


def unreachable(found: Coverage) -> Iterator[Unreachable]:
    """Yield what no case can reach, once for all states of the law for which the reason is the same."""
    cells = ((cell, found.items[cell.item], found.cells[cell]) for cell in found.of("unreachable"))
    alike = group(
        ((cell.item, result_phrase(found.regulation, item, cell.result).de, known.reason or ""), cell.law)
        for cell, item, known in cells
    )
    for (item, result, reason), laws in alike.items():
        yield Unreachable(item, result, reason, laws)


def nearest(atlas: Atlas, key: str, effects: list[Effected]) -> list[Effected]:
    """Return the effects with those first that an item, or what reads it, has itself."""
    own = [atlas.items[name].model for name in (key, *atlas.readers.get(key, ()))]
    facts = {model.ergibt.rpartition(".")[2] for model in own if isinstance(model, Ableitung)}
    return sorted(effects, key=lambda one: one.effect.path.rpartition(".")[2] not in facts)


def examples(atlas: Atlas, effects: Iterable[Effected]) -> list[str]:
    """Return what the first two of some effects say that do not read alike."""
    told = (f"{called(atlas.law, case, 'de')}: {effect.title} {effect.old} → {effect.new}" for case, effect in effects)
    return list(dict.fromkeys(told))[:_MOST_EXAMPLES]


def conditions(atlas: Atlas, key: str) -> list[Passage]:
    """Return the condition of an item in words, and under which other it applies at all; empty where it has none."""
    match atlas.words(atlas.latest(key)).planned(atlas.items[key]):
        case Requirement(applies=applies, condition=condition), Phrases() as words:
            return [words.condition(one, "") for one in (condition, applies) if one is not None]
        case Observation(condition=condition), Phrases() as words:
            return [words.condition(condition, "")]
        case Derivation(form=form, item=item), Phrases() as words if item.model.wenn is not None:
            return [words.form(form, "")]
    return []


def values(atlas: Atlas, key: str) -> list[Stage]:
    """Return a value through the Fassungen; empty where it is no number or does not change."""
    found = [
        (stage, stage.item.model.wert)
        for stage in atlas.stages(key)
        if stage.item is not None
        and isinstance(stage.item.model, Parameter)
        and not isinstance(stage.item.model.wert, bool | str | None)
    ]
    return [stage for stage, _ in found] if len({value for _, value in found}) > 1 else []


def amounts(atlas: Atlas, key: str) -> list[str]:
    """Return each amount that a value has had, in words: "60 Monate"; empty where it is none."""
    found = [stage for stage in atlas.stages(key) if stage.item and isinstance(stage.item.model, Parameter)]
    texts = (atlas.words(stage.fassung).of(stage.item).text for stage in found if stage.item)
    return list(dict.fromkeys(text.partition(": ")[2] for text in texts))


class Node(NamedTuple):
    """A box of a graph: its name, the page it leads to, what is written in it, and its style."""

    key: str
    target: str | None
    label: str
    kind: str


class Graph(NamedTuple):
    """Boxes in columns from left to right, and which leads to which."""

    columns: list[list[Node]]
    edges: list[tuple[str, str]]


class Neighbours(NamedTuple):
    """What an item reads, all stated facts where it rests on further ones, which items read it."""

    read: list[str]
    stated: list[str]
    fed: list[str]


def neighbours(atlas: Atlas, key: str) -> Neighbours:
    """Return what stands around an item."""
    model = atlas.items[key].model
    read = [*atlas.facts_read(key), *atlas.values_used(key)]
    stated = sorted(name for name in atlas.rests_on([key]) if name in atlas.law.vocabulary.facts)
    stated = stated if set(stated) - set(read) else []
    return Neighbours(read, stated, atlas.readers.get(model.ergibt if isinstance(model, Ableitung) else key, []))


def changed_behind(atlas: Atlas, key: str) -> list[str]:
    """Return what an act changed of what an item reads; where what it reads stayed as it was, what that reads."""
    effective = (done for done, model in atlas.law.operations.items() if not model.ohne_wirkung)
    changed = {name for done in effective for name in atlas.law.targets[done]}
    found, ahead = list[str](), atlas.read(key)
    for index, name in enumerate(ahead):
        if name != key and name not in ahead[:index]:
            (found if name in changed else ahead).extend([name] if name in changed else atlas.read(name))
    return found


def graph_of_item(atlas: Atlas, key: str, around: Neighbours) -> Graph:
    """Return an item between what it reads and what reads it."""
    here = [Node(key, None, atlas.items[key].model.titel.de, "hier")]
    columns = [_nodes(atlas, around.read), here, _nodes(atlas, around.fed)]
    edges = [*((name, key) for name in around.read), *((key, name) for name in around.fed)]
    return Graph([column for column in columns if column], edges)


def _nodes(atlas: Atlas, names: Iterable[str]) -> list[Node]:
    return [Node(name, *atlas.target(name)) for name in names]


class Field(NamedTuple):
    """A rectangle of the picture with two axes: a span of days of decision and of days of knowledge."""

    first: date
    last: date
    known_from: date
    known_to: date
    label: str
    kind: str


class Axes(NamedTuple):
    """The days at which another law applies, or is known, each with an end; and the law between them."""

    atlas: Atlas
    days: list[date]
    known: list[date]

    def law(self, day: date, known: date) -> str:
        """Return which law applies on a day by what was known on another; empty where none does."""
        choice = self.atlas.law.choose(day, known)
        if choice.status != "inside" or choice.basis is None:
            return ""
        return f"{state_name(choice.basis)}{' mit Erlass' if choice.erlasse else ''}"

    def fields(self, outside: str) -> Iterator[Field]:
        """Yield the law as rectangles; `outside`: how it is called where none applies."""
        norms = {
            state_name(fassung.id): f"bild-fassung-{number}" for number, fassung in enumerate(self.atlas.law.fassungen)
        }
        for low, high in pairwise(self.known):
            for name, spans in groupby(pairwise(self.days), key=lambda span: self.law(span[0], low)):
                first, *_, last = (day for span in spans for day in span)
                kind = norms[name.partition(" ")[0]] if name else "bild-fassung-aus"
                yield Field(first, last, low, high, name or outside, kind)


def axes(atlas: Atlas) -> Axes:
    """Return the two times of the acts: when they apply, and since when they are known."""
    days = {akt.gilt_ab.datum for akt in atlas.law.acts}, {akt.bekannt_ab.datum for akt in atlas.law.acts}
    return Axes(atlas, *([*sorted(found), max(found) + timedelta(270)] for found in days))
