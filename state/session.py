"""The session: the only thing that changes data. Every change is a new snapshot and is on its way to the disk at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType

import checks
from checks.model import Finding, Outcome, Scope
from checks.text import Text
from checks.when import Value
from state import backups, files, presence, store
from state.errors import BadValue, CannotWrite, ReadOnly, SessionUnreadable, named
from state.merge import merge
from state.model import (
    MAX_HISTORY,
    MAX_NOTE,
    MAX_TEXT,
    SCHEMA,
    Answer,
    Change,
    Cleared,
    Conflict,
    Note,
    Presence,
    Result,
    SaveState,
    SessionData,
    Ui,
    Waiver,
)
from state.recover import newest_good, put_aside, restore
from state.saver import Saver, Version

MAX_EVIDENCE = 60
"""Lines of evidence kept of a finding."""

_READ_ONLY = Text("見るだけで開いているため、変更できません。", "The session is open for reading only.")


class Session:
    """One open session. Made by `Session.open`; every method may be called from any thread and none waits for the disk,
    except `flush`, `close` and `require_saved`, which say how long."""

    def __init__(
        self,
        path: Path,
        data: SessionData,
        host: str,
        user: str,
        now: Callable[[], datetime],
        read_only: bool,
    ) -> None:
        self.path = path
        self.host = host
        self.user = user
        self.read_only = read_only
        self.notices: tuple[Text, ...] = ()
        """What the person should know about the file: edited by hand, recovered, migrated, another login is here."""
        self._now = now
        # One that the same thread may take twice: a signal handler may come in the middle of a change.
        self._mutex = threading.RLock()
        self._version = Version(data, 0, 0, data.top())
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._here: presence.Here | None = None
        self._known_others: tuple[Presence, ...] = ()
        self._saver: Saver | None = None
        self._values: tuple[SessionData, Mapping[str, Value]] = (data, MappingProxyType(data.values()))

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        read_only: bool = False,
        now: Callable[[], datetime] | None = None,
        app: str = checks.__version__,
        host: str | None = None,
        user: str | None = None,
        join: bool = True,
    ) -> Session:
        """Opens the session in a file, made anew when there is none (with `read_only` it stays unmade and empty).

        `now` is the idea of now, aware of its zone. `join` shows this process to others and keeps a reserve on the disk;
        short commands leave both out. Raises `SessionUnreadable` (a copy of the file was put aside, its `recoverable` is
        the newest good one) and `SessionTooNew`, which `read_only` opens nevertheless.
        """
        clock = now if now is not None else lambda: datetime.now(UTC)
        path = files.resolve(path)
        try:
            loaded = store.load(path, newer=read_only)
        except SessionUnreadable as error:
            if read_only:
                error.recoverable = newest_good(path)
                raise
            raise put_aside(path, error, clock()) from None
        moment = _seconds(clock())
        data = loaded.data if loaded else SessionData(path.name.removesuffix(".toml"), moment, moment, app)
        host = presence.host_name() if host is None else host
        user = presence.user_name() if user is None else user
        session = cls(path, data, host, user, clock, read_only)
        session.notices = loaded.notices if loaded else ()
        if read_only:
            return session
        session._say_about_files(loaded is None)
        disk = store.Store(
            path, data, loaded.raw if loaded else None, loaded.schema if loaded else SCHEMA, clock
        )
        if join:
            session._here = presence.Here(path, moment, host, user)
            session._here.enter()
            session._known_others = session._here.others()
            session.notices += tuple(_is_here(other) for other in session._known_others)
        session._app(app)
        session._saver = Saver(session, disk, saved=session._version if loaded else None, keep_reserve=join)
        session._saver.start()
        return session

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

    # Changes

    def answer(self, question: str, value: Value | None, *, scope: Scope = "case") -> int:
        """Sets an answer, None or an empty string clears it; gives the change's revision. Raises `BadValue`, `ReadOnly`."""
        value = _clean(value, MAX_TEXT) or None if isinstance(value, str) else value
        if isinstance(value, datetime):
            value = value.date()
        with self._mutex:
            data = self._writable()
            was = data.answers.get(question)
            if value is None and was is None:
                return self._version.rev
            rev, at = self._version.rev + 1, self.at()
            before = was.value if was is not None else None
            if before != value:
                change = Change(question, before, value, rev, was.scope if was and value is None else scope)
                kept = tuple(old for old in data.history if not old.undone)
                data = replace(data, history=(*kept, change)[-MAX_HISTORY:])
            self._put(self._with_answer(data, question, value, scope, rev, at), rev, at)
            return rev

    def record(
        self, check: str, outcome: str, finding: Finding, *, took_ms: int = 0, scope: Scope = "pc"
    ) -> int:
        """Keeps what a check found; gives the change's revision. Raises `ReadOnly`, `ValueError` for an unknown outcome."""
        with self._mutex:
            data = self._writable()
            rev, at = self._version.rev + 1, self.at()
            result = Result(
                outcome=Outcome(outcome),
                code=_cut(finding.code),
                values={
                    _cut(key): _cut(value) if isinstance(value, str) else value
                    for key, value in finding.values.items()
                },
                evidence=tuple(_cut(line) for line in finding.evidence[:MAX_EVIDENCE]),
                at=at,
                rev=rev,
                host=self.host,
                user=self.user,
                took_ms=max(0, int(took_ms)),
                scope=scope,
            )
            self._put(replace(data, results={**data.results, check: result}), rev, at)
            return rev

    def note(self, item: str, text: str) -> int:
        """Writes a note about a step or an item, an empty one removes it. Raises `BadValue`, `ReadOnly`."""
        text = _clean(text, MAX_NOTE)
        with self._mutex:
            data = self._writable()
            was = data.notes.get(item)
            if (was.text if was else "") == text:
                return self._version.rev
            rev, at = self._version.rev + 1, self.at()
            notes = {**data.notes, item: Note(text, at, rev, was.extra if was else {})}
            kept = tuple(one for one in data.conflicts if (one.kind, one.id) != ("note", item))
            self._put(replace(data, notes=notes, conflicts=kept), rev, at)
            return rev

    def waive(self, id: str, reason: str, by: str, until: date) -> int:  # noqa: A002 - the word for it
        """Accepts an exception until the end of a day; an empty reason or name is refused with `BadValue`."""
        reason, by = _clean(reason, MAX_TEXT).strip(), _clean(by, 200).strip()
        if not reason or not by:
            raise BadValue(Text("理由と名前が必要です。", "A reason and a name are needed."))
        with self._mutex:
            data = self._writable()
            rev, at = self._version.rev + 1, self.at()
            waivers = {**data.waivers, id: Waiver(reason, by, until, at, rev)}
            kept = tuple(one for one in data.conflicts if (one.kind, one.id) != ("waiver", id))
            self._put(replace(data, waivers=waivers, conflicts=kept), rev, at)
            return rev

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

    def undo(self) -> str | None:
        """Takes the last change of an answer back; gives the question, None when there is nothing to take back.

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
            data = self._writable()
            rev = self._version.rev
            answers, results = dict(data.answers), dict(data.results)

            def holds(entry: Answer | Result) -> bool:
                here = any_host or (entry.host, entry.user) == (self.host, self.user)
                return entry.scope in scopes and (entry.scope != "pc" or here)

            for question, answer in sorted(other.answers.items()):
                if question not in answers and holds(answer):
                    rev += 1
                    answers[question] = replace(answer, rev=rev)
            for check, result in sorted(other.results.items()):
                if check not in results and holds(result):
                    rev += 1
                    results[check] = replace(result, rev=rev)
            taken = rev - self._version.rev
            if taken:
                cleared = {name: one for name, one in data.cleared.items() if name not in answers}
                self._put(
                    replace(data, answers=answers, cleared=cleared, results=results), rev, self.at(), taken
                )
            return taken

    def settle(self, id: str) -> None:  # noqa: A002 - the word for it
        """Says that the person has seen the conflicts about `id` and is content with what was kept."""
        with self._mutex:
            data = self._writable()
            kept = tuple(conflict for conflict in data.conflicts if conflict.id != id)
            if kept != data.conflicts:
                self._put(replace(data, conflicts=kept), self._version.rev, self.at())

    # Saving

    @property
    def saved_rev(self) -> int:
        """Changes made here with this revision or a lower one are on the disk, file and folder synced."""
        return self._saver.saved_rev if self._saver else self._version.rev

    @property
    def unsaved_count(self) -> int:
        """Changes that are held in memory alone."""
        return self.save_state().unsaved

    def save_state(self) -> SaveState:
        """What is on the disk, told without waiting."""
        if self._saver is None:
            return SaveState(True, self.data.updated, None, 0, None)
        return self._saver.state()

    def subscribe(self, callback: Callable[[], None]) -> None:
        """Calls `callback`, on the saver's thread, after each save, failure, change from outside or coming of others.

        It must not wait for anything.
        """
        with self._mutex:
            self._listeners = (*self._listeners, callback)

    def flush(self, timeout: float = 2.0) -> bool:
        """Saves now and waits at most `timeout` seconds; True when everything is on the disk.

        May be called in a signal handler.
        """
        return self._saver.flush(timeout) if self._saver else True

    def require_saved(self, timeout: float = 5.0) -> None:
        """Like `flush`, but raises why it could not be: `CannotWrite`, `SessionBusy`, `SessionTooNew`."""
        if self._saver is None or self._saver.flush(timeout):
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

    def move(self, path: Path) -> None:
        """Saves to another place from now on, where there is no file yet; what was there before stays as it is.

        Raises `CannotWrite` when the name is taken, `ReadOnly`.
        """
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
            data = replace(self._version.data, name=path.name.removesuffix(".toml"), schema=SCHEMA)
            self._version = replace(self._version, data=data)
            self.path = path
            if self._here is not None:
                self._here.leave()
                self._here = presence.Here(path, self.at(), self.host, self.user)
        if self._saver is not None:
            self._saver.move(store.Store(path, data, None, SCHEMA, self._now))

    # Others

    def others(self) -> tuple[Presence, ...]:
        """Who else has this session open, the longest first."""
        if self._here is not None:
            return self._here.others()
        return presence.present(self.path.with_name(self.path.name + ".here"))

    def conflicts(self) -> tuple[Conflict, ...]:
        """The losing sides of what two logins changed at the same time, until they are settled or answered anew."""
        return self._version.data.conflicts

    # For the saver

    def version(self) -> Version:
        """The session at this moment, for the saver."""
        return self._version

    def at(self) -> datetime:
        """The session's idea of now, in UTC and whole seconds."""
        return _seconds(self._now())

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

    def pulse(self) -> bool:
        """Shows that this process lives; True when others came or went. For the saver."""
        here = self._here
        if here is None:
            return False
        here.pulse()
        now = here.others()
        changed = now != self._known_others
        new = [other for other in now if other not in self._known_others]
        self._known_others = now
        with self._mutex:
            self.notices += tuple(_is_here(other) for other in new)
        return changed

    # Inside

    def _writable(self) -> SessionData:
        if self.read_only:
            raise ReadOnly(_READ_ONLY)
        return self._version.data

    def _put(self, data: SessionData, rev: int, at: datetime, changes: int = 1) -> None:
        was = self._version
        data = replace(data, updated=at)
        self._version = Version(data, was.count + changes, was.looks, max(was.rev, rev))
        self._wake()

    def _wake(self) -> None:
        if self._saver is not None:
            self._saver.wake()

    def _with_answer(
        self, data: SessionData, question: str, value: Value | None, scope: Scope, rev: int, at: datetime
    ) -> SessionData:
        answers, cleared = dict(data.answers), dict(data.cleared)
        was = answers.pop(question, None)
        cleared.pop(question, None)
        if value is None:
            cleared[question] = Cleared(at, rev)
        else:
            who = (self.host, self.user) if scope == "pc" else ("", "")
            answers[question] = Answer(value, at, rev, scope, *who, was.extra if was else {})
        kept = tuple(one for one in data.conflicts if (one.kind, one.id) != ("answer", question))
        return replace(data, answers=answers, cleared=cleared, conflicts=kept)

    def _turn(self, *, undoing: bool) -> str | None:
        with self._mutex:
            data = self._writable()
            order: Iterable[Change] = (
                reversed([change for change in data.history if not change.undone])
                if undoing
                else sorted((change for change in data.history if change.undone), key=lambda one: -one.turn)
            )
            overtaken: list[Change] = []
            for change in order:
                given = data.answers.get(change.question)
                now = given.value if given is not None else None
                then, value = (change.after, change.before) if undoing else (change.before, change.after)
                if now != then:
                    overtaken.append(change)
                    continue
                rev, at = self._version.rev + 1, self.at()
                turned = replace(change, undone=undoing, turn=rev)
                history = tuple(
                    turned if one is change else one for one in data.history if one not in overtaken
                )
                data = replace(data, history=history)
                data = self._with_answer(data, change.question, value, change.scope, rev, at)
                self._put(data, rev, at)
                return change.question
            return None

    def _app(self, app: str) -> None:
        """The version that writes from now on; goes out with the next change."""
        was = self._version
        if was.data.app != app:
            self._version = replace(was, data=replace(was.data, app=app))

    def _say_about_files(self, new: bool) -> None:
        said: list[Text] = []
        folder = self.path.parent
        if new and backups.listed(self.path):
            said.append(
                Text(
                    f"{named(self.path)} がないため新しく始めます。以前の控え (bak) が同じフォルダーに残っています。",
                    f"{named(self.path)} is missing, so this session begins anew. Earlier backups (bak) are in the same folder.",
                )
            )
        if not new and files.tighten(self.path, 0o600):
            said.append(
                Text(
                    f"{named(self.path)} をほかの利用者が読める状態でした。本人だけが読めるようにしました。",
                    f"{named(self.path)} could be read by other users. Now only you can read it.",
                )
            )
        if files.open_to_others(folder):
            said.append(
                Text(
                    f"フォルダー {named(folder)} にはほかの利用者も書き込めます。本人だけのフォルダーに移すことを勧めます。",
                    f"Other users can write to the folder {named(folder)}. A folder of your own is safer.",
                )
            )
        self.notices += tuple(said)


