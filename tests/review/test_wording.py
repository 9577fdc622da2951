"""The reading text of a Fassung: plain sentences for every item, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from support import TOY
from vwv_im import regulation
from vwv_im.decision.context import Names
from vwv_im.lang.nodes import Atom, Compute, Constant, Over, Read
from vwv_im.lang.table import COMPARISONS, OPERATIONS, OVER, Comparator, Operation
from vwv_im.law.fassung import AnyItem
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.wording import Phrases, Wording

WORDINGS = [
    pytest.param(Wording(law, fassung, lang), id=f"{fassung.id}{'+' if fassung.erlasse else ''}-{lang}")
    for law in (regulation(), regulation(TOY))
    for fassung in law.states
    for lang in ("de", "en")
]
PATH = re.compile(r"\b(antrag|stelle|mitglied|person|entscheidung|auslegung)\.[a-z]")


def under(fassung: str, lang: Any = "de", *erlasse: str) -> Wording:
    law = regulation()
    return Wording(law, law.fassung(fassung, erlasse), lang)


def text(wording: Wording, item: str) -> str:
    found = [one for one in wording.fassung if one.entry.key == item]
    return str(wording.of(found[0]))


@pytest.mark.parametrize("wording", WORDINGS)
def test_every_item_reads_as_sentences(wording: Wording) -> None:
    for item in wording.fassung:
        written = str(wording.of(item))
        assert written.startswith(item.model.titel.text.in_(wording.lang))
        assert not PATH.search(written), "a fact is called by its title"
        assert not re.search(r"[{}_]|None|True|False", written)


@pytest.mark.parametrize("wording", WORDINGS)
def test_the_items_stand_under_their_subjects(wording: Wording) -> None:
    by_subject = wording.by_subject()
    assert sum(map(len, by_subject.values())) == len(list(wording.fassung))
    assert by_subject.keys() <= wording.law.subjects.keys()


def test_a_parameter_has_its_value_with_its_unit() -> None:
    assert text(under("2017-12-11"), "parameter.hoechstdauer_monate").endswith(": 24 Monate")
    assert text(under("2022-01-26", "en"), "parameter.hoechstdauer_monate").endswith(": 72 months")


def test_a_parameter_that_no_source_tells_says_so() -> None:
    law = regulation(TOY)
    wording = Wording(law, law.fassungen[0], "de")
    assert text(wording, "parameter.hoechstumfang") == "Höchstumfang: in keiner Quelle genannt"
    assert "höchstens „Höchstumfang“ (in keiner Quelle genannt)" in text(wording, "hoechstumfang")


def test_a_requirement_says_what_must_hold_and_for_whom() -> None:
    what, when = text(under("2017-12-11"), "mindestens-eine-vollzeitstelle").splitlines()[1:]
    assert what.endswith("muss gelten: Stellenumfang aller Stellen mindestens 1 VZÄ (Mindestumfang eines Antrags)")
    assert when.startswith("  Die Regel gilt nur, wenn gilt: Auslegungsfrage „Genügt es, dass der Planungsrahmen")
    assert when.endswith("Es wird die Lesart „Betrag und mindestens eine Vollzeitstelle“ zugrunde gelegt")


def test_a_negation_is_said_of_the_fact() -> None:
    assert "Beschäftigungsbeginn frühestens am 1. Januar 2017" in text(
        under("2017-12-11"), "rueckwirkende-antragstellung"
    )


def test_a_table_says_which_row_counts_and_what_is_missing() -> None:
    lines = text(under("2020-11-11"), "satzgruppe-nachbesetzung").splitlines()
    assert lines[2] == "    wenn Qualifikationsgruppe der Person: keine der drei Gruppen, dann: keine der drei Gruppen"
    assert lines[3:7] == [
        "    wenn alle folgenden Punkte:",
        "      Gruppe der ersten Bewilligung: Gruppe (c): Berufsausbildung mit Zusatzvoraussetzung",
        "      Tag der Nachbesetzung vor dem 1. Januar 2020",
        "      dann: Gruppe (c)",
    ]
    assert lines[-2] == "    Passen mehrere Zeilen, gilt die erste."
    assert lines[-1].startswith("    Passt keine Zeile, gibt es keinen Wert: Für die Besetzung")


def test_a_table_is_had_as_rows() -> None:
    wording = under("2020-11-11")
    item: AnyItem = wording.fassung.derivations["satzgruppe-nachbesetzung"]
    (table,) = wording.of(item).parts
    none, before_2020, qualified, refilled = table.rows
    assert [one.when is not None for one in table.rows] == [True] * 4
    assert before_2020.when is not None
    assert [part.text.partition(":")[0].replace("\xa0", " ") for part in before_2020.when.parts] == [
        "Gruppe der ersten Bewilligung",
        "Tag der Nachbesetzung vor dem 1. Januar 2020",
    ]
    taken = [one.then.text for one in (none, qualified)]
    assert taken == ["keine der drei Gruppen", "„Qualifikationsgruppe der Person“"]
    assert before_2020.then == refilled.then


def test_each_parameter_of_a_choice_is_named_beside_its_value() -> None:
    rates = tuple(Constant(Decimal(64000), parameter) for parameter in ("festbetrag_a_eur", "festbetrag_b_eur"))
    said = phrases("de").condition(Atom("stelle.festbetrag_grund_eur_jahr", "in", rates), "").text.replace("\xa0", " ")
    assert said.endswith("64.000,00 € (Festbetrag der Gruppe (a)) oder 64.000,00 € (Festbetrag der Gruppe (b))")


def test_a_computation_names_facts_and_parameters_by_their_titles() -> None:
    assert text(under("2019-08-28"), "hoechstdauer").splitlines()[1:] == [
        "  Berechnet wird: der kleinste Wert aus:",
        "    „Höchstens möglicher Bewilligungszeitraum“ (36 Monate)",
        "    die Summe aus „Bewilligungszeitraum ohne Verlängerung“ (24 Monate) und „Monate aus der Verlängerung 2019“",
    ]


@cache
def phrases(lang: Any) -> Phrases:
    law = regulation()
    return Phrases(law.fassungen[0], Names(law, make_plan(law, law.fassungen[0], "antrag")), lang)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("how", OPERATIONS.values(), ids=OPERATIONS)
def test_every_operation_of_the_table_reads_as_a_sentence(how: Operation, lang: Any) -> None:
    dates, count = Read("antrag.antragsdatum"), Read("stelle.vzae")
    for part in (dates, Compute("zwoelftel", (count,))):
        written = str(phrases(lang).expression(Compute(how.name, (part,) * (how.arity or 2)), dates.fact))
        assert phrases(lang).expression(part, "").text in written
        assert not re.search(r"[{}]|None", written)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("scope", ["stelle", "mitglied"])
@pytest.mark.parametrize("how", OVER.values(), ids=OVER)
def test_every_operation_over_a_list_says_over_what(how: Operation, scope: str, lang: Any) -> None:
    entries = {"stelle": ("Stellen", "posts"), "mitglied": ("Mitglieder", "members")}[scope][lang == "en"]
    for value in (Constant(1), Read("stelle.vzae")):
        assert entries in phrases(lang).expression(Over(how.name, scope, value), "").text


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("how", COMPARISONS.values(), ids=COMPARISONS)
def test_every_comparison_of_the_table_reads_as_a_sentence(how: Comparator, lang: Any) -> None:
    several = (Constant(Decimal(1)), Constant(Decimal(2)))
    atom = Atom("stelle.vzae", how.name, several if how.shape == "many" else Constant(Decimal(2)))
    told = phrases(lang).condition(atom, "")
    assert told.about == "stelle.vzae"
    assert "2" in told.text
    assert not re.search(r"[{}]|None", told.text)


def test_a_duty_says_when_it_is_due() -> None:
    assert "Fällig: jährlich am 31. Januar für das Jahr davor, zuerst für 2020" in text(
        under("2020-11-11"), "kennzahlen-jaehrlich"
    )
    assert "Den Tag nennt keine Quelle." in text(under("2020-11-11"), "zwischenverwendungsnachweis")


def test_an_erlass_shows_in_the_reading_text() -> None:
    assert "Vertreibung aus der Ukraine: ja" not in text(under("2022-01-26"), "gefluechtete")
    assert "Vertreibung aus der Ukraine: ja" in text(under("2022-01-26", "de", "2022-03-11"), "gefluechtete")
