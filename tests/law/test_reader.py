"""Reading rule files: each kind of fault is told with its place and remedy, all of them in one run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import RULES, TOY, Edit, edited, faults_in, place_of, toy
from vwv_im.law.regulation import Regulation, load_regulation
from vwv_im.law.rule_faults import RuleFileError
from vwv_im.text.messages import codes

BASE = "2001-03-01-stammfassung"
UMFANG, DAUER, PERSONAL, ZIEL = (f"{BASE}/{name}.yaml" for name in ("umfang", "dauer", "personal", "zielgruppe"))
FIRST, SECOND = "2002-06-01-aenderung.yaml", "2003-06-01-aenderung.yaml"
ERLASS = "2003-09-01-erlass.yaml"
ACTS_FILE = f"{BASE}/akt.yaml"
READINGS_FILE = "auslegungen.yaml"

# What stands in the toy, and what is written instead
PRESS = "[{grad: presse, quelle: dorfbote, fundstelle: bericht}]"
HELP = "bedingung: {fakt: antrag.durchfuehrung, enthaelt: dritte}"
BESIDE = "person\n    art: kann\n    bedingung: {fakt: person.gefluechtet, ist: true}"
KANN_EVIDENCE = f"dritte}}\n    nummer: null\n    beleg: {PRESS}"
SIZE = "bedingung: {fakt: stelle.vzae, mindestens: {parameter: mindestumfang}}"
SIZE_IN_LIST = "bedingung: {fakt: stelle.vzae, in: [{fakt: antrag.gesamtumfang}]}"
SUM = "rechne: {summe_ueber: stellen, wert: {fakt: stelle.vzae}}"
TITLED = "    titel: {de: Mindestumfang, en: Minimum size}\n    wert"
COPY = (
    "  - {id: gemeindebuch, titel: Kopie, herausgeber: niemand, datum: null, url: null, grad: presse, "
    "spricht_ueber: ordnung}"
)
ANOTHER = f"zuschlag: {{titel: {{de: Zuschlag, en: More}}, wert: 1, nummer: null, beleg: {PRESS}}}"
READING_UNSOURCED = '"yes"}\n        beleg: [{grad: presse}]'
CONTRADICTION = """bezug: antrag
    wenn:
      alle:
        - {fakt: antrag.antragsteller.kreisangehoerig, ist: true}
        - {fakt: antrag.antragsteller.art, ist: landkreis}
    orte: [antrag.antragsteller.kreisangehoerig, antrag.antragsteller.art]"""
CONTRADICTION_BESIDE = """bezug: person
    wenn: {fakt: person.gefluechtet, ist: true}
    orte: [person.gefluechtet, person.aus_ukraine]"""

# code, file, what stands there, what is written instead, where the fault is, what is suggested
FAULTY = [
    ("VIM001", "offene_fragen.yaml", "frage: {de", "frage: de: {de", ": {de", None),
    ("VIM002", "offene_fragen.yaml", "betrifft:", "betrifft: [nachweis]\n    betrifft:", "betrifft: [hoechst", None),
    ("VIM003", "offene_fragen.yaml", None, None, None, None),
    ("VIM004", "offene_fragen.yaml", None, b"\xff\xfe\x00", None, None),
    ("VIM005", "offene_fragen.yaml", "[hoechstumfang]", "[" * 60 + "]" * 60, None, None),
    ("VIM006", "offene_fragen.yaml", "[hoechstumfang]", "&a [hoechstumfang]", "&a", None),
    ("VIM007", UMFANG, "wert: 0.5", "wert: 1e999999", "1e999999", None),
    ("VIM008", UMFANG, "{de: Umfang, en", '{de: "\\ud83d", en', '"\\ud83d"', None),
    ("VIM009", UMFANG, "{de: Umfang, en", "{de: !!binary VW1mYW5n, en", "!!binary", None),
    ("VIM010", UMFANG, TITLED, "    wert", "wert: 0.5", None),
    ("VIM011", UMFANG, "gilt_fuer: {auslegung", "gilt_fur: {auslegung", "gilt_fur", "gilt_fuer"),
    ("VIM012", UMFANG, SIZE, SIZE.replace("vzae", "vzea"), "stelle.vzea", "stelle.vzae"),
    ("VIM013", UMFANG, SIZE, SIZE.replace("{parameter: mind", "{parameter: min"), "minestumfang}", "mindestumfang"),
    ("VIM014", PERSONAL, KANN_EVIDENCE, KANN_EVIDENCE.replace("presse", "schluss"), "{grad: schluss", None),
    ("VIM015", PERSONAL, "stelle\n    art: muss", "stele\n    art: muss", "stele\n", "stelle"),
    ("VIM016", FIRST, "wohnsitz", "wonsitz", "wonsitz", "wohnsitz"),
    ("VIM017", PERSONAL, "mindestens: mittlerer", "mindestens: mitlerer", "mitlerer", "mittlerer"),
    ("VIM018", SECOND, "alt: 24", "alt: 25", "25", None),
    ("VIM019", UMFANG, SUM, "rechne: {summe: [{fakt: antrag.gesamtumfang}]}", "antrag.gesamtumfang\n", None),
    ("VIM020", "quellen.yaml", "  - {id: dorfbote", f"{COPY}\n  - {{id: dorfbote", "gemeindebuch, titel: Kopie", None),
    ("VIM021", UMFANG, "auslegung: kleine_stellen", "auslegung: kleine_stelle", "kleine_stelle,", "kleine_stellen"),
    ("VIM022", PERSONAL, KANN_EVIDENCE, KANN_EVIDENCE.replace("dorfbote", "dorfbot"), "dorfbot,", "dorfbote"),
    ("VIM023", "pruefschema.yaml", ", nachweis]", "]", "antrag:", None),
    ("VIM024", PERSONAL, HELP, "bedingung: {fakt: regel.gelernt, ist: true}", "regel.gelernt", None),
    (
        "VIM025",
        SECOND,
        'datum: "2003-06-01"\n    spaetestens: "2003',
        'datum: "2001-06-01"\n    spaetestens: "2001',
        '"2001-06-01"\n    spae',
        None,
    ),
    ("VIM026", UMFANG, SUM, SUM.replace("{fakt: stelle.vzae}", "{zwoelftel: {fakt: stelle.vzae}}"), "{zwoelf", None),
    (
        "VIM027",
        PERSONAL,
        HELP,
        "bedingung: {fakt: stelle.person_benannt, ist: false}",
        "stelle.person_benannt, ist: f",
        None,
    ),
]


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")


def written(target: Path, file: str, old: str | None, new: str | bytes | None) -> Path:
    """Return a copy of the toy in which a text was replaced, or a whole file, or the file removed."""
    if old is not None:
        assert isinstance(new, str)
        return edited(target, Edit(file, old, new))
    directory = edited(target)
    if isinstance(new, bytes):
        (directory / file).write_bytes(new)
    else:
        (directory / file).unlink()
    return directory


def test_there_is_a_faulty_file_for_every_code() -> None:
    assert [code for code, *_ in FAULTY] == list(codes("rules"))


@pytest.mark.parametrize(("code", "file", "old", "new", "at", "meant"), FAULTY, ids=[row[0] for row in FAULTY])
def test_a_fault_is_told_once_with_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str, at: str | None, meant: str | None
) -> None:
    directory = written(tmp_path, file, old, new)
    faults = faults_in(directory)
    assert [fault.code for fault in faults] == [code], "\n".join(fault.render() for fault in faults)
    (fault,) = faults
    assert fault.place.file == str(directory / file)
    if at is not None:
        assert fault.place == place_of(directory / file, at)
    if meant is not None:
        assert fault.hint is not None
        assert f"Meinten Sie '{meant}'?" in fault.hint.de
        assert f"Did you mean '{meant}'?" in fault.hint.en
    assert fault.message.en
    assert fault.message.de
    assert "Input should" not in fault.message.de
    assert fault.render().startswith(f"{fault.place} {code} ")


def test_the_rule_files_are_clean() -> None:
    assert faults_in(RULES) == ()
    assert faults_in(TOY) == ()


def test_a_misspelt_fact_in_the_real_rules(tmp_path: Path) -> None:
    file = "2017-12-11-stammfassung/stellenumfang.yaml"
    rule = "bedingung: {fakt: stelle.vzae, mind"
    directory = edited(tmp_path, Edit(file, rule, rule.replace("vzae", "vzea")), source=RULES)
    (fault,) = faults_in(directory)
    place = place_of(directory / file, "stelle.vzea")
    assert (fault.code, fault.place) == ("VIM012", place)
    path, line, column = place
    assert fault.render().startswith(f"{path}:{line}:{column} VIM012 ")
    assert fault.render().endswith("unknown fact 'stelle.vzea'. Did you mean 'stelle.vzae'?")


def test_all_faults_are_told_in_one_run(tmp_path: Path) -> None:
    """Faults of five kinds in five files, two of them in one file, one of them in an inserted rule."""
    edits = [
        Edit(UMFANG, SIZE, SIZE.replace("vzae", "vzea")),
        Edit(UMFANG, "gilt_fuer: {auslegung: kleine_stellen", "gilt_fuer: {auslegung: kleine_stelle"),
        Edit(PERSONAL, "mindestens: mittlerer", "mindestens: mitlerer"),
        Edit(FIRST, "mindestens: diplom", "mindestens: diplomm"),
        Edit(SECOND, "alt: 24", "alt: 25"),
        Edit("offene_fragen.yaml", "[hoechstumfang]", "[hoechstumfang, dauerr]"),
    ]
    faults = faults_in(edited(tmp_path, *edits))
    assert sorted(fault.code for fault in faults) == ["VIM012", "VIM016", "VIM017", "VIM017", "VIM018", "VIM021"]


def test_a_faulty_act_does_not_hide_the_faults_of_its_subjects(tmp_path: Path) -> None:
    faults = faults_in(
        edited(
            tmp_path,
            Edit(ACTS_FILE, "art: stammfassung", "art: stamfassung"),
            Edit(UMFANG, "typ: dezimal", "typ: zahl"),
        )
    )
    assert {(Path(fault.place.file).name, fault.code) for fault in faults} >= {
        ("akt.yaml", "VIM015"),
        ("umfang.yaml", "VIM015"),
    }


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("quellen.yaml", "grad: presse,", "grad: pressse,"),
        ("auslegungen.yaml", "vorgabe: verboten", "vorgabe: verbotten"),
        ("pruefschema.yaml", "regeln: [gefluechtet", "regel: [gefluechtet"),
        (DAUER, "gegenstand:", "gegenstand"),
        (ACTS_FILE, "art: stammfassung", "art: stamfassung"),
        (FIRST, "alt: 12", "alt: 13"),
        (FIRST, "op: hebe_auf", "op: heb_auf"),
        (FIRST, "nummer: null\n          beleg", "nummer: null\n          belege"),
        (FIRST, "wert: 6", "wert: [6]"),
    ],
    ids=["source", "reading", "schema", "subject", "act", "alt", "operation", "inserted", "value"],
)
def test_one_mistake_does_not_draw_others_elsewhere(tmp_path: Path, file: str, old: str, new: str) -> None:
    """What depends on a part that cannot be read is not reported as faulty too: all faults lie in the file edited."""
    faults = faults_in(edited(tmp_path, Edit(file, old, new)))
    assert faults
    assert {Path(fault.place.file).name for fault in faults} == {Path(file).name}, "\n".join(
        fault.render() for fault in faults
    )


def test_a_fault_in_an_inserted_item_is_told_at_its_place(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(FIRST, "bezug: stelle", "bezug: stele"))
    places = {fault.code: fault.place for fault in faults_in(directory)}
    assert places["VIM015"] == place_of(directory / FIRST, "stele\n")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (PERSONAL, "stelle\n    art: soll", "stele\n    art: soll"),
        (DAUER, 'dauer_monate}\n    nummer: "3"\n    beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]',
         'dauer_monate}\n    nummer: "3"\n    beleg: [{grad: presse, quelle: dorfbot}]'),
        (FIRST, "grad: schluss, quelle: dorfbote, fundstelle: bericht", "grad: schluss, quelle: dorfbot"),
    ],
    ids=["scope", "source", "source of an operation"],
)  # fmt: skip
def test_a_fault_in_an_amended_item_is_told_once(tmp_path: Path, file: str, old: str, new: str) -> None:
    faults = faults_in(edited(tmp_path, Edit(file, old, new)))
    assert len(faults) == 1, "\n".join(fault.render() for fault in faults)
    assert Path(faults[0].place.file).name == Path(file).name


def test_an_unknown_key_is_told_at_the_key(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(PERSONAL, "regeln:", "vermerk:\n  - eins\nregeln:"))
    (fault,) = faults_in(directory)
    assert (fault.code, fault.place.line) == ("VIM011", place_of(directory / PERSONAL, "vermerk:")[1])


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("{fakt: stelle.vzae, mind", "{fackt: stelle.vzae, mind", "fakt"),
        ("stelle.vzae, mindestens", "stelle.vzae, mindesten", "mindestens"),
        ("mindestens: {parameter", "mindestens: {paramter", "parameter"),
        ("{summe_ueber", "{sume_ueber", "summe_ueber"),
    ],
    ids=["fact", "operator", "parameter", "computation"],
)
def test_a_misspelt_form_is_one_fault_with_a_suggestion(tmp_path: Path, old: str, new: str, meant: str) -> None:
    faults = faults_in(edited(tmp_path, Edit(UMFANG, old, new)))
    report = "\n".join(fault.render() for fault in faults)
    assert len({fault.place for fault in faults}) == 1, report
    assert len(faults) == 1, report
    assert f"'{meant}'" in report
    assert "discriminator" not in report


def test_a_misspelt_fact_near_the_name_of_a_derivation_is_an_unknown_fact(tmp_path: Path) -> None:
    """The derivation `gesamtumfang` is no requirement; only the result of a requirement is forbidden to read."""
    edit = Edit(PERSONAL, HELP, "bedingung: {fakt: stelle.gesamtumfang, mindestens: 1}")
    (fault,) = faults_in(edited(tmp_path, edit))
    assert fault.code == "VIM012"
    assert fault.hint is not None
    assert "'antrag.gesamtumfang'" in fault.hint.en


@pytest.mark.parametrize("fact", ["regel.gelernt", "regel.person-benannt", "stelle.gelernt"])
def test_a_condition_reads_no_result_of_a_requirement(tmp_path: Path, fact: str) -> None:
    edit = Edit(PERSONAL, "{fakt: stelle.person_benannt, ist: true}", f"{{fakt: {fact}, ist: true}}")
    (fault,) = faults_in(edited(tmp_path, edit))
    assert fault.code == "VIM024"
    assert "unknown fact" not in fault.message.en


@pytest.mark.parametrize(
    "condition",
    [
        "{fakt: stelle.fachrichtung, ist: [sozialwesen, andere_geeignete]}",
        "{fakt: antrag.durchfuehrung, ist: eigen}",
        "{fakt: antrag.durchfuehrung, in: [eigen, dritte]}",
        "{fakt: stelle.vzae, mindestens: 2001-01-01}",
        "{fakt: stelle.vzae, mindestens: {fakt: stelle.beschaeftigungsbeginn}}",
        "{fakt: stelle.vzae, hoechstens: {parameter: dauer_monate}}",
        "{fakt: stelle.person_benannt, ist: ja}",
        "{fakt: stelle.person_benannt, mindestens: true}",
        "{fakt: stelle.fachrichtung, mindestens: sozialwesen}",
        "{fakt: stelle.hochschulabschluss, mindestens: {fakt: stelle.schulabschluss}}",
        "{fakt: stelle.beschaeftigungsbeginn, vor: 2001-13-01}",
        "{fakt: stelle.beschaeftigungsbeginn, mindestens: 2001-01-01}",
        '{fakt: stelle.beschaeftigungsbeginn, vor: "2001-W02-1"}',
    ],
)
def test_what_cannot_be_compared_is_told(tmp_path: Path, condition: str) -> None:
    """A comparison that could never hold, or holds by accident, is a fault and not a silent no."""
    edit = Edit(PERSONAL, "{fakt: stelle.person_benannt, ist: true}", condition)
    assert [fault.code for fault in faults_in(edited(tmp_path, edit))] == ["VIM017"]


STRANGE = [
    ("a derived fact of nothing", DAUER, "ergibt: stelle.ende", "ergibt: stele.ende", "VIM012 VIM015 VIM016 VIM027"),
    ("a derived fact that a case states", UMFANG, "antrag.gesamtumfang", "antrag.antragsteller.art", "VIM020"),
    ("a person examined in an application", ZIEL, "    frage: zielgruppe\n", "", "VIM015 VIM023"),
    ("a requirement beside its question", PERSONAL, f"antrag\n    art: kann\n    {HELP}", BESIDE, "VIM015 VIM023"),
    ("a contradiction beside its question", PERSONAL, CONTRADICTION, CONTRADICTION_BESIDE, "VIM015 VIM027"),
    ("a fact in a list of values", UMFANG, SIZE, SIZE_IN_LIST, "VIM015 VIM017"),
    ("a replacement that does not say of what", FIRST, "alt: 12\n    neu: 24", "neu: 24", "VIM010 VIM015"),
    ("a target below nothing", FIRST, "stelle.rechne", "stelle.rechnung.art", "VIM016 VIM018"),
    ("nothing replaced below nothing", SECOND, "art\n    alt: soll", "arten.eins\n    alt: null", "VIM011 VIM016"),
    ("nothing replaced by an unknown key", SECOND, "art\n    alt: soll", "arten\n    alt: null", "VIM011 VIM016"),
    ("an unknown key inserted", FIRST, "wert: 6\n", "wert: 6\n          werte: 7\n", "VIM011"),
    ("two acts of one name", SECOND, 'id: "2003-06-01"', 'id: "2002-06-01"', "VIM020"),
    ("two items in one insertion", FIRST, "zuschlag_monate:\n", f"{ANOTHER}\n        zuschlag_monate:\n", "VIM015"),
    ("an item beside nothing", ERLASS, "      regel:\n", "      parameter: null\n      regel:\n", "VIM015"),
    ("an act's assumption without derivation", ACTS_FILE, f"{PRESS}\n  akten", "[{grad: annahme}]\n  akten", "VIM014"),
    (
        "a repeal without source",
        FIRST,
        f"wohnsitz\n    beleg: {PRESS}",
        "wohnsitz\n    beleg: [{grad: presse}]",
        "VIM014",
    ),
    ("a reading without source", READINGS_FILE, f'"yes"}}\n{" " * 8}beleg: {PRESS}', READING_UNSOURCED, "VIM014"),
]


@pytest.mark.parametrize(("file", "old", "new", "codes"), [row[1:] for row in STRANGE], ids=[row[0] for row in STRANGE])
def test_a_strange_rule_file_is_told_and_breaks_nothing(
    tmp_path: Path, file: str, old: str, new: str, codes: str
) -> None:
    faults = faults_in(edited(tmp_path, Edit(file, old, new)))
    assert {fault.code for fault in faults} & set(codes.split()), (
        "\n".join(fault.render() for fault in faults) or "no fault"
    )


PASSAGE = ", umfang: {wiedergabe: Eine Stelle umfasst mindestens die Hälfte., kernworte: [mindestens die Hälfte]}"


@pytest.mark.parametrize(
    ("passage", "named", "codes"),
    [
        (PASSAGE, "umfang", []),
        (PASSAGE, "umfnag", ["VIM022"]),
        ("", "umfang", ["VIM022"]),
        (
            PASSAGE.replace("[mindestens die Hälfte]", "[eine Stelle umfasst mindestens die Hälfte]"),
            "umfang",
            ["VIM015"],
        ),
        (PASSAGE.replace("Eine Stelle", "Eine " * 40), "umfang", ["VIM015"]),
        (PASSAGE.replace("kernworte: [mindestens die Hälfte]", "kernworte: []"), "umfang", ["VIM015"]),
    ],
    ids=range(6),
)
def test_a_piece_of_evidence_names_a_passage_of_its_source(
    tmp_path: Path, passage: str, named: str, codes: list[str]
) -> None:
    own = "beleg: [{grad: wortlaut, quelle: gemeindebuch, fundstelle: satz}]\n  hoech"
    directory = edited(
        tmp_path,
        Edit("quellen.yaml", "kernworte: [Ordnung]}", f"kernworte: [Ordnung]}}{passage}"),
        Edit(UMFANG, own, own.replace("fundstelle: satz", f"fundstelle: {named}")),
    )
    assert [fault.code for fault in faults_in(directory)] == codes


FORMULA = """formeln:
  frist:
    angaben: [ab]
    rechne: {ende_der_frist: {ab: {angabe: ab}, monate: {fakt: stelle.dauer_monate}}}
    beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]
