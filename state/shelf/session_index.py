"""A cache of what the saved sessions hold, so that thousands of them are listed without reading thousands of files.

A row holds as long as its session file has the same size, time and inode; what it says is checked like anything from
outside. One row is one line of JSON, the session changed last first: the first page is read from the beginning of the file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from checks.record import dataclass, field, replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import StateError
from state.file import files, permissions
from state.file.places import INDEX, Folder
from state.session_data import EPOCH, Presence

Row: TypeAlias = list[object]

_VERSION = 2
_LIMIT = 32 << 20
_BEGINNING = 32 << 10
"""Bytes that are read for a first page: some hundred rows."""
_ROW = 8 << 10
"""Characters of one row; a longer one is not kept."""
_ROWS_PER_READ = 150
"""Rows that are written in the time in which one session is read."""
_FIELDS = 9
_OVERVIEW = 7
"""The place of `Summary.overview` in a row."""


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session file as its folder shows it."""

    name: str
    folder: Path
    size: int
    mtime_ns: int
    """When the file was last written, by the folder's clock."""
    inode: int
    """What tells a file from one that took its name; 0 on Windows, where a folder does not tell."""
    in_use: bool
    """Whether some process registered there, perhaps a dead one; `Summary.others` says who."""

    @classmethod
    def of(cls, folder: Path, name: str, seen: os.stat_result, in_use: bool) -> ListedSession:
        """The session `name` whose file has these properties."""
        inode = 0 if os.name == "nt" else seen.st_ino
        return cls(name, folder, seen.st_size, seen.st_mtime_ns, inode, in_use)

    @property
    def path(self) -> Path:
        return self.folder / f"{self.name}.toml"

    @property
    def changed(self) -> datetime:
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
    overview: Mapping[str, str | int]
    """See `state.shelf.summary`; empty while it is not known."""
    notes: str = ""
    """The beginnings of its notes, one a line, for the search."""
    others: tuple[Presence, ...] = ()
    error: Text | None = None


@dataclass(slots=True)
class Index:
    """The rows by session name, and how many of them are new."""

    path: Path
    key: str
    """Names the rules that the overviews go by: version, day, PC."""
    rows: dict[str, Row] = field(default_factory=dict)
    fresh: int = 0
    total: int = 0
    """How many sessions there were when the index was written."""
    records: dict[str, str] = field(default_factory=dict)
    """The stamps of PC records."""

    def known(self, entry: ListedSession) -> Summary | None:
        """What the index holds of a file as it is now; without an overview where that went by other rules."""
        row = self.rows.get(entry.name)
        found = None if row is None else summary_of(entry, row)
        if found is None or not found.overview.get("pc"):
            return found
        pc = str(found.overview["pc"])
        if pc not in self.records:
            self.records[pc] = record_stamp(self.path.parent, pc)
        return found if found.overview.get("record") == self.records[pc] else replace(found, overview={})

    def learn(self, entry: ListedSession, summary: Summary) -> None:
        """Adds what was read. Of a file that cannot be read nothing is kept: its rights may be mended."""
        if summary.error is None:
            self.rows[entry.name] = row_of(entry, summary)
            self.fresh += 1
        elif self.rows.pop(entry.name, None) is not None:
            self.fresh += 1

    def worth_writing(self) -> bool:
        """Whether reading once more what is new would cost more than writing everything."""
        return self.fresh * _ROWS_PER_READ > len(self.rows)

    def write(self, entries: Iterable[ListedSession]) -> None:
        """Writes the rows of these sessions in this order; not synced, and without an error where it fails."""
        lines = [json.dumps({"version": _VERSION, "key": self.key, "sessions": len(self.rows)})]
        for entry in entries:
            row = self.rows.get(entry.name)
            if row is not None and os.path.lexists(entry.path):  # not forgotten in the meantime
                line = json.dumps(row, ensure_ascii=False)
                if len(line) <= _ROW:
                    lines.append(line)
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with suppress(OSError, ValueError):
            raw = ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")
            files.remove(new)
            handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(raw)
                files.replace(new, self.path)
                self.fresh = 0
            except OSError:
                files.remove(new)


def read(folder: Folder, key: str, count: int | None = None) -> Index:
    """The index of a folder, or its first `count` rows alone; empty when there is none that can be used."""
    index = Index(folder.data / INDEX, key)
    raw: bytes | None = None
    with suppress(OSError, StateError):
        raw = files.read(index.path, _LIMIT) if count is None else _beginning(index.path)
    head, *lines = (raw or b"").split(b"\n")
    known = _line(head)
    if not isinstance(known, dict) or known.get("version") != _VERSION:
        return index
    total = known.get("sessions")
    index.total = total if isinstance(total, int) and 0 <= total < 10**9 else 0
    for line in lines[:count]:
        row = _line(line)
        if isinstance(row, list) and len(row) == _FIELDS and isinstance(row[0], str):
            if known.get("key") != key:
                row[_OVERVIEW] = {}
            index.rows[row[0]] = row
    return index


def _beginning(path: Path) -> bytes:
    """The first whole lines of the file; raises `OSError`."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        permissions.check_own(handle, path)
        raw = os.read(handle, _BEGINNING)
    finally:
        os.close(handle)
    return raw[: raw.rfind(b"\n") + 1]


def _line(line: bytes) -> object:
    if not line or len(line) > 4 * _ROW:
        return None
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError):
        return None


def record_stamp(data: Path, pc: str) -> str:
    """What tells whether a PC record is still the same as when an overview was made with it; empty when there is none."""
    with suppress(OSError, ValueError):
        if os.path.basename(pc) == pc:
            seen = os.stat(data / "pcs" / f"{pc}.toml")
            return f"{seen.st_size} {seen.st_mtime_ns}"
    return ""


def row_of(entry: ListedSession, summary: Summary) -> Row:
    """A summary as JSON, with what tells whether its file is still the same."""
    values = {
        key: value if isinstance(value, str) else {"date": value.isoformat()}
        for key, value in summary.values.items()
    }
    stamp = (entry.size, entry.mtime_ns, entry.inode)
    changed = summary.changed.isoformat()
    return [entry.name, *stamp, changed, values, summary.answers, dict(summary.overview), summary.notes]


def summary_of(entry: ListedSession, row: Row) -> Summary | None:
    """The summary in a row; None when the file is another by now, or the row has not the shape that we write."""
    if len(row) != _FIELDS or row[1:4] != [entry.size, entry.mtime_ns, entry.inode]:
        return None
    at, stored, answers, overview, notes = row[4:]
    if not (isinstance(at, str) and isinstance(stored, dict) and isinstance(overview, dict)):
        return None
    if not (isinstance(answers, int) and isinstance(notes, str)):
        return None
    try:
        changed = datetime.fromisoformat(at)
        values = {
            key: value if isinstance(value, str) else date.fromisoformat(value["date"])
            for key, value in stored.items()
        }
        if changed.tzinfo is None or not {str, int}.issuperset(map(type, overview.values())):
            return None
        changed = changed.astimezone(UTC)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return Summary(entry.name, entry.path, changed, values, answers, overview, notes)
