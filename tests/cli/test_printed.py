"""Every number that a command prints: the files of `ausgaben/` hold commands, their cases, and what they print.

An entry says where its expected values come from (`herkunft`): a source, a rule, or what was counted by hand in the
entry itself (`gezaehlt`). `befehl` is the command line, in which FALL stands for the file of the case (`fall`: a case,
or the name of an example), KORPUS for a folder with the cases of `korpus`, DORF for the invented regulation of the
tests, REGELN for a copy of the rule files in which each text under `regeln` is replaced, and ZIEL for a file to be
written (`ziel`); what `dateien` holds is written beside it.

Expected are `status` (0 unless said otherwise), `json` (what must stand in the document, or in its one list; lists
have no further entries), `text` and `englisch` (lines that follow one another, or several such blocks; spaces and
rules of tables aside), `fehlerausgabe` (the same of standard error), `werte` (the values of all items listed) and
`kalender` (the entries of the file written).
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from support import EXAMPLES, RULES, TESTS, TOY, Edit, Run, edited
from vwv_im import regulation
from vwv_im.cli.commands import COMMANDS
from vwv_im.text import read_yaml

FILES = sorted((TESTS / "cli" / "ausgaben").glob("*.yaml"))
ENTRIES: list[dict[str, Any]] = [entry for path in FILES for entry in read_yaml(path).data["faelle"]]
ELSEWHERE = {
    "chart": "its bars and its table are counted in tests/verwendung/test_schreiben.py",
    "docs": "its pages are tested in tests/site",
    "evaluate": "its values are those of the corpus, how they read is tested in test_evaluate.py and tests/decision",
    "example": "it prints a file of examples/; tested in test_commands.py",
    "export": "what it writes is tested in tests/publish",
    "interview": "it ends with the output of evaluate; tested in test_interview.py",
    "mcp": "tested in tests/assistants",
    "note": "tested in tests/decision/test_note.py",
    "replay": "it prints differences, tested in tests/decision/test_replay.py",
    "schema": "it prints JSON Schemas, tested in tests/case and tests/publish",
    "serve": "tested in tests/web",
}
"""Commands whose output is tested in other places."""


def the_list_of(document: dict[str, Any]) -> list[Any]:
    """Return the one list that a document holds beside its contract."""
    (found,) = (value for value in document.values() if isinstance(value, list))
    return found


def written(folder: Path, entry: dict[str, Any]) -> dict[str, str]:
    """Write what an entry brings along, and return what its words in capitals stand for."""
    words = {"ZIEL": str(folder / entry.get("ziel", "ziel.txt")), "DORF": str(TOY)}
    if isinstance(case := entry.get("fall"), str):
        words["FALL"] = str(EXAMPLES / f"{case}.yaml")
    elif case is not None:
        (folder / "fall.json").write_text(json.dumps(case), "utf-8")
        words["FALL"] = str(folder / "fall.json")
    if "korpus" in entry:
        (folder / "korpus").mkdir()
        (folder / "korpus" / "faelle.yaml").write_text(json.dumps(entry["korpus"]), "utf-8")
        words["KORPUS"] = str(folder / "korpus")
    if "regeln" in entry:
        edits = [Edit(one["datei"], one["alt"], one["neu"]) for one in entry["regeln"]]
        words["REGELN"] = str(edited(folder, *edits, source=RULES))
    for name, content in entry.get("dateien", {}).items():
        (folder / name).write_text(content, "utf-8")
        words[name] = str(folder / name)
    return words


def named(text: str, words: dict[str, str]) -> str:
    """Return a text with the words in capitals instead of the paths they stand for."""
    for word, path in words.items():
        text = text.replace(path, word)
    return text


def lines(text: str) -> list[str]:
    """Return the lines of a text without the rules below the heads of tables, their words parted by single spaces."""
    found = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in found if line and not re.fullmatch(r"[- ]+", line)]


def differences(expected: Any, found: Any, at: str = "") -> Iterator[str]:
    """Yield what is expected and not found; of mappings only the keys that are expected are compared."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key, "(fehlt)"), f"{at}.{key}")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{at}[{number}]")
    elif type(expected) is not type(found) or expected != found:
        yield f"{at}: {expected!r} expected, {found!r} found"


