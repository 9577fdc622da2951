"""What stands beside the law: open questions that a case reaches, statements with a place, reviews by lawyers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from support import ROOT, TOY, Edit, edited, faults_in, place_of
from vwv_im import evaluate, regulation
from vwv_im.cli.main import app
from vwv_im.decision.blocks import write
from vwv_im.decision.decision_page import page_of
from vwv_im.law import Parameter
from vwv_im.law.register import EFFECTS
from vwv_im.law.regulation import load_regulation, rules_directory
from vwv_im.publish.office_files import note_of
from vwv_im.review.corpus import corpus

RULES = rules_directory()
TETTNANG, NEUKIRCH = (ROOT / "examples" / f"{name}.yaml" for name in ("tettnang", "neukirch"))
PERSON = {"person": {"gefluechtet": True, "anschlussunterbringung": False, "aus_ukraine": False}}
APPROVAL = """freigaben:
  - id: erste
    betrifft: [gefluechtet]
    fassung: "2001-03-01"
    name: Eva Muster
    tag: 2002-01-15
    umfang: {de: Die Regel gegen den Wortlaut, en: The rule against the wording}
"""
STATEMENT = """aussagen:
  - id: satz
    quelle: gemeindebuch
    aussage: {de: Wer hilft, en: Who helps}
    steht_in: [gefluechtet]
