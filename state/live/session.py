"""The session: the only thing that changes data. Every change is a new snapshot and is on its way to the disk at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, Literal, ParamSpec

from checks.guide import Guide, Guides
from checks.model import Finding, Scope
from checks.record import replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import CannotWrite, ReadOnly, named
from state.file import files, notices, presence, store
from state.file.places import Folder
from state.file.tables import highest_rev
from state.live import changes
from state.live.merge import merge
from state.live.saver import Saver
from state.live.snapshot import Snapshots
from state.session_data import (
    SCHEMA,
    Declaration,
    Draft,
    Pc,
    Presence,
    Result,
    SaveState,
    SessionData,
    Takeover,
    draft_key,
)

if TYPE_CHECKING:
    from state.live.pc_entries import Together

P = ParamSpec("P")

_READ_ONLY = Text("見るだけで開いているため、変更できません。", "The session is open for reading only.")


class Session:
    """One open session, as `open_session` makes it.

    Every method may be called from any thread, and none waits for the disk, except `flush`, `close` and `require_saved`,
    which say how long. A session for reading has no saver and no presence.
    """

    def __init__(
        self,
        path: Path,
        data: SessionData,
        guides: Guides,
        login: tuple[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        self.path, self.guides, self.clock = path, guides, clock
        self.host, self.user = login
        self.taken_by: Takeover | None = None
        """Who took the session over, which made it read-only here; `claim` takes it back."""
        self.notices: tuple[Text, ...] = ()
        """What the person should know about the file: edited by hand, recovered, migrated, another login is here."""
        self.saver: Saver | None = None
        self.presence: presence.PresenceFile | None = None
        self.pc_record: Session | None = None
        """The record of the PC that the session names, open as well; None while it names none that is here."""
        self.open_record: Callable[[str], Session | None] = lambda name: None
        """Opens the record of that name, None when there is none."""
        self.folder: Folder | None = None
        """The program's places, where PC records are."""
        self._together: Together | None = None
        self._moves = self._moved = 0
        """How often entries were moved into the record, and how many of these moves are on the disk there."""
        self.snapshots = Snapshots(data)
        self._lock = self.snapshots.lock
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._claim = 0
        """The change that was our own takeover."""

    # What there is

    @property
    def own(self) -> SessionData:
        """What is the session's own file's; never changes."""
        return self.snapshots.newest.data

    @property
    def data(self) -> SessionData:
        """Everything as it is now, with what the record of its PC says; never changes."""
        record = self.pc_record
        if record is None:
            return self.own
        if self._together is None:
            from state.live.pc_entries import Together

            self._together = Together()
        return self._together.of(self.own, record.own)

    @property
    def guide(self) -> Guide:
        """The guide that the session follows."""
        return self.guides(self.data.guide)

    @property
    def answers(self) -> Mapping[str, Value]:
        """The answers, by question."""
        return self.snapshots.values(self.data)

    @property
    def read_only(self) -> bool:
        """Whether it was opened for reading or taken over by another login."""
        return self.saver is None or self.taken_by is not None

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
        return self._change(scope == "pc", changes.answered, question, value, scope)

    def record(
        self, check: str, outcome: str, finding: Finding, *, took_ms: int = 0, scope: Scope = "pc"
    ) -> int:
        """Keeps what a check found; gives the change's revision. Raises `ReadOnly`, `ValueError` for an unknown outcome.

        What was seen on this PC goes into its own record alone, whichever the session names.
        """
        mine = scope == "pc" and self.at_pc
        return self._change(mine, changes.recorded, check, outcome, finding, took_ms, scope)

    @property
    def at_pc(self) -> bool:
        """Whether the PC that the session names is this one."""
        pc = self.pc_record.own.pc if self.pc_record is not None else None
        if pc is None or self.folder is None or not pc.is_at(self.host, self.user):
            return False
        from state.file.machine import machine_id

        return pc.machine in ("", machine_id(self.folder, make=False))

    def take_findings(self, pc: Pc, results: Mapping[str, Result], added_by: str) -> tuple[int, int]:
        """Of a record: takes what was found on its PC, of each check the later finding, and gives how many were later and how
        many were not. `added_by` says who brings them from another machine. Raises `ReadOnly`.
        """
        with self._lock:
            data, stamp = self._writable(), self._stamp()
            changed, taken = changes.found(data, stamp, pc, results, added_by)
            self._put(changed, replace(stamp, rev=highest_rev(changed)))
            return taken, len(results) - taken

    def note(self, item: str, text: str) -> int:
        """Writes a note about a step or an item, an empty one removes it. Raises `BadValue`, `ReadOnly`."""
        return self._change(self._of_pc(item), changes.noted, item, changes.clean_note(text))

    def waive(
        self,
        id: str,  # noqa: A002 - the word for it
        reason: str,
        by: str,
        until: date,
        *,
        scope: Literal["", "pc", "case"] = "",
    ) -> int:
        """Accepts an exception until the end of a day; an empty reason or name is refused with `BadValue`.

        It holds as far as its item unless a `scope` is said.
        """
        terms = (reason, by, until)
        return self._change(
            scope == "pc" or (not scope and self._of_pc(id)), changes.waived, id, terms, scope
        )

    def withdraw(self, id: str) -> bool:  # noqa: A002 - the word for it
        """Takes an accepted exception back, of the session and of its PC's record; False when there was none. Raises `ReadOnly`."""
        with self._lock:
            there = id in self.data.waivers
            for pc in (True, False):
                self._change(pc, changes.waived, id, None)
            return there

    def declare(self, check: str, declaration: Declaration | None) -> int:
        """Takes somebody's word for a check, None takes it back; an empty or overlong name is refused with `BadValue`."""
        return self._change(self._of_pc(check), changes.declared, check, declaration)

    def _of_pc(self, item: str) -> bool:
        from state.live.pc_entries import scope_of

        return scope_of(self.guide, item) == "pc"

    def look(self, cursor: str | None = None, folded: Sequence[str] | None = None) -> None:
        """Remembers where the person is; saved with the next answer or a little later. Does nothing when read-only."""
        with self._lock:
            self._view(changes.looked(self.own, cursor, folded))

    def draft(self, item: str, kind: Literal["note", "answer"], text: str) -> None:
        """Remembers what this login is typing, saved within two seconds and without a backup; an empty text forgets it.

        Does nothing when read-only. Never to be given a password.
        """
        text = changes.clean_note(text)
        with self._lock:
            key = draft_key(item, self.host, self.user)
            self._view(changes.drafted(self.own, key, kind, text, self.at()))

    def drafts(self) -> dict[str, Draft]:
        """What this login was typing and has not stored, by item."""
        login = draft_key("", self.host, self.user)
        drafts = self.data.drafts.items()
        return {key.removesuffix(login): draft for key, draft in drafts if key.endswith(login)}

    def undo(self) -> str | None:
        """Takes the last change of an answer, waiver or declaration back; gives its id, None when there is nothing to take back.

        A change that was overtaken from outside (by hand, by the winner of a conflict) can no longer be undone, nor one of the
        PC's record that anybody has changed since.
        """
        return self._turn(undoing=True)

    def redo(self) -> str | None:
        """Makes the change that was last undone again; gives the question, None when there is none."""
        return self._turn(undoing=False)

    def take_over(self, other: SessionData, *, procedure: bool = False, same_car: bool = False) -> int:
        """Takes from another session what holds here too, with its dates (`carried_over`); gives how much that is."""
        from state.live.carry_over import carried_over

        with self._lock:
            stamp = self._stamp()
            # What is of a PC is in the record, which is shared.
            shared = self.pc_record is not None or other.pc is not None
            login = None if shared else (self.host, self.user)
            entries = carried_over(self.guide, other, login, procedure=procedure, same_car=same_car)
            data, taken = changes.taken_over(self._writable(), entries, stamp)
            if taken:
                self._put(data, replace(stamp, rev=stamp.rev + taken - 1), taken)
            return taken

    def take_in(self, copy: SessionData) -> None:
        """Takes in all that a copy of this session holds. Raises `ReadOnly`."""
        from state.live.conflict_copies import merged

        with self._lock:
            data = merged(self._writable(), copy)
            self._put(data, replace(self._stamp(), rev=highest_rev(data)))

    # The PC from which the application will be sent

    def use(self, record: Session, *, quietly: bool = False) -> int:
        """Names the PC of an open record and moves into it what the session holds of that PC; gives how many entries moved.

        The record is on the disk before the session is. With `quietly` neither is saved before something else changes.
        Raises `ReadOnly`.
        """
        from state.live.pc_entries import moved

        with self._lock:
            data, stamp = self._writable(), self._stamp()
            with record._lock:
                data, theirs, count = moved(data, record.own, self.guide)
                if quietly or not count:
                    record.snapshots.put(theirs)
                else:
                    record._put(theirs, replace(record._stamp(), rev=highest_rev(theirs)))
            left, self.pc_record = self.pc_record, record
            self._moves += bool(count) or not (record.saver and record.saver.has_file)
            if quietly:
                self.snapshots.put(data)
            else:
                self._put(data, stamp)
        self._attached(record, left)
        return count

    def follow_pc(self) -> None:
        """Opens the record that the session names, unless that is done; another login may have named it. Raises nothing."""
        name, left = self.own.pc_name, self.pc_record
        if name == (left.own.name if left is not None else ""):
            return
        record = self.open_record(name) if name else None
        with self._lock:
            if self.pc_record is left and self.own.pc_name == name:
                self.pc_record = record
            else:  # another one was named in the meantime
                left, record = record, None
        self._attached(record, left)

    def _attached(self, record: Session | None, left: Session | None) -> None:
        if record is not None and record is not left:
            record.subscribe(self.notify)
            self.tell(*record.notices)
        if left is not None and left is not record:
            left.close(0.5)

    def save_record(self, timeout: float) -> None:
        """Before the session is saved: what has moved out of it is on the disk in the record; raises why it is not.

        Other changes of the record are saved first as well, but a session does not wait for a record that cannot be saved.
        """
        record, moves = self.pc_record, self._moves
        if record is None or record.saver is None:
            return
        if moves > self._moved and record.snapshots.newest.changes <= record.saver.disk.changes:
            with record._lock:
                record._put(record.own, replace(record._stamp(), rev=record.snapshots.newest.rev))
        done = record.flush(timeout)
        if done:
            self._moved = moves
        elif moves > self._moved:
            record.require_saved(0.0)

    # Others

    def claim(self) -> None:
        """Takes the session over: every other login that has it open can only read from its next save on.

        A login that was taken over from takes it back the same way; what it had not saved goes in then. Raises `ReadOnly`
        when the session was opened for reading. `flush` says when it holds.
        """
        with self._lock:
            if self.saver is None:
                raise ReadOnly(_READ_ONLY)
            if self.taken_by is not None:
                self.saver.resume(self.own.takeover)
                self._set_taken_by(None)
            stamp = replace(self._stamp(), rev=self.snapshots.newest.rev)
            self._put(changes.claimed(self.own, stamp, os.getpid()), stamp)
            self._claim = self.snapshots.newest.changes

    def others(self) -> tuple[Presence, ...]:
        """Who else has this session open, the longest first."""
        if self.presence is not None:
            return self.presence.others()
        return presence.present(self.path.with_name(self.path.name + ".here"))

    # Saving

    def save_state(self) -> SaveState:
        """What is on the disk, told without waiting."""
        own = self.saver.state() if self.saver else SaveState(True, self.own.updated, None, 0, None)
        if self.pc_record is None:
            return own
        record = self.pc_record.save_state()
        told = own if own.error is not None or record.error is None else record
        return replace(told, saved=own.saved and record.saved, unsaved=own.unsaved + record.unsaved)

    def flush(self, timeout: float = 2.0) -> bool:
        """Saves now and waits at most `timeout` seconds; True when everything is on the disk.

        May be called in a signal handler.
        """
        begun = time.monotonic()
        done = self.pc_record.flush(timeout) if self.pc_record else True
        left = max(0.0, timeout - (time.monotonic() - begun))
        return (self.saver.flush(left) if self.saver else True) and done

    def require_saved(self, timeout: float = 5.0) -> None:
        """Like `flush`, but raises why it could not be: `CannotWrite`, `SessionBusy`, `SessionTooNew`."""
        if self.pc_record is not None:
            self.pc_record.require_saved(timeout)
        if self.saver is None or (self.saver.flush(timeout) and self.taken_by is None):
            return
        error = self.saver.error
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
        done = self.saver.close(timeout) if self.saver else True
        if self.presence is not None:
            self.presence.leave()
            self.presence = None
        if self.pc_record is not None:
            done = self.pc_record.close(timeout) and done
        return done

    def give_up(self) -> None:
        """Saves nothing any more; what is not on the disk by now is lost. For a command that says so and ends."""
        if self.saver is not None:
            self.saver.give_up()
        if self.pc_record is not None:
            self.pc_record.give_up()

    def move(self, path: Path) -> None:
        """Saves to another place from now on, where there is no file yet; what was there before stays as it is.

        Raises `CannotWrite` when the name is taken, `ReadOnly`.
        """
        if self.saver is None:
            raise ReadOnly(_READ_ONLY)
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
            data = replace(self.own, name=name, schema=SCHEMA, takeover=None)
            self.snapshots.put(data)
            self.path, self.taken_by = path, None
            if self.presence is not None:
                self.presence.leave()
                self.presence = presence.PresenceFile(path, self.at(), self.host, self.user)
            self.saver.move(store.SessionFile(path, data, None, self.guides, merge, SCHEMA, self.clock))

    # For the saver

    def at(self) -> datetime:
        """The session's idea of now, in UTC and whole seconds."""
        return self.clock().astimezone(UTC).replace(microsecond=0)

    def absorb(self, seen: SessionData, merged: SessionData, notices: tuple[Text, ...]) -> None:
        """Takes in what others wrote: with what was `seen` of this session it makes `merged`."""
        with self._lock:
            if self.saver is not None and self.saver.moving:
                return  # it is of the file that was left
            self.snapshots.absorb(seen, merged)
            self.tell(*(notice for notice in notices if notice not in self.notices))
        self.follow_pc()

    def notify(self) -> None:
        """Calls the subscribers."""
        for callback in self._listeners:
            # The screen may be gone already; the saver must go on.
            with suppress(Exception):
                callback()

    def pulse(self) -> bool:
        """Shows that this process lives; True when others came or went."""
        if self.presence is None:
            return False
        self.presence.pulse()
        changed, new = self.presence.news()
        self.tell(*(notices.is_here(other) for other in new))
        return changed

    def displace(self, by: Takeover) -> None:
        """Another login took the session over."""
        with self._lock:
            # A takeover of our own that came too late is nothing that anybody would miss.
            lost = self.saver is not None and self._claim > max(0, self.saver.disk.changes)
            self.snapshots.put(replace(self.own, takeover=by), changes=-1 if lost else 0)
            self._claim = 0
            self.tell(notices.taken_over(by))
            self._set_taken_by(by)

    def tell(self, *notices: Text) -> None:
        """Adds to what the person should know."""
        with self._lock:
            self.notices += notices

    # Inside

    def _writable(self) -> SessionData:
        if self.read_only:
            raise ReadOnly(_READ_ONLY)
        return self.own

    def _set_taken_by(self, by: Takeover | None) -> None:
        self.taken_by = by
        if self.presence is not None:
            self.presence.reads(self.read_only)

    def _change(
        self,
        of_pc: bool,
        change: Callable[Concatenate[SessionData, changes.Stamp, P], SessionData],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> int:
        """Makes one change unless there is nothing to change, in the record where it is `of_pc`; gives the highest revision."""
        with self._lock:
            data, stamp = self._writable(), self._stamp()
            record = self.pc_record
            if record is not None and of_pc:
                with record._lock:
                    before, theirs = record.own, record._stamp()
                    now = change(before, theirs, *args, **kwargs)
                    if now is not before:  # what can be undone stands in the session alone
                        record._put(replace(now, history=()), theirs)
                if now.history:
                    self._view(changes.shared(data, stamp, before, now), stamp.rev)
                return record.snapshots.newest.rev
            changed = change(data, stamp, *args, **kwargs)
            return self._put(changed, stamp) if changed is not data else self.snapshots.newest.rev

    def _stamp(self) -> changes.Stamp:
        """For the next change; in a record everything is said of its own PC."""
        pc = self.own.pc
        login = (self.host, self.user) if pc is None else (pc.host, pc.user)
        return changes.Stamp(self.snapshots.newest.rev + 1, self.at(), *login)

    def _put(self, data: SessionData, stamp: changes.Stamp, count: int = 1) -> int:
        self.snapshots.change(replace(data, updated=stamp.at), stamp.rev, count)
        self._wake()
        return stamp.rev

    def _view(self, data: SessionData, rev: int = 0) -> None:
        """Goes on to `data`, saved with the next change or a little later; nothing when it is the same or read-only."""
        if data is not self.own and not self.read_only:
            self.snapshots.view(data, rev)
            self._wake()

    def _wake(self) -> None:
        if self.saver is not None:
            self.saver.wake()

    def _turn(self, *, undoing: bool) -> str | None:
        with self._lock:
            data, stamp, record = self._writable(), self._stamp(), self.pc_record
            if record is None:
                turned = changes.turned(data, stamp, undoing=undoing)
            else:
                with record._lock:
                    theirs = record._stamp()
                    turned = changes.turned(data, stamp, record.own, theirs, undoing=undoing)
                    if turned is not None and turned[1] is not None:
                        record._put(turned[1], theirs)
            if turned is None:
                return None
            self._put(turned[0], stamp)
            return turned[2]
