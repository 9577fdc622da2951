"""What reviews rules works on an invented regulation with other entities, lists in lists, and a series."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from review.solver_values import Solver
from review.world_cases import RULES_OF_THE_WORLD, WORLD, random_case, random_day, with_sums_beside, without_series
from vwv_im.case.vocabulary import scope_of
from vwv_im.cli.main import app
from vwv_im.lang.truth import FOLDED, conjunction, contribution
from vwv_im.law.fassung import Law
from vwv_im.law.history import OperationId
from vwv_im.reasoning.direct import Direct
from vwv_im.review.corpus import corpus
from vwv_im.review.coverage import coverage
from vwv_im.review.diagnostics.cells import Cells
from vwv_im.review.diagnostics.examine import examine
from vwv_im.review.mutation.trial import Trial, mutate
from vwv_im.review.proofs.claims import prove_operation
from vwv_im.review.proofs.outputs import SymbolicDecision, may_differ
from vwv_im.review.proofs.prover import Prover, periods_of, plan_of
from vwv_im.review.proofs.proving import prove
from vwv_im.review.proofs.report import Proof, Proofs, Result
from vwv_im.review.proofs.symbolic_case import Place, SymbolicCase
from vwv_im.review.proofs.terms import RefusedError
from vwv_im.review.proofs.translation import Translation
from vwv_im.review.wording import Wording

READINGS = {name: tuple(entry.lesarten) for name, entry in WORLD.readings.items()}
ASKED = [(period.law, question) for period in periods_of(WORLD) for question in WORLD.questions]
SERIES = next(entity.name for entity in WORLD.vocabulary.entities.values() if entity.series is not None)


@cache
def solver(state: Law, question: str) -> Solver:
    return Solver(without_series(plan_of(WORLD, state, question)), READINGS)


@pytest.mark.parametrize(("state", "question"), ASKED)
def test_the_solver_says_of_a_random_case_what_direct_says(state: Law, question: str) -> None:
    both = solver(state, question)
    for seed in range(30):
        case = WORLD.read_case(random_case(WORLD.vocabulary, both.plan.top, seed))
        on, readings = (
            random_day(WORLD.vocabulary, seed),
            {name: options[seed % 2] for name, options in READINGS.items()},
        )
        found, verdict = both.found_by_solver(case, on, readings)
        wanted = both.found_by_direct(case, on, readings)
        assert found == wanted
        places = [r for r in both.plan.requirements for _ in both.direct.layout.fill(case, on, readings).of[r.scope]]
        pairs = zip(places, wanted.findings, strict=True)
        assert verdict == conjunction([contribution(r.art, *pair) for r, pair in pairs if r.art in FOLDED])


def test_a_sum_reads_facts_of_its_entries_and_of_the_place_beside_them(tmp_path: Path) -> None:
    """From within a list another, or the list itself, may be summed: what its entries state is read of them."""
    law = with_sums_beside(tmp_path)
    both = Solver(without_series(plan_of(law, periods_of(law)[0].law, law.first_question)), READINGS)
    assert {"ablesung.uebrige_kwh", "ablesung.gewicht", "ablesung.verdeckt"} <= both.plan.producers.keys()
    assert not both.refused
    for seed in range(30):
        case, on = law.read_case(random_case(law.vocabulary, both.plan.top, seed)), random_day(law.vocabulary, seed)
        readings = {name: options[0] for name, options in READINGS.items()}
        assert both.found_by_solver(case, on, readings)[0] == both.found_by_direct(case, on, readings)


@cache
def proofs() -> Proofs:
    return prove(RULES_OF_THE_WORLD, jobs=1, seconds=30)


def test_all_is_proved_but_what_rests_on_the_series() -> None:
    """What is left is named, and no fault."""
    assert proofs().as_expected
    unsettled = [proof for proof in proofs().proofs if proof.result is Result.UNSETTLED]
    assert unsettled
    assert {proof.note.de if proof.note else None for proof in unsettled} == {f"nicht übersetzbar: Reihe '{SERIES}'"}


def test_a_case_that_is_shown_may_have_lists_in_lists() -> None:
    nested = [proof for proof in proofs().proofs if proof.shown and "ablesungen" in str(proof.shown.case)]
    assert any(proof.kind == "requirement" for proof in nested)


def test_a_path_tells_which_entry_of_which_list() -> None:
    plan = plan_of(WORLD, periods_of(WORLD)[0].law, WORLD.first_question)
    case = SymbolicCase(plan, READINGS, entries=2)
    entry = next(scope for scope in plan.scopes if len(plan.vocabulary.above(scope)) == 3 and scope != SERIES)
    path = case.path(f"{entry}.x", Place(entry, (1, 0)))
    assert path.endswith("[0].x")
    assert plan.vocabulary.entity_at(path.removesuffix(".x")) is plan.vocabulary.entities[entry]
    assert len(case.places(entry)) == 4
    holder = Place(plan.vocabulary.parent(entry) or "", (1,))
    assert case.places(entry, holder) == (Place(entry, (1, 0)), Place(entry, (1, 1)))
    with pytest.raises(RefusedError, match=SERIES):
        case.places(SERIES)


def test_what_rests_on_a_series_can_only_be_the_same_where_it_rests_on_the_same() -> None:
    """Two states that derive the series otherwise are not told to be alike; one is alike to itself."""
    old, new = (plan_of(WORLD, period.law, WORLD.first_question) for period in periods_of(WORLD)[:2])
    case = SymbolicCase(old, READINGS, generic=True)
    one, other = (SymbolicDecision(Translation(plan, case)) for plan in (old, new))
    with pytest.raises(RefusedError, match=SERIES):
        may_differ(other, one)
    assert may_differ(one, SymbolicDecision(Translation(old, case))) is not None


def test_an_operation_whose_effect_is_seen_beside_the_series_is_shown() -> None:
    for name in WORLD.operations:
        proof: Proof = prove_operation(Prover(WORLD, 30), name)
        assert isinstance(name, OperationId)
        assert proof.result is Result.SHOWN


def test_a_quick_look_sees_facts_of_all_that_is_above() -> None:
    state = WORLD.states[0]
    plan = plan_of(WORLD, Law(state.id, ()), WORLD.first_question)
    requirement = next(r for r in plan.requirements if len(plan.vocabulary.above(r.scope)) == 3 and r.scope != SERIES)
    cells = Cells(Direct(plan), WORLD.readings, requirement.scope, [requirement.condition])
    assert len({scope_of(fact) for fact in cells.free}) > 1
    holds = cells.program.value(requirement.condition, requirement.scope)
    assert {holds(cell.record) for cell in cells} == {True, False}


def test_only_a_statement_that_no_rule_reads_is_found() -> None:
    assert {finding.code for finding in examine(WORLD)} <= {"VIM031", "VIM045"}


@pytest.mark.parametrize("lang", ["de", "en"])
def test_every_item_reads_as_sentences(lang: str) -> None:
    for state in WORLD.states:
        wording = Wording(WORLD, state, lang)  # type: ignore[arg-type]
        for item in state:
            written = str(wording.of(item))
            assert not re.search(r"[{}_]|None|True|False", written)
            assert not re.search(rf"\b({'|'.join(WORLD.vocabulary.reach)})\.[a-z]", written)


CASES = """
basis: {hof: {lage: hang, zwecke: [verkauf], anlagen: [{leistung_kw: 10, ablesungen: [{menge_kwh: 1100}]}]}}
faelle:
  - id: genug
    herkunft: {regel: mindestmenge}
    on: 1999-03-01
    erwartet: {reasons: {mindestmenge: "yes"}, derived: {"hof.gesamtmenge_kwh": 1100}}
  - id: zu-wenig
    herkunft: {regel: mindestmenge}
    on: 1999-03-01
    aendere: {"hof.anlagen[0].ablesungen[0].menge_kwh": 999}
    erwartet: {reasons: {mindestmenge: "no"}}
  - id: jung
    herkunft: {regel: mindestalter}
    on: 1999-03-01
    question: lehre
    aendere: {hof: <ohne>, lehrling.lebensjahre: 15}
    erwartet: {verdict: "no"}
