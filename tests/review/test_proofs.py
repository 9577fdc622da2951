"""What the proofs find: of the toy regulation all, of the real one what is settled soon; the witnesses on file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, partial
from itertools import product
from pathlib import Path

import pytest
import z3

from support import RULES, TOY, Edit, edited
from vwv_im import regulation
from vwv_im.lang import dates
from vwv_im.lang.table import COMPARISONS
from vwv_im.lang.table import OPERATIONS as TABLE
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.review.proofs import terms
from vwv_im.review.proofs.claims import RequirementProof, prove_operation
from vwv_im.review.proofs.prover import Prover, Variant, periods_of
from vwv_im.review.proofs.proving import prove
from vwv_im.review.proofs.report import Proof, Proofs, Result, corpus_file
from vwv_im.review.proofs.terms import TRUE, Finite, Known, Number
from vwv_im.review.proofs.translation import apply_operation
from vwv_im.text.messages import sentence

OPERATIONS = regulation().operations
INEFFECTIVE = [name for name, model in OPERATIONS.items() if model.ohne_wirkung is not None]
SOON = [
    "2020-11-11 fuege_ein unterbrechung-der-entgeltzahlung",
    "2020-11-11 hebe_auf kennzahlen-halbjaehrlich",
    "2020-11-11 ersetze fortbildung-im-festbetrag",
    "2022-03-11 ersetze gefluechtete.bedingung",
    "2022-03-11 hebe_auf nicht-aus-der-ukraine-vertrieben",
]


@pytest.mark.parametrize("name", SOON)
def test_a_witness_on_file_is_the_one_that_the_proof_finds(name: str) -> None:
    (identifier,) = [identifier for identifier in OPERATIONS if str(identifier) == name]
    proof = prove_operation(Prover(regulation(), 60), identifier)
    written = corpus_file([proof], regulation().first_question).partition("faelle:\n")[2]
    assert proof.result is Result.SHOWN
    assert written in WITNESSES_TEXT


WITNESSES_TEXT = (RULES.parent / "tests" / "cases" / "zeugen.yaml").read_text("utf-8")


@pytest.mark.parametrize("identifier", INEFFECTIVE, ids=str)
def test_an_operation_without_effect_is_proved_to_have_none(identifier: OperationId) -> None:
    proof = prove_operation(Prover(regulation(), 60), identifier)
    assert (proof.result, proof.as_expected) == (Result.PROVED, True)


@cache
def of_the_toy() -> Proofs:
    return prove(TOY, jobs=1)


def found(proofs: Proofs, subject: str, claim: str = "") -> list[Proof]:
    return [proof for proof in proofs.proofs if proof.subject == subject and claim in proof.claim.de]


def test_of_the_toy_regulation_everything_is_settled() -> None:
    assert of_the_toy().counts[Result.UNSETTLED] == 0
    assert {proof.subject for proof in of_the_toy().failing} == {"hoechstumfang"}, "no source tells its limit"


def test_a_witness_has_the_fewest_facts() -> None:
    (longer,) = found(of_the_toy(), "2002-06-01 ersetze parameter.dauer_monate.wert")
    (diploma,) = found(of_the_toy(), "2002-06-01 fuege_ein nachweis")
    assert longer.shown
    assert (longer.shown.facts, longer.shown.case) == (1, {"antrag": {"stellen": [{}]}})
    assert diploma.shown
    assert (diploma.shown.facts, diploma.shown.expected) == (2, {"hints": {"nachweis": "yes"}})


def test_an_operation_that_says_it_has_no_effect_and_has_one_is_refuted(tmp_path: Path) -> None:
    said = Edit("2003-06-01-aenderung.yaml", "    neu: muss\n", '    neu: muss\n    ohne_wirkung: "Nur ein Wort."\n')
    proofs = prove(edited(tmp_path, said), kinds=["operation"], only="2003-06-01", jobs=1)
    assert [proof.subject for proof in proofs.failing] == ["2003-06-01 ersetze gelernt.art"]
    (proof,) = proofs.failing
    assert proof.shown
    assert (proof.shown.other, proof.shown.expected) == ({"verdict": "open"}, {"verdict": "no"})


def test_an_operation_without_effect_that_does_not_say_so_is_refuted(tmp_path: Path) -> None:
    same = Edit("2003-06-01-aenderung.yaml", "    alt: 24\n    neu: 36\n", "    alt: 24\n    neu: 24\n")
    proofs = prove(edited(tmp_path, same), kinds=["operation"], only="2003-06-01", jobs=1)
    assert [proof.subject for proof in proofs.failing] == ["2003-06-01 ersetze parameter.dauer_monate.wert"]
    assert [proof.result for proof in proofs.failing] == [Result.REFUTED]


PERSONAL, OTHERWISE = "2001-03-01-stammfassung/personal.yaml", "      - dann: ungelernt\n"
NOTE = """plausibilitaeten:
  - id: auffaellig
    titel: {de: Auffällig, en: Unusual}
    satz: {de: Stimmt das?, en: Is that right?}
    bezug: stelle
    wenn: CONDITION
    orte: [stelle.vzae]
    beleg: [{grad: annahme, herleitung: Erfunden.}]
