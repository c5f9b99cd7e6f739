"""The saved sessions at a glance: thousands of them without reading thousands of files.

A list is names and times alone. What a session holds comes from the index where that still holds, else from its file.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from checks.guide import Guide, Guides
from checks.record import dataclass, replace
from checks.text import Text
from state.errors import StateError
from state.file import files, load, presence
from state.file.places import Folder
from state.session_data import SessionData
from state.shelf import session_index
from state.shelf.session_index import Index, Listed, Summary, inode_of

Describe = Callable[[Guide, SessionData], Mapping[str, str | int]]
"""What else is wanted of each session, worked out once and kept in the index: progress, the next date. Never empty."""

_BREATH = 0.0003
"""Seconds that the reader lets go after each session: whoever draws the screen goes first."""
_NOTE = 120
_NOTES = 400
"""Characters that are kept of one note and of all of them: enough for a number plate and a name."""


def listed(folder: Folder) -> tuple[Listed, ...]:
    """All sessions, the one changed last first."""
    found: list[tuple[int, str, int, int]] = []
    used: set[str] = set()
    with suppress(OSError), os.scandir(folder.sessions) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(".toml") and name[0] != ".":
                with suppress(OSError):
                    seen = entry.stat()
                    found.append((-seen.st_mtime_ns, name, seen.st_size, inode_of(seen)))
            elif name.endswith(".toml.here"):
                used.add(name.removesuffix(".here"))
    found.sort()
    place = folder.sessions
    return tuple(Listed(name[:-5], place, size, -at, inode, name in used) for at, name, size, inode in found)


def first_page(
    folder: Folder, guides: Guides, describe: Describe, key: str, count: int, also: Sequence[str] = ()
) -> tuple[tuple[Listed, ...], tuple[Summary, ...], int]:
    """The sessions changed last as the index has them, what they hold, and about how many there are in all.

    Costs the same however many there are. Each row is compared with its file; what was changed elsewhere since the index was
    written may be missing until `listed` has seen everything, but for the names in `also`, which are read. Without an index these are some
    sessions, not the newest ones.
    """
    index, names, total = session_index.read_first(folder, key, count)
    if not names:
        names = tuple(_some(folder, count))
    found: list[Listed] = []
    for name in dict.fromkeys((*also, *names)):
        if len(found) >= count:
            break
        if not name or name[0] == "." or os.path.basename(name) != name:
            continue
        with suppress(OSError, ValueError):
            path = folder.sessions / f"{name}.toml"
            seen = os.stat(path)
            in_use = os.path.lexists(f"{path}.here")
            found.append(
                Listed(name, folder.sessions, seen.st_size, seen.st_mtime_ns, inode_of(seen), in_use)
            )
    found.sort(key=lambda entry: (-entry.mtime_ns, f"{entry.name}.toml"))
    known = [
        (entry, index.known(entry) or (_from_file(entry, guides, describe) if entry.name in also else None))
        for entry in found
    ]
    return (
        tuple(found),
        tuple(_with_others(one, entry) for entry, one in known if one),
        max(total, len(found)),
    )


def _some(folder: Folder, count: int) -> Iterable[str]:
    with suppress(OSError), os.scandir(folder.sessions) as entries:
        for entry in entries:
            if entry.name.endswith(".toml") and entry.name[0] != ".":
                yield entry.name.removesuffix(".toml")
                count -= 1
                if not count:
                    return


@dataclass(slots=True)
class Reading:
    """Reads what a list of sessions holds, piece by piece, so that somebody can look on."""

    folder: Folder
    entries: tuple[Listed, ...]
    guides: Guides
    describe: Describe
    key: str
    index: Index | None = None
    left: dict[str, Listed] | None = None
    """What still has to be read from its file, by name."""

    def step(self, seconds: float, first: Iterable[str] = ()) -> tuple[Summary, ...]:
        """Goes on for about so long, with the sessions named in `first` first; gives what has been found out.

        The first step takes up the index, and gives what of it still holds. Nothing of it needs the caller's thread.
        """
        if self.index is None or self.left is None:
            return self._begin()
        index, left = self.index, self.left
        end = time.monotonic() + seconds
        made: list[Summary] = []
        order = [name for name in first if name in left]
        while left and time.monotonic() < end:
            name = order.pop(0) if order else next(iter(left))
            entry = left.pop(name)
            summary = _from_file(entry, self.guides, self.describe)
            index.learn(entry, summary)
            made.append(_with_others(summary, entry))
            time.sleep(_BREATH)
        return tuple(made)

    def _begin(self) -> tuple[Summary, ...]:
        self.index = session_index.read(self.folder, self.key)
        self.left = {}
        made: list[Summary] = []
        for number, entry in enumerate(self.entries):
            summary = self.index.known(entry)
            if summary is not None:
                made.append(_with_others(summary, entry))
            if summary is None or not summary.more:
                self.left[entry.name] = entry
            if not number % 100:
                time.sleep(_BREATH)
        return tuple(made)

    @property
    def done(self) -> bool:
        """Whether everything is known."""
        return self.left is not None and not self.left

    def keep(self) -> None:
        """Writes the index, if enough of it is new."""
        if self.index is not None and self.index.worth_writing():
            self.index.write(self.entries)


def summaries(
    folder: Folder, entries: Iterable[Listed], guides: Guides, describe: Describe | None = None, key: str = ""
) -> tuple[Summary, ...]:
    """What these sessions, which must be all, hold: from the index where it is still good, else from their files.

    `key` names the rules that `describe` goes by, version and day: what was worked out by others is worked out anew.
    """
    from state.shelf import processes

    wanted = tuple(entries)
    index = session_index.read(folder, key if describe else "")
    known = {entry.name: index.known(entry) for entry in wanted}
    unread = [
        entry
        for entry in wanted
        if (one := known[entry.name]) is None or (describe is not None and not one.more)
    ]
    rows = processes.done(unread, lambda entry: _told(_from_file(entry, guides, describe), entry))
    for entry, row in zip(unread, rows, strict=True):
        found = _heard(row, entry)
        index.learn(entry, found)
        known[entry.name] = found
    if unread and index.worth_writing():
        index.write(wanted)
    return tuple(
        _with_others(summary, entry) for entry in wanted if (summary := known[entry.name]) is not None
    )


def _told(summary: Summary, entry: Listed) -> object:
    """A summary as JSON; the two texts when there is nothing but an error."""
    if summary.error is not None:
        return [summary.error.ja, summary.error.en]
    return session_index.row_of(entry, summary)


def _heard(row: object, entry: Listed) -> Summary:
    if isinstance(row, list) and len(row) == 2:
        return _unread(entry, Text(*row))
    summary = session_index.summary_of(entry, row) if isinstance(row, list) else None
    return summary or _unread(entry)


def _unread(entry: Listed, error: Text | None = None) -> Summary:
    return Summary(entry.name, entry.path, entry.changed, {}, 0, {}, error=error)


def _with_others(summary: Summary, entry: Listed) -> Summary:
    if not entry.in_use:
        return summary
    return replace(summary, others=presence.present(entry.path.with_name(entry.path.name + ".here")))


def _from_file(entry: Listed, guides: Guides, describe: Describe | None) -> Summary:
    try:
        loaded = load.load(files.resolve(entry.path), guides, newer=True)
    except StateError as error:
        return _unread(entry, error.text)
    if loaded is None:
        return _unread(entry)
    data = loaded.data
    values = {id_: value for id_, value in data.values().items() if id_.startswith("case.")}
    more = dict(describe(loaded.guide, data)) if describe else {}
    return Summary(entry.name, entry.path, data.updated, values, len(data.answers), more, _notes(data))


def _notes(data: SessionData) -> str:
    return "\n".join(" ".join(note.text[:_NOTE].split()) for note in data.notes.values())[:_NOTES]