def assert_in_order(expected: str, text: str) -> None:
    wanted, found = lines(expected), lines(text)
    assert wanted
    assert any(found[start : start + len(wanted)] == wanted for start in range(len(found))), "\n".join(found)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["id"])
def test_a_command_prints_the_numbers_that_follow_from_its_case(
    cli: Run, entry: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")  # a row of a table is one line
    words = written(tmp_path, entry)
    arguments = [words.get(word, word) for word in shlex.split(entry["befehl"])]
    status, checked = entry.get("status", 0), 0
    if "json" in entry:
        ended = cli(*arguments, "--format", "json")
        assert ended.status == status, ended.err
        document = json.loads(ended.out, parse_float=Decimal)
        assert document["contract"] == "1.1"
        found = the_list_of(document) if isinstance(entry["json"], list) else document
        assert list(differences(entry["json"], found)) == []
        checked += 1
    for key, language in (("text", "de"), ("englisch", "en"), ("fehlerausgabe", "de")):
        if key in entry:
            ended = cli(*arguments, "--lang", language)
            assert ended.status == status, ended.err
            shown = ended.err if key == "fehlerausgabe" else ended.out
            for block in [entry[key]] if isinstance(entry[key], str) else entry[key]:
                assert_in_order(block, named(shown, words))
            checked += 1
    if "werte" in entry:
        listed = the_list_of(json.loads(cli(*arguments, "--format", "json").out))
        assert {one["id"]: one["value"] for one in listed if one["value"] is not None} == entry["werte"]
        checked += 1
    if "kalender" in entry:
        assert cli(*arguments, "--ics", words["ZIEL"]).status == status
        assert entries_of(Path(words["ZIEL"])) == entry["kalender"]
        checked += 1
    assert checked, "an entry expects something"


def entries_of(path: Path) -> list[dict[str, str]]:
    """Return the entries of a calendar file: the day, what it says, and what tells it from others in its case."""
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    return [
        {
            "tag": event.decoded("DTSTART").isoformat(),
            "titel": str(event["SUMMARY"]),
            "text": str(event["DESCRIPTION"]),
            "kennung": re.sub(r"-[0-9a-f]{16}@vwv-im$", "", str(event["UID"])),
        }
        for event in events
    ]


def test_every_command_has_its_numbers() -> None:
    assert COMMANDS.keys() == {entry["befehl"].split()[0] for entry in ENTRIES} | ELSEWHERE.keys()
    assert len({entry["id"] for entry in ENTRIES}) == len(ENTRIES)


def test_every_entry_says_where_its_numbers_come_from() -> None:
    law = regulation()
    known = {rule.id for rule in law.rules} | {item.id for fassung in law.fassungen for item in fassung}
    for entry in ENTRIES:
        origin = entry["herkunft"]
        assert len(origin.keys() & {"quelle", "regel", "gezaehlt"}) == 1, entry["id"]
        assert origin.get("quelle") in {None, *law.sources}, entry["id"]
        assert origin.get("regel") in {None, *known}, entry["id"]


def test_the_entries_of_two_cases_are_told_apart_in_one_calendar(cli: Run, tmp_path: Path) -> None:
    known: set[str] = set()
    for name in ("berglen", "herbrechtingen"):
        path = tmp_path / f"{name}.ics"
        assert cli("duties", EXAMPLES / f"{name}.yaml", "--on", "2021-06-01", "--ics", path).status == 0
        events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
        uids = {str(event["UID"]) for event in events}
        assert len(uids) == len(events) > 1
        assert not uids & known
        known |= uids


@pytest.mark.parametrize(
    ("expected", "found", "told"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        ({"a": 1}, {"b": 1}, [".a: 1 expected, '(fehlt)' found"]),
        ([1], [1, 2], [": [1] expected, [1, 2] found"]),
        ([{"a": [1]}], [{"a": [True]}], ["[0].a[0]: 1 expected, True found"]),
        ("1", 1, [": '1' expected, 1 found"]),
    ],
)
def test_what_is_not_as_expected_is_told(expected: Any, found: Any, told: list[str]) -> None:
    assert list(differences(expected, found)) == told
