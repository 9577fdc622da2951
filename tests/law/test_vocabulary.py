"""A faulty `sachverhalt.yaml` or `pruefschema.yaml` is refused like any rule file: all faults at once, each with its
place, its code and what helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import TESTS, Edit, edited, faults_in

WORLD = TESTS / "welt" / "regeln"
FILE, QUESTIONS = "sachverhalt.yaml", "pruefschema.yaml"
PLANT = "  anlage:\n    teil_von: hof\n"
SERIES = "    reihe: {von: {fakt: anlage.inbetriebnahme}, bis: {fakt: anlage.beihilfeende}, schritt: kalenderjahr}"
POWER = "        hilfe: Die Leistung in kW.\n        typ: dezimal\n        einheit: kW\n"
SITE = "          hang: {de: am Hang, en: on the slope}\n"
FAULTY = {
    "unknown parent": (FILE, PLANT, "  anlage:\n    teil_von: haf\n", ("VIM016", "entitaeten.anlage.teil_von", "'hof'")),
    "a cycle": (
        FILE, "  hof:\n", "  hof:\n    teil_von: anlage\n    liste: hoefe\n    mehrzahl: {de: Höfe, en: farms}\n",
        ("VIM019", "entitaeten.hof.teil_von", None), ("VIM019", "entitaeten.anlage.teil_von", None),
    ),
    "a value without a title": (FILE, SITE, "          hang: {de: am Hang}\n", ("VIM010", "…hof.angaben.lage.werte.hang", None)),
    "a value without anything": (FILE, SITE, "          hang: null\n", ("VIM015", "…hof.angaben.lage.werte.hang", None)),
    "a type that does not exist": (FILE, POWER, POWER.replace("dezimal", "dezimall"), ("VIM015", "….leistung_kw.typ", "'dezimal'")),
    "an order that lacks a value": (FILE, "[talgrund, hang, alp]", "[talgrund, alp]", ("VIM010", "….lage.ordnung", "all values")),
    "an order with a stranger": (FILE, "[talgrund, hang, alp]", "[talgrund, hang, alb, alp]", ("VIM016", "….lage.ordnung", "'alp'")),
    "an order with one twice": (FILE, "[talgrund, hang, alp]", "[talgrund, [hang, alp], alp]", ("VIM020", "….lage.ordnung", None)),
    "a series without end": (FILE, ", bis: {fakt: anlage.beihilfeende}", "", ("VIM010", "…betriebsjahr.reihe", None)),
    "a series of numbers": (FILE, "bis: {fakt: anlage.beihilfeende}", "bis: {fakt: anlage.leistung_kw}", ("VIM017", "…betriebsjahr.reihe.bis", None)),
    "a series up to an unknown day": (FILE, "bis: {fakt: anlage.beihilfeende}", "bis: {fakt: anlage.beihilfende}", ("VIM012", "…betriebsjahr.reihe.bis.fakt", "'anlage.beihilfeende'")),
    "an unknown step": (FILE, "schritt: kalenderjahr", "schritt: kalenderjahre", ("VIM015", "…betriebsjahr.reihe.schritt", "'kalenderjahr'")),
    "a stated fact of a series": (
        FILE, SERIES, SERIES + "\n    angaben: {rest: {titel: {de: R, en: R}, frage: {de: R?, en: R?}, hilfe: R, typ: datum}}",
        ("VIM015", "…betriebsjahr.angaben", "Derive"),
    ),
    "a unit that does not exist": (FILE, POWER, POWER.replace("kW\n", "KW\n", 2).replace("in KW.", "in kW."), ("VIM016", "….leistung_kw.einheit", "kW, kWh")),
    "a number without a limit": (FILE, POWER, POWER.replace("        einheit: kW\n", ""), ("VIM010", "…anlage.angaben.leistung_kw", "hoechstens")),
    "a fact called like a list": (FILE, "      lage:\n", "      anlagen:\n", ("VIM020", "…hof.angaben.anlagen", "another name")),
    "a fact called like Python": (FILE, "      lage:\n", "      class:\n", ("VIM015", "…hof.angaben.class", "another name")),
    "two lists of one name": (FILE, "    liste: ablesungen\n", "    liste: betriebsjahre\n", ("VIM020", "…betriebsjahr", "another name")),
    "a list without a plural": (FILE, "    mehrzahl: {de: Anlagen, en: Plants}\n", "", ("VIM010", "…anlage", "several")),
    "a limit of what is no list": (FILE, "  betreiber:\n", "  betreiber:\n    hoechstens: 3\n", ("VIM015", "…betreiber.hoechstens", "'liste'")),
    "an unknown key": (FILE, PLANT, PLANT + "    eltern: hof\n", ("VIM011", "…anlage.eltern", None)),
    "a fact replaced that does not exist": (FILE, POWER, POWER + "        ersetzt: [anlage.leistung]\n", ("VIM012", "….leistung_kw.ersetzt[0]", "'anlage.leistung_kw'")),
    "a pattern that is none": (
        FILE, "        anderer: andere Talschaft\n", '        muster: "["\n',
        ("VIM015", "….talschaft.muster", None), ("VIM010", "…betreiber.angaben.talschaft", "fehler"),
        ("VIM010", "…betreiber.angaben.talschaft", "schreibweise"),
    ),
    "a question about what does not stand at the top": (QUESTIONS, "wurzel: lehrling", "wurzel: anlage", ("VIM016", "fragen.lehre.wurzel", "lehrling"), ("VIM015", "mindestalter.bezug", None), ("VIM015", "schwindelfreiheit.bezug", None)),
    "a question without an answer": (QUESTIONS, '    ja: {de: "JA – er darf anfangen.", en: "YES – the apprentice may begin."}\n', "", ("VIM010", "fragen.lehre", None)),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTY)
def test_a_faulty_vocabulary_is_refused(tmp_path: Path, name: str) -> None:
    file, old, new, *expected = FAULTY[name]
    faults = [fault for fault in faults_in(edited(tmp_path, Edit(file, old, new), source=WORLD))]
    told = "\n".join(fault.render() for fault in faults)
    for code, path, hint in expected:
        fitting = [one for one in faults if one.code == code and one.path.endswith(path.lstrip("…"))]
        assert fitting, told
        assert hint is None or any(hint in f"{one.hint.en if one.hint else ''} {one.message.en}" for one in fitting), (
            told
        )
        assert all(one.place.line > 0 for one in fitting)
    assert {fault.code for fault in faults} == {code for code, *_ in expected}, told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    edits = [
        Edit(*FAULTY[name][:3])
        for name in ("unknown parent", "an order that lacks a value", "a unit that does not exist")
    ]
    codes = sorted(fault.code for fault in faults_in(edited(tmp_path, *edits, source=WORLD)))
    assert codes == ["VIM010", "VIM016", "VIM016"]


def test_a_folder_without_a_vocabulary_says_so(tmp_path: Path) -> None:
    directory = edited(tmp_path, source=WORLD)
    (directory / FILE).unlink()
    (fault,) = faults_in(directory)
    assert (fault.code, Path(fault.place.file).name) == ("VIM003", FILE)


def test_an_order_of_a_shared_enumeration_is_checked_as_well(tmp_path: Path) -> None:
    shared = "auswahlen:\n  lagen: {talgrund: {de: T, en: T}, hang: {de: H, en: H}}\nentitaeten:\n"
    text = (WORLD / FILE).read_text("utf-8")
    values = text[text.index("        werte:\n          talgrund") : text.index("        ordnung: [talgrund")]
    edits = Edit(FILE, "entitaeten:\n", shared), Edit(FILE, values, "        werte: lagen\n")
    (fault,) = faults_in(edited(tmp_path, *edits, source=WORLD))
    assert (fault.code, fault.hint and fault.hint.en) == ("VIM016", "Possible are: talgrund, hang.")
