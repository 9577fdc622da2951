"""The tables of a page: the entries of a list with what is stated and derived, as the rules say for each question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from datetime import date
from typing import Any

from vwv_im.decision.blocks import Block, Column, Heading, Paragraph, Table, TableRow
from vwv_im.decision.case_edits import value_at
from vwv_im.decision.missing import Asking, lacking
from vwv_im.decision.phrases import OUTCOMES, capitalized, value_phrase
from vwv_im.decision.result import Result
from vwv_im.lang import Verdict
from vwv_im.law.examination import Spalte, Tabelle
from vwv_im.reasoning.records import Subject
from vwv_im.text import Language, Text
from vwv_im.text.format import short_day


def list_tables(decision: Result, lang: Language, *, short: bool) -> Iterator[Block]:
    """Yield a section for each list of which the question has a table and the case an entry.

    `short`: only those that the short answer shows; else only the others.
    """
    for table in decision.asked.tabellen:
        if table.kurz is short and decision.outcome == "decided":
            yield from _section(decision, table, lang)


def _section(decision: Result, table: Tabelle, lang: Language) -> Iterator[Block]:
    context, entity = decision.context, decision.regulation.vocabulary.entities[table.liste]
    known = {*context.direct.layout.slots, *context.vocabulary.facts}
    columns, below = ([one for one in found if one.fakt in known] for found in (table.spalten, table.schluss))
    entries = entries_of(decision, table.liste)
    if entries:
        asked = frozenset(one.fact for one in decision.missing)
        heads = [Column(capitalized(entity.title.in_(lang))), *(_head(decision, column, lang) for column in columns)]
        rows = (
            TableRow(
                (name_of(decision, entry, lang), *(_cell(decision, column, entry, lang, asked) for column in columns)),
                tuple(entry.path(one.fakt) for one in columns if one.fakt in context.vocabulary.facts),
                ("", *(_derived(decision, one.fakt, entry) for one in columns)),
            )
            for entry in entries
        )
        yield Heading(2, entity.heading.in_(lang), table.name)
        yield Table(entity.heading.in_(lang), tuple(heads), tuple(rows))
        told = (f"{title_of(decision, one, lang)}: {_cell(decision, one, entries[0], lang, asked)}" for one in below)
        if words := "; ".join(told):
            yield Paragraph(f"{capitalized(words)}.")


def open_values(decision: Result) -> dict[str, Text]:
    """Return the facts for lack of which a value in a table of the short answer is open, each with its question."""
    asking, plan = Asking(decision.context, prune=True), decision.context.plan
    found = dict[str, Text]()
    for table in decision.asked.tabellen if decision.outcome == "decided" else ():
        for entry in entries_of(decision, table.liste) if table.kurz else ():
            facts = (column.fakt for column in table.spalten if column.fakt in plan.producers)
            found.update(one for fact in facts for one in asking.of_fact(fact, entry))
    return found


def open_phrase(questions: Iterable[Text], lang: Language) -> str:
    """Return what is asked for what is open, each question once; nothing where no fact is missing."""
    asked = " ".join(dict.fromkeys(one.in_(lang) for one in questions))
    return f"{Text('Offen, weil Angaben fehlen', 'Open, since facts are missing').in_(lang)}: {asked}" if asked else ""


def entries_of(decision: Result, scope: str) -> list[Subject]:
    """Return the entries of a list that the case states; none where the question does not concern it."""
    scopes = decision.context.plan.scopes
    return [one for one in decision.context.subjects(scope) if one.stated] if scope in scopes else []


def _head(decision: Result, column: Spalte, lang: Language) -> Column:
    kind = decision.context.plan.types.get(column.fakt) or decision.regulation.vocabulary.types[column.fakt]
    return Column(title_of(decision, column, lang), "right" if kind.numeric else "left")


def title_of(decision: Result, column: Spalte, lang: Language) -> str:
    """Return what a column of a table is called."""
    return (decision.context.title(column.fakt) if column.titel is None else column.titel.text).in_(lang)


def _cell(decision: Result, column: Spalte, entry: Subject, lang: Language, asked: Set[str]) -> str:
    facts = (column.fakt,) if column.bis is None else (column.fakt, column.bis)
    words = dict.fromkeys(_words(decision, fact, entry, lang, asked) for fact in facts)
    return Text(" bis ", " to ").in_(lang).join(words)


def _words(decision: Result, fact: str, entry: Subject, lang: Language, asked: Set[str]) -> str:
    """Write a value: open where a derived one lacks a fact and where a fact is `asked` for, else there is none."""
    value = value_in(decision, fact, entry)
    if value is None:
        derived = fact in decision.context.plan.producers
        is_open = lacking(decision.context, fact, entry) if derived else entry.path(fact) in asked
        return OUTCOMES[Verdict.OPEN].in_(lang) if is_open else "–"
    if isinstance(value, date) and lang == "de":
        return short_day(value)
    return value_phrase(value, decision.context, fact, lang)


def _derived(decision: Result, fact: str, entry: Subject) -> str:
    """Return the path of a derived fact whose value is known and explained, as no mere step is; else empty."""
    derivation = decision.context.plan.producers.get(fact)
    if derivation is None or derivation.item.model.zwischenwert or value_in(decision, fact, entry) is None:
        return ""
    return entry.path(fact)


def value_in(decision: Result, fact: str, entry: Subject) -> Any:
    """Return the value of a fact as seen from an entry, also of one that no rule reads; `None` where it is unknown."""
    if fact in decision.context.direct.layout.slots:
        return decision.context.value(fact, entry)
    return value_at(decision.case, entry.path(fact))


def name_of(decision: Result, entry: Subject, lang: Language) -> str:
    """Return how an entry of a list is called: by its number, and by the name that the case gives it.

    One in a list within a list is called after what has the list.
    """
    vocabulary = decision.regulation.vocabulary
    numbered = f"{capitalized(vocabulary.entities[entry.scope].title.in_(lang))} {(entry.number or 0) + 1}"
    if entry.above is not None and entry.above.number is not None:
        numbered = f"{name_of(decision, entry.above, lang)}, {numbered}"
    labels = (fact.path for fact in vocabulary.facts.values() if fact.private and fact.scope == entry.scope)
    named = next((str(value) for path in labels if (value := value_in(decision, path, entry))), numbered)
    return numbered if named == numbered else f"{numbered}: {named}"
