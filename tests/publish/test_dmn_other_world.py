"""The DMN files of an invented regulation: lists in lists, sums over lists above, and a series that is left out."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from shutil import which
from xml.etree import ElementTree as ET

import pytest

from publish.dmn_cases import Key, Question, questions, run
from review.world_cases import random_case, random_day, with_sums_beside
from support import TESTS
from vwv_im.law.regulation import Regulation
from vwv_im.publish.dmn import dmn_of
from vwv_im.publish.dmn.decision_model import requirement_name
from vwv_im.publish.dmn.feel import variable
from vwv_im.reasoning.plan import make_plan
from vwv_im.review.proofs.outputs import dependencies

DMN = "{https://www.omg.org/spec/DMN/20191111/MODEL/}"
XSD = TESTS / "node_modules" / "dmn-moddle" / "resources" / "dmn" / "xsd" / "DMN13.xsd"
HIDDEN = "ablesung.verdeckt"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Regulation:
    return with_sums_beside(tmp_path_factory.mktemp("welt"))


def keys(world: Regulation) -> list[Key]:
    return [Key(state.id, state.erlasse, question) for state in world.states for question in world.questions]


def test_every_reference_is_met_and_every_id_unique(world: Regulation) -> None:
    for key in keys(world):
        root = ET.fromstring(dmn_of(world, *key))
        ids = [element.attrib["id"] for element in root.iter() if "id" in element.attrib]
        assert len(ids) == len(set(ids))
        targets = {element.attrib["href"] for element in root.iter() if "href" in element.attrib}
        assert targets <= {f"#{name}" for name in ids}


def test_it_is_valid_by_the_schema_of_dmn(world: Regulation) -> None:
    etree = pytest.importorskip("lxml.etree")
    if not XSD.is_file():
        pytest.skip("needs npm ci in tests/ (dmn-moddle brings the XSD of DMN 1.3)")
    schema = etree.XMLSchema(etree.parse(XSD))
    for key in keys(world):
        schema.assertValid(etree.fromstring(dmn_of(world, *key)))


def test_what_rests_on_a_series_is_left_out_and_named(world: Regulation) -> None:
    plan = make_plan(world, world.states[0], world.first_question)
    series = {one.scope for one in plan.series}
    root = ET.fromstring(dmn_of(world, world.states[0].id))
    about = root.findtext(f"{DMN}description") or ""
    decisions = {decision.attrib["name"] for decision in root.findall(f"{DMN}decision")}
    for one in plan.derivations:
        refused = bool(series & {one.scope, *dependencies(plan, one.scope, one.form)}) or one.fact == HIDDEN
        assert (variable(one.fact) not in decisions) is refused
        assert (f"{one.item.model.titel.de} (" in about) is refused
    for rule in plan.requirements:
        refused = bool(series & {rule.scope, *dependencies(plan, rule.scope, rule.applies, rule.condition)})
        assert (requirement_name(rule.id) not in decisions) is refused
    assert {"verdict", "outcome"} <= decisions
    assert f"(Reihe {next(iter(series))})" in about


def test_inputs_are_named_by_the_regulation(world: Regulation) -> None:
    root = ET.fromstring(dmn_of(world, world.states[0].id))
    assert root.attrib["name"].startswith(world.acts[0].titel.de)
    assert {root_.attrib["name"] for root_ in root.findall(f"{DMN}inputData")} >= {"hof", "anlage", "ablesung"}
    nested = [one.attrib["id"] for one in root.iter(f"{DMN}itemComponent") if one.attrib.get("isCollection")]
    assert {"tHof_anlagen", "tAnlage_ablesungen"} <= set(nested)


AT_HAND = which("node") is not None and (TESTS / "node_modules" / "feelin").is_dir()
RANDOM = 40


@pytest.mark.node
@pytest.mark.skipif(not AT_HAND, reason="needs Node, and npm ci in tests/ (dmn-moddle, feelin)")
def test_random_cases_are_decided_as_by_direct(world: Regulation, tmp_path: Path) -> None:
    asked: dict[Key, list[Question]] = {}
    for key in keys(world):
        root, made = world.questions[key.question].wurzel, list[Question]()
        for seed in range(RANDOM):
            case = world.read_case(random_case(world.vocabulary, root, seed))
            readings = {name: [*one.lesarten][seed % 2] for name, one in world.readings.items()}
            made += questions(world, key, f"random {seed}", case, decided_on(world, seed), readings)
        asked[key] = made
    for (key, cases), (warnings, answers) in zip(asked.items(), run(world, asked, tmp_path), strict=True):
        assert warnings == []
        told = {decision.attrib["name"] for decision in ET.fromstring(dmn_of(world, *key)).findall(f"{DMN}decision")}
        for one, answer in zip(cases, answers, strict=True):
            wanted = {name: value for name, value in one.expected.items() if name in told}
            assert {name: answer[name] for name in wanted} == wanted, one.label


def decided_on(world: Regulation, seed: int) -> date:
    """Return a day after most readings, so that not every case contradicts itself."""
    return random_day(world.vocabulary, seed) + timedelta(365 * (seed % 4))
