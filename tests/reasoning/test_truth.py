"""Truth tables: the functions, the compiled conditions and the decisions of both engines agree with the fixture."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from support import Edit, edited, examination
from vwv_im.decision.evaluate import evaluate
from vwv_im.lang.truth import (
    ALL,
    ANY,
    Truth,
    Verdict,
    conjunction,
    contribution,
    disjunction,
    negated_truth,
    negation,
    verdict_of,
)
from vwv_im.law.regulation import Regulation, load_regulation
from vwv_im.reasoning.direct import Direct
from vwv_im.reasoning.plan import Plan, make_plan
from vwv_im.text import FaultyInputError, read_yaml
from vwv_im.typed import read_case

TABLES: dict[str, Any] = read_yaml(Path(__file__).with_name("truth_tables.yaml")).data
VERDICTS = {"Y": Verdict.YES, "D": Verdict.DISCRETION, "O": Verdict.OPEN, "N": Verdict.NO}
TRUTHS: dict[str, Truth] = {"Y": True, "O": None, "N": False}
TWO = list(product("YDON", repeat=2))
KLEENE = list(product("YON", repeat=2))
ARTEN = ["muss", "soll", "kann", "hinweis"]


def cell(table: dict[str, Any], row: str, column: str) -> str:
    found: str = table[row][table["columns"].index(column)]
    return found


def in_(table: dict[str, Any], row: str, column: str) -> Verdict:
    return VERDICTS[cell(table, row, column)]


# The functions


@pytest.mark.parametrize(("left", "right"), TWO)
def test_conjunction_and_disjunction_of_verdicts(left: str, right: str) -> None:
    pair = (VERDICTS[left], VERDICTS[right])
    assert conjunction(pair) is in_(TABLES["and"], left, right)
    assert disjunction(pair) is in_(TABLES["or"], left, right)


@pytest.mark.parametrize("letters", list(product("YDON", repeat=3)))
def test_the_order_of_parts_does_not_matter(letters: tuple[str, str, str]) -> None:
    one, two, three = (VERDICTS[letter] for letter in letters)
    for fold in (conjunction, disjunction):
        assert fold([one, two, three]) is fold([three, one, two]) is fold([fold([one, two]), three])
    assert conjunction([one]) is disjunction([one]) is one


@pytest.mark.parametrize("letter", "YDON")
def test_negation_of_verdicts(letter: str) -> None:
    assert negation(VERDICTS[letter]) is VERDICTS[TABLES["not"][letter]]
    assert negation(negation(VERDICTS[letter])) is VERDICTS[letter]


@pytest.mark.parametrize(("left", "right"), KLEENE)
def test_conditions_follow_kleene(left: str, right: str) -> None:
    pair = (TRUTHS[left], TRUTHS[right])
    assert ALL.join(pair) is TRUTHS[cell(TABLES["and"], left, right)]
    assert ANY.join(pair) is TRUTHS[cell(TABLES["or"], left, right)]
    assert negated_truth(pair[0]) is TRUTHS[TABLES["not"][left]]
    assert verdict_of(pair[0]) is VERDICTS[left]


@pytest.mark.parametrize("art", ARTEN)
@pytest.mark.parametrize(("applies", "holds"), KLEENE)
def test_what_a_requirement_contributes(art: Any, applies: str, holds: str) -> None:
    expected = in_(TABLES["contributions"][art], applies, holds)
    assert contribution(art, TRUTHS[applies], TRUTHS[holds]) is expected


def test_an_empty_conjunction_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"empty|no "):
        conjunction([])


# Compiled conditions, and decisions of both engines

A, B = "{fakt: stelle.berufsausbildung, ist: true}", "{fakt: stelle.person_benannt, ist: true}"
CONDITIONS = {
    "und": f"{{alle: [{A}, {B}]}}",
    "oder": f"{{eine: [{A}, {B}]}}",
    "nicht": f"{{nicht: {A}}}",
    "nicht-und": f"{{nicht: {{alle: [{A}, {B}]}}}}",
    "nicht-oder": f"{{nicht: {{eine: [{A}, {B}]}}}}",
    "nicht-nicht": f"{{nicht: {{nicht: {A}}}}}",
    "oder-nicht": f"{{eine: [{{nicht: {A}}}, {B}]}}",
}
BEING = {"Y": True, "O": None, "N": False}


def expected_of(name: str, a: str, b: str) -> str:
    """Return what a condition is by the tables alone."""
    no: dict[str, str] = TABLES["not"]
    return {
        "und": cell(TABLES["and"], a, b),
        "oder": cell(TABLES["or"], a, b),
        "nicht": no[a],
        "nicht-und": no[cell(TABLES["and"], a, b)],
        "nicht-oder": no[cell(TABLES["or"], a, b)],
        "nicht-nicht": a,
        "oder-nicht": cell(TABLES["or"], no[a], b),
    }[name]


def rule(name: str, art: str, condition: str, applies: str | None = None) -> str:
    return f"""
  - id: {name}
    titel: {{de: {name}, en: {name}}}
    bezug: stelle
    art: {art}
    gilt_fuer: {applies or "null"}
    bedingung: {condition}
    nummer: null
    beleg: [{{grad: wortlaut, quelle: gemeindebuch, fundstelle: satz}}]"""


def regulation_of(target: Path, rules: dict[str, str], derived: str = "") -> Path:
    """Return the toy without its amendments, with other requirements in place of its own."""
    directory = edited(target, Edit("auslegungen.yaml", "[mindestumfang]", "[umfang]"))
    base = directory / "2001-03-01-stammfassung"
    for gone in (*directory.glob("200*.yaml"), base / "personal.yaml", base / "dauer.yaml", base / "zielgruppe.yaml"):
        gone.unlink()
    kept, _, _ = (base / "umfang.yaml").read_text("utf-8").partition("ableitungen:")
    (base / "umfang.yaml").write_text(kept, "utf-8")
    subject = f"gegenstand: {{de: Proben, en: Samples}}\n{derived}regeln:{''.join(rules.values())}\n"
    (base / "proben.yaml").write_text(subject, "utf-8")
    (directory / "pruefschema.yaml").write_text(examination("antrag", "antrag", rules), "utf-8")
    return directory


@pytest.fixture(scope="module")
def sampled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a regulation with a requirement for each condition, and one of each art that applies where A holds."""
    rules = {name: rule(name, "muss", condition) for name, condition in CONDITIONS.items()}
    rules |= {f"art-{art}": rule(f"art-{art}", art, B, A) for art in ARTEN}
    return regulation_of(tmp_path_factory.mktemp("truth"), rules)


