"""What is remembered of the saved sessions, so that thousands of them are listed without reading thousands of files.

It is nothing but a memory: a row holds as long as the session file has the same size, time and inode, losing it loses
nothing, and what it says is checked like anything from outside. One row is one line, the session changed last first, so
that the first page of a list can be had from the beginning of the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from checks.record import dataclass, field
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import StateError
from state.file import files
from state.file.places import INDEX, Folder
from state.session_data import EPOCH, Presence

Row: TypeAlias = list[object]

_VERSION = 2
_LIMIT = 32 << 20
_FIRST = 32 << 10
"""Bytes that are read for the first page: some hundred rows."""
_ROW = 8 << 10
"""Characters of one row; a longer one is not kept."""
_DEAR = 150
"""Writing the whole index anew costs as much as reading one session for every so many rows."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A session file as the folder shows it."""

    name: str
    folder: Path
    size: int
    mtime_ns: int
    """When the file was last written, by the folder's clock."""
    inode: int
    """What tells a file from one that took its name; 0 on Windows, where a folder does not tell."""
    in_use: bool
    """Whether some process registered there, perhaps a dead one; `Summary.others` says who."""

    @property
    def path(self) -> Path:
        """The session file."""
        return self.folder / f"{self.name}.toml"

    @property
    def changed(self) -> datetime:
        """The same in UTC."""
        try:
            return EPOCH + timedelta(microseconds=self.mtime_ns // 1000)
        except OverflowError:
            return EPOCH


@dataclass(frozen=True, slots=True)
class Summary:
    """What one session holds, in short."""

    name: str
    path: Path
    changed: datetime
    """When its last change was made, in UTC; of a file that cannot be read, when it was written."""
    values: Mapping[str, Value]
    """The answers about the case alone, by the ids of the questions."""
    answers: int
    more: Mapping[str, str | int]
    """What `describe` gave; empty while that is not known."""
    notes: str = ""
    """The beginnings of its notes, one a line, to find it by."""
    others: tuple[Presence, ...] = ()
    error: Text | None = None
    """Why the file cannot be read."""


def inode_of(seen: os.stat_result) -> int:
    """The inode of a file as a listing of its folder tells it."""
    return 0 if os.name == "nt" else seen.st_ino


@dataclass(slots=True)
class Index:
    """The rows by session name, and how many of them are new."""

    place: Path
    key: str
    """The rules that `Summary.more` goes by: version, day, PC."""
    rows: dict[str, Row] = field(default_factory=dict)
    fresh: int = 0

    def known(self, entry: Listed) -> Summary | None:
        """What is remembered of a file as it is now; without `more` where that went by other rules."""
        row = self.rows.get(entry.name)
        return None if row is None else summary_of(entry, row)

    def learn(self, entry: Listed, summary: Summary) -> None:
        """Remember what was read. Of a file that cannot be read nothing is kept: its rights may be mended."""
        if summary.error is None:
            self.rows[entry.name] = row_of(entry, summary)
            self.fresh += 1
        elif self.rows.pop(entry.name, None) is not None:
            self.fresh += 1

    def worth_writing(self) -> bool:
        """Whether reading once more what is new would cost more than writing everything."""
        return self.fresh * _DEAR > len(self.rows)

    def write(self, entries: Iterable[Listed]) -> None:
        """Puts the rows of these sessions, the first one first, in the place of the file; failing is no reason to stop.

        It is not synced, which a memory does not need.
        """
        lines = [json.dumps({"version": _VERSION, "key": self.key, "sessions": len(self.rows)})]
        for entry in entries:
            row = self.rows.get(entry.name)
            if row is not None and os.path.lexists(entry.path):  # nothing of one forgotten in the meantime
                line = json.dumps(row, ensure_ascii=False)
                if len(line) <= _ROW:
                    lines.append(line)
        new = self.place.with_name(f"{self.place.name}.{os.getpid()}")
        with suppress(OSError, ValueError):
            raw = ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
            files.remove(new)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(raw)
                files.replace(new, self.place)
                self.fresh = 0
            except OSError:
                files.remove(new)


def read(folder: Folder, key: str) -> Index:
    """The index of a folder, empty when there is none that can be used."""
    index = Index(folder.data / INDEX, key)
    with suppress(StateError):
        _take(index, files.read(index.place, _LIMIT) or b"")
    return index


def read_first(folder: Folder, key: str, count: int) -> tuple[Index, tuple[str, ...], int]:
    """The first rows alone, their names in order, and how many sessions there were: the same work however many."""
    index = Index(folder.data / INDEX, key)
    raw = b""
    with suppress(OSError):
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(index.place, flags | getattr(os, "O_BINARY", 0))
        try:
            files.check_own(handle, index.place)
            raw = os.read(handle, _FIRST)
        finally:
            os.close(handle)
    if len(raw) == _FIRST:
        raw = raw[: raw.rfind(b"\n") + 1]
    total = _take(index, raw, count)
    return index, tuple(index.rows), total


def _take(index: Index, raw: bytes, count: int = -1) -> int:
    """Takes up the rows in these bytes, at most `count`; gives how many sessions the first line speaks of."""
    lines = raw.split(b"\n")
    head = _line(lines[0])
    if not isinstance(head, dict) or head.get("version") != _VERSION:
        return 0
    total = head.get("sessions")
    same_rules = head.get("key") == index.key
    for line in lines[1 : 1 + count if count >= 0 else None]:
        row = _line(line)
        if isinstance(row, list) and len(row) == _FIELDS and isinstance(row[0], str):
            if not same_rules:
                row[_MORE] = {}
            index.rows[row[0]] = row
    return total if isinstance(total, int) and 0 <= total < 10**9 else 0


def _line(line: bytes) -> object:
    if not line or len(line) > 4 * _ROW:
        return None
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None


_FIELDS = 9
_MORE = 7


def row_of(entry: Listed, summary: Summary) -> Row:
    """What is kept of a session, with what tells whether its file is still the same: plain values as JSON has them."""
    values = {
        key: value if isinstance(value, str) else {"date": value.isoformat()}
        for key, value in summary.values.items()
    }
    stamp = (entry.size, entry.mtime_ns, entry.inode)
    changed = summary.changed.isoformat()
    return [entry.name, *stamp, changed, values, summary.answers, dict(summary.more), summary.notes]


def summary_of(entry: Listed, row: Row) -> Summary | None:
    """The summary in a row; None when the file is another by now, or the row has not the shape that we write."""
    if len(row) != _FIELDS:
        return None
    _, size, mtime_ns, inode, at, given, answers, more, notes = row
    if (size, mtime_ns, inode) != (entry.size, entry.mtime_ns, entry.inode):
        return None
    if not isinstance(at, str) or not isinstance(given, dict) or not isinstance(more, dict):
        return None
    if not isinstance(answers, int) or not isinstance(notes, str):
        return None
    if not all(type(value) in (str, int) for value in more.values()):
        return None
    try:
        changed = datetime.fromisoformat(at)
        values = {
            key: value if isinstance(value, str) else date.fromisoformat(value["date"])
            for key, value in given.items()
        }
        if changed.tzinfo is None:
            return None
        changed = changed.astimezone(UTC)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return Summary(entry.name, entry.path, changed, values, answers, more, notes)
