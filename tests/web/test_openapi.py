"""The description of the API holds: what fits it is answered as it says, what does not is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytest.importorskip("fastapi", reason="the extra web is not installed")

from jsonschema import Draft202012Validator  # noqa: E402
from schemathesis.generation.meta import TestPhase  # noqa: E402
from typer.testing import CliRunner  # noqa: E402

from vwv_im import Verdict, regulation  # noqa: E402
from vwv_im.cli.main import app as command_line  # noqa: E402
from vwv_im.web.openapi import schemas  # noqa: E402
from vwv_im.web.request_body import WORKBOOKS  # noqa: E402
from vwv_im.web.server import create_app  # noqa: E402
from vwv_im.web.server import described as whole  # noqa: E402
from vwv_im.web.settings import Settings  # noqa: E402
from vwv_im.web.table_routes import READ as TABLES  # noqa: E402

app = create_app(Settings(engine="direct", seconds=60))
# What the form of a request cannot say is answered 422: that the case has the part its question is about, that a day
# lies between 1900 and 2200, that a receipt or a table is one. Whatever fits the form gets an answer or that.
checks = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}}}
config = schemathesis.config.SchemathesisConfig.from_dict(checks)
described = schemathesis.openapi.from_asgi("/v1/openapi.json", app, config=config)


@schemathesis.serializer(*WORKBOOKS, *TABLES)
def as_file(_context: object, value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


ASKED: set[str] = set()


def varies_only_the_case(case: Any) -> bool:
    """Tell whether a request of the coverage phase differs from others of its route only in its case.

    A case is read in one way by every route: what it may be is covered by those that read and decide it.
    """
    if case.meta.phase.name != TestPhase.COVERAGE or case.operation.path in ("/v1/cases", "/v1/decisions"):
        return False
    beside = {key: one for key, one in case.body.items() if key != "case"} if isinstance(case.body, dict) else case.body
    asked = repr((case.operation.label, case.method, case.media_type, case.query, beside))
    known = asked in ASKED
    ASKED.add(asked)
    return known


@described.parametrize()
@settings(
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case) -> None:
    if not varies_only_the_case(case):
        case.call_and_validate(timeout=120)


def test_the_description_is_openapi_3_1_with_examples() -> None:
    document = app.openapi()
    assert document["openapi"].startswith("3.1")
    taking = [operation["post"] for operation in document["paths"].values() if "post" in operation]
    assert len(taking) >= 6
    for operation in taking:
        contents = operation["requestBody"]["content"]
        assert all("example" in said for media, said in contents.items() if media == "application/json")


def test_the_example_of_a_decision_fits_its_schema() -> None:
    content = app.openapi()["paths"]["/v1/decisions"]["post"]["responses"]["200"]["content"]["application/json"]
    components = {"components": {"schemas": schemas(regulation(), 200)}}
    Draft202012Validator({**content["schema"], **components}).validate(content["example"])


def test_every_reference_leads_to_a_component_and_every_name_is_one_class() -> None:
    text = json.dumps(app.openapi())
    components = app.openapi()["components"]["schemas"]
    assert set(re.findall(r'"#/components/schemas/([^"]+)"', text)) <= set(components)
    assert {"ReceiptDocument", "ShortReceiptDocument", "Verdict"} <= set(components)
    assert not [name for name in components if "__" in name]
    assert [(name, schema["title"]) for name, schema in components.items() if schema.get("title", name) != name] == []


def test_what_is_answered_is_open_and_what_is_asked_is_not() -> None:
    components = app.openapi()["components"]["schemas"]
    closed = {name for name, schema in components.items() if schema.get("additionalProperties") is False}
    assert {"DecisionRequest", "Case"} <= closed
    assert not [name for name in closed if name.endswith(("Document", "Entry"))]


def test_it_says_where_under_which_licence_and_whom_to_ask() -> None:
    document = app.openapi()
    assert document["servers"] == [{"url": "/"}]
    assert document["info"]["license"] == {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
    assert document["info"]["contact"]["name"]
    assert whole()["servers"] == [{"url": "http://127.0.0.1:8000"}]


def test_operations_and_tags_have_names_that_programs_can_use() -> None:
    document = app.openapi()
    operations = [one for path in document["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert {"decide", "compare", "needs", "receipt", "replay", "duties", "batch", "dmn", "ready", "metrics"} <= {*names}
    assert [name for name in names if not re.fullmatch(r"[a-z][a-zA-Z]+", name)] == []
    tags = {tag["name"] for tag in document["tags"]}
    assert all(tag.isascii() and tag.isalpha() for tag in tags)
    assert {tag for one in operations for tag in one["tags"]} == tags


def nodes(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from nodes(inner)


def test_lists_of_values_have_names_and_days_are_days_and_nothing_is_null_by_default() -> None:
    document = app.openapi()
    components = document["components"]["schemas"]
    inline = [node for node in nodes(document) if node.get("type") == "string" and "enum" in node]
    assert len(inline) == sum("enum" in schema for schema in components.values())
    assert [node for node in nodes(document) if node.get("default", "") is None] == []
    assert [node for node in nodes(components) if r"\d{4}-" in str(node.get("pattern", ""))] == []
    assert components["DecisionRequest"]["properties"]["on"]["format"] == "date"
    assert components["Verdict"]["enum"] == [one.value for one in Verdict]
    assert components["StelleFachrichtung"]["enum"] == ["sozialwesen", "andere_geeignete", "nicht_geeignet"]
    assert components["ReadingsMindestantrag"]["enum"] == [*regulation().readings["mindestantrag"].lesarten]


def test_the_command_prints_what_the_server_gives() -> None:
    printed = CliRunner().invoke(command_line, ["schema", "openapi"])
    here = {"url": "http://127.0.0.1:8000"}
    assert json.loads(printed.stdout) == {**app.openapi(), "servers": [here]}
