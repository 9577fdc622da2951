"""The description of the API holds: what fits it is answered as it says, what does not is refused."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")
pytest.importorskip("fastapi", reason="the extra web is not installed")

from jsonschema import Draft202012Validator  # noqa: E402
from schemathesis.checks import positive_data_acceptance  # noqa: E402

from vwv_im.web.app import create_app  # noqa: E402
from vwv_im.web.describe import schemas  # noqa: E402
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
        assert all("example" in content for content in operation["requestBody"]["content"].values())


def test_the_example_of_a_decision_fits_its_schema() -> None:
    content = app.openapi()["paths"]["/v1/decisions"]["post"]["responses"]["200"]["content"]["application/json"]
    components = {"components": {"schemas": schemas(200)}}
    Draft202012Validator({**content["schema"], **components}).validate(content["example"])
