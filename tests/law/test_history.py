"""The history of the toy regulation: acts applied in order give the Fassungen, each change with its origin."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import RULES, TOY, Edit, edited, faults_in, place_of, toy
from vwv_im.law.evidence import Beleg
from vwv_im.law.history import OperationId, consolidate, operation_name
from vwv_im.law.reader import ParsedRules, parse_rules, read_documents, rule_texts
from vwv_im.law.regulation import Regulation, load_regulation

BASE = "2001-03-01-stammfassung"
DAUER, PERSONAL = f"{BASE}/dauer.yaml", f"{BASE}/personal.yaml"
FIRST, SECOND, ERLASS = "2002-06-01-aenderung.yaml", "2003-06-01-aenderung.yaml", "2003-09-01-erlass.yaml"
ORIGINAL, AMENDED, LATEST = "2001-03-01", "2002-06-01", "2003-06-01"
EVIDENCE = "beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]"
ITEM = f"{{titel: {{de: x, en: x}}, wert: 1, nummer: null, {EVIDENCE}}}"
NEW_OPERATION = "aenderungen:\n  - {{{}, {}}}"

pytestmark = pytest.mark.usefixtures("_no_cache")


@pytest.fixture
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")


def months(law: Regulation, fassung: str, **more: object) -> object:
    return law.fassung(fassung, **more).parameters["dauer_monate"].model.wert  # type: ignore[arg-type]


def raw(directory: Path) -> ParsedRules:
    return parse_rules(read_documents(rule_texts(directory)), str(directory))


def with_operation(target: Path, operation: str) -> Path:
    """Return a copy of the toy whose last amendment begins with one more operation."""
    return edited(target, Edit(SECOND, "aenderungen:", NEW_OPERATION.format(operation, EVIDENCE)))


def test_the_acts_apply_in_the_order_in_which_they_were_signed() -> None:
    law = toy()
    assert [act.id for act in law.acts] == [ORIGINAL, AMENDED, LATEST, "2003-09-01", "2005-01-01"]
    assert [fassung.id for fassung in law.fassungen] == [ORIGINAL, AMENDED, LATEST]
    assert [months(law, fassung.id) for fassung in law.fassungen] == [12, 24, 36]


def test_the_names_of_the_files_do_not_matter(tmp_path: Path) -> None:
    directory = edited(tmp_path)
    (directory / FIRST).rename(directory / "z.yaml")
    (directory / SECOND).rename(directory / "a.yaml")
    (directory / BASE).rename(directory / "zz")
    law = load_regulation(directory)
    assert [months(law, fassung.id) for fassung in law.fassungen] == [12, 24, 36]


def test_a_replacement_changes_one_part_of_an_item() -> None:
    before, after = (toy().fassung(name) for name in (AMENDED, LATEST))
    old, new = before.rules["gelernt"], after.rules["gelernt"]
    assert (old.model.art, new.model.art) == ("soll", "muss")
    assert new.model.model_dump(exclude={"art", "beleg"}) == old.model.model_dump(exclude={"art", "beleg"})
    unchanged = before.rules.keys() - {"gelernt"}
    assert all(before.rules[name].model == after.rules[name].model for name in unchanged)


def test_a_replacement_changes_keys_of_an_item(tmp_path: Path) -> None:
    change = "op: ersetze, ziel: ende, alt: {rechne: {ende_der_frist: {ab: {fakt: stelle.beschaeftigungsbeginn}, "
    change += "monate: {fakt: stelle.dauer_monate}}}}, neu: {faelle: [{dann: {fakt: stelle.beschaeftigungsbeginn}}]}"
    law = load_regulation(with_operation(tmp_path, change))
    before, after = (law.fassung(name).derivations["ende"] for name in (AMENDED, LATEST))
    assert before.model.rechne is not None
    assert (after.model.rechne, len(after.model.faelle or ())) == (None, 1)
    assert Path(after.entry.place(("faelle", 0, "dann")).file).name == SECOND
    assert after.model.beleg[1:] == before.model.beleg, "the operation's evidence comes first"


def test_what_is_appended_comes_last_or_before_the_row_without_a_condition(tmp_path: Path) -> None:
    summand = "op: haenge_an, ziel: dauer-der-stelle.rechne.summe, neu: [1, 2]"
    unknown = "{wenn: {fakt: stelle.person_benannt, ist: false}, dann: gelernt}"
    row = f"op: haenge_an, ziel: ausbildung.faelle, neu: [{unknown}]"
    law = load_regulation(with_operation(tmp_path, f"{summand}, {EVIDENCE}}}\n  - {{{row}"))
    before, after = (law.fassung(name).derivations for name in (AMENDED, LATEST))
    old, new = (state["dauer-der-stelle"].model.model_dump()["rechne"]["summe"] for state in (before, after))
    assert new == [*old, 1, 2]
    rows = after["ausbildung"].model.model_dump()["faelle"]
    assert [one["dann"] for one in rows] == ["gelernt", "gelernt", "ungelernt"]
    places = [after["ausbildung"].entry.place(("faelle", index, "dann")) for index in range(3)]
    assert [Path(place.file).name for place in places] == ["personal.yaml", SECOND, "personal.yaml"]


@pytest.mark.parametrize(
    "operation",
    [
        "op: haenge_an, ziel: gelernt.art, neu: [x]",
        "op: haenge_an, ziel: dauer-der-stelle.rechne.summe.9, neu: [1]",
        "op: haenge_an, ziel: dauer-der-stelle.rechne.summe, neu: 1",
        "op: haenge_an, ziel: dauer-der-stelle.rechne.summe, neu: []",
        "op: haenge_an, ziel: dauer-der-stelle, neu: [1]",
        "op: ersetze, ziel: dauer-der-stelle.rechne.summe.9, alt: null, neu: 1",
        "op: ersetze, ziel: dauer-der-stelle.rechne.summe.x, alt: null, neu: 1",
        "op: ersetze, ziel: gelernt, alt: 1, neu: {art: kann}",
        "op: ersetze, ziel: person-benannt, alt: {art: kann}, neu: {art: soll}",
        "op: ersetze, ziel: person-benannt, alt: {}, neu: {art: soll}",
        "op: ersetze, ziel: person-benannt, alt: {art: muss}, neu: {art: soll, nummer: '9'}",
        "op: ersetze, ziel: person-benannt, alt: {id: person-benannt}, neu: {id: person}",
        "op: ersetze, ziel: person-benannt.id, alt: person-benannt, neu: person",
        "op: ersetze, ziel: dauer-der-stelle.rechne.summe.00, alt: {parameter: dauer_monate}, neu: 1",
        f"op: ersetze, ziel: dauer-der-stelle.rechne.summe.{'9' * 5000}, alt: null, neu: 1",
        "op: haenge_an, ziel: ausbildung.faelle, neu: [{dann: gelernt}]",
        "op: hebe_auf, ziel: person-benannt, neu: 1",
        "op: fuege_ein, ziel: dauer, alt: 1, neu: {vermerk: {id: x, titel: {de: x, en: y}}}",
    ],
)
def test_what_does_not_fit_the_state_before_is_a_fault(tmp_path: Path, operation: str) -> None:
    (fault,) = faults_in(with_operation(tmp_path, operation))
    assert fault.place.file.endswith(SECOND)
    assert fault.place.line


@pytest.mark.parametrize(
    "operation",
    [
        "op: ersetze, ziel: person-benannt.bedingung.ist_nicht, alt: null, neu: true",
        "op: ersetze, ziel: person-benannt.bedingung, alt: {fakt: stelle.person_benannt, ist: true}, neu: null",
        "op: ersetze, ziel: dauer-der-stelle.faelle, alt: null, neu: [{dann: 1}]",
        "op: ersetze, ziel: ausbildung.faelle.0, alt: null, neu: null",
        "op: haenge_an, ziel: kreis-im-kreis.orte, neu: [antrag.art]",
    ],
)
def test_what_an_act_makes_of_an_item_together_with_what_stood_there_is_no_silent_repeal(
    tmp_path: Path, operation: str
) -> None:
    """A requirement that can no longer be read must not vanish: that would turn a no into a yes."""
    faults = faults_in(with_operation(tmp_path, operation))
    assert any(fault.place.file.endswith(SECOND) for fault in faults), faults


def test_what_is_inserted_inherits_the_evidence_of_the_operation(tmp_path: Path) -> None:
    new = "{ableitung: {id: neu, titel: {de: Neu, en: New}, ergibt: antrag.neu, typ: wahrheitswert, "
    new += "wenn: {fakt: antrag.gesamtumfang, mindestens: 1}}}"
    law = load_regulation(with_operation(tmp_path, f"op: fuege_ein, ziel: umfang, neu: {new}"))
    item = law.fassung(LATEST).derivations["neu"]
    assert [(beleg.grad, beleg.quelle) for beleg in item.model.beleg] == [("presse", "dorfbote")]
    assert item.entry.place(("beleg",)).column > item.entry.place(("wenn",)).column


def test_an_insertion_and_a_repeal() -> None:
    before, after = (toy().fassung(name) for name in (ORIGINAL, AMENDED))
    assert after.rules.keys() - before.rules.keys() == {"nachweis"}
    assert before.rules.keys() - after.rules.keys() == {"wohnsitz"}
    assert after.parameters.keys() - before.parameters.keys() == {"zuschlag_monate"}
    assert (after.rules["nachweis"].subject, after.parameters["zuschlag_monate"].subject) == ("umfang", "dauer")
    assert {item.id for item in toy().rules} >= {"nachweis", "wohnsitz", "aus-der-ukraine"}


def test_a_decree_stands_beside_a_fassung() -> None:
    law = toy()
    assert "aus-der-ukraine" not in law.fassung(LATEST).rules
    beside = law.fassung(LATEST, ("2003-09-01",))
    assert beside.rules["aus-der-ukraine"].act == "2003-09-01"
    assert (beside.id, beside.erlasse) == (LATEST, ("2003-09-01",))
    assert months(law, ORIGINAL, erlasse=("2003-09-01",)) == 12


def test_each_changed_part_knows_its_act_and_its_place() -> None:
    original, amended, latest = toy().fassungen
    name = "dauer_monate"
    assert [f.parameters[name].act for f in (original, amended, latest)] == [ORIGINAL, AMENDED, LATEST]
    values = [f.parameters[name].entry.place(("wert",)) for f in (original, amended, latest)]
    files = [TOY / DAUER, TOY / FIRST, TOY / SECOND]
    assert [(place.line, place.column) for place in values] == [
        place_of(file, value)[1:] for file, value in zip(files, ("12\n", "24\n    beleg", "36\n"), strict=True)
    ]
    assert [Path(place.file).name for place in values] == [file.name for file in files]
    titles = {f.parameters[name].entry.place(("titel",)) for f in (original, amended, latest)}
    assert len(titles) == 1, "what was not changed stays where it was written"


def test_an_inserted_item_knows_its_act_and_its_place() -> None:
    item = toy().fassung(LATEST).rules["nachweis"]
    assert item.act == AMENDED
    assert Path(item.place.file).name == FIRST
    assert item.entry.place(("bezug",))[1:] == place_of(TOY / FIRST, "stelle\n        art")[1:]


def test_a_replaced_value_rests_on_the_evidence_of_the_operation() -> None:
    law = toy()
    evidence = [law.fassung(name).parameters["dauer_monate"].model.beleg for name in (ORIGINAL, AMENDED, LATEST)]
    assert evidence == [
        (Beleg(grad="presse", quelle="dorfbote", fundstelle="bericht"),),
        (Beleg(grad="wortlaut", quelle="gemeindebuch", fundstelle="satz", hinweis="zwei Jahre"),),
        (Beleg(grad="annahme", herleitung="Im Dorf erzählt man von drei Jahren."),),
    ]


def test_another_changed_part_adds_its_evidence_before_that_of_the_item() -> None:
    latest = toy().fassung(LATEST)
    assert [beleg.quelle for beleg in latest.rules["gelernt"].model.beleg] == ["dorfbote", "gemeindebuch"]
    assert [beleg.grad for beleg in latest.derivations["dauer-der-stelle"].model.beleg] == ["schluss", "presse"]


@pytest.mark.parametrize(
    ("fassung", "act", "operation"),
    [
        (AMENDED, AMENDED, "ersetze parameter.dauer_monate.wert"),
        (AMENDED, AMENDED, "ersetze dauer-der-stelle.rechne"),
        (AMENDED, AMENDED, "fuege_ein nachweis"),
        (AMENDED, AMENDED, "hebe_auf wohnsitz"),
        (LATEST, LATEST, "ersetze parameter.dauer_monate.wert"),
        (LATEST, LATEST, "ersetze gelernt.art"),
    ],
)
def test_an_operation_taken_back_leaves_its_item_as_it_was(fassung: str, act: str, operation: str) -> None:
    law = toy()
    before = law.fassungen[[f.id for f in law.fassungen].index(fassung) - 1]
    without, whole = law.fassung(fassung, without=[OperationId(act, operation)]), law.fassung(fassung)
    _, _, name = operation.partition(" ")
    target = name.split(".")[1 if name.startswith("parameter.") else 0]

    def items(law_at: object) -> dict[str, object]:
        return {item.entry.key: item.model for item in law_at}  # type: ignore[attr-defined]

    key = f"parameter.{target}" if name.startswith("parameter.") else target
    assert items(without).get(key) == items(before).get(key)
    assert items(whole).get(key) != items(before).get(key)
    others = items(whole).keys() - {key}
    assert {name: items(without).get(name) for name in others} == {name: items(whole)[name] for name in others}


def test_what_a_later_act_says_stands_though_an_earlier_operation_is_taken_back() -> None:
    """Without the step from 12 to 24 months the act of 2003 still says 36."""
    first = OperationId(AMENDED, "ersetze parameter.dauer_monate.wert")
    assert [months(toy(), name, without=[first]) for name in (ORIGINAL, AMENDED, LATEST)] == [12, 12, 36]


def test_taking_an_operation_back_does_not_touch_the_regulation() -> None:
    law = toy()
    whole = [item.model for item in law.fassung(LATEST)]
    law.fassung(LATEST, without=[OperationId(LATEST, "ersetze gelernt.art")])
    assert [item.model for item in law.fassung(LATEST)] == whole
    fresh = Regulation(raw(TOY), {})
    assert [item.model for item in fresh.fassung(LATEST)] == whole
    assert months(fresh, ORIGINAL) == 12


@pytest.mark.parametrize("directory", [TOY, RULES], ids=["toy", "rules"])
def test_the_operations_of_an_act_have_different_names(directory: Path) -> None:
    for act in raw(directory).acts:
        names = {str(operation.origin): operation_name(operation) for operation in act.operations}
        assert len(set(names.values())) == len(names), "one on a formula is written out at each of its places"


def test_an_item_repealed_and_enacted_anew_is_two_operations(tmp_path: Path) -> None:
    """Taking one of them back must not take the other back with it."""
    anew = (
        "op: fuege_ein, ziel: personal, neu: {regel: {id: ehrenamt, titel: {de: x, en: x}, bezug: antrag, art: muss, "
    )
    anew += "bedingung: {fakt: antrag.durchfuehrung, enthaelt: eigen}, nummer: null, " + EVIDENCE + "}}"
    operations = f"op: hebe_auf, ziel: ehrenamt, {EVIDENCE}}}\n  - {{{anew}"
    directory = with_operation(tmp_path, operations)
    assert faults_in(directory) == ()
    assert load_regulation(directory).fassung(LATEST).rules["ehrenamt"].model.art == "muss"
    (act,) = [act for act in raw(directory).acts if act.akt.id == LATEST]
    names = [operation_name(operation) for operation in act.operations]
    assert len(set(names)) == len(names)


# What does not fit the state before


def test_a_wrong_alt_names_both_values_and_both_places(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(FIRST, "alt: 12", "alt: 13"))
    fault = faults_in(directory)[0]
    assert (fault.code, fault.place) == ("VIM018", place_of(directory / FIRST, "13"))
    before = "{}:{}:{}".format(*place_of(directory / DAUER, "12\n"))
    for text in fault.message:
        assert "13" in text
        assert "12" in text
        assert before in text
    assert fault.path == "parameter.dauer_monate.wert"


def test_a_wrong_alt_after_an_amendment_names_the_amendment(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(SECOND, "alt: 24", "alt: 12"))
    (fault,) = faults_in(directory)
    before = "{}:{}:{}".format(*place_of(directory / FIRST, "24\n"))
    assert before in fault.message.de
    assert "alt is 12, the state before is 24" in fault.message.en


@pytest.mark.parametrize(
    ("target", "alt", "told"),
    [
        ("parameter.mindestumfang.wert", "0.4", ("0.4", "0.5")),
        ("parameter.hoechstumfang.wert", "1.0", ("1.0", "null")),
        ("person-benannt.bedingung", "{fakt: stelle.vzae, hoechstens: 0.5}", ("stelle.vzae", "stelle.person_benannt")),
        ("person-benannt.art", "soll", ("soll", "muss")),
    ],
)
def test_a_wrong_alt_is_told_as_rule_files_write_it(
    tmp_path: Path, target: str, alt: str, told: tuple[str, str]
) -> None:
    (fault,) = faults_in(with_operation(tmp_path, f"op: ersetze, ziel: {target}, alt: {alt}, neu: {alt}"))
    assert fault.code == "VIM018"
    for text in fault.message:
        assert all(value in text for value in told)
        assert "Decimal(" not in text
        assert "None" not in text


@pytest.mark.parametrize(
    ("target", "alt"), [("parameter.dauer_monate.wert", "24.5"), ("parameter.dauer_monate.wert", "'24'")]
)
def test_alt_must_be_the_value_itself(tmp_path: Path, target: str, alt: str) -> None:
    operation = f"op: ersetze, ziel: {target}, alt: {alt}, neu: 36"
    assert "VIM018" in [fault.code for fault in faults_in(with_operation(tmp_path, operation))]


@pytest.mark.parametrize(
    ("operation", "code", "meant"),
    [
        ("op: ersetze, ziel: parameter.dauer_monat.wert, alt: 24, neu: 36", "VIM016", "parameter.dauer_monate"),
        ("op: ersetze, ziel: gelernnt.art, alt: soll, neu: muss", "VIM016", "gelernt"),
        ("op: ersetze, ziel: gelernt, alt: soll, neu: muss", "VIM016", None),
        ("op: ersetze, ziel: wohnsitz.art, alt: muss, neu: soll", "VIM016", None),
        ("op: hebe_auf, ziel: gelernt.art", "VIM016", None),
        ("op: hebe_auf, ziel: wohnsitz", "VIM016", None),
        (f"op: fuege_ein, ziel: dauern, neu: {{parameter: {{x: {ITEM}}}}}", "VIM016", "dauer"),
        (f"op: fuege_ein, ziel: dauer, neu: {{parameter: {{mindestumfang: {ITEM}}}}}", "VIM020", None),
        ("op: hebe_auf, ziel: parameter.mindestumfang", "VIM013", None),
    ],
)
def test_an_operation_that_finds_nothing_to_change(
    tmp_path: Path, operation: str, code: str, meant: str | None
) -> None:
    (fault,) = faults_in(with_operation(tmp_path, operation))
    assert fault.code == code
    if meant:
        assert fault.hint is not None
        assert f"'{meant}'" in fault.hint.de
    if code != "VIM013":
        assert Path(fault.place.file).name == SECOND


def test_an_unknown_target_is_found_only_in_the_state_before(tmp_path: Path) -> None:
    """What a later act inserts cannot be replaced by an earlier one."""
    later = "  - {op: hebe_auf, ziel: nachweis, " + EVIDENCE + "}"
    directory = edited(tmp_path, Edit(SECOND, "aenderungen:", f"aenderungen:\n{later}"))
    assert faults_in(directory) == ()
    assert "nachweis" not in load_regulation(directory).fassung(LATEST).rules
    earlier = Edit(FIRST, "  - op: hebe_auf\n    ziel: wohnsitz", "  - op: hebe_auf\n    ziel: aus-der-ukraine")
    (tmp_path / "b").mkdir()
    assert "VIM016" in [fault.code for fault in faults_in(edited(tmp_path / "b", earlier))]


def test_consolidating_without_faults() -> None:
    for directory in (TOY, RULES):
        acts = [act for act in raw(directory).acts if act.akt.art in ("stammfassung", "aenderung")]
        assert consolidate(acts).faults == []


# The real acts


def test_the_longest_period_grows_with_each_real_act() -> None:
    law = load_regulation(RULES)
    found = [
        (fassung.id, item.model.wert, item.act, item.model.beleg[0].grad)
        for fassung in law.fassungen
        for item in [fassung.parameters["hoechstdauer_monate"]]
    ]
    assert found == [
        ("2017-12-11", 24, "2017-12-11", "verband"),
        ("2019-08-28", 36, "2019-08-28", "amtlich"),
        ("2020-11-11", 60, "2020-11-11", "amtlich"),
        ("2022-01-26", 72, "2022-01-26", "schluss"),
    ]
