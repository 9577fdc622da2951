"""The cache of rule files: the user's own, and rebuilt whenever it is not just what was written there."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hatchling.builders.wheel import WheelBuilder

from support import TOY, Edit, edited, faults_in, toy
from vwv_im.law import cache as kept
from vwv_im.law.regulation import Regulation, load_regulation, regulation, rules_directory

SECOND = "2003-06-01-aenderung.yaml"


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return the folder in which parsed rule files are kept, empty as yet."""
    monkeypatch.delenv("VWV_IM_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "vwv-im"


def all_of(regulation: Regulation) -> Iterator[object]:
    """Yield everything that a regulation says, with the place of each item."""
    yield from (regulation.acts, regulation.hashes, regulation.sources, regulation.readings, regulation.open_questions)
    for fassung in regulation.fassungen:
        yield [(item.id, item.act, item.place, item.model) for item in fassung]


def test_the_cache_gives_what_reading_gives(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path)
    read = list(all_of(load_regulation(directory)))
    assert list(cache.glob("*.json"))
    assert list(all_of(load_regulation(directory))) == read


def test_what_is_cached_is_not_parsed_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_regulation(TOY)
    monkeypatch.setattr("vwv_im.law.regulation.read_documents", lambda directory: pytest.fail("parsed again"))
    load_regulation(TOY)


def test_a_changed_file_is_not_served_stale(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path)
    first = load_regulation(directory)
    file = directory / SECOND
    file.write_text(file.read_text("utf-8").replace("neu: 36", "neu: 48"), "utf-8")
    second = load_regulation(directory)
    wert = [law.fassungen[-1].parameters["dauer_monate"].model.wert for law in (first, second)]
    assert wert == [36, 48]
    file.write_text(file.read_text("utf-8").replace("alt: 24", "alt: 25"), "utf-8")
    assert [fault.code for fault in faults_in(directory)] == ["VIM018"]


def test_faulty_rule_files_are_not_cached(cache: Path, tmp_path: Path) -> None:
    directory = edited(tmp_path, Edit(SECOND, "alt: 24", "alt: 25"))
    assert faults_in(directory) == faults_in(directory) != ()
    assert not cache.exists()


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\x00", b"{", b"null", b"[]", b"{}", b"5", b"[[1, 2, 3]]", json.dumps([["a.yaml", {}, "x"]]).encode()],
)
def test_a_corrupt_cache_is_passed_over(cache: Path, content: bytes) -> None:
    read = list(all_of(load_regulation(TOY)))
    (file,) = cache.glob("*.json")
    file.write_bytes(content)
    assert list(all_of(load_regulation(TOY))) == read


def test_a_cache_that_cannot_be_written_is_no_fault(cache: Path) -> None:
    cache.parent.mkdir()
    cache.write_text("in the way")
    assert list(all_of(load_regulation(TOY))) == list(all_of(load_regulation(TOY)))
    assert cache.read_text() == "in the way"


def test_the_cache_can_be_switched_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VWV_IM_CACHE", "off")
    load_regulation(TOY)
    assert not cache.exists()


def size(law: Regulation) -> Any:
    """Return a value of the law that a cache might change."""
    return law.fassung("2001-03-01").parameters["mindestumfang"].model.wert


def written(cache: Path) -> Path:
    """Return the file of the cache, written for the toy."""
    load_regulation(TOY)
    (file,) = cache.glob("*.json")
    return file


def another(content: bytes) -> bytes:
    """Return what is kept as if the law were another."""
    changed = content.replace(b'{\\"$decimal\\": \\"0.5\\"}', b"9").replace(b'{"$decimal": "0.5"}', b"9")
    assert changed != content
    return changed


def test_another_law_is_not_believed_whatever_digest_it_has(cache: Path) -> None:
    file = written(cache)
    _, _, content = file.read_bytes().partition(b"\n")
    file.write_bytes(sha256(another(content)).hexdigest().encode() + b"\n" + another(content))
    assert str(size(load_regulation(TOY))) == "0.5"


@pytest.mark.parametrize(
    "content",
    [b"[]", b"[{}, []]", b"[{}, 5]", b"[{}, [[1, 2, 3]]]", b"5", b'{"$decimal": "x"}', b"[" * 100_000, b'"\\ud800"'],
)
def test_rubbish_with_the_right_code_is_read_anew(cache: Path, content: bytes) -> None:
    file = written(cache)
    code = kept._code((cache / "key").read_bytes(), file.stem, content)
    file.write_bytes(code + b"\n" + content)
    assert str(size(load_regulation(TOY))) == "0.5"


def test_what_is_kept_for_other_files_is_not_taken(cache: Path, tmp_path: Path) -> None:
    file = written(cache)
    directory = edited(tmp_path, Edit("2001-03-01-stammfassung/umfang.yaml", "wert: 0.5", "wert: 0.75"))
    load_regulation(directory)
    (other,) = set(cache.glob("*.json")) - {file}
    other.replace(file)
    assert str(size(load_regulation(TOY))) == "0.5"


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_is_passed_over(cache: Path, mode: int) -> None:
    file = written(cache)
    before = file.read_bytes()
    cache.chmod(mode)
    file.write_bytes(before[:-1])
    assert str(size(load_regulation(TOY))) == "0.5"
    assert file.read_bytes() == before[:-1], "nothing is written there either"


@pytest.mark.parametrize("name", ["key", "*.json"])
@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_file_that_others_may_write_is_passed_over(cache: Path, name: str, mode: int) -> None:
    file, hashes = written(cache), toy().hashes
    assert kept.load(file.stem, hashes) is not None
    next(cache.glob(name)).chmod(mode)
    assert kept.load(file.stem, hashes) is None
    load_regulation(TOY)
    assert kept.load(file.stem, hashes) is not None, "rebuilt"


def test_a_folder_of_another_user_is_passed_over(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(cache)
    before = file.stat().st_mtime_ns
    monkeypatch.setattr(os, "getuid", lambda: file.stat().st_uid + 1)
    assert kept.load(file.stem, toy().hashes) is None
    assert file.stat().st_mtime_ns == before


def test_a_link_in_place_of_the_file_is_not_followed(cache: Path, tmp_path: Path) -> None:
    file = written(cache)
    file.rename(tmp_path / "anderswo")
    file.symlink_to(tmp_path / "anderswo")
    assert kept.load(file.stem, toy().hashes) is None
    load_regulation(TOY)
    assert kept.load(file.stem, toy().hashes) is not None, "written anew, as a file"
    assert not file.is_symlink()


def test_the_bytes_that_are_hashed_are_those_that_are_parsed(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that changes while it is read gives one law or the other, and the next reading its own."""
    directory = edited(tmp_path)
    file = directory / "2001-03-01-stammfassung/umfang.yaml"
    first = file.read_text("utf-8")
    opened = Path.open

    def changing(path: Path, *how: Any, **more: Any) -> Any:
        stream = opened(path, *how, **more)
        if path == file and how == ("rb",):
            content = stream.read()
            with opened(file, "w") as other:
                other.write(first.replace("wert: 0.5", "wert: 0.75"))
            stream.seek(0)
            return _Once(stream, content)
        return stream

    monkeypatch.setattr(Path, "open", changing)
    law = load_regulation(directory)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parent))
    assert law.hashes["2001-03-01-stammfassung/umfang.yaml"] == sha256(first.encode()).hexdigest()
    assert str(size(law)) == "0.5"
    assert str(size(load_regulation(directory))) == "0.75"


class _Once:
    """A stream that gives what it held when it was opened."""

    def __init__(self, stream: Any, content: bytes) -> None:
        self.stream, self.content = stream, content

    def __enter__(self) -> _Once:
        return self

    def __exit__(self, *error: object) -> None:
        self.stream.close()

    def read(self, most: int = -1) -> bytes:
        return self.content


def test_a_full_disk_leaves_nothing(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert str(size(load_regulation(TOY))) == "0.5"
    assert list(cache.iterdir()) == []


def test_what_is_kept_is_for_the_user_alone(cache: Path) -> None:
    written(cache)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (cache, *cache.iterdir())} == {0o700, 0o600}


def test_documents_are_kept_with_their_places_and_their_form(cache: Path) -> None:
    file = written(cache)
    documents = kept.load(file.stem, toy().hashes)
    assert documents is not None
    assert {document.form for document in documents} == {"yaml"}
    assert json.loads(file.read_bytes().partition(b"\n")[2])[0] == toy().hashes


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return what a wheel that is built here holds of the rules."""
    root, folder = rules_directory().parent, tmp_path_factory.mktemp("wheel")
    if not (root / "hatch_build.py").is_file():
        pytest.skip("what builds a wheel is in the checkout alone")
    wheel = Path(next(WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])))
    assert list(folder.iterdir()) == [wheel]
    with ZipFile(wheel) as archive:
        return archive.read("vwv_im/rules.json")


@pytest.fixture
def shipped(packed: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let what a wheel holds of the rules be all that is kept of them."""
    file = tmp_path / "rules.json"
    file.write_bytes(packed)
    monkeypatch.setenv("VWV_IM_CACHE", "off")
    monkeypatch.setattr("vwv_im.law.cache.SHIPPED", file)
    return file


def test_a_wheel_holds_what_reading_the_packaged_rules_gives(shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = list(all_of(regulation()))
    monkeypatch.setattr("vwv_im.law.regulation.read_documents", lambda texts: pytest.fail("parsed again"))
    assert list(all_of(load_regulation(rules_directory()))) == read


@pytest.mark.parametrize("change", [b"", b"{}", b"[]", b'[{"akt.yaml": "0"}, []]', b"[1, [[1, 2, 3]]]"])
def test_what_a_wheel_holds_of_other_rules_is_not_taken(shipped: Path, change: bytes) -> None:
    shipped.write_bytes(change)
    assert kept.shipped(regulation().hashes) is None
    assert list(all_of(load_regulation(rules_directory()))) == list(all_of(regulation()))
