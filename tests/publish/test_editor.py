"""Editor support: the schemas of rule files explain every key in German, and a language server uses them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from publish.language_server import SERVER, Editor, editor
from support import EXAMPLES, ROOT, RULES, TOY, place_of, toy
from vwv_im.cli.main import app
from vwv_im.law import act, base, evidence, examination, list_file, model, register, vocabulary_file
from vwv_im.publish.schemas import RULE_FILES, hovers, schema_of, write_schemas

KINDS = sorted(RULE_FILES)
FILES = sorted(path.relative_to(ROOT).as_posix() for path in RULES.rglob("*.yaml"))
SIZE = "rules/2017-12-11-stammfassung/stellenumfang.yaml"
ACT = "rules/2020-11-11-aenderung.yaml"
PARTS: dict[str, type[base.RuleModel]] = {
    name: part
    for module in (act, base, evidence, examination, list_file, model, register, vocabulary_file)
    for name, part in vars(module).items()
    if isinstance(part, type) and issubclass(part, base.RuleModel) and part is not base.RuleModel
}


@pytest.mark.parametrize("name", [*KINDS, "case"])
def test_the_committed_schemas_are_those_of_the_models(name: str, tmp_path: Path) -> None:
    write_schemas(tmp_path)
    written = (ROOT / "schema" / f"{name}.json").read_text("utf-8")
    assert written == (tmp_path / f"{name}.json").read_text("utf-8"), "vwv-im schema --write schema"
    Draft202012Validator.check_schema(json.loads(written))


def test_the_committed_models_are_those_of_the_vocabulary(tmp_path: Path) -> None:
    written = (ROOT / "src" / "vwv_im" / "typed.py").read_text("utf-8")
    target = tmp_path / "typed.py"
    assert CliRunner().invoke(app, ["schema", "models", "--write", str(target)]).exit_code == 0
    assert written == target.read_text("utf-8"), "vwv-im schema models --write src/vwv_im/typed.py"


def test_models_and_schemas_of_other_rules_are_theirs() -> None:
    printed = CliRunner().invoke(app, ["schema", "models", "--rules", str(TOY)]).stdout
    assert printed == toy().typed_source()
    assert "stelle" in schema_of("gegenstand", toy())["$defs"]["Regel"]["properties"]["bezug"]["enum"]


def test_schemas_are_written_by_the_command(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, ["schema", "--write", str(tmp_path / "neu")]).exit_code == 0
    assert {path.stem for path in (tmp_path / "neu").glob("*.json")} == {*KINDS, "case"}
    (tmp_path / "datei").write_text("", "utf-8")
    refused = CliRunner().invoke(app, ["schema", "--write", str(tmp_path / "datei")])
    assert (refused.exit_code, "datei" in refused.stderr) == (2, True)
    assert CliRunner().invoke(app, ["schema"]).exit_code == 2


def test_no_schema_is_left_over() -> None:
    assert {path.stem for path in (ROOT / "schema").glob("*.json")} == {*KINDS, "case"}


@pytest.mark.parametrize("part", PARTS)
def test_every_key_is_explained_in_one_place(part: str) -> None:
    PARTS[part].model_rebuild()
    keys = {field.alias or name: field.description for name, field in PARTS[part].model_fields.items()}
    assert hovers().get(part, {}).keys() == {key for key, description in keys.items() if description is None}


def test_no_explanation_is_left_over() -> None:
    assert hovers().keys() <= PARTS.keys()


def described(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(text := node.get("description"), str):
            yield text
        for value in node.values():
            yield from described(value)
    elif isinstance(node, list):
        for value in node:
            yield from described(value)


@pytest.mark.parametrize("kind", KINDS)
def test_editors_show_no_english(kind: str) -> None:
    words = {word.strip(".,;:()").lower() for text in described(schema_of(kind)) for word in text.split()}
    assert not words & {"the", "of", "and", "is", "where", "which", "a"} - {"a"}


def test_every_rule_file_has_exactly_one_schema_in_the_settings() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text("utf-8"))["yaml.schemas"]
    for file in FILES:
        path = Path(file)
        matching = [
            schema
            for schema, patterns in settings.items()
            if any(path.match(p) for p in patterns if not p.startswith("!"))
            and not any(path.match(p[1:]) for p in patterns if p.startswith("!"))
        ]
        assert len(matching) == 1, file
        assert (ROOT / matching[0]).is_file()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    if not SERVER.is_file() or shutil.which("node") is None:
        pytest.skip("yaml-language-server ist nicht installiert: npm ci")
    folder = tmp_path_factory.mktemp("editor")
    for name in ("rules", "schema", "examples", ".vscode"):
        shutil.copytree(ROOT / name, folder / name)
    with editor(folder) as running:
        yield running


@pytest.mark.node
def test_the_language_server_marks_nothing_in_our_files(opened: Editor) -> None:
    examples = [path.relative_to(ROOT).as_posix() for path in sorted(EXAMPLES.glob("*.yaml"))]
    assert {file: found for file in (*FILES, *examples) if (found := opened.diagnostics(file))} == {}


@pytest.mark.node
def test_the_language_server_explains_a_key_in_german(opened: Editor) -> None:
    opened.diagnostics(SIZE)
    _, line, column = place_of(ROOT / SIZE, "wert: 0.25")
    assert "Der Wert; null, wo ihn keine Quelle nennt." in opened.hover(SIZE, line, column)
    _, line, column = place_of(ROOT / SIZE, "bedingung:")
    assert "Wann die Regel erfüllt ist." in opened.hover(SIZE, line, column)


@pytest.mark.node
def test_the_language_server_explains_what_an_act_inserts(opened: Editor) -> None:
    opened.diagnostics(ACT)
    _, line, column = place_of(ROOT / ACT, "erstes_berichtsjahr")
    assert "Das erste Jahr, über das berichtet wird." in opened.hover(ACT, line, column)


@pytest.mark.node
@pytest.mark.parametrize(
    ("file", "old", "new", "marked"),
    [
        (SIZE, "    einheit: VZAE\n    beleg", "    einhet: VZAE\n    beleg", "einhet"),
        (ACT, "        faellig: null\n", "        faelig: null\n", "faelig"),
        (SIZE, "art: muss", "art: mus", "mus\n"),
        (SIZE, "stelle.vzae, mindestens", "stelle.vzae, mindestes", "mindestes"),
    ],
)
def test_the_language_server_marks_a_fault_where_it_is(
    opened: Editor, file: str, old: str, new: str, marked: str
) -> None:
    text = (ROOT / file).read_text("utf-8")
    assert text.count(old) == 1
    faulty = file.replace(".yaml", f"-{marked.strip()}.yaml")
    (opened.folder / faulty).write_text(text.replace(old, new), "utf-8")
    _, line, column = place_of(opened.folder / faulty, marked)
    starts = [found["range"]["start"] for found in opened.diagnostics(faulty)]
    assert {"line": line - 1, "character": column - 1} in starts
