"""Checking sound rule files: each kind of finding is told once, with its place, in both languages."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from typer.testing import CliRunner

from support import ROOT, TOY, Edit, edited, place_of
from vwv_im.cli.main import app
from vwv_im.law.regulation import load_regulation, rules_directory
from vwv_im.review.diagnostics.examine import examine
from vwv_im.text import Fault
from vwv_im.text.messages import codes, findings

BASE = "2001-03-01-stammfassung"
UMFANG, DAUER, PERSONAL = (f"{BASE}/{name}.yaml" for name in ("umfang", "dauer", "personal"))
FIRST, SECOND = "2002-06-01-aenderung.yaml", "2003-06-01-aenderung.yaml"
END = "2005-01-01-nachfolge.yaml"
PRESS = "[{grad: presse, quelle: dorfbote, fundstelle: bericht}]"
TRAINED = "        dann: gelernt\n"
NAMED = "bedingung: {fakt: stelle.person_benannt, ist: true}"
CITY = "gilt_fuer: {fakt: antrag.antragsteller.art, ist: stadtkreis}"
HOME = "{fakt: antrag.antragsteller.bundesland, ist: BW}"
EVERYONE = "{fakt: antrag.antragsteller.kreisangehoerig, ist: true}"
TOLD = "kurz: {de: Ein Satz., en: A sentence.}"
UNUSED = f"ungenutzt: {{titel: {{de: Rest, en: remainder}}, {TOLD}, wert: 1, nummer: null, beleg: {PRESS}}}"
TWIN = "{alle: [{fakt: stelle.schulabschluss, ist: hochschulreife}, {fakt: stelle.berufsausbildung, ist: true}]}"
RIVAL = "{fakt: stelle.schulabschluss, ist: hochschulreife}"
BEGUN = "fakt: stelle.beschaeftigungsbeginn"
DAYS = ", ".join(f'{{{BEGUN}, nach: "{year}-01-01"}}' for year in range(1930, 2010))
CHAIN = f"{{{BEGUN}, vor: {{fakt: entscheidung.tag}}}}"
SOURCE = (
    "{id: kirchenbuch, titel: Kirchenbuch, herausgeber: Pfarre, datum: null, url: null, grad: presse, "
    "spricht_ueber: ordnung}"
)
POINT = f"""id: sonntags
    frage: {{de: Gilt das sonntags?, en: Does it apply on Sundays?}}
    lesarten:
      ja: {{titel: {{de: ja, en: "yes"}}, beleg: {PRESS}}}
      nein: {{titel: {{de: nein, en: "no"}}, beleg: {PRESS}}}
    vorgabe: ja
"""
RENUMBERED = f"""- op: ersetze
    ziel: gelernt.nummer
    alt: "5"
    neu: "6"
    beleg: {PRESS}
"""
YEARLY = f"""  - id: bericht
    titel: {{de: "Bericht an {{wen}}", en: Report to the village}}
    {TOLD}
    faellig: {{jaehrlich: {{am: "02-28", erstes_berichtsjahr: 2002, bis: {{fakt: entscheidung.tag}}}}}}
    nummer: null
    beleg: {PRESS}
"""
SOFT = "alt: soll\n    neu: muss\n"
EARLY = '{fakt: stelle.beschaeftigungsbeginn, vor: "2001-01-01"}'
NEVER = f"""  - id: zu-frueh
    titel: {{de: Zu früh begonnen, en: Started too early}}
    {TOLD}
    ergibt: stelle.zu_frueh
    typ: wahrheitswert
    wenn: {{alle: [{EARLY}, {EARLY.replace("vor", "nach")}]}}
    nummer: null
    beleg: {PRESS}
