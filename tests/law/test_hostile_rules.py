"""Rules from elsewhere: numbers, days, depth, width and links are bounded, and told with their place."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import ValidationError

from hostile_rules import Mutant, hostile_rules, is_answered_under
from support import TOY, Edit, edited, faults_in, place_of
from vwv_im import evaluate
from vwv_im.case.fields import Spelled
from vwv_im.decision.evaluate import counterfactuals, needs
from vwv_im.law import extent, reader
from vwv_im.law.model import Jaehrlich
from vwv_im.text import FaultyInputError

SIZE = "2001-03-01-stammfassung/umfang.yaml"
DURATION = "2001-03-01-stammfassung/dauer.yaml"
EVIDENCE = "beleg: [{grad: wortlaut, quelle: gemeindebuch, fundstelle: satz}]"
ATOM = "{fakt: stelle.vzae, mindestens: {parameter: mindestumfang}}"
ON = "2001-06-01"
CASES: tuple[dict[str, Any], ...] = (
    {"antrag": {"stellen": [{}]}},
    {"antrag": {"stellen": [{"vzae": "0.5", "person_benannt": True, "beschaeftigungsbeginn": "2001-04-01"}]}},
)


@pytest.fixture(autouse=True)
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")


def derivations(count: int, kind: str, form: Callable[[str], str]) -> str:
    """Return derived facts `stelle.c0`, `stelle.c1`, …, each made of the one before it."""
    head = "  - {{id: c{0}, titel: {{de: Schritt {0}, en: step {0}}}, ergibt: stelle.c{0}, typ: {1}, {2}, {3}}}\n"
    first = "rechne: {fakt: stelle.vzae}" if kind == "dezimal" else "wenn: {fakt: stelle.person_benannt, ist: true}"
    forms = [
        first,
        *(
            form(f"{{fakt: stelle.c{number}{'}' if kind == 'dezimal' else ', ist: true}'}")
            for number in range(count - 1)
        ),
    ]
    return "".join(head.format(number, kind, one, EVIDENCE) for number, one in enumerate(forms))


def chained(target: Path, count: int, kind: str, form: Callable[[str], str]) -> Path:
    """Return a copy of the toy in which the size of a post is judged by the last of such facts."""
    asked = f"fakt: stelle.c{count - 1}, " + ("mindestens: 0" if kind == "dezimal" else "ist: true")
    return edited(
        target,
        Edit(SIZE, "ableitungen:\n", f"ableitungen:\n{derivations(count, kind, form)}"),
        Edit(SIZE, ATOM, f"{{{asked}}}"),
    )


def codes(directory: Path) -> list[str]:
    return [fault.code for fault in faults_in(directory)]


@pytest.mark.parametrize("value", ["1e-9999999", "1e999999", "1e400", "1e308", "1e18", "1e-19", "9" * 19, "-1e30"])
@pytest.mark.parametrize("where", ["wert: 0.5", ATOM], ids=["parameter", "comparison"])
def test_a_number_beyond_measure_is_told_at_its_place(tmp_path: Path, value: str, where: str) -> None:
    new = f"wert: {value}" if where.startswith("wert") else f"{{fakt: stelle.vzae, mindestens: {value}}}"
    directory = edited(tmp_path, Edit(SIZE, where, new))
    (fault,) = faults_in(directory)
    assert fault.code in ("VIM007", "VIM015")
    assert fault.place[1] == place_of(directory / SIZE, new)[1]


@pytest.mark.parametrize("value", ["0.25", "1000000000000", "-5", "0.000001", "1e3"])
def test_a_number_within_measure_is_computed_with(tmp_path: Path, value: str) -> None:
    directory = edited(tmp_path, Edit(SIZE, "wert: 0.5", f"wert: {value}"))
    for case in CASES:
        assert needs(case, on=ON, rules=directory).explain("de")
        assert counterfactuals(case, on=ON, rules=directory).explain("en")


@pytest.mark.parametrize(("day", "sound"), [("02-30", False), ("02-29", False), ("04-31", False), ("12-31", True)])
def test_a_yearly_duty_is_due_on_a_day_of_every_year(day: str, sound: bool) -> None:
    stated = {"am": day, "erstes_berichtsjahr": 2001, "bis": {"fakt": "stelle.ende"}}
    if sound:
        assert Jaehrlich.model_validate(stated).am == day
    else:
        with pytest.raises(ValidationError, match="not every year has this day"):
            Jaehrlich.model_validate(stated)


@pytest.mark.parametrize("months", [0, -12, 120_000, 10**15])
def test_a_period_beyond_the_calendar_has_no_end(tmp_path: Path, months: int) -> None:
    second = "2002-06-01-aenderung.yaml"
    directory = edited(
        tmp_path, Edit(DURATION, "wert: 12", f"wert: {months}"), Edit(second, "alt: 12", f"alt: {months}")
    )
    for case in CASES:
        assert evaluate(case, on=ON, rules=directory, engine="direct").explain("de")


@pytest.mark.parametrize("on", ["0001-01-01", "2004-12-31", "9999-12-31"])
def test_any_day_can_be_asked_for(on: str) -> None:
    for case in CASES:
        assert evaluate(case, on=on, rules=TOY, engine="direct").to_dict("en")


def test_a_question_that_requires_nothing_has_no_verdict(tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit("2001-03-01-stammfassung/zielgruppe.yaml", "art: muss", "art: kann"))
    with pytest.raises(FaultyInputError, match="VIM150"):
        evaluate({"person": {}}, on=ON, rules=directory, question="zielgruppe", engine="direct")


TWICE: dict[str, Callable[[str], str]] = {
    "dezimal": lambda before: f"rechne: {{groesster: [{before}, {before}]}}",
    "wahrheitswert": lambda before: f"wenn: {{alle: [{before}, {{eine: [{before}, {before}]}}]}}",
}


@pytest.mark.parametrize("kind", TWICE)
def test_what_is_read_twice_is_explained_once(tmp_path: Path, kind: str) -> None:
    """Each fact reads the one before it twice and more: however many there are, the explanation grows with them."""
    directory = chained(tmp_path, 30, kind, TWICE[kind])
    for case in CASES:
        decision = evaluate(case, on=ON, rules=directory, engine="direct")
        assert len(decision.to_json("de")) < 200_000
        assert decision.explain("de")
        assert [entry.fact for entry in decision.missing].count("antrag.stellen[0].vzae") <= 1
        assert needs(case, on=ON, rules=directory).explain("de")
        assert counterfactuals(case, on=ON, rules=directory).explain("de")


@pytest.mark.parametrize("count", [103, 400])
def test_a_chain_of_derivations_is_bounded(tmp_path: Path, count: int) -> None:
    directory = chained(tmp_path, count, "dezimal", lambda before: f"rechne: {{summe: [{before}, 1]}}")
    fault = faults_in(directory)[0]
    assert (fault.code, fault.path) == ("VIM005", f"c{extent.DEEPEST + 1}.ergibt")


def test_a_chain_within_bounds_is_decided_and_explained(tmp_path: Path) -> None:
    directory = chained(tmp_path, extent.DEEPEST, "dezimal", lambda before: f"rechne: {{summe: [{before}, 1]}}")
    for case in CASES:
        decision = evaluate(case, on=ON, rules=directory, engine="direct")
        assert decision.to_dict("de")
        assert decision.explain("en")


def test_a_number_that_could_grow_without_end_is_told(tmp_path: Path) -> None:
    directory = chained(tmp_path, 60, "dezimal", lambda before: f"rechne: {{produkt: [{before}, {before}]}}")
    assert codes(directory) == ["VIM005"]


def test_a_rule_has_no_more_parts_than_can_be_read(tmp_path: Path) -> None:
    parts = ", ".join(["{fakt: stelle.vzae, mindestens: 0.5}"] * 600)
    assert codes(edited(tmp_path, Edit(SIZE, ATOM, f"{{eine: [{parts}]}}"))) == ["VIM005"]


def test_a_table_has_no_more_rows_than_can_be_read(tmp_path: Path) -> None:
    rows = ", ".join(f"{{wenn: {{fakt: stelle.vzae, ist: {number}}}, dann: {number}}}" for number in range(101))
    head = "  - {id: lang, titel: {de: lang, en: long}, ergibt: stelle.lang, typ: dezimal, treffer: erste, "
    table = f"{head}faelle: [{rows}], {EVIDENCE}}}\n"
    assert codes(edited(tmp_path, Edit(SIZE, "ableitungen:\n", f"ableitungen:\n{table}"))) == ["VIM005"]


@pytest.mark.parametrize("linked", ["quellen.yaml", "2001-03-01-stammfassung"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, linked: str) -> None:
    directory = edited(tmp_path)
    outside = tmp_path / "anderswo"
    shutil.move(directory / linked, outside)
    (directory / linked).symlink_to(outside)
    told = [fault for fault in faults_in(directory) if "führt aus dem Verzeichnis" in fault.message.de]
    assert [(fault.code, fault.place.file) for fault in told] == [("VIM003", str(directory / linked))]


@pytest.mark.parametrize("target", ["nirgends.yaml", "/dev/zero", "/dev/null", ".", ".."])
def test_a_link_to_no_file_is_refused(tmp_path: Path, target: str) -> None:
    directory = edited(tmp_path)
    (directory / "quellen.yaml").unlink()
    (directory / "quellen.yaml").symlink_to(target)
    assert "VIM003" in codes(directory)


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    directory = edited(tmp_path)
    shutil.move(directory / "quellen.yaml", directory / "quellen.txt")
    (directory / "quellen.yaml").symlink_to("quellen.txt")
    assert codes(directory) == []


def test_a_folder_or_a_pipe_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    for name, make in (("ordner", Path.mkdir), ("rohr", os.mkfifo)):
        directory = edited(tmp_path / name)
        (directory / "quellen.yaml").unlink()
        make(directory / "quellen.yaml")
        assert "VIM003" in codes(directory)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = edited(tmp_path)
    opened = Path.open

    def refusing(path: Path, *how: Any, **more: Any) -> Any:
        if path.name == "quellen.yaml":
            raise PermissionError(13, "Permission denied")
        return opened(path, *how, **more)

    monkeypatch.setattr(Path, "open", refusing)
    assert "VIM003" in codes(directory)


@pytest.mark.parametrize("bound", ["MOST_FILES", "MOST_BYTES"])
def test_no_more_files_are_read_than_can_be_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(reader, bound, 3)
    assert "VIM005" in codes(edited(tmp_path))


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", ""])
def test_a_directory_that_cannot_be_is_told(name: str) -> None:
    with pytest.raises(FaultyInputError):
        evaluate(CASES[0], on=ON, rules=name or "/nirgends")


def test_a_working_directory_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    gone = tmp_path / "fort"
    gone.mkdir()
    code = f"import os, vwv_im; os.rmdir({str(gone)!r})\n"
    code += f"print(vwv_im.evaluate({CASES[0]!r}, on={ON!r}, rules={str(TOY)!r}, engine='direct').outcome)\n"
    code += "try: vwv_im.evaluate({}, on='2001-06-01', rules='regeln')\nexcept ValueError as error: print(error)"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=gone, timeout=60
    )
    assert ended.stdout.startswith("decided\n"), ended.stderr
    assert "VIM003" in ended.stdout


def test_a_pattern_is_matched_in_linear_time() -> None:
    spelled = Spelled("(a+)+", {})
    assert spelled.check("a" * 100) == "a" * 100
    with pytest.raises(ValueError, match="form of a text"):
        spelled.check("a" * 100_000 + "!")


@given(mutant=hostile_rules())
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_rules_that_were_changed_anyhow_are_refused_or_decide(mutant: Mutant, tmp_path: Path) -> None:
    directory = tmp_path / "regeln"
    shutil.rmtree(directory, ignore_errors=True)
    shutil.copytree(TOY, directory)
    (directory / mutant.file).write_text(mutant.text, "utf-8", "surrogatepass")
    assert is_answered_under(directory)
