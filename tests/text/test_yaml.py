"""YAML 1.2: tabs where they may stand, tags and numbers that are not read, and no text that stops the reader."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from hostile_texts import odd_yaml
from support import EXAMPLES
from vwv_im.text import Limits, read_yaml

SOUND = [path.read_text("utf-8") for path in sorted(EXAMPLES.glob("*.yaml"))[:4]]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a:\t1", {"a": 1}),
        ("a\t: 1", {"a": 1}),
        ("a:\t'x'\t# Anmerkung", {"a": "x"}),
        ("a: 1\t# Anmerkung", {"a": 1}),
        ("a: b\tc", {"a": "b\tc"}),
        ("a: b \t", {"a": "b"}),
        ("a:\t\n  b: 1\n\t# Anmerkung\n  c: 2\n  \t\n", {"a": {"b": 1, "c": 2}}),
        ("a: x\n  \ty", {"a": "x y"}),
        ("-\ta\n- b", ["a", "b"]),
        ("a: [1,\t2]\t", {"a": [1, 2]}),
        ("a: {\n\tb:\t1\n}", {"a": {"b": 1}}),
        ("---\t\na: 1", {"a": 1}),
        ("a: |\n  x\ty\n", {"a": "x\ty\n"}),
    ],
)
def test_tabs_separate_as_yaml_has_them(text: str, data: Any) -> None:
    document = read_yaml(text)
    assert (document.faults, document.data) == ([], data)


@pytest.mark.parametrize("text", ["\ta: 1", "a:\n\tb: 1", "a:\n \tb: 1", "a:\n\t- 1"])
def test_tabs_do_not_indent(text: str) -> None:
    (fault,) = read_yaml(text).faults
    assert fault.code == "VIM001"
    assert "Tabulator" in fault.message.de
    assert fault.place.line == text.count("\n", 0, text.index("\t")) + 1


@pytest.mark.parametrize("text", ["-\ta: 1", "- \t- a", "a:\tb: c"])
def test_no_key_or_entry_of_its_own_follows_a_tab(text: str) -> None:
    assert [fault.code for fault in read_yaml(text).faults] == ["VIM001"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("!!str 5", "5"), ("! 5", "5"), ("!!int 5", 5), ("!!float 0.5", Decimal("0.5")), ("!!map {b: 1}", {"b": 1}),
     ("!!seq [1]", [1]), ("!!null ~", None), ("!!bool true", True)],
)  # fmt: skip
def test_a_tag_may_say_what_is_so_without_it(text: str, value: Any) -> None:
    document = read_yaml(f"a: {text}")
    assert (document.faults, document.data) == ([], {"a": value})


@pytest.mark.parametrize(
    "text",
    ["!!binary aGk=", "!!set {b}", "!!omap [b: 1]", "!!timestamp 2018-06-01", "!eigen 5", "!eigen [1]", "!<x> 5",
     "!!int fünf", "!!float x", "!!bool ja", "!!seq {b: 1}", "!!python/object:os.system x"],
)  # fmt: skip
def test_any_other_tag_is_told_at_its_place(text: str) -> None:
    (fault,) = read_yaml(f"a: {text}").faults
    assert (fault.code, fault.path, fault.place[1:]) == ("VIM009", "a", (1, 4))


@pytest.mark.parametrize("text", ["1e400", "1e-9999999", "9" * 41, ".inf", "-.INF", ".nan", "0." + "1" * 40])
def test_a_number_that_cannot_be_meant_is_told(text: str) -> None:
    (fault,) = read_yaml(f"a: [{text}]").faults
    assert (fault.code, fault.path, fault.place[1:]) == ("VIM007", "a[0]", (1, 5))
    assert read_yaml(f'a: "{text}"').faults == []


def test_two_halves_are_a_character_and_one_is_none() -> None:
    assert read_yaml(r'a: "\ud83d\ude00"').data == {"a": "😀"}
    assert [fault.code for fault in read_yaml(r'"\ud83d": "\ude00"').faults] == ["VIM008", "VIM008"]


@pytest.mark.parametrize("text", ["a: &a [1]\nb: [*a, *a]", "*a", "a: &a 1", "&a a: 1", "<<: *a"])
def test_nothing_is_taken_from_elsewhere(text: str) -> None:
    assert [fault.code for fault in read_yaml(text).faults] == ["VIM006"]


@pytest.mark.parametrize("text", ["? [a]\n: 1", "? !x [a]\n: 1", "? !x {a: 1}\n: 2", "b: {? !!set {a: 1} : 2}"])
def test_a_key_is_a_word(text: str) -> None:
    assert [fault.code for fault in read_yaml(text).faults] == ["VIM001"]


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 10_000, "- " * 40 + "a", "\n".join(["a:", "  b: 1"] * 99)])
def test_depth_size_and_repetition_are_bounded(text: str) -> None:
    assert {fault.code for fault in read_yaml(text, limits=Limits(nodes=1000)).faults} <= {"VIM005", "VIM002"}
    assert read_yaml(text).faults


@given(odd_yaml(*SOUND))
@settings(max_examples=250, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    document = read_yaml(text)
    assert all(fault.code.startswith("VIM") for fault in document.faults)
    assert all(fault.render(lang).encode() for fault in document.faults for lang in ("de", "en"))
