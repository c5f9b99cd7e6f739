"""The session: the only thing that changes data. Every change is a new snapshot and is on its way to the disk at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import checks
from checks.guide import Guides
from checks.model import Finding, Scope
from checks.record import replace
from checks.rules.conditions import Value
from checks.text import Text
from state.errors import CannotWrite, SessionUnreadable, named
from state.file import files, notices, presence, store
from state.live import changes
from state.live.saver import Saver
from state.live.snapshot import Held, seconds
from state.session_data import (
    SCHEMA,
    Draft,
    SaveState,
    SessionData,
    Terms,
    draft_key,
)


class Session(Held):
    """One open session. Made by `Session.open`; every method may be called from any thread and none waits for the disk,
    except `flush`, `close` and `require_saved`, which say how long."""

    @classmethod
    def open(
        cls,
        path: Path,
        guides: Guides,
        *,
        read_only: bool = False,
        now: Callable[[], datetime] | None = None,
        app: str = checks.__version__,
        host: str | None = None,
        user: str | None = None,
        join: bool = True,
    ) -> Session:
        """Opens the session in a file, made anew when there is none (with `read_only` it stays unmade and empty).

        `guides` gives the guide that it follows. `now` is the idea of now, aware of its zone. `join` shows this process to others and keeps a reserve on the disk;
        short commands leave both out. Raises `SessionUnreadable` (a copy of the file was put aside, its `recoverable` is
        the newest good one) and `SessionTooNew`, which `read_only` opens nevertheless.
        """
        clock = now if now is not None else lambda: datetime.now(UTC)
        path = files.resolve(path)
        try:
            loaded = store.load(path, guides, newer=read_only)
        except SessionUnreadable as error:
            from state.file.recover import put_aside

            raise put_aside(path, error, guides, clock(), keep=not read_only) from None
        moment = seconds(clock())
        data = loaded.data if loaded else SessionData(path.name.removesuffix(".toml"), moment, moment, app)
        host = presence.host_name() if host is None else host
        user = presence.user_name() if user is None else user
        session = cls(path, data, host, user, clock, read_only, guides)
        session.notices = loaded.notices if loaded else ()
        if read_only:
            return session
        session.notices += notices.about_file(path, new=loaded is None)
        disk = store.Store(
            path, data, loaded.raw if loaded else None, guides, loaded.schema if loaded else SCHEMA, clock
        )
        disk.known = data.takeover
        if join:
            session._here = presence.Here(path, moment, host, user)
            session._here.enter()
            session._known_others = session._here.others()
            session.notices += tuple(notices.is_here(other) for other in session._known_others)
        session._app(app)
        session._saver = Saver(session, disk, saved=session._version if loaded else None, keep_reserve=join)
        session._saver.start()
        return session

    # Changes

    def answer(self, question: str, value: Value | None, *, scope: Scope = "case") -> int:
        """Sets an answer, None or an empty string clears it; gives the change's revision. Raises `BadValue`, `ReadOnly`."""
        value = changes.clean_value(value)
        with self._mutex:
            data = self._writable()
            if value is None and question not in data.answers and question not in data.unread:
                return self._version.rev
            stamp = self._stamp()
            return self._put(changes.answered(data, question, value, scope, stamp), stamp)

    def record(
        self, check: str, outcome: str, finding: Finding, *, took_ms: int = 0, scope: Scope = "pc"
    ) -> int:
        """Keeps what a check found; gives the change's revision. Raises `ReadOnly`, `ValueError` for an unknown outcome."""
        with self._mutex:
            data, stamp = self._writable(), self._stamp()
            return self._put(changes.recorded(data, check, outcome, finding, took_ms, scope, stamp), stamp)

    def note(self, item: str, text: str) -> int:
        """Writes a note about a step or an item, an empty one removes it. Raises `BadValue`, `ReadOnly`."""
        text = changes.clean_note(text)
        with self._mutex:
            data = self._writable()
            was = data.notes.get(item)
            if (was.text if was else "") == text:
                return self._version.rev
            stamp = self._stamp()
            return self._put(changes.noted(data, item, text, stamp), stamp)

    def waive(self, id: str, reason: str, by: str, until: date) -> int:  # noqa: A002 - the word for it
        """Accepts an exception until the end of a day; an empty reason or name is refused with `BadValue`."""
        reason, by = changes.clean_waiver(reason, by)
        with self._mutex:
            data, stamp = self._writable(), self._stamp()
            return self._put(changes.waived(data, id, Terms(reason, by, until), stamp), stamp)

    def withdraw(self, id: str) -> bool:  # noqa: A002 - the word for it
        """Takes an accepted exception back; False when there was none. Raises `ReadOnly`."""
        with self._mutex:
            data, stamp = self._writable(), self._stamp()
            if id not in data.waivers:
                return False
            self._put(changes.waived(data, id, None, stamp), stamp)
            return True

    def look(self, cursor: str | None = None, folded: Sequence[str] | None = None) -> None:
        """Remembers where the person is; saved with the next answer or a little later. Does nothing when read-only."""
        if self.read_only:
            return
        with self._mutex:
            was = self._version
            ui = was.data.ui
            new = replace(
                ui,
                cursor=ui.cursor if cursor is None else cursor,
                folded=ui.folded if folded is None else tuple(folded),
            )
            if new == ui:
                return
            self._version = replace(was, data=replace(was.data, ui=new), looks=was.looks + 1)
        self._wake()

    def draft(self, item: str, kind: Literal["note", "answer"], text: str) -> None:
        """Remembers what this login is typing, saved within two seconds and without a backup; an empty text forgets it.

        Does nothing when read-only. Never to be given a password.
        """
        text = changes.clean_note(text)
        with self._mutex:
            was, key = self._version, draft_key(item, self.host, self.user)
            old = was.data.drafts.get(key, Draft(seconds(self._now())))
            if self.read_only or text == (old.note if kind == "note" else old.answer):
                return
            at = seconds(self._now())
            new = replace(old, note=text, at=at) if kind == "note" else replace(old, answer=text, at=at)
            drafts = {**was.data.drafts, key: new}
            if not new.note and not new.answer:
                del drafts[key]
            self._version = replace(was, data=replace(was.data, drafts=drafts), looks=was.looks + 1)
        self._wake()

    def drafts(self) -> dict[str, Draft]:
        """What this login was typing and has not stored, by item."""
        login = draft_key("", self.host, self.user)
        found = self._version.data.drafts.items()
        return {key.removesuffix(login): draft for key, draft in found if key.endswith(login)}

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

        Entries of the scope `pc` only from the same host and user, unless `any_host`. What is there already stays.
        """
        with self._mutex:
            stamp = self._stamp()
            data, taken = changes.taken_over(self._writable(), other, scopes, any_host, stamp)
            if taken:
                self._put(data, replace(stamp, rev=stamp.rev + taken - 1), taken)
            return taken

    def take_in(self, copy: SessionData) -> None:
        """Takes in all that a copy of this session holds. Raises `ReadOnly`."""
        from state.live.conflict_copies import merged

        with self._mutex:
            data = merged(self._writable(), copy)
            self._put(data, replace(self._stamp(), rev=data.top()))

    def settle(self, id: str) -> None:  # noqa: A002 - the word for it
        """Says that the person has seen the conflicts about `id` and is content with what was kept."""
        with self._mutex:
            was = self._writable()
            data = changes.settled(was, id)
            if data is not was:
                self._put(data, replace(self._stamp(), rev=self._version.rev))

    # Saving

    @property
    def saved_rev(self) -> int:
        """Changes made here with this revision or a lower one are on the disk, file and folder synced."""
        return self._saver.saved_rev if self._saver else self._version.rev

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
        if self._here is not None:
            self._here.leave()
            self._here = None
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
        with self._mutex:
            name = path.name.removesuffix(".toml")
            data = replace(self._version.data, name=name, schema=SCHEMA, takeover=None)
            self._version = replace(self._version, data=data)
            self.path = path
            if self.taken_by is not None:
                self.taken_by, self.read_only = None, False
            if self._here is not None:
                self._here.leave()
                self._here = presence.Here(path, self.at(), self.host, self.user)
            if self._saver is not None:
                self._saver.move(store.Store(path, data, None, self.guides, SCHEMA, self._now))

    # Inside

    def _turn(self, *, undoing: bool) -> str | None:
        with self._mutex:
            stamp = self._stamp()
            found = changes.turned(self._writable(), stamp, undoing=undoing)
            if found is None:
                return None
            self._put(found[0], stamp)
            return found[1]

    def _app(self, app: str) -> None:
        """The version that writes from now on; goes out with the next change."""
        was = self._version
        if was.data.app != app:
            self._version = replace(was, data=replace(was.data, app=app))


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

    good = restore(path, guides, now() if now is not None else None)
    session = Session.open(path, guides, now=now, app=app, host=host, user=user, join=join)
    session.notices += (notices.recovered(good),)
    return session
