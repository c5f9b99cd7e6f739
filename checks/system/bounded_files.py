"""Reading files of others: bounded, never waiting for a pipe, never following a surprise."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from checks.system.api import Unavailable

SMALL = 4 * 1024 * 1024
PROFILE = 64 * 1024 * 1024
"""Bytes of a browser's settings file that are read at most; real ones have a few megabytes."""
ENTRIES = 4000
"""Entries of one folder that are looked at."""


def read_bytes(path: str | os.PathLike[str], limit: int = SMALL) -> bytes:
    """The contents of a regular file; raises `FileNotFoundError`, or `Unavailable` when it cannot be read whole."""
    flags = (
        os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    )
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise
    except NotADirectoryError as error:
        raise FileNotFoundError(*error.args) from None
    except (OSError, ValueError) as error:
        raise Unavailable(f"{path}: {reason(error)}") from None
    try:
        # A folder can be opened too, but not read.
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise Unavailable(f"{path}: not a file")
        with open(handle, "rb", closefd=False) as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise Unavailable(f"{path}: {reason(error)}") from None
    finally:
        os.close(handle)
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
            found = [entry.name for _, entry in zip(range(ENTRIES), entries, strict=False)]
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError) as error:
        raise Unavailable(f"{folder}: {reason(error)}") from None
    return tuple(sorted(found))


def is_dir(path: str | os.PathLike[str]) -> bool:
    """Whether a folder is there; a place that may not be looked at counts as not there."""
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def is_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file is there; a place that may not be looked at counts as not there."""
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


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
    seen: set[str] = set()
    kept = []
    for path in paths:
        real = os.path.realpath(path)
        if real not in seen:
            seen.add(real)
            kept.append(path)
    return tuple(kept)