"""


def ids(questions: Any) -> set[str]:
    return {question.id for question in questions}


def test_every_open_question_is_expected_by_a_case_or_says_why_none_can_name_it() -> None:
    law = regulation()
    expected = {name for case in corpus() for name in case.expected.get("open_questions", ())}
    out_of_reach = {name for name, question in law.open_questions.items() if question.unerreichbar}
    assert expected | out_of_reach == law.open_questions.keys()
    assert not expected & out_of_reach


def test_every_value_that_no_source_tells_is_an_open_question() -> None:
    law = regulation()
    unknown = {item.id for item in law.items if isinstance(item.model, Parameter) and item.model.wert is None}
    assert unknown
    assert unknown <= {name for question in law.open_questions.values() for name in question.betrifft}


def test_no_open_question_names_only_a_subject() -> None:
    law = regulation()
    subjects = {*law.subjects, *law.questions, "akte"} - {item.id for item in law.items}
    assert [question.id for question in law.open_questions.values() if subjects & {*question.betrifft}] == []


def test_the_weightiest_questions_stand_first() -> None:
    found = [question.effect for question in evaluate(TETTNANG, on="2018-06-01", engine="direct").open_questions]
    assert found == sorted(found, key=list(EFFECTS).index)
    assert {*found} == {*EFFECTS}


def test_what_could_change_the_result_or_an_amount_stands_first_and_is_counted_in_short() -> None:
    decision = evaluate(TETTNANG, on="2018-06-01", engine="direct")
    weighty, pages = decision.decisive_questions, {lang: decision.explain(lang) for lang in ("de", "en")}
    page = " ".join(pages["de"].split())
    shown = [question for question in decision.open_questions if f"? {question.text.de}" in page]
    assert [*weighty] == shown
    assert {question.effect for question in weighty} <= {"ergebnis", "betrag"}
    others = [one for one in decision.open_questions if one.unexamined is None and one not in weighty]
    assert all(f"· {question.text.de}" in page for question in others)
    short = decision.explain("de", detail="short")
    assert f"Wozu keine Quelle etwas sagt; der Wortlaut könnte hier mehr verlangen: {len(weighty)}\n" in short
    assert f"… und {len(weighty) - short.count('  ? ')} weitere" in short


@pytest.mark.parametrize("stated", [True, False], ids=["day stated", "day unknown"])
def test_what_is_never_examined_is_named_in_one_line_of_a_first_application(stated: bool) -> None:
    case = regulation().read_case(TETTNANG).model_dump(exclude_unset=True)
    case["antrag"] |= {"art": "erstantrag", "antragsdatum": "2018-03-01" if stated else None}
    page = " ".join(evaluate(case, on="2018-06-01", engine="direct").explain("de").split())
    line = page.partition("Nicht geprüft: ")[2].partition(".")[0]
    for words in ("Antragsfrist", "verfügbare Haushaltsmittel", "Übergangsregelungen", "Doppelförderung"):
        assert words in line.split(", ")


def test_only_what_touches_an_unmet_requirement_could_change_a_no() -> None:
    decision = evaluate(PERSON, on="2018-06-01", question="zielgruppe", engine="direct")
    assert decision.verdict == "no"
    assert ids(decision.decisive_questions) == {"zielgruppe-privater-wohnraum", "zielgruppe-geduldete"}
    assert "beratungsdauer-hoechstens" in ids(decision.open_questions)


def test_a_note_for_the_file_names_every_question_that_is_decisive_and_counts_the_others() -> None:
    decision = evaluate(TETTNANG, on="2018-06-01", engine="direct")
    note = note_of(decision, "md").decode()
    decisive = decision.decisive_questions
    others = [one for one in decision.open_questions if one.unexamined is None and one not in decisive]
    assert all(f"- {question.text.de}" in note for question in decisive)
    assert not [question.text.de for question in others if question.text.de in note]
    assert f"die weder das Ergebnis noch einen Betrag ändern können: {len(others)};" in note


def test_the_command_line_names_every_question_on_request() -> None:
    asked = ["evaluate", str(TETTNANG), "--on", "2018-06-01", "--engine", "direct"]
    short, full = (CliRunner().invoke(app, [*asked, *more]).stdout for more in ([], ["--full"]))
    further = re.compile(r"… und \d+ weitere\n")
    assert further.search(short)
    assert not further.search(full)
    assert full.count("\n  ?") > short.count("\n  ?")
    document = json.loads(CliRunner().invoke(app, [*asked, "--format", "json"]).stdout)
    assert {question["effect"] for question in document["open_questions"]} == {*EFFECTS}
    assert document["reviewed_by_lawyer"] is False


FAULTY = [
    ("VIM016", "offene_fragen.yaml", "[hoechstumfang]", "[umfang]", "umfang]", "only names a subject"),
    ("VIM016", "offene_fragen.yaml", "[hoechstumfang]", "[hoechstumfangg]", "hoechstumfangg", "does not exist"),
    ("VIM012", "offene_fragen.yaml", "antragsteller.art", "antragsteller.artt", "antrag.antragsteller.artt", "unknown"),
    (
        "VIM021",
        "offene_fragen.yaml",
        "{fakt: antrag.antragsteller.art, ist: stadtkreis}",
        "{auslegung: kleine_stellen, ist: verboten}",
        "kleine_stellen",
        "unknown",
    ),
    ("VIM016", "offene_fragen.yaml", "    gilt_fuer", "    bezug: stele\n    gilt_fuer", "stele", "unknown entity"),
    ("VIM015", "offene_fragen.yaml", "wirkung: ergebnis", "wirkung: alles", "alles", "possible are"),
    ("VIM015", "aussagen.yaml", "    steht_in: [gefluechtet]\n", "", "satz", "exactly one"),
    ("VIM015", "aussagen.yaml", "[gefluechtet]", "[]", "[]", "at least 1 item"),
    ("VIM016", "aussagen.yaml", "[gefluechtet]", "[gefluechtett]", "gefluechtett", "does not exist"),
    ("VIM016", "aussagen.yaml", "gemeindebuch", "gemeindebuchh", "gemeindebuchh", "does not exist"),
    ("VIM016", "freigaben.yaml", "[gefluechtet]", "[zielgruppe]", "zielgruppe", "only names a subject"),
    ("VIM016", "freigaben.yaml", '"2001-03-01"', '"2001-03-02"', '"2001-03-02"', "does not exist"),
]


@pytest.mark.parametrize(("code", "file", "old", "new", "at", "said"), FAULTY, ids=[f"{r[1]} {r[3]}" for r in FAULTY])
def test_a_fault_beside_the_law_is_told_at_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str, at: str, said: str
) -> None:
    rules = _with(tmp_path)
    path = rules / file
    assert path.read_text("utf-8").count(old) == 1
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    (fault,) = faults_in(rules)
    assert fault.code == code
    assert fault.place.file == str(path)
    assert fault.place[1] == place_of(path, at)[1]
    assert said in fault.message.en


def _with(target: Path) -> Path:
    """Return rule files with a statement and the review of a rule."""
    rules = edited(target)
    (rules / "freigaben.yaml").write_text(APPROVAL, "utf-8")
    (rules / "aussagen.yaml").write_text(STATEMENT, "utf-8")
    return rules


def test_a_decision_is_reviewed_where_all_it_relies_on_is_in_its_fassung(tmp_path: Path) -> None:
    rules = _with(tmp_path)
    case = {"person": {"gefluechtet": True}, "antrag": {"antragsteller": {"bundesland": "BW"}}}
    asked = [("zielgruppe", "2001-06-01"), ("zielgruppe", "2003-01-01"), ("antrag", "2001-06-01")]
    found = [evaluate(case, question=name, on=on, rules=rules, engine="direct") for name, on in asked]
    assert [decision.reviewed_by_lawyer for decision in found] == [True, False, False]
    assert "Rechtlich geprüft: ja." in found[0].explain("de")
    assert "Reviewed by a lawyer: no." in found[1].explain("en")
    assert not evaluate(case, question="zielgruppe", on="2001-06-01", rules=TOY, engine="direct").reviewed_by_lawyer


def test_a_review_of_the_rule_without_what_it_reads_is_not_enough(tmp_path: Path) -> None:
    """The answer for the count rests on all its rules, values and derived facts, and no other answer on these alone."""
    law = regulation()
    case = {"person": {"anschlussunterbringung_am_2017_09_15": True, "ankunft": "2015-11-03", "familiennachzug": False}}
    rules = {name for section in law.questions["zaehlung"].pruefung for name in section.regeln}
    derived = {item.id for item in law.fassungen[0].derivations.values() if item.model.scope == "person"}
    for number, (names, expected) in enumerate(((rules | derived, True), ({min(rules)}, False))):
        copy = edited(tmp_path / str(number), Edit("freigaben.yaml", "freigaben: []", _approval(names)), source=RULES)
        assert evaluate(case, question="zaehlung", on="2018-06-01", rules=copy).reviewed_by_lawyer is expected
        assert evaluate(PERSON, question="zielgruppe", on="2018-06-01", rules=copy).reviewed_by_lawyer is False


def _approval(names: set[str]) -> str:
    return APPROVAL.replace("gefluechtet", ", ".join(sorted(names))).replace("2001-03-01", "2017-12-11").rstrip()


def test_nothing_is_reviewed_yet() -> None:
    law = regulation()
    assert not law.approvals
    assert not any(one.text for one in law.wordings.values())
    assert "Rechtlich geprüft: nein." in evaluate(NEUKIRCH, on="2018-06-01", engine="direct").explain("de")
    blocks = page_of(evaluate(NEUKIRCH, on="2024-01-01", engine="direct"), "de")
    assert "Rechtlich geprüft: nein." in write(blocks, "text")


def test_every_statement_of_the_first_sources_has_its_place() -> None:
    law = regulation()
    sources = {said.quelle for said in law.statements.values()}
    assert sources == {"sm-foerderbereich-2020", "lreg-2017-07-21", "sckerl-2020", "gemeindetag-2017", "sm-pakt-2022"}
    assert len(law.statements) == 38
    assert all(said.steht_in or said.ohne_regelungsgehalt for said in law.statements.values())


def test_every_number_that_a_source_names_has_a_slot_for_its_wording() -> None:
    law = regulation()
    numbers = {nummer for item in law.items if (nummer := getattr(item.model, "nummer", None))}
    slots = {one.nummer for one in law.wordings.values()}
    assert slots >= {"3.2", "4.1.2", "4.1.3", "5.5", "6.2", "6.3", "7.4.2", None}
    assert {part for nummer in numbers for part in nummer.split(", ")} <= slots


def test_a_regulation_needs_no_register_of_statements() -> None:
    law = load_regulation(TOY)
    assert (law.statements, law.approvals, law.wordings) == ({}, {}, {})
