"""Kill commands that write, and fill the disk under them, at random moments: each file stays what it was, or is whole.

    python benchmarks/interrupted.py                # 50 moments of each kind, over all commands that write
    python benchmarks/interrupted.py --moments 10

A command is killed (`SIGKILL`) at any moment of the time that it takes, or may write only so much to a file
(`RLIMIT_FSIZE`); as root, a file system that is full is tried as well. Needs a POSIX system.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLD = b"what was there before\n"
CASE, DAY = str(ROOT / "examples" / "tettnang.yaml"), "2018-06-01"
TABLE = "stelle.vzae;on\n" + "".join(f"0,{number % 90 + 10};01.06.2018\n" for number in range(2000))
COMMANDS: tuple[tuple[str, Sequence[str]], ...] = (
    ("aus.csv", ("batch", "{folder}/ein.csv", "{target}")),
    ("aus.xlsx", ("batch", "{folder}/ein.csv", "{target}")),
    ("aus.parquet", ("batch", "{folder}/ein.csv", "{target}")),
    ("vorlage.xlsx", ("batch", "--template", "{target}")),
    ("protokoll.json", ("evaluate", CASE, "--on", DAY, "--receipt", "{target}")),
    ("vermerk.md", ("note", CASE, "{target}", "--on", DAY)),
    ("vermerk.docx", ("note", CASE, "{target}", "--on", DAY)),
    ("pflichten.ics", ("duties", CASE, "--on", DAY, "--ics", "{target}")),
    ("typen.py", ("schema", "models", "--write", "{target}")),
    ("regelwerk.json", ("export", "json", "--out", "{target}")),
    ("synopse.md", ("synopsis", "2019-08-28", "--examples", "0", "--out", "{target}")),
    ("schemas", ("schema", "--write", "{target}")),
)


def start(folder: Path, target: Path, command: Sequence[str], limit: int | None = None) -> subprocess.Popen[bytes]:
    """Start a command; `limit` is the most that it may write to one file."""

    def limited() -> None:
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    words = [word.format(folder=folder, target=target) for word in command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "vwv_im", *words], env=environment, preexec_fn=limited,  # noqa: PLW1509 - no threads here
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def files(target: Path) -> dict[Path, bytes]:
    """Return what a file holds, or those in a folder do, by their paths there."""
    found = [path for path in target.rglob("*") if path.is_file()] if target.is_dir() else [target]
    return {path.relative_to(target): path.read_bytes() for path in found}


def is_whole(path: Path, new: bytes) -> bool:
    """Return whether a file is the new one: of the same bytes, or, where these hold the time, a whole archive."""
    content = path.read_bytes()
    if content == new:
        return True
    return len(content) > len(new) // 2 and zipfile.is_zipfile(path) and zipfile.ZipFile(path).testzip() is None


def whole_run(folder: Path, name: str, command: Sequence[str]) -> tuple[dict[Path, bytes], float]:
    """Return what a command writes where nothing disturbs it, and how long it takes."""
    target, began = folder / f"ganz-{name}", time.monotonic()
    start(folder, target, command).wait(600)
    return files(target), time.monotonic() - began


def moment(folder: Path, name: str, new: dict[Path, bytes], disturb: Callable[[Path, Path], int]) -> str:
    """Disturb a command once; return what is wrong afterwards, if anything."""
    target = folder / name
    for path in new:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_bytes(OLD)
    status = disturb(folder, target)
    if status not in (0, 1, 2, 3, -signal.SIGKILL):
        return f"{name}: status {status}"
    for path, content in files(target).items():
        if path in new and content != OLD and not is_whole(target / path, new[path]):
            return f"{name}: {path} is neither the old file nor the new one ({len(content)} bytes)"
    return ""


def killed(command: Sequence[str], seconds: float) -> Callable[[Path, Path], int]:
    """Return what kills a command at some moment of the time that it takes."""

    def disturb(folder: Path, target: Path) -> int:
        process = start(folder, target, command)
        time.sleep(random.uniform(0, seconds))
        process.kill()
        process.communicate()
        return process.returncode

    return disturb


def cut_short(command: Sequence[str], size: int) -> Callable[[Path, Path], int]:
    """Return what lets a command write only a part of what it would."""

    def disturb(folder: Path, target: Path) -> int:
        process = start(folder, target, command, random.randrange(max(size, 1)))
        _, told = process.communicate(timeout=600)
        return 70 if b"Traceback" in told or b"Exception ignored" in told else process.returncode

    return disturb


@contextmanager
def full_disk(size: int) -> Iterator[Path | None]:
    """Give a folder on a file system that holds only so much; nothing where none can be made."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
        mounted = os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
        try:
            yield Path(folder) if mounted else None
        finally:
            if mounted:
                subprocess.run(["umount", folder], check=False)


def on_a_full_disk(name: str, command: Sequence[str], new: dict[Path, bytes]) -> str | None:
    """Run a command on a disk that holds a part of what it writes; return what is wrong, `None` where there is none."""
    room = sum(-(-max(len(content), len(OLD)) // 4096) for content in new.values())
    before = len(new) + len(TABLE) // 4096 + 2
    with full_disk((before + random.randrange(room)) * 4096) as folder:
        if folder is None:
            return None
        (folder / "ein.csv").write_text(TABLE, "utf-8")
        return moment(folder, name, new, cut_short(command, 1 << 40))


def main() -> int:
    """Try all commands; return 1 where a file was neither the old one nor the new one."""
    parser = argparse.ArgumentParser(description="Kill commands that write, and fill the disk under them.")
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    random.seed(asked.seed)
    wrong: list[str] = []
    done = {"killed": 0, "cut short": 0, "full disk": 0}
    with tempfile.TemporaryDirectory() as name_of_folder:
        folder = Path(name_of_folder)
        (folder / "ein.csv").write_text(TABLE, "utf-8")
        whole = {name: whole_run(folder, name, command) for name, command in COMMANDS}
        for number in range(asked.moments):
            name, command = COMMANDS[number % len(COMMANDS)]
            new, seconds = whole[name]
            wrong.append(moment(folder, name, new, killed(command, seconds)))
            wrong.append(moment(folder, name, new, cut_short(command, max(map(len, new.values())))))
            done["killed"] += 1
            done["cut short"] += 1
            if (found := on_a_full_disk(name, command, new)) is not None:
                wrong.append(found)
                done["full disk"] += 1
    wrong = [one for one in wrong if one]
    print(", ".join(f"{count} {kind}" for kind, count in done.items()), f"- {len(wrong)} wrong")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
