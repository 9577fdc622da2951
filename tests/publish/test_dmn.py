"""The DMN file: valid, whole, and naming where everything comes from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from publish.dmn_cases import of_series
from support import TESTS
from vwv_im.lang import facts_of
from vwv_im.lang.nodes import Atom, Compute, Constant, Over, Read
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator, Operation
from vwv_im.lang.types import DAY, DECIMAL
from vwv_im.law.fassung import Fassung
from vwv_im.law.regulation import regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.dmn.decision_model import condition_name, requirement_name
from vwv_im.publish.dmn.feel import FUNCTIONS, Feel, Term, variable
from vwv_im.reasoning.plan import make_plan

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
XSD = TESTS / "node_modules" / "dmn-moddle" / "resources" / "dmn" / "xsd" / "DMN13.xsd"
FASSUNGEN = regulation().states
ASKED = [(fassung, question) for fassung in FASSUNGEN for question in ("antrag", "zielgruppe", "zaehlung")]
IDS = ["-".join((fassung.id, *fassung.erlasse, question)) for fassung, question in ASKED]
every_file = pytest.mark.parametrize(("fassung", "question"), ASKED, ids=IDS)


@cache
def written(fassung: str, erlasse: tuple[str, ...], question: Any) -> bytes:
    return dmn_of(regulation(), fassung, erlasse, question)


def parsed(fassung: Fassung, question: str) -> ET.Element:
    return ET.fromstring(written(fassung.id, fassung.erlasse, question))


def decisions(root: ET.Element) -> dict[str, ET.Element]:
    return {decision.attrib["name"]: decision for decision in root.findall(f"{DMN}decision")}


@every_file
def test_ids_are_unique_names_and_every_reference_is_met(fassung: Fassung, question: str) -> None:
    root = parsed(fassung, question)
    ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[A-Za-z_][\w.-]*", name)] == []
    targets = {element.attrib["href"] for element in root.iter() if "href" in element.attrib}
    targets |= {f"#{element.attrib['dmnElementRef']}" for element in root.iter() if "dmnElementRef" in element.attrib}
    assert targets <= {f"#{name}" for name in ids}


@every_file
def test_every_derived_fact_requirement_and_observation_is_a_decision(fassung: Fassung, question: Any) -> None:
    plan = make_plan(regulation(), fassung, question)
    unsayable = of_series(plan)
    derived = {variable(derivation.fact) for derivation in plan.derivations if derivation.fact not in unsayable}
    wanted = derived | {requirement_name(requirement.id) for requirement in plan.requirements}
    wanted |= {condition_name(told) for told in plan.observations if not set(facts_of(told.condition)) & unsayable}
    found = decisions(parsed(fassung, question)).keys()
    assert wanted | {"verdict", "outcome"} <= found
    assert not {variable(fact) for fact in unsayable} & found


@every_file
def test_a_decision_table_of_the_rules_is_one_in_dmn(fassung: Fassung, question: Any) -> None:
    found, plan = decisions(parsed(fassung, question)), make_plan(regulation(), fassung, question)
    unsayable = of_series(plan)
    for derivation in plan.derivations:
        if derivation.fact in unsayable:
            continue
        table = found[variable(derivation.fact)].find(f"{DMN}decisionTable")
        rows = derivation.item.model.faelle
        assert (table is not None) is (rows is not None)
        if table is None or rows is None:
            continue
        assert len(table.findall(f"{DMN}rule")) >= len(rows)
        alone = derivation.item.model.treffer == "einzige" and all(row.wenn is not None for row in rows)
        assert table.attrib["hitPolicy"] == ("UNIQUE" if alone else "FIRST")


@every_file
def test_evidence_is_named_with_its_grade_and_its_source(fassung: Fassung, question: Any) -> None:
    root = parsed(fassung, question)
    found = decisions(root)
    known = {source.attrib["id"] for source in root.findall(f"{DMN}knowledgeSource")}
    for requirement in make_plan(regulation(), fassung, question).requirements:
        decision = found[requirement_name(requirement.id)]
        belege = [entry.attrib for entry in decision.iter("{urn:vwv-im:dmn}beleg")]
        assert [entry["grad"] for entry in belege] == [beleg.grad for beleg in requirement.item.model.beleg]
        cited = {f"quelle_{beleg.quelle}" for beleg in requirement.item.model.beleg if beleg.quelle}
        assert cited <= known
        authorities = {entry.attrib["href"] for entry in decision.iter(f"{DMN}requiredAuthority")}
        assert authorities == {f"#{name}" for name in cited}


@every_file
def test_it_is_valid_by_the_schema_of_dmn(fassung: Fassung, question: str) -> None:
    etree = pytest.importorskip("lxml.etree")
    if not XSD.is_file():
        pytest.skip("needs npm ci in tests/ (dmn-moddle brings the XSD of DMN 1.3)")
    schema = etree.XMLSchema(etree.parse(XSD))
    schema.assertValid(etree.fromstring(written(fassung.id, fassung.erlasse, question)))


def test_values_that_a_fact_may_have_are_listed() -> None:
    root = parsed(FASSUNGEN[-1], "antrag")
    (item,) = [item for item in root.iter(f"{DMN}itemComponent") if item.attrib["id"] == "tStelle_fachrichtung"]
    listed = item.findtext(f"{DMN}allowedValues/{DMN}text")
    assert listed == '"sozialwesen","andere_geeignete","nicht_geeignet"'


def test_a_free_label_that_may_name_a_person_is_no_input() -> None:
    assert b"bezeichnung" not in written(FASSUNGEN[-1].id, (), "antrag")


def feel() -> Feel:
    return Feel(make_plan(regulation(), FASSUNGEN[-1], "antrag"), {})


SIZE, COSTS, DAY_ONE = Read("stelle.vzae"), Read("stelle.personalkosten_eur_jahr"), Read("stelle.beschaeftigungsbeginn")
SUM = Compute("summe", (SIZE, COSTS))
KNOWN = Compute("erster_bekannter", (DAY_ONE, Constant(date(2020, 1, 1))))
EARLIER = f'if {DAY_ONE.fact} != null then {DAY_ONE.fact} else date("2020-01-01")'


NOT_IN_FEEL = ("mehrfach", "stichtage", "werktag")
"""What FEEL refuses by name: days of which there are several, what stands more than once, and holidays."""


@pytest.mark.parametrize("operation", [one for one in OPERATIONS.values() if one.name not in NOT_IN_FEEL])
def test_every_operation_can_be_written(operation: Operation) -> None:
    takes = operation.takes if isinstance(operation.takes, tuple) else [DECIMAL] * (operation.arity or 2)
    parts = tuple(DAY_ONE if kind == DAY else SIZE for kind in takes)
    writer = feel()
    written = writer.expression(Compute(operation.name, parts), None)
    assert all(part.fact in written for part in parts)
    assert {name for name in FUNCTIONS if f"{name}(" in written} == writer.needs.keys() - {"stelle"}


@pytest.mark.parametrize("how", [one for one in COMPARISONS.values() if one.shape == "one"], ids=lambda one: one.name)
def test_every_comparison_can_be_written(how: Comparator) -> None:
    assert feel().condition(Atom(SIZE.fact, how.name, COSTS), None).endswith(how.in_feel.format(SIZE.fact, COSTS.fact))


def test_what_feel_has_no_form_for_is_refused_by_name() -> None:
    part = Term("a")
    with pytest.raises(NotImplementedError, match="'neu'"):
        feel().compute(SUM, replace(OPERATIONS["summe"], name="neu", feel=None), iter([part]), None)
    with pytest.raises(NotImplementedError, match="'neu'"):
        feel().compare(replace(COMPARISONS["ist"], name="neu", sign=None), part, part)
    with pytest.raises(NotImplementedError, match="'produkt'"):
        feel().expression(Over("produkt", "stelle", SIZE), None)


@pytest.mark.parametrize(
    ("operation", "parts", "written"),
    [
        ("differenz", (SIZE, SUM), f"{SIZE.fact} - ({SIZE.fact} + {COSTS.fact})"),
        ("zwoelftel", (SUM,), f"(decimal({SIZE.fact} + {COSTS.fact}, 6)) / 12"),
        ("runde_cent", (SUM,), f"kaufmaennisch(decimal({SIZE.fact} + {COSTS.fact}, 6), 2)"),
        ("ende_der_frist_nach", (KNOWN, SIZE), f'ende_der_frist(({EARLIER}) + duration("P1D"), {SIZE.fact})'),
        ("groesster", (KNOWN, DAY_ONE), f"spaetester([{EARLIER}, {DAY_ONE.fact}])"),
    ],
)
def test_operands_stand_in_brackets_where_they_must(operation: str, parts: tuple[Any, ...], written: str) -> None:
    assert feel().expression(Compute(operation, parts), None) == written


def test_a_comparison_of_ranks_names_the_values_that_fit() -> None:
    school = Atom("stelle.schulabschluss", "mindestens", Constant("fachhochschulreife"))
    written = feel().condition(school, None)
    assert written.endswith('else list contains(["fachhochschulreife", "hochschulreife"], stelle.schulabschluss)')
    assert written.test == '"fachhochschulreife","hochschulreife"'


@pytest.mark.parametrize(
    ("atom", "test"),
    [
        (Atom(SIZE.fact, "weniger_als", Constant(1)), "< 1"),
        (Atom(SIZE.fact, "ist", Constant(1)), "1"),
        (Atom(SIZE.fact, "ist_nicht", Constant(1)), "not(null,1)"),
        (Atom("antrag.art", "nicht_in", (Constant("erstantrag"), Constant("x"))), 'not(null,"erstantrag","x")'),
        (Atom(SIZE.fact, "weniger_als", COSTS), ""),
        (Atom(SIZE.fact, "ist", COSTS), ""),
        (Atom("antrag.durchfuehrung", "enthaelt_nicht", Constant("dritte")), ""),
        (Atom("antrag.durchfuehrung", "ist", Constant(("dritte",))), ""),
        (Atom("antrag.art", "in", (Constant("erstantrag"), Constant(None))), ""),
    ],
)
def test_a_comparison_with_fixed_values_is_a_test_of_a_column(atom: Atom, test: str) -> None:
    assert feel().condition(atom, None).test == test


def test_an_open_row_leaves_the_table_open() -> None:
    """Group (b) is given only where group (a) is known not to be."""
    table = decisions(parsed(FASSUNGEN[0], "antrag"))["stelle_qualifikationsgruppe"].find(f"{DMN}decisionTable")
    assert table is not None
    rows = [
        [cell.findtext(f"{DMN}text") for cell in (*row.findall(f"{DMN}inputEntry"), *row.findall(f"{DMN}outputEntry"))]
        for row in table.findall(f"{DMN}rule")
    ]
    assert rows[:3] == [["true", "-", "-", '"a"'], ["null", "-", "-", "null"], ["-", "true", "-", '"b"']]
    assert rows[-1] == ["-", "-", "-", '"keine"']
