"""Conditions and computations: what a rule file writes is parsed, and what is parsed can be written again."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support import toy
from vwv_im.lang.fold import nodes
from vwv_im.lang.nodes import Atom, Compute
from vwv_im.lang.parsing import WRITER, FormError, parse_condition, parse_expression
from vwv_im.lang.table import COMPARISONS, OPERATIONS
from vwv_im.law.model import forms_of
from vwv_im.law.regulation import regulation
from vwv_im.publish.schemas import form_definitions


def forms() -> Iterator[Any]:
    """Yield every condition and computation of the real rules and of the toy; of a table, those of its rows."""
    for law in (regulation(), toy()):
        for state in law.states:
            for item in state:
                for form in forms_of(item.model):
                    yield from (
                        (p for row in form for p in (row.condition, row.value) if p is not None)
                        if isinstance(form, tuple)
                        else (form,)
                    )


def parsed(raw: Any) -> Any:
    try:
        return parse_condition(raw)
    except FormError:
        return parse_expression(raw)


def test_what_is_written_again_is_parsed_as_the_same() -> None:
    for form in forms():
        raw = WRITER.form(form, None)
        parse = parse_condition if hasattr(form, "parts") else parse_expression
        assert parse(raw) == form


def test_every_written_form_is_valid_by_its_schema() -> None:
    defs = form_definitions()
    for form in forms():
        name = "Condition" if hasattr(form, "parts") else "Expression"
        validator = Draft202012Validator({"$defs": defs, "$ref": f"#/$defs/{name}"})
        validator.validate(_as_json(WRITER.form(form, None)))


def _as_json(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _as_json(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [_as_json(value) for value in raw]
    return float(raw) if isinstance(raw, Decimal) else raw


@pytest.mark.parametrize("name", COMPARISONS)
def test_a_comparison_is_denied_by_the_one_the_table_names(name: str) -> None:
    how = COMPARISONS[name]
    operand: Any = ["a"] if how.shape == "many" else "a"
    plain, denied = (
        parse_condition(raw) for raw in ({"fakt": "a.b", name: operand}, {"nicht": {"fakt": "a.b", name: operand}})
    )
    assert isinstance(plain, Atom)
    assert isinstance(denied, Atom)
    assert (plain.operator, denied.operator, denied.written) == (name, how.negated, name)
    assert COMPARISONS[how.negated].negated == name


PAIRS = [(1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize("name", [name for name, how in COMPARISONS.items() if how.shape == "one"])
def test_test_and_sign_of_a_comparison_agree_and_its_negation_is_the_opposite_truth(name: str) -> None:
    how = COMPARISONS[name]
    for left, right in PAIRS:
        assert how.test(left, right) is not COMPARISONS[how.negated].test(left, right)
        if how.sign is not None:
            assert how.test(left, right) is eval(f"{left} {how.sign} {right}")


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ({"fakt": "stelle.vzae"}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "mindestens": 1, "hoechstens": 2}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "mindesten": 1}, ["VIM011"]),
        ({"fakt": "vzae", "mindestens": 1}, ["VIM015"]),
        ({"fakt": 5, "mindestens": 1}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "mindestens": None}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "mindestens": [1]}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "mindestens": {"paramter": "x"}}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "in": []}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "in": 5}, ["VIM015"]),
        ({"fakt": "stelle.vzae", "in": [{"fakt": "a.b"}]}, ["VIM015"]),
        ({"alle": []}, ["VIM015"]),
        ({"alle": 5}, ["VIM015"]),
        ({"alle": [{"eine": [5, {"nicht": {}}]}], "eine": []}, ["VIM011", "VIM015", "VIM015"]),
        ({"auslegung": "a"}, ["VIM010"]),
        ({"auslegung": "A B", "ist": 5}, ["VIM015", "VIM015"]),
        (5, ["VIM015"]),
        ([], ["VIM015"]),
        (None, ["VIM015"]),
    ],
    ids=str,
)
def test_every_fault_of_a_condition_is_told_at_once(raw: Any, codes: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        parse_condition(raw)
    assert [fault.code for fault in caught.value.faults] == codes


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ({"sume": []}, ["VIM015"]),
        ({"summe": []}, ["VIM015"]),
        ({"differenz": [1]}, ["VIM015"]),
        ({"differenz": [1, 2, 3]}, ["VIM015"]),
        ({"runde": 1}, ["VIM010"]),
        ({"runde": 1, "auf": "cent", "art": "abgerundet"}, ["VIM015"]),
        ({"abstand": [1]}, ["VIM015"]),
        ({"runde": 1, "auf": "dollar", "art": "kaufmaennisch"}, ["VIM015"]),
        ({"runde": 1, "auf": "cent", "art": "kaufmaennisch", "x": 1}, ["VIM011"]),
        ({"quotient": {"zaehler": 1}}, ["VIM010"]),
        ({"quotient": 5}, ["VIM015"]),
        ({"ende_der_frist": {"monate": 1}}, ["VIM015"]),
        ({"ende_der_frist": {"ab": "2020-01-01", "nach": "2020-01-01", "monate": 1}}, ["VIM015"]),
        ({"ende_der_frist": {"ab": "2020-01-01", "monat": 1}}, ["VIM011", "VIM010"]),
        ({"summe_ueber": "stellen"}, ["VIM010"]),
        ({"summe_ueber": 5, "wert": 1}, ["VIM015"]),
        ({}, ["VIM015"]),
        ([], ["VIM015"]),
        (None, ["VIM015"]),
    ],
    ids=str,
)
def test_every_fault_of_a_computation_is_told_at_once(raw: Any, codes: list[str]) -> None:
    with pytest.raises(FormError) as caught:
        parse_expression(raw)
    assert [fault.code for fault in caught.value.faults] == codes


def test_every_operation_of_the_table_can_be_written() -> None:
    written = {
        node.operation for node in map(parsed, _one_of_each()) for node in nodes(node) if isinstance(node, Compute)
    }
    assert written == {name for name, one in OPERATIONS.items() if one.arity != 0}


def _one_of_each() -> Iterator[Any]:
    for one in (one for one in OPERATIONS.values() if one.arity != 0):
        parts = ["2020-01-01"] * (one.arity or 1)
        if one.keys:
            yield {one.written: dict(zip(one.keys, parts, strict=True))}
        else:
            yield {one.written: parts if one.listed else parts[0], **one.fixed}
