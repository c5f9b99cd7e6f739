"""What a session holds in memory: one immutable snapshot after the other, and who is told of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from types import MappingProxyType

from checks.record import replace
from checks.text import Text
from checks.when import Value
from state import changes
from state.errors import ReadOnly
from state.merge import merge
from state.model import Result, SessionData, Takeover, Ui, Waiver
from state.saver import Saver, Version

_READ_ONLY = Text("見るだけで開いているため、変更できません。", "The session is open for reading only.")


class Held:
    """The present snapshot. Whoever reads takes no lock; changes come one after the other."""

    def __init__(
        self, data: SessionData, host: str, user: str, now: Callable[[], datetime], read_only: bool
    ) -> None:
        self.host = host
        self.user = user
        self.read_only = read_only
        self.taken_by: Takeover | None = None
        """Who took the session over, which made it read-only here; `claim` takes it back."""
        self.notices: tuple[Text, ...] = ()
        """What the person should know about the file: edited by hand, recovered, migrated, another login is here."""
        self._now = now
        # One that the same thread may take twice: a signal handler may come in the middle of a change.
        self._mutex = threading.RLock()
        self._version = Version(data, 0, 0, data.top())
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._saver: Saver | None = None
        self._values: tuple[SessionData, Mapping[str, Value]] = (data, MappingProxyType(data.values()))

    # What there is

    @property
    def data(self) -> SessionData:
        """Everything, as it is now; never changes."""
        return self._version.data

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers, by question."""
        data = self._version.data
        if self._values[0] is not data:
            self._values = (data, MappingProxyType(data.values()))
        return self._values[1]

    @property
    def results(self) -> Mapping[str, Result]:
        """The last finding of each check."""
        return self._version.data.results

    @property
    def notes(self) -> Mapping[str, str]:
        """The notes, by step or item."""
        return {item: note.text for item, note in self._version.data.notes.items() if note.text}

    @property
    def waivers(self) -> Mapping[str, Waiver]:
        """The accepted exceptions, expired ones too."""
        return self._version.data.waivers

    @property
    def ui(self) -> Ui:
        """Where the person was."""
        return self._version.data.ui

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Calls `callback`, on the saver's thread, after each save, failure, change from outside or coming of others.

        It must not wait for anything.
        """
        with self._mutex:
            self._listeners = (*self._listeners, callback)

    # For the saver

    def version(self) -> Version:
        """The session at this moment, for the saver."""
        return self._version

    def at(self) -> datetime:
        """The session's idea of now, in UTC and whole seconds."""
        return seconds(self._now())

    def absorb(self, seen: SessionData, merged: SessionData, notices: tuple[Text, ...]) -> None:
        """Takes in what the saver found on the disk; for the saver."""
        with self._mutex:
            was = self._version
            data = merge(seen, was.data, merged)
            self._version = replace(was, data=data, rev=max(was.rev, data.top()))
            self.notices += tuple(notice for notice in notices if notice not in self.notices)

    def tell(self) -> None:
        """Calls the subscribers; for the saver."""
        for callback in self._listeners:
            # The screen may be gone already; the saver must go on.
            with suppress(Exception):
                callback()

    # Inside

    def _writable(self) -> SessionData:
        if self.read_only:
            raise ReadOnly(_READ_ONLY)
        return self._version.data

    def _stamp(self) -> changes.Stamp:
        """For the next change."""
        return changes.Stamp(self._version.rev + 1, self.at(), self.host, self.user)

    def _put(self, data: SessionData, stamp: changes.Stamp, count: int = 1) -> int:
        was = self._version
        data = replace(data, updated=stamp.at)
        self._version = Version(data, was.count + count, was.looks, max(was.rev, stamp.rev))
        self._wake()
        return stamp.rev

    def _wake(self) -> None:
        if self._saver is not None:
            self._saver.wake()


def seconds(at: datetime) -> datetime:
    """The same time in UTC, in whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0)