@pytest.fixture(scope="module")
def law(sampled: Path) -> Regulation:
    return load_regulation(sampled)


@pytest.fixture(scope="module")
def plan(law: Regulation) -> Plan:
    return make_plan(law, law.fassungen[0], "antrag")


def case_of(a: str, b: str) -> dict[str, Any]:
    return {"antrag": {"stellen": [{"berufsausbildung": BEING[a], "person_benannt": BEING[b]}]}}


@pytest.mark.parametrize(("a", "b"), KLEENE)
def test_compiled_conditions_agree_with_the_tables(plan: Plan, a: str, b: str) -> None:
    direct = Direct(plan)
    records = direct.layout.fill(read_case(case_of(a, b)), date(2002, 1, 1), {})
    found = {
        requirement.id: direct.value(requirement.condition, "stelle")(records.of["stelle"][0])
        for requirement in plan.requirements
        if requirement.id in CONDITIONS
    }
    assert found == {name: TRUTHS[expected_of(name, a, b)] for name in CONDITIONS}


@pytest.mark.parametrize("engine", ["direct", "checked"])
@pytest.mark.parametrize(("a", "b"), KLEENE)
def test_decisions_agree_with_the_tables(sampled: Path, a: str, b: str, engine: Any) -> None:
    decision = evaluate(case_of(a, b), on="2002-01-01", engine=engine, rules=sampled)
    reasons = {reason.rule: reason.verdict for reason in decision.reasons}
    contributions = TABLES["contributions"]
    assert reasons == {name: VERDICTS[expected_of(name, a, b)] for name in CONDITIONS} | {
        f"art-{art}": in_(contributions[art], a, b) for art in ("muss", "soll")
    }
    assert decision.verdict is conjunction(reasons.values())
    options = {reason.rule: reason.verdict for reason in decision.options}
    assert options == ({} if a == "N" else {"art-kann": in_(contributions["kann"], a, b)})
    hints = {reason.rule: reason.verdict for reason in decision.hints}
    due = in_(contributions["hinweis"], a, b)
    assert hints == ({} if due is Verdict.NO else {"art-hinweis": due})


@pytest.mark.parametrize(("a", "b"), KLEENE)
def test_a_requirement_tells_whether_it_applies(sampled: Path, a: str, b: str) -> None:
    decision = evaluate(case_of(a, b), on="2002-01-01", engine="direct", rules=sampled)
    (reason,) = [reason for reason in decision.reasons if reason.rule == "art-muss"]
    assert reason.applies is VERDICTS[a]
    assert ("entfällt" in reason.text.de) is (a == "N")
    assert ("does not apply" in reason.text.en) is (a == "N")


