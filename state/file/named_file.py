"""A file that a person names: read whole and bounded, whoever it belongs to, and never waiting for a pipe that nobody fills."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from checks.text import Text
from state.errors import reason

_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)
_STREAMS = ("/dev/stdin", "/dev/fd/", "/proc/self/fd/")
"""Names under which a shell hands over a stream, as in `diff <(ssh pc-01 ...) <(ssh pc-02 ...)`."""

NOT_FOUND = Text("ファイルがありません", "there is no such file")
FOLDER = Text("フォルダーです", "it is a folder")
NO_FILE = Text("普通のファイルではありません", "it is not a regular file")
TOO_LARGE = Text("大きすぎます", "too large")
_READING = {
    errno.ENOENT: NOT_FOUND,
    errno.ENOTDIR: NOT_FOUND,
    errno.EISDIR: FOLDER,
    errno.EACCES: Text("読み取りの許可がありません", "permission to read is denied"),
    errno.EPERM: Text("読み取りの許可がありません", "permission to read is denied"),
}
_WRITING = {
    errno.ENOENT: Text("フォルダーがありません", "there is no such folder"),
    errno.EISDIR: FOLDER,
    errno.EPIPE: Text("読み手がいません", "nobody reads it"),
}


class NotRead(Exception):
    """The file was not read; `why` says it in a few words."""

    def __init__(self, why: Text) -> None:
        super().__init__(why.en)
        self.why = why


def read(path: Path, limit: int, *, streams: bool = True) -> bytes:
    """The bytes of a file; raises `NotRead` for one that is missing, no file, or larger than `limit` bytes.

    Links are followed and other owners are fine: the person named this very file. With `streams` a pipe that the shell
    hands over is read too.
    """
    handed = streams and os.fspath(path).startswith(_STREAMS)
    try:
        handle = os.open(path, os.O_RDONLY | (_FLAGS & ~getattr(os, "O_NONBLOCK", 0) if handed else _FLAGS))
        with open(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode) and not handed:
                raise NotRead(FOLDER if stat.S_ISDIR(mode) else NO_FILE)
            raw = file.read(limit + 1)
    except (OSError, ValueError) as error:
        if os.name == "nt" and path.is_dir():  # there a folder cannot be opened at all
            raise NotRead(FOLDER) from None
        raise NotRead(unreadable(error)) from None
    if len(raw) > limit:
        raise NotRead(TOO_LARGE)
    return raw


def read_or_stdin(name: str, limit: int) -> bytes:
    """The bytes of a file, named in any form in which paths are handed over, or, for `-`, of standard input; raises `NotRead`."""
    if name != "-":
        from checks.system.paths import find

        return read(Path(find(name)), limit)
    try:
        raw = sys.stdin.buffer.read(limit + 1) if sys.stdin is not None else b""
    except (OSError, ValueError) as error:
        raise NotRead(unreadable(error)) from None
    if len(raw) > limit:
        raise NotRead(TOO_LARGE)
    return raw


def unreadable(error: OSError | ValueError) -> Text:
    """Why the operating system did not let us read, in a few words."""
    return _why(error, _READING)


def unwritable(error: OSError | ValueError) -> Text:
    """Why the operating system did not let us write, in a few words."""
    return _why(error, _WRITING)


def _why(error: OSError | ValueError, known: dict[int, Text]) -> Text:
    if not isinstance(error, OSError):  # a NUL in the name
        return Text("使えない名前です", "the name cannot be used")
    return known.get(error.errno or 0) or reason(error)
