"""The saved sessions at a glance: thousands of them without reading thousands of files.

A list is names and times alone. What a session holds is read from its file when it is wanted, and kept in an index that is
nothing but a memory: each entry is good as long as the file's size and time are the same, and losing it loses nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from checks.record import dataclass
from checks.shown import show
from checks.text import Text
from checks.when import Value
from state import files, presence, store
from state.errors import StateError
from state.folder import INDEX, Folder
from state.model import Presence, SessionData

Describe = Callable[[SessionData], Mapping[str, str | int]]
"""What else is wanted of each session, worked out once and kept in the index: progress, the next date."""

_VERSION = 1
_LIMIT = 32 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A session file as the folder shows it."""

    name: str
    folder: Path
    size: int
    mtime_ns: int
    """When the file was last written, by the folder's clock."""
    in_use: bool
    """Whether some process registered there, perhaps a dead one; `Summary.others` says who."""

    @property
    def path(self) -> Path:
        """The session file."""
        return self.folder / f"{self.name}.toml"

    @property
    def changed(self) -> datetime:
        """The same in UTC."""
        return datetime.fromtimestamp(self.mtime_ns / 1e9, UTC)


@dataclass(frozen=True, slots=True)
class Summary:
    """What one session holds, in short."""

    name: str
    path: Path
    changed: datetime
    """When its last change was made, in UTC; of a file that cannot be read, when it was written."""
    values: Mapping[str, Value]
    """The answers about the case alone, as `case.procedure`."""
    answers: int
    more: Mapping[str, str | int]
    """What `describe` gave."""
    others: tuple[Presence, ...] = ()
    error: Text | None = None
    """Why the file cannot be read."""


def listed(folder: Folder) -> tuple[Listed, ...]:
    """All sessions, the one changed last first."""
    found: list[tuple[int, str, int]] = []
    used: set[str] = set()
    with suppress(OSError), os.scandir(folder.sessions) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(".toml") and name[0] != ".":
                with suppress(OSError):
                    seen = entry.stat()
                    found.append((-seen.st_mtime_ns, name, seen.st_size))
            elif name.endswith(".toml.here"):
                used.add(name.removesuffix(".here"))
    found.sort()
    place = folder.sessions
    return tuple(Listed(name[:-5], place, size, -at, name in used) for at, name, size in found)


def summaries(
    folder: Folder, entries: Iterable[Listed], describe: Describe | None = None, key: str = ""
) -> tuple[Summary, ...]:
    """What these sessions hold, from the index where it is still good, else from their files.

    `key` names the rules that `describe` goes by, version and day: entries made by others are made anew.
    """
    place = folder.data / INDEX
    index = _read(place, key if describe else "")
    wanted = tuple(entries)
    made: list[Summary] = []
    fresh = 0
    for entry in wanted:
        stamp = [entry.size, entry.mtime_ns]
        known = index.get(entry.name)
        summary = None
        if isinstance(known, list) and known[:2] == stamp:
            summary = _from_index(entry, known)
        if summary is None:
            summary = _from_file(entry, describe)
            index[entry.name] = [*stamp, *_to_index(summary)]
            fresh += 1
        if entry.in_use:
            here = presence.present(entry.path.with_name(entry.path.name + ".here"))
            summary = Summary(
                summary.name, summary.path, summary.changed, summary.values, summary.answers, summary.more, here,
                summary.error,
            )  # fmt: skip
        made.append(summary)
    if fresh:
        _write(place, index, key if describe else "")
    return tuple(made)


def _from_file(entry: Listed, describe: Describe | None) -> Summary:
    try:
        loaded = store.load(files.resolve(entry.path), newer=True)
    except StateError as error:
        return Summary(entry.name, entry.path, entry.changed, {}, 0, {}, error=error.text)
    if loaded is None:
        return Summary(entry.name, entry.path, entry.changed, {}, 0, {})
    data = loaded.data
    values = {id_: value for id_, value in data.values().items() if id_.startswith("case.")}
    more = dict(describe(data)) if describe else {}
    return Summary(entry.name, entry.path, data.updated, values, len(data.answers), more)


def _to_index(summary: Summary) -> list[object]:
    values = {
        key: value if isinstance(value, str) else {"date": value.isoformat()}
        for key, value in summary.values.items()
    }
    error = [summary.error.ja, summary.error.en] if summary.error else None
    return [summary.changed.isoformat(), values, summary.answers, dict(summary.more), error]


def _from_index(entry: Listed, known: list[object]) -> Summary | None:
    """The summary of an index entry, None when it has not the shape that we write."""
    try:
        changed, values, answers, more, error = known[2:]
        if not isinstance(changed, str) or not isinstance(values, dict) or not isinstance(answers, int):
            return None
        if not isinstance(more, dict) or not (error is None or isinstance(error, list)):
            return None
        return Summary(
            name=entry.name,
            path=entry.path,
            changed=datetime.fromisoformat(changed),
            values={
                key: value if isinstance(value, str) else datetime.fromisoformat(value["date"]).date()
                for key, value in values.items()
            },
            answers=answers,
            more=more,
            error=Text(show(error[0], 600), show(error[1], 600)) if error else None,
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _read(place: Path, key: str) -> dict[str, object]:
    with suppress(StateError, ValueError, RecursionError):
        raw = files.read(place, _LIMIT)
        if raw is not None:
            index = json.loads(raw)
            if isinstance(index, dict) and index.get("version") == _VERSION and index.get("key") == key:
                entries = index.get("sessions")
                return entries if isinstance(entries, dict) else {}
    return {}


def _write(place: Path, index: dict[str, object], key: str) -> None:
    """Writes the index without syncing it, which a memory does not need; failing is no reason to stop."""
    new = place.with_name(f"{place.name}.{os.getpid()}")
    text = json.dumps({"version": _VERSION, "key": key, "sessions": index}, ensure_ascii=False)
    with suppress(OSError):
        files.remove(new)
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode("utf-8", "replace"))
            files.replace(new, place)
        except OSError:
            files.remove(new)
