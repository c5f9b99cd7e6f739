"""Reading files of other programs: ordinary files only, up to a size, never waiting for a pipe."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from checks.system.api import Unavailable

SMALL = 4 * 1024 * 1024
PROFILE = 64 * 1024 * 1024
"""Bytes of a browser's settings file that are read at most; real ones have a few megabytes."""
ENTRIES = 4000
"""Entries of one folder that are looked at."""


class NotRegular(OSError):
    """The path leads to a folder, a pipe, a device or a socket."""


@contextlib.contextmanager
def open_regular(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """An ordinary file, open for reading; raises `NotRegular`, another `OSError`, or `ValueError` for a NUL in the path."""
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NotRegular("not a file")
    # A pipe that takes the file's place between the two calls must not hold us up.
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NotRegular("not a file")
        yield file


_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)


def read_bytes(path: str | os.PathLike[str], limit: int = SMALL) -> bytes:
    """The contents of a regular file; raises `FileNotFoundError`, or `Unavailable` when it cannot be read whole."""
    try:
        with open_regular(path) as file:
            data = file.read(limit + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(*error.args) from None
    except NotRegular as error:
        raise Unavailable(f"{path}: {error}") from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path}: {reason(error)}") from None
    if len(data) > limit:
        raise Unavailable(f"{path}: larger than {limit // (1024 * 1024)} MB")
    return data


def reason(error: BaseException) -> str:
    """A short reason without the path and in English where the system allows it."""
    return (isinstance(error, OSError) and error.strerror) or type(error).__name__


def names_in(folder: str | os.PathLike[str]) -> tuple[str, ...]:
    """Names in a folder, sorted; empty when there is no such folder, `Unavailable` when it may not be read."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for _, entry in zip(range(ENTRIES), entries, strict=False)]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise Unavailable(f"{folder}: {reason(error)}") from None
    return tuple(sorted(names))


def is_there(path: str | os.PathLike[str]) -> bool:
    """Whether something is there; a place that may not be looked at counts as there."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return True


def each_once(paths: Iterable[str]) -> tuple[str, ...]:
    """The paths without those that lead to the same place as an earlier one."""
    first: dict[str, str] = {}
    for path in paths:
        first.setdefault(os.path.realpath(path), path)
    return tuple(first.values())