def recover(
    path: Path,
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
    good = restore(path, now() if now is not None else None)
    session = Session.open(path, now=now, app=app, host=host, user=user, join=join)
    when = good.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    session.notices += (
        Text(
            f"{when} 時点の控えから回答{len(good.data.answers)}件を取り戻しました。それより後の回答は確かめてください。"
            "壊れたファイルも残してあります。",
            f"Recovered {len(good.data.answers)} answers from the copy of {when}. Please check what was answered after that. "
            "The damaged file is kept.",
        ),
    )
    return session


def _seconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _clean(text: str, limit: int) -> str:
    """Text as it can be written as UTF-8; raises `BadValue` when it is too long."""
    if len(text) > limit:
        raise BadValue(
            Text(
                f"長すぎます ({len(text)}字、上限{limit}字)。",
                f"Too long ({len(text)} characters, limit {limit}).",
            )
        )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _cut(text: str, limit: int = 500) -> str:
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 2] + ".."


def _is_here(other: Presence) -> Text:
    since = other.since.astimezone().strftime("%m-%d %H:%M")
    who = f"{other.user}@{other.host} (pid {other.pid})"
    unsure = other.alive is None
    return Text(
        f"{who} も{since}からこのセッションを開いています{' (動いているかは不明)' if unsure else ''}。どちらの入力も保存されます。",
        f"{who} has this session open too, since {since}{' (perhaps no longer)' if unsure else ''}. "
        "What either of you enters is saved.",
    )
