"""Every touch of the file system that a session makes, each safe on its own: no link followed, owner checked, synced.

The protocol that uses them is in `store.py`. Facts: fsync(2), rename(2), open(2) of the Linux manual; MoveFileEx and the
sharing rules of Windows.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from checks.text import Text
from state.errors import (
    SessionUnreadable,
    StateError,
    WriteProtected,
    cannot_write,
    named,
    unreadable,
)
from state.file.permissions import is_ours

T = TypeVar("T")

WINDOWS = os.name == "nt"

OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_SHARING = (5, 32, 33)
"""Windows error codes that pass by themselves: a scanner, an indexer or a synchroniser holds the file for a moment."""
_NO_SYNC = tuple(
    getattr(errno, name) for name in ("EINVAL", "ENOTSUP", "EOPNOTSUPP", "ENOSYS") if hasattr(errno, name)
)
"""What file systems answer that know no fsync at all: there is nothing more that we could do."""
_NO_LINK = (
    *_NO_SYNC,
    *(getattr(errno, n) for n in ("EPERM", "EMLINK", "EXDEV", "EACCES") if hasattr(errno, n)),
)

_sleep: Callable[[float], None] = time.sleep


def resolve(path: Path) -> Path:
    """The file itself behind a link (a rename would replace the link); raises `SessionUnreadable` for a planted one.

    A link counts as planted when neither we nor root made it.
    """
    path = Path(os.path.abspath(path))
    try:
        seen = os.lstat(path)
    except OSError:
        return path
    if not stat.S_ISLNK(seen.st_mode):
        return path
    if not is_ours(seen, root=True):
        raise SessionUnreadable(
            Text(
                f"{named(path)} は別の利用者が作ったリンクのため開きません。",
                f"{named(path)} is a link made by another user and is not followed.",
            )
        )
    return Path(os.path.realpath(path))


def read(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file of ours, None when there is none.

    Raises `SessionUnreadable` for anything else (a folder, a pipe, a device, a link, another owner, more than `limit` bytes).
    """
    try:
        handle = patiently(lambda: os.open(path, os.O_RDONLY | OPEN_FLAGS | _NONBLOCK), path)
    except FileNotFoundError:
        return None
    except OSError as error:
        if WINDOWS and path.is_dir():
            raise _refused(path, _NO_FILE) from None
        raise unreadable(path, error) from None
    try:
        with open(handle, "rb") as file:
            seen = os.fstat(handle)
            if not stat.S_ISREG(seen.st_mode):
                raise _refused(path, _NO_FILE)
            if not is_ours(seen):
                raise _refused(path, _FOREIGN)
            raw = file.read(limit + 1) if seen.st_size <= limit else b""
    except OSError as error:
        raise unreadable(path, error) from None
    if seen.st_size > limit or len(raw) > limit:
        raise _refused(path, _LARGE)
    return raw


_NO_FILE = Text("普通のファイルではありません", "it is not a regular file")
_FOREIGN = Text("別の利用者のファイルです", "it belongs to another user")
_LARGE = Text("ファイルが大きすぎます (上限1 MiB)", "the file is too large (limit 1 MiB)")


def _refused(path: Path, why: Text) -> SessionUnreadable:
    return SessionUnreadable(
        Text(f"{named(path)} を開けません。{why.ja}。", f"Cannot open {named(path)}: {why.en}.")
    )


def make_folder(folder: Path) -> None:
    """The folder and every missing one above it, mode 0700, each name synced; raises `OSError`."""
    missing: list[Path] = []
    while not os.path.isdir(folder):
        missing.append(folder)
        if folder.parent == folder:
            break
        folder = folder.parent
    for level in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(level, 0o700)
        sync_folder(level.parent)


def write_new(path: Path, raw: bytes) -> None:
    """A new file of mode 0600 with these bytes, synced; raises `OSError` and leaves nothing when that fails."""
    handle = patiently(lambda: os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | OPEN_FLAGS, 0o600))
    try:
        try:
            view = memoryview(raw)
            while view:
                view = view[os.write(handle, view) :]
            sync(handle)
        finally:
            # On a network file system only close tells that the quota was exceeded.
            os.close(handle)
    except OSError:
        with suppress(OSError):
            os.unlink(path)
        raise


