"""The session: the only thing that changes data. Every change is a new snapshot and is on its way to the disk at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import checks
from checks.guide import Guide, Guides
from checks.model import Finding, Scope
from checks.record import replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import CannotWrite, ReadOnly, SessionUnreadable, named
from state.file import files, load, notices, presence, store
from state.file.tables import highest_rev
from state.live import changes
from state.live.merge import merge
from state.live.saver import Saver
from state.live.snapshot import Snapshot, Snapshots
from state.session_data import (
    MAX_REV,
    SCHEMA,
    Draft,
    Presence,
    SaveState,
    SessionData,
    Takeover,
    draft_key,
)

_READ_ONLY = Text("見るだけで開いているため、変更できません。", "The session is open for reading only.")


class Session:
    """One open session. Made by `Session.open`; every method may be called from any thread and none waits for the disk,
    except `flush`, `close` and `require_saved`, which say how long."""

    def __init__(
        self,
        path: Path,
        data: SessionData,
        login: tuple[str, str],
        clock: Callable[[], datetime],
        read_only: bool,
        guides: Guides,
    ) -> None:
        self.guides = guides
        self.path = path
        self.host, self.user = login
        self.read_only = read_only
        self.taken_by: Takeover | None = None
        """Who took the session over, which made it read-only here; `claim` takes it back."""
        self.notices: tuple[Text, ...] = ()
        """What the person should know about the file: edited by hand, recovered, migrated, another login is here."""
        self._clock = clock
        self._snapshots = Snapshots(data)
        self._lock = self._snapshots.lock
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._saver: Saver | None = None
        self._presence: presence.PresenceFile | None = None
        self._claim = 0
        """The change that was our own takeover."""

    @classmethod
    def open(
        cls,
        path: Path,
        guides: Guides,
        *,
        guide: str = checks.FIRST_GUIDE,
        read_only: bool = False,
        now: Callable[[], datetime] | None = None,
        app: str = checks.__version__,
        host: str | None = None,
        user: str | None = None,
        join: bool = True,
    ) -> Session:
        """Opens the session in a file, made anew when there is none (with `read_only` it stays unmade and empty).

        `guides` gives the guide that it follows, by name; one made anew follows `guide`. `now` is the idea of now, aware of its zone. `join` shows this process to others and keeps a reserve on the disk;
        short commands leave both out. Raises `SessionUnreadable` (a copy of the file was kept, its `recoverable` is the
        newest good one) and `SessionTooNew`, which `read_only` opens nevertheless.
        """
        clock = now if now is not None else lambda: datetime.now(UTC)
        path = files.resolve(path)
        try:
            loaded = load.load(path, guides, newer=read_only)
        except SessionUnreadable as error:
            from state.file.recover import add_recovery

            raise add_recovery(path, error, guides, clock(), keep=not read_only) from None
        moment = seconds(clock())
        if loaded:
            data = loaded.data
        else:
            named = {} if guide == checks.FIRST_GUIDE else {"guide": guides(guide).name}
            data = SessionData(path.name.removesuffix(".toml"), moment, moment, app, session_extra=named)
        host = presence.host_name() if host is None else host
        user = presence.user_name() if user is None else user
        session = cls(path, data, (host, user), clock, read_only, guides)
        session.notices = loaded.notices if loaded else ()
        if read_only:
            return session
        session.notices += notices.about_file(path, new=loaded is None)
        raw, schema = (loaded.raw, loaded.schema) if loaded else (None, SCHEMA)
        file = store.SessionFile(path, data, raw, guides, merge, schema, clock)
        file.known = data.takeover
        if join:
            session._presence = presence.PresenceFile(path, moment, host, user)
            session._presence.enter()
            session.notices += tuple(notices.is_here(other) for other in session._presence.news()[1])
        session._set(replace(data, app=app))  # goes out with the next change
        saved = session._snapshots.newest if loaded else None
        session._saver = Saver(session, file, saved=saved, keep_reserve=join)
        session._saver.start()
        return session

    # What there is

    @property
    def data(self) -> SessionData:
        """Everything, as it is now; never changes."""
        return self._snapshots.newest.data

    @property
    def guide(self) -> Guide:
        """The guide that the session follows."""
        return self.guides(self.data.guide)

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers, by question."""
        return self._snapshots.values()

    @property
    def notes(self) -> Mapping[str, str]:
        """The notes, by step or item."""
        return {item: note.text for item, note in self.data.notes.items() if note.text}

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Calls `callback`, on the saver's thread, after each save, failure, change from outside or coming of others.

        It must not wait for anything.
        """
        with self._lock:
            self._listeners = (*self._listeners, callback)

    # Changes

    def answer(self, question: str, value: Value | None, *, scope: Scope = "case") -> int:
        """Sets an answer, None or an empty string clears it; gives the change's revision. Raises `BadValue`, `ReadOnly`."""
        value = changes.clean_value(value)
        return self._change(lambda data, stamp: changes.answered(data, question, value, scope, stamp))

    def record(
        self, check: str, outcome: str, finding: Finding, *, took_ms: int = 0, scope: Scope = "pc"
    ) -> int:
        """Keeps what a check found; gives the change's revision. Raises `ReadOnly`, `ValueError` for an unknown outcome."""
        return self._change(
            lambda data, stamp: changes.recorded(data, check, outcome, finding, took_ms, scope, stamp)
        )

    def note(self, item: str, text: str) -> int:
        """Writes a note about a step or an item, an empty one removes it. Raises `BadValue`, `ReadOnly`."""
        text = changes.clean_note(text)
        return self._change(lambda data, stamp: changes.noted(data, item, text, stamp))

    def waive(self, id: str, reason: str, by: str, until: date) -> int:  # noqa: A002 - the word for it
        """Accepts an exception until the end of a day; an empty reason or name is refused with `BadValue`."""
        terms = (*changes.clean_waiver(reason, by), until)
        return self._change(lambda data, stamp: changes.waived(data, id, terms, stamp))

    def withdraw(self, id: str) -> bool:  # noqa: A002 - the word for it
        """Takes an accepted exception back; False when there was none. Raises `ReadOnly`."""
        with self._lock:
            there = id in self.data.waivers
            self._change(lambda data, stamp: changes.waived(data, id, None, stamp))
            return there

    def look(self, cursor: str | None = None, folded: Sequence[str] | None = None) -> None:
        """Remembers where the person is; saved with the next answer or a little later. Does nothing when read-only."""
        if self.read_only:
            return
        with self._lock:
            data = self.data
            cursor = data.ui.cursor if cursor is None else cursor
            ui = replace(data.ui, cursor=cursor, folded=data.ui.folded if folded is None else tuple(folded))
            if ui == data.ui:
                return
            self._snapshots.view(replace(data, ui=ui))
        self._wake()

    def draft(self, item: str, kind: Literal["note", "answer"], text: str) -> None:
        """Remembers what this login is typing, saved within two seconds and without a backup; an empty text forgets it.

        Does nothing when read-only. Never to be given a password.
        """
        text = changes.clean_note(text)
        with self._lock:
            data, key = self.data, draft_key(item, self.host, self.user)
            new = data if self.read_only else changes.drafted(data, key, kind, text, self.at())
            if new is data:
                return
            self._snapshots.view(new)
        self._wake()

    def drafts(self) -> dict[str, Draft]:
        """What this login was typing and has not stored, by item."""
        login = draft_key("", self.host, self.user)
        drafts = self.data.drafts.items()
        return {key.removesuffix(login): draft for key, draft in drafts if key.endswith(login)}

    def undo(self) -> str | None:
        """Takes the last change of an answer or waiver back; gives its id, None when there is nothing to take back.

        A change that was overtaken from outside (by hand, by the winner of a conflict) can no longer be undone.
        """
        return self._turn(undoing=True)

    def redo(self) -> str | None:
        """Makes the change that was last undone again; gives the question, None when there is none."""
        return self._turn(undoing=False)

    def take_over(
        self,
        other: SessionData,
        scopes: Collection[Scope] = ("pc", "office"),
        *,
        any_host: bool = False,
    ) -> int:
        """Takes answers and results that still hold from another session, with their dates; gives how many.

        Only what the guide of this session knows. Entries of the scope `pc` only from the same host and user, unless `any_host`. What is there already stays.
        """
        with self._lock:
            stamp = self._stamp()
            known = self.guide
            other = replace(
                other,
                answers={id_: one for id_, one in other.answers.items() if id_ in known.questions},
                results={id_: one for id_, one in other.results.items() if id_ in known.checks},
            )
            data, taken = changes.taken_over(self._writable(), other, scopes, any_host, stamp)
            if taken:
                self._put(data, replace(stamp, rev=stamp.rev + taken - 1), taken)
            return taken

    def take_in(self, copy: SessionData) -> None:
        """Takes in all that a copy of this session holds. Raises `ReadOnly`."""
        from state.live.conflict_copies import merged

        with self._lock:
            data = merged(self._writable(), copy)
            self._put(data, replace(self._stamp(), rev=highest_rev(data)))

    def settle(self, id: str) -> None:  # noqa: A002 - the word for it
        """Says that the person has seen the conflicts about `id` and is content with what was kept."""
        with self._lock:
            data, rev = self._writable(), self._snapshots.newest.rev
            settled = changes.settled(data, id)
            if settled is not data:
                self._put(settled, replace(self._stamp(), rev=rev))

    # Others

    def claim(self) -> Takeover:
        """Takes the session over: every other login that has it open can only read from its next save on.

        A login that was taken over from takes it back the same way; what it had not saved goes in then. Raises `ReadOnly`
        when the session was opened for reading. `flush` says when it holds.
        """
        with self._lock:
            if self._saver is None:
                self._writable()
            data = self.data
            number = min(data.takeover.number + 1, MAX_REV) if data.takeover is not None else 1
            mine = Takeover(number, self.host, self.user, os.getpid(), self.at())
            if self.taken_by is not None and self._saver is not None:
                self._saver.resume(data.takeover)
                self._read_only_by(None)
            self._put(replace(data, takeover=mine), replace(self._stamp(), rev=self._snapshots.newest.rev))
            self._claim = self._snapshots.newest.changes
            return mine

    def others(self) -> tuple[Presence, ...]:
        """Who else has this session open, the longest first."""
        if self._presence is not None:
            return self._presence.others()
        return presence.present(self.path.with_name(self.path.name + ".here"))

    # Saving

    @property
    def saved_rev(self) -> int:
        """Changes made here with this revision or a lower one are on the disk, file and folder synced."""
        return self._saver.disk.rev if self._saver else self._snapshots.newest.rev

    def save_state(self) -> SaveState:
        """What is on the disk, told without waiting."""
        if self._saver is None:
            return SaveState(True, self.data.updated, None, 0, None)
        return self._saver.state()

    def flush(self, timeout: float = 2.0) -> bool:
        """Saves now and waits at most `timeout` seconds; True when everything is on the disk.

        May be called in a signal handler.
        """
        return self._saver.flush(timeout) if self._saver else True

    def require_saved(self, timeout: float = 5.0) -> None:
        """Like `flush`, but raises why it could not be: `CannotWrite`, `SessionBusy`, `SessionTooNew`."""
        if self._saver is None or (self._saver.flush(timeout) and self.taken_by is None):
            return
        error = self._saver.error
        if error is not None:
            raise error
        raise CannotWrite(
            Text(
                f"{named(self.path)} への保存が時間内に終わりませんでした。",
                f"Saving {named(self.path)} did not end in time.",
            )
        )

    def close(self, timeout: float = 2.0) -> bool:
        """Saves, takes the presence back and ends the saver; True when everything is on the disk."""
        done = self._saver.close(timeout) if self._saver else True
        if self._presence is not None:
            self._presence.leave()
            self._presence = None
        return done

    def give_up(self) -> None:
        """Saves nothing any more; what is not on the disk by now is lost. For a command that says so and ends."""
        if self._saver is not None:
            self._saver.give_up()

    def move(self, path: Path) -> None:
        """Saves to another place from now on, where there is no file yet; what was there before stays as it is.

        Raises `CannotWrite` when the name is taken, `ReadOnly`.
        """
        if self.taken_by is None:
            self._writable()
        path = files.resolve(path)
        if os.path.lexists(path):
            raise CannotWrite(
                Text(
                    f"{named(path)} はすでにあります。別の名前を選んでください。",
                    f"{named(path)} exists already. Please choose another name.",
                )
            )
        with self._lock:
            name = path.name.removesuffix(".toml")
            data = replace(self.data, name=name, schema=SCHEMA, takeover=None)
            self._set(data)
            self.path = path
            if self.taken_by is not None:
                self._read_only_by(None)
            if self._presence is not None:
                self._presence.leave()
                self._presence = presence.PresenceFile(path, self.at(), self.host, self.user)
            if self._saver is not None:
                self._saver.move(store.SessionFile(path, data, None, self.guides, merge, SCHEMA, self._clock))

    # For the saver

    def snapshot(self) -> Snapshot:
        """The session at this moment."""
        return self._snapshots.newest

    def at(self) -> datetime:
        """The session's idea of now, in UTC and whole seconds."""
        return seconds(self._clock())

    def absorb(self, seen: SessionData, merged: SessionData, notices: tuple[Text, ...]) -> None:
        """Takes in what the saver found on the disk."""
        with self._lock:
            if self._saver is not None and self._saver.moving:
                return  # it is of the file that was left
            self._snapshots.absorb(seen, merged)
            self.notices += tuple(notice for notice in notices if notice not in self.notices)

    def notify(self) -> None:
        """Calls the subscribers."""
        for callback in self._listeners:
            # The screen may be gone already; the saver must go on.
            with suppress(Exception):
                callback()

    def pulse(self) -> bool:
        """Shows that this process lives; True when others came or went."""
        if self._presence is None:
            return False
        self._presence.pulse()
        changed, new = self._presence.news()
        with self._lock:
            self.notices += tuple(notices.is_here(other) for other in new)
        return changed

    def displace(self, by: Takeover) -> None:
        """Another login took the session over."""
        with self._lock:
            now = self._snapshots.newest
            # A takeover of our own that came too late is nothing that anybody would miss.
            lost = self._saver is not None and self._claim > max(0, self._saver.disk.changes)
            self._snapshots.newest = replace(
                now, data=replace(now.data, takeover=by), changes=now.changes - 1 if lost else now.changes
            )
            self._claim = 0
            self.notices += (notices.taken_over(by),)
            self._read_only_by(by)

    def unsaved_copy(self, place: Path, changes: int) -> None:
        """What was not saved when that happened is in a session of its own."""
        with self._lock:
            self.notices += (notices.unsaved_copy(place, changes),)

    # Inside

    def _writable(self) -> SessionData:
        if self.read_only:
            raise ReadOnly(_READ_ONLY)
        return self.data

    def _read_only_by(self, by: Takeover | None) -> None:
        self.taken_by, self.read_only = by, by is not None
        if self._presence is not None:
            self._presence.reads(self.read_only)

    def _change(self, change: Callable[[SessionData, changes.Stamp], SessionData]) -> int:
        """Makes one change unless there is nothing to change; gives the highest revision."""
        with self._lock:
            data, stamp = self._writable(), self._stamp()
            changed = change(data, stamp)
            return self._put(changed, stamp) if changed is not data else self._snapshots.newest.rev

    def _stamp(self) -> changes.Stamp:
        """For the next change."""
        return changes.Stamp(self._snapshots.newest.rev + 1, self.at(), self.host, self.user)

    def _put(self, data: SessionData, stamp: changes.Stamp, count: int = 1) -> int:
        self._snapshots.change(replace(data, updated=stamp.at), stamp.rev, count)
        self._wake()
        return stamp.rev

    def _set(self, data: SessionData) -> None:
        """Goes on to `data` without a change to be saved."""
        self._snapshots.newest = replace(self._snapshots.newest, data=data)

    def _wake(self) -> None:
        if self._saver is not None:
            self._saver.wake()

    def _turn(self, *, undoing: bool) -> str | None:
        with self._lock:
            stamp = self._stamp()
            turned = changes.turned(self._writable(), stamp, undoing=undoing)
            if turned is None:
                return None
            self._put(turned[0], stamp)
            return turned[1]


def seconds(at: datetime) -> datetime:
    """The same time in UTC, in whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0)


def recover(
    path: Path,
    guides: Guides,
    *,
    now: Callable[[], datetime] | None = None,
    app: str = checks.__version__,
    host: str | None = None,
    user: str | None = None,
    join: bool = True,
) -> Session:
    """Puts the newest good copy in the place of an unreadable file, whose bytes are kept, and opens it.

    Raises `SessionUnreadable` when there is no good copy, `CannotWrite`, `SessionBusy`, `SessionTooNew`.
    """
    from state.file.recover import restore

    good = restore(path, guides, merge, now() if now is not None else None)
    session = Session.open(path, guides, now=now, app=app, host=host, user=user, join=join)
    session.notices += (notices.recovered(good),)
    return session
