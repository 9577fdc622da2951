"""The files about the project: complete, of one mind with the package, and nothing invented in them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from support import ROOT
from vwv_im import __version__
from vwv_im.text import read_yaml

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SHORT = {"type": "string", "minLength": 1, "maxLength": 150}
PUBLICCODE: dict[str, Any] = {
    # what publiccode.yml 0.4 asks of every project, but `url`
    "type": "object",
    "required": [
        "publiccodeYmlVersion",
        "name",
        "platforms",
        "developmentStatus",
        "softwareType",
        "description",
        "legal",
        "maintenance",
        "localisation",
    ],
    "properties": {
        "publiccodeYmlVersion": {"const": "0.4"},
        "url": {"type": "string", "pattern": "^https://"},
        "platforms": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": ["web", "windows", "mac", "linux", "ios", "android"]},
        },
        "developmentStatus": {"enum": ["concept", "development", "beta", "stable", "obsolete"]},
        "softwareType": {
            "enum": [
                "standalone/mobile",
                "standalone/iot",
                "standalone/desktop",
                "standalone/web",
                "standalone/backend",
                "standalone/other",
                "addon",
                "library",
                "configurationFiles",
            ]
        },
        "description": {
            "type": "object",
            "required": ["de", "en"],
            "additionalProperties": {
                "type": "object",
                "required": ["shortDescription", "longDescription", "features"],
                "properties": {
                    "shortDescription": SHORT,
                    "longDescription": {"type": "string", "minLength": 150, "maxLength": 10_000},
                    "features": {"type": "array", "minItems": 1, "items": {**SHORT, "maxLength": 100}},
                },
            },
        },
        "legal": {"type": "object", "required": ["license"]},
        "maintenance": {
            "type": "object",
            "required": ["type", "contacts"],
            "properties": {
                "type": {"enum": ["internal", "contract", "community", "none"]},
                "contacts": {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["name"]}},
            },
        },
        "localisation": {"type": "object", "required": ["localisationReady", "availableLanguages"]},
    },
}


def told(name: str) -> Any:
    document = read_yaml(ROOT / name)
    assert document.faults == []
    return document.data


def test_publiccode_has_what_its_schema_asks() -> None:
    Draft202012Validator(PUBLICCODE).validate(told("publiccode.yml"))


def test_each_says_the_same_of_the_project() -> None:
    publiccode, citation = told("publiccode.yml"), told("CITATION.cff")
    assert publiccode["softwareVersion"] == citation["version"] == __version__
    assert publiccode["legal"]["license"] == " AND ".join(citation["license"]) == PROJECT["license"]
    names = {one["name"] for one in PROJECT["authors"]}
    assert {one["name"] for one in citation["authors"]} == names
    assert {one["name"] for one in publiccode["maintenance"]["contacts"]} == names
    assert f'"{next(iter(names))}"' in (ROOT / "REUSE.toml").read_text("utf-8")
    assert citation["cff-version"] == "1.2.0"
    assert citation["title"]
    assert citation["message"]


def test_the_address_stands_everywhere_or_nowhere() -> None:
    """It is not known yet; who enters it in one place is told of the others."""
    stated = [told("publiccode.yml").get("url"), told("CITATION.cff").get("repository-code")]
    stated += [next(iter(PROJECT.get("urls", {}).values()), None)]
    assert all(stated) or not any(stated), "docs/en/releasing.md"


@pytest.mark.parametrize(("one", "other"), [("LICENSE", "EUPL-1.2"), ("rules/LICENSE", "CC0-1.0")])
def test_the_licences_are_there_twice_and_alike(one: str, other: str) -> None:
    assert (ROOT / one).read_bytes() == (ROOT / "LICENSES" / f"{other}.txt").read_bytes()


def test_every_licence_named_has_its_text() -> None:
    reuse = tomllib.loads((ROOT / "REUSE.toml").read_text("utf-8"))
    named = {one["SPDX-License-Identifier"] for one in reuse["annotations"]}
    assert named == {path.stem for path in (ROOT / "LICENSES").iterdir()}


def locked(path: Path) -> dict[str, str]:
    """Return the entries of a lock file, each whole, by the name of its package."""
    entries = re.split(r"^(?=\w)", path.read_text("utf-8"), flags=re.MULTILINE)
    return {re.match(r"[\w.-]+", entry)[0].lower(): entry for entry in entries if re.match(r"[\w.-]+==", entry)}  # type: ignore[index]


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_each_locked_version_has_its_hashes(path: Path) -> None:
    entries = locked(path)
    assert len(entries) > 10
    assert [name for name, entry in entries.items() if "--hash=sha256:" not in entry] == []


def normal(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()  # type: ignore[index]


def needed(*extras: str) -> set[str]:
    """Return what the library and some of its extras need."""
    found = set(map(normal, PROJECT["dependencies"]))
    for extra in extras:
        for one in PROJECT["optional-dependencies"][extra]:
            inner = re.match(r"vwv-im\[(.+)\]", one)
            found |= needed(*inner[1].split(",")) if inner else {normal(one)}
    return found


@pytest.mark.parametrize(
    ("name", "extras", "without"),
    [
        ("dev", ("dev", "browser"), set()),
        ("web", ("web", "note", "columns", "excel"), set()),
        ("ohne-compiler", ("web", "note", "columns", "excel"), {"durable-rules"}),
    ],
)
def test_what_is_needed_is_locked(name: str, extras: tuple[str, ...], without: set[str]) -> None:
    names = {normal(one) for one in locked(ROOT / "requirements" / f"{name}.txt")}
    assert needed(*extras) - names == without, ".ci/lock"


def test_without_a_compiler_the_rest_is_the_same() -> None:
    whole, rest = (locked(ROOT / "requirements" / f"{name}.txt") for name in ("web", "ohne-compiler"))
    assert {name: entry for name, entry in whole.items() if name != "durable-rules"}.keys() == rest.keys()


def test_the_page_does_without_typst() -> None:
    assert "typst" not in needed("web")
    assert "typst" in needed("pdf") & needed("note") & needed("dev")
