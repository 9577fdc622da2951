"""One reader of JSON: what two readers would read otherwise is refused, and what the project writes it reads again."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from hostile_texts import JSON_VALUES, odd_json
from vwv_im.text import Limits, read_json


def told(source: str | bytes) -> list[tuple[str, str]]:
    return [(fault.code, fault.path) for fault in read_json(source).faults]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ('{"vzae": 0.2, "vzae": 0.5}', [("VIM002", "vzae")]),
        ('{"stellen": [{}, {"vzae": 1, "vzae": 1, "vzae": 2}]}', [("VIM002", "stellen[1].vzae")]),
        ('{"a": {"b": 1, "b": 2}, "a": 1}', [("VIM002", "a"), ("VIM002", "b")]),
        ('{"a": [NaN, Infinity, -Infinity]}', [("VIM007", "a[0]"), ("VIM007", "a[1]"), ("VIM007", "a[2]")]),
        ('{"a": 1e400, "b": 1e-400, "c": 1e308}', [("VIM007", "a"), ("VIM007", "b")]),
        ('{"a": 1e99999999999999999999}', [("VIM007", "a")]),
        (f'{{"a": {"9" * 41}, "b": {"9" * 40}}}', [("VIM007", "a")]),
        (f'{{"a": {"9" * 100_000}}}', [("VIM007", "a")]),
        ("NaN", [("VIM007", "")]),
        (r'{"a": "\ud800", "b": "\ud83d\ude00"}', [("VIM008", "a")]),
        (r'{"\udc00": {"c": "x\uDFFFy"}}', [("VIM008", r"\udc00"), ("VIM008", r"\udc00.c")]),
        (r'{"\u001b[31m": 1, "\u001b[31m": 1}', [("VIM002", r"\x1b[31m")]),
        ("[" * 33 + "]" * 33, [("VIM005", "")]),
        ("[" * 1_000_000, [("VIM005", "")]),
        ('{"a":' * 100_000, [("VIM005", "")]),
        ("", [("VIM001", "")]),
        ('{"a": 1,}', [("VIM001", "")]),
        (b"\xff{}", [("VIM004", "")]),
        ("{}".encode("utf-16"), [("VIM004", "")]),
        (b'\xef\xbb\xbf{"a": 1}', []),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_meant_is_told_by_its_path(text: str | bytes, faults: list[tuple[str, str]]) -> None:
    assert told(text) == faults


def test_numbers_are_exact() -> None:
    written = '{"a": 0.1000000000000000055, "b": -0.0, "c": 12345678901234567890}'
    data = {"a": Decimal("0.1000000000000000055"), "b": Decimal("-0.0"), "c": 12345678901234567890}
    assert read_json(written).data == data


def test_numbers_may_be_kept_as_they_are_written() -> None:
    data = read_json('{"a": 1.50, "b": 007}'.replace("007", "7"), whole=str, fraction=str).data
    assert data == {"a": "1.50", "b": "7"}


def test_no_more_faults_are_told_than_can_be_read() -> None:
    assert len(told(f"[{', '.join(['NaN'] * 10_000)}]")) == 100


def test_a_text_is_bounded() -> None:
    limits = Limits(bytes=10, nodes=3)
    assert [fault.code for fault in read_json('"01234567890"', limits=limits).faults] == ["VIM005"]
    assert [fault.code for fault in read_json("[0,1,2,3]", limits=limits).faults] == ["VIM005"]


@given(JSON_VALUES)
@settings(max_examples=150, deadline=None)
def test_what_is_json_everywhere_is_read_as_it_is(value: Any) -> None:
    document = read_json(json.dumps(value))
    assert document.faults == []
    assert document.data == value


@given(odd_json())
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    document = read_json(text)
    assert all(fault.code.startswith("VIM") and fault.hint for fault in document.faults)
    assert all(fault.render(lang).encode() for fault in document.faults for lang in ("de", "en"))
    if not document.faults:
        json.loads(text)
