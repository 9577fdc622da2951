"""How a workbook says things: its columns and values in words, and how a header in words is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import zip_longest

import polars as pl

from vwv_im.case.vocabulary import Vocabulary, scope_of
from vwv_im.law.examination import Pruefung
from vwv_im.law.model import Ableitung
from vwv_im.law.observation import Plausibilitaet
from vwv_im.law.regulation import Regulation
from vwv_im.reasoning.columns.compiled_plan import BESIDE, MASKS
from vwv_im.reasoning.columns.masks import KIND_OF
from vwv_im.tables.cell_values import ON, clear_words, completeness_column, id_of, values_by_word
from vwv_im.tables.table_faults import HEAD
from vwv_im.text import Language, Text, sentence

_OF_NOTES: Mapping[str, str] = {kind: mask for mask, kind in KIND_OF.items()}
_KINDS = {"regel": "requirements", "pflicht": "duties", **_OF_NOTES}


@cache
def headings_of(law: Regulation) -> Mapping[str, Text]:
    """Return what the columns are called in which a table states something, by their names."""
    vocabulary, found = law.vocabulary, {ON: sentence("workbook.on")}
    for entity in vocabulary.stated:
        if entity.own:
            found[id_of(entity.name)] = sentence("workbook.id", title=entity.title)
        if (name := completeness_column(vocabulary, entity)) is not None:
            found[name] = sentence("workbook.complete", list=entity.heading)
    return found | {path: _with_unit(law, fact.title, fact.unit) for path, fact in vocabulary.facts.items()}


def truth_columns(vocabulary: Vocabulary) -> set[str]:
    """Return the columns whose cells are true or false."""
    complete = (completeness_column(vocabulary, entity) for entity in vocabulary.stated)
    facts = (path for path, fact in vocabulary.facts.items() if fact.type == "wahrheitswert")
    return {*facts, *(name for name in complete if name is not None)}


def _with_unit(law: Regulation, title: Text, name: str | None) -> Text:
    """Return a title with the unit of what it is the title of, where it does not name it itself."""
    unit = law.vocabulary.units.get(name or "")
    if unit is None:
        return title
    pairs = zip(title, unit.several, strict=True)
    return Text(*(said if word.casefold() in said.casefold() else f"{said} ({word})" for said, word in pairs))


@cache
def _names_by_heading(law: Regulation, root: str) -> Mapping[str, str]:
    """Return columns by what they are called in either language, with and without a unit, where that is clear.

    What a table of `root` may state goes before what others call alike.
    """
    titles = ((fact.path, fact.title) for fact in law.vocabulary.facts.values())
    said, scopes = (*headings_of(law).items(), *titles), law.vocabulary.scopes(root)
    own = {ON, *map(id_of, scopes)}
    return {**clear_words(said), **clear_words(one for one in said if one[0] in own or scope_of(one[0]) in scopes)}


def read_header(rows: Sequence[Sequence[str]], law: Regulation, root: str) -> tuple[list[str], int]:
    """Return the names of the columns of a table of `root`, and how many of the rows are the header.

    It names them, or says them in words, or both, the words in the first row and the names in the second.
    """
    first, second, *_ = ([cell.strip() for cell in row] for row in (*rows[:2], [], []))
    facts = law.vocabulary.facts.keys()
    known = {*facts, ON}
    if known.isdisjoint(first):
        both = list(zip_longest(first, second, fillvalue=""))
        if not facts.isdisjoint(second) and all(word or not name for word, name in both):
            return [name or word for word, name in both], 2
    if facts.isdisjoint(first):
        by_heading = _names_by_heading(law, root)
        names = [by_heading.get(" ".join(word.split()).casefold(), word) for word in first]
        return (first if facts.isdisjoint(names) else names), 1
    return first, 1


@dataclass(frozen=True, eq=False)
class Words:
    """What a regulation calls columns and their values, in one language; `asked` is the question of the results."""

    law: Regulation
    lang: Language
    asked: Pruefung | None = None

    def heading(self, name: str) -> str:
        """Return what a column is called; one that the regulation does not know is called as it is."""
        said = headings_of(self.law).get(name) or self._of_result(name)
        return name if said is None else said.in_(self.lang)

    @property
    def title_of_records(self) -> str:
        """What is decided is called."""
        assert self.asked is not None
        return self.law.vocabulary.entities[self.asked.wurzel].title.in_(self.lang)

    def _of_result(self, name: str) -> Text | None:
        if (derivation := self.derived.get(name)) is not None:
            return _with_unit(self.law, derivation.titel.text, derivation.einheit)
        entity, _, mask = name.rpartition(".")
        if mask not in (*HEAD, *MASKS, *BESIDE):
            return None
        said = sentence(f"workbook.{mask}")
        if entity not in self.law.vocabulary.entities:
            return said
        return sentence("workbook.of_entry", said=said, title=self.law.vocabulary.entities[entity].title)

    @cached_property
    def derived(self) -> Mapping[str, Ableitung]:
        """What gives each derived fact."""
        return {one.model.ergibt: one.model for one in self.law.items if isinstance(one.model, Ableitung)}

    @cached_property
    def _titles(self) -> Mapping[tuple[str, str], Text]:
        known = ((_KINDS.get(one.entry.kind), one) for one in self.law.items)
        return {(kind, one.id): one.model.titel.text for kind, one in known if kind is not None}

    @cached_property
    def _negated(self) -> Mapping[str, Text]:
        rules = (one.model for one in self.law.rules)
        return {model.id: model.titel_nein.text for model in rules if model.titel_nein is not None}

    def title(self, kind: str, name: str, *, negated: bool = False) -> str:
        """Return what a bit of a mask stands for; `negated`: as what is not met."""
        vocabulary = self.law.vocabulary
        if kind == "facts":
            entity = vocabulary.entity_at(name)
            return (vocabulary.facts[name].title if entity is None else entity.heading).in_(self.lang)
        said = self._titles[kind, name]
        if negated:
            said = self._negated.get(name) or sentence("workbook.not_met", title=said)
        return said.in_(self.lang)

    def told(self, kind: str, name: str) -> str:
        """Return what a bit of a mask stands for as a reader of reasons reads it: of a plausibility note all of it."""
        if kind != "plausibility":
            return self.title(kind, name)
        (model,) = (one.model for one in self.law.items if isinstance(one.model, Plausibilitaet) and one.id == name)
        return f"{model.titel.text.in_(self.lang)}. {model.satz.text.in_(self.lang)}"

    def labels(self, name: str) -> Mapping[str, str]:
        """Return the words for the values of a column; none for one from which the value could not be read again."""
        if (fact := self.law.vocabulary.facts.get(name)) is not None:
            words = {value: label.in_(self.lang) for value, label in fact.labels.items()}
            clear = values_by_word(fact)
            parts = fact.type == "auswahlliste"
            return {
                value: word
                for value, word in words.items()
                if clear.get(word.casefold()) == value and not (parts and {",", ";"} & set(word))
            }
        if name in self.derived:
            titles = self.derived[name].wertetitel or {}
            return {value: title.text.in_(self.lang) for value, title in titles.items()}
        match name:
            case "verdict":
                return {value: self._answer(value) for value in ("yes", "no", "open", "discretion")}
            case "outcome":
                outcomes = ("decided", "outside_scope", "contradictory", "faulty")
                return {value: sentence(f"outcomes.{value}").in_(self.lang) for value in outcomes}
            case "fassung":
                acts = {one.law.name: [self.law.act(act) for act in (one.id, *one.erlasse)] for one in self.law.states}
                return {name: " + ".join(act.kurz.text.in_(self.lang) for act in of) for name, of in acts.items()}
        return {}

    def _answer(self, value: str) -> str:
        """Return a verdict in the words that answer the question."""
        asked = self.asked
        answer = None if asked is None else {"yes": asked.ja_kurz, "no": asked.nein_kurz}.get(value)
        return self.verdict(value) if answer is None else answer.text.in_(self.lang)

    def verdict(self, value: str) -> str:
        """Return a verdict in a word."""
        return sentence(f"workbook.verdict_{value}").in_(self.lang)

    def is_result(self, name: str) -> bool:
        """Return whether a column tells what was decided."""
        return self._of_result(name) is not None

    def is_known(self, name: str) -> bool:
        """Return whether a column states or tells something of the regulation; others are carried along."""
        return name in headings_of(self.law) or self.is_result(name)

    def spell(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Write values in words: enumerations, truth values; where there is no verdict, why there is none."""
        said: list[pl.Expr] = []
        for name, dtype in rows.schema.items():
            labels, column = self.labels(name), pl.col(name)
            if dtype == pl.Boolean and self.is_known(name):
                said.append(pl.when(column).then(pl.lit("ja")).when(~column).then(pl.lit("nein")).alias(name))
            elif labels and isinstance(dtype, pl.List):
                said.append(column.cast(pl.List(pl.String)).list.eval(pl.element().replace(labels)))
            elif name == ON and dtype == pl.String:
                said.append(column.str.replace(r"^(\d{4})-(\d\d)-(\d\d)$", "$3.$2.$1"))
            elif labels:
                said.append(column.cast(pl.String).replace(labels))
        spelled = rows.with_columns(said)
        if {"verdict", "outcome"} <= {*rows.columns}:
            undecided = pl.when(rows["outcome"].cast(pl.String) != "decided").then(pl.col("outcome"))
            spelled = spelled.with_columns(pl.coalesce("verdict", undecided))
        return spelled
