"""Reading a case: what is valid comes out exactly, what is not is told in full and never breaks."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import FACTS, RULES
from vwv_im.case import CaseError
from vwv_im.text import read_yaml
from vwv_im.text.messages import codes
from vwv_im.typed import Antrag, Case, Stelle, read_case

FULL_YAML = """\
antrag:
  art: erstantrag            # a remark
  antragsdatum: 2017-10-01
  durchfuehrung: [eigen]
  gezaehlte_personen: 166
  veroeffentlichter_planungsrahmen_eur: null
  antragsteller: {art: gemeinde, bundesland: BW, kreisangehoerig: true, landkreis: null, name: null, ags: "08435057"}
  mitglieder: []
  stellen:
    - bezeichnung: Stelle 1
      vzae: 0.5
      beschaeftigungsbeginn: 2017-10-01
      hochschulabschluss: bachelor
      fachrichtung: sozialwesen
      schulabschluss: null
      berufsausbildung: null
      zusatzvoraussetzung: null
      person_benannt: true
      stand_2018_12_31: besetzt
      verlaengerung_2019_beantragt: true
      verlaengerung_2020_beantragt: true
      verlaengerung_2022_beantragt: true
      bewilligte_gruppe: null
      nachbesetzt_ab: null
      unterbrechung_entgeltzahlung: false
person:
  gefluechtet: true
  anschlussunterbringung: true
  bleibeperspektive: null
  aus_ukraine: false
  ankunft: 2015-11-03
  familiennachzug: false
  anschlussunterbringung_am_2017_09_15: true
