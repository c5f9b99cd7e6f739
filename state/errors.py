"""What can go wrong with a session that a person can mend: each with its sentence in both languages and its exit code."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from checks.shown import show
from checks.text import Text

if TYPE_CHECKING:
    from state.session_data import Recovered, Takeover


class StateError(Exception):
    """Something that the person can mend; `text` says what, why and how, `exit_code` is that of the command line."""

    exit_code = 74

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class SessionUnreadable(StateError):
    """The file is no session that we can read; its bytes are kept.

    `foreign` when it never was a session. `quarantine` is the copy of its bytes (None when nothing could or needed to be
    copied), `recoverable` the newest good copy beside it.
    """

    exit_code = 65

    def __init__(
        self,
        text: Text,
        *,
        line: int | None = None,
        key: str = "",
        foreign: bool = False,
        quarantine: Path | None = None,
        recoverable: Recovered | None = None,
    ) -> None:
        super().__init__(text)
        self.foreign = foreign
        self.line = line
        self.key = key
        self.quarantine = quarantine
        self.recoverable = recoverable


class SessionTooNew(StateError):
    """A newer version wrote the file; it can be looked at, never changed."""

    exit_code = 65

    def __init__(self, text: Text, schema: int) -> None:
        super().__init__(text)
        self.schema = schema


class SessionBusy(StateError):
    """Another process held the session's lock all the time we were ready to wait."""

    exit_code = 75


class TakenOver(StateError):
    """Another login took the session over: this one may only read, and nothing of it was written.

    What was entered stays in memory and can be saved elsewhere, or here after taking the session over in turn.
    """

    exit_code = 75

    def __init__(self, text: Text, by: Takeover) -> None:
        super().__init__(text)
        self.by = by


class CannotWrite(StateError):
    """The operating system refused to write; `errno` is its reason, 0 when there is none."""

    exit_code = 74

    def __init__(self, text: Text, number: int = 0) -> None:
        super().__init__(text)
        self.errno = number


class ReadOnly(CannotWrite):
    """A change was asked of a session that was opened for reading."""


class BadName(StateError):
    """A session name that could not be a file name everywhere."""

    exit_code = 2


class BadValue(StateError):
    """An answer, note or waiver that cannot be kept."""

    exit_code = 2


class BadSettings(StateError):
    """A setting that cannot be understood; names file, key and line."""

    exit_code = 2

    def __init__(self, text: Text, *, line: int | None = None, key: str = "") -> None:
        super().__init__(text)
        self.line = line
        self.key = key


class WriteProtected(PermissionError):
    """The file has the read-only attribute of Windows."""


def named(path: Path | str) -> str:
    """A file's name as it may be shown."""
    return show(os.fspath(path), 300)


def place_in(path: Path | str, line: int | None, key: str = "") -> Text:
    """A file with a line and a key in it, as far as they are known."""
    ja = en = named(path)
    if line is not None:
        ja, en = f"{ja} の{line}行目", f"{en}, line {line}"
    return Text(f"{ja} ({key})", f"{en} ({key})") if key else Text(ja, en)


_REASONS: dict[int, Text] = {
    errno.ENOSPC: Text("ディスクの空きがありません", "the disk is full"),
    errno.EROFS: Text("読み取り専用のディスクです", "the disk is read-only"),
    errno.EACCES: Text("書き込みの許可がありません", "permission is denied"),
    errno.EPERM: Text("書き込みの許可がありません", "permission is denied"),
    errno.EIO: Text("ディスクの読み書きに失敗しました", "the disk reported an error"),
    errno.ENOENT: Text("フォルダーがなくなりました", "the folder no longer exists"),
    errno.ENOTDIR: Text(
        "フォルダーであるべき場所にファイルがあります", "there is a file where a folder should be"
    ),
    errno.EISDIR: Text("フォルダーです", "it is a folder"),
    errno.ELOOP: Text("リンクをたどれません", "a link in the path is not followed"),
    errno.ENAMETOOLONG: Text("ファイル名が長すぎます", "the file name is too long"),
    errno.EFBIG: Text("ファイルが大きすぎます", "the file is too large"),
    errno.ENODEV: Text("ディスクが見つかりません", "the disk was not found"),
    errno.ENXIO: Text("ディスクが見つかりません", "the disk was not found"),
    errno.EBUSY: Text("ほかのプログラムが使用中です", "another program is using it"),
}
_WINDOWS = os.name == "nt"
_LONG = 220
"""Characters of a path after which Windows finds no longer room in its 260 for the names beside a session, and says "not found"."""
_PROTECTED = Text(
    "ファイルが「読み取り専用」です。ファイルのプロパティで外してください",
    "the file is marked read-only; clear that mark in its properties",
)
_LATER: tuple[tuple[str, Text], ...] = (
    ("EDQUOT", Text("割り当てられた容量を使い切りました", "the disk quota is used up")),
    ("ESTALE", Text("ネットワーク上のフォルダーが応答しません", "the network folder no longer answers")),
    ("ETIMEDOUT", Text("ネットワーク上のフォルダーが応答しません", "the network folder does not answer")),
)
_REASONS.update({getattr(errno, name): text for name, text in _LATER if hasattr(errno, name)})


def reason(error: OSError) -> Text:
    """Why the operating system refused, in a few words; its own words when we have none."""
    if isinstance(error, WriteProtected):
        return _PROTECTED
    known = _REASONS.get(error.errno or 0)
    if known is not None:
        return known
    own = show(error.strerror or type(error).__name__, 120)
    return Text(own, own)


def cannot_write(path: Path, error: OSError) -> CannotWrite:
    """The error that says that `path` could not be written, and why."""
    why = reason(error)
    if error.errno == errno.ENOENT and _WINDOWS and len(os.path.abspath(path)) > _LONG:
        why = _REASONS[errno.ENAMETOOLONG]
    where = named(path)
    return CannotWrite(
        Text(
            f"{where} に保存できません。{why.ja}。",
            f"Cannot save to {where}: {why.en}.",
        ),
        error.errno or 0,
    )


def unreadable(path: Path, error: OSError) -> SessionUnreadable:
    """The error that says that the operating system did not let us read `path`."""
    why = reason(error)
    where = named(path)
    if error.errno in (errno.EACCES, errno.EPERM):
        why = Text("読み取りの許可がありません", "permission to read is denied")
    return SessionUnreadable(Text(f"{where} を読めません。{why.ja}。", f"Cannot read {where}: {why.en}."))