def sync(handle: int) -> None:
    """The file's bytes on the disk itself; raises `OSError` when that failed."""
    try:
        if sys.platform == "darwin":
            import fcntl

            # fsync stops at the drive's own memory there; fcntl(2) of macOS.
            with suppress(OSError):
                fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
                return
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def sync_folder(folder: Path) -> None:
    """The names in a folder on the disk; nothing on Windows, which has no such call."""
    if WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_DIRECTORY", 0))
    try:
        sync(handle)
    finally:
        os.close(handle)


def replace(source: Path, target: Path) -> None:
    """Puts `source` in the place of `target` in one step; waits up to 2.5 s for whoever holds it on Windows.

    Raises `OSError`, and of these `WriteProtected` for a target that Windows does not let anybody replace.
    """

    def act() -> None:
        try:
            os.replace(source, target)
        except PermissionError as error:
            if is_protected(target):
                raise WriteProtected(*error.args) from None
            raise

    patiently(act)


def patiently(act: Callable[[], T], file: Path | None = None, longest: float = 2.5) -> T:
    """What `act` gives; on Windows tried again, for up to `longest` seconds, while another program holds the file.

    A `file` that turns out to be a folder is refused for ever and not waited for.
    """
    pause = 0.01
    waited = 0.0
    while True:
        try:
            return act()
        except PermissionError as error:
            if not _passes(error) or waited + pause > longest or (file is not None and file.is_dir()):
                raise
        _sleep(pause)
        waited += pause
        # Often rather than patiently: whoever reads the file again and again leaves only short gaps.
        pause = min(pause * 2, 0.05)


def _passes(error: PermissionError) -> bool:
    if isinstance(error, WriteProtected):
        return False
    number = getattr(error, "winerror", None)
    # The C library, which opens files, says only that it was refused, without the number that Windows gave.
    return number in _SHARING if number is not None else WINDOWS and error.errno == errno.EACCES


def is_protected(path: Path) -> bool:
    """Whether the file has the read-only attribute of Windows, which forbids replacing and removing it."""
    try:
        seen = os.lstat(path)
    except OSError:
        return False
    return bool(getattr(seen, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_READONLY)


def keep_copy(source: Path, target: Path) -> bool:
    """A second name for the bytes of `source`, or a synced copy where links are unknown; False when `target` exists.

    Raises `OSError`, `SessionUnreadable`. `source` itself is never without its name.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINK:
            raise
    except NotImplementedError:
        pass
    else:
        return True
    raw = read(source, 1 << 24)
    if raw is None:
        return False
    write_over(target, raw, target.with_name(target.name + ".new"))
    return True


def remove(path: Path) -> bool:
    """Takes a name away, never what a link points to; False when there was none. Raises `OSError`."""

    def act() -> None:
        try:
            os.unlink(path)
        except PermissionError:
            if not is_protected(path):
                raise
            # Elsewhere the rights of a file do not forbid to remove it either.
            os.chmod(path, stat.S_IWRITE)
            os.unlink(path)

    try:
        patiently(act)
    except FileNotFoundError:
        return False
    return True


def numbered(path: Path, ending: str = "") -> Iterator[Path]:
    """The path, and for when that is taken the same with -2, -3 ... before its ending."""
    yield path
    stem = path.name.removesuffix(ending)
    for number in range(2, 10_000):
        yield path.with_name(f"{stem}-{number}{ending}")


def write_beside(paths: Iterable[Path], raw: bytes) -> Path:
    """A new file as by `write_new`, under the first of these names that nobody has; raises `OSError`."""
    for path in paths:
        with suppress(FileExistsError):
            write_new(path, raw)
            return path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))


def write_over(path: Path, raw: bytes, new: Path) -> None:
    """A file with these bytes, whether there was one or not, by way of the name `new`; raises `OSError`, and leaves no `new`."""
    remove(new)
    write_new(new, raw)
    try:
        replace(new, path)
    except OSError:
        with suppress(OSError):
            remove(new)
        raise


def names(folder: Path) -> Iterator[str]:
    """The names in a folder, none when it cannot be read."""
    try:
        yield from os.listdir(folder)
    except OSError:
        return


@contextmanager
def as_cannot_write(path: Path) -> Iterator[None]:
    """Turns the operating system's refusals into `CannotWrite` for `path`."""
    try:
        yield
    except StateError:
        raise
    except OSError as error:
        raise cannot_write(path, error) from error
