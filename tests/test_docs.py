"""The docs say what is there: every fault code, every field of a case, every public name, what is really printed."""

from __future__ import annotations

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

import vwv_im
from vwv_im.cli.main import app
from vwv_im.text.messages import codes, findings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FACTS = vwv_im.regulation().vocabulary.facts
EXTRAS = re.compile(r"(?:\.|vwv-im)\[([a-z,]+)\]")


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


def test_words_that_one_searches_for_lead_to_items_acts_and_pages() -> None:
    words = json.loads((DOCS / "stichworte.json").read_text("utf-8"))
    law = vwv_im.regulation()
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert set(words) <= {item.entry.key for item in law.items} | {act.id for act in law.acts} | pages
    assert all(words.values())


def test_every_extra_that_the_docs_name_exists_and_every_one_is_explained() -> None:
    extras = set(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"])
    pages = {path: path.read_text("utf-8") for path in (*ROOT.glob("*.md"), *DOCS.rglob("*.md"))}
    named = {name for text in pages.values() for one in EXTRAS.findall(text) for name in one.split(",")}
    assert named <= extras
    installation = pages[DOCS / "en" / "installation.md"]
    assert {name for name in extras if f"`{name}`" not in installation} == set()


def test_a_clerk_is_told_to_install_the_same_everywhere() -> None:
    pages = ((ROOT / "README.md"), DOCS / "index.md", DOCS / "en" / "installation.md")
    found = {one for path in pages for one in EXTRAS.findall(path.read_text("utf-8")) if "web" in one.split(",")}
    assert found - {"web"} == {"web,note,columns,excel"}


def blocks(path: Path, language: str) -> list[str]:
    return [text.split("\n", 1)[1] for text in path.read_text("utf-8").split("```")[1::2] if text.startswith(language)]


def commands(path: Path) -> list[list[str]]:
    """Return what the docs have a reader type: the words after each `vwv-im`, in blocks and in tables."""
    found = re.findall(r"\.venv/bin/vwv-im ((?:[^`|&\n#](?! {2,}#))+)", path.read_text("utf-8"))
    return [shlex.split(words) for words in found]


def test_the_readme_prints_what_is_printed() -> None:
    shown = blocks(ROOT / "README.md", "text\n")[0].splitlines()
    command = next(words for words in commands(ROOT / "README.md") if words[0] == "evaluate")
    ended = CliRunner().invoke(app, [str(ROOT / word) if word.startswith("examples/") else word for word in command])
    assert ended.exit_code == 0
    assert [line for line in shown if "[…]" not in line and line not in ended.stdout] == []


@pytest.mark.parametrize("path", ["README.md", "docs/index.md", "docs/en/cli.md"])
def test_every_command_of_the_docs_exists_with_its_options(path: str) -> None:
    found = commands(ROOT / path)
    assert found
    for words in found:
        names = words[:2] if words[0] == "docs" else words[:1]
        helped = CliRunner().invoke(app, [*names, "--help"], env={"COLUMNS": "200"})
        assert helped.exit_code == 0, words
        assert [word for word in words if word.startswith("--") and word not in helped.stdout] == [], words


@pytest.mark.parametrize("path", ["README.md", "docs/index.md", "docs/en/cli.md"])
def test_every_extra_of_the_docs_can_be_installed(path: str) -> None:
    known = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"[\"`]\.\[([a-z,]+)\]", (ROOT / path).read_text("utf-8"))
    assert named
    assert [extra for extras in named for extra in extras.split(",") if extra not in known] == []


def test_the_guide_says_the_same_on_the_start_page_and_in_the_readme() -> None:
    guide = [blocks(ROOT / path, "sh\n") for path in ("README.md", "docs/index.md")]
    steps = [
        ["\n".join(line.strip() for line in one.split("\n")).replace(" && ", "\n") for one in each] for each in guide
    ]
    assert len(steps[1]) == 2
    assert [step for step in steps[1] if step not in steps[0]] == []


@pytest.mark.parametrize("command", ["note", "batch", "export"])
def test_the_doors_of_the_readme_open(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    words = next(words for words in commands(ROOT / "README.md") if words[0] == command)
    ended = CliRunner().invoke(app, words)
    assert ended.exit_code == (1 if command == "batch" else 0), ended.output  # one cell of the example is faulty
    assert [path for path in tmp_path.iterdir() if path.name in words and path.stat().st_size > 1000]


@pytest.mark.parametrize("path", ["README.md", "CONTRIBUTING.md"])
def test_every_link_leads_somewhere(path: str) -> None:
    text = (ROOT / path).read_text("utf-8")
    targets = [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    assert targets
    for target in targets:
        file, _, anchor = target.partition("#")
        assert (ROOT / file).exists(), target
        if anchor and (file or path).endswith(".md"):
            assert anchor in anchors(ROOT / (file or path)), target


def anchors(path: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    heads = re.findall(r"^#+ (.*?)(?: \{ #(\S+) \})?$", path.read_text("utf-8"), re.MULTILINE)
    return {given or re.sub(r"[^\w -]", "", title.casefold()).replace(" ", "-") for title, given in heads}


def test_a_database_is_decided_through_arrow(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("duckdb", reason="duckdb is not installed")
    text = (ROOT / "docs/en/columns.md").read_text("utf-8")
    (code,) = (code for code in blocks(ROOT / "docs/en/columns.md", "python\n") if "duckdb" in code)
    exec(code, {})
    assert capsys.readouterr().out == text.partition(code)[2].partition("```text\n")[2].partition("```")[0]


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