"""


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    directory = tmp_path / "faelle"
    directory.mkdir()
    (directory / "faelle.yaml").write_text(CASES, "utf-8")
    return directory


def test_the_cases_of_the_world_cover_its_rules(cases: Path) -> None:
    found = coverage(WORLD, corpus(cases))
    shown = {(cell.item, cell.result) for cell, known in found.cells.items() if known.cases}
    assert {("mindestmenge", "yes"), ("mindestmenge", "no"), ("mindestalter", "no")} <= shown
    assert not found.complete


def test_a_change_of_the_rules_or_of_the_series_is_tried(cases: Path, tmp_path: Path) -> None:
    trial = Trial(RULES_OF_THE_WORLD, cases)
    of_series = [mutant for mutant in trial.mutants() if mutant.item == SERIES]
    assert [mutant.file for mutant in of_series] == [] or {mutant.file for mutant in of_series} == {"sachverhalt.yaml"}
    score = mutate(RULES_OF_THE_WORLD, cases, only="lehre.yaml", jobs=1)
    assert score.total.killed > 0
    assert score.stale == ()


def test_the_commands_work_on_the_folder(cases: Path) -> None:
    run = CliRunner().invoke
    rules = ("--rules", str(RULES_OF_THE_WORLD))
    assert run(app, ["check", str(RULES_OF_THE_WORLD)]).exit_code in (0, 1)
    covered = run(app, ["coverage", *rules, "--cases", str(cases), "--missing"])
    assert covered.exit_code == 1
    assert "mindestmenge" in covered.output
    proved = run(app, ["prove", *rules, "--kind", "operation", "--jobs", "1"])
    assert proved.exit_code == 0, proved.output