"""


@pytest.mark.parametrize(
    ("condition", "claim"),
    [
        ("{fakt: stelle.vzae, mehr_als: 1000}", "kann gegeben werden"),
        ("{eine: [{fakt: stelle.vzae, mehr_als: 0}, {fakt: stelle.vzae, hoechstens: 0}]}", "kann ausbleiben"),
    ],
)
def test_a_note_that_is_never_or_always_given_is_refuted(condition: str, claim: str, tmp_path: Path) -> None:
    note = NOTE.replace("CONDITION", condition)
    law = edited(tmp_path, Edit(PERSONAL, "widersprueche:\n", f"{note}widersprueche:\n"))
    proofs = prove(law, kinds=["plausibility"], only="2001-03-01", jobs=1)
    results = {proof.claim.de: (proof.result, proof.as_expected) for proof in proofs.proofs}
    assert results.pop(claim) == (Result.REFUTED, False)
    assert list(results.values()) == [(Result.SHOWN, True)]


def test_a_table_with_a_gap_is_refuted(tmp_path: Path) -> None:
    gap = edited(tmp_path, Edit(PERSONAL, OTHERWISE, ""))
    proofs = prove(gap, kinds=["table"], only="2001-03-01", jobs=1)
    (complete,) = found(proofs, "ausbildung", "vollständig")
    assert complete.result is Result.REFUTED
    assert complete.shown
    assert complete.shown.case == {"antrag": {"stellen": [{"schulabschluss": "keiner", "berufsausbildung": True}]}}


def test_a_gap_that_says_why_it_is_there_is_no_fault(tmp_path: Path) -> None:
    gap = edited(tmp_path, Edit(PERSONAL, OTHERWISE, '    luecke: "Darüber schweigt das Gemeindebuch."\n'))
    proofs = prove(gap, kinds=["table"], only="2001-03-01", jobs=1)
    (complete,) = found(proofs, "ausbildung", "vollständig")
    assert (complete.result, complete.as_expected) == (Result.SHOWN, True)


def test_a_table_with_two_rows_at_once_is_refuted(tmp_path: Path) -> None:
    row = "      - {wenn: {fakt: stelle.schulabschluss, hoechstens: mittlerer}, dann: ungelernt}\n"
    twice = edited(tmp_path, Edit(PERSONAL, OTHERWISE, row + OTHERWISE))
    proofs = prove(twice, kinds=["table"], only="2001-03-01", jobs=1)
    (unambiguous,) = found(proofs, "ausbildung", "eindeutig")
    assert unambiguous.result is Result.REFUTED
    assert unambiguous.shown
    assert unambiguous.shown.case == {
        "antrag": {"stellen": [{"schulabschluss": "mittlerer", "berufsausbildung": True}]}
    }


def contributing(state: Law, rule: str, result: str) -> Proof:
    """Return the proof that a requirement contributes a result under a state of the law in some case."""
    prover = Prover(regulation(), 60)
    (period,) = [period for period in periods_of(prover.law) if period.law == state]
    variants = (Variant(question, state) for question in prover.law.questions)
    (one,) = [
        RequirementProof(prover, period, variant, requirement)
        for variant in variants
        for requirement in prover.plan(variant).requirements
        if requirement.id == rule
    ]
    proof = Proof("requirement", state.name, rule, sentence(f"proofs.{result}"))
    return prover.settle(proof, partial(one.reached, result))


def test_what_a_requirement_can_contribute_is_shown_or_proved_out_of_reach() -> None:
    first, second = Law("2017-12-11", ()), Law("2019-08-28", ())
    assert contributing(first, "verlaengerung-moeglich", "entfaellt").result is Result.SHOWN
    assert contributing(first, "verlaengerung-moeglich", "discretion").result is Result.REFUTED
    extension = contributing(second, "verlaengerung-moeglich", "open")
    assert extension.shown
    assert extension.shown.case == {"antrag": {}}


def test_a_requirement_that_is_never_met_where_it_applies_says_so() -> None:
    met, failed = found(of_the_toy(), "hoechstumfang")[:2]
    assert met.note
    assert met.note.en == "only where it does not apply; where it applies, in no case"
    assert (failed.result, failed.as_expected) == (Result.REFUTED, False)


def test_a_proof_that_takes_too_long_says_so() -> None:
    (identifier,) = [name for name in OPERATIONS if str(name) == SOON[0]]
    proof = prove_operation(Prover(regulation(), 0.000_001), identifier)
    assert (proof.result, proof.as_expected) == (Result.UNSETTLED, False)
    assert proof.note
    assert "länger" in proof.note.de


ENDS = ((1, 31), (2, 28), (3, 1), (12, 31))
DAYS = [date(year, *day) for year in (1900, 2000, 2016, 2019, 2100) for day in ENDS]
DAYS += [date(2016, 2, 29), date(2020, 2, 29)]


def number(term: object) -> int:
    return int(z3.simplify(term).as_long())


def in_the_solver(operation: str, *operands: date | int) -> date | int:
    value = apply_operation(TABLE[operation], [terms.constant(operand) for operand in operands]).value
    if isinstance(value, Number):
        return number(value.term)
    assert isinstance(value, terms.Day)
    return terms.as_date(number(value.month), number(value.day))


@pytest.mark.parametrize("months", [1, 6, 24, 72])
def test_a_period_ends_in_the_solver_as_in_the_calendar(months: int) -> None:
    for day in DAYS:
        assert in_the_solver("ende_der_frist", day, months) == dates.period_end(day, months)
        assert in_the_solver("ende_der_frist_nach", day, months) == dates.period_end(day + timedelta(1), months)


def test_a_period_of_no_month_has_no_end_in_the_solver() -> None:
    assert apply_operation(TABLE["ende_der_frist"], [terms.constant(DAYS[0]), terms.constant(0)]) == terms.UNKNOWN


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        ("monate_zwischen", dates.full_months),
        ("resttage_zwischen", dates.remaining_days),
        ("laufender_monat", dates.running_month),
    ],
)
def test_months_and_days_are_counted_in_the_solver_as_in_the_calendar(
    operation: str, wanted: Callable[..., int]
) -> None:
    near = [timedelta(days) for days in (-40, -1, 0, 1, 27, 28, 29, 30, 31, 59, 365)]
    for first in DAYS[len(ENDS) :]:
        for step in near:
            last = first + step
            assert in_the_solver(operation, first, last) == wanted(first, last), (first, last)


def choices(values: list[Decimal], code: z3.ArithRef) -> Known:
    """Return a fact that is one of some values, each with the number of its place."""
    return Known(TRUE, Finite(tuple((value, code == place) for place, value in enumerate(values))))


QUARTERS = [Decimal(number) / 4 for number in range(9)]


@pytest.mark.parametrize(
    ("name", "first"),
    [*((name, QUARTERS) for name in ("summe", "differenz", "kleinster", "groesster")), ("produkt", QUARTERS[3:7])],
)
def test_many_values_are_computed_with_in_the_solver_as_one_by_one(name: str, first: list[Decimal]) -> None:
    codes, sides = [z3.Int("a"), z3.Int("b")], [first, QUARTERS]
    found = apply_operation(TABLE[name], [choices(*pair) for pair in zip(sides, codes, strict=True)]).value
    assert found is not None
    total = terms.as_number(found)
    for places in product(range(len(first)), range(len(QUARTERS))):
        chosen = [(code, z3.IntVal(place)) for code, place in zip(codes, places, strict=True)]
        wanted = TABLE[name].run(*(values[place] for values, place in zip(sides, places, strict=True)))
        assert Fraction(number(z3.substitute(total.term, *chosen)), total.scale) == wanted


def test_of_a_product_of_many_values_nothing_is_proved() -> None:
    """The solver does not come to an end with what is not linear."""
    with pytest.raises(terms.RefusedError, match=r"^produkt: "):
        apply_operation(TABLE["produkt"], [choices(QUARTERS, z3.Int(name)) for name in "ab"])


def test_what_terms_cannot_say_is_refused_by_its_name() -> None:
    free, day = Known(TRUE, Number(z3.Int("n"))), terms.constant(DAYS[0])
    for like in ("summe", "ende_der_frist"):
        with pytest.raises(terms.UntranslatableError, match=r"^mittelwert: "):
            apply_operation(replace(TABLE[like], name="mittelwert"), [day, free])
    for test in (str.startswith, lambda one, other: not one % other):
        with pytest.raises(terms.UntranslatableError, match=r"^beginnt: "):
            terms.compare(replace(COMPARISONS["ist"], name="beginnt", test=test), free, terms.constant(3))