"""


def full() -> dict[str, Any]:
    """Return the case of `FULL_YAML` as Python data."""
    return {
        "antrag": {
            "art": "erstantrag",
            "antragsdatum": date(2017, 10, 1),
            "durchfuehrung": ("eigen",),
            "gezaehlte_personen": 166,
            "antragsteller": {"art": "gemeinde", "bundesland": "BW", "kreisangehoerig": True, "ags": "08435057"},
            "mitglieder": [],
            "stellen": [
                {
                    "bezeichnung": "Stelle 1",
                    "vzae": Decimal("0.5"),
                    "beschaeftigungsbeginn": date(2017, 10, 1),
                    "hochschulabschluss": "bachelor",
                    "fachrichtung": "sozialwesen",
                    "person_benannt": True,
                    "stand_2018_12_31": "besetzt",
                    "verlaengerung_2019_beantragt": True,
                    "verlaengerung_2020_beantragt": True,
                    "verlaengerung_2022_beantragt": True,
                    "unterbrechung_entgeltzahlung": False,
                }
            ],
        },
        "person": {
            "gefluechtet": True,
            "anschlussunterbringung": True,
            "aus_ukraine": False,
            "ankunft": date(2015, 11, 3),
            "familiennachzug": False,
            "anschlussunterbringung_am_2017_09_15": True,
        },
    }


def refused(source: Any) -> CaseError:
    """Return the error that reading `source` raises, having looked at every sentence of it."""
    with pytest.raises(CaseError) as caught:
        read_case(source)
    for fault in caught.value.faults:
        assert fault.code in codes("case") or fault.code.startswith("VIM00")
        for lang in ("de", "en"):
            line = fault.render(lang)
            assert "{value" not in line
            assert "{key" not in line
            assert "\n" not in line
            assert len(line) < 1000
    return caught.value


def of_application(**fields: object) -> dict[str, object]:
    return {"antrag": fields}


def of_post(**fields: object) -> dict[str, object]:
    return {"antrag": {"stellen": [fields]}}


def file(folder: Path, text: str | bytes, name: str = "fall.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# What is valid


def test_yaml_json_and_data_give_the_same_case(tmp_path: Path) -> None:
    case = read_case(full())
    plain = json.loads(case.model_dump_json())
    assert case.antrag is not None
    assert case.antrag.stellen is not None
    assert case.antrag.stellen[0].vzae == Decimal("0.5")
    assert case.antrag.antragsdatum == date(2017, 10, 1)
    assert read_case(file(tmp_path, FULL_YAML)) == case
    assert read_case(str(tmp_path / "fall.yaml")) == case
    assert read_case(file(tmp_path, json.dumps(plain), "fall.json")) == case
    assert read_case(plain) == case
    assert read_case(case.model_dump()) == case
    assert read_case(case) is case
    assert hash(read_case(plain)) == hash(case)


def test_absent_is_null_is_unknown() -> None:
    assert read_case({}) == read_case({"antrag": None, "person": None}) == Case()
    assert read_case({"antrag": {"stellen": None}}) == read_case({"antrag": {}})
    assert read_case({"antrag": {"mitglieder": []}}) != read_case({"antrag": {}})


def test_parts_may_be_models_already() -> None:
    case = Case(antrag=Antrag(stellen=(Stelle(vzae=Decimal("0.5")),)))
    assert read_case({"antrag": case.antrag}) == case
    assert read_case({"antrag": {"stellen": [Stelle(vzae=Decimal("0.5"))]}}) == case


@pytest.mark.parametrize(
    ("stated", "exact"),
    [
        (1, "1"),
        (0.1, "0.1"),
        (0.25, "0.25"),
        (-0.0, "0"),
        ("0.50", "0.5"),
        ("1.000", "1"),
        (Decimal("1E+2"), "100"),
        (Decimal("-0"), "0"),
        (Decimal("0.000001"), "0.000001"),
        (1000, "1000"),
    ],
)
def test_a_share_is_exact_and_plain(stated: object, exact: str) -> None:
    case = read_case(of_post(vzae=stated))
    assert case.antrag is not None
    assert case.antrag.stellen is not None
    assert str(case.antrag.stellen[0].vzae) == exact


def test_a_mapping_of_any_kind_is_read() -> None:
    class Frozen(Mapping[str, object]):
        def __init__(self, **items: object) -> None:
            self.items_ = items

        def __getitem__(self, key: str) -> object:
            return self.items_[key]

        def __iter__(self) -> Iterator[str]:
            return iter(self.items_)

        def __len__(self) -> int:
            return len(self.items_)

    assert read_case(Frozen(antrag=Frozen(gezaehlte_personen=166))) == read_case(of_application(gezaehlte_personen=166))


# What is refused: each line a value, the code, the path

FRAME = "veroeffentlichter_planungsrahmen_eur"

REFUSED: list[tuple[Any, str, str]] = [
    ({"antrg": {}}, "VIM101", "antrg"),
    (of_post(vzea=1), "VIM101", "antrag.stellen[0].vzea"),
    ({1: 2}, "VIM102", ""),
    ({"antrag": {("a", 1): 2}}, "VIM102", "antrag"),
    ([], "VIM103", ""),
    (b"antrag: {}", "VIM103", ""),
    ({"antrag": 5}, "VIM103", "antrag"),
    ({"antrag": [1]}, "VIM103", "antrag"),
    ({"person": Stelle()}, "VIM103", "person"),
    (of_application(stellen=["Stelle 1"]), "VIM103", "antrag.stellen[0]"),
    (of_application(stellen={"vzae": 1}), "VIM104", "antrag.stellen"),
    (of_application(stellen=iter([{}])), "VIM104", "antrag.stellen"),
    (of_application(durchfuehrung="eigen"), "VIM104", "antrag.durchfuehrung"),
    (of_application(durchfuehrung={"eigen"}), "VIM104", "antrag.durchfuehrung"),
    (None, "VIM105", ""),
    (of_application(stellen=[]), "VIM106", "antrag.stellen"),
    (of_application(durchfuehrung=[]), "VIM106", "antrag.durchfuehrung"),
    (of_application(**{f"k{number}": 1 for number in range(20)}), "VIM107", "antrag"),
    (of_application(stellen=[{}] * 1001), "VIM107", "antrag.stellen"),
    (of_application(mitglieder=[{}] * 1201), "VIM107", "antrag.mitglieder"),
    (of_application(durchfuehrung=["eigen", "dritte", "eigen"]), "VIM108", "antrag.durchfuehrung"),
    (of_application(durchfuehrung=["eigen", "dritter"]), "VIM109", "antrag.durchfuehrung[1]"),
    (of_application(art="Erstantrag"), "VIM109", "antrag.art"),
    (of_application(art=1), "VIM109", "antrag.art"),
    (of_application(art=["erstantrag"]), "VIM109", "antrag.art"),
    (of_application(antragsteller={"bundesland": "bw"}), "VIM109", "antrag.antragsteller.bundesland"),
    (of_application(gezaehlte_personen="166"), "VIM110", "antrag.gezaehlte_personen"),
    (of_application(gezaehlte_personen=166.0), "VIM110", "antrag.gezaehlte_personen"),
    (of_application(gezaehlte_personen=True), "VIM110", "antrag.gezaehlte_personen"),
    (of_application(gezaehlte_personen=Decimal(166)), "VIM110", "antrag.gezaehlte_personen"),
    (of_post(person_benannt="ja"), "VIM111", "antrag.stellen[0].person_benannt"),
    (of_post(person_benannt="yes"), "VIM111", "antrag.stellen[0].person_benannt"),
    (of_post(person_benannt="true"), "VIM111", "antrag.stellen[0].person_benannt"),
    (of_post(person_benannt=1), "VIM111", "antrag.stellen[0].person_benannt"),
    (of_post(vzae=True), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="halb"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=""), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=" 0.5"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="+0.5"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="-0.5"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=".5"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="1e2"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="٠.٥"), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="1" * 100_000), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=float("nan")), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=float("inf")), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=Decimal("sNaN")), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=Decimal("-Infinity")), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae=[0.5]), "VIM112", "antrag.stellen[0].vzae"),
    (of_post(vzae="0,5"), "VIM113", "antrag.stellen[0].vzae"),
    ({"antrag": {FRAME: "132.149,00"}}, "VIM113", f"antrag.{FRAME}"),
    (of_post(vzae=0.1 + 0.2), "VIM114", "antrag.stellen[0].vzae"),
    (of_post(vzae=1e-7), "VIM114", "antrag.stellen[0].vzae"),
    (of_post(vzae=Decimal("1e-999999")), "VIM114", "antrag.stellen[0].vzae"),
    ({"antrag": {FRAME: "51.000"}}, "VIM114", f"antrag.{FRAME}"),
    (of_post(vzae=-0.5), "VIM115", "antrag.stellen[0].vzae"),
    (of_post(vzae=1000.5), "VIM115", "antrag.stellen[0].vzae"),
    (of_post(vzae=Decimal("1e999999")), "VIM115", "antrag.stellen[0].vzae"),
    (of_post(vzae=10**100_000), "VIM115", "antrag.stellen[0].vzae"),
    (of_application(gezaehlte_personen=-1), "VIM115", "antrag.gezaehlte_personen"),
    (of_application(gezaehlte_personen=1_000_001), "VIM115", "antrag.gezaehlte_personen"),
    (of_application(gezaehlte_personen=10**100_000), "VIM115", "antrag.gezaehlte_personen"),
    (of_application(antragsdatum="01.10.2017"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="2018-1-1"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="20180101"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="heute"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum=" 2018-01-01"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="2018-01-01\n"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="٢٠١٨-01-01"), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum=1_514_764_800), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum=1_514_764_800.0), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum=True), "VIM116", "antrag.antragsdatum"),
    (of_application(antragsdatum="2018-02-30"), "VIM117", "antrag.antragsdatum"),
    (of_application(antragsdatum="2018-13-01"), "VIM117", "antrag.antragsdatum"),
    (of_application(antragsdatum="0000-01-01"), "VIM117", "antrag.antragsdatum"),
    (of_application(antragsdatum="1899-12-31"), "VIM118", "antrag.antragsdatum"),
    (of_application(antragsdatum=date(2201, 1, 1)), "VIM118", "antrag.antragsdatum"),
    (of_application(antragsdatum="2018-01-01T00:00:00Z"), "VIM119", "antrag.antragsdatum"),
    (of_application(antragsdatum=datetime(2018, 1, 1, tzinfo=UTC)), "VIM119", "antrag.antragsdatum"),
    (of_application(antragsteller={"landkreis": 5}), "VIM120", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": " "}), "VIM121", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "x" * 201}), "VIM122", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "a\tb"}), "VIM123", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "a\u202eb"}), "VIM123", "antrag.antragsteller.landkreis"),
    *(
        (of_application(antragsteller={"landkreis": f"a{chr(code)}b"}), "VIM123", "antrag.antragsteller.landkreis")
        for code in (0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF)
    ),
    (of_application(antragsteller={"landkreis": "\ud800"}), "VIM123", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "Bodensekreis"}), "VIM125", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "Kreis"}), "VIM125", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"landkreis": "Stuttgart, Stadtkreis"}), "VIM125", "antrag.antragsteller.landkreis"),
    (of_application(antragsteller={"bundesland": "BW", "landkreis": "x"}), "VIM125", "antrag.antragsteller.landkreis"),
    (of_application(mitglieder=[{"landkreis": "Rosenheim"}]), "VIM125", "antrag.mitglieder[0].landkreis"),
    (of_application(antragsteller={"art": "zusammenschluss"}, mitglieder=[]), "VIM106", "antrag.mitglieder"),
    (of_application(antragsteller={"ags": 8111000}), "VIM124", "antrag.antragsteller.ags"),
    (of_application(antragsteller={"ags": "8111000"}), "VIM124", "antrag.antragsteller.ags"),
    (of_application(antragsteller={"ags": "٠٨١١١٠٠٠"}), "VIM124", "antrag.antragsteller.ags"),
]


@pytest.mark.parametrize(("source", "code", "path"), REFUSED, ids=lambda part: part if isinstance(part, str) else "-")
def test_refused(source: Any, code: str, path: str) -> None:
    (fault,) = refused(source).faults
    assert (fault.code, fault.path) == (code, path)
    assert fault.hint is not None
    assert str(fault.place) == "<case>"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Bodenseekreis", "Bodenseekreis"),
        ("Landkreis Bodenseekreis", "Bodenseekreis"),
        ("bodenseekreis", "Bodenseekreis"),
        ("LK Göppingen", "Göppingen"),
        ("Lkr. Göppingen", "Göppingen"),
        ("Goeppingen", "Göppingen"),
        ("Göppingen, Landkreis", "Göppingen"),
        ("Rems-Murr Kreis", "Rems-Murr-Kreis"),
    ],
)
def test_a_name_of_the_list_is_known_by_every_spelling(written: str, name: str) -> None:
    case = read_case(of_application(antragsteller={"landkreis": written}, mitglieder=[{"landkreis": written}]))
    found = case.model_dump()["antrag"]
    assert found["antragsteller"]["landkreis"] == found["mitglieder"][0]["landkreis"] == name


def test_every_kreis_is_known_by_its_name_and_with_a_word_beside_it() -> None:
    kreise = read_yaml(RULES / "kreise.yaml").data
    assert Counter(entry["art"] for entry in kreise["eintraege"]) == {"landkreis": 35, "stadtkreis": 9}
    for entry in kreise["eintraege"]:
        name = entry["name"]
        landkreis = entry["art"] == "landkreis"
        for written in (name, name.upper(), *(f"{word} {name}" for word in kreise["weglassbar"])):
            case = {"landkreis": written, "ags": f"{entry['schluessel']}001", "bundesland": "BW"}
            if landkreis:
                assert (
                    read_case(of_application(antragsteller=case)).model_dump()["antrag"]["antragsteller"]["landkreis"]
                    == name
                )
            else:
                assert [fault.code for fault in refused(of_application(antragsteller=case)).faults] == ["VIM125"]


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    (fault,) = refused(of_application(antragsteller={"landkreis": "Bodensekreis"})).faults
    assert "„Bodenseekreis“" in str(fault.hint)


def test_elsewhere_any_name_may_stand() -> None:
    case = read_case(of_application(antragsteller={"bundesland": "BY", "landkreis": "Rosenheim"}))
    assert case.model_dump()["antrag"]["antragsteller"]["landkreis"] == "Rosenheim"


def test_every_code_is_reached() -> None:
    assert {code for _, code, _ in REFUSED} == set(codes("case")) - {"VIM198", "VIM199"}


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (of_post(vzae="0,5"), "'0,5' hat ein Komma. Schreiben Sie einen Punkt: 0.5"),
        (of_post(vzea=1), "Die Angabe 'vzea' gibt es hier nicht. Meinten Sie 'vzae'?"),
        ({"x": 1}, "Die Angabe 'x' gibt es hier nicht. Möglich sind: antrag, foerderung, person."),
        (of_application(antragsdatum="1.10.2017"), "Schreiben Sie das Datum als JJJJ-MM-TT, zum Beispiel 2017-10-01."),
        (of_application(antragsdatum="2018-1-1"), "zum Beispiel 2018-01-01."),
        (of_application(antragsdatum="2018-05-06 10:00"), "zum Beispiel 2018-05-06."),
        (of_post(person_benannt="ja"), "'ja' ist kein Wahrheitswert. Schreiben Sie true oder false"),
        (
            of_post(fachrichtung="sozialwessen"),
            "Möglich sind: sozialwesen, andere_geeignete, nicht_geeignet. Meinten Sie 'sozialwesen'?",
        ),
        (of_application(durchfuehrung=["eigen", "eigen"]), "Der Eintrag eigen steht mehr als einmal in der Liste."),
    ],
)
def test_the_sentence_names_value_and_remedy(source: Any, sentence: str) -> None:
    assert sentence in refused(source).render("de")


def test_all_faults_at_once() -> None:
    data = full()
    data["antrag"]["stellen"][0] |= {"vzae": "0,5", "person_benannt": "ja", "vzea": 1}
    data["antrag"]["gezaehlte_personen"] = "166"
    data["person"]["ankunft"] = 5
    data["persn"] = {}
    assert {fault.path for fault in refused(data).faults} == {
        "antrag.stellen[0].vzae",
        "antrag.stellen[0].person_benannt",
        "antrag.stellen[0].vzea",
        "antrag.gezaehlte_personen",
        "person.ankunft",
        "persn",
    }


def test_a_private_value_is_not_repeated() -> None:
    name = "Erika Musterfrau\n"
    error = refused({"antrag": {"antragsteller": {"name": name}, "stellen": [{"bezeichnung": name * 50}]}})
    assert len(error.faults) == 2
    assert "Erika" not in str(error) + error.render("de")


# Files


def test_faults_of_a_file_stand_in_its_order_with_line_and_column(tmp_path: Path) -> None:
    text = FULL_YAML.replace("vzae: 0.5", "vzae: 0,5").replace("ankunft: 2015-11-03", "ankunft: 1446508800")
    text = text.replace("art: erstantrag ", "art: erstantrg ").replace("person:\n", "person:\n  gefluechtet: true\n")
    error = refused(file(tmp_path, text))
    found = [(fault.code, fault.place.line, fault.place.column, fault.path) for fault in error.faults]
    assert found == [
        ("VIM109", 2, 8, "antrag.art"),
        ("VIM113", 11, 13, "antrag.stellen[0].vzae"),
        ("VIM002", 28, 3, "person.gefluechtet"),
        ("VIM116", 32, 12, "person.ankunft"),
    ]
    assert error.faults[0].place.file == str(tmp_path / "fall.yaml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "VIM105"),
        ("# only a remark\n", "VIM105"),
        ("null\n", "VIM105"),
        ("- 1\n", "VIM103"),
        ("antrag\n", "VIM103"),
        ("antrag: {stellen: []}\n", "VIM106"),
        ("antrag: [\n", "VIM001"),
        ("antrag: {}\n---\nperson: {}\n", "VIM001"),
        ("antrag: {}\nantrag: {}\n", "VIM002"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "VIM004"),
        ("antrag: {art: erstantrag}".encode("utf-16"), "VIM004"),
        ("[" * 5000, "VIM005"),
        ("\n".join(f"{'  ' * depth}a:" for depth in range(100)), "VIM005"),
        ("a: &a [1]\nb: [*a, *a]\n", "VIM006"),
        ("antrag: {antragsteller: {kreisangehoerig: yes}}", "VIM111"),
        ("antrag: {antragsteller: {ags: 08111000}}", "VIM124"),
        ("antrag: {antragsdatum: 2018-01-01T10:00:00Z}", "VIM119"),
        ("antrag: {veroeffentlichter_planungsrahmen_eur: .inf}", "VIM112"),
        ("antrag: {veroeffentlichter_planungsrahmen_eur: 1e999999}", "VIM115"),
        ("antrag: {gezaehlte_personen: 1_000}", "VIM110"),
        ("antrag: {gezaehlte_personen: 166.0}", "VIM110"),
    ],
)
def test_a_faulty_yaml_file(tmp_path: Path, text: str | bytes, code: str) -> None:
    (fault,) = refused(file(tmp_path, text)).faults
    assert fault.code == code
    assert fault.place.file == str(tmp_path / "fall.yaml")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "VIM105"),
        ("null", "VIM105"),
        ("[]", "VIM103"),
        ("{", "VIM001"),
        ('{"antrag": {}, "antrag": {}}', "VIM002"),
        ('{"antrag": {"gezaehlte_personen": 166.0}}', "VIM110"),
        ('{"antrag": {"gezaehlte_personen": ' + "9" * 5000 + "}}", "VIM110"),
        ('{"antrag": {"veroeffentlichter_planungsrahmen_eur": NaN}}', "VIM112"),
        ('{"antrag": {"antragsdatum": 1514764800}}', "VIM116"),
        ('{"antrag": ' * 200 + "{}" + "}" * 200, "VIM005"),
        ("[" * 100_000, "VIM005"),
    ],
)
def test_a_faulty_json_file(tmp_path: Path, text: str, code: str) -> None:
    assert code in {fault.code for fault in refused(file(tmp_path, text, "fall.json")).faults}


def test_a_decimal_comma_in_braces_is_no_share_of_zero(tmp_path: Path) -> None:
    (fault,) = refused(file(tmp_path, "antrag: {stellen: [{vzae: 0,5}]}")).faults
    assert fault.hint is not None
    assert "zum Beispiel 0.5" in fault.hint.de


@pytest.mark.parametrize("name", ["fall.yaml", "fall.json"])
def test_an_exponent_that_no_decimal_can_hold(tmp_path: Path, name: str) -> None:
    text = '{"antrag": {"veroeffentlichter_planungsrahmen_eur": 1e99999999999999999999}}'
    assert refused(file(tmp_path, text, name)).faults


def test_a_directory_and_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "keine.yaml", str(tmp_path / "a\0b"), "x" * 300, ""):
        (fault,) = refused(path).faults
        assert fault.code == "VIM003"


def test_a_file_may_hold_as_many_entries_as_a_case(tmp_path: Path) -> None:
    entry = {"person": "x", "stelle": "A", "von": "2018-01-01", "bis": "2018-01-31", "vzae": "0.5"}
    more = {"hochschulabschluss": "bachelor", "fachrichtung": "sozialwesen", "schulabschluss": "hochschulreife"}
    last = {"berufsausbildung": True, "zusatzvoraussetzung": True, "personalkosten_eur": "1000.50"}
    full = {**entry, **more, **last, "entgelt_unterbrochen": [{"von": "2018-01-05", "bis": "2018-01-06"}]}
    path = file(tmp_path, json.dumps({"foerderung": {"beschaeftigungen": [full] * 10_000}}, indent=2), "fall.json")
    case = read_case(path)
    assert case.foerderung is not None
    assert len(case.foerderung.beschaeftigungen or ()) == 10_000


def test_aliases_that_explode(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60))]
    with bounded():
        assert refused(file(tmp_path, "\n".join(lines))).faults[0].code == "VIM006"


@pytest.mark.parametrize("name", ["fall.yaml", "fall.json"])
def test_fifty_megabytes(tmp_path: Path, name: str) -> None:
    line = b"- {vzae: 0.5, fachrichtung: sozialwesen, person_benannt: true}\n"
    path = file(tmp_path, line * (50 * 1024 * 1024 // len(line)), name)
    with bounded():
        (fault,) = refused(path).faults
    assert fault.code == "VIM005"


class bounded:  # noqa: N801 - reads as a word
    """Fails when the block takes more than 30 MB. (How long it takes depends on the machine.)"""

    def __enter__(self) -> None:
        tracemalloc.start()

    def __exit__(self, *_: object) -> None:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 30_000_000


# Data that is hostile


class Broken(Mapping[str, object]):
    """A mapping that breaks when it is looked at."""

    def __getitem__(self, key: str) -> object:
        raise RuntimeError(key)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError

    def __len__(self) -> int:
        raise RuntimeError


class Endless(Mapping[str, object]):
    """A mapping that has no end."""

    def __getitem__(self, key: str) -> object:
        return key

    def __iter__(self) -> Iterator[str]:
        number = 0
        while True:
            number += 1
            yield f"k{number}"

    def __len__(self) -> int:
        return 0


class Loud:
    """A value that breaks when it is shown, compared, counted or turned into anything."""

    def __repr__(self) -> str:
        raise RuntimeError

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __hash__(self) -> int:
        return 7

    def __len__(self) -> int:
        raise RuntimeError

    def __index__(self) -> int:
        raise RuntimeError

    __int__ = __bool__ = __index__


class ArrayLike:
    """A number as numpy would hand it over: it has the value but not the type."""

    def __index__(self) -> int:
        return 1

    def __float__(self) -> float:
        return 1.0

    def __array__(self) -> object:
        return [1]


def looped() -> dict[str, Any]:
    loop: dict[str, Any] = {}
    loop["antrag"] = loop
    loop["person"] = [loop]
    return loop


def deep(levels: int) -> Any:
    data: Any = {}
    for _ in range(levels):
        data = {"antrag": [data]}
    return data


def doubled() -> Any:
    data: Any = {"vzae": 1}
    for _ in range(60):
        data = [data, data]
    return {"antrag": {"stellen": data, "mitglieder": data, "art": data}}


@pytest.mark.parametrize(
    "source",
    [
        Broken(),
        {"antrag": Broken()},
        Endless(),
        {"antrag": {"antragsteller": Endless()}},
        {"antrag": Loud()},
        {Loud(): 1},
        {"antrag": {Loud(): Loud()}},
        *(
            {"antrag": {"stellen": [{fact.path.split(".")[1]: value}]}}
            for value in (Loud(), ArrayLike(), object(), b"x", 1j, Stelle, Exception("x"))
            for fact in FACTS.values()
            if fact.scope == "stelle"
        ),
        looped(),
        {"antrag": {"stellen": [looped()]}},
        deep(50_000),
        doubled(),
        {f"k{number}": 1 for number in range(1_000_000)},
        {"antrag": {"stellen": [dict.fromkeys("abcdefghijklmnopqrstuvwx")] * 1000}},
        {"antrag": {"stellen": [1] * 2_000_000}},
        {"x" * 1_000_000: 1},
        of_application(art="x" * 5_000_000),
        of_application(antragsdatum="1" * 5_000_000),
        of_post(vzae=Decimal("0." + "1" * 100_000)),
        iter([{}]),
        map(str, [1]),
        5,
        object(),
    ],
    ids=lambda _: "-",
)
def test_hostile_data_is_refused_within_bounds(source: Any) -> None:
    with bounded():
        error = refused(source)
    assert 1 <= len(error.faults) <= 501


def test_too_many_faults_are_counted() -> None:
    *listed, last = refused({"antrag": {"stellen": [{"x": 1}] * 1000}}).faults
    assert len(listed) == 500
    assert (last.code, last.message.de) == ("VIM198", "500 weitere Fehler sind nicht aufgeführt.")


WORDS = sorted({word for path in FACTS for word in path.split(".")} | {"stellen", "mitglieder", "antragsteller"})
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.dates()
    | st.datetimes()
    | st.text()
    | st.binary()
    | st.sampled_from(sorted({value for fact in FACTS.values() for value in fact.values}))
    | st.sampled_from(["0.5", "0,5", "2018-01-01", "2018-02-30", "08111000"])
)
KEYS = st.sampled_from(WORDS) | st.text() | st.integers() | st.none()
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(KEYS, inner), max_leaves=30
)


def _fields(scope: str) -> st.SearchStrategy[dict[str, Any]]:
    names = [fact.path.rpartition(".")[2] for fact in FACTS.values() if fact.path.startswith(f"{scope}.")]
    return st.dictionaries(st.sampled_from(names), ANYTHING, max_size=4)


SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "antrag": st.fixed_dictionaries(
            {},
            optional={
                "art": ANYTHING,
                "antragsdatum": ANYTHING,
                "durchfuehrung": ANYTHING,
                "antragsteller": _fields("antrag.antragsteller"),
                "mitglieder": st.lists(_fields("mitglied"), max_size=3),
                "stellen": st.lists(_fields("stelle"), max_size=3),
            },
        ),
        "person": _fields("person"),
    },
)


def _reads_or_refuses(source: Any) -> None:
    try:
        case = read_case(source)
    except CaseError as error:
        assert error.faults  # noqa: PT017
        error.render("de").encode("utf-8")
        str(error).encode("utf-8")
    else:
        assert read_case(json.loads(case.model_dump_json())) == case


@given(ANYTHING.filter(lambda data: not isinstance(data, str)) | SHAPED)
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
def test_any_data_is_read_or_refused(data: Any) -> None:
    _reads_or_refuses(data)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from([".yaml", ".json"]),
    st.integers(0, len(FULL_YAML)),
)
@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
def test_any_file_is_read_or_refused(tmp_path: Path, noise: bytes, suffix: str, position: int) -> None:
    whole = FULL_YAML.encode()
    for content in (noise, whole[:position] + noise + whole[position:]):
        _reads_or_refuses(file(tmp_path, content, f"fall{suffix}"))


@pytest.mark.parametrize(
    ("form", "value", "words"),
    [
        ("data", "ja", "true oder false"),
        ("cell", "vielleicht", "ja oder nein"),
        ("frame", 1, "Spalte"),
    ],
)
def test_a_hint_fits_where_the_value_is_stated(form: Any, value: object, words: str) -> None:
    with pytest.raises(CaseError, match="truth value") as caught:
        read_case(of_post(person_benannt=value), form)
    assert words in caught.value.render("de")


def test_a_case_in_json_is_not_told_about_lines_and_indentation(tmp_path: Path) -> None:
    posts = {"antrag": {"stellen": {"vzae": 1}}}
    told = {
        name: refused(file(tmp_path, json.dumps(posts), name)).faults[0].render("de")
        for name in ("fall.yaml", "fall.json")
    }
    assert "eine Zeile mit '- '" in told["fall.yaml"]
    assert "Zeile" not in told["fall.json"]
    assert "eckige Klammern" in told["fall.json"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("fall.yaml", "antrag: {stellen: [{vzae: 1}", "hier fehlt ein Komma oder eine"),
        ("fall.yaml", "antrag:\n  art: a: b", "Doppelpunkt"),
        ("fall.json", '{"antrag": {}', "hier fehlt ein Komma oder eine Klammer"),
        ("fall.json", '{"antrag": }', "hier fehlt ein Wert"),
    ],
)
def test_what_a_parser_found_is_said_in_german(tmp_path: Path, name: str, text: str, words: str) -> None:
    (fault,) = refused(file(tmp_path, text, name)).faults
    assert words in fault.message.de
    assert "expect" not in fault.message.de.lower()
    assert "expect" in fault.message.en.lower() or "not allowed" in fault.message.en


@pytest.mark.parametrize("written", ["0.5000000", "0.50000000000000000000", Decimal("0.50000000")])
def test_zeros_beyond_the_decimals_change_nothing(written: object) -> None:
    case = Case.model_validate(of_post(vzae=written))
    assert case.antrag is not None
    assert case.antrag.stellen is not None
    assert str(case.antrag.stellen[0].vzae) == "0.5"
