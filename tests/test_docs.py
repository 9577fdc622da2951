"""The docs say what is there: every fault code, every field of a case, every public name, what is really printed."""

from __future__ import annotations

from pathlib import Path

import pytest

import vwv_im
from vwv_im.text.messages import codes, findings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FACTS = vwv_im.regulation().vocabulary.facts


@pytest.mark.parametrize(
    "code",
    sorted(
        {*codes("rules"), *findings(), *codes("case"), *codes("tables"), "VIM150", "VIM151", "VIM170", "VIM171"}
        | {f"VIM{number}" for number in range(160, 164)}
    ),
)
def test_every_fault_code_is_explained(code: str) -> None:
    assert f"`{code}`" in (DOCS / "fehler.md").read_text("utf-8")


@pytest.mark.parametrize("path", FACTS)
def test_every_field_of_a_case_is_explained(path: str) -> None:
    text = (DOCS / "angaben.md").read_text("utf-8")
    assert f"`{path}`" in text
    assert FACTS[path].question.de in text


@pytest.mark.parametrize("name", sorted(set(vwv_im.__all__) - {"ConditionResult", "Reason", "Verdict", "__version__"}))
def test_every_public_name_is_in_the_reference(name: str) -> None:
    assert f"::: vwv_im.{name}\n" in (DOCS / "en" / "api.md").read_text("utf-8")


def blocks(path: Path, language: str) -> list[str]:
    return [text.split("\n", 1)[1] for text in path.read_text("utf-8").split("```")[1::2] if text.startswith(language)]


def test_the_readme_prints_what_is_printed() -> None:
    shown = blocks(ROOT / "README.md", "text\n")[0].splitlines()
    printed = vwv_im.evaluate(ROOT / "examples" / "tettnang.yaml", on="2018-06-01").explain("de").splitlines()
    assert [line for line in shown if "[…]" not in line and line not in printed] == []


@pytest.mark.parametrize("path", ["README.md", "docs/en/quick-start.md", "docs/en/embedding.md"])
def test_the_python_of_the_docs_prints_what_they_say(
    path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    for case in blocks(ROOT / path, "yaml\n"):
        (tmp_path / "fall.yaml").write_text(case, "utf-8")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / path).read_text("utf-8")
    scope: dict[str, object] = {}
    for code in blocks(ROOT / path, "python\n"):
        exec(code, scope)
        expected = text.partition(code)[2].partition("```text\n")[2].partition("```")[0]
        assert capsys.readouterr().out == expected
