"""What a session holds in memory: one immutable snapshot after the other, and who is told of it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from checks.guide import Guide, Guides
from checks.record import dataclass, replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import ReadOnly
from state.file import notices as said
from state.file import presence
from state.live import changes
from state.live.merge import merge
from state.session_data import MAX_REV, Conflict, Presence, Result, SessionData, Takeover, Ui, Waiver

if TYPE_CHECKING:
    from state.live.saver import Saver

_READ_ONLY = Text("見るだけで開いているため、変更できません。", "The session is open for reading only.")


@dataclass(frozen=True, slots=True)
class Version:
    """The session at one moment. `count` numbers the changes made here; `looks` those of the cursor."""

    data: SessionData
    count: int
    looks: int
    rev: int
    """The highest revision in `data`."""


class Source(Protocol):
    """What the saver needs of a session."""

    def version(self) -> Version:
        """The session as it is now; takes no lock."""

    def absorb(self, seen: SessionData, merged: SessionData, notices: tuple[Text, ...]) -> None:
        """Takes in what others wrote: `merged` came of `seen`, perhaps the session has moved on."""

    def tell(self) -> None:
        """Says that something about saving or about others has changed."""

    def at(self) -> datetime:
        """The session's idea of now."""

    def pulse(self) -> bool:
        """Called now and then: shows that this process lives, and says whether others came or went."""

    def taken(self, by: Takeover) -> None:
        """Makes the session one that can only be read, since another login took it over."""

    def kept_aside(self, place: Path, changes: int) -> None:
        """Says where the changes are that were not saved yet when it was taken over."""


class Held:
    """The present snapshot. Whoever reads takes no lock; changes come one after the other."""

    def __init__(
        self,
        path: Path,
        data: SessionData,
        host: str,
        user: str,
        now: Callable[[], datetime],
        read_only: bool,
        guides: Guides,
    ) -> None:
        self.path = path
        self.guides = guides
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
        self._here: presence.Here | None = None
        self._claim = 0
        self._known_others: tuple[Presence, ...] = ()
        self._values: tuple[SessionData, Mapping[str, Value]] = (data, MappingProxyType(data.values()))

    # What there is

    @property
    def data(self) -> SessionData:
        """Everything, as it is now; never changes."""
        return self._version.data

    @property
    def guide(self) -> Guide:
        """The guide that the session follows."""
        return self.guides(self.data.guide)

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

    # Others

    def claim(self) -> Takeover:
        """Takes the session over: every other login that has it open can only read from its next save on.

        A login that was taken over from takes it back the same way; what it had not saved goes in then. Raises `ReadOnly`
        when the session was opened for reading. `flush` says when it holds.
        """
        with self._mutex:
            if self._saver is None:
                self._writable()
            was = self._version.data.takeover
            number = min(was.number + 1, MAX_REV) if was is not None else 1
            mine = Takeover(number, self.host, self.user, os.getpid(), self.at())
            if self.taken_by is not None and self._saver is not None:
                self._saver.resume(was)
                self.taken_by, self.read_only = None, False
                if self._here is not None:
                    self._here.reads(False)
            self._put(
                replace(self._version.data, takeover=mine), replace(self._stamp(), rev=self._version.rev)
            )
            self._claim = self._version.count
            return mine

    def taken(self, by: Takeover) -> None:
        """Another login took the session over; for the saver."""
        with self._mutex:
            self.taken_by, self.read_only = by, True
            was = self._version
            # A takeover of our own that came too late is nothing that anybody would miss.
            lost = self._saver is not None and self._claim > max(0, self._saver.saved_count)
            data = replace(was.data, takeover=by)
            self._version = replace(was, data=data, count=was.count - 1 if lost else was.count)
            self._claim = 0
            self.notices += (said.taken_over(by),)
            if self._here is not None:
                self._here.reads(True)

    def kept_aside(self, place: Path, changes: int) -> None:
        """What was not saved when that happened is in a session of its own; for the saver."""
        with self._mutex:
            self.notices += (said.kept_aside(place, changes),)

    def others(self) -> tuple[Presence, ...]:
        """Who else has this session open, the longest first."""
        if self._here is not None:
            return self._here.others()
        return presence.present(self.path.with_name(self.path.name + ".here"))

    def conflicts(self) -> tuple[Conflict, ...]:
        """The losing sides of what two logins changed at the same time, until they are settled or answered anew."""
        return self._version.data.conflicts

    def pulse(self) -> bool:
        """Shows that this process lives; True when others came or went. For the saver."""
        here = self._here
        if here is None:
            return False
        here.pulse()
        now = here.others()
        changed = now != self._known_others
        before = {(other.host, other.pid, other.since) for other in self._known_others}
        new = [other for other in now if (other.host, other.pid, other.since) not in before]
        self._known_others = now
        with self._mutex:
            self.notices += tuple(said.is_here(other) for other in new)
        return changed

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
            if self._saver is not None and self._saver.moving:
                return  # it is of the file that was left
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