ableitungen:"""
PERIOD = "{ende_der_frist: {ab: {fakt: stelle.beschaeftigungsbeginn}, monate: {fakt: stelle.dauer_monate}}}"
CALL = "{formel: frist, ab: {fakt: stelle.beschaeftigungsbeginn}}"


def with_formula(target: Path, formula: str, call: str) -> Path:
    """Return a copy of the toy in which the end of a post is computed by a formula."""
    return edited(target, Edit(DAUER, "ableitungen:", formula), Edit(DAUER, PERIOD, call))


def test_a_formula_is_written_out_with_its_evidence(tmp_path: Path) -> None:
    directory = with_formula(tmp_path, FORMULA, CALL)
    text, own = (
        (directory / DAUER).read_text("utf-8"),
        "    beleg: [{grad: wortlaut, quelle: gemeindebuch, fundstelle: satz}]",
    )
    (directory / DAUER).write_text(text.replace(f"{CALL}\n    nummer: null\n{own}", CALL))
    models = [law.fassung("2001-03-01").derivations["ende"].model for law in (load_regulation(directory), toy())]
    assert models[0].rechne == models[1].rechne
    assert [[beleg.quelle for beleg in model.beleg] for model in models] == [["dorfbote"], ["gemeindebuch"]]


@pytest.mark.parametrize(
    ("formula", "call", "code", "at"),
    [
        (FORMULA, "{formel: fristen, ab: 6}", "VIM015", "fristen"),
        (FORMULA, "{formel: frist}", "VIM015", "{formel"),
        (FORMULA, "{formel: frist, ab: 6, x: 1}", "VIM015", "{formel"),
        (FORMULA, "{formel: frist, ab: {fakt: stelle.nie}}", "VIM012", "stelle.nie"),
        (FORMULA.replace("dauer_monate", "dauer"), CALL, "VIM012", "stelle.dauer}}"),
        (FORMULA.replace("angabe:", "angab:"), CALL, "VIM015", "{angab"),
        (FORMULA.replace("    angaben: [ab]\n", ""), PERIOD, "VIM010", "rechne: {ende_der_frist: {ab: {angabe"),
        (FORMULA, PERIOD, "VIM015", "frist:\n    angaben"),
        (FORMULA.replace("[ab]", "[ab, bis]"), f"{CALL[:-1]}, bis: 1}}", "VIM015", "[ab, bis]"),
        (FORMULA.replace("[ab]", "[ab, ab]"), CALL, "VIM015", "[ab, ab]"),
        (FORMULA.replace("[ab]", "[ab, 3]"), CALL, "VIM015", "3]"),
        (FORMULA, "{formel: [frist], ab: 6}", "VIM015", "[frist]"),
        (
            FORMULA.replace("{angabe: ab}", "{formel: frist, ab: {angabe: ab}}"),
            CALL,
            "VIM015",
            "{formel: frist, ab: {ang",
        ),
    ],
    ids=lambda value: value if str(value).startswith(("{", "VIM")) else "",
)
def test_a_fault_in_a_formula_is_told_where_it_is_written(
    tmp_path: Path, formula: str, call: str, code: str, at: str
) -> None:
    directory = with_formula(tmp_path, formula, call)
    faults = [(fault.code, fault.place[1:]) for fault in faults_in(directory)]
    assert (code, place_of(directory / DAUER, at)[1:]) in faults
    assert len(faults) <= (2 if "angab:" in formula else 1)


def test_an_act_changes_a_formula_wherever_it_was_written_out(tmp_path: Path) -> None:
    operation = """  - op: ersetze
    ziel: formel.frist.rechne.ende_der_frist.ab
    alt: {angabe: ab}
    neu: {folgetag: {angabe: ab}}
    beleg: [{grad: presse, quelle: dorfbote}]
