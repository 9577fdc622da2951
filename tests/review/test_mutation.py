"""The rule files are changed one step at a time, and what becomes of each change is told."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from support import RULES, TOY, Edit, edited
from vwv_im.lang.nodes import Compute, Read
from vwv_im.lang.parsing import WRITER, parse_condition, parse_expression
from vwv_im.lang.table import COMPARISONS, OPERATIONS, Comparator, Operation
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.review.corpus import CorpusError
from vwv_im.review.mutation import mutations
from vwv_im.review.mutation import trial as trials
from vwv_im.review.mutation.mutants import Mutant
from vwv_im.review.mutation.mutations import Alternatives
from vwv_im.review.mutation.score import SurvivorsError, reasons_on_file, survivors_file
from vwv_im.review.mutation.trial import Trial, _replace_at, mutate
from vwv_im.text import read_yaml
from vwv_im.text.messages import sentences

SIZE, DURATION, STAFF = (f"2001-03-01-stammfassung/{name}.yaml" for name in ("umfang", "dauer", "personal"))
FIRST, SECOND = "2002-06-01-aenderung.yaml", "2003-06-01-aenderung.yaml"
HALF = """
basis: {antrag: {stellen: [{vzae: 0.5}]}}
faelle:
  - id: halbe-stelle
    herkunft: {regel: mindestumfang}
    on: 2001-06-01
    erwartet: {reasons: {mindestumfang: "yes"}, derived: {"antrag.stellen[0].dauer_monate": 12}}
"""
LESS = """
  - id: weniger-als-eine-halbe-stelle
    herkunft: {regel: mindestumfang}
    on: 2001-06-01
    aendere: {"antrag.stellen[0].vzae": "0.49"}
    erwartet: {reasons: {mindestumfang: "no"}}