def test_a_question_without_requirements_has_no_verdict(tmp_path: Path) -> None:
    rules = regulation_of(tmp_path, {"beiwerk": rule("beiwerk", "kann", A)})
    with pytest.raises(FaultyInputError, match=r"without a requirement there is no verdict"):
        evaluate({"antrag": {}}, on="2002-01-01", engine="direct", rules=rules)


# Comparisons: each operator and its negation, an unknown side, an unknown requirement

COMPARISONS = {
    "mindestens": ("{fakt: stelle.vzae, mindestens: 0.5}", "vzae", {"0.5": True, "0.49": False, None: None}),
    "hoechstens": ("{fakt: stelle.vzae, hoechstens: 0.5}", "vzae", {"0.5": True, "0.51": False, None: None}),
    "gleich": ("{fakt: stelle.vzae, ist: 0.50}", "vzae", {"0.5": True, "0.500001": False, None: None}),
    "unbelegt": ("{fakt: stelle.vzae, mindestens: {parameter: hoechstumfang}}", "vzae", {"9": None, None: None}),
    "grad": (
        "{fakt: stelle.hochschulabschluss, mindestens: diplom}",
        "hochschulabschluss",
        {"promotion": True, "magister": True, "diplom": True, "bachelor": False, "keiner": False, None: None},
    ),
    "hoechster-grad": (
        "{fakt: stelle.hochschulabschluss, hoechstens: bachelor}",
        "hochschulabschluss",
        {"keiner": True, "bachelor": True, "staatsexamen": False, "master": False, None: None},
    ),
    "einer": (
        "{fakt: stelle.fachrichtung, in: [sozialwesen, andere_geeignete]}",
        "fachrichtung",
        {"sozialwesen": True, "nicht_geeignet": False, None: None},
    ),
    "vor": (
        '{fakt: stelle.beschaeftigungsbeginn, vor: "2001-07-01"}',
        "beschaeftigungsbeginn",
        {"2001-06-30": True, "2001-07-01": False, None: None},
    ),
    "nach": (
        "{fakt: stelle.beschaeftigungsbeginn, nach: {fakt: entscheidung.tag}}",
        "beschaeftigungsbeginn",
        {"2002-01-02": True, "2002-01-01": False, None: None},
    ),
    "liste": ("{fakt: antrag.durchfuehrung, ist: [dritte, eigen]}", "durchfuehrung", {}),
    "darunter": ("{fakt: antrag.durchfuehrung, enthaelt: dritte}", "durchfuehrung", {}),
    "gegebener-grad": (
        "{fakt: stelle.hochschulabschluss, mindestens: {fakt: stelle.verlangter_grad}}",
        "hochschulabschluss",
        {"promotion": True, "diplom": True, "bachelor": True, "keiner": False, None: None},
    ),
}
LISTS = {
    "liste": [(["eigen", "dritte"], True), (["eigen"], False), (["eigen", "dritte", "landkreis"], False), (None, None)],
    "darunter": [(["dritte"], True), (["eigen", "dritte"], True), (["eigen"], False), (None, None)],
}
DEGREE = """ableitungen:
  - id: verlangter-grad
    titel: {de: Verlangter Grad, en: Degree required}
    ergibt: stelle.verlangter_grad
    typ: auswahl
    werte: [bachelor, master]
    faelle:
      - {dann: bachelor}
    nummer: null
    beleg: [{grad: wortlaut, quelle: gemeindebuch, fundstelle: satz}]
"""
STATED = [(name, value) for name, (_, _, values) in COMPARISONS.items() for value in values]
STATED += [(name, value) for name, rows in LISTS.items() for value, _ in rows]


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a regulation with a requirement for each comparison, and one for its negation."""
    rules = {name: rule(name, "muss", condition) for name, (condition, _, _) in COMPARISONS.items()}
    rules |= {f"nicht-{n}": rule(f"nicht-{n}", "muss", f"{{nicht: {c}}}") for n, (c, _, _) in COMPARISONS.items()}
    return regulation_of(tmp_path_factory.mktemp("compared"), rules, DEGREE)


@pytest.mark.parametrize(("name", "value"), STATED, ids=[f"{name}-{value}" for name, value in STATED])
def test_a_comparison_and_its_negation(compared: Path, name: str, value: Any) -> None:
    _, fact, values = COMPARISONS[name]
    holds = dict(values)[value] if values else {str(stated): truth for stated, truth in LISTS[name]}[str(value)]
    post = {} if fact == "durchfuehrung" else {fact: value}
    case = {"antrag": {"stellen": [post], **({"durchfuehrung": value} if fact == "durchfuehrung" else {})}}
    decision = evaluate(case, on="2002-01-01", rules=compared)
    found = {reason.rule: reason.verdict for reason in decision.reasons}
    assert found[name] is verdict_of(holds)
    assert found[f"nicht-{name}"] is verdict_of(negated_truth(holds))
