"""A decision in short says the same as the whole: the verdict, what stands in its way, and the derived values."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from support import EXAMPLES
from vwv_im import Decision, RequestError, evaluate
from vwv_im.cli.main import app
from vwv_im.publish.schemas import schema_of
from vwv_im.review.corpus import CorpusCase, corpus

NEUKIRCH = EXAMPLES / "neukirch.yaml"
KEPT = ("outcome", "verdict", "question", "on", "known_on", "fassung", "derived", "engine", "contract")


def decided(case: CorpusCase) -> Decision:
    asked = {"on": case.on, "question": case.question, "known_on": case.known_on, "readings": case.readings}
    return evaluate(dict(case.case), engine="direct", **asked)


@pytest.mark.parametrize("lang", ["de", "en"])
def test_it_says_the_same_as_the_whole_in_one_language(lang: Any) -> None:
    check = Draft202012Validator(schema_of("short-decision"))
    for case in corpus()[::15]:
        decision = decided(case)
        short, whole = decision.to_dict(lang, "short"), decision.to_dict(lang)
        check.validate(short)
        assert {key: short[key] for key in KEPT} == {key: whole[key] for key in KEPT}
        unmet = [one for one in whole["reasons"] if one["verdict"] != "yes"]
        said = [(one["rule"], one["subject"], one["verdict"], one["text"]) for one in short["obstacles"]]
        assert said == [
            *((one["id"], None, None, one["text"][lang]) for one in whole["contradictions"]),
            *((one["rule"], one["subject"], one["verdict"], one["text"][lang]) for one in unmet),
        ]


def test_no_other_reading_is_decided_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = evaluate(NEUKIRCH, on="2018-06-01", engine="direct")
    monkeypatch.setattr(decision, "_again", None)
    assert decision.short.to_dict()["result"].startswith("NEIN")


def test_another_detail_is_refused_in_two_languages() -> None:
    decision = evaluate(NEUKIRCH, on="2018-06-01", engine="direct")
    with pytest.raises(RequestError) as refused:
        decision.to_dict("de", "kurz")  # type: ignore[arg-type]
    (fault,) = refused.value.faults
    assert fault.place.file == "<detail>"
    assert fault.message.de != fault.message.en
    assert fault.hint is not None
    assert "full, short" in fault.hint.de


def test_the_command_line_gives_it_as_json_only() -> None:
    asked = ["evaluate", str(NEUKIRCH), "--on", "2018-06-01", "--engine", "direct", "--short"]
    given = CliRunner().invoke(app, [*asked, "--format", "json", "--lang", "en"])
    assert given.exit_code == 1
    assert json.loads(given.stdout) == evaluate(NEUKIRCH, on="2018-06-01", engine="direct").to_dict("en", "short")
    refused = CliRunner().invoke(app, asked)
    assert (refused.exit_code, refused.stderr) == (2, "--short: nur mit --format json.\n")