"""
LIMIT = f"nummer: null\n    beleg: {PRESS}\nableitungen"
STATED = "titel: {de: Die Person steht fest, en: The person is known}"

# code, file, what stands there, what is written instead, where the finding is
FIXTURES = [
    ("VIM030", UMFANG, "antrag.gesamtumfang\n", "antrag.gesamtumfang\n    zwischenwert: true\n", "antrag.gesamtumfang"),
    ("VIM031", PERSONAL, HOME, EVERYONE, ("sachverhalt.yaml", "titel: {de: Bundesland")),
    ("VIM032", UMFANG, "parameter:\n  mindest", f"parameter:\n  {UNUSED}\n  mindest", "{titel: {de: Rest"),
    ("VIM033", UMFANG, CITY, f"gilt_fuer: {{alle: [{CITY[11:]}, {CITY[11:-11]}gemeinde}}]}}", "{alle: ["),
    ("VIM034", PERSONAL, TRAINED, f"{TRAINED}      - {{wenn: {TWIN}, dann: gelernt}}\n", "{wenn: {alle"),
    ("VIM035", PERSONAL, NAMED, NAMED.replace("{", "{eine: [{") + f", {{nicht: {NAMED[11:]}}}]}}", "{eine: ["),
    ("VIM036", PERSONAL, NAMED, NAMED.replace("{", "{alle: [{") + f", {{nicht: {NAMED[11:]}}}]}}", "{alle: ["),
    ("VIM036", PERSONAL, "ableitungen:\n", f"ableitungen:\n{NEVER}", "{alle: ["),
    ("VIM037", PERSONAL, TRAINED, f"{TRAINED}      - {{wenn: {RIVAL}, dann: ungelernt}}\n", "{wenn: {fakt"),
    ("VIM038", PERSONAL, "      - dann: ungelernt\n", "", "- wenn:\n"),
    ("VIM039", PERSONAL, "    faelle:\n", "    treffer: erste\n    faelle:\n", "erste"),
    ("VIM039", PERSONAL, "    faelle:\n", "    luecke: Niemand weiß es.\n    faelle:\n", "Niemand"),
    ("VIM040", PERSONAL, NAMED, f"bedingung: {{eine: [{NAMED[11:]}, {CHAIN}, {DAYS}]}}", "id: person-benannt"),
    ("VIM041", "quellen.yaml", "  - {id: dorfbote", f"  - {SOURCE}\n  - {{id: dorfbote", "kirchenbuch, titel"),
    (
        "VIM041",
        "quellen.yaml",
        "grad: wortlaut,",
        "grad: wortlaut, ohne_beleg: Liegt im Rathaus.,",
        "Liegt im Rathaus",
    ),
    ("VIM042", "auslegungen.yaml", "id: kleine_stellen", f"{POINT}  - id: kleine_stellen", "sonntags\n"),
    (
        "VIM042",
        "auslegungen.yaml",
        "    vorgabe: verboten",
        f"      nachts:\n        titel: {{de: nachts, en: at night}}\n        beleg: {PRESS}\n    vorgabe: verboten",
        "titel: {de: nachts",
    ),
    (
        "VIM043",
        SECOND,
        "- op: ersetze\n    ziel: gelernt",
        f"{RENUMBERED}  - op: ersetze\n    ziel: gelernt",
        "op: ersetze\n    ziel: gelernt.nummer",
    ),
    ("VIM043", END, "akt:\n", f"aenderungen:\n  {RENUMBERED}akt:\n", "op: ersetze"),
    ("VIM044", SECOND, SOFT, f"{SOFT}    ohne_wirkung: Nur ein Wort.\n", "Nur ein Wort"),
    ("VIM045", PERSONAL, STATED, STATED.replace("The person is known", '" "'), "{de: Die Person steht fest"),
    ("VIM045", PERSONAL, STATED, STATED.replace("The person is known", "Die Person steht fest"), "{de: Die Person st"),
    ("VIM045", PERSONAL, STATED, STATED.replace("The person is known", "Wer es ist und mit wem"), "{de: Die Person st"),
    ("VIM045", PERSONAL, ", ungelernt: {de: ungelernt, en: untrained}", "", "[gelernt, ungelernt]"),
    ("VIM046", PERSONAL, "widersprueche:\n", f"pflichten:\n{YEARLY}widersprueche:\n", "id: bericht"),
    ("VIM047", UMFANG, LIMIT, LIMIT.replace("presse", "amtlich"), "amtlich"),
    ("VIM049", UMFANG, LIMIT, LIMIT.replace(", fundstelle: bericht", ""), "presse, quelle: dorfbote}"),
    ("VIM048", UMFANG, LIMIT, LIMIT.replace("presse", "annahme, herleitung: Man sagt es"), "annahme"),
]


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")


def findings_in(directory: Path, grade: str | None = None) -> tuple[Fault, ...]:
    return examine(load_regulation(directory), grade)  # type: ignore[arg-type]


@cache
def known(grade: str | None = None) -> frozenset[tuple[str, str, str]]:
    """Return what is found in the toy: most of what a case may state, its village does not ask for, nor explain."""
    return frozenset((finding.code, finding.path, finding.message.en) for finding in findings_in(TOY, grade))


def new_in(directory: Path, grade: str | None = None) -> list[Fault]:
    before = known(grade)
    return [f for f in findings_in(directory, grade) if (f.code, f.path, f.message.en) not in before]


def test_the_toy_only_leaves_statements_unread_and_tells_nothing_for_people() -> None:
    assert {code for code, _, _ in known()} == {"VIM031", "VIM045"}
    assert {said for code, _, said in known() if code == "VIM045"} == {
        f"texts for people are missing: {texts}." for texts in ("kurz", "titel_nein, kurz", "inhalt")
    }


def test_there_is_a_fixture_for_every_finding() -> None:
    assert sorted({code for code, *_ in FIXTURES}) == sorted(findings())
    assert not findings().keys() & codes("rules").keys()


@pytest.mark.parametrize(
    ("code", "file", "old", "new", "at"), FIXTURES, ids=[f"{row[0]}-{number}" for number, row in enumerate(FIXTURES)]
)
def test_a_finding_is_told_once_with_its_place(
    tmp_path: Path, code: str, file: str, old: str, new: str, at: str | tuple[str, str]
) -> None:
    directory = edited(tmp_path, Edit(file, old, new))
    found = new_in(directory, "presse" if code == "VIM048" else None)
    assert [finding.code for finding in found] == [code], "\n".join(finding.render() for finding in found)
    (finding,) = found
    where, text = (file, at) if isinstance(at, str) else at
    assert finding.place == place_of(directory / where, text)
    assert finding.hint is not None
    for text_ in (finding.message, finding.hint):
        assert text_.de.strip()
        assert text_.en.strip()
        assert text_.de != text_.en
    assert finding.render("de").startswith(f"{finding.place} {code} ")


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["check", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_the_rule_files_of_the_library_are_clean() -> None:
    assert run(str(rules_directory())) == (0, "Keine Befunde.\n", "")
    assert run("--lang", "en") == (0, "No findings.\n", "")


def test_the_command_prints_a_finding_a_line(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(SECOND, SOFT, f"{SOFT}    ohne_wirkung: Nur ein Wort.\n"))
    status, out, err = run(str(directory), "--lang", "en")
    (line,) = [line for line in out.splitlines() if "VIM044" in line]
    assert status == 1
    assert line.endswith("VIM044 ersetze gelernt.art: the operation changes a plan. Remove 'ohne_wirkung'.")
    assert err == f"{len(out.splitlines())} findings.\n"


def test_findings_as_json(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(SECOND, SOFT, f"{SOFT}    ohne_wirkung: Nur ein Wort.\n"))
    status, out, _ = run(str(directory), "--format", "json")
    (finding,) = [entry for entry in json.loads(out)["findings"] if entry["code"] == "VIM044"]
    assert status == 1
    assert (finding["line"], finding["column"]) == place_of(directory / SECOND, "Nur ein Wort")[1:]
    assert finding["message"]["en"] == "the operation changes a plan."


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_rule_files_that_cannot_be_used_end_with_2(tmp_path: Path, form: str) -> None:
    directory = edited(tmp_path, Edit(UMFANG, "mindestens: {parameter: mind", "mindestens: {parameter: min"))
    status, out, _ = run(str(directory), "--format", form)
    assert status == 2
    assert "VIM013" in out


def test_a_directory_that_is_none_and_a_grade_that_is_none_are_bad_input(tmp_path: Path) -> None:
    status, out, _ = run(str(tmp_path / "nirgends"))
    assert (status, "VIM003" in out) == (2, True)
    status, _, err = run("--grade", "amtlch")
    assert (status, "Meinten Sie 'amtlich'?" in err) == (2, True)


def test_a_sarif_log_names_the_file_relative_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = edited(tmp_path, Edit(SECOND, SOFT, f"{SOFT}    ohne_wirkung: Nur ein Wort.\n"))
    monkeypatch.chdir(tmp_path)
    status, out, _ = run("regeln", "--format", "sarif")
    (found,) = json.loads(out)["runs"]
    (result,) = [entry for entry in found["results"] if entry["ruleId"] == "VIM044"]
    _, line, column = place_of(directory / SECOND, "Nur ein Wort")
    assert status == 1
    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": f"regeln/{SECOND}"},
                "region": {"startLine": line, "startColumn": column},
            }
        }
    ]
    assert found["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "VIM044"


@pytest.mark.node
def test_a_sarif_log_keeps_to_the_official_schema(tmp_path: Path) -> None:
    schema = ROOT / "tests/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
    if not schema.is_file():
        pytest.skip("das Schema von SARIF ist nicht installiert: npm ci")
    faulty = edited(tmp_path, Edit(UMFANG, "mindestens: {parameter: mind", "mindestens: {parameter: min"))
    validator = Draft4Validator(json.loads(schema.read_text("utf-8")))
    for directory in (TOY, faulty):
        validator.validate(json.loads(run(str(directory), "--format", "sarif", "--grade", "wortlaut")[1]))
