"""The DMN file: valid, whole, and naming where everything comes from."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from support import TESTS
from vwv_im.lang.table import OPERATIONS
from vwv_im.law.fassung import Fassung
from vwv_im.law.regulation import regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.dmn.feel import COMPUTED, variable
from vwv_im.publish.dmn.model import contradiction_name, requirement_name
from vwv_im.reasoning.planning import make_plan

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
def test_every_derived_fact_requirement_and_contradiction_is_a_decision(fassung: Fassung, question: Any) -> None:
    plan = make_plan(regulation(), fassung, question)
    wanted = {variable(derivation.fact) for derivation in plan.derivations}
    wanted |= {requirement_name(requirement.id) for requirement in plan.requirements}
    wanted |= {contradiction_name(contradiction.id) for contradiction in plan.contradictions}
    assert wanted | {"verdict", "outcome"} <= decisions(parsed(fassung, question)).keys()


@every_file
def test_a_decision_table_of_the_rules_is_one_in_dmn(fassung: Fassung, question: Any) -> None:
    found = decisions(parsed(fassung, question))
    for derivation in make_plan(regulation(), fassung, question).derivations:
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


def test_every_computation_can_be_written() -> None:
    assert OPERATIONS.keys() | {"erster_bekannter"} == COMPUTED


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
