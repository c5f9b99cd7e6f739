"""What a session is at one moment, and the holder of the newest such snapshot."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import MappingProxyType

from checks.record import dataclass, replace
from checks.rules.conditions import Value
from state.file.tables import highest_rev
from state.live.merge import merge
from state.session_data import SessionData


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The session at one moment. `changes` counts those made here, `views` those of cursor and drafts, which may wait."""

    data: SessionData
    changes: int
    views: int
    rev: int
    """The highest revision in `data`."""


class Snapshots:
    """One immutable snapshot after the other. Whoever reads `newest` takes no lock; whoever changes holds `lock`."""

    def __init__(self, data: SessionData) -> None:
        # One that the same thread may take twice: a signal handler may come in the middle of a change.
        self.lock = threading.RLock()
        self.newest = Snapshot(data, 0, 0, highest_rev(data))
        self._values: tuple[SessionData, Mapping[str, Value]] = (data, MappingProxyType(data.values()))

    def values(self, data: SessionData) -> Mapping[str, Value]:
        """The answers of the session alone, as it is shown, by question."""
        if self._values[0] is not data:
            self._values = (data, MappingProxyType(data.values()))
        return self._values[1]

    def change(self, data: SessionData, rev: int, changes: int = 1) -> None:
        """Goes on to `data`, in which `rev` is the revision of the last of so many changes."""
        was = self.newest
        self.newest = Snapshot(data, was.changes + changes, was.views, max(was.rev, rev))

    def put(self, data: SessionData, changes: int = 0) -> None:
        """Goes on to `data` without anything to be saved; `changes` corrects their number."""
        self.newest = replace(self.newest, data=data, changes=self.newest.changes + changes)

    def view(self, data: SessionData, rev: int = 0) -> None:
        """Goes on to `data`, in which only the cursor, a draft or what can be undone in a record differs; `rev` is the last's."""
        was = self.newest
        self.newest = replace(was, data=data, views=was.views + 1, rev=max(was.rev, rev))

    def absorb(self, seen: SessionData, merged: SessionData) -> None:
        """Takes in what others wrote: `merged` came of `seen`, and the session may have moved on since."""
        was = self.newest
        data = merge(seen, was.data, merged)
        self.newest = replace(was, data=data, rev=max(was.rev, highest_rev(data)))