"""
    directory = with_formula(tmp_path, FORMULA, CALL)
    path = directory / FIRST
    path.write_text(path.read_text("utf-8").replace("aenderungen:\n", f"aenderungen:\n{operation}", 1))
    law = load_regulation(directory)
    before, after = (law.fassung(act).derivations["ende"].model.rechne for act in ("2001-03-01", "2002-06-01"))
    assert after != before
    assert [str(name) for name in law.operations if "formel" in str(name)] == [
        "2002-06-01 ersetze formel.frist.rechne.ende_der_frist.ab"
    ]


@pytest.mark.parametrize("neu", ["{}", "{parameter: {}}", "{parameter: null}", "{regel: null}", "[]", "null", "{x: 1}"])
def test_an_insertion_of_nothing_is_a_fault(tmp_path: Path, neu: str) -> None:
    operation = f"  - {{op: fuege_ein, ziel: dauer, neu: {neu}, beleg: {PRESS}}}"
    directory = edited(tmp_path, Edit(SECOND, "aenderungen:", f"aenderungen:\n{operation}"))
    (fault,) = faults_in(directory)
    assert fault.place.file == str(directory / SECOND)


def test_an_amended_item_without_evidence_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    old = (
        '{parameter: dauer_monate}\n    nummer: "3"\n    beleg: [{grad: presse, quelle: dorfbote, fundstelle: bericht}]'
    )
    edit = Edit(DAUER, old, old.partition("\n    beleg")[0])
    assert [fault.code for fault in faults_in(edited(tmp_path, edit))] == ["VIM014"]


def test_a_directory_that_is_missing_or_empty(tmp_path: Path) -> None:
    (fault,) = faults_in(tmp_path / "nirgends")
    assert fault.code == "VIM003"
    assert {fault.code for fault in faults_in(tmp_path)} >= {"VIM003"}


# The cache


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder in which parsed rule files are kept, empty as yet."""
    monkeypatch.delenv("VWV_IM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "vwv-im"


def all_of(regulation: Regulation) -> Iterator[object]:
    """Yield everything that a regulation says, with the place of each item."""
    yield from (regulation.acts, regulation.hashes, regulation.sources, regulation.readings, regulation.open_questions)
    for fassung in regulation.fassungen:
        yield [(item.id, item.act, item.place, item.model) for item in fassung]


def test_the_cache_gives_what_reading_gives(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path)
    read = list(all_of(load_regulation(directory)))
    assert list(cache.glob("*.json"))
    assert list(all_of(load_regulation(directory))) == read


def test_what_is_cached_is_not_parsed_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_regulation(TOY)
    monkeypatch.setattr("vwv_im.law.regulation.read_documents", lambda directory: pytest.fail("parsed again"))
    load_regulation(TOY)


def test_a_changed_file_is_not_served_stale(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path)
    first = load_regulation(directory)
    file = directory / SECOND
    file.write_text(file.read_text("utf-8").replace("neu: 36", "neu: 48"), "utf-8")
    second = load_regulation(directory)
    wert = [law.fassungen[-1].parameters["dauer_monate"].model.wert for law in (first, second)]
    assert wert == [36, 48]
    file.write_text(file.read_text("utf-8").replace("alt: 24", "alt: 25"), "utf-8")
    assert [fault.code for fault in faults_in(directory)] == ["VIM018"]


def test_faulty_rule_files_are_not_cached(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(SECOND, "alt: 24", "alt: 25"))
    assert faults_in(directory) == faults_in(directory) != ()
    assert not cache.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\x00", b"{", b"null", b"[]", b"{}", b"5", b"[[1, 2, 3]]", json.dumps([["a.yaml", {}, "x"]]).encode()],
)
def test_a_corrupt_cache_is_passed_over(cache: Path, content: bytes) -> None:
    read = list(all_of(load_regulation(TOY)))
    (file,) = cache.glob("*.json")
    file.write_bytes(content)
    assert list(all_of(load_regulation(TOY))) == read


def test_a_cache_that_cannot_be_written_is_no_fault(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("in the way")
    assert list(all_of(load_regulation(TOY))) == list(all_of(load_regulation(TOY)))
    assert cache.read_text() == "in the way"


def test_the_cache_can_be_switched_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")
    load_regulation(TOY)
    assert not cache.exists()


def test_a_rule_file_error_lists_its_faults(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        load_regulation(edited(tmp_path, Edit(SECOND, "alt: 24", "alt: 25")))
    assert caught.value.render("de").count("\n") == len(caught.value.faults) - 1
    assert "VIM018" in str(caught.value)


def test_days_are_not_added_up(tmp_path: Path) -> None:
    days = SUM.replace("stelle.vzae", "stelle.beschaeftigungsbeginn")
    (fault,) = faults_in(edited(tmp_path, Edit(UMFANG, SUM, days)))
    assert (fault.code, fault.message.en) == ("VIM017", "expected dezimal, given datum.")