"""
LOOSER = f"{SIZE} parameter.mindestumfang.wert: 0.5 → 0.4"
STRICTER = f"{SIZE} parameter.mindestumfang.wert: 0.5 → 0.6"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    directory = tmp_path / "faelle"
    directory.mkdir()
    (directory / "faelle.yaml").write_text(HALF, "utf-8")
    return directory


@pytest.fixture
def trial(cases: Path) -> Trial:
    return Trial(TOY, cases)


def mutant(trial: Trial, name: str) -> Mutant:
    (found,) = (mutant for mutant in trial.mutants() if mutant.id == name)
    return found


def survivors(tmp_path: Path, *mutants: str) -> Path:
    path = tmp_path / "ueberlebende.yaml"
    lines = "".join(f'\n      - "{name}"' for name in mutants)
    path.write_text(f"ueberlebende:\n  - grund: Das genügt.\n    mutanten:{lines}\n", "utf-8")
    return path


WORDS = Alternatives({}, {}, {}, {})


def changes(steps: Any) -> list[str]:
    return [f"{step.kind}: {step.change}" for step in steps]


def condition(text: str) -> list[str]:
    return changes(mutations.mutate_condition((), read_yaml(text).data, WORDS))


def test_a_number_is_changed_by_one_and_a_fraction_also_by_its_last_place() -> None:
    assert [step.new for step in mutations.mutate_scalar((), 24)] == [25, 23]
    assert [str(step.new) for step in mutations.mutate_scalar((), read_yaml("0.25").data)] == [
        "1.25",
        "-0.75",
        "0.26",
        "0.24",
    ]


def test_a_day_is_changed_by_one_and_a_truth_value_turned() -> None:
    assert [step.new for step in mutations.mutate_scalar((), "2020-01-01")] == ["2020-01-02", "2019-12-31"]
    assert [step.new for step in mutations.mutate_scalar((), True)] == [False]


def test_a_word_becomes_the_one_before_and_the_one_after() -> None:
    assert [step.new for step in mutations.mutate_scalar((), "b", ("a", "b", "c"))] == ["a", "c"]
    assert [step.new for step in mutations.mutate_scalar((), "x", ("a", "b"))] == []


def test_a_condition_loses_its_parts_and_changes_its_connective() -> None:
    found = condition("{alle: [{fakt: stelle.vzae, mindestens: 1}, {nicht: {fakt: stelle.vzae, ist: 2}}]}")
    assert found[:3] == ["verknuepfung: alle → eine", "bedingung: ohne Teil 1", "bedingung: ohne Teil 2"]
    assert "vergleich: mindestens → hoechstens" in found
    assert "verknuepfung: ohne nicht" in found
    assert "vergleich: ist → nicht ist" not in found, "that would be the same as leaving out `nicht`"


def test_a_bound_that_is_another_fact_is_included_or_excluded() -> None:
    found = condition("{fakt: antrag.antragsdatum, vor: {fakt: entscheidung.tag}}")
    assert found == ["vergleich: vor → nach", "grenze: vor → nicht nach"]


def test_a_list_of_values_loses_each() -> None:
    assert condition("{fakt: stelle.bewilligte_gruppe, in: [a, b]}") == [
        "vergleich: in → nicht in",
        "wert: ohne Wert 1",
        "wert: ohne Wert 2",
    ]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("{kleinster: [{fakt: stelle.vzae}, 1]}", "kleinster → groesster"),
        ("{summe: [{fakt: stelle.vzae}, 1]}", "ohne Teil 2"),
        ("{erster_bekannter: [{fakt: stelle.vzae}, 1]}", "Teile 1 und 2 vertauscht"),
        ("{differenz: [{fakt: stelle.vzae}, 1]}", "Teile 1 und 2 vertauscht"),
        ("{runde: {zwoelftel: {fakt: stelle.vzae}}, auf: cent, art: kaufmaennisch}", "cent → euro"),
        ("{runde: {zwoelftel: {fakt: stelle.vzae}}, auf: cent, art: kaufmaennisch}", "ohne zwoelftel"),
        ("{ende_der_frist: {nach: {fakt: stelle.ende}, monate: 3}}", "nach → ab"),
        ("{ende_der_frist: {nach: {fakt: stelle.ende}, monate: 3}}", "3 → 4"),
        ("{summe_ueber: stellen, wert: 1}", "summe_ueber → groesster_ueber"),
        ("{summe_ueber: stellen, wert: 1}", "1 → 2"),
        ("{monate_zwischen: {von: {fakt: a.b}, bis: {fakt: a.c}}}", "von und bis vertauscht"),
        (
            "{runde: {quotient: {zaehler: 1, nenner: 2}}, auf: euro, art: kaufmaennisch}",
            "zaehler und nenner vertauscht",
        ),
    ],
)
def test_a_computation_changes(text: str, change: str) -> None:
    assert change in [step.change for step in mutations.mutate_expression((), read_yaml(text).data, WORDS, "")]


@pytest.mark.parametrize("how", COMPARISONS.values(), ids=COMPARISONS)
def test_every_comparison_of_the_table_is_turned_round_or_denied(how: Comparator) -> None:
    operand = [1, 2] if how.shape == "many" else {"fakt": "stelle.ende"}
    found = [
        step for step in mutations.mutate_condition((), {"fakt": "stelle.x", how.name: operand}, WORDS) if not step.path
    ]
    assert {parse_condition(step.new).operator for step in found} - {how.name}  # type: ignore[union-attr]
    assert [step.kind for step in found] == (["vergleich", "grenze"] if how.opposite else ["vergleich"])


CHANGED = [one for one in OPERATIONS.values() if one.name not in ("aus_liste", "mehrfach", "stichtage")]
"""All operations but the one whose operands are of different types, none of which fits elsewhere, and those that only
join what the entries of a list give."""


@pytest.mark.parametrize("how", CHANGED, ids=lambda one: one.name)
def test_every_operation_of_the_table_is_changed_to_what_can_be_read(how: Operation) -> None:
    operands = tuple(Read(f"stelle.x{number}") for number in range(how.arity or 3))
    raw = WRITER.expression(Compute(how.name, operands), None)
    found = list(mutations.mutate_expression((), raw, WORDS, ""))
    assert found
    for step in found:
        assert parse_expression(_replace_at(raw, step.path, step.new)) != parse_expression(raw)


def test_rows_are_swapped_and_dropped_and_lose_their_condition() -> None:
    rows = read_yaml("[{wenn: {fakt: stelle.vzae, ist: 1}, dann: 1}, {dann: 2}]").data
    found = [step.change for step in mutations.mutate_table((), rows, WORDS, "")]
    assert found[:4] == ["Zeilen 1 und 2 vertauscht", "ohne Zeile 1", "ohne Zeile 2", "ohne wenn"]


@cache
def our_trial() -> Trial:
    return Trial(RULES)


@cache
def our_mutants() -> tuple[Mutant, ...]:
    return tuple(our_trial().mutants())


def test_every_mutant_has_a_name_of_its_own_and_a_place_in_its_file() -> None:
    twice = [name for name, count in Counter(mutant.id for mutant in our_mutants()).items() if count > 1]
    assert twice == []
    for found in our_mutants():
        assert (RULES / found.file).is_file()
        assert found.place.line > 0


def test_every_kind_of_change_is_made_in_our_rule_files() -> None:
    assert {mutant.kind for mutant in our_mutants()} == sentences("mutations").keys()


def test_every_file_that_decides_is_changed() -> None:
    told = {"quellen.yaml", "offene_fragen.yaml", "aussagen.yaml", "freigaben.yaml", "pruefschema.yaml"}
    looked_up = {"kreise.yaml"}  # a list of names: each of its lines stands in a test of its own
    files = {path.relative_to(RULES).as_posix() for path in RULES.rglob("*.yaml")}
    assert {mutant.file for mutant in our_mutants()} == files - told - looked_up


def test_every_reason_on_file_names_a_mutant() -> None:
    assert reasons_on_file(survivors_file()).keys() <= {mutant.id for mutant in our_mutants()}


def test_a_case_notices_what_it_expects_otherwise(trial: Trial) -> None:
    outcome = trial.outcome(mutant(trial, STRICTER))
    assert outcome.fate == "killed"
    assert outcome.by.startswith("halbe-stelle: reasons.mindestumfang: erwartet ['yes'], gefunden ['no']")


def test_what_no_case_expects_otherwise_survives(trial: Trial, cases: Path) -> None:
    assert trial.outcome(mutant(trial, LOOSER)).fate == "survived"
    (cases / "mehr.yaml").write_text(f"basis: {{antrag: {{stellen: [{{}}]}}}}\nfaelle:{LESS}", "utf-8")
    elsewhere = cases.rename(cases.parent / "mehr-faelle")
    assert Trial(TOY, elsewhere).outcome(mutant(trial, LOOSER)).fate == "killed"


def test_what_alt_repeats_follows(trial: Trial) -> None:
    assert trial.outcome(mutant(trial, f"{DURATION} parameter.dauer_monate.wert: 12 → 13")).fate == "killed"


def test_an_operation_is_dropped_with_those_that_need_it(trial: Trial) -> None:
    dropped = mutant(trial, f"{FIRST} fuege_ein parameter.zuschlag_monate: gestrichen")
    (edit,) = dropped.edits
    assert [entry["ziel"] for entry in edit.new] == ["parameter.dauer_monate.wert", "umfang", "wohnsitz"]
    assert trial.outcome(dropped).fate == "survived"


def test_dropping_what_others_read_is_refused(trial: Trial) -> None:
    outcome = trial.outcome(mutant(trial, f"{STAFF} ausbildung: gestrichen"))
    assert outcome.fate == "refused"
    assert "VIM012" in outcome.by


def test_a_later_act_is_changed_where_it_stands(trial: Trial) -> None:
    names = {found.id for found in trial.mutants()}
    assert f"{SECOND} ersetze gelernt.art.neu: muss → kann" in names
    assert f"{SECOND} akt.gilt_ab: 2003-06-01 → 2003-06-02" in names
    assert "2001-03-01-stammfassung/akt.yaml akt.gilt_ab.datum: 2001-01-01 → 2001-01-02" in names
    assert "auslegungen.yaml kleine_stellen.vorgabe: verboten → erlaubt" in names
    assert not [name for name in names if ".alt" in name]


@pytest.mark.parametrize(
    "change",
    [
        "2017-12-11-stammfassung/foerderhoehe.yaml festbetrag-grund.faelle: Zeilen 2 und 3 vertauscht",
        "2020-11-11-aenderung.yaml fuege_ein datenschutz-2020: gestrichen",
    ],
)
def test_what_changes_no_plan_is_told_apart(change: str) -> None:
    ours = our_trial()
    assert ours.outcome(mutant(ours, change)).fate == "equivalent"


def test_survivors_are_explained_or_not(cases: Path, tmp_path: Path) -> None:
    score = mutate(TOY, cases, survivors(tmp_path, LOOSER), "umfang.yaml")
    assert LOOSER not in [outcome.mutant.id for outcome in score.unexplained]
    assert score.total.explained == 1
    assert score.total.unexplained == len(score.unexplained) > 0
    assert score.total.mutants == sum(score.total[1:])
    assert not score.passed
    assert set(score.by("file")) == {SIZE}
    assert sum(tally.killed for tally in score.by("kind").values()) == score.total.killed


def test_a_reason_that_is_not_needed_is_told(cases: Path, tmp_path: Path) -> None:
    gone = f"{SIZE} parameter.mindestumfang.wert: 1 → 2"
    beyond = f"{DURATION} parameter.dauer_monate.wert: 1 → 2"
    score = mutate(TOY, cases, survivors(tmp_path, LOOSER, STRICTER, gone, beyond), "umfang.yaml")
    assert {stale.mutant: stale.why.de for stale in score.stale} == {
        STRICTER: "Ein Fall bemerkt ihn.",
        gone: "Diesen Mutanten gibt es nicht.",
    }


def test_several_processes_find_the_same(cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trials, "_FEW", 0)
    path = survivors(tmp_path, LOOSER)
    one, two = (mutate(TOY, cases, path, "umfang.yaml", jobs).to_dict() for jobs in (1, 2))
    assert one == two


def test_a_case_that_fails_already_is_bad_input(cases: Path, tmp_path: Path) -> None:
    rules = edited(tmp_path, Edit(SIZE, "wert: 0.5", "wert: 0.6"))
    with pytest.raises(CorpusError, match=r"VIM170.*'halbe-stelle'"):
        mutate(rules, cases, survivors(tmp_path, LOOSER))


def test_an_unknown_rule_file_is_bad_input(cases: Path, tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match=r"no rule file 'umfnag.yaml'"):
        mutate(TOY, cases, survivors(tmp_path, LOOSER), "umfnag.yaml")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "VIM010"),
        ("ueberlebende: [{grund: Darum.}]", "VIM010"),
        ("ueberlebende: [{grund: '', mutanten: [a]}]", "VIM015"),
        ("ueberlebende: [{grund: Darum., mutanten: [a, a]}]", "VIM020"),
        ("ueberlebende: [", "VIM001"),
    ],
)
def test_reasons_that_cannot_be_read_are_bad_input(tmp_path: Path, text: str, fault: str) -> None:
    path = tmp_path / "ueberlebende.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(SurvivorsError, match=fault):
        reasons_on_file(path)
