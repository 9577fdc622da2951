"""The one way in which files are written: a file has what it had, or all that was to be written, and nothing else.

What is written goes to a file beside the target, whose name nobody can foresee and which is there for nobody before;
when all of it is on the disk, it takes the target's place. A link keeps leading where it led, a file keeps its mode.
"""

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from glob import escape
from pathlib import Path
from typing import IO

from vwv_im.text.faults import FaultyInputError, Place
from vwv_im.text.messages import fault_of, system_said

_UNFINISHED = "teil"
_NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class NotWrittenError(FaultyInputError):
    """A file cannot be written; what it was before is still there."""


def write_file(target: Path, content: str | bytes, read: Iterable[Path] = ()) -> None:
    """Write a file, whole or not at all; `read` are the files that the same call reads.

    Raises `NotWrittenError` where it cannot be written, or is one of those.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     case = Path(folder, "haus.yaml")
    ...     write_file(case, "haus: {}")
    ...     try:
    ...         write_file(case, "{}", read=[case])
    ...     except NotWrittenError as error:
    ...         error.faults[0].code, case.read_text()
    ('VIM003', 'haus: {}')
    """
    with new_file(target, read) as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are not there; raises `NotWrittenError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _not_written(folder, error) from None


def remove_file(target: Path) -> None:
    """Remove a file; raises `NotWrittenError` where it cannot be removed."""
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise _not_written(target, error) from None


@contextmanager
def new_file(target: Path, read: Iterable[Path] = ()) -> Iterator[IO[bytes]]:
    """Give a file to write to, which takes the target's place at the end, and never if anything went wrong.

    Raises `NotWrittenError` where that cannot be done, or where the target is one of the files that are `read`.
    """
    refuse_inputs(target, read)
    try:
        with _device(target) if _is_device(target) else _beside(Path(os.path.realpath(target))) as file:
            yield file
    except OSError as error:
        raise _not_written(target, error) from None


def _not_written(target: Path, error: OSError) -> NotWrittenError:
    return NotWrittenError([fault_of("cannot_write", Place(str(target)), why=system_said(error))])


def refuse_inputs(target: Path, read: Iterable[Path]) -> None:
    """Raise `NotWrittenError` where a file to be written is one that is read, whatever name or link leads to it.

    A folder stands for the YAML files in it.
    """
    for path in read:
        if any(map(partial(_same, target), (path, *(path.rglob("*.yaml") if path.is_dir() else ())))):
            raise NotWrittenError([fault_of("target_is_read", Place(str(target)), name=str(path))])


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False


def _is_device(target: Path) -> bool:
    """Whether there is something that is written to and never replaced: a terminal, a pipe, an open file."""
    try:
        if target.resolve(strict=True) and target.absolute().parts[1:2] in (("dev",), ("proc",)):
            return True
        return not (stat.S_ISREG(mode := target.stat().st_mode) or stat.S_ISDIR(mode))
    except (OSError, ValueError):
        return False


@contextmanager
def _device(target: Path) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as whole:
        yield whole
        whole.seek(0)
        with target.open("ab") as device:
            shutil.copyfileobj(whole, device)


@contextmanager
def _beside(target: Path) -> Iterator[IO[bytes]]:
    if target.is_dir():
        raise IsADirectoryError(21, "Is a directory")
    _clear(target)
    part = target.with_name(f".{_short(target)}.{os.getpid()}.{secrets.token_hex(8)}.{_UNFINISHED}")
    descriptor = os.open(part, _NEW, 0o666)  # less what the user's mask takes away
    try:
        with os.fdopen(descriptor, "w+b") as file:
            _keep_mode(target, descriptor)
            yield file
            file.flush()
            os.fsync(descriptor)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    _sync_folder(target.parent)


def _keep_mode(target: Path, descriptor: int) -> None:
    """Give a new file mode and owner of the one that it replaces."""
    with suppress(FileNotFoundError):
        before = target.stat()
        if hasattr(os, "fchown") and (before.st_uid, before.st_gid) != (os.getuid(), os.getgid()):
            with suppress(OSError):
                os.fchown(descriptor, before.st_uid, before.st_gid)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # not every system opens a folder
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def folder_beside(target: Path) -> tempfile.TemporaryDirectory[str]:
    """Give a folder for what is only needed meanwhile; what a killed run leaves there goes with the next run."""
    target = Path(os.path.realpath(target))
    return tempfile.TemporaryDirectory(f".{_UNFINISHED}", f".{_short(target)}.ordner.{os.getpid()}.", target.parent)


def _short(target: Path) -> str:
    """Return the name of a target, short enough for something to follow it."""
    return os.fsdecode(os.fsencode(target.name)[:180])


def _clear(target: Path) -> None:
    """Remove what killed runs left unfinished beside a target."""
    for left in target.parent.glob(f".{escape(_short(target))}.*.*.{_UNFINISHED}"):
        if not _alive(left.suffixes[-3].removeprefix(".")):
            with suppress(OSError):
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except (ValueError, OSError, OverflowError):
        return True
    return True
