"""The saved sessions as a list: names and times from the folder, contents from the index where it holds, else from the files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import Path

from checks.guide import Guide, Guides
from checks.record import dataclass, replace
from checks.text import Text
from state.errors import StateError
from state.file import files, load, presence
from state.file.places import Folder
from state.live.pc_entries import Together
from state.live.pc_records import read_record
from state.session_data import SessionData
from state.shelf import session_index
from state.shelf.session_index import Index, ListedSession, Summary, record_stamp

Describe = Callable[[Guide, SessionData], Mapping[str, str | int]]
"""Works out `Summary.overview` of a session; never empty."""

_PAUSE = 0.0003
"""Seconds between two sessions in which the thread that draws the screen gets its turn."""
_NOTE = 120
_NOTES = 400
"""Characters that are kept of one note and of all of them: enough for a number plate and a name."""


def session_files(folder: Folder) -> tuple[ListedSession, ...]:
    """All sessions, the one changed last first."""
    seen: dict[str, os.stat_result] = {}
    used: set[str] = set()
    with suppress(OSError), os.scandir(folder.sessions) as entries:
        for entry in entries:
            if _is_session(entry.name):
                with suppress(OSError):
                    seen[entry.name] = entry.stat()
            elif entry.name.endswith(".toml.here"):
                used.add(entry.name.removesuffix(".here"))
    return _latest_first(
        ListedSession.of(folder.sessions, name.removesuffix(".toml"), stat, name in used)
        for name, stat in seen.items()
    )


def _is_session(name: str) -> bool:
    return name.endswith(".toml") and not name.startswith(".")


def _latest_first(found: Iterable[ListedSession]) -> tuple[ListedSession, ...]:
    return tuple(sorted(found, key=lambda entry: (-entry.mtime_ns, f"{entry.name}.toml")))


def first_page(
    folder: Folder, guides: Guides, describe: Describe, key: str, count: int, also: Sequence[str] = ()
) -> tuple[tuple[ListedSession, ...], tuple[Summary, ...], int]:
    """The sessions changed last as the index has them, what they hold, and about how many there are in all.

    Costs the same however many there are. Each row is compared with its file; what was changed elsewhere since the index was
    written may be missing until `session_files` has seen everything, but for the names in `also`, which are read. Without an
    index these are some sessions, not the newest ones.
    """
    index = session_index.read(folder, key, count)
    names = tuple(index.rows)
    if not names:
        with suppress(OSError), os.scandir(folder.sessions) as entries:
            some = (entry.name.removesuffix(".toml") for entry in entries if _is_session(entry.name))
            names = tuple(islice(some, count))
    found: list[ListedSession] = []
    for name in dict.fromkeys((*also, *names)):
        if len(found) < count and _is_session(f"{name}.toml") and os.path.basename(name) == name:
            with suppress(OSError, ValueError):
                path = os.fspath(folder.sessions / f"{name}.toml")
                in_use = os.path.lexists(f"{path}.here")
                found.append(ListedSession.of(folder.sessions, name, os.stat(path), in_use))
    page = _latest_first(found)
    known = [
        (entry, index.known(entry) or (_from_file(entry, guides, describe) if entry.name in also else None))
        for entry in page
    ]
    return page, tuple(_with_others(one, entry) for entry, one in known if one), max(index.total, len(page))


@dataclass(slots=True)
class ListingReader:
    """Reads what the sessions of a list hold, in steps, so that a screen can show what is known by then."""

    folder: Folder
    entries: tuple[ListedSession, ...]
    """All sessions of the folder."""
    guides: Guides
    describe: Describe
    key: str
    """Names the rules that `describe` goes by: an overview made by others is made anew."""
    index: Index | None = None
    left: dict[str, ListedSession] | None = None
    """The sessions that still have to be read from their files, by name; None before the first step."""

    def step(self, seconds: float, first: Iterable[str] = ()) -> tuple[Summary, ...]:
        """Reads for about that long, the sessions named in `first` before others, and gives what became known.

        The first step reads the index alone. Any thread may call this.
        """
        if self.index is None or self.left is None:
            return self._begin()
        end = time.monotonic() + seconds
        made: list[Summary] = []
        order = [name for name in first if name in self.left]
        while self.left and time.monotonic() < end:
            entry = self.left.pop(order.pop(0) if order else next(iter(self.left)))
            summary = _from_file(entry, self.guides, self.describe)
            self.index.learn(entry, summary)
            made.append(_with_others(summary, entry))
            time.sleep(_PAUSE)
        return tuple(made)

    def _begin(self) -> tuple[Summary, ...]:
        self.index = session_index.read(self.folder, self.key)
        self.left = {}
        made: list[Summary] = []
        for number, entry in enumerate(self.entries):
            summary = self.index.known(entry)
            if summary is not None:
                made.append(_with_others(summary, entry))
            if summary is None or not summary.overview:
                self.left[entry.name] = entry
            if not number % 100:
                time.sleep(_PAUSE)
        return tuple(made)

    @property
    def done(self) -> bool:
        return self.left is not None and not self.left

    def keep(self) -> None:
        """Writes the index, if enough of it is new."""
        if self.index is not None and self.index.worth_writing():
            self.index.write(self.entries)


def summaries(
    folder: Folder, entries: Iterable[ListedSession], guides: Guides, describe: Describe, key: str
) -> tuple[Summary, ...]:
    """What the sessions hold, in the order of `entries`, which must be all of the folder; see `ListingReader`."""
    from state.shelf.parallel import parallel_map

    reader = ListingReader(folder, tuple(entries), guides, describe, key)
    known = {summary.name: summary for summary in reader.step(0)}
    assert reader.index is not None
    assert reader.left is not None
    unread = tuple(reader.left.values())
    for entry, summary in zip(
        unread, parallel_map(lambda entry: _from_file(entry, guides, describe), unread), strict=True
    ):
        reader.index.learn(entry, summary)
        known[entry.name] = _with_others(summary, entry)
    reader.keep()
    return tuple(known[entry.name] for entry in reader.entries)


def _with_others(summary: Summary, entry: ListedSession) -> Summary:
    if not entry.in_use:
        return summary
    return replace(summary, others=presence.present(entry.path.with_name(entry.path.name + ".here")))


def _from_file(entry: ListedSession, guides: Guides, describe: Describe) -> Summary:
    error: Text | None = None
    try:
        loaded = load.load(files.resolve(entry.path), guides, newer=True)
    except StateError as refused:
        loaded, error = None, refused.text
    if loaded is None:
        return Summary(entry.name, entry.path, entry.changed, {}, 0, {}, error=error)
    stamp = record_stamp(entry.folder.parent, loaded.data.pc_name)
    data = _with_record(loaded.data, entry, guides, stamp)
    values = {id_: value for id_, value in data.values().items() if id_.startswith("case.")}
    notes = "\n".join(" ".join(note.text[:_NOTE].split()) for note in data.notes.values())[:_NOTES]
    return Summary(
        entry.name,
        entry.path,
        data.updated,
        values,
        len(data.answers),
        {**describe(loaded.guide, data), **({"record": stamp} if data.pc_name else {})},
        notes,
    )


def _with_record(data: SessionData, entry: ListedSession, guides: Guides, stamp: str) -> SessionData:
    with suppress(StateError):
        record = _record(entry.folder.parent, data.pc_name, guides, stamp) if stamp else None
        return data if record is None else Together().of(data, record)
    return data


@lru_cache(maxsize=16)
def _record(data: Path, pc: str, guides: Guides, stamp: str) -> SessionData | None:
    """A PC record, read once for all sessions that name it; raises `StateError`."""
    return read_record(Folder(data, data), guides, pc)
