"""The description of the API holds: what fits it is answered as it says, what does not is refused."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, Phase, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytest.importorskip("fastapi", reason="the extra web is not installed")

from jsonschema import Draft202012Validator  # noqa: E402
from schemathesis.checks import positive_data_acceptance  # noqa: E402

from vwv_im import regulation  # noqa: E402
from vwv_im.web.describe import schemas  # noqa: E402
from vwv_im.web.server import create_app  # noqa: E402
from vwv_im.web.settings import Settings  # noqa: E402

app = create_app(Settings(engine="direct", seconds=5))
quick = {"phases": {"coverage": {"enabled": False}}}
config = schemathesis.config.SchemathesisConfig.from_dict(quick)
described = schemathesis.openapi.from_asgi("/v1/openapi.json", app, config=config)


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
    case.call_and_validate(excluded_checks=[positive_data_acceptance])


def test_the_description_is_openapi_3_1_with_examples() -> None:
    document = app.openapi()
    assert document["openapi"].startswith("3.1")
    taking = [operation["post"] for operation in document["paths"].values() if "post" in operation]
    assert len(taking) >= 6
    for operation in taking:
        contents = operation["requestBody"]["content"].values()
        assert all("example" in content for content in contents if content["schema"]), "a file has none"


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


def test_what_is_answered_is_open_and_what_is_asked_is_not() -> None:
    components = app.openapi()["components"]["schemas"]
    closed = {name for name, schema in components.items() if schema.get("additionalProperties") is False}
    assert {"DecisionRequest", "Case"} <= closed
    assert not [name for name in closed if name.endswith(("Document", "Entry"))]
